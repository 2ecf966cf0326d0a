"""A map of the places struck in February 2024, and who named each of them."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from strikes2024.campaign import BAGHDAD, FEBRUARY, MONITOR, STRIKES, TOWER_22, start_of
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, demand
from strikes2024.charts.forms import Picture, grid, point_map, stacked
from strikes2024.tables import Tables, explode
from strikes2024.wording import day, join, number, quantity, short_names

__all__ = ["places_struck"]

_HIT: Final = (
    "facilities_struck", "sites_struck", "sites_destroyed", "airstrikes", "strike_rounds",
    "houses_hit",
)  # fmt: skip
_PARTIES: Final = {"us": "Pentagon", "iraq": "Iraq", "monitor": "SOHR", "press": "Press, others"}


def _points(t: Tables) -> pd.DataFrame:
    """Places of the strikes with a point; one named "X, Y" that has none lies in Y."""
    own = t.places.set_index("name")
    events = t.events[t.events["event_id"].isin(STRIKES)]
    rows = explode(events[["event_id", "places"]], "places").merge(
        t.places, left_on="places", right_on="place_id"
    )
    within = rows["name"].str.split(", ").str[-1]
    town = rows["name"].where(rows["lat"].notna() | ~within.isin(own.index), within)
    last = day(start_of(t, BAGHDAD), year=False)
    later = rows["event_id"].map({BAGHDAD: f", {last}"}).fillna("")
    return rows.assign(
        town=town,
        name=town + later,
        lat=rows["lat"].fillna(town.map(own["lat"])),
        lon=rows["lon"].fillna(town.map(own["lon"])),
    )[["event_id", "place_id", "name", "town", "lat", "lon"]]


def _cell(row: Any) -> str:
    """Return what somebody said was hit: a figure, if there is one; in the press, who said so."""
    text = ""
    if row.qualifier != "some":
        unit = "killed" if row.metric == "killed" else str(row.unit)
        figure = quantity(row.low, row.high, str(row.qualifier))
        text = f"{figure} {unit.removesuffix('s') if figure == '1' else unit}"
    return ": ".join(filter(None, [row.who, text])) if row.party == "press" else text


def _named(t: Tables, points: pd.DataFrame) -> pd.DataFrame:
    """One row a town and party, with what it said was hit there."""
    c = t.claims[t.claims["event"].isin(STRIKES) & (t.claims["status"] == "stands")]
    side = c["claimant"].map(t.actors.set_index("actor_id")["side"].astype("string"))
    party = side.where(side.isin(["us", "iraq"]), "press").mask(c["claimant"] == MONITOR, "monitor")
    c = c.assign(party=party, who=c["claimant"].map(short_names(t.actors)))
    dead = (c["event"] == BAGHDAD) & (c["metric"] == "killed") & (c["victims"] != "civilians")
    c = c[c["metric"].isin(_HIT) | (dead & (party != "press"))]
    c = c.merge(points, left_on=["event", "place"], right_on=["event_id", "place_id"])
    demand(c, "claim on what was hit where")
    c = c.assign(cell=[_cell(row) for row in c.itertuples(index=False)])
    c = c.sort_values(["event", "lat"], ascending=[True, False], kind="stable")
    groups = c.groupby(["name", "town", "party"], sort=False)
    return groups.agg(
        text=("cell", lambda cells: "; ".join(dict.fromkeys(filter(None, cells))) or "named"),
        source=("source", lambda ids: ";".join(dict.fromkeys(ids))),
    ).reset_index()


@chart_function(FEBRUARY, BAGHDAD, TOWER_22, "tower-22")
def places_struck(t: Tables) -> Chart:
    """Draw a map of the places struck on 3 and 7 February, and who named each."""
    points = demand(_points(t), "place with a point")
    named = _named(t, points)
    pentagon = named.loc[named["party"] == "us", "town"]
    towns = points.drop_duplicates("town").assign(side="us")
    towns["hollow"] = ~towns["town"].isin(pentagon)
    tower: Any = t.events.set_index("event_id").loc[TOWER_22]
    base = t.places[t.places["place_id"] == tower["places"]].assign(
        side="iran_aligned", hollow=False, name=f"Tower 22, {day(tower['start'], year=False)}"
    )
    marks = pd.concat([towns, base])
    cells = named.assign(
        row=named["name"],
        column=named["party"].map(_PARTIES),
        colour=named["party"].map(style.SIDE_COLOURS),
    )

    first, last = (day(start_of(t, strike)) for strike in STRIKES)
    key = f"Blue: hit by the US on {first} (filled: named by the Pentagon, ring: only by others) "
    key += f"and in Baghdad on {last}; red: where the drone had hit the US base Tower 22"

    def picture(width: float) -> Picture:
        area = point_map(marks, width, unit=key)
        table = grid(cells, width, columns=list(_PARTIES.values()),
                     unit="Who named each place, and what they said was hit there")  # fmt: skip
        return stacked(area, table)

    night = len(set(pentagon) - set(points.loc[points["event_id"] == BAGHDAD, "town"]))
    others = join(towns.loc[towns["hollow"], "town"])
    return Chart(
        slug="places-struck",
        title=f"The Pentagon named {number(night)} places struck on {first}, on both sides of the "
        f"Syrian–Iraqi border; others name {others} too. Baghdad was struck later",
        subtitle="By local day; the table says who named each place",
        alt="Map of western Iraq and eastern Syria with Euphrates and Tigris, above a table.",
        frame=cells[["row", "column", "text", "source"]],
        labels={"row": "Place", "column": "Named by", "text": "What was hit"},
        source_ids=list(named["source"].str.split(";").explode()),
        note="Dots mark towns, not the sites hit; Ayyash and Akashat are placed from written "
        "descriptions. Totals that the Popular Mobilization Forces (PMF) and the Syrian "
        "Observatory (SOHR) gave for a whole governorate are not on the map. "
        "Outlines, rivers: Natural Earth (public domain); the lines imply no position on any "
        "border.",
        picture=picture,
    )
