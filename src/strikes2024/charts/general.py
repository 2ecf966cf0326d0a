"""Charts for any tables: one's own, or those that ``strikes2024.readers`` makes of other files.

Nothing here is about a particular campaign: titles, kinds and places come from the rows.
"""

import pandas as pd

from strikes2024.analysis import deaths_by_event
from strikes2024.charts.chart import Chart, chart_function, demand
from strikes2024.charts.forms import bars, message, point_map, range_rows
from strikes2024.tables import Tables, explode
from strikes2024.wording import day, month, number, period, shorten, span, spell

_MOST_KINDS = 6
_MOST_EVENTS = 15
_MOST_NAMES = 8


def _single(t: Tables) -> pd.DataFrame:
    """Events with a day of their own: campaigns left out."""
    events: pd.DataFrame = t.events[t.events["kind"] != "campaign"]
    return events


def _nothing(slug: str, title: str, events: pd.DataFrame) -> Chart:
    """A chart that says that there is nothing of its kind among the events."""
    return Chart(
        slug=slug,
        title=title,
        subtitle=f"{number(len(events))} events in the tables",
        alt=f"{title}.",
        frame=pd.DataFrame({"rows": [len(events)], "drawn": [0]}),
        picture=lambda width: message("nothing to draw", width),
    )


@chart_function()
def events_by_month(t: Tables) -> Chart:
    """Events by month, together and by kind; the rarest kinds share a panel of bars."""
    every = demand(_single(t), "event")
    events = every[every["date_precision"] != "year"]
    if events.empty:
        return _nothing("events-by-month", "No event is dated more closely than to its year", every)
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
    undated = len(every) - len(events)
    return Chart(
        slug="events-by-month",
        title=_over_months(table[sums.index[0]]),
        subtitle="Events by month of their first day, "
        f"{period(events['start'].min(), events['end'].max())}",
        frame=frame,
        source_ids=explode(events[["sources"]], "sources")["sources"],
        note="An event that nobody recorded is missing."
        + (f" Events dated to a year alone ({number(undated)}) are left out." if undated else ""),
        picture=lambda width: bars(drawn, width, height=80),
    )


def _over_months(total: pd.Series) -> str:
    """Say how many events there are in how many months, and in which one most of them."""
    every, peaks = number(int(total.sum())), total.index[total == total.max()]
    peak = month(peaks[0].start_time)
    if len(total) == 1:
        return f"All events are of {peak}: {every}"
    text = f"{every} events in {number(len(total))} months, "
    text += f"{span(int(total.min()), int(total.max()))} a month"
    return text + f", most in {peak}" * (len(peaks) == 1)


@chart_function()
def deadliest_events(t: Tables) -> Chart:
    """The events in which most people were counted as killed, each with its range."""
    deaths = deaths_by_event(t.claims)
    sides = deaths[["us_low", "other_low"]], deaths[["us_high", "other_high"]]
    low, high = (side.astype("Float64").sum(axis=1, min_count=1) for side in sides)
    counted = deaths[["event"]].assign(low=low, high=high).dropna()
    own = demand(_single(t), "event")[["event_id", "title", "start"]]
    counted = counted.merge(own, left_on="event", right_on="event_id")
    order = ["high", "low", "event"]
    top = counted.sort_values(order, ascending=[False, False, True]).head(_MOST_EVENTS)
    if top.empty:
        return _nothing("deadliest-events", "No event has a number of people killed", own)
    first = top.iloc[0]
    leads = (counted["high"] == first["high"]) & (counted["low"] == first["low"])
    figure_of = f"{span(first['low'], first['high'])} killed"
    title = f"The event with the highest figure: {shorten(first['title'], 60)}, "
    title += f"{day(first['start'])}, {figure_of}"
    if first["high"] == 0:
        title = f"No event has a figure above zero: {figure_of}"
    elif leads.sum() > 1:
        title = f"The highest figure stands for {number(leads.sum())} events: {figure_of} in each"
    used = t.claims[(t.claims["metric"] == "killed") & t.claims["event"].isin(top["event"])]
    used = used[used["scope"] == "whole"]
    drawn = top.assign(
        row=top["title"].map(lambda title: shorten(title, 60)) + "\n" + top["start"].map(day),
        strong=leads,
    )
    apart = "" if used["event"].is_unique else (
        "Figures for different sides and countries are added up, lows with lows and highs with "
        "highs. "
    )  # fmt: skip
    unit = "People counted as killed, all sides: lowest to highest figure; blue: the highest"
    return Chart(
        slug="deadliest-events",
        title=title,
        subtitle=f"People counted as killed, lowest to highest of the claimants’ latest figures; "
        f"{number(len(top))} of {number(len(counted))} events for which somebody gave a number",
        frame=top[["event", "title", "start", "low", "high"]].reset_index(drop=True),
        source_ids=used["source"],
        note=f"{apart}Parts of a larger count are left out.",
        picture=lambda width: range_rows(drawn, width, unit=unit),
    )


@chart_function()
def events_map(t: Tables) -> Chart:
    """Events by place: a point for each place with coordinates, its area by their number."""
    events = demand(_single(t), "event")
    placed = explode(events[["event_id", "places"]], "places").dropna()
    counts = placed["places"].value_counts()
    places = t.places.assign(events=t.places["place_id"].map(counts)).dropna(subset=["events"])
    # One place may have several rows, such as one for each precision.
    same = places.groupby(["name", "country", "lat", "lon"], sort=False, observed=True)
    drawn = same.agg(events=("events", "sum"), source=("source", "first")).reset_index()
    drawn = drawn.sort_values(["events", "name"], ascending=[False, True], kind="stable")
    if drawn.empty:
        return _nothing("events-map", "No place of an event has coordinates", events)
    top = drawn["events"] == drawn["events"].max()
    first, most = shorten(drawn["name"].iloc[0], 60), number(int(drawn["events"].iloc[0]))
    title = f"Of the places on the map, {first} has the most events: {most}"
    if len(drawn) == 1:
        title = f"All events with coordinates are at {first}: {most}"
    elif top.sum() > 1:
        title = f"{number(top.sum())} places on the map have the most events: {most} each"
    named = [shorten(name, 24) if i < _MOST_NAMES else "" for i, name in enumerate(drawn["name"])]
    points = drawn.assign(value=drawn["events"], strong=top, name=named,
                          side=top.map({True: "us", False: "press"}))  # fmt: skip
    shown = placed["places"].isin(places.loc[places["lat"].notna(), "place_id"])
    without = len(events) - placed.loc[shown, "event_id"].nunique()
    absent = f"; not drawn: {number(without)} without coordinates" * bool(without)
    when = period(events["start"].min(), events["end"].max())
    blue = "; blue: the most events" * (not top.all())
    rest = f"; the first {_MOST_NAMES} of {number(len(drawn))} are named"
    return Chart(
        slug="events-map",
        title=title,
        subtitle=f"Events by place, area by number; {number(len(drawn))} places with coordinates",
        alt="Map:",
        frame=places[["name", "country", "admin1", "lat", "lon", "precision", "events"]]
        .sort_values(["events", "name"], ascending=[False, True]).reset_index(drop=True),
        source_ids=[*drawn["source"], *explode(events[["sources"]], "sources")["sources"]],
        note="An event at two places counts at both. Outlines, coarse: Natural Earth.",
        picture=lambda width: point_map(
            points, width,
            unit=f"Events at each place, {when}{blue}{absent}{rest * (len(drawn) > _MOST_NAMES)}",
        ),
    )  # fmt: skip
