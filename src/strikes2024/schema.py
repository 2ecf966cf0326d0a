"""The descriptor (``datapackage.json``) as objects, and CSV files read against it.

The descriptor is the single source of truth for fields, types, constraints and keys. Nothing
here needs more than the standard library.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib import import_module
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

DESCRIPTOR = "datapackage.json"
LONGEST = 131_072  # characters of a cell: the limit of Python's csv module, unless it was raised
_SHOWN = 80  # characters of a value that a fault line shows
TYPES = {
    "string": "text",
    "date": "a date (YYYY-MM-DD)",
    "datetime": "a moment in time",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}
_FORMATS = {"uri": "a web address", "%Y-%m-%dT%H:%MZ": "a UTC moment (YYYY-MM-DDThh:mmZ)"}


class MissingExtraError(Exception):
    """A package that only some commands need is not installed; the message says which."""


def import_extra(module: str, what: str, extra: str) -> Any:
    """Import a module that ``what`` needs, of a package that is installed with an extra.

    Raises :class:`MissingExtraError` where it is missing.
    """
    try:
        return import_module(module)
    except ImportError as error:
        install = f"pip install 'strikes2024[{extra}]'"
        raise MissingExtraError(f"{what} needs {error.name}: {install}") from error


@dataclass(frozen=True)
class Fault:
    """One fault in the data.

    ``row`` counts as a spreadsheet does: the header is row 1; ``None`` = the file as a whole.
    ``value`` is the text found, ``None`` where there is nothing to show.
    """

    file: str
    row: int | None
    field: str | None
    value: str | None
    expected: str

    def __str__(self) -> str:
        """Write the line that ``validate`` prints."""
        parts = [self.file if self.row is None else f"{self.file} row {self.row}"]
        if self.field is not None:
            parts.append(f"field {self.field}")
        if self.value is not None:
            parts.append(f"value {_shown(self.value)}")
        return ": ".join([*parts, f"expected {self.expected}"])


def _shown(value: str) -> str:
    if not value:
        return "(blank)"
    plain = value == value.strip() and value.isprintable()
    text = value if plain else repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


class DataError(Exception):
    """The data cannot be found or read; the message names the file and what was expected.

    ``fault`` is set where one cell or one file is to blame.
    """

    def __init__(self, message: str, fault: Fault | None = None) -> None:
        super().__init__(message)
        self.fault = fault


def fault_error(root: Path, fault: Fault) -> DataError:
    """Turn a fault into the error that loading raises, with the directory named."""
    return DataError(f"{fault} (in {root})", fault)


@dataclass(frozen=True)
class Reference:
    """A key of another table (or of the same one)."""

    table: str
    field: str


@dataclass(frozen=True)
class Field:
    """One column as the descriptor gives it.

    ``delimiter`` is set where a cell holds several values; ``reference`` where its value, or
    each of its values, is a key of a table. ``enum`` is empty where any value may stand.
    ``publisher`` marks a column that came with somebody's file, and is kept as it was.
    """

    name: str
    type: str
    title: str
    description: str
    format: str
    constraints: Mapping[str, Any]
    delimiter: str | None
    reference: Reference | None
    publisher: bool = False

    @property
    def enum(self) -> tuple[str, ...]:
        """The values allowed, in the order listed."""
        return tuple(dict.fromkeys(self.constraints.get("enum", ())))

    @property
    def required(self) -> bool:
        """Whether the cell may not be blank."""
        return bool(self.constraints.get("required", False))

    @property
    def holds(self) -> str:
        """The type in words: ``date``, ``one of a list``, ``key of events``."""
        if self.delimiter:
            whose = f" of {self.reference.table}" if self.reference else ""
            return f"list{whose}, separated by {self.delimiter}"
        if self.reference:
            return f"key of {self.reference.table}"
        if self.enum:
            return "one of a list"
        return {"string": "text", "datetime": "moment (UTC)"}.get(self.type, self.type)

    @property
    def expected(self) -> str:
        """What a cell may hold, in the words of a fault."""
        if self.enum:
            return f"one of {', '.join(self.enum)}"
        return _FORMATS.get(self.format) or TYPES[self.type]


@dataclass(frozen=True)
class Table:
    """One table as the descriptor gives it; ``path`` is its CSV file, relative."""

    name: str
    path: str
    title: str
    description: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the fields, in order."""
        return tuple(field.name for field in self.fields)

    def field(self, name: str) -> Field:
        """One field by name. Raises ``KeyError``."""
        return {field.name: field for field in self.fields}[name]


@dataclass(frozen=True)
class Package:
    """The whole descriptor; ``descriptor`` is the JSON as read."""

    title: str
    version: str
    tables: Mapping[str, Table]
    descriptor: Mapping[str, Any]

    def table(self, name: str) -> Table:
        """One table by name. Raises :class:`DataError`, with a guess at what was meant."""
        if name not in self.tables:
            raise DataError(unknown("table", name, self.tables))
        return self.tables[name]


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the nearest of ``words``, or an empty string.

    Examples
    --------
    >>> did_you_mean("clams", ["claims", "events"])
    "; did you mean 'claims'?"
    >>> did_you_mean("zzz", ["claims", "events"])
    ''
    """
    known = {name.casefold(): name for name in words}
    near = get_close_matches(word.casefold(), known, n=1)
    return f"; did you mean {known[near[0]]!r}?" if near else ""


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Say that there is no such thing, what may have been meant, and which there are.

    Examples
    --------
    >>> unknown("style", "bibtx", ["text", "bibtex"])
    "there is no style 'bibtx'; did you mean 'bibtex'? (the styles are text, bibtex)"
    """
    names = tuple(known)
    guess, listed = did_you_mean(name, names), ", ".join(names)
    return f"there is no {what} {name!r}{guess} (the {what}s are {listed})"


def data_dir() -> Path:
    """Return the directory of the data: inside the installed package, or of the checkout.

    Raises
    ------
    DataError
        Neither holds a descriptor.

    Examples
    --------
    >>> (data_dir() / "datapackage.json").is_file()
    True
    """
    here = Path(__file__).resolve().parent
    places = (here / "data", here.parents[1] / "data")
    for place in places:
        if (place / DESCRIPTOR).is_file():
            return place
    looked = " or ".join(str(place) for place in places)
    raise DataError(f"no data found: expected {DESCRIPTOR} in {looked}")


def read_package(root: Path | None = None) -> Package:
    """Read the descriptor of a data directory; it is kept until the file changes.

    Parameters
    ----------
    root
        The directory; by default that of the package's own data.

    Returns
    -------
    Package
        Title, version, tables and the JSON as read.

    Raises
    ------
    DataError
        The directory or the file is missing or broken.

    Examples
    --------
    >>> read_package().table("claims").primary_key
    ('claim_id',)
    """
    root = root or data_dir()
    path = root / DESCRIPTOR
    try:
        return _read_package(path, stamp(path))
    except OSError as error:
        reason = error.strerror or error
        expected = f"expected a Data Package, a directory that holds {DESCRIPTOR}"
        raise DataError(f"{path} cannot be read ({reason}): {expected}") from error


def stamp(path: Path) -> tuple[int, int] | None:
    """Return what changes with a file; None where there is none."""
    with suppress(OSError):
        stat = path.stat()
        return stat.st_mtime_ns, stat.st_size
    return None


@lru_cache(maxsize=8)
def _read_package(path: Path, _stamp: tuple[int, int] | None) -> Package:
    try:
        return package_of(json.loads(path.read_text(encoding="utf-8")))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        reason = f"missing {error}" if isinstance(error, KeyError) else str(error)
        expected = f"a Data Package with a name, path and schema for each table ({reason})"
        raise DataError(f"{path}: expected {expected}") from error


def package_of(raw: Mapping[str, Any]) -> Package:
    """Read a descriptor that is at hand as JSON.

    Parameters
    ----------
    raw
        The content of a ``datapackage.json``.

    Raises
    ------
    AttributeError, IndexError, KeyError, TypeError, ValueError
        It is no description of tables.
    """
    tables = {item["name"]: _table(item) for item in raw["resources"]}
    if len(tables) < len(raw["resources"]):
        raise ValueError("two tables have the same name")
    return Package(raw.get("title", ""), raw.get("version", ""), tables, raw)


def _table(raw: Mapping[str, Any]) -> Table:
    path = PurePosixPath(raw["path"])
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"path {path} leads out of the directory")
    schema = raw["schema"]
    keys = {}
    for key in schema.get("foreignKeys", []):
        target = key["reference"]
        (own,), (other,) = _names(key["fields"]), _names(target["fields"])
        keys[own] = Reference(target["resource"] or raw["name"], other)
    return Table(
        raw["name"],
        str(path),
        raw.get("title", raw["name"]),
        raw.get("description", ""),
        tuple(_field(field, keys.get(field["name"])) for field in schema["fields"]),
        tuple(_names(schema.get("primaryKey", []))),
    )


def _field(raw: Mapping[str, Any], key: Reference | None) -> Field:
    kind = raw.get("type", "string")
    if kind not in TYPES:
        raise ValueError(f"field {raw['name']} has the unknown type {kind!r}")
    parts = raw.get("list", {})
    constraints = raw.get("constraints", {})
    if not isinstance(constraints.get("enum", []), list):
        raise TypeError(f"field {raw['name']} has an enum that is no list")
    target = parts.get("reference")
    return Field(
        raw["name"],
        kind,
        raw.get("title", raw["name"]),
        raw.get("description", ""),
        raw.get("format", "default"),
        constraints,
        parts["delimiter"] if parts else None,
        Reference(target["resource"], target["field"]) if target else key,
        raw.get("publisher", False),
    )


def _names(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names


def sound_blocks(root: Path, table: Table) -> Iterator[list[list[str]]]:
    """Read a CSV file as text cells, some rows at a time.

    Parameters
    ----------
    root
        The data directory.
    table
        Which of its files, and what its header should be.

    Yields
    ------
    list of list of str
        One list a row, without the header.

    Raises
    ------
    DataError
        The first fault that :func:`read_blocks` finds in the form of the file.
    """
    for rows, faults in read_blocks(root, table):
        if faults:
            raise fault_error(root, faults[0])
        yield rows


def read_blocks(
    root: Path, table: Table, size: int = 20_000
) -> Iterator[tuple[list[list[str]], list[Fault]]]:
    """Read a CSV file as text cells, some rows at a time, and check its form.

    Parameters
    ----------
    root
        The data directory.
    table
        Which of its files, and what its header should be.
    size
        Rows a block.

    Yields
    ------
    tuple
        Rows without the header, and the faults of their form: encoding, header, number and length
        of cells. A file that cannot be read is a fault too.

    Notes
    -----
    What spreadsheets write is taken: a byte order mark, carriage returns at the ends of lines,
    empty rows after the last one.
    """
    path = root / table.path
    try:
        faults = list(_byte_faults(path, table.path))
        with path.open(encoding="utf-8-sig") as file:  # any line break becomes \n
            reader = csv.reader(file, strict=True)
            if not faults:
                faults = list(_header_faults(table, next(reader)))
            if faults:
                yield [], faults
                return
            number, held = 1, list[list[str]]()
            while block := list(islice(reader, size)):
                first, number = number + 1 - len(held), number + len(block)
                block = held + block
                full = next((n for n in range(len(block), 0, -1) if any(block[n - 1])), 0)
                block, held = block[:full], block[full:]
                yield block, list(_row_faults(table, block, first))
    except OSError as error:
        reason = error.strerror or error
        yield [], [Fault(table.path, None, None, None, f"a readable file ({reason})")]
    except csv.Error as error:
        expected = f"a row in CSV form ({error})"
        yield [], [Fault(table.path, reader.line_num, None, None, expected)]


def _row_faults(table: Table, rows: list[list[str]], first: int) -> Iterator[Fault]:
    width = len(table.columns)
    for number, row in enumerate(rows, start=first):
        if len(row) != width:
            expected = f"{width} cells, one a column; found {len(row)}"
            yield Fault(table.path, number, None, None, expected)
        elif len("".join(row)) > LONGEST:
            for name, cell in zip(table.columns, row, strict=True):
                if len(cell) > LONGEST:
                    expected = f"at most {LONGEST:,} characters; found {len(cell):,}"
                    yield Fault(table.path, number, name, cell, expected)


def _byte_faults(path: Path, file: str) -> Iterator[Fault]:
    content = path.read_bytes()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        value = "".join(f"\\x{byte:02x}" for byte in content[error.start : error.end])
        yield Fault(file, row, None, value, "UTF-8 text (in a spreadsheet: CSV UTF-8)")
    if not content.strip():
        yield Fault(file, None, None, None, "a header row; the file is empty")
    elif not content.endswith((b"\n", b"\r")):  # else a file cut short could pass for whole
        row = content.count(b"\n") + 1
        yield Fault(file, row, None, None, "a line break at the end of the last line")


def _header_faults(table: Table, header: list[str]) -> Iterator[Fault]:
    if tuple(header) == table.columns:
        return
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            yield Fault(table.path, 1, None, None, f"cells separated by commas; found {name}")
            return
    missing = [name for name in table.columns if name not in header]
    extra = [name for name in header if name not in table.columns]
    for name in missing:
        guess = did_you_mean(name, extra)
        yield Fault(table.path, 1, name, None, f"this column in the header; found none{guess}")
    for name in extra:
        yield Fault(table.path, 1, None, name, "only columns that the descriptor lists")
    if not missing and not extra:
        wanted = ",".join(table.columns)
        yield Fault(table.path, 1, None, None, f"each column once, in the order {wanted}")
