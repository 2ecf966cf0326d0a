"""The headline figures as they stood on each day."""

from dataclasses import replace

import pandas as pd

from strikes2024.campaign.headlines import HEADLINES, headline_states
from strikes2024.charts.chart import Chart, chart_function, demand
from strikes2024.charts.forms import grid
from strikes2024.charts.words import WORDS, Words
from strikes2024.tables import Tables
from strikes2024.wording import day, join, short_day

_FIRST, _NOW = WORDS["charts"]["known-when"]["heads"].values()


@chart_function()
def known_when(t: Tables) -> Chart:
    """The headline figures on their first day and today, with a slider that goes back."""
    frame = demand(headline_states(t), "dated claim on a headline figure")
    starts = t.events.set_index("event_id")["start"]
    begun = pd.Series({h.name: starts.get(h.thing.get("event"), pd.NaT) for h in HEADLINES})
    known = frame[frame["low"].notna() & ~(frame["day"] < frame["figure"].map(begun))]
    figures = demand(known, "headline figure with a number").groupby("figure", sort=False)
    first, now = figures.first(), figures.last()
    moved = (first["words"] != now["words"]).sort_values(ascending=False, kind="stable")
    words = Words("known-when", moved=moved.sum(), same=(~moved).sum(), figures=len(moved),
                  days=join(map(short_day, begun.dropna().unique())))  # fmt: skip
    same = known[known["words"] == known["figure"].map(now["words"])]
    since = same.groupby("figure")["day"].first()
    cells = pd.concat([first.assign(column=_FIRST), now.assign(column=_NOW, day=since)])
    cells = cells.loc[moved.index].rename_axis("row").reset_index()
    changed = cells["row"].map(moved)
    cells = cells.assign(
        group=changed.map({True: words["changed"], False: words["unchanged"]}),
        strong=changed & (cells["column"] == _NOW),
        text=cells["words"] + " (" + cells["day"].map(day) + ")",
    )
    table = frame.assign(day=frame["day"].dt.strftime("%Y-%m-%d")).pivot_table(
        index="figure", columns="day", values="words", aggfunc="first", sort=False
    )
    sources = pd.concat([h.claims(t)["source"] for h in HEADLINES])
    chart = Chart.of(words, cells, grid, frame, sources, columns=[_FIRST, _NOW])
    return replace(chart, time_slider=table)
