"""Tables of the timeline page: milestones and measures, aircraft of the strikes, distances."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from strikes2024.frames import each
from strikes2024.report.pages import html_table, measured, small, source_link
from strikes2024.report.record import actor_names, row_index, tables
from strikes2024.wording import capital, day, month, spell

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx

    from strikes2024.tables import Tables

__all__ = ["TABLES", "setup", "when"]

_Row = tuple[str, list[str]]
_Table = tuple[str, tuple[str, ...], list[_Row]]

_US_STRIKES = ("us_strike", "assassination")
_AIRCRAFT = ("aircraft", "bombers")
_LENGTHS = ("km", "miles")


def when(date: pd.Timestamp, precision: str) -> str:
    """Write a date as precisely as it is known: ``2018``, ``December 2017``, ``about 3 May``."""
    if precision == "year":
        return f"{date.year}"
    if precision == "month":
        return month(date)
    return ("about " if precision == "approx" else "") + day(date)


def _sources(row: Any) -> str:
    others = [] if pd.isna(row.also_in) else str(row.also_in).split(";")
    note = "" if pd.isna(row.note) else str(row.note)
    return ", ".join(source_link(s) for s in [row.source, *others]) + small(note)


def _timeline(t: Tables) -> _Table:
    names = actor_names()
    dated: list[tuple[pd.Timestamp, _Row]] = []
    for row in each(t.milestones):
        cells = [
            escape(row.title) + small(when(row.date, str(row.date_precision))),
            escape(row.summary),
            _sources(row),
        ]
        dated.append((row.date, (f"milestone-{row.milestone_id}", cells)))
    for row in each(t.measures):
        target = "" if pd.isna(row.target) else names.get(row.target, str(row.target))
        title = f"{names[row.actor]}: {spell(str(row.kind))}"
        cells = [
            escape(title) + small(day(row.date)),
            escape("" if pd.isna(row.detail) else row.detail) + small(target),
            _sources(row),
        ]
        dated.append((row.date, (f"measure-{row.measure_id}", cells)))
    rows = [row for _, row in sorted(dated, key=lambda pair: pair[0])]
    return "Milestones and measures", ("What, when", "In short", "Publications, remarks"), rows


def _figure(row: Any) -> str:
    text = measured(row.low, row.high, str(row.qualifier), str(row.unit))
    link = f'<a href="ledger.html#claim-{escape(row.claim_id)}">{escape(text)}</a>'
    return f"{link} ({escape(actor_names()[row.claimant])})"


def _aircraft(t: Tables) -> _Table:
    claims = t.claims[t.claims["metric"].isin(_AIRCRAFT) & (t.claims["status"] == "stands")]
    strikes = t.events[t.events["kind"].isin(_US_STRIKES)]
    shown = strikes["weapon_detail"].notna() | strikes["event_id"].isin(claims["event"])
    rows = []
    for event in each(strikes[shown].sort_values("start")):
        own = claims[(claims["event"] == event.event_id).fillna(False)]
        figures = [f"{capital(spell(str(row.metric)))}: {_figure(row)}" for row in each(own)]
        link = f'<a href="events.html#event-{escape(event.event_id)}">{escape(event.title)}</a>'
        cells = [
            link + small(day(event.start)),
            escape("" if pd.isna(event.weapon_detail) else capital(event.weapon_detail)),
            "<br>".join(figures) or "no number seen",
        ]
        rows.append((f"aircraft-{event.event_id}", cells))
    return "Aircraft of the US strikes", ("Strike", "Aircraft, weapons", "How many, by whom"), rows


def _about(row: Any) -> str:
    if pd.notna(row.event):
        return str(row_index("events").loc[row.event, "title"])
    return str(row_index("places").loc[row.place, "name"]) if pd.notna(row.place) else ""


def _distances(t: Tables) -> _Table:
    claims = t.claims[t.claims["unit"].isin(_LENGTHS)]
    rows = []
    for row in each(claims.sort_values(["metric", "claim_id"])):
        cells = [
            escape(f"{_about(row)}: {spell(str(row.metric))}"),
            _figure(row),
            source_link(row.source) + small("" if pd.isna(row.note) else str(row.note)),
        ]
        rows.append((f"distance-{row.claim_id}", cells))
    return "Distances and ranges", ("Of what", "Figure, by whom", "Publication, remarks"), rows


TABLES: dict[str, Callable[[Tables], _Table]] = {
    "timeline": _timeline,
    "aircraft": _aircraft,
    "distances": _distances,
}


class TimelineTable(SphinxDirective):
    """``{timeline-table} name``: one of :data:`TABLES`."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if name not in TABLES:
            raise self.error(f"no table {name!r}; expected one of {', '.join(TABLES)}")
        return [nodes.raw("", html_table(*TABLES[name](tables())), format="html")]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("timeline-table", TimelineTable)
