"""What the tables hold: rows, columns, days covered, and how full each column is."""

import os
from pathlib import Path

import pandas as pd

from strikes2024 import schema
from strikes2024.tables import NAMES, load, table


def describe_tables(data_dir: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """Say what each table holds.

    Parameters
    ----------
    data_dir
        Directory with a descriptor and its files; by default the package's own data.

    Returns
    -------
    pandas.DataFrame
        One row a table: ``table``, ``title``, ``rows``, ``columns`` (counts), ``first``, ``last``
        (the earliest and the latest day in any of its columns of dates; missing where it has none).

    Raises
    ------
    DataError
        The data cannot be read.

    Examples
    --------
    >>> bool(describe_tables()["rows"].gt(0).all())
    True
    """
    root = schema.data_dir() if data_dir is None else Path(data_dir)
    package, tables = schema.read_package(root), load(root)
    rows = []
    for name in NAMES:
        frame = tables[name]
        days = frame.select_dtypes("datetime64")
        first, last = pd.to_datetime([days.min().min(), days.max().max()])
        title = package.table(name).title
        rows.append((name, title, len(frame), frame.shape[1], first, last))
    return pd.DataFrame(rows, columns=["table", "title", "rows", "columns", "first", "last"])


def describe_columns(name: str, data_dir: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """Say what each column of a table holds.

    Parameters
    ----------
    name
        A table.
    data_dir
        Directory with a descriptor and its files; by default the package's own data.

    Returns
    -------
    pandas.DataFrame
        One row a column: ``column``, ``type``, ``filled`` (cells that are not blank),
        ``distinct`` (different values among them), ``description``.

    Raises
    ------
    DataError
        There is no table of that name, or the data cannot be read.

    Examples
    --------
    >>> describe_columns("claims").set_index("column").loc["stated", "type"]
    'date'
    """
    root = schema.data_dir() if data_dir is None else Path(data_dir)
    frame, fields = table(name, root), schema.read_package(root).table(name).fields
    return pd.DataFrame(
        {
            "column": frame.columns,
            "type": [field.holds for field in fields],
            "filled": frame.count().to_numpy(),
            "distinct": frame.nunique().to_numpy(),
            "description": [field.description for field in fields],
        }
    )
