"""Other trackers' published figures beside what a record gives for the same thing.

Each check computes our figure for one row of ``published_figures``, and says how and why the two
may differ. A check never changes a figure: where the two disagree, both stand.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pandas as pd

from strikes2024.analysis.estimates import bounds, claim_line
from strikes2024.analysis.predict import predict_total
from strikes2024.tables import Tables
from strikes2024.verdicts import latest

Range: TypeAlias = tuple[float, float]
Days: TypeAlias = Sequence[str]  # first and last, both included


@dataclass(frozen=True)
class Check:
    """How one published figure is computed from a record, and why the two may differ."""

    ours: Callable[[Tables], Range]
    how: str
    why: str


def _one(number: float) -> Range:
    return float(number), float(number)


def _between(dates: pd.Series, days: Days) -> pd.Series:
    first, last = days
    return dates.between(pd.Timestamp(first), pd.Timestamp(last))


def total_on(t: Tables, claimant: str, day: str) -> Range:
    """A claimant's cumulative count on a day, read between its statements."""
    found = predict_total(t.tallies, day, claimant)
    return found.low, found.high


def claimed_attacks(t: Tables, group: str, days: Days) -> Range:
    """Dated events that a group claims as its own."""
    a = t.attributions
    own = a[(a["actor"] == group) & (a["claimant"] == group) & (a["stance"] == "claims")]
    e = t.events[t.events["event_id"].isin(own["event"])]
    return _one(int(_between(e["start"], days).sum()))


def strikes(t: Tables, days: Days) -> Range:
    """US strikes among the events, by US date."""
    e = t.events[t.events["kind"] == "us_strike"]
    return _one(int(_between(e["us_date"].fillna(e["start"]), days).sum()))


def latest_killed(t: Tables, event: str, victims: Sequence[str]) -> Range:
    """Lowest to highest of the claimants' latest figures for those killed."""
    return bounds(latest(claim_line(t.claims, event, "killed", victims=victims)))


def sum_by_base(t: Tables, tally: str) -> Range:
    """The rows by base of a cumulative count, added up."""
    parts = t.tallies[t.tallies["part_of"] == tally]
    if parts.empty:
        raise LookupError(tally)
    return _one(float(parts["total"].sum()))


def sum_of_claims(t: Tables, claims: Sequence[str]) -> Range:
    """Claims added up as ranges."""
    rows = t.claims.set_index("claim_id").loc[list(claims)]
    return float(rows["low"].sum()), float(rows["high"].sum())


def killed_by_strikes(t: Tables, claimant: str, days: Days) -> Range:
    """One claimant's standing claims of killed for the US strikes of a period, added up."""
    own = t.events[(t.events["kind"] == "us_strike") & _between(t.events["start"], days)]
    c = t.claims
    rows = c[
        c["event"].isin(own["event_id"])
        & (c["claimant"] == claimant)
        & (c["metric"] == "killed")
        & (c["scope"] == "whole")
        & (c["status"] == "stands")
    ]
    return float(rows["low"].sum()), float(rows["high"].fillna(rows["low"]).sum())


def crosscheck(tables: Tables, checks: Mapping[str, Check]) -> pd.DataFrame:
    """Every published figure for which there is a check, beside ours.

    Parameters
    ----------
    tables
        The record.
    checks
        How to compute ours, by ``check_id`` of ``published_figures``.

    Returns
    -------
    pandas.DataFrame
        ``check_id``, ``figure``, ``publisher``, ``url``, ``period``, ``unit``, ``theirs_low``,
        ``theirs_high``, ``ours_low``, ``ours_high``, ``verdict``, ``difference`` (the least by
        which ours differs, 0 where the ranges meet), ``how``, ``why``, in the order of
        ``published_figures``. A check whose rows are not in the tables is left out.

    Notes
    -----
    ``verdict`` compares the two ranges: ``agrees`` where they meet (a published figure without an
    upper end is open upwards), else ``ours is lower`` or ``ours is higher``.

    Method: two ranges agree where they meet. Assumes that both count the same thing; ``why``
    says where they may not.
    """
    found = []
    published = tables.published_figures
    row: Any
    for row in published[published["check_id"].isin(list(checks))].itertuples(index=False):
        check = checks[str(row.check_id)]
        try:
            low, high = check.ours(tables)
        except (LookupError, ValueError):
            continue
        top = math.inf if pd.isna(row.high) else float(row.high)
        difference = min(0.0, high - float(row.low)) or max(0.0, low - top)
        verdict = "agrees"
        if difference:
            verdict = "ours is lower" if difference < 0 else "ours is higher"
        theirs = row.check_id, row.figure, row.publisher, row.url, row.period, row.unit
        ends = row.low, row.high, low, high
        found.append((*theirs, *ends, verdict, difference, check.how, check.why))
    columns = [
        "check_id", "figure", "publisher", "url", "period", "unit", "theirs_low", "theirs_high",
        "ours_low", "ours_high", "verdict", "difference", "how", "why",
    ]  # fmt: skip
    return pd.DataFrame(found, columns=columns)
