"""GeoJSON (RFC 7946): a feature an event, at the places hit or aimed at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from strikes2024.export.source import plain_rows
from strikes2024.joins import events_full, events_places

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from strikes2024.export.source import Source

_LEFT_OUT = {"lat", "lon", "places", "targets", "note"}


def write(source: Source, target: Path, say: Callable[[str], None]) -> None:
    """Write a FeatureCollection; an event without coordinates has a null geometry."""
    spots: dict[str, list[list[float]]] = {}
    places = events_places(source.tables)[["event_id", "lon", "lat"]].dropna()
    for key, lon, lat in places.itertuples(index=False):
        spots.setdefault(key, []).append([float(lon), float(lat)])
    events = events_full(source.tables)
    features = []
    for row in plain_rows(events):
        record = dict(zip(events.columns, row, strict=True))
        key = str(record.pop("event_id"))
        properties = {name: value for name, value in record.items() if name not in _LEFT_OUT}
        features.append(
            {
                "type": "Feature",
                "id": key,
                "geometry": _geometry(spots.get(key, [])),
                "properties": properties,
            }
        )
    collection = {"type": "FeatureCollection", "features": features}
    text = json.dumps(collection, ensure_ascii=False, indent=1, allow_nan=False)
    target.write_text(text + "\n", encoding="utf-8")
    say(f"{target.name}: {len(features)} events, {len(spots)} with coordinates")


def _geometry(points: list[list[float]]) -> dict[str, Any] | None:
    """Return a point, or several as one geometry; longitude stands first."""
    if not points:
        return None
    if len(points) == 1:
        return {"type": "Point", "coordinates": points[0]}
    return {"type": "MultiPoint", "coordinates": points}
