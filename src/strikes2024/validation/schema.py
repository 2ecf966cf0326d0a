"""Validate a data directory: the form of its files, the schema, then the sense of the rows.

The descriptor is checked by Frictionless (extra ``validate``), the cells here, a block of rows at
a time, and the sense of the rows in :mod:`strikes2024.validation.rules`. A stage is left out only
where the one before it leaves nothing that could be read.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from strikes2024 import schema
from strikes2024.schema import DESCRIPTOR, DataError, Fault, Field, Package, Table
from strikes2024.tables import NAMES, Tables, cell_reader, typed
from strikes2024.validation.rules import CHECKS

Keys = dict[tuple[str, str], set[str]]  # by table and field, for those that others refer to


@dataclass(frozen=True)
class Report:
    """What a validation found. ``stopped`` says what was left out because of the faults."""

    tables: int
    rows: int
    faults: tuple[Fault, ...]
    stopped: str = ""

    @property
    def ok(self) -> bool:
        """Whether no fault was found."""
        return not self.faults

    def __str__(self) -> str:
        """Write one line for each fault, and a line that sums up."""
        if self.ok:
            return f"OK: {self.tables} tables, {self.rows} rows, no fault"
        files = len({fault.file for fault in self.faults})
        total = f"{_count(len(self.faults), 'fault')} in {_count(files, 'file')}{self.stopped}"
        return "\n".join([*map(str, self.faults), total])


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def validate(data_dir: str | os.PathLike[str] | None = None) -> Report:
    """Validate the package's own data, or another directory with the same tables.

    Parameters
    ----------
    data_dir
        Directory with a descriptor and its files; by default the package's own data.

    Returns
    -------
    Report
        Counts and faults; ``ok`` where there is none. As text, one line for each fault.

    Raises
    ------
    DataError
        The directory or its descriptor cannot be read.
    MissingExtraError
        Frictionless is not installed.

    Examples
    --------
    >>> validate().ok
    True
    """
    frictionless = schema.import_extra("frictionless", "validate", "validate")
    root = schema.data_dir() if data_dir is None else Path(data_dir)
    package = schema.read_package(root)
    faults = list(_package_faults(package))
    if faults:
        return _report(package, 0, faults, "; no file was read")
    keys: Keys = {
        (field.reference.table, field.reference.field): set()
        for table in package.tables.values()
        for field in table.fields
        if field.reference
    }
    rows = 0
    for table in package.tables.values():
        for block, found in schema.read_blocks(root, table):
            faults += found
            rows += len(block)
            for at, column in enumerate(table.columns):
                if (table.name, column) in keys and not found:
                    keys[table.name, column].update(row[at] for row in block)
    faults = faults or list(_descriptor_faults(package, frictionless))
    if faults:
        return _report(package, rows, faults, "; values were not checked")
    frames: dict[str, pd.DataFrame] = {}
    for table in package.tables.values():
        faults += _table_faults(root, table, keys, frames)
    if not frames.keys() >= set(NAMES):
        return _report(package, rows, faults, "; the sense of the rows was not checked")
    complete = Tables(**{name: frames[name] for name in NAMES})
    for check in CHECKS:
        faults += check(complete)
    return _report(package, rows, faults)


def _report(package: Package, rows: int, faults: Iterable[Fault], stopped: str = "") -> Report:
    """Order the faults by file and row, each once."""
    files = [DESCRIPTOR, *(table.path for table in package.tables.values())]
    ordered = sorted(set(faults), key=lambda f: (files.index(f.file), f.row or 0, str(f)))
    return Report(len(package.tables), rows, tuple(ordered), stopped)


def _package_faults(package: Package) -> Iterator[Fault]:
    """Find tables and fields that the code counts on and that the descriptor lacks."""
    for name, table in schema.read_package().tables.items():
        found = package.tables.get(name)
        if not found:
            guess = schema.did_you_mean(name, package.tables)
            yield Fault(DESCRIPTOR, None, None, None, f"the table {name}; found none{guess}")
            continue
        types = {field.name: _type(field) for field in found.fields}
        for field in table.fields:
            if types.get(field.name) != _type(field):
                expected = f"the field {field.name} of type {_type(field)} in table {name}"
                yield Fault(DESCRIPTOR, None, None, types.get(field.name), expected)
    for table in package.tables.values():
        for field in table.fields:
            target = field.reference
            other = package.tables.get(target.table) if target else None
            if target and (not other or target.field not in other.columns):
                expected = f"the field {target.field} in a table {target.table}, since "
                expected += f"{field.name} in {table.name} refers to it"
                yield Fault(DESCRIPTOR, None, None, None, expected)


def _type(field: Field) -> str:
    return field.type if field.format == "default" else f"{field.type} ({field.format})"


# The descriptor, by Frictionless


def _descriptor_faults(package: Package, frictionless: Any) -> Iterator[Fault]:
    report = frictionless.Package.validate_descriptor(deepcopy(dict(package.descriptor)))
    for (message,) in report.flatten(["message"]):
        expected = f"a valid Data Package ({' '.join(message.split())})"
        yield Fault(DESCRIPTOR, None, None, None, expected)
    for table in package.tables.values():
        for field in table.fields:
            yield from _constraint_faults(field)


def _constraint_faults(field: Field) -> Iterator[Fault]:
    """Find constraints that are not checked here, and those that no cell can be held against."""
    rules = field.constraints
    for name in set(rules) - _CONSTRAINTS:
        expected = f"none but the constraints {', '.join(sorted(_CONSTRAINTS))}"
        yield Fault(DESCRIPTOR, None, field.name, name, expected)
    try:
        re.compile(rules.get("pattern", ""))
    except (re.error, TypeError):
        expected = "a regular expression as the pattern"
        yield Fault(DESCRIPTOR, None, field.name, str(rules["pattern"]), expected)
    for name in {"minimum", "maximum"} & set(rules):
        if not isinstance(rules[name], int | float):
            yield Fault(DESCRIPTOR, None, field.name, str(rules[name]), f"a number as the {name}")


# The cells: types, constraints, keys, stray characters, lists, order

_CONSTRAINTS = {"enum", "maximum", "minimum", "pattern", "required", "unique"}
# Controls, breaks of line and paragraph, the byte order mark, what decoding could not read.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffd]")
_UNIQUE = "a value that no other row has"
_REQUIRED = "a value; this field may not be blank"


def _table_faults(
    root: Path, table: Table, keys: Keys, frames: dict[str, pd.DataFrame]
) -> Iterator[Fault]:
    """Check the cells of a file; add its frame if each cell has its type.

    Rows that lack a required value are left out of the frame.
    """
    parts = [typed(table, [], root)]
    unique = {(field.name,) for field in table.fields if field.constraints.get("unique")}
    values: dict[tuple[str, ...], list[tuple[str, ...]]] = {
        names: [] for names in unique | {table.primary_key} if names
    }
    number = 2
    for rows in schema.sound_blocks(root, table):
        columns = dict(zip(table.columns, zip(*rows, strict=True), strict=True))
        for field in table.fields:
            cells = columns[field.name]
            wrong = _wrong(field, set(cells), keys, field.name in table.primary_key)
            for row, cell in enumerate(cells if wrong else (), start=number):
                for expected in wrong.get(cell, ()):
                    yield Fault(table.path, row, field.name, cell, expected)
        for names, found in values.items():
            found += zip(*(columns[name] for name in names), strict=True)
        with suppress(DataError):
            parts.append(typed(table, rows, root))
        number += len(rows)
    for names, found in values.items():
        yield from _key_faults(table, names, found)
    frame = pd.concat(parts, ignore_index=True)
    if len(frame) == number - 2:
        required = [field.name for field in table.fields if field.required]
        frames[table.name] = frame.dropna(subset=required)


def _key_faults(
    table: Table, names: tuple[str, ...], values: list[tuple[str, ...]]
) -> Iterator[Fault]:
    """Find values that stand twice, and rows that the primary key does not sort."""
    seen: set[tuple[str, ...]] = set()
    before: tuple[str, ...] = ()
    for row, value in enumerate(values, start=2):
        if value in seen and value != ("",):
            yield Fault(table.path, row, names[0], value[0], _UNIQUE)
        if names == table.primary_key and value < before:
            expected = f"rows sorted by this field; it stands after {before[0]}"
            yield Fault(table.path, row, names[0], value[0], expected)
        seen.add(value)
        before = value


def _wrong(field: Field, cells: set[str], keys: Keys, in_key: bool) -> dict[str, list[str]]:
    """Say what was expected in place of each of a field's cells that is not right."""
    read, rules = cell_reader(field), field.constraints
    pattern = re.compile(rules["pattern"]) if "pattern" in rules else None
    target = field.reference
    known = keys[target.table, target.field] if target else None
    found: dict[str, list[str]] = {}
    text = "".join(cells)
    sound = (text.isprintable() and "\ufffd" not in text) or not _CONTROL.search(text)
    clean = sound and all(cell == cell.strip() for cell in cells)
    for cell in cells:
        expected = [] if clean else list(_stray(cell))
        if not cell:
            expected += [_REQUIRED] if field.required or in_key else []
        elif not _readable(field, read, cell):
            expected.append(field.expected)
        elif pattern and not pattern.fullmatch(cell):
            expected.append(f"text of the form {pattern.pattern}")
        if cell and not expected and field.type in {"integer", "number"}:
            if float(cell) < rules.get("minimum", float("-inf")):
                expected.append(f"a number not below {rules['minimum']}")
            if float(cell) > rules.get("maximum", float("inf")):
                expected.append(f"a number not above {rules['maximum']}")
        if field.delimiter and cell:
            expected += _item_faults(field, cell.split(field.delimiter), known)
        elif target and known is not None and cell and cell not in known:
            expected.append(f"a {target.field} of {target.table}")
        if expected:
            found[cell] = expected
    return found


def _readable(field: Field, read: Callable[[str], Any], cell: str) -> bool:
    if field.format == "uri":
        parts = urlsplit(cell)
        return bool(parts.scheme and parts.netloc) and not any(map(str.isspace, cell))
    try:
        return read(cell) is not None
    except ValueError:
        return False


def _stray(cell: str) -> Iterator[str]:
    """Find blanks at the ends, and control characters."""
    if cell != cell.strip():
        yield "no blank at either end"
    if bad := _CONTROL.search(cell):
        yield f"no control character, found U+{ord(bad[0]):04X}"


def _item_faults(field: Field, items: list[str], known: set[str] | None) -> Iterator[str]:
    if any(not item.strip() for item in items):
        yield f"no empty item between the {field.delimiter!r}"
    if any(item.strip() and item != item.strip() for item in items):
        yield f"no blank beside a {field.delimiter!r}"
    for item in sorted({item for item in items if items.count(item) > 1}):
        yield f"each item once; found {item} twice"
    for item in dict.fromkeys(items):
        if known is not None and field.reference and item.strip() and item.strip() not in known:
            target = field.reference
            yield f"each item a {target.field} of {target.table}; found {item.strip()}"
