"""Maps of the bases attacked and the places struck: no network, no tiles, lines alone.

Outlines, rivers and capitals are Natural Earth's (see ``assets/NOTICE.md``); everything else is
in the table of places, which says how precise each point is.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pandas as pd

from strikes2024.campaign import CAMPAIGN, STRIKES
from strikes2024.charts import style
from strikes2024.charts.chart import Chart, chart_function, cite
from strikes2024.frames import each, find
from strikes2024.tables import explode
from strikes2024.wording import day, month, shorten

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from strikes2024.tables import Tables

__all__ = ["attacks_by_place_and_month", "places_map"]

_WINDOW = (35.4, 46.2, 30.9, 37.6)  # degrees: west, east, south, north
_COUNTRIES = {"Iraq": (43.2, 32.4), "Syria": (38.2, 35.85), "Jordan": (36.9, 31.1)}
_KINDS = {
    "us_base": ("o", "base"),
    "embassy": ("s", "embassy"),
    "town": ("X", "town"),
    "district": ("P", "district"),
    "militia_site": ("D", "site of a group"),
}
# Nudges (degrees east, degrees north, alignment) that keep labels from covering each other.
_LABEL_PLACE = {
    "al-tanf": (0.16, 0.12, "left"),
    "tower-22": (0.12, -0.18, "left"),
    "conoco": (0.16, 0.14, "left"),
    "deir-ez-zor": (-0.14, 0.06, "right"),
    "al-omar": (0.16, 0.04, "left"),
    "mayadin": (-0.12, -0.1, "right"),
    "abu-kamal": (-0.12, 0.0, "right"),
    "al-qaim": (0.14, -0.06, "left"),
    "rumaylan": (0.14, 0.05, "left"),
    "al-malikiyah": (0.14, 0.16, "left"),
    "mashtal": (0.14, 0.12, "left"),
    "us-embassy-baghdad": (0.14, -0.06, "left"),
    "bdsc-victoria": (-0.14, -0.06, "right"),
    "al-harir": (0.14, 0.1, "left"),
    "taji": (-0.14, 0.1, "right"),
}
_LONG_WORDS = (" Air Base", " Garrison", " gas field", " oil field", " Patrol Base")


@cache
def _geography() -> tuple[dict[str, Any], dict[str, Any]]:
    """Outlines by country; rivers and towns. Points are (degrees east, degrees north)."""
    folder = files("strikes2024.charts") / "assets"
    borders: dict[str, Any] = json.loads((folder / "borders.json").read_text("utf-8"))
    rest: dict[str, Any] = json.loads((folder / "geography.json").read_text("utf-8"))
    return borders, rest


def _simplified(line: list[list[float]], least: float) -> Any:
    """Return the points of a line without those that bend it by less than so many degrees."""
    from matplotlib.path import Path

    path: Any = Path(line)
    path.should_simplify, path.simplify_threshold = True, least
    return path.cleaned(simplify=True).vertices[:-1]  # the last one only marks the end


def _ground(axis: Any, *, names: bool) -> None:
    """Draw countries, rivers and capitals; coarser on a small map, which has no names."""
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    least = 0.01 if names else 0.05  # what a screen still shows

    borders, rest = _geography()
    for country, rings in borders.items():
        own = country in _COUNTRIES
        ground = PathCollection(
            [Path(_simplified(ring, least)) for ring in rings],
            facecolor=style.GRID if own else "none",
            alpha=0.55 if own else None,
            edgecolor=style.MUTED,
            linewidth=0.7,
        )
        axis.add_collection(ground, autolim=False)  # the window is set below
    for river in rest["rivers"]:
        east, north = _simplified(river, least).T
        axis.plot(east, north, color=style.SIDE_COLOURS["us_partner"], linewidth=0.9, alpha=0.55)
    if names:
        for country, (x, y) in _COUNTRIES.items():
            axis.text(x, y, country.upper(), color=style.MUTED, fontsize=9, ha="center")
        for town, (x, y) in rest["towns"].items():
            axis.plot(x, y, "s", color=style.MUTED, markersize=3)
            below = 0.44 if town == "Baghdad" else 0.22  # clear of the places in the city
            axis.text(x + 0.1, y - below, town, color=style.MUTED, fontsize=7.5, style="italic")
    axis.set_xlim(*_WINDOW[:2])
    axis.set_ylim(*_WINDOW[2:])
    axis.set_aspect(1.2)  # a degree of longitude is shorter than one of latitude at 34° north
    axis.set_axis_off()


def _circle(axis: Any, row: Any, area: float = 9) -> None:
    """Mark a place attacked; the area grows with the number, a dashed rim is an inexact point."""
    exact = str(row.precision) == "exact"
    axis.scatter(
        row.lon,
        row.lat,
        s=area * (1 + row.attacks),
        facecolor=style.SIDE_COLOURS["iran_aligned"] + "80",
        edgecolor=style.SIDE_COLOURS["iran_aligned"],
        linewidth=1.1,
        linestyle="-" if exact else (0, (2, 1.5)),
        marker="s" if row.kind == "embassy" else "o",
        zorder=3,
    )


def _label(row: Any) -> str:
    name = str(row.name).split(" (")[0].split(" / ")[0].replace(" district, Baghdad", ", Baghdad")
    for word in _LONG_WORDS:
        name = name.replace(word, "")
    return shorten(name, 34)


def _since(t: Tables) -> pd.DataFrame:
    """Each attack of the campaign at each of its places: ``event_id``, ``start``, ``place``."""
    begin = find(t.events, CAMPAIGN).start
    attacks = t.events[(t.events["kind"] == "attack_on_us_forces") & (t.events["start"] >= begin)]
    placed = explode(attacks[["event_id", "start", "places"]], "places")
    return placed.rename(columns={"places": "place"}).dropna(subset=["place"])


@chart_function(CAMPAIGN)
def places_map(t: Tables) -> Chart:
    """Map of the bases attacked and the places struck, with the precision of each point."""
    counts = _since(t)["place"].value_counts()
    february = t.events[t.events["event_id"].isin(STRIKES)]
    struck = set(explode(february, "places")["places"].dropna())
    places = t.places.assign(
        attacks=t.places["place_id"].map(counts).fillna(0).astype(int),
        struck=t.places["place_id"].isin(struck),
    )
    wanted = places[(places["attacks"] > 0) | places["struck"]]
    drawn = wanted[wanted["lat"].notna()].sort_values("attacks", ascending=False)
    missing = wanted[wanted["lat"].isna()]
    columns = ["name", "kind", "country", "admin1", "lat", "lon", "precision", "attacks", "struck"]
    frame = wanted[[*columns, "source"]].sort_values(["attacks", "name"], ascending=[False, True])

    def draw(width: float) -> Figure:
        from matplotlib.figure import Figure

        narrow = width < 5
        figure = Figure(figsize=(width, width * (0.78 if narrow else 0.72)), layout="constrained")
        axis: Any = figure.subplots()
        _ground(axis, names=True)
        # A halo would turn each letter into an outline, and the page twice as heavy.
        ground = {"facecolor": style.GROUND, "alpha": 0.6, "linewidth": 0, "pad": 0.5}
        for row in each(drawn):
            if row.attacks:
                _circle(axis, row)
            if row.struck:
                mark = _KINDS[str(row.kind)][0]
                axis.scatter(
                    row.lon,
                    row.lat,
                    marker=mark,
                    s=62,
                    facecolor=style.SIDE_COLOURS["us"],
                    edgecolor=style.GROUND,
                    linewidth=0.7,
                    zorder=4,
                )
            if narrow and not row.struck and row.attacks < 8 and row.place_id != "tower-22":
                continue
            dx, dy, align = _LABEL_PLACE.get(str(row.place_id), (0.13, 0.0, "left"))
            axis.text(
                row.lon + dx,
                row.lat + dy,
                _label(row),
                fontsize=7.5 if narrow else 8.5,
                va="center",
                ha=align,
                bbox=ground,
                zorder=5,
            )
        return figure

    top = drawn.iloc[0]
    kinds = [
        _KINDS[str(k)][1] for k in drawn.loc[drawn["struck"], "kind"].astype("string").unique()
    ]
    return Chart(
        slug="map",
        title=f"{top['name']} was attacked most often in this record ({top['attacks']} times); "
        f"{int(wanted['struck'].sum())} places are named for the strikes of February",
        subtitle=f"Circles (square: embassy): dated attacks on US forces since "
        f"{day(find(t.events, CAMPAIGN).start)}, area by number, dashed where the point is not "
        f"exact; blue marks: places struck on 3 and 7 February 2024 ({', '.join(kinds)})",
        alt="Map of Iraq, Syria and Jordan with the Euphrates and the Tigris. "
        + "; ".join(
            f"{r.name} ({r.country}): {r.attacks} attacks"
            f"{', struck in February' if r.struck else ''}"
            for r in each(drawn)
        )
        + ".",
        frame=frame.reset_index(drop=True),
        labels={
            "name": "Place",
            "kind": "Kind",
            "country": "Country",
            "admin1": "Governorate",
            "lat": "Latitude",
            "lon": "Longitude",
            "precision": "Precision",
            "attacks": "Dated attacks",
            "struck": "Struck in February",
            "source": "Source",
        },
        sources=cite(t.sources, drawn["source"]),
        note=f"{len(missing)} of the {len(wanted)} places have no published coordinates and are in "
        "the table only: " + "; ".join(missing["name"]) + ". “Town” precision means the town, not "
        "the base. Outlines, rivers and capitals: Natural Earth (public domain); lines imply no "
        "view on any border.",
        draw=draw,
    )


@chart_function(CAMPAIGN)
def attacks_by_place_and_month(t: Tables) -> Chart:
    """Small maps, one a month: where the dated attacks of the campaign were."""
    attacks = _since(t)
    attacks = attacks.assign(month=attacks["start"].dt.to_period("M").dt.to_timestamp())
    months = sorted(attacks["month"].unique())[:6]
    counts = (
        attacks[attacks["month"].isin(months)]
        .groupby(["month", "place"], observed=True)["event_id"]
        .nunique()
        .rename("attacks")
        .reset_index()
    )
    frame = counts.merge(t.places, left_on="place", right_on="place_id")
    drawn = frame[frame["lat"].notna()].sort_values("attacks", ascending=False)
    unplaced = int(frame.loc[frame["lat"].isna(), "attacks"].sum())

    def draw(width: float) -> Figure:
        from matplotlib.figure import Figure

        across = 3 if width > 5 else 2
        down = -(-len(months) // across)
        figure = Figure(
            figsize=(width, down * width / across * 0.86),
            layout="constrained",
        )
        for axis, when in zip(
            figure.subplots(down, across, squeeze=False).flat, months, strict=False
        ):
            _ground(axis, names=False)
            here = drawn[drawn["month"] == when]
            for row in each(here):
                _circle(axis, row, 11)
            axis.set_title(f"{month(when)}: {here['attacks'].sum()}", fontsize=9)
        return figure

    total = drawn.groupby("month")["attacks"].sum()
    iraq = drawn.loc[drawn["country"] == "Iraq", "month"].max()
    return Chart(
        slug="map-months",
        title=f"{month(months[0])} to {month(months[-1])}: most of the attacks that can be placed "
        f"were in {month(pd.Timestamp(str(total.idxmax())))}, and none in Iraq after {month(iraq)}",
        subtitle="Dated attacks on US forces by month and place; area by number, dashed where the "
        "point is not exact. The number beside each month counts what is drawn",
        alt="Small maps of Iraq, Syria and Jordan. "
        + "; ".join(
            f"{month(when)}: "
            + ", ".join(f"{r.name} {r.attacks}" for r in each(drawn[drawn["month"] == when]))
            for when in months
        )
        + ".",
        frame=frame[["month", "name", "country", "lat", "lon", "precision", "attacks"]]
        .sort_values(["month", "attacks", "name"], ascending=[True, False, True])
        .reset_index(drop=True),
        labels={
            "month": "Month",
            "name": "Place",
            "country": "Country",
            "lat": "Latitude",
            "lon": "Longitude",
            "precision": "Precision",
            "attacks": "Dated attacks",
        },
        sources=cite(t.sources, drawn["source"]),
        note=f"An attack on two bases counts at both. {unplaced} attacks at places without "
        "published coordinates are in the table only. The record holds fewer attacks than the "
        "totals count. Outlines and rivers: Natural Earth (public domain); lines imply no view on "
        "any border.",
        draw=draw,
    )
