"""Charts of who said what about the attack and the strikes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from strikes2024.campaign import STRIKES
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, cite, demand
from strikes2024.wording import day, number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from strikes2024.tables import Tables

__all__ = ["reactions_by_day", "reactions_matrix"]

STANCES = {
    "supports": "supports",
    "understands": "shows understanding",
    "neutral_restraint": "asks for restraint",
    "concerned": "is concerned",
    "mourns": "mourns the dead",
    "condemns": "condemns",
    "vows_response": "vows a response",
    "denies_involvement": "denies a part",
}
BLOCS = {
    "us_domestic": "United States",
    "us_ally": "US allies and partners",
    "neutral": "Neutral states",
    "un": "United Nations",
    "iraq_state": "Iraqi state and parties",
    "syria_state": "Syrian state",
    "iran_axis": "Iran and allied groups",
    "other": "Russia, China, Cuba",
}
_BLOC_COLOURS = {
    "us_domestic": "us",
    "us_ally": "us_partner",
    "neutral": "other",
    "un": "un",
    "iraq_state": "iraq",
    "syria_state": "syria",
    "iran_axis": "iran_aligned",
    "other": "israel",
}


@chart_function()
def reactions_matrix(t: Tables) -> Chart:
    """Stance towards the US strikes by bloc: how many parties took it."""
    rows = t.reactions[t.reactions["event"].isin(STRIKES)]
    demand(rows, "reaction to the strikes")
    rows = rows.assign(bloc=rows["bloc"].astype("string"), stance=rows["stance"].astype("string"))
    # A crowd or unnamed critics are no party.
    kinds = t.actors.set_index("actor_id")["kind"].astype("string")
    parties = rows[rows["actor"].map(kinds) != "unnamed"]
    parties = parties.drop_duplicates(["bloc", "stance", "actor"])
    table = pd.crosstab(parties["bloc"], parties["stance"])
    table = table.reindex(index=list(BLOCS), columns=list(STANCES), fill_value=0)
    frame = table.rename(index=BLOCS, columns=STANCES).reset_index(names="bloc")
    condemned = parties.loc[parties["stance"] == "condemns", "actor"].nunique()
    abroad = parties[parties["bloc"] != "us_domestic"]
    backed, understood = (
        abroad.loc[abroad["stance"] == stance, "actor"].nunique()
        for stance in ("supports", "understands")
    )

    def draw(width: float) -> Figure:
        from matplotlib.figure import Figure

        narrow = width < 5
        figure = Figure(figsize=(width, 3.9 if narrow else 3.6), layout="constrained")
        axis = figure.subplots()
        for y, bloc in enumerate(BLOCS):
            for x, stance in enumerate(STANCES):
                n = int(table[stance][bloc])
                if n:
                    axis.scatter(
                        x,
                        y,
                        s=(26 if narrow else 46) * n + 60,
                        color=style.SIDE_COLOURS[_BLOC_COLOURS[bloc]],
                        alpha=0.85,
                    )
                    axis.text(
                        x,
                        y,
                        str(n),
                        ha="center",
                        va="center",
                        color=style.ON_COLOUR,
                        fontsize=9,
                        fontweight="bold",
                    )
        axis.set_xticks(
            range(len(STANCES)),
            list(STANCES.values()),
            rotation=40 if narrow else 25,
            ha="left",
            rotation_mode="anchor",
            fontsize=8 if narrow else 9,
        )
        axis.xaxis.tick_top()
        axis.set_yticks(range(len(BLOCS)), list(BLOCS.values()), fontsize=8 if narrow else 9)
        axis.set_xlim(-0.6, len(STANCES) - 0.4)
        axis.set_ylim(len(BLOCS) - 0.4, -0.6)
        axis.tick_params(length=0)
        axis.spines[:].set_visible(False)
        axis.grid(True)
        return figure

    return Chart(
        slug="reactions-matrix",
        title=f"{number(condemned)} parties condemned the strikes; outside the US, "
        f"{number(backed)} backed them and {number(understood)} showed understanding",
        subtitle="Number of parties (states, groups, bodies) that took each stance towards the "
        "strikes of 3 or 7 February, by bloc",
        alt="Grid of dots. "
        + "; ".join(
            f"{BLOCS[b]}: "
            + ", ".join(f"{STANCES[s]} {table[s][b]}" for s in STANCES if table[s][b])
            for b in BLOCS
        )
        + ".",
        frame=frame,
        labels={"bloc": "Bloc"},
        sources=cite(t.sources, rows["source"]),
        note="Stances are read by the compilers from each statement. A party that changed its tone "
        "is counted under each; crowds and unnamed critics are left out; members of the US "
        "Congress count as one party for each stance.",
        draw=draw,
    )


@chart_function()
def reactions_by_day(t: Tables) -> Chart:
    """Statements by day and bloc, from the attack on Tower 22 to mid-February."""
    rows = demand(t.reactions[t.reactions["date"].notna()], "dated reaction")
    rows = rows.assign(bloc=rows["bloc"].astype("string"))
    table = pd.crosstab(rows["date"], rows["bloc"]).reindex(columns=list(BLOCS), fill_value=0)
    days = pd.date_range(table.index.min(), table.index.max())
    table = table.reindex(days, fill_value=0)
    frame = table.rename(columns=BLOCS).reset_index(names="date")
    peak = table.sum(axis=1).idxmax()

    def draw(width: float) -> Figure:
        from matplotlib.figure import Figure

        narrow = width < 5
        shown = [b for b in BLOCS if table[b].sum()]
        figure = Figure(figsize=(width, 0.55 * len(shown) + 0.9), layout="constrained")
        axes = figure.subplots(len(shown), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
        for axis, bloc in zip(axes, shown, strict=True):
            axis.bar(
                range(len(table)),
                table[bloc],
                width=0.75,
                color=style.SIDE_COLOURS[_BLOC_COLOURS[bloc]],
            )
            axis.set_yticks([])
            axis.spines["left"].set_visible(False)
            axis.text(
                -0.7, float(table.to_numpy().max()) * 1.6, BLOCS[bloc], fontsize=8.5, va="top"
            )
            for x, n in enumerate(table[bloc]):
                if n:
                    axis.text(x, n, str(n), ha="center", va="bottom", fontsize=7.5)
        step = 5 if narrow else 2
        axes[-1].set_xticks(
            list(range(len(table)))[::step], [f"{d.day} {d:%b}" for d in days][::step]
        )
        axes[-1].set_ylim(0, float(table.to_numpy().max()) * 1.65)
        return figure

    return Chart(
        slug="reactions-by-day",
        title=f"Most statements, {table.sum(axis=1).max()}, came on {day(pd.Timestamp(str(peak)))}",
        subtitle="Recorded statements on Tower 22 and on the strikes, by day and bloc",
        alt="Small bar charts by bloc. "
        + "; ".join(
            f"{day(pd.Timestamp(str(d)), year=False)}: "
            + ", ".join(f"{BLOCS[b]} {r[b]}" for b in BLOCS if r[b])
            for d, r in table.iterrows()
            if r.sum()
        )
        + ".",
        frame=frame,
        labels={"date": "Day"},
        sources=cite(t.sources, rows["source"]),
        note="The record holds what the compilers found, mostly in English: a bloc with few "
        "statements here did not necessarily say little.",
        draw=draw,
    )
