"""JSON: all tables in one file; lists as arrays, missing values as null."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from strikes2024 import schema
from strikes2024.export.source import plain_rows
from strikes2024.schema import DataError
from strikes2024.tables import NAMES, Tables, typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from strikes2024.export.source import Source
    from strikes2024.schema import Table

__all__ = ["read", "write"]


def write(source: Source, target: Path, progress: Callable[[str], None]) -> None:
    """Write an object with the package's title, version and licence, and ``tables``."""
    raw = source.package.descriptor
    about = {key: raw[key] for key in ("name", "title", "version", "created", "licenses")
             if key in raw}  # fmt: skip
    with target.open("w", encoding="utf-8") as out:
        head = json.dumps(about, ensure_ascii=False)[:-1] + (", " if about else "")
        out.write(head + '"tables": {')
        for place, name in enumerate(NAMES):
            out.write(f'{", " if place else ""}\n"{name}": [')
            count = 0
            for count, record in enumerate(_records(source, source.package.table(name)), start=1):
                text = json.dumps(record, ensure_ascii=False, allow_nan=False)
                out.write(f"{',' if count > 1 else ''}\n {text}")
            out.write("\n]")
            progress(f"{name}: {count} rows")
        out.write("\n}}\n")


def _records(source: Source, table: Table) -> Iterator[dict[str, Any]]:
    frame = source.table(table.name)
    lists = [(field.name, field.delimiter) for field in table.fields if field.delimiter]
    for row in plain_rows(frame):
        record: dict[str, Any] = dict(zip(frame.columns, row, strict=True))
        for name, delimiter in lists:
            record[name] = record[name].split(delimiter) if record[name] else []
        yield record


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
