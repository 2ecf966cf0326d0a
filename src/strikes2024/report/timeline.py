"""Tables of the timeline page: milestones and measures, aircraft of the strikes, distances."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from strikes2024.report.markup import Row, link, listed, optional, stack
from strikes2024.report.rows import measured, readings, sentences
from strikes2024.report.table import Table, make_table, names, publications
from strikes2024.tables import Tables
from strikes2024.wording import capital, day, month, spell

_US_STRIKES = ("us_strike", "assassination")
_AIRCRAFT = ("aircraft", "bombers")
_LENGTHS = ("km", "miles")


def when(date: pd.Timestamp, precision: str) -> str:
    """Write a date as precisely as it is known: ``2018``, ``December 2017``, ``about 3 May``.

    Parameters
    ----------
    date
        A day of the span.
    precision
        ``day``, ``approx``, ``month`` or ``year``.
    """
    if precision == "year":
        return f"{date.year}"
    if precision == "month":
        return month(date)
    return ("about " if precision == "approx" else "") + day(date)


def milestones(t: Tables) -> Table:
    """Milestones, and measures of governments and groups, in order of time."""
    actors = names(t)
    dated: list[tuple[pd.Timestamp, Row]] = []
    read = readings(t.audit, "milestones")
    row: Any
    for row in t.milestones.itertuples(index=False):
        cells = [
            stack(row.title, when(row.date, str(row.date_precision))),
            row.summary,
            _sources(t, row, read.get(str(row.milestone_id), "")),
        ]
        dated.append((row.date, Row(f"milestone-{row.milestone_id}", cells)))
    read = readings(t.audit, "measures")
    for row in t.measures.itertuples(index=False):
        target = "" if pd.isna(row.target) else actors.get(row.target, str(row.target))
        cells = [
            stack(f"{actors[row.actor]}: {spell(str(row.kind))}", day(row.date)),
            stack(optional(row.detail), target),
            _sources(t, row, read.get(str(row.measure_id), "")),
        ]
        dated.append((row.date, Row(f"measure-{row.measure_id}", cells)))
    rows = [row for _, row in sorted(dated, key=lambda pair: pair[0])]
    columns = {"measure_id": "id", "milestone_id": "id", "detail": "text", "summary": "text"}
    frame = pd.concat([t.milestones.rename(columns=columns), t.measures.rename(columns=columns)])
    shown = frame[["id", "date", "text", "source"]].sort_values("date", kind="stable")
    return make_table(t, "timeline", rows, shown)


def _sources(t: Tables, row: Any, reading: str) -> Markup:
    found = publications(t, [row.source, *listed(row.also_in)])
    return stack(found, sentences(optional(row.note), reading))


def _figure(row: Any, actors: dict[str, str]) -> Markup:
    text = measured(row.low, row.high, str(row.qualifier), str(row.unit))
    return link(f"ledger.html#claim-{row.claim_id}", text) + f" ({actors[row.claimant]})"


def aircraft(t: Tables) -> Table:
    """Aircraft and weapons of each US strike, and how many, as publications name them."""
    actors = names(t)
    claims = t.claims[t.claims["metric"].isin(_AIRCRAFT) & (t.claims["status"] == "stands")]
    strikes = t.events[t.events["kind"].isin(_US_STRIKES)]
    shown = strikes["weapon_detail"].notna() | strikes["event_id"].isin(claims["event"])
    frame = strikes.loc[shown, ["event_id", "title", "start", "weapon_detail"]].sort_values("start")

    def row(event: Any) -> Row:
        own = claims[(claims["event"] == event.event_id).fillna(False)]
        figures = [
            escape(f"{capital(spell(str(claim.metric)))}: ") + _figure(claim, actors)
            for claim in own.itertuples(index=False)
        ]
        cells = [
            stack(link(f"events.html#event-{event.event_id}", event.title), day(event.start)),
            capital(optional(event.weapon_detail)),
            Markup("<br>\n").join(figures) or "no number found",
        ]
        return Row(f"aircraft-{event.event_id}", cells)

    ids = strikes.loc[shown, "sources"].str.split(";").explode()
    used = [*claims.loc[claims["event"].isin(frame["event_id"]), "source"], *ids]
    return make_table(t, "aircraft", row, frame, used)


def distances(t: Tables) -> Table:
    """Lengths that somebody gave, each in the unit in which it was given."""
    actors = names(t)
    about = dict(zip(t.events["event_id"], t.events["title"], strict=True))
    about |= dict(zip(t.places["place_id"], t.places["name"], strict=True))
    columns = ["claim_id", "event", "place", "metric", "qualifier", "low", "high", "unit",
               "claimant", "source", "note"]  # fmt: skip
    frame = t.claims.loc[t.claims["unit"].isin(_LENGTHS), columns]
    frame = frame.sort_values(["metric", "claim_id"])

    def shown(row: Any) -> Row:
        what = about.get(row.event if pd.notna(row.event) else row.place, "")
        cells = [
            f"{what}: {spell(str(row.metric))}",
            _figure(row, actors),
            stack(publications(t, [row.source]), optional(row.note)),
        ]
        return Row(f"distance-{row.claim_id}", cells)

    return make_table(t, "distances", shown, frame)


TABLES: dict[str, Callable[[Tables], Table]] = {
    made.__name__: made for made in (milestones, aircraft, distances)
}
