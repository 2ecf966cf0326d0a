"""Maps of the bases attacked and of the places struck: no network, no tiles, lines alone.

Outlines, rivers and capitals are Natural Earth's (see ``assets/NOTICE.md``); everything else is
in the table of places, which says how precise each point is.
"""

from typing import Any, Final

import pandas as pd

from strikes2024 import campaign
from strikes2024.campaign import questions
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, demand
from strikes2024.charts.forms import Picture, grid, point_map, stacked
from strikes2024.charts.words import WORDS, Words
from strikes2024.tables import Tables, explode, main_sources
from strikes2024.wording import day, join, period, quantity, short_names

_SHORT: Final = WORDS["charts"]["map-before-after"]["short"]
_PARTIES: Final = WORDS["charts"]["places-struck"]["parties"]
_HIT: Final = (
    "targets_struck", "facilities_struck", "sites_struck", "sites_destroyed", "airstrikes",
    "strike_rounds", "houses_hit",
)  # fmt: skip


def _placed(t: Tables, events: pd.DataFrame) -> pd.DataFrame:
    """Each event at each of its places, with what is known of the place."""
    places = explode(events[["event_id", "start", "places"]], "places")
    return places.rename(columns={"places": "place_id"}).merge(t.places, on="place_id")


@chart_function(campaign.CAMPAIGN, campaign.FEBRUARY)
def places_before_after(t: Tables) -> Chart:
    """Two maps: where attacks were before the strikes of February, and where after."""
    begin, strikes = campaign.campaign_start(t), campaign.start_of(t, campaign.FEBRUARY)
    rows = demand(_placed(t, questions.campaign_attacks(t)), "attack at a known place")
    late, end = rows["start"] >= strikes, rows["start"].max()
    counts = [
        part.groupby("country", observed=True)["event_id"].nunique().sort_values(ascending=False)
        for part in (rows[~late], rows[late])
    ]
    words = Words(
        "map-before-after",
        attacks=[attacks.reindex(["Iraq", "Syria"], fill_value=0) for attacks in counts],
        where=[", ".join(f"{n} in {country}" for country, n in c.items()) for c in counts],
        days=[(strikes - begin).days, (end - strikes).days + 1],
        strikes=strikes, period=period(begin, end), absent=rows["lat"].isna().sum(),
    )  # fmt: skip
    panels = {False: words["before"], True: words["after"]}
    rows = rows.assign(panel=late.map(panels))
    keys = ["panel", "place_id", "name", "country", "lat", "lon", "precision", "source"]
    found = rows.groupby(keys, dropna=False, observed=True)["event_id"].nunique()
    table = found.rename("attacks").reset_index()
    table = table.sort_values(["attacks", "name"], ascending=[False, True], ignore_index=True)
    drawn = demand(table[table["lat"].notna()], "attacked place with coordinates").assign(
        name=lambda there: there["name"].replace(_SHORT), value=lambda there: there["attacks"],
        side="iran_aligned",
    ).sort_values("panel", key=lambda p: p != panels[False], kind="stable")  # fmt: skip
    sources = [*main_sources(questions.campaign_attacks(t)["sources"]), *table["source"]]
    return Chart.of(words, drawn, point_map, table, sources)


def _points(t: Tables) -> pd.DataFrame:
    """Places of the strikes with a point; one named "X, Y" that has none lies in Y."""
    own = t.places.set_index("name")
    rows = _placed(t, t.events[t.events["event_id"].isin(campaign.STRIKES)])
    within = rows["name"].str.split(", ").str[-1]
    town = rows["name"].where(rows["lat"].notna() | ~within.isin(own.index), within)
    last = day(campaign.start_of(t, campaign.BAGHDAD), year=False)
    later = rows["event_id"].map({campaign.BAGHDAD: f", {last}"}).fillna("")
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
    """What each party said was hit in each town, as cells of :func:`grid`."""
    c = t.claims[t.claims["event"].isin(campaign.STRIKES) & (t.claims["status"] == "stands")]
    side = c["claimant"].map(t.actors.set_index("actor_id")["side"].astype("string"))
    party = side.where(side.isin(["us", "iraq"]), "press")
    party = party.mask(c["claimant"] == campaign.MONITOR, "monitor")
    whole = c["event"].map(t.events.set_index("event_id")["places"])  # of an event at one place
    c = c.assign(party=party, who=c["claimant"].map(short_names(t.actors)),
                 place=c["place"].fillna(whole))  # fmt: skip
    dead = (c["metric"] == "killed") & (c["victims"] != "civilians") & (party != "press")
    c = c[c["metric"].isin(_HIT) | (dead & (c["event"] == campaign.BAGHDAD))]
    c = c.merge(points, left_on=["event", "place"], right_on=["event_id", "place_id"])
    demand(c, "claim on what was hit where")
    c = c.assign(
        cell=[_cell(row) for row in c.itertuples(index=False)], row=c["name"],
        column=c["party"].map(_PARTIES), colour=c["party"].map(style.SIDE_COLOURS),
    ).sort_values(["event", "lat"], ascending=[True, False], kind="stable")  # fmt: skip
    return c.groupby(["row", "town", "column", "colour"], sort=False).agg(
        text=("cell", lambda cells: "; ".join(dict.fromkeys(filter(None, cells))) or "named"),
        source=("source", lambda ids: ";".join(dict.fromkeys(ids))),
    ).reset_index()  # fmt: skip


@chart_function(*campaign.STRIKES, campaign.TOWER_22, "tower-22")
def places_struck(t: Tables) -> Chart:
    """Draw a map of the places struck on 3 and 7 February, and who named each."""
    points = demand(_points(t), "place with a point")
    cells = _named(t, points)
    pentagon = cells.loc[cells["column"] == _PARTIES["us"], "town"]
    towns = points.drop_duplicates("town").assign(side="us")
    towns["hollow"] = ~towns["town"].isin(pentagon)
    towns["diamond"] = towns["event_id"] == campaign.BAGHDAD
    tower: Any = t.events.set_index("event_id").loc[campaign.TOWER_22]
    words = Words(
        "places-struck",
        named=len(set(pentagon) - set(towns.loc[towns["diamond"], "town"])),
        others=join(towns.loc[towns["hollow"], "town"]),
        days=[campaign.start_of(t, strike) for strike in campaign.STRIKES],
        attack=tower["start"],
    )
    base = t.places[t.places["place_id"] == tower["places"]].assign(
        side="iran_aligned", hollow=False, diamond=False, name=words["base"]
    )
    marks = pd.concat([towns, base])

    def picture(cells: pd.DataFrame, width: float, unit: str) -> Picture:
        table = grid(cells, width, columns=list(_PARTIES.values()), unit=words["named_by"])
        return stacked(point_map(marks, width, unit=unit), table)

    sources = cells["source"].str.split(";").explode()
    return Chart.of(words, cells, picture, source_ids=sources)
