"""A foreign CSV file as pieces of text columns, each cell checked as it becomes a value."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import pandas as pd

from strikes2024.schema import LONGEST, DataError, Fault, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Piece", "pieces"]

# Line breaks and other control characters, with the blanks around them.
_CONTROL = "\\s*[\\x00-\\x1f\\x7f-\\x9f\u2028\u2029\ufeff]+\\s*"
_SHORT = f"at most {LONGEST:,} characters"


@dataclass(frozen=True)
class Piece:
    """Some rows of a file: text columns by name. ``first`` is the number of the first row."""

    path: Path
    first: int
    columns: dict[str, pd.Series]

    def text(self, name: str) -> pd.Series:
        """A column of text on one line; blank is missing, as is a column that the file lacks."""
        if name not in self.columns:
            some = next(iter(self.columns.values()))
            return pd.Series(pd.NA, index=some.index, dtype="string")
        text = self.columns[name].str.strip()
        broken = text.str.contains(_CONTROL).astype(bool)
        if broken.any():  # rare, and slow to look for in every cell
            text = text.mask(
                broken, text[broken].str.replace(_CONTROL, " ", regex=True).str.strip()
            )
        return text.mask(text == "")

    def number(self, name: str, low: float, high: float, expected: str) -> pd.Series:
        """A column of numbers from ``low`` to ``high`` (Float64); blank is missing."""
        text = self.text(name)
        form = text.str.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?").fillna(True)
        values = pd.to_numeric(text.where(form.astype(bool))).astype("Float64")
        self.check(name, form & values.between(low, high).fillna(True), expected)
        return values

    def count(self, name: str) -> pd.Series:
        """A column of whole numbers from 0 (Float64, as in ``claims``); blank is missing."""
        expected = "a whole number from 0, in digits alone"
        values = self.number(name, 0, 1e9, expected)
        self.check(name, (values == values.round()).fillna(True), expected)
        return values

    def date(self, name: str, formats: Sequence[str], expected: str) -> pd.Series:
        """A column of dates in any of the formats; none may be blank."""
        text = self.text(name)
        dates = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
        for pattern in formats:
            found = pd.to_datetime(text.where(dates.isna()), format=pattern, errors="coerce")
            dates = dates.fillna(found.dt.as_unit("us"))
        self.check(name, dates.notna(), expected)
        return dates

    def code(self, name: str, codes: dict[str, str]) -> pd.Series:
        """A column of codes, in words; none may be blank."""
        words = self.text(name).map(codes).astype("string")
        self.check(name, words.notna(), f"one of {', '.join(codes)}")
        return words

    def given(self, name: str) -> pd.Series:
        """A column of text in which no cell may be blank."""
        text = self.text(name)
        self.check(name, text.notna(), "a value; this field may not be blank")
        return text

    def key(self, name: str, pattern: str, expected: str) -> pd.Series:
        """A column of keys, in lower case, that can be part of an id; none may be blank."""
        keys = self.given(name).str.lower()
        self.check(name, keys.str.fullmatch(pattern).fillna(False), expected)
        return keys

    def check(self, name: str, good: pd.Series, expected: str) -> None:
        """Raise :class:`strikes2024.DataError` for the first row that is not good."""
        bad = ~good.to_numpy(dtype=bool)
        if bad.any():
            at = int(bad.argmax())
            value = self.columns[name].iloc[at] if name in self.columns else None
            raise _error(self.path, self.first + at, name, value, expected)


def _error(
    path: Path, row: int | None, field: str | None, value: str | None, expected: str
) -> DataError:
    fault = Fault(str(path), row, field, value, expected)
    return DataError(str(fault), fault)


def pieces(
    path: Path, required: Sequence[str], wanted: Sequence[str], layout: str, rows: int
) -> Iterator[Piece]:
    """Walk through a file ``rows`` rows at a time; columns other than ``wanted`` are passed over.

    A byte order mark, either kind of line end, and ``;`` in place of ``,`` are taken as they
    come. Raises :class:`strikes2024.DataError` for a file that cannot be read or is not UTF-8,
    for missing columns (naming those that do not fit), and for a row of another length.
    """
    with _opened(path) as file:
        number = 1
        try:
            reader = _reader(file)
            header = [name.strip().lower() for name in next(reader, [])]
            _check_header(path, header, required, wanted, layout)
            names = [name for name in header if name in wanted]
            take = itemgetter(*(header.index(name) for name in names))
            while (lines := list(islice(reader, rows))) or number == 1:
                first, number = number + 1, number + max(len(lines), 1)
                for row, line in enumerate(lines, start=first):
                    if len(line) != len(header):
                        expected = f"{len(header)} cells, one a column; found {len(line)}"
                        raise _error(path, row, None, None, expected)
                cells = list(zip(*map(take, lines), strict=True)) or [()] * len(names)
                columns = {
                    name: pd.Series(column, dtype="string")
                    for name, column in zip(names, cells, strict=True)
                }
                piece = Piece(path, first, columns)
                for name in names:
                    piece.check(name, columns[name].str.len() <= LONGEST, _SHORT)
                yield piece
        except csv.Error as error:
            raise _error(path, None, None, None, f"rows in CSV form ({error})") from error
        except UnicodeDecodeError as error:
            value = "".join(f"\\x{byte:02x}" for byte in error.object[error.start : error.end])
            expected = f"UTF-8 text (after row {number})"
            raise _error(path, None, None, value, expected) from error


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    try:
        file = path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        reason = error.strerror or str(error)
        raise _error(path, None, None, None, f"a readable CSV file ({reason})") from error
    with file:
        yield file


def _reader(file: TextIO) -> Iterator[list[str]]:
    """Read with the separator of the header, past empty lines at the end."""
    header = file.readline()
    file.seek(0)
    comma = header.count(",") >= header.count(";")
    return filter(None, csv.reader(file, delimiter="," if comma else ";", strict=True))


def _check_header(
    path: Path, header: list[str], required: Sequence[str], wanted: Sequence[str], layout: str
) -> None:
    if not header:
        raise _error(path, None, None, None, f"the header row of {layout}; the file is empty")
    missing = [name for name in required if name not in header]
    strange = [name for name in header if name and name not in wanted]
    twice = sorted({name for name in header if name in wanted and header.count(name) > 1})
    if twice:
        raise _error(path, 1, None, None, f"each column once; found twice: {', '.join(twice)}")
    if missing:
        hints = [name + did_you_mean(name, strange).replace("; ", " (") for name in missing]
        listed = ", ".join(hint + ")" if "(" in hint else hint for hint in hints)
        also = f"; columns that do not fit: {', '.join(strange)}" if strange else ""
        raise _error(path, 1, None, None, f"the columns of {layout}; missing {listed}{also}")
