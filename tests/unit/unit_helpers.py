"""Small typed tables, as they go into the analysis and as they come out of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from strikes2024 import Tables, schema
from strikes2024.tables import NAMES, typed

D = pd.Timestamp
PACKAGE = schema.read_package(schema.data_dir())

_FIGURE = {
    "qualifier": "exactly", "stated_basis": "published", "status": "stands", "source": "news",
}  # fmt: skip
# What most rows of a test have in common.
USUAL = {
    "claims": _FIGURE | {
        "event": "e", "metric": "killed", "unit": "persons", "victims": "militants",
        "country": "Syria", "scope": "whole", "claimant": "us", "as_of": "2024-02-03",
        "stated": "2024-02-03",
    },
    "tallies": _FIGURE | {
        "claimant": "dod", "counts": "attacks", "counted_from": "2023-10-17",
        "as_of": "2023-10-26", "stated": "2023-10-27",
    },
    "events": {"kind": "us_strike", "date_precision": "day", "start": "2024-02-03"},
    "links": {"relation": "in_answer_to", "stated_by": "us", "source": "news"},
}  # fmt: skip


def rows(table: str, *cells: dict[str, str]) -> pd.DataFrame:
    """A table with the types that the descriptor gives it; ids are ``claims-1`` and so on."""
    spec = PACKAGE.table(table)
    key, names = spec.fields[0].name, [field.name for field in spec.fields]
    full = [{key: f"{table}-{at}"} | USUAL.get(table, {}) | row for at, row in enumerate(cells, 1)]
    assert {name for row in full for name in row} <= set(names)
    return typed(spec, [[row.get(name, "") for name in names] for row in full], schema.data_dir())


def record(**tables: pd.DataFrame) -> Tables:
    """All tables: those that are given, and the others without a row."""
    return Tables(**{name: tables.get(name, rows(name)) for name in NAMES})


_TYPES = {"day": "datetime64[us]", "text": "string", "words": "str", "category": "object"}


def assert_table(found: pd.DataFrame, columns: str, *wanted: tuple[object, ...]) -> None:
    """Every column, type, cell, and an index 0, 1, 2, …

    ``columns`` are words such as ``rows:Int64``; of a category only the cells are compared.
    """
    parts = [column.split(":") for column in columns.split()]
    assert list(found) == [name for name, _ in parts]
    expected = {
        name: pd.Series([row[at] for row in wanted], dtype=_TYPES.get(kind, kind))
        for at, (name, kind) in enumerate(parts)
    }
    for name, kind in parts:
        if kind == "category":
            assert found[name].dtype == "category"
            found = found.astype({name: "object"})
    pd.testing.assert_frame_equal(found, pd.DataFrame(expected), check_index_type=True)


def refuses(words: str, error: type[Exception] = ValueError) -> Any:
    """The error, with these very words."""
    return pytest.raises(error, match=f"^{re.escape(words)}$")


def read_json(path: Path) -> Tables:
    """Read a JSON export as typed tables again."""
    found = json.loads(path.read_text(encoding="utf-8"))["tables"]
    cells = {
        name: [[_text(row[field.name], field) for field in PACKAGE.table(name).fields]
               for row in found[name]]
        for name in NAMES
    }  # fmt: skip
    return Tables(**{name: typed(PACKAGE.table(name), cells[name], path) for name in NAMES})


def _text(value: Any, field: schema.Field) -> str:
    """Write a value as it stands in a CSV file."""
    if value is None:
        return ""
    if field.type == "boolean":
        return str(value).lower()
    if field.delimiter:
        return field.delimiter.join(value)
    return f"{value[:16]}Z" if field.type == "datetime" else str(value)


def forget_the_record() -> None:
    """Let the pages of the book read the data again."""
    from strikes2024.report import record

    for looked_up in (record.tables, record.rows, record.second_readings):
        looked_up.cache_clear()
