"""Totals foretold from totals: against SciPy, against enumeration, and on the record."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import gammaln
from scipy.stats import betabinom, binom
from unit_helpers import D, refuses, rows

import strikes2024
from strikes2024.analysis import leave_one_out, predict_total, prediction_scores
from strikes2024.campaign import SPEAKERS
from strikes2024.campaign.questions import count_scores

FIRST = D("2023-10-17")


def counts(*told: tuple[str, int, str], **more: str) -> pd.DataFrame:
    return rows(
        "tallies",
        *(
            {"tally_id": f"t{at}", "as_of": day, "stated": day, "total": str(n), "qualifier": hedge}
            | more
            for at, (day, n, hedge) in enumerate(told)
        ),
    )


COUNTS = counts(
    ("2023-10-26", 20, "exactly"),
    ("2023-11-05", 40, "exactly"),
    ("2023-12-20", 50, "at_least"),
)


def ends(found) -> tuple[float, float, float]:
    return found.low, found.best, found.high


def test_between_two_exact_totals_it_is_binomial_or_beta_binomial() -> None:
    found = predict_total(COUNTS, "2023-10-28", "dod", dispersion=1.0)
    low, high = 20 + binom.ppf([0.05, 0.95], 20, 0.2)
    assert ends(found) == pytest.approx((low, 24, high))
    assert found.claims == ("t0", "t1")
    assert (found.rule, found.open_ended) == ("conditional, 90%", False)
    spread = predict_total(COUNTS, "2023-10-28", "dod", dispersion=2, level=0.5)
    low, high = 20 + betabinom.ppf([0.25, 0.75], 20, 2 * 2, 2 * 8)
    assert ends(spread) == pytest.approx((low, 24, high))


def test_how_far_totals_stray_is_learnt_from_them() -> None:
    """Half-way from 0 to 10 stands 8: (8 - 5)^2 / 2.5 = 10 x / (10 + x - 1) where x = 5.0625.

    Half-way from 8 to 18 stands 10, which strays as far.
    """
    days = ("2023-10-21", 8), ("2023-10-26", 10), ("2023-10-31", 18)
    told = counts(*((*day, "exactly") for day in days))
    for level in np.arange(0.05, 1, 0.05):
        learnt = predict_total(told, "2023-10-24", "dod", level=level)
        given = predict_total(told, "2023-10-24", "dod", level=level, dispersion=5.0625)
        assert ends(learnt) == pytest.approx(ends(given))


def test_a_rise_of_one_counts_for_how_far_totals_stray() -> None:
    """Of totals in threes two rise by 10, one by 8 and the last by 1, a quarter of the way on."""
    days = (("2023-10-21", 8), ("2023-10-26", 10), ("2023-10-31", 18), ("2023-11-05", 18),
            ("2023-11-20", 19))  # fmt: skip
    told = counts(*((*day, "exactly") for day in days))
    strayed = 9 / 2.5 + 9 / 2.5 + 16 / 2 + 0.25**2 / (0.25 * 0.75)
    spread = brentq(lambda x: 20 * x / (9 + x) + 8 * x / (7 + x) + 1 - strayed, 1, 18)
    for level in np.arange(0.02, 1, 0.02):
        learnt = predict_total(told, "2023-10-19", "dod", level=level)
        given = predict_total(told, "2023-10-19", "dod", level=level, dispersion=spread)
        assert ends(learnt) == pytest.approx(ends(given))


def test_at_the_ends_of_the_record() -> None:
    before = predict_total(COUNTS, "2023-10-01", "dod")
    assert (*ends(before), before.rule) == (0, 0, 0, "before the first day counted")
    assert ends(predict_total(COUNTS, "2023-10-16", "dod")) == (0, 0, 0)
    on = predict_total(COUNTS, "2023-11-05", "dod")
    assert (*ends(on), on.claims) == (40, 40, 40, ("t1",))
    after = predict_total(COUNTS, "2023-12-24", "dod")
    assert (after.low, after.open_ended, after.claims) == (50, True, ("t1",))
    assert math.isnan(after.best)
    assert math.isnan(after.high)
    with refuses("nobody has no closed count in 'total' to predict from"):
        predict_total(COUNTS, "2023-11-01", "nobody")
    with refuses("dod has no closed count in 'iraq' to predict from"):
        predict_total(COUNTS, "2023-11-01", "dod", column="iraq")


def test_whoever_gave_most_totals_is_asked_by_default() -> None:
    other = counts(("2023-10-26", 5, "exactly"), claimant="other").assign(tally_id="o")
    both = pd.concat([other, COUNTS], ignore_index=True)
    assert predict_total(both, "2023-10-26").low == 20
    split = counts(*((f"2023-11-0{day}", day, "exactly") for day in range(1, 6)),
                   claimant="other", place="al-asad")  # fmt: skip
    split["tally_id"] = "s" + split["tally_id"].astype("string")
    assert predict_total(pd.concat([split, COUNTS]), "2023-10-26").low == 20  # totals, no splits
    shared = predict_total(both, "2023-10-26", ("dod", "other"))
    assert (shared.low, shared.high) == (5, 20)


def test_an_open_count_is_a_condition_and_no_point() -> None:
    """97 or more, between 78 and 102: above 97 the chance falls off, by a factor e an attack."""
    told = counts(
        ("2023-12-08", 78, "exactly"), ("2023-12-13", 97, "at_least"),
        ("2023-12-20", 102, "exactly"),
    )  # fmt: skip
    on = predict_total(told, "2023-12-13", "dod", dispersion=1.0)
    chance = binom.pmf(np.arange(25), 24, 5 / 12)
    chance[:19] = 0
    chance *= np.exp(19 - np.arange(25))  # the line lies below 97: the least excess, one
    chance /= chance.sum()
    assert on.best == pytest.approx(78 + chance @ np.arange(25))
    assert on.low == 97 < on.high
    later = predict_total(told, "2023-12-15", "dod", dispersion=1.0)
    assert later.low == 97 < later.best < later.high <= 102


def test_only_statements_fix_the_count() -> None:
    told = counts(
        ("2023-12-01", 10, "exactly"), ("2023-12-05", 10, "about"), ("2023-12-09", 10, "exactly"),
        ("2023-12-19", 60, "exactly"), ("2023-12-19", 50, "exactly"), ("2023-12-29", 70, "about"),
    )  # fmt: skip
    assert ends(predict_total(told, "2023-12-05", "dod")) == (10, 10, 10)
    assert ends(predict_total(told, "2023-12-19", "dod")) == (50, 60, 60)
    about = predict_total(counts(("2023-12-01", 0, "exactly"), ("2023-12-05", 30, "about"),
                                 ("2023-12-09", 60, "exactly")), "2023-12-05", "dod")  # fmt: skip
    assert 25 <= about.low < about.best < about.high <= 35
    # After the last exact total the last closed one serves.
    assert ends(predict_total(told, "2023-12-29", "dod")) == (70, 70, 70)


def enumerated(
    knots: list[tuple[int, int, int]], day: int, rise: int, dispersion: float
) -> np.ndarray:
    """The distribution of the count on a day, from every path of daily counts."""
    opened = [(at, low) for at, low, _ in knots[:-1]]
    above = [max(0.0, rise * at / knots[-1][0] - low) for at, low in opened]
    excess = max(1.0, float(np.mean(above))) if above else math.inf
    length = knots[-1][0]
    shape = rise / length / (dispersion - 1) if dispersion > 1 and rise else math.inf
    chance = np.zeros(rise + 1)
    for cuts in itertools.combinations_with_replacement(range(rise + 1), length - 1):
        path = [0, *cuts, rise]
        steps = np.diff(path)
        if any(not low <= path[at] <= high for at, low, high in knots):
            continue
        if math.isinf(shape):
            log = -gammaln(steps + 1).sum()
        else:
            log = (gammaln(steps + shape) - gammaln(shape) - gammaln(steps + 1)).sum()
        far = sum(path[at] - low for at, low in opened)
        chance[path[day]] += math.exp(log - far / excess)
    return chance / chance.sum()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=2, max_size=5),
    st.data(),
    st.sampled_from([1.0, 1.7, 3.0]),
)
def test_agrees_with_enumeration(steps, data, dispersion) -> None:
    totals = list(itertools.accumulate(steps))
    length, rise = len(steps), totals[-1]
    told, knots = [], []
    for at, total in enumerate(totals, 1):
        hedge = "exactly" if at == length else data.draw(st.sampled_from(["none", "at_least"]))
        if hedge == "none":
            continue
        shown = total - data.draw(st.integers(0, total)) if hedge == "at_least" else total
        day = f"{FIRST + pd.Timedelta(days=at - 1):%Y-%m-%d}"
        told.append((day, shown, hedge))
        knots.append((at, shown, rise))
    day = data.draw(st.integers(1, length))
    when = FIRST + pd.Timedelta(days=day - 1)
    found = predict_total(counts(*told), when, "dod", dispersion=dispersion, level=0.8)
    chance = enumerated(knots, day, rise, dispersion)
    running = np.cumsum(chance)
    assert found.low == np.searchsorted(running, 0.1 - 1e-9)
    assert found.high == np.searchsorted(running, 0.9 - 1e-9)
    mean = float(chance @ np.arange(rise + 1))
    assert found.best == pytest.approx(min(max(mean, found.low), found.high))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.integers(-3, 9),
                  st.sampled_from(["exactly", "about", "at_least", "more_than", "up_to"])),
        min_size=1, max_size=9,
    ),
    st.integers(0, 60),
)  # fmt: skip
def test_any_totals_give_an_ordered_interval(steps, ahead) -> None:
    day, total, most, told = FIRST, 20, 0, []
    for wait, rise, hedge in steps:
        day, total = day + pd.Timedelta(days=wait), max(0, total + rise)
        told.append((f"{day:%Y-%m-%d}", total, hedge))
        most = max(most, total)
    told.append((f"{day + pd.Timedelta(days=3):%Y-%m-%d}", most + 2, "exactly"))
    found = predict_total(counts(*told), FIRST + pd.Timedelta(days=ahead), "dod")
    assert found.open_ended or 0 <= found.low <= found.best <= found.high
    assert found.low >= 0
    table = leave_one_out(counts(*told), "dod")
    assert (table["low"] <= table["high"]).all()
    assert table["score"].isna().eq(~table["closed"]).all()


def test_each_total_is_predicted_without_its_day() -> None:
    frame = counts(
        ("2023-10-26", 10, "exactly"), ("2023-10-31", 11, "exactly"),
        ("2023-10-31", 12, "exactly"), ("2023-11-05", 20, "exactly"),
        ("2023-11-06", 15, "at_least"), ("2023-11-15", 30, "exactly"),
    )  # fmt: skip
    found = leave_one_out(frame, "dod", dispersion=1.0).set_index("tally_id")
    low, high = 10 + binom.ppf([0.05, 0.95], 10, 0.5)
    assert found.loc["t1", ["low", "best", "high"]].tolist() == pytest.approx([low, 15, high])
    assert found.loc["t1", "low"] == found.loc["t2", "low"]
    # Eleven is missed by one: the width, and twenty for each attack.
    assert (low, found.loc["t1", "held"], found.loc["t2", "held"]) == (12, False, True)
    assert found.loc["t1", "score"] == pytest.approx(high - low + 20)
    assert found.loc["t4", "held"]  # a lower bound below what is predicted contradicts nothing
    assert found["closed"].to_dict() == {
        "t0": True,
        "t1": True,
        "t2": True,
        "t3": True,
        "t4": False,
    }
    assert list(found.index) == ["t0", "t1", "t2", "t3", "t4"]  # nothing follows the last
    assert leave_one_out(frame, "nobody").empty
    with refuses("there is no method 'x'; expected one of conditional, bare floors, without "
                 "open counts, single attacks, straight line, steps"):  # fmt: skip
        leave_one_out(frame, "dod", method="x")


def test_a_straight_line_and_steps() -> None:
    frame = counts(
        ("2023-10-26", 10, "exactly"), ("2023-10-31", 11, "exactly"), ("2023-11-05", 20, "exactly")
    )
    line = leave_one_out(frame, "dod", method="straight line").set_index("tally_id").loc["t1"]
    assert (line["low"], line["high"], line["score"]) == (15, 15, pytest.approx(80))
    steps = leave_one_out(frame, "dod", method="steps").set_index("tally_id").loc["t1"]
    assert (steps["low"], steps["high"], steps["score"]) == (10, 20, 10)


def test_evenly_rising_counts_are_all_held() -> None:
    frame = counts(*((f"2023-11-{day:02}", 2 * day + 28, "exactly") for day in range(1, 29)))
    assert leave_one_out(frame, "dod")["held"].all()


def test_on_the_record_it_scores_better_than_naive_rivals() -> None:
    record = strikes2024.load()
    scores = prediction_scores(record.tallies, "us-dod").set_index("method")
    ours = scores.loc["conditional"]
    for rival in ("single attacks", "straight line", "steps"):
        assert ours["score"] < scores.loc[rival, "score"]
    assert ours["low"] <= 0.9 <= ours["high"]
    assert ours["closed"] >= 20
    each = leave_one_out(record.tallies, "us-dod")
    widths = (each["high"] - each["low"])[each["closed"]]
    assert ours["width"] == pytest.approx(widths.mean())
    shared = count_scores(record).set_index("method")["score"]
    assert shared["conditional"] < shared.drop("conditional").min()
    shown = leave_one_out(record.tallies, SPEAKERS)
    assert shown["held"][shown["closed"]].mean() >= 0.8
