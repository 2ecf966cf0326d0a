"""Exports: whole or not at all, the same bytes twice, typed, keyed, and harmless."""

import csv
import gc
import io
import json
import sqlite3
import sys
import zipfile

import geojson
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from unit_helpers import read_json

import strikes2024
from strikes2024 import DataError
from strikes2024.export import FORMATS, export
from strikes2024.export.ged_file import COLUMNS
from strikes2024.export.source import escape_formula
from strikes2024.schema import MissingExtraError
from strikes2024.validation import validate

EVIL = "=cmd|' /C calc'!A0"
KINDS = {"s", "inlineStr", "n", "d", "b"}  # every kind of cell but a formula
MARKUP = "<script>alert(1)</script>"


@pytest.fixture
def evil(small):
    """Data whose free text a spreadsheet would run, or a browser."""
    small.rows["claims"][0]["note"] = EVIL
    small.rows["claims"][1]["note"] = MARKUP
    small.rows["events"][1] |= {"title": "@SUM(1)", "summary": "-1+2", "places": "al-asad"}
    return small.write()


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_whole_and_the_same_each_time(small, tmp_path, name):
    form = FORMATS[name]
    places = [tmp_path / day / (form.default + ".zip" * form.folder) for day in "ab"]
    lines = []
    for place in places:
        assert export(name, place, data_dir=small.root, progress=lines.append) == place
    assert places[0].read_bytes() == places[1].read_bytes()
    assert lines
    beside = {"strikes2024.metadata.json"} if name == "sqlite" else set()
    assert {path.name for path in places[0].parent.iterdir()} == {places[0].name} | beside


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_overwritten_without_force(small, tmp_path, name):
    target = tmp_path / "taken.zip"
    target.write_text("mine")
    with pytest.raises(DataError, match=r"taken\.zip exists: use --force"):
        export(name, target, data_dir=small.root)
    assert target.read_text() == "mine"
    export(name, target, data_dir=small.root, force=True)
    assert target.read_bytes() != b"mine"


def test_metadata_beside_a_database_is_not_overwritten_either(small, tmp_path):
    (tmp_path / "a.metadata.json").write_text("mine")
    with pytest.raises(DataError, match=r"a\.metadata\.json exists"):
        export("sqlite", tmp_path / "a.db", data_dir=small.root)
    assert [path.name for path in tmp_path.glob("a.*")] == ["a.metadata.json"]


def test_a_folder_is_replaced_whole(small, tmp_path):
    target = tmp_path / "folder"
    export("csv", target, data_dir=small.root)
    (target / "old.csv").touch()
    export("csv", target, data_dir=small.root, force=True)
    assert not (target / "old.csv").exists()
    with pytest.raises(DataError, match="is a folder of another kind"):
        export("json", target, data_dir=small.root, force=True)


@pytest.mark.parametrize("name", FORMATS)
def test_after_an_error_nothing_is_left(small, tmp_path, name):
    def stop(_line):
        raise KeyboardInterrupt

    target = tmp_path / "out" / "x.zip"
    with pytest.raises(KeyboardInterrupt):
        export(name, target, data_dir=small.root, progress=stop)
    assert list(target.parent.iterdir()) == []
    (small.root / "claims.csv").write_text("")
    with pytest.raises(DataError, match=r"claims\.csv"):
        export(name, target, data_dir=small.root)
    assert list(target.parent.iterdir()) == []


def test_a_place_that_cannot_be_written(small, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match=r"x\.json cannot be written"):
        export("json", tmp_path / "file" / "x.json", data_dir=small.root)


def test_an_unknown_format():
    with pytest.raises(DataError, match=r"no format 'sqlit'; did you mean 'sqlite'\?"):
        export("sqlit")


@pytest.mark.parametrize(("name", "package"), [("parquet", "pyarrow"), ("xlsx", "openpyxl")])
def test_a_missing_package_is_named(small, tmp_path, monkeypatch, name, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=rf"needs {package}: pip install 'strikes2024\[ex"):
        export(name, tmp_path / "x", data_dir=small.root)
    assert not (tmp_path / "x").exists()


def test_csv_of_the_own_data_is_the_data(root, tmp_path):
    folder = export("csv", tmp_path / "csv")
    for path in folder.iterdir():
        assert path.read_bytes() == (root / "data" / path.name).read_bytes()
    assert (folder / "LICENSE.md").is_file()


def test_csv_of_a_directory_is_a_valid_package_again(small, tmp_path):
    assert validate(export("csv", tmp_path / "csv", data_dir=small.root)).ok


def test_json_comes_back_as_the_same_tables(tmp_path):
    tables = strikes2024.load()
    back = read_json(export("json", tmp_path / "all.json"))
    for name in tables:
        pd.testing.assert_frame_equal(back[name], tables[name])
    raw = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert raw["tables"]["events"][0]["countries"] == ["Iraq"]
    assert raw["tables"]["claims"][0]["event"] is None


def test_parquet_has_types_and_descriptions(small, tmp_path):
    folder = export("parquet", tmp_path / "p", data_dir=small.root)
    table = pq.read_table(folder / "claims.parquet")
    assert table.schema.field("low").metadata[b"description"]
    assert table.schema.metadata[b"title"] == b"Claims"
    pd.testing.assert_frame_equal(table.to_pandas(), strikes2024.claims(small.root))


@pytest.fixture
def base(small, tmp_path):
    small.rows["events"][1]["places"] = "al-asad;al-tanf"
    path = export("sqlite", tmp_path / "a.db", data_dir=small.write())
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA foreign_keys = ON")
    yield connection
    connection.close()


def test_sqlite_has_keys_checks_and_indexes(base):
    assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    keys = {row[3]: row[2] for row in base.execute("PRAGMA foreign_key_list(claims)")}
    assert keys["source"] == "sources"
    assert keys["supersedes"] == "claims"
    assert [row[1] for row in base.execute("PRAGMA table_info(claims)") if row[5]] == ["claim_id"]
    assert "claims_by_event" in {row[1] for row in base.execute("PRAGMA index_list(claims)")}
    assert base.execute("SELECT low, high FROM claims WHERE claim_id = 'claim-b'").fetchone() == (
        34.0, None,
    )  # fmt: skip
    assert base.execute("SELECT utc FROM steps").fetchone() == ("2024-02-02T21:30:00Z",)
    for change in (
        "UPDATE claims SET source = 'src-x' WHERE claim_id = 'claim-a'",
        "UPDATE claims SET status = 'fine' WHERE claim_id = 'claim-a'",
        "UPDATE claims SET claimant = NULL WHERE claim_id = 'claim-a'",
        "UPDATE claims SET claim_id = 'claim-b' WHERE claim_id = 'claim-a'",
        "INSERT INTO events_places VALUES ('attack', 'nowhere')",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            base.execute(change)


def test_sqlite_joins_along_lists(base):
    rows = base.execute(
        "SELECT p.name FROM events_places JOIN places p ON p.place_id = places "
        "WHERE event_id = 'attack' ORDER BY 1"
    ).fetchall()
    assert rows == [("Al-Asad",), ("Al-Tanf",)]


def test_metadata_for_datasette_fits_the_database(base, tmp_path):
    raw = json.loads((tmp_path / "a.metadata.json").read_text(encoding="utf-8"))
    tables = raw["databases"]["a"]["tables"]
    names = {row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert set(tables) == names
    for name, about in tables.items():
        columns = {row[1] for row in base.execute(f"PRAGMA table_info({name})")}
        assert about["title"]
        assert set(about.get("columns", columns)) == columns
        assert about.get("label_column", next(iter(columns))) in columns
    assert raw["license_url"].startswith("https://creativecommons.org")


def test_sqlite_refuses_a_dangling_key(small, tmp_path):
    small.change("claims", 2, source="src-x")
    with pytest.raises(DataError, match=r"table claims, row 2: expected keys that sources holds"):
        export("sqlite", tmp_path / "a.db", data_dir=small.root)
    small.change("claims", 2, source="src-a", claim_id="claim-b")
    with pytest.raises(DataError, match=r"UNIQUE constraint failed: claims\.claim_id"):
        export("sqlite", tmp_path / "a.db", data_dir=small.root)
    assert not list(tmp_path.glob("*.db*"))


def test_geojson_is_valid_and_has_every_event(tmp_path):
    text = export("geojson", tmp_path / "e.geojson").read_text(encoding="utf-8")
    collection = geojson.loads(text)
    assert collection.is_valid
    events = strikes2024.events()
    assert [feature["id"] for feature in collection["features"]] == events["event_id"].tolist()
    drawn = [f for f in collection["features"] if f["geometry"]]
    assert drawn
    for feature in drawn:
        for lon, lat in geojson.utils.coords(feature):
            assert -180 <= lon <= 180
            assert -90 <= lat <= 90
    tower = next(f for f in drawn if f["id"] == "tower-22-attack")
    place = strikes2024.places().set_index("place_id").loc["tower-22"]
    assert tower["geometry"]["coordinates"] == [float(place["lon"]), float(place["lat"])]


def read_csv(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_ged_has_its_columns_and_a_blank_is_no_zero(tmp_path):
    rows = read_csv(export("ged", tmp_path / "g.csv"))
    assert tuple(rows[0]) == COLUMNS
    assert len(COLUMNS) == 49
    events = strikes2024.events()
    assert len(rows) == (events["kind"] != "campaign").sum()
    ids = [int(row["id"]) for row in rows]
    assert len(set(ids)) == len(ids)
    assert max(ids) < 0
    by_id = {row["relid"]: row for row in rows}
    tower = by_id["tower-22-attack"]
    assert (tower["date_start"], tower["country"]) == ("2024-01-28", "Jordan")
    assert int(tower["low"]) <= int(tower["best"]) <= int(tower["high"])
    # Claims on these strikes count several countries and groups: no one figure can stand.
    assert by_id["us-strikes-2024-02-02"]["best"] == ""
    assert {row[name] for row in rows for name in ("type_of_violence", "gwnoa")} == {""}
    frame = pd.read_csv(tmp_path / "g.csv", parse_dates=["date_start", "date_end"])
    assert frame["best"].isna().any()
    assert (frame["date_end"] >= frame["date_start"]).all()
    given = frame.dropna(subset=["best"])
    assert ((given["low"] <= given["best"]) & (given["best"] <= given["high"])).all()


def test_formulas_are_harmless_in_csv(evil, tmp_path):
    cells = [
        cell
        for name in ("csv", "flat", "ged")
        for path in [export(name, tmp_path / name, data_dir=evil)]
        for file in (path.glob("*.csv") if path.is_dir() else [path])
        for row in read_csv(file)
        for cell in row.values()
    ]
    assert f"'{EVIL}" in cells
    assert "'@SUM(1)" in cells
    assert MARKUP in cells  # markup is harmless in a table of text, and stays as it was
    for cell in cells:
        number = cell[1:].replace(".", "").isdigit()
        assert cell[:1] not in {"=", "+", "-", "@"} or number, cell


def test_formulas_are_text_in_excel(evil, tmp_path):
    book = openpyxl.load_workbook(export("xlsx", tmp_path / "x.xlsx", data_dir=evil))
    assert book.sheetnames[:2] == ["about", "flat"]
    assert set(strikes2024.load(evil)) < set(book.sheetnames)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= KINDS
    found = [cell for cell in cells if cell.value == EVIL]
    assert found
    assert all(cell.quotePrefix for cell in found)
    claims = book["claims"]
    head = [cell.value for cell in claims[1]]
    row = dict(zip(head, [cell.value for cell in claims[2]], strict=True))
    assert row["low"] == 25
    assert row["stated"].isoformat() == "2024-01-28T00:00:00"
    assert claims.freeze_panes == "B2"


def test_excel_refuses_what_a_cell_cannot_hold(small, tmp_path):
    small.change("claims", 3, note="x" * 32_768)
    with pytest.raises(DataError, match=r"row \d+: field note: expected at most 32,767 characters"):
        export("xlsx", tmp_path / "x.xlsx", data_dir=small.root)
    assert not (tmp_path / "x.xlsx").exists()


@pytest.mark.parametrize("table", ["flat", "events", "claims"])
def test_a_workbook_that_is_given_up_leaves_no_complaint(tmp_path, monkeypatch, table):
    complaints = []
    monkeypatch.setattr("sys.unraisablehook", complaints.append)

    def stop(line):
        if line.startswith(table):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export("xlsx", tmp_path / "x.xlsx", progress=stop)
    gc.collect()
    assert not complaints
    assert not list(tmp_path.iterdir())


def test_a_zip_holds_the_files_alone(small, tmp_path):
    path = export("csv", tmp_path / "t.zip", data_dir=small.root)
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == archive.namelist()
        assert {"claims.csv", "datapackage.json"} < set(archive.namelist())
        assert all("/" not in name for name in archive.namelist())


@given(st.text(max_size=30))
def test_calm_text_is_never_a_formula_and_loses_nothing(text):
    done = escape_formula(text)
    number = done[1:].replace(".", "", 1).replace(",", "", 1).isdigit()
    assert number or not done.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert done == text or done[1:] == text


# Any text that a CSV cell of the data may hold.
CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), min_size=1, max_size=40)


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate],
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(note=CELL, title=CELL)
def test_any_text_survives_every_format(small, tmp_path, note, title):
    small.rows["claims"][0]["note"] = note
    small.rows["events"][1]["title"] = title
    root = small.write()
    for name in FORMATS:
        export(name, tmp_path / f"out-{name}.{name}", data_dir=root, force=True)
    tables = strikes2024.load(root)
    back = read_json(tmp_path / "out-json.json")
    assert back.claims["note"][0] == tables.claims["note"][0] == note
    parquet = pd.read_parquet(tmp_path / "out-parquet.parquet" / "claims.parquet")
    assert parquet["note"][0] == note
    with sqlite3.connect(tmp_path / "out-sqlite.sqlite") as base:
        assert base.execute("SELECT title FROM events WHERE event_id = 'attack'").fetchone() == (
            title,
        )
    base.close()
    features = json.loads((tmp_path / "out-geojson.geojson").read_text(encoding="utf-8"))[
        "features"
    ]
    assert features[1]["properties"]["title"] == title
    book = openpyxl.load_workbook(tmp_path / "out-xlsx.xlsx", read_only=True)
    assert {cell.data_type for row in book["claims"].rows for cell in row} <= KINDS
    book.close()
