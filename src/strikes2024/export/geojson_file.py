"""GeoJSON (RFC 7946): a feature an event, at the places hit or aimed at."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from strikes2024.export.source import plain_rows
from strikes2024.joins import events_full, events_places
from strikes2024.schema import read_package
from strikes2024.tables import load
from strikes2024.verdicts import killed_by_event

_LEFT_OUT = {"lat", "lon", "places", "targets", "note", "side_a_ids", "side_b_ids"}


def write(root: Path, target: Path, progress: Callable[[str], None]) -> None:
    """Write a FeatureCollection; an event without coordinates has a null geometry.

    ``killed_low``, ``killed_best`` and ``killed_high`` are the numbers of people killed, null where
    nobody gave one or where claims count different people
    (:func:`~strikes2024.analysis.killed_by_event`); ``killed_open_ended`` says that the highest is
    itself a lower bound. Of a publisher's own columns those that are blank are left out.
    """
    tables = load(root)
    spots: dict[str, list[list[float]]] = {}
    places = events_places(tables)[["event_id", "lon", "lat"]].dropna()
    for key, lon, lat in places.itertuples(index=False):
        spots.setdefault(key, []).append([float(lon), float(lat)])
    events = events_full(tables)
    killed = killed_by_event(tables.claims).set_index("event")
    for name in ("low", "best", "high"):
        events[f"killed_{name}"] = events["event_id"].map(killed[name]).astype("Int64")
    events["killed_open_ended"] = events["event_id"].map(killed["open_ended"]).astype("boolean")
    publisher = {
        field.name for field in read_package(root).table("events").fields if field.publisher
    }
    with target.open("w", encoding="utf-8") as out:
        out.write('{"type": "FeatureCollection", "features": [')
        for number, row in enumerate(plain_rows(events)):
            record = dict(zip(events.columns, row, strict=True))
            key = str(record.pop("event_id"))
            feature = {
                "type": "Feature",
                "id": key,
                "geometry": _geometry(spots.get(key, [])),
                "properties": {
                    name: value
                    for name, value in record.items()
                    if name not in _LEFT_OUT and (value is not None or name not in publisher)
                },
            }
            out.write(",\n" if number else "\n")
            out.write(json.dumps(feature, ensure_ascii=False, allow_nan=False))
        out.write("\n]}\n")
    progress(f"{target.name}: {len(events)} events, {len(spots)} with coordinates")


def _geometry(points: list[list[float]]) -> dict[str, Any] | None:
    """Return a point, or several as one geometry; longitude stands first."""
    if not points:
        return None
    if len(points) == 1:
        return {"type": "Point", "coordinates": points[0]}
    return {"type": "MultiPoint", "coordinates": points}
