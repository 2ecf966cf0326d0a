"""Ladders, lags, the record about itself, and other trackers' figures."""

import math
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import strikes2024
from strikes2024.analysis import (
    contradictions,
    date_precision,
    delay_by_side,
    ladders,
    median_lag,
    responses,
    single_source,
)
from strikes2024.campaign import CROSSCHECKS
from strikes2024.campaign.questions import campaign_checks

D = pd.Timestamp
few = settings(max_examples=min(10, settings.default.max_examples))


@pytest.fixture(scope="module")
def record() -> strikes2024.Tables:
    return strikes2024.load()


def graph(*ties: tuple[str, str]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    names = sorted({name for tie in ties for name in tie})
    events = pd.DataFrame(
        [(name, "us_strike", D("2024-01-01") + pd.Timedelta(days=at), name)
         for at, name in enumerate(names)],
        columns=["event_id", "kind", "start", "title"],
    )  # fmt: skip
    links = pd.DataFrame(
        [{"from_event": a, "to_event": b, "relation": "in_answer_to", "stated_by": "x",
          "source": "s", "link_id": f"{a}-{b}"} for a, b in ties]
    )  # fmt: skip
    claims = pd.DataFrame(
        [{"claim_id": "c", "event": names[0], "metric": "killed", "victims": "us_personnel",
          "country": "Iraq", "scope": "whole", "low": 1, "high": 1, "claimant": "x",
          "as_of": D("2024-01-01"), "stated": D("2024-01-01"), "stated_basis": "published",
          "status": "stands"}]
    ).astype({"low": "Float64", "high": "Float64"})  # fmt: skip
    return events, links, claims


def test_ladders_by_hand() -> None:
    """A ← b ← c and d ← e: two episodes of three rungs and of two."""
    found = ladders(*graph(("b", "a"), ("c", "b"), ("e", "d")))
    assert found["event"].tolist() == list("abcde")
    assert found["episode"].tolist() == [1, 1, 1, 2, 2]
    assert found["rung"].tolist() == [1, 2, 3, 1, 2]
    assert found["answers"].fillna("").tolist() == ["", "a", "b", "", "d"]
    assert found["lag_days"].fillna(-1).tolist() == [-1, 1, 1, -1, 1]
    assert found["us_low"].fillna(-1).tolist() == [1, -1, -1, -1, -1]


def test_an_answer_of_the_same_day_stands_after_what_it_answers(record) -> None:
    found = ladders(record.events, record.links, record.claims)
    rung = found.set_index("event")["rung"]
    assert rung["attack-2021-06-28-al-omar"] > rung["us-strikes-2021-06-27"]


def test_every_stated_answer_is_on_one_ladder(record) -> None:
    ties = responses(record.events, record.links)
    found = ladders(record.events, record.links, record.claims)
    assert found["event"].is_unique
    assert set(found["event"]) == {*ties["from_event"], *ties["to_event"]}
    episode = found.set_index("event")["episode"]
    assert (ties["from_event"].map(episode) == ties["to_event"].map(episode)).all()
    winter = found[found["event"] == "us-strikes-2019-12-29"].iloc[0]
    assert (winter["other_low"], winter["other_high"], winter["lag_days"]) == (25, 27, 2)


@few
@given(st.integers(0, 99))
def test_ladders_ignore_the_order_of_rows(seed: int) -> None:
    t = strikes2024.load()
    shuffled = [f.sample(frac=1, random_state=seed) for f in (t.events, t.links, t.claims)]
    expected = ladders(t.events, t.links, t.claims)
    pd.testing.assert_frame_equal(ladders(*shuffled), expected)


def test_the_interval_of_the_median_lies_between_ordered_lags() -> None:
    """Thirteen lags: from the third to the eleventh, which cover the median at 97.8 %."""
    lags = pd.Series([12, 0, 11, 1, 10, 2, 9, 3, 8, 4, 7, 5, 6], dtype="Int64")
    row = median_lag(lags).iloc[0]
    assert (row["n"], row["median"], row["low"], row["high"]) == (13, 6, 2, 10)
    six = median_lag(pd.Series([1, 2, 3, 4, 5, 9])).iloc[0]
    assert (six["low"], six["high"]) == (1, 9)
    pd.testing.assert_frame_equal(median_lag(lags.iloc[::-1]), median_lag(lags))


def test_few_lags_have_no_interval() -> None:
    row = median_lag(pd.Series([1, 2, 3, 4])).iloc[0]
    assert row["median"] == 2.5
    assert math.isnan(row["low"])
    assert math.isnan(median_lag(pd.Series([], dtype="Int64")).iloc[0]["median"])


def claims(*rows: dict[str, object]) -> pd.DataFrame:
    base = {
        "event": "e", "place": pd.NA, "actor": pd.NA, "metric": "killed", "victims": "militants",
        "country": "Syria", "scope": "whole", "low": 1, "high": 1, "claimant": "x",
        "as_of": D("2024-02-03"), "stated": D("2024-02-03"), "stated_basis": "published",
        "status": "stands", "also_in": pd.NA, "cited_via": pd.NA,
    }  # fmt: skip
    frame = pd.DataFrame([{**base, "claim_id": f"c{i}", **row} for i, row in enumerate(rows)])
    return frame.astype({"low": "Float64", "high": "Float64"})


def test_contradictions_by_hand() -> None:
    frame = claims(
        {"claimant": "x", "low": 10, "high": None},  # at least 10
        {"claimant": "y", "low": 34, "high": 34},
        {"claimant": "x", "metric": "wounded", "low": 5, "high": 5},
        {"claimant": "y", "metric": "wounded", "low": 7, "high": 9},
        {"claimant": "z", "metric": "wounded", "low": 5, "high": 7, "event": "f"},
    )
    found = contradictions(frame)
    assert found.to_numpy().tolist() == [["e", 2, 1]]


def test_only_a_claimants_last_word_contradicts() -> None:
    frame = claims(
        {"claimant": "x", "low": 10, "high": 10},
        {"claimant": "x", "low": 34, "high": 34, "stated": D("2024-02-05")},
        {"claimant": "y", "low": 34, "high": 34},
    )
    assert contradictions(frame)["contradicted"].tolist() == [0]
    doubled = pd.concat([frame, frame.assign(claim_id=frame["claim_id"] + "x")])
    pd.testing.assert_frame_equal(contradictions(doubled), contradictions(frame))


def test_single_source_by_hand() -> None:
    frame = claims(
        {"claimant": "x", "also_in": "a;b"},
        {"claimant": "y", "cited_via": "z"},
        {"claimant": "y", "metric": "wounded"},
    )
    found = single_source(frame)
    assert found["count"].tolist() == [2, 1, 1]
    assert found["of"].tolist() == [3, 2, 3]
    assert single_source(frame.iloc[:0])["share"].isna().all()


def test_delays_by_side_by_hand() -> None:
    events = pd.DataFrame({"event_id": ["e"], "kind": ["us_strike"], "start": [D("2024-02-03")]})
    actors = pd.DataFrame({"actor_id": ["x", "y"], "side": ["us", "monitor"]})
    frame = claims(
        {"claimant": "y", "stated": D("2024-02-03")},
        {"claimant": "y", "stated": D("2024-02-07")},
        {"claimant": "x", "stated": D("2024-02-02")},
        {"claimant": "x", "stated": D("2025-01-01"), "stated_basis": "not_before"},
    )
    found = delay_by_side(frame, events, actors)
    assert found[["side", "claims", "median"]].to_numpy().tolist() == [
        ["us", 1, -1.0], ["monitor", 2, 2.0],
    ]  # fmt: skip


def test_date_precision_shares_add_up(record) -> None:
    found = date_precision(record.events, record.claims)
    assert found.groupby("what")["share"].sum().tolist() == pytest.approx([1, 1])
    assert found.groupby("what")["rows"].sum().to_dict() == {
        "event": len(record.events), "statement": len(record.claims),
    }  # fmt: skip


def test_at_least_ten_published_figures_are_computed(record) -> None:
    found = campaign_checks(record).set_index("check_id")
    assert set(found.index) == set(CROSSCHECKS)
    assert len(found) >= 10
    assert found[["how", "why"]].ne("").all(axis=None)


def test_known_checks_agree_and_known_differences_stay(record) -> None:
    """Nine rounds of US strikes, three dead at Tower 22, SOHR's bases add up to its totals."""
    found = campaign_checks(record).set_index("check_id")
    for check in ("uani-9", "ucdp-jo", "sohr-040", "sohr-088", "sohr-120", "aw-ci883-pmf"):
        row = found.loc[check]
        assert row["verdict"] == "agrees"
        assert row["ours_low"] == row["theirs_low"]
    assert found.loc["gttac-160", "verdict"] == "ours is lower"
    assert found.loc["leadig-q4", "ours_high"] < 134
    assert found.loc["winep-us10", "verdict"] == "ours is higher"


def test_a_check_whose_rows_are_missing_is_left_out(record) -> None:
    bare = replace(record, tallies=record.tallies.iloc[:0])
    found = set(campaign_checks(bare)["check_id"])
    assert "jinsa-204" not in found
    assert "sohr-040" not in found
    assert "uani-9" in found
