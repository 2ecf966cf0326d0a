"""What a form draws: panels of marks, in the terms of neither Plotly nor Matplotlib.

Marks stand at places of the data; what is said in points (offsets, sizes of letters) keeps its
size. The upper left corner of a picture is (0, 0), as in SVG.

A mark may name the rows of the record behind it, as a chapter does (``claim:id``): every form
takes them from a column ``refs`` of its frame, joined by ``;`` (:func:`refs_of`), and in the book
the mark leads to these rows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final, Literal

import pandas as pd

from strikes2024.charts import style

SIZE: Final = 9.0  # of letters, in points
SPACING: Final = 1.22  # from line to line, in letters
LINE: Final = SPACING * SIZE  # from line to line, in points
EDGE: Final = 4.0  # between the side of a picture and what stands there
# A space at which a line may end: not one within a date or between a short number and its unit.
_BREAK: Final = re.compile(r"(?<!\b\d)(?<!\b\d\d) (?!\d{4}\b)")
# The first of two words of a name, or of a name and its number, in a heading.
_NAME: Final = re.compile(r"\b[A-Z][a-z]+ (?=[A-Z][a-z]|\d\d?\b)")
Align = Literal["left", "center", "right"]
Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A line through points, broken at those that are no number.

    It is dashed where ``dash`` gives lengths of strokes and gaps. One that ``yields`` ends at the
    sides of its panel, and makes way for texts.
    """

    points: tuple[Point, ...]
    colour: str = style.MUTED
    width: float = 1.5
    dash: tuple[float, ...] = ()
    alpha: float = 1.0
    yields: bool = False


@dataclass(frozen=True)
class Grid(Line):
    """The grid of a panel, below all other marks."""


@dataclass(frozen=True)
class Box:
    """A filled rectangle: a bar, the length of a range, a band."""

    x0: float
    x1: float
    y0: float
    y1: float
    colour: str = style.MUTED
    alpha: float = 1.0
    hover: str = ""
    refs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Area:
    """Filled outlines."""

    rings: tuple[tuple[Point, ...], ...]
    fill: str
    alpha: float = 1.0


@dataclass(frozen=True)
class Dot:
    """A round mark, or a ``diamond``, ``size`` points across."""

    x: float
    y: float
    colour: str
    size: float = 6.5
    hollow: bool = False
    diamond: bool = False
    alpha: float = 1.0
    hover: str = ""
    refs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text:
    """Text, its middle ``dx``, ``dy`` points off a place; a ``leader`` is a thin line to there."""

    x: float
    y: float
    text: str
    dx: float = 0.0
    dy: float = 0.0
    align: Align = "left"
    size: float = SIZE
    colour: str = style.INK
    bold: bool = False
    leader: bool = False
    heading: bool = False  # in the face of headings


Mark = Line | Box | Area | Dot | Text


@dataclass
class Panel:
    """A rectangle of the picture with its own scales; an upside-down one has ``y[0] > y[1]``."""

    left: float
    top: float
    right: float
    bottom: float
    x: tuple[float, float]
    y: tuple[float, float]
    xticks: list[tuple[float, str]] = field(default_factory=list)
    yticks: list[tuple[float, str]] = field(default_factory=list)
    xgrid: bool = False
    ygrid: bool = False
    axis: bool = True  # a line below the panel
    marks: list[Mark] = field(default_factory=list)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the place in the picture, in points, of a place of the data."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return (
            self.left + across * (self.right - self.left),
            self.bottom - up * (self.bottom - self.top),
        )

    def add(self, *marks: Mark) -> None:
        """Draw more marks, over those that are there."""
        self.marks.extend(marks)

    def moved(self, across: float, down: float) -> "Panel":
        """Return the panel at another place of a picture."""
        return replace(self, left=self.left + across, right=self.right + across,
                       top=self.top + down, bottom=self.bottom + down)  # fmt: skip


@dataclass
class Picture:
    """Panels on a ground of ``width`` times ``height`` points, and what they show in words."""

    width: float
    height: float
    panels: list[Panel] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)


def stacked(upper: Picture, lower: Picture) -> Picture:
    """Return two pictures of one width as one, the second below the first."""
    down = upper.height + 2
    panels = upper.panels + [panel.moved(0, down) for panel in lower.panels]
    descriptions = upper.descriptions + lower.descriptions
    return Picture(upper.width, down + lower.height, panels, descriptions)


def refs_of(cells: Any) -> tuple[str, ...]:
    """Return the references in the cells of a column ``refs``, each once.

    >>> refs_of(["claim:a;tally:b", None, "claim:a"])
    ('claim:a', 'tally:b')
    """
    found = (ref for cell in cells if isinstance(cell, str) for ref in cell.split(";") if ref)
    return tuple(dict.fromkeys(found))


def days(when: Any) -> float:
    """Return a time as days since 1970, as scales of time count.

    >>> days(pd.Timestamp("1970-01-02 12:00"))
    1.5
    """
    return float((pd.Timestamp(when) - pd.Timestamp(0)) / pd.Timedelta(days=1))


@cache
def measure(text: str, size: float = SIZE, *, bold: bool = False, heading: bool = False) -> float:
    """Return the width of a line of text in points."""
    face = "heading" if heading else "sans-bold" if bold else "sans"
    length: float = _letters(face).getlength(text)
    return length * size / 100


@cache
def _letters(face: str) -> Any:
    from PIL import ImageFont

    path = str(style.FONT_FILES / f"{face}.ttf")
    return ImageFont.truetype(path, 100, layout_engine=ImageFont.Layout.BASIC)


def wrap(
    text: str, width: float, size: float = SIZE, *, bold: bool = False, heading: bool = False
) -> str:
    r"""Break a text into lines of at most ``width`` points, at spaces that may break.

    A date stays whole, a short number keeps what it counts, and in a heading a name its words.

    >>> wrap("flooded on 5 June 2020", 60)
    'flooded on\n5 June 2020'
    """
    if heading:
        text = _NAME.sub(lambda name: f"{name[0][:-1]}\u00a0", text)
    lines: list[str] = []
    for part in text.split("\n"):
        line = ""
        for word in _BREAK.split(part):
            longer = f"{line} {word}" if line else word
            if line and measure(longer, size, bold=bold, heading=heading) > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return "\n".join(lines)


def number_ticks(
    low: float, high: float, most: int, *, beyond: bool = False
) -> list[tuple[float, str]]:
    """Return round numbers from ``low`` to ``high``, at most ``most`` steps apart.

    With ``beyond`` the first and the last are those that no figure lies beyond.

    >>> number_ticks(0, 170, 4)
    [(0.0, '0'), (50.0, '50'), (100.0, '100'), (150.0, '150')]
    """
    from matplotlib.ticker import MaxNLocator

    found = MaxNLocator(most, steps=[1, 2, 5, 10], min_n_ticks=1).tick_values(low, high)
    return [(float(at), f"{round(at, 6):,g}") for at in found if low <= at <= high or beyond]


def time_ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """Return round days from ``low`` to ``high`` (days since 1970), at most ``most`` of them.

    The year stands below the first tick of each.
    """
    from matplotlib import dates

    library: Any = dates
    locator = library.AutoDateLocator(minticks=3, maxticks=most)
    locator.intervald[dates.MONTHLY].append(12)  # for what is short of three years, yet long
    found = locator.tick_values(library.num2date(low), library.num2date(high))
    inside = [float(at) for at in found if low <= at <= high]
    whens = [(at, library.num2date(at)) for at in inside[:: 1 + (len(inside) > most)]]
    if all(f"{when:%j}" == "001" for _, when in whens):
        return [(at, f"{when:%Y}") for at, when in whens]
    dated = any(when.day > 1 for _, when in whens)
    ticks: list[tuple[float, str]] = []
    for i, (at, when) in enumerate(whens):
        text = f"{when.day} {when:%b}" if dated else f"{when:%b}"
        new = not i or whens[i - 1][1].year != when.year
        ticks.append((at, f"{text}\n{when.year}" if new else text))
    return ticks


def with_texts(picture: Picture, title: str, subtitle: str, small_print: Sequence[str]) -> Picture:
    """Return a picture between its texts: title and subtitle above, small print below."""
    edge, width = 8.0, picture.width
    lines: list[Text] = []
    y = edge

    def write(text: str, size: float, colour: str, *, heading: bool = False) -> None:
        nonlocal y
        block = wrap(text, width, size, heading=heading)
        tall = (block.count("\n") + 1) * SPACING * size
        lines.append(Text(edge, y + tall / 2, block, size=size, colour=colour, heading=heading))
        y += tall + 3

    write(title, 14, style.INK, heading=True)
    write(subtitle, 10, style.MUTED)
    head = y + 4
    y = head + picture.height + 10
    for text in small_print:
        write(text, 7.5, style.MUTED)
    whole = Panel(0, 0, width + 2 * edge, y + edge, (0, width + 2 * edge), (y + edge, 0),
                  axis=False, marks=list(lines))  # fmt: skip
    panels = [whole, *(panel.moved(edge, head) for panel in picture.panels)]
    return Picture(width + 2 * edge, y + edge, panels, picture.descriptions)
