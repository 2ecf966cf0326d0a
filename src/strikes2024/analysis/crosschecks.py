"""Other trackers' published figures beside what this record gives for the same thing.

Each check computes our figure for one row of ``published_figures``, and says how and why the two
may differ. A check never changes a figure: where the two disagree, both stand.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd

from strikes2024.analysis.estimates import bounds, claim_line, latest
from strikes2024.analysis.predict import predict_total
from strikes2024.frames import each
from strikes2024.tables import Tables

__all__ = ["CHECKS", "Check", "crosscheck"]

Range: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Check:
    """How one published figure is computed from this record, and why the two may differ."""

    ours: Callable[[Tables], Range]
    how: str
    why: str


def _one(number: float) -> Range:
    return float(number), float(number)


def _between(days: pd.Series, first: str, last: str) -> pd.Series:
    return days.between(pd.Timestamp(first), pd.Timestamp(last))


def _total(day: str) -> Callable[[Tables], Range]:
    def ours(t: Tables) -> Range:
        found = predict_total(t.tallies, day)
        return found.low, found.high

    return ours


def _claimed(group: str, first: str, last: str) -> Callable[[Tables], Range]:
    """Dated events that a group claims as its own."""

    def ours(t: Tables) -> Range:
        a = t.attributions
        own = a[(a["actor"] == group) & (a["claimant"] == group) & (a["stance"] == "claims")]
        e = t.events[t.events["event_id"].isin(own["event"])]
        return _one(int(_between(e["start"], first, last).sum()))

    return ours


def _strikes(first: str, last: str) -> Callable[[Tables], Range]:
    def ours(t: Tables) -> Range:
        e = t.events[t.events["kind"] == "us_strike"]
        return _one(int(_between(e["us_date"].fillna(e["start"]), first, last).sum()))

    return ours


def _killed(event: str, victims: tuple[str, ...]) -> Callable[[Tables], Range]:
    return lambda t: bounds(latest(claim_line(t.claims, event, "killed", victims=victims)))


def _by_base(tally: str) -> Callable[[Tables], Range]:
    def ours(t: Tables) -> Range:
        parts = t.tallies[t.tallies["part_of"] == tally]
        if parts.empty:
            raise LookupError(tally)
        return _one(float(parts["total"].sum()))

    return ours


def _sum_of_claims(*claims: str) -> Callable[[Tables], Range]:
    def ours(t: Tables) -> Range:
        rows = t.claims.set_index("claim_id").loc[list(claims)]
        return float(rows["low"].sum()), float(rows["high"].sum())

    return ours


def _sohr_killed(last: str) -> Callable[[Tables], Range]:
    def ours(t: Tables) -> Range:
        strikes = t.events[
            (t.events["kind"] == "us_strike") & _between(t.events["start"], "2023-10-19", last)
        ]
        c = t.claims
        own = c[
            c["event"].isin(strikes["event_id"])
            & (c["claimant"] == "sohr")
            & (c["metric"] == "killed")
            & (c["scope"] == "whole")
            & (c["status"] == "stands")
        ]
        return float(own["low"].sum()), float(own["high"].fillna(own["low"]).sum())

    return ours


def _change_in_strikes(t: Tables) -> Range:
    before = _strikes("2024-01-01", "2024-01-31")(t)[0]
    after = _strikes("2024-02-01", "2024-02-29")(t)[0]
    return _one(100 * (after - before) / before)


_TOTAL = "The total of the US Department of Defense for that day, read between its statements"
_BASES = "Sum of the rows by base that belong to the same count"
_SAME_COUNT = "The same count, added up from its parts"

CHECKS: dict[str, Check] = {
    "acled-70pct": Check(
        _change_in_strikes,
        "US strikes among the events, February over January, in percent",
        "ACLED’s unit is another; here a round of strikes is one event, whatever it hit",
    ),
    "acled-feb-iri": Check(
        _claimed("iri", "2024-02-01", "2024-02-29"),
        "Dated attacks of the month that the group claims in the attributions",
        "Only attacks that a publication describes one by one are dated here",
    ),
    "aw-ci883-pmf": Check(
        _sum_of_claims(
            "feb-2-killed-airwars-2024-02-03-others", "feb-2-killed-airwars-2024-02-03-medics"
        ),
        "Airwars’ claims for medics and for other members, added up as ranges",
        _SAME_COUNT,
    ),
    "gttac-160": Check(
        _total("2023-12-31"),
        _TOTAL,
        "The tracker may count more kinds of incident; the Pentagon’s total came to this number "
        "only weeks later",
    ),
    "isw-0126": Check(
        _claimed("iri", "2023-10-07", "2024-01-26"),
        "Dated attacks that the group claims in the attributions",
        "The group’s claims that no publication describes one by one are not dated here",
    ),
    "jinsa-1225-att": Check(
        _total("2023-12-25"), _TOTAL, "The tracker gives a lower bound; the ranges meet"
    ),
    "jinsa-204": Check(
        _total("2024-11-21"),
        _TOTAL,
        "The tracker’s lower bound for the same month; the Pentagon’s own later count is higher",
    ),
    "leadig-q4": Check(
        _total("2023-12-31"),
        _TOTAL,
        "The inspector general counts attacks on all US interests from the first of October",
    ),
    "omar-sdf6": Check(
        _killed("attack-2024-02-05-al-omar", ("sdf_members",)),
        "Lowest to highest of the claimants’ latest figures for the SDF’s dead",
        "SOHR’s last count is one higher than that of the force itself",
    ),
    "sohr-040": Check(_by_base("sohr-2023-11-18-2"), _BASES, _SAME_COUNT),
    "sohr-088": Check(_by_base("sohr-2024-01-12"), _BASES, _SAME_COUNT),
    "sohr-120": Check(_by_base("sohr-2024-02-21"), _BASES, _SAME_COUNT),
    "sohr-us-17": Check(
        _sohr_killed("2024-01-05"),
        "SOHR’s standing claims of killed for the US strikes among the events, added up",
        "SOHR lays more strikes to the US than the US owns; here only the latter are US strikes",
    ),
    "uani-9": Check(
        _strikes("2023-10-17", "2024-02-01"),
        "US strikes among the events, by US date",
        "The same rounds of strikes",
    ),
    "ucdp-jo": Check(
        _killed("tower-22-attack", ("us_service_members", "us_personnel")),
        "Claims of killed at Tower 22",
        "The same deaths, which UCDP files under Iran and Israel",
    ),
    "winep-us10": Check(
        _strikes("2023-10-01", "2024-10-31"),
        "US strikes among the events, by US date",
        "The poster may join strikes of one night and leave out one that the US describes as "
        "self-defence",
    ),
}


def crosscheck(tables: Tables, checks: dict[str, Check] = CHECKS) -> pd.DataFrame:
    """Every published figure for which there is a check, beside ours.

    A check whose rows are not in the tables is left out. ``verdict`` compares the two ranges:
    ``agrees`` where they meet (a published figure without an upper end is open upwards),
    else ``ours is lower`` or ``ours is higher``.

    Method: two ranges agree where they meet. Assumes that both count the same thing; ``why``
    says where they may not.

    Returns ``check_id``, ``figure``, ``publisher``, ``url``, ``period``, ``unit``,
    ``theirs_low``, ``theirs_high``, ``ours_low``, ``ours_high``, ``verdict``, ``how``, ``why``,
    in the order of ``published_figures``.
    """
    found = []
    published = tables.published_figures
    for row in each(published[published["check_id"].isin(list(checks))]):
        check = checks[str(row.check_id)]
        try:
            low, high = check.ours(tables)
        except (LookupError, ValueError):
            continue
        top = math.inf if pd.isna(row.high) else float(row.high)
        verdict = "agrees"
        if high < float(row.low):
            verdict = "ours is lower"
        elif low > top:
            verdict = "ours is higher"
        found.append(
            {
                "check_id": row.check_id,
                "figure": row.figure,
                "publisher": row.publisher,
                "url": row.url,
                "period": row.period,
                "unit": row.unit,
                "theirs_low": row.low,
                "theirs_high": row.high,
                "ours_low": low,
                "ours_high": high,
                "verdict": verdict,
                "how": check.how,
                "why": check.why,
            }
        )
    columns = [
        "check_id", "figure", "publisher", "url", "period", "unit", "theirs_low", "theirs_high",
        "ours_low", "ours_high", "verdict", "how", "why",
    ]  # fmt: skip
    return pd.DataFrame(found, columns=columns)
