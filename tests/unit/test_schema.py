"""The descriptor as objects, and the form of the CSV files."""

import json
import sys
from pathlib import Path

import pytest

from strikes2024 import DataError, data_dir, schema
from strikes2024.schema import Fault, Reference, read_blocks, read_package


def test_own_data_is_found():
    assert (data_dir() / "datapackage.json").is_file()
    assert list(read_package(data_dir()).tables)[:3] == ["sources", "actors", "places"]


def test_installed_data_come_before_a_checkout(tmp_path, monkeypatch):
    package = tmp_path / "lib" / "src" / "strikes2024"
    for place in (package / "data", tmp_path / "lib" / "data"):
        place.mkdir(parents=True)
        (place / "datapackage.json").write_text("{}")
    monkeypatch.setattr(schema, "__file__", str(package / "schema.py"))
    assert data_dir() == package / "data"
    (package / "data" / "datapackage.json").unlink()
    assert data_dir() == tmp_path / "lib" / "data"
    (tmp_path / "lib" / "data" / "datapackage.json").unlink()
    with pytest.raises(DataError, match=r"no data found: expected datapackage\.json in .* or "):
        data_dir()


def test_fields_know_their_lists_and_references():
    package = read_package(data_dir())
    claims = package.table("claims")
    assert claims.field("supersedes").reference == Reference("claims", "claim_id")
    assert claims.field("source").reference == Reference("sources", "source_id")
    also_in = claims.field("also_in")
    assert (also_in.delimiter, also_in.reference) == (";", Reference("sources", "source_id"))
    assert claims.field("scope").enum == ("whole", "part")
    assert claims.field("scope").required
    assert not claims.field("note").required
    assert claims.primary_key == ("claim_id",)


def test_all_lists_have_the_delimiter_that_split_expects():
    tables = read_package(data_dir()).tables.values()
    assert {field.delimiter for table in tables for field in table.fields} == {None, ";"}


def test_unknown_table_names_the_nearest():
    with pytest.raises(DataError, match=r"no table 'claim'; did you mean 'claims'\?"):
        read_package(data_dir()).table("claim")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "line 1 column 2 (char 1))"),
        ("[]", "expected a Data Package with a name, path and schema for each table"),
        ("{}", "(missing 'resources')"),
        ('{"resources": [{"name": "a", "path": "../a.csv"}]}', "leads out of the directory"),
        ('{"resources": [{"name": "a", "path": "/a.csv"}]}', "leads out of the directory"),
        ('{"resources": [{"name": "a", "path": "a.csv"}]}', "(missing 'schema')"),
        (
            '{"resources": [{"name": "a", "path": ["a.csv"], "schema": {}}]}',
            "expected a Data Package",
        ),
        (
            (
                '{"resources": [{"name": "a", "path": "a", "schema": {"fields": []}}, '
                '{"name": "a", "path": "b", "schema": {"fields": []}}]}'
            ),
            "(two tables have the same name)",
        ),
        (
            (
                '{"resources": [{"name": "a", "path": "a.csv", "schema": {"fields": '
                '[{"name": "b", "constraints": {"enum": null}}]}}]}'
            ),
            "(field b has an enum that is no list)",
        ),
        (
            (
                '{"resources": [{"name": "a", "path": "a.csv", "schema": {"fields": '
                '[{"name": "b", "type": "colour"}]}}]}'
            ),
            "field b has the unknown type 'colour'",
        ),
    ],
)
def test_broken_descriptor(tmp_path, text, message):
    (tmp_path / "datapackage.json").write_text(text)
    with pytest.raises(DataError) as error:
        read_package(tmp_path)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_descriptor_that_is_not_utf8(tmp_path):
    (tmp_path / "datapackage.json").write_bytes(b'{"title": "\xff"}')
    with pytest.raises(DataError, match=r"decode byte 0xff in position 11"):
        read_package(tmp_path)


def test_directory_that_is_none(tmp_path):
    with pytest.raises(DataError, match=r"nowhere.datapackage\.json cannot be read \(No such file"):
        read_package(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(
        DataError, match=r"file.datapackage\.json cannot be read \(Not a directory\)"
    ):
        read_package(tmp_path / "file")
    with pytest.raises(DataError, match=r"cannot be read \(No such file or directory\)"):
        read_package(tmp_path)


def test_a_changed_descriptor_is_read_again(small):
    assert read_package(small.root).title == small.descriptor["title"]
    small.descriptor["title"] = "Another title"
    (small.root / "datapackage.json").write_text(json.dumps(small.descriptor))
    assert read_package(small.root).title == "Another title"


LINK = "link,answer,attack,in_answer_to,pentagon,src-a,\n"
HEADER = "link_id,from_event,to_event,relation,stated_by,source,note\n"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "links.csv: expected a header row; the file is empty"),
        (b"\n\n", "links.csv: expected a header row; the file is empty"),
        (
            HEADER.encode() + b"link,a,b,in_answer_to,,src,\xe9t\n",
            "links.csv row 2: value \\xe9: expected UTF-8 text (in a spreadsheet: CSV UTF-8)",
        ),
        (
            (HEADER + LINK).replace(",", ";"),
            "links.csv row 1: expected cells separated by commas; found semicolons",
        ),
        (
            HEADER + LINK.strip(),
            "links.csv row 2: expected a line break at the end of the last line",
        ),
        (
            HEADER + "link,answer\n",
            "links.csv row 2: expected 7 cells, one a column; found 2",
        ),
        (
            HEADER + "\n" + LINK,
            "links.csv row 2: expected 7 cells, one a column; found 0",
        ),
        (
            HEADER + LINK.replace("\n", ",more\n"),
            "links.csv row 2: expected 7 cells, one a column; found 8",
        ),
        (
            HEADER + '"link,a,b\n',
            "links.csv row 2: expected a row in CSV form (unexpected end of data)",
        ),
        (
            HEADER.replace(",note", ""),
            "links.csv row 1: field note: expected this column in the header; found none",
        ),
        (
            HEADER.replace("_id,from_event,to_event", "_id,to_event,from_event"),
            "links.csv row 1: expected each column once, in the order " + HEADER.strip(),
        ),
        (
            HEADER.replace("note", "note,note"),
            "links.csv row 1: expected each column once, in the order " + HEADER.strip(),
        ),
    ],
)
def test_form_of_a_csv_file(small, content, fault):
    data = content.encode() if isinstance(content, str) else content
    (small.root / "links.csv").write_bytes(data)
    ((_, faults),) = read_blocks(small.root, read_package(small.root).table("links"))
    assert [str(each) for each in faults] == [fault]


def test_renamed_column(small):
    (small.root / "links.csv").write_text(HEADER.replace("relation", "relations"))
    ((_, faults),) = read_blocks(small.root, read_package(small.root).table("links"))
    assert [str(each) for each in faults] == [
        (
            "links.csv row 1: field relation: expected this column in the header; found none; "
            "did you mean 'relations'?"
        ),
        "links.csv row 1: value relations: expected only columns that the descriptor lists",
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("3", "value 3: "),
        ("", "value (blank): "),
        (" x", "value ' x': "),
        ("a\nb", "value 'a\\nb': "),
        ("القيادة", "value القيادة: "),
        ("x" * 100, "value " + "x" * 79 + "…: "),
    ],
)
def test_a_fault_is_one_line(value, shown):
    line = str(Fault("claims.csv", 17, "high", value, "a number"))
    assert line == f"claims.csv row 17: field high: {shown}expected a number"


def test_the_schema_module_needs_the_standard_library_alone():
    source = Path(schema.__file__).read_text(encoding="utf-8")
    imports = {line.split()[1].split(".")[0] for line in source.splitlines()
               if line.startswith(("import ", "from "))}  # fmt: skip
    assert imports <= sys.stdlib_module_names
