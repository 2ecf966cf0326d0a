"""The headline figures as they stood on each day."""

import pandas as pd

from strikes2024.campaign.headlines import HEADLINES, headline_states
from strikes2024.charts.chart import Chart, chart_function, demand
from strikes2024.charts.forms import grid
from strikes2024.tables import Tables
from strikes2024.wording import day, join, number, short_day

_FIRST, _NOW = "At the end of that day", "As it stands today, and since when"


def _then_and_now(known: pd.DataFrame) -> pd.DataFrame:
    """Each figure on its first day and as it stands, as cells of :func:`grid`."""
    figures = known.groupby("figure", sort=False)
    first, now = figures.first(), figures.last()
    same = known[known["words"] == known["figure"].map(now["words"])]
    since = same.groupby("figure")["day"].first()
    moved = (first["words"] != now["words"]).sort_values(ascending=False, kind="stable")
    heads = {True: f"Changed: {moved.sum()} of {len(moved)}",
             False: f"Unchanged: {(~moved).sum()} of {len(moved)}"}  # fmt: skip
    cells = pd.concat([first.assign(column=_FIRST), now.assign(column=_NOW, day=since)])
    cells = cells.loc[moved.index].rename_axis("row").reset_index()
    changed = cells["row"].map(moved)
    return cells.assign(
        moved=changed, group=changed.map(heads), strong=changed & (cells["column"] == _NOW),
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
    return Chart(
        slug="known-when",
        title=f"{number(int(moved.sum())).capitalize()} of {len(moved)} headline figures have "
        "changed since the day of the attack or the strikes",
        subtitle="Each figure at the end of the day itself "
        f"({join(map(short_day, begun.dropna().unique()))}) and as it stands now, with the day of "
        "its last change",
        frame=frame,
        source_ids=pd.concat([h.claims(t)["source"] for h in HEADLINES]),
        picture=lambda width: grid(
            cells, width, columns=[_FIRST, _NOW],
            unit="Headline figures of this report; blue: changed since",
        ),
        time_slider=table,
    )  # fmt: skip
