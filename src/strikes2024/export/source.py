"""What is exported: descriptor and typed tables, and their cells as plain values."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self, TypeAlias

import numpy as np
import pandas as pd

from strikes2024 import schema
from strikes2024.schema import Package
from strikes2024.tables import Tables, load, table

Plain: TypeAlias = str | int | float | bool | None
_PLAIN = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
_FIRST = frozenset("=+-@\t\r\n'")
_RUN = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Source:
    """The data to export; tables are loaded when they are asked for."""

    root: Path
    package: Package

    @classmethod
    def read(cls, root: Path) -> Self:
        """Read the descriptor of a data directory. Raises :class:`strikes2024.DataError`."""
        return cls(root, schema.read_package(root))

    @cached_property
    def tables(self) -> Tables:
        """All tables. Raises :class:`strikes2024.DataError`."""
        return load(self.root)

    def table(self, name: str) -> pd.DataFrame:
        """One table. Raises :class:`strikes2024.DataError`."""
        return table(name, self.root)


def escape_formula(text: str) -> str:
    """Put ``'`` before text that a spreadsheet would take for a formula.

    These are texts that begin with ``= + - @`` or with a tab or line break (the list of OWASP's
    advice on CSV injection), but for plain numbers. Other text stays as it is, and
    :func:`unescape_formula` gives back what was.
    """
    run = text.lstrip("'").startswith(_RUN) and not _PLAIN.fullmatch(text)
    return f"'{text}" if run else text


def unescape_formula(text: str) -> str:
    """Take the ``'`` of :func:`escape_formula` off again."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_RUN) else text


def plain_rows(frame: pd.DataFrame) -> Iterator[tuple[Plain, ...]]:
    """Yield the rows as values that JSON and SQL know; missing is ``None``.

    Dates become ``YYYY-MM-DD``, moments ``YYYY-MM-DDTHH:MM:SSZ``, whole numbers ``int``.
    """
    for part in _slices(frame):
        yield from zip(*(_plain_column(part[name]) for name in part.columns), strict=True)


def csv_rows(frame: pd.DataFrame) -> Iterator[tuple[Plain, ...]]:
    """Yield the rows as :func:`plain_rows` does, its texts escaped by :func:`escape_formula`."""
    for part in _slices(frame):
        yield from zip(*(_escaped_column(part[name]) for name in part.columns), strict=True)


def _slices(frame: pd.DataFrame, size: int = 20_000) -> Iterator[pd.DataFrame]:
    """Cut a frame into pieces, so that its cells never stand as Python's values all at once."""
    return (frame.iloc[start : start + size] for start in range(0, len(frame), size))


def _escaped_column(column: pd.Series) -> Sequence[Plain]:
    values = _plain_column(column)
    if pd.api.types.is_bool_dtype(column.dtype):
        return [None if value is None else str(value).lower() for value in values]
    if not isinstance(column.dtype, pd.StringDtype):
        return values
    if _FIRST.isdisjoint([str(value)[:1] for value in set(values)]):
        return values
    return [
        escape_formula(value) if isinstance(value, str) and value[:1] in _FIRST else value
        for value in values
    ]


def _plain_column(column: pd.Series) -> Sequence[Plain]:
    dtype = column.dtype
    if isinstance(dtype, pd.DatetimeTZDtype):
        column = column.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    elif pd.api.types.is_datetime64_dtype(dtype):
        days = np.datetime_as_string(column.to_numpy(), unit="D").tolist()
        return [None if day == "NaT" else day for day in days]
    values: list[Plain] = column.astype(object).where(column.notna(), None).tolist()
    if pd.api.types.is_float_dtype(dtype) or pd.api.types.is_object_dtype(dtype):
        return [
            int(value) if isinstance(value, float) and value.is_integer() else value
            for value in values
        ]
    return values
