"""The headline figures as they stood on each day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from strikes2024.campaign import HEADLINES, headline_states
from strikes2024.charts.chart import Chart, chart_function, demand
from strikes2024.charts.forms import grid
from strikes2024.wording import day, number

if TYPE_CHECKING:
    from strikes2024.tables import Tables

__all__ = ["known_when"]

_FIRST, _NOW = "At the end of the first day", "As it stands today, and since when"


def _then_and_now(known: pd.DataFrame) -> pd.DataFrame:
    """Each figure on its first day and as it stands, as cells of :func:`grid`."""
    figures = known.groupby("figure", sort=False)
    first, final = figures.first(), figures.last()
    same = known[known["words"] == known["figure"].map(final["words"])]
    since = same.groupby("figure", sort=False)["day"].first()
    table = pd.DataFrame({"then": first["words"], "first": first["day"], "now": final["words"],
                          "since": since, "moved": first["words"] != final["words"]})  # fmt: skip
    table = table.sort_values("moved", ascending=False, kind="stable").reset_index()
    heads = {new: f"{'Changed' if new else 'Unchanged'}: {(table['moved'] == new).sum()} of "
             f"{len(table)}" for new in (True, False)}  # fmt: skip
    return pd.DataFrame([
        {"row": row["figure"], "column": column, "text": f"{row[words]} ({day(row[when])})",
         "strong": row["moved"] and column == _NOW, "group": heads[row["moved"]],
         "moved": row["moved"]}
        for row in table.to_dict("records")
        for column, words, when in ((_FIRST, "then", "first"), (_NOW, "now", "since"))
    ])  # fmt: skip


@chart_function()
def known_when(t: Tables) -> Chart:
    """The headline figures on their first day and today, with a slider that goes back."""
    frame = demand(headline_states(t), "dated claim on a headline figure")
    cells = _then_and_now(demand(frame[frame["low"].notna()], "headline figure with a number"))
    moved = cells.loc[cells["column"] == _NOW, "moved"]
    table = frame.assign(day=frame["day"].dt.strftime("%Y-%m-%d")).pivot_table(
        index="figure", columns="day", values="words", aggfunc="first", sort=False
    )
    return Chart(
        slug="known-when",
        title=f"{number(int(moved.sum())).capitalize()} of {len(moved)} headline figures are no "
        "longer what they were at the end of their first day",
        subtitle="The range of the claims that count, and since when it has stood; each row "
        "begins on its own first day",
        frame=frame,
        labels={"day": "As known on"},
        source_ids=pd.concat([h.claims(t)["source"] for h in HEADLINES]),
        note="A claim counts from the day on which it was made; a claim in an undated "
        "publication, from the day on which a dated one repeats it.",
        picture=lambda width: grid(
            cells, width, columns=[_FIRST, _NOW], unit="Headline figures of this report"
        ),
        time_slider=table,
    )  # fmt: skip
