"""Counts, rates, phases and predictions: whole answers, with their types and order."""

import math

import pandas as pd
import pytest
from scipy.stats import binom, binomtest, chi2
from unit_helpers import D, assert_table, record, refuses, rows

from strikes2024.analysis import (
    attack_rates,
    attacks_by_month,
    count_bounds,
    dated_in,
    dispersion,
    increments,
    leave_one_out,
    official_line,
    phase_rates,
    phase_ratios,
    phases,
    poisson_interval,
    predict_total,
    rate_ratio,
    rates_by_country,
    standing_counts,
    turning_points,
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
    assert_table(
        increments(COUNTS, "dod"),
        "start:day end:day days:Int64 attacks:Int64 tally_id:text",
        ("2023-10-16", "2023-10-20", 4, 6, "a"),
        ("2023-10-20", "2023-10-26", 6, 14, "b"),
        ("2023-10-26", "2023-11-05", 10, 20, "c"),
        ("2023-11-05", "2023-11-06", 1, 1, "d"),
        ("2023-11-06", "2023-11-16", 10, 9, "e"),
    )
    assert increments(COUNTS, "dod", "jordan")["attacks"].tolist() == [1]
    assert list(increments(COUNTS, "nobody")) == ["start", "end", "days", "attacks", "tally_id"]


RATES = "start:day end:day days:int64 attacks:int64 rate:float64 low:float64 high:float64"


def rated(start: str, end: str, length: int, attacks: int, unit: int = 1) -> tuple[object, ...]:
    low, high = chi2.ppf([0.025, 0.975], [2 * attacks, 2 * attacks + 2]) / 2 / length * unit
    return start, end, length, attacks, attacks / length * unit, low, high


def test_rates_between_counts() -> None:
    """4 days are too short, 6 more are not; the last day of all is joined to the ten after it."""
    wanted = [
        rated("2023-10-16", "2023-10-26", 10, 20),
        rated("2023-10-26", "2023-11-05", 10, 20),
        rated("2023-11-05", "2023-11-16", 11, 10),
    ]
    assert_table(attack_rates(COUNTS, "dod"), RATES, *wanted)
    first = rated("2023-10-16", "2023-10-20", 4, 6)
    assert attack_rates(COUNTS, "dod", min_days=4).iloc[0]["end"] == D(first[1])
    assert attack_rates(COUNTS, "dod", min_days=5).iloc[0]["end"] == D(wanted[0][1])
    assert list(attack_rates(COUNTS, "nobody")) == list(attack_rates(COUNTS, "dod"))


def test_rates_of_each_country() -> None:
    weekly = [
        ("total", "2023-10-16", "2023-10-26", 10, 20),
        ("total", "2023-10-26", "2023-11-05", 10, 20),
        ("total", "2023-11-05", "2023-11-16", 11, 10),
        ("iraq", "2023-10-16", "2023-10-26", 10, 12),
        ("iraq", "2023-10-26", "2023-11-05", 10, 10),
        ("syria", "2023-10-16", "2023-10-26", 10, 8),
        ("syria", "2023-10-26", "2023-11-05", 10, 9),
        ("jordan", "2023-10-16", "2023-11-05", 20, 1),
    ]
    assert_table(
        rates_by_country(COUNTS, "dod", unit_days=7),
        f"country:words {RATES}",
        *((row[0], *rated(*row[1:], unit=7)) for row in weekly),
    )
    daily = rates_by_country(COUNTS, "dod")
    assert daily["rate"].tolist()[:2] == [2, 2]
    # A stretch of six days stands alone for itself, but not by default, which is a week.
    assert len(rates_by_country(COUNTS, "dod", min_days=4)) == 11
    assert len(rates_by_country(COUNTS.iloc[1:4], "dod", min_days=10)) == 3
    assert len(rates_by_country(COUNTS.iloc[1:2], "dod")) == 0
    nobody = rates_by_country(COUNTS, "nobody")
    assert (len(nobody), list(nobody)) == (0, list(daily))
    seven = rows("tallies", count("x", "2023-10-23", "3"), count("y", "2023-10-29", "4"))
    assert rates_by_country(seven, "dod")["days"].tolist() == [7]


def test_what_counts_say_of_any_day() -> None:
    wanted = [
        ("2023-11-30", 50, NAN, NAN),
        ("2023-10-16", 0, 0, 0),
        ("2023-10-17", 0, 1.5, 6),
        ("2023-10-20", 6, 6, 6),
        ("2023-10-23", 6, 13, 40),  # "at least 20" three days later does not bound from above
        ("2023-10-26", 20, 20, 40),
        ("2023-10-31", 20, 30, 40),
        ("2023-11-16", 50, 50, NAN),
        ("2023-10-01", 0, 0, 0),
        ("2023-11-11", 41, 45.5, NAN),
    ]
    heads = "day:day low:float64 best:float64 high:float64"
    days = [D(row[0]) for row in wanted]
    assert_table(count_bounds(COUNTS, "dod", iter(days)), heads, *wanted)
    iraq = count_bounds(COUNTS, "dod", days[4:5], "iraq")
    assert_table(iraq, heads, ("2023-10-23", 4, 8, 22))
    nobody = count_bounds(COUNTS, "nobody", days[:2])
    assert_table(nobody, heads, *((row[0], 0, NAN, NAN) for row in wanted[:2]))


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
    low, high = statistic / chi2.ppf([0.975, 0.025], 5)
    tail = chi2.sf(statistic, 5)
    row = (7, 11, statistic / 5, low, high, tail)
    assert_table(dispersion(days, stretches), heads, row)
    low, high = statistic / chi2.ppf([0.75, 0.25], 5)
    half = dispersion(days, stretches, level=0.5)
    assert_table(half, heads, (*row[:3], low, high, tail))
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


def test_what_is_no_count_is_named() -> None:
    with refuses("count -1 and level 0.95: need count >= 0 and 0 < level < 1"):
        poisson_interval(-1)
    with refuses("dispersion 0: need a number above 0"):
        poisson_interval(1, dispersion=0)
    assert poisson_interval(0, 0.5, 0.5) == pytest.approx((0, -math.log(0.25) / 2))


TURNS = pd.DataFrame(
    {"phase": ["a", "b", "c", "d"],
     "start": [D("2023-10-17"), D("2023-10-23"), D("2023-11-06"), D("2023-11-10")]}
).astype({"start": "datetime64[us]"})  # fmt: skip
SPANS = [("a", "2023-10-17", "2023-10-22", 6), ("b", "2023-10-23", "2023-11-05", 14),
         ("c", "2023-11-06", "2023-11-09", 4), ("d", "2023-11-10", "2023-11-20", 11)]  # fmt: skip
SPAN = "phase:words start:day end:day days:Int64"


def test_phases_from_turn_to_turn() -> None:
    assert_table(phases(TURNS, D("2023-11-20")), SPAN, *SPANS)
    assert phases(TURNS, D("2023-11-10"))["days"].tolist() == [6, 14, 4, 1]
    with refuses("until 2023-11-09: expected a day not before the last turn"):
        phases(TURNS, D("2023-11-09"))


def limits(fewest: float, most: float, days: int, *how: float) -> tuple[float, float]:
    return poisson_interval(fewest, *how)[0] / days, poisson_interval(most, *how)[1] / days


def test_rates_of_phases() -> None:
    """a begins at 0 and ends at 6 to 40, b ends at 40, c at 41 or more, d at 50 or more."""
    stretches = phases(TURNS, D("2023-11-20")).set_index(pd.Index([4, 3, 2, 1]))
    heads = f"{SPAN} fewest:float64 attacks:float64 most:float64 rate:float64 low:float64"
    end_of_a, end_of_c = 6 + 14 * 2 / 6, 41 + 9 * 3 / 10
    found = phase_rates(COUNTS, "dod", stretches)
    assert_table(
        found,
        f"{heads} high:float64",
        (*SPANS[0], 6, end_of_a, 40, end_of_a / 6, *limits(6, 40, 6)),
        (*SPANS[1], 0, 40 - end_of_a, 34, (40 - end_of_a) / 14, *limits(0, 34, 14)),
        (*SPANS[2], 1, end_of_c - 40, NAN, (end_of_c - 40) / 4, limits(1, 1, 4)[0], NAN),
        (*SPANS[3], 9, NAN, NAN, NAN, limits(9, 9, 11)[0], NAN),
    )
    iraq = phase_rates(COUNTS, "dod", stretches, column="iraq", level=0.5, dispersion=2.0)
    low, high = limits(4, 22, 6, 0.5, 2.0)
    assert iraq.iloc[0, 4:].tolist() == pytest.approx([4, 20 / 3, 22, 20 / 3 / 6, low, high])
    assert iraq.iloc[1, 4:7].tolist() == pytest.approx([0, 22 - 20 / 3, 18])
    ratio = phase_ratios(found)
    assert_table(
        ratio,
        "phase:words base:words ratio:float64 low:float64 high:float64",
        ("b", "a", found["rate"][1] / found["rate"][0], 0, rate_ratio(34, 14, 6, 6)[2]),
    )
    back = phase_ratios(found, "b", 0.5)
    low = rate_ratio(6, 6, 34, 14, 0.5)[1]
    assert_table(
        back,
        "phase:words base:words ratio:float64 low:float64 high:float64",
        ("a", "b", found["rate"][0] / found["rate"][1], low, math.inf),
    )
    assert list(phase_ratios(found.iloc[:1])) == list(ratio)
    with refuses("there is no phase 'd' with a known count"):
        phase_ratios(found, "d")


def test_each_phase_beside_the_one_before_it_or_a_named_one() -> None:
    rates = pd.DataFrame(
        {"phase": list("abxcd"), "days": [10, 20, 20, 10, 10], "fewest": [2.4, 0.0, 0.0, 6.0, 6.0],
         "most": [4.6, 0.0, 0.0, 8.0, 8.0], "rate": [0.3, 0.0, 0.0, 1.0, 1.0]}
    )  # fmt: skip
    found = phase_ratios(rates)
    pairs = found["phase"] + found["base"]
    assert pairs.tolist() == ["ba", "xb", "cx", "dc"]
    assert found["ratio"].tolist() == pytest.approx([0, NAN, math.inf, 1], nan_ok=True)
    assert found["low"].tolist() == pytest.approx(
        [0, 0, rate_ratio(6, 10, 0, 20)[1], rate_ratio(6, 10, 8, 10)[1]]
    )
    assert found["high"].tolist() == pytest.approx(
        [rate_ratio(0, 20, 2, 10)[2], math.inf, math.inf, rate_ratio(8, 10, 6, 10)[2]]
    )
    assert phase_ratios(rates, "b")["phase"].tolist() == ["a", "x", "c", "d"]
    assert phase_ratios(rates, "a")["high"][2] == rate_ratio(8, 10, 2, 10)[2]
    assert phase_ratios(rates, "a")["low"][2] == rate_ratio(6, 10, 5, 10)[1]


def test_attacks_dated_in_phases() -> None:
    attack = {"kind": "attack_on_us_forces"}
    days = [("2023-11-20", "yes"), ("2023-10-16", "yes"), ("2023-10-22", "yes"),
            ("2023-10-23", "no"), ("2023-10-17", ""), ("2023-11-21", "yes")]  # fmt: skip
    events = rows(
        "events",
        *(attack | {"start": day, "us_confirmed": said} for day, said in days),
        {"start": "2023-11-06", "us_confirmed": "yes"},
    )
    backwards = phases(TURNS, D("2023-11-20")).iloc[::-1].reset_index(drop=True)
    assert_table(
        dated_in(events, backwards),
        f"{SPAN} dated:Int64 confirmed:Int64",
        (*SPANS[3], 1, 1), (*SPANS[2], 0, 0), (*SPANS[1], 1, 0), (*SPANS[0], 2, 1),
    )  # fmt: skip


def test_turns_are_read_from_their_rows() -> None:
    tables = record(
        events=rows("events", {"event_id": "strike", "us_date": "2024-02-02"}, {"event_id": "f"}),
        milestones=rows("milestones", {"milestone_id": "m", "date": "2024-01-01"}),
        measures=rows("measures", {"measure_id": "p", "date": "2024-01-30"}),
    )
    turns = (("Strike", "events", "strike"), ("Local", "events", "f"), ("Truce", "milestones", "m"),
             ("Pause", "measures", "p"))  # fmt: skip
    assert_table(
        turning_points(tables, turns),
        "phase:words start:day table:words row:words",
        ("Truce", "2024-01-01", "milestones", "m"),
        ("Pause", "2024-01-30", "measures", "p"),
        ("Strike", "2024-02-02", "events", "strike"),
        ("Local", "2024-02-03", "events", "f"),
    )


def foretold(day: str, **how: float | str) -> tuple[float, float, float]:
    found = predict_total(COUNTS, day, "dod", **how)
    return found.low, found.best, found.high


def test_the_total_of_a_day() -> None:
    """6 on 20 October, 40 on 5 November: ten days of sixteen have gone by on the 30th."""
    low, high = 6 + binom.ppf([0.05, 0.95], 34, 10 / 16)
    assert foretold("2023-10-30") == (low, 27.25, high)
    low, high = 6 + binom.ppf([0.25, 0.75], 34, 10 / 16)
    assert foretold("2023-10-30 13:00", level=0.5) == (low, 27.25, high)
    found = predict_total(COUNTS, "2023-10-30", "dod", level=0.5)
    assert (found.claims, found.rule, found.open_ended) == (
        ("a", "c"), "interpolated, 50%", False,
    )  # fmt: skip
    # "At least 12" on that day lifts what is foretold without it.
    low, high = 4 + binom.ppf([0.05, 0.95], 18, 6 / 16)
    assert low < 4 + 18 * 6 / 16 < 12
    assert foretold("2023-10-26", column="iraq") == (12, 12, high)
    assert foretold("2023-10-16") == foretold("2023-10-15") == (0, 0, 0)
    early = predict_total(COUNTS, "2023-10-15", "dod")
    assert (early.claims, early.rule, early.open_ended) == (
        (), "before the first day counted", False,
    )  # fmt: skip
    on_first = predict_total(COUNTS, "2023-10-16", "dod")
    assert (on_first.claims, on_first.rule) == ((), "interpolated, 90%")
    first = predict_total(COUNTS, "2023-10-18", "dod")
    assert (first.best, first.claims) == (3, ("a",))
    on = predict_total(COUNTS, "2023-11-05", "dod")
    assert (on.low, on.best, on.high, on.claims) == (40, 40, 40, ("c",))
    after = predict_total(COUNTS, "2023-11-10", "dod")
    assert (after.low, after.claims, after.open_ended) == (41, ("d",), True)
    assert math.isnan(after.best)
    assert math.isnan(after.high)
    assert predict_total(COUNTS, "2023-11-16", "dod").low == 50
    with refuses("nobody has no closed count in 'iraq' to predict from"):
        predict_total(COUNTS, "2023-10-30", "nobody", column="iraq")


def test_counts_foretold_from_the_others() -> None:
    heads = (
        "tally_id:text as_of:day count:Int64 qualifier:category"
        " low:float64 best:float64 high:float64 held:boolean"
    )

    def ends(base: int, rise: int, share: float, level: float = 0.9) -> tuple[float, ...]:
        tails = [(1 - level) / 2, (1 + level) / 2]
        low, high = base + binom.ppf(tails, rise, share)
        return low, base + rise * share, high

    assert_table(
        leave_one_out(COUNTS, "dod"),
        heads,
        ("a", "2023-10-20", 6, "exactly", *ends(0, 40, 4 / 20), True),
        ("lag", "2023-10-22", 5, "exactly", *ends(6, 34, 2 / 16), False),
        ("b", "2023-10-26", 20, "at_least", *ends(6, 34, 6 / 16), True),
        ("c2", "2023-11-05", 38, "exactly", *ends(6, 35, 16 / 17), True),
        ("c", "2023-11-05", 40, "exactly", *ends(6, 35, 16 / 17), True),
    )
    assert_table(leave_one_out(COUNTS, "nobody"), heads)
    assert_table(leave_one_out(COUNTS[COUNTS["tally_id"] == "e"], "dod"), heads)
    iraq = leave_one_out(COUNTS, "dod", column="iraq", level=0.5)
    assert_table(
        iraq,
        heads,
        ("a", "2023-10-20", 4, "exactly", *ends(0, 22, 4 / 20, 0.5), True),
        ("b", "2023-10-26", 12, "at_least", *ends(4, 18, 6 / 16, 0.5), True),
    )
    spread = leave_one_out(COUNTS, "dod", dispersion=3.0)
    assert (spread["high"] - spread["low"] > [8, 7, 9, 5, 5]).all()
