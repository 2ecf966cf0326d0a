"""Counts between statements, phases, ratios, predictions: by hand, by SciPy, for any input."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, chi2

import strikes2024
from strikes2024.analysis import (
    breakpoints,
    dated_in,
    dispersion,
    interval_bounds,
    interval_rates,
    phase_ratios,
    phases,
    poisson_interval,
    rate_ratio,
    rates_by_country,
    without,
)
from strikes2024.campaign import (
    COUNTER,
    PHASES,
    campaign_conflict,
    campaign_statements,
    count_bounds,
)
from strikes2024.campaign.questions import campaign_phases, campaign_rates, country_rates

D = pd.Timestamp
few = settings(max_examples=min(25, settings.default.max_examples))


def tallies(*rows: tuple[str, int, str]) -> pd.DataFrame:
    """Counts of one claimant since 2023-10-17: day, total, qualifier."""
    frame = pd.DataFrame(
        [
            {
                "tally_id": f"t{i}", "claimant": "dod", "counts": "attacks", "place": pd.NA,
                "counted_from": D("2023-10-17"), "as_of": D(day), "total": total,
                "iraq": pd.NA, "syria": pd.NA, "jordan": pd.NA, "qualifier": qualifier,
                "status": "stands",
            }
            for i, (day, total, qualifier) in enumerate(rows)
        ]
    )  # fmt: skip
    numbers = dict.fromkeys(["total", "iraq", "syria", "jordan"], "Int64")
    return frame.astype({**numbers, "place": "string"})


COUNTS = tallies(
    ("2023-10-26", 20, "exactly"),
    ("2023-10-31", 25, "at_least"),
    ("2023-11-05", 40, "exactly"),
    ("2023-11-15", 40, "about"),
    ("2023-11-20", 50, "at_least"),
)


@pytest.fixture(scope="module")
def record() -> strikes2024.Tables:
    return strikes2024.load()


def test_breakpoints_are_read_from_the_tables(record) -> None:
    starts = breakpoints(record, PHASES).set_index("row")["start"]
    assert starts["2023-11-24-gaza-truce"] == D("2023-11-24")
    assert starts["us-strikes-2024-02-02"] == D("2024-02-02")  # the US day, not the local one
    assert starts["2024-01-30-kataib-hezbollah-suspension-of-attacks"] == D("2024-01-30")
    with pytest.raises(KeyError):
        breakpoints(record, (("x", "events", "no-such-event"),))


def test_phases_follow_each_other_without_a_gap() -> None:
    starts = pd.DataFrame({"phase": ["a", "b"], "start": [D("2023-10-17"), D("2023-10-27")]})
    found = phases(starts, D("2023-11-05"))
    assert found["end"].tolist() == [D("2023-10-26"), D("2023-11-05")]
    assert found["days"].tolist() == [10, 10]
    with pytest.raises(ValueError, match="not before the last breakpoint"):
        phases(starts, D("2023-10-20"))


def test_rates_of_what_is_known_within_a_range() -> None:
    known = pd.DataFrame({"days": [10, 5], "fewest": [20, 0], "most": [20, None]})
    known = known.astype({"days": "Int64", "fewest": "Int64", "most": "Int64"})
    rates = interval_rates(known, unit_days=5)
    low, high = poisson_interval(20)
    assert rates.loc[0, ["rate_low", "rate_high"]].tolist() == [10, 10]
    assert rates.loc[0, ["low", "high"]].tolist() == pytest.approx([low / 2, high / 2])
    assert rates.loc[1, ["rate_low", "low"]].tolist() == [0, 0]
    assert rates.loc[1, ["rate_high", "high"]].isna().all()
    wide = interval_rates(known, dispersion=2.0, level=0.5)
    assert wide.loc[0, "high"] == pytest.approx(poisson_interval(20, 0.5, 2.0)[1] / 10)


def test_rate_ratio_known_answer() -> None:
    """20 in 10 days against 10 in 10 days: the share of the first is 20 of 30."""
    ratio, low, high, p_value = rate_ratio(20, 10, 10, 10)
    share = binomtest(20, 30).proportion_ci(0.95)
    assert ratio == pytest.approx(2)
    assert low == pytest.approx(share.low / (1 - share.low))
    assert high == pytest.approx(share.high / (1 - share.high))
    assert p_value == pytest.approx(binomtest(20, 30, 0.5).pvalue)


@given(st.integers(0, 200), st.integers(0, 200), st.floats(1, 100), st.floats(1, 100))
def test_rate_ratio_limits_leave_the_right_tails(count, other, days, other_days) -> None:
    ratio, low, high, _ = rate_ratio(count, days, other, other_days)
    if count + other == 0:
        assert math.isnan(ratio)
        return
    assert low <= ratio <= high
    both = count + other

    def share(value: float) -> float:
        return value * days / (value * days + other_days)

    if count > 0:
        assert binom.sf(count - 1, both, share(low)) == pytest.approx(0.025, rel=1e-4)
    if count < both:
        assert binom.cdf(count, both, share(high)) == pytest.approx(0.025, rel=1e-4)
    turned = rate_ratio(other, other_days, count, days)
    if count and other:
        assert turned[1] == pytest.approx(1 / high, rel=1e-6)


def test_rate_ratio_refuses_nonsense() -> None:
    for wrong in ((-1, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, -2)):
        with pytest.raises(ValueError, match="need >= 0, > 0"):
            rate_ratio(*wrong)


def test_phase_ratios_take_the_widest_division() -> None:
    rates = pd.DataFrame(
        {"phase": ["a", "b"], "days": [10, 10], "fewest": [10.0, 0.0], "most": [12.0, 2.0],
         }
    )  # fmt: skip
    row = phase_ratios(rates).iloc[0]
    assert row["low"] == pytest.approx(rate_ratio(0, 10, 12, 10)[1])
    assert row["high"] == pytest.approx(rate_ratio(2, 10, 10, 10)[2])
    assert phase_ratios(rates, "b")["phase"].tolist() == ["a"]
    with pytest.raises(ValueError, match="no phase 'x'"):
        phase_ratios(rates, "x")


def test_dated_attacks_fall_into_one_phase_each(record) -> None:
    stretches = campaign_phases(record)
    found = dated_in(record.events, stretches)
    e = record.events
    attacks = e[
        (e["kind"] == "attack_on_us_forces")
        & e["start"].between(stretches["start"].min(), stretches["end"].max())
    ]
    assert found["dated"].sum() == len(attacks)
    assert found["confirmed"].sum() == (attacks["us_confirmed"] == "yes").sum()


def test_dispersion_by_hand() -> None:
    """0, 4, 0, 4 in four days: mean 2, squares 16, so 16 / 2 / 3."""
    days = pd.Series([D("2024-01-02")] * 4 + [D("2024-01-04")] * 4)
    stretch = pd.DataFrame({"start": [D("2024-01-01")], "end": [D("2024-01-04")]})
    row = dispersion(days, stretch).iloc[0]
    assert row["index"] == pytest.approx(8 / 3)
    assert row["p_value"] == pytest.approx(chi2.sf(8, 3))
    # The index of 4, 0, 0, 0 is four; of four days alike, nought.
    assert (row["low"], row["high"]) == pytest.approx((0, 4))
    assert (row["days"], row["events"]) == (4, 8)


def test_dispersion_of_nothing_is_missing() -> None:
    stretch = pd.DataFrame({"start": [D("2024-01-01")], "end": [D("2024-01-04")]})
    row = dispersion(pd.Series([], dtype="datetime64[us]"), stretch).iloc[0]
    assert math.isnan(row["index"])


@given(st.integers(1, 50), st.integers(2, 30))
def test_an_even_series_is_not_dispersed(per_day, length) -> None:
    days = pd.Series(pd.date_range("2024-01-01", periods=length).repeat(per_day))
    stretch = pd.DataFrame({"start": [D("2024-01-01")], "end": [days.max()]})
    assert dispersion(days, stretch)["index"].iloc[0] == pytest.approx(0)


def test_quasi_poisson_interval_is_wider_by_the_dispersion() -> None:
    low, high = poisson_interval(20, dispersion=2)
    half = poisson_interval(10)
    assert (low, high) == pytest.approx((2 * half[0], 2 * half[1]))
    with pytest.raises(ValueError, match="dispersion"):
        poisson_interval(20, dispersion=0)


def test_the_campaigns_phases_hold_the_official_counts(record) -> None:
    """What is drawn can come true all at once: the ranges of the phases meet the whole."""
    rates = campaign_rates(record)
    assert (rates["fewest"] <= rates["most"]).all()
    assert (rates["low"] <= rates["rate_low"]).all()
    assert (rates["rate_high"] <= rates["high"]).all()
    last = record.tallies["as_of"].max()
    whole = pd.DataFrame({"start": [rates["start"].min()], "end": [rates["end"].max()]})
    total = count_bounds(record, whole).iloc[0]
    assert rates["fewest"].sum() <= total["fewest"]
    assert rates["end"].max() <= last
    confirmed = rates["confirmed"] - rates["fewest"]
    assert (confirmed <= 1).all()  # a local day may be the day before in the count


def test_the_sets_that_give_way_let_the_others_hold(record) -> None:
    said = campaign_statements(record)
    found = campaign_conflict(record)
    week = pd.DataFrame({"start": [D("2024-02-02")], "end": [D("2024-02-06")]})
    assert found.gives_way in found.sets
    for gone in found.sets:
        interval_bounds(without(said, gone), week)
    assert set(found.gives_way) <= {key for clash in found.clashes for key in clash}


def test_rates_by_country_and_by_week(record) -> None:
    daily = rates_by_country(record.tallies, COUNTER)
    weekly = rates_by_country(record.tallies, COUNTER, unit_days=7)
    assert set(daily["country"]) == {"total", "iraq", "syria", "jordan"}
    assert weekly["high"].tolist() == pytest.approx((daily["high"] * 7).tolist())
    assert rates_by_country(record.tallies, "nobody").empty
    weeks = country_rates(record)
    # The statements limit each; an older solver, asked about whole numbers, may not tell so.
    assert weeks["most"].notna().all()
    assert set(weeks["country"]) == {"iraq", "syria"}
    assert (weeks["fewest"] <= weeks["most"]).all()
    # Both stand on the same statements: the countries need no more attacks than all together.
    together = count_bounds(record, weeks[["start", "end"]].drop_duplicates(ignore_index=True))
    assert (weeks.groupby("start")["fewest"].sum() <= together.set_index("start")["fewest"]).all()
