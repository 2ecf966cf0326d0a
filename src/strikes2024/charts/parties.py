"""Charts of parties: who backs the groups and what they belong to, who backed the strikes."""

from typing import Final

import pandas as pd

from strikes2024.campaign import STRIKES
from strikes2024.charts import style
from strikes2024.charts.chart import WORDS, Chart, chart_function, demand
from strikes2024.charts.forms import grid, stacked_rows
from strikes2024.tables import Tables, explode
from strikes2024.wording import day, join, number

_GROUPS: Final = ("kataib-hezbollah", "nujaba", "kss", "aah", "badr", "liwa-al-tufuf",
                  "liwa-fatemiyoun", "hezbollah")  # fmt: skip
_CAMPS: Final = dict(
    zip(dict.fromkeys(WORDS["stances"].values()),
        (style.SIDE_COLOURS[side] for side in ("us", "press", "iran_aligned")), strict=True)
)  # fmt: skip


def _ties(t: Tables) -> pd.DataFrame:
    """Which group is tied to whom and how, as cells of :func:`grid`."""
    actors = t.actors.set_index("actor_id")
    groups = actors.loc[list(_GROUPS)].reset_index()
    bodies = groups[["backed_by", "part_of"]].fillna("").agg(";".join, axis=1)
    ties = explode(groups.assign(body=bodies), "body")
    ties = ties.assign(column=ties["body"].map(WORDS["ties"])).dropna(subset=["column"])
    order = [*_GROUPS, *WORDS["ties"]]
    ties = ties.sort_values(["actor_id", "body"], key=lambda ids: ids.map(order.index))
    ties = ties.drop_duplicates(["actor_id", "column"], ignore_index=True)
    who = actors["name"].replace("Islamic Revolutionary Guard Corps", "IRGC")
    forces = ties["body"].isin(["irgc", "quds-force"])
    abroad = " (" + ties["country"] + ")"
    return ties.assign(
        row=ties["name"] + abroad.where(ties["country"] != "Iraq", ""),
        text=("by the " + ties["body"].map(who)).where(forces, ""),
    )[["row", "column", "text", "source"]]


@chart_function(*_GROUPS)
def network(t: Tables) -> Chart:
    """Groups named in the report with their ties of membership and backing."""
    frame = _ties(t)
    iran, umbrella, state = columns = list(dict.fromkeys(WORDS["ties"].values()))
    double = frame.groupby("row")["column"].agg(set).map({iran, state}.issubset)
    both = number(double.sum())
    heads = {True: f"{both.capitalize()} groups backed by Iran and part of Iraq’s state forces",
             False: "Others: not named as both"}  # fmt: skip
    cells = frame.assign(group=frame["row"].map(double).map(heads))
    unit = "Ties that the cited publications name; blank: none named. PMF: Popular Mobilization "
    unit += "Forces, part of the state’s forces"
    return Chart(
        slug="network",
        title=f"{both} groups belong to the PMF, a part of Iraq’s state forces, and are "
        "also backed by Iran",
        frame=frame.replace({"text": {"": "yes"}}),
        source_ids=frame["source"],
        note="PMF: Popular Mobilization Forces; IRGC: Islamic Revolutionary Guard Corps. Iran says "
        "that it supports these groups and denies directing them. Which groups act under the name "
        f"{umbrella.removeprefix('In the ')} is known only in part.",
        picture=lambda width: grid(cells, width, columns=columns, unit=unit),
    )


@chart_function()
def reactions_matrix(t: Tables) -> Chart:
    """Stance towards the US strikes by bloc: how many parties took it."""
    rows = demand(t.reactions[t.reactions["event"].isin(STRIKES)], "reaction to the strikes")
    blocs = WORDS["blocs"]
    rows = rows.assign(
        row=rows["bloc"].astype("string").map(blocs),
        part=rows["stance"].astype("string").map(WORDS["stances"]),
    )
    # A crowd or unnamed critics are no party; mourning and denials are no stance on the strikes.
    kinds = t.actors.set_index("actor_id")["kind"].astype("string")
    parties = rows[rows["actor"].map(kinds) != "unnamed"].dropna(subset=["part"])
    parties = demand(parties, "party with a stance").drop_duplicates(["row", "part", "actor"])
    abroad = parties[parties["bloc"] != "us_domestic"]
    every = pd.concat([abroad.assign(row="All together"), parties])
    frame = every.groupby(["row", "part"], sort=False).size().rename("value").reset_index()
    order = ["All together", *blocs.values()]
    frame = frame.sort_values("row", key=lambda r: r.map(order.index), kind="stable",
                              ignore_index=True)  # fmt: skip
    whole = {order[0]: "Outside the United States", blocs["us_domestic"]: "In the United States"}
    abroad_by = "Outside the United States, by group of countries"
    frame["group"] = frame["row"].map(whole).fillna(abroad_by)
    strikes = t.events[t.events["event_id"].isin(STRIKES)]
    *early, last = strikes["start"]
    days = join([*(day(start, year=False) for start in early), day(last)])
    backed, _, against = (abroad[abroad["part"] == camp] for camp in _CAMPS)
    whose = join(dict.fromkeys(demand(backed, "party abroad that backed the strikes")["row"]))
    return Chart(
        slug="reactions-matrix",
        title=f"Outside the US, {number(len(against))} parties condemned the strikes or threatened "
        f"a response; {number(len(backed))} ({whose}) backed them or voiced understanding",
        frame=frame[["group", "row", "part", "value"]],
        source_ids=rows["source"],
        picture=lambda width: stacked_rows(
            frame,
            width,
            colours=_CAMPS,
            unit=f"Parties (states, groups, bodies) by stance on the US strikes of {days}",
        ),
    )
