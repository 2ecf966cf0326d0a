"""Typed, validated and sourced tables on the US strikes of 2–7 February 2024 in Iraq and Syria.

Every figure is a claim: who said it, of what, as of which day, stated when, in which source.

>>> import strikes2024
>>> claims = strikes2024.claims()  # one table, as a fresh pandas frame
>>> record = strikes2024.load()  # all of them: record.events, record.claims, ...
>>> list(record.claims.columns[:4])
['claim_id', 'event', 'place', 'actor']

``strikes2024.load("my/data")`` loads another directory of the same form;
``help(strikes2024.claims)`` lists every column, its type and what it means.

Joins, ready: :func:`claims_full` (claims with event, claimant and source), :func:`flat` (the same
in plain words, for a spreadsheet), :func:`events_full` (events with names and coordinates),
:func:`events_places`, :func:`events_actors`, :func:`attacks_per_day`.

Further modules: ``strikes2024.analysis`` (bounds, rates, response times), ``strikes2024.charts``,
``strikes2024.readers`` (your own events from UCDP GED or ACLED files), ``strikes2024.export``.
On the command line: ``python -m strikes2024 --help``.

Importing this needs pandas alone.
"""

from strikes2024.joins import (
    attacks_per_day,
    claims_full,
    events_actors,
    events_full,
    events_places,
    flat,
)
from strikes2024.schema import DataError, data_dir
from strikes2024.tables import (
    Tables,
    actors,
    attributions,
    audit,
    claims,
    definitions,
    events,
    explode,
    interval_counts,
    links,
    load,
    measures,
    milestones,
    people,
    places,
    published_figures,
    reactions,
    sources,
    split,
    steps,
    table,
    tallies,
)

__version__ = "0.1.0"

__all__ = [
    "DataError", "Tables", "__version__", "actors", "attacks_per_day", "attributions", "audit",
    "claims", "claims_full", "data_dir", "definitions", "events", "events_actors",
    "events_full", "events_places", "explode", "flat", "interval_counts", "links", "load",
    "measures", "milestones", "people", "places", "published_figures", "reactions", "sources",
    "split", "steps", "table", "tallies",
]  # fmt: skip
