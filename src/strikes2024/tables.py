"""The tables as typed pandas frames.

Types follow from the descriptor: date → ``datetime64[us]``, datetime → the same in UTC, integer →
``Int64``, number → ``Float64``, boolean → ``boolean``, text with listed values → ``category``
(in the order listed, unordered), other text → ``string``. Blank cells are missing values, never
zero. A column with several values in a cell stays one text, separated by ``;``: see :func:`split`
and :func:`explode`.

A file is parsed once and kept until it changes on disk. Each call gives a copy of its own, so
changing a frame never changes the next one.
"""

import inspect
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import pandas as pd

from strikes2024 import schema
from strikes2024.schema import DataError, Fault, Field, fault_error

Directory: TypeAlias = str | os.PathLike[str] | None

_DTYPES = {
    "date": "datetime64[us]",
    "datetime": "datetime64[us, UTC]",
    "integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
    "string": "string",
}
_COPY_ON_WRITE = int(pd.__version__.split(".")[0]) >= 3
_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "1": True} | {
    "false": False, "False": False, "FALSE": False, "0": False,
}  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Tables:
    """All tables, one attribute each; every frame belongs to this object alone.

    ``tables["claims"]`` is ``tables.claims``; iterating gives the names.

    Examples
    --------
    >>> record = load()
    >>> record["claims"].equals(record.claims)
    True
    >>> "events" in record
    True
    """

    sources: pd.DataFrame
    actors: pd.DataFrame
    places: pd.DataFrame
    events: pd.DataFrame
    attributions: pd.DataFrame
    links: pd.DataFrame
    steps: pd.DataFrame
    claims: pd.DataFrame
    tallies: pd.DataFrame
    interval_counts: pd.DataFrame
    definitions: pd.DataFrame
    people: pd.DataFrame
    reactions: pd.DataFrame
    measures: pd.DataFrame
    milestones: pd.DataFrame
    published_figures: pd.DataFrame
    audit: pd.DataFrame

    def __getitem__(self, name: str) -> pd.DataFrame:
        """One table by name. Raises :class:`DataError` for an unknown one."""
        if name not in NAMES:
            raise DataError(schema.unknown("table", name, NAMES))
        frame: pd.DataFrame = getattr(self, name)
        return frame

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the tables, in the order of the descriptor."""
        return iter(NAMES)

    def __repr__(self) -> str:
        """Name the tables and how many rows each has."""
        return f"Tables({', '.join(f'{name}: {len(self[name])} rows' for name in self)})"


NAMES = tuple(field.name for field in fields(Tables))
# Columns of ``tallies`` that count the part of a total in one country, and that country.
COUNTRIES = {"iraq": "Iraq", "syria": "Syria", "jordan": "Jordan"}


def load(data_dir: Directory = None) -> Tables:
    """Load all tables, from the package's own data or from another directory.

    Parameters
    ----------
    data_dir
        Directory with a descriptor and its files; by default the package's own data.

    Returns
    -------
    Tables
        One typed frame for each table.

    Raises
    ------
    DataError
        A file is missing, broken, or has a value of the wrong type; the message names file, row,
        field, value, and what was expected.

    Notes
    -----
    Keys and the sense of the rows are not checked here: see :mod:`strikes2024.validation`.

    Examples
    --------
    >>> record = load()
    >>> record.events["event_id"].is_unique
    True
    """
    return Tables(**{name: table(name, data_dir) for name in NAMES})


def table(name: str, data_dir: Directory = None) -> pd.DataFrame:
    """Load one table by name.

    Parameters
    ----------
    name
        One of :data:`NAMES`.
    data_dir
        Directory with a descriptor and its files; by default the package's own data.

    Returns
    -------
    pandas.DataFrame
        A new frame with the rows in the order of the file; see the function of the table's name
        for its columns.

    Raises
    ------
    DataError
        There is no table of that name, or its file cannot be read.

    Examples
    --------
    >>> table("claims")["stated"].dtype
    dtype('<M8[us]')
    """
    root = schema.data_dir() if data_dir is None else Path(data_dir)
    path = root / schema.read_package(root).table(name).path
    stamps = schema.stamp(path), schema.stamp(root / schema.DESCRIPTOR)
    return _parsed(root.resolve(), name, stamps).copy(deep=not _COPY_ON_WRITE)


@lru_cache(maxsize=8 * len(NAMES))
def _parsed(root: Path, name: str, _stamps: object) -> pd.DataFrame:
    spec = schema.read_package(root).table(name)
    frames, first = [typed(spec, [], root)], 2
    for rows in schema.sound_blocks(root, spec):
        frames.append(typed(spec, rows, root, first))
        first += len(rows)
    return pd.concat(frames, ignore_index=True)


# Texts are turned into typed values in plain Python: for tables of some hundreds of rows that
# takes half the time of pandas' own parsing, column by column.
def typed(
    spec: schema.Table, rows: Sequence[Sequence[str]], root: Path, first: int = 2
) -> pd.DataFrame:
    """Turn text cells into a typed frame.

    Parameters
    ----------
    spec
        The table as the descriptor gives it.
    rows
        Cells in the order of the columns; ``""`` is missing.
    root
        The directory that an error names.
    first
        The number of the first row in its file, where the header is row 1.

    Returns
    -------
    pandas.DataFrame
        One column for each field.

    Raises
    ------
    DataError
        A cell is of the wrong type; the first of them is named.
    """
    columns = {}
    texts = zip(*rows, strict=True) if rows else [()] * len(spec.fields)
    for field, cells in zip(spec.fields, texts, strict=True):
        if field.type == "string" and not field.enum:
            columns[field.name] = typed_column(field, [cell or None for cell in cells])
            continue
        read = cell_reader(field)
        known: dict[str, Any] = dict.fromkeys(cells)
        for cell in filter(None, known):  # equal cells are read once
            with suppress(ValueError):
                known[cell] = read(cell)
            if known[cell] is None:
                row = cells.index(cell) + first
                raise fault_error(root, Fault(spec.path, row, field.name, cell, field.expected))
        places = {cell: at for at, cell in enumerate(known)}
        column = typed_column(field, list(known.values()))
        columns[field.name] = column.take([places[cell] for cell in cells])
    return pd.DataFrame(columns)


def cell_reader(field: Field) -> Callable[[str], Any]:
    """Return what reads a cell of a field that is not blank.

    It gives ``None`` or raises ``ValueError`` for a cell of another type.
    """
    if field.type == "string" and field.enum:
        return {value: value for value in field.enum}.get
    if field.type == "datetime":
        usual = field.format in {"default", "any"}
        return partial(_moment, "%Y-%m-%dT%H:%M:%SZ" if usual else field.format)
    return _READERS[field.type]


def _iso_day(cell: str) -> date | None:
    day = date.fromisoformat(cell)
    return day if day.isoformat() == cell else None


def _moment(pattern: str, cell: str) -> datetime | None:
    moment = datetime.strptime(cell, pattern).replace(tzinfo=UTC)
    return moment if moment.strftime(pattern) == cell else None


_READERS: dict[str, Callable[[str], Any]] = {
    "integer": lambda cell: int(cell) if _INTEGER.fullmatch(cell) else None,
    "number": lambda cell: float(cell) if _NUMBER.fullmatch(cell) else None,
    "boolean": _BOOLEANS.get,
    "date": _iso_day,
    "string": str,
}


def typed_column(field: Field, values: list[Any]) -> pd.api.extensions.ExtensionArray:
    """Make a typed column of a field's values, where ``None`` is missing."""
    listed = field.type == "string" and field.enum
    dtype: Any = pd.CategoricalDtype(list(field.enum)) if listed else _DTYPES[field.type]
    array: pd.api.extensions.ExtensionArray = pd.array(values, dtype)
    return array


def split(series: pd.Series, delimiter: str = ";") -> pd.Series:
    """Split the texts of a list column.

    Parameters
    ----------
    series
        Texts; missing ones count as blank.
    delimiter
        What stands between two values of a cell.

    Returns
    -------
    pandas.Series
        A list for each cell, empty for a blank one, under the same index.

    Examples
    --------
    >>> split(pd.Series(["a;b", pd.NA])).tolist()
    [['a', 'b'], []]
    """
    cells = series.astype("string").fillna("")
    lists = [[part.strip() for part in cell.split(delimiter)] if cell else [] for cell in cells]
    return pd.Series(lists, index=series.index, name=series.name, dtype="object")


def main_sources(lists: pd.Series) -> pd.Series:
    """Return the first publication of each row, those that most rows begin with first.

    Parameters
    ----------
    lists
        Ids of publications, joined by semicolons; rows without any are left out.

    Returns
    -------
    pandas.Series
        One id for each row that has one, those of equally many rows as they came.

    Examples
    --------
    >>> list(main_sources(pd.Series(["a", "b;a", None, "b"])))
    ['b', 'b', 'a']
    """
    ids = lists.dropna().str.split(";").str[0]
    return ids.iloc[(-ids.map(ids.value_counts())).argsort(kind="stable")]


def explode(frame: pd.DataFrame, column: str, delimiter: str = ";") -> pd.DataFrame:
    """Give each value of a list column a row of its own.

    Parameters
    ----------
    frame
        Any table.
    column
        The list column.
    delimiter
        What stands between two values of a cell.

    Returns
    -------
    pandas.DataFrame
        The same columns, under a new 0, 1, 2, … index. A row with a blank cell stays, once, with
        the value missing.

    Examples
    --------
    >>> explode(pd.DataFrame({"id": [1, 2], "places": ["a;b", pd.NA]}), "places")
       id places
    0   1      a
    1   1      b
    2   2   <NA>
    """
    separated = frame.assign(**{column: split(frame[column], delimiter)})
    return separated.explode(column, ignore_index=True).astype({column: "string"})


class TableFunction(Protocol):
    """A function that loads one table."""

    def __call__(self, data_dir: Directory = None) -> pd.DataFrame: ...


def _function(name: str) -> TableFunction:
    """Make the function of a table; the descriptor says what its docstring does."""

    def function(data_dir: Directory = None) -> pd.DataFrame:
        """Load the table {name}: {title}.

        {about}

        Parameters
        ----------
        data_dir
            Directory with a descriptor and its files; by default the package's own data.

        Returns
        -------
        pandas.DataFrame
            One row each, in the order of the file.

        Raises
        ------
        DataError
            The file is missing or broken.

        Notes
        -----
        Columns:

        {columns}
        """
        return table(name, data_dir)

    function.__name__ = function.__qualname__ = name
    try:
        spec = schema.read_package().table(name)
    except DataError:  # no data beside this code: load() says so when it is called
        function.__doc__ = f"Load the table {name}."
        return function
    columns = "\n".join(f"- ``{f.name}`` ({f.holds}): {f.description}" for f in spec.fields)
    function.__doc__ = (inspect.getdoc(function) or "").format(
        name=name, title=spec.title, about=spec.description.replace("`", "``"), columns=columns
    )
    return function


sources = _function("sources")
actors = _function("actors")
places = _function("places")
events = _function("events")
attributions = _function("attributions")
links = _function("links")
steps = _function("steps")
claims = _function("claims")
tallies = _function("tallies")
interval_counts = _function("interval_counts")
definitions = _function("definitions")
people = _function("people")
reactions = _function("reactions")
measures = _function("measures")
milestones = _function("milestones")
published_figures = _function("published_figures")
audit = _function("audit")
