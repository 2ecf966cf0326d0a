"""Foreign files as a data directory on disk, which loads like the package's own."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Unpack

from strikes2024 import schema
from strikes2024.export.source import write_csv
from strikes2024.export.target import already_exists_error, atomic_write
from strikes2024.readers.acled import ACLED
from strikes2024.readers.ged import GED
from strikes2024.readers.layout import Layout, ReadOptions
from strikes2024.readers.read import Paths, Reading
from strikes2024.schema import DataError

LAYOUTS: dict[str, Layout] = {layout.name: layout for layout in (GED, ACLED)}


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
        Called with a line on how many events were read, and one for whatever was changed.
    **options
        As in :class:`~strikes2024.readers.ReadOptions`.

    Raises
    ------
    strikes2024.DataError
        For an unknown layout, for whatever the reader refuses, where no event is left to write, and
        where the target exists or cannot be written. Nothing is left then.
    """
    if layout not in LAYOUTS:
        raise DataError(schema.unknown("layout", layout, LAYOUTS))
    folder = Path(target)
    if folder.exists() and not force:
        raise already_exists_error(folder)
    reading = Reading(LAYOUTS[layout], path, options, force=force)
    for file in reading.paths:
        if folder.resolve() in file.resolve().parents:
            raise DataError(f"{folder} holds {file.name} itself: name another directory")
    report = progress or (lambda _line: None)
    names, events = reading.names, len(reading.values)
    report(f"{names}: {events:,} event{'' if events == 1 else 's'}")
    for note in reading.survey.notices():
        report(note)
    if not events:
        what = "is left of the countries and days asked for"
        if reading.survey.empty:
            what = "to read: there is no row below the header"
        raise DataError(f"{names}: no event {what}")
    tables, package, descriptor = reading.tables(), reading.package, reading.descriptor
    del reading  # its text takes as much memory as the tables
    with atomic_write(folder, force=force, folder=True) as draft:
        for table in package.tables.values():
            frame = tables[table.name].sort_values(table.columns[0])
            write_csv(draft / table.path, frame)
        text = json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n"
        (draft / schema.DESCRIPTOR).write_text(text, encoding="utf-8")
    return folder
