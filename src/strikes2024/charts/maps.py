"""Maps of the bases attacked: no network, no tiles, lines alone.

Outlines, rivers and capitals are Natural Earth's (see ``assets/NOTICE.md``); everything else is
in the table of places, which says how precise each point is.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from strikes2024.campaign import CAMPAIGN, FEBRUARY, campaign_attacks, campaign_start, start_of
from strikes2024.charts.chart import Chart, chart_function, demand
from strikes2024.charts.forms import point_map
from strikes2024.tables import Tables, explode
from strikes2024.wording import day, period

__all__ = ["places_before_after", "short_place"]

_LONG: Final = (" Air Base", " Garrison", " gas field", " oil field", " Patrol Base", " base")
_LINES: Final = "Outlines and rivers: Natural Earth; the lines imply no position on any border."
_COLUMNS: Final = ["name", "country", "lat", "lon", "precision", "attacks"]


def short_place(name: str) -> str:
    """Return the name of a place as a map writes it."""
    short = name.split(" (")[0].split(" / ")[0]
    for word in _LONG:
        short = short.removesuffix(word)
    for long, brief in (("Ain al-", "al-"), ("Diplomatic Support Center", "airport"),
                        ("US Embassy Baghdad", "Baghdad embassy")):  # fmt: skip
        short = short.replace(long, brief)
    return short


def _counted(t: Tables) -> pd.DataFrame:
    """Each attack of the campaign at each of its places, with what is known of the place."""
    attacks = explode(campaign_attacks(t)[["event_id", "start", "places"]], "places")
    placed = attacks.rename(columns={"places": "place_id"}).dropna(subset=["place_id"])
    return demand(placed, "attack at a known place").merge(t.places, on="place_id")


@chart_function(CAMPAIGN, FEBRUARY)
def places_before_after(t: Tables) -> Chart:
    """Two maps: where attacks were before the strikes of February, and where after."""
    begin, strikes = campaign_start(t), start_of(t, FEBRUARY)
    rows = _counted(t)
    late = rows["start"] >= strikes
    eve, end = strikes - pd.Timedelta(days=1), rows["start"].max()
    spans = {
        f"{(eve - begin).days + 1} days before": rows[~late],
        f"{(end - strikes).days + 1} days from then on": rows[late],
    }
    counts = [part.groupby("country", observed=True)["event_id"].nunique()
              for part in spans.values()]  # fmt: skip
    before, after = ({c: int(n.get(c, 0)) for c in ("Iraq", "Syria")} for n in counts)
    panels = [
        f"{name}: " + ", ".join(f"{n} in {c}" for c, n in by.sort_values(ascending=False).items())
        for name, by in zip(spans, counts, strict=True)
    ]
    rows = rows.assign(panel=late.map(dict(zip((False, True), panels, strict=True))))
    keys = ["panel", "place_id", *_COLUMNS[:-1], "source"]
    found = rows.groupby(keys, dropna=False, observed=True)["event_id"].nunique()
    table = found.rename("attacks").reset_index()
    table = table.sort_values(["attacks", "name"], ascending=[False, True], ignore_index=True)
    drawn = demand(table[table["lat"].notna()], "attacked place with coordinates").assign(
        name=lambda there: there["name"].map(short_place), value=lambda there: there["attacks"],
        side="iran_aligned",
    ).sort_values("panel", key=lambda p: p != panels[0], kind="stable")  # fmt: skip
    absent = table.loc[table["lat"].isna(), "attacks"].sum()
    return Chart(
        slug="map-before-after",
        title=f"Dated attacks: {before['Iraq']} in Iraq and {before['Syria']} in Syria before the "
        f"US strikes of {day(strikes)}, {after['Iraq']} and {after['Syria']} after",
        subtitle=f"Attacks on US forces that can be dated, by base, {period(begin, end)}",
        frame=table[["panel", *_COLUMNS]],
        labels={"panel": "When", "attacks": "Dated attacks"},
        source_ids=table["source"],
        note="An attack on two bases counts at both; places without published coordinates are in "
        f"the table only. Some attacks that the Pentagon counted are missing here. {_LINES}",
        picture=lambda width: point_map(
            drawn, width, unit="Dated attacks on US forces by base, before the strikes of "
            f"{day(strikes)} and after; not drawn: {absent} at bases without coordinates",
        ),
    )  # fmt: skip
