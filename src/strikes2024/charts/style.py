"""One house style for Plotly and Matplotlib.

Colours belong to entities: the same side has the same colour in every chart. Each colour has
a contrast of at least 3:1 on the light and on the dark ground, and charts never tell things
apart by colour alone. Ink, muted ink and grid are written into SVG drawings as the four
colours below; the book swaps them for CSS variables, so that a drawing follows the theme.
"""

from __future__ import annotations

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
DARK_GROUND: Final = "#14181e"

SIDE_COLOURS: Final[dict[str, str]] = {
    "us": "#2e7ebb",
    "us_partner": "#4f86c6",
    "iraq": "#b07d12",
    "syria": "#8c6d46",
    "iran": "#c2415d",
    "iran_aligned": "#cf5c36",
    "israel": "#6a7fdb",
    "un": "#5b8c2a",
    "monitor": "#1b9e87",
    "press": "#7b8494",
    "encyclopedia": "#a05fb4",
    "other": "#7b8494",
}
SIDE_NAMES: Final[dict[str, str]] = {
    "us": "United States",
    "us_partner": "Partner of the US",
    "iraq": "Iraq",
    "syria": "Syria",
    "iran": "Iran",
    "iran_aligned": "Iran-aligned group",
    "israel": "Israel",
    "un": "United Nations",
    "monitor": "Monitor or research body",
    "press": "Press",
    "encyclopedia": "Encyclopedia",
    "other": "Other",
}
# Second channel: shape. Matplotlib and Plotly names of the same mark.
SIDE_MARKS: Final[dict[str, tuple[str, str]]] = {
    "us": ("o", "circle"),
    "us_partner": ("o", "circle"),
    "iraq": ("s", "square"),
    "syria": ("P", "cross"),
    "iran": ("v", "triangle-down"),
    "iran_aligned": ("^", "triangle-up"),
    "israel": ("<", "triangle-left"),
    "un": ("h", "hexagon"),
    "monitor": ("D", "diamond"),
    "press": ("p", "pentagon"),
    "encyclopedia": ("*", "star"),
    "other": ("p", "pentagon"),
}
KIND_COLOURS: Final[dict[str, str]] = {
    "attack_on_us_forces": SIDE_COLOURS["iran_aligned"],
    "raid": SIDE_COLOURS["iran_aligned"],
    "us_strike": SIDE_COLOURS["us"],
    "assassination": SIDE_COLOURS["us"],
    "israeli_strike": SIDE_COLOURS["israel"],
    "iranian_strike": SIDE_COLOURS["iran"],
    "disputed_strike": SIDE_COLOURS["press"],
}
KIND_NAMES: Final[dict[str, str]] = {
    "attack_on_us_forces": "Attacks on US and coalition forces",
    "raid": "Raid on the US embassy",
    "us_strike": "US strikes",
    "assassination": "US strikes",
    "israeli_strike": "Strikes laid to Israel",
    "iranian_strike": "Iranian strikes",
    "disputed_strike": "Strikes of disputed authorship",
    "campaign": "Campaign",
}

# The faces that come with the report; tools/fonts.py makes the files.
FONT: Final = "Report Sans"
HEADING_FONT: Final = "Report Serif"
FONT_FILES: Final = Path(__file__).parent / "assets" / "fonts"
# JupyterLab does not have it and takes its own.
PLOTLY_FONT: Final = f"{FONT}, sans-serif"
WIDE: Final = 7.6
NARROW: Final = 3.9

_RC: Final[Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "strikes2024",
    "font.family": [FONT, "Report Arabic"],
    "font.size": 9.5,
    "text.parse_math": False,  # a name may hold dollar signs
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.axisbelow": True,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "legend.frameon": False,
}


@contextmanager
def matplotlib_style() -> Iterator[None]:
    """House style for everything drawn inside the ``with`` block."""
    import matplotlib as mpl

    _register_fonts()
    with mpl.rc_context(_RC):
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


def date_axis(axis: Any, most: int = 7) -> None:
    """Mark a Matplotlib time axis at round dates, at most ``most`` of them."""
    from matplotlib import dates

    kit: Any = dates  # its classes carry no types
    locator = kit.AutoDateLocator(minticks=2, maxticks=max(most, 5))
    axis.xaxis.set_major_locator(locator)
    axis.xaxis.set_major_formatter(
        kit.ConciseDateFormatter(
            locator,
            formats=["%Y", "%b", "%-d %b", "%H:%M", "%H:%M", "%S"],
            zero_formats=["", "%b\n%Y", "%-d %b", "%-d %b", "%H:%M", "%H:%M"],
            offset_formats=["", "", "%Y", "%-d %b %Y", "%-d %b %Y", "%-d %b %Y"],
        )
    )


def plotly_layout(height: int) -> dict[str, Any]:
    """Layout shared by all Plotly figures.

    Ink, grid and ground are left out: the book sets them from the page's theme, and JupyterLab
    from its own.
    """
    axis = {"zeroline": False, "automargin": True, "title": {"standoff": 8}}
    return {
        "height": height,
        "margin": {"l": 8, "r": 12, "t": 28, "b": 8},
        "font": {"family": PLOTLY_FONT, "size": 13},
        "hoverlabel": {"align": "left", "font": {"family": PLOTLY_FONT, "size": 13}},
        "showlegend": False,
        "dragmode": False,
        "xaxis": {**axis, "showgrid": False, "showline": True, "ticks": "outside"},
        "yaxis": {**axis, "showgrid": True, "rangemode": "tozero"},
    }
