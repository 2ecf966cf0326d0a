"""Foreign files as a data directory on disk, which loads like the package's own.

Rows are read a piece at a time, written as lines of CSV to a temporary file and sorted by their
keys at the end, so that memory stays that of one piece (and of the keys) however large the files
are. No typed frame is made on the way: it would take as long again. Loading the directory then
takes memory for all of its rows; days and countries cut it down.
"""

import json
import os
import tempfile
from array import array
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, Self, Unpack

from strikes2024 import schema
from strikes2024.export.source import escape_formula
from strikes2024.export.target import already_exists_error, atomic_write
from strikes2024.readers.acled import ACLED
from strikes2024.readers.build import SHARED
from strikes2024.readers.ged import GED
from strikes2024.readers.layout import Layout, ReadOptions
from strikes2024.readers.read import Paths, Reading
from strikes2024.schema import LONGEST, DataError, did_you_mean

LAYOUTS: dict[str, Layout] = {layout.name: layout for layout in (GED, ACLED)}
ROWS = 20_000  # of a piece


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
        raise already_exists_error(folder)
    reading = Reading(LAYOUTS[layout], path, ROWS, options, force=force)
    for file in reading.paths:
        if folder.resolve() in file.resolve().parents:
            raise DataError(f"{folder} holds {file.name} itself: name another directory")
    report = progress or (lambda _line: None)
    names = ", ".join(file.name for file in reading.paths)
    assembler = reading.assembler
    with atomic_write(folder, force=force, folder=True) as draft, ExitStack() as stack:
        tables = assembler.package.tables.values()
        drafts = {table.name: stack.enter_context(_Lines(table, draft)) for table in tables}
        events = 0
        for piece, frame in reading.pieces():
            columns = assembler.columns(piece, frame)
            for name in columns.keys() - {"sources"}:
                drafts[name].add(columns[name])
            events += len(columns["events"]["event_id"])
            report(f"{names}: {events:,} event{'' if events == 1 else 's'}")
        for note in reading.survey.notices():
            named = note.startswith(tuple(f"{file.name}: " for file in reading.paths))
            report(note if named else f"{names}: {note}")
        if not events:
            what = (
                "is left of the countries and days asked for"
                if reading.survey.events
                else ("to read: there is no row below the header")
            )
            raise DataError(f"{names}: no event {what}")
        drafts["sources"].add(assembler.source_columns())
        for table in tables:
            drafts[table.name].write(draft / table.path)
        assembler.named_kinds()
        text = json.dumps(assembler.descriptor, ensure_ascii=False, indent=1) + "\n"
        (draft / schema.DESCRIPTOR).write_text(text, encoding="utf-8")
    return folder


class _Lines:
    """The rows of one table as lines of CSV, in a temporary file, until all of them are there."""

    def __init__(self, table: schema.Table, folder: Path) -> None:
        self.table = table
        self.keys: list[str] = []
        self.ends = array("q", [0])
        self.known: set[str] = set()
        self.file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (closed on exit)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.file.close()

    def add(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """Put rows aside; of a table whose rows every piece brings again, those that are new."""
        keys = columns[self.table.columns[0]]
        blank = [""] * len(keys)
        cells = [
            _cells(field, columns[field.name]) if field.name in columns else blank
            for field in self.table.fields
        ]
        for key, line in zip(keys, map(",".join, zip(*cells, strict=True)), strict=True):
            if key in self.known:
                continue
            self.keys.append(key)
            data = f"{line}\n".encode()
            self.ends.append(self.ends[-1] + len(data))
            self.file.write(data)
        if self.table.name in SHARED:
            self.known.update(keys)

    def write(self, target: Path) -> None:
        """Write the lines in the order of their keys."""
        with target.open("wb") as out:
            out.write((",".join(self.table.columns) + "\n").encode())
            for at in sorted(range(len(self.keys)), key=self.keys.__getitem__):
                self.file.seek(self.ends[at])
                out.write(self.file.read(self.ends[at + 1] - self.ends[at]))


def _cells(field: schema.Field, values: Sequence[Any]) -> Sequence[str]:
    """Write a column as cells of CSV; equal values are written once."""
    texts: dict[Any, str] = {}
    for value in set(values):
        if value is None:
            texts[value] = ""
        elif isinstance(value, str):
            texts[value] = escape_formula(value) if field.type == "string" else value
        elif isinstance(value, bool):
            texts[value] = str(value).lower()
        elif isinstance(value, float) and value.is_integer():
            texts[value] = str(int(value))
        else:
            texts[value] = f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)
    for value, text in texts.items():
        if len(text) >= LONGEST:
            expected = f"expected cells of at most {LONGEST:,} characters"
            raise DataError(f"{expected}; {field.name}: {text[:40]!r}…")
        if "," in text or '"' in text:  # there are no line breaks
            texts[value] = '"' + text.replace('"', '""') + '"'
    return list(map(texts.__getitem__, values))
