"""Known answers worked by hand, and properties that hold for any input."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from strikes2024.analysis import (
    add_ranges,
    attack_rates,
    attacks_by_month,
    bounds,
    claim_line,
    latest,
    open_above,
    poisson_interval,
    record_by_source_kind,
    responses,
    stated_delay,
)

D = pd.Timestamp


def claims(*rows: dict[str, object]) -> pd.DataFrame:
    base = {
        "claim_id": "a", "event": "e", "metric": "killed", "victims": "militants",
        "country": "Syria", "scope": "whole", "low": 1, "high": 1, "qualifier": "exactly",
        "claimant": "x", "as_of": D("2024-02-03"), "stated": D("2024-02-03"),
        "stated_basis": "published", "status": "stands", "source": "s",
    }  # fmt: skip
    frame = pd.DataFrame([{**base, "claim_id": f"c{i}", **row} for i, row in enumerate(rows)])
    return frame.astype({"low": "Float64", "high": "Float64"})


def tallies(*rows: dict[str, object]) -> pd.DataFrame:
    base = {
        "tally_id": "t", "claimant": "dod", "counts": "attacks", "place": pd.NA, "total": 0,
        "counted_from": D("2023-10-17"), "as_of": D("2023-10-17"), "status": "stands",
        "qualifier": "exactly", "stated": D("2024-02-03"),
    }  # fmt: skip
    frame = pd.DataFrame([{**base, "tally_id": f"t{i}", **row} for i, row in enumerate(rows)])
    return frame.astype({"total": "Int64", "place": "string"})


ranges = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)).map(sorted).map(tuple)


def test_claim_line_leaves_parts_out_and_sorts_by_statement() -> None:
    frame = claims(
        {"stated": D("2024-02-05"), "low": 29},
        {"scope": "part", "low": 6},
        {"stated": D("2024-02-03"), "low": 13},
        {"country": "Iraq", "low": 16},
        {"metric": "wounded"},
    )
    line = claim_line(frame, "e", "killed", country="Syria")
    assert line["low"].tolist() == [13, 29]


def test_latest_takes_the_last_standing_claim_of_each() -> None:
    frame = claims(
        {"claimant": "sohr", "low": 13, "status": "superseded"},
        {"claimant": "sohr", "low": 34, "high": 34, "stated": D("2024-02-21")},
        {"claimant": "afp", "low": 25, "status": "carrier_error"},
        {"claimant": "us", "low": 40},
    )
    assert sorted(latest(frame)["low"]) == [34, 40]


def test_an_open_claim_is_a_floor() -> None:
    """A floor of 10 does not contradict 34; one of 40 lifts the upper end and leaves it open."""
    floor = {"low": 10, "high": None, "qualifier": "at_least"}
    closed = [{"low": 34, "high": 34}, {"low": 37, "high": 37}]
    assert bounds(claims(floor, *closed)) == (34, 37)
    assert not open_above(claims(floor, *closed))
    above = claims({**floor, "low": 40}, *closed)
    assert (bounds(above), open_above(above)) == ((34, 40), True)
    alone = claims(floor, {**floor, "low": 12})
    assert (bounds(alone), open_above(alone)) == ((12, 12), True)


def test_bounds_without_a_number_is_an_error() -> None:
    with pytest.raises(ValueError, match="no claim gives a number"):
        bounds(claims({"low": None, "high": None, "qualifier": "some"}))


def test_54_to_55_is_35_and_16_or_17_and_3() -> None:
    assert add_ranges([(35, 35), (16, 17), (3, 3)]) == (54, 55)


@given(st.lists(ranges, min_size=1))
def test_sums_keep_order_and_ignore_the_order_of_parts(parts) -> None:
    low, high = add_ranges(parts)
    assert low <= high
    assert add_ranges(reversed(parts)) == (low, high)


@given(st.lists(ranges, min_size=1), st.randoms())
def test_bounds_ignore_row_order_and_doubles(parts, random) -> None:
    rows = [{"low": low, "high": high} for low, high in parts]
    expected = bounds(claims(*rows))
    shuffled = [*rows, rows[0]]
    random.shuffle(shuffled)
    assert bounds(claims(*shuffled)) == expected


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Garwood's table, 95 %: the exact limits for 0, 1, 10 and 100 events.
    [(0, 0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.390), (100, 81.364, 121.627)],
)
def test_poisson_interval_known_answers(count, low, high) -> None:
    assert poisson_interval(count) == pytest.approx((low, high), abs=1e-3)


@given(st.integers(1, 5000), st.floats(0.5, 0.99))
def test_poisson_interval_agrees_with_the_distribution(count: int, level: float) -> None:
    low, high = poisson_interval(count, level)
    tail = (1 - level) / 2
    assert poisson.sf(count - 1, low) == pytest.approx(tail, rel=1e-6)
    assert poisson.cdf(count, high) == pytest.approx(tail, rel=1e-6)


@pytest.mark.parametrize(("count", "level"), [(-1, 0.95), (3, 0), (3, 1)])
def test_poisson_interval_refuses_nonsense(count, level) -> None:
    with pytest.raises(ValueError, match="need count"):
        poisson_interval(count, level)


def test_attack_rates_join_short_stretches() -> None:
    frame = tallies(
        {"as_of": D("2023-10-19"), "total": 4},
        {"as_of": D("2023-10-26"), "total": 20},
        {"as_of": D("2023-10-27"), "total": 21},
    )
    rates = attack_rates(frame, "dod", min_days=5)
    assert rates[["days", "fewest", "most"]].to_numpy().tolist() == [[10, 20, 20]]
    assert rates["rate_low"].iloc[0] == 2
    low, high = poisson_interval(20)
    assert rates["low"].iloc[0] == pytest.approx(low / 10)
    assert rates["high"].iloc[0] == pytest.approx(high / 10)


def test_no_tally_gives_an_empty_frame() -> None:
    frame = tallies({"total": 3})
    assert attack_rates(frame, "nobody").empty


def events(*rows: tuple[str, str, str, object]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"event_id": i, "kind": k, "start": D(s), "title": i, "us_confirmed": c}
            for i, k, s, c in rows
        ]
    )


def test_attacks_by_month_fills_empty_months_with_zero() -> None:
    frame = events(
        ("a", "attack_on_us_forces", "2023-10-18", "yes"),
        ("b", "attack_on_us_forces", "2023-10-30", pd.NA),
        ("c", "attack_on_us_forces", "2023-12-01", "no"),
        ("d", "us_strike", "2023-12-02", "yes"),
    )
    months = attacks_by_month(frame)
    assert months["all"].tolist() == [2, 0, 1]
    assert months["confirmed"].tolist() == [1, 0, 0]


def test_responses_measure_local_days_and_leave_campaigns_out() -> None:
    frame = events(
        ("t22", "attack_on_us_forces", "2024-01-28", "yes"),
        ("feb", "us_strike", "2024-02-03", "yes"),
        ("all", "campaign", "2023-10-17", pd.NA),
    )
    links = pd.DataFrame(
        [
            {"from_event": "feb", "to_event": "t22", "relation": "in_answer_to",
             "stated_by": "us", "source": "s"},
            {"from_event": "feb", "to_event": "t22", "relation": "in_answer_to",
             "stated_by": "press", "source": "p"},
            {"from_event": "feb", "to_event": "all", "relation": "in_answer_to",
             "stated_by": "us", "source": "s"},
            {"from_event": "t22", "to_event": "all", "relation": "part_of",
             "stated_by": pd.NA, "source": "s"},
        ]
    ).assign(link_id=list("abcd"))  # fmt: skip
    ties = responses(frame, links)
    assert ties["stated_by"].tolist() == ["us"]
    assert responses(frame, links.iloc[::-1]).equals(ties)
    assert ties[["from_event", "to_event", "lag_days"]].to_numpy().tolist() == [["feb", "t22", 6]]


def test_stated_delay_leaves_undated_claims_out() -> None:
    frame = claims(
        {"event": "e", "stated": D("2024-02-21")},
        {"event": "e", "stated": D("2024-02-10"), "stated_basis": "not_before"},
    )
    delays = stated_delay(frame, events(("e", "us_strike", "2024-02-03", "yes")))
    assert delays["delay_days"].tolist() == [18]


def test_record_by_source_kind_counts_every_claim_once() -> None:
    frame = claims({"claimant": "us"}, {"claimant": "us"}, {"claimant": "sohr", "source": "p"})
    actors = pd.DataFrame({"actor_id": ["us", "sohr"], "side": ["us", "monitor"]})
    sources = pd.DataFrame({"source_id": ["s", "p"], "kind": ["official", "news"]})
    table = record_by_source_kind(frame, actors, sources)
    assert table.to_numpy().tolist() == [["monitor", "news", 1], ["us", "official", 2]]
