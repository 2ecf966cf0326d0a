"""The flat table: every claim in plain words, in one CSV file for a spreadsheet."""

from collections.abc import Callable
from pathlib import Path

from strikes2024.export.source import write_csv
from strikes2024.joins import flat
from strikes2024.tables import load


def write(root: Path, target: Path, progress: Callable[[str], None]) -> None:
    """Write :func:`strikes2024.flat` as UTF-8 with a mark by which Excel knows it."""
    frame = flat(load(root))
    write_csv(target, frame, encoding="utf-8-sig")
    progress(f"{target.name}: {len(frame)} rows")
