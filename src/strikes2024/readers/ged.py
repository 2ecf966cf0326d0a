"""Files of the UCDP Georeferenced Event Dataset (GED), annual and candidate releases, as tables.

How its columns are read: ``date_prec`` 1 is a day, 2 and 3 about a day, 4 a month, 5 more than a
month; ``where_prec`` 1 is exact, 2 and 3 approximate, and from 4 on, where the coordinates stand
for a whole province or country, they go into a note, since a point would say too much. A precision
that is not given is taken as approximate. ``low``, ``best`` and ``high`` become a claim; where the
file has best outside low and high, as in one or two rows of a hundred, the claim spans all three.
``deaths_civilians`` is a claim on a part. GED's sides are no statement on who attacked whom, so
``targets`` and ``attributions`` stay empty; they are ``actors``, in the columns ``side_a_ids`` and
``side_b_ids`` of the events.
"""

from collections.abc import Iterator
from typing import Any, Unpack

import pandas as pd

from strikes2024.readers.cells import Piece
from strikes2024.readers.layout import FORMS, Layout, ReadOptions
from strikes2024.readers.read import Paths, Reading
from strikes2024.tables import Tables

_MORE = "{n} with more civilians killed than people killed at all: read as they are"
_SPANNED = "{n} with low above best or high below it: low and high span the three"


def _figures(piece: Piece) -> dict[str, Any]:
    three = pd.DataFrame({name: piece.count(name) for name in ("low", "best", "high")})
    low, best, high = three["low"], three["best"], three["high"]
    odd = (low > best) | (best > high) | (low > high)
    shown = three.astype("Int64").astype("string").fillna("blank")
    note = "Published: " + shown["low"] + ", best " + shown["best"] + ", to " + shown["high"]
    civilians = piece.count("deaths_civilians")
    piece.notes[_SPANNED] += int(odd.sum())
    piece.notes[_MORE] += int((civilians > three.max(axis=1)).sum())
    return {
        "low": three.min(axis=1),
        "best": best,
        "high": three.max(axis=1),
        "claim_note": note.where(odd),
        "civilians": civilians,
        "side_a": _sides(piece.text("side_a")),
        "side_b": _sides(piece.text("side_b")),
    }


def _sides(names: pd.Series) -> list[tuple[tuple[str, str], ...]]:
    """Sides with the kind of actor that each is, as far as UCDP's names say."""
    kinds = {"Civilians": "unnamed"} | {
        name: "state" for name in names.dropna().unique() if name.startswith("Government of ")
    }
    return [((name, kinds.get(name, "armed_group")),) if name else () for name in names.fillna("")]


GED = Layout("ged", figures=_figures, **FORMS["ged"])


def read_ged(path: Paths, **options: Unpack[ReadOptions]) -> Tables:
    """Read a GED file, or several, as tables.

    Parameters
    ----------
    path
        A file in GED's layout as UCDP publishes it: CSV, an Excel workbook, either of them
        packed; or several. Of an event in several files the one named last counts, so that
        candidate releases can follow the annual one.
    **options
        Those of :class:`~strikes2024.readers.ReadOptions`.

    Returns
    -------
    Tables
        The events asked for, in the order of the files, with their claims, places and actors. The
        note of the only row of ``sources`` says what was changed or left out in reading.

    Raises
    ------
    DataError
        A file cannot be read or has other columns; a cell is no date, number or code of the
        layout, or has more than one meaning; or an event stands twice in one file with different
        values.
    """
    return Reading(GED, path, options).tables()


def iter_ged(
    path: Paths, *, rows: int = 50_000, **options: Unpack[ReadOptions]
) -> Iterator[Tables]:
    """Give the tables of GED files a piece at a time.

    Parameters
    ----------
    path
        As for :func:`read_ged`.
    rows
        Events in each piece.
    **options
        Those of :class:`~strikes2024.readers.ReadOptions`.

    Yields
    ------
    Tables
        One piece, as tables of its own.

    Raises
    ------
    DataError
        As for :func:`read_ged`.

    Notes
    -----
    The text of the files stays in memory; the tables, which take more, come one piece after the
    other.
    """
    return Reading(GED, path, options).pieces(rows)
