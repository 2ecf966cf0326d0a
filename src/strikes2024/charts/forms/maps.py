"""Maps without a network: outlines and rivers as lines, places with their labels."""

import json
import math
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from itertools import combinations, pairwise
from typing import Any, Final

import pandas as pd

from strikes2024.charts import style
from strikes2024.charts.forms import picture as pic
from strikes2024.charts.forms.labels import place

_DOT: Final = 6.5


@cache
def _geography() -> Any:
    """Outlines by country, rivers, the world's land; points are (degrees east, degrees north).

    ``region`` is where the finer outlines are whole (west, east, south, north), ``names`` says
    where the names of countries and rivers stand that a map may write.
    """
    path = files("strikes2024.charts") / "assets" / "geography.json"
    return json.loads(path.read_text("utf-8"))


def point_map(frame: pd.DataFrame, width: float, *, unit: str = "") -> pic.Picture:
    """Draw places on a map, in one panel or in several side by side.

    Parameters
    ----------
    frame
        ``lon``, ``lat``, ``name`` (the label, or "") and ``side``, those with labels of most
        weight first. May have ``value`` (the circle's area grows with it, and it stands behind
        the name; dots without stand side by side where they would overlap), ``hollow`` and
        ``diamond`` (marks of other kinds), ``strong`` (bold), ``panel`` (a heading), ``refs`` (the
        rows behind it).
    width
        In inches.
    unit
        What the circles count; stands above the maps.
    """
    points = width * 72
    data = frame.assign(lon=_unbroken(frame["lon"].astype(float)), panel=frame.get("panel", ""),
                        label=_labels(frame))  # fmt: skip
    west, east, south, north = _window(data)
    shape = (north - south) / ((east - west) * math.cos(math.radians((north + south) / 2)))
    titles = list(dict.fromkeys(data["panel"].astype(str)))
    across = 1 if points < 360 or len(titles) == 1 else 2
    side = (points - 8 * (across - 1)) / across
    above, *heads = pic.wrap(unit, points - 8), *(pic.wrap(t, side - 8, bold=True) for t in titles)
    head = max(map(_tall, heads))
    picture = pic.Picture(points, _tall(above))
    largest = float(data["value"].max()) if "value" in data else 1.0
    for i, (title, text) in enumerate(zip(titles, heads, strict=True)):
        left = (i % across) * (side + 8)
        top = picture.panels[-1].top if i % across else picture.height + head
        panel = pic.Panel(left, top, left + side, top + side * shape, (west, east), (south, north),
                          axis=False)  # fmt: skip
        _ground(panel)
        _scale(panel, (south + north) / 2)
        panel.add(pic.Text(west, north, text, dx=pic.EDGE, dy=_tall(text) / 2 - head, bold=True))
        if not picture.panels:
            panel.add(pic.Text(west, north, above, dx=pic.EDGE, dy=_tall(above) / 2 - top,
                                colour=style.MUTED))  # fmt: skip
        _places(panel, data[data["panel"] == title], largest)
        picture.panels.append(panel)
        picture.height = panel.bottom + 4
    picture.descriptions = [f"{row['panel']}, " * bool(row["panel"]) + row["label"]
                            for row in data.to_dict("records") if row["label"]]  # fmt: skip
    return picture


def _tall(text: str) -> float:
    """Return the height of lines of text with some room around them, in points."""
    return (text.count("\n") + 1) * pic.LINE + 4 if text else 0.0


def _unbroken(lon: pd.Series) -> pd.Series:
    """Move longitudes by a turn so that the widest empty span lies outside the map.

    Places on both sides of the 180th meridian, as in Fiji, then lie next to each other.
    """
    around = sorted(set(lon))
    gaps = [after - before for before, after in pairwise([*around, around[0] + 360])]
    east = around[(gaps.index(max(gaps)) + 1) % len(around)]
    return lon.where(lon >= east, lon + 360)


def _window(data: pd.DataFrame) -> tuple[float, float, float, float]:
    """Return the degrees west, east, south and north around all places, wider than high."""
    lon, lat = data["lon"], data["lat"].astype(float)
    edge = 0.13 * max(lon.max() - lon.min(), lat.max() - lat.min(), 2.0)
    south, north = max(-85.0, lat.min() - edge), min(85.0, lat.max() + edge)
    least = (north - south) / math.cos(math.radians((south + north) / 2)) / 0.8
    wide = max(edge, (least - (lon.max() - lon.min())) / 2)
    return lon.min() - wide, lon.max() + wide, south, north


def _ground(panel: pic.Panel) -> None:
    """Draw outlines and rivers, with the names that stand well inside the window."""
    (west, east), (south, north) = panel.x, panel.y
    least = 0.4 * (east - west) / (panel.right - panel.left)
    world = _geography()
    left, right, low, high = world["region"]
    if not (west > left and east < right and south > low and north < high):
        for turn in (-360, 0, 360):
            rings = [_simplified([(x + turn, y) for x, y in ring], least) for ring in world["land"]]
            near = [r for r in rings if max(x for x, _ in r) > west and min(x for x, _ in r) < east
                    and max(y for _, y in r) > south and min(y for _, y in r) < north]  # fmt: skip
            if near:
                panel.add(pic.Area(tuple(near), style.GRID, alpha=0.55))
                panel.add(_lines(near, style.MUTED, 0.7, alpha=0.55))
        return
    names = world["names"]
    borders = {country: [_simplified(ring, least) for ring in rings]
               for country, rings in world["borders"].items()}  # fmt: skip
    for country, rings in borders.items():
        if country in names["countries"]:
            panel.add(pic.Area(tuple(rings), style.GRID, alpha=0.55))
    panel.add(_lines((r for rings in borders.values() for r in rings), style.MUTED, 0.7))
    rivers = (_simplified(river, least) for river in world["rivers"])
    panel.add(_lines(rivers, style.WATER, 1.0, alpha=0.45))
    across, up = 0.06 * (east - west), 0.06 * (north - south)
    named = [(name.upper(), spot) for name, spot in names["countries"].items()]
    for name, (x, y) in named + list(names["rivers"].items()):
        if west + across < x < east - across and south + up < y < north - up:
            panel.add(pic.Text(x, y, name, align="center", colour=style.MUTED))


def _lines(
    parts: Iterable[tuple[tuple[float, float], ...]], colour: str, width: float, alpha: float = 1.0
) -> pic.Line:
    """Return lines as one that makes way for texts."""
    points = tuple(point for part in parts for point in (*part, (math.nan, math.nan)))
    return pic.Line(points, colour, width, alpha=alpha, yields=True)


def _simplified(line: Sequence[Sequence[float]], least: float) -> tuple[tuple[float, float], ...]:
    """Return the points of a line without those nearer than ``least`` degrees to the last kept."""
    kept = [(line[0][0], line[0][1])]
    for x, y in line[1:-1]:
        if math.hypot(x - kept[-1][0], y - kept[-1][1]) >= least:
            kept.append((x, y))
    kept.append((line[-1][0], line[-1][1]))
    return tuple(kept)


def _labels(data: pd.DataFrame) -> list[str]:
    """Return the name of each place with its value, if it has one."""
    values = data["value"] if "value" in data else [None] * len(data)
    return [f"{name}: {value:g}" if name and pd.notna(value) else str(name)
            for name, value in zip(data["name"], values, strict=True)]  # fmt: skip


def _beside(panel: pic.Panel, data: pd.DataFrame) -> pd.DataFrame:
    """Move places so that no dot covers another: where two are near, by less than a dot's half."""
    x, y = (data[axis].to_numpy(float, copy=True) for axis in ("lon", "lat"))
    across = (panel.x[1] - panel.x[0]) / (panel.right - panel.left)  # degrees in a point
    up = (panel.y[1] - panel.y[0]) / (panel.bottom - panel.top)
    for i, j in combinations(range(len(data)), 2):
        dx, dy = (x[i] - x[j]) / across or 0.01, (y[i] - y[j]) / up
        push = max(0.0, (_DOT + 1) / math.hypot(dx, dy) - 1) / 2  # of the way between the two
        x[[i, j]] += [push * dx * across, -push * dx * across]
        y[[i, j]] += [push * dy * up, -push * dy * up]
    return data.assign(lon=x, lat=y)


def _places(panel: pic.Panel, data: pd.DataFrame, largest: float) -> None:
    labels: list[pic.Text] = []
    data = data if "value" in data else _beside(panel, data)
    biggest = min(21.0, 0.05 * (panel.right - panel.left))
    for row in data.to_dict("records"):
        lon, lat, value = float(row["lon"]), float(row["lat"]), row.get("value")
        size = 4 + biggest * math.sqrt(float(value) / largest) if pd.notna(value) else _DOT
        panel.add(
            pic.Dot(lon, lat, style.SIDE_COLOURS[row["side"]], size=size,
                    hollow=row.get("hollow", False), diamond=row.get("diamond", False),
                    hover=row["label"], refs=pic.refs_of([row.get("refs")]))
        )  # fmt: skip
        if row["label"]:
            labels.append(pic.Text(lon, lat, row["label"], bold=bool(row.get("strong"))))
    place(panel, labels)


def _scale(panel: pic.Panel, latitude: float) -> None:
    """Draw a scale of a round length near the lower left corner."""
    (west, east), (south, north) = panel.x, panel.y
    degree = 111.32 * math.cos(math.radians(latitude))
    most = (east - west) * degree / 4
    power = 10.0 ** math.floor(math.log10(most))
    km = max(n * power for n in (1, 2, 5) if n * power <= most)
    x, y = west + 0.03 * (east - west), south + 0.03 * (north - south)
    panel.add(
        pic.Line(((x, y), (x + km / degree, y)), style.INK, 1.4),
        pic.Text(x + km / degree / 2, y, f"{km:,.0f} km", dy=-7, align="center"),
    )
