"""From files to tables: what all layouts have in common."""

import csv
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from strikes2024 import schema
from strikes2024.arguments import ArgumentError
from strikes2024.export.source import escape_formula
from strikes2024.export.target import atomic_write
from strikes2024.readers.build import describe, make_tables
from strikes2024.readers.cells import Piece
from strikes2024.readers.layout import Layout, Options
from strikes2024.readers.survey import REJECT, Survey
from strikes2024.tables import Tables

Paths: TypeAlias = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


class Reading:
    """One reading of some files, as tables.

    ``values`` has a row for each event asked for, with what :attr:`Layout.frame` makes of its
    cells.

    Raises :class:`strikes2024.DataError` for whatever cannot be read.
    """

    def __init__(
        self, layout: Layout, path: Paths, given: Mapping[str, Any], *, force: bool = False
    ) -> None:
        self.layout = layout
        self.options = Options.make(layout, given)
        if isinstance(path, (str, os.PathLike)):
            path = [path]
        try:
            self.paths = [Path(one) for one in path]
        except TypeError:
            raise ArgumentError(f"path: expected a file, or several; found {path!r}") from None
        if not self.paths:
            raise ArgumentError("path: expected a file, or several")
        self.survey = Survey(self.paths, layout, self.options)
        self.values = pd.concat([self._asked_for(piece) for piece in self.survey.pieces()])
        self.survey.text = self.survey.text.loc[self.values.index]
        if self.options.rejects is not None and self.survey.rejects:
            self._write_rejects(self.options.rejects, force=force)
        self.values["kind"] = self.values["label"].fillna("").map(self.options.kind)
        self.descriptor = describe(layout, self.paths, self.survey, self.values["kind"])
        self.package = schema.package_of(self.descriptor)

    def _asked_for(self, piece: Piece) -> pd.DataFrame:
        """Read the sound rows of the countries and days asked for."""
        frame = pd.DataFrame(self.layout.frame(piece), piece.cells.index)
        for at in sorted(piece.faults):
            self.survey.reject(piece.faults[at], piece.cells.loc[at, :].to_dict())
        frame = frame.drop(index=list(piece.faults))
        options = self.options
        if options.countries is not None:
            frame = frame[frame["country"].isin(options.countries)]
        if options.start is not None:
            frame = frame[frame["end"] >= options.start]
        if options.end is not None:
            frame = frame[frame["start"] <= options.end]
        return frame

    def _write_rejects(self, path: Path, *, force: bool) -> None:
        rejects = self.survey.rejects
        self.survey.notes[f"{{n}} that cannot be read: see {path}"] += len(rejects)
        own = [f"{REJECT}file", f"{REJECT}row", f"{REJECT}reason"]
        with (
            atomic_write(path, force=force) as draft,
            draft.open("w", encoding="utf-8", errors="backslashreplace", newline="") as out,
        ):
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow([*own, *self.survey.columns.values()])
            order = [str(file) for file in self.paths]
            rejects.sort(key=lambda reject: (order.index(reject[0].file), reject[0].row or 0))
            for fault, cells in rejects:
                where = [fault.file, fault.row, str(fault).split(": ", 1)[1]]
                if isinstance(cells, Mapping):
                    cells = [cells.get(name, "") for name in self.survey.columns]
                writer.writerow([*where, *map(escape_formula, cells)])

    def sort(self) -> None:
        """Put the events in the order of their ids."""
        order = self.values["key"].argsort()
        self.values, self.survey.text = self.values.iloc[order], self.survey.text.iloc[order]

    def tables(self, rows: slice = slice(None)) -> Tables:
        """Make the tables, of all events or of some of them."""
        note = ". ".join(
            [f"Read from {', '.join(path.name for path in self.paths)}", *self.survey.notices()]
        )
        return make_tables(
            self.layout, self.package, self.values[rows], self.survey.text[rows],
            stated=self.options.stated, note=note,
        )  # fmt: skip

    def pieces(self, rows: object) -> Iterator[Tables]:
        """Make the tables of so many events at a time; where there is none, empty ones."""
        if not isinstance(rows, int) or rows < 1:
            raise ArgumentError(f"rows: expected a whole number from 1; found {rows!r}")
        for start in range(0, max(1, len(self.values)), rows):
            yield self.tables(slice(start, start + rows))
