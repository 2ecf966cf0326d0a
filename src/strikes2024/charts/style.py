"""One house style for Plotly and Matplotlib.

Colours belong to entities: the same side has the same colour in every chart. Each colour has
a contrast of at least 3:1 on the light and on the dark ground, and of 4.5:1 to a number in it;
charts never tell things apart by colour alone. Ink, muted ink and grid are written into SVG
drawings as the four colours below; the book swaps them for CSS variables, so that a drawing follows
the theme.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

INK: Final = "#1f2933"
MUTED: Final = "#5b6673"
GRID: Final = "#d5dae1"
GROUND: Final = "#ffffff"
ON_COLOUR: Final = "#fefefe"  # white on light and dark pages alike: a number in a coloured dot
THEME: Final = {"ink": INK, "muted": MUTED, "grid": GRID, "surface": GROUND}

SIDE_COLOURS: Final[dict[str, str]] = {
    "us": "#2c79b4",
    "us_partner": "#4f86c6",
    "iraq": "#b07d12",
    "syria": "#8c6d46",
    "iran": "#c2415d",
    "iran_aligned": "#c0522e",
    "israel": "#6a7fdb",
    "un": "#5b8c2a",
    "monitor": "#1b9e87",
    "press": "#6c7585",
    "encyclopedia": "#a05fb4",
    "other": "#6c7585",
}
# Where no side is meant: what the finding is about, and the rest.
MAIN: Final = SIDE_COLOURS["us"]
REST: Final = SIDE_COLOURS["press"]

WATER: Final = SIDE_COLOURS["us_partner"]  # on maps, where nothing else has it

# The faces that come with the report; tools/fonts.py makes the files.
FONT: Final = "Report Sans"
HEADING_FONT: Final = "Report Serif"
FONT_FILES: Final = Path(__file__).parent / "assets" / "fonts"
# JupyterLab does not have it and takes its own.
PLOTLY_FONT: Final = f"{FONT}, sans-serif"
WIDE: Final = 7.6
NARROW: Final = 3.9

_RC: Final[Any] = {
    "svg.hashsalt": "strikes2024",
    "font.family": [FONT, "Report Arabic"],
    "font.size": 9.5,
    "text.parse_math": False,  # a name may hold dollar signs
    "text.hinting": "none",  # hinted letters are wider than those that lines were broken for
    "text.color": INK,
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
}


@contextmanager
def matplotlib_style(letters: str = "none") -> Iterator[None]:
    """House style for everything drawn inside the ``with`` block.

    In SVG ``letters`` are text ("none") or outlines ("path").
    """
    import matplotlib as mpl

    _register_fonts()
    with mpl.rc_context(_RC | {"svg.fonttype": letters}):
        yield


@cache
def _register_fonts() -> None:
    """Tell Matplotlib of our font files, and make it forget others of the same names."""
    from matplotlib.font_manager import fontManager

    known = len(fontManager.ttflist)
    for name in ("sans", "sans-bold", "sans-italic", "heading", "arabic"):
        fontManager.addfont(FONT_FILES / f"{name}.ttf")  # raises where it is missing
    # Arabic has one face, which stands for all; Matplotlib would complain of the others.
    arabic = fontManager.ttflist[-1]
    fontManager.ttflist += [replace(arabic, weight=700), replace(arabic, style="italic")]
    names = {entry.name for entry in fontManager.ttflist[known:]}
    fontManager.ttflist[:known] = [e for e in fontManager.ttflist[:known] if e.name not in names]
