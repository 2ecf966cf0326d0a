"""Estimates by rule, claims in sentences, casualties: by hand, and for any input."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit_helpers import refuses, rows

import strikes2024
from strikes2024.analysis import (
    RULES,
    Estimate,
    add_estimates,
    claim_line,
    deaths_by_event,
    estimate,
    estimate_line,
    explain,
    independent,
    killed_by_strikes,
    reported_casualties,
    sensitivity,
)
from strikes2024.arguments import ArgumentError
from strikes2024.campaign import TOTAL
from strikes2024.campaign.headlines import HEADLINES
from strikes2024.campaign.questions import (
    headline_sensitivity,
    parts_of_total,
)

D = pd.Timestamp
few = settings(max_examples=min(40, settings.default.max_examples))

ACTORS = pd.DataFrame(
    [("sohr", "ngo", "monitor"), ("pmf", "umbrella", "iraq"), ("us", "state", "us"),
     ("ap", "media", "press"), ("tass", "media", "press"), ("wiki", "media", "encyclopedia")],
    columns=["actor_id", "kind", "side"],
)  # fmt: skip
SOURCES = pd.DataFrame([("news", "news"), ("box", "encyclopedia")], columns=["source_id", "kind"])


def line(*rows: dict[str, object]) -> pd.DataFrame:
    base = {
        "claim_id": "", "event": "e", "metric": "killed", "victims": "militants",
        "country": "Syria", "scope": "whole", "low": 1, "high": 1, "qualifier": "exactly",
        "claimant": "sohr", "as_of": D("2024-02-03"), "stated": D("2024-02-03"),
        "stated_basis": "published", "status": "stands", "source": "news",
    }  # fmt: skip
    filled = [{**base, "claim_id": f"c{i}", **row} for i, row in enumerate(rows)]
    for row, given_row in zip(filled, rows, strict=True):
        if "low" in given_row and "high" not in given_row:
            row["high"] = row["low"]
    return pd.DataFrame(filled).astype({"low": "Float64", "high": "Float64"})


def test_nearest_prefers_who_counts_over_who_prints() -> None:
    frame = line(
        {"claimant": "sohr", "low": 23},
        {"claimant": "sohr", "low": 34, "stated": D("2024-02-21")},
        {"claimant": "ap", "low": 37, "stated": D("2024-02-25")},
        {"claimant": "wiki", "low": 35, "source": "box"},
    )
    found = estimate_line(frame, ACTORS, SOURCES, "nearest")
    assert (found.low, found.best, found.high) == (34, 34, 34)
    assert found.claims == ("c1",)


def test_nearest_takes_the_figure_said_last_and_the_lower_on_a_tie() -> None:
    frame = line(
        {"claimant": "us", "low": 40, "stated": D("2024-02-04")},
        {"claimant": "sohr", "low": 17, "stated": D("2024-02-05")},
        {"claimant": "pmf", "low": 16, "stated": D("2024-02-05")},
    )
    found = estimate_line(frame, ACTORS, SOURCES, "nearest")
    assert (found.low, found.best, found.high) == (16, 16, 40)


def test_nearest_falls_back_on_the_press_and_then_on_the_encyclopedia() -> None:
    frame = line({"claimant": "ap", "low": 13}, {"claimant": "wiki", "low": 35, "source": "box"})
    assert estimate_line(frame, ACTORS, SOURCES).best == 13
    only = line({"claimant": "wiki", "low": 35, "source": "box"})
    assert estimate_line(only, ACTORS, SOURCES).best == 35


def test_repeats_are_not_independent() -> None:
    frame = line(
        {"claimant": "sohr", "low": 13, "status": "superseded"},
        {"claimant": "sohr", "low": 23, "stated": D("2024-02-04")},
        {"claimant": "ap", "low": 13, "stated": D("2024-02-06")},  # an older count, repeated
        {"claimant": "tass", "low": 37, "stated": D("2024-02-06")},  # nobody else's
        {"claimant": "ap", "low": 23, "stated": D("2024-02-02")},  # before anybody gave it
        {"claimant": "wiki", "low": 35, "source": "box"},
        {"claimant": "sohr", "low": 36, "source": "box"},
    )
    kept = independent(frame, ACTORS, SOURCES)
    assert kept.tolist() == [True, True, False, True, True, False, False]


def test_best_of_a_range_is_the_middle_claim_the_lower_of_two() -> None:
    frame = line(
        {"claimant": "sohr", "low": 10}, {"claimant": "us", "low": 40},
        {"claimant": "pmf", "low": 20}, {"claimant": "ap", "low": 30},
    )  # fmt: skip
    found = estimate_line(frame, ACTORS, SOURCES, "all")
    assert (found.low, found.best, found.high) == (10, 20, 40)


def test_an_open_highest_claim_leaves_the_range_open() -> None:
    frame = line(
        {"claimant": "sohr", "low": 34},
        {"claimant": "us", "low": 40, "high": None, "qualifier": "more_than"},
    )
    assert estimate_line(frame, ACTORS, SOURCES, "all").open_ended
    assert not estimate_line(frame.iloc[:1], ACTORS, SOURCES, "all").open_ended


def test_an_unknown_rule_and_a_figure_without_a_number_are_errors() -> None:
    with pytest.raises(ValueError, match="there is no rule 'median'; expected one of nearest"):
        estimate_line(line({}), ACTORS, SOURCES, "median")
    empty = line({"low": None, "high": None, "qualifier": "some"})
    with pytest.raises(ValueError, match="no claim gives a number"):
        estimate_line(empty, ACTORS, SOURCES)


claim_rows = st.lists(
    st.fixed_dictionaries(
        {
            "claimant": st.sampled_from(list(ACTORS["actor_id"])),
            "low": st.integers(0, 99),
            "stated": st.integers(0, 30).map(lambda n: D("2024-02-03") + pd.Timedelta(days=n)),
            "source": st.sampled_from(["news", "box"]),
        }
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda row: (row["claimant"], row["stated"]),
)


@pytest.mark.parametrize("rule", RULES)
@few
@given(claim_rows, st.randoms())
def test_estimates_are_ordered_and_ignore_row_order_and_equal_claims(rule, rows, random) -> None:
    frame = line(*rows)
    try:
        found = estimate_line(frame, ACTORS, SOURCES, rule)
    except ValueError:
        assert rule == "independent"  # only copies are left
        return
    assert found.low <= found.best <= found.high
    order = list(range(len(frame)))
    random.shuffle(order)
    assert estimate_line(frame.iloc[order], ACTORS, SOURCES, rule) == found
    twice = pd.concat([frame, frame.assign(claim_id=frame["claim_id"] + "x")])
    again = estimate_line(twice, ACTORS, SOURCES, rule)
    assert (again.low, again.best, again.high) == (found.low, found.best, found.high)


parts = st.lists(
    st.tuples(*[st.integers(0, 10**6)] * 3).map(sorted).map(
        lambda t: Estimate(t[0], t[1], t[2], (), "all")
    ),
    min_size=1,
)  # fmt: skip


@given(parts)
def test_sums_of_estimates_keep_order_and_ignore_the_order_of_parts(items) -> None:
    total = add_estimates(items)
    assert total.low <= total.best <= total.high
    again = add_estimates(items[::-1])
    assert (again.low, again.best, again.high) == (total.low, total.best, total.high)


def test_nothing_cannot_be_added_up() -> None:
    with pytest.raises(ValueError, match="nothing to add"):
        add_estimates([])


def test_sensitivity_has_a_row_for_each_figure_and_rule() -> None:
    table = sensitivity({"a": line({}), "b": line({"claimant": "ap"})}, ACTORS, SOURCES)
    assert table[["figure", "rule"]].to_numpy().tolist() == [
        [figure, rule] for figure in "ab" for rule in RULES
    ]


@pytest.fixture(scope="module")
def record() -> strikes2024.Tables:
    return strikes2024.load()


def test_syria_by_each_rule(record) -> None:
    """SOHR's last count is 34 and Syria's toll 37; the lowest closed one is about 30."""
    found = {
        rule: estimate(
            record.claims, record.actors, record.sources, "us-strikes-2024-02-02", "killed",
            victims=["militants", "all_groups"], country="Syria", rule=rule,
        )
        for rule in RULES
    }  # fmt: skip
    assert (found["nearest"].low, found["nearest"].best, found["nearest"].high) == (34, 34, 37)
    assert (found["all"].low, found["all"].high) == (30, 37)
    carried = "feb-2-killed-sohr-2024-02-03-encyclopedia"
    assert all(carried not in estimate.claims for estimate in found.values())
    assert "feb-2-killed-hamodia-2024-02-07-syria" not in found["independent"].claims


def test_the_encyclopedias_total_is_the_sum_of_what_stands_beside_it(record) -> None:
    read = parts_of_total(record)
    total = record.claims.set_index("claim_id").loc[TOTAL]
    ends = read.groupby("part").agg({"low": "min", "high": "max"}).sum()
    assert (ends["low"], ends["high"]) == (total["low"], total["high"]) == (54, 55)
    assert sorted(read["low"]) == [3, 16, 17, 35]
    assert set(read["claimant"]) == {"sohr", "iraqi-security-sources", "wikipedia"}


def test_the_sum_of_parts_is_in_the_table_of_rules(record) -> None:
    table = headline_sensitivity(record)
    assert len(table) == len([h for h in HEADLINES if not h.counts]) * len(RULES)
    last = table.set_index(["figure", "rule"]).loc[(HEADLINES[4].question, "nearest")]
    assert (last["low"], last["high"]) == (51, 57)


def test_explain_names_claimant_day_figure_and_publication(record) -> None:
    told = explain(record, "us-strikes-2024-02-07").set_index("claim_id")["sentence"]
    assert told["feb-7-killed-us-dod-2024-02-08"] == (
        "On 8 February 2024 US Department of Defense (Pat Ryder, Pentagon press secretary) spoke "
        "of 1 militant killed in Iraq (The National)."
    )
    assert told["feb-7-killed-wikipedia-2024-02-07"].startswith("On or after 10 February 2024 ")


def test_explain_tells_every_claim_once_and_says_what_was_replaced(record) -> None:
    for event in record.events["event_id"].sample(20, random_state=1):
        own = record.claims[record.claims["event"] == event]
        told = explain(record, event)
        assert sorted(told["claim_id"]) == sorted(own["claim_id"])
        assert told["stated"].is_monotonic_increasing
        assert not told["sentence"].str.contains(r"\bnan\b|<NA>|_").any()
    told = explain(record, "us-strikes-2024-02-02").set_index("claim_id")["sentence"]
    assert told["feb-2-killed-sohr-2024-02-04"].endswith("The claimant later gave another figure.")
    assert "garbled" in told["feb-2-wounded-iraq-2024-02-03-2"]
    with pytest.raises(KeyError, match="no-such-event"):
        explain(record, "no-such-event")


def test_deaths_are_told_apart_by_side_and_added_over_countries() -> None:
    frame = line(
        {"claimant": "sohr", "low": 34}, {"claimant": "ap", "low": 10},
        {"claimant": "pmf", "low": 16, "country": "Iraq", "victims": "pmf_members"},
        {"claimant": "us", "low": 40, "country": "Iraq;Syria"},  # counted apart by the others
        {"claimant": "us", "low": 1, "country": "Iraq", "victims": "civilians"},
        {"claimant": "us", "low": 3, "country": "Jordan", "victims": "us_service_members",
         "event": "t22"},
    )  # fmt: skip
    found = deaths_by_event(frame).set_index("event")
    assert found.loc["e", ["other_low", "other_high"]].tolist() == [26, 50]
    assert pd.isna(found.loc["e", "us_low"])
    assert found.loc["t22", ["us_low", "us_high"]].tolist() == [3, 3]


def test_killed_by_strikes_keeps_a_strike_without_a_figure() -> None:
    events = pd.DataFrame(
        [("e", "us_strike", D("2024-02-03"), "E"), ("f", "us_strike", D("2023-10-27"), "F"),
         ("g", "attack_on_us_forces", D("2024-01-01"), "G")],
        columns=["event_id", "kind", "start", "title"],
    )  # fmt: skip
    frame = line({"low": 34}, {"claimant": "us", "low": 40, "country": "Iraq;Syria"})
    found = killed_by_strikes(events, frame)
    assert found["event"].tolist() == ["f", "e"]
    assert found["claims"].tolist() == [0, 2]
    assert pd.isna(found["low"].iloc[0])
    assert found["high"].iloc[1] == 40  # nobody counts Iraq apart
    apart = line({"low": 34}, {"claimant": "us", "low": 40, "country": "Iraq;Syria"},
                 {"claimant": "x", "low": 5, "country": "Iraq"})  # fmt: skip
    assert killed_by_strikes(events, apart)["high"].iloc[1] == 39


def test_reported_casualties_grow_as_the_counts_say(record) -> None:
    frame = reported_casualties(
        record.tallies, record.claims, "attack-campaign-2023-10-17", ["us-dod", "us-officials"]
    )
    injured = frame[frame["series"] == "Injured"]
    assert injured["figure"].iloc[0] == 21
    assert injured["figure"].iloc[-1] == 183
    both = frame[frame["series"] == "Killed and injured"]
    assert both["figure"].tolist() == [186]  # 183 and 3
    assert not frame.duplicated(["series", "as_of", "figure"]).any()


def test_claim_line_and_estimate_agree(record) -> None:
    chosen = claim_line(record.claims, "tower-22-attack", "killed")
    found = estimate_line(chosen, record.actors, record.sources)
    assert (found.low, found.best, found.high) == (3, 3, 3)


def test_claim_line_names_what_it_does_not_know() -> None:
    claims = rows("claims", {"low": "3", "high": "3"}, {"metric": "wounded", "low": "9"})
    with refuses("metric: there is no 'kiled'; did you mean 'killed'?", ArgumentError):
        claim_line(claims, "e", "kiled")
    with refuses("victims: there is no 'militant'; did you mean 'militants'?", ArgumentError):
        claim_line(claims, "e", "killed", victims=["militant"])
    assert len(claim_line(claims, "nowhere", "killed", errors="ignore")) == 0
