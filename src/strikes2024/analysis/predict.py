"""The total on a day that nobody spoke of, and how well such predictions do."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd

from strikes2024 import arguments
from strikes2024.analysis.estimates import Estimate
from strikes2024.analysis.rates import official_line, standing_counts

__all__ = ["leave_one_out", "predict_total"]

_CLOSED = ("exactly", "about")


def _anchors(tallies: pd.DataFrame, claimant: str, column: str) -> pd.DataFrame:
    """Closed counts that a prediction may rest on, from the zero before the first day on."""
    line = official_line(tallies, claimant, column)
    rows = tallies.set_index("tally_id").loc[line["tally_id"]]
    closed = line[rows["qualifier"].isin(_CLOSED).to_numpy()]
    if closed.empty:
        return closed.astype({"count": "float64"})
    first = rows["counted_from"].iloc[0] - pd.Timedelta(days=1)
    zero = pd.DataFrame({"as_of": [first], "count": [0.0], "tally_id": [""]})
    found = pd.concat([zero, closed.astype({"count": "float64"})], ignore_index=True)
    return found.astype({"as_of": "datetime64[us]"})


def _between(
    days: pd.Series, anchors: pd.DataFrame, level: float, dispersion: float, *, strictly: bool
) -> pd.DataFrame:
    """Prediction for each day from the anchors around it, with an interval of ``level``."""
    from scipy.stats import betabinom, binom

    asked = pd.DataFrame({"day": days.astype("datetime64[us]").to_numpy()})
    asked = asked.assign(at=range(len(asked))).sort_values("day")
    known = anchors.assign(day=anchors["as_of"]).sort_values("day")
    same = not strictly
    before = pd.merge_asof(asked, known, on="day", allow_exact_matches=same)
    after = pd.merge_asof(asked, known, on="day", direction="forward", allow_exact_matches=same)
    length = (after["as_of"] - before["as_of"]).dt.days.to_numpy(dtype=float)
    gone = (asked["day"].to_numpy() - before["as_of"].to_numpy()) / np.timedelta64(1, "D")
    rise = (after["count"] - before["count"]).to_numpy(dtype=float)
    inside = ~np.isnan(length)
    share = np.where(length > 0, gone / np.where(length > 0, length, 1), 0.0)
    tails = ((1 - level) / 2, (1 + level) / 2)
    ends = []
    for tail in tails:
        end = np.zeros(len(asked))
        free = inside & (rise > 0) & (share > 0) & (share < 1)
        if dispersion > 1:
            # Daily counts that are negative binomial with one dispersion, given their sum.
            per_day = rise / np.where(length > 0, length, 1) / (dispersion - 1)
            first, last = per_day * gone, per_day * (length - gone)
            end[free] = betabinom.ppf(tail, rise[free], first[free], last[free])
        else:
            end[free] = binom.ppf(tail, rise[free], share[free])
        end = np.where(inside & (share >= 1), rise, end)
        ends.append(np.where(inside, end, np.nan))
    base = before["count"].to_numpy(dtype=float)
    found = pd.DataFrame(
        {
            "day": asked["day"].to_numpy(),
            "low": np.where(inside, base + ends[0], base),
            "best": np.where(inside, base + rise * share, np.nan),
            "high": base + ends[1],
            "before": before["tally_id"].to_numpy(),
            "after": after["tally_id"].to_numpy(),
            "at": asked["at"].to_numpy(),
        }
    )
    return found.sort_values("at").drop(columns="at").reset_index(drop=True)


def predict_total(
    tallies: pd.DataFrame,
    date: str | dt.date | pd.Timestamp,
    claimant: str,
    *,
    column: str = "total",
    level: float = 0.9,
    dispersion: float = 1.0,
) -> Estimate:
    """One claimant's cumulative count at the end of a day, from its counts on either side.

    Between two closed counts ("exactly", "about") the attacks of a Poisson process fall on the
    days evenly, so the number by the day is binomial given the rise; with ``dispersion`` above
    1 (see :func:`~strikes2024.analysis.rates.dispersion`) it is beta-binomial, as for daily
    counts that are negative binomial. ``low`` and ``high`` are the quantiles of ``level``; open
    counts ("at least") raise them where they must. Before the first day counted the total is
    zero; after the last closed count ``best`` and ``high`` are NaN and ``open_ended`` is set.

    ``date`` is a day of the claimant's calendar (US Eastern for US statements). Raises
    ``ValueError`` where the claimant has no closed count.

    Method: order statistics of a Poisson process given its total (binomial). Assumes an even
    rate between two counts, and counts that are right.
    """
    day = arguments.day(date, "date").normalize()
    anchors = _anchors(tallies, claimant, column)
    if anchors.empty:
        raise ValueError(f"{claimant} has no closed count in {column!r} to predict from")
    if day < anchors["as_of"].iloc[0]:
        return Estimate(0.0, 0.0, 0.0, (), "before the first day counted")
    found = _between(pd.Series([day]), anchors, level, dispersion, strictly=False).iloc[0]
    rows = standing_counts(tallies, claimant, column)
    floor = float(rows.loc[rows["as_of"] <= day, column].astype(float).max())
    floor = 0.0 if math.isnan(floor) else floor
    used = tuple(key for key in (found["before"], found["after"]) if isinstance(key, str) and key)
    low, best, high = (max(float(found[name]), floor) for name in ("low", "best", "high"))
    beyond = math.isnan(float(found["high"]))
    if beyond:
        best = high = math.nan
        low = max(low, floor)
    return Estimate(
        low, best, high, tuple(dict.fromkeys(used)), f"interpolated, {level:.0%}", beyond
    )


def leave_one_out(
    tallies: pd.DataFrame,
    claimant: str,
    *,
    column: str = "total",
    level: float = 0.9,
    dispersion: float = 1.0,
) -> pd.DataFrame:
    """Each standing count predicted from the claimant's counts of other days.

    A count is ``held`` if it lies in the interval; an open one ("at least") if the interval
    reaches up to it, since it bounds from below only. Counts after the last closed one cannot
    be predicted and are left out. The share of ``held`` is the coverage; it should be near
    ``level`` if attacks come as assumed and the counts agree with each other.

    Method: leave-one-out validation (Stone 1974) of :func:`predict_total`. Assumes what it
    assumes.

    Returns ``tally_id``, ``as_of``, ``count``, ``qualifier``, ``low``, ``best``, ``high``,
    ``held`` (boolean), by ``as_of``.
    """
    rows = standing_counts(tallies, claimant, column)
    columns = ["tally_id", "as_of", "count", "qualifier"]
    rows = rows.rename(columns={column: "count"})[columns].reset_index(drop=True)
    anchors = _anchors(tallies, claimant, column)
    if anchors.empty:
        empty = {name: pd.Series(dtype="float64") for name in ("low", "best", "high")}
        return rows.iloc[:0].assign(**empty, held=pd.Series(dtype="boolean"))
    found = _between(rows["as_of"], anchors, level, dispersion, strictly=True)
    table = rows.assign(**{name: found[name] for name in ("low", "best", "high")})
    count = table["count"].astype(float)
    open_ended = ~rows["qualifier"].isin(_CLOSED)
    held = (count <= table["high"]) & ((count >= table["low"]) | open_ended)
    table = table.assign(held=held.astype("boolean"))
    return table[table["high"].notna()].reset_index(drop=True)
