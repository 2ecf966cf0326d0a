"""The cells of what is exported as plain values."""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias, cast

import numpy as np
import pandas as pd

Plain: TypeAlias = str | int | float | bool | None
_PLAIN = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
_RUN = ("=", "+", "-", "@", "\t", "\r", "\n")
_FIRST = {"'", *_RUN}  # characters that harmless text does not begin with
_BLOCK = 20_000  # rows


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


def plain_rows(frame: pd.DataFrame, *, escape: bool = False) -> Iterator[tuple[Plain, ...]]:
    """Yield the rows as values that JSON and SQL know; missing is ``None``.

    Dates become ``YYYY-MM-DD``, moments ``YYYY-MM-DDTHH:MM:SSZ``, whole numbers ``int``. Cells
    never stand as Python's values all at once. For CSV, ``escape`` texts by :func:`escape_formula`.
    """
    values = _escaped_column if escape else _plain_column
    for start in range(0, len(frame), _BLOCK):
        part = frame.iloc[start : start + _BLOCK]
        yield from zip(*(values(part[name]) for name in part.columns), strict=True)


def write_csv(
    target: Path, frame: pd.DataFrame, header: Sequence[str] = (), encoding: str = "utf-8"
) -> None:
    """Write a frame as CSV, under other heads where some are given."""
    with target.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header or frame.columns)
        writer.writerows(plain_rows(frame, escape=True))


def _escaped_column(column: pd.Series) -> Sequence[Plain]:
    values = _plain_column(column)
    if pd.api.types.is_bool_dtype(column.dtype):
        return [None if value is None else str(value).lower() for value in values]
    if isinstance(column.dtype, pd.StringDtype):
        texts = cast("list[str | None]", values)
        return [escape_formula(text) if text and text[0] in _FIRST else text for text in texts]
    return values


def _plain_column(column: pd.Series) -> Sequence[Plain]:
    dtype = column.dtype
    if isinstance(dtype, pd.DatetimeTZDtype):
        column = column.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    elif pd.api.types.is_datetime64_dtype(dtype):
        days = np.datetime_as_string(column.to_numpy(), unit="D").tolist()
        return [None if day == "NaT" else day for day in days]
    values: list[Plain] = column.astype(object).array.to_numpy(na_value=None).tolist()
    if pd.api.types.is_float_dtype(dtype) or pd.api.types.is_object_dtype(dtype):
        return [
            int(value) if isinstance(value, float) and value.is_integer() else value
            for value in values
        ]
    return values
