"""The events in the columns of the UCDP Georeferenced Event Dataset (GED), so that both stack.

GED keeps one verdict an event; this data keeps claims. What is put into GED's columns, and by
which rule:

- ``id`` is a negative number made from the event's id, always the same and never one of UCDP's;
  ``relid`` is the event's id itself.
- ``side_a`` is who is said to have done it (denials do not count), ``side_b`` who was hit.
- The place is the event's first one with coordinates. ``where_prec`` is 1 for exact coordinates,
  2 for all others; ``date_prec`` is 1 for a day, 3 for about a day, 4 for a month, 5 for a year.
- ``low`` and ``high`` span the latest standing claims of people killed, with open ones (“at
  least”) as floors; ``best`` is the lowest closed one, or the claimant's own best where it gives
  one. They are blank where nobody gave a number, and
  where claims count different places or groups of victims, since these cannot be added safely. A
  blank is not a zero. GED itself has only events with at least one death: keep rows with ``best``
  of 1 or more where that matters.
- What only UCDP decides (type of violence, conflict, dyad and actor numbers, deaths by side)
  stays blank. Campaigns, which are series of events, are left out.

A directory that was read from GED files gives back what came in, column by column, under the
headers of the file; of an event that stood in several files, the row that counts.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from strikes2024.export import FORMATS
from strikes2024.export.source import unescape_formula, write_csv
from strikes2024.joins import events_full, events_places
from strikes2024.schema import read_package
from strikes2024.tables import Tables, load, split, table
from strikes2024.verdicts import killed_by_event

COLUMNS = tuple(FORMATS["ged"].columns)
_DATE_PREC = {"day": 1, "approx": 3, "month": 4, "year": 5}
_WHERE_PREC = {"exact": 1, "approx": 2, "town": 2}


def write(root: Path, target: Path, progress: Callable[[str], None]) -> None:
    """Write :func:`ged`, or the publisher's own columns, as CSV."""
    package = read_package(root)
    own = [field for field in package.table("events").fields if field.publisher]
    if own and package.descriptor.get("layout") == "ged":
        frame = table("events", root)[[field.name for field in own]]
        for name in (field.name for field in own if field.type == "string"):
            if frame[name].str.startswith("'").any():  # made harmless in reading, and again below
                frame[name] = frame[name].map(unescape_formula, na_action="ignore").astype("string")
        write_csv(target, frame, [field.title for field in own])
    else:
        frame = ged(load(root))
        write_csv(target, frame)
    progress(f"{target.name}: {len(frame)} rows")


def ged(tables: Tables) -> pd.DataFrame:
    """One row an event in GED's columns, in their order; see this module for the rules."""
    events = events_full(tables)
    events = events[events["kind"] != "campaign"].reset_index(drop=True)
    spots = events_places(tables).dropna(subset=["lat", "lon"]).drop_duplicates("event_id")
    spots = spots.set_index("event_id")
    sources = split(events["sources"])
    first = tables.sources.set_index("source_id").loc[[keys[0] for keys in sources]]
    first = first.reset_index(drop=True)
    key = events["event_id"]
    deaths = killed_by_event(tables.claims).set_index("event")
    dyad = events["attributed_to"] + " - " + events["target_names"]
    spot = events[["lon", "lat"]].map("{:g}".format, na_action="ignore").astype("string")
    filled: dict[str, pd.Series | list[object]] = {
        "id": [_number(event) for event in key],
        "relid": key,
        "year": events["start"].dt.year.astype("Int64"),
        "dyad_name": dyad,
        "side_a": events["attributed_to"],
        "side_b": events["target_names"],
        "number_of_sources": sources.str.len().astype("Int64"),
        "source_article": first["publisher"] + ", " + first["title"],
        "source_office": first["publisher"],
        "source_date": first["published"],
        "source_headline": first["title"],
        "where_prec": events["precision"].map(_WHERE_PREC).astype("Int64"),
        "where_coordinates": key.map(spots["place_name"]).astype("string"),
        "where_description": events["place_names"],
        "adm_1": key.map(spots["admin1"]).astype("string"),
        "latitude": events["lat"],
        "longitude": events["lon"],
        "geom_wkt": "POINT (" + spot["lon"] + " " + spot["lat"] + ")",
        "country": key.map(spots["country"])
        .astype("string")
        .fillna(split(events["countries"]).str[0].astype("string")),
        "date_prec": events["date_precision"].map(_DATE_PREC).astype("Int64"),
        "date_start": events["start"],
        "date_end": events["end"],
        **{name: key.map(deaths[name]) for name in ("best", "high", "low")},
    }
    frame = pd.DataFrame(filled, index=events.index).reindex(columns=COLUMNS)
    return frame.astype(dict.fromkeys(("best", "high", "low"), "Int64"))


def _number(event: str) -> int:
    """Return a negative number that depends on the id alone (48 bits: a double holds it)."""
    return -int.from_bytes(hashlib.sha256(event.encode()).digest()[:6], "big")
