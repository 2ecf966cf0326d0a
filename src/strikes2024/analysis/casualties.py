"""Deaths and injuries: on each side, by event, and as the reported counts grew."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from strikes2024.analysis.estimates import ADVERSARIES, latest
from strikes2024.arguments import several

__all__ = [
    "US_SIDE",
    "deaths_by_event",
    "killed_by_event",
    "killed_by_strikes",
    "reported_casualties",
]

US_SIDE = ("us_service_members", "us_personnel", "us_contractors", "coalition_personnel")


def _ranges(claims: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Lowest and highest of the claimants' latest figures for each key, and how many count."""
    speakers = claims.groupby(["claimant", *keys], dropna=False)
    counted = latest(claims.assign(claimant=speakers.ngroup()))
    counted = counted[counted["low"].notna() | counted["high"].notna()]
    # Open figures are floors, as in strikes2024.analysis.bounds.
    closed = counted[counted["high"].notna()]
    lows = closed["low"].fillna(closed["high"]).groupby([closed[key] for key in keys]).min()
    highs = closed.groupby(keys)["high"].max()
    grouped = counted.groupby(keys)
    floor = grouped["low"].max()
    opened = counted[counted["high"].isna()].groupby(keys)["low"].max()
    high = pd.concat([highs.reindex(floor.index), floor], axis=1).max(axis=1)
    return pd.DataFrame(
        {
            "low": lows.reindex(floor.index).fillna(floor).astype("Float64"),
            "high": high.astype("Float64"),
            "claims": grouped.size().astype("Int64"),
            "open_ended": (opened.reindex(floor.index) >= high).fillna(False).astype("boolean"),
        }
    )


def _counted_apart(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Drop figures over several countries where some claimant tells the countries apart."""
    rows = rows.assign(country=rows["country"].astype("string").fillna(""))
    apart = ~rows["country"].str.contains(";")
    group = rows.groupby(keys).ngroup()
    return rows[apart | ~group.isin(group[apart])]


def deaths_by_event(claims: pd.DataFrame) -> pd.DataFrame:
    """People killed in each event on the US side and on others, as ranges over claimants.

    The US side are US and coalition personnel and contractors. Others are militants, members of
    the PMF and people not told apart, whom claimants do not keep apart; where nobody counts
    these, whoever else is counted (civilians, Iraqi security forces, the SDF). The range runs
    from the lowest to the highest of the claimants' latest whole figures; figures for different
    countries are added (outer bounds). A missing value means that nobody gave a figure, not
    that nobody died.

    Method: own; ranges over claimants, added as in :func:`add_ranges`. Assumes that whole
    figures of one side and country count the same people.

    Returns ``event``, ``us_low``, ``us_high``, ``other_low``, ``other_high`` (Float64,
    persons), one row for each event with a claim.
    """
    rows = claims[
        (claims["metric"] == "killed") & (claims["scope"] == "whole") & claims["event"].notna()
    ]
    adversary = rows["victims"].isin(ADVERSARIES)
    rows = rows.assign(side=rows["victims"].isin(US_SIDE).map({True: "us", False: "other"}))
    led = rows["event"].isin(rows.loc[adversary, "event"])
    rows = rows[(rows["side"] == "us") | adversary | ~led]
    ranges = _ranges(_counted_apart(rows, ["event", "side"]), ["event", "side", "country"])
    sums = ranges.groupby(["event", "side"])[["low", "high"]].sum().reset_index("side")
    found = pd.DataFrame(index=sums.index.unique())
    for side in ("us", "other"):
        own = sums[sums["side"] == side]
        found[f"{side}_low"], found[f"{side}_high"] = own["low"], own["high"]
    return found.astype("Float64").rename_axis("event").reset_index()


def killed_by_event(claims: pd.DataFrame) -> pd.DataFrame:
    """People killed in each event as three numbers, where all claims count the same people.

    Low and high span the latest standing figures; best is the lowest of the claimants' own best
    figures, or of their lower ends. An event whose claims count different places or groups of
    victims is left out, since these cannot be added safely.

    Method: ranges over claimants. Assumes that militants, members of the PMF and people not told
    apart are one group, as claimants do not keep them apart.

    Returns ``event``, ``low``, ``best``, ``high`` (Int64, persons), one row for each event.
    """
    rows = claims[(claims["metric"] == "killed") & (claims["scope"] == "whole")]
    line = latest(rows[rows["event"].notna()], by=("event", "claimant"))
    line = line[line["low"].notna() | line["high"].notna()]
    low, high = line["low"].fillna(line["high"]), line["high"].fillna(line["low"])
    victims = line["victims"].astype("string").replace(dict.fromkeys(ADVERSARIES, "all"))
    thing = victims.fillna("") + " in " + line["country"].astype("string").fillna("")
    ends = pd.DataFrame(
        {"event": line["event"], "low": low, "best": line["best"].fillna(low), "high": high,
         "thing": thing}
    )  # fmt: skip
    grouped = ends.groupby("event")
    found = grouped.agg({"low": "min", "best": "min", "high": "max", "thing": "nunique"})
    found = found.loc[found["thing"] == 1, ["low", "best", "high"]]
    return found.astype("Int64").rename_axis("event").reset_index()


def killed_by_strikes(events: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """People counted as killed on the other side by each US strike, as ranges over claimants.

    Militants, members of the PMF and people not told apart count together, as claimants do not
    keep them apart; figures for civilians alone are left out. Countries of one event are added
    up, as in :func:`deaths_by_event`. Strikes for which nobody gave a number are kept, with
    missing ends; ``open_ended`` says that the upper end is itself a floor.

    Method: own; ranges over claimants. Assumes that whole figures of one country count the same
    people.

    Returns ``event``, ``start``, ``title``, ``low``, ``high`` (Float64, persons), ``claims``
    (Int64, figures that count), ``open_ended`` (boolean), by ``start``.
    """
    strikes = events[events["kind"].isin(["us_strike", "assassination"])]
    rows = claims[
        claims["event"].isin(strikes["event_id"])
        & (claims["metric"] == "killed")
        & (claims["scope"] == "whole")
        & claims["victims"].isin(ADVERSARIES)
    ]
    ranges = _ranges(_counted_apart(rows, ["event"]), ["event", "country"])
    groups = ranges.groupby("event")
    sums = groups[["low", "high", "claims"]].sum()
    sums = sums.assign(open_ended=groups["open_ended"].any())
    found = strikes[["event_id", "start", "title"]].rename(columns={"event_id": "event"})
    found = found.merge(sums, how="left", on="event")
    found["claims"] = found["claims"].fillna(0)
    found["open_ended"] = found["open_ended"].astype("boolean").fillna(False)
    return found.sort_values(["start", "event"]).reset_index(drop=True)


def reported_casualties(
    tallies: pd.DataFrame, claims: pd.DataFrame, event: str, claimants: Iterable[str]
) -> pd.DataFrame:
    """How the reported number of US killed and wounded of a campaign grew.

    Takes the standing counts of ``claimants`` (whole, not by base) and their whole claims on
    ``event``. Returns ``series`` (Injured, Killed, Brain injuries, Killed and injured),
    ``as_of``, ``stated``, ``figure`` (Int64, persons), ``source``, ``row`` (tally or claim
    id), each figure of a series and day once, sorted by series, ``as_of`` and figure.

    Method: a selection, no model. Assumes that the claimants count one campaign by one
    definition.
    """
    who = several(claimants, "claimants")
    own = tallies[
        tallies["claimant"].isin(who) & (tallies["status"] == "stands") & tallies["place"].isna()
    ]
    said = claims[
        (claims["event"] == event) & claims["claimant"].isin(who) & (claims["scope"] == "whole")
    ]
    columns = ["series", "as_of", "stated", "figure", "source", "row"]
    parts = []
    for column, series in (("injured", "Injured"), ("killed", "Killed")):
        part = own[own[column].notna()].rename(columns={column: "figure", "tally_id": "row"})
        parts.append(part.assign(series=series)[columns])
    for metric, series in (
        ("brain_injuries", "Brain injuries"),
        ("casualties", "Killed and injured"),
        ("wounded", "Injured"),
    ):
        part = said[(said["metric"] == metric) & said["low"].notna()]
        part = part.rename(columns={"low": "figure", "claim_id": "row"})
        parts.append(part.assign(series=series)[columns])
    table = pd.concat([part.astype({"figure": "Int64"}) for part in parts])
    table = table.sort_values(["series", "as_of", "figure", "row"])
    return table.drop_duplicates(["series", "as_of", "figure"]).reset_index(drop=True)
