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
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from strikes2024 import arguments
from strikes2024.analysis.audit import binomial_interval
from strikes2024.analysis.changes import number_of_events
from strikes2024.analysis.estimates import Estimate
from strikes2024.analysis.statements import limits, standing_totals


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
    return own["claimant"].astype("string").mode().head(1).tolist()


def _rows(tallies: pd.DataFrame, claimants: list[str], column: str) -> pd.DataFrame:
    """Standing totals of all claimants with the ends that each allows."""
    rows = standing_totals(tallies, claimants).dropna(subset=column)
    rows = rows.sort_values(["as_of", column, "tally_id"], ignore_index=True)
    ends = limits(rows[column], rows[column], rows["qualifier"])
    return rows.assign(day=_number(rows["as_of"]), low=ends["low"], high=ends["high"])


def _number(days: pd.Series) -> pd.Series:
    """Number days, so that they can be subtracted."""
    return days.astype("datetime64[s]").astype("int64") // 86_400


def _windows(rows: pd.DataFrame) -> pd.DataFrame:
    """What the totals say of the count at the end of each day with one, by the number of the day.

    ``low`` and ``high`` never fall; the first day is the one before the first day counted.
    ``floor`` is the highest open total of the day itself, missing where there is none; ``key`` the
    total that bounds the day from above. Totals that contradict a higher one before them are left
    out: a count never falls.
    """
    day, low = rows["day"], rows["low"].astype(float)
    high = rows["high"].astype(float).fillna(math.inf)
    floor = low.cummax()
    # Of several totals for one day the highest is the one at its end.
    last = low.groupby(day).transform("max")
    high = high.mask((high < floor) | (high < last), math.inf)
    lows, highs = floor.groupby(day).max(), high.groupby(day).min()
    highs = highs[::-1].cummin()[::-1].clip(lower=lows)
    # After the last exact total the last closed one has to serve as an end.
    end = highs.index[np.isfinite(highs)][-1:]
    lows[end] = highs[end] = (lows[end] + highs[end]) // 2
    found = pd.DataFrame(
        {
            "low": lows,
            "high": highs,
            "floor": low[rows["high"].isna()].groupby(day).max(),
            "key": rows["tally_id"].astype(str)[high.groupby(day).idxmin()].set_axis(lows.index),
        }
    )
    begin = min(int(_number(rows["counted_from"]).min()), found.index[0]) - 1
    zero = pd.DataFrame({"low": 0.0, "high": 0.0, "key": ""}, index=[begin])
    return pd.concat([zero, found])


def _exact(windows: pd.DataFrame) -> pd.DataFrame:
    return windows[windows["low"] == windows["high"]]


def _chances(
    knots: pd.DataFrame, day: int, dispersion: float, excess: float
) -> NDArray[np.float64]:
    """Probabilities of the counts on a day, from the first of two exact totals on.

    ``excess`` is by how much counts exceed the open totals of their day on average; infinite if
    any excess is as likely as another.
    """
    knots = knots[["low", "high", "floor"]] - knots["low"].iloc[0]
    rise = int(knots["low"].iloc[-1])
    if len(knots) == 1 or rise == 0:
        return np.ones(1)
    pace = rise / (knots.index[-1] - knots.index[0])
    knots = knots.reindex(knots.index.union([day]))
    low, high = knots["low"].ffill(), knots["high"].bfill().clip(upper=rise)
    # Knots that say no more than their neighbours are skipped.
    tight = knots["floor"].notna() & math.isfinite(excess)
    tight |= (low > low.shift()) | (high < high.shift(-1)) | (knots.index == day)
    tight.iloc[[0, -1]] = True
    days, floor = knots.index[tight], knots["floor"][tight].fillna(rise).to_numpy()
    lowest, highest = low[tight].to_numpy(), high[tight].to_numpy()
    at, count = days.tolist().index(day), np.arange(rise + 1)

    # By what each knot allows, and by the distance from its open total.
    likely = np.exp(-np.clip(count - floor[:, None], 0, None) / excess)
    likely *= (count >= lowest[:, None]) & (count <= highest[:, None])

    def passed(order: range) -> NDArray[np.float64]:
        """Weights of the counts on the day, from one of the ends."""
        state: NDArray[np.float64] = (count == (0 if order.step > 0 else rise)).astype(float)
        for here, there in pairwise(order):
            mean = pace * abs(days[there] - days[here])
            chance: NDArray[np.float64] = number_of_events(mean, dispersion).logpmf(count)
            steps = np.exp(chance - np.max(chance))
            state = state * likely[here]
            moved = np.convolve(state[:: order.step] / np.max(state), steps)
            state = moved[: rise + 1][:: order.step]
        return state

    weights = passed(range(at + 1)) * passed(range(len(days) - 1, at - 1, -1)) * likely[at]
    total: NDArray[np.float64] = weights / weights.sum()
    return total


def _interval(
    windows: pd.DataFrame, day: int, level: float, dispersion: float, excess: float = math.inf
) -> tuple[float, float, float, tuple[str, ...]]:
    """Low, mean and high of the count on a day; the last two are missing after the last total."""
    exact = _exact(windows)
    before, after = exact.loc[:day].index[-1], exact.loc[day:].index
    if after.empty:
        used = tuple(filter(None, [windows["key"][before]]))
        return float(windows.loc[:day, "low"].iloc[-1]), math.nan, math.nan, used
    chance = _chances(windows.loc[before : after[0]], day, dispersion, excess)
    base, running = int(windows["low"][before]), np.cumsum(chance)
    tails = (1 - level) / 2, (1 + level) / 2
    low, high = (base + float(np.searchsorted(running, tail - 1e-12)) for tail in tails)
    mean = base + float(chance @ np.arange(len(chance)))
    used = tuple(dict.fromkeys(filter(None, windows["key"][[before, after[0]]])))
    return low, min(max(mean, low), high), high, used


def _count_dispersion(windows: pd.DataFrame) -> float:
    """How much more exact totals stray from the line between their neighbours than chance.

    Pearson's statistic over three neighbours, set equal to its mean for daily counts that are
    negative binomial: 1 for attacks that come singly at an even pace, more for salvos or a pace
    that changes.
    """
    from scipy.optimize import brentq

    exact = _exact(windows)["low"]
    day, count = exact.index.to_numpy(dtype=float), exact.to_numpy()
    rise, share = count[2:] - count[:-2], (day[1:-1] - day[:-2]) / (day[2:] - day[:-2])
    rising = rise > 0
    rise, share, gone = rise[rising], share[rising], (count[1:-1] - count[:-2])[rising]
    squares = (gone - rise * share) ** 2 / (rise * share * (1 - share))

    def excess(index: float) -> float:
        return float((rise * index / (rise + index - 1)).sum() - squares.sum())

    if not len(rise) or excess(1.0) >= 0:
        return 1.0
    # A single salvo would explain no more than the rise itself.
    top = float(np.max(rise))
    return top if excess(top) <= 0 else float(brentq(excess, 1.0, top))


def _mean_excess(windows: pd.DataFrame) -> float:
    """By how much counts on the line between exact totals exceed the open totals of their day.

    At least one, so that a floor never passes for an exact total; infinite without any open one.
    """
    exact = _exact(windows)["low"]
    opened = windows["floor"].dropna().loc[: exact.index[-1]]
    if opened.empty:
        return math.inf
    line = np.interp(opened.index, exact.index, exact)
    return max(1.0, float(np.clip(line - opened, 0, None).mean()))


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
    if windows is None or len(_exact(windows)) < 2:
        name = " and ".join(who) or "nobody"
        raise ValueError(f"{name} has no closed count in {column!r} to predict from")
    at = int(_number(pd.Series([day])).iloc[0])
    if at < windows.index[0]:
        return Estimate(0.0, 0.0, 0.0, (), "before the first day counted")
    spread = _count_dispersion(windows) if dispersion is None else dispersion
    low, best, high, used = _interval(windows, at, level, spread, _mean_excess(windows))
    same = rows[(rows["day"] == at) & (rows["low"] == rows["high"]) & (rows["low"] <= high)]
    if len(same) and low == high:
        low, used = min(low, float(same["low"].min())), tuple(same["tally_id"].astype(str))
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
    spread, excess = 1.0, math.inf
    if len(rows) and method not in ("single attacks", "straight line"):
        spread = _count_dispersion(_windows(rows)) if dispersion is None else dispersion
    if len(rows) and method == "conditional":
        excess = _mean_excess(_windows(rows))
    found = {}
    for day in rows["day"].unique():
        rest = rows[rows["day"] != day]
        if method not in ("conditional", "bare floors"):
            rest = rest[rest["low"] == rest["high"]]
        windows = _windows(rest) if len(rest) else rest
        if rest.empty or day > _exact(windows).index[-1]:
            continue
        low, best, high, _ = _interval(windows, int(day), level, spread, excess)
        if method == "straight line":
            low = high = best
        if method == "steps":
            low, high = windows["low"].loc[:day].iloc[-1], windows["high"].loc[day:].iloc[0]
        found[day] = low, best, high
    ends = pd.DataFrame(list(found.values()), list(found), ["low", "best", "high"], dtype=float)
    table = rows.rename(columns={column: "count", "low": "least", "high": "greatest"})
    table = table.join(ends, on="day", how="inner")
    below = (table["low"] - table["greatest"].astype(float)).clip(lower=0)
    above = (table["least"].astype(float) - table["high"]).clip(lower=0)
    missed, closed = below.fillna(0) + above, table["greatest"].notna()
    score = table["high"] - table["low"] + 2 / (1 - level) * missed
    table = table.assign(
        closed=closed.astype("boolean"),
        held=(missed == 0).astype("boolean"),
        score=score.where(closed),
    )
    columns = ["tally_id", "as_of", "count", "qualifier", "closed", "low", "best", "high"]
    return table[[*columns, "held", "score"]].reset_index(drop=True)


def prediction_scores(
    tallies: pd.DataFrame, claimant: str | Collection[str] | None = None
) -> pd.DataFrame:
    """Coverage and interval score of the prediction beside its simple rivals, on closed totals.

    Parameters
    ----------
    tallies, claimant
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
        table = leave_one_out(tallies, claimant, method=method)
        table = table[table["closed"]]
        held = int(table["held"].sum())
        low, high = binomial_interval(held, len(table)) if len(table) else (math.nan, math.nan)
        width = float((table["high"] - table["low"]).mean())
        found.append((method, len(table), held, low, high, width, float(table["score"].mean())))
    columns = ["method", "closed", "held", "low", "high", "width", "score"]
    return pd.DataFrame(found, columns=columns).astype({"closed": "Int64", "held": "Int64"})
