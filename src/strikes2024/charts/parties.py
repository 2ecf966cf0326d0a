"""Charts of parties: who backs the groups and what they belong to, who backed the strikes."""

from typing import Final

import pandas as pd

from strikes2024.campaign import STRIKES
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, demand
from strikes2024.charts.forms import grid, stacked_rows
from strikes2024.charts.words import WORDS, Words
from strikes2024.tables import Tables, explode
from strikes2024.wording import day, join

_GROUPS: Final = ("kataib-hezbollah", "nujaba", "kss", "aah", "badr", "liwa-al-tufuf",
                  "liwa-fatemiyoun", "hezbollah")  # fmt: skip
_TIES: Final = WORDS["charts"]["network"]["ties"]
_STANCES: Final = WORDS["charts"]["reactions-matrix"]["stances"]
_BLOCS: Final = WORDS["charts"]["reactions-matrix"]["blocs"]
_CAMPS: Final = dict(
    zip(dict.fromkeys(_STANCES.values()),
        (style.SIDE_COLOURS[side] for side in ("us", "press", "iran_aligned")), strict=True)
)  # fmt: skip


@chart_function(*_GROUPS)
def network(t: Tables) -> Chart:
    """Groups named in the report with their ties of membership and backing."""
    actors = t.actors.set_index("actor_id")
    groups = actors.loc[list(_GROUPS)].reset_index()
    bodies = groups[["backed_by", "part_of"]].fillna("").agg(";".join, axis=1)
    ties = explode(groups.assign(body=bodies), "body")
    ties = ties.assign(column=ties["body"].map(_TIES)).dropna(subset=["column"])
    order = [*_GROUPS, *_TIES]
    ties = ties.sort_values(["actor_id", "body"], key=lambda ids: ids.map(order.index))
    ties = ties.drop_duplicates(["actor_id", "column"], ignore_index=True)
    who = actors["name"].replace("Islamic Revolutionary Guard Corps", "IRGC")
    forces = ties["body"].isin(["irgc", "quds-force"])
    abroad = " (" + ties["country"] + ")"
    ties = ties.assign(
        row=ties["name"] + abroad.where(ties["country"] != "Iraq", ""),
        text=("by the " + ties["body"].map(who)).where(forces, ""),
    )
    iran, _, state = columns = list(dict.fromkeys(_TIES.values()))
    double = ties.groupby("row")["column"].agg(set).map({iran, state}.issubset)
    words = Words("network", both=double.sum())
    heads = {True: words["double"], False: words["others"]}
    cells = ties.assign(group=ties["row"].map(double).map(heads))
    return Chart.of(words, cells, grid, ties.replace({"text": {"": "yes"}}), columns=columns)


@chart_function()
def reactions_matrix(t: Tables) -> Chart:
    """Stance towards the US strikes by bloc: how many parties took it."""
    rows = demand(t.reactions[t.reactions["event"].isin(STRIKES)], "reaction to the strikes")
    rows = rows.assign(
        row=rows["bloc"].astype("string").map(_BLOCS),
        part=rows["stance"].astype("string").map(_STANCES),
    )
    # A crowd or unnamed critics are no party; mourning and denials are no stance on the strikes.
    kinds = t.actors.set_index("actor_id")["kind"].astype("string")
    parties = rows[rows["actor"].map(kinds) != "unnamed"].dropna(subset=["part"])
    parties = demand(parties, "party with a stance").drop_duplicates(["row", "part", "actor"])
    abroad = parties[parties["bloc"] != "us_domestic"]
    *early, last = t.events.loc[t.events["event_id"].isin(STRIKES), "start"]
    backed, _, against = (abroad[abroad["part"] == camp] for camp in _CAMPS)
    words = Words(
        "reactions-matrix",
        days=join([*(day(start, year=False) for start in early), day(last)]),
        backed=len(backed), against=len(against),
        whose=join(dict.fromkeys(demand(backed, "party abroad that backed the strikes")["row"])),
    )  # fmt: skip
    together, home = words["together"], _BLOCS["us_domestic"]
    every = pd.concat([abroad.assign(row=together), parties])
    frame = every.groupby(["row", "part"], sort=False).size().rename("value").reset_index()
    order = [together, *_BLOCS.values()]
    frame = frame.sort_values("row", key=lambda r: r.map(order.index), kind="stable",
                              ignore_index=True)  # fmt: skip
    whole = {together: words["abroad"], home: words["home"]}
    frame["group"] = frame["row"].map(whole).fillna(words["by_country"])
    return Chart.of(words, frame, stacked_rows, source_ids=rows["source"], colours=_CAMPS)
