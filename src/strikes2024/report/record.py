"""The record that the book is made of, read once a build."""

from functools import cache
from typing import Any

import pandas as pd

import strikes2024
from claimbook.references import UnknownKeyError
from strikes2024.report.rows import readings
from strikes2024.tables import Tables


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


@cache
def second_readings(table: str) -> dict[str, str]:
    """Return by id what is known of the second reading of a table's rows."""
    return readings(tables().audit, table)


@cache
def whole_claims(event: str) -> list[Any]:
    """Standing claims on the whole of an event, the latest first."""
    c = tables().claims
    own = (c["event"] == event) & (c["scope"] == "whole") & (c["status"] == "stands")
    return list(c[own.fillna(False)].sort_values("stated", ascending=False).itertuples(index=False))


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
