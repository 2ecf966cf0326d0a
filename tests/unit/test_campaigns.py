"""Joins, analysis and charts on three invented campaigns, each of another shape."""

import csv
from dataclasses import replace

import pytest

import strikes2024
from strikes2024 import analysis, charts
from strikes2024.charts import style
from strikes2024.cite import citation
from strikes2024.readers import read_acled, read_ged, write_tables

pytestmark = pytest.mark.large

MANY = 20_000


def save(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def protests(folder):
    """No deaths at all, and no month more than another."""
    return save(
        folder / "acled.csv",
        [
            {
                "event_id_cnty": f"OLD{n}", "event_date": f"2023-0{1 + n % 3}-10", "year": 2023,
                "time_precision": 1, "event_type": "Protests", "sub_event_type": "Peaceful protest",
                "actor1": "Protesters (Oldland)", "inter1": 6, "country": "Oldland",
                "location": f"Town {n % 2}", "latitude": 10 + n % 2, "longitude": 20,
                "geo_precision": 1, "source": "Paper", "notes": "A march.", "fatalities": 0,
            }
            for n in range(60)
        ],
    )  # fmt: skip


def islands(folder):
    """One country on both sides of the 180th meridian."""
    spots = {"West Bay": (-17.5, 178.5), "East Bay": (-16.9, -179.6), "Middle": (-17, 179.9)}
    return save(
        folder / "islands.csv",
        [ged(n, *spot, place, "Islands", day=f"2022-05-{10 + n}", best=n)
         for n, (place, spot) in enumerate([*spots.items(), ("East Bay", spots["East Bay"])])],
    )  # fmt: skip


def war(folder):
    """Many events over many years."""
    return save(
        folder / "war.csv",
        [
            ged(n, 30 + n % 50 / 10, 40 + n % 70 / 10, f"Town {n % 500}", "Warland",
                day=f"{2000 + n % 20}-{1 + n % 12:02}-{1 + n % 28:02}", best=n % 9, low=n % 4)
            for n in range(MANY)
        ],
    )  # fmt: skip


def ged(number, lat, lon, place, country, *, day, best, low=None):
    return {
        "id": number, "type_of_violence": 1 + number % 3, "side_a": f"Government of {country}",
        "side_b": f"Front {number % 5}", "where_prec": 1, "where_coordinates": place,
        "latitude": lat, "longitude": lon, "country": country, "date_prec": 1, "date_start": day,
        "date_end": day, "best": best, "high": best + 2, "low": min(low or 0, best),
    }  # fmt: skip


MADE = {"protests": (protests, read_acled), "islands": (islands, read_ged), "war": (war, read_ged)}


@pytest.fixture(scope="module")
def campaigns(tmp_path_factory):
    folder = tmp_path_factory.mktemp("campaigns")
    return {name: read(make(folder)) for name, (make, read) in MADE.items()}


@pytest.fixture(params=MADE)
def campaign(request, campaigns):
    return campaigns[request.param]


def test_joins(campaign):
    t = campaign
    events = len(t.events)
    assert len(strikes2024.events_places(t)) == events
    full = strikes2024.events_full(t)
    assert full["place_names"].notna().all()
    assert full["lat"].notna().all()
    sides = strikes2024.events_actors(t)
    assert set(sides["role"]) <= {"side_a", "side_b"}
    assert sides["event_id"].nunique() == events
    kinds = list(t.events["kind"].unique())
    assert strikes2024.attacks_per_day(t, kinds=kinds)["attacks"].sum() == events
    assert len(strikes2024.claims_full(t)) == len(strikes2024.flat(t)) == len(t.claims)


def test_analysis(campaign):
    t = campaign
    whole = t.claims[t.claims["scope"] == "whole"]
    killed = analysis.killed_by_event(t.claims)
    assert killed["best"].sum() == whole["best"].sum()
    deaths = analysis.deaths_by_event(t.claims)
    assert deaths["other_high"].sum() == whole["high"].sum()
    assert analysis.attacks_by_month(t.events)["all"].sum() == 0  # none is on US forces
    precision = analysis.date_precision(t.events, t.claims).set_index("precision")["rows"]
    assert precision["day"] == len(t.events)
    middle = t.events["start"].sort_values().iloc[len(t.events) // 2]
    known = analysis.as_of(t, middle)
    assert 0 < len(known.events) <= (t.events["start"] <= middle).sum()


def test_every_general_chart_draws(campaign):
    for name in charts.GENERAL:
        chart = getattr(charts, name)(campaign)
        assert chart.svg().startswith("<svg")
        assert len(chart.alt) < 5_000


def test_captions_without_deaths(campaigns):
    t = campaigns["protests"]
    assert charts.deadliest_events(t).title == "No event has a number of people killed"
    assert charts.events_by_month(t).title == "60 events in 3 months, 20 a month"
    assert charts.events_map(t).title == "2 places on the map have the most events: 30 each"


def test_rare_kinds_share_bars_and_undated_events_are_left_out(campaigns):
    t = campaigns["protests"]
    events = t.events.head(40).copy()
    events["kind"] = [f"kind_{min(i // 4, 7)}" for i in range(40)]
    events.loc[events.index[:3], "date_precision"] = "year"
    chart = charts.events_by_month(replace(t, events=events))
    by_kind = chart.frame.groupby("kind")["events"].sum()
    assert by_kind["other kinds"] == 9
    assert by_kind["all kinds"] == 37
    assert by_kind.sum() == 2 * 37
    assert "Events dated to a year alone (3) are left out" in chart.note
    nothing = charts.events_by_month(replace(t, events=events.assign(date_precision="year")))
    assert nothing.title == "No event is dated more closely than to its year"


def test_captions_on_both_sides_of_a_meridian(campaigns):
    t = campaigns["islands"]
    chart = charts.events_map(t)
    assert chart.title == "Of the places on the map, East Bay has the most events: 2"
    assert "East Bay: 2" in chart.description
    west, east = chart.picture(style.WIDE).panels[0].x
    assert east - west < 5
    assert charts.events_by_month(t).title == "All events are of May 2022: 4"
    deadliest = charts.deadliest_events(t).title
    assert deadliest == (
        "The event with the highest figure: Government of Islands – Front 3, East Bay, "
        "13 May 2022, 0–5 killed"
    )


def test_captions_of_many_events(campaigns):
    t = campaigns["war"]
    most = t.events["start"].dt.to_period("M").value_counts().max()
    assert f"{most:,}" in charts.events_by_month(t).title
    assert charts.events_by_month(t).frame.groupby("kind")["events"].sum().max() == MANY
    top = t.claims["high"].max()
    same = t.claims[(t.claims["high"] == top) & (t.claims["low"] == 3)]
    assert charts.deadliest_events(t).title == (
        f"The highest figure stands for {len(same):,} events: 3–{top:.0f} killed in each"
    )
    assert len(t.events) == MANY


def test_the_citation_is_the_publisher_s_own(tmp_path):
    own = write_tables("acled", protests(tmp_path), tmp_path / "own")
    text = citation("text", own)
    assert text.startswith("ACLED (n.d.): Armed Conflict Location & Event Data: events read from")
    assert "Clionadh Raleigh, Roudabeh Kishi, Andrew Linke (2023)" in text
    assert "strikes2024 contributors" not in text


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: strikes2024.attacks_per_day(t, kinds="us_strike"), "kinds: expected a list"),
        (
            lambda t: strikes2024.attacks_per_day(t, kinds=["us_strikes"]),
            "did you mean 'us_strike'",
        ),
        (
            lambda t: strikes2024.attacks_per_day(t, start="05/08/2024"),
            "expected a day, such as",
        ),
        (lambda t: analysis.as_of(t, "05/08/2024"), "date '05/08/2024': expected a day"),
        (lambda t: analysis.claim_line(t.claims, "x", "kiled"), "did you mean 'killed'"),
        (lambda t: analysis.claim_line(t.claims, "x", "killed"), "there is no 'x' in the claims"),
        (lambda t: strikes2024.attacks_per_day(t, start=20240805), "expected a day, such as"),
        (lambda t: analysis.claim_line(t.claims, "x", "killed", victims="civilians"), "a list"),
    ],
)
def test_no_silent_wrong_answer(campaigns, call, message):
    with pytest.raises(ValueError, match=message):
        call(campaigns["islands"])
