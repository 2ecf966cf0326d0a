"""Cells of a foreign file as values: what has one meaning is read, whatever else is refused.

Each parser takes one text and returns a value, ``None`` for a blank, or raises ``ValueError`` with
what was expected in place of it.
"""

import re
from calendar import month_name
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from strikes2024.schema import LONGEST, Fault

T = TypeVar("T")

# How R, Stata, pandas and spreadsheets write a missing value.
_MISSING = {"", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", ".", "#N/A"}
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_GROUPS = re.compile(r"[0-9]{1,3}([,. '’\u00a0\u2009\u202f])[0-9]{3}(\1[0-9]{3})*")
_CODE = re.compile(r"(-?)0*([0-9]+)(?:[.,]0+)?")
_SERIAL = re.compile(r"([0-9]{4,5})(?:[.,][0-9]+)?")  # a spreadsheet's number of a day
_SERIAL_0 = date(1899, 12, 30)
_POINT = re.compile(r"POINT ?\((-?[0-9]+(?:\.[0-9]+)?) (-?[0-9]+(?:\.[0-9]+)?)\)", re.IGNORECASE)
_HALF = "{n} with a latitude or a longitude alone, which is left out"
_NOWHERE = "{n} at 0 degrees both ways, in the Gulf of Guinea: there a position may be missing"
_TIME = (
    r"(?:[T ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)? ?(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.]?)([0-9]{1,2})\2([0-9]{1,2})" + _TIME)
_DAY_MONTH = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})\.?[ -,]+([0-9]{4})" + _TIME)
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})\.? ([0-9]{1,2}),? ([0-9]{4})" + _TIME)
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})" + _TIME)
_MONTH = {name[:size].lower(): n for n, name in enumerate(month_name) for size in (3, 9)}
_MONTH["sept"] = 9
EXCEL = "excel"  # in place of a date format: numbers of days, as a spreadsheet keeps them
_ORDERS = {"day": "%d/%m/%Y", "month": "%m/%d/%Y"}
_GUESSES = (*_ORDERS.values(), "%d/%b/%y", "%d/%B/%y", "%d/%m/%y", "%m/%d/%y", "%y/%m/%d")


@dataclass(frozen=True)
class Form:
    """How a file writes its dates and numbers.

    ``date_format`` is one of ``strptime``, as the caller gave it; ``order`` says which of two
    numbers comes first in dates such as 28/05/2020, where all of them allow only one; ``comma``
    whether decimals stand behind a comma; ``decimal`` is the mark that the caller gave.
    """

    date_format: str | None = None
    order: str | None = None
    comma: bool = False
    decimal: str | None = None


def plain_code(cell: str) -> str:
    """Write a code that a spreadsheet made a number (``1.0``, ``01``) as that number."""
    found = _CODE.fullmatch(cell)
    return found[1] + found[2] if found else cell


def _number(cell: str, expected: str, low: float, high: float) -> float:
    if _DECIMAL_COMMA.fullmatch(cell):
        cell = cell.replace(",", ".")
    if not _NUMBER.fullmatch(cell) or not low <= float(cell) <= high:
        raise ValueError(expected)
    return float(cell)


def _count(cell: str, form: Form) -> float:
    expected = "a whole number from 0, in digits alone"
    groups = _GROUPS.fullmatch(cell)
    mark = groups[1] if groups else ""
    if form.decimal:  # the caller's word: the other mark parts thousands
        cell = cell.replace("." if form.decimal == "," else ",", "") if groups else cell
    elif groups and mark in ",." and form.comma:
        raise ValueError(f"{expected}: in a file with decimal commas this one has two meanings; "
                         "--decimal . or , decides")  # fmt: skip
    if groups and mark not in {".", form.decimal}:
        cell = cell.replace(mark, "")
    value = _number(cell, expected, 0, 1e9)
    if not value.is_integer():
        raise ValueError(expected)
    return value


def _date(cell: str, form: Form) -> date:
    if form.date_format == EXCEL:
        if found := _SERIAL.fullmatch(cell):
            return _SERIAL_0 + timedelta(days=int(found[1]))
    elif form.date_format:
        try:
            return datetime.strptime(cell, form.date_format).date()  # noqa: DTZ007 (a day)
        except ValueError:
            pass  # other rows of the file may be plain
    if found := _YEAR_FIRST.fullmatch(cell):
        year, month, day = int(found[1]), int(found[3]), int(found[4])
    elif found := _DAY_MONTH.fullmatch(cell):
        year, month, day = int(found[3]), _MONTH.get(found[2].lower(), 0), int(found[1])
    elif found := _MONTH_DAY.fullmatch(cell):
        year, month, day = int(found[3]), _MONTH.get(found[1].lower(), 0), int(found[2])
    elif (found := _NUMERIC.fullmatch(cell)) and (form.order or found[1] == found[3]):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        day, month = (first, second) if form.order != "month" else (second, first)
    else:
        raise ValueError("a date of one meaning (2020-05-28 or 28 May 2020)" + _formats(cell))
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("a date (2020-05-28 or 28 May 2020)") from None


def _formats(cell: str) -> str:
    """Say which formats would read a date."""
    if found := _SERIAL.fullmatch(cell):
        day = _SERIAL_0 + timedelta(days=int(found[1]))
        return f"; --date-format {EXCEL} takes it for a spreadsheet's number of a day ({day})"
    mark = re.search(r"[^0-9A-Za-z]", cell)
    fitting = []
    for guess in _GUESSES:
        pattern = guess.replace("/", mark[0] if mark else "/")
        try:
            datetime.strptime(cell, pattern)  # noqa: DTZ007 (a day)
        except ValueError:
            continue
        fitting.append(f"'{pattern}'")
    if not fitting:
        return "; --date-format names another format"
    return f"; say which it is with --date-format {' or '.join(fitting)}"


def day_orders(cells: Iterable[str]) -> tuple[str | None, str]:
    """Find the one order of day and month in which all numeric dates are days.

    Returns the order (``None`` where both or none will do, or there is no such date) and a date
    that has no other.
    """
    found = [(int(m[1]), int(m[3]), c) for c in cells if (m := _NUMERIC.fullmatch(c))]
    day_first = all(month <= 12 for _, month, _ in found)
    month_first = all(month <= 12 for month, _, _ in found)
    if day_first == month_first:
        return None, ""
    proof = next(cell for first, second, cell in found if max(first, second) > 12)
    return ("day" if day_first else "month"), proof


@dataclass
class Piece:
    """Some rows of a file: columns of clean text, by name, and the faults found in them.

    ``rows`` are the numbers of the rows in the file, ``more`` the further rows on each event. A
    fault ends nothing here: whoever made the piece raises the first one or puts the rows aside.
    """

    path: Path
    rows: Sequence[int]
    columns: Mapping[str, Sequence[str]]
    form: Form
    more: Sequence[list[dict[str, str]]]
    notes: Counter[str]
    faults: dict[int, Fault] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def text(self, name: str) -> list[str | None]:
        """A column of text; blank is missing, as is a column that the file lacks."""
        if name not in self.columns:
            return [None] * len(self)
        return [None if cell in _MISSING else cell for cell in self.columns[name]]

    def first_of(self, *names: str) -> list[str | None]:
        """The first text given in any of some columns."""
        texts = zip(*map(self.text, names), strict=True)
        return [next(filter(None, cells), None) for cells in texts]

    def given(self, name: str) -> list[str]:
        """A column of text in which no cell may be blank."""
        cells = self.text(name)
        self.check(name, [c is not None for c in cells], "a value; this field may not be blank")
        return [cell or "" for cell in cells]

    def number(self, name: str, low: float, high: float, expected: str) -> list[float | None]:
        """A column of numbers; decimals may stand behind a comma."""
        return self._parsed(name, partial(_number, expected=expected, low=low, high=high))

    def count(self, name: str) -> list[float | None]:
        """A column of whole numbers from 0."""
        return self._parsed(name, partial(_count, form=self.form))

    def day(self, name: str) -> list[date | None]:
        """A column of days; none may be blank."""
        days = self._parsed(name, partial(_date, form=self.form))
        self.check(name, [day is not None for day in days], "a date")
        return days

    def check_years(self, name: str, year: str, *days: Sequence[date | None]) -> None:
        """Check that the year of a row is that of one of its days; without one, from 1900 on."""
        for at, (stated, *own) in enumerate(zip(self.text(year), *days, strict=True)):
            found = {day.year for day in own if day}
            wanted = plain_code(stated or "")
            if stated and found and wanted not in map(str, found):
                self._fault(at, name, f"a date in {wanted}, which the field {year} gives")
            if any(given > 2100 or (not stated and given < 1900) for given in found):
                self._fault(at, name, "a date from 1900 to 2100")

    def titles(self, one: str, other: str, place: Iterable[str | None]) -> list[str]:
        """Two columns of actors, and where they met, as titles: ``A – B, place``."""
        rows = zip(self.text(one), self.text(other), place, strict=True)
        made = [", ".join(filter(None, [" – ".join(filter(None, who)), at])) for *who, at in rows]
        expected = f"cells of at most {LONGEST:,} characters, together with {other} and the place"
        self.check(one, [len(title) < LONGEST for title in made], expected)
        return made

    def positions(self, point: str = "") -> tuple[list[float | None], list[float | None]]:
        """Latitudes and longitudes, checked against a column of WKT points, if the file has one.

        Two positions are read and counted: half of one, and that of zero degrees both ways.
        """
        lat = self.number("latitude", -90, 90, "a latitude from -90 to 90")
        lon = self.number("longitude", -180, 180, "a longitude from -180 to 180")
        pairs = list(zip(lat, lon, strict=True))
        self.notes[_HALF] += sum((a is None) != (b is None) for a, b in pairs)
        self.notes[_NOWHERE] += sum(a == b == 0 for a, b in pairs)
        for at, ((a, b), text) in enumerate(zip(pairs, self.text(point), strict=True)):
            found = _POINT.match(text) if text and a != b and None not in (a, b) else None
            if found and (float(found[2]), float(found[1])) == (b, a):
                self._fault(at, "latitude", f"the latitude of {point} ({found[2]}); the longitude "
                            "stands here: --column latitude=longitude --column longitude=latitude "
                            "turns them round")  # fmt: skip
        return lat, lon

    def code(self, name: str, codes: Mapping[str, Mapping[str, str]]) -> list[str | None]:
        """A column of codes, in the words of a layout; blank is missing."""
        words = codes[name]

        def read(cell: str) -> str:
            if plain_code(cell) not in words:
                raise ValueError(f"one of {', '.join(words)}")
            return words[plain_code(cell)]

        return self._parsed(name, read)

    def key(self, name: str, pattern: str, expected: str) -> list[str]:
        """A column of keys, in lower case, that can be part of an id; none may be blank."""
        keys = [plain_code(cell).lower() for cell in self.given(name)]
        form = re.compile(pattern)
        self.check(name, [form.fullmatch(key) is not None for key in keys], expected)
        return keys

    def check(self, name: str, good: Iterable[bool], expected: str) -> None:
        """Note a fault in each row that is not good."""
        for at, fine in enumerate(good):
            if not fine:
                self._fault(at, name, expected)

    def _parsed(self, name: str, read: Callable[[str], T]) -> list[T | None]:
        """Read each cell; equal cells are read once."""
        known: dict[str, T | None] = dict.fromkeys(_MISSING)
        bad: dict[str, str] = {}
        cells = self.columns.get(name)
        if cells is None:
            return [None] * len(self)
        for cell in set(cells) - _MISSING:
            try:
                known[cell] = read(cell)
            except ValueError as error:
                known[cell], bad[cell] = None, str(error)
        if bad:
            for at, cell in enumerate(cells):
                if cell in bad:
                    self._fault(at, name, bad[cell])
        return [known[cell] for cell in cells]

    def _fault(self, at: int, name: str, expected: str) -> None:
        if at not in self.faults:
            value = self.columns[name][at] if name in self.columns else None
            self.faults[at] = Fault(str(self.path), self.rows[at], name, value, expected)
