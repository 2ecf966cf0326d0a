"""Forms over time: lines through dated figures, and bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from strikes2024.charts import style
from strikes2024.charts.forms import picture as pic
from strikes2024.charts.forms.labels import Rect, apart, place
from strikes2024.wording import day, period

__all__ = ["KeyDate", "bars", "lines"]

_SIDES: Final = ("left", "above left", "below right", "right", "above", "below", "below left")


@dataclass(frozen=True)
class KeyDate:
    """A day, marked by a dotted line, or with an ``end`` an interval in grey; its label above."""

    when: pd.Timestamp
    label: str
    end: pd.Timestamp | None = None


def _panel(
    points: float,
    top: float,
    height: float,
    x: tuple[Any, Any],
    most: float,
    unit: str,
    marked: Sequence[KeyDate],
    left: float,
) -> pic.Panel:
    """Return a panel over time, from zero to ``most``, below its unit and key dates."""
    text = pic.wrap(unit, points - 2 * pic.EDGE)
    tall = (text.count("\n") + 1) * pic.LINE
    upper = top + 2 + tall + (pic.LINE + 2) * bool(marked) + 6
    ends, room = (pic.days(x[0]), pic.days(x[1])), 43 if points < 360 else 36
    panel = pic.Panel(
        left, upper, points - 12, upper + height, ends, (0.0, most), time=True, ygrid=True,
        yticks=pic.number_ticks(0, most, 5 if height > 90 else 2),
        xticks=pic.time_ticks(*ends, int(points / room)),
    )  # fmt: skip
    panel.add(pic.Words(panel.x[0], most, text, dx=pic.EDGE - left, dy=top + 2 + tall / 2 - upper,
                        colour=style.MUTED))  # fmt: skip
    for mark in marked:
        at = pic.days(mark.when)
        if mark.end is None:
            panel.add(pic.Line(((at, 0), (at, most)), style.MUTED, 1.0, (1.5, 2.0)))
        else:
            panel.add(pic.Box(at, pic.days(mark.end), 0, most, style.MUTED, 0.16))
    wanted = [panel.at(pic.days(m.when) / 2 + pic.days(m.end or m.when) / 2, 0)[0] for m in marked]
    sizes = [pic.measure(mark.label) + 12 for mark in marked]
    for mark, at, want in zip(marked, apart(wanted, sizes, 0, points), wanted, strict=True):
        middle = pic.days(mark.when) / 2 + pic.days(mark.end or mark.when) / 2
        panel.add(pic.Words(middle, most, mark.label, dx=at - want or 0.01, dy=-7, align="center"))
    return panel


def _left(most: float) -> float:
    """Return the room for the numbers beside an axis."""
    return max(pic.measure(text) for _, text in pic.number_ticks(0, most, 5)) + pic.EDGE + 8


def lines(
    frame: pd.DataFrame,
    width: float,
    *,
    unit: str,
    marked: Sequence[KeyDate] = (),
    bands: Mapping[str, pd.DataFrame] | None = None,
) -> pic.Picture:
    """Draw figures over time; a straight line joins those of one series, or a band holds them.

    Parameters
    ----------
    frame
        ``line`` (the series), ``when``, ``value``, ``colour``, and ``text``: the label of a mark,
        or "". May have ``strong`` (labels in bold and in the colour of the line) and ``refs``
        (the rows behind a mark).
    width
        In inches.
    unit
        What the figures count; stands above the axis.
    marked
        Key dates and intervals, in order of time.
    bands
        By series, the lowest and the highest that is possible: ``when``, ``low``, ``high``. Such a
        series has no line.
    """
    spare = (frame["when"].max() - frame["when"].min()) * 0.03
    span = (frame["when"].min() - spare, frame["when"].max() + spare)
    top = float(frame["value"].max()) * 1.12
    panel = _panel(width * 72, 0, 230, span, top, unit, marked, _left(top))
    labels: list[pic.Words] = []
    for series, own in frame.groupby("line", sort=False):
        points = own.to_dict("records")
        path = [(pic.days(row["when"]), float(row["value"])) for row in points]
        if bands and series in bands:
            panel.add(_band(bands[str(series)], points[0]["colour"]))
        else:
            panel.add(pic.Line(tuple(path), points[0]["colour"], 2.0))
        for row, (x, y) in zip(points, path, strict=True):
            hover = f"{series}: {row['text'] or f'{y:,.0f}'}"
            panel.add(
                pic.Dot(x, y, row["colour"], hover=hover, refs=pic.refs_of([row.get("refs")]))
            )
            if row["text"]:
                strong = bool(row.get("strong"))
                colour = row["colour"] if strong else style.INK
                labels.append(pic.Words(x, y, row["text"], colour=colour, bold=strong))
    inside = Rect(panel.left + 2, panel.top, width * 72 - 2, panel.bottom - 2)
    place(panel, labels, frame=inside, sides=_SIDES)
    told = [
        f"{row['line']}, {day(row['when'])}: {row['text'] or format(row['value'], ',.0f')}"
        for row in frame.to_dict("records")
    ]
    return pic.Picture(width * 72, panel.bottom + 9 + 2 * pic.LINE, [panel], told)


def _band(band: pd.DataFrame, colour: str) -> pic.Area:
    """Return the area between the lowest and the highest of each day."""
    x = [pic.days(when) for when in band["when"]]
    upper, lower = band["high"].astype(float), band["low"].astype(float)
    ring = [*zip(x, upper, strict=True), *reversed([*zip(x, lower, strict=True)])]
    return pic.Area((tuple(ring),), fill=colour, edge=colour, alpha=0.35, width=1.6)


def bars(
    frame: pd.DataFrame,
    width: float,
    *,
    unit: str = "",
    height: float = 150.0,
    marked: Sequence[KeyDate] = (),
) -> pic.Picture:
    """Draw a bar for each interval of days, in one panel or in several of the same scale.

    Parameters
    ----------
    frame
        ``start``, ``end`` (the day after the last), ``value``. May have ``panel`` (what its bars
        count), ``text`` (a number above the bar), ``colour``, ``refs`` (the rows behind it).
    width
        In inches.
    unit
        What the bars count, where there is one panel.
    height
        Of the panel with the highest bar, in points; others are lower, as their bars are.
    marked
        Key dates, in order of time; their labels stand above the first panel.
    """
    data = frame.assign(panel=frame.get("panel", unit), text=frame.get("text", ""),
                        colour=frame.get("colour", style.SIDE_COLOURS["us"]))  # fmt: skip
    span = (data["start"].min(), data["end"].max())
    top = float(data["value"].max()) * 1.15 or 1.0
    picture = pic.Picture(width * 72, 0.0)
    for title, part in data.groupby("panel", sort=False):
        own = max(float(part["value"].max()) * 1.15, top * 34 / height)
        panel = _panel(width * 72, picture.height, height * own / top, span, own, str(title),
                       () if picture.panels else marked, _left(top))  # fmt: skip
        for row in part[part["value"] > 0].to_dict("records"):
            x0, x1 = pic.days(row["start"]), pic.days(row["end"])
            gap = 0.09 * (x1 - x0)
            last = row["end"] - pd.Timedelta(days=1)
            hover = f"{period(row['start'], last)}: {row['value']:g}"
            refs = pic.refs_of([row.get("refs")])
            bar = x0 + gap, x1 - gap, 0, float(row["value"])
            panel.add(pic.Box(*bar, row["colour"], hover=hover, refs=refs))
        for row in part[part["text"] != ""].to_dict("records"):
            panel.add(_above(panel, row, marked))
        picture.panels.append(panel)
        picture.height = panel.bottom + 9 + 2 * pic.LINE
    picture.told = [
        f"{row['panel']}, " * ("panel" in frame) + f"{day(row['start'])}: {row['value']:,.0f}"
        for row in data[data["value"] != 0].to_dict("records")
    ]
    return picture


def _above(panel: pic.Panel, row: Any, marked: Sequence[KeyDate]) -> pic.Words:
    """Return the number above a bar, beside the line of a key date that would run through it."""
    middle = (pic.days(row["start"]) + pic.days(row["end"])) / 2
    half = pic.measure(row["text"]) / 2 + 2
    off = [panel.at(middle, 0)[0] - panel.at(pic.days(mark.when), 0)[0] for mark in marked]
    near = min(off, key=abs, default=half)
    dx = (half - abs(near)) * (1 if near >= 0 else -1) if abs(near) < half else 0.0
    return pic.Words(middle, float(row["value"]), row["text"], dx=dx, dy=-7, align="center")
