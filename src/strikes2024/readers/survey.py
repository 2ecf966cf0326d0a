"""The rows of some files as clean text: those that count, and how their cells are written.

Some things show only in the whole: whether an event stands twice, which of two files has
its last word, whether 05/08/2020 is in May or in August.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from strikes2024.arguments import several
from strikes2024.export.source import unescape_formula
from strikes2024.readers.cells import At, Piece, day_order, plain_code
from strikes2024.readers.files import fault_of, raw_rows
from strikes2024.readers.layout import MARKS, Layout, Options
from strikes2024.schema import DataError, Fault, did_you_mean

# Line breaks and other control characters, with the blanks around them.
_CONTROL = re.compile("\\s*[\\x00-\\x1f\\x7f-\\x9f\u2028\u2029\ufeff]+\\s*")
_BAD_BYTE = re.compile("[\udc80-\udcff]")
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_FRACTION = re.compile(r"-?[0-9]+\.[0-9]*[1-9]")
REJECT = "reject_"  # begins the columns that a file of rejects has in front
_SHAPEFILE = 10  # characters that its format leaves of a name
_HEADER_WITHIN = 20  # rows in which a header is looked for
_BLOCK = 20_000  # rows

Row: TypeAlias = Mapping[Any, str] | Sequence[str]  # cells by column, or as they stand there


class Survey:
    """What the files hold.

    ``text`` has the rows that count, by the numbers of file and row. ``columns`` has the
    publisher's columns: name to header. ``types`` says which of them hold whole numbers or numbers
    alone, written so that they can be written again the same way. ``more`` has further rows on an
    event by the numbers of file and row.

    Raises :class:`strikes2024.DataError` for a file or a row that cannot be read (unless rejects
    are wanted), and for an option that names a column that no file has.
    """

    def __init__(self, paths: Sequence[Path], layout: Layout, options: Options) -> None:
        self.paths, self.layout, self.options = paths, layout, options
        self.columns: dict[str, str] = {}
        self.headers: list[str] = []
        self.notes: Counter[str] = Counter()
        self.rejects: list[tuple[Fault, Row]] = []
        self.more: dict[At, list[dict[Any, str]]] = {}
        files = [self._read(path) for path in paths]
        self.text = pd.concat(files, keys=range(len(files)), names=["file", "row"]).fillna("")
        known = {_name(header) for header in self.headers}
        named = options.get("columns", {}).values()
        lost = [header for header in named if _name(header) not in known]
        several(lost, "columns", self.headers, " in the header")
        self.types = {name: _type_of(self.text[name].unique()) for name in self.columns}
        self.empty = self.text.empty
        self._settle()

    def notices(self) -> list[str]:
        """Say what was changed or left out in reading, each with the number of rows."""
        return [
            note.format(n="1 row" if n == 1 else f"{n:,} rows")
            for note, n in self.notes.items()
            if n
        ]

    def pieces(self) -> Iterator[Piece]:
        """Give the rows of each file that count, and say how it writes dates and numbers."""
        files = self.text.index.get_level_values("file")
        date_format, decimal = self.options.get("date_format"), self.options.get("decimal")
        for number, path in enumerate(self.paths):
            cells = self.text[files == number]
            dates = pd.concat([cells[name] for name in self.layout.dates]).unique()
            order, proof = day_order(dates)
            if order and not date_format:
                self.notes[f"{path.name}: dates read {order} first, as {proof} must be"] += 1
            comma = any(cells[name].str.contains(",").any() for name in ("latitude", "longitude"))
            if comma:
                self.notes[f"{path.name}: decimals stand behind a comma"] += 1
            yield Piece(path, cells, date_format, decimal, order, comma, self.more, self.notes)

    def reject(self, fault: Fault, cells: Row) -> None:
        """Put a row aside that cannot be read, or end the reading where nobody asked for that."""
        if self.options.get("rejects") is None:
            way = "--rejects FILE puts rows that cannot be read there, and goes on"
            raise DataError(f"{fault} ({way})", fault)
        self.rejects.append((fault, cells))

    def _read(self, path: Path) -> pd.DataFrame:
        """Take the rows of a file that hold data, by their numbers."""

        def note(line: str) -> None:
            self.notes[f"{path.name}: {line}"] += 1

        rows = raw_rows(path, self.options.get("encoding"), note)
        first, names, titles = _header(path, rows, self.layout, self.options)
        self.headers += titles
        for name, title in zip(names, titles, strict=True):
            if not name.startswith(REJECT):
                self.columns.setdefault(name, title)
        if first > 1:
            note(f"the header stands in row {first}")
        blocks = [pd.DataFrame(columns=names, dtype="string")]
        while block := list(islice(rows, _BLOCK)):
            sound = dict(self._sound(path, block, first, names))
            cells = map(_clean, zip(*sound.values(), strict=True))
            columns = dict(zip(names, cells, strict=bool(sound)))
            blocks.append(pd.DataFrame(columns, list(sound), names, dtype="string"))
        frame = pd.concat(blocks)
        again = frame[self.layout.key] == titles[names.index(self.layout.key)]
        self.notes["{n} of the header again passed over"] += int(again.sum())
        return frame[~again]

    def _sound(
        self, path: Path, rows: list[tuple[int, list[str]]], first: int, names: list[str]
    ) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows that hold data with their numbers; ``first`` is that of the header."""
        width = len(names)
        for row, cells in rows:
            if not any(map(str.strip, cells)):
                self.notes["{n} of blank cells alone passed over"] += bool(cells)
            elif row <= first + 2 and all(cell.lstrip()[:1] in {"", "#"} for cell in cells):
                self.notes["{n} of HXL tags passed over"] += 1
            elif len(cells) < width or any(map(str.strip, cells[width:])):
                expected = f"{width} cells, one a column; found {len(cells)}"
                self.reject(Fault(str(path), row, None, None, expected), cells)
            elif not "".join(cells).isprintable() and _BAD_BYTE.search("".join(cells)):
                known = dict(zip(names, cells, strict=False))
                name = next(name for name, cell in known.items() if _BAD_BYTE.search(cell))
                value = known[name].encode("utf-8", "surrogateescape")
                encoding = self.options.get("encoding", "UTF-8")
                expected = f"{encoding} text; name another encoding, such as --encoding cp1252"
                shown = value.decode("utf-8", "backslashreplace")
                self.reject(Fault(str(path), row, name, shown, expected), known)
            else:
                yield row, cells[:width]

    def _settle(self) -> None:
        """Decide which row counts of each event that has several."""
        keys = self.text[self.layout.key].map(plain_code).str.lower()
        again = keys.duplicated(keep=False) & (keys != "")
        if not again.any():
            return
        text = self.text[again]
        rows = text.index.to_frame()
        rows["key"] = keys[again]
        rows["line"] = list(text.itertuples(index=False, name=None))
        rows["last"] = rows.groupby("line")["file"].transform("max")
        rows["newest"] = rows.groupby("key")["file"].transform("max")
        once = rows.drop_duplicates("line")
        self.notes["{n} like another one, cell for cell: read once"] += len(rows) - len(once)
        replaced = once.loc[once["last"] < once["newest"], ["last", "newest"]]
        for files in replaced.to_numpy().tolist():
            old, new = (self.paths[file].name for file in files)
            self.notes[f"{{n}} of {old} replaced by {new}, which has other values"] += 1
        core = [name for name in text if name not in self.layout.actors]
        kept = []
        for _, versions in once[once["last"] == once["newest"]].groupby("key", sort=False):
            cells = text.loc[versions.index]
            first, *more = cells.index
            if len(cells[core].drop_duplicates()) == 1:
                note = "{n} on a further actor of an event: one event with all of its actors"
                self.notes[note] += len(more)
                self.more[first] = cells.loc[more].to_dict("records")
                kept.append(first)
                continue
            for at in cells.index[::-1]:
                row = first[1] if at != first else more[0][1]
                expected = f"each event once; row {row} has the same id and other values"
                value = cells.loc[at, self.layout.key]
                fault = Fault(str(self.paths[at[0]]), at[1], self.layout.key, value, expected)
                self.reject(fault, cells.loc[at, :].to_dict())
        self.text = self.text[~again | self.text.index.isin(kept)]


def _clean(cells: Sequence[str]) -> Sequence[str]:
    """Strip blanks; make control characters blanks, and characters that were lost a ``?``."""
    text = "".join(cells)
    if not text.isprintable():
        cells = [_CONTROL.sub(" ", cell) for cell in cells]
    if "\ufffd" in text:
        cells = [cell.replace("\ufffd", "?") for cell in cells]
    cells = list(map(str.strip, cells))
    return list(map(unescape_formula, cells)) if "'" in text else cells


def _type_of(cells: Iterable[str]) -> str:
    """Say what a column holds: whole numbers, numbers or text."""
    given = set(cells) - {""}
    others = {cell for cell in given if not _INTEGER.fullmatch(cell)}
    if not given or any(
        not _FRACTION.fullmatch(cell) or repr(float(cell)) != cell for cell in others
    ):
        return "string"
    return "number" if others else "integer"


# The header


def _name(header: str) -> str:
    return re.sub(r"\W+", "_", header.strip().lower()).strip("_")


def _header(
    path: Path, rows: Iterator[tuple[int, list[str]]], layout: Layout, options: Options
) -> tuple[int, list[str], list[str]]:
    """Find the header: its row, and its columns as they are called here and as they are there.

    Raises :class:`strikes2024.DataError` where there is none.
    """
    top = []
    for row, cells in islice(rows, _HEADER_WITHIN):
        names = _known_names(cells, layout, options)
        if set(layout.required) <= set(names):
            break
        if any(map(str.strip, cells)):
            top.append((row, cells, names))
    else:
        if not top:
            raise fault_of(path, None, f"the header row of {layout.title}; the file is empty")
        row, cells, names = max(top, key=lambda line: len(set(line[2]) & set(layout.wanted)))
        raise fault_of(path, row, _missing(names, cells, layout))
    if twice := sorted({name for name in layout.wanted if names.count(name) > 1}):
        raise fault_of(path, row, f"each column once; found twice: {', '.join(twice)}")
    last = max(at for at, cell in enumerate(cells, start=1) if cell.strip())
    unique: list[str] = []
    for at, name in enumerate(names[:last], start=1):
        name = name or f"column_{at}"
        while name in unique:
            name += "_2"
        unique.append(name)
    return row, unique, list(_clean(cells[:last]))


def _known_names(cells: Sequence[str], layout: Layout, options: Options) -> list[str]:
    """Name the columns as the layout does, whatever they were called."""
    chosen = {_name(header): wanted for wanted, header in options.get("columns", {}).items()}
    names = [chosen.get(_name(cell), _name(cell)) for cell in cells]
    for wanted in layout.wanted:
        if wanted in names:
            continue
        short = [name for name in names if len(name) == _SHAPEFILE and wanted.startswith(name)]
        others = [*layout.aliases.get(wanted, ()), *(short if len(short) == 1 else ())]
        found = next((other for other in others if other in names), None)
        if found:
            names[names.index(found)] = wanted
    return names


def _missing(names: Sequence[str], cells: Sequence[str], layout: Layout) -> str:
    """Say which columns a header lacks, and what it may be instead."""
    missing = [name for name in layout.required if name not in names]
    for other, marks in MARKS.items():
        if other != layout.name and marks <= set(names):
            return f"the columns of {layout.title}; these are those of the layout {other}"
    if len(missing) > len(layout.required) - 2:
        header, shown = ", ".join(layout.required[:4]), ", ".join(cells[:4])
        lost = f"the header is missing: the first row has {shown}"
        return f"the header row of {layout.title} ({header}, …); {lost}"
    strange = [name for name in names if name and name not in layout.wanted]
    guesses = {name: did_you_mean(name, strange).removeprefix("; ") for name in missing}
    listed = ", ".join(f"{name} ({guess})" if guess else name for name, guess in guesses.items())
    also = f"; columns that do not fit: {', '.join(strange)}" if strange else ""
    return f"the columns of {layout.title}; missing {listed}{also}; --column NAME=HEADER names one"
