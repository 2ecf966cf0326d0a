"""Charts of the clashes before 2024 and of who answered whom."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import pandas as pd

from strikes2024.analysis import ADVERSARIES, bounds, claim_line, latest, responses
from strikes2024.campaign import CAMPAIGN, TOWER_22
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, cite, demand
from strikes2024.frames import each, find, highest
from strikes2024.wording import day, number, quantity

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from strikes2024.tables import Tables

__all__ = ["chain", "prior_casualties"]

_LANES = {
    "attack_on_us_forces": 0,
    "raid": 0,
    "us_strike": 1,
    "assassination": 1,
    "israeli_strike": 2,
    "iranian_strike": 3,
}
_LANE_NAMES = [
    "Attacks on US and<br>coalition forces",
    "US strikes",
    "Strikes laid<br>to Israel",
    "Iranian strikes",
]


@chart_function(CAMPAIGN)
def chain(t: Tables) -> Chart:
    """Events 2018–2024 in lanes, with a line for each stated answer."""
    import plotly.graph_objects as go

    e = t.events[t.events["kind"].astype("string").isin(list(_LANES))]
    begin = find(t.events, CAMPAIGN)["start"]
    single = e[
        (e["start"] < begin) | ~e["kind"].eq("attack_on_us_forces") | e["event_id"].eq(TOWER_22)
    ]
    ties = responses(t.events, t.links)
    single = pd.concat([single, e[e["event_id"].isin({*ties["from_event"], *ties["to_event"]})]])
    single = single.drop_duplicates("event_id").sort_values("start")
    lane = single["kind"].astype("string").map(_LANES).astype(int)
    figure = go.Figure()
    for tie in each(ties):
        figure.add_trace(
            go.Scatter(
                x=[tie.to_start, tie.from_start],
                y=[_LANES[str(tie.to_kind)], _LANES[str(tie.from_kind)]],
                mode="lines",
                line={"width": 1.6, "color": style.MUTED},
                hoverinfo="skip",
            )
        )
    for kind, part in single.groupby(single["kind"].astype("string"), sort=False):
        figure.add_trace(
            go.Scatter(
                x=part["start"],
                y=lane[part.index],
                mode="markers",
                name=style.KIND_NAMES[kind],
                marker={
                    "size": 11,
                    "color": style.KIND_COLOURS[kind],
                    "opacity": 0.9,
                    "symbol": {
                        0: "triangle-up",
                        1: "circle",
                        2: "triangle-left",
                        3: "triangle-down",
                    }[_LANES[kind]],
                },
                customdata=[[r.title] for r in each(part)],
                hovertemplate="<b>%{customdata[0]}</b><br>%{x|%-d %B %Y}<extra></extra>",
            )
        )
    figure.update_layout(**style.plotly_layout(400))
    figure.update_yaxes(
        tickvals=list(range(len(_LANE_NAMES))),
        ticktext=_LANE_NAMES,
        range=[len(_LANE_NAMES) - 0.5, -0.5],
        showgrid=False,
        ticks="",
    )
    figure.update_xaxes(dtick="M12", tickformat="%Y", tickangle=0, showgrid=True)
    figure.update_layout(meta={"narrow": {"xaxis": {"dtick": "M24"}}})
    us = ties[ties["from_kind"].isin(["us_strike", "assassination"])]
    demand(us, "US strike that somebody called an answer")
    median = us["lag_days"].median()
    frame = ties.assign(stated_by=ties["stated_by"].map(t.actors.set_index("actor_id")["name"]))
    frame = frame[
        ["to_start", "to_title", "from_start", "from_title", "lag_days", "stated_by", "source"]
    ]
    return Chart(
        slug="chain",
        title=f"{len(us)} US strikes stated as answers to a single event came a median of "
        f"{number(median)} days later, from {us['lag_days'].min()} to {us['lag_days'].max()}",
        subtitle=f"Clashes from {single['start'].min().year} to {single['start'].max().year} by "
        "kind; lines join an answer to what it was said to answer",
        alt="Timeline in four lanes with joining lines. "
        + "; ".join(
            f"{r.from_title} ({day(r.from_start)}) in answer to {r.to_title} "
            f"({day(r.to_start)}), {r.lag_days} days"
            for r in each(frame)
        )
        + ".",
        frame=frame.reset_index(drop=True),
        labels={
            "to_start": "Date",
            "to_title": "Event",
            "from_start": "Answered on",
            "from_title": "Answer",
            "lag_days": "Lag in days",
            "stated_by": "Stated by",
            "source": "Source",
        },
        sources=cite(t.sources, ties["source"]),
        note="Only ties that somebody stated are drawn; most attacks had no stated answer. From "
        "October 2023 on, only attacks that were answered are shown here. The number of cases is "
        "small, and a stated answer does not show that the one caused the other.",
        figure=figure,
    )


@chart_function(CAMPAIGN)
def prior_casualties(t: Tables) -> Chart:
    """Killed in the prior incidents, lowest to highest claim."""
    begin = find(t.events, CAMPAIGN)["start"]
    e = t.events[(t.events["start"] < begin) & (t.events["kind"] != "campaign")]
    rows = []
    for event in each(e.sort_values("start")):
        line = claim_line(t.claims, event.event_id, "killed", errors="ignore")
        line = latest(line[line["low"].notna() | line["high"].notna()])
        # Victims whom a claimant counts apart, such as civilians, are no rivals of the whole.
        whole = line[line["victims"].isin(ADVERSARIES)]
        line = whole if len(whole) else line
        if line.empty:
            continue
        low, high = bounds(line)
        if high == 0:
            continue
        rows.append(
            {
                "event": event.event_id,
                "start": event.start,
                "title": event.title,
                "kind": str(event.kind),
                "low": low,
                "high": high,
                "claims": len(line),
            }
        )
    frame = pd.DataFrame(demand(rows, "earlier incident with a count of those killed"))
    wide = highest(frame, frame["high"] - frame["low"])
    sources = t.claims[t.claims["event"].isin(frame["event"]) & (t.claims["metric"] == "killed")]

    def draw(width: float) -> Figure:
        from matplotlib.figure import Figure

        narrow = width < 5
        figure = Figure(figsize=(width, 0.3 * len(frame) + 0.9), layout="constrained")
        axis = figure.subplots()
        top = float(frame["high"].max()) * (1.35 if width < 5 else 1.15)
        for y, row in enumerate(each(frame)):
            colour = style.KIND_COLOURS[row.kind]
            axis.plot(
                [row.low, row.high], [y, y], color=colour, linewidth=4, solid_capstyle="round"
            )
            axis.plot([row.low, row.high], [y, y], "o", color=colour, markersize=5)
            words = (
                number(row.low) if row.low == row.high else f"{number(row.low)}–{number(row.high)}"
            )
            axis.text(
                row.high + top * (0.05 if narrow else 0.02), y, words, va="center", fontsize=8.5
            )
        labels = [fill(f"{r.title}, {r.start:%b %Y}", 32 if narrow else 56) for r in each(frame)]
        axis.set_yticks(range(len(frame)), labels, fontsize=7.5 if narrow else 8.5)
        axis.set_ylim(len(frame) - 0.4, -0.6)
        axis.set_xlim(0, top)
        axis.tick_params(axis="y", length=0)
        axis.grid(axis="x")
        axis.set_xlabel("killed, low to high")
        return figure

    return Chart(
        slug="prior-casualties",
        title=f"Claims differ most for “{wide['title']}” ({wide['start'].year}): "
        f"{quantity(wide['low'], wide['high'], 'range')} killed",
        subtitle=f"People killed in clashes of {frame['start'].min().year}–"
        f"{frame['start'].max().year}, lowest to highest claim",
        alt="Ranges. "
        + "; ".join(
            f"{r.title}, {day(r.start)}: {quantity(r.low, r.high, 'range')} ({r.claims} claims)"
            for r in each(frame)
        )
        + ".",
        frame=frame,
        labels={
            "event": "Event",
            "start": "Date",
            "title": "Title",
            "kind": "Kind",
            "low": "Low",
            "high": "High",
            "claims": "Claims",
        },
        sources=cite(t.sources, sources["source"]),
        note="Orange: attacks on US and coalition forces; blue: US strikes; violet: strikes laid "
        "to Israel. Events for which no death was claimed are left out. Claims do not always count "
        "the same people.",
        draw=draw,
    )
