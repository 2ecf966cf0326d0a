"""SQLite: the tables with their keys, checks and indexes, and metadata for Datasette.

A column with several keys in a cell stays as text, and gets a table of pairs beside it
(``events_places``: ``events``, ``places``), so that SQL can join along it.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from strikes2024.export.source import plain_rows
from strikes2024.schema import DataError, Field, Package, Reference, Table, read_package
from strikes2024.tables import explode, table

_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
_LABELS = ("name", "title", "term")  # columns by which a row is named where others point to it


def write(root: Path, target: Path, progress: Callable[[str], None]) -> None:
    """Write the database; its keys are checked before it is kept.

    Raises :class:`strikes2024.DataError` where a row breaks the schema.
    """
    with closing(sqlite3.connect(target)) as base:
        try:
            _fill(base, root, progress)
        except sqlite3.Error as error:
            raise DataError(f"{root}: {error}; run `strikes2024 validate`") from error
        broken = base.execute("PRAGMA foreign_key_check").fetchone()
        if broken:
            name, row, other, _ = broken
            raise DataError(
                f"{root}: table {name}, row {row + 1}: expected keys that {other} holds; "
                "run `strikes2024 validate`"
            )
        base.commit()
        base.execute("VACUUM")


def _fill(base: sqlite3.Connection, root: Path, progress: Callable[[str], None]) -> None:
    package = read_package(root)
    for spec in package.tables.values():
        frame = table(spec.name, root)
        _add(base, spec, frame)
        progress(f"{spec.name}: {len(frame)} rows")
    for spec, pairs in _pairs(package):
        frame = table(spec.name, root)[list(pairs.columns)]
        _add(base, pairs, explode(frame, pairs.columns[1]).dropna().drop_duplicates())


def _add(base: sqlite3.Connection, table: Table, frame: pd.DataFrame) -> None:
    """Make a table, fill it, and index its keys and days."""
    base.execute(_create(table))
    marks = ", ".join("?" * len(table.columns))
    base.executemany(f"INSERT INTO {_name(table.name)} VALUES ({marks})", plain_rows(frame))  # noqa: S608 (names are quoted)
    for field in table.fields[1:]:  # the first one is the key
        if (field.reference and not field.delimiter) or field.type in {"date", "datetime"}:
            index = _name(f"{table.name}_by_{field.name}")
            base.execute(f"CREATE INDEX {index} ON {_name(table.name)} ({_name(field.name)})")


def _pairs(package: Package) -> Iterator[tuple[Table, Table]]:
    """Describe the pairs of a row's own key and each key in a list of it, beside its table."""
    always = {"required": True}
    for spec in package.tables.values():
        for field in spec.fields:
            if field.delimiter and field.reference:
                own = spec.field(spec.primary_key[0])
                key = replace(own, constraints=always, reference=Reference(spec.name, own.name))
                both = f"{spec.name} and {field.reference.table}"
                title = f"{spec.title}: {field.title.lower()} (pairs of {both})"
                fields = (key, replace(field, constraints=always, delimiter=None))
                name, keys = f"{spec.name}_{field.name}", (own.name, field.name)
                yield spec, Table(name, "", title, "", fields, keys)


def _name(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _create(table: Table) -> str:
    lines = [_column(field) for field in table.fields]
    if table.primary_key:
        lines.append(f"PRIMARY KEY ({', '.join(map(_name, table.primary_key))})")
    for field in table.fields:
        if field.reference and not field.delimiter:
            other = f"{_name(field.reference.table)} ({_name(field.reference.field)})"
            lines.append(f"FOREIGN KEY ({_name(field.name)}) REFERENCES {other}")
    return f"CREATE TABLE {_name(table.name)} (\n  " + ",\n  ".join(lines) + "\n)"


def _column(field: Field) -> str:
    name = _name(field.name)
    parts = [name, _TYPES.get(field.type, "TEXT")]
    if field.required:
        parts.append("NOT NULL")
    if field.enum:
        parts.append(f"CHECK ({name} IN ({', '.join(map(_text, field.enum))}))")
    elif field.type == "boolean":
        parts.append(f"CHECK ({name} IN (0, 1))")
    return " ".join(parts)


def beside(root: Path, target: Path) -> tuple[Path, str]:
    """Return path and text of Datasette's metadata: titles, descriptions, licence, labels.

    Parameters
    ----------
    root
        The directory of the data.
    target
        The database; the metadata come to lie beside it.
    """
    package, tables = read_package(root), dict[str, Any]()
    for spec in (*package.tables.values(), *(pairs for _, pairs in _pairs(package))):
        tables[spec.name] = {
            "title": spec.title,
            "description": spec.description,
            "columns": {field.name: field.description for field in spec.fields},
        }
        for label in set(_LABELS) & set(spec.columns):
            tables[spec.name]["label_column"] = label
    raw = package.descriptor
    licence = raw.get("licenses", [{}])[0]
    version = f"Version {package.version}." if package.version else ""
    metadata = {
        "title": package.title,
        "description": f"{raw.get('description', '')} {version}".strip(),
        "license": licence.get("title", ""),
        "license_url": licence.get("path", ""),
        "databases": {target.stem: {"tables": tables}},
    }
    text = json.dumps(metadata, ensure_ascii=False, indent=1) + "\n"
    return target.with_suffix(".metadata.json"), text
