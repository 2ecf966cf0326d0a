"""Forms with a row for each thing: ranges, stacked bars, a grid of ties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from strikes2024.charts import style
from strikes2024.charts.forms.labels import Rect, place
from strikes2024.charts.forms.picture import (
    SIZE,
    SPACING,
    Arrow,
    Box,
    Dot,
    Line,
    Mark,
    Panel,
    Picture,
    Words,
    key_lines,
    measure,
    number_ticks,
    wrap,
)

__all__ = ["grid", "range_rows", "said", "stacked_rows"]

_EDGE: Final = 4.0
_LINE: Final = SPACING * SIZE


class _Rows:
    """Rows below each other, with their labels: beside them, or on a phone above them."""

    def __init__(self, width: float, labels: Sequence[str], heads: Sequence[str]) -> None:
        self.width, self.narrow = width, width < 360
        most = width - 2 * _EDGE if self.narrow else 0.46 * width
        self.labels = [wrap(label, most) for label in labels]
        longest = max(measure(line) for label in self.labels for line in label.split("\n"))
        self.left = _EDGE if self.narrow else min(most, longest) + _EDGE + 8
        self.heads, self.y = heads, 2.0
        self.marks: list[Mark] = []
        self.ticks: list[tuple[float, str]] = []

    def next(self, number: int, height: float, x0: float) -> float:
        """Make room for a row with a drawing so high; return the middle of the drawing."""
        head = self.heads[number]
        if head and (number == 0 or self.heads[number - 1] != head):
            self.y += 10 if number else 0
            # On wide pictures the heading begins where the labels do.
            back = 0.0 if self.narrow else _EDGE - self.left
            self.marks.append(
                Words(x0, self.y + 8, head, dx=back or 0.01, bold=True, size=SIZE + 0.5)
            )
            self.y += 19
        label = self.labels[number]
        lines = label.count("\n") + 1
        if self.narrow:
            self.marks.append(Words(x0, self.y + lines * _LINE / 2, label, dx=0.01))
            self.y += lines * _LINE
            middle = self.y + height / 2
            self.y += height + 4
        else:
            room = max(height, lines * _LINE + 3)
            middle = self.y + room / 2
            self.ticks.append((middle, label))
            self.y += room
        return middle

    def panel(self, x: tuple[float, float], right: float) -> Panel:
        """Return the panel of all rows; in it y counts points from the top."""
        return Panel(self.left, 2.0, right, self.y + 4, x, (self.y + 2, 0.0), yticks=self.ticks)


def _column(frame: pd.DataFrame, name: str, default: Any) -> list[Any]:
    return list(frame[name]) if name in frame else [default] * len(frame)


def _flags(frame: pd.DataFrame, name: str) -> list[bool]:
    """Return a column of yes and no; what is missing is no."""
    return [pd.notna(value) and bool(value) for value in _column(frame, name, False)]


def _colours(frame: pd.DataFrame) -> list[str]:
    if "colour" in frame:
        return list(frame["colour"])
    return [style.SIDE_COLOURS[side] for side in _column(frame, "side", "us")]


def range_rows(
    frame: pd.DataFrame,
    width: float,
    *,
    unit: str = "",
    top: float | None = None,
    missing: str = "no figure",
    stems: bool = False,
) -> Picture:
    """Draw a row for each thing, with its range from low to high, or several named dots.

    Parameters
    ----------
    frame
        In order, with ``row`` (its label; rows of the same label share one line), ``low`` and
        ``high`` (equal for a dot, both missing for a row without a figure) and ``text`` (what
        stands beside). May have ``open`` ("or more": an arrow), ``inner_low`` and ``inner_high``
        (what is known, in the full colour, the rest of the range in a lighter one), ``side`` or
        ``colour``, ``group`` (a heading), ``strong`` (bold), ``brief`` (the label on a phone).
    width
        In inches.
    unit
        What the axis counts.
    top
        The end of the scale; ranges beyond it end in an arrow.
    missing
        What a row without a figure says.
    stems
        Whether a thin line leads from zero to each row's dot.
    """
    points = width * 72
    narrow = points < 360
    data = frame.assign(open=_flags(frame, "open"), strong=_flags(frame, "strong"))
    data = data.reset_index(drop=True)
    names = data["row"].astype(str).tolist()
    shown = [str(b) for b in _column(data, "brief", None)] if narrow and "brief" in data else names
    groups = [str(group or "") for group in _column(data, "group", "")]
    lines = list(zip(groups, names, strict=True))
    keys = list(dict.fromkeys(lines))
    first = [lines.index(key) for key in keys]
    rows = _Rows(points, [shown[i] for i in first], [groups[i] for i in first])
    ends = data[["low", "high"]].astype("Float64").max(axis=1).astype(float)
    limit = float(top if top is not None else max(ends.max(), 1.0))
    texts = [str(text) for text in _column(data, "text", "")]
    single = [i for i, line in enumerate(lines) if lines.count(line) == 1]
    spare = max((measure(texts[i], bold=True) for i in single), default=0.0) + 22
    right = points - _EDGE - min(spare, 0.34 * points)
    end = limit * 1.02
    named: list[tuple[int, Words]] = []
    for number, key in enumerate(keys):
        own = [i for i, line in enumerate(lines) if line == key]
        crowd = len(own) > 1
        middle = rows.next(number, 44.0 if crowd else 15.0, 0.0)
        if crowd:
            rows.marks.append(Line(((0, middle), (limit, middle)), style.GRID, 1.0, alpha=0.4))
        if stems and not crowd and pd.notna(ends[own[0]]):
            stem = ((0.0, middle), (float(data["low"][own[0]]), middle))
            rows.marks.append(Line(stem, _colours(data)[own[0]], 1.4, alpha=0.4))
        for i in own:
            rows.marks += _range(data, i, middle, limit, missing, beside=not crowd)
            if crowd and texts[i]:
                value = float(data["low"][i])
                named.append((i, Words(value, middle, texts[i], bold=bool(data["strong"][i]))))
    panel = rows.panel((0.0, end), right)
    panel.marks = rows.marks
    panel.xticks, panel.xgrid = number_ticks(0, limit, 4 if narrow else 7), True
    place(
        panel,
        [words for _, words in named],
        frame=Rect(panel.left, 0, points - 2, panel.bottom),
        sides=("above", "below", "above right", "below right", "above left", "below left"),
    )
    height = _unit(panel, unit)
    told = [
        f"{groups[i] + ', ' if groups[i] else ''}{names[i]}: {texts[i] or missing}"
        for i in range(len(data))
    ]
    return Picture(points, height, [panel], told)


def _unit(panel: Panel, unit: str) -> float:
    """Write below the ticks what the axis counts; return the height of the picture."""
    bottom = panel.bottom + 9 + _LINE
    if unit:
        panel.add(Words(panel.x[0], panel.y[0], unit, dx=0.01, dy=bottom - panel.bottom + 5,
                        colour=style.MUTED))  # fmt: skip
        bottom += _LINE + 2
    return bottom + 4


def _range(
    data: pd.DataFrame, i: int, y: float, limit: float, missing: str, *, beside: bool
) -> list[Mark]:
    """Return the marks of one range; ``beside`` writes its figure at its end."""
    row: Any = data.loc[i]
    if pd.isna(row["low"]):
        return [Words(0, y, missing, dx=3, colour=style.MUTED)]
    colour = _colours(data)[i]
    low = min(float(row["low"]), limit)
    past = pd.isna(row["high"]) or float(row["high"]) > limit
    high = limit if past and not bool(row["open"]) else low
    high = high if pd.isna(row["high"]) else max(low, min(float(row["high"]), limit))
    marks: list[Mark] = []
    two = "inner_low" in data and pd.notna(row["inner_low"])
    if high > low:
        marks.append(Box(low, high, y - 2.5, y + 2.5, colour, 0.35 if two else 0.55))
    if two:
        inner = [min(limit, float(row[c])) if pd.notna(row[c]) else limit
                 for c in ("inner_low", "inner_high")]  # fmt: skip
        known = 0.004 * limit
        marks.append(Box(max(0.0, inner[0] - known), inner[1] + known, y - 4.5, y + 4.5, colour))
    else:
        side = row.get("side", "us")
        shape = style.SIDE_MARKS[side][0] if isinstance(side, str) else "o"
        text = f"{row['row']}: {row.get('text', '')}"
        marks += [Dot(at, y, colour, shape, 7, hover=text) for at in dict.fromkeys((low, high))]
    after = 7.0
    if past or bool(row["open"]):
        marks.append(Arrow(high, y, dx=16, colour=colour))
        after = 20.0
    if beside and row.get("text"):
        strong = bool(row["strong"])
        marks.append(Words(high, y, str(row["text"]), dx=after, bold=strong))
    return marks


def stacked_rows(
    frame: pd.DataFrame,
    width: float,
    *,
    colours: Mapping[str, str],
    unit: str = "",
    texts: Mapping[str, str] | None = None,
) -> Picture:
    """Draw a bar for each row, made of parts, each with its number; the key names the parts.

    Parameters
    ----------
    frame
        One line for each part of each row: ``row``, ``part``, ``value``; rows in order. May have
        ``group`` (a heading).
    width
        In inches.
    colours
        The colour of each part, in the order in which they are stacked.
    unit
        What the axis counts.
    texts
        What stands at the end of a row, its sum unless given.
    """
    points = width * 72
    names = list(dict.fromkeys(frame["row"].astype(str)))
    groups = _column(frame, "group", "")
    first = [frame["row"].astype(str).tolist().index(name) for name in names]
    rows = _Rows(points, names, [str(groups[i] or "") for i in first])
    table = frame.pivot_table(
        index="row", columns="part", values="value", aggfunc="sum", fill_value=0, sort=False
    ).reindex(columns=list(colours), fill_value=0)
    limit = float(table.sum(axis=1).max())
    ends = {name: (texts or {}).get(name, f"{table.loc[name].sum():,.0f}") for name in names}
    spare = 12 + max(measure(text, bold=bool(texts)) for text in ends.values())
    key, down = key_lines(colours, points)
    rows.marks += [replace(word, dx=word.dx + (0 if rows.narrow else -rows.left)) for word in key]
    rows.y = down + 4
    for number, name in enumerate(names):
        middle = rows.next(number, 17.0, 0.0)
        values: Any = table.loc[name]
        at = 0.0
        for part, colour in colours.items():
            value = float(values[part])
            if not value:
                continue
            rows.marks.append(
                Box(at, at + value, middle - 7, middle + 7, colour,
                    hover=f"{name}: {part} {value:g}")
            )  # fmt: skip
            wide = value / limit * (points - rows.left - spare)
            text = f"{value:,.0f}"
            if wide > measure(text, SIZE, bold=True) + 4:
                rows.marks.append(
                    Words(at + value / 2, middle, text, align="center", colour=style.ON_COLOUR,
                          bold=True)
                )  # fmt: skip
            at += value
        rows.marks.append(Words(at, middle, ends[name], dx=5, bold=bool(texts)))
    panel = rows.panel((0.0, limit), points - spare)
    panel.marks, panel.axis = rows.marks, False
    told = [
        f"{name}: {ends[str(name)]}, "
        + ", ".join(f"{part} {value:,.0f}" for part, value in values.items() if value)
        for name, values in table.iterrows()
    ]
    return Picture(points, _unit(panel, unit) - (0 if unit else _LINE), [panel], told)


def grid(frame: pd.DataFrame, width: float, *, columns: Sequence[str]) -> Picture:
    """Draw a row for each thing and a column for each thing that it may be tied to.

    Parameters
    ----------
    frame
        One line for each tie: ``row``, ``column``, and ``text``, which stands in the cell beside
        the dot, or "" for a dot alone; ``side`` or ``colour``. May have ``group``.
    width
        In inches.
    columns
        The headings, in order.
    """
    points = width * 72
    narrow = points < 360
    names = list(dict.fromkeys(frame["row"].astype(str)))
    groups = _column(frame, "group", "")
    rows_of = frame["row"].astype(str).tolist()
    rows = _Rows(points, names, [str(groups[rows_of.index(name)] or "") for name in names])
    share = (points - rows.left - _EDGE) / len(columns)
    heads = [wrap(column, share - 14, bold=True) for column in columns]
    deep = max(head.count("\n") + 1 for head in heads) * _LINE
    for x, head in enumerate(heads):
        rows.marks.append(Words(x, 2 + deep / 2, head, dx=0.01, bold=True))
    rows.y = deep + 8
    colours = dict(enumerate(_colours(frame)))
    texts = [str(text) for text in _column(frame, "text", "")]
    for number, name in enumerate(names):
        own = [i for i, row in enumerate(rows_of) if row == name]
        cells = {i: wrap(texts[i], share - 18) for i in own}
        lines = max(cell.count("\n") + 1 for cell in cells.values())
        if number:
            rows.marks.append(
                Line(((0, rows.y), (len(columns), rows.y)), style.GRID, 0.8, alpha=0.5)
            )
        middle = rows.next(number, lines * _LINE + (4 if narrow else 8), 0.0)
        for i in own:
            x = columns.index(str(frame["column"].iloc[i]))
            rows.marks.append(Dot(x, middle, colours[i], size=7, hover=f"{name}: {texts[i]}"))
            if texts[i]:
                rows.marks.append(Words(x, middle, cells[i], dx=8))
    panel = rows.panel((-4 / share, len(columns) - 4 / share), points - _EDGE)
    panel.marks, panel.axis = rows.marks, False
    told = [
        f"{row}: {column}{', ' + text if text else ''}"
        for row, column, text in zip(rows_of, frame["column"], texts, strict=True)
    ]
    return Picture(points, panel.bottom + 4, [panel], told)


def said(text: str, width: float) -> Picture:
    """Draw a few words, where there is nothing else to draw."""
    panel = Panel(0, 0, width * 72, 60, (0, 1), (0, 1), axis=False)
    panel.add(Words(0.5, 0.5, text, align="center", colour=style.MUTED))
    return Picture(width * 72, 60, [panel], [text])
