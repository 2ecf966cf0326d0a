"""Typed frames from the CSV files."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import strikes2024
from strikes2024 import DataError, tables
from strikes2024.schema import data_dir, read_package
from strikes2024.tables import NAMES

D = pd.Timestamp


def test_numbers_are_split_as_their_texts():
    assert strikes2024.split(pd.Series([7, None], dtype="Int64")).tolist() == [["7"], []]


def test_there_is_one_attribute_and_one_function_for_each_table():
    assert tuple(read_package(data_dir()).tables) == NAMES
    assert set(NAMES) < set(strikes2024.__all__)


@pytest.mark.parametrize("name", NAMES)
def test_the_function_of_a_table_reads_that_table(small, name):
    whole = strikes2024.load(small.root)
    pd.testing.assert_frame_equal(getattr(strikes2024, name)(small.root), whole[name])


@pytest.mark.parametrize(
    ("table", "column", "dtype"),
    [
        ("claims", "stated", "datetime64[us]"),
        ("steps", "utc", "datetime64[us, UTC]"),
        ("tallies", "total", "Int64"),
        ("claims", "low", "Float64"),
        ("sources", "opened", "boolean"),
        ("claims", "note", "string"),
        ("events", "sources", "string"),
        ("links", "relation", "category"),
        # Columns without any value keep their type.
        ("tallies", "killed", "Int64"),
        ("claims", "period_start", "datetime64[us]"),
        ("attributions", "stated", "datetime64[us]"),
    ],
)
def test_types(small, table, column, dtype):
    assert str(strikes2024.table(table, small.root)[column].dtype) == dtype


def test_types_of_a_table_without_rows(small):
    full = strikes2024.steps(small.root)
    small.rows["steps"] = []
    empty = strikes2024.steps(small.write())
    assert len(empty) == 0
    assert empty.dtypes.equals(full.dtypes)


def test_values(small):
    claims = strikes2024.claims(small.root)
    assert claims["stated"][1] == pd.Timestamp("2024-01-29")
    assert claims["low"].tolist() == [25.0, 34.0, 1.5]
    assert claims["high"].isna().tolist() == [False, True, False]
    assert strikes2024.steps(small.root)["utc"][0] == pd.Timestamp("2024-02-02T21:30Z")
    assert strikes2024.sources(small.root)["opened"].tolist() == [True, False]
    assert strikes2024.actors(small.root)["aliases"][0] == "US Central Command;القيادة"
    tallies = strikes2024.tallies(small.root)
    assert tallies["jordan"].tolist() == [pd.NA, pd.NA, 1, pd.NA]  # missing is not zero
    assert isinstance(tallies.index, pd.RangeIndex)
    assert tallies["tally_id"].tolist() == ["tally-a", "tally-a-asad", "tally-b", "tally-c"]


def test_categories_are_those_listed_in_their_order(small):
    relation = strikes2024.links(small.root)["relation"]
    assert relation.cat.categories.tolist() == ["in_answer_to", "part_of", "followed_in_time"]
    assert not relation.cat.ordered


def test_each_call_gives_a_fresh_frame(small):
    for get in (
        lambda: strikes2024.claims(small.root),
        lambda: strikes2024.load(small.root).claims,
    ):
        changed = get()
        changed.loc[0, "low"] = 999
        changed.loc[0, "note"] = "changed"
        changed["metric"] = changed["metric"].cat.remove_unused_categories()
        del changed["high"]
        fresh = get()
        assert fresh.loc[0, "low"] == 25
        assert pd.isna(fresh.loc[0, "note"])
        assert "high" in fresh
        assert len(fresh["metric"].cat.categories) > 1


def test_files_are_parsed_once_and_again_after_a_change(small, monkeypatch):
    reads = []
    read_blocks = strikes2024.schema.read_blocks
    monkeypatch.setattr(
        strikes2024.schema, "read_blocks", lambda *args: reads.append(1) or read_blocks(*args)
    )
    strikes2024.claims(small.root)
    strikes2024.claims(small.root)
    assert len(reads) == 1
    small.change("claims", 2, low="255")
    assert strikes2024.claims(small.root)["low"][0] == 255
    assert len(reads) == 2


def test_load_of_another_directory(small):
    tables = strikes2024.load(str(small.root))
    assert tables.events["event_id"].tolist() == ["answer", "attack"]
    assert tables["events"].equals(tables.events)
    assert list(tables) == list(NAMES)
    assert repr(tables).startswith("Tables(sources: 2 rows, actors: 2 rows")
    with pytest.raises(AttributeError):
        tables.events = tables.claims


def test_unknown_table(small):
    with pytest.raises(DataError, match=r"there is no table 'claim'; did you mean 'claims'\?"):
        strikes2024.table("claim")
    with pytest.raises(DataError, match=r"there is no table 'event'; did you mean 'events'\?"):
        strikes2024.load(small.root)["event"]


@pytest.mark.parametrize(
    ("table", "column", "value", "expected"),
    [
        ("claims", "stated", "2024-02-30", "a date (YYYY-MM-DD)"),
        ("claims", "stated", "2024-2-3", "a date (YYYY-MM-DD)"),
        ("steps", "utc", "2024-02-02T21:30", "a UTC moment (YYYY-MM-DDThh:mmZ)"),
        ("tallies", "total", "14.0", "a whole number"),
        ("tallies", "total", "١٤", "a whole number"),
        ("claims", "low", "many", "a number"),
        ("claims", "low", "nan", "a number"),
        ("sources", "opened", "yes", "true or false"),
        ("links", "relation", "answers", "one of in_answer_to, part_of, followed_in_time"),
    ],
)
def test_values_of_the_wrong_type(small, table, column, value, expected):
    small.change(table, 2, **{column: value})
    with pytest.raises(DataError) as error:
        strikes2024.load(small.root)
    assert str(error.value) == (
        f"{table}.csv row 2: field {column}: value {value}: expected {expected} (in {small.root})"
    )


def test_broken_and_missing_files(small):
    (small.root / "claims.csv").write_bytes(b"\xff\n")
    with pytest.raises(DataError, match=r"claims\.csv row 1: value \\xff: expected UTF-8 text"):
        strikes2024.claims(small.root)
    (small.root / "claims.csv").unlink()
    with pytest.raises(DataError, match=r"claims\.csv: expected a readable file \(No such"):
        strikes2024.load(small.root)
    with pytest.raises(DataError, match=r"nowhere.datapackage\.json cannot be read \(No such file"):
        strikes2024.load(small.root / "nowhere")


def test_split_and_explode(small):
    actors = strikes2024.actors(small.root)
    assert strikes2024.split(actors["aliases"]).tolist() == [["US Central Command", "القيادة"], []]
    events = strikes2024.events(small.root).assign(places=pd.array(["a;b", pd.NA], "string"))
    separated = strikes2024.explode(events, "places")
    assert separated["event_id"].tolist() == ["answer", "answer", "attack"]
    assert separated["places"].tolist() == ["a", "b", pd.NA]
    assert separated["places"].dtype == "string"
    assert separated.index.tolist() == [0, 1, 2]
    assert separated["kind"].dtype == events["kind"].dtype
    assert len(strikes2024.explode(events.iloc[:0], "places")) == 0


def test_claims_full(small):
    tables = strikes2024.load(small.root)
    full = strikes2024.claims_full(tables)
    assert full["claim_id"].tolist() == ["claim-a", "claim-b", "claim-c"]
    assert full["event_title"].tolist() == ["Attack", "Attack", pd.NA]
    assert full["event_start"][0] == pd.Timestamp("2024-01-28")
    assert full["claimant_name"].tolist() == ["CENTCOM"] * 3
    assert full["source_kind"].tolist() == ["official"] * 3
    assert full["source_published"].dtype == "datetime64[us]"
    assert set(full.columns) - set(tables.claims.columns) == {
        "event_title", "event_start", "event_kind",
        "claimant_name", "claimant_side", "claimant_kind",
        "source_publisher", "source_title", "source_url", "source_kind", "source_published",
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_docstrings_list_the_columns(name):
    text = getattr(strikes2024, name).__doc__
    for field in read_package(data_dir()).table(name).fields:
        assert f"\n- ``{field.name}`` (" in text
        assert field.description in text


def test_the_docstring_of_a_table_in_full():
    head, columns = strikes2024.links.__doc__.split("Columns:\n\n")
    about = read_package(data_dir()).table("links").description
    assert head.startswith(f"Load the table links: Links.\n\n{about}\n\nParameters\n")
    assert "\n\nParameters\n----------\ndata_dir\n" in head
    assert "\n\nRaises\n------\nDataError\n    The file is missing or broken.\n" in head
    lines = columns.splitlines()
    fields = read_package(data_dir()).table("links").fields
    assert [line.partition(": ")[2] for line in lines] == [f.description for f in fields]
    assert [line.partition(": ")[0] for line in lines][:4] == [
        "- ``link_id`` (text)", "- ``from_event`` (key of events)",
        "- ``to_event`` (key of events)", "- ``relation`` (one of a list)",
    ]  # fmt: skip

    text = strikes2024.events.__doc__
    assert "\n- ``sources`` (list of sources, separated by ;): " in text
    assert "\n- ``start`` (date): " in text


def test_without_data_a_docstring_names_the_table(tmp_path, monkeypatch):
    monkeypatch.setattr(strikes2024.schema, "data_dir", lambda: tmp_path)
    found = importlib.util.spec_from_file_location("tables_again", tables.__file__)
    again = importlib.util.module_from_spec(found)
    monkeypatch.setitem(sys.modules, "tables_again", again)
    found.loader.exec_module(again)
    assert again.claims.__doc__ == "Load the table claims."


def field(kind, form="default", enum=()):
    constraints = {"enum": list(enum)} if enum else {}
    return strikes2024.schema.Field("x", kind, "", "", form, constraints, None, None)


def read(spec, cells):
    """A column of a table that has no other."""
    one = strikes2024.schema.Table("t", "t.csv", "", "", (spec,), ("x",))
    return tables.typed(one, [[cell or ""] for cell in cells], Path("data"))["x"]


@pytest.mark.parametrize(
    ("spec", "cells", "dtype", "values"),
    [
        (field("integer"), ["-7", None, "+12", "007"], "Int64", [-7, pd.NA, 12, 7]),
        (field("number"), ["-1.5", None, "2e3", "+4.0E-1"], "Float64", [-1.5, pd.NA, 2000, 0.4]),
        (field("boolean"), ["true", None, "0"], "boolean", [True, pd.NA, False]),
        (field("boolean"), ["True", "TRUE", "1"], "boolean", [True, True, True]),
        (field("boolean"), ["false", "False", "FALSE"], "boolean", [False, False, False]),
        (field("string"), ["a", None], "string", ["a", pd.NA]),
        (field("date"), ["2024-02-03", None], "datetime64[us]", [D("2024-02-03"), pd.NaT]),
        (field("date", "any"), ["2024-02-03"], "datetime64[us]", [D("2024-02-03")]),
        (field("datetime"), ["2024-02-02T21:30:05Z", None], "datetime64[us, UTC]",
         [D("2024-02-02T21:30:05Z"), pd.NaT]),
        (field("datetime", "any"), ["2024-02-02T21:30:05Z"], "datetime64[us, UTC]",
         [D("2024-02-02T21:30:05Z")]),
        (field("datetime", "%Y-%m-%dT%H:%MZ"), ["2024-02-02T21:30Z"], "datetime64[us, UTC]",
         [D("2024-02-02T21:30Z")]),
    ],
)  # fmt: skip
def test_cells_of_each_type(spec, cells, dtype, values):
    pd.testing.assert_series_equal(read(spec, cells), pd.Series(values, dtype=dtype, name="x"))


def test_a_category_has_all_its_values_and_blanks():
    found = read(field("string", enum=["b", "a"]), ["a", None, "b"]).cat
    assert found.categories.tolist() == ["b", "a"]
    assert found.codes.tolist() == [1, -1, 0]
    assert not found.ordered


@pytest.mark.parametrize(
    ("spec", "cell"),
    [
        (field("integer"), "1e3"), (field("integer"), "1_000"), (field("integer"), " 1"),
        (field("number"), "1."), (field("number"), ".5"), (field("number"), "inf"),
        (field("boolean"), "tRUE"), (field("string", enum=["a"]), "A"),
        (field("date"), "3.2.2024"), (field("date", "any"), "3 February 2024"),
        (field("datetime"), "2024-02-02T21:30:05"), (field("datetime"), "2024-02-02T21:30:5Z"),
    ],
)  # fmt: skip
def test_a_cell_of_another_type_is_pointed_at(spec, cell):
    with pytest.raises(DataError, match=r"t\.csv.*\brow 3\b"):
        read(spec, [None, cell, cell])


def test_a_list_is_parted_by_its_own_mark():
    cells = pd.Series([" a | b;c|", pd.NA, "d"], index=[5, 6, 7], name="x", dtype="string")
    expected = pd.Series([["a", "b;c", ""], [], ["d"]], index=[5, 6, 7], name="x", dtype="object")
    pd.testing.assert_series_equal(strikes2024.split(cells, "|"), expected)
    frame = pd.DataFrame({"x": cells, "y": [1, 2, 3]})
    long = strikes2024.explode(frame, "x", "|")
    assert long["x"].tolist() == ["a", "b;c", "", pd.NA, "d"]
    assert long["y"].tolist() == [1, 1, 1, 2, 3]
    assert long.index.tolist() == [0, 1, 2, 3, 4]


def test_a_table_is_no_table_of_another_name(small):
    record = strikes2024.load(small.root)
    with pytest.raises(
        DataError, match=r"^there is no table 'claim'; did you mean 'claims'\? \(the"
    ):
        record["claim"]
    counts = [f"{name}: {len(record[name])} rows" for name in NAMES]
    assert repr(record) == f"Tables({', '.join(counts)})"


def test_an_unreadable_file_is_named_with_its_reason(small):
    path = small.root / "claims.csv"
    path.unlink()
    with pytest.raises(DataError) as error:
        strikes2024.claims(small.root)
    assert str(error.value) == (
        f"claims.csv: expected a readable file (No such file or directory) (in {small.root})"
    )


def test_a_file_is_read_anew_when_its_size_or_time_or_descriptor_changes(small, monkeypatch):
    reads = []
    read_blocks = strikes2024.schema.read_blocks
    monkeypatch.setattr(
        strikes2024.schema, "read_blocks", lambda *args: reads.append(1) or read_blocks(*args)
    )
    strikes2024.claims(small.root)
    for name in ("claims.csv", "datapackage.json", "claims.csv"):
        stat = (small.root / name).stat()
        os.utime(small.root / name, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
        strikes2024.claims(small.root)
    strikes2024.claims(small.root)
    strikes2024.claims(f"{small.root}/../{small.root.name}")
    assert len(reads) == 4


def test_import_is_light_and_needs_no_data(tmp_path):
    code = (
        "import sys, strikes2024; heavy = {'frictionless', 'plotly', 'matplotlib', 'scipy', "
        "'sphinx'}; sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(strikes2024.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, cwd=tmp_path, check=False)
    assert done.returncode == 0


def test_import_without_data(tmp_path):
    source = Path(strikes2024.__file__).parent
    package = tmp_path / "lib" / "site" / "strikes2024"
    shutil.copytree(source, package)
    code = (
        "import strikes2024\ntry: strikes2024.load()\nexcept strikes2024.DataError as e: print(e)"
    )
    environment = os.environ | {"PYTHONPATH": str(package.parent)}
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path += {sys.path[1:]!r}\n{code}"],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.startswith("no data found: expected datapackage.json in "), done.stderr


@pytest.mark.parametrize(
    "cell", ["20240102", "2024-W01-1", "2024-1-2", "2024-02-30", " 2024-01-02"]
)
def test_only_a_day_in_full_is_a_date(cell: str) -> None:
    with pytest.raises(DataError, match=r"t\.csv.*\brow 4\b"):
        read(field("date"), [None, "2024-01-02", cell])


def test_a_moment_is_read_in_utc() -> None:
    moments = read(field("datetime"), [None, "2024-02-02T21:00:00Z"])
    assert str(moments.dtype) == "datetime64[us, UTC]"
    assert moments[1].isoformat() == "2024-02-02T21:00:00+00:00"
