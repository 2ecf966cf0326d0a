"""Charts for any tables: one's own, or those that ``strikes2024.readers`` makes of other files.

Nothing here is about a particular campaign: titles, kinds and places come from the rows.
"""

from dataclasses import replace
from functools import partial

import pandas as pd

from strikes2024.analysis import deaths_by_event
from strikes2024.charts.chart import Chart, chart_function, demand
from strikes2024.charts.forms import bars, point_map, range_rows
from strikes2024.charts.words import Words
from strikes2024.tables import Tables, explode
from strikes2024.wording import day, number, period, shorten, span, spell

_MOST_KINDS = 6
_MOST_EVENTS = 15
_MOST_NAMES = 8


def _single(t: Tables) -> pd.DataFrame:
    """Events with a day of their own: campaigns left out."""
    return demand(t.events[t.events["kind"] != "campaign"], "event")


def _nothing(slug: str, events: pd.DataFrame) -> Chart:
    """A chart that says that no event has what it shows, and how many events there are."""
    number_of = pd.DataFrame({"events": [len(events)]})
    drawn = number_of.assign(row="All events", low=len(events), high=len(events))
    title, unit = Words(slug)["nothing"], "Events in the tables"
    picture = partial(range_rows, drawn, unit=unit)
    return Chart(slug, title, number_of, picture, unit, alt=f"{title}.")


@chart_function()
def events_by_month(t: Tables) -> Chart:
    """Events by month, together and by kind; the rarest kinds share a panel of bars."""
    every = _single(t)
    events = every[every["date_precision"] != "year"]
    if events.empty:
        return _nothing("events-by-month", every)
    kinds = events["kind"].astype("string")
    frequent = kinds.value_counts().index
    if len(frequent) > _MOST_KINDS:
        kinds = kinds.where(kinds.isin(frequent[: _MOST_KINDS - 1]), "other kinds")
    months = events["start"].dt.to_period("M")
    table = pd.crosstab(months, kinds).reindex(
        pd.period_range(months.min(), months.max(), name="month"), fill_value=0
    )
    if len(table.columns) > 1:
        table["all kinds"] = table.sum(axis=1)
    sums = table.sum().sort_values(ascending=False, kind="stable")
    frame = table[sums.index].melt(var_name="kind", value_name="events", ignore_index=False)
    frame = frame.reset_index().assign(month=lambda f: f["month"].dt.start_time)
    drawn = frame.rename(columns={"month": "start", "events": "value"}).assign(
        end=lambda f: f["start"] + pd.offsets.MonthBegin(1),
        panel=frame["kind"].map(
            lambda kind: f"Events a month, {spell(kind)} ({number(sums[kind])})"
        ),
    )
    total = table[sums.index[0]]
    peaks = total.index[total == total.max()]
    undated = len(every) - len(events)
    words = Words(
        "events-by-month", all=len(events), months=len(total), range=span(total.min(), total.max()),
        peak=peaks[0].start_time, period=period(events["start"].min(), events["end"].max()),
        undated=undated,
    )  # fmt: skip
    sources = explode(events[["sources"]], "sources")["sources"]
    return replace(
        Chart.of(words, drawn, bars, frame, sources, height=80),
        title=words["one" if len(total) == 1 else "title" if len(peaks) == 1 else "even"],
        note=words["undated" if undated else "note"],
    )


@chart_function()
def deadliest_events(t: Tables) -> Chart:
    """The events in which most people were counted as killed, each with its range."""
    deaths = deaths_by_event(t.claims)
    sides = deaths[["us_low", "other_low"]], deaths[["us_high", "other_high"]]
    low, high = (side.astype("Float64").sum(axis=1, min_count=1) for side in sides)
    counted = deaths[["event"]].assign(low=low, high=high).dropna()
    own = _single(t)[["event_id", "title", "start"]]
    counted = counted.merge(own, left_on="event", right_on="event_id")
    order = ["high", "low", "event"]
    if counted.empty:
        return _nothing("deadliest-events", own)
    top = counted.sort_values(order, ascending=[False, False, True]).head(_MOST_EVENTS)
    first = top.iloc[0]
    leads = (counted["high"] == first["high"]) & (counted["low"] == first["low"])
    words = Words(
        "deadliest-events", first=first, name=shorten(first["title"], 60), leads=leads.sum(),
        killed=span(first["low"], first["high"]), shown=len(top), counted=len(counted),
    )  # fmt: skip
    used = t.claims[(t.claims["metric"] == "killed") & t.claims["event"].isin(top["event"])]
    used = used[used["scope"] == "whole"]
    drawn = top.assign(
        row=top["title"].map(lambda title: shorten(title, 60)) + "\n" + top["start"].map(day),
        strong=leads,
    )
    return replace(
        Chart.of(words, drawn, range_rows, source_ids=used["source"]),
        title=words["zero" if first["high"] == 0 else "several" if leads.sum() > 1 else "title"],
        note=words["note" if used["event"].is_unique else "sums"],
    )


@chart_function()
def events_map(t: Tables) -> Chart:
    """Events by place: a point for each place with coordinates, its area by their number."""
    events = _single(t)
    placed = explode(events[["event_id", "places"]], "places").dropna()
    counts = placed["places"].value_counts()
    places = t.places.assign(events=t.places["place_id"].map(counts)).dropna(subset=["events"])
    # One place may have several rows, such as one for each precision.
    same = places.groupby(["name", "country", "lat", "lon"], sort=False, observed=True)
    drawn = same.agg(events=("events", "sum"), source=("source", "first")).reset_index()
    if drawn.empty:
        return _nothing("events-map", events)
    drawn = drawn.sort_values(["events", "name"], ascending=[False, True], kind="stable")
    top = drawn["events"] == drawn["events"].max()
    named = [shorten(name, 24) if i < _MOST_NAMES else "" for i, name in enumerate(drawn["name"])]
    points = drawn.assign(value=drawn["events"], strong=top, name=named,
                          side=top.map({True: "us", False: "press"}))  # fmt: skip
    shown = placed["places"].isin(places.loc[places["lat"].notna(), "place_id"])
    without = len(events) - placed.loc[shown, "event_id"].nunique()
    words = Words(
        "events-map", name=shorten(drawn["name"].iloc[0], 60), most=drawn["events"].iloc[0],
        leads=top.sum(), places=len(drawn), named=_MOST_NAMES, without=without,
        period=period(events["start"].min(), events["end"].max()),
    )  # fmt: skip
    parts = {"counted": True, "blue": not top.all(), "absent": without,
             "first": len(drawn) > _MOST_NAMES}  # fmt: skip
    unit = "".join(words[part] for part, there in parts.items() if there)
    table = places.sort_values(["events", "name"], ascending=[False, True])
    sources = [*drawn["source"], *explode(events[["sources"]], "sources")["sources"]]
    return replace(
        Chart.of(words, points, point_map, table, sources, unit=unit),
        title=words["one" if len(drawn) == 1 else "several" if top.sum() > 1 else "title"],
    )
