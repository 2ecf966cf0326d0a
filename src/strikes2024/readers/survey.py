"""A first walk through the files: what they hold, which rows count, how their cells are written.

Some things show only in the whole: whether an event stands twice, which of two files has
its last word, whether 05/08/2020 is in May or in August. The rows themselves are put aside,
cleaned, in a temporary file, so that the second walk need not open the files again and memory stays
that of some thousand rows (and of a few numbers for each event).
"""

import marshal
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO
from weakref import finalize

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

    def __post_init__(self) -> None:
        finalize(self, self.spool.close)  # however the reading ends

    def notices(self) -> list[str]:
        """Say what was changed or left out in reading, each with the number of rows."""
        return [
            note.format(n="1 row" if n == 1 else f"{n:,} rows")
            for note, n in self.notes.items()
            if n
        ]

    def pieces(self) -> Iterator[Piece]:
        """Walk through the rows that count; each piece is of one file."""
        self.spool.seek(0)
        if not self.spool.read(1):
            file = self.files[0]
            yield Piece(
                file.path, [], dict.fromkeys(file.names, ()), self.forms[0], notes=self.notes
            )
        for number, rows, columns in self.blocks():
            file = self.files[number]
            for at, row in enumerate(rows if self.rivals else ()):
                if (number, row) in self.rivals:
                    cells = {name: column[at] for name, column in columns.items()}
                    self.rejects.append(Reject(self.rivals[number, row], cells))
            kept = [at for at, row in enumerate(rows) if (number, row) not in self.skip]
            if len(kept) < len(rows):
                rows = [rows[at] for at in kept]
                columns = {name: [cells[at] for at in kept] for name, cells in columns.items()}
            more = {
                at: [dict(zip(file.names, cells, strict=True)) for cells in self.more[number, row]]
                for at, row in enumerate(rows)
                if (number, row) in self.more
            }
            yield Piece(file.path, rows, columns, self.forms[number], notes=self.notes, more=more)

    def put_aside(self, number: int, rows: list[int], columns: Iterable[Sequence[str]]) -> None:
        """Keep a block of rows of a file; cells have no line breaks, so that these part them."""
        marshal.dump((number, rows, ["\n".join(cells) for cells in columns]), self.spool)

    def blocks(self) -> Iterator[tuple[int, list[int], dict[str, list[str]]]]:
        """Walk through the blocks put aside: number of the file, those of the rows, columns."""
        self.spool.seek(0)
        while True:
            try:
                number, rows, texts = marshal.load(self.spool)  # noqa: S302 (written above)
            except EOFError:
                return
            columns = (text.split("\n") for text in texts)
            yield number, rows, dict(zip(self.files[number].names, columns, strict=True))


def survey(paths: Sequence[Path], layout: Layout, options: Options, size: int) -> Survey:
    """Walk through the files once.

    Raises :class:`strikes2024.DataError` for a file or a row that cannot be read (unless rejects
    are wanted), and for options that name what no file holds.

    Parameters
    ----------
    paths
        The files; of an event in several the one named last counts.
    layout
        The form of the files.
    options
        What the caller asked for.
    size
        Rows that stand in memory at a time.
    """
    found = Survey()
    walk = _Walk(found, layout, options)
    for path in paths:
        walk.read(path, size)
    walk.settle()
    for number, file in enumerate(found.files):
        found.forms.append(walk.form(number, file))
    found.events = len(walk.seen)
    if options.columns:
        headers = {_name(header): header for file in found.files for header in file.headers}
        for header in options.columns.values():
            if _name(header) not in headers:
                several([header], "columns", headers.values(), " in the header")
    if options.countries is not None:
        several(options.countries, "countries", sorted(walk.countries), " in the files")
    if options.kinds:
        labels = [layout.words.get(label, label) for label in sorted(walk.labels)]
        several(options.kinds, "kinds", [*layout.words.values(), *labels], " in the files")
    return found


class _Walk:
    """The state of a first walk."""

    def __init__(self, found: Survey, layout: Layout, options: Options) -> None:
        self.found, self.layout, self.options = found, layout, options
        self.seen: set[str] = set()  # keys of events; those that came again
        self.again: set[str] = set()
        self.counted: dict[
            str, tuple[int, int, int, int]
        ] = {}  # of the latter: the row that counts
        self.countries: set[str] = set()
        self.labels: set[str] = set()
        self.dates: dict[int, set[str]] = defaultdict(set)
        self.marks: dict[int, set[str]] = defaultdict(set)

    def read(self, path: Path, size: int) -> None:
        def note(line: str) -> None:
            self.found.notes[f"{path.name}: {line}"] += 1

        rows = raw_rows(path, self.options.encoding, note)
        file = _header(path, rows, self.layout, self.options)
        number = len(self.found.files)
        self.found.files.append(file)
        for name, header in zip(file.names, file.headers, strict=True):
            if not name.startswith(REJECT):
                self.found.columns.setdefault(name, header)
        if file.first > 1:
            self.found.notes[f"{path.name}: the header stands in row {file.first}"] += 1
        self._walk(number, file, rows, size)

    def _walk(
        self, number: int, file: File, rows: Iterator[tuple[int, list[str]]], size: int
    ) -> None:
        """Take the rows that hold data, a block at a time."""
        width = len(file.names)
        numbers: list[int] = []
        lines: list[list[str]] = []
        for row, cells in rows:
            if not any(map(str.strip, cells)):
                self.found.notes["{n} of blank cells alone passed over"] += bool(cells)
                continue
            if row <= file.first + 2 and _is_hxl(cells):
                self.found.notes["{n} of HXL tags passed over"] += 1
                continue
            if cells[0].strip() == file.headers[0] and tuple(_clean(cells[:width])) == file.headers:
                self.found.notes["{n} of the header again passed over"] += 1
                continue
            if len(cells) > width and not any(map(str.strip, cells[width:])):
                cells = cells[:width]
            if len(cells) == width:
                numbers.append(row)
                lines.append(cells)
            if len(lines) == size or len(cells) != width:
                self._take(number, file, numbers, lines)
                numbers, lines = [], []
            if len(cells) != width:
                expected = f"{width} cells, one a column; found {len(cells)}"
                self._reject(Fault(str(file.path), row, None, None, expected), cells)
        self._take(number, file, numbers, lines)

    def _reject(self, fault: Fault, cells: Mapping[str, str] | Sequence[str]) -> None:
        """Put a row aside that cannot be read, or end the reading where nobody asked for that."""
        if self.options.rejects is None:
            raise DataError(str(fault), fault)
        self.found.rejects.append(Reject(fault, cells))

    def _problem(self, file: File, row: int, name: str, cell: str) -> Fault | None:
        if len(cell) > LONGEST:
            expected = f"at most {LONGEST:,} characters; found {len(cell):,}"
            return Fault(str(file.path), row, name, cell, expected)
        value = _BAD_BYTE.sub(lambda m: "".join(f"\\x{ord(c) - 0xDC00:02x}" for c in m[0]), cell)
        if value == cell:
            return None
        text = self.options.encoding or "UTF-8"
        expected = (
            f"{text} text; a spreadsheet often saves another: name it, such as --encoding cp1252"
        )
        return Fault(str(file.path), row, name, value, expected)

    def _take(self, number: int, file: File, rows: list[int], lines: list[list[str]]) -> None:
        """Note what a block of rows holds, and put it aside, cleaned."""
        bad: dict[int, Fault] = {}
        columns: dict[str, Sequence[str]] = {}
        for name, cells in zip(file.names, zip(*lines, strict=True), strict=bool(lines)):
            text = "|".join(cells)
            long = len(text) > LONGEST and max(map(len, cells)) > LONGEST
            if not long and _is_clean(text):
                columns[name] = cells
                continue
            if long or _BAD_BYTE.search(text):
                for at, cell in enumerate(cells):
                    if at not in bad and (problem := self._problem(file, rows[at], name, cell)):
                        bad[at] = problem
            columns[name] = _clean(cells)
        for at in sorted(bad):
            self._reject(bad[at], dict(zip(file.names, lines[at], strict=True)))
        if bad:
            kept = [at for at in range(len(rows)) if at not in bad]
            rows = [rows[at] for at in kept]
            columns = {name: [cells[at] for at in kept] for name, cells in columns.items()}
        if rows:
            self.found.put_aside(number, rows, columns.values())
            self._note(number, columns)

    def _note(self, number: int, columns: Mapping[str, Sequence[str]]) -> None:
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
        keys = list(filter(None, _keys(columns[self.layout.key])))
        new = set(keys)
        if len(new) < len(keys) or not self.seen.isdisjoint(new):
            again = (key for key, times in Counter(keys).items() if times > 1 or key in self.seen)
            self.again.update(again)
        self.seen |= new

    def settle(self) -> None:
        """Decide which row counts of each event that has several."""
        for number, rows, columns in self.found.blocks() if self.again else ():
            order = sorted(columns)  # the columns of two files may stand in another order
            core = [name for name in order if name not in self.layout.actors]
            for at, key in enumerate(_keys(columns[self.layout.key])):
                if key in self.again:
                    whole = hash(tuple(columns[name][at] for name in order))
                    part = hash(tuple(columns[name][at] for name in core))
                    cells = [column[at] for column in columns.values()]
                    self._event(key, number, rows[at], cells, whole, part)

    def _event(
        self, key: str, number: int, row: int, cells: list[str], whole: int, core: int
    ) -> None:
        """Decide which row of an event counts."""
        before = self.counted.get(key)
        if before is None:
            self.counted[key] = (number, row, whole, core)
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
            self.counted[key] = (number, row, whole, core)
        elif core == old_core and self.layout.actors:
            notes["{n} on a further actor of an event: one event with all of its actors"] += 1
            skip.add((number, row))
            self.found.more[number, first].append(cells)
        else:
            self._conflict(number, first, row, cells)

    def _conflict(self, number: int, first: int, row: int, cells: list[str]) -> None:
        file = self.found.files[number]
        value = cells[file.names.index(self.layout.key)]
        for one, other in ((row, first), (first, row)):
            expected = f"each event once; row {other} has the same id and other values"
            fault = Fault(str(file.path), one, self.layout.key, value, expected)
            if self.options.rejects is None:
                raise DataError(str(fault), fault)
            self.found.skip.add((number, one))
            self.found.rivals[number, one] = fault

    def form(self, number: int, file: File) -> Form:
        """Say how a file writes dates and numbers."""
        order, proof = day_orders(self.dates[number])
        if order and not self.options.date_format:
            self.found.notes[f"{file.path.name}: dates read {order} first, as {proof} must be"] += 1
        comma = "," in self.marks[number]
        if comma:
            self.found.notes[f"{file.path.name}: decimals stand behind a comma"] += 1
        return Form(self.options.date_format, order, comma, self.options.decimal)


def _is_hxl(cells: list[str]) -> bool:
    return all(cell.lstrip().startswith("#") for cell in cells if cell.strip())


def _keys(cells: Sequence[str]) -> list[str]:
    return [plain_code(cell).lower() for cell in cells]


def _is_clean(text: str) -> bool:
    """Tell whether a column, joined by ``|``, has nothing that :func:`_clean` would change."""
    return (
        text.isprintable()
        and text == text.strip()
        and not any(mark in text for mark in ("| ", " |", "'", "\ufffd"))
    )


def _clean(cells: Sequence[str]) -> list[str]:
    """Strip blanks; make control characters blanks, and characters that were lost a ``?``."""
    plain = [
        cell.strip()
        if cell.isprintable() and "\ufffd" not in cell
        else _CONTROL.sub(" ", cell).replace("\ufffd", "?").strip()
        for cell in cells
    ]
    return [unescape_formula(cell) if cell[:1] == "'" else cell for cell in plain]


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
    headers = tuple(_clean(cells[:last]))
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
