"""The total on a day that nobody spoke of, and how well such predictions do.

Between two exact totals the attacks of an even pace fall on the days by chance. Every other
total in between is a condition: a closed one ("about 140") leaves the count a few numbers wide, an
open one ("at least 97") bounds it from below. Whoever says "at least" seldom knows of many more,
so that numbers far above a floor are less likely. The prediction is the distribution of the count
on a day *given* all of them, not a straight line lifted to the floors.
"""

import datetime as dt
import math
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from strikes2024 import arguments
from strikes2024.analysis.audit import binomial_interval
from strikes2024.analysis.estimates import Estimate
from strikes2024.analysis.rates import standing_counts
from strikes2024.analysis.statements import limits

_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class _Windows:
    """What the totals say of the count at the end of each day with one, ascending.

    ``low`` and ``high`` never fall; the first day is the one before the first day counted.
    ``floor`` is the highest open total of the day itself, missing where there is none.
    """

    day: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    floor: NDArray[np.float64]
    key: list[str]

    @property
    def exact(self) -> NDArray[np.bool_]:
        return np.equal(self.low, self.high)


def _claimants(
    tallies: pd.DataFrame, claimant: str | Collection[str] | None, column: str
) -> list[str]:
    if isinstance(claimant, str):
        return [claimant]
    if claimant is not None:
        return list(claimant)
    own = tallies[
        tallies[column].notna() & tallies["place"].isna() & (tallies["counts"] == "attacks")
    ]
    counted = own["claimant"].astype("string").value_counts()
    return [min(counted.index[counted == counted.max()])] if len(counted) else []


def _rows(tallies: pd.DataFrame, claimants: list[str], column: str) -> pd.DataFrame:
    """Standing totals of all claimants with the ends that each allows."""
    found = [standing_counts(tallies, one, column) for one in claimants]
    rows = pd.concat(found or [tallies.iloc[:0]], ignore_index=True)
    rows = rows.sort_values(["as_of", column, "tally_id"]).reset_index(drop=True)
    ends = limits(rows[column], rows[column], rows["qualifier"])
    day = rows["as_of"].to_numpy().astype("datetime64[D]").astype(np.int64)
    return rows.assign(day=day, low=ends["low"], high=ends["high"])


def _windows(rows: pd.DataFrame) -> _Windows:
    """Totals that contradict a higher one before them are left out: a count never falls."""
    low = rows["low"].to_numpy(dtype=float)
    high = rows["high"].to_numpy(dtype=float, na_value=np.inf)
    day = rows["day"].to_numpy(dtype=np.int64)
    first = int(rows["counted_from"].min().to_datetime64().astype("datetime64[D]").astype(np.int64))
    # Of several totals for one day the highest is the one at its end.
    last = pd.Series(low).groupby(day).transform("max").to_numpy()
    floor = np.maximum.accumulate(low)
    high = np.where((high < floor) | (high < last), np.inf, high)
    frame = pd.DataFrame({"day": day, "low": floor, "high": high, "key": rows["tally_id"]})
    closed = frame.sort_values("high", kind="stable").drop_duplicates("day").set_index("day")
    days = np.unique(day)
    lows = frame.groupby("day")["low"].max().to_numpy(copy=True)
    highs = closed.loc[days, "high"].to_numpy()
    highs = np.maximum(np.minimum.accumulate(highs[::-1])[::-1], lows)
    # After the last exact total the last closed one has to serve as an end.
    end = np.flatnonzero(np.isfinite(highs))[-1:]
    lows[end] = highs[end] = (lows[end] + highs[end]) // 2
    opened = rows["high"].isna().to_numpy()
    floors = pd.Series(low[opened]).groupby(day[opened]).max().reindex(days).to_numpy()
    return _Windows(
        np.concatenate([[min(first, days[0]) - 1], days]),
        np.concatenate([[0.0], lows]),
        np.concatenate([[0.0], highs]),
        np.concatenate([[np.nan], floors]),
        ["", *closed.loc[days, "key"].astype(str)],
    )


def _steps(size: int, days: float, shape: float) -> NDArray[np.float64]:
    """Weights of 0 to ``size`` attacks in so many days; ``shape`` is infinite for single ones."""
    from scipy.special import gammaln

    count = np.arange(size + 1)
    if math.isinf(shape):
        log = count * math.log(days) - gammaln(count + 1)
    else:
        log = gammaln(count + shape * days) - gammaln(shape * days) - gammaln(count + 1)
    found: NDArray[np.float64] = np.exp(log - log.max())
    return found


def _distribution(
    windows: _Windows, day: int, dispersion: float, excess: float = math.inf
) -> tuple[int, NDArray[np.float64], str, str] | None:
    """The count at the end of a day: its least value, probabilities from there, and the anchors.

    ``excess`` is by how much counts exceed the open totals of their day on average; infinite if
    any excess is as likely as another. None where no exact total follows.
    """
    exact = np.flatnonzero(windows.exact)
    after = exact[windows.day[exact] >= day]
    if not len(after):
        return None
    end = int(after[0])
    begin = end if windows.day[end] == day else int(exact[windows.day[exact] < day][-1])
    keys = windows.key[begin], windows.key[end]
    base, rise = int(windows.low[begin]), int(windows.low[end] - windows.low[begin])
    if begin == end or rise == 0:
        return base, np.ones(1), *keys
    inside = np.arange(begin, end + 1)
    days = windows.day[inside].astype(float)
    low, high = windows.low[inside] - base, np.minimum(windows.high[inside] - base, rise)
    floor = windows.floor[inside] - base
    at = int(np.searchsorted(days, day))
    if days[at] != day:
        days, floor = np.insert(days, at, day), np.insert(floor, at, np.nan)
        low, high = np.insert(low, at, low[at - 1]), np.insert(high, at, high[at])
    # Knots that say no more than their neighbours are skipped.
    tight = np.isfinite(floor) & math.isfinite(excess)
    tight[1:-1] |= (low[1:-1] > low[:-2]) | (high[1:-1] < high[2:])
    tight[[0, at, -1]] = True
    days, low, high, floor = days[tight], low[tight], high[tight], floor[tight]
    at = int(np.searchsorted(days, day))
    pace = rise / (days[-1] - days[0])
    shape = pace / (dispersion - 1) if dispersion > 1 else math.inf

    def near(knot: int) -> NDArray[np.float64]:
        """Weights of the counts of a day by their distance from its open total."""
        above = np.arange(rise + 1) - np.nan_to_num(floor[knot], nan=rise)
        found: NDArray[np.float64] = np.exp(-np.clip(above, 0, None) / excess)
        return found

    def passed(order: range) -> NDArray[np.float64]:
        state = np.zeros(rise + 1)
        state[0] = 1
        for here, there in pairwise(order):
            state = np.convolve(state, _steps(rise, abs(days[there] - days[here]), shape))[
                : rise + 1
            ]
            count = np.arange(rise + 1)
            count = count if order.step > 0 else rise - count
            state[(count < low[there]) | (count > high[there])] = 0
            if there != at:
                state *= near(there)[:: order.step]
            state /= np.max(state)
        return state

    chance = passed(range(at + 1)) * passed(range(len(days) - 1, at - 1, -1))[::-1] * near(at)
    return base, chance / chance.sum(), *keys


def _interval(
    windows: _Windows, day: int, level: float, dispersion: float, excess: float = math.inf
) -> tuple[float, float, float, tuple[str, ...]]:
    """Low, mean and high of the count on a day; the last two are missing after the last total."""
    found = _distribution(windows, day, dispersion, excess)
    if found is None:
        before = int(np.searchsorted(windows.day, day, side="right")) - 1
        known = np.flatnonzero(windows.exact[: before + 1])
        key = windows.key[int(known[-1])] if len(known) else ""
        return float(windows.low[before]), math.nan, math.nan, (key,) if key else ()
    base, chance, *keys = found
    running = np.cumsum(chance)
    tails = (1 - level) / 2, (1 + level) / 2
    low, high = (base + float(np.searchsorted(running, tail - 1e-12)) for tail in tails)
    mean = base + float(chance @ np.arange(len(chance)))
    used = tuple(dict.fromkeys(key for key in keys if key))
    return low, min(max(mean, low), high), high, used


def _solve(spread: float, rises: NDArray[np.float64]) -> float:
    """The dispersion at which squared residuals are as large as they were found."""
    from scipy.optimize import brentq

    def excess(index: float) -> float:
        return float((rises * index / (rises + index - 1)).sum()) - spread

    if not len(rises) or excess(1.0) >= 0:
        return 1.0
    # A single salvo would explain no more than the rise itself.
    top = float(np.max(rises))
    return top if excess(top) <= 0 else float(brentq(excess, 1.0, top))


def _count_dispersion(windows: _Windows) -> float:
    """How much more exact totals stray from the line between their neighbours than chance.

    Pearson's statistic over three neighbours, set equal to its mean for daily counts that are
    negative binomial: 1 for attacks that come singly at an even pace, more for salvos or a pace
    that changes.
    """
    at = np.flatnonzero(windows.exact)
    day, count = windows.day[at].astype(float), windows.low[at]
    rise, share = count[2:] - count[:-2], (day[1:-1] - day[:-2]) / (day[2:] - day[:-2])
    rising = rise > 0
    rise, share, gone = rise[rising], share[rising], (count[1:-1] - count[:-2])[rising]
    squares = (gone - rise * share) ** 2 / (rise * share * (1 - share))
    return _solve(float(squares.sum()), rise)


def _mean_excess(windows: _Windows) -> float:
    """By how much counts on the line between exact totals exceed the open totals of their day.

    At least one, so that a floor never passes for an exact total; infinite without any open one.
    """
    exact, opened = windows.exact, np.isfinite(windows.floor)
    opened &= windows.day <= np.max(windows.day[exact])
    if not opened.any():
        return math.inf
    line = np.interp(windows.day[opened], windows.day[exact], windows.low[exact])
    return max(1.0, float(np.clip(line - windows.floor[opened], 0, None).mean()))


def predict_total(
    tallies: pd.DataFrame,
    date: str | dt.date | pd.Timestamp,
    claimant: str | Collection[str] | None = None,
    *,
    column: str = "total",
    level: float = 0.9,
    dispersion: float | None = None,
) -> Estimate:
    """A counter's cumulative total of a day, given all totals before and after it.

    Parameters
    ----------
    tallies
        Cumulative counts; what does not stand, splits by base and claims by armed groups do not
        count.
    date
        A day of the claimant's calendar (US Eastern for US statements).
    claimant
        Who counts, or several who share one count; by default whoever gave most totals.
    column
        ``total``, or a country.
    level
        Probability that the interval holds.
    dispersion
        Variance of the daily number of attacks over its mean, above 1 for salvos; by default as
        exact totals stray from the line between their neighbours.

    Returns
    -------
    Estimate
        ``low`` and ``high`` are quantiles, ``best`` the mean. A single number comes back only
        where exact totals fix it: on their day, or between two equal ones. Of two exact totals
        for one day, both are in the interval. Before the first day counted the total is zero;
        after the last closed total ``best`` and ``high`` are NaN and ``open_ended`` is set.

    Raises
    ------
    ValueError
        Where there is no closed total to predict from.

    Notes
    -----
    Method: Poisson or negative binomial daily counts given the totals, by forward and backward
    recursion over the numbers that are possible; the excess over an open total of the day is
    geometric, with the mean excess of the line between exact totals. Assumes an even pace between
    two exact totals, open totals that are nearly current, and totals that are right.

    Examples
    --------
    >>> import strikes2024
    >>> from strikes2024.analysis import predict_total
    >>> tallies = strikes2024.tallies()
    >>> found = predict_total(tallies, tallies["as_of"].median())
    >>> found.low <= found.best <= found.high
    True
    """
    day = arguments.day(date, "date").normalize()
    who = _claimants(tallies, claimant, column)
    rows = _rows(tallies, who, column)
    windows = _windows(rows) if len(rows) else None
    if windows is None or not windows.exact[1:].any():
        name = " and ".join(who) or "nobody"
        raise ValueError(f"{name} has no closed count in {column!r} to predict from")
    at = int(day.to_datetime64().astype("datetime64[D]").astype(np.int64))
    if at < windows.day[0]:
        return Estimate(0.0, 0.0, 0.0, (), "before the first day counted")
    spread = _count_dispersion(windows) if dispersion is None else dispersion
    low, best, high, used = _interval(windows, at, level, spread, _mean_excess(windows))
    same = rows[(rows["day"] == at) & (rows["low"] == rows["high"]) & (rows["low"] <= high)]
    if len(same) and low == high:
        low = min(low, float(same["low"].min()))
        used = tuple(dict.fromkeys([*same["tally_id"].astype(str), *used]))
        used = tuple(key for key in used if key in set(same["tally_id"]))
    return Estimate(low, best, high, used, f"conditional, {level:.0%}", math.isnan(high))


_METHODS = (
    "conditional",
    "bare floors",
    "without open counts",
    "single attacks",
    "straight line",
    "steps",
)


def leave_one_out(
    tallies: pd.DataFrame,
    claimant: str | Collection[str] | None = None,
    *,
    column: str = "total",
    level: float = 0.9,
    dispersion: float | None = None,
    method: str = "conditional",
) -> pd.DataFrame:
    """Each standing total predicted from the totals of other days.

    Parameters
    ----------
    tallies, claimant, column, level, dispersion
        As for :func:`predict_total`.
    method
        ``conditional`` (as :func:`predict_total`) or a simple rival: ``bare floors`` (an open count
        bounds from below and says no more); ``without open counts``; ``single attacks`` (no salvos,
        no open counts); ``straight line`` (a single number); ``steps`` (from the exact total before
        to the one after).

    Returns
    -------
    pandas.DataFrame
        ``tally_id``, ``as_of``, ``count``, ``qualifier``, ``closed`` (boolean), ``low``, ``best``,
        ``high`` (attacks), ``held`` (boolean), ``score`` (missing for open totals), by ``as_of``.
        Totals after the last exact one cannot be predicted and are left out.

    Raises
    ------
    ValueError
        As for :func:`predict_total`.

    Notes
    -----
    A closed total is ``held`` if the interval meets the numbers that its hedge allows. An open one
    ("at least") is held if the interval reaches up to it: it can fail from one side only, so
    coverage is the share of ``held`` among the ``closed``. ``score`` is the interval score
    (Gneiting and Raftery 2007): the width, and 2/(1 - level) for each attack by which a closed
    total is missed; lower is better.

    Method: leave-one-out validation (Stone 1974). Assumes what :func:`predict_total` assumes.
    """
    if method not in _METHODS:
        raise ValueError(f"there is no method {method!r}; expected one of {', '.join(_METHODS)}")
    rows = _rows(tallies, _claimants(tallies, claimant, column), column)
    spread = 1.0
    excess = math.inf
    if len(rows):
        windows = _windows(rows)
        spread = _count_dispersion(windows) if dispersion is None else dispersion
        excess = _mean_excess(windows) if method == "conditional" else math.inf
    if method in ("single attacks", "straight line"):
        spread = 1.0
    found = []
    for day in rows["day"].unique():
        rest = rows[rows["day"] != day]
        if method not in ("conditional", "bare floors"):
            rest = rest[rest["low"] == rest["high"]]
        if not len(rest):
            continue
        windows = _windows(rest)
        if day > np.max(windows.day[windows.exact]) or len(windows.day) < 2:
            continue
        low, best, high, _ = _interval(windows, int(day), level, spread, excess)
        if method == "straight line":
            low = high = best
        if method == "steps":
            at = int(np.searchsorted(windows.day, day))
            low, high = windows.low[at - 1], windows.high[at]
        found.append({"day": day, "low": float(low), "best": float(best), "high": float(high)})
    columns = ["day", "low", "best", "high"]
    ends = pd.DataFrame(found, columns=columns).astype(
        {"day": "int64"} | dict.fromkeys(columns[1:], "float64")
    )
    own = rows.rename(columns={column: "count"})[["tally_id", "as_of", "count", "qualifier", "day"]]
    own = own.assign(
        closed=rows["high"].notna().astype("boolean"),
        least=rows["low"].astype(float),
        greatest=rows["high"].astype(float),
    )
    table = own.merge(ends, on="day", how="inner")
    below = (table["low"] - table["greatest"]).clip(lower=0)
    above = (table["least"] - table["high"]).clip(lower=0)
    missed = below.fillna(0) + above
    score = table["high"] - table["low"] + 2 / (1 - level) * missed
    table = table.assign(
        held=(missed == 0).astype("boolean"), score=score.where(table["closed"].astype(bool))
    )
    return table.drop(columns=["day", "least", "greatest"]).reset_index(drop=True)


def prediction_scores(
    tallies: pd.DataFrame,
    claimant: str | Collection[str] | None = None,
    *,
    column: str = "total",
    level: float = 0.9,
    dispersion: float | None = None,
) -> pd.DataFrame:
    """Coverage and interval score of the prediction beside its simple rivals, on closed totals.

    Parameters
    ----------
    tallies, claimant, column, level, dispersion
        As for :func:`predict_total`.

    Returns
    -------
    pandas.DataFrame
        ``method``, ``closed`` (Int64, totals predicted), ``held`` (Int64), ``low``, ``high``
        (95 % interval of the coverage), ``width`` and ``score`` (means, attacks), one row a method.

    Raises
    ------
    ValueError
        As for :func:`predict_total`.

    Notes
    -----
    Method: :func:`leave_one_out` by each method; exact interval of the coverage after Clopper and
    Pearson (1934). Assumes that the misses of neighbouring totals are independent, which is roughly
    so.
    """
    found = []
    for method in _METHODS:
        table = leave_one_out(
            tallies, claimant, column=column, level=level, dispersion=dispersion, method=method
        )
        table = table[table["closed"]]
        held = int(table["held"].sum())
        low, high = binomial_interval(held, len(table)) if len(table) else (math.nan, math.nan)
        width = float((table["high"] - table["low"]).mean())
        found.append((method, len(table), held, low, high, width, float(table["score"].mean())))
    columns = ["method", "closed", "held", "low", "high", "width", "score"]
    return pd.DataFrame(found, columns=columns).astype({"closed": "Int64", "held": "Int64"})
