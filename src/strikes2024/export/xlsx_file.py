"""Excel: a sheet a table, the flat table first, and a sheet that says what it all is."""

import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from strikes2024.cite import citation
from strikes2024.export.target import zipped
from strikes2024.joins import flat
from strikes2024.schema import DataError, Fault, Package, import_extra, read_package
from strikes2024.tables import load, table

_MOST_ROWS = 1_048_576
_BLOCK = 5_000  # rows that stand as Python's values at a time
_LONGEST = 32_767  # characters that a cell of Excel can hold
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDTH = 20  # of a column
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(<)")


def write(root: Path, target: Path, progress: Callable[[str], None]) -> None:
    """Write the workbook, row by row. Text stays text, whatever it begins with.

    Raises :class:`strikes2024.DataError` for a text longer than a cell can hold, and for a table
    longer than a sheet.
    """
    openpyxl = import_extra("openpyxl", "xlsx", "export")
    book, package = openpyxl.Workbook(write_only=True), read_package(root)
    try:
        _about(book, package, root)
        for name in ("flat", *package.tables):
            frame = flat(load(root)) if name == "flat" else table(name, root)
            _sheet(book, name, frame)
            progress(f"{name}: {len(frame)} rows")
    except BaseException:
        for sheet in book.worksheets:  # else lxml complains on standard error when they are freed
            if not sheet.closed:
                sheet.close()
        raise
    book.save(target)
    _settle(target, str(package.descriptor.get("created", "1980-01-01T00:00:00Z")))


def _about(book: Any, package: Package, root: Path) -> None:
    sheet = book.create_sheet("about")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = _WIDTH, 100
    rows = [
        ("Title", package.title),
        ("Version", package.version),
        ("Cite as", citation("text", root)),
        ("", ""),
        ("Sheet", "A row is"),
        ("flat", "A claim in plain words: start here."),
    ]
    rows += [(table.name, table.description) for table in package.tables.values()]
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _sheet(book: Any, name: str, frame: pd.DataFrame) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    if len(frame) >= _MOST_ROWS:
        raise _beyond(name, None, None, f"fewer than {_MOST_ROWS:,} rows", len(frame))
    for column in frame.columns:
        lengths = frame[column].astype("string").str.len().fillna(0)
        if (lengths > _LONGEST).any():
            at, most = int(lengths.argmax()), f"at most {_LONGEST:,} characters"
            raise _beyond(name, at + 2, column, most, lengths.iloc[at])
    sheet = book.create_sheet(name)
    sheet.sheet_format.defaultColWidth = _WIDTH
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(frame.shape[1])}{len(frame) + 1}"
    heads = [_cell(sheet, column) for column in frame.columns]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for start in range(0, len(frame), _BLOCK):
        part = frame.iloc[start : start + _BLOCK]
        for row in part.astype(object).where(part.notna(), None).itertuples(index=False):
            sheet.append([_cell(sheet, value) for value in row])


def _beyond(name: str, row: int | None, field: str | None, most: str, found: int) -> DataError:
    """Return the error for what Excel cannot hold."""
    fault = Fault(name, row, field, None, f"{most}, as Excel holds; found {found:,}")
    return DataError(str(fault), fault)


def _cell(sheet: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, pd.Timestamp):
        cell = WriteOnlyCell(sheet, value.tz_localize(None).to_pydatetime())
        cell.number_format = "yyyy-mm-dd" if value.tz is None else 'yyyy-mm-dd hh:mm" UTC"'
        return cell
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, _FORBIDDEN.sub("\ufffd", value))
    cell.data_type = "s"  # else a text that begins with "=" would be a formula
    cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    return cell


def _settle(path: Path, moment: str) -> None:
    """Take the time of writing out of the file, so that the same data give the same bytes."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        shutil.unpack_archive(path, folder, "zip")
        core = Path(folder, "docProps", "core.xml")
        core.write_bytes(_MODIFIED.sub(rb"\g<1>" + moment.encode() + rb"\3", core.read_bytes()))
        zipped(Path(folder), path)
