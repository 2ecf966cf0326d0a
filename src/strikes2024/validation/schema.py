"""Validate a data directory: the form of its files, the schema, then the sense of the rows.

The schema (types, listed values, keys) is checked by Frictionless (extra ``validate``), the rest
here and in :mod:`strikes2024.validation.rules`. A stage is left out only where the one before it
leaves nothing that could be read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from strikes2024 import schema
from strikes2024.schema import (
    DESCRIPTOR,
    DataError,
    Fault,
    Field,
    MissingExtraError,
    Package,
    Table,
    did_you_mean,
)
from strikes2024.tables import Tables, load
from strikes2024.validation.rules import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["MissingExtraError", "Report", "validate"]

Cells = Mapping[str, list[list[str]]]


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


def validate(data_dir: Path | None = None) -> Report:
    """Validate the package's own data, or another directory with the same tables.

    Raises :class:`DataError` where the directory or its descriptor cannot be read, and
    :class:`MissingExtraError` where Frictionless is not installed.
    """
    try:
        import frictionless  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(
            "validate needs Frictionless: pip install 'strikes2024[validate]'"
        ) from error
    root = schema.data_dir() if data_dir is None else data_dir
    package = schema.read_package(root)
    faults = list(_package_faults(package))
    if faults:
        return _report(package, {}, faults, "; no file was read")
    cells: dict[str, list[list[str]]] = {}
    for table in package.tables.values():
        cells[table.name], found = schema.read_cells(root, table)
        faults += found
    if faults:
        return _report(package, cells, faults, "; values were not checked")
    faults += [*_schema_faults(package, cells), *_text_faults(package, cells)]
    faults += [*_list_faults(package, cells), *_unused_sources(package, cells)]
    try:
        tables = load(root)
    except DataError as error:
        stopped = "; the sense of the rows was not checked"
        where = {(fault.file, fault.row, fault.field) for fault in faults}
        fault = error.fault  # most often one that Frictionless has found already
        if fault and (fault.file, fault.row, fault.field) not in where:
            faults.append(fault)
        return _report(package, cells, faults, stopped)
    complete = _complete(package, tables)
    for check in CHECKS:
        faults += check(complete)
    return _report(package, cells, faults)


def _complete(package: Package, tables: Tables) -> Tables:
    """Leave out the rows that lack a required value: the schema has named them."""
    required = {
        name: [field.name for field in package.tables[name].fields if field.required]
        for name in tables
    }
    return Tables(**{name: tables[name].dropna(subset=required[name]) for name in tables})


def _report(package: Package, cells: Cells, faults: Iterable[Fault], stopped: str = "") -> Report:
    """Order the faults by file and row, each once."""
    files = [DESCRIPTOR, *(table.path for table in package.tables.values())]
    ordered = sorted(set(faults), key=lambda f: (files.index(f.file), f.row or 0, str(f)))
    return Report(len(package.tables), sum(map(len, cells.values())), tuple(ordered), stopped)


def _package_faults(package: Package) -> Iterator[Fault]:
    """Find tables and fields that the code counts on and that the descriptor lacks."""
    for name, table in _own_package().tables.items():
        found = package.tables.get(name)
        if not found:
            guess = did_you_mean(name, package.tables)
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
            if target and target.field not in _columns(package, target.table):
                expected = f"the field {target.field} in a table {target.table}, since "
                expected += f"{field.name} in {table.name} refers to it"
                yield Fault(DESCRIPTOR, None, None, None, expected)


def _type(field: Field) -> str:
    return field.type if field.format == "default" else f"{field.type} ({field.format})"


def _columns(package: Package, table: str) -> tuple[str, ...]:
    return package.tables[table].columns if table in package.tables else ()


def _own_package() -> Package:
    return schema.read_package(schema.data_dir())


# The schema, by Frictionless


def _schema_faults(package: Package, cells: Cells) -> Iterator[Fault]:
    """Check types, constraints and keys of the cells as they were read here."""
    from frictionless import FrictionlessException
    from frictionless import Package as Validated

    descriptor = deepcopy(dict(package.descriptor))
    for resource in descriptor["resources"]:
        table = package.tables[resource["name"]]
        for place in ("path", "format", "mediatype", "encoding", "dialect", "bytes", "hash"):
            resource.pop(place, None)
        resource["data"] = [list(table.columns), *cells[table.name]]
    try:
        report = Validated.from_descriptor(descriptor).validate()
    except FrictionlessException as error:
        yield from map(_refused, error.reasons or [error.error])
        return
    yield from map(_refused, report.errors)
    for task in report.tasks:
        for problem in task.errors:
            yield _translated(package.tables[task.name], problem)


def _refused(problem: Any) -> Fault:
    """Turn a complaint of Frictionless about the descriptor into a fault."""
    reason = " ".join(problem.message.split())
    return Fault(DESCRIPTOR, None, None, None, f"a valid Data Package ({reason})")


def _translated(table: Table, problem: Any) -> Fault:
    """Turn an error of Frictionless into a fault."""
    row: int | None = getattr(problem, "row_number", None)
    if problem.type == "foreign-key":
        name, other = problem.field_names[0], problem.reference_name or table.name
        expected = f"a {problem.reference_field_names[0]} of {other}"
        return Fault(table.path, row, name, problem.field_cells[0], expected)
    if problem.type == "primary-key":
        name = table.primary_key[0]
        value = problem.cells[table.columns.index(name)]
        return Fault(table.path, row, name, value, _UNIQUE if value else _REQUIRED)
    name = getattr(problem, "field_name", None)
    if name is None or name not in table.columns:
        return Fault(table.path, row, None, None, f"a sound table ({problem.message})")
    value = problem.cells[table.columns.index(name)]
    return Fault(table.path, row, name, value, _wanted(table.field(name), problem))


_UNIQUE = "a value that no other row has"
_REQUIRED = "a value; this field may not be blank"


def _wanted(field: Field, problem: Any) -> str:
    if problem.type == "unique-error":
        return _UNIQUE
    if problem.type == "type-error":
        return _FORMATTED.get(field.format) or schema.TYPES[field.type]
    found = re.match(r'constraint "(\w+)"', problem.note)
    rule = found[1] if found else ""
    return {
        "required": _REQUIRED,
        "unique": _UNIQUE,
        "enum": f"one of {', '.join(field.enum)}",
        "pattern": f"text of the form {field.constraints.get('pattern')}",
        "minimum": f"a number not below {field.constraints.get('minimum')}",
        "maximum": f"a number not above {field.constraints.get('maximum')}",
    }.get(rule, str(problem.note))


_FORMATTED = {"uri": "a web address", "%Y-%m-%dT%H:%MZ": "a UTC moment (YYYY-MM-DDThh:mmZ)"}


# The text of the cells, and lists in cells


def _text_faults(package: Package, cells: Cells) -> Iterator[Fault]:
    """Find stray blanks, control characters, and rows out of order."""
    for table in package.tables.values():
        for number, row in enumerate(cells[table.name], start=2):
            for name, value in zip(table.columns, row, strict=True):
                if value != value.strip():
                    yield Fault(table.path, number, name, value, "no blank at either end")
                if bad := next(filter(_is_control, value), None):
                    expected = f"no control character, found U+{ord(bad):04X}"
                    yield Fault(table.path, number, name, value, expected)
        yield from _order_faults(table, cells[table.name])


def _is_control(character: str) -> bool:
    stray = "\ufeff\ufffd"  # byte order mark; the mark of a character lost in decoding
    return character in stray or unicodedata.category(character) in {"Cc", "Zl", "Zp"}


def _order_faults(table: Table, rows: list[list[str]]) -> Iterator[Fault]:
    if not table.primary_key:
        return
    places = [table.columns.index(name) for name in table.primary_key]
    keys = [tuple(row[place] for place in places) for row in rows]
    for number, (before, key) in enumerate(pairwise(keys), start=3):
        if key < before:
            expected = f"rows sorted by this field; it stands after {before[0]}"
            yield Fault(table.path, number, table.primary_key[0], key[0], expected)


def _column(package: Package, cells: Cells, name: str, field: str) -> list[str]:
    place = package.tables[name].columns.index(field)
    return [row[place] for row in cells[name]]


def _list_faults(package: Package, cells: Cells) -> Iterator[Fault]:
    """Check lists in cells: no blank item, none twice, each a key where they refer to a table."""
    for table in package.tables.values():
        for field in table.fields:
            if field.delimiter is None:
                continue
            known = None
            if field.reference:
                target = field.reference
                known = set(_column(package, cells, target.table, target.field))
            column = _column(package, cells, table.name, field.name)
            for number, cell in enumerate(column, start=2):
                items = cell.split(field.delimiter) if cell else []
                for expected in _item_faults(field, items, known):
                    yield Fault(table.path, number, field.name, cell, expected)


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


def _unused_sources(package: Package, cells: Cells) -> Iterator[Fault]:
    """Find publications that no row rests on."""
    used: set[str] = set()
    for table in package.tables.values():
        for field in table.fields:
            if field.reference and field.reference.table == "sources":
                for cell in _column(package, cells, table.name, field.name):
                    items = cell.split(field.delimiter) if field.delimiter else [cell]
                    used.update(item.strip() for item in items)
    table = package.tables["sources"]
    for number, key in enumerate(_column(package, cells, "sources", "source_id"), start=2):
        if key not in used:
            yield Fault(table.path, number, "source_id", key, "a source that some row rests on")
