"""Cells of a foreign file as values: what has one meaning is read, whatever else is refused.

Each parser takes one text and returns a value, ``None`` for a blank, or raises ``ValueError`` with
what was expected in place of it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial, reduce
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from strikes2024.schema import LONGEST, Fault

At: TypeAlias = tuple[int, int]  # the numbers of a file and of a row in it

# How R, Stata, pandas and spreadsheets write a missing value.
_MISSING = ("", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", ".", "#N/A")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_GROUPS = re.compile(r"[0-9]{1,3}([,. '’\u00a0\u2009\u202f])[0-9]{3}(\1[0-9]{3})*")
_CODE = re.compile(r"(-?)0*([0-9]+)(?:[.,]0+)?")
_SERIAL = re.compile(r"([0-9]{4,5})(?:[.,][0-9]+)?")  # a spreadsheet's number of a day
_SERIAL_0 = date(1899, 12, 30)
_POINT = r"(?i)POINT ?\((-?[0-9]+(?:\.[0-9]+)?) (-?[0-9]+(?:\.[0-9]+)?)\)"
_HALF = "{n} with a latitude or a longitude alone, which is left out"
_NOWHERE = "{n} at 0 degrees both ways, in the Gulf of Guinea: there a position may be missing"
_TIME = re.compile(
    r"[T ]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)? ?(Z|UTC|[+-][0-9]{2}:?[0-9]{2})?$"
)
# Dates as strptime takes them, with "/" for whatever stands between their parts.
_DAYS = ("%Y/%m/%d", "%Y%m%d", "%d/%b/%Y", "%d/%B/%Y", "%b/%d/%Y", "%B/%d/%Y")
_ORDERS = {"day": "%d/%m/%Y", "month": "%m/%d/%Y"}
_GUESSES = (*_ORDERS.values(), "%d/%b/%y", "%d/%B/%y", "%d/%m/%y", "%m/%d/%y", "%y/%m/%d")
EXCEL = "excel"  # in place of a date format: numbers of days, as a spreadsheet keeps them


def plain_code(cell: str) -> str:
    """Write a code that a spreadsheet made a number (``1.0``, ``01``) as that number."""
    found = _CODE.fullmatch(cell)
    return found[1] + found[2] if found else cell


def _number(expected: str, low: float, high: float, cell: str) -> float:
    if _DECIMAL_COMMA.fullmatch(cell):
        cell = cell.replace(",", ".")
    if not _NUMBER.fullmatch(cell) or not low <= float(cell) <= high:
        raise ValueError(expected)
    return float(cell)


def _day(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a day)
    except ValueError:
        return None


def _plain_day(cell: str) -> str:
    """Leave out the time of a date, and put ``/`` between its parts."""
    text = re.sub("[-/., ]+", "/", _TIME.sub("", cell))
    return re.sub("(?i)/sept/", "/Sep/", text)


def day_order(cells: Iterable[str]) -> tuple[str | None, str]:
    """Find the one order of day and month in which all numeric dates are days.

    Returns the order (``None`` where both or none will do, or there is no such date) and a date
    that has no other.
    """
    texts = {cell: _plain_day(cell) for cell in cells}
    day, month = ({c for c, text in texts.items() if _day(text, form)} for form in _ORDERS.values())
    if day - month and not month - day:
        return "day", min(day - month)
    if month - day and not day - month:
        return "month", min(month - day)
    return None, ""


@dataclass
class Piece:
    """Some rows of a file as clean text, and the faults found in them.

    ``cells`` has a row for each event, by the numbers of file and row; ``more`` has the further
    rows on an event. ``date_format`` and ``decimal`` are the caller's word;
    ``order`` says which of two numbers comes first in dates such as 28/05/2020, where all of them
    allow only one; ``comma`` whether decimals stand behind a comma. A fault ends nothing here:
    whoever made the piece raises the first one or puts the rows aside.
    """

    path: Path
    cells: pd.DataFrame
    date_format: str | None
    decimal: str | None
    order: str | None
    comma: bool
    more: Mapping[At, list[dict[Any, str]]]
    notes: Counter[str]
    faults: dict[At, Fault] = field(default_factory=dict)

    def text(self, name: str) -> pd.Series:
        """A column of text; blank is missing, as is a column that the file lacks."""
        if name not in self.cells:
            return pd.Series(pd.NA, self.cells.index, dtype="string")
        return self.cells[name].mask(self.cells[name].isin(_MISSING))

    def first_of(self, *names: str) -> pd.Series:
        """The first text given in any of some columns."""
        return reduce(pd.Series.fillna, map(self.text, names))

    def given(self, name: str) -> pd.Series:
        """A column of text in which no cell may be blank."""
        cells = self.text(name)
        self.check(name, cells.notna(), "a value; this field may not be blank")
        return cells.fillna("")

    def count(self, name: str) -> pd.Series:
        """A column of whole numbers from 0."""
        return self._parsed(name, self._count)

    def day(self, name: str) -> pd.Series:
        """A column of days; none may be blank."""
        days = self._parsed(name, self._date, "datetime64[us]")
        self.check(name, days.notna(), "a date")
        return days

    def check_years(self, name: str, year: str, *days: pd.Series) -> None:
        """Check that the year of a row is that of one of its days; without one, from 1900 on."""
        given = self.text(year)
        stated = pd.to_numeric(given, errors="coerce")
        own = pd.concat([day.dt.year for day in days], axis=1)
        same = given.isna() | own.eq(stated, axis=0).any(axis=1)
        self.check(name, same, f"a date in {{{year}}}, which the field {year} gives")
        sound = (own.max(axis=1) <= 2100) & (stated.notna() | (own.min(axis=1) >= 1900))
        self.check(name, sound, "a date from 1900 to 2100")

    def titles(self, sides: Sequence[str], place: pd.Series) -> pd.Series:
        """Two columns of actors, and where they met, as titles: ``A – B, place``."""
        one, other = sides
        first, second = self.text(one), self.text(other)
        both = (first + " – " + second).fillna(first).fillna(second)
        made = (both + ", " + place).fillna(both).fillna(place)
        expected = f"cells of at most {LONGEST:,} characters, together with {other} and the place"
        self.check(one, made.fillna("").str.len() < LONGEST, expected)
        return made

    def positions(self, point: str = "") -> tuple[pd.Series, pd.Series]:
        """Latitudes and longitudes, checked against a column of WKT points, if the file has one.

        Two positions are read and counted: half of one, and that of zero degrees both ways.
        """
        lat, lon = (
            self._parsed(name, partial(_number, f"a {name} from -{most} to {most}", -most, most))
            for name, most in (("latitude", 90), ("longitude", 180))
        )
        self.notes[_HALF] += int((lat.isna() != lon.isna()).sum())
        self.notes[_NOWHERE] += int(((lat == 0) & (lon == 0)).sum())
        other = self.text(point).str.extract(_POINT).astype("Float64").set_axis(lat.index)
        turned = (other[0] == lat) & (other[1] == lon) & (lat != lon)
        self.check("latitude", ~turned, f"the latitude of {point} ({{longitude}}); the longitude "
                   "stands here: --column latitude=longitude --column longitude=latitude "
                   "turns them round")  # fmt: skip
        return lat, lon

    def code(self, name: str, codes: Mapping[str, Mapping[str, str]]) -> pd.Series:
        """A column of codes, in the words of a layout; blank is missing."""
        cells, words = self.text(name), codes[name]
        known = {cell: words.get(plain_code(cell)) for cell in cells.dropna().unique()}
        found = cells.map(known).astype("object")
        self.check(name, cells.isna() | found.notna(), f"one of {', '.join(words)}")
        return found

    def key(self, name: str, pattern: str, expected: str) -> pd.Series:
        """A column of keys, in lower case, that can be part of an id; none may be blank."""
        keys = self.given(name).map(plain_code).str.lower()
        self.check(name, keys.str.fullmatch(pattern), expected)
        return keys

    def check(self, name: str, good: pd.Series, expected: str) -> None:
        """Note a fault in each row that is not good; ``expected`` may name columns in braces."""
        for at in good.index[~good.fillna(True).astype(bool)]:
            self._fault(at, name, expected.format(**self.cells.loc[at, :]))

    def _count(self, cell: str) -> float:
        expected = "a whole number from 0, in digits alone"
        groups = _GROUPS.fullmatch(cell)
        if groups and groups[1] in ",." and self.comma and not self.decimal:
            two = "two meanings in a file with decimal commas; --decimal . or , decides"
            raise ValueError(f"{expected}: this one has {two}")
        if groups and groups[1] != (self.decimal or "."):  # it parts thousands
            cell = cell.replace(groups[1], "")
        value = _number(expected, 0, 1e9, cell)
        if not value.is_integer():
            raise ValueError(expected)
        return value

    def _date(self, cell: str) -> date:
        serial = _SERIAL.fullmatch(cell)
        excel = serial and _SERIAL_0 + timedelta(days=int(serial[1]))
        if excel and self.date_format == EXCEL:
            return excel
        if self.date_format and (own := _day(cell, self.date_format)):
            return own  # other rows of the file may be plain
        orders = [_ORDERS[self.order]] if self.order else _ORDERS.values()
        days = {_day(_plain_day(cell), pattern) for pattern in (*_DAYS, *orders)} - {None}
        if len(days) == 1:
            return days.pop() or date.min
        if excel:
            way = f"--date-format {EXCEL} takes it for a spreadsheet's number of a day ({excel})"
            raise ValueError(f"a date of one meaning (2020-05-28 or 28 May 2020); {way}")
        mark = re.search(r"[^0-9A-Za-z]", cell)
        patterns = [guess.replace("/", mark[0] if mark else "/") for guess in _GUESSES]
        fitting = [f"'{pattern}'" for pattern in patterns if _day(cell, pattern)]
        if not fitting:
            raise ValueError("a date (2020-05-28 or 28 May 2020); --date-format names another form")
        raise ValueError("a date of one meaning (2020-05-28 or 28 May 2020); say which it is with "
                         f"--date-format {' or '.join(fitting)}")  # fmt: skip

    def _parsed(self, name: str, read: Callable[[str], Any], dtype: str = "float64") -> pd.Series:
        """Read each cell; equal cells are read once."""
        cells = self.text(name)
        known: dict[str, Any] = {}
        bad: dict[str, str] = {}
        for cell in cells.dropna().unique():
            try:
                known[cell] = read(cell)
            except ValueError as error:
                bad[cell] = str(error)
        for at, cell in cells[cells.isin(list(bad))].items():
            self._fault(at, name, bad[cell])
        values = pd.Series(np.array(list(known.values()), dtype), list(known))
        return values.reindex(cells).set_axis(cells.index)

    def _fault(self, at: Any, name: str, expected: str) -> None:
        value = self.cells.loc[at, name] if name in self.cells else None
        self.faults.setdefault(at, Fault(str(self.path), at[1], name, value, expected))
