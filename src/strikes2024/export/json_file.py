"""JSON: all tables in one file; lists as arrays, missing values as null."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from strikes2024.export.source import plain_rows
from strikes2024.schema import read_package
from strikes2024.tables import NAMES, table


def write(root: Path, target: Path, progress: Callable[[str], None]) -> None:
    """Write an object with the package's title, version and licence, and ``tables``."""
    package = read_package(root)
    raw = package.descriptor
    about = {key: raw[key] for key in ("name", "title", "version", "created", "licenses")
             if key in raw}  # fmt: skip
    with target.open("w", encoding="utf-8") as out:
        head = json.dumps(about, ensure_ascii=False)[:-1] + (", " if about else "")
        out.write(head + '"tables": {')
        for place, name in enumerate(NAMES):
            out.write(f'{", " if place else ""}\n"{name}": [')
            frame = table(name, root)
            lists = {f.name: f.delimiter for f in package.table(name).fields if f.delimiter}
            for number, row in enumerate(plain_rows(frame)):
                record: dict[str, Any] = dict(zip(frame.columns, row, strict=True))
                for column, delimiter in lists.items():
                    record[column] = record[column].split(delimiter) if record[column] else []
                text = json.dumps(record, ensure_ascii=False, allow_nan=False)
                out.write(f"{',' if number else ''}\n {text}")
            out.write("\n]")
            progress(f"{name}: {len(frame)} rows")
        out.write("\n}}\n")
