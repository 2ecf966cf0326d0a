"""The report's own questions, put to the functions of :mod:`strikes2024.analysis`.

Which claimant, which events, which phases: what the functions leave to their caller is settled
here once, so that charts, figures in the text and tables agree.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from strikes2024.analysis import (
    ADVERSARIES,
    Estimate,
    add_estimates,
    claim_line,
    crosscheck,
    dated_in,
    dispersion,
    estimate_line,
    leave_one_out,
    official_line,
    phase_rates,
    phases,
    rates_by_country,
    sensitivity,
    turning_points,
)
from strikes2024.analysis.crosschecks import MEASURES, Check
from strikes2024.analysis.estimates import RULES
from strikes2024.campaign.facts import (
    CAMPAIGN,
    COUNTER,
    CROSSCHECKS,
    PARTS,
    PHASES,
    TOTAL,
    TOWER_22,
)
from strikes2024.campaign.headlines import HEADLINES
from strikes2024.frames import find

if TYPE_CHECKING:
    from strikes2024.tables import Tables

__all__ = [
    "KILLED_SUM",
    "campaign_attacks",
    "campaign_checks",
    "campaign_dispersion",
    "campaign_phases",
    "campaign_rates",
    "campaign_start",
    "country_rates",
    "headline_sensitivity",
    "killed_estimate",
    "parts_of_total",
    "predicted_counts",
]

KILLED_SUM = "How many were killed in all (Syria, Iraq and Baghdad added up)?"


def campaign_start(t: Tables) -> pd.Timestamp:
    """The first day of the campaign of attacks on US forces."""
    start: pd.Timestamp = find(t.events, CAMPAIGN)["start"]
    return start


def campaign_attacks(t: Tables) -> pd.DataFrame:
    """Dated attacks on US forces since the campaign began."""
    start = campaign_start(t)
    attacks: pd.DataFrame = t.events[
        (t.events["kind"] == "attack_on_us_forces") & (t.events["start"] >= start)
    ]
    return attacks


def campaign_phases(t: Tables, claimant: str = COUNTER, column: str = "total") -> pd.DataFrame:
    """Phases from the first attack to the claimant's last count, by the turns that are known."""
    last = official_line(t.tallies, claimant, column)["as_of"].max()
    known = tuple(turn for turn in PHASES if turn[2] in set(t[turn[1]].iloc[:, 0]))
    turns = turning_points(t, known)
    return phases(turns[turns["start"] <= last], last)


def campaign_rates(t: Tables, claimant: str = COUNTER, column: str = "total") -> pd.DataFrame:
    """Attacks a day by phase, with the dated attacks of each phase beside the count."""
    stretches = dated_in(t.events, campaign_phases(t, claimant, column))
    return phase_rates(t.tallies, claimant, stretches, column=column)


def campaign_checks(t: Tables) -> pd.DataFrame:
    """Other trackers' figures beside ours, by the checks of ``campaign.toml``.

    Returns the columns of :func:`~strikes2024.analysis.crosscheck`.
    """
    checks = {
        name: Check(
            partial(MEASURES[check["measure"]], **check["given"]), check["how"], check["why"]
        )
        for name, check in CROSSCHECKS.items()
    }
    return crosscheck(t, checks)


def country_rates(t: Tables) -> pd.DataFrame:
    """Attacks a week in each country that the US count tells apart, over a month or more.

    Returns the columns of :func:`~strikes2024.analysis.rates_by_country`; the total is left out.
    """
    rates = rates_by_country(t.tallies, COUNTER, min_days=30, unit_days=7)
    found: pd.DataFrame = rates[rates["country"] != "total"].reset_index(drop=True)
    return found


def campaign_dispersion(t: Tables) -> pd.DataFrame:
    """How far the dated attacks came in salvos, up to Tower 22, when most of them are known."""
    stretches = campaign_phases(t)
    tower = find(t.events, TOWER_22)["start"]
    return dispersion(campaign_attacks(t)["start"], stretches[stretches["end"] < tower])


def predicted_counts(t: Tables, *, salvos: bool = True) -> pd.DataFrame:
    """Each official count predicted from the others, with or without allowing for salvos."""
    spread = max(1.0, float(campaign_dispersion(t)["index"].iloc[0])) if salvos else 1.0
    return leave_one_out(t.tallies, COUNTER, dispersion=spread)


def killed_estimate(t: Tables, rule: str) -> Estimate:
    """People killed by the strikes of 2–7 February: the sum of the three parts by one rule."""
    line = partial(claim_line, t.claims, metric="killed", victims=ADVERSARIES)
    return add_estimates(
        estimate_line(line(event=event, country=country), t.actors, t.sources, rule)
        for event, country, _ in PARTS
    )


def headline_sensitivity(t: Tables) -> pd.DataFrame:
    """Every rule applied to every headline figure, and to the sum of those killed.

    Returns the columns of :func:`~strikes2024.analysis.sensitivity`. The encyclopedia's own
    total is left out, since it is a sum of the other figures.
    """
    lines = {h.question: h.claims(t) for h in HEADLINES if h.slug != "killed-total"}
    table = sensitivity(lines, t.actors, t.sources)
    sums = []
    for rule in RULES:
        total = killed_estimate(t, rule)
        sums.append(
            {
                "figure": KILLED_SUM,
                "rule": rule,
                "low": total.low,
                "best": total.best,
                "high": total.high,
                "open_ended": total.open_ended,
                "claims": len(total.claims),
            }
        )
    return pd.concat([table, pd.DataFrame(sums)], ignore_index=True)


def parts_of_total(t: Tables) -> pd.DataFrame:
    """What the encyclopedia's total of killed is put together from, and whose figures these are.

    Takes the whole figures for killed and buried that stand in the same publication as the
    total, for each of the three parts. Returns ``part``, ``claimant`` (actor id), ``metric``,
    ``low``, ``high``, ``qualifier``, ``claim_id``; lows and highs by part add up to the total.
    """
    total = find(t.claims, TOTAL)
    c = t.claims
    read = c[(c["source"] == total["source"]) & (c["scope"] == "whole")]
    read = read[read["metric"].isin(["killed", "buried"])]
    found = [
        read[(read["event"] == event) & (read["country"] == country)].assign(part=part)
        for event, country, part in PARTS
    ]
    table: pd.DataFrame = pd.concat(found, ignore_index=True)
    high = table["high"].fillna(table["low"])
    columns = ["part", "claimant", "metric", "low", "high", "qualifier", "claim_id"]
    return table.assign(high=high).loc[:, columns]
