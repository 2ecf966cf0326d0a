"""Forms with a row for each thing: ranges, stacked bars, a grid of ties."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from strikes2024.charts import style
from strikes2024.charts.forms import picture as pic
from strikes2024.wording import span

MISSING: Final = "no figure"
_OPTIONAL: Final[dict[str, Any]] = {
    "text": "", "open": False, "strong": False, "group": "", "inner_low": None, "inner_high": None,
    "refs": "",
}  # fmt: skip


class _Rows:
    """Rows below each other, with their labels: beside them, or on a phone above them."""

    def __init__(self, width: float, labels: Sequence[str], heads: Sequence[str]) -> None:
        self.width, self.narrow = width, width < 360
        most = width - 2 * pic.EDGE if self.narrow else 0.46 * width
        self.labels = [pic.wrap(label, most) for label in labels]
        longest = max(pic.measure(line) for label in self.labels for line in label.split("\n"))
        self.left = pic.EDGE if self.narrow else min(most, longest) + pic.EDGE + 8
        self.heads, self.y, self.top = heads, 2.0, 0.0
        self.lead = False  # labels begin at the left, as on a phone
        self.marks: list[pic.Mark] = []

    def write(self, text: str, x0: float, *, bold: bool = False, colour: str = style.INK) -> None:
        """Write over the whole width, from where the labels begin."""
        size = pic.SIZE + 0.5 * bold
        block = pic.wrap(text, self.width - 2 * pic.EDGE, size, bold=bold)
        tall = (block.count("\n") + 1) * pic.SPACING * size
        middle, dx = self.y + tall / 2, pic.EDGE - self.left
        self.marks.append(pic.Text(x0, middle, block, dx, bold=bold, size=size, colour=colour))
        self.y += tall + 5

    def head(self, unit: str, x0: float = 0.0) -> None:
        """Say above the rows what they count; the lines of a scale begin below."""
        if unit:
            self.write(unit, x0, colour=style.MUTED)
            self.top = self.y

    def key(self, colours: Mapping[str, str]) -> None:
        """Name colours beside discs, from where the labels begin."""
        x, indent = pic.EDGE, 0.0 if self.narrow else -self.left
        self.y += 6
        for name, colour in colours.items():
            room = 26 + pic.measure(name)
            if x > pic.EDGE and x + room > self.width:
                x, self.y = pic.EDGE, self.y + pic.LINE + 2
            disc = pic.Text(0, self.y - 0.5, "•", dx=indent + x, colour=colour, size=20)
            self.marks += [disc, pic.Text(0, self.y, name, dx=indent + x + 11)]
            x += room
        self.y += 12

    def begins(self) -> list[str]:
        """Return for each row the heading above it, if there is one."""
        return [h if not i or self.heads[i - 1] != h else "" for i, h in enumerate(self.heads)]

    def next(self, number: int, height: float, x0: float = 0.0) -> float:
        """Make room for a row with a drawing so high; return the middle of the drawing."""
        head = self.begins()[number]
        if head:
            self.y += 9 if number else 0
            self.write(head, x0, bold=True)
        label = self.labels[number]
        lines = label.count("\n") + 1
        if self.narrow:
            middle = self.y + lines * pic.LINE / 2
            self.marks.append(pic.Text(x0, middle, label, dx=pic.EDGE - self.left))
            self.y += lines * pic.LINE
            self.y += height + 4
            return self.y - 4 - height / 2
        room = max(height, lines * pic.LINE + (8 if lines > 1 else 3))
        self.y += room
        lead, middle = self.lead, self.y - room / 2
        self.marks.append(pic.Text(x0, middle, label, dx=pic.EDGE - self.left if lead else -6,
                                   align="left" if lead else "right"))  # fmt: skip
        return middle

    def panel(self, x: tuple[float, float], right: float) -> pic.Panel:
        """Return the panel of all rows; in it y counts points from the top of the picture."""
        return pic.Panel(self.left, self.top + 2, right, self.y + 4, x, (self.y + 2, self.top),
                         marks=self.marks)  # fmt: skip


def _filled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with every column that it may have; lines that are not strong are grey."""
    data = frame.assign(**{name: None for name in _OPTIONAL if name not in frame})
    for name, default in _OPTIONAL.items():
        data[name] = [default if pd.isna(value) else value for value in data[name]]
    if "colour" in frame:
        return data
    alike = not data["strong"].any()
    return data.assign(colour=[style.MAIN if s or alike else style.REST for s in data["strong"]])


def spans(rows: pd.DataFrame) -> list[str]:
    """Write the range of each row, with "or more" where it is ``open``, "" where there is none."""
    more = rows["open"] if "open" in rows else [False] * len(rows)
    return [
        "" if pd.isna(low) else span(low, high) + " or more" * bool(beyond)
        for low, high, beyond in zip(rows["low"], rows["high"], more, strict=True)
    ]


def range_rows(
    frame: pd.DataFrame, width: float, *, unit: str = "", ticks: Sequence[tuple[float, str]] = ()
) -> pic.Picture:
    """Draw a row for each thing, with its range from low to high.

    Parameters
    ----------
    frame
        In order, with ``row`` (its label), ``low`` and ``high`` (equal for a dot, both missing for
        a row without a figure). May have ``text`` (what stands beside instead of the range; a line
        with an empty text is an earlier figure, a small ring on the row of the line that follows),
        ``open`` ("or more": an arrow), ``strong`` (bold, and in colour where others are grey),
        ``inner_low`` and ``inner_high`` (what is known, a thick bar, the rest of the range a thin
        one), ``colour``, ``group`` (a heading), ``refs`` (the rows behind it).
    width
        In inches.
    unit
        What is counted, of what, where and when; stands above the rows.
    ticks
        Places and labels of a scale that does not begin at zero; an arrow marks ranges beyond it.
    """
    points = width * 72
    rows = _with_earlier(_filled(frame if "text" in frame else frame.assign(text=spans(frame))))
    form = _Rows(points, [str(r["row"]) for r, _ in rows], [str(r["group"]) for r, _ in rows])
    ends = [[_end(line) for line in (*before, row) if pd.notna(line["low"])]
            for row, before in rows]  # fmt: skip
    highest = max((max(own) for own in ends if own), default=1.0)
    most = 4 if form.narrow else 7
    marked = list(ticks) or pic.number_ticks(0, highest or 1.0, most, beyond=True)
    begin, end = marked[0][0], marked[-1][0]
    form.left = max(form.left, *(pic.measure(part) / 2 for part in marked[0][1].split("\n")))
    right = points - 12.0  # or less, so that the longest figure has its room
    for (row, _), own in zip(rows, ends, strict=True):
        share = (min(max(own), end) - begin) / (end - begin) if own else 0.0
        room = points - pic.EDGE - 18 - pic.measure(str(row["text"]), bold=True) - form.left
        right = min(right, form.left + room / share) if share else right
    right = max(right, form.left + 0.3 * (points - form.left))
    scale = (begin, end, (end - begin) / (right - form.left))
    form.head(unit, begin)
    for number, (row, before) in enumerate(rows):
        middle = form.next(number, 15.0, begin)
        form.marks += _earlier(row, before, middle, scale[2])
        form.marks += _range(row, before, middle, scale)
    panel = form.panel((begin, end), right)
    panel.xticks, panel.xgrid = marked, True
    descriptions = [_description(row, before, head=head)
                    for (row, before), head in zip(rows, form.begins(), strict=True)]  # fmt: skip
    deep = max(label.count("\n") + 1 for _, label in marked)
    return pic.Picture(points, panel.bottom + 13 + deep * pic.LINE, [panel], descriptions)


def _with_earlier(frame: pd.DataFrame) -> list[tuple[dict[Any, Any], list[dict[Any, Any]]]]:
    """Return each row with the lines before it that have no text: earlier figures."""
    ends = frame["text"].ne("") | frame["low"].isna()
    rows = frame.groupby(ends.shift(fill_value=False).cumsum().to_numpy())
    lines = (own.to_dict("records") for _, own in rows)
    return [(own[-1], own[:-1]) for own in lines]


def _end(line: Mapping[Any, Any]) -> float:
    return float(line["low"] if pd.isna(line["high"]) else line["high"])


def _figure(line: Mapping[Any, Any]) -> str:
    return str(line.get("figure", line["low"]))


def _description(row: Mapping[Any, Any], earlier: Sequence[Mapping[Any, Any]], *, head: str) -> str:
    """Return a row as the description has it."""
    before = ", ".join(map(_figure, earlier))
    text = row["text"] or MISSING
    described = f"{head + ': ' if head else ''}{row['row']}: {text}"
    return f"{described} (before: {before})" if before else described


def _earlier(
    row: Mapping[Any, Any], before: Sequence[Mapping[Any, Any]], y: float, point: float
) -> list[pic.Mark]:
    """Return a ring for each earlier figure, lowered or raised where it would cover another mark.

    One that is the row's own figure again has no ring.
    """
    rings: list[pic.Mark] = []
    taken = [(_end(row) / point, 0.0)] if before else []
    for at in dict.fromkeys(_end(line) for line in before if _end(line) != _end(row)):
        same = [line for line in before if _end(line) == at]
        x, down = at / point, (0.0, 4.0, 5.0, 6.0, 7.0, -4.0, -5.0, -6.0, -7.0)
        free = (off for off in down if all(math.hypot(x - a, off - b) >= 7 for a, b in taken))
        taken.append((x, next(free, 0.0)))
        hover = f"{row['row']}, before: {', '.join(_figure(line) for line in same)}"
        rings.append(pic.Dot(at, y + taken[-1][1], row["colour"], size=5, hollow=True, hover=hover,
                             refs=pic.refs_of(line["refs"] for line in same)))  # fmt: skip
    return rings


def _range(
    row: Mapping[Any, Any],
    before: Sequence[Mapping[Any, Any]],
    y: float,
    scale: tuple[float, float, float],
) -> list[pic.Mark]:
    """Return the marks of one range and its figure, which stands right of it.

    Where an earlier figure is there, it stands left; where there is one too, right of all.
    """
    begin, limit, point = scale
    if pd.isna(row["low"]):
        return [pic.Text(begin, y, row["text"] or MISSING, dx=12, colour=style.MUTED)]
    low = min(float(row["low"]), limit)
    unbounded = pd.isna(row["high"]) and not row["open"]
    high = limit if unbounded else max(low, min(_end(row), limit))
    colour, hover = row["colour"], f"{row['row']}: {row['text']}"
    marks: list[pic.Mark] = []
    refs = pic.refs_of(line["refs"] for line in (row, *before) if _end(line) == _end(row))
    earlier = [_end(line) for line in before]
    if pd.notna(row["inner_low"]):
        inner = [min(limit, float(row[c])) if pd.notna(row[c]) else limit
                 for c in ("inner_low", "inner_high")]  # fmt: skip
        marks.append(pic.Box(low, high, y - 1, y + 1, colour))
        thick = max(begin, inner[0]) - point, inner[1] + point  # a tick at the axis is whole
        marks.append(pic.Box(*thick, y - 4.5, y + 4.5, colour))
    elif high > low:
        end = max(high, low + 2 * point)  # a bar is as long as its range, and never unseen
        marks.append(pic.Box(low, end, y - 3.5, y + 3.5, colour, hover=hover, refs=refs))
    else:
        marks.append(pic.Dot(low, y, colour, size=7.5, hover=hover, refs=refs))
    after = 7.0
    if row["open"] or unbounded or _end(row) > limit:
        tip, wing = (high + 11 * point, y), high + 7.2 * point
        head = ((wing, y - 2), tip, (wing, y + 2))
        marks.append(pic.Line(((high, y), tip, (math.nan, math.nan), *head), colour, 1.4))
        after = 14.0
    text, bold = str(row["text"]), bool(row["strong"])
    end = low - (10 + pic.measure(text, bold=bold)) * point
    if max(earlier, default=low) > high and end > begin and not any(end < e < low for e in earlier):
        return [*marks, pic.Text(low, y, text, dx=-7, align="right", bold=bold)]
    at = min(max([high, *earlier]), limit)
    return [*marks, pic.Text(at, y, text, dx=after, bold=bold)]


def stacked_rows(
    frame: pd.DataFrame, width: float, *, colours: Mapping[str, str], unit: str = ""
) -> pic.Picture:
    """Draw a bar for each row, made of parts, each with its number; the key names the parts.

    Parameters
    ----------
    frame
        One line for each part of each row: ``row``, ``part``, ``value``; rows in order. May have
        ``group`` (a heading) and ``refs`` (the rows behind a part).
    width
        In inches.
    colours
        The colour of each part, in the order in which they are stacked.
    unit
        What is counted, of what, where and when; stands above the rows.
    """
    points = width * 72
    data = _filled(frame).assign(part=pd.Categorical(frame["part"], list(colours)))
    rows = data.groupby("row", sort=False)
    form = _Rows(points, [str(name) for name in rows.groups], list(rows["group"].first()))
    limit = float(rows["value"].sum().max())
    spare = 12 + pic.measure(f"{limit:,.0f}", bold=True)
    point = limit / (points - form.left - spare)
    form.head(unit)
    form.key(colours)
    descriptions = []
    for number, (name, own) in enumerate(rows):
        middle = form.next(number, 17.0)
        at, parts = 0.0, []
        for part, lines in own.groupby("part", observed=True):
            colour, refs = colours[str(part)], pic.refs_of(lines["refs"])
            value = float(lines["value"].sum())
            form.marks.append(pic.Box(at, at + value, middle - 7, middle + 7, colour,
                                      hover=f"{name}: {part} {value:g}", refs=refs))  # fmt: skip
            text = f"{value:,.0f}"
            parts.append(f"{part} {text}")
            at += value
            if value > (pic.measure(text, bold=True) + 1) * point:
                form.marks.append(pic.Text(at - value / 2, middle, text, align="center", bold=True,
                                            colour=style.ON_COLOUR))  # fmt: skip
        form.marks.append(pic.Text(at, middle, f"{at:,.0f}", dx=5))
        descriptions.append(f"{name}: {at:,.0f}" + f", {', '.join(parts)}")
    panel = form.panel((0.0, limit), points - spare)
    panel.axis = False
    return pic.Picture(points, panel.bottom + 4, [panel], descriptions)


def grid(
    frame: pd.DataFrame, width: float, *, columns: Sequence[str], unit: str = ""
) -> pic.Picture:
    """Draw a row for each thing and a column for each thing that it may be tied to.

    Parameters
    ----------
    frame
        One line for each tie: ``row``, ``column``, and ``text``, which stands in the cell beside
        the dot, or "" for a dot alone. May have ``colour``, ``group``, ``strong`` and ``refs`` (the
        rows behind it).
    width
        In inches.
    columns
        The headings, in order.
    unit
        What the table shows; stands above it.
    """
    points = width * 72
    data = _filled(frame)
    rows = data.groupby("row", sort=False)
    form = _Rows(points, [str(name) for name in rows.groups], list(rows["group"].first()))
    form.lead = True
    share = (points - form.left - pic.EDGE) / len(columns)
    form.head(unit)
    heads = [pic.wrap(column, share - 14, bold=True) for column in columns]
    deep = max(head.count("\n") + 1 for head in heads) * pic.LINE
    for x, head in enumerate(heads):
        middle = form.y + deep - (head.count("\n") + 1) * pic.LINE / 2
        form.marks.append(pic.Text(x, middle, head, dx=0.01, bold=True))
    form.y += deep + 6
    for number, (_, own) in enumerate(rows):
        cells = [pic.wrap(text, share - 18) for text in own["text"]]
        if number:
            rule = ((-form.left / share, form.y), (len(columns) - 8 / share, form.y))
            form.marks.append(pic.Line(rule, style.GRID, 0.8, alpha=0.5))
            form.y += 3 * form.narrow
        lines = max(cell.count("\n") + 1 for cell in cells)
        middle = form.next(number, lines * pic.LINE + (4 if form.narrow else 8))
        for row, cell in zip(own.to_dict("records"), cells, strict=True):
            x = list(columns).index(row["column"])
            hover = f"{row['row']}: {row['text']}"
            refs = pic.refs_of([row["refs"]])
            form.marks.append(pic.Dot(x, middle, row["colour"], size=7, hover=hover, refs=refs))
            form.marks.append(pic.Text(x, middle, cell, dx=8, bold=bool(row["strong"])))
    panel = form.panel((-(form.left + 4) / share, len(columns) - 4 / share), points - pic.EDGE)
    panel.left, panel.axis = 0, False
    descriptions = [f"{row['row']}: {row['column']}{', ' + row['text'] if row['text'] else ''}"
                    for row in data.to_dict("records")]  # fmt: skip
    return pic.Picture(points, panel.bottom + 4, [panel], descriptions)
