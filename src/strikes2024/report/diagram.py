"""The tables and their references as a drawing: SVG from the descriptor alone."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strikes2024.schema import Package

__all__ = ["diagram", "references"]

_WIDTH, _HEIGHT = 142, 46  # of a box
_ACROSS, _DOWN = 34, 18  # between boxes
_EDGE = 6
_COMMON = "sources"  # nearly every table refers to it: a dot says so, or lines would hide the rest


def references(package: Package) -> dict[str, list[str]]:
    """Give for each table the tables that it refers to, each once, in the descriptor's order."""
    return {
        table.name: list(
            dict.fromkeys(field.reference.table for field in table.fields if field.reference)
        )
        for table in package.tables.values()
    }


def diagram(package: Package, rows: Mapping[str, int]) -> str:
    """Draw a box a table, an arrow from each to those that it refers to; colours come from CSS."""
    ties = references(package)
    spots = _spots(ties)
    width = max(x for x, _ in spots.values()) + _WIDTH + _EDGE
    height = max(y for _, y in spots.values()) + _HEIGHT + _EDGE
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    words = f'role="group" aria-label="{escape(_words(ties))}"'
    parts = [
        f'<svg class="table-diagram" xmlns="http://www.w3.org/2000/svg" {size} {words}>',
        '<defs><marker id="table-diagram-head" viewBox="0 0 8 8" refX="7" refY="4"',
        ' markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>',
    ]
    parts += [
        _arrow(spots[name], spots[other])
        for name, others in ties.items()
        for other in others
        if other not in {name, _COMMON}
    ]
    parts += [_box(name, spots[name], rows[name], _COMMON in ties[name]) for name in ties]
    return "\n".join([*parts, "</svg>"])


def _words(ties: Mapping[str, list[str]]) -> str:
    """Say in words what the drawing shows."""
    lines = [f"{name} refers to {', '.join(others)}" for name, others in ties.items() if others]
    return "Diagram of the tables: " + "; ".join(lines) + "."


def _rank(name: str, ties: Mapping[str, list[str]]) -> int:
    """How many steps a table is away from those that refer to no other."""
    others = [other for other in ties[name] if other not in {name, _COMMON}]
    return 1 + max(_rank(other, ties) for other in others) if others else 0


def _spots(ties: Mapping[str, list[str]]) -> dict[str, tuple[int, int]]:
    """Place the tables: a column a rank, what is referred to on the right."""
    ranks = {name: _rank(name, ties) for name in ties}
    columns = [[n for n in ties if ranks[n] == rank] for rank in range(max(ranks.values()), -1, -1)]
    tallest = max(map(len, columns))
    spots = {}
    for place, column in enumerate(columns):
        # Short columns stand in the middle of the tallest one.
        above = (tallest - len(column)) * (_HEIGHT + _DOWN) // 2
        for number, name in enumerate(column):
            x = _EDGE + place * (_WIDTH + _ACROSS)
            spots[name] = (x, _EDGE + above + number * (_HEIGHT + _DOWN))
    return spots


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    x1, y1 = start[0] + _WIDTH, start[1] + _HEIGHT // 2
    x2, y2 = end[0] - 2, end[1] + _HEIGHT // 2
    bend = _ACROSS
    path = f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    return f'<path class="tie" d="{path}" marker-end="url(#table-diagram-head)"/>'


def _box(name: str, spot: tuple[int, int], rows: int, common: bool) -> str:
    x, y = spot
    dot = f'<circle cx="{x + _WIDTH - 12}" cy="{y + 12}" r="4"/>' if common else ""
    return (
        f'<a href="#table-{escape(name)}"><rect x="{x}" y="{y}" width="{_WIDTH}"'
        f' height="{_HEIGHT}" rx="3"/>'
        f'<text class="name" x="{x + 10}" y="{y + 20}">{escape(name)}</text>'
        f'<text class="rows" x="{x + 10}" y="{y + 37}">{rows:,} rows</text>{dot}</a>'
    )
