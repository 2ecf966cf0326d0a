"""The form of a timeline: events down a line of time, in two columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from strikes2024.charts import style
from strikes2024.charts.forms import picture as pic
from strikes2024.charts.forms.labels import apart

__all__ = ["timeline"]

_BESIDE: Final = 20.0  # from the line to the words beside it
_STEP: Final = 5.0  # least space between two texts


def timeline(
    frame: pd.DataFrame, width: float, *, lanes: tuple[str, str], height: float, unit: str = ""
) -> pic.Picture:
    """Draw events down a line of time, each with its time and text; earlier ones are higher.

    Parameters
    ----------
    frame
        In order of time: ``when``, ``label`` (the day or hour as written), ``lane`` (one of
        ``lanes``), ``text`` and ``side``. May have ``detail`` (written below the text), ``strong``
        (bold), ``hollow`` (the hour is not known), ``refs`` (the rows behind it) and ``until``: an
        interval between events, named beside a band on the line, and no part of the description.
    width
        In inches.
    lanes
        The columns left and right of the line. On a phone both stand right of it, distinguished by
        colour and heading.
    height
        Of the line, in points, unless the texts need more.
    unit
        Whose time it is; stands above.
    """
    points = width * 72
    two = points >= 360
    stamp = max(pic.measure(label, bold=True) for label in frame["label"].astype(str)) + 8
    middle = points / 2 if two else stamp + pic.EDGE + 6
    room = points / 2 - stamp - 22 if two else points - middle - 28
    rows = [_Event(row, room - pic.EDGE) for row in frame.to_dict("records")]
    left = [row for row in rows if two and row.lane == lanes[0]]
    right = [row for row in rows if row not in left]
    tall = (
        max(height, *(sum(row.height + _STEP for row in own) for own in (left, right))) + pic.LINE
    )
    panel = pic.Panel(0, 0, points, 0, (0, points), (0, 0), axis=False)
    head = _lane_heads(panel, rows, lanes, middle, unit, two=two)
    begin = min(row.begin for row in rows)
    span = max(max(row.end for row in rows) - begin, 1e-6)

    def down(when: float) -> float:
        return head + pic.LINE / 2 + (when - begin) / span * (tall - pic.LINE)

    panel.add(pic.Line(((middle, head), (middle, head + tall)), style.MUTED, 1.6))
    for row in (row for row in rows if row.interval):
        panel.add(pic.Box(middle - 5, middle + 5, down(row.begin), down(row.end), row.colour, 0.35))
    for own, away in ((left, -1), (right, 1)):
        own.sort(key=lambda row: (row.at, row.strong))  # what is strong is drawn last
        sizes = [row.height + _STEP for row in own]
        wanted = [
            down(row.at) + (size - pic.LINE) / 2 for row, size in zip(own, sizes, strict=True)
        ]
        end = head + tall + max((row.height for row in own[-1:]), default=0.0)
        for row, size, at in zip(own, sizes, apart(wanted, sizes, head, end), strict=True):
            row.top = at - size / 2
            row.draw(panel, middle, away, down(row.at), stamp, beside=two)
    bottom = 4 + max(head + tall, *(row.top + row.height for row in rows))
    panel.bottom, panel.y = bottom, (bottom, 0)
    return pic.Picture(points, bottom, [panel], [row.told() for row in rows if not row.interval])


class _Event:
    """One event or interval of a timeline: its texts, broken into lines, and where they begin."""

    def __init__(self, row: Mapping[Any, Any], room: float) -> None:
        self.label, self.lane = str(row["label"]), str(row["lane"])
        self.strong, self.hollow = bool(row.get("strong")), bool(row.get("hollow"))
        self.colour = style.SIDE_COLOURS[str(row["side"])]
        self.interval = pd.notna(row.get("until"))
        self.begin, self.end = (
            pic.days(row["when"]),
            pic.days(row["until" if self.interval else "when"]),
        )
        self.at = (self.begin + self.end) / 2
        self.text = pic.wrap(str(row["text"]), room, bold=self.strong)
        self.detail = pic.wrap(str(row.get("detail") or ""), room)
        self.lines = self.text.count("\n") + 1
        self.height = (self.lines + (self.detail.count("\n") + 1) * bool(self.detail)) * pic.LINE
        self.refs = pic.refs_of([row.get("refs")])
        self.top = 0.0

    def told(self) -> str:
        """Return the event as the description has it."""
        told = f"{self.label}: {self.text}" + f" ({self.detail})" * bool(self.detail)
        return told.replace("\n", " ")

    def draw(
        self, panel: pic.Panel, middle: float, away: int, at: float, stamp: float, *, beside: bool
    ) -> None:
        """Add dot, leader, time and texts; ``beside`` sets the time on the text's side."""
        first = self.top + pic.LINE / 2
        align: pic.Align = "right" if away < 0 else "left"
        text_at = middle + away * (_BESIDE + stamp * beside)
        if self.interval:
            close = middle + away * (10 if beside else _BESIDE)
            panel.add(pic.Words(close, first, self.text, align=align, colour=style.MUTED))
            return
        half = self.lines * pic.LINE / 2
        panel.add(
            pic.Line(((middle, at), (middle + away * 17, first)), style.MUTED, 0.7),
            pic.Dot(middle + away * 2 * beside, at, self.colour, size=11 if self.strong else 8,
                    hollow=self.hollow, hover=self.told(), refs=self.refs),
            pic.Words(text_at, self.top + half, self.text, align=align, bold=self.strong),
            pic.Words(middle + (away * _BESIDE if beside else -8), first, self.label,
                      align=align if beside else "right", colour=self.colour, bold=True),
        )  # fmt: skip
        if self.detail:
            below = self.top + half + self.height / 2
            panel.add(pic.Words(text_at, below, self.detail, align=align, colour=style.MUTED))


def _lane_heads(
    panel: pic.Panel,
    rows: list[_Event],
    lanes: tuple[str, str],
    middle: float,
    unit: str,
    *,
    two: bool,
) -> float:
    """Say whose time it is and name the lanes above the line; return where the line begins."""
    top = 0.0
    if unit:
        said = pic.wrap(unit, panel.right - 2 * pic.EDGE)
        top = (said.count("\n") + 1) * pic.LINE + 5
        panel.add(pic.Words(pic.EDGE, top / 2, said, colour=style.MUTED))
    for i, lane in enumerate(lanes):
        colour = next((row.colour for row in rows if row.lane == lane), style.INK)
        align: pic.Align = "right" if two and i == 0 else "left"
        x = middle + (-_BESIDE if align == "right" else _BESIDE)
        y = top + 8 + (0 if two else i * 14)
        panel.add(pic.Words(x, y, lane, align=align, bold=True, colour=colour))
    return top + (20.0 if two else 34.0)
