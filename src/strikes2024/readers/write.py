"""A foreign file as a data directory on disk, which loads like the package's own.

The file is read a piece at a time, and its rows are sorted by SQLite in a file of its own, so that
memory stays that of one piece however large the file is. (Loading the directory then takes memory
for all of its rows; days and countries cut it down.)
"""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from copy import deepcopy
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strikes2024 import schema
from strikes2024.export.source import calm, plain_rows
from strikes2024.export.target import fresh
from strikes2024.readers.acled import iter_acled
from strikes2024.readers.ged import iter_ged
from strikes2024.schema import LONGEST, DataError, did_you_mean

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    import pandas as pd

    from strikes2024.tables import Tables

__all__ = ["LAYOUTS", "write_tables"]

# Layout: how a file of it is walked through, and whose data it holds.
LAYOUTS: dict[str, tuple[Callable[..., Iterator[Tables]], str]] = {
    "ged": (iter_ged, "Uppsala Conflict Data Program"),
    "acled": (iter_acled, "ACLED"),
}
_SHARED = {"sources", "actors", "places"}  # of these every piece brings the same rows again


def write_tables(
    layout: str,
    path: str | os.PathLike[str],
    target: str | os.PathLike[str],
    *,
    force: bool = False,
    progress: Callable[[str], None] | None = None,
    **options: Any,
) -> Path:
    """Read a file of UCDP GED or ACLED and write a data directory; return its path.

    ``strikes2024.load(target)`` opens it, and ``--data`` of every command takes it. Rows are
    sorted by their keys. Text that a spreadsheet would run as a formula gets a ``'`` in front,
    as in the CSV export.

    Args:
        layout: ``"ged"`` or ``"acled"``.
        path: The file.
        target: The directory to make.
        force: Replace what is there.
        progress: Called with a line for each piece that was read.
        **options: ``kinds``, ``stated``, ``countries``, ``start``, ``end``, as in
            :func:`~strikes2024.readers.read_ged` and :func:`~strikes2024.readers.read_acled`.

    Raises :class:`strikes2024.DataError` for an unknown layout, for whatever the reader refuses,
    where no event is left to write, and where the target exists or cannot be written. Nothing is
    left then.
    """
    if layout not in LAYOUTS:
        guess = did_you_mean(layout, LAYOUTS)
        raise DataError(f"there is no layout {layout!r}{guess} (known: {', '.join(LAYOUTS)})")
    walk, owner = LAYOUTS[layout]
    file, folder = Path(path), Path(target)
    if folder.resolve() in file.resolve().parents:
        raise DataError(f"{folder} holds {file.name} itself: name another directory")
    say = progress or (lambda _line: None)
    package = schema.read_package(schema.data_dir())
    kinds: dict[str, None] = dict.fromkeys(package.table("events").field("kind").enum)
    with fresh(folder, force=force, folder=True) as draft:
        store = draft / "rows.db"
        with closing(sqlite3.connect(store)) as base:
            _prepare(base, package)
            events, title = 0, ""
            for piece in walk(file, **options):
                _keep(base, package, piece)
                kinds |= dict.fromkeys(piece.events["kind"].cat.categories)
                events += len(piece.events)
                title = str(piece.sources["title"].iloc[0])
                say(f"{file.name}: {events:,} events")
            if not events:
                raise DataError(f"{file}: no event is left of the countries and days asked for")
            for table in package.tables.values():
                _write(base, table, draft / table.path, file)
        store.unlink()
        descriptor = _descriptor(package, f"{title}: events read from {file.name}", owner, kinds)
        text = json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n"
        (draft / schema.DESCRIPTOR).write_text(text, encoding="utf-8")
    return folder


def _prepare(base: sqlite3.Connection, package: schema.Package) -> None:
    base.execute("PRAGMA journal_mode = OFF")  # the file is thrown away, whatever happens
    base.execute("PRAGMA synchronous = OFF")
    for name in package.tables:
        unique = " PRIMARY KEY" if name in _SHARED else ""
        base.execute(f'CREATE TABLE "{name}" (key TEXT{unique}, line TEXT)')


def _keep(base: sqlite3.Connection, package: schema.Package, piece: Tables) -> None:
    """Put the rows of a piece aside as lines of CSV, with their keys."""
    for name in package.tables:
        frame = piece[name]
        if len(frame):
            insert = f'INSERT OR IGNORE INTO "{name}" VALUES (?, ?)'  # noqa: S608 (own names)
            base.executemany(insert, _lines(frame))


def _lines(frame: pd.DataFrame) -> Iterator[tuple[str, str]]:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in plain_rows(frame):
        writer.writerow([_cell(value) for value in row])
        yield str(row[0]), out.getvalue()
        out.seek(0)
        out.truncate()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return value
    text = calm(value)
    if len(text) > LONGEST:
        raise DataError(f"expected cells of at most {LONGEST:,} characters: {text[:40]!r}…")
    return text


def _write(base: sqlite3.Connection, table: schema.Table, target: Path, file: Path) -> None:
    """Write the lines in the order of their keys. Raises ``DataError`` for a key given twice."""
    with target.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerow(table.columns)
        before = None
        for key, line in base.execute(f'SELECT key, line FROM "{table.name}" ORDER BY key'):  # noqa: S608
            if key == before:
                raise DataError(f"{file}: expected each event once; found {key} twice")
            before = key
            out.write(line)


def _descriptor(
    package: schema.Package, title: str, owner: str, kinds: dict[str, None]
) -> dict[str, Any]:
    """Describe the same tables, with the kinds of events that the file has, and their owner.

    There is no licence: it is the owner's to give.
    """
    raw = deepcopy(dict(package.descriptor))
    for name in ("licenses", "created", "keywords", "version", "description"):
        raw.pop(name, None)
    raw |= {"title": title, "contributors": [{"title": owner, "role": "author"}]}
    (events,) = [item for item in raw["resources"] if item["name"] == "events"]
    (kind,) = [field for field in events["schema"]["fields"] if field["name"] == "kind"]
    kind["constraints"]["enum"] = list(kinds)
    return raw
