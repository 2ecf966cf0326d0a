"""CSV: the tables as they stand in ``data/``, with the descriptor."""

import csv
from collections.abc import Callable
from pathlib import Path

from strikes2024 import schema
from strikes2024.export.source import escape_formula


def write(root: Path, target: Path, progress: Callable[[str], None]) -> None:
    """Write one file a table; text that would run as a formula gets a ``'`` in front."""
    for name in (schema.DESCRIPTOR, "LICENSE.md"):
        if (root / name).is_file():
            (target / name).write_bytes((root / name).read_bytes())
    for table in schema.read_package(root).tables.values():
        text = [field.type == "string" for field in table.fields]
        count = 0
        with (target / table.path).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(table.columns)
            for rows in schema.sound_blocks(root, table):
                count += len(rows)
                for row in rows:
                    cells = zip(row, text, strict=True)
                    writer.writerow(
                        [escape_formula(cell) if is_text else cell for cell, is_text in cells]
                    )
        progress(f"{table.path}: {count} rows")
