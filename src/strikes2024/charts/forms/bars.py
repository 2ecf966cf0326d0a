"""The form of bars over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from strikes2024.charts import style
from strikes2024.charts.forms import picture as pic
from strikes2024.charts.forms.labels import apart
from strikes2024.wording import day, period

__all__ = ["KeyDate", "bars"]


@dataclass(frozen=True)
class KeyDate:
    """A day, marked by a dotted line with its label above."""

    when: pd.Timestamp
    label: str


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
                        colour=frame.get("colour", style.MAIN))  # fmt: skip
    span = (pic.days(data["start"].min()), pic.days(data["end"].max()))
    top = float(data["value"].max()) * 1.15 or 1.0
    picture = pic.Picture(width * 72, 0.0)
    for title, part in data.groupby("panel", sort=False):
        most = max(float(part["value"].max()) * 1.15, top * 34 / height)
        panel = _panel(picture, height * most / top, span, most, str(title), marked, top)
        for row in part[part["value"] > 0].to_dict("records"):
            x0, x1 = pic.days(row["start"]), pic.days(row["end"])
            gap = 0.09 * (x1 - x0)
            last = row["end"] - pd.Timedelta(days=1)
            hover = f"{period(row['start'], last)}: {row['value']:g}"
            bar = x0 + gap, x1 - gap, 0, float(row["value"])
            refs = pic.refs_of([row.get("refs")])
            panel.add(pic.Box(*bar, row["colour"], hover=hover, refs=refs))
        panel.add(*(_above(panel, row, marked)
                    for row in part[part["text"] != ""].to_dict("records")))  # fmt: skip
        picture.panels.append(panel)
        picture.height = panel.bottom + 9 + 2 * pic.LINE
    picture.told = [
        f"{row['panel']}, " * ("panel" in frame) + f"{day(row['start'])}: {row['value']:,.0f}"
        for row in data[data["value"] != 0].to_dict("records")
    ]
    return picture


def _panel(
    picture: pic.Picture,
    height: float,
    x: tuple[float, float],
    most: float,
    title: str,
    marked: Sequence[KeyDate],
    top: float,
) -> pic.Panel:
    """Return the next panel over time, from zero to ``most``, below what it counts."""
    points, first = picture.width, not picture.panels
    text = pic.wrap(title, points - 2 * pic.EDGE)
    tall = (text.count("\n") + 1) * pic.LINE
    upper = picture.height + 8 + tall + (pic.LINE + 2) * bool(first and marked)
    left = max(pic.measure(n) for _, n in pic.number_ticks(0, top, 5)) + pic.EDGE + 8
    ticks = pic.number_ticks(0, most, 5 if height > 90 else 2)
    panel = pic.Panel(
        left, upper, points - 12, upper + height, x, (0.0, most), ygrid=True,
        yticks=ticks if len(ticks) > 1 else [],  # a zero alone is no scale
        xticks=pic.time_ticks(*x, int(points / (43 if picture.narrow else 36))),
    )  # fmt: skip
    panel.add(pic.Words(x[0], most, text, dx=pic.EDGE - left,
                        dy=picture.height + 2 + tall / 2 - upper, colour=style.MUTED))  # fmt: skip
    whens = [pic.days(mark.when) for mark in marked]
    panel.add(*(pic.Line(((at, 0), (at, most)), width=1.0, dash=(1.5, 2.0)) for at in whens))
    wanted = [panel.at(at, 0)[0] for at in whens]
    sizes = [pic.measure(mark.label) + 12 for mark in marked]
    for i, at in enumerate(apart(wanted, sizes, 0, points) if first else ()):
        panel.add(pic.Words(whens[i], most, marked[i].label, dx=at - wanted[i], dy=-7,
                            align="center"))  # fmt: skip
    return panel


def _above(panel: pic.Panel, row: Any, marked: Sequence[KeyDate]) -> pic.Words:
    """Return the number above a bar, beside the line of a key date that would run through it."""
    middle = (pic.days(row["start"]) + pic.days(row["end"])) / 2
    half = pic.measure(row["text"]) / 2 + 2
    off = [panel.at(middle, 0)[0] - panel.at(pic.days(mark.when), 0)[0] for mark in marked]
    near = min(off, key=abs, default=half)
    dx = (half - abs(near)) * (1 if near >= 0 else -1) if abs(near) < half else 0.0
    return pic.Words(middle, float(row["value"]), row["text"], dx=dx, dy=-7, align="center")
