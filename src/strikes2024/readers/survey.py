"""The rows of some files as clean text: those that count, and how their cells are written.

Some things show only in the whole: whether an event stands twice, which of two files has
its last word, whether 05/08/2020 is in May or in August.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from strikes2024.arguments import several
from strikes2024.export.source import unescape_formula
from strikes2024.readers.cells import Form, Piece, day_orders, plain_code
from strikes2024.readers.files import fault_of, raw_rows
from strikes2024.readers.layout import MARKS, Layout, Options
from strikes2024.schema import LONGEST, DataError, Fault, did_you_mean

# Line breaks and other control characters, with the blanks around them.
_CONTROL = re.compile("\\s*[\\x00-\\x1f\\x7f-\\x9f\u2028\u2029\ufeff]+\\s*")
_BAD_BYTE = re.compile("[\udc80-\udcff]+")
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
REJECT = "reject_"  # begins the columns that a file of rejects has in front
_SHAPEFILE = 10  # characters that its format leaves of a name
_HEADER_WITHIN = 20  # rows in which a header is looked for


Row: TypeAlias = Mapping[str, str] | Sequence[str]  # cells by column, or as they stand there
At: TypeAlias = tuple[int, int]  # the numbers of a file and of a row in it
Line: TypeAlias = tuple[str, ...]


class Survey:
    """What the files hold.

    ``text`` has the rows that count, by the numbers of file and row. ``columns`` has the
    publisher's columns: name to header. ``types`` says which of them hold whole numbers or numbers
    alone, written so that they can be written again the same way. ``more`` has further rows on an
    event by the numbers of file and row.

    Raises :class:`strikes2024.DataError` for a file or a row that cannot be read (unless rejects
    are wanted), and for options that name what no file holds.
    """

    def __init__(self, paths: Sequence[Path], layout: Layout, options: Options) -> None:
        self.paths, self.layout, self.options = paths, layout, options
        self.columns: dict[str, str] = {}
        self.headers: list[str] = []
        self.notes: Counter[str] = Counter()
        self.rejects: list[tuple[Fault, Row]] = []
        self.more: dict[tuple[int, int], list[dict[str, str]]] = {}
        files = [self._read(path) for path in paths]
        self.text = pd.concat(files, keys=range(len(files)), names=["file", "row"]).fillna("")
        self._check_options()
        self.types = {name: _type_of(set(self.text[name])) for name in self.columns}
        self.forms = [self._form(path, file) for path, file in zip(paths, files, strict=True)]
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
        """Give the rows of each file that count."""
        for number, (path, form) in enumerate(zip(self.paths, self.forms, strict=True)):
            own = self.text[self.text.index.get_level_values("file") == number]
            rows = own.index.get_level_values("row").tolist()
            columns = {name: own[name].tolist() for name in map(str, own)}
            more = [self.more.get((number, row), []) for row in rows]
            yield Piece(path, rows, columns, form, more, self.notes)

    def reject(self, fault: Fault, cells: Row) -> None:
        """Put a row aside that cannot be read, or end the reading where nobody asked for that."""
        if self.options.rejects is None:
            raise DataError(str(fault), fault)
        self.rejects.append((fault, cells))

    def _read(self, path: Path) -> pd.DataFrame:
        """Take the rows of a file that hold data, by their numbers."""

        def note(line: str) -> None:
            self.notes[f"{path.name}: {line}"] += 1

        rows = raw_rows(path, self.options.encoding, note)
        first, names, titles = _header(path, rows, self.layout, self.options)
        width = len(names)
        self.headers += titles
        for name, title in zip(names, titles, strict=True):
            if not name.startswith(REJECT):
                self.columns.setdefault(name, title)
        if first > 1:
            note(f"the header stands in row {first}")
        clean = cache(_clean)
        found: dict[int, tuple[str, ...]] = {}
        for row, cells in rows:
            if not any(map(str.strip, cells)):
                self.notes["{n} of blank cells alone passed over"] += bool(cells)
                continue
            if row <= first + 2 and _is_hxl(cells):
                self.notes["{n} of HXL tags passed over"] += 1
                continue
            if len(cells) > width and not any(map(str.strip, cells[width:])):
                cells = cells[:width]
            if len(cells) != width:
                expected = f"{width} cells, one a column; found {len(cells)}"
                self.reject(Fault(str(path), row, None, None, expected), cells)
            elif fault := self._bad_cell(path, row, names, cells):
                self.reject(fault, dict(zip(names, cells, strict=True)))
            elif (line := tuple(map(clean, cells))) == titles:
                self.notes["{n} of the header again passed over"] += 1
            else:
                found[row] = line
        return pd.DataFrame(list(found.values()), list(found), names, dtype=object)

    def _bad_cell(
        self, path: Path, row: int, names: Sequence[str], cells: Sequence[str]
    ) -> Fault | None:
        text = "".join(cells)
        if len(text) <= LONGEST and (text.isprintable() or not _BAD_BYTE.search(text)):
            return None
        for name, cell in zip(names, cells, strict=True):
            if len(cell) > LONGEST:
                expected = f"at most {LONGEST:,} characters; found {len(cell):,}"
                return Fault(str(path), row, name, cell, expected)
            if _BAD_BYTE.search(cell):
                value = cell.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
                expected = (
                    f"{self.options.encoding or 'UTF-8'} text; a spreadsheet often saves another: "
                    "name it, such as --encoding cp1252"
                )
                return Fault(str(path), row, name, value, expected)
        return None

    def _check_options(self) -> None:
        """Refuse options that name what no file holds."""
        options, words = self.options, self.layout.words
        headers = {_name(header): header for header in self.headers}
        for header in options.columns.values():
            if _name(header) not in headers:
                several([header], "columns", headers.values(), " in the header")
        if options.countries is not None:
            several(options.countries, "countries", sorted(set(self.text["country"])),
                    " in the files")  # fmt: skip
        if options.kinds:
            given = self.text[[name for name in self.layout.labels if name in self.text]]
            rows = given.itertuples(index=False, name=None)
            labels = {plain_code(next(filter(None, row), "")) for row in set(rows)}
            known = [words.get(label, label) for label in sorted(labels - {""})]
            several(options.kinds, "kinds", [*words.values(), *known], " in the files")

    def _form(self, path: Path, file: pd.DataFrame) -> Form:
        """Say how a file writes dates and numbers."""
        dates = (cell for name in self.layout.dates for cell in set(file[name]))
        order, proof = day_orders(dates)
        if order and not self.options.date_format:
            self.notes[f"{path.name}: dates read {order} first, as {proof} must be"] += 1
        comma = any("," in cell for name in ("latitude", "longitude") for cell in file[name])
        if comma:
            self.notes[f"{path.name}: decimals stand behind a comma"] += 1
        return Form(self.options.date_format, order, comma, self.options.decimal)

    def _settle(self) -> None:
        """Decide which row counts of each event that has several."""
        keys = self.text[self.layout.key].map(lambda cell: plain_code(cell).lower())
        again = keys.duplicated(keep=False) & (keys != "")
        if not again.any():
            return
        text = self.text[again]
        names = list(map(str, text))
        core = [at for at, name in enumerate(names) if name not in self.layout.actors]
        # Of each event its different lines, each with the places where it stands.
        events: dict[str, dict[Line, list[At]]] = defaultdict(dict)
        lines = text.itertuples(index=False, name=None)
        for key, at, line in zip(keys[again], text.index, lines, strict=True):
            events[key].setdefault(line, []).append(at)
        kept: list[At] = []
        rivals: dict[At, At] = {}
        for versions in events.values():
            newest = max(places[-1][0] for places in versions.values())
            for places in versions.values():
                self.notes["{n} like another one, cell for cell: read once"] += len(places) - 1
                if places[-1][0] < newest:
                    old, new = self.paths[places[-1][0]].name, self.paths[newest].name
                    self.notes[f"{{n}} of {old} replaced by {new}, which has other values"] += 1
            current = {
                line: at for line, (at, *_) in versions.items() if versions[line][-1][0] == newest
            }
            (line, first), *others = current.items()
            odd = [at for other, at in others if any(other[n] != line[n] for n in core)]
            note = "{n} on a further actor of an event: one event with all of its actors"
            self.notes[note] += len(others) - len(odd)
            self.more[first] = [dict(zip(names, other, strict=True)) for other, _ in others]
            rivals |= dict.fromkeys(odd, first)
            if not odd:
                kept.append(first)
        rivals = dict(sorted(rivals.items()))
        for at, (_, row) in (rivals | {first: odd for odd, first in rivals.items()}).items():
            cells = dict(zip(names, map(str, text.loc[at, :]), strict=True))
            expected = f"each event once; row {row} has the same id and other values"
            value = cells[self.layout.key]
            fault = Fault(str(self.paths[at[0]]), at[1], self.layout.key, value, expected)
            self.reject(fault, cells)
        self.text = self.text[~again | self.text.index.isin(kept)]


def _is_hxl(cells: list[str]) -> bool:
    return all(cell.lstrip().startswith("#") for cell in cells if cell.strip())


def _clean(cell: str) -> str:
    """Strip blanks; make control characters blanks, and characters that were lost a ``?``."""
    if not cell.isprintable():
        cell = _CONTROL.sub(" ", cell)
    return unescape_formula(cell.replace("\ufffd", "?").strip())


def _type_of(cells: set[str]) -> str:
    """Say what a column holds: whole numbers, numbers or text."""
    cells.discard("")
    if cells and all(map(_INTEGER.fullmatch, cells)):
        return "integer"
    return "number" if cells and all(map(_same_number, cells)) else "string"


def _same_number(cell: str) -> bool:
    try:
        value = float(cell)
        return _INTEGER.fullmatch(cell) is not None or (
            repr(value) == cell and not value.is_integer() and value - value == 0
        )
    except ValueError:
        return False


# The header


def _name(header: str) -> str:
    return re.sub(r"\W+", "_", header.strip().lower()).strip("_")


def _header(
    path: Path, rows: Iterator[tuple[int, list[str]]], layout: Layout, options: Options
) -> tuple[int, list[str], tuple[str, ...]]:
    """Find the header: its row, and its columns as they are called here and as they are there.

    Raises :class:`strikes2024.DataError` where there is none.
    """
    top: list[tuple[int, list[str]]] = []
    for row, cells in islice(rows, _HEADER_WITHIN):
        if any(map(str.strip, cells)):
            top.append((row, cells))
        names = _known_names(cells, layout, options)
        if not set(layout.required) - set(names):
            return _columns(path, row, names, cells, layout)
    if not top:
        raise fault_of(path, None, f"the header row of {layout.title}; the file is empty")
    row, cells = max(
        top, key=lambda line: len(set(_known_names(line[1], layout, options)) & set(layout.wanted))
    )
    names = _known_names(cells, layout, options)
    raise fault_of(path, row, _missing(names, cells, layout))


def _known_names(cells: Sequence[str], layout: Layout, options: Options) -> list[str]:
    """Name the columns as the layout does, whatever they were called."""
    chosen = {_name(header): wanted for wanted, header in options.columns.items()}
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


def _columns(
    path: Path, row: int, names: Sequence[str], cells: Sequence[str], layout: Layout
) -> tuple[int, list[str], tuple[str, ...]]:
    twice = sorted({n for n in names if n in layout.wanted and names.count(n) > 1})
    if twice:
        raise fault_of(path, row, f"each column once; found twice: {', '.join(twice)}")
    last = max(at for at, cell in enumerate(cells, start=1) if cell.strip())
    unique: list[str] = []
    for at, name in enumerate(names[:last], start=1):
        name = name or f"column_{at}"
        while name in unique:
            name += "_2"
        unique.append(name)
    return row, unique, tuple(map(_clean, cells[:last]))


def _missing(names: Sequence[str], cells: Sequence[str], layout: Layout) -> str:
    """Say which columns a header lacks, and what it may be instead."""
    missing = [name for name in layout.required if name not in names]
    for other, marks in MARKS.items():
        if other != layout.name and marks <= set(names):
            return f"the columns of {layout.title}; these are those of the layout {other}"
    if len(missing) > len(layout.required) - 2:
        shown = ", ".join(cells[:4])
        header = ", ".join(layout.required[:4])
        return (
            f"the header row of {layout.title} ({header}, …); the header is missing: the first row "
            f"has {shown}"
        )
    strange = [name for name in names if name and name not in layout.wanted]
    hints = [name + did_you_mean(name, strange).replace("; ", " (") for name in missing]
    listed = ", ".join(hint + ")" if "(" in hint else hint for hint in hints)
    also = f"; columns that do not fit: {', '.join(strange)}" if strange else ""
    return f"the columns of {layout.title}; missing {listed}{also}; --column NAME=HEADER names one"
