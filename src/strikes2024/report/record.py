"""The record that the book is made of, read once a build."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import strikes2024
from claimbook.references import UnknownKeyError

if TYPE_CHECKING:
    import pandas as pd

    from strikes2024.tables import Tables

__all__ = ["actor_names", "find_row", "row_index", "tables"]


@cache
def tables() -> Tables:
    """Return the data, read once a build."""
    return strikes2024.load()


@cache
def row_index(table: str) -> pd.DataFrame:
    """Return a table with its id as index; its cells are plain objects, quick to read by row."""
    frame: pd.DataFrame = getattr(tables(), table)
    return frame.astype(object).set_index(frame.columns[0])


@cache
def actor_names() -> dict[str, str]:
    """Return names by actor id."""
    return {str(k): str(v) for k, v in row_index("actors")["name"].items()}


def find_row(table: str, key: str) -> Any:
    """A row of the record by its id.

    Parameters
    ----------
    table, key
        Table and id.

    Returns
    -------
    pandas.Series
        Cells as plain objects.

    Raises
    ------
    UnknownKeyError
        There is no such row.
    """
    rows = row_index(table)
    if key not in rows.index:
        raise UnknownKeyError(f"{table} id", key, rows.index)
    return rows.loc[key]
