"""The form of a timeline: events down a line of time, in two columns."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from strikes2024.charts import style
from strikes2024.charts.forms import picture as pic
from strikes2024.charts.forms.labels import apart

_BESIDE: Final = 20.0  # from the line to the texts beside it
_STEP: Final = 5.0  # least space between two texts
_ALIGN: Final[dict[int, pic.Align]] = {-1: "right", 1: "left"}  # left and right of the line


def timeline(
    frame: pd.DataFrame, width: float, *, lanes: tuple[str, str], height: float
) -> pic.Picture:
    """Draw events down a line of time, each with its time and text; earlier ones are higher.

    Parameters
    ----------
    frame
        In order of time: ``when``, ``label`` (the day or hour as written), ``lane`` (one of
        ``lanes``), ``text`` and ``side``. May have ``detail`` (written below the text), ``strong``
        (bold) and ``refs`` (the rows behind it).
    width
        In inches.
    lanes
        The columns left and right of the line. On a phone both stand right of it, distinguished by
        colour and heading.
    height
        Of the line, in points, unless the texts need more.
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
    head = _lane_heads(panel, rows, lanes, middle, two=two)
    begin = min(row.at for row in rows)
    span = max(max(row.at for row in rows) - begin, 1e-6)

    def down(when: float) -> float:
        return head + pic.LINE / 2 + (when - begin) / span * (tall - pic.LINE)

    panel.add(pic.Line(((middle, head), (middle, head + tall)), style.MUTED, 1.6))
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
    return pic.Picture(points, bottom, [panel], [row.description() for row in rows])


class _Event:
    """One event of a timeline: its texts, broken into lines, and where they begin."""

    def __init__(self, row: Mapping[Any, Any], room: float) -> None:
        self.label, self.lane = str(row["label"]), str(row["lane"])
        self.strong, self.at = bool(row.get("strong")), pic.days(row["when"])
        self.colour = style.SIDE_COLOURS[str(row["side"])]
        self.text = pic.wrap(str(row["text"]), room, bold=self.strong)
        self.detail = pic.wrap(str(row.get("detail") or ""), room)
        self.lines = self.text.count("\n") + 1
        self.height = (self.lines + (self.detail.count("\n") + 1) * bool(self.detail)) * pic.LINE
        self.refs = pic.refs_of([row.get("refs")])
        self.top = 0.0

    def description(self) -> str:
        """Return the event as the description has it."""
        text = f"{self.label}: {self.text}" + f" ({self.detail})" * bool(self.detail)
        return text.replace("\n", " ")

    def draw(
        self, panel: pic.Panel, middle: float, away: int, at: float, stamp: float, *, beside: bool
    ) -> None:
        """Add dot, leader, time and texts; ``beside`` sets the time on the text's side."""
        first = self.top + pic.LINE / 2
        align = _ALIGN[away]
        text_at = middle + away * (_BESIDE + stamp * beside)
        half = self.lines * pic.LINE / 2
        panel.add(
            pic.Line(((middle, at), (middle + away * 17, first)), style.MUTED, 0.7),
            pic.Dot(middle + away * 2 * beside, at, self.colour, size=11 if self.strong else 8,
                    hover=self.description(), refs=self.refs),
            pic.Text(text_at, self.top + half, self.text, align=align, bold=self.strong),
            pic.Text(middle + (away * _BESIDE if beside else -8), first, self.label,
                      align=align if beside else "right", bold=True),
        )  # fmt: skip
        if self.detail:
            below = self.top + half + self.height / 2
            panel.add(pic.Text(text_at, below, self.detail, align=align, colour=style.MUTED))


def _lane_heads(
    panel: pic.Panel, rows: list[_Event], lanes: tuple[str, str], middle: float, *, two: bool
) -> float:
    """Name the lanes above the line; return where the line begins."""
    for i, lane in enumerate(lanes):
        colour = next((row.colour for row in rows if row.lane == lane), style.INK)
        away = -1 if two and i == 0 else 1
        y = 8.0 if two else 8.0 + i * 14
        x, align = middle + away * _BESIDE, _ALIGN[away]
        swatch = pic.Box(x - away * 11, x - away * 5, y - 3, y + 3, colour)
        panel.add(swatch, pic.Text(x, y, lane, align=align, bold=True))
    return 20.0 if two else 34.0
