"""A chart as a file that stands alone: its words above and below the drawing.

Whoever sees the file without the book knows what is drawn, in which unit, and who says so. All
lengths are points, counted from the top left corner of the drawing, as SVG counts.
"""

from __future__ import annotations

import io
import textwrap
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, Final

from strikes2024.charts import style
from strikes2024.charts.outlines import outlined

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Line", "as_png", "as_svg", "lines_around"]

_EDGE: Final = 8.0
_ACROSS: Final = style.WIDE * 72
_SPACING: Final = 1.35
_SCALE: Final = 160 / 72  # pixels a point in a PNG


@dataclass(frozen=True)
class Line:
    """A line of words; ``y`` is its baseline, ``size`` that of its letters."""

    text: str
    y: float
    size: float
    colour: str
    family: str = style.FONT


def lines_around(title: str, subtitle: str, small_print: list[str], height: float) -> list[Line]:
    """Set the words around a drawing that is ``height`` points high, from top to bottom."""
    heads = [(line, 14.0, style.INK, style.HEADING_FONT) for line in textwrap.wrap(title, 84)]
    heads += [(line, 10.0, style.MUTED, style.FONT) for line in textwrap.wrap(subtitle, 110)]
    lines, y = [], -10.0
    for text, size, colour, family in reversed(heads):
        lines.append(Line(text, y, size, colour, family))
        y -= _SPACING * size
    lines.reverse()
    y = height + 10.0
    for text in (line for part in small_print for line in textwrap.wrap(part, 145)):
        y += _SPACING * 7.5
        lines.append(Line(text, y, 7.5, style.MUTED))
    return lines


def as_svg(wide: str, lines: list[Line]) -> str:
    """Put the drawing, as SVG markup, between its words, and draw all letters as outlines."""
    left, top, across, down = _box(lines)
    # Lengths without a unit: inside another drawing points would be scaled once more.
    inner = wide.replace('pt"', '"', 2).replace("<svg", '<svg overflow="visible"', 1)
    words = "".join(
        f'<text x="0" y="{line.y:g}" font-size="{line.size:g}" font-family="{line.family}"'
        f' fill="{line.colour}">{escape(line.text)}</text>'
        for line in lines
    )
    title = " ".join(line.text for line in lines if line.family == style.HEADING_FONT)
    rest = " ".join(line.text for line in lines if line.family != style.HEADING_FONT)
    return outlined(
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{across:g}pt" height="{down:g}pt"'
        f' viewBox="{left:g} {top:g} {across:g} {down:g}"><title>{escape(title)}</title>'
        f"<desc>{escape(rest)}</desc>"
        f'<rect x="{left:g}" y="{top:g}" width="{across:g}" height="{down:g}"'
        f' fill="{style.GROUND}"/>{words}'
        f"{inner}</svg>\n"
    )


def as_png(figure: Figure, lines: list[Line]) -> bytes:
    """Draw the figure, which has been laid out, between its words; changes its size in pixels.

    Pillow sets the words: for long lines Matplotlib takes as long as for the whole drawing.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image, ImageDraw

    figure.set_dpi(_SCALE * 72)
    figure.set_facecolor(style.GROUND)
    canvas: Any = FigureCanvasAgg(figure)  # its methods carry no types
    canvas.draw()
    drawing = Image.frombuffer("RGBA", canvas.get_width_height(), bytes(canvas.buffer_rgba()))
    left, top, across, down = _box(lines)
    page = Image.new("RGB", (round(across * _SCALE), round(down * _SCALE)), style.GROUND)
    page.paste(drawing.convert("RGB"), (round(-left * _SCALE), round(-top * _SCALE)))
    pen = ImageDraw.Draw(page)
    for line in lines:
        at = (-left * _SCALE, (line.y - top) * _SCALE)
        font = _font(line.family, line.size * _SCALE)
        pen.text(at, line.text, fill=line.colour, font=font, anchor="ls")
    png = io.BytesIO()
    page.save(png, format="png", dpi=(_SCALE * 72, _SCALE * 72))
    return png.getvalue()


@cache
def _font(family: str, size: float) -> Any:
    """Return a face of ours; the basic layout needs no library that a system may lack."""
    from PIL import ImageFont

    name = {style.FONT: "sans.ttf", style.HEADING_FONT: "heading.ttf"}[family]
    path = str(style.FONT_FILES / name)
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def _box(lines: list[Line]) -> tuple[float, float, float, float]:
    """Left and upper edge, width and height of the whole."""
    top = lines[0].y - lines[0].size - _EDGE
    return -_EDGE, top, _ACROSS + 2 * _EDGE, lines[-1].y + _EDGE - top
