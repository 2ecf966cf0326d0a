"""Counts, rates, phases and predictions: whole answers, with their types and order."""

import math

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from scipy.stats import binom, binomtest, chi2
from unit_helpers import D, assert_table, record, refuses, rows

from strikes2024.analysis import (
    attack_rates,
    attacks_by_month,
    breakpoints,
    dated_in,
    dispersion,
    harm_per_attack,
    official_line,
    phase_ratios,
    phases,
    poisson_interval,
    rate_ratio,
    rates_by_country,
    standing_counts,
)

NAN = math.nan


def count(key: str, day: str, total: str, **more: str) -> dict[str, str]:
    return {"tally_id": key, "as_of": day, "stated": day, "total": total} | more


COUNTS = rows(
    "tallies",
    count("e", "2023-11-16", "50", qualifier="more_than"),
    count("a", "2023-10-20", "6", iraq="4", syria="2"),
    count("lag", "2023-10-22", "5"),
    count("b", "2023-10-26", "20", qualifier="at_least", iraq="12", syria="8"),
    count("c", "2023-11-05", "40", iraq="22", syria="17", jordan="1"),
    count("c2", "2023-11-05", "38"),
    count("d", "2023-11-06", "41", qualifier="about"),
    count("slip", "2023-11-07", "99", status="carrier_error"),
    count("base", "2023-11-07", "98", place="p"),
    count("own", "2023-11-07", "97", counts="claimed_attacks"),
    count("other", "2023-11-07", "96", claimant="iri"),
)


def test_what_counts() -> None:
    found = standing_counts(COUNTS, "dod", "total")
    assert found["tally_id"].tolist() == ["a", "lag", "b", "c2", "c", "d", "e"]
    assert list(found) == list(COUNTS)
    assert standing_counts(COUNTS, "dod", "iraq")["tally_id"].tolist() == ["a", "b", "c"]
    twins = rows("tallies", *(count(key, "2023-10-20", "6") for key in "zyx"))
    assert standing_counts(twins, "dod", "total")["tally_id"].tolist() == ["x", "y", "z"]


def test_the_line_and_its_rises() -> None:
    line = [("2023-10-20", 6, "a"), ("2023-10-26", 20, "b"), ("2023-11-05", 40, "c"),
            ("2023-11-06", 41, "d"), ("2023-11-16", 50, "e")]  # fmt: skip
    assert_table(official_line(COUNTS, "dod"), "as_of:day count:Int64 tally_id:text", *line)


HEADS = (
    "start:day end:day days:Int64 fewest:Int64 most:Int64"
    " rate_low:float64 rate_high:float64 low:float64 high:float64"
)


def rated(start: str, end: str, days: int, attacks: int, unit: int = 1) -> tuple[object, ...]:
    low, high = chi2.ppf([0.025, 0.975], [2 * attacks, 2 * attacks + 2]) / 2 / days * unit
    rate = attacks / days * unit
    return start, end, days, attacks, attacks, rate, rate, low, high


def test_rates_between_closed_totals() -> None:
    """Four days are too short; "at least 20" ends nothing, nor does a count that falls."""
    wanted = [rated("2023-10-17", "2023-11-05", 20, 40)]
    assert_table(attack_rates(COUNTS, "dod"), HEADS, *wanted)
    short = attack_rates(COUNTS, "dod", min_days=4)
    assert_table(
        short, HEADS,
        rated("2023-10-17", "2023-10-20", 4, 6), rated("2023-10-21", "2023-11-05", 16, 34),
    )  # fmt: skip
    assert list(attack_rates(COUNTS, "nobody")) == list(attack_rates(COUNTS, "dod"))


def test_a_rounded_total_ends_an_interval_with_a_range() -> None:
    told = rows("tallies", count("x", "2023-10-26", "20", qualifier="about"),
                count("y", "2023-11-05", "40"))  # fmt: skip
    found = attack_rates(told, "dod")
    assert found[["fewest", "most"]].to_numpy().tolist() == [[15, 25], [15, 25]]
    assert found["rate_low"].tolist() == [1.5, 1.5]


def test_rates_of_each_country() -> None:
    found = rates_by_country(COUNTS, "dod", unit_days=7)
    assert list(found) == ["country", *(name.split(":")[0] for name in HEADS.split())]
    assert found["country"].tolist() == ["total", "iraq", "syria", "jordan"]
    assert found["fewest"].tolist() == [40, 22, 17, 1]
    assert found["rate_low"].tolist() == pytest.approx([14, 7.7, 5.95, 0.35])
    assert len(rates_by_country(COUNTS, "nobody")) == 0


def test_salvos() -> None:
    """0, 4, 0, 4 in four days and 3, 0, 0 in three; a day alone and one without events are out."""
    stretches = pd.DataFrame(
        {"start": [D("2024-01-10"), D("2024-01-01"), D("2024-01-20"), D("2024-01-11")],
         "end": [D("2024-01-10"), D("2024-01-04"), D("2024-01-25"), D("2024-01-13")]}
    )  # fmt: skip
    days = ["2024-01-02 05:00"] * 4 + ["2024-01-04"] * 4 + ["2024-01-10"] * 9
    days = pd.Series([D(day) for day in [*days, *["2024-01-11"] * 3, "2024-02-11"]])
    heads = "days:int64 events:int64 index:float64 low:float64 high:float64 p_value:float64"
    statistic = 16 / 2 + 6 / 1
    found = dispersion(days, stretches)
    low, high = found.iloc[0][["low", "high"]]
    assert_table(found, heads, (7, 11, statistic / 5, low, high, chi2.sf(statistic, 5)))
    half = dispersion(days, stretches, level=0.5).iloc[0]
    assert 0 <= low <= half["low"] <= statistic / 5 <= half["high"] <= high
    assert_frame_equal(dispersion(days, stretches), found)  # the same draws each time
    assert_table(dispersion(days, stretches.iloc[:1]), heads, (0, 0, NAN, NAN, NAN, NAN))
    two = pd.DataFrame({"start": [D("2024-01-01")], "end": [D("2024-01-02")]})
    assert dispersion(days, two)["days"].tolist() == [2]


def test_attacks_of_each_month() -> None:
    attack = {"kind": "attack_on_us_forces"}
    events = rows(
        "events",
        attack | {"start": "2023-12-01", "us_confirmed": "no"},
        attack | {"start": "2023-10-18", "us_confirmed": "yes"},
        attack | {"start": "2023-10-30"},
        {"start": "2024-01-02", "us_confirmed": "yes"},
    )
    heads = "month:day confirmed:Int64 unconfirmed:Int64 all:Int64"
    wanted = [("2023-10-01", 1, 1, 2), ("2023-11-01", 0, 0, 0), ("2023-12-01", 0, 1, 1)]
    assert_table(attacks_by_month(events), heads, *wanted)
    assert_table(attacks_by_month(events.iloc[:1]), heads, wanted[2])


def test_a_ratio_of_rates() -> None:
    ratio, low, high, p_value = rate_ratio(3, 10, 0, 5, level=0.5)
    share = binomtest(3, 3, 10 / 15).proportion_ci(0.5).low
    assert (ratio, high) == (math.inf, math.inf)
    assert low == pytest.approx(share / (1 - share) * 5 / 10)
    assert p_value == pytest.approx(binomtest(3, 3, 10 / 15).pvalue)
    assert rate_ratio(20, 10, 10, 5)[0] == pytest.approx(1)
    ratio, low, high, p_value = rate_ratio(0, 1, 0, 2)
    assert math.isnan(ratio)
    assert (low, high, p_value) == (0, math.inf, 1)
    with refuses("counts -1, 1 over 2, 3 days: need >= 0, > 0"):
        rate_ratio(-1, 2, 1, 3)
    with refuses("counts 1, 1 over 2, 0 days: need >= 0, > 0"):
        rate_ratio(1, 2, 1, 0)


def test_a_ratio_of_rates_that_come_in_salvos() -> None:
    """Twice the counts, at twice the variance, say as much as the counts alone."""
    assert rate_ratio(12, 10, 4, 30, dispersion=2)[:3] == rate_ratio(6, 10, 2, 30)[:3]
    few, many = binom.cdf(6, 8, 10 / 40), binom.sf(5, 8, 10 / 40)
    assert rate_ratio(12, 10, 4, 30, dispersion=2)[3] == pytest.approx(2 * min(few, many))
    few, many = binom.cdf(2, 8, 30 / 40), binom.sf(1, 8, 30 / 40)
    assert rate_ratio(4, 30, 12, 10, dispersion=2)[3] == pytest.approx(2 * min(few, many))
    assert rate_ratio(4, 10, 4, 10, dispersion=2)[3] == 1
    # None later: 6 attacks count as 3, each as likely before as after.
    assert rate_ratio(6, 10, 0, 10, dispersion=2)[3] == pytest.approx(2 * 0.5**3)


def test_harm_per_attack_allows_for_attacks_that_harm_many() -> None:
    periods = pd.DataFrame({"attacks": [100, 40], "hurt": [60, 12]}, index=[7, 3])
    found = harm_per_attack(periods, pd.Series([0, 1, 5, 4]), column="hurt", level=0.9)
    assert list(found) == ["attacks", "hurt", "per_attack", "low", "high"]
    assert found["per_attack"].to_dict() == {7: 0.6, 3: 0.3}
    spread = (1 + 25 + 16) / (1 + 5 + 4)
    for at, harmed, attacks in ((7, 60, 100), (3, 12, 40)):
        low, high = poisson_interval(harmed, 0.9, spread)
        assert found.loc[at, ["low", "high"]].tolist() == [low / attacks, high / attacks]
    alone = harm_per_attack(periods, pd.Series([], dtype="float64"), column="hurt")
    assert alone["high"].tolist() == [poisson_interval(60)[1] / 100, poisson_interval(12)[1] / 40]
    with refuses("a period has no attack: expected at least one in each"):
        harm_per_attack(periods.assign(attacks=[1, 0]), pd.Series([1]), column="hurt")


def test_what_is_no_count_is_named() -> None:
    with refuses("count -1 and level 0.95: need count >= 0 and 0 < level < 1"):
        poisson_interval(-1)
    with refuses("dispersion 0: need a number above 0"):
        poisson_interval(1, dispersion=0)
    assert poisson_interval(0, 0.5, 0.5) == pytest.approx((0, -math.log(0.25) / 2))


STARTS = pd.DataFrame(
    {"phase": ["a", "b", "c", "d"],
     "start": [D("2023-10-17"), D("2023-10-23"), D("2023-11-06"), D("2023-11-10")]}
).astype({"start": "datetime64[us]"})  # fmt: skip
SPANS = [("a", "2023-10-17", "2023-10-22", 6), ("b", "2023-10-23", "2023-11-05", 14),
         ("c", "2023-11-06", "2023-11-09", 4), ("d", "2023-11-10", "2023-11-20", 11)]  # fmt: skip
SPAN = "phase:words start:day end:day days:Int64"


def test_phases_from_breakpoint_to_breakpoint() -> None:
    assert_table(phases(STARTS, D("2023-11-20")), SPAN, *SPANS)
    assert phases(STARTS, D("2023-11-10"))["days"].tolist() == [6, 14, 4, 1]
    with refuses("until 2023-11-09: expected a day not before the last breakpoint"):
        phases(STARTS, D("2023-11-09"))


def test_each_phase_beside_the_one_before_it_or_a_named_one() -> None:
    rates = pd.DataFrame(
        {"phase": list("abxcd"), "days": [10, 20, 20, 10, 10], "fewest": [2.4, 0.0, 0.0, 6.0, 6.0],
         "most": [4.6, 0.0, 0.0, 8.0, 8.0]}
    )  # fmt: skip
    found = phase_ratios(rates)
    pairs = found["phase"] + found["base"]
    assert pairs.tolist() == ["ba", "xb", "cx", "dc"]
    assert list(found) == ["phase", "base", "low", "high"]
    assert found["low"].tolist() == pytest.approx(
        [0, 0, rate_ratio(6, 10, 0, 20)[1], rate_ratio(6, 10, 8, 10)[1]]
    )
    assert found["high"].tolist() == pytest.approx(
        [rate_ratio(0, 20, 2.4, 10)[2], math.inf, math.inf, rate_ratio(8, 10, 6, 10)[2]]
    )
    assert phase_ratios(rates, "b")["phase"].tolist() == ["a", "x", "c", "d"]
    assert phase_ratios(rates, "a")["high"][2] == rate_ratio(8, 10, 2.4, 10)[2]
    assert phase_ratios(rates, "a")["low"][2] == rate_ratio(6, 10, 4.6, 10)[1]


def test_attacks_dated_in_phases() -> None:
    attack = {"kind": "attack_on_us_forces"}
    days = [("2023-11-20", "yes"), ("2023-10-16", "yes"), ("2023-10-22", "yes"),
            ("2023-10-23", "no"), ("2023-10-17", ""), ("2023-11-21", "yes")]  # fmt: skip
    events = rows(
        "events",
        *(attack | {"start": day, "us_confirmed": said} for day, said in days),
        {"start": "2023-11-06", "us_confirmed": "yes"},
    )
    backwards = phases(STARTS, D("2023-11-20")).iloc[::-1].reset_index(drop=True)
    assert_table(
        dated_in(events, backwards),
        f"{SPAN} dated:Int64 confirmed:Int64",
        (*SPANS[3], 1, 1), (*SPANS[2], 0, 0), (*SPANS[1], 1, 0), (*SPANS[0], 2, 1),
    )  # fmt: skip


def test_breakpoints_are_read_from_their_rows() -> None:
    tables = record(
        events=rows("events", {"event_id": "strike", "us_date": "2024-02-02"}, {"event_id": "f"}),
        milestones=rows("milestones", {"milestone_id": "m", "date": "2024-01-01"}),
        measures=rows("measures", {"measure_id": "p", "date": "2024-01-30"}),
    )
    starts = (
        ("Strike", "events", "strike"),
        ("Local", "events", "f"),
        ("Truce", "milestones", "m"),
        ("Pause", "measures", "p"),
    )
    assert_table(
        breakpoints(tables, starts),
        "phase:words start:day table:words row:words",
        ("Truce", "2024-01-01", "milestones", "m"),
        ("Pause", "2024-01-30", "measures", "p"),
        ("Strike", "2024-02-02", "events", "strike"),
        ("Local", "2024-02-03", "events", "f"),
    )
