"""The form of a timeline: events down a line of time, with what lasted as bars along it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from strikes2024.charts import style
from strikes2024.charts.forms.labels import apart
from strikes2024.charts.forms.picture import (
    SIZE,
    SPACING,
    Align,
    Box,
    Dot,
    Line,
    Panel,
    Picture,
    Words,
    days,
    measure,
    refs_of,
    wrap,
)

__all__ = ["timeline"]

_EDGE: Final = 4.0
_LINE: Final = SPACING * SIZE
_BESIDE: Final = 20.0  # from the line to the words beside it
_STEP: Final = 5.0  # least space between two texts


def timeline(
    frame: pd.DataFrame,
    width: float,
    *,
    lanes: Sequence[str],
    clock: str = "",
    height: float = 300.0,
) -> Picture:
    """Draw events down a line of time, each with its time and text; earlier ones are higher.

    Parameters
    ----------
    frame
        In order of time: ``when``, ``label`` (the day or hour as written), ``lane`` (one of
        ``lanes``), ``text`` and ``side``. May have ``detail`` (written below the text), ``strong``
        (bold), ``hollow`` (the hour is not known), ``refs`` (the rows behind it) and ``until``: a
        bar along the line, from one time to another. One without a label is named in its middle;
        one that is not strong either is an interval between events, a band on the line, and no
        part of the description.
    width
        In inches.
    lanes
        Columns from left to right, at most two: the first stands left of the line, the second
        right of it. On a phone all stand right of it, distinguished by colour and heading.
    clock
        What the labels are, above them.
    height
        Of the line, in points, unless the texts need more.
    """
    points = width * 72
    two = len(lanes) == 2 and points >= 360
    stamps = [*frame["label"].astype(str), *([] if two else clock.split("\n"))]
    stamp = max(measure(label, bold=True) for label in stamps) + 8
    middle = points / 2 if two else stamp + _EDGE + 6
    room = points / 2 - stamp - 22 if two else points - middle - 28
    rows = [_Event(row, room - _EDGE) for row in frame.to_dict("records")]
    left = [row for row in rows if two and row.lane == lanes[0]]
    right = [row for row in rows if row not in left]
    tall = max(height, *(sum(row.height + _STEP for row in own) for own in (left, right))) + _LINE
    panel = Panel(0, 0, points, 0, (0, points), (0, 0), axis=False)
    head = _lane_heads(panel, rows, lanes, middle, two=two, clock=clock)
    begin = min(row.begin for row in rows)
    span = max(max(row.end for row in rows) - begin, 1e-6)

    def down(when: float) -> float:
        return head + _LINE / 2 + (when - begin) / span * (tall - _LINE)

    panel.add(Line(((middle, head), (middle, head + tall)), style.MUTED, 1.6))
    for own, away in ((left, -1), (right, 1)):
        _bars_along(panel, own, middle, down, away)
    for own, away in ((left, -1), (right, 1)):
        own.sort(key=lambda row: (row.at, row.strong))  # what is strong is drawn last
        sizes = [row.height + _STEP for row in own]
        wanted = [down(row.at) + (size - _LINE) / 2 for row, size in zip(own, sizes, strict=True)]
        end = head + tall + max((row.height for row in own[-1:]), default=0.0)
        for row, size, at in zip(own, sizes, apart(wanted, sizes, head, end), strict=True):
            row.top = at - size / 2
            row.draw(panel, middle, away, down(row.at), stamp, beside=two)
    bottom = 4 + max(head + tall, *(row.top + row.height for row in rows))
    panel.bottom, panel.y = bottom, (bottom, 0)
    return Picture(points, bottom, [panel], [row.told() for row in rows if not row.interval])


class _Event:
    """One event of a timeline: its texts, broken into lines, and where they begin."""

    def __init__(self, row: Mapping[Any, Any], room: float) -> None:
        self.label, self.lane = str(row["label"]), str(row["lane"])
        self.strong, self.hollow = bool(row.get("strong")), bool(row.get("hollow"))
        self.colour = style.SIDE_COLOURS[str(row["side"])]
        until = row.get("until")
        self.begin = days(row["when"])
        self.bar = until is not None and not pd.isna(until)
        self.end = days(until) if self.bar else self.begin
        self.interval = self.bar and not self.label and not self.strong
        self.at = self.begin if self.label else (self.begin + self.end) / 2
        self.text = wrap(str(row["text"]), room, bold=self.strong)
        self.detail = wrap(str(row.get("detail") or ""), room)
        self.lines = self.text.count("\n") + 1
        self.height = (self.lines + (self.detail.count("\n") + 1) * bool(self.detail)) * _LINE
        self.refs = refs_of([row.get("refs")])
        self.top = 0.0

    def told(self) -> str:
        """Return the event as the description has it."""
        text = self.text.replace("\n", " ")
        detail = self.detail.replace("\n", " ")
        return f"{self.label}: " * bool(self.label) + text + f" ({detail})" * bool(detail)

    def draw(
        self, panel: Panel, middle: float, away: int, at: float, stamp: float, *, beside: bool
    ) -> None:
        """Add dot, leader, time and texts; ``beside`` sets the time on the text's side."""
        first = self.top + _LINE / 2
        align: Align = "right" if away < 0 else "left"
        other: Align = align if beside else "right"
        shift = stamp if beside and (self.label or self.interval) else 0
        text_at = middle + away * (_BESIDE + shift)
        if self.interval:
            panel.add(Words(text_at, first, self.text, align=align, colour=style.MUTED))
            return
        start = middle + away * (9 if self.bar else 0)
        panel.add(Line(((start, at), (middle + away * 17, first)), style.MUTED, 0.7))
        if not self.bar:
            size = 11 if self.strong else 8
            panel.add(Dot(middle + away * 2 * beside, at, self.colour, size=size,
                          hollow=self.hollow, hover=self.told(), refs=self.refs))  # fmt: skip
        half = self.lines * _LINE / 2
        colour = style.INK if self.label or self.strong else self.colour
        panel.add(Words(text_at, self.top + half, self.text, align=align, bold=self.strong,
                        colour=colour))  # fmt: skip
        if self.label:
            panel.add(Words(middle + (away * _BESIDE if beside else -8), first, self.label,
                            align=other, colour=self.colour, bold=True))  # fmt: skip
        if self.detail:
            below = self.top + half + self.height / 2
            panel.add(Words(text_at, below, self.detail, align=align, colour=style.MUTED))


def _bars_along(
    panel: Panel, rows: Sequence[_Event], middle: float, down: Callable[[float], float], away: int
) -> None:
    """Draw intervals as a band on the line; what has a time as a bar beside it, none over one."""
    ends: list[float] = []
    for row in rows:
        if row.interval:
            panel.add(Box(middle - 5, middle + 5, down(row.begin), down(row.end), row.colour, 0.35))
        elif row.bar:
            track = next((k for k, end in enumerate(ends) if end <= row.begin), len(ends))
            ends[track : track + 1] = [row.end]
            x0, x1 = sorted((middle + away * (1 + 8 * track), middle + away * (8 + 8 * track)))
            panel.add(
                Box(
                    x0,
                    x1,
                    down(row.begin),
                    down(row.end),
                    row.colour,
                    hover=row.text,
                    refs=row.refs,
                )
            )


def _lane_heads(
    panel: Panel,
    rows: Sequence[_Event],
    lanes: Sequence[str],
    middle: float,
    *,
    two: bool,
    clock: str,
) -> float:
    """Name the lanes and the clock above the line; return where the line begins."""
    lines = len(lanes) if not two and lanes[-1] else int(bool(lanes[-1]))
    for i, lane in enumerate(lanes):
        own = [row.colour for row in rows if row.lane == lane]
        colour = own[0] if own and len(lanes) > 1 else style.INK
        align: Align = "right" if two and i == 0 else "left"
        x = middle + (-_BESIDE if align == "right" else _BESIDE)
        if lane:
            panel.add(Words(x, 8 + (0 if two else i * 14), lane, align=align, bold=True,
                            colour=colour))  # fmt: skip
        if clock and two:
            panel.add(Words(x, 22, clock.replace("\n", " "), align=align, colour=style.MUTED))
    if clock and not two:
        half = (clock.count("\n") + 1) * _LINE / 2
        panel.add(Words(middle - 8, 2 + half, clock, align="right", colour=style.MUTED))
    return 6.0 + 14.0 * max(lines + bool(clock and two), clock.count("\n") + 1 if clock else 0)
