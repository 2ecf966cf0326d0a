"""Maps of the bases attacked: no network, no tiles, lines alone.

Outlines, rivers and capitals are Natural Earth's (see ``assets/NOTICE.md``); everything else is
in the table of places, which says how precise each point is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from strikes2024.campaign import CAMPAIGN, FEBRUARY, campaign_attacks, campaign_start, start_of
from strikes2024.charts.chart import Chart, chart_function, demand
from strikes2024.charts.forms import point_map
from strikes2024.tables import explode
from strikes2024.wording import day, join, number, period

if TYPE_CHECKING:
    from strikes2024.tables import Tables

__all__ = ["places_before_after", "places_map", "short_place"]

_LONG: Final = (" Air Base", " Garrison", " gas field", " oil field", " Patrol Base", " base")
_LINES: Final = "Outlines and rivers: Natural Earth; the lines imply no position on any border."
_COLUMNS: Final = ["name", "country", "lat", "lon", "precision", "attacks"]


def short_place(name: str) -> str:
    """Return the name of a place as a map writes it."""
    short = name.split(" (")[0].split(" / ")[0]
    for word in _LONG:
        short = short.removesuffix(word)
    for long, brief in (("Ain al-", "al-"), ("Diplomatic Support Center", "airport"),
                        ("US Embassy Baghdad", "embassy")):  # fmt: skip
        short = short.replace(long, brief)
    return short


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


def _drawn(table: pd.DataFrame, first: int | None = None) -> pd.DataFrame:
    """Return rows of :func:`point_map`, so many of the first ones set off."""
    there = demand(table[table["lat"].notna()], "attacked place with coordinates")
    strong = [first is not None and i < first for i in range(len(there))]
    return there.assign(
        name=there["name"].map(short_place), value=there["attacks"], strong=strong,
        side=["iran_aligned" if top or first is None else "press" for top in strong],
    )  # fmt: skip


@chart_function(CAMPAIGN)
def places_map(t: Tables) -> Chart:
    """Map of the bases attacked, with the number of attacks on each."""
    rows = _counted(t)
    table = _by_place(rows, [])
    missing = table[table["lat"].isna()]
    first, second = table["name"].iloc[0], table["name"].iloc[1:3]
    since, until = campaign_start(t), rows["start"].max()
    return Chart(
        slug="map",
        title=f"{first} was attacked most often, {table['attacks'].iloc[0]} times, "
        f"ahead of {join(short_place(n) for n in second)}",
        subtitle="Bases where attacks on US forces are dated and placed, "
        f"{period(since, until)}; the number beside a circle counts attacks",
        frame=table[[*_COLUMNS, "source"]],
        labels={"attacks": "Dated attacks"},
        source_ids=table["source"],
        note=f"{number(len(missing))} places have no published coordinates and are in the table "
        f"only: {join(missing['name'])}. {_LINES}",
        picture=lambda width: point_map(
            _drawn(table, 3), width, unit=f"Dated attacks on US forces, {period(since, until)}"
        ),
    )


@chart_function(CAMPAIGN, FEBRUARY)
def places_before_after(t: Tables) -> Chart:
    """Two maps: where attacks were before the strikes of February, and where after."""
    begin, strikes = campaign_start(t), start_of(t, FEBRUARY)
    rows = _counted(t)
    late = rows["start"] >= strikes
    eve, end = strikes - pd.Timedelta(days=1), rows["start"].max()
    spans = {
        f"Before the strikes, {(eve - begin).days + 1} days": rows[~late],
        f"From the strikes on, {(end - strikes).days + 1} days": rows[late],
    }
    counts = [part.groupby("country", observed=True)["event_id"].nunique()
              for part in spans.values()]  # fmt: skip
    before, after = ({c: int(n.get(c, 0)) for c in ("Iraq", "Syria")} for n in counts)
    panels = [
        f"{name}: {join(f'{n} in {c}' for c, n in count.sort_values(ascending=False).items())}"
        for name, count in zip(spans, counts, strict=True)
    ]
    table = _by_place(rows.assign(panel=late.map(dict(zip((False, True), panels, strict=True)))),
                      ["panel"])  # fmt: skip
    drawn = pd.concat(_drawn(table[table["panel"] == panel]) for panel in panels)
    absent = table.loc[table["lat"].isna(), "attacks"].sum()
    return Chart(
        slug="map-before-after",
        title=f"Dated attacks: {before['Iraq']} in Iraq and {before['Syria']} in Syria before the "
        f"strikes, {after['Iraq']} and {after['Syria']} from then on",
        subtitle=f"Attacks on US forces that can be dated and placed, {period(begin, end)}, before "
        f"and from {day(strikes)}; the number beside a circle counts attacks",
        frame=table[["panel", *_COLUMNS]],
        labels={"panel": "When", "attacks": "Dated attacks"},
        source_ids=table["source"],
        note="An attack on two bases counts at both; places without published coordinates are in "
        f"the table only. The record holds fewer attacks than the totals count. {_LINES}",
        picture=lambda width: point_map(
            drawn, width, unit="Dated attacks on US forces; circles leave out "
            f"{absent} at bases without published coordinates",
        ),
    )  # fmt: skip
