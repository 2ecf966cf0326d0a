"""Files of ACLED (Armed Conflict Location & Event Data) as tables.

How its columns are read: ``time_precision`` 1 is a day, 2 about a day, 3 a month;
``geo_precision`` 1 is exact, 2 approximate, and at 3, where the coordinates stand for a larger
region, they go into a note. ``fatalities`` becomes a claim where it is above zero: the layout has
no mark for "not known", so a zero may mean that nobody reported a number. Actor 1 and actor 2 are
no statement on who attacked whom, so ``targets`` and ``attributions`` stay empty; both are in the
title.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from strikes2024.readers.build import Dataset, Options, assemble, join
from strikes2024.readers.cells import Piece, pieces

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping

    from strikes2024.tables import Tables

__all__ = ["iter_acled", "read_acled"]

REQUIRED = (
    "event_id_cnty", "event_date", "time_precision", "event_type", "sub_event_type", "actor1",
    "country", "location", "latitude", "longitude", "geo_precision", "source", "notes",
    "fatalities",
)  # fmt: skip
WANTED = (*REQUIRED, "actor2", "admin1")
_TIME_PRECISION = {"1": "day", "2": "approx", "3": "month"}
_GEO_PRECISION = {"1": "exact", "2": "approx", "3": "area"}
_FORMATS = ("%Y-%m-%d", "%d %B %Y", "%d-%B-%Y", "%d %b %Y")
_DATASET = Dataset("acled", "acled", "ACLED", "Armed Conflict Location & Event Data")


def read_acled(
    path: str | os.PathLike[str],
    *,
    kinds: Mapping[str, str] | None = None,
    stated: str | pd.Timestamp | None = None,
    countries: Iterable[str] | None = None,
    start: str | pd.Timestamp | None = None,
    end: str | pd.Timestamp | None = None,
) -> Tables:
    """Read an ACLED file whole; the tables hold what was asked for, in the order of the file.

    Args:
        path: A CSV file as ACLED exports it (UTF-8; separated by ``,`` or ``;``).
        kinds: ``kind`` of events by sub-event type, such as
            ``{"Air/drone strike": "us_strike"}``; others become a kind of their own
            (``air_drone_strike``).
        stated: Day of the export.
        countries: Keep events in these countries (as the file names them).
        start: Keep events on this day or later.
        end: Keep events on this day or earlier.

    Raises :class:`strikes2024.DataError` where the file cannot be read, where columns are
    missing, where a cell is no date, number or code of the layout, and where an event stands
    twice.
    """
    found = iter_acled(path, kinds=kinds, stated=stated, countries=countries, start=start, end=end)
    return join(found, Path(path))


def iter_acled(
    path: str | os.PathLike[str],
    *,
    rows: int = 50_000,
    kinds: Mapping[str, str] | None = None,
    stated: str | pd.Timestamp | None = None,
    countries: Iterable[str] | None = None,
    start: str | pd.Timestamp | None = None,
    end: str | pd.Timestamp | None = None,
) -> Iterator[Tables]:
    """Walk through an ACLED file ``rows`` rows at a time, each piece as tables of its own.

    Memory is that of one piece, whatever the size of the file. The arguments and errors are
    those of :func:`read_acled`, but an event that stands in two pieces is not noticed.
    """
    options = Options.make(kinds, stated, countries, start, end)
    for piece in pieces(Path(path), REQUIRED, WANTED, "an ACLED export", rows):
        yield assemble(_frame(piece), _DATASET, options, Path(path))


def _frame(piece: Piece) -> pd.DataFrame:
    date = piece.date("event_date", _FORMATS, "a date (28 January 2024 or 2024-01-28)")
    where = piece.code("geo_precision", _GEO_PRECISION)
    lat = piece.number("latitude", -90, 90, "a latitude from -90 to 90")
    lon = piece.number("longitude", -180, 180, "a longitude from -180 to 180")
    area = (where == "area") | lat.isna() | lon.isna()
    country, place = piece.given("country"), piece.given("location")
    other = (" – " + piece.text("actor2")).fillna("")
    title = piece.given("actor1") + other + ", " + place
    spot = "Coordinates of a larger region: " + lat.astype("string") + ", " + lon.astype("string")
    killed = piece.count("fatalities")
    killed = killed.mask((killed == 0).fillna(False))
    return pd.DataFrame(
        {
            "key": piece.key("event_id_cnty", "[a-z0-9]+", "letters and digits alone"),
            "label": piece.given("sub_event_type"),
            "start": date,
            "end": date,
            "date_precision": piece.code("time_precision", _TIME_PRECISION),
            "title": title,
            "summary": piece.text("notes").fillna(title),
            "country": country,
            "place": place,
            "admin1": piece.text("admin1"),
            "lat": lat.mask(area),
            "lon": lon.mask(area),
            "precision": where.mask(area),
            "place_note": spot.where(where == "area"),
            "note": piece.text("source"),
            "low": killed,
            "high": killed,
            "claim_note": pd.Series(pd.NA, index=date.index, dtype="string"),
            "civilians": pd.Series(pd.NA, index=date.index, dtype="Float64"),
        }
    )
