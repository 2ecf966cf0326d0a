"""Charts of the clashes from 2018 on, and of which strike was called a response to what."""

from __future__ import annotations

from typing import Final

import pandas as pd

from strikes2024.analysis import responses
from strikes2024.campaign import (
    CAMPAIGN,
    TOWER_22,
    campaign_start,
    earlier_tolls,
)
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, demand, refs_by
from strikes2024.charts.forms import bars, range_rows, spans
from strikes2024.tables import Tables
from strikes2024.wording import month, number

__all__ = ["chain", "prior_casualties", "timeline"]

_KINDS: Final = {
    "Attacks on US and coalition forces": ("attack_on_us_forces", "raid"),
    "US strikes": ("us_strike", "assassination"),
}
_COLOURS: Final = dict(zip(_KINDS, (style.SIDE_COLOURS["iran_aligned"], style.MAIN), strict=True))
BEGIN, END = pd.Timestamp("2019-01-01"), pd.Timestamp("2024-12-31")


@chart_function(CAMPAIGN)
def timeline(t: Tables) -> Chart:
    """Attacks on US forces and US strikes a quarter, six years."""
    names = {kind: name for name, kinds in _KINDS.items() for kind in kinds}
    e = t.events[t.events["start"].between(BEGIN, END)]
    e = e.assign(panel=e["kind"].astype("string").map(names)).dropna(subset=["panel"])
    quarters = e["start"].dt.to_period("Q").dt.to_timestamp()
    table = pd.crosstab(quarters, e["panel"]).reindex(columns=list(_KINDS), fill_value=0)
    table = table.reindex(pd.date_range(BEGIN, END, freq="QS"), fill_value=0)
    frame = table.rename_axis("start").reset_index().melt("start", var_name="panel")
    first = next(iter(_KINDS))
    attacks = demand(frame[frame["panel"] == first], "attack")
    peak = attacks.sort_values("value", kind="stable").iloc[-1]
    before = attacks.loc[attacks["start"] < peak["start"], "value"]
    strikes = frame.loc[frame["panel"] != attacks["panel"].iloc[0], "value"]
    refs = refs_by("event", e["event_id"], [quarters, e["panel"]])
    some = f"; before {month(campaign_start(t))} only the larger ones"
    drawn = frame.assign(
        refs=[refs.get(key, "") for key in zip(frame["start"], frame["panel"], strict=True)],
        end=frame["start"] + pd.offsets.QuarterBegin(1, startingMonth=1),
        text=frame["value"].astype(str).mask(frame["value"] == 0, ""),
        panel=frame["panel"] + ", a quarter" + frame["panel"].map({first: some}).fillna(""),
        colour=frame["panel"].map(_COLOURS),
    )  # fmt: skip
    return Chart(
        slug="timeline",
        title=f"{peak['value']} recorded attacks on US and coalition forces in the last quarter of "
        f"{peak['start'].year}, {before.sum()} larger ones in the {len(before)} quarters before; "
        f"never more than {strikes.max()} US strikes a quarter",
        subtitle=f"Recorded attacks, and below them US strikes, {BEGIN:%Y}–{END:%Y}",
        frame=frame,
        labels={"start": "Quarter from", "panel": "Kind", "value": "Events"},
        source_ids=e["sources"].str.split(";").str[0],
        note="Because the smaller incidents before October 2023 are missing, the rise looks "
        "steeper here than it was.",
        picture=lambda width: bars(drawn, width, height=120),
    )


@chart_function(CAMPAIGN, TOWER_22)
def chain(t: Tables) -> Chart:
    """Each event that somebody called a response: what it answered, and how many days later."""
    ties = demand(responses(t.events, t.links), "event that somebody called a response")
    us = ties["from_kind"].isin(["us_strike", "assassination"])
    lag = demand(ties.loc[us, "lag_days"], "US strike that somebody called a response")
    half, most = int(lag.median()), int(lag.max())
    soon = number(int((lag <= half).sum()))
    heads = {
        0: f"US strikes within {number(half)} days: {soon} of {len(lag)}",
        1: f"US strikes after {number(half + 1)} to {number(most)} days: {(lag > half).sum()}",
        2: f"Responses by others: {(~us).sum()}",
    }
    at = (ties["lag_days"] > half).astype(int).where(us, 2)
    ties = ties.assign(at=at).sort_values(["at", "lag_days", "from_start"], ignore_index=True)
    delay = ["same day" if d == 0 else "1 day" if d == 1 else f"{d} days" for d in ties["lag_days"]]
    years = f"{ties['from_start'].min():%Y}–{ties['from_start'].max():%Y}"
    rows = ties.assign(
        row=ties["from_start"].dt.strftime("%b\u00a0%Y: ") + ties["from_title"],
        low=ties["lag_days"], high=ties["lag_days"],
        colour=ties["at"].map({0: style.MAIN}).fillna(style.REST),
        text=[f"{d}: {event}" for d, event in zip(delay, ties["to_title"], strict=True)],
        group=ties["at"].map(heads),
        refs="event:" + ties["from_event"] + ";event:" + ties["to_event"],
    )  # fmt: skip
    return Chart(
        slug="chain",
        title=f"{len(lag)} US strikes were each called the response to a particular event; "
        f"{soon} came within {number(half)} days, the slowest after {most}",
        subtitle="Each response that somebody named as such, with the event that it answered",
        frame=ties.assign(
            stated_by=ties["stated_by"].map(t.actors.set_index("actor_id")["name"])
        )[["from_start", "from_title", "to_start", "to_title", "lag_days", "stated_by", "source"]],
        labels={"to_start": "Date", "to_title": "Event", "from_start": "Response on",
                "from_title": "Response", "lag_days": "Days between", "stated_by": "Stated by"},
        source_ids=[*ties.loc[ties["to_event"] == TOWER_22, "source"], *ties["source"]],
        note="The number of cases is small. That a strike was called a response does not show that "
        "the event caused it.",
        picture=lambda width: range_rows(
            rows, width,
            unit=f"Responses, {years}, and how many days after which event they came",
        ),
    )  # fmt: skip


_ATTACKERS: Final = {
    "israeli_strike": "Strikes attributed to Israel", "us_strike": "US strikes",
    "assassination": "US strikes", "attack_on_us_forces": "Attacks on US and coalition forces",
}  # fmt: skip


@chart_function(CAMPAIGN)
def prior_casualties(t: Tables) -> Chart:
    """Killed in the earlier events, by attacker, lowest to highest claim."""
    frame = demand(earlier_tolls(t, list(_ATTACKERS)), "earlier event with a count of those killed")
    frame = frame.assign(group=frame["kind"].map(_ATTACKERS))
    groups = frame.groupby("group")
    sums = groups[["low", "high"]].sum().join(groups["open"].any())
    sums = sums.sort_values("high", ascending=False)
    years = f"{frame['start'].min().year} to {month(frame['start'].max())}"
    used = t.claims[t.claims["event"].isin(frame["event"]) & (t.claims["metric"] == "killed")]
    frame["refs"] = frame["event"].map(refs_by("claim", used["claim_id"], used["event"]))
    parts = []
    for group, total in sums.iterrows():
        own = frame[frame["group"] == group]
        whole = {"group": group, "row": f"All {number(len(own))} events with deaths",
                 "strong": True, "refs": ";".join("event:" + own["event"]), **total}  # fmt: skip
        own = own.assign(row=own["start"].dt.strftime("%b\u00a0%Y: ") + own["title"], strong=False)
        parts += [pd.DataFrame([whole]), own]
    rows = pd.concat(parts, ignore_index=True)
    each_side = [f"{text} in {g[0].lower() if g[1].islower() else g[0]}{g[1:]}"
                 for g, text in zip(map(str, sums.index), spans(sums), strict=True)]  # fmt: skip
    return Chart(
        slug="prior-casualties",
        title=f"Killed, {years}: " + ", ".join(each_side),
        subtitle="The earlier events of this record by attacker, in order of time; lowest to "
        "highest of the claimants’ latest figures; an arrow means “or more”",
        frame=frame[["event", "start", "title", "group", "low", "high", "open", "claims"]],
        labels={"group": "Attacker"},
        source_ids=used["source"],
        note="Events for which no death was claimed are left out, and so are counts of a part of "
        "the dead; sums add lows to lows and highs to highs. Claims do not always count the same "
        "people. Israel did not claim the strikes attributed to it.",
        picture=lambda width: range_rows(rows, width, unit=f"People killed, {years}"),
    )
