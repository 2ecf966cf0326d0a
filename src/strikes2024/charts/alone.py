"""A chart as a file that stands alone: its words above and below the drawing.

Whoever sees the file without the book knows what is drawn, in which unit, and who says so. All
lengths are points, counted from the top left corner of the drawing, as SVG counts.
"""

from __future__ import annotations

import io
import textwrap
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from strikes2024.charts import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Line", "as_png", "as_svg", "lines_around"]

_EDGE: Final = 8.0
_ACROSS: Final = style.WIDE * 72
_SPACING: Final = 1.3


@dataclass(frozen=True)
class Line:
    """A line of words; ``y`` is its baseline, ``size`` that of its letters."""

    text: str
    y: float
    size: float
    colour: str
    weight: str = "normal"


def lines_around(title: str, subtitle: str, small_print: list[str], height: float) -> list[Line]:
    """Set the words around a drawing that is ``height`` points high, from top to bottom."""
    heads = [(line, 12.0, style.INK, "bold") for line in textwrap.wrap(title, 76)]
    heads += [(line, 9.5, style.MUTED, "normal") for line in textwrap.wrap(subtitle, 92)]
    lines, y = [], -10.0
    for text, size, colour, weight in reversed(heads):
        lines.append(Line(text, y, size, colour, weight))
        y -= _SPACING * size
    lines.reverse()
    y = height + 10.0
    for text in (line for part in small_print for line in textwrap.wrap(part, 130)):
        y += _SPACING * 7
        lines.append(Line(text, y, 7, style.MUTED))
    return lines


def as_svg(wide: str, lines: list[Line]) -> str:
    """Put the drawing, as SVG markup, between its words."""
    left, top, across, down = _box(lines)
    # Lengths without a unit: inside another drawing points would be scaled once more.
    inner = wide.replace('pt"', '"', 2).replace("<svg", '<svg overflow="visible"', 1)
    words = "".join(
        f'<text x="0" y="{line.y:g}" font-size="{line.size:g}" font-weight="{line.weight}"'
        f' fill="{line.colour}">{escape(line.text)}</text>'
        for line in lines
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across:g}pt" height="{down:g}pt"'
        f' viewBox="{left:g} {top:g} {across:g} {down:g}" font-family="{escape(style.FONT)}">'
        f'<rect x="{left:g}" y="{top:g}" width="{across:g}" height="{down:g}"'
        f' fill="{style.GROUND}"/>{words}'
        f"{inner}</svg>\n"
    )


def as_png(figure: Figure, lines: list[Line]) -> bytes:
    """Draw the figure, which has been laid out, between its words; adds these to it."""
    from matplotlib.transforms import Bbox

    height = figure.get_figheight() * 72
    for line in lines:
        figure.text(
            0, 1 - line.y / height, line.text,
            va="baseline", fontsize=line.size, weight=line.weight, color=line.colour,
        )  # fmt: skip
    left, top, across, down = _box(lines)
    box = Bbox.from_bounds(left / 72, (height - top - down) / 72, across / 72, down / 72)
    png = io.BytesIO()
    figure.savefig(
        png,
        format="png",
        dpi=160,
        bbox_inches=box,
        facecolor=style.GROUND,
        metadata={"Software": None},
    )
    return png.getvalue()


def _box(lines: list[Line]) -> tuple[float, float, float, float]:
    """Left and upper edge, width and height of the whole."""
    top = lines[0].y - lines[0].size - _EDGE
    return -_EDGE, top, _ACROSS + 2 * _EDGE, lines[-1].y + _EDGE - top
