"""A first walk through the files: what they hold, which rows count, how their cells are written.

Some things can be told from the whole alone: whether an event stands twice, which of two files has
its last word, whether 05/08/2024 is in May or in August. The rows themselves are put aside,
cleaned, in a temporary file, so that the second walk need not open the files again and memory stays
that of some thousand rows (and of a few numbers for each event).
"""

from __future__ import annotations

import marshal
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import IO, TYPE_CHECKING

from strikes2024.arguments import several
from strikes2024.export.source import uncalm
from strikes2024.readers.cells import Form, Piece, day_orders, plain_code
from strikes2024.readers.files import fault_of, raw_rows
from strikes2024.readers.layout import MARKS
from strikes2024.schema import LONGEST, DataError, Fault, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from strikes2024.readers.layout import Layout, Options

__all__ = ["REJECT", "File", "Reject", "Survey", "survey"]

# Line breaks and other control characters, with the blanks around them.
_CONTROL = re.compile("\\s*[\\x00-\\x1f\\x7f-\\x9f\u2028\u2029\ufeff]+\\s*")
_BAD_BYTE = re.compile("[\udc80-\udcff]+")
_BLANK_END = re.compile("^ | $|\x1f | \x1f")
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
REJECT = "reject_"  # begins the columns that a file of rejects has in front
_HEADER_WITHIN = 20  # rows in which a header is looked for
_SHAPEFILE = 10  # characters that its format leaves of a name


@dataclass(frozen=True)
class File:
    """One file: its columns as they are known here, and as its header has them."""

    path: Path
    names: tuple[str, ...]
    headers: tuple[str, ...]
    first: int


@dataclass(frozen=True)
class Reject:
    """A row that cannot be read, and why: its cells by column, or as they stand in the row."""

    fault: Fault
    cells: Mapping[str, str] | Sequence[str]


@dataclass
class Survey:
    """What the first walk found.

    ``columns`` has the publisher's columns: name to header. ``types`` says which of them hold
    whole numbers or numbers alone, written so that they can be written again the same way.
    ``spool`` holds the rows; ``skip`` those that do not count, ``rivals`` those that contradict
    another one of the same event, ``more`` further rows on an event, all by the numbers of file
    and row.
    """

    files: list[File] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)
    events: int = 0
    spool: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    skip: set[tuple[int, int]] = field(default_factory=set)
    rivals: dict[tuple[int, int], Fault] = field(default_factory=dict)
    more: dict[tuple[int, int], list[list[str]]] = field(default_factory=lambda: defaultdict(list))

    def pieces(self) -> Iterator[Piece]:
        """Walk through the rows that count; each piece is of one file."""
        self.spool.seek(0)
        if not self.spool.read(1):
            file = self.files[0]
            yield Piece(
                file.path, [], dict.fromkeys(file.names, ()), self.forms[0], notes=self.notes
            )
        self.spool.seek(0)
        while True:
            try:
                number, rows, lines = marshal.load(self.spool)  # noqa: S302 (written above)
            except EOFError:
                return
            kept = [at for at, row in enumerate(rows) if (number, row) not in self.skip]
            file = self.files[number]
            for at, row in enumerate(rows):
                if (number, row) in self.rivals:
                    cells = dict(zip(file.names, lines[at], strict=True))
                    self.rejects.append(Reject(self.rivals[number, row], cells))
            columns = (
                zip(*(lines[at] for at in kept), strict=True) if kept else [()] * len(file.names)
            )
            piece = Piece(
                file.path,
                [rows[at] for at in kept],
                dict(zip(file.names, columns, strict=True)),
                self.forms[number],
                notes=self.notes,
                more={
                    place: [dict(zip(file.names, row, strict=True)) for row in self.more[key]]
                    for place, at in enumerate(kept)
                    if (key := (number, rows[at])) in self.more
                },
            )
            yield piece


def survey(paths: Sequence[Path], layout: Layout, options: Options, size: int) -> Survey:
    """Walk through the files once.

    Raises :class:`strikes2024.DataError` for a file or a row that cannot be read (unless rejects
    are wanted), and for options that name what no file holds.
    """
    found = Survey()
    walk = _Walk(found, layout, options)
    for path in paths:
        walk.read(path, size)
    for number, file in enumerate(found.files):
        found.forms.append(walk.form(number, file))
    found.events = len(walk.seen)
    if options.countries is not None:
        several(options.countries, "countries", sorted(walk.countries), " in the files")
    if options.kinds:
        labels = [layout.codes.get(label, label) for label in sorted(walk.labels)]
        several(options.kinds, "kinds", [*layout.codes.values(), *labels], " in the files")
    return found


class _Walk:
    """The state of a first walk."""

    def __init__(self, found: Survey, layout: Layout, options: Options) -> None:
        self.found, self.layout, self.options = found, layout, options
        self.seen: dict[str, tuple[int, int, int, int]] = {}
        self.countries: set[str] = set()
        self.labels: set[str] = set()
        self.dates: dict[int, set[str]] = defaultdict(set)
        self.marks: dict[int, set[str]] = defaultdict(set)

    def read(self, path: Path, size: int) -> None:
        rows = raw_rows(path, self.options.encoding)
        file = _header(path, rows, self.layout, self.options)
        number = len(self.found.files)
        self.found.files.append(file)
        for name, header in zip(file.names, file.headers, strict=True):
            if not name.startswith(REJECT):
                self.found.columns.setdefault(name, header)
        if file.first > 1:
            self.found.notes[f"{path.name}: the header stands in row {file.first}"] += 1
        lines = self._lines(file, rows)
        while block := list(islice(lines, size)):
            self._take(number, file, [row for row, _ in block], [cells for _, cells in block])

    def _lines(
        self, file: File, rows: Iterator[tuple[int, list[str]]]
    ) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows of a file that hold data, cleaned."""
        width = len(file.names)
        for row, cells in rows:
            joined = "".join(cells)
            if not joined or joined.isspace():
                self.found.notes["{n} of blank cells alone passed over"] += bool(cells)
                continue
            if row <= file.first + 2 and _is_hxl(cells):
                self.found.notes["{n} of HXL tags passed over"] += 1
                continue
            if len(cells) > width and not any(map(str.strip, cells[width:])):
                cells = cells[:width]
            problem = self._problem(file, row, cells, joined)
            if problem is None:
                yield row, _clean(cells, joined)
                continue
            if self.options.rejects is None:
                raise DataError(str(problem), problem)
            whole = len(cells) == width
            row_of = dict(zip(file.names, cells, strict=True)) if whole else cells
            self.found.rejects.append(Reject(problem, row_of))

    def _problem(self, file: File, row: int, cells: list[str], joined: str) -> Fault | None:
        if len(cells) != len(file.names):
            expected = f"{len(file.names)} cells, one a column; found {len(cells)}"
            return Fault(str(file.path), row, None, None, expected)
        if len(joined) > LONGEST and max(map(len, cells)) > LONGEST:
            at = max(range(len(cells)), key=lambda at: len(cells[at]))
            expected = f"at most {LONGEST:,} characters; found {len(cells[at]):,}"
            return Fault(str(file.path), row, file.names[at], cells[at], expected)
        if not _BAD_BYTE.search(joined):
            return None
        at = next(at for at, cell in enumerate(cells) if _BAD_BYTE.search(cell))
        value = _BAD_BYTE.sub(
            lambda m: "".join(f"\\x{ord(c) - 0xDC00:02x}" for c in m[0]), cells[at]
        )
        text = self.options.encoding or "UTF-8"
        expected = (
            f"{text} text; a spreadsheet often saves another: name it, such as --encoding cp1252"
        )
        return Fault(str(file.path), row, file.names[at], value, expected)

    def _take(self, number: int, file: File, rows: list[int], lines: list[list[str]]) -> None:
        """Note what a block of rows holds, and put it aside."""
        marshal.dump((number, rows, lines), self.found.spool)
        columns = dict(zip(file.names, zip(*lines, strict=True), strict=True))
        for name, column in columns.items():
            self.found.types[name] = _type_of(set(column), self.found.types.get(name))
        self.countries.update(columns["country"])
        self.labels.update(filter(None, _labels(columns, self.layout)))
        for name in self.layout.dates:
            self.dates[number].update(columns.get(name, ()))
        for name in ("latitude", "longitude"):
            self.marks[number].update(
                mark for cell in set(columns.get(name, ())) for mark in ",." if mark in cell
            )
        key = file.names.index(self.layout.key)
        order = sorted(range(len(file.names)), key=file.names.__getitem__)
        core = [at for at in order if file.names[at] not in self.layout.actors]
        whole_of, core_of = itemgetter(*order), itemgetter(*core)
        for row, cells in zip(rows, lines, strict=True):
            if cells[key]:
                whole = hash(whole_of(cells))
                part = whole if len(core) == len(order) else hash(core_of(cells))
                self._event(plain_code(cells[key]).lower(), number, row, cells, whole, part)

    def _event(
        self, key: str, number: int, row: int, cells: list[str], whole: int, core: int
    ) -> None:
        """Decide which row of an event counts."""
        before = self.seen.get(key)
        if before is None:
            self.seen[key] = (number, row, whole, core)
            return
        file, first, old, old_core = before
        notes, skip = self.found.notes, self.found.skip
        if whole == old or (number == file and (number, first) in self.found.more
                            and cells in self.found.more[number, first]):  # fmt: skip
            notes["{n} like another one, cell for cell: read once"] += 1
            skip.add((number, row))
        elif number != file:
            name, other = self.found.files[number].path.name, self.found.files[file].path.name
            notes[f"{{n}} of {other} replaced by {name}, which has other values"] += 1
            skip.add((file, first))
            self.found.more.pop((file, first), None)
            self.seen[key] = (number, row, whole, core)
        elif core == old_core and self.layout.actors:
            notes["{n} on a further actor of an event: one event with all of its actors"] += 1
            skip.add((number, row))
            self.found.more[number, first].append(cells)
        else:
            self._conflict(number, first, row, cells)

    def _conflict(self, number: int, first: int, row: int, cells: list[str]) -> None:
        file = self.found.files[number]
        at = file.names.index(self.layout.key)
        expected = f"each event once; row {first} has the same id and other values"
        fault = Fault(str(file.path), row, self.layout.key, cells[at], expected)
        if self.options.rejects is None:
            raise DataError(str(fault), fault)
        for one, other in ((first, row), (row, first)):
            self.found.skip.add((number, one))
            same = f"each event once; row {other} has the same id and other values"
            self.found.rivals[number, one] = Fault(
                str(file.path), one, fault.field, fault.value, same
            )

    def form(self, number: int, file: File) -> Form:
        """Say how a file writes dates and numbers."""
        order, proof = day_orders(self.dates[number])
        if order and not self.options.date_format:
            self.found.notes[f"{file.path.name}: dates read {order} first, as {proof} must be"] += 1
        comma = "," in self.marks[number]
        if comma:
            self.found.notes[f"{file.path.name}: decimals stand behind a comma"] += 1
        if self.options.decimal:
            comma = self.options.decimal == ","
        return Form(self.options.date_format, order, comma)


def _is_hxl(cells: list[str]) -> bool:
    return all(cell.lstrip().startswith("#") for cell in cells if cell.strip())


def _clean(cells: list[str], joined: str) -> list[str]:
    """Strip blanks; make control characters blanks, and characters that were lost a ``?``."""
    if not joined.isprintable() or "\ufffd" in joined:
        cells = [_CONTROL.sub(" ", cell).replace("\ufffd", "?").strip() for cell in cells]
    elif _BLANK_END.search("\x1f".join(cells)):
        cells = [cell.strip() for cell in cells]
    if "'" in joined:
        return [uncalm(cell) for cell in cells]
    return cells


def _type_of(cells: set[str], before: str | None) -> str:
    """Say what a column holds, given what it held before: "" (nothing), whole numbers, numbers."""
    cells.discard("")
    if before == "string" or not cells:
        return before or ""
    if before != "number" and all(map(_INTEGER.fullmatch, cells)):
        return "integer"
    return "number" if all(map(_same_number, cells)) else "string"


def _same_number(cell: str) -> bool:
    try:
        value = float(cell)
        return _INTEGER.fullmatch(cell) is not None or (
            repr(value) == cell and not value.is_integer() and value - value == 0
        )
    except ValueError:
        return False


def _labels(columns: Mapping[str, Sequence[str]], layout: Layout) -> set[str]:
    given = [columns[name] for name in layout.labels if name in columns]
    rows = set(zip(*given, strict=True))
    return {plain_code(next(filter(None, row), "")) for row in rows}


# The header


def _name(header: str) -> str:
    return re.sub(r"\W+", "_", header.strip().lower()).strip("_")


def _header(
    path: Path, rows: Iterator[tuple[int, list[str]]], layout: Layout, options: Options
) -> File:
    """Find the header row. Raises :class:`strikes2024.DataError` where there is none."""
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
    names = [_name(cell) for cell in cells]
    for wanted, header in options.columns.items():
        names = [wanted if name == _name(header) else name for name in names]
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
) -> File:
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
    headers = tuple(_clean(list(cells[:last]), "".join(cells[:last])))
    return File(path, tuple(unique), headers, row)


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
