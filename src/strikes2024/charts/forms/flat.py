"""A picture as plain marks at places in points, for whichever library draws it.

What is left are lines, areas, dots and single lines of text, in the order in which they lie on each
other. Scales, grids, bars and leaders are made of these; so a library has little to know.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from typing import Any, Final

from strikes2024.charts import style
from strikes2024.charts.forms import picture as pic
from strikes2024.charts.forms.labels import Rect, rect

Plain = pic.Line | pic.Area | pic.Dot | pic.Text
_LAYERS: Final = {pic.Grid: 0, pic.Area: 1, pic.Line: 2, pic.Dot: 2, pic.Text: 3}
_OFF: Final[pic.Point] = (math.nan, math.nan)  # a break in a line


def flat(picture: pic.Picture) -> list[Plain]:
    """Return the marks of all panels, those below others first.

    A bar that has something to say has a dot at its end, which nobody sees.
    """
    marks = (mark for panel in picture.panels for mark in (*_scales(panel), *_marks(panel)))
    return sorted(marks, key=lambda mark: _LAYERS[type(mark)])


def _scales(panel: pic.Panel) -> Iterator[Plain]:
    left, right, bottom = panel.left, panel.right, panel.bottom
    for at, text in panel.xticks:
        x, _ = panel.at(at, panel.y[0])
        tall = (text.count("\n") + 1) * pic.LINE
        yield from _lines(x, bottom + 5.2 + tall / 2, pic.Text(0, 0, text, align="center"))
        if panel.axis:
            yield pic.Line(((x, bottom), (x, bottom + 3)), width=0.8)
    for at, text in panel.yticks:
        _, y = panel.at(panel.x[0], at)
        yield from _lines(left - 6, y, pic.Text(0, 0, text, align="right"))
    if panel.axis:
        yield pic.Line(((left, bottom), (right, bottom)), width=0.8)


def _marks(panel: pic.Panel) -> Iterator[Plain]:
    rooms = [rect(panel, mark) for mark in panel.marks if isinstance(mark, pic.Text)]
    for mark in (_grid(panel), *panel.marks):
        match mark:
            case pic.Line():
                points = [panel.at(*point) for point in mark.points]
                kept = _outside(points, panel, rooms) if mark.yields else points
                if kept := tuple(kept):
                    yield replace(mark, points=kept)
            case pic.Area():
                if rings := tuple(filter(None, (_inside(panel, ring) for ring in mark.rings))):
                    yield replace(mark, rings=rings)
            case pic.Box():
                (x0, y0), (x1, y1) = panel.at(mark.x0, mark.y0), panel.at(mark.x1, mark.y1)
                corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
                yield pic.Area((corners,), mark.colour, mark.alpha)
                if mark.hover:
                    yield pic.Dot((x0 + x1) / 2, min(y0, y1), mark.colour, alpha=0,
                                  hover=mark.hover, refs=mark.refs)  # fmt: skip
            case pic.Dot():
                x, y = panel.at(mark.x, mark.y)
                yield replace(mark, x=x, y=y)
            case pic.Text():
                x, y = panel.at(mark.x, mark.y)
                if mark.leader:
                    end = (x + mark.dx * 0.92, y + mark.dy * 0.92)
                    yield pic.Line(((x, y), end), width=0.6)
                yield from _lines(x + mark.dx, y + mark.dy, mark)


def _lines(x: float, y: float, label: pic.Text) -> Iterator[pic.Text]:
    """Yield each line of a text whose middle is given."""
    lines = label.text.split("\n")
    step = pic.SPACING * label.size
    for i, text in enumerate(lines):
        if text.strip():
            middle = y + (i - (len(lines) - 1) / 2) * step
            yield replace(label, x=x, y=middle, dx=0, dy=0, text=text, leader=False)


def _grid(panel: pic.Panel) -> pic.Grid:
    (x0, x1), (y0, y1) = panel.x, panel.y
    lines = [((x, y0), (x, y1), _OFF) for x, _ in panel.xticks * panel.xgrid]
    lines += [((x0, y), (x1, y), _OFF) for y, _ in panel.yticks * panel.ygrid]
    return pic.Grid(tuple(chain(*lines)), style.GRID, 0.8, yields=True)


def _inside(panel: pic.Panel, ring: Sequence[pic.Point]) -> tuple[pic.Point, ...]:
    """Return what lies inside a panel of an outline, which its edges then cut."""
    from matplotlib.path import Path
    from matplotlib.transforms import Bbox

    box = Bbox([[panel.left, panel.top], [panel.right, panel.bottom]])
    outline = Path([panel.at(*point) for point in (*ring, ring[0])], closed=True)
    corners: Any = outline.clip_to_bbox(box).vertices
    return tuple(map(tuple, corners.tolist()))


def _outside(
    points: Sequence[pic.Point], panel: pic.Panel, rooms: Sequence[Rect]
) -> Iterable[pic.Point]:
    """Yield what is left of a line inside a panel and outside of rooms, with breaks."""
    inside = Rect(panel.left - 0.1, panel.top - 0.1, panel.right + 0.1, panel.bottom + 0.1)
    last = _OFF
    for a, b in pairwise(points):
        if math.isnan(a[0] + b[0]):
            continue
        begin, end = _within(a, b, inside) or (1.0, 0.0)
        hidden = (_within(a, b, room) for room in rooms)
        for stop, after in sorted((*filter(None, hidden), (end, 1.0))):
            if stop > begin:
                first, then = (
                    (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
                    for share in (begin, stop)
                )
                yield from (then,) if first == last else (_OFF, first, then)
                last = then
            begin = max(begin, after)


def _within(start: pic.Point, end: pic.Point, room: Rect) -> tuple[float, float] | None:
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
