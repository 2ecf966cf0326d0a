"""The one placer of labels: none covers another, or a mark, as far as there is room."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import Final

from strikes2024.charts import style
from strikes2024.charts.forms import picture as pic

__all__ = ["Rect", "apart", "cleared", "place", "rect"]

# Directions from the place that is named: across, up and the alignment of the text there.
_SIDES: Final[dict[str, tuple[int, int, pic.Align]]] = {
    "right": (1, 0, "left"),
    "left": (-1, 0, "right"),
    "above": (0, -1, "center"),
    "below": (0, 1, "center"),
    "above right": (1, -1, "left"),
    "above left": (-1, -1, "right"),
    "below right": (1, 1, "left"),
    "below left": (-1, 1, "right"),
}
SIDES: Final = tuple(_SIDES)
_FAR: Final = (0.0, 9.0, 20.0, 34.0, 50.0, 70.0, 95.0, 125.0)
_GAP: Final = 5.0  # points from a place to its label, at least
_LEADER_FROM: Final = 9.0
Point = tuple[float, float]
_OFF: Final[Point] = (math.nan, math.nan)  # a break in a line


@dataclass(frozen=True)
class Rect:
    """A rectangle of the picture, in points."""

    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: Rect) -> float:
        """Return the area that both cover."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0 and down > 0 else 0.0

    def outside(self, frame: Rect) -> float:
        """Return by how many points this one sticks out of a frame."""
        return (
            max(0.0, frame.left - self.left)
            + max(0.0, frame.top - self.top)
            + max(0.0, self.right - frame.right)
            + max(0.0, self.bottom - frame.bottom)
        )


def rect(panel: pic.Panel, words: pic.Words) -> Rect:
    """Return the room that words take, with two points to spare at both ends."""
    x, y = panel.at(words.x, words.y)
    lines = words.text.split("\n")
    width = max(pic.measure(line, words.size, bold=words.bold) for line in lines)
    half = len(lines) * pic.SPACING * words.size / 2
    left = x + words.dx - {"left": 0.0, "center": width / 2, "right": width}[words.align]
    return Rect(left - 2, y + words.dy - half, left + width + 2, y + words.dy + half)


def _taken(panel: pic.Panel) -> list[Rect]:
    """Return the room that the marks of a panel take already; grounds and bands take none."""
    rooms: list[Rect] = []
    for mark in panel.marks:
        match mark:
            case pic.Dot():
                x, y = panel.at(mark.x, mark.y)
                half = mark.size / 2 + 1
                rooms.append(Rect(x - half, y - half, x + half, y + half))
            case pic.Words():
                rooms.append(rect(panel, mark))
            case pic.Arrow():
                x, y = panel.at(mark.x, mark.y)
                xs, ys = sorted((x, x + mark.dx)), sorted((y, y + mark.dy))
                rooms.append(Rect(xs[0], ys[0] - 3, xs[1], ys[1] + 3))
            case pic.Line() if mark.alpha > 0.5 and not mark.yields:
                rooms += _along([panel.at(*point) for point in mark.points])
            case pic.Box() if mark.alpha > 0.5:
                (x0, y0), (x1, y1) = panel.at(mark.x0, mark.y0), panel.at(mark.x1, mark.y1)
                rooms.append(Rect(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
            case pic.Area() if mark.width > 1:  # a band
                rooms += _along([panel.at(*point) for ring in mark.rings for point in ring])
            case pic.Line() | pic.Box() | pic.Area():
                pass
    return rooms


def _along(points: Sequence[tuple[float, float]], step: float = 4.0) -> Iterable[Rect]:
    for (x0, y0), (x1, y1) in pairwise(points):
        count = max(1, round(max(abs(x1 - x0), abs(y1 - y0)) / step))
        for i in range(count + 1):
            x, y = x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count
            yield Rect(x - 2, y - 2, x + 2, y + 2)


def place(
    panel: pic.Panel,
    labels: Sequence[pic.Words],
    *,
    frame: Rect | None = None,
    sides: Sequence[str] = SIDES,
) -> None:
    """Add labels to a panel, each beside its place where it covers least.

    Parameters
    ----------
    panel
        What is drawn in it already is kept clear of.
    labels
        In order of weight: those that come first have the first choice. Offsets and alignment
        are set here.
    frame
        Where labels may stand; the panel itself where none is given.
    sides
        Directions in order of preference.
    """
    bounds = frame or Rect(panel.left, panel.top, panel.right, panel.bottom)
    taken, named = _taken(panel), list[Rect]()
    for label in labels:
        dots = [m.size / 2 for m in panel.marks
                if isinstance(m, pic.Dot) and (m.x, m.y) == (label.x, label.y)]  # fmt: skip
        near = max([_GAP, *(half + 2 for half in dots)])
        tried = [_beside(panel, label, side, near, far) for far in _FAR for side in sides]
        costs = [
            sum(room.shared(other) for other in taken)
            + 20 * sum(room.shared(other) for other in named)
            + 40 * room.outside(bounds)
            + 0.6 * i
            for i, room in enumerate(rect(panel, words) for words in tried)
        ]
        best = tried[costs.index(min(costs))]
        named.append(rect(panel, best))
        panel.add(best)


def _beside(panel: pic.Panel, label: pic.Words, side: str, near: float, far: float) -> pic.Words:
    gap = near + far
    across, up, align = _SIDES[side]
    here = rect(panel, label)
    half = (here.bottom - here.top) / 2
    slant = 0.75 if across and up else 1.0
    dy = up * (gap * slant + (half if not across else half * 0.6))
    return replace(label, dx=across * gap * slant, dy=dy, align=align, leader=far > _LEADER_FROM)


def apart(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Move middles along one line, as little as may be, so that no two things overlap.

    Parameters
    ----------
    wanted
        Where each middle would stand, in ascending order.
    sizes
        The length of each thing.
    low, high
        The ends of the line; where there is not room for all, the last run over ``high``.

    Examples
    --------
    >>> apart([10, 11, 40], [6, 6, 6], 0, 100)
    [7.5, 13.5, 40.0]
    """
    offsets = [sum(sizes[:i]) + size / 2 for i, size in enumerate(sizes)]
    # Starts must not fall: neighbours that would overlap become a block around their mean.
    blocks: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        start, count = want - offset, 1
        while blocks and blocks[-1][0] > start:
            before, more = blocks.pop()
            start = (start * count + before * more) / (count + more)
            count += more
        blocks.append((start, count))
    last = max(low, high - sum(sizes))
    starts = [min(max(start, low), last) for start, count in blocks for _ in range(count)]
    return [start + offset for start, offset in zip(starts, offsets, strict=True)]


def cleared(panel: pic.Panel) -> pic.Panel:
    """Return a panel with its grid as a mark; the grid and what else yields makes way for words.

    So no line runs through a letter, in whatever library, on whatever ground.
    """
    (x0, x1), (y0, y1) = panel.x, panel.y
    grid = [((x, y0), (x, y1), _OFF) for x, _ in panel.xticks * panel.xgrid]
    grid += [((x0, y), (x1, y), _OFF) for y, _ in panel.yticks * panel.ygrid]
    marks: list[pic.Mark] = (
        [pic.Grid(tuple(chain(*grid)), style.GRID, 0.8, yields=True)] if grid else []
    )
    rooms = [rect(panel, mark) for mark in panel.marks if isinstance(mark, pic.Words)]
    far = math.inf  # all around is taken
    rooms += [
        Rect(-far, -far, panel.left - 0.1, far), Rect(panel.right + 0.1, -far, far, far),
        Rect(-far, -far, far, panel.top - 0.1), Rect(-far, panel.bottom + 0.1, far, far),
    ]  # fmt: skip
    return replace(panel, marks=[
        replace(mark, points=tuple(_outside(panel, mark.points, rooms)))
        if isinstance(mark, pic.Line) and mark.yields else mark
        for mark in (*marks, *panel.marks)
    ])  # fmt: skip


def _outside(panel: pic.Panel, points: Sequence[Point], rooms: Sequence[Rect]) -> Iterable[Point]:
    """Yield what is left of a line outside of rooms, with breaks."""
    last = _OFF
    for a, b in pairwise(points):
        if math.isnan(a[0] + b[0]):
            continue
        hidden = (_within(panel.at(*a), panel.at(*b), room) for room in rooms)
        begin = 0.0
        for stop, after in sorted((*filter(None, hidden), (1.0, 1.0))):
            if stop > begin:
                first, then = (
                    (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
                    for share in (begin, stop)
                )
                yield from (then,) if first == last else (_OFF, first, then)
                last = then
            begin = max(begin, after)


def _within(start: Point, end: Point, room: Rect) -> tuple[float, float] | None:
    """Return the part of a straight line that lies in a rectangle, as shares of its length."""
    enter, leave = 0.0, 1.0
    for a, b, low, high in zip(start, end, (room.left, room.top), (room.right, room.bottom),
                               strict=True):  # fmt: skip
        if a == b:
            ends = [0.0, 1.0] if low < a < high else [1.0, 0.0]
        else:
            ends = sorted(((low - a) / (b - a), (high - a) / (b - a)))
        enter, leave = max(enter, ends[0]), min(leave, ends[1])
    return (enter, leave) if enter < leave else None
