"""Validation of a whole directory: form, schema, keys, lists, text."""

import json
import sys

import pytest

from strikes2024 import DataError
from strikes2024.validation import MissingExtraError, validate


def lines(root):
    return str(validate(root)).splitlines()


def test_no_fault(small):
    report = validate(small.root)
    assert report.ok
    assert str(report) == "OK: 17 tables, 26 rows, no fault"


def test_keys_into_the_same_table(small):
    assert lines(small.change("claims", 3, supersedes="claim-x")) == [
        (
            "claims.csv row 2: field status: value superseded: expected a row that supersedes "
            "claim-a, or a note that says why"
        ),
        "claims.csv row 3: field supersedes: value claim-x: expected a claim_id of claims",
        "2 faults in 1 file",
    ]


SCHEMA = [
    ("claims", 2, {"source": "src-x"},
     "field source: value src-x: expected a source_id of sources"),
    ("links", 2, {"source": ""},
     "field source: value (blank): expected a value; this field may not be blank"),
    ("claims", 2, {"low": "-1", "qualifier": "up_to"},
     "field low: value -1: expected a number not below 0"),
    ("sources", 2, {"language": "eng"},
     "field language: value eng: expected text of the form [a-z]{2}"),
    ("places", 2, {"lat": "91", "country": "Elsewhere"},
     "field lat: value 91: expected a number not above 90"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "cells", "line"), SCHEMA)
def test_schema(small, table, row, cells, line):
    found = lines(small.change(table, row, **cells))
    assert found == [f"{table}.csv row {row}: {line}", "1 fault in 1 file"]


UNREADABLE = [
    ("claims", {"stated": "29 January"},
     "field stated: value 29 January: expected a date (YYYY-MM-DD)"),
    ("steps", {"utc": "2024-02-02 21:30"},
     "field utc: value 2024-02-02 21:30: expected a UTC moment (YYYY-MM-DDThh:mmZ)"),
    ("tallies", {"total": "many"}, "field total: value many: expected a whole number"),
    ("claims", {"low": "many"}, "field low: value many: expected a number"),
    ("sources", {"opened": "yes"}, "field opened: value yes: expected true or false"),
    ("links", {"relation": "answers"},
     "field relation: value answers: expected one of in_answer_to, part_of, followed_in_time"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "cells", "line"), UNREADABLE)
def test_types(small, table, cells, line):
    found = lines(small.change(table, 2, **cells))
    assert found == [
        f"{table}.csv row 2: {line}",
        "1 fault in 1 file; the sense of the rows was not checked",
    ]


def test_a_number_that_pandas_alone_refuses(small):
    assert lines(small.change("claims", 4, high="INF")) == [
        "claims.csv row 4: field high: value INF: expected a number",
        "1 fault in 1 file; the sense of the rows was not checked",
    ]


def test_doubled_key_is_one_fault(small):
    small.rows["links"].append(dict(small.rows["links"][0]))
    assert lines(small.write()) == [
        "links.csv row 3: field link_id: value link: expected a value that no other row has",
        "1 fault in 1 file",
    ]


LISTS = [
    ("src-a;src-b;src-x", "each item a source_id of sources; found src-x"),
    ("src-a;;src-b", "no empty item between the ';'"),
    ("src-a;src-b;", "no empty item between the ';'"),
    ("src-a; src-b", "no blank beside a ';'"),
    ("src-a;src-b;src-a", "each item once; found src-a twice"),
]


@pytest.mark.parametrize(("cell", "expected"), LISTS)
def test_lists(small, cell, expected):
    assert lines(small.change("events", 2, sources=cell)) == [
        f"events.csv row 2: field sources: value {cell}: expected {expected}",
        "1 fault in 1 file",
    ]


def test_lists_without_a_reference(small):
    assert lines(small.change("actors", 2, aliases="A;A"))[0] == (
        "actors.csv row 2: field aliases: value A;A: expected each item once; found A twice"
    )


def test_unused_source(small):
    small.rows["events"][0]["sources"] = "src-a"
    assert lines(small.write()) == [
        "sources.csv row 3: field source_id: value src-b: expected a source that some row rests on",
        "1 fault in 1 file",
    ]


TEXT = [
    (" T.", "value ' T.': expected no blank at either end"),
    ("T.\u00a0", "value 'T.\\xa0': expected no blank at either end"),
    ("T\tU", "value 'T\\tU': expected no control character, found U+0009"),
    ("T\nU", "value 'T\\nU': expected no control character, found U+000A"),
    ("T\x00U", "value 'T\\x00U': expected no control character, found U+0000"),
    ("T\ufffdU", "value T\ufffdU: expected no control character, found U+FFFD"),
]


@pytest.mark.parametrize(("cell", "line"), TEXT)
def test_text(small, cell, line):
    found = lines(small.change("definitions", 2, text=cell))
    assert found == [f"definitions.csv row 2: field text: {line}", "1 fault in 1 file"]


def test_rows_are_sorted(small):
    small.rows["sources"].reverse()
    assert lines(small.write()) == [
        (
            "sources.csv row 3: field source_id: value src-a: expected rows sorted by this field; "
            "it stands after src-b"
        ),
        "1 fault in 1 file",
    ]


def test_faults_of_all_files_come_in_order_and_rows_still_are_checked(small):
    small.rows["claims"][2] |= {"source": "src-x", "low": "5", "high": "3"}
    small.rows["sources"][0]["language"] = "eng"
    assert lines(small.write()) == [
        "sources.csv row 2: field language: value eng: expected text of the form [a-z]{2}",
        "claims.csv row 4: field high: value 3: expected a number not below low (5)",
        "claims.csv row 4: field source: value src-x: expected a source_id of sources",
        "3 faults in 2 files",
    ]


def test_files_that_cannot_be_read_stop_it_before_the_values(small):
    (small.root / "claims.csv").unlink()
    (small.root / "links.csv").write_text("")
    assert lines(small.root) == [
        "links.csv: expected a header row; the file is empty",
        "claims.csv: expected a readable file (No such file or directory)",
        "2 faults in 2 files; values were not checked",
    ]


def write_descriptor(small):
    (small.root / "datapackage.json").write_text(json.dumps(small.descriptor))
    return small.root


def test_descriptor_without_a_table_or_a_field(small):
    resources = {item["name"]: item for item in small.descriptor["resources"]}
    resources["claims"]["name"] = "claim"
    resources["links"]["schema"]["fields"].pop()
    resources["tallies"]["schema"]["fields"][9]["type"] = "string"
    assert lines(write_descriptor(small)) == [
        (
            "datapackage.json: expected the field claim_id in a table claims, since claims in "
            "steps refers to it"
        ),
        "datapackage.json: expected the field note of type string in table links",
        "datapackage.json: expected the table claims; found none; did you mean 'claim'?",
        "datapackage.json: value string: expected the field total of type integer in table tallies",
        "4 faults in 1 file; no file was read",
    ]


def test_descriptor_with_a_reference_to_nothing(small):
    resources = {item["name"]: item for item in small.descriptor["resources"]}
    resources["claims"]["schema"]["foreignKeys"][0]["reference"]["resource"] = "nothing"
    assert lines(write_descriptor(small)) == [
        (
            "datapackage.json: expected the field event_id in a table nothing, since event in "
            "claims refers to it"
        ),
        "1 fault in 1 file; no file was read",
    ]


def test_descriptor_that_frictionless_refuses(small):
    small.descriptor["resources"][0]["schema"]["fields"][0]["constraints"] = {"minLength": "long"}
    found = lines(write_descriptor(small))
    assert found[0].startswith("datapackage.json: expected a valid Data Package (")
    assert found[-1].endswith("in 1 file; values were not checked")


@pytest.mark.parametrize(
    ("constraints", "fault"),
    [
        ({"pattern": "["}, "value [: expected a regular expression as the pattern"),
        ({"minimum": "many"}, "value many: expected a number as the minimum"),
        ({"maxLength": 3}, "value maxLength: expected none but the constraints enum, maximum,"),
    ],
)
def test_descriptor_with_a_constraint_that_no_cell_can_meet(small, constraints, fault):
    fields = {item["name"]: item["schema"]["fields"] for item in small.descriptor["resources"]}
    low = next(field for field in fields["claims"] if field["name"] == "low")
    low["constraints"] = constraints
    found = [line for line in lines(write_descriptor(small)) if "field low" in line]
    assert len(found) == 1
    assert found[0].startswith(f"datapackage.json: field low: {fault}")


def test_missing_directory(tmp_path):
    with pytest.raises(DataError, match=r"nowhere.datapackage\.json cannot be read"):
        validate(tmp_path / "nowhere")


def test_frictionless_is_missing(small, monkeypatch):
    monkeypatch.setitem(sys.modules, "frictionless", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'strikes2024\[validate\]'"):
        validate(small.root)
