"""A file that somebody brings, of whatever kind, as rows of text cells.

CSV with any of the usual separators, encodings and line ends, Excel workbooks, JSON of the
publishers' interfaces, and any of these packed with gzip, bzip2, xz or zip. What a file is, its
first bytes say; its name does not count.
"""

import bz2
import csv
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, time
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from strikes2024.readers.layout import REFUSED
from strikes2024.schema import DataError, Fault, import_extra

_PACKED: dict[bytes, Callable[..., Any]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open}
_ZIP = b"PK\x03\x04"
_REFUSED: dict[bytes, str] = {mark.encode("latin-1"): what for mark, what in REFUSED.items()}
_TABLES = {".csv", ".tsv", ".txt", ".xlsx", ".json", ".gz", ".bz2", ".xz"}
_BROKEN: list[type[Exception]] = [EOFError, OSError, RuntimeError, zlib.error, zipfile.BadZipFile]
with suppress(ImportError):  # a Python for browsers is built without it
    import lzma

    _PACKED[b"\xfd7zXZ\x00"] = lzma.open
    _BROKEN.append(lzma.LZMAError)


def fault_of(path: Path, row: int | None, expected: str) -> DataError:
    """Make the error for a file, or for a row of it, as a whole."""
    fault = Fault(str(path), row, None, None, expected)
    return DataError(str(fault), fault)


def raw_rows(
    path: Path, encoding: str | None, note: Callable[[str], None]
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a file with their numbers, the first of which is 1, blank ones too.

    A byte that is not of the encoding becomes a lone surrogate (``surrogateescape``), so that
    whoever knows the columns can name the cell. ``note`` is called with what is left out.

    Raises :class:`strikes2024.DataError` for a file that cannot be opened, is of a kind that is
    not read, or breaks off, and :class:`strikes2024.schema.MissingExtraError` for an Excel
    workbook where openpyxl is not installed.

    Parameters
    ----------
    path
        The file, packed or not.
    encoding
        Of its text; found out where it is None.
    note
        Called with what is left out, such as a second sheet.
    """
    try:
        with path.open("rb") as outer:
            file = _unpacked(path, outer)
            head = _peek(file)
            if head.startswith(_ZIP):
                rows = _workbook(path, file, note)
            elif head.lstrip()[:1] in {b"{", b"["}:
                rows = _json(path, file, note)
            else:
                rows = _csv(path, file, encoding)
            yield from enumerate(rows, start=1)
    except tuple(_BROKEN) as error:
        reason = getattr(error, "strerror", None) or error
        raise fault_of(path, None, f"a readable file ({reason})") from error


def _peek(file: IO[bytes]) -> bytes:
    return cast("io.BufferedReader", file).peek(4096)[:4096]


def _unpacked(path: Path, file: IO[bytes]) -> IO[bytes]:
    """Open whatever a file is packed in."""
    head = _peek(file)
    for mark, what in _REFUSED.items():
        if head.lstrip().lower().startswith(mark.lower()):
            raise fault_of(path, None, f"a CSV file or an Excel workbook; this is {what}")
    for mark, opener in _PACKED.items():
        if head.startswith(mark):
            return _unpacked(path, io.BufferedReader(cast("Any", opener(file))))
    if not head.startswith(_ZIP):
        return file
    archive = zipfile.ZipFile(file)
    names = [PurePosixPath(name) for name in archive.namelist()]
    if PurePosixPath("xl/workbook.xml") in names:
        file.seek(0)
        return file
    inner = [n for n in names if n.suffix.lower() in _TABLES and n.parts[0] != "__MACOSX"]
    inner = [n for n in inner if n.suffix.lower() != ".txt"] or inner  # a text beside a table
    if len(inner) != 1:
        found = ", ".join(map(str, inner or names)) or "none"
        expected = f"an archive with one table in it; found {found}: unpack it and name one"
        raise fault_of(path, None, expected)
    return _unpacked(path, io.BufferedReader(cast("Any", archive.open(str(inner[0])))))


# CSV


def _csv(path: Path, file: IO[bytes], encoding: str | None) -> Iterator[list[str]]:
    wide = _peek(file).startswith((b"\xff\xfe", b"\xfe\xff"))
    name = encoding or ("utf-16" if wide else "utf-8-sig")
    text = io.TextIOWrapper(cast("Any", file), name, "surrogateescape", newline="")
    number = 0
    try:
        first = text.readline()
        delimiter = max(",;\t|", key=first.count)
        for cells in csv.reader(chain([first], text), delimiter=delimiter, strict=True):
            number += 1
            yield cells
    except csv.Error as error:
        what = f"a row in CSV form ({error}); a quotation mark may not be closed"
        raise fault_of(path, number + 1, what) from error
    except UnicodeError as error:
        expected = f"text in {name} ({error}); name another with --encoding"
        raise fault_of(path, number + 1, expected) from error


# Excel and JSON


def _workbook(path: Path, file: IO[bytes], note: Callable[[str], None]) -> Iterator[list[str]]:
    openpyxl = import_extra("openpyxl", f"{path}: reading an Excel workbook", "export")
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except (KeyError, TypeError, ValueError) as error:
        raise fault_of(path, None, f"a sound Excel workbook ({error})") from error
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    sheet = max(sheets or book.worksheets, key=lambda sheet: sheet.max_row or 0)
    others = [other.title for other in sheets if other is not sheet and (other.max_row or 0) > 1]
    if others:
        note(f"the sheet {sheet.title} is read, not {', '.join(others)}")
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True):
        yield [_text(value) for value in row]


def _json(path: Path, file: IO[bytes], note: Callable[[str], None]) -> Iterator[list[str]]:
    try:
        found = json.load(file)
    except ValueError as error:
        raise fault_of(path, None, f"a CSV file, or JSON that can be read ({error})") from error
    if isinstance(found, dict):  # as the interfaces of ACLED ("data") and UCDP ("Result") answer
        pages = found.get("TotalPages")
        if isinstance(pages, int) and pages > 1:
            note(f"one of {pages} pages of an answer: name the files of all of them")
        lists = [value for value in found.values() if isinstance(value, list)]
        if not lists:
            shown = ", ".join(f"{name}: {value}" for name, value in list(found.items())[:4])
            raise fault_of(path, None, f"a list of events; this JSON has {shown}")
        found = lists[0]
    records = [record for record in found if isinstance(record, dict)]
    header = list(dict.fromkeys(name for record in records for name in record))
    yield [str(name) for name in header]
    for record in records:
        yield [_text(record.get(name)) for name in header]


def _text(value: object) -> str:
    """Write a value as a CSV file would have it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).encode("utf-8", "replace").decode()  # without halves of characters
