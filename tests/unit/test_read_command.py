"""Somebody else's file becomes a data directory: whole or not at all, and as good as one's own."""

import csv
import sqlite3

import pandas as pd
import pytest

import strikes2024
from strikes2024 import DataError, analysis, charts
from strikes2024.__main__ import main
from strikes2024.charts.chart import NothingToDrawError
from strikes2024.export import FORMATS, export
from strikes2024.export.ged_file import COLUMNS
from strikes2024.readers import read_acled, read_ged, write_tables
from strikes2024.validation import validate

EVIL = "=cmd|' /C calc'!A0"
GED = {
    "type_of_violence": "1", "side_a": "Government of X", "side_b": "Y", "where_prec": "1",
    "adm_1": "North", "longitude": "44.25", "country": "Xland", "date_prec": "1", "best": "5",
    "high": "8", "low": "4", "deaths_civilians": "2", "source_headline": "A headline",
    "source_article": "An outlet, 2024-03-02",
}  # fmt: skip
ACLED = {
    "time_precision": "1", "event_type": "Explosions/Remote violence", "actor1": "Forces of X",
    "sub_event_type": "Air/drone strike", "actor2": "Y", "country": "Xland", "admin1": "North",
    "latitude": "33.5", "longitude": "44.25", "geo_precision": "1", "source": "An outlet",
    "notes": "A note.", "fatalities": "3",
}  # fmt: skip


def save(path, columns, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def days(n):
    return f"2024-{1 + n % 6:02}-{1 + n % 28:02}"


@pytest.fixture
def ged(tmp_path):
    rows = [
        GED
        | {
            "id": str(n), "type_of_violence": str(1 + n % 3), "date_start": days(n),
            "date_end": days(n), "where_coordinates": f"Town {n % 5}",
            "latitude": str(33 + n % 5 / 4), "best": str(n + 4), "low": str(n),
            "high": str(2 * n + 4),
        }
        for n in range(40)
    ]  # fmt: skip
    return save(tmp_path / "ged.csv", COLUMNS, rows)


@pytest.fixture
def acled(tmp_path):
    rows = [
        ACLED
        | {
            "event_id_cnty": f"XLD{n}", "event_date": days(n), "location": f"Town {n % 5}",
            "fatalities": str(n % 7),
        }
        for n in range(40)
    ]  # fmt: skip
    return save(tmp_path / "acled.csv", list(rows[0]), rows)


@pytest.fixture(params=["ged", "acled"])
def foreign(request, tmp_path):
    """The tables of a foreign file, read, written and loaded again."""
    path = request.getfixturevalue(request.param)
    label = {"ged": "state-based", "acled": "Air/drone strike"}[request.param]
    kinds = {label: "us_strike"}
    return strikes2024.load(write_tables(request.param, path, tmp_path / "own", kinds=kinds))


def run(capsys, *args):
    code = main([str(arg) for arg in args])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(("layout", "read"), [("ged", read_ged), ("acled", read_acled)])
def test_what_is_written_loads_as_what_was_read(layout, read, request, tmp_path):
    path = request.getfixturevalue(layout)
    folder = write_tables(layout, path, tmp_path / "own")
    assert str(validate(folder)).startswith("OK: 17 tables")
    loaded, whole = strikes2024.load(folder), read(path)
    for name in whole:
        key = whole[name].columns[0]
        wanted = whole[name].sort_values(key, ignore_index=True)
        if name == "events":
            kinds = loaded.events["kind"].cat.categories
            wanted["kind"] = wanted["kind"].cat.set_categories(kinds)
        pd.testing.assert_frame_equal(loaded[name], wanted)


def test_every_command_takes_the_directory(ged, tmp_path, capsys):
    own = tmp_path / "own"
    code, out, err = run(capsys, "read", "ged", ged, "--to", own, "--kind", "one-sided=raid",
                         "--country", "Xland", "--start", "2024-02-01", "--end", "2024-05-31",
                         "--stated", "2025-06-01")  # fmt: skip
    assert (code, out, err) == (0, f"{own}\n", "ged.csv: 27 events\n")
    assert set(strikes2024.events(own)["kind"]) == {"state_based", "non_state", "raid"}
    assert set(strikes2024.claims(own)["stated"]) == {pd.Timestamp("2025-06-01")}
    assert run(capsys, "validate", own)[0] == 0
    assert "2024-02-02  2024-05-" in run(capsys, "describe", "--data", own)[1]
    assert run(capsys, "cite", "--data", own)[1].startswith("Uppsala Conflict Data Program (n.d.)")
    assert "version" not in run(capsys, "cite", "--data", own)[1]
    assert "own" in run(capsys, "cite", "bibtex", "--data", own)[1]
    for name in FORMATS:
        assert export(name, tmp_path / f"out.{name}", data_dir=own).exists()
    with sqlite3.connect(tmp_path / "out.sqlite") as base:
        assert base.execute("SELECT count(*) FROM claims").fetchone()[0] > 27
    base.close()


def test_nothing_is_overwritten_lost_or_half_written(ged, tmp_path, capsys):
    own = tmp_path / "own"
    read = ["read", "ged", ged, "--quiet", "--to"]
    assert run(capsys, *read, own) == (0, f"{own}\n", "")
    before = {path.name: path.read_bytes() for path in own.iterdir()}
    assert run(capsys, *read, own) == (
        1, "", f"strikes2024: {own} exists: use --force (or force=True) to replace it\n",
    )  # fmt: skip
    broken = ged.with_name("broken.csv")
    text = ged.read_text(encoding="utf-8")
    broken.write_text(text.replace("2024-05-11", "2024-05-32", 1), encoding="utf-8")
    code, out, err = run(capsys, "read", "ged", broken, "--force", "--to", own)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "field date_start: value 2024-05-32: expected a date" in err
    assert {path.name: path.read_bytes() for path in own.iterdir()} == before
    assert run(capsys, *read, own, "--force")[0] == 0
    assert {path.name for path in tmp_path.iterdir()} == {"ged.csv", "broken.csv", "own"}


def test_force_replaces_tables_alone(ged, tmp_path):
    for name in ("photos", "thesis.docx"):
        dear = tmp_path / f"dear-{name}"
        (dear / name).mkdir(parents=True)
        with pytest.raises(DataError, match=rf"holds {name}, which no export wrote: remove it"):
            write_tables("ged", ged, dear, force=True)
        assert (dear / name).exists()
    with pytest.raises(DataError, match=r"holds ged\.csv itself: name another directory"):
        write_tables("ged", ged, tmp_path, force=True)
    assert ged.exists()


def test_an_event_given_twice(ged, tmp_path):
    text = ged.read_text(encoding="utf-8").splitlines(keepends=True)
    ged.write_text("".join([*text, text[1].replace("Town 0", "Town 9")]), encoding="utf-8")
    with pytest.raises(DataError, match=r"row 42: .* expected each event once; row 2 has the same"):
        write_tables("ged", ged, tmp_path / "own")
    assert [path.name for path in tmp_path.iterdir()] == ["ged.csv"]


def test_a_formula_from_elsewhere_is_harmless_in_the_files(tmp_path):
    row = GED | {"id": "1", "date_start": days(1), "date_end": days(1), "latitude": "33"}
    path = save(tmp_path / "ged.csv", COLUMNS, [row | {"source_headline": EVIL, "side_a": EVIL}])
    own = write_tables("ged", path, tmp_path / "own")
    assert strikes2024.events(own)["summary"].tolist() == [f"'{EVIL}"]
    for file in own.glob("*.csv"):
        for line in csv.reader(file.read_text(encoding="utf-8").splitlines()):
            assert not [cell for cell in line if cell.startswith(("=", "@", "+"))]


def test_a_text_that_would_not_load_again_is_refused(tmp_path):
    row = GED | {"id": "1", "date_start": days(1), "date_end": days(1), "latitude": "33"}
    long = {"side_a": "a" * 70_000, "side_b": "b" * 70_000}  # both go into the title
    path = save(tmp_path / "ged.csv", COLUMNS, [row | long])
    with pytest.raises(DataError, match="expected cells of at most 131,072 characters"):
        write_tables("ged", path, tmp_path / "own")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["gde", "x.csv", "--to", "y"], "did you mean 'ged'?"),
        (["ged", "x.csv"], "the following arguments are required: --to"),
        (["ged", "x.csv", "--to", "y", "--kind", "x"], "'x': expected LABEL=KIND"),
        (["ged", "x.csv", "--to", "y", "--column", "x="], "'x=': expected NAME=HEADER"),
    ],
)
def test_wrong_usage(capsys, args, message):
    with pytest.raises(SystemExit) as stop:
        main(["read", *args])
    assert stop.value.code == 2
    assert message in capsys.readouterr().err


def test_a_day_that_is_none(capsys):
    assert main(["read", "ged", "x.csv", "--to", "y", "--start", "May"]) == 2
    assert "start 'May': expected a day, such as '2024-02-03'" in capsys.readouterr().err


def test_files_that_do_not_fit(ged, tmp_path, capsys):
    own = tmp_path / "own"
    for file, layout, message in (
        (ged, "acled", "these are those of the layout ged"),
        (tmp_path / "none.csv", "ged", "none.csv: expected a readable file (No such file"),
    ):
        code, out, err = run(capsys, "read", layout, file, "--to", own)
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert message in err
    code, out, err = run(capsys, "read", "ged", ged, "--to", own, "--end", "1999-12-31")
    assert (code, out) == (1, "")
    assert err.endswith("ged.csv: no event is left of the countries and days asked for\n")
    with pytest.raises(DataError, match="there is no layout 'GED'; did you mean 'ged'"):
        write_tables("GED", ged, own)
    assert not own.exists()


def test_analysis_serves_another_campaign(foreign):
    t = foreign
    a_day = str(t.events["end"].iloc[20])[:10]
    assert 0 < len(analysis.as_of(t, a_day).events) < 40
    event = t.claims["event"].iloc[-1]
    estimate = analysis.estimate(t.claims, t.actors, t.sources, event, "killed")
    own = t.claims[(t.claims["event"] == event) & (t.claims["scope"] == "whole")].iloc[0]
    assert (estimate.low, estimate.high) == (own["low"], own["high"])
    assert len(analysis.explain(t, event)) > 0
    deaths = analysis.deaths_by_event(t.claims)
    whole = t.claims[t.claims["scope"] == "whole"]
    assert deaths["other_high"].sum() == whole["high"].sum()
    strikes = analysis.killed_by_strikes(t.events, t.claims)
    assert len(strikes) == (t.events["kind"] == "us_strike").sum() > 0
    assert analysis.single_source(t.claims)["share"].iloc[0] == 1
    precision = analysis.date_precision(t.events, t.claims).set_index("precision")["rows"]
    assert precision.to_dict() == {"day": 40, "not_before": len(t.claims)}
    assert analysis.stated_delay(t.claims, t.events).empty  # the days of statement are unknown
    stretch = pd.DataFrame({"start": [t.events["start"].min()], "end": [t.events["end"].max()]})
    assert analysis.dispersion(t.events["start"], stretch)["events"].tolist() == [40]


def test_charts_serve_another_campaign(foreign):
    for name in charts.GENERAL:
        chart = getattr(charts, name)(foreign)
        assert chart.svg().startswith("<svg")
        assert len(chart.table()) > 0
        assert "CC BY" not in chart.credit
        assert {source.source_id for source in chart.sources} < {"ucdp-ged", "acled"}
    # The others are about this campaign, and say so in one sentence.
    for name in set(charts.__all__) - {"Chart", "GENERAL", *charts.GENERAL}:
        with pytest.raises(NothingToDrawError, match=f"^{name} cannot be drawn from these tables"):
            getattr(charts, name)(foreign)
