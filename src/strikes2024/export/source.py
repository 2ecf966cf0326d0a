"""What is exported: descriptor and typed tables, and their cells as plain values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from strikes2024 import schema
from strikes2024.tables import Tables, load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from strikes2024.schema import Package

__all__ = ["Plain", "Source", "calm", "plain_rows", "uncalm"]

Plain: TypeAlias = str | int | float | bool | None
_PLAIN = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
_RUN = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Source:
    """The data to export."""

    root: Path
    package: Package
    tables: Tables

    @classmethod
    def read(cls, root: Path) -> Source:
        """Read a data directory. Raises :class:`strikes2024.DataError`."""
        return cls(root, schema.read_package(root), load(root))


def calm(text: str) -> str:
    """Put ``'`` before text that a spreadsheet would take for a formula.

    These are texts that begin with ``= + - @`` or with a tab or line break (the list of OWASP's
    advice on CSV injection), but for plain numbers. Other text stays as it is, and
    :func:`uncalm` gives back what was.
    """
    run = text.lstrip("'").startswith(_RUN) and not _PLAIN.fullmatch(text)
    return f"'{text}" if run else text


def uncalm(text: str) -> str:
    """Take the ``'`` of :func:`calm` off again."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_RUN) else text


def plain_rows(frame: pd.DataFrame) -> Iterator[list[Plain]]:
    """Yield the rows as values that JSON and SQL know; missing is ``None``.

    Dates become ``YYYY-MM-DD``, moments ``YYYY-MM-DDTHH:MM:SSZ``, whole numbers ``int``.
    """
    columns: Sequence[list[Plain]] = [_plain_column(frame[name]) for name in frame.columns]
    yield from (list(row) for row in zip(*columns, strict=True))


def _plain_column(column: pd.Series) -> list[Plain]:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        texts = column.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    elif pd.api.types.is_datetime64_dtype(column):
        texts = column.dt.strftime("%Y-%m-%d")
    else:
        texts = column
    return [None if pd.isna(value) else _plain(value) for value in texts.tolist()]


def _plain(value: Plain) -> Plain:
    whole = isinstance(value, float) and value.is_integer()
    return int(value) if whole and value is not None else value
