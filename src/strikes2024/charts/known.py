"""The headline figures as they stood on each day."""

from functools import partial

import pandas as pd

from strikes2024.campaign.headlines import HEADLINES, headline_states
from strikes2024.charts.chart import Chart, chart_function, demand
from strikes2024.charts.forms import grid
from strikes2024.charts.words import WORDS, Words
from strikes2024.tables import Tables
from strikes2024.wording import day, join, short_day

_FIRST, _NOW = WORDS["charts"]["known-when"]["table"].values()


def _then_and_now(known: pd.DataFrame) -> pd.DataFrame:
    """Each figure on its first day and as it stands, as cells of :func:`grid` without a group."""
    figures = known.groupby("figure", sort=False)
    first, now = figures.first(), figures.last()
    same = known[known["words"] == known["figure"].map(now["words"])]
    since = same.groupby("figure")["day"].first()
    moved = (first["words"] != now["words"]).sort_values(ascending=False, kind="stable")
    cells = pd.concat([first.assign(column=_FIRST), now.assign(column=_NOW, day=since)])
    cells = cells.loc[moved.index].rename_axis("row").reset_index()
    changed = cells["row"].map(moved)
    return cells.assign(
        moved=changed, strong=changed & (cells["column"] == _NOW),
        text=cells["words"] + " (" + cells["day"].map(day) + ")",
    )  # fmt: skip


@chart_function()
def known_when(t: Tables) -> Chart:
    """The headline figures on their first day and today, with a slider that goes back."""
    frame = demand(headline_states(t), "dated claim on a headline figure")
    starts = t.events.set_index("event_id")["start"]
    begun = pd.Series({h.name: starts.get(h.thing.get("event"), pd.NaT) for h in HEADLINES})
    since = frame["low"].notna() & ~(frame["day"] < frame["figure"].map(begun))
    cells = _then_and_now(demand(frame[since], "headline figure with a number"))
    moved = cells.loc[cells["column"] == _NOW, "moved"]
    table = frame.assign(day=frame["day"].dt.strftime("%Y-%m-%d")).pivot_table(
        index="figure", columns="day", values="words", aggfunc="first", sort=False
    )
    words = Words("known-when", moved=moved.sum(), same=(~moved).sum(), figures=len(moved),
                  days=join(map(short_day, begun.dropna().unique())))  # fmt: skip
    cells["group"] = cells["moved"].map({True: words["changed"], False: words["unchanged"]})
    sources = pd.concat([h.claims(t)["source"] for h in HEADLINES])
    form = partial(grid, cells, columns=[_FIRST, _NOW])
    return Chart.of(words, frame, sources, form, time_slider=table)
