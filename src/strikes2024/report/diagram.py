"""The tables and their references as a drawing, from the descriptor alone."""

from collections.abc import Mapping

from markupsafe import Markup

from strikes2024.report.markup import filled
from strikes2024.schema import Package

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


def diagram(package: Package, rows: Mapping[str, int]) -> Markup:
    """Draw a box a table, an arrow from each to those that it refers to; colours come from CSS.

    Parameters
    ----------
    package
        The descriptor.
    rows
        How many rows each table has.
    """
    ties = references(package)
    spots = _spots(ties)
    arrows = [
        _path(spots[name], spots[other])
        for name, others in ties.items()
        for other in others
        if other not in {name, _COMMON}
    ]
    boxes = [(name, *spots[name], rows[name], _COMMON in ties[name]) for name in ties]
    return filled(
        "diagram.html",
        size=(_WIDTH, _HEIGHT),
        width=max(x for x, _ in spots.values()) + _WIDTH + _EDGE,
        height=max(y for _, y in spots.values()) + _HEIGHT + _EDGE,
        words=_words(ties),
        arrows=arrows,
        boxes=boxes,
    )


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


def _path(start: tuple[int, int], end: tuple[int, int]) -> str:
    """Lead from the right side of a box to the left side of another."""
    x1, y1 = start[0] + _WIDTH, start[1] + _HEIGHT // 2
    x2, y2 = end[0] - 2, end[1] + _HEIGHT // 2
    return f"M{x1} {y1}C{x1 + _ACROSS} {y1} {x2 - _ACROSS} {y2} {x2} {y2}"
