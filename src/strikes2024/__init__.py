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

from importlib.metadata import PackageNotFoundError, version

from strikes2024.joins import (
    attacks_per_day as attacks_per_day,
    claims_full as claims_full,
    events_actors as events_actors,
    events_full as events_full,
    events_places as events_places,
    flat as flat,
)
from strikes2024.schema import DataError as DataError, data_dir as data_dir
from strikes2024.tables import (
    Tables as Tables,
    actors as actors,
    attributions as attributions,
    audit as audit,
    claims as claims,
    definitions as definitions,
    events as events,
    explode as explode,
    interval_counts as interval_counts,
    links as links,
    load as load,
    measures as measures,
    milestones as milestones,
    people as people,
    places as places,
    published_figures as published_figures,
    reactions as reactions,
    sources as sources,
    split as split,
    steps as steps,
    table as table,
    tallies as tallies,
)

try:
    __version__ = version("strikes2024")
except PackageNotFoundError:  # run from a checkout that is not installed
    __version__ = "0+unknown"
