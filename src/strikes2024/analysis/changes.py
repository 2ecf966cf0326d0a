"""Whether and when a pace changed, and what the data could have shown."""

import math
from typing import Any

import numpy as np
import pandas as pd

from strikes2024.analysis.rates import rate_ratio


def change_point(intervals: pd.DataFrame, column: str = "attacks") -> pd.DataFrame:
    """The day from which a second pace holds: its posterior probability.

    Parameters
    ----------
    intervals
        ``start`` and ``days`` of each interval, and the number of events in it; ascending and
        without a gap.
    column
        The column with the number of events.

    Returns
    -------
    pandas.DataFrame
        ``day`` (first day of the second pace) and ``chance`` (0 to 1, adding up to 1), one row a
        day but the first.

    Notes
    -----
    Within an interval the days of the events are unknown: every division is summed over.

    Method: one change between two Poisson rates, each with a Gamma(1/2) prior at one day, every day
    equally likely beforehand (Raftery and Akman 1986). Assumes exactly one change, even paces, and
    attacks that come singly; it would name a day even where nothing changed.

    Examples
    --------
    >>> import pandas as pd
    >>> from strikes2024.analysis import change_point
    >>> weeks = pd.DataFrame({"start": pd.to_datetime(["2020-06-01", "2020-06-08"]),
    ...                       "days": [7, 7], "attacks": [20, 0]})
    >>> change_point(weeks).nlargest(1, "chance")["day"].dt.day.tolist()
    [8]
    """
    from scipy.special import gammaln, logsumexp, xlogy

    days = intervals["days"].to_numpy(dtype=int)
    counts = intervals[column].to_numpy(dtype=int)
    own = counts * np.log(days) - gammaln(counts + 1)

    def pace(events: np.ndarray | int, length: float) -> np.ndarray:
        found: np.ndarray = gammaln(events + 0.5) - (events + 0.5) * math.log(length + 1)
        return found

    rows = []
    for at, (length, count) in enumerate(zip(days, counts, strict=True)):
        early, late = int(counts[:at].sum()), int(counts[at + 1 :].sum())
        first, second = int(days[:at].sum()), int(days[at + 1 :].sum())
        others = float(own.sum() - own[at])
        for gone in range(length):
            if first + gone == 0:
                continue
            # So many of the events fell before the change.
            before = np.arange(count + 1)
            after = count - before
            split = xlogy(before, gone) + xlogy(after, length - gone)
            split = split - gammaln(before + 1) - gammaln(after + 1)
            split = split + pace(early + before, first + gone)
            split = split + pace(late + after, second + length - gone)
            day = intervals["start"].iloc[at] + pd.Timedelta(days=gone)
            rows.append((day, others + float(logsumexp(split))))
    table = pd.DataFrame(rows, columns=["day", "chance"])
    weight = np.exp(table["chance"] - table["chance"].max())
    return table.assign(chance=weight / weight.sum())


def chance_of_at_most(count: int, mean: float, dispersion: float = 1.0) -> float:
    """Probability of no more than so many events where so many are expected.

    Parameters
    ----------
    count
        The number of events not to exceed.
    mean
        The number of events expected.
    dispersion
        Variance of the number of events over its mean, above 1 for events in salvos.

    Returns
    -------
    float
        From 0 to 1.

    Notes
    -----
    Method: Poisson; negative binomial where ``dispersion`` is above 1. Assumes an even pace.

    Examples
    --------
    >>> from strikes2024.analysis import chance_of_at_most
    >>> round(chance_of_at_most(0, 3.0), 3)
    0.05
    """
    return float(number_of_events(mean, dispersion).cdf(count))


def number_of_events(mean: float, dispersion: float) -> Any:
    """The distribution of a number of events, as SciPy has it.

    Parameters
    ----------
    mean, dispersion
        As for :func:`chance_of_at_most`.
    """
    from scipy.stats import nbinom, poisson

    if dispersion > 1:
        return nbinom(mean / (dispersion - 1), 1 / dispersion)
    return poisson(mean)


def before_after(
    days: pd.Series, breakpoints: pd.Series, *, window: int = 7, dispersion: float = 1.0
) -> pd.DataFrame:
    """Events in the days before and after each of several breakpoints, and around all together.

    Parameters
    ----------
    days
        The days of the events.
    breakpoints
        Dates. The day of a breakpoint belongs to neither side.
    window
        Days on either side.
    dispersion
        Variance of the number of events over its mean, above 1 for events in salvos.

    Returns
    -------
    pandas.DataFrame
        ``breakpoint`` (date; missing in the last row, the sum), ``before``, ``after`` (Int64),
        ``ratio`` (after to before), ``low``, ``high`` (its 95 % interval; both of the sum alone).

    Notes
    -----
    Windows of neighbouring breakpoints may overlap, so that one event counts twice; the interval
    does not know that.

    Method: :func:`~strikes2024.analysis.rate_ratio` of the sums. Assumes that events are dated
    alike on both sides.
    """
    at = pd.to_datetime(days).dt.normalize()
    rows = []
    for day in sorted(breakpoints):
        gap = (at - day).dt.days
        sides = int(gap.between(-window, -1).sum()), int(gap.between(1, window).sum())
        rows.append((day, *sides, math.nan, math.nan, math.nan))
    before, after = sum(row[1] for row in rows), sum(row[2] for row in rows)
    ratio, low, high, _ = rate_ratio(after, window, before, window, dispersion=dispersion)
    columns = ["breakpoint", "before", "after", "ratio", "low", "high"]
    table = pd.DataFrame([*rows, (pd.NaT, before, after, ratio, low, high)], columns=columns)
    return table.astype({"before": "Int64", "after": "Int64"})
