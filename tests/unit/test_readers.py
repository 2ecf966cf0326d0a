"""Files in the layouts of UCDP GED and ACLED (synthetic rows) as the same tables."""

import csv

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import strikes2024
from strikes2024 import DataError
from strikes2024.analysis import attacks_by_month, bounds, claim_line, latest
from strikes2024.export.ged_file import COLUMNS as GED
from strikes2024.readers import iter_acled, iter_ged, read_acled, read_ged

ACLED = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type",
    "sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2",
    "interaction", "civilian_targeting", "iso", "region", "country", "admin1", "admin2", "admin3",
    "location", "latitude", "longitude", "geo_precision", "source", "source_scale", "notes",
    "fatalities", "tags", "timestamp",
)  # fmt: skip

GED_ROW = {
    "id": "1001", "relid": "X-1", "year": "2024", "type_of_violence": "1",
    "side_a": "Government of X", "side_b": "Y", "where_prec": "1", "where_coordinates": "A town",
    "adm_1": "North", "latitude": "33.5", "longitude": "44.25", "country": "Xland",
    "date_prec": "1", "date_start": "2024-03-01", "date_end": "2024-03-01", "best": "5",
    "high": "8", "low": "4", "deaths_civilians": "2", "source_headline": "A headline",
    "source_article": "An outlet, 2024-03-02",
}  # fmt: skip
ACLED_ROW = {
    "event_id_cnty": "XLD7", "event_date": "01 March 2024", "year": "2024", "time_precision": "1",
    "event_type": "Explosions/Remote violence", "sub_event_type": "Air/drone strike",
    "actor1": "Military Forces of X", "actor2": "Y", "country": "Xland", "admin1": "North",
    "location": "A town", "latitude": "33.5", "longitude": "44.25", "geo_precision": "1",
    "source": "An outlet", "notes": "A note.", "fatalities": "3",
}  # fmt: skip
READERS = {
    "ged": (read_ged, iter_ged, GED, GED_ROW, "id"),
    "acled": (read_acled, iter_acled, ACLED, ACLED_ROW, "event_id_cnty"),
}
BOTH = pytest.mark.parametrize("layout", READERS)


@pytest.fixture
def write(tmp_path):
    def make(layout, rows, *, encoding="utf-8", columns=None, **form):
        _, _, header, row, _ = READERS[layout]
        path = tmp_path / f"{layout}.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, columns or header, restval="", **form)
            writer.writeheader()
            writer.writerows([row | change for change in rows])
        return path

    return make


@BOTH
def test_tables_have_the_package_s_own_types(write, layout):
    read, _, _, _, key = READERS[layout]
    tables = read(write(layout, [{}, {key: "1002"}]))
    own = strikes2024.load()
    for name in own:
        types = tables[name].dtypes.astype(str)
        assert types.loc[own[name].columns].equals(own[name].dtypes.astype(str)), name
    assert len(tables.events) == 2
    assert len(tables.places) == 1
    assert tables.events["places"].tolist() == tables.places["place_id"].tolist() * 2


def test_ged_values(write):
    tables = read_ged(write("ged", [{}]), stated="2025-06-01")
    event = tables.events.iloc[0]
    assert event["event_id"] == "ucdp-ged-1001"
    assert event["kind"] == "state_based"
    assert event["title"] == "Government of X – Y, A town"
    assert event["start"] == pd.Timestamp("2024-03-01")
    whole, civilians = tables.claims.itertuples()
    assert (whole.low, whole.high, whole.qualifier) == (4, 8, "range")
    assert whole.best == 5
    assert (civilians.low, civilians.victims, civilians.scope) == (2, "civilians", "part")
    assert whole.stated == pd.Timestamp("2025-06-01")
    assert whole.stated_basis == "published"
    place = tables.places.iloc[0]
    assert (place["lat"], place["lon"], place["precision"]) == (33.5, 44.25, "exact")


def test_acled_values_and_a_zero_that_may_mean_not_known(write):
    rows = [{}, {"event_id_cnty": "XLD8", "fatalities": "0", "event_date": "2024-03-02"}]
    tables = read_acled(write("acled", rows), kinds={"Air/drone strike": "us_strike"})
    assert tables.events["kind"].tolist() == ["us_strike"] * 2
    assert tables.events["start"].dt.day.tolist() == [1, 2]
    assert tables.claims["event"].tolist() == ["acled-xld7"]
    assert (tables.claims["low"][0], tables.claims["qualifier"][0]) == (3, "exactly")
    assert tables.claims["stated_basis"][0] == "not_before"


def test_coordinates_of_an_area_are_no_point(write):
    for read, path in (
        (read_ged, write("ged", [{"where_prec": "4"}])),
        (read_acled, write("acled", [{"geo_precision": "3"}])),
    ):
        place = read(path).places.iloc[0]
        assert place[["lat", "lon", "precision"]].isna().all()
        assert "33.5, 44.25" in place["note"]


def test_the_same_data_in_pieces_or_whole(write):
    rows = [{"id": str(n), "where_coordinates": f"Town {n % 3}"} for n in range(10)]
    path = write("ged", rows)
    parts = list(iter_ged(path, rows=3))
    assert [len(part.events) for part in parts] == [3, 3, 3, 1]
    whole = read_ged(path)
    joined = pd.concat([part.events for part in parts], ignore_index=True)
    pd.testing.assert_frame_equal(joined, whole.events)
    assert len(whole.places) == 3
    assert len(whole.sources) == 1
    assert len(whole.actors) == 3


def test_kinds_of_several_pieces_stay_one_category(write):
    kinds = ["Air/drone strike", "Armed clash", "Attack"]
    path = write("acled", [{"event_id_cnty": k[:3], "sub_event_type": k} for k in kinds])
    found = pd.concat([part.events["kind"] for part in iter_acled(path, rows=1)])
    assert found.tolist() == ["air_drone_strike", "armed_clash", "attack"]
    assert str(found.dtype) == "category"


def test_control_characters_become_blanks(write):
    found = read_ged(write("ged", [{"source_headline": "a\x0b\r\n b\u2028", "side_a": "X\x01Y"}]))
    assert found.events["summary"].tolist() == ["a b"]
    assert found.events["title"].tolist() == ["X Y – Y, A town"]


def test_a_choice_of_countries_and_days(write):
    rows = [
        {"id": "1", "country": "A", "date_start": "2024-01-30", "date_end": "2024-02-02"},
        {"id": "2", "country": "A", "date_start": "2024-02-10", "date_end": "2024-02-10"},
        {"id": "3", "country": "B"},
    ]
    path = write("ged", rows)
    tables = read_ged(path, countries=["A"], start="2024-02-01", end="2024-02-05")
    assert tables.events["event_id"].tolist() == ["ucdp-ged-1"]
    assert len(tables.places) == 1
    assert len(read_ged(path, countries=["B"], end="2024-01-01").claims) == 0


@BOTH
def test_a_file_without_rows(write, layout):
    tables = READERS[layout][0](write(layout, []))
    assert len(tables.events) == 0
    assert tables.events.dtypes.astype(str)["start"] == "datetime64[us]"


@BOTH
def test_marks_separators_and_line_ends_of_exports(write, layout):
    read = READERS[layout][0]
    plain = read(write(layout, [{}]))
    for form in (
        dict(encoding="utf-8-sig"),
        dict(delimiter=";"),
        dict(lineterminator="\n"),
        dict(quoting=csv.QUOTE_ALL),
    ):
        assert read(write(layout, [{}], **form)).claims.equals(plain.claims)
    path = write(layout, [{}])
    header, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(header.upper() + "\n" + rest, encoding="utf-8")
    assert read(path).events.equals(plain.events)


@pytest.mark.parametrize(
    ("layout", "row", "message"),
    [
        ("ged", {"best": "5.5"}, "field best: value 5.5: expected a whole number from 0"),
        ("ged", {"best": "-1"}, "field best: value -1: expected a whole number"),
        ("ged", {"latitude": "91"}, "field latitude: value 91: expected a latitude from -90 to 90"),
        ("ged", {"date_start": "2024-02-30"}, "field date_start: value 2024-02-30: expected a d"),
        ("ged", {"date_end": "2024-02-28"}, "field date_end: value 2024-02-28: expected a day not"),
        ("ged", {"where_prec": "9"}, "field where_prec: value 9: expected one of 1, 2, 3, 4"),
        ("ged", {"id": " "}, "field id: value (blank): expected a value"),
        ("ged", {"country": ""}, "field country: value (blank): expected a value"),
        ("ged", {"longitude": "181"}, "field longitude: value 181: expected a longitude"),
        ("ged", {"id": "a;b"}, "field id: value a;b: expected a whole number"),
        ("acled", {"event_id_cnty": "X-1"}, "field event_id_cnty: value X-1: expected letters and"),
        ("acled", {"event_date": "03/01/2024"}, "field event_date: value 03/01/2024: expected a"),
        ("acled", {"fatalities": "many"}, "field fatalities: value many: expected a whole number"),
        ("acled", {"time_precision": "4"}, "field time_precision: value 4: expected one of 1, 2,"),
    ],
)
def test_a_cell_that_does_not_fit_is_named(write, layout, row, message):
    read, _, _, _, key = READERS[layout]
    with pytest.raises(DataError) as error:
        read(write(layout, [{}, {key: "2"} | row]))
    assert f"{layout}.csv row 3: {message}" in str(error.value)
    assert "\n" not in str(error.value)


def test_columns_that_do_not_fit_are_named(write):
    columns = ["fatality" if name == "best" else name for name in GED if name != "country"]
    path = write("ged", [], columns=[name.replace("low", "lowest") for name in columns])
    with pytest.raises(DataError) as error:
        read_ged(path)
    text = str(error.value)
    assert "expected the columns of UCDP GED; missing country" in text
    assert "low (did you mean 'lowest'?)" in text
    assert "columns that do not fit: " in text
    assert "fatality" in text
    assert "lowest" in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected the header row of UCDP GED; the file is empty"),
        (b"\xff\xfe", "expected the header row of UCDP GED; the file is empty"),
        (",".join(GED).encode() + b"\n1,2\n", "row 2: expected 49 cells, one a column; found 2"),
        (",".join(GED).encode() + b'\n"1', "row 2: expected a row in CSV form (unexpected end "),
        (",".join(GED).encode() + b"\n" + b"x" * 200_000, "row 2: expected "),
        (",".join([*GED, "id"]).encode() + b"\n", "expected each column once; found twice: "),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read(tmp_path, content, message):
    path = tmp_path / "ged.csv"
    path.write_bytes(content)
    with pytest.raises(DataError) as error:
        read_ged(path)
    assert message in str(error.value)
    with pytest.raises(DataError, match=r"none\.csv: expected a readable file \(No such file"):
        read_acled(tmp_path / "none.csv")


def test_analysis_and_joins_serve_another_campaign(write):
    rows = [
        {"id": str(n), "date_start": f"2024-0{1 + n % 3}-05", "date_end": f"2024-0{1 + n % 3}-05"}
        for n in range(6)
    ]
    tables = read_ged(write("ged", rows), kinds={"state-based": "attack_on_us_forces"})
    assert attacks_by_month(tables.events)["all"].tolist() == [2, 2, 2]
    line = claim_line(tables.claims, "ucdp-ged-3", "killed")
    assert bounds(latest(line)) == (4, 8)
    assert strikes2024.attacks_per_day(tables)["attacks"].sum() == 6
    full = strikes2024.claims_full(tables)
    assert full["claimant_name"].unique().tolist() == ["Uppsala Conflict Data Program"]
    flat = strikes2024.flat(tables)
    assert flat["figure"].tolist()[:2] == ["4–8", "2"]


def test_a_chart_serves_another_campaign(write):
    from strikes2024 import charts

    chart = charts.deadliest_events(read_ged(write("ged", [{}])))
    assert chart.title
    assert len(chart.frame)


def test_own_events_in_the_layout_of_ged_can_be_read_by_the_reader_s_rules(tmp_path):
    """The two layouts are one: what is written in GED's columns has GED's header."""
    from strikes2024.readers.ged import GED as LAYOUT

    assert set(LAYOUT.wanted) <= set(GED)


@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(
    st.dictionaries(
        st.sampled_from(sorted(GED_ROW)),
        st.one_of(
            st.text(st.characters(codec="utf-8"), max_size=20),
            st.integers().map(str),
            st.dates().map(str),
        ),
        max_size=4,
    )
)
def test_whatever_a_row_holds_it_is_read_or_refused_in_one_line(write, row):
    path = write("ged", [row])
    refusal = ""
    try:
        tables = read_ged(path)
    except DataError as error:
        refusal = str(error)
    if refusal:
        assert "ged.csv" in refusal
        assert "\n" not in refusal
    else:
        assert len(tables.events) == 1
        assert tables.claims["low"].between(0, 1e9).all()
        assert tables.places["lat"].dropna().between(-90, 90).all()
