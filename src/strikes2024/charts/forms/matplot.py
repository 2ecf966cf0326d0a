"""Draw a picture with Matplotlib: for pages before a script has run, for paper and for files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strikes2024.charts import style
from strikes2024.charts.forms import picture as pic
from strikes2024.charts.forms.labels import cleared

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["to_matplotlib"]


def to_matplotlib(picture: pic.Picture) -> Figure:
    """Return the picture as a figure; its one pair of axes counts points."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(picture.width / 72, picture.height / 72))
    axis: Any = figure.add_axes((0, 0, 1, 1))
    axis.set_xlim(0, picture.width)
    axis.set_ylim(picture.height, 0)
    axis.set_axis_off()
    for panel in map(cleared, picture.panels):
        _scales(axis, panel)
        for mark in panel.marks:
            _mark(axis, panel, mark)
    return figure


def _scales(axis: Any, panel: pic.Panel) -> None:
    low = min(panel.y)
    for at, text in panel.xticks:
        x, _ = panel.at(at, low)
        lines = text.count("\n") + 1
        down = panel.bottom + 7 + lines * pic.SPACING * pic.SIZE / 2 - pic.SIZE * 0.2
        _text(axis, x, down, pic.Words(0, 0, text, align="center"))
        if panel.axis:
            axis.plot([x, x], [panel.bottom, panel.bottom + 3], color=style.MUTED, linewidth=0.8)
    for at, text in panel.yticks:
        _, y = panel.at(panel.x[0], at)
        _text(axis, panel.left - 6, y, pic.Words(0, 0, text, align="right"))
    if panel.axis:
        axis.plot([panel.left, panel.right], [panel.bottom] * 2, color=style.MUTED, linewidth=0.8)


def _text(axis: Any, x: float, y: float, words: pic.Words) -> None:
    lines = words.text.split("\n")
    first = y - (len(lines) - 1) * pic.SPACING * words.size / 2 + 0.35 * words.size
    for i, line in enumerate(lines):
        if line.strip():
            axis.text(
                x,
                first + i * pic.SPACING * words.size,
                line,
                ha=words.align,
                va="baseline",
                fontsize=words.size,
                color=words.colour,
                fontweight="bold" if words.bold else "normal",
                fontfamily=style.HEADING_FONT if words.heading else None,
            )


def _mark(axis: Any, panel: pic.Panel, mark: pic.Mark) -> None:
    match mark:
        case pic.Line():
            places = [panel.at(*point) for point in mark.points]
            axis.plot(
                *([place[i] for place in places] for i in (0, 1)),
                color=mark.colour, linewidth=mark.width, alpha=mark.alpha,
                linestyle=(0, mark.dash) if mark.dash else "-", solid_capstyle="butt",
                zorder=0.5 if isinstance(mark, pic.Grid) else 2,
            )  # fmt: skip
        case pic.Box():
            (x0, y0), (x1, y1) = panel.at(mark.x0, mark.y0), panel.at(mark.x1, mark.y1)
            axis.fill([x0, x1, x1, x0], [y0, y0, y1, y1], color=mark.colour,
                      alpha=None if mark.alpha == 1 else mark.alpha, linewidth=0)  # fmt: skip
        case pic.Area():
            _area(axis, panel, mark)
        case pic.Dot():
            x, y = panel.at(mark.x, mark.y)
            axis.plot(
                [x], [y], "o", color=mark.colour, markersize=mark.size, alpha=mark.alpha,
                markerfacecolor=style.GROUND if mark.hollow else mark.colour,
                markeredgewidth=1.4 if mark.hollow else 0.8,
                markeredgecolor=mark.colour if mark.hollow else style.GROUND,
            )  # fmt: skip
        case pic.Arrow():
            x, y = panel.at(mark.x, mark.y)
            axis.annotate(
                "", (x + mark.dx, y + mark.dy), (x, y),
                arrowprops={"arrowstyle": "->", "color": mark.colour, "lw": 1.4,
                            "shrinkA": 0, "shrinkB": 0},
            )  # fmt: skip
        case pic.Words():
            x, y = panel.at(mark.x, mark.y)
            if mark.leader:
                axis.plot(
                    [x, x + mark.dx * 0.92], [y, y + mark.dy * 0.92],
                    color=style.MUTED, linewidth=0.6,
                )  # fmt: skip
            _text(axis, x + mark.dx, y + mark.dy, mark)


def _area(axis: Any, panel: pic.Panel, area: pic.Area) -> None:
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path
    from matplotlib.transforms import Bbox, TransformedBbox

    rings: list[Any] = [[panel.at(*point) for point in ring] for ring in area.rings]
    shape = PathCollection(
        [Path(ring) for ring in rings],
        facecolor=area.fill,
        edgecolor=area.edge,
        alpha=area.alpha,
        linewidth=area.width,
    )
    axis.add_collection(shape, autolim=False)
    # A box, not a path: Matplotlib 3.8 names paths anew in each drawing.
    box = Bbox.from_extents(panel.left, panel.top, panel.right, panel.bottom)
    shape.set_clip_path(None)
    shape.set_clip_box(TransformedBbox(box, axis.transData))
