"""The tables of the timeline page: dates as precise as known, figures with their unit."""

import pandas as pd
import pytest

import strikes2024
from strikes2024.report import timeline
from strikes2024.report.pages import measured


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        ("day", "4 May 2018"),
        ("approx", "about 4 May 2018"),
        ("month", "May 2018"),
        ("year", "2018"),
    ],
)
def test_a_date_is_as_precise_as_it_is_known(precision: str, words: str) -> None:
    assert timeline.when(pd.Timestamp("2018-05-04"), precision) == words


def test_a_measure_has_its_unit_and_a_count_has_none() -> None:
    assert measured(400, 400, "about", "km") == "about 400\u00a0km"
    assert measured(35, pd.NA, "at_least", "persons") == "at least 35"


def test_every_milestone_and_measure_is_on_the_timeline_in_order() -> None:
    t = strikes2024.load()
    _, heads, rows = timeline.TABLES["timeline"](t)
    anchors = [anchor for anchor, _ in rows]
    assert len(set(anchors)) == len(anchors) == len(t.milestones) + len(t.measures)
    dates = pd.concat(
        [
            t.milestones.set_index("milestone-" + t.milestones["milestone_id"])["date"],
            t.measures.set_index("measure-" + t.measures["measure_id"])["date"],
        ]
    )
    assert dates.loc[anchors].is_monotonic_increasing
    assert {len(cells) for _, cells in rows} == {len(heads)}


def test_every_length_is_shown_with_its_unit_and_leads_to_the_ledger() -> None:
    t = strikes2024.load()
    lengths = t.claims[t.claims["unit"].isin(["km", "miles"])].set_index("claim_id")
    _, _, rows = timeline.TABLES["distances"](t)
    assert len(rows) == len(lengths) > 0
    for anchor, (_, figure, _) in rows:
        key = anchor.removeprefix("distance-")
        assert f'href="ledger.html#claim-{key}"' in figure
        assert f"\u00a0{lengths.loc[key, 'unit']}</a>" in figure


def test_a_strike_with_a_number_of_aircraft_shows_who_gave_it() -> None:
    t = strikes2024.load()
    _, _, rows = timeline.TABLES["aircraft"](t)
    shown = {anchor.removeprefix("aircraft-"): cells[2] for anchor, cells in rows}
    counted = t.claims[t.claims["metric"].isin(["aircraft", "bombers"])]
    for claim in counted[counted["status"] == "stands"].itertuples():
        assert f"#claim-{claim.claim_id}" in shown[claim.event]
