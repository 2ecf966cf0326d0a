"""Charts of the clashes from 2018 on, and of which strike was called a response to what."""

from typing import Final

import pandas as pd

from strikes2024.analysis import killed_by_strikes, responses
from strikes2024.campaign import CAMPAIGN, TOWER_22, campaign_start
from strikes2024.campaign.questions import earlier_tolls
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, demand, per_interval, refs_by
from strikes2024.charts.forms import bars, range_rows, spans
from strikes2024.charts.words import WORDS, Words
from strikes2024.tables import Tables, main_sources
from strikes2024.wording import month, number, short_day, span

_ATTACKERS: Final = WORDS["attackers"]
_ATTACKS, _STRIKES = _ATTACKERS["attack_on_us_forces"], _ATTACKERS["us_strike"]
_QUARTERS: Final = pd.date_range("2019-01-01", "2025-01-01", freq="QS")


@chart_function(CAMPAIGN)
def timeline(t: Tables) -> Chart:
    """Attacks on US forces and US strikes a quarter, six years."""
    colours = {_ATTACKS: style.SIDE_COLOURS["iran_aligned"], _STRIKES: style.MAIN}
    e = t.events.assign(panel=t.events["kind"].astype("string").map(_ATTACKERS))
    within = e["start"].between(_QUARTERS[0], _QUARTERS[-1], inclusive="left")
    e = e[e["panel"].isin(colours) & within]
    attacks, strikes = (
        per_interval(e[e["panel"] == panel], _QUARTERS).assign(panel=panel) for panel in colours
    )
    peak = attacks.sort_values("value", kind="stable").iloc[-1]
    before = attacks.loc[attacks["start"] < peak["start"], "value"]
    words = Words("timeline", peak=peak, before=before.sum(), quarters=len(before),
                  strikes=strikes["value"].max(), begin=campaign_start(t),
                  first=_QUARTERS[0], last=_QUARTERS[-2])  # fmt: skip
    frame = pd.concat([attacks, strikes], ignore_index=True)
    drawn = frame.assign(
        text=frame["value"].astype(str).mask(frame["value"] == 0, ""),
        panel=frame["panel"].map({_ATTACKS: words["attacks"], _STRIKES: words["strikes"]}),
        colour=frame["panel"].map(colours),
    )  # fmt: skip
    return Chart.of(words, drawn, bars, frame, main_sources(e["sources"]), height=120)


@chart_function(CAMPAIGN, TOWER_22)
def chain(t: Tables) -> Chart:
    """Each event that somebody called a response: what it answered, and how many days later."""
    ties = demand(responses(t.events, t.links), "event that somebody called a response")
    us = ties["from_kind"].isin(["us_strike", "assassination"])
    lag = demand(ties.loc[us, "lag_days"], "US strike that somebody called a response")
    half = int(lag.median())
    words = Words(
        "chain", cases=len(lag), half=half, next=half + 1, most=lag.max(),
        soon_cases=(lag <= half).sum(), late_cases=(lag > half).sum(), other_cases=(~us).sum(),
        years=f"{ties['from_start'].min():%Y}–{ties['from_start'].max():%Y}",
    )  # fmt: skip
    at = (ties["lag_days"] > half).astype(int).where(us, 2)
    ties = ties.assign(at=at).sort_values(["at", "lag_days", "from_start"], ignore_index=True)
    delay = ["same day" if d == 0 else "1 day" if d == 1 else f"{d} days" for d in ties["lag_days"]]
    rows = ties.assign(
        row=ties["from_start"].dt.strftime("%b\u00a0%Y: ") + ties["from_title"],
        low=ties["lag_days"], high=ties["lag_days"],
        colour=ties["at"].map({0: style.MAIN}).fillna(style.REST),
        text=[f"{d}: {event}" for d, event in zip(delay, ties["to_title"], strict=True)],
        group=ties["at"].map({0: words["soon"], 1: words["late"], 2: words["others"]}),
        refs="event:" + ties["from_event"] + ";event:" + ties["to_event"],
        stated_by=ties["stated_by"].map(t.actors.set_index("actor_id")["name"]),
    )  # fmt: skip
    sources = [*ties.loc[ties["to_event"] == TOWER_22, "source"], *ties["source"]]
    return Chart.of(words, rows, range_rows, source_ids=sources)


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
    whole = sums.assign(
        row="All " + groups.size().map(number) + " events with deaths", strong=True,
        refs=refs_by("event", frame["event"], frame["group"]),
    ).reset_index()  # fmt: skip
    months = frame["start"].dt.strftime("%b\u00a0%Y: ")
    own = frame.assign(row=months + frame["title"], strong=False)
    rows = pd.concat([whole, own], ignore_index=True)
    rows = rows.sort_values("group", key=lambda g: g.map(list(sums.index).index), kind="stable")
    each_side = [f"{text} in {g[0].lower() if g[1].islower() else g[0]}{g[1:]}"
                 for g, text in zip(map(str, sums.index), spans(sums), strict=True)]  # fmt: skip
    words = Words("prior-casualties", years=years, sums=", ".join(each_side))
    return Chart.of(words, rows, range_rows, frame, used["source"])


@chart_function(CAMPAIGN)
def killed_by_us_strikes(t: Tables) -> Chart:
    """People killed by each US strike of the campaign, lowest to highest claim."""
    frame = killed_by_strikes(t.events, t.claims)
    frame = frame[frame["start"] >= campaign_start(t)].reset_index(drop=True)
    known = demand(frame[frame["low"].notna()], "US strike with a count of those killed")
    top = known.nlargest(1, "high").iloc[0]
    main = frame["event"] == top["event"]
    rows = frame.rename(columns={"open_ended": "open"}).assign(
        row=frame["start"].map(lambda d: short_day(d, year=True)) + ": " + frame["title"],
        strong=main,
    )
    used = t.claims[t.claims["event"].isin(known["event"]) & (t.claims["metric"] == "killed")]
    used = used.sort_values("event", key=lambda e: e != top["event"], kind="stable")
    rows["refs"] = rows["event"].map(refs_by("claim", used["claim_id"], used["event"]))
    words = Words("killed-by-us-strikes", top=top, killed=span(top["low"], top["high"]),
                  counted=len(known), begin=campaign_start(t),
                  last=frame["start"].max())  # fmt: skip
    return Chart.of(words, rows, range_rows, frame, used["source"])
