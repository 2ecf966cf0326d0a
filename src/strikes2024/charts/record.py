"""Charts of the record itself: who speaks in it, and through whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from strikes2024.analysis import record_by_source_kind
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, cite, demand
from strikes2024.charts.general import nothing
from strikes2024.wording import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from strikes2024.tables import Tables

__all__ = ["record"]

KINDS = {
    "official": "official page",
    "wire": "news agency",
    "news": "news",
    "ngo": "monitor, NGO",
    "think_tank": "think tank",
    "encyclopedia": "encyclopedia",
    "party_media": "party media",
    "aggregator": "aggregator or copy",
    "dataset": "data set",
}


def _finding(pairs: pd.DataFrame) -> str:
    """Say through whom the claims reached the record."""
    total = int(pairs["claims"].sum())
    us = pairs[pairs["side"] == "us"]
    if len(us):
        share = us.loc[us["kind"] == "official", "claims"].sum() / us["claims"].sum()
        return (
            f"{share * 100:.0f} % of the claims by US bodies were read on official pages; "
            "the rest reached this record through others"
        )
    kinds = pairs.groupby("kind", observed=True)["claims"].sum()
    kind, most = KINDS[str(kinds.idxmax())], int(kinds.max())
    if most == total:
        return f"All {number(total)} claims come from one kind of publication: {kind}"
    return f"{most / total * 100:.0f} % of the {number(total)} claims come from: {kind}"


@chart_function()
def record(t: Tables) -> Chart:
    """Claims by the side of the claimant and the kind of publication that carried them."""
    if t.claims.empty:
        events = len(demand(t.events, "event or claim"))
        return nothing("record", "The tables hold no claim", events, "events")
    pairs = record_by_source_kind(t.claims, t.actors, t.sources)
    table = pairs.pivot_table(
        index="side", columns="kind", values="claims", fill_value=0, aggfunc="sum"
    ).astype(int)
    order = table.sum(axis=1).sort_values(ascending=False).index
    table = table.loc[order, [k for k in KINDS if k in table.columns]]
    frame = table.rename(index=style.SIDE_NAMES, columns=KINDS).reset_index(names="side")
    peak = float(table.to_numpy().max())

    def draw(width: float) -> Figure:
        from matplotlib.figure import Figure

        narrow = width < 5
        figure = Figure(figsize=(width, 4.4), layout="constrained")
        axis = figure.subplots()
        for y, side in enumerate(table.index):
            for x, kind in enumerate(table.columns):
                n = int(table.loc[side, kind])
                if n:
                    axis.scatter(
                        x,
                        y,
                        s=(420 if narrow else 700) * n / peak + 12,
                        color=style.SIDE_COLOURS[side],
                        alpha=0.9,
                    )
                    # A number stands above a dot that is too small for it.
                    inside = n / peak > (0.25 if narrow else 0.17)
                    axis.text(
                        x,
                        y if inside else y - 0.44,
                        str(n),
                        ha="center",
                        va="center",
                        color=style.ON_COLOUR if inside else style.INK,
                        fontsize=7.2 if narrow else 7.5,
                        fontweight="bold" if inside else "normal",
                    )
        axis.set_xticks(
            range(len(table.columns)),
            [KINDS[k] for k in table.columns],
            rotation=60 if narrow else 35,
            ha="left",
            rotation_mode="anchor",
            fontsize=8 if narrow else 9,
        )
        axis.xaxis.tick_top()
        axis.set_yticks(
            range(len(table)),
            [style.SIDE_NAMES[s] for s in table.index],
            fontsize=8 if narrow else 9,
        )
        axis.set_ylim(len(table) - 0.4, -0.8)
        axis.set_xlim(-0.6, len(table.columns) - 0.2)
        axis.tick_params(length=0)
        axis.spines[:].set_visible(False)
        axis.grid(True)
        return figure

    return Chart(
        slug="record",
        title=_finding(pairs),
        subtitle=f"{number(int(table.to_numpy().sum()))} claims by side of the claimant and kind "
        "of publication",
        alt="Grid of dots. "
        + "; ".join(
            f"{style.SIDE_NAMES[s]}: "
            + ", ".join(f"{KINDS[k]} {table.loc[s, k]}" for k in table.columns if table.loc[s, k])
            for s in table.index
        )
        + ".",
        frame=frame,
        labels={"side": "Claimant’s side"},
        sources=cite(t.sources, t.claims["source"]),
        note="Every claim of the record is counted once, by the publication that was read.",
        draw=draw,
    )
