"""Maps without a network: outlines, rivers and towns as lines, places with their labels."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

import pandas as pd

from strikes2024.charts import style
from strikes2024.charts.forms.labels import place, rect
from strikes2024.charts.forms.picture import (
    Area,
    Dot,
    Line,
    Panel,
    Picture,
    Words,
    number_ticks,
)
from strikes2024.frames import each

__all__ = ["degrees", "point_map"]

Window = tuple[float, float, float, float]  # degrees: west, east, south, north
# Where the name of each country may stand; the first in the window is taken.
_COUNTRIES: Final = {
    "IRAQ": ((43.2, 32.4), (42.3, 33.3)),
    "SYRIA": ((38.2, 35.6), (39.2, 34.6)),
    "JORDAN": ((36.9, 31.1), (37.6, 32.2), (38.5, 32.75)),
}

# Where the name of each river may stand, above its line.
_RIVERS: Final = {"Euphrates": ((42.25, 34.42), (39.6, 35.7)), "Tigris": ((43.85, 34.9),)}


@cache
def _geography() -> tuple[dict[str, Any], dict[str, Any]]:
    """Outlines by country; rivers and towns. Points are (degrees east, degrees north)."""
    folder = files("strikes2024.charts") / "assets"
    borders: dict[str, Any] = json.loads((folder / "borders.json").read_text("utf-8"))
    rest: dict[str, Any] = json.loads((folder / "geography.json").read_text("utf-8"))
    return borders, rest


def point_map(
    frame: pd.DataFrame,
    width: float,
    *,
    window: Window,
    towns: Sequence[str] = (),
    scale_km: int = 0,
    scale_at: float = 0.03,
    most: float | None = None,
    rivers: bool = False,
    outlines: bool = True,
) -> Picture:
    """Draw places on a map, in one panel or in several side by side.

    Parameters
    ----------
    frame
        ``lon``, ``lat``, ``name`` (the label, or "") and ``side`` or ``colour``, those with labels
        of most weight first. May have ``value`` (the circle's area grows with it, and it stands
        inside), ``shape``, ``hollow`` (the point is not exact), ``panel`` (a heading).
    width
        In inches.
    window
        Degrees west, east, south and north.
    towns
        Those of the geography that are named.
    scale_km
        Length of the scale, if there shall be one.
    scale_at
        Where the scale begins, as a share of the width.
    most
        The value of the largest circle; that of the frame unless given.
    rivers
        Whether Euphrates and Tigris are named.
    outlines
        Whether to draw countries and rivers; else a grid of degrees.
    """
    points = width * 72
    west, east, south, north = window
    shape = (north - south) / ((east - west) * math.cos(math.radians((north + south) / 2)))
    data = frame.assign(panel=frame.get("panel", ""))
    titles = list(dict.fromkeys(data["panel"]))
    across = 1 if points < 360 or len(titles) == 1 else 2
    side = (points - 8 * (across - 1)) / across
    head = 20.0 if titles != [""] else 0.0
    picture = Picture(points, 0.0)
    largest = most or float(data["value"].max() if "value" in data else 1)
    for i, title in enumerate(titles):
        left, top = (i % across) * (side + 8), (i // across) * (side * shape + head + 6) + head
        panel = Panel(left, top, left + side, top + side * shape, (west, east), (south, north),
                      axis=False, title=str(title))  # fmt: skip
        if outlines:
            _ground(panel, window, towns)
        else:
            _degrees_of(panel)
        if rivers:
            _name(panel, _RIVERS, window, style.SIDE_COLOURS["us_partner"])
        _places(panel, data[data["panel"] == title], largest)
        picture.panels.append(panel)
        picture.height = panel.bottom + 4
    picture.told = [
        f"{str(row.panel) + ', ' if row.panel else ''}{row.name}"
        + (f": {row.value:g}" if "value" in data and pd.notna(row.value) else "")
        for row in each(data)
        if row.name
    ]
    if scale_km:
        _scale(picture.panels[0], scale_km, scale_at, (south + north) / 2)
    return picture


def _ground(panel: Panel, window: Window, towns: Sequence[str]) -> None:
    west, east, south, north = window
    borders, rest = _geography()
    per_point = (east - west) / (panel.right - panel.left)
    for country, rings in borders.items():
        own = country.upper() in _COUNTRIES
        panel.add(
            Area(
                tuple(_simplified(ring, 0.4 * per_point) for ring in rings),
                fill=style.GRID if own else "none",
                edge=style.MUTED,
                alpha=0.55 if own else 1.0,
            )
        )
    for river in rest["rivers"]:
        inside = [p for p in _simplified(river, 0.4 * per_point)
                  if west < p[0] < east and south < p[1] < north]  # fmt: skip
        if len(inside) > 1:
            panel.add(Line(tuple(inside), style.SIDE_COLOURS["us_partner"], 1.0, alpha=0.45))
    _name(panel, _COUNTRIES, window, style.MUTED)
    for town, (x, y) in rest["towns"].items():
        if town in towns:
            panel.add(Dot(x, y, style.MUTED, "s", 3.5))


def _name(
    panel: Panel, names: Mapping[str, Sequence[tuple[float, float]]], window: Window, colour: str
) -> None:
    """Write each name at the first of its places that is in the window."""
    west, east, south, north = window
    across, up = 0.06 * (east - west), 0.06 * (north - south)
    for name, spots in names.items():
        inside = [
            (x, y)
            for x, y in spots
            if west + across < x < east - across and south + up < y < north - up
        ]
        if inside:
            panel.add(Words(*inside[0], name, align="center", colour=colour))


def _simplified(line: Sequence[Sequence[float]], least: float) -> tuple[tuple[float, float], ...]:
    """Return the points of a line without those nearer than ``least`` degrees to the last kept."""
    kept = [(line[0][0], line[0][1])]
    for x, y in line[1:-1]:
        if math.hypot(x - kept[-1][0], y - kept[-1][1]) >= least:
            kept.append((x, y))
    kept.append((line[-1][0], line[-1][1]))
    return tuple(kept)


def _places(panel: Panel, data: pd.DataFrame, largest: float) -> None:
    labels: list[Words] = []
    numbers: list[Words] = []
    biggest = min(19.0, 0.045 * (panel.right - panel.left))
    for row in each(data):
        colour = getattr(row, "colour", None) or style.SIDE_COLOURS[str(row.side)]
        value: Any = getattr(row, "value", None)
        counted = pd.notna(value)
        single = 8.0 if panel.right - panel.left > 360 else 6.5
        size = 7 + biggest * math.sqrt(float(value) / largest) if counted else single
        name, x, y = str(row.name), float(row.lon), float(row.lat)
        panel.add(
            Dot(x, y, colour, str(getattr(row, "shape", "o")), size, alpha=0.9,
                hollow=bool(getattr(row, "hollow", False)), hover=name.replace("\n", ", "))
        )  # fmt: skip
        if counted and size > 11:
            numbers.append(
                Words(x, y, f"{value:g}", align="center", bold=True, colour=style.ON_COLOUR,
                      size=max(7.4, min(8.5, 0.55 * size)))
            )  # fmt: skip
        if name:
            labels.append(Words(x, y, name))
    for i, words in enumerate(numbers):
        room = rect(panel, words)
        if all(room.shared(rect(panel, other)) < 20 for other in numbers[:i]):
            panel.add(words)
    place(panel, labels, sides=("right", "left", "above right", "below right", "above left",
                                "below left", "above", "below"))  # fmt: skip


def _scale(panel: Panel, km: int, share: float, latitude: float) -> None:
    degrees = km / (111.32 * math.cos(math.radians(latitude)))
    x, y = panel.x[0] + share * (panel.x[1] - panel.x[0]), panel.y[0]
    up = y + 0.03 * (panel.y[1] - panel.y[0])
    panel.add(
        Line(((x, up), (x + degrees, up)), style.INK, 1.4),
        Words(x + degrees / 2, up, f"{km} km", dy=-7, align="center"),
    )


def _inner(ends: tuple[float, float]) -> list[tuple[float, str]]:
    edge = 0.07 * (ends[1] - ends[0])
    return number_ticks(ends[0] + edge, ends[1] - edge, 5)


def _degrees_of(panel: Panel) -> None:
    """Give a panel a grid of degrees, with their numbers inside its edges."""
    for at, _ in _inner(panel.x):
        panel.add(Line(((at, panel.y[0]), (at, panel.y[1])), style.GRID, 0.8, alpha=0.5))
        panel.add(Words(at, panel.y[0], degrees(at, "E", "W"), dy=-6, align="center",
                        colour=style.MUTED))  # fmt: skip
    for at, _ in _inner(panel.y):
        panel.add(Line(((panel.x[0], at), (panel.x[1], at)), style.GRID, 0.8, alpha=0.5))
        panel.add(Words(panel.x[0], at, degrees(at, "N", "S"), dx=4, dy=-6, colour=style.MUTED))


def degrees(value: float, positive: str, negative: str) -> str:
    """Write a degree with its hemisphere, whichever turn it is of."""
    value = (float(value) + 180) % 360 - 180 if positive == "E" else float(value)
    text = f"{abs(value):.1f}".removesuffix(".0")
    return (
        f"{text}°" if float(text) in {0, 180} else f"{text}° {positive if value > 0 else negative}"
    )
