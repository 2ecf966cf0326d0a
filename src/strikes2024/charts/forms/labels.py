"""The one placer of labels: none covers another, or a mark, as far as there is room."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from strikes2024.charts.forms import picture as pic

# Directions from the place that is named, the best first: across, up and the alignment of the text.
_SIDES: Final[tuple[tuple[int, int, pic.Align], ...]] = (
    (1, 0, "left"), (-1, 0, "right"), (1, -1, "left"), (1, 1, "left"), (-1, -1, "right"),
    (-1, 1, "right"), (0, -1, "center"), (0, 1, "center"),
)  # fmt: skip
_FAR: Final = (0.0, 9.0, 20.0, 34.0, 50.0, 70.0, 95.0, 125.0)
_GAP: Final = 5.0  # points from a place to its label, at least
_LEADER_FROM: Final = 5.0


@dataclass(frozen=True)
class Rect:
    """A rectangle of the picture, in points."""

    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: "Rect") -> float:
        """Return the area that both cover."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0 and down > 0 else 0.0

    def outside(self, frame: "Rect") -> float:
        """Return by how many points this one sticks out of a frame."""
        beyond = (frame.left - self.left, frame.top - self.top,
                  self.right - frame.right, self.bottom - frame.bottom)  # fmt: skip
        return sum(max(0.0, points) for points in beyond)

    def away(self, x: float, y: float) -> float:
        """Return how far a place is from the nearest side."""
        return math.hypot(
            max(self.left - x, 0, x - self.right), max(self.top - y, 0, y - self.bottom)
        )


def rect(panel: pic.Panel, label: pic.Text) -> Rect:
    """Return the room that a text takes, with two points to spare at both ends."""
    x, y = panel.at(label.x, label.y)
    lines = label.text.split("\n")
    width = max(pic.measure(line, label.size, bold=label.bold) for line in lines)
    half = len(lines) * pic.SPACING * label.size / 2
    left = x + label.dx - {"left": 0.0, "center": width / 2, "right": width}[label.align]
    return Rect(left - 2, y + label.dy - half, left + width + 2, y + label.dy + half)


def place(panel: pic.Panel, labels: Sequence[pic.Text]) -> None:
    """Add labels to a panel, each beside its place where it covers least and is next to no other.

    Parameters
    ----------
    panel
        Dots and texts in it are kept clear of; labels stay inside.
    labels
        In order of weight: those that come first have the first choice. Offsets and alignment
        are set here.
    """
    bounds = Rect(panel.left - 2, panel.top, panel.right + 2, panel.bottom)  # the spare points
    named = [rect(panel, mark) for mark in panel.marks if isinstance(mark, pic.Text)]
    dots = [(*panel.at(m.x, m.y), m.size / 2) for m in panel.marks if isinstance(m, pic.Dot)]
    taken = [Rect(x - h - 1, y - h - 1, x + h + 1, y + h + 1) for x, y, h in dots]
    crossings = [panel.at(*point) for point in _crossings(panel)]
    for label in labels:
        own = panel.at(label.x, label.y)
        near = max([_GAP, *(half + 2 for x, y, half in dots if (x, y) == own)])
        others = [dot for dot in dots if dot[:2] != own]
        tried = [_beside(panel, label, side, near, far) for far in _FAR for side in _SIDES]
        costs = []
        for i, one in enumerate(tried):
            room = rect(panel, one)
            # A line to its place tells whose a label is; without one the nearest place does.
            nearer = not one.leader and any(
                room.away(x, y) - half < room.away(*own) - near + 2 for x, y, half in others
            )
            across = one.leader and any(
                _passes(own, (one.dx, one.dy), (x, y), half) for x, y, half in others
            )
            costs.append(
                sum(room.shared(other) for other in taken)
                + 20 * sum(room.shared(other) for other in named)
                + 40 * room.outside(bounds)
                + 30 * (nearer + across)
                + 30 * any(room.away(*point) == 0 for point in crossings)
                + 0.6 * i
            )
        best = tried[costs.index(min(costs))]
        named.append(rect(panel, best))
        panel.add(best)


def _crossings(panel: pic.Panel) -> list[pic.Point]:
    """Return the points at which three or more of the lines that make way for texts meet."""
    lines = (mark.points for mark in panel.marks if isinstance(mark, pic.Line) and mark.yields)
    counts = Counter(point for points in lines for point in points)
    return [point for point, count in counts.items() if count > 2 and not math.isnan(point[0])]


def _passes(start: pic.Point, way: pic.Point, point: pic.Point, near: float) -> bool:
    """Return whether a straight way from a place comes nearer to a point than ``near``."""
    x, y = point[0] - start[0], point[1] - start[1]
    share = min(max((x * way[0] + y * way[1]) / math.hypot(*way) ** 2, 0.0), 1.0)
    return math.hypot(x - share * way[0], y - share * way[1]) < near


def _beside(
    panel: pic.Panel, label: pic.Text, side: tuple[int, int, pic.Align], near: float, far: float
) -> pic.Text:
    gap = near + far
    across, up, align = side
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
