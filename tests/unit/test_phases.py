"""Counts between statements, phases, ratios, predictions: by hand, by SciPy, for any input."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import betabinom, binom, binomtest, chi2

import strikes2024
from strikes2024.analysis import (
    count_bounds,
    dated_in,
    dispersion,
    leave_one_out,
    phase_rates,
    phase_ratios,
    phases,
    poisson_interval,
    predict_total,
    rate_ratio,
    rates_by_country,
    turning_points,
)
from strikes2024.campaign import (
    PHASES,
    campaign_phases,
    campaign_rates,
    country_rates,
    predicted_counts,
)

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


def at(frame: pd.DataFrame, day: str) -> list[float]:
    row = count_bounds(frame, "dod", [D(day)]).iloc[0]
    return [row["low"], row["best"], row["high"]]


def test_count_bounds_by_hand() -> None:
    assert at(COUNTS, "2023-10-16") == [0, 0, 0]
    assert at(COUNTS, "2023-10-21") == [0, 10, 20]
    assert at(COUNTS, "2023-10-26") == [20, 20, 20]
    # "At least 25" bounds from below alone; the next closed count is 40.
    assert at(COUNTS, "2023-10-31") == [25, 25, 40]
    assert at(COUNTS, "2023-11-02") == [25, 31, 40]
    assert at(COUNTS, "2023-11-10") == [40, 40, 40]
    low, best, high = at(COUNTS, "2023-11-20")
    assert (low, best) == (50, 50)
    assert math.isnan(high)
    low, best, high = at(COUNTS, "2023-12-01")
    assert low == 50
    assert math.isnan(best)
    assert math.isnan(high)


def test_count_bounds_of_nobody_are_open() -> None:
    row = count_bounds(COUNTS, "nobody", [D("2023-11-01")]).iloc[0]
    assert row["low"] == 0
    assert math.isnan(row["high"])


rises = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 9), st.sampled_from(["exactly", "at_least"])),
    min_size=1,
    max_size=15,
)


def built(steps: list[tuple[int, int, str]]) -> pd.DataFrame:
    day, total, rows = D("2023-10-16"), 0, []
    for rise, days, qualifier in steps:
        day, total = day + pd.Timedelta(days=days), total + rise
        rows.append((str(day.date()), total, qualifier))
    return tallies(*rows)


@few
@given(rises, st.integers(0, 99))
def test_counts_never_fall_lie_in_order_and_ignore_the_order_of_rows(steps, seed) -> None:
    frame = built(steps)
    days = pd.date_range("2023-10-14", frame["as_of"].max())
    found = count_bounds(frame, "dod", days)
    for name in ("low", "best", "high"):
        assert (found[name].dropna().diff().dropna() >= -1e-9).all()
    assert (found["low"] <= found["best"] + 1e-9).all()
    closed = found.dropna()
    assert (closed["best"] <= closed["high"] + 1e-9).all()
    shuffled = frame.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(count_bounds(shuffled, "dod", days), found)
    twice = pd.concat([frame, frame.assign(tally_id=frame["tally_id"] + "x")])
    pd.testing.assert_frame_equal(count_bounds(twice, "dod", days), found)


@pytest.fixture(scope="module")
def record() -> strikes2024.Tables:
    return strikes2024.load()


def test_turning_points_are_read_from_the_tables(record) -> None:
    turns = turning_points(record, PHASES).set_index("row")["start"]
    assert turns["2023-11-24-gaza-truce"] == D("2023-11-24")
    assert turns["us-strikes-2024-02-02"] == D("2024-02-02")  # the US day, not the local one
    assert turns["2024-01-30-kataib-hezbollah-suspension-of-attacks"] == D("2024-01-30")
    with pytest.raises(KeyError):
        turning_points(record, (("x", "events", "no-such-event"),))


def test_phases_follow_each_other_without_a_gap() -> None:
    turns = pd.DataFrame({"phase": ["a", "b"], "start": [D("2023-10-17"), D("2023-10-27")]})
    found = phases(turns, D("2023-11-05"))
    assert found["end"].tolist() == [D("2023-10-26"), D("2023-11-05")]
    assert found["days"].tolist() == [10, 10]
    with pytest.raises(ValueError, match="not before the last turn"):
        phases(turns, D("2023-10-20"))


def test_phase_rates_by_hand() -> None:
    turns = pd.DataFrame({"phase": ["a", "b"], "start": [D("2023-10-17"), D("2023-10-27")]})
    rates = phase_rates(COUNTS, "dod", phases(turns, D("2023-11-05")))
    assert rates[["fewest", "attacks", "most"]].to_numpy().tolist() == [[20] * 3, [20] * 3]
    low, high = poisson_interval(20)
    assert rates["rate"].tolist() == [2, 2]
    assert rates["low"].tolist() == pytest.approx([low / 10] * 2)
    assert rates["high"].tolist() == pytest.approx([high / 10] * 2)


def test_a_phase_between_two_counts_has_a_range() -> None:
    turns = pd.DataFrame(
        {"phase": ["a", "b", "c"], "start": [D("2023-10-17"), D("2023-10-22"), D("2023-10-24")]}
    )
    rates = phase_rates(COUNTS, "dod", phases(turns, D("2023-10-26")))
    # Anything from none to all of the 20 may have fallen into each of the three.
    assert rates["fewest"].tolist() == [0, 0, 0]
    assert rates["most"].tolist() == [20, 20, 20]
    assert rates["attacks"].tolist() == [10, 4, 6]


@few
@given(rises, st.floats(1, 4))
def test_phase_attacks_add_up_and_lie_in_their_range(steps, spread) -> None:
    frame = built([*steps, (3, 2, "exactly")])
    first, last = D("2023-10-17"), frame["as_of"].max()
    middle = (first + (last - first) / 2).normalize()
    turns = pd.DataFrame({"phase": ["a", "b"], "start": [first, middle]})
    turns = turns.drop_duplicates("start")
    rates = phase_rates(frame, "dod", phases(turns, last))
    assert rates["attacks"].sum() == pytest.approx(frame["total"].max())
    assert (rates["fewest"] <= rates["attacks"] + 1e-9).all()
    assert (rates["attacks"] <= rates["most"] + 1e-9).all()
    assert (rates["low"] <= rates["rate"] + 1e-9).all()
    assert (rates["rate"] <= rates["high"] + 1e-9).all()
    wider = phase_rates(frame, "dod", phases(turns, last), dispersion=spread)
    assert (wider["high"] >= rates["high"] - 1e-9).all()


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
         "rate": [1.1, 0.1]}
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
    assert row["low"] == pytest.approx(8 / chi2.ppf(0.975, 3))
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


def test_predict_total_agrees_with_scipy() -> None:
    found = predict_total(COUNTS, "2023-10-28", "dod")
    # From 20 on 26 October to 40 on 5 November: 2 of 10 days.
    assert found.best == 24
    assert found.low == max(20, 20 + binom.ppf(0.05, 20, 0.2))
    assert found.high == 20 + binom.ppf(0.95, 20, 0.2)
    assert found.claims == ("t0", "t2")
    spread = predict_total(COUNTS, "2023-10-28", "dod", dispersion=2)
    assert spread.high == 20 + betabinom.ppf(0.95, 20, 2 * 2, 2 * 8)
    assert spread.high > found.high


def test_predict_total_at_the_ends_of_the_record() -> None:
    before = predict_total(COUNTS, "2023-10-01", "dod")
    assert (before.low, before.best, before.high) == (0, 0, 0)
    on = predict_total(COUNTS, "2023-11-05", "dod")
    assert (on.low, on.best, on.high) == (40, 40, 40)
    after = predict_total(COUNTS, "2023-12-24", "dod")
    assert after.low == 50  # "at least 50" is the last word
    assert math.isnan(after.best)
    assert after.open_ended
    with pytest.raises(ValueError, match="nobody has no closed count"):
        predict_total(COUNTS, "2023-11-01", "nobody")


def test_an_open_count_lifts_the_prediction() -> None:
    frame = tallies(("2023-10-26", 0, "exactly"), ("2023-10-28", 9, "at_least"),
                    ("2023-11-05", 10, "exactly"))  # fmt: skip
    found = predict_total(frame, "2023-10-29", "dod")
    assert (found.low, found.best) == (9, 9)


@few
@given(rises, st.integers(0, 60), st.floats(1, 5))
def test_predictions_lie_between_the_counts(steps, ahead, spread) -> None:
    frame = built([*steps, (3, 2, "exactly")])
    day = min(D("2023-10-17") + pd.Timedelta(days=ahead), frame["as_of"].max())
    found = predict_total(frame, day, "dod", dispersion=spread)
    assert found.low <= found.best + 1e-9
    assert found.best <= found.high + 1e-9
    bound = count_bounds(frame, "dod", [day]).iloc[0]
    assert bound["low"] <= found.low
    assert found.high <= bound["high"]


def test_each_count_is_predicted_without_itself() -> None:
    frame = tallies(("2023-10-26", 10, "exactly"), ("2023-10-31", 11, "exactly"),
                    ("2023-11-05", 20, "exactly"), ("2023-11-06", 15, "at_least"),
                    ("2023-11-15", 30, "exactly"))  # fmt: skip
    found = leave_one_out(frame, "dod").set_index("tally_id")
    assert found.loc["t1", "best"] == 15
    assert found.loc["t1", "low"] == 10 + binom.ppf(0.05, 10, 0.5)
    assert not found.loc["t1", "held"] or found.loc["t1", "low"] <= 11
    assert found.loc["t3", "held"]  # a lower bound below what is predicted contradicts nothing
    assert "t4" not in found.index  # nothing follows to predict it from
    assert leave_one_out(frame, "nobody").empty


def test_evenly_rising_counts_are_all_held() -> None:
    frame = tallies(*((f"2023-11-{day:02}", 2 * day + 28, "exactly") for day in range(1, 29)))
    assert leave_one_out(frame, "dod")["held"].all()


def test_coverage_on_the_record_is_near_its_level_when_salvos_are_allowed_for(record) -> None:
    with_salvos, without = predicted_counts(record), predicted_counts(record, salvos=False)
    assert len(with_salvos) == len(without) >= 30
    assert 0.8 <= with_salvos["held"].mean() <= 0.98
    assert without["held"].mean() < with_salvos["held"].mean()


def test_the_campaigns_phases_hold_the_official_counts(record) -> None:
    """73 on 23 November, 74 on 30 November: one attack in the truce; 36 from 170 to 206."""
    rates = campaign_rates(record).set_index("phase")
    truce = rates.loc["Truce in Gaza"]
    assert (truce["fewest"], truce["attacks"], truce["most"], truce["days"]) == (1, 1, 1, 7)
    assert rates.loc["From the first later attack", "most"] == 36
    assert rates["attacks"].sum() == pytest.approx(206)


def test_rates_by_country_and_by_week(record) -> None:
    daily = rates_by_country(record.tallies, "us-dod")
    weekly = rates_by_country(record.tallies, "us-dod", unit_days=7)
    assert set(daily["country"]) == {"total", "iraq", "syria", "jordan"}
    assert weekly["rate"].tolist() == pytest.approx((daily["rate"] * 7).tolist())
    total = daily[daily["country"] == "total"]
    assert total["attacks"].sum() == 206
    assert rates_by_country(record.tallies, "nobody").empty


def test_the_table_of_countries_by_hand(record) -> None:
    """Iraq: 29 by 17 November, 47 by 21 December, 66 by 29 January; Syria: 33, 55, 98."""
    rates = country_rates(record)
    iraq, syria = (rates[rates["country"] == name] for name in ("iraq", "syria"))
    assert iraq["attacks"].tolist() == [29, 18, 19, 13]
    assert syria["attacks"].tolist() == [33, 22, 43, 27]
    assert iraq["days"].tolist() == [32, 34, 39, 297]
    first = iraq.iloc[0]
    assert first["rate"] == pytest.approx(29 / 32 * 7)
    ends = chi2.ppf([0.025, 0.975], [2 * 29, 2 * 29 + 2]) / 2
    assert (first["low"], first["high"]) == pytest.approx(tuple(ends / 32 * 7))
