"""Facts read out of the two texts that the report grew from, each asserted on the data.

One is an explainer by TASS of 3 February 2024, the other a later, undated state of the
encyclopedia's article. Where they disagree, both facts are in the list.
"""

import pandas as pd
import pytest

import strikes2024

TASS = "tass-2024-02-03-explainer"
WIKI = "wikipedia-2024-us-strikes"

T22, FEB2, FEB7 = "tower-22-attack", "us-strikes-2024-02-02", "us-strikes-2024-02-07"
BOTH = "us-campaign-2024-02"

# (text, what it says, claim fields that must be found in one row resting on that text)
CLAIMS = [
    (
        TASS,
        "more than 85 targets",
        {"event": FEB2, "metric": "targets_struck", "low": 85, "qualifier": "more_than"},
    ),
    (
        TASS,
        "more than 125 munitions",
        {"event": FEB2, "metric": "munitions_used", "low": 125, "qualifier": "more_than"},
    ),
    (
        TASS,
        "eight strikes near al-Qaim",
        {"event": FEB2, "metric": "airstrikes", "low": 8, "high": 8},
    ),
    (
        TASS,
        "the eight are an Iraqi security source's",
        {"event": FEB2, "metric": "airstrikes", "claimant": "iraqi-security-sources", "low": 8},
    ),
    (
        TASS,
        "Syrian media, in Al Jazeera: at least 10 killed in Syria",
        {
            "event": FEB2,
            "metric": "killed",
            "claimant": "syrian-media",
            "low": 10,
            "qualifier": "at_least",
        },
    ),
    (
        TASS,
        "Syrian media, in Al Jazeera: about 20 wounded in Syria",
        {
            "event": FEB2,
            "metric": "wounded",
            "claimant": "syrian-media",
            "low": 20,
            "qualifier": "about",
        },
    ),
    (
        TASS,
        "Al Hadath: at least 18 killed",
        {
            "event": FEB2,
            "metric": "killed",
            "claimant": "al-hadath",
            "low": 18,
            "qualifier": "at_least",
        },
    ),
    (
        TASS,
        "Damascus: a number of civilians",
        {"event": FEB2, "metric": "killed", "victims": "civilians", "qualifier": "some"},
    ),
    (
        TASS,
        "Damascus: a number of soldiers",
        {"event": FEB2, "metric": "killed", "victims": "syrian_soldiers", "qualifier": "some"},
    ),
    (
        TASS,
        "Pentagon: three soldiers killed",
        {"event": T22, "metric": "killed", "low": 3, "high": 3},
    ),
    (
        TASS,
        "Pentagon: more than 40 wounded",
        {"event": T22, "metric": "wounded", "low": 40, "qualifier": "more_than"},
    ),
    (WIKI, "three US troops killed", {"event": T22, "metric": "killed", "low": 3, "high": 3}),
    (WIKI, "47 wounded", {"event": T22, "metric": "wounded", "low": 47, "high": 47}),
    (
        WIKI,
        "85 targets",
        {"event": FEB2, "metric": "targets_struck", "low": 85, "high": 85, "qualifier": "exactly"},
    ),
    (WIKI, "125 munitions", {"event": FEB2, "metric": "munitions_used", "low": 125, "high": 125}),
    (
        WIKI,
        "seven facilities",
        {"event": FEB2, "metric": "facilities_struck", "low": 7, "country": "Iraq;Syria"},
    ),
    (
        WIKI,
        "three facilities in Iraq",
        {"event": FEB2, "metric": "facilities_struck", "low": 3, "country": "Iraq"},
    ),
    (
        WIKI,
        "four facilities in Syria",
        {"event": FEB2, "metric": "facilities_struck", "low": 4, "country": "Syria"},
    ),
    (
        WIKI,
        "more than 80 destroyed",
        {"event": FEB2, "metric": "targets_destroyed", "low": 80, "qualifier": "more_than"},
    ),
    (WIKI, "two B-1B bombers", {"event": FEB2, "metric": "bombers", "low": 2, "high": 2}),
    (WIKI, "44 hours", {"event": FEB2, "metric": "flight_hours", "low": 44, "unit": "hours"}),
    (
        WIKI,
        "15,000 miles",
        {"event": FEB2, "metric": "flight_miles", "low": 15000, "unit": "miles"},
    ),
    (
        WIKI,
        "six air strikes in Iraq",
        {"event": FEB2, "metric": "airstrikes", "low": 6, "country": "Iraq"},
    ),
    (
        WIKI,
        "16 killed at Akashat",
        {"event": FEB2, "metric": "killed", "low": 16, "place": "akashat"},
    ),
    (WIKI, "three houses in Anbar", {"event": FEB2, "metric": "houses_hit", "low": 3}),
    (
        WIKI,
        "at least 35 killed in Syria",
        {"event": FEB2, "metric": "killed", "low": 35, "qualifier": "at_least", "claimant": "sohr"},
    ),
    (WIKI, "17 buried", {"event": FEB2, "metric": "buried", "low": 17}),
    (WIKI, "three killed in Baghdad", {"event": FEB7, "metric": "killed", "low": 3, "high": 3}),
    (WIKI, "54–55 killed in all", {"event": BOTH, "metric": "killed", "low": 54, "high": 55}),
    (WIKI, "five days", {"event": BOTH, "metric": "campaign_days", "low": 5, "unit": "days"}),
    (
        WIKI,
        "more than 30 militants killed before",
        {"metric": "killed", "low": 30, "qualifier": "more_than", "victims": "militants"},
    ),
    (
        WIKI,
        "al-Qaim 400 km from Baghdad",
        {"metric": "distance_to_baghdad", "low": 400, "unit": "km", "place": "al-qaim"},
    ),
    (
        WIKI,
        "al-Qaim has about 74,100 people",
        {"metric": "population", "low": 74100, "place": "al-qaim"},
    ),
    (
        WIKI,
        "about 67 factions in the PMF",
        {"metric": "pmf_factions", "low": 67, "actor": "pmf", "qualifier": "about"},
    ),
    (
        WIKI,
        "three brigades of Kataib Hezbollah",
        {"metric": "pmf_brigades", "low": 3, "actor": "kataib-hezbollah"},
    ),
    (
        WIKI,
        "K-1: more than 30 rockets",
        {
            "event": "attack-2019-12-27-k1",
            "metric": "rockets_fired",
            "low": 30,
            "qualifier": "more_than",
        },
    ),
    (
        WIKI,
        "K-1: one American contractor killed",
        {"event": "attack-2019-12-27-k1", "metric": "killed", "low": 1},
    ),
    (
        WIKI,
        "29 December 2019: at least 25 killed",
        {"event": "us-strikes-2019-12-29", "metric": "killed", "low": 25, "qualifier": "at_least"},
    ),
    (
        WIKI,
        "29 December 2019: 55 wounded",
        {"event": "us-strikes-2019-12-29", "metric": "wounded", "low": 55},
    ),
    (
        WIKI,
        "Erbil 2021: about 14 rockets",
        {
            "event": "attack-2021-02-15-erbil",
            "metric": "rockets_fired",
            "low": 14,
            "qualifier": "about",
        },
    ),
    (
        WIKI,
        "Erbil 2021: three rockets on the base",
        {"event": "attack-2021-02-15-erbil", "metric": "rockets_on_base", "low": 3},
    ),
    (
        WIKI,
        "Erbil 2021: two killed",
        {"event": "attack-2021-02-15-erbil", "metric": "killed", "low": 2},
    ),
    (
        WIKI,
        "Erbil 2021: 13 wounded",
        {"event": "attack-2021-02-15-erbil", "metric": "wounded", "low": 13},
    ),
    (
        WIKI,
        "June 2021: at least nine killed (SOHR)",
        {"event": "us-strikes-2021-06-27", "metric": "killed", "low": 9, "claimant": "sohr"},
    ),
    (
        WIKI,
        "June 2021: four named by the group",
        {"event": "us-strikes-2021-06-27", "metric": "killed", "low": 4},
    ),
    (
        WIKI,
        "June 2021: two facilities in Syria",
        {"event": "us-strikes-2021-06-27", "metric": "facilities_struck", "low": 2},
    ),
]

# (text, what it says, table, fields)
ROWS = [
    (
        TASS,
        "Kurilla: the Quds Force remains a threat",
        "reactions",
        {"speaker": "Michael E. Kurilla", "actor": "centcom"},
    ),
    (
        TASS,
        "Kirby: strikes successful",
        "reactions",
        {"speaker": "John Kirby", "actor": "us-nsc", "event": FEB2},
    ),
    (
        TASS,
        "Sims: no retaliation known",
        "reactions",
        {"speaker": "Douglas Sims", "actor": "us-dod"},
    ),
    (
        TASS,
        "Rasool: breach of sovereignty",
        "reactions",
        {"speaker": "Yahya Rasool", "event": FEB2},
    ),
    (TASS, "US opposition doubts the use", "reactions", {"actor": "us-opposition"}),
    (TASS, "Biden: the response will go on", "reactions", {"speaker": "Joe Biden", "event": FEB2}),
    (
        WIKI,
        "Austin: the start of our response",
        "reactions",
        {"speaker": "Lloyd Austin", "phrase": "the start of our response"},
    ),
    (WIKI, "Iraq: a new aggression", "reactions", {"actor": "iraq", "phrase": "new aggression"}),
    (WIKI, "Syria's ministry condemns", "reactions", {"actor": "syria-mod", "stance": "condemns"}),
    (
        WIKI,
        "Kanaani condemns",
        "reactions",
        {"actor": "iran", "speaker": "Nasser Kanaani", "event": FEB2},
    ),
    (
        WIKI,
        "Raisi: Iran will respond strongly",
        "reactions",
        {"actor": "iran", "phrase": "respond strongly"},
    ),
    (
        WIKI,
        "Iran's ambassador: comparable to NATO",
        "reactions",
        {"actor": "iran", "speaker": "Amir Saeid Iravani"},
    ),
    (
        WIKI,
        "Kataib Sayyid al-Shuhada warns three states",
        "reactions",
        {"actor": "kss", "event": FEB2},
    ),
    (
        WIKI,
        "Nujaba's spokesman: every action has a reaction",
        "reactions",
        {"actor": "nujaba", "speaker": "Hussein al-Mosawi"},
    ),
    (WIKI, "Fayyadh: a red line", "reactions", {"actor": "pmf", "phrase": "red line"}),
    (
        WIKI,
        "Hezbollah condemns",
        "reactions",
        {"actor": "hezbollah", "event": FEB2, "stance": "condemns"},
    ),
    (WIKI, "Hamas: oil on the fire", "reactions", {"actor": "hamas", "phrase": "oil on the fire"}),
    (WIKI, "Palestinian Islamic Jihad condemns", "reactions", {"actor": "pij", "event": FEB2}),
    (WIKI, "Britain: a steadfast ally", "reactions", {"actor": "uk", "phrase": "steadfast"}),
    (WIKI, "Sikorski on Iran's proxies", "reactions", {"actor": "poland", "event": FEB2}),
    (WIKI, "Zakharova condemns", "reactions", {"actor": "russia", "speaker": "Maria Zakharova"}),
    (WIKI, "Zhang Jun condemns", "reactions", {"actor": "china", "speaker": "Zhang Jun"}),
    (
        WIKI,
        "Rasool: a factor for instability",
        "reactions",
        {"phrase": "factor for instability", "event": FEB7},
    ),
    (WIKI, "mourners in Baghdad", "reactions", {"actor": "baghdad-mourners", "action": "funeral"}),
    (
        WIKI,
        "charge d'affaires summoned",
        "reactions",
        {"actor": "iraq", "action": "summoned_envoy"},
    ),
    (
        WIKI,
        "Treasury sanctions",
        "measures",
        {"actor": "us-treasury", "kind": "sanctions", "date": "2024-02-02"},
    ),
    (WIKI, "Baghdad strike at 21:30", "events", {"event_id": FEB7, "local_time": "21:30"}),
    (
        WIKI,
        "strikes around midnight, local",
        "events",
        {"event_id": FEB2, "start": "2024-02-03", "us_date": "2024-02-02"},
    ),
    (WIKI, "Tower 22 on 28 January", "events", {"event_id": T22, "start": "2024-01-28"}),
    (
        WIKI,
        "Soleimani killed on 3 January 2020",
        "events",
        {"event_id": "us-strikes-2020-01-03", "start": "2020-01-03"},
    ),
    (
        WIKI,
        "embassy attacked on 31 December 2019",
        "events",
        {"event_id": "embassy-raid-2019-12-31", "start": "2019-12-31"},
    ),
    (
        WIKI,
        "strikes in Iraq from 19 July 2019",
        "events",
        {"event_id": "israeli-strike-2019-07-19-amirli", "start": "2019-07-19"},
    ),
    (
        WIKI,
        "strike in Syria on 25 February 2021 (US date)",
        "events",
        {"event_id": "us-strikes-2021-02-25", "us_date": "2021-02-25"},
    ),
    (
        WIKI,
        "attacks from 17 October 2023",
        "events",
        {"event_id": "attack-campaign-2023-10-17", "start": "2023-10-17"},
    ),
    (
        WIKI,
        "more than 170 attacks",
        "tallies",
        {"claimant": "wikipedia", "total": 170, "qualifier": "more_than"},
    ),
    (WIKI, "the hostage crisis", "milestones", {"date": "1979-11-04"}),
    (
        WIKI,
        "Kataib Hezbollah is part of the PMF",
        "actors",
        {"actor_id": "kataib-hezbollah", "part_of": "iri;pmf"},
    ),
    (
        WIKI,
        "the IRGC and Liwa Fatemiyoun",
        "actors",
        {"actor_id": "liwa-fatemiyoun", "backed_by": "irgc"},
    ),
]


@pytest.fixture(scope="module")
def record() -> strikes2024.Tables:
    return strikes2024.load()


def rows_with(frame: pd.DataFrame, fields: dict[str, object]) -> pd.DataFrame:
    keep = pd.Series(True, index=frame.index)
    for name, value in fields.items():
        column = frame[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            keep &= column == pd.Timestamp(str(value))
        elif isinstance(value, int):
            keep &= (column == value).fillna(False)
        else:
            keep &= (column.astype("string") == value).fillna(False)
    return frame[keep]


@pytest.mark.parametrize(("text", "says", "fields"), CLAIMS, ids=[c[1] for c in CLAIMS])
def test_figure_is_claimed(record, text, says, fields) -> None:
    found = rows_with(record.claims, fields)
    on_text = (found["source"] == text) | found["also_in"].fillna("").str.split(";").map(
        lambda ids: text in ids
    )
    assert on_text.any(), f"{says}: no claim with {fields} rests on {text}"


@pytest.mark.parametrize(
    ("text", "says", "table", "fields"), ROWS, ids=[f"{r[2]}: {r[1]}" for r in ROWS]
)
def test_fact_is_recorded(record, text, says, table, fields) -> None:
    assert len(rows_with(getattr(record, table), fields)), f"{says}: not in {table}"


def test_tass_names_two_days_for_tower_22(record) -> None:
    event = record.events.set_index("event_id").loc[T22]
    assert "27 January" in event["note"]
    assert "TASS" in event["note"]


def test_three_tolls_for_syria_stand_side_by_side(record) -> None:
    claims = record.claims
    rows = claims[(claims["event"] == FEB2) & (claims["metric"] == "killed")]
    low = rows.loc[rows["source"].isin([TASS, WIKI]), "low"].dropna()
    assert {10, 18, 35} <= set(low.astype(int))
