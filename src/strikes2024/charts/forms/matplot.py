"""Draw a picture with Matplotlib: for pages before a script has run, for paper and for files."""

from typing import TYPE_CHECKING, Any

from strikes2024.charts import style
from strikes2024.charts.forms import picture as pic
from strikes2024.charts.forms.flat import flat

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def to_matplotlib(picture: pic.Picture) -> "Figure":
    """Return the picture as a figure; its one pair of axes counts points."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(picture.width / 72, picture.height / 72))
    axis: Any = figure.add_axes((0, 0, 1, 1))
    axis.set_xlim(0, picture.width)
    axis.set_ylim(picture.height, 0)
    axis.set_axis_off()
    for order, mark in enumerate(flat(picture)):
        match mark:
            case pic.Line(points=points):
                axis.plot(
                    *zip(*points, strict=True), color=mark.colour, linewidth=mark.width,
                    alpha=mark.alpha, linestyle=(0, mark.dash) if mark.dash else "-",
                    solid_capstyle="butt", zorder=order,
                )  # fmt: skip
            case pic.Area():
                for ring in mark.rings:
                    axis.fill(*zip(*ring, strict=True), color=mark.fill, alpha=mark.alpha,
                              linewidth=0, zorder=order)  # fmt: skip
            case pic.Dot() if mark.alpha:
                axis.plot(
                    [mark.x], [mark.y], "D" if mark.diamond else "o", color=mark.colour,
                    markersize=mark.size, alpha=mark.alpha, zorder=order,
                    markerfacecolor=style.GROUND if mark.hollow else mark.colour,
                    markeredgewidth=1.4 if mark.hollow else 0.8,
                    markeredgecolor=mark.colour if mark.hollow else style.GROUND,
                )  # fmt: skip
            case pic.Text():
                axis.text(
                    mark.x, mark.y + 0.35 * mark.size, mark.text, ha=mark.align, va="baseline",
                    fontsize=mark.size, color=mark.colour, zorder=order,
                    fontweight="bold" if mark.bold else "normal",
                    fontfamily=style.HEADING_FONT if mark.heading else None,
                )  # fmt: skip
            case _:
                pass
    return figure
