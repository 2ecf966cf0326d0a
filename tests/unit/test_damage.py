"""Damaged data sets: the validator accepts none, and no command leaves a file made from one.

Each damage is drawn from what the descriptor promises, so that each is surely wrong: a kind of
value that the field's type does not have, a key that is there already, a row that is too short, a
column under another name, bytes that are no text.
"""

import shutil

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from strikes2024 import DataError
from strikes2024.export import export
from strikes2024.schema import data_dir, read_package
from strikes2024.tables import NAMES, load
from strikes2024.validation import validate

# Values that a field of the type cannot have, whatever its other rules are.
WRONG = {
    "number": ["many", "1,5", "1 000", "NaN", "--1"],
    "integer": ["1.5", "one", "1e3", "0x1"],
    "boolean": ["maybe", "2", "TRUE!"],
    "date": ["2024-02-30", "2024/01/28", "28 January", "2024-1-2", "0000-00-00"],
    "year": ["24", "MMXXIV"],
}
FORMATS = ["csv", "json", "flat", "sqlite"]


def wrong_cells(table):
    """Yield column number and value for each way in which one cell of a table can be wrong."""
    for number, field in enumerate(table.fields):
        for value in WRONG.get(field.type, ()):
            yield number, value
        if field.required:
            yield number, ""
        if field.enum:
            yield number, "no-such-value"
        if field.reference:
            yield number, "no-such-row"
        if "maximum" in field.constraints:
            yield number, str(float(field.constraints["maximum"]) + 1)
        if "minimum" in field.constraints:
            yield number, str(float(field.constraints["minimum"]) - 1)
        yield number, " blank in front"


def rows_of(data, table):
    columns = data.columns(table)
    return [columns, *([row.get(name, "") for name in columns] for row in data.rows[table])]


def quoted(rows):
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    return ("\n".join(lines) + "\n").encode()


@st.composite
def damages(draw, package, data):
    """Draw a table and the bytes of its damaged file."""
    name = draw(st.sampled_from(sorted(name for name, rows in data.rows.items() if rows)))
    table = package.table(name)
    rows = rows_of(data, name)
    at = draw(st.integers(1, len(rows) - 1))
    column = draw(st.integers(0, len(table.fields) - 1))
    what = draw(st.sampled_from(["cell", "cell", "cell", "key", "row", "column", "bytes"]))
    if what == "cell":
        column, value = draw(st.sampled_from(list(wrong_cells(table))))
        rows[at][column] = value
    elif what == "key":
        rows.append(list(rows[at]))
    elif what == "row":
        rows[at] = rows[at][:-1] if draw(st.booleans()) else [*rows[at], "one more"]
    elif what == "column":
        how = draw(st.sampled_from(["gone", "renamed", "twice"]))
        if how == "renamed":
            rows[0] = [*rows[0][:column], rows[0][column] + "_", *rows[0][column + 1 :]]
        elif how == "twice":
            rows = [[*row, row[column]] for row in rows]
        else:
            rows = [row[:column] + row[column + 1 :] for row in rows]
    content = quoted(rows)
    if what == "bytes":
        start = draw(st.integers(0, len(content)))
        broken = draw(st.sampled_from([b"\xff", b"\xc3(", b"\x00", b"\xed\xa0\x80"]))
        content = content[:start] + broken + content[start:]
    return name, content


@pytest.mark.fuzz
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_is_accepted_and_nothing_is_left(small, tmp_path, data):
    small.write()
    package = read_package(small.root)
    name, content = data.draw(damages(package, small))
    path = small.root / package.table(name).path
    good = path.read_bytes()
    assume(content != good)
    path.write_bytes(content)
    report = validate(small.root)
    assert not report.ok
    assert all("\n" not in str(fault) for fault in report.faults)

    out = tmp_path / "out"
    target = out / "file"
    form = data.draw(st.sampled_from(FORMATS))
    before = {path.name: path.read_bytes() for path in small.root.iterdir()}
    try:
        export(form, target, data_dir=small.root, force=True)
    except DataError:
        assert not out.exists() or list(out.iterdir()) == []
    else:  # what an export does not look at, as a reference, is the validator's to find
        # Beside a database lies a file with its metadata.
        assert target in out.iterdir()
        assert {path.name.partition(".")[0] for path in out.iterdir()} == {target.name}
        shutil.rmtree(out)
    assert {path.name: path.read_bytes() for path in small.root.iterdir()} == before


@pytest.mark.fuzz
@pytest.mark.parametrize("value", ["", "?"])
def test_no_cell_whatever_it_holds_stops_the_validation(small, value):
    """In each table the first column is damaged, then the second, and so on."""
    small.write()
    specs = list(read_package(small.root).tables.values())
    for column in range(max(len(table.fields) for table in specs)):
        for table in specs:
            rows = rows_of(small, table.name)
            rows[1][column % len(table.fields)] = value
            (small.root / table.path).write_bytes(quoted(rows))
        validate(small.root)  # raises nothing


def as_spreadsheet(content):
    """Give a file the form in which spreadsheets save it: a mark, other line ends, empty rows."""
    return b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n") + b",,\r\n\r\n"


def test_what_a_spreadsheet_saved_is_read_and_every_value_checked(small):
    plain = load(small.write())
    for path in small.root.glob("*.csv"):
        path.write_bytes(as_spreadsheet(path.read_bytes()))
    assert validate(small.root).ok
    saved = load(small.root)
    for name in NAMES:
        pd.testing.assert_frame_equal(saved[name], plain[name])

    small.change("claims", 3, low="many")
    small.change("places", 2, lat="100", kind="camp")
    for path in small.root.glob("*.csv"):
        path.write_bytes(as_spreadsheet(path.read_bytes()))
    found = [(fault.file, fault.row, fault.field) for fault in validate(small.root).faults]
    assert ("claims.csv", 3, "low") in found
    assert {("places.csv", 2, "lat"), ("places.csv", 2, "kind")} <= set(found)


def test_lines_of_a_cell_keep_no_carriage_return(small):
    small.change("links", 2, note="one\ntwo")
    path = small.root / "links.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(small.root).links["note"].item() == "one\ntwo"


@pytest.mark.parametrize("what", ["cell", "key"])
def test_damage_in_each_table_of_the_real_data_is_named(what, tmp_path):
    """All tables are damaged at once, each in one place: none of the faults may hide another."""
    root = tmp_path / "data"
    shutil.copytree(data_dir(), root)
    package = read_package(root)
    for table in package.tables.values():
        path = root / table.path
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        if what == "key":
            lines.append(lines[1])
        else:
            first, rest = lines[1].split(",", 1)
            lines[1] = f"{first}\u200b ,{rest}"
        path.write_text("".join(lines), encoding="utf-8")
    named = {fault.file for fault in validate(root).faults}
    assert {table.path for table in package.tables.values()} <= named


def test_a_table_that_is_gone_is_named(small):
    (small.root / "links.csv").unlink()
    assert {fault.file for fault in validate(small.root).faults} == {"links.csv"}
    with pytest.raises(DataError, match=r"links\.csv"):
        export("json", small.root / "out.json", data_dir=small.root)
    assert not list(small.root.glob("*out*"))
