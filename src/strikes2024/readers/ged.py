"""Files of the UCDP Georeferenced Event Dataset (GED) as tables.

How its columns are read: ``date_prec`` 1 is a day, 2 and 3 about a day, 4 a month, 5 more than a
month; ``where_prec`` 1 is exact, 2 and 3 approximate, and from 4 on, where the coordinates stand
for a whole province or country, they go into a note, since a point would say too much. ``low`` and
``high`` become the ends of the claim, ``best`` its note, ``deaths_civilians`` a claim on a part.
GED's sides are no statement on who attacked whom, so ``targets`` and ``attributions`` stay empty;
both sides are in the title.
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

__all__ = ["iter_ged", "read_ged"]

REQUIRED = (
    "id", "type_of_violence", "side_a", "side_b", "where_prec", "where_coordinates", "latitude",
    "longitude", "country", "date_prec", "date_start", "date_end", "best", "high", "low",
)  # fmt: skip
WANTED = (*REQUIRED, "adm_1", "where_description", "source_headline", "source_article",
          "deaths_civilians")  # fmt: skip
VIOLENCE = {"1": "state-based", "2": "non-state", "3": "one-sided"}
_DATE_PREC = {"1": "day", "2": "approx", "3": "approx", "4": "month", "5": "year"}
_WHERE_PREC = {"1": "exact", "2": "approx", "3": "approx", "4": "area", "5": "area",
               "6": "area", "7": "area"}  # fmt: skip
_DATASET = Dataset(
    "ucdp-ged", "ucdp", "Uppsala Conflict Data Program", "UCDP Georeferenced Event Dataset"
)


def read_ged(
    path: str | os.PathLike[str],
    *,
    kinds: Mapping[str, str] | None = None,
    stated: str | pd.Timestamp | None = None,
    countries: Iterable[str] | None = None,
    start: str | pd.Timestamp | None = None,
    end: str | pd.Timestamp | None = None,
) -> Tables:
    """Read a GED file whole; the tables hold what was asked for, in the order of the file.

    Args:
        path: A CSV file in GED's layout (UTF-8), as UCDP gives it out.
        kinds: ``kind`` of events by type of violence: ``"state-based"``, ``"non-state"``,
            ``"one-sided"``; by default ``state_based``, ``non_state``, ``one_sided``.
        stated: Day of publication of the file.
        countries: Keep events in these countries (as the file names them).
        start: Keep events that end on this day or later.
        end: Keep events that start on this day or earlier.

    Raises :class:`strikes2024.DataError` where the file cannot be read, where columns are
    missing, where a cell is no date, number or code of the layout, where ``low``, ``best`` and
    ``high`` or the two dates are out of order, and where an event stands twice.
    """
    found = iter_ged(path, kinds=kinds, stated=stated, countries=countries, start=start, end=end)
    return join(found, Path(path))


def iter_ged(
    path: str | os.PathLike[str],
    *,
    rows: int = 50_000,
    kinds: Mapping[str, str] | None = None,
    stated: str | pd.Timestamp | None = None,
    countries: Iterable[str] | None = None,
    start: str | pd.Timestamp | None = None,
    end: str | pd.Timestamp | None = None,
) -> Iterator[Tables]:
    """Walk through a GED file ``rows`` rows at a time, each piece as tables of its own.

    Memory is that of one piece, whatever the size of the file. The arguments and errors are
    those of :func:`read_ged`, but an event that stands in two pieces is not noticed.
    """
    options = Options.make(kinds, stated, countries, start, end)
    for piece in pieces(Path(path), REQUIRED, WANTED, "UCDP GED", rows):
        yield assemble(_frame(piece), _DATASET, options, Path(path))


def _frame(piece: Piece) -> pd.DataFrame:
    day = "a date (YYYY-MM-DD)"
    formats = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f")
    start, end = (piece.date(name, formats, day) for name in ("date_start", "date_end"))
    piece.check("date_end", end >= start, "a day not before date_start")
    low, best, high = (piece.count(name) for name in ("low", "best", "high"))
    piece.check("low", (low <= best).fillna(True), "a number not above best")
    piece.check("high", (high >= best).fillna(True), "a number not below best")
    where = piece.code("where_prec", _WHERE_PREC)
    lat = piece.number("latitude", -90, 90, "a latitude from -90 to 90")
    lon = piece.number("longitude", -180, 180, "a longitude from -180 to 180")
    area = (where == "area") | lat.isna() | lon.isna()
    country = piece.given("country")
    place = piece.text("where_coordinates").fillna(country)
    title = piece.given("side_a") + " – " + piece.given("side_b") + ", " + place
    spot = "Coordinates of a whole unit: " + lat.astype("string") + ", " + lon.astype("string")
    return pd.DataFrame(
        {
            # Below zero are the ids that this package gives to events of its own.
            "key": piece.key("id", "-?[0-9]+", "a whole number").str.replace("-", "own-"),
            "label": piece.code("type_of_violence", VIOLENCE),
            "start": start,
            "end": end,
            "date_precision": piece.code("date_prec", _DATE_PREC),
            "title": title,
            "summary": piece.text("source_headline").fillna(title),
            "country": country,
            "place": place,
            "admin1": piece.text("adm_1"),
            "lat": lat.mask(area),
            "lon": lon.mask(area),
            "precision": where.mask(area),
            "place_note": spot.where(where == "area"),
            "note": piece.text("source_article"),
            "low": low.fillna(best),
            "high": high.fillna(best),
            "claim_note": "Best estimate: " + best.astype("Int64").astype("string"),
            "civilians": piece.count("deaths_civilians"),
        }
    )
