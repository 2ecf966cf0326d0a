"""Text in SVG drawings as outlines of its letters.

On the pages text stays text, in the fonts that the pages bring. Programs that open a file of its
own know nothing of these: its letters are drawn, so that it looks the same in all of them.
"""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from typing import Any, Final

from strikes2024.charts import style

__all__ = ["outlined"]

_TEXT = re.compile(r"<text\b([^>]*)>(.*?)</text>", re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_PROPERTY = re.compile(r"([\w-]+):\s*([^;]+)")
# Matplotlib up to 3.8 names a face in one property.
_FONT = re.compile(
    r"(?:(?P<style>italic|oblique) )?(?:(?P<weight>\d+) )?(?P<size>[\d.]+px) (?P<family>.+)"
)
_ROOT = re.compile(r"<svg\b[^>]*>")
_NO_TURN = re.compile(r"rotate\(-?0 ")
_EM: Final = 1000  # steps of an outline to the size of its letters
_KEPT: Final = ("fill", "fill-opacity", "opacity")
# Matplotlib's codes of what a pen does: the letter for it in SVG, and how many points it takes.
_COMMANDS: Final = {1: ("M", 1), 2: ("L", 1), 3: ("Q", 2), 4: ("C", 3), 79: ("Z", 0)}


def outlined(svg: str) -> str:
    """Return an SVG drawing of ours with outlines in place of each ``<text>``.

    The drawing must know the prefix ``xlink``.
    """
    letters: dict[str, int] = {}  # the outlines in use, numbered

    def drawn(text: re.Match[str]) -> str:
        given = dict(_ATTRIBUTE.findall(text[1]))
        given |= {name: value.strip() for name, value in _PROPERTY.findall(given.pop("style", ""))}
        if face := _FONT.fullmatch(given.pop("font", "")):
            given |= {f"font-{name}": value for name, value in face.groupdict("normal").items()}
        size = float(given["font-size"].removesuffix("px"))
        width, places = _line(unescape(text[2]), _file(given))
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[given.get("text-anchor", "start")]
        x, y = (float(given.get(name, 0)) for name in "xy")
        turn = given.get("transform", "")
        moves = [turn] if turn and not _NO_TURN.match(turn) else []
        moves.append(f"translate({x - share * width * size / _EM:.6g} {y:.6g})")
        moves.append(f"scale({size / _EM:g} {-size / _EM:g})")
        looks = "".join(f' {name}="{given[name]}"' for name in _KEPT if name in given)
        uses = "".join(
            f'<use xlink:href="#l{letters.setdefault(outline, len(letters))}" x="{place}"/>'
            for outline, place in places
        )
        return f'<g{looks} transform="{" ".join(moves)}">{uses}</g>'

    body = _TEXT.sub(drawn, svg)
    paths = "".join(f'<path id="l{number}" d="{d}"/>' for d, number in letters.items())
    return _ROOT.sub(lambda root: f"{root[0]}<defs>{paths}</defs>", body, count=1)


def _file(given: dict[str, str]) -> str:
    if style.HEADING_FONT in given["font-family"]:
        return "heading.ttf"
    bold = given.get("font-weight", "400") in ("700", "bold")
    slanted = given.get("font-style") == "italic"
    return "sans-italic.ttf" if slanted else "sans-bold.ttf" if bold else "sans.ttf"


@cache
def _line(text: str, file: str) -> tuple[float, list[tuple[str, int]]]:
    """Return the width of a line of text, and its outlines with their places."""
    from matplotlib.textpath import text_to_path

    font, outlines = _font(file)
    # Matplotlib sets the size of the same font whenever it draws with it.
    font.set_size(text_to_path.FONT_SCALE, text_to_path.DPI)
    font.set_text(text)
    width = font.get_width_height()[0] / 64 / text_to_path.FONT_SCALE * _EM
    glyphs, _, _ = text_to_path.get_glyphs_with_font(font, text, outlines)
    places = []
    for name, x, _, _ in glyphs:
        if len(outlines[name][1]):  # a space has none
            places.append((_outline(file, name), round(x / text_to_path.FONT_SCALE * _EM)))
    return width, places


@cache
def _font(file: str) -> tuple[Any, dict[str, Any]]:
    """Return a face of ours, with Arabic to fall back on, and the outlines it has given so far."""
    from matplotlib.font_manager import get_font

    return get_font([str(style.FONT_FILES / name) for name in (file, "arabic.ttf")]), {}


@cache
def _outline(file: str, name: str) -> str:
    """Write an outline as SVG does."""
    from matplotlib.textpath import text_to_path

    corners, codes = _font(file)[1][name]
    points = (corners / text_to_path.FONT_SCALE * _EM).round().astype(int).tolist()
    parts = []
    at = 0
    while at < len(codes):
        letter, count = _COMMANDS[int(codes[at])]
        parts.append(letter + " ".join(f"{x} {y}" for x, y in points[at : at + count]))
        at += count or 1
    return "".join(parts)
