"""JSON: all tables in one file; lists as arrays, missing values as null."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from strikes2024 import schema
from strikes2024.export.source import plain_rows
from strikes2024.schema import DataError
from strikes2024.tables import NAMES, Tables, typed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from strikes2024.export.source import Source
    from strikes2024.schema import Table

__all__ = ["read", "write"]


def write(source: Source, target: Path, say: Callable[[str], None]) -> None:
    """Write an object with the package's title, version and licence, and ``tables``."""
    raw = source.package.descriptor
    about = {key: raw[key] for key in ("name", "title", "version", "created", "licenses")
             if key in raw}  # fmt: skip
    tables = {}
    for name in NAMES:
        tables[name] = _records(source, source.package.table(name))
        say(f"{name}: {len(tables[name])} rows")
    text = json.dumps({**about, "tables": tables}, ensure_ascii=False, indent=1, allow_nan=False)
    target.write_text(text + "\n", encoding="utf-8")


def _records(source: Source, table: Table) -> list[dict[str, Any]]:
    frame = source.tables[table.name]
    records: list[dict[str, Any]] = [
        dict(zip(frame.columns, row, strict=True)) for row in plain_rows(frame)
    ]
    for field in table.fields:
        if field.delimiter:
            for record in records:
                cell = record[field.name]
                record[field.name] = cell.split(field.delimiter) if cell else []
    return records


def read(path: Path) -> Tables:
    """Read a file that :func:`write` made into the same typed tables.

    Raises :class:`strikes2024.DataError` where it is no such file.
    """
    try:
        tables = json.loads(path.read_text(encoding="utf-8"))["tables"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path}: expected a JSON export of this package ({error!r})") from error
    package = schema.read_package(schema.data_dir())
    try:
        cells = {
            name: [
                [_cell(record[field.name], field) for field in package.table(name).fields]
                for record in tables[name]
            ]
            for name in NAMES
        }
    except (KeyError, TypeError) as error:
        raise DataError(f"{path}: expected all tables and columns; missing {error}") from error
    return Tables(**{name: typed(package.table(name), cells[name], path) for name in NAMES})


def _cell(value: Any, field: schema.Field) -> str:
    """Write a value as it stands in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if field.delimiter:
        return field.delimiter.join(value)
    if field.type == "datetime":
        return str(value)[:16] + "Z" if field.format == "%Y-%m-%dT%H:%MZ" else str(value)
    return str(value)
