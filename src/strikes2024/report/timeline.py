"""Tables of the timeline page: milestones and measures, aircraft of the strikes, distances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd
from markupsafe import Markup, escape
from sphinx.util.docutils import SphinxDirective

from strikes2024.frames import each
from strikes2024.report.markup import Row, joined, link, optional, stack, table
from strikes2024.report.pages import measured, raw, remarks, source_link
from strikes2024.report.record import actor_names, row_index, tables
from strikes2024.wording import capital, day, month, spell

if TYPE_CHECKING:
    from collections.abc import Callable

    from docutils import nodes
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


def _sources(table: str, key: str, row: Any) -> Markup:
    others = [] if pd.isna(row.also_in) else str(row.also_in).split(";")
    notes = remarks(table, key, optional(row.note))
    return stack(joined(source_link(s) for s in [row.source, *others]), notes)


def _timeline(t: Tables) -> _Table:
    names = actor_names()
    dated: list[tuple[pd.Timestamp, _Row]] = []
    for row in each(t.milestones):
        cells = [
            stack(row.title, when(row.date, str(row.date_precision))),
            row.summary,
            _sources("milestones", str(row.milestone_id), row),
        ]
        dated.append((row.date, (f"milestone-{row.milestone_id}", cells)))
    for row in each(t.measures):
        target = "" if pd.isna(row.target) else names.get(row.target, str(row.target))
        title = f"{names[row.actor]}: {spell(str(row.kind))}"
        cells = [
            stack(title, day(row.date)),
            stack(optional(row.detail), target),
            _sources("measures", str(row.measure_id), row),
        ]
        dated.append((row.date, (f"measure-{row.measure_id}", cells)))
    rows = [row for _, row in sorted(dated, key=lambda pair: pair[0])]
    return "Milestones and measures", ("What, when", "In short", "Publications, remarks"), rows


def _figure(row: Any) -> Markup:
    text = measured(row.low, row.high, str(row.qualifier), str(row.unit))
    figure = link(f"ledger.html#claim-{row.claim_id}", text)
    return figure + f" ({actor_names()[row.claimant]})"


def _aircraft(t: Tables) -> _Table:
    claims = t.claims[t.claims["metric"].isin(_AIRCRAFT) & (t.claims["status"] == "stands")]
    strikes = t.events[t.events["kind"].isin(_US_STRIKES)]
    shown = strikes["weapon_detail"].notna() | strikes["event_id"].isin(claims["event"])
    rows = []
    for event in each(strikes[shown].sort_values("start")):
        own = claims[(claims["event"] == event.event_id).fillna(False)]
        figures = [
            escape(f"{capital(spell(str(row.metric)))}: ") + _figure(row) for row in each(own)
        ]
        cells = [
            stack(link(f"events.html#event-{event.event_id}", event.title), day(event.start)),
            capital(optional(event.weapon_detail)),
            Markup("<br>\n").join(figures) or "no number found",
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
            f"{_about(row)}: {spell(str(row.metric))}",
            _figure(row),
            stack(source_link(row.source), optional(row.note)),
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
        caption, heads, rows = TABLES[name](tables())
        return [raw(table(caption, heads, [Row(anchor, cells) for anchor, cells in rows]))]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("timeline-table", TimelineTable)
