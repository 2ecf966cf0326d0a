"""Who backed the strikes, and who condemned them."""

from __future__ import annotations

from typing import Final

import pandas as pd

from strikes2024.campaign import STRIKES
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, demand
from strikes2024.charts.forms import stacked_rows
from strikes2024.tables import Tables
from strikes2024.wording import day, join, number

__all__ = ["reactions_matrix"]

_CAMPS: Final = {
    "supports": "backed or understood", "understands": "backed or understood",
    "neutral_restraint": "urged restraint or worried", "concerned": "urged restraint or worried",
    "condemns": "condemned or threatened", "vows_response": "condemned or threatened",
}  # fmt: skip
_BLOCS: Final = {
    "iran_axis": "Iran and allied groups",
    "iraq_state": "Iraqi state and parties",
    "other": "Russia, China, Cuba",
    "syria_state": "Syrian state",
    "neutral": "Neutral states",
    "un": "United Nations",
    "us_ally": "US allies and partners",
    "us_domestic": "Government and politicians",
}
_COLOURS: Final = dict(
    zip(dict.fromkeys(_CAMPS.values()),
        (style.SIDE_COLOURS[s] for s in ("us", "press", "iran_aligned")), strict=True)
)  # fmt: skip


@chart_function()
def reactions_matrix(t: Tables) -> Chart:
    """Stance towards the US strikes by bloc: how many parties took it."""
    rows = demand(t.reactions[t.reactions["event"].isin(STRIKES)], "reaction to the strikes")
    rows = rows.assign(
        row=rows["bloc"].astype("string").map(_BLOCS),
        part=rows["stance"].astype("string").map(_CAMPS),
    )
    # A crowd or unnamed critics are no party; mourning and denials are no stance on the strikes.
    kinds = t.actors.set_index("actor_id")["kind"].astype("string")
    parties = rows[rows["actor"].map(kinds) != "unnamed"].dropna(subset=["part"])
    parties = demand(parties, "party with a stance").drop_duplicates(["row", "part", "actor"])
    abroad = parties[parties["bloc"] != "us_domestic"]
    every = pd.concat([abroad.assign(row="All together"), parties])
    frame = every.groupby(["row", "part"], sort=False).size().rename("value").reset_index()
    order = ["All together", *_BLOCS.values()]
    frame = frame.sort_values("row", key=lambda r: r.map(order.index), kind="stable",
                              ignore_index=True)  # fmt: skip
    whole = {order[0]: "Outside the United States", _BLOCS["us_domestic"]: "In the United States"}
    abroad_by = "Outside the United States, by group of countries"
    frame["group"] = frame["row"].map(whole).fillna(abroad_by)
    strikes = t.events[t.events["event_id"].isin(STRIKES)]
    *early, last = strikes["start"]
    days = join([*(day(start, year=False) for start in early), day(last)])
    backed, _, against = (abroad[abroad["part"] == camp] for camp in _COLOURS)
    whose = join(dict.fromkeys(demand(backed, "party abroad that backed the strikes")["row"]))
    return Chart(
        slug="reactions-matrix",
        title=f"Outside the US, {number(len(against))} parties condemned the strikes or threatened "
        f"a response; {number(len(backed))} ({whose}) backed them or voiced understanding",
        subtitle="Parties that took a stance, by group of countries",
        frame=frame[["group", "row", "part", "value"]],
        labels={"group": "Where", "row": "Bloc", "part": "Stance", "value": "Parties"},
        source_ids=rows["source"],
        note="This report judged each stance from the statement itself. A party that took "
        "two stances is counted under each; crowds and unnamed critics are left out; members of "
        "the US Congress count as one party for each stance.",
        picture=lambda width: stacked_rows(
            frame,
            width,
            colours=_COLOURS,
            unit=f"Parties (states, groups, bodies) by stance on the US strikes of {days}",
        ),
    )
