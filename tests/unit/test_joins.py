"""Joins of the tables, and friendly errors for names that do not exist."""

import copy
import pickle

import pandas as pd
import pytest

import strikes2024


@pytest.fixture
def tables(small):
    small.rows["events"][1] |= {"places": "al-asad;al-tanf", "targets": "centcom"}
    small.rows["attributions"].append(
        small.rows["attributions"][0]
        | {"attribution_id": "deny", "actor": "pentagon", "stance": "denies"}
    )
    small.write()
    return strikes2024.load(small.root)


def test_events_places(tables):
    pairs = strikes2024.events_places(tables)
    assert pairs["event_id"].tolist() == ["answer", "attack", "attack"]
    assert pairs["place_name"].tolist() == [pd.NA, "Al-Asad", "Al-Tanf"]
    assert pairs["lat"].tolist() == [pd.NA, 33.8, pd.NA]
    assert pairs["lat"].dtype == "Float64"


def test_events_actors(tables):
    pairs = strikes2024.events_actors(tables)
    rows = pairs[["event_id", "role", "actor_name", "stance", "claimant_name"]]
    assert rows.astype("object").where(rows.notna(), None).to_numpy().tolist() == [
        ["attack", "target", "CENTCOM", None, None],
        ["attack", "attributed", "CENTCOM", "accuses", "Pentagon"],
        ["attack", "attributed", "Pentagon", "denies", "Pentagon"],
    ]


def test_events_full_names_the_accused_but_not_who_denies(tables):
    full = strikes2024.events_full(tables).set_index("event_id")
    assert full.loc["attack", "place_names"] == "Al-Asad; Al-Tanf"
    assert full.loc["attack", "target_names"] == "CENTCOM"
    assert full.loc["attack", "attributed_to"] == "CENTCOM"
    assert (full.loc["attack", "lat"], full.loc["attack", "lon"]) == (33.8, 42.4)
    assert full.loc["answer", ["place_names", "attributed_to", "lat"]].isna().all()


def test_attacks_per_day_counts_each_day_once(small):
    small.add("events", 3, event_id="attack-2", start="2024-01-28", us_confirmed="yes")
    small.add("events", 3, event_id="attack-3", start="2024-01-31", end="2024-01-31",
              us_confirmed="")  # fmt: skip
    small.add("events", 3, event_id="attack-4", start="2024-01-30", date_precision="approx")
    days = strikes2024.attacks_per_day(strikes2024.load(small.root))
    assert days["date"].dt.strftime("%d").tolist() == ["28", "29", "30", "31"]
    assert days["attacks"].tolist() == [2, 0, 0, 1]
    assert days["us_confirmed"].tolist() == [2, 0, 0, 0]
    assert days.dtypes.astype(str).tolist() == ["datetime64[us]", "Int64", "Int64"]


def test_attacks_per_day_within_days_and_without_any(tables):
    days = strikes2024.attacks_per_day(tables, start="2024-01-27", end="2024-01-29")
    assert days["attacks"].tolist() == [0, 1, 0]
    none = strikes2024.attacks_per_day(tables, kinds=["raid"])
    assert (len(none), str(none["attacks"].dtype)) == (0, "Int64")
    with pytest.raises(ValueError, match=r"end \(2024-01-01\) is before start \(2024-01-28\)"):
        strikes2024.attacks_per_day(tables, end="2024-01-01")


def test_flat_is_in_words(tables):
    row = strikes2024.flat(tables).set_index("claim_id").loc["claim-b"]
    assert row["figure"] == "at least 34"
    assert (row["event"], row["claimant"], row["publisher"]) == ("Attack", "CENTCOM", "A")
    assert (row["where"], row["lat"]) == ("Al-Asad; Al-Tanf", 33.8)
    own = strikes2024.flat(tables).set_index("claim_id").loc["claim-c"]
    assert own["where"] == "Al-Tanf"
    assert own["figure"] == "1.5–2"


@pytest.mark.parametrize(
    "join", ["claims_full", "events_full", "events_places", "events_actors", "flat"]
)
def test_a_join_leaves_the_tables_as_they_were(tables, join):
    before = copy.deepcopy(tables)
    frame = getattr(strikes2024, join)(tables)
    frame.iloc[:, 0] = pd.NA
    for name in tables:
        assert tables[name].equals(before[name])


@pytest.mark.parametrize(
    "join", ["claims_full", "events_full", "events_places", "events_actors", "flat"]
)
def test_the_docstring_names_every_column_that_a_join_adds(join):
    function = getattr(strikes2024, join)
    frame = function()
    base = strikes2024.claims() if join == "claims_full" else strikes2024.events()
    given = set() if join in {"flat", "events_places", "events_actors"} else set(base.columns)
    for column in set(frame.columns) - given:
        assert f"``{column}``" in function.__doc__, column


def test_own_joins_are_whole():
    tables = strikes2024.load()
    assert len(strikes2024.flat()) == len(tables.claims)
    assert strikes2024.events_full()["event_id"].equals(tables.events["event_id"])
    assert strikes2024.events_places()["place_name"].notna().any()
    days = strikes2024.attacks_per_day()
    dated = tables.events.query("kind == 'attack_on_us_forces' and date_precision == 'day'")
    assert days["attacks"].sum() == len(dated)


def test_an_unknown_table_as_attribute(tables):
    with pytest.raises(AttributeError):
        _ = tables.event
    assert not hasattr(tables, "_repr_html_")
    assert pickle.loads(pickle.dumps(tables)).events.equals(tables.events)
