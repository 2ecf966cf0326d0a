"""Files as re-users bring them, in the layouts of UCDP GED and ACLED; all rows are invented."""

import bz2
import csv
import gzip
import io
import json
import lzma
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import strikes2024
from strikes2024 import DataError
from strikes2024.__main__ import main
from strikes2024.arguments import ArgumentError
from strikes2024.cite import citation
from strikes2024.compare import compare
from strikes2024.describe import describe_tables
from strikes2024.export import export
from strikes2024.export.source import escape_formula, unescape_formula
from strikes2024.readers import iter_ged, read_acled, read_ged, write_tables
from strikes2024.validation import validate

HERE = Path(__file__).parent / "foreign"
FORMAT = "say which it is with --date-format "


def read(name, **options):
    reader = read_ged if name.startswith("ged") else read_acled
    return reader(HERE / name, **options)


def refused(name, **options):
    with pytest.raises(DataError) as error:
        read(name, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "name",
    [
        "ged_times.csv", "ged_codes_as_decimals.csv", "ged_hxl.csv", "ged_repeated.csv",
        "ged_names_of_old.csv", "acled_times.csv", "acled_before_2018.csv",
        "acled_decimal_commas.csv", "acled_quoted.csv", "acled_by_actor.csv",
    ],
)  # fmt: skip
def test_what_has_one_meaning_is_read(name):
    tables = read(name)
    assert len(tables.events) == 1
    assert tables.events["start"].tolist() == [pd.Timestamp("2024-03-01")]
    assert tables.claims["low"].tolist()[0] in {1, 3}
    assert tables.places[["lat", "lon"]].to_numpy().tolist() == [[12.5, -3.25]]
    assert tables.events["date_precision"].tolist() == ["day"]


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("ged_low_above_best.csv", "2 rows with low above best or high below it"),
        ("ged_hxl.csv", "1 row of HXL tags passed over"),
        ("ged_repeated.csv", "1 row like another one, cell for cell: read once"),
        ("acled_by_actor.csv", "2 rows on a further actor of an event"),
        ("acled_quoted.csv", "1 row of blank cells alone passed over"),
        ("acled_day_first.csv", "dates read day first, as 28/06/2024 must be"),
        ("acled_decimal_commas.csv", "decimals stand behind a comma"),
    ],
)
def test_what_was_changed_is_counted_in_a_note(name, note):
    assert note in read(name).sources["note"][0]


def test_low_and_high_span_best_and_the_three_stay_as_they_came():
    tables = read("ged_low_above_best.csv")
    whole = tables.claims[tables.claims["scope"] == "whole"]
    assert whole[["low", "best", "high"]].to_numpy().tolist() == [
        [21, 22, 22],
        [6, 6, 7],
        [5, 6, 7],
    ]
    assert tables.events[["low", "best", "high"]].to_numpy().tolist() == [
        [22, 22, 21], [7, 6, 7], [5, 6, 7],
    ]  # fmt: skip


def test_a_best_that_is_missing_is_no_zero():
    tables = read("ged_best_missing.csv")
    whole = tables.claims.iloc[0]
    assert (whole["low"], whole["high"]) == (1, 3)
    assert pd.isna(whole["best"])


@pytest.mark.parametrize("name", ["ged_area.csv", "acled_province.csv"])
def test_the_position_of_a_province_is_no_point(name):
    tables = read(name)
    assert tables.places[["lat", "lon", "precision"]].isna().all(axis=None)
    assert "12.5, -3.25" in tables.places["note"][0]
    assert tables.events["latitude"].tolist() == [12.5]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("acled_short_dates.csv", "row 2: field event_date: value 5-Aug-24: expected a date of"),
        ("acled_short_dates.csv", f"{FORMAT}'%d-%b-%y'"),
        ("acled_two_digits.csv", f"{FORMAT}'%d-%m-%y' or '%y-%m-%d'"),
        ("acled_two_meanings.csv", f"{FORMAT}'%d/%m/%Y' or '%m/%d/%Y'"),
        ("acled_year_25.csv", "row 3: field event_date: value 0025-03-01: expected a date in 2024"),
        ("ged_without_header.csv", "the header is missing: the first row has 41, XLD-2024-1-41"),
        ("ged_two_versions.csv", "row 4: field id: value 41: expected each event once; row 2 has "),
    ],
)  # fmt: skip
def test_what_has_several_meanings_is_refused_with_the_way_out(name, expected):
    assert expected in refused(name)


@pytest.mark.parametrize(
    ("name", "option", "day"),
    [
        ("acled_short_dates.csv", "%d-%b-%y", "2024-08-05"),
        ("acled_two_digits.csv", "%d-%m-%y", "2019-12-31"),
        ("acled_two_meanings.csv", "%m/%d/%Y", "2024-03-04"),
        ("acled_two_meanings.csv", "%d/%m/%Y", "2024-04-03"),
    ],
)
def test_a_date_format_decides(name, option, day):
    assert read(name, date_format=option).events["start"][0] == pd.Timestamp(day)


def test_day_first_where_one_date_allows_nothing_else():
    days = read("acled_day_first.csv").events["start"].dt.strftime("%Y-%m-%d").tolist()
    assert days == ["2024-04-03", "2024-06-28"]


# Encodings and packages


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encodings_that_show_themselves(tmp_path, encoding):
    text = (HERE / "acled.csv").read_text(encoding="utf-8").replace("Alton", "Ältön")
    path = tmp_path / "acled.csv"
    path.write_bytes(text.encode(encoding))
    assert read_acled(path).places["name"].tolist() == ["Ältön"]


def test_a_byte_of_another_encoding_is_named_with_its_cell(tmp_path):
    text = (HERE / "acled.csv").read_text(encoding="utf-8").replace("Alton", "Ältön")
    path = tmp_path / "acled.csv"
    path.write_bytes(text.encode("cp1252"))
    with pytest.raises(DataError) as error:
        read_acled(path)
    message = str(error.value)
    assert r"row 2: field location: value \xc4lt\xf6n: expected UTF-8 text" in message
    assert "--encoding cp1252" in message
    assert read_acled(path, encoding="cp1252").places["name"].tolist() == ["Ältön"]


def zipped(data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.pdf", b"%PDF")
        archive.writestr("__MACOSX/._a.csv", b"x")
        archive.writestr("data/a.csv", data)
    return out.getvalue()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zipped])
def test_packed_files_whatever_they_are_called(tmp_path, pack):
    path = tmp_path / "download"
    path.write_bytes(pack((HERE / "ged.csv").read_bytes()))
    assert read_ged(path).events.equals(read("ged.csv").events)


def test_an_excel_workbook(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    sheet = book.create_sheet("Data")
    header, *lines = csv.reader((HERE / "acled.csv").open(encoding="utf-8", newline=""))
    sheet.append(["ACLED, invented"])
    sheet.append(header)
    for line in lines:
        row = dict(zip(header, line, strict=True))
        row |= {"event_date": pd.Timestamp("2024-03-01").to_pydatetime(), "fatalities": 3.0,
                "latitude": 12.5, "longitude": -3.25}  # fmt: skip
        sheet.append(list(row.values()))
    path = tmp_path / "acled.xlsx"
    book.save(path)
    tables = read_acled(path)
    assert tables.claims["low"].tolist() == [3]
    assert tables.events["start"].tolist() == [pd.Timestamp("2024-03-01")]
    assert "the header stands in row 2" in tables.sources["note"][0]


def test_an_answer_of_a_publisher_s_interface(tmp_path):
    path = tmp_path / "answer"
    records = rows(HERE / "acled.csv")
    path.write_text(json.dumps({"status": 200, "count": 1, "data": records}), encoding="utf-8")
    assert read_acled(path).events.equals(read("acled.csv").events)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "this is an old Excel workbook (.xls): save it as"),
        (b"PAR1", "this is a Parquet file: write it as CSV"),
        (b"%PDF-1.7", "this is a PDF"),
        (b"\n<!DOCTYPE html><html>", "this is a web page: download the data again, as CSV"),
        (gzip.compress(b"RDX3\nX\n"), "this is a file of R: write it with write.csv()"),
        (gzip.compress(b"id,best\n1,2\n")[:-6], "expected a readable file ("),
        (b'{"id": 1', "expected a CSV file, or JSON that can be read ("),
        (b"PK\x03\x04 broken", "expected a readable file ("),
    ],
    ids=["xls", "parquet", "pdf", "html", "r", "cut-gzip", "cut-json", "cut-zip"],
)
def test_a_file_of_another_kind_is_named(tmp_path, content, expected):
    path = tmp_path / "ged.csv"
    path.write_bytes(content)
    with pytest.raises(DataError) as error:
        read_ged(path)
    assert expected in str(error.value)
    assert str(error.value).startswith(f"{path}: ")


def test_an_archive_of_several_tables(tmp_path):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "x")
        archive.writestr("b.csv", "x")
    with pytest.raises(DataError, match=r"one table in it; found a\.csv, b\.csv: unpack it"):
        read_ged(path)


def test_the_other_layout_is_known(tmp_path):
    with pytest.raises(DataError, match="these are those of the layout acled"):
        read_ged(HERE / "acled.csv")
    with pytest.raises(DataError, match="these are those of the layout ged"):
        read_acled(HERE / "ged.csv")


def test_a_column_with_a_name_of_its_own(tmp_path):
    path = tmp_path / "ged.csv"
    text = (HERE / "ged.csv").read_text(encoding="utf-8")
    path.write_text(text.replace(",best,", ",Dead (central),"), encoding="utf-8")
    with pytest.raises(DataError, match=r"missing best.*--column NAME=HEADER names one"):
        read_ged(path)
    assert read_ged(path, columns={"best": "Dead (central)"}).claims["best"][0] == 10


# Numbers


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1,234", 1234), ("1 234", 1234), ("1\u00a0234", 1234), ("12.0", 12), ("7", 7), ("NA", None),
     ("1'234'567", 1234567)],
)  # fmt: skip
def test_numbers_of_one_meaning(tmp_path, cell, value):
    path = changed(tmp_path, "ged.csv", best=cell, low=cell, high=cell)
    claims = read_ged(path).claims
    whole = claims[(claims["scope"] == "whole") & (claims["event"] == "ucdp-ged-41")]
    assert whole["best"].tolist() == ([] if value is None else [value])


@pytest.mark.parametrize("cell", ["1.234", "1,234"])
def test_a_number_of_two_meanings_beside_decimal_commas(tmp_path, cell):
    path = changed(tmp_path, "ged.csv", latitude="12,5", best=cell, high="2000")
    with pytest.raises(
        DataError, match=r"two meanings in a file with decimal commas; --decimal \. or , decides"
    ):
        read_ged(path)
    if cell == "1,234":
        assert read_ged(path, decimal=".").claims["best"][0] == 1234


def changed(tmp_path, name, **cells):
    path = tmp_path / name
    lines = rows(HERE / name)
    lines[0] |= cells
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)
    return path


# Nothing is dropped


def test_every_column_of_the_publisher_is_kept():
    tables = read("ged.csv")
    for name, cells in pd.read_csv(HERE / "ged.csv").items():
        assert tables.events[name].tolist() == cells.tolist()
    assert str(tables.events["deaths_b"].dtype) == "Int64"
    assert tables.places[["admin1", "admin2"]].to_numpy().tolist() == [["North", "Hills"]]


def test_sides_are_actors():
    tables = read("ged.csv")
    assert tables.actors.set_index("name")["kind"].to_dict() == {
        "Uppsala Conflict Data Program": "organisation", "Government of Xland": "state",
        "Front": "armed_group", "Civilians": "unnamed",
    }  # fmt: skip
    sides = strikes2024.events_actors(tables).set_index(["event_id", "role"])["actor_name"]
    assert sides["ucdp-ged-42", "side_a"] == "Government of Xland"
    assert sides["ucdp-ged-42", "side_b"] == "Civilians"


def test_all_actors_of_an_event_with_several_rows():
    sides = strikes2024.events_actors(read("acled_by_actor.csv"))
    assert sides.groupby("role", observed=True)["actor_name"].agg(list).to_dict() == {
        "side_a": ["Scouts of the East", "Peace Mission"], "side_b": ["Front"],
    }  # fmt: skip
    associated = strikes2024.events_actors(read("acled.csv"))
    assert associated["actor_name"].tolist() == [
        "Military Forces of Xland",
        "Guard",
        "Scouts",
        "Front",
    ]
    assert associated["actor_kind"].tolist()[0] == "state_force"


@pytest.mark.parametrize(
    "name", ["ged.csv", "ged_low_above_best.csv", "ged_best_missing.csv", "ged_times.csv",
             "ged_names_of_old.csv", "ged_codes_as_decimals.csv"]
)  # fmt: skip
def test_what_came_in_comes_out_and_adds_nothing_when_stacked(tmp_path, name):
    own = write_tables("ged", HERE / name, tmp_path / "own")
    assert validate(own).ok
    out = export("ged", tmp_path / "out.csv", data_dir=own)
    assert rows(out) == sorted(rows(HERE / name), key=lambda row: next(iter(row.values())))
    both = read_ged([HERE / name, out])
    assert both.events.equals(read(name).events)
    assert "replaced" not in both.sources["note"][0]
    stacked = tmp_path / "stacked.csv"
    text = (HERE / name).read_text(encoding="utf-8")
    stacked.write_text(text + out.read_text(encoding="utf-8").split("\n", 1)[1], encoding="utf-8")
    assert read_ged(stacked).events.equals(read(name).events)


def test_the_own_record_in_ged_s_columns_reads_again(tmp_path):
    path = export("ged", tmp_path / "own.csv")
    tables = read_ged(path)
    assert set(tables.events["relid"]) < set(strikes2024.events()["event_id"])
    assert len(tables.events) == len(rows(path))


def test_the_later_file_wins_and_changes_are_counted(tmp_path):
    own = tmp_path / "own"
    lines = []
    files = [HERE / "ged.csv", HERE / "ged_candidate.csv"]
    write_tables("ged", files, own, progress=lines.append)
    events = strikes2024.events(own).set_index("id")["best"]
    assert events.to_dict() == {41: 10, 42: 8, 43: 1}
    text = "\n".join(lines)
    assert "1 row of ged.csv replaced by ged_candidate.csv, which has other values" in text
    assert "1 row like another one, cell for cell: read once" in text
    assert "replaced by" in strikes2024.sources(own)["note"][0]
    assert validate(own).ok
    turned = read_ged(files[::-1]).events.set_index("id")["best"]
    assert turned[42] == 3


def test_geojson_has_the_dead(tmp_path):
    own = write_tables("ged", HERE / "ged.csv", tmp_path / "own")
    features = json.loads(export("geojson", tmp_path / "x", data_dir=own).read_text())["features"]
    dead = features[0]["properties"]
    assert [dead[f"killed_{end}"] for end in ("low", "best", "high")] == [5, 10, 20]
    assert dead["dyad_name"] == "Government of Xland - Front"
    unknown = write_tables(
        "acled", changed(tmp_path, "acled.csv", fatalities="0"), tmp_path / "none"
    )
    (feature,) = json.loads(export("geojson", tmp_path / "y", data_dir=unknown).read_text())[
        "features"
    ]
    assert feature["properties"]["killed_low"] is None


def test_a_directory_has_the_citation_of_its_publisher(tmp_path, capsys):
    own = write_tables("ged", HERE / "ged.csv", tmp_path / "own")
    assert main(["cite", "--data", str(own)]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Uppsala Conflict Data Program (n.d.): UCDP Georeferenced Event Dataset")
    assert (
        "Introducing the UCDP Georeferenced Event Dataset. Journal of Peace Research 50(4)" in text
    )
    assert main(["cite", "bibtex", "--data", str(own)]) == 0
    assert "@article{sundberg2013," in capsys.readouterr().out


# Rejects


def test_rows_that_cannot_be_read_go_to_a_file_and_the_others_are_read(tmp_path):
    text = (HERE / "ged.csv").read_text(encoding="utf-8")
    lines = text.splitlines()
    bad = [lines[1].replace("41", "50", 1).replace("2024-03-01", "2024-03-32", 1),
           lines[1].replace("41", "51", 1) + ",more",
           lines[1].replace("41", "52", 1).replace("12.5", "95"),
           lines[1].replace("41", "53", 1),
           lines[1].replace("41", "53", 1).replace("20", "21")]  # fmt: skip
    path, rejects, own = tmp_path / "ged.csv", tmp_path / "rejects.csv", tmp_path / "own"
    path.write_text("\n".join([*lines, *bad]) + "\n", encoding="utf-8")
    said = []
    write_tables("ged", path, own, rejects=rejects, progress=said.append)
    assert strikes2024.events(own)["id"].tolist() == [41, 42]
    found = {row["reject_row"]: row["reject_reason"] for row in rows(rejects)}
    assert found["4"] == (
        "field date_start: value 2024-03-32: expected a date (2020-05-28 or 28 May 2020); "
        "--date-format names another form"
    )
    assert found["5"].startswith("expected 26 cells, one a column; found 27")
    assert found["6"] == "field latitude: value 95: expected a latitude from -90 to 90"
    assert "row 8 has the same id" in found["7"]
    assert "row 7 has the same id" in found["8"]
    assert any("5 rows that cannot be read: see" in line for line in said)
    mended = rejects.read_text(encoding="utf-8").replace("2024-03-32", "2024-03-01")
    rejects.write_text(mended, encoding="utf-8")
    again = tmp_path / "again.csv"
    assert read_ged(rejects, rejects=again).events["id"].tolist() == [50]
    assert [row["reject_row"] for row in rows(again)] == ["3", "4", "5", "6"]
    with pytest.raises(DataError, match="exists: use --force"):
        read_ged(path, rejects=rejects)


# Arguments


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"countries": "Xland"}, "countries: expected a list, such as ['Xland']; found 'Xland'"),
        ({"countries": ["xland"]}, "there is no 'xland' in the files; did you mean 'Xland'?"),
        ({"countries": ["XLAND"]}, "did you mean 'Xland'?"),
        ({"countries": ["Utopia"]}, "there is no 'Utopia' in the files; there are Xland"),
        ({"kinds": {"nonsense": "raid"}}, "kinds: there is no 'nonsense' in the files"),
        ({"kinds": {"One-sided": "raid"}}, "did you mean 'one-sided'?"),
        ({"kinds": {"one-sided": "A raid"}}, "'A raid': expected a kind like_this"),
        ({"start": "05/08/2024"}, "start '05/08/2024': expected a day, such as '2024-02-03'"),
        ({"start": "2024-05-01", "end": "2024-04-01"}, "end (2024-04-01) is before start (2024-05"),
        ({"date_format": "%Y"}, "expected a format with day, month and year, such as %d/%m/%Y"),
        ({"encoding": "cp1552"}, "there is no encoding 'cp1552'; did you mean 'cp1252'?"),
        ({"decimal": ";"}, "decimal: ';': expected '.' or ','"),
        ({"columns": {"bst": "x"}}, "columns: there is no 'bst' in UCDP GED; did you mean 'best'?"),
        ({"country": ["Xland"]}, "options: there is no 'country'; did you mean 'countries'?"),
    ],
)  # fmt: skip
def test_an_argument_without_a_meaning(options, message):
    for call in (read_ged, lambda path, **given: list(iter_ged(path, **given))):
        with pytest.raises(ArgumentError) as error:
            call(HERE / "ged.csv", **options)
        assert isinstance(error.value, (DataError, ValueError))
        assert message in str(error.value)


@given(st.text(max_size=30))
def test_what_was_made_harmless_can_be_read_again(text):
    assert unescape_formula(escape_formula(text)) == text


# Files as they come from one hand or another


GED_CELLS = {
    "id": "1", "year": "2024", "type_of_violence": "1", "side_a": "Government of X", "side_b": "Y",
    "where_prec": "1", "latitude": "12.5", "longitude": "-3.25",
    "geom_wkt": "POINT (-3.25 12.5)", "country": "Xland", "date_prec": "1",
    "date_start": "2024-03-01", "date_end": "2024-03-01", "deaths_civilians": "1", "best": "3",
    "high": "4", "low": "2",
}  # fmt: skip


def ged_of(folder, *changes, delimiter=","):
    path = folder / "made.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, GED_CELLS, delimiter=delimiter)
        writer.writeheader()
        writer.writerows([GED_CELLS | change for change in changes])
    return path


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ({"year": "1985", "date_start": "1985-01-01", "date_end": "1985-01-01"},
         "1 row of a day before 1989"),
        ({"latitude": "0", "longitude": "0", "geom_wkt": "POINT (0 0)"}, "1 row at 0 degrees"),
        ({"longitude": ""}, "1 row with a latitude or a longitude alone"),
        ({"deaths_civilians": "5"}, "1 row with more civilians killed"),
    ],
)  # fmt: skip
def test_what_looks_wrong_and_has_one_meaning_is_counted(tmp_path, change, note):
    assert note in read_ged(ged_of(tmp_path, change)).sources["note"][0]
    assert "1 row" not in read_ged(ged_of(tmp_path, {})).sources["note"][0]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"year": "2224", "date_start": "2224-01-01", "date_end": "2224-01-01"}, "1900 to 2100"),
        ({"year": "20x4"}, "expected a date in 20x4, which the field year gives"),
        ({"latitude": "-3.25", "longitude": "12.5"},
         "the latitude of geom_wkt (12.5); the longitude stands here: --column latitude=longitude"),
        ({"date_start": "45352"}, ("--date-format excel takes it for a spreadsheet's number of a "
         "day (2024-03-01)")),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_way_out(tmp_path, change, expected):
    with pytest.raises(DataError) as error:
        read_ged(ged_of(tmp_path, change))
    assert expected in str(error.value)
    assert "made.csv row 2: field " in str(error.value)


def test_the_way_out_leads_out(tmp_path):
    swapped = ged_of(tmp_path, {"latitude": "-3.25", "longitude": "12.5"})
    tables = read_ged(swapped, columns={"latitude": "longitude", "longitude": "latitude"})
    assert tables.places[["lat", "lon"]].to_numpy().tolist() == [[12.5, -3.25]]
    serial = ged_of(tmp_path, {"date_start": "45352", "date_end": "45353.5"})
    event = read_ged(serial, date_format="excel").events.iloc[0]
    assert f"{event['start']:%m-%d} {event['end']:%m-%d}" == "03-01 03-02"


@pytest.mark.parametrize(
    ("decimal", "cell", "best"), [(",", "1.234", 1234), (".", "1,234", 1234), (None, "1,234", 1234)]
)
def test_the_named_mark_decides_what_parts_thousands(tmp_path, decimal, cell, best):
    change = {"best": cell, "high": "2000"}
    if decimal == ",":
        change |= {"latitude": "12,5", "longitude": "-3,25"}
    path = ged_of(tmp_path, change, delimiter=";")
    tables = read_ged(path, decimal=decimal)
    assert tables.claims["best"][0] == best
    assert tables.places["lat"][0] == 12.5


def test_ids_are_numbers_however_they_are_written(tmp_path):
    path = ged_of(tmp_path, {"id": "0012"}, {"id": "12", "best": "4"})
    with pytest.raises(DataError, match="row 2 has the same id and other values"):
        read_ged(path)


def test_a_header_in_the_middle_is_passed_over(tmp_path):
    path = ged_of(tmp_path, {})
    second = ged_of(tmp_path, {}, {"id": "2"}).read_text(encoding="utf-8")
    path.write_text(second + second.splitlines()[0] + "\n", encoding="utf-8")
    tables = read_ged(path)
    assert len(tables.events) == 2
    assert "1 row of the header again passed over" in tables.sources["note"][0]


def test_a_page_of_an_answer_says_that_it_is_one(tmp_path):
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"TotalPages": 3, "Result": [GED_CELLS]}), encoding="utf-8")
    assert "page.json: one of 3 pages of an answer" in read_ged(path).sources["note"][0]
    path.write_text(json.dumps({"status": 401, "error": "Access denied"}), encoding="utf-8")
    with pytest.raises(DataError, match="this JSON has status: 401, error: Access denied"):
        read_ged(path)


def test_half_a_character_of_json_is_read(tmp_path):
    path = tmp_path / "half.json"
    path.write_text(json.dumps([GED_CELLS | {"side_b": "Y\ud800"}]), encoding="utf-8")
    write_tables("ged", path, tmp_path / "own")
    assert "Y?" in strikes2024.load(tmp_path / "own").actors["name"].tolist()


def test_a_workbook_of_two_sheets_says_which_is_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "2023"
    sheets = [book.active, book.create_sheet("2024")]
    for n, sheet in enumerate(sheets, start=1):
        sheet.append(list(GED_CELLS))
        for at in range(n):
            sheet.append([*(GED_CELLS | {"id": f"{n}{at}"}).values()])
    book.save(tmp_path / "two.xlsx")
    note = read_ged(tmp_path / "two.xlsx").sources["note"][0]
    assert "two.xlsx: the sheet 2024 is read, not 2023" in note


def test_a_text_beside_the_table_in_an_archive_is_passed_over(tmp_path):
    path = ged_of(tmp_path, {})
    with zipfile.ZipFile(tmp_path / "release.zip", "w") as archive:
        archive.write(path, "GEDEvent.csv")
        archive.writestr("readme.txt", "Read me")
    assert len(read_ged(tmp_path / "release.zip").events) == 1


def test_text_like_a_formula_comes_back_unchanged(tmp_path):
    path = ged_of(tmp_path, {"side_b": "@front", "country": "=X"})
    own, again = tmp_path / "own", tmp_path / "again.csv"
    write_tables("ged", path, own)
    export("ged", again, data_dir=own)
    write_tables("ged", again, tmp_path / "own2")
    for name in ("events.csv", "actors.csv", "claims.csv", "places.csv"):
        assert (own / name).read_bytes() == (tmp_path / "own2" / name).read_bytes()


def test_only_a_header(tmp_path, capsys):
    assert main(["read", "ged", str(ged_of(tmp_path)), "--to", str(tmp_path / "own")]) == 1
    assert "no event to read: there is no row below the header" in capsys.readouterr().err


def test_a_row_that_ends_the_reading_names_the_option_that_goes_on(tmp_path, capsys):
    path = ged_of(tmp_path, {"best": "x"})
    assert main(["read", "ged", str(path), "--to", str(tmp_path / "own")]) == 1
    assert "(--rejects FILE puts rows" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": {"best": "nope"}}, "columns: there is no 'nope' in the header"),
        ({"countries": []}, "countries: expected one or more"),
        ({"start": 20240301}, "start 20240301: expected a day"),
    ],
)
def test_arguments_without_a_meaning_are_refused(tmp_path, options, message):
    with pytest.raises(ArgumentError, match=message):
        read_ged(ged_of(tmp_path, {}), **options)


@pytest.mark.parametrize("rows", [0, -1, "5"])
def test_pieces_have_at_least_a_row(tmp_path, rows):
    with pytest.raises(ArgumentError, match="rows: expected a whole number from 1"):
        list(iter_ged(ged_of(tmp_path, {}), rows=rows))


def test_a_list_of_files_has_one():
    with pytest.raises(ArgumentError, match="path: expected a file"):
        read_ged([])


def test_directories_may_be_named_by_text(tmp_path):
    own = str(write_tables("ged", ged_of(tmp_path, {}), tmp_path / "own"))
    assert validate(own).ok
    assert describe_tables(own).set_index("table")["rows"]["events"] == 1
    assert "Uppsala" in citation("text", own)
    assert compare(own, own).same


def test_three_versions_of_an_event_are_put_aside_once_each(tmp_path):
    path = ged_of(tmp_path, {}, {"best": "4"}, {"id": "2"}, {"best": "2"})
    rejects = tmp_path / "rejects.csv"
    assert read_ged(path, rejects=rejects).events["id"].tolist() == [2]
    assert [row["reject_row"] for row in rows(rejects)] == ["2", "3", "5"]


def test_an_event_that_returns_to_its_first_values_has_them(tmp_path):
    names = ["one.csv", "two.csv", "three.csv"]
    for name, best in zip(names, ["3", "4", "3"], strict=True):
        ged_of(tmp_path, {"best": best}).rename(tmp_path / name)
    tables = read_ged([tmp_path / name for name in names])
    assert tables.events["best"].tolist() == [3]
    assert "1 row of two.csv replaced by three.csv" in tables.sources["note"][0]
