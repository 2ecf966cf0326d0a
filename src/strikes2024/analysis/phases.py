"""Attack rates by phase, and the ratios between phases.

A phase lies between two turning points whose dates stand in the tables. Counts are known only
on the days that somebody spoke of, so the number of attacks in a phase has a range; the interval
of its rate covers that range and the chance in the arrival of attacks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd

from strikes2024.analysis.rates import count_bounds, poisson_interval, rate_ratio
from strikes2024.frames import each
from strikes2024.tables import Tables

__all__ = ["dated_in", "phase_rates", "phase_ratios", "phases", "turning_points"]

_DAY = pd.Timedelta(days=1)


def turning_points(tables: Tables, turns: Iterable[tuple[str, str, str]]) -> pd.DataFrame:
    """The dates at which phases begin, read from the rows that ``turns`` names.

    Each turn is the name of the phase that begins, and the row that dates it: table, id.
    An event counts with its US day where the table has one, since the official counts are kept
    by US days. Returns ``phase``, ``start``, ``table``, ``row``, in order of time. Raises
    ``KeyError`` for a row that is not there.

    Method: a look-up. Assumes that one day divides two phases.
    """
    rows = []
    for phase, table, key in turns:
        frame = tables[table]
        row = frame.set_index(frame.columns[0]).loc[key]
        start = row["start"] if table == "events" else row["date"]
        if table == "events" and pd.notna(row["us_date"]):
            start = row["us_date"]
        rows.append({"phase": phase, "start": start, "table": table, "row": key})
    return pd.DataFrame(rows).sort_values("start").reset_index(drop=True)


def phases(turns: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """Phases between turning points: each ends on the day before the next begins.

    ``turns`` has ``phase`` and ``start``, ascending; ``until`` is the last day of the last
    phase. Returns ``phase``, ``start``, ``end`` (days, both included), ``days`` (Int64).
    Raises ``ValueError`` where ``until`` lies before the last turn.

    Method: own. Assumes that a phase begins with its turning day.
    """
    if until < turns["start"].max():
        raise ValueError(f"until {until:%Y-%m-%d}: expected a day not before the last turn")
    end = turns["start"].shift(-1) - _DAY
    found = turns[["phase", "start"]].assign(end=end.fillna(until))
    days = (found["end"] - found["start"]).dt.days + 1
    return found.assign(days=days.astype("Int64"))


def phase_rates(
    tallies: pd.DataFrame,
    claimant: str,
    stretches: pd.DataFrame,
    *,
    column: str = "total",
    level: float = 0.95,
    dispersion: float = 1.0,
) -> pd.DataFrame:
    """Attacks and attacks per day in each phase, by one claimant's cumulative counts.

    ``stretches`` as :func:`phases` returns them. ``fewest`` and ``most`` are the numbers that
    the counts allow (see :func:`~strikes2024.analysis.rates.count_bounds`), ``attacks`` the one
    that an even spread between two counts gives. ``low`` is the lower Poisson limit of the
    fewest, ``high`` the upper limit of the most, so the interval is wide where no count falls
    near a turn. ``dispersion`` above 1 widens it further. Where ``most`` is unknown, ``high`` is
    missing.

    Method: bounds of a monotone count, and Garwood’s limits (1936). Assumes attacks that come
    singly, unless ``dispersion`` says otherwise.

    Returns the columns of ``stretches`` and ``fewest``, ``attacks``, ``most``, ``rate``,
    ``low``, ``high`` (per day).
    """
    begin = count_bounds(tallies, claimant, stretches["start"] - _DAY, column)
    finish = count_bounds(tallies, claimant, stretches["end"], column)
    rows = []
    for (first, last), phase in zip(
        zip(each(begin), each(finish), strict=True), each(stretches), strict=True
    ):
        days = int(phase.days)
        # Where no closed count follows, the last count before stands for the start's upper end.
        fewest = max(0.0, last.low - (first.low if math.isnan(first.high) else first.high))
        attacks, most = last.best - first.best, last.high - first.low
        low, _ = poisson_interval(fewest, level, dispersion)
        high = math.nan if math.isnan(most) else poisson_interval(most, level, dispersion)[1]
        rows.append(
            {
                "fewest": fewest,
                "attacks": attacks,
                "most": most,
                "rate": attacks / days,
                "low": low / days,
                "high": high / days,
            }
        )
    numbers = pd.DataFrame(rows, columns=["fewest", "attacks", "most", "rate", "low", "high"])
    return pd.concat([stretches.reset_index(drop=True), numbers], axis=1)


def phase_ratios(rates: pd.DataFrame, base: str | None = None, level: float = 0.95) -> pd.DataFrame:
    """Each phase's rate over that of another, with an exact conditional interval.

    ``rates`` as :func:`phase_rates` returns them; ``base`` names the phase to compare all
    others with, by default each is compared with the one before it. The interval runs from the
    lower limit for the fewest attacks here and the most there, to the upper limit for the most
    here and the fewest there: it holds for any true division of the attacks between the phases.
    Phases without an upper bound are left out. A ratio compares two stretches of time; it says
    nothing about why they differ.

    Method: :func:`rate_ratio` at the extremes. Assumes attacks that come singly, at an even
    rate within a phase.

    Returns ``phase``, ``base``, ``ratio`` (missing and infinite as in :func:`rate_ratio`),
    ``low``, ``high``. Raises ``ValueError`` for an unknown base.
    """
    known = rates[rates["most"].notna()]
    names = known["phase"].tolist()
    if base is not None and base not in names:
        raise ValueError(f"there is no phase {base!r} with a known count")
    rows = []
    for at, name in enumerate(names):
        other = at - 1 if base is None else names.index(base)
        if other < 0 or other == at:
            continue
        here, there = known.iloc[at], known.iloc[other]
        if there["rate"] > 0:
            best = here["rate"] / there["rate"]
        else:
            best = math.inf if here["rate"] > 0 else math.nan
        _, low, _, _ = _ratio(here, "fewest", there, "most", level)
        _, _, high, _ = _ratio(here, "most", there, "fewest", level)
        rows.append({"phase": name, "base": names[other], "ratio": best, "low": low, "high": high})
    return pd.DataFrame(rows, columns=["phase", "base", "ratio", "low", "high"])


def _ratio(
    here: pd.Series, count: str, there: pd.Series, other: str, level: float
) -> tuple[float, float, float, float]:
    spans = float(here["days"]), float(there["days"])
    return rate_ratio(round(here[count]), spans[0], round(there[other]), spans[1], level)


def dated_in(events: pd.DataFrame, stretches: pd.DataFrame) -> pd.DataFrame:
    """Dated attacks on US forces that begin in each phase, by local day.

    The record can date fewer attacks than the totals count, so these are floors. ``stretches``
    must not overlap. Returns the columns of ``stretches`` with ``dated`` and ``confirmed`` (of
    these, counted by a US statement), both Int64.

    Method: a count. Assumes that local days and the days of the phases may be a day apart.
    """
    attacks = events[events["kind"] == "attack_on_us_forces"].sort_values("start")
    ordered = stretches.sort_values("start")
    place = pd.merge_asof(
        attacks[["start", "us_confirmed"]].rename(columns={"start": "day"}),
        ordered[["start", "end", "phase"]],
        left_on="day",
        right_on="start",
    )
    place = place[place["day"] <= place["end"]]
    confirmed = place["us_confirmed"].isin(["yes"])
    dated = stretches["phase"].map(place["phase"].value_counts()).fillna(0)
    counted = stretches["phase"].map(place.loc[confirmed, "phase"].value_counts()).fillna(0)
    return stretches.assign(dated=dated.astype("Int64"), confirmed=counted.astype("Int64"))
