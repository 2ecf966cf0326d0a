"""The master timeline: clashes, answers and politics from 2019 to 2024, in lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from strikes2024.analysis import responses
from strikes2024.campaign import CAMPAIGN, FEBRUARY
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, cite, demand
from strikes2024.charts.key_dates import TEN_DAYS, Turn, ten_days
from strikes2024.frames import each, find
from strikes2024.wording import day, number, period

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from matplotlib.figure import Figure

    from strikes2024.tables import Tables

__all__ = ["timeline"]

BEGIN, END = pd.Timestamp("2019-01-01"), pd.Timestamp("2024-12-31")
# Lane, colour and mark (Matplotlib, Plotly) of each kind of happening.
_LANES: Final = (
    ("Politics", style.SIDE_COLOURS["encyclopedia"], ("D", "diamond")),
    ("Attacks on US<br>and coalition", style.SIDE_COLOURS["iran_aligned"], ("^", "triangle-up")),
    ("US strikes", style.SIDE_COLOURS["us"], ("o", "circle")),
    ("Strikes laid<br>to Israel", style.SIDE_COLOURS["israel"], ("<", "triangle-left")),
    ("Iranian strikes", style.SIDE_COLOURS["iran"], ("v", "triangle-down")),
)
_KINDS: Final = {
    "attack_on_us_forces": 1,
    "raid": 1,
    "us_strike": 2,
    "assassination": 2,
    "israeli_strike": 3,
    "iranian_strike": 4,
}
_STEP = 0.085  # lanes apart is 1; happenings of one day and lane are stacked by this much


def _happenings(t: Tables) -> pd.DataFrame:
    """Events, milestones and measures on one line of time, in lanes.

    Returns ``id``, ``date``, ``lane`` (0 is politics), ``title``, ``source`` (one id), ``y``,
    in order of time. A milestone on the day of an event is that event under another name and is
    left out, as is one whose day is not known.
    """
    e = t.events[t.events["kind"].astype("string").isin(list(_KINDS))]
    events = pd.DataFrame(
        {
            "id": e["event_id"],
            "date": e["start"],
            "lane": [_KINDS[str(kind)] for kind in e["kind"]],
            "title": e["title"],
            "source": e["sources"].str.split(";").str[0],
        }
    )
    m = t.milestones[(t.milestones["date_precision"] == "day").fillna(False)]
    m = m[~m["date"].isin(events["date"])]
    names = dict(zip(t.actors["actor_id"], t.actors["name"], strict=True))
    politics = pd.DataFrame(
        {
            "id": [*m["milestone_id"], *t.measures["measure_id"]],
            "date": [*m["date"], *t.measures["date"]],
            "lane": 0,
            "title": [
                *m["title"],
                *(
                    f"{', '.join(names[a] for a in str(r.actor).split(';'))}: "
                    f"{str(r.kind).replace('_', ' ')}"
                    for r in each(t.measures)
                ),
            ],
            "source": [*m["source"], *t.measures["source"]],
        }
    )
    rows = pd.concat([events, politics], ignore_index=True)
    rows = rows[rows["date"].between(BEGIN, END)].sort_values(["date", "lane", "id"])
    depth = rows.groupby(["date", "lane"]).cumcount()
    return rows.assign(y=rows["lane"] - 0.3 + depth * _STEP).reset_index(drop=True)


def _arrows(t: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """Stated answers, from what was answered to the answer: ``x0``, ``y0``, ``x1``, ``y1``."""
    ties = responses(t.events, t.links)
    at = rows.set_index("id")[["date", "y"]]
    ends = ties.join(at.add_suffix("_from"), on="to_event", how="inner")
    ends = ends.join(at.add_suffix("_to"), on="from_event", how="inner")
    return ends.rename(columns={"date_from": "x0", "y_from": "y0", "date_to": "x1", "y_to": "y1"})


@chart_function(CAMPAIGN, *TEN_DAYS)
def timeline(t: Tables) -> Chart:
    """Lanes of clashes and politics with arrows for stated answers, and a view of the ten days."""
    rows = _happenings(t)
    arrows = _arrows(t, rows)
    begin = find(t.events, CAMPAIGN).start
    turns = ten_days(t)
    answer = arrows.loc[arrows["from_event"] == FEBRUARY, "lag_days"]
    demand(answer, "stated answer to the attack on Tower 22")
    names = [name.replace("<br>", " ") for name, *_ in _LANES]
    frame = rows.assign(lane=rows["lane"].map(dict(enumerate(names))))
    answered = arrows.groupby("from_event")["to_title"].agg("; ".join)
    frame = frame.assign(answer_to=frame["id"].map(answered))
    counts = frame["lane"].value_counts()
    return Chart(
        slug="timeline",
        title=f"{number(len(arrows))} stated answers from {BEGIN.year} to {END.year}: the one to "
        f"the attack on Tower 22 came {number(answer.iloc[0])} days later",
        subtitle=f"Clashes and politics, {BEGIN.year}–{END.year}, by local day; arrows lead to "
        "what somebody called the answer. Happenings of one day are stacked",
        alt="Timeline in five lanes. "
        + "; ".join(f"{name}: {counts[name]}" for name in names)
        + ". Stated answers: "
        + "; ".join(
            f"{r.from_title} ({day(r.from_start)}) to {r.to_title} ({day(r.to_start)})"
            for r in each(arrows)
        )
        + ".",
        frame=frame[["date", "lane", "title", "answer_to", "source"]],
        labels={
            "date": "Local day",
            "lane": "Lane",
            "title": "What",
            "answer_to": "Stated answer to",
            "source": "Source",
        },
        sources=cite(t.sources, arrows["source"]),
        note="Each happening is in the data table with one of its sources; the sources named here "
        "state the answers. The record of attacks before October 2023 holds the larger incidents "
        "only, so its lane is thinner than the past was.",
        figure=_interactive(rows, arrows, turns, begin),
        draw=lambda width: _static(rows, arrows, turns, width),
    )


def _interactive(
    rows: pd.DataFrame,
    arrows: pd.DataFrame,
    turns: list[Turn],
    begin: pd.Timestamp,
) -> go.Figure:
    import plotly.graph_objects as go

    figure = go.Figure()
    for arrow in each(arrows):
        figure.add_trace(
            go.Scatter(
                x=[arrow.x0, arrow.x1],
                y=[arrow.y0, arrow.y1],
                mode="lines+markers",
                line={"width": 1.3, "color": style.MUTED},
                marker={
                    "symbol": "arrow",
                    "angleref": "previous",
                    "size": [0, 10],
                    "color": style.MUTED,
                },
                hoverinfo="skip",
            )
        )
    for lane, (name, colour, (_, mark)) in enumerate(_LANES):
        part = rows[rows["lane"] == lane]
        figure.add_trace(
            go.Scatter(
                x=part["date"],
                y=part["y"],
                mode="markers",
                name=name,
                marker={"size": 8, "color": colour, "symbol": mark},
                customdata=[[title] for title in part["title"]],
                hovertemplate="<b>%{customdata[0]}</b><br>%{x|%-d %B %Y}<extra></extra>",
            )
        )
    for turn in turns:
        figure.add_vline(x=turn.when, line={"color": style.MUTED, "width": 1, "dash": "dot"})
    figure.update_layout(**style.plotly_layout(640))
    figure.update_yaxes(
        tickvals=list(range(len(_LANES))),
        ticktext=[name for name, *_ in _LANES],
        range=[len(_LANES) - 0.5, -0.5],
        showgrid=False,
        ticks="",
    )
    whole = [BEGIN.isoformat(), END.isoformat()]
    figure.update_xaxes(range=whole, tickformat="%b<br>%Y", nticks=7, showgrid=True)
    words = [
        {
            "x": turn.when.isoformat(),
            "y": 1,
            "yref": "paper",
            "text": turn.word,
            "showarrow": False,
            "yanchor": "bottom",
            "yshift": 14 * (turn.level % 2),
            "font": {"size": 11},
        }
        for turn in turns
    ]
    day_before = pd.Timedelta(hours=16)
    days = [(turns[0].when - day_before).isoformat(), (turns[-1].when + day_before).isoformat()]
    figure.update_layout(
        meta={
            "views": [
                _view(f"{BEGIN.year}–{END.year}", whole, "%b<br>%Y", []),
                _view(
                    f"Since {day(begin)}",
                    [begin.isoformat(), END.isoformat()],
                    "%b<br>%Y",
                    [],
                ),
                _view(period(turns[0].when, turns[-1].when), days, "%-d %b", words),
            ]
        }
    )
    return figure


def _view(label: str, span: list[str], form: str, words: list[dict[str, Any]]) -> dict[str, Any]:
    layout = {"xaxis": {"range": span, "tickformat": form}, "annotations": words}
    return {"label": label, "layout": layout}


def _static(
    rows: pd.DataFrame,
    arrows: pd.DataFrame,
    turns: list[Turn],
    width: float,
) -> Figure:
    """Two panels: all years above, the ten days from Tower 22 to Baghdad below."""
    from matplotlib.figure import Figure

    narrow = width < 5
    figure = Figure(figsize=(width, 6.8), layout="constrained")
    above, below = figure.subplots(2, 1, height_ratios=(0.58, 0.42))
    _lanes(above, rows, arrows, (BEGIN, END), len(_LANES), narrow)
    margin = pd.Timedelta(hours=16)
    near = (turns[0].when - margin, turns[-1].when + margin)
    deepest = int(rows.loc[rows["date"].between(*near), "lane"].max()) + 1
    _lanes(below, rows, arrows, near, deepest, narrow)
    for turn in turns:
        below.axvline(turn.when, color=style.MUTED, linewidth=0.8, linestyle=(0, (1, 2)))
        up = 1.02 + 0.055 * (turn.level % 2)  # one word must not run into the next
        where = below.get_xaxis_transform()
        below.text(turn.when, up, turn.word, transform=where, ha="center", fontsize=8.5)
    style.date_axis(above, most=6)
    style.date_axis(below, most=5 if narrow else 13)
    return figure


def _lanes(
    axis: Any,
    rows: pd.DataFrame,
    arrows: pd.DataFrame,
    span: tuple[pd.Timestamp, pd.Timestamp],
    lanes: int,
    narrow: bool,
) -> None:
    shown = rows[rows["date"].between(*span)]
    for lane, (_, colour, (mark, _)) in enumerate(_LANES):
        part = shown[shown["lane"] == lane]
        axis.plot(part["date"], part["y"], mark, color=colour, markersize=4.5)
    inside = arrows[arrows["x0"].between(*span) & arrows["x1"].between(*span)]
    for arrow in each(inside):
        axis.annotate(
            "",
            (arrow.x1, arrow.y1),
            xytext=(arrow.x0, arrow.y0),
            arrowprops={"arrowstyle": "-|>", "color": style.MUTED, "linewidth": 0.8},
        )
    axis.set_xlim(*span)
    axis.set_ylim(lanes - 0.4, -0.5)
    words = [name.replace("<br>", "\n") for name, *_ in _LANES[:lanes]]
    axis.set_yticks(range(lanes), words, fontsize=7.5 if narrow else 9)
    axis.tick_params(axis="y", length=0)
    axis.grid(axis="x")
