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
    return filled(
        "diagram.html",
        ties=ties,
        spots=_spots(ties),
        rows=rows,
        common=_COMMON,
        size=(_WIDTH, _HEIGHT),
        across=_ACROSS,
        edge=_EDGE,
    )


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
