"""Charts of the strikes of 2–7 February 2024: targets and hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from strikes2024.analysis import claim_line
from strikes2024.campaign import BAGHDAD, FEBRUARY, TOWER_22
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, cite, demand
from strikes2024.charts.claims import _with_words
from strikes2024.frames import each, find
from strikes2024.wording import day, number, shorten

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from strikes2024.tables import Tables

__all__ = ["hours", "targets"]

_TARGET_METRICS = {
    "targets_struck": "Targets struck",
    "targets_destroyed": "Targets put out of use",
    "munitions_used": "Munitions used",
    "airstrikes": "“Air strikes”",
    "facilities_struck": "Facilities",
    "sites_struck": "Sites struck",
}


@chart_function()
def targets(t: Tables) -> Chart:
    """What was counted: targets, facilities, munitions, strikes, sites; one dot a claim."""
    parts = [claim_line(t.claims, FEBRUARY, metric, errors="ignore") for metric in _TARGET_METRICS]
    rows = _with_words(t, pd.concat(parts, ignore_index=True))
    rows = rows[rows["value"].notna()]
    rows = rows.assign(
        metric=rows["metric"].astype("string").map(_TARGET_METRICS),
        where=rows["country"].fillna("").str.replace(";", " and "),
    )
    rows = rows.drop_duplicates(["metric", "where", "claimant", "figure"]).reset_index(drop=True)
    own = rows[rows["claimant"] == "centcom"]
    struck = demand(own[own["metric"] == "Targets struck"], "claim of centcom on targets").iloc[0]
    used = demand(own[own["metric"] == "Munitions used"], "claim of centcom on munitions").iloc[0]
    strikes = rows[(rows["metric"] == "“Air strikes”") & (rows["country"] == "Iraq;Syria")]
    frame = rows[
        ["metric", "where", "name", "stated", "figure", "low", "high", "source", "claim_id"]
    ]
    metrics = [m for m in _TARGET_METRICS.values() if m in set(rows["metric"])]

    def draw(width: float) -> Figure:
        from matplotlib.figure import Figure

        narrow = width < 5
        sizes = [int((rows["metric"] == m).sum()) for m in metrics]
        figure = Figure(
            figsize=(width, 0.27 * sum(sizes) + 0.5 * len(metrics) + 0.4), layout="constrained"
        )
        axes = figure.subplots(len(metrics), 1, sharex=True, gridspec_kw={"height_ratios": sizes})
        top = float(rows["value"].max()) * (1.9 if narrow else 1.3)
        for axis, metric in zip(axes, metrics, strict=True):
            part = rows[rows["metric"] == metric].reset_index(drop=True)
            for y, row in part.iterrows():
                colour = style.SIDE_COLOURS[row["side"]]
                axis.hlines(y, 0, row["value"], color=colour, linewidth=1.4, alpha=0.6)
                axis.plot(
                    row["value"],
                    y,
                    style.SIDE_MARKS[row["side"]][0],
                    color=colour,
                    markersize=6.5,
                    markeredgewidth=1.5,
                    markerfacecolor="none" if row["open_ended"] else colour,
                )
                axis.text(
                    row["value"] + top * (0.06 if narrow else 0.025),
                    y,
                    row["figure"],
                    va="center",
                    fontsize=9,
                )
            labels = [
                (shorten(r["brief"], 22) if narrow else shorten(r["short"], 40))
                + (f" · {r['where']}" if r["where"] in ("Iraq", "Syria") else "")
                for _, r in part.iterrows()
            ]
            axis.set_yticks(range(len(part)), labels, fontsize=8 if narrow else 9)
            axis.set_ylim(len(part) - 0.4, -0.6)
            axis.set_xlim(0, top)
            axis.tick_params(axis="y", length=0)
            axis.grid(axis="x")
            axis.set_title(metric)
        return figure

    return Chart(
        slug="targets",
        title=f"{struck['figure'].capitalize()} targets and {used['figure']} munitions became "
        f"{' and '.join(number(v) for v in sorted(strikes['value'].unique()))} “strikes” "
        "as the figures were passed on",
        subtitle="Figures given for the strikes of 2–3 February, by claimant; hollow marks are "
        "“more than” or “at least”",
        alt="Dots by claimant. "
        + "; ".join(
            f"{r.metric}{' in ' + r.where if r.where else ''}: {r.name}, {r.figure}"
            for r in each(frame)
        )
        + ".",
        frame=frame,
        labels={
            "metric": "Counted",
            "where": "Where",
            "name": "Claimant",
            "stated": "Stated",
            "figure": "Figure",
            "low": "Low",
            "high": "High",
            "source": "Source",
            "claim_id": "Claim",
        },
        sources=cite(t.sources, rows["source"]),
        note="A target (or aim point), a facility, a site and a strike are different things; the "
        "claimants seldom say which they mean.",
        draw=draw,
    )


@chart_function(TOWER_22, FEBRUARY, BAGHDAD)
def hours(t: Tables) -> Chart:
    """Hour by hour from the attack on Tower 22 to the day after the Baghdad strike."""
    import plotly.graph_objects as go

    begin, end = pd.Timestamp("2024-01-27"), pd.Timestamp("2024-02-09")
    steps = t.steps[(t.steps["date"] >= begin) & (t.steps["date"] < end)].copy()
    demand(steps, "step of the ten days")
    steps["known"] = steps["local_time"].notna()
    hour = pd.to_timedelta(steps["local_time"].fillna("12:00").astype(str) + ":00")
    steps["moment"] = steps["date"] + hour
    lanes = {"deed": "Done", "word": "Said", "finding": "Found out later"}
    colours = {
        "deed": style.SIDE_COLOURS["iran_aligned"],
        "word": style.SIDE_COLOURS["us"],
        "finding": style.SIDE_COLOURS["monitor"],
    }
    steps = steps.sort_values(["moment", "step_id"])
    names = t.actors.set_index("actor_id")["name"]
    steps["who"] = [
        ", ".join(names.get(a, a) for a in str(ids).split(";")) if pd.notna(ids) else ""
        for ids in steps["actors"]
    ]
    # Steps of one day and lane are stacked, so that none hides another.
    steps["row"] = steps.groupby([steps["date"], steps["kind"].astype("string")]).cumcount()
    figure = go.Figure()
    base = 0
    ticks: list[tuple[float, str]] = []
    for kind, name in lanes.items():
        part = steps[steps["kind"] == kind]
        if part.empty:
            continue
        depth = int(part["row"].max()) + 1
        figure.add_trace(
            go.Scatter(
                x=part["moment"],
                y=[base + r for r in part["row"]],
                mode="markers",
                name=name,
                marker={
                    "size": 13,
                    "color": colours[kind],
                    "symbol": ["circle" if k else "circle-open" for k in part["known"]],
                    "line": {"width": 2, "color": colours[kind]},
                },
                customdata=[
                    [r.title, r.who, "" if pd.isna(r.local_time) else f", {r.local_time}"]
                    for r in each(part)
                ],
                hovertemplate="<b>%{customdata[0]}</b><br>%{x|%-d %B}%{customdata[2]}"
                "<br>%{customdata[1]}<extra></extra>",
            )
        )
        ticks.append((base + (depth - 1) / 2, name))
        base += depth + 1
    for event, word in (
        (TOWER_22, "Tower 22"),
        (FEBRUARY, "strikes"),
        (BAGHDAD, "Baghdad"),
    ):
        row = find(t.events, event)
        moment = row["start"] + pd.to_timedelta(
            f"{row['local_time'] if pd.notna(row['local_time']) else '12:00'}:00"
        )
        figure.add_vline(x=moment, line={"color": style.MUTED, "width": 1.2, "dash": "dot"})
        figure.add_annotation(
            x=moment,
            y=1,
            yref="paper",
            text=word,
            showarrow=False,
            yanchor="bottom",
            font={"size": 12},
        )
    layout = style.plotly_layout(430)
    figure.update_layout(**layout)
    figure.update_xaxes(
        tickformat="%-d<br>%b", dtick=86_400_000.0 * 2, tickangle=0, range=[begin, end]
    )
    figure.update_yaxes(
        tickvals=[v for v, _ in ticks],
        ticktext=[w for _, w in ticks],
        showgrid=False,
        range=[base - 0.3, -1.2],
        ticks="",
    )
    tower, strikes = find(t.events, TOWER_22), find(t.events, FEBRUARY)
    gap = (strikes.start - tower.start).days
    frame = steps[["date", "local_time", "kind", "title", "who", "source"]].reset_index(drop=True)
    return Chart(
        slug="hours",
        title=f"{gap} days by the local calendar from the attack at {tower.local_time} to the "
        f"first strikes at {strikes.local_time}",
        subtitle=f"Steps from {day(begin)} to {day(end - pd.Timedelta(days=1))}, local time "
        "(UTC+3); hollow marks: the hour is not known and the mark stands at noon",
        alt="Timeline in three lanes. "
        + "; ".join(
            f"{day(r.date, year=False)}{'' if pd.isna(r.local_time) else ' ' + r.local_time}: "
            f"{r.title}"
            for r in each(frame)
        )
        + ".",
        frame=frame,
        labels={
            "date": "Local day",
            "local_time": "Local time",
            "kind": "Kind",
            "title": "Step",
            "who": "Who",
            "source": "Source",
        },
        sources=cite(t.sources, steps["source"]),
        note="Marks of one day and lane are stacked. The strikes began at midnight between 2 and "
        "3 February local time, in the afternoon of 2 February in Washington.",
        figure=figure,
    )
