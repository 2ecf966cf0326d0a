"""Forms over time: step lines, bars and bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from strikes2024.charts import style
from strikes2024.charts.forms.labels import Rect, place
from strikes2024.charts.forms.picture import (
    SIZE,
    SPACING,
    Arrow,
    Box,
    Dot,
    Line,
    Panel,
    Picture,
    Words,
    days,
    key_lines,
    measure,
    number_ticks,
    time_ticks,
)
from strikes2024.frames import each
from strikes2024.wording import day

__all__ = ["KeyDate", "Shade", "bars", "step_lines"]

_EDGE: Final = 4.0
_LINE: Final = SPACING * SIZE


@dataclass(frozen=True)
class KeyDate:
    """A day to be marked by a dotted line, with its label above."""

    when: pd.Timestamp
    label: str


@dataclass(frozen=True)
class Shade:
    """An interval of days in grey, with its label inside."""

    when: pd.Timestamp
    end: pd.Timestamp
    label: str


def _frame(
    width: float,
    height: float,
    x: tuple[Any, Any],
    y: tuple[float, float],
    marked: Sequence[KeyDate | Shade] = (),
    *,
    unit: str = "",
    key: Mapping[str, str] | None = None,
) -> tuple[Panel, float]:
    """Return a panel over time below key, unit and key dates, and the height of the picture."""
    points = width * 72
    ticks = number_ticks(*y, 5)
    left = max(measure(text) for _, text in ticks) + _EDGE + 8
    panel = Panel(
        left, 0, points - 12, height, (days(x[0]), days(x[1])), y, time=True, ygrid=True,
        yticks=ticks, xticks=time_ticks(days(x[0]), days(x[1]), 6 if points < 360 else 10),
    )  # fmt: skip
    words, head = key_lines(key, points) if key and len(key) > 1 else ([], 0.0)
    if unit:
        words.append(Words(0, 0, unit, dx=_EDGE, dy=head + 8, colour=style.MUTED))
        head += _LINE + 3
    rows = _rows_above(panel, marked, points)
    head += (max((row for row, *_ in rows), default=-1) + 1) * (_LINE + 1) + 4
    panel.top, panel.bottom = head, head + height
    for word in words:
        panel.add(replace(word, x=panel.x[0], y=y[1], dx=word.dx - left, dy=word.dy - head))
    for mark, (row, dx, label) in zip(marked, rows, strict=True):
        at = days(mark.when)
        if isinstance(mark, Shade):
            panel.add(Box(at, days(mark.end), *y, style.MUTED, 0.16))
        else:
            panel.add(Line(((at, y[0]), (at, y[1])), style.MUTED, 1.0, (1.5, 2.0)))
        panel.add(Words(at, y[1], label, dx=dx or 0.01, dy=-6 - row * (_LINE + 1)))
    return panel, panel.bottom + 9 + 2 * _LINE


def _rows_above(
    panel: Panel, marked: Sequence[KeyDate | Shade], width: float
) -> list[tuple[int, float, str]]:
    """Stack the labels of key dates: the row of each, its shift, its text."""
    taken: list[list[tuple[float, float]]] = []
    found: list[tuple[int, float, str]] = []
    for mark in reversed(marked):  # the latest are lowest
        dated = isinstance(mark, KeyDate)
        label = f"{mark.when.day}\u00a0{mark.when:%b} {mark.label}" if dated else mark.label
        size = measure(label)
        x, _ = panel.at(days(mark.when), panel.y[0])
        start = min(max(x - size / 2, _EDGE), width - _EDGE - size)
        row = 0
        while row < len(taken) and any(
            start < end + 8 and start + size > begin - 8 for begin, end in taken[row]
        ):
            row += 1
        if row == len(taken):
            taken.append([])
        taken[row].append((start, start + size))
        found.append((row, start - x, label))
    return found[::-1]


def step_lines(
    frame: pd.DataFrame,
    width: float,
    *,
    unit: str,
    height: float = 230.0,
    end: pd.Timestamp | None = None,
    marked: Sequence[KeyDate | Shade] = (),
    joined: Sequence[str] | None = None,
) -> Picture:
    """Draw figures over time, a stepped line for each series; a figure holds until the next.

    Parameters
    ----------
    frame
        ``line`` (the series), ``when``, ``value``, ``side`` or ``colour``, and ``text``: the label
        of a mark, or "". May have ``open`` ("or more": an arrow upwards) and ``low``, ``high``: a
        band around the line.
    width
        In inches.
    unit
        What the figures count; stands above the axis.
    height
        Of the panel, in points.
    end
        The last day shown.
    marked
        Key dates and intervals, in order of time.
    joined
        The series that are drawn as lines, all unless given; the others are dots alone.
    """
    first, last = frame["when"].min(), end or frame["when"].max()
    spare = (last - first) * 0.03
    value = frame["value"].astype(float)
    top = float(max(value.max(), frame["high"].max() if "high" in frame else 0)) * 1.12
    shown = [date for date in marked if first - spare <= date.when <= last + spare]
    panel, high = _frame(width, height, (first - spare, last + spare), (0.0, top), shown, unit=unit)
    labels: list[Words] = []
    for series, points in frame.groupby("line", sort=False):
        points = points.sort_values(["when", "value"])
        colour = _colour(points)
        xs, ys = [days(when) for when in points["when"]], points["value"].astype(float).tolist()
        if "high" in points and points["high"].notna().any():
            for x0, x1, lo, hi in zip(xs, [*xs[1:], days(last)], points["low"].astype(float),
                                      points["high"].astype(float), strict=True):  # fmt: skip
                panel.add(Box(x0, x1, lo, hi, colour, 0.28))
        if joined is None or series in joined:
            path = [(xs[0], ys[0])]
            for x, y in zip(xs[1:], ys[1:], strict=True):
                path += [(x, path[-1][1]), (x, y)]
            panel.add(Line(tuple(path), colour, 2.0))
        side = str(points["side"].iloc[0]) if "side" in points else "us"
        for point, x, y in zip(each(points), xs, ys, strict=True):
            text = str(getattr(point, "text", "") or "")
            hover = f"{series}: {text or f'{y:,.0f}'}"
            panel.add(Dot(x, y, colour, style.SIDE_MARKS[side][0], 6.5, hover=hover))
            if getattr(point, "open", False):
                panel.add(Arrow(x, y, dx=0, dy=-15, colour=colour))
            if text:
                labels.append(Words(x, y, text, colour=style.INK))
    frame_of = Rect(panel.left + 2, panel.top, width * 72 - 2, panel.bottom - 2)
    sides = ("above left", "below right", "right", "left", "above", "below", "below left")
    place(panel, labels, frame=frame_of, sides=sides)  # fmt: skip
    told = [
        f"{row.line}, {row.when.day} {row.when:%B %Y}: "
        f"{getattr(row, 'text', '') or format(row.value, ',.0f')}"
        for row in each(frame)
    ]
    return Picture(width * 72, high, [panel], told)


def _colour(points: pd.DataFrame) -> str:
    if "colour" in points:
        return str(points["colour"].iloc[0])
    return style.SIDE_COLOURS[str(points["side"].iloc[0]) if "side" in points else "us"]


def bars(
    frame: pd.DataFrame,
    width: float,
    *,
    unit: str = "",
    height: float = 150.0,
    colours: Mapping[str, str] | None = None,
    marked: Sequence[KeyDate | Shade] = (),
) -> Picture:
    """Draw a bar for each interval of days, in one panel or in several of the same scale.

    Parameters
    ----------
    frame
        ``start``, ``end`` (the day after the last), ``value``. May have ``panel`` (its heading),
        ``part`` (parts of a bar, stacked in the order of ``colours``), ``low`` and ``high`` (a
        whisker), ``text`` (a number above the bar), ``colour``.
    width
        In inches.
    unit
        What the bars count.
    height
        Of each panel, in points.
    colours
        Of the parts.
    marked
        Key dates and intervals, in order of time; their labels stand above the first panel.
    """
    data = frame.assign(panel=frame.get("panel", ""))
    ends = data.groupby(["panel", "start"], sort=False)["value"].sum().max()
    top = float(max(ends, data["high"].max() if "high" in data else 0)) * 1.15 or 1.0
    span = (data["start"].min(), data["end"].max())
    picture = Picture(width * 72, 0.0)
    titled = len(set(data["panel"])) > 1
    for title, part in data.groupby("panel", sort=False):
        first = not picture.panels
        panel, high = _frame(
            width, height, span, (0.0, top), marked if first else (),
            unit=str(title) if titled else unit, key=colours if first else None,
        )  # fmt: skip
        down = picture.height
        panel.top, panel.bottom = panel.top + down, panel.bottom + down
        _bars(panel, part, colours or {})
        picture.panels.append(panel)
        picture.height = down + high
    totals: Any = data.groupby(["panel", "start"], sort=False, as_index=False)["value"].sum()
    picture.told = [
        f"{row.panel + ', ' if row.panel else ''}{day(row.start)}: {row.value:,.0f}"
        for row in each(totals)
        if row.value
    ]
    return picture


def _bars(panel: Panel, part: pd.DataFrame, colours: Mapping[str, str]) -> None:
    start: Any
    end: Any
    for (start, end), bar in part.groupby(["start", "end"], sort=False):
        x0, x1 = days(start), days(end)
        gap = 0.09 * (x1 - x0)
        order = list(colours) if "part" in bar else [None]
        bottom = 0.0
        for name in order:
            own = bar if name is None else bar[bar["part"] == name]
            value = float(own["value"].sum())
            if not value:
                continue
            given = own["colour"].iloc[0] if "colour" in own else style.SIDE_COLOURS["us"]
            colour = given if name is None else colours[name]
            text = f"{day(pd.Timestamp(start))}: {name + ' ' if name else ''}{value:g}"
            panel.add(Box(x0 + gap, x1 - gap, bottom, bottom + value, colour, hover=text))
            bottom += value
        if "high" in bar and bar["high"].notna().any():
            low, high = float(bar["low"].iloc[0]), float(bar["high"].iloc[0])
            middle = (x0 + x1) / 2
            panel.add(Line(((middle, low), (middle, high)), style.INK, 1.1))
            bottom = max(bottom, high)
        if "text" in bar and bar["text"].iloc[0]:
            panel.add(Words((x0 + x1) / 2, bottom, str(bar["text"].iloc[0]), dy=-7,
                            align="center"))  # fmt: skip
