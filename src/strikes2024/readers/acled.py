"""Files of ACLED (Armed Conflict Location & Event Data) as tables.

How its columns are read: ``time_precision`` 1 is a day, 2 about a day, 3 a month;
``geo_precision`` 1 is exact, 2 approximate, and at 3, where the coordinates stand for a larger
region, they go into a note. A precision that is not given is taken as approximate. ``fatalities``
becomes a claim where it is above zero: the layout has no mark for "not known", so a zero may mean
that nobody reported a number. Actor 1 and actor 2 are no statement on who attacked whom, so
``targets`` and ``attributions`` stay empty; they and those associated with them are ``actors``, in
the columns ``side_a_ids`` and ``side_b_ids`` of the events. In an export by actor, where an event
has several rows, it becomes one event with all of its actors.
"""

import re
from collections.abc import Iterator
from typing import Any, TypeAlias, Unpack

import pandas as pd

from strikes2024.readers.cells import Piece, plain_code
from strikes2024.readers.layout import FORMS, Layout, ReadOptions
from strikes2024.readers.read import Paths, Reading
from strikes2024.tables import Tables

_PAIRS = (("actor1", "inter1", "assoc_actor_1"), ("actor2", "inter2", "assoc_actor_2"))
_ACTORS = tuple(name for pair in _PAIRS for name in pair)

Side: TypeAlias = tuple[tuple[str, str], ...]


def _figures(piece: Piece) -> dict[str, Any]:
    killed = piece.count("fatalities").where(lambda number: number > 0)
    side_a, side_b = zip(*_sides(piece), strict=True) if len(killed) else ((), ())
    return {"low": killed, "best": killed, "high": killed, "side_a": side_a, "side_b": side_b}


def _sides(piece: Piece) -> Iterator[tuple[Side, Side]]:
    """The actors on either side of each event, each once, whatever number of rows it has."""
    columns = pd.DataFrame({name: piece.text(name).fillna("") for name in _ACTORS})
    for at, row in zip(columns.index, columns.to_dict("records"), strict=True):
        sides: tuple[dict[str, str], dict[str, str]] = ({}, {})
        for cells in [row, *piece.more.get(at, ())]:
            for side, names in enumerate(_PAIRS):
                for name, kind in _named(*(cells.get(column, "") for column in names)):
                    if name not in sides[1 - side]:
                        sides[side].setdefault(name, kind)
        yield tuple(sides[0].items()), tuple(sides[1].items())


def _named(actor: str, inter: str, others: str) -> Iterator[tuple[str, str]]:
    """An actor and those associated with it, each with the kind of actor that it is."""
    if actor:
        yield actor, ACLED.codes["inter"].get(plain_code(inter).lower(), "organisation")
    for other in filter(None, re.split(r"\s*;\s*", others)):
        yield other, "organisation"


ACLED = Layout("acled", figures=_figures, **FORMS["acled"])


def read_acled(path: Paths, **options: Unpack[ReadOptions]) -> Tables:
    """Read an ACLED file, or several, as tables.

    Parameters
    ----------
    path
        A file as ACLED exports it: CSV, an Excel workbook, JSON, any of them packed; or several.
        Of an event in several files the one named last counts.
    **options
        Those of :class:`~strikes2024.readers.ReadOptions`.

    Returns
    -------
    Tables
        As for :func:`~strikes2024.readers.read_ged`.

    Raises
    ------
    DataError
        As for :func:`~strikes2024.readers.read_ged`.
    """
    return Reading(ACLED, path, options).tables()


def iter_acled(
    path: Paths, *, rows: int = 50_000, **options: Unpack[ReadOptions]
) -> Iterator[Tables]:
    """Give the tables of ACLED files a piece at a time.

    Parameters
    ----------
    path
        As for :func:`read_acled`.
    rows
        Events in each piece.
    **options
        Those of :class:`~strikes2024.readers.ReadOptions`.

    Yields
    ------
    Tables
        As for :func:`~strikes2024.readers.iter_ged`, with its errors.
    """
    return Reading(ACLED, path, options).pieces(rows)
