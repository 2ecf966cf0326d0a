"""The record that the book is made of, read once a build."""

from functools import cache
from typing import Any

import strikes2024
from claimbook.references import UnknownKeyError
from strikes2024.report.rows import plain, readings
from strikes2024.tables import Tables


@cache
def tables() -> Tables:
    """Return the data, read once a build."""
    return strikes2024.load()


@cache
def rows(table: str) -> dict[str, Any]:
    """Return the rows of a table by id, as :func:`~strikes2024.report.rows.plain` makes them."""
    return {row[0]: row for row in plain(tables()[table])}


@cache
def second_readings(table: str) -> dict[str, str]:
    """Return by id what is known of the second reading of a table's rows."""
    return readings(tables().audit, table)


def ordered(table: str, *columns: str) -> list[Any]:
    """Return the rows of a table in the order of some of its columns."""
    keys = tables()[table].sort_values(list(columns)).iloc[:, 0]
    return [rows(table)[key] for key in keys]


def find_row(table: str, key: str) -> Any:
    """Return a row by its id.

    Raises
    ------
    UnknownKeyError
        There is no such row.
    """
    if key not in rows(table):
        raise UnknownKeyError(f"{table} id", key, rows(table))
    return rows(table)[key]


def actor(key: str) -> str:
    """Return the name of an actor."""
    return str(rows("actors")[key].name)


def publisher(key: str) -> str:
    """Return the publisher of a source."""
    return str(rows("sources")[key].publisher)


def who(row: Any) -> str:
    """Return who made a claim or count: the claimant and, where one is named, the speaker."""
    return f"{actor(row.claimant)} ({row.speaker})" if row.speaker else actor(row.claimant)
