"""Charts of the clashes from 2018 on, and of which strike was called a response to what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from strikes2024.analysis import ADVERSARIES, bounds, claim_line, latest, responses
from strikes2024.campaign import CAMPAIGN, FEBRUARY, TOWER_22
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, demand
from strikes2024.charts.forms import KeyDate, bars, range_rows
from strikes2024.frames import each, find
from strikes2024.wording import number, span

if TYPE_CHECKING:
    from strikes2024.tables import Tables

__all__ = ["chain", "prior_casualties", "timeline"]

_KINDS: Final = {
    "Attacks on US and coalition forces": ("attack_on_us_forces", "raid"),
    "US strikes": ("us_strike", "assassination"),
}
BEGIN, END = pd.Timestamp("2019-01-01"), pd.Timestamp("2024-12-31")


@chart_function(CAMPAIGN, FEBRUARY)
def timeline(t: Tables) -> Chart:
    """Attacks on US forces and US strikes a quarter, six years."""
    names = {kind: name for name, kinds in _KINDS.items() for kind in kinds}
    e = t.events[t.events["start"].between(BEGIN, END)]
    e = e.assign(panel=e["kind"].astype("string").map(names)).dropna(subset=["panel"])
    quarters = e["start"].dt.to_period("Q").dt.to_timestamp()
    table = pd.crosstab(quarters, e["panel"]).reindex(columns=list(_KINDS), fill_value=0)
    table = table.reindex(pd.date_range(BEGIN, END, freq="QS"), fill_value=0)
    frame = table.rename_axis("start").reset_index().melt("start", var_name="panel")
    attacks = demand(frame[frame["panel"] == next(iter(_KINDS))], "attack")
    peak = attacks.sort_values("value", kind="stable").iloc[-1]
    before = attacks.loc[attacks["start"] < peak["start"], "value"]
    drawn = frame.assign(
        end=frame["start"] + pd.offsets.QuarterBegin(1, startingMonth=1),
        text=[str(v) if v else "" for v in frame["value"]],
        colour=frame["panel"].map({
            name: style.SIDE_COLOURS[side]
            for name, side in zip(_KINDS, ("iran_aligned", "us"), strict=True)
        }),
    )  # fmt: skip
    strikes = find(t.events, FEBRUARY)
    marked = [KeyDate(strikes.start, "US strikes after Tower 22")]
    years = peak["start"].year - BEGIN.year
    return Chart(
        slug="timeline",
        title=f"This record has {peak['value']} attacks on US forces in the last quarter of "
        f"{peak['start'].year}, against {before.sum()} in the {number(years)} years and three "
        "quarters before",
        subtitle=f"Dated attacks on US and coalition forces and US strikes a quarter, {BEGIN.year}–"
        f"{END.year}",
        frame=frame,
        labels={"start": "Quarter from", "panel": "Kind", "value": "Events"},
        source_ids=e["sources"].str.split(";").str[0],
        note="Before October 2023 the record holds the larger incidents only, so the rise is "
        "steeper here than it was.",
        picture=lambda width: bars(drawn, width, height=120, marked=marked),
        live=True,
    )


@chart_function(CAMPAIGN, TOWER_22)
def chain(t: Tables) -> Chart:
    """Each event that somebody called a response: what it answered, and how many days later."""
    ties = demand(responses(t.events, t.links), "event that somebody called a response")
    ties = ties.sort_values(["from_start", "to_start"], ignore_index=True)
    us = ties["from_kind"].isin(["us_strike", "assassination"])
    demand(ties[us], "US strike that somebody called a response")
    main = ties["to_event"].eq(TOWER_22)
    rows = ties.assign(
        row=[f"{r.from_start.day}\u00a0{r.from_start:%b\u00a0%Y}: {r.from_title}\n"
             f"after: {r.to_title}" for r in each(ties)],
        low=ties["lag_days"].astype(float), high=ties["lag_days"].astype(float),
        text=["same day" if d == 0 else "1 day" if d == 1 else f"{d} days"
              for d in ties["lag_days"]],
        side=us.map({True: "us", False: "iran_aligned"}), strong=main,
    )  # fmt: skip
    lag = ties.loc[us, "lag_days"]
    return Chart(
        slug="chain",
        title=f"{int(us.sum())} US strikes were each called the response to one event; half "
        f"came within {number(lag.median())} days, the latest after {lag.max()}",
        subtitle="Days from an event to what somebody called the response; blue: US strikes, "
        "orange: others, bold: the responses to Tower 22",
        frame=ties.assign(
            stated_by=ties["stated_by"].map(t.actors.set_index("actor_id")["name"])
        )[["from_start", "from_title", "to_start", "to_title", "lag_days", "stated_by", "source"]],
        labels={"to_start": "Date", "to_title": "Event", "from_start": "Response on",
                "from_title": "Response", "lag_days": "Days between", "stated_by": "Stated by"},
        source_ids=[*ties.loc[main, "source"], *ties["source"]],
        note="Only responses that somebody named as such; most attacks had none. The number of "
        "cases is small, and a stated response does not show that the one caused the other.",
        picture=lambda width: range_rows(rows, width, unit="days", stems=True),
    )  # fmt: skip


_ATTACKERS: Final = {
    "israeli_strike": ("Strikes attributed to Israel", "israel"),
    "us_strike": ("US strikes", "us"),
    "assassination": ("US strikes", "us"),
    "attack_on_us_forces": ("Attacks on US and coalition forces", "iran_aligned"),
}


def _killed(t: Tables, events: pd.DataFrame) -> pd.DataFrame:
    """Lowest and highest of the latest claims of killed for each event that has any."""
    rows = []
    for event in each(events):
        line = claim_line(t.claims, event.event_id, "killed", errors="ignore")
        line = latest(line[line["low"].notna() | line["high"].notna()])
        # Victims whom a claimant counts apart, such as civilians, are no rivals of the whole.
        whole = line[line["victims"].isin(ADVERSARIES)]
        line = whole if len(whole) else line
        low, high = bounds(line) if len(line) else (0.0, 0.0)
        if high > 0:
            kind = str(event.kind)
            rows.append((event.event_id, event.start, event.title, kind, low, high, len(line)))
    columns = ["event", "start", "title", "kind", "low", "high", "claims"]
    return pd.DataFrame(demand(rows, "earlier event with a count of those killed"), columns=columns)


@chart_function(CAMPAIGN)
def prior_casualties(t: Tables) -> Chart:
    """Killed in the earlier events, by attacker, lowest to highest claim."""
    e = t.events[t.events["start"] < find(t.events, CAMPAIGN)["start"]]
    frame = _killed(t, e[e["kind"].astype("string").isin(list(_ATTACKERS))])
    groups = [_ATTACKERS[kind] for kind in frame["kind"]]
    frame = frame.assign(group=[g for g, _ in groups], side=[s for _, s in groups])
    sums = frame.groupby("group")[["low", "high"]].sum()
    order = frame["group"].map(sums["high"].rank(ascending=False, method="first"))
    frame = frame.assign(at=order).sort_values(["at", "high"], ascending=[True, False])
    text = {g: f"{g}: {span(r.low, r.high)} killed" for g, r in sums.iterrows()}
    rows = frame.assign(
        row=[f"{r.title}, {r.start:%b\u00a0%Y}" for r in each(frame)],
        text=[span(r.low, r.high) for r in each(frame)],
        group=frame["group"].map(text),
    )
    used = t.claims[t.claims["event"].isin(frame["event"]) & (t.claims["metric"] == "killed")]
    each_side = [f"{span(*sums.loc[g])} in {g[0].lower() if g[1].islower() else g[0]}{g[1:]}"
                 for g in dict.fromkeys(frame["group"])]  # fmt: skip
    return Chart(
        slug="prior-casualties",
        title=f"Killed {frame['start'].min().year}–{frame['start'].max().year}: "
        + ", ".join(each_side),
        subtitle="People killed in the earlier events of this record, lowest to highest of the "
        "claimants’ latest figures, by attacker",
        frame=frame[["event", "start", "title", "group", "low", "high", "claims"]],
        labels={"group": "Attacker"},
        source_ids=used["source"],
        note="Events for which no death was claimed are left out; sums add lows to lows and highs "
        "to highs. Claims do not always count the same people. Israel did not claim the strikes "
        "attributed to it.",
        picture=lambda width: range_rows(rows, width, unit="people killed"),
    )
