"""Foreign files as a data directory on disk, which loads like the package's own.

Rows are read a piece at a time and sorted by SQLite in a file of its own, so that memory stays
that of one piece (and of a few numbers for each event) however large the files are. Loading the
directory then takes memory for all of its rows; days and countries cut it down.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from strikes2024 import schema
from strikes2024.export.source import csv_rows
from strikes2024.export.target import exists, fresh
from strikes2024.readers.acled import ACLED
from strikes2024.readers.ged import GED
from strikes2024.readers.layout import ReadOptions
from strikes2024.readers.read import Reading, notes_of
from strikes2024.schema import LONGEST, DataError, did_you_mean

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import pandas as pd

    from strikes2024.readers.layout import Layout
    from strikes2024.readers.read import Paths
    from strikes2024.tables import Tables

__all__ = ["LAYOUTS", "write_tables"]

LAYOUTS: dict[str, Layout] = {layout.name: layout for layout in (GED, ACLED)}
ROWS = 20_000  # of a piece
_SHARED = {"sources", "actors", "places"}  # of these every piece brings the same rows again


def write_tables(
    layout: str,
    path: Paths,
    target: str | os.PathLike[str],
    *,
    force: bool = False,
    progress: Callable[[str], None] | None = None,
    **options: Unpack[ReadOptions],
) -> Path:
    """Read files of UCDP GED or ACLED and write a data directory; return its path.

    ``strikes2024.load(target)`` opens it, and ``--data`` of every command takes it. Rows are
    sorted by their keys. Text that a spreadsheet would run as a formula gets a ``'`` in front,
    as in the CSV export.

    Parameters
    ----------
    layout
        ``"ged"`` or ``"acled"``.
    path
        The file, or several: of an event in two of them the later one counts.
    target
        The directory to make.
    force
        Replace what is there.
    progress
        Called with a line for each piece that was read, and one for whatever was changed.
    **options
        As in :class:`~strikes2024.readers.ReadOptions`.

    Raises
    ------
    strikes2024.DataError
        For an unknown layout, for whatever the reader refuses, where no event is left to write, and
        where the target exists or cannot be written. Nothing is left then.
    """
    if layout not in LAYOUTS:
        guess = did_you_mean(layout, LAYOUTS)
        raise DataError(f"there is no layout {layout!r}{guess} (known: {', '.join(LAYOUTS)})")
    folder = Path(target)
    if folder.exists() and not force:
        raise exists(folder)
    reading = Reading(LAYOUTS[layout], path, ROWS, options, force=force)
    for file in reading.paths:
        if folder.resolve() in file.resolve().parents:
            raise DataError(f"{folder} holds {file.name} itself: name another directory")
    say = progress or (lambda _line: None)
    names = ", ".join(file.name for file in reading.paths)
    assembler = reading.assembler
    with fresh(folder, force=force, folder=True) as draft:
        store = draft / "rows.db"
        with closing(sqlite3.connect(store)) as base:
            _prepare(base, assembler.package)
            events = 0
            for piece in reading.pieces():
                _keep(base, piece)
                events += len(piece.events)
                say(f"{names}: {events:,} event{'' if events == 1 else 's'}")
            for note in notes_of(reading.survey):
                say(f"{names}: {note}")
            if not events:
                raise DataError(f"{names}: no event is left of the countries and days asked for")
            base.execute("UPDATE sources SET line = ?", [_lines(assembler.source())[0][1]])
            for table in assembler.package.tables.values():
                _write(base, table, draft / table.path)
        store.unlink()
        assembler.named_kinds()
        text = json.dumps(assembler.descriptor, ensure_ascii=False, indent=1) + "\n"
        (draft / schema.DESCRIPTOR).write_text(text, encoding="utf-8")
    return folder


def _prepare(base: sqlite3.Connection, package: schema.Package) -> None:
    base.execute("PRAGMA journal_mode = OFF")  # the file is thrown away, whatever happens
    base.execute("PRAGMA synchronous = OFF")
    for name in package.tables:
        unique = " PRIMARY KEY" if name in _SHARED else ""
        base.execute(f'CREATE TABLE "{name}" (key TEXT{unique}, line TEXT)')


def _keep(base: sqlite3.Connection, piece: Tables) -> None:
    """Put the rows of a piece aside as lines of CSV, with their keys."""
    for name in piece:
        if len(piece[name]):
            insert = f'INSERT OR IGNORE INTO "{name}" VALUES (?, ?)'  # noqa: S608 (own names)
            base.executemany(insert, _lines(piece[name]))


def _lines(frame: pd.DataFrame) -> list[tuple[str, str]]:
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows(csv_rows(frame))
    lines = out.getvalue().splitlines(keepends=True)  # cells have no line breaks
    if max(map(len, lines)) > LONGEST:
        _check_lengths(frame)
    return list(zip(frame.iloc[:, 0].tolist(), lines, strict=True))


def _check_lengths(frame: pd.DataFrame) -> None:
    for column in frame.columns:
        for text in frame[column].dropna().astype(str):
            if len(text) >= LONGEST:
                raise DataError(
                    f"expected cells of at most {LONGEST:,} characters; {column}: {text[:40]!r}…"
                )


def _write(base: sqlite3.Connection, table: schema.Table, target: Path) -> None:
    """Write the lines in the order of their keys."""
    with target.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerow(table.columns)
        for (line,) in base.execute(f'SELECT line FROM "{table.name}" ORDER BY key'):  # noqa: S608
            out.write(line)
