"""Typed, validated and sourced tables on the US strikes of 2–7 February 2024 in Iraq and Syria.

Every figure is a claim: who said it, of what, as of which day, stated when, in which source.

>>> import strikes2024
>>> strikes2024.claims()                  # one table, as a fresh pandas frame
>>> tables = strikes2024.load()           # all of them: tables.events, tables.claims, ...
>>> strikes2024.claims_full()             # claims with event, claimant and source in words

Importing this needs pandas alone.
"""

from importlib.metadata import PackageNotFoundError, version

from strikes2024.schema import DataError, data_dir
from strikes2024.tables import (
    Tables,
    actors,
    attributions,
    claims,
    claims_full,
    definitions,
    events,
    explode,
    links,
    load,
    measures,
    milestones,
    places,
    published_figures,
    reactions,
    sources,
    split,
    steps,
    table,
    tallies,
)

try:
    __version__ = version("strikes2024")
except PackageNotFoundError:  # run from a checkout that is not installed
    __version__ = "0+unknown"

__all__ = [
    "DataError",
    "Tables",
    "__version__",
    "actors",
    "attributions",
    "claims",
    "claims_full",
    "data_dir",
    "definitions",
    "events",
    "explode",
    "links",
    "load",
    "measures",
    "milestones",
    "places",
    "published_figures",
    "reactions",
    "sources",
    "split",
    "steps",
    "table",
    "tallies",
]
