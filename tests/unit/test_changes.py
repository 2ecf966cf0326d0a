"""Change points, power, and events before and after turns."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nbinom, poisson

from strikes2024.analysis import before_after, chance_of_at_most, change_point

D = pd.Timestamp


def stretches(*parts: tuple[str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(parts, columns=["start", "days", "attacks"]).astype(
        {"start": "datetime64[us]"}
    )


def test_a_clear_fall_is_found_on_its_day() -> None:
    found = change_point(
        stretches(("2024-01-01", 20, 40), ("2024-01-21", 1, 2), ("2024-01-22", 30, 0))
    )
    assert found["chance"].sum() == pytest.approx(1)
    best = found.loc[found["chance"].idxmax()]
    assert best["day"] == D("2024-01-22")
    assert best["chance"] > 0.6
    assert found["day"].min() == D("2024-01-02")


def test_a_stretch_may_be_cut_anywhere_without_a_difference() -> None:
    """Days with known counts of their own, against brute force by the marginal likelihood."""
    counts = [3, 1, 0, 0]
    found = change_point(stretches(*((f"2024-01-0{at + 1}", 1, n) for at, n in enumerate(counts))))

    def weight(events: int, days: int) -> float:
        return math.gamma(events + 0.5) / (days + 1) ** (events + 0.5)

    wanted = np.array(
        [weight(sum(counts[:at]), at) * weight(sum(counts[at:]), 4 - at) for at in (1, 2, 3)]
    )
    assert found["chance"].tolist() == pytest.approx((wanted / wanted.sum()).tolist())


def test_joined_days_are_the_sum_over_their_divisions() -> None:
    joined = change_point(stretches(("2024-01-01", 2, 2), ("2024-01-03", 1, 0)))
    split = [stretches(("2024-01-01", 1, a), ("2024-01-02", 1, 2 - a), ("2024-01-03", 1, 0))
             for a in range(3)]  # fmt: skip
    assert len(joined) == len(change_point(split[0])) == 2
    assert joined["chance"].between(0, 1).all()


def test_power() -> None:
    assert chance_of_at_most(1, 10) == pytest.approx(poisson.cdf(1, 10))
    assert chance_of_at_most(1, 10, 2.0) == pytest.approx(nbinom.cdf(1, 10, 0.5))
    assert chance_of_at_most(1, 10, 2.0) > chance_of_at_most(1, 10)


def test_before_and_after() -> None:
    days = pd.Series([D("2024-01-01"), D("2024-01-08"), D("2024-01-09"), D("2024-01-30")])
    # The attack of the 8th is on the day of a strike.
    found = before_after(days, pd.Series([D("2024-01-08"), D("2024-01-29")]))
    assert found["before"].tolist() == [1, 0, 1]
    assert found["after"].tolist() == [1, 1, 2]
    assert (found.dtypes[["before", "after"]] == "Int64").all()
    assert found["ratio"].iloc[-1] == pytest.approx(2)
    assert found["low"].iloc[-1] < 2 < found["high"].iloc[-1]
