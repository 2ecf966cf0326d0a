"""Figures that the prose needs and that no single claim gives: counts, spans, sums, lags.

Each entry of :data:`FIGURES` takes the tables and returns words. A chapter writes the entry's
name; the book puts the words in its place, so that no figure is typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from strikes2024.analysis import (
    add_ranges,
    attacks_by_month,
    bounds,
    claim_line,
    latest,
    responses,
)
from strikes2024.analysis.rates import official_line
from strikes2024.frames import find
from strikes2024.text import month, number, span

if TYPE_CHECKING:
    from strikes2024.tables import Tables

__all__ = ["FIGURES"]

CAMPAIGN = pd.Timestamp("2023-10-17")
FEBRUARY = "us-strikes-2024-02-02"


def _start(t: Tables, event: str) -> pd.Timestamp:
    start: pd.Timestamp = find(t.events, event)["start"]
    return start


def _attacks(t: Tables) -> pd.DataFrame:
    e = t.events
    return e[(e["kind"] == "attack_on_us_forces") & (e["start"] >= CAMPAIGN)]


def _prior(t: Tables) -> pd.DataFrame:
    e = t.events
    return e[(e["start"] < CAMPAIGN) & (e["kind"] != "campaign")]


def _us_answers(t: Tables) -> pd.Series:
    ties = responses(t.events, t.links)
    return ties.loc[ties["from_kind"].isin(["us_strike", "assassination"]), "lag_days"]


def _killed(t: Tables, event: str, country: str) -> tuple[float, float]:
    """Lowest and highest among the latest figures of all claimants."""
    groups = ["militants", "all_groups", "pmf_members"]
    return bounds(latest(claim_line(t.claims, event, "killed", victims=groups, country=country)))


def _parts(t: Tables) -> tuple[float, float]:
    return add_ranges(
        _killed(t, event, country)
        for event, country in (
            (FEBRUARY, "Syria"),
            (FEBRUARY, "Iraq"),
            ("us-strikes-2024-02-07", "Iraq"),
        )
    )


def _truce_rise(t: Tables) -> str:
    line = official_line(t.tallies, "us-dod").set_index("as_of")["count"]
    before = line[line.index < pd.Timestamp("2023-11-25")].iloc[-1]
    return number(int(line[line.index <= pd.Timestamp("2023-12-01")].iloc[-1] - before))


def _bloc(t: Tables, *blocs: str) -> pd.DataFrame:
    return t.reactions[t.reactions["bloc"].isin(blocs)]


FIGURES: dict[str, Callable[[Tables], str]] = {
    "n-claims": lambda t: number(len(t.claims)),
    "n-tallies": lambda t: number(int(t.tallies["place"].isna().sum())),
    "n-events": lambda t: number(len(t.events)),
    "n-sources": lambda t: number(len(t.sources)),
    "n-opened": lambda t: number(int(t.sources["opened"].sum())),
    "n-languages": lambda t: number(t.sources["language"].nunique()),
    "n-actors": lambda t: number(len(t.actors)),
    "n-reactions": lambda t: number(len(t.reactions)),
    "n-prior": lambda t: number(len(_prior(t))),
    "n-attacks": lambda t: number(len(_attacks(t))),
    "n-attacks-confirmed": lambda t: number(int((_attacks(t)["us_confirmed"] == "yes").sum())),
    "n-attacks-after": lambda t: number(
        int((_attacks(t)["start"] > pd.Timestamp("2024-02-04")).sum())
    ),
    "n-us-strikes-before": lambda t: number(
        int(
            (
                (t.events["kind"] == "us_strike")
                & (t.events["start"] >= CAMPAIGN)
                & (t.events["start"] < _start(t, FEBRUARY))
            ).sum()
        )
    ),
    "days-to-answer": lambda t: number((_start(t, FEBRUARY) - _start(t, "tower-22-attack")).days),
    "truce-rise": _truce_rise,
    "killed-sum": lambda t: span(*_parts(t)),
    "n-killed-claims": lambda t: number(len(claim_line(t.claims, FEBRUARY, "killed"))),
    "tower-22-wounded-span": lambda t: span(
        *bounds(claim_line(t.claims, "tower-22-attack", "wounded"))
    ),
    "syria-killed-span": lambda t: span(*_killed(t, FEBRUARY, "Syria")),
    "iraq-killed-span": lambda t: span(*_killed(t, FEBRUARY, "Iraq")),
    "n-us-answers": lambda t: number(len(_us_answers(t))),
    "us-answer-median": lambda t: number(float(_us_answers(t).median())),
    "us-answer-span": lambda t: span(int(_us_answers(t).min()), int(_us_answers(t).max())),
    "n-condemn": lambda t: number(
        t.reactions.loc[
            t.reactions["event"].str.startswith("us-strikes")
            & (t.reactions["stance"] == "condemns"),
            "actor",
        ].nunique()
    ),
    "n-congress": lambda t: number(
        t.reactions.loc[t.reactions["actor"] == "us-congress", "speaker"].nunique()
    ),
    "n-allies-backing": lambda t: number(
        _bloc(t, "us_ally")
        .loc[
            lambda r: (
                r["stance"].isin(["supports", "understands"])
                & r["event"].str.startswith("us-strikes")
            ),
            "actor",
        ]
        .nunique()
    ),
    "peak-month-attacks": lambda t: number(int(attacks_by_month(_attacks(t))["all"].max())),
    "tower-22-hour": lambda t: f"{find(t.events, 'tower-22-attack')['local_time']} local time",
    "baghdad-hour": lambda t: str(find(t.events, "us-strikes-2024-02-07")["local_time"]),
    "civilian-admission": lambda t: month(find(t.claims, "feb-2-killed-us-dod-2025-07-15").stated),
    "civilian-admission-lag": lambda t: number(
        (find(t.claims, "feb-2-killed-us-dod-2025-07-15").stated - _start(t, FEBRUARY)).days // 30
    ),
    "n-war-powers": lambda t: number(
        float(t.claims.loc[t.claims["metric"] == "war_powers_letters", "low"].max())
    ),
    "first-prior-year": lambda t: str(_prior(t)["start"].min().year),
}
