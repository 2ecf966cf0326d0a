"""Maps of the bases attacked: no network, no tiles, lines alone.

Outlines, rivers and capitals are Natural Earth's (see ``assets/NOTICE.md``); everything else is
in the table of places, which says how precise each point is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from strikes2024.campaign import CAMPAIGN, FEBRUARY, campaign_attacks
from strikes2024.charts.chart import Chart, chart_function, demand
from strikes2024.charts.forms import point_map
from strikes2024.frames import each, find
from strikes2024.tables import explode
from strikes2024.wording import day, join, number

if TYPE_CHECKING:
    from strikes2024.tables import Tables

__all__ = ["places_before_after", "places_map", "short_place"]

WINDOW: Final = (35.6, 46.0, 31.4, 37.8)  # degrees: west, east, south, north
_LONG: Final = (" Air Base", " Garrison", " gas field", " oil field", " Patrol Base", " base")
_LINES: Final = "Outlines and rivers: Natural Earth; lines imply no view on any border."
_COLUMNS: Final = ["name", "country", "lat", "lon", "precision", "attacks"]


def short_place(name: str) -> str:
    """Return the name of a place as a map writes it."""
    short = name.split(" (")[0].split(" / ")[0]
    for word in _LONG:
        short = short.removesuffix(word)
    return short.replace("Ain al-Asad", "al-Asad").replace("Diplomatic Support Center", "airport")


def _counted(t: Tables) -> pd.DataFrame:
    """Each attack of the campaign at each of its places, with what is known of the place."""
    attacks = explode(campaign_attacks(t)[["event_id", "start", "places"]], "places")
    placed = attacks.rename(columns={"places": "place_id"}).dropna(subset=["place_id"])
    return demand(placed, "attack at a known place").merge(t.places, on="place_id")


def _by_place(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    keys = [*by, "place_id", "name", "country", "lat", "lon", "precision", "source"]
    found = rows.groupby(keys, dropna=False, observed=True)["event_id"].nunique()
    table = found.rename("attacks").reset_index()
    return table.sort_values(["attacks", "name"], ascending=[False, True], ignore_index=True)


def _drawn(table: pd.DataFrame, named: int) -> pd.DataFrame:
    """Return rows of :func:`point_map`; the first so many have their names."""
    there = demand(table[table["lat"].notna()], "attacked place with coordinates")
    keep = {*there["place_id"].iloc[:named], "tower-22"}
    names = [short_place(r.name) if r.place_id in keep else "" for r in each(there)]
    return there.assign(
        key=there["place_id"], name=names, value=there["attacks"], side="iran_aligned",
        full=there["name"],
    )  # fmt: skip


@chart_function(CAMPAIGN)
def places_map(t: Tables) -> Chart:
    """Map of the bases attacked, with the number of attacks in each circle."""
    table = _by_place(_counted(t), [])
    missing = table[table["lat"].isna()]
    first, second = table["name"].iloc[0], table["name"].iloc[1:3]
    return Chart(
        slug="map",
        title=f"{first} was attacked most often, {table['attacks'].iloc[0]} times, "
        f"before {join(short_place(n) for n in second)}",
        subtitle="Bases where attacks on US forces are dated and placed, since "
        f"{day(find(t.events, CAMPAIGN).start)}; the number in a circle counts attacks",
        frame=table[[*_COLUMNS, "source"]],
        labels={"attacks": "Dated attacks"},
        source_ids=table["source"],
        note=f"{number(len(missing))} places have no published coordinates and are in the table "
        f"only: {join(missing['name'])}. {_LINES}",
        picture=lambda width: point_map(
            _drawn(table, 12 if width > 5 else 7), width, window=WINDOW, towns=("Baghdad",),
            scale_km=100,
        ),
    )  # fmt: skip


@chart_function(CAMPAIGN, FEBRUARY)
def places_before_after(t: Tables) -> Chart:
    """Two maps: where attacks were before the strikes of February, and where after."""
    strikes = find(t.events, FEBRUARY).start
    rows = _counted(t)
    late = rows["start"] >= strikes
    spans = {"Before the strikes": rows[~late], "From the strikes on": rows[late]}
    rows = rows.assign(panel=late.map({False: "Before the strikes", True: "From the strikes on"}))
    table = _by_place(rows, ["panel"])
    counts = {
        name: {c: part.loc[part["country"] == c, "event_id"].nunique() for c in ("Iraq", "Syria")}
        for name, part in spans.items()
    }
    before, after = counts.values()

    def drawn(width: float) -> pd.DataFrame:
        named = 6 if width > 5 else 4
        parts = [
            _drawn(table[table["panel"] == name], named).assign(
                panel=f"{name}: {part['event_id'].nunique()}"
            )
            for name, part in spans.items()
        ]
        return pd.concat(parts)

    return Chart(
        slug="map-before-after",
        title=f"Dated attacks before the strikes: {before['Iraq']} in Iraq, {before['Syria']} in "
        f"Syria; from the strikes on: {after['Iraq']} and {after['Syria']}",
        subtitle=f"Attacks on US forces that can be dated and placed, before and from "
        f"{day(strikes)}; the number in a circle counts attacks",
        frame=table[["panel", *_COLUMNS]],
        labels={"panel": "When", "attacks": "Dated attacks"},
        source_ids=table["source"],
        note="An attack on two bases counts at both; places without published coordinates are in "
        f"the table only. The record holds fewer attacks than the totals count. {_LINES}",
        picture=lambda width: point_map(drawn(width), width, window=WINDOW),
    )
