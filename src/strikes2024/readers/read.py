"""From files to tables: what all layouts have in common."""

import csv
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from strikes2024.arguments import ArgumentError
from strikes2024.export.source import escape_formula
from strikes2024.export.target import atomic_write
from strikes2024.readers.build import Assembler, join
from strikes2024.readers.cells import Piece
from strikes2024.readers.layout import Layout, Options
from strikes2024.readers.survey import REJECT, Reject, survey
from strikes2024.schema import DataError
from strikes2024.tables import Tables

Paths: TypeAlias = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


class Reading:
    """One reading of some files: a first walk, then the pieces as tables."""

    def __init__(
        self,
        layout: Layout,
        path: Paths,
        rows: object,
        given: Mapping[str, Any],
        *,
        force: bool = False,
    ) -> None:
        self.layout = layout
        self.options = Options.make(layout, given)
        self.force = force
        if isinstance(path, (str, os.PathLike)):
            path = [path]
        try:
            self.paths = [Path(one) for one in path]
        except TypeError:
            raise ArgumentError(f"path: expected a file, or several; found {path!r}") from None
        if not self.paths:
            raise ArgumentError("path: expected a file, or several")
        if not isinstance(rows, int) or rows < 1:
            raise ArgumentError(f"rows: expected a whole number from 1; found {rows!r}")
        self.survey = survey(self.paths, layout, self.options, rows)
        self.assembler = Assembler(layout, self.options, self.survey, self.paths)

    def pieces(self) -> Iterator[tuple[Piece, dict[str, Any]]]:
        """Yield each piece with its frame, for the assembler.

        Raises :class:`strikes2024.DataError` for a bad row.
        """
        for piece in self.survey.pieces():
            frame = self.layout.frame(piece)
            bad = sorted(piece.faults)
            if bad and self.options.rejects is None:
                fault = piece.faults[bad[0]]
                raise DataError(str(fault), fault)
            for at in bad:
                cells = {name: column[at] for name, column in piece.columns.items()}
                self.survey.rejects.append(Reject(piece.faults[at], cells))
            yield piece, frame
        if self.options.rejects is not None and self.survey.rejects:
            self._write_rejects(self.options.rejects)

    def _write_rejects(self, path: Path) -> None:
        rejects = self.survey.rejects
        self.survey.notes[f"{{n}} that cannot be read: see {path}"] += len(rejects)
        own = [f"{REJECT}file", f"{REJECT}row", f"{REJECT}reason"]
        with (
            atomic_write(path, force=self.force) as draft,
            draft.open("w", encoding="utf-8", errors="backslashreplace", newline="") as out,
        ):
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow([*own, *self.survey.columns.values()])
            order = [str(file) for file in self.paths]
            for reject in sorted(
                rejects, key=lambda r: (order.index(r.fault.file), r.fault.row or 0)
            ):
                fault = reject.fault
                where = [fault.file, fault.row, str(fault).split(": ", 1)[1]]
                cells = reject.cells
                if isinstance(cells, Mapping):
                    cells = [cells.get(name, "") for name in self.survey.columns]
                writer.writerow([*where, *map(escape_formula, cells)])


def iter_layout(
    layout: Layout, path: Paths, rows: int, given: Mapping[str, Any]
) -> Iterator[Tables]:
    """Walk through files of a layout, ``rows`` rows at a time.

    Parameters
    ----------
    layout
        The form of the files.
    path
        One file, or several.
    rows
        Rows a piece.
    given
        Options, as :class:`~strikes2024.readers.ReadOptions` has them.
    """
    reading = Reading(layout, path, rows, given)
    for piece, frame in reading.pieces():
        yield reading.assembler.tables(piece, frame)


def read_layout(layout: Layout, path: Paths, given: Mapping[str, Any]) -> Tables:
    """Read files of a layout whole.

    Parameters
    ----------
    layout, path, given
        As for :func:`iter_layout`.
    """
    reading = Reading(layout, path, 50_000, given)
    tables = join(reading.assembler.tables(piece, frame) for piece, frame in reading.pieces())
    return replace(tables, sources=reading.assembler.source())
