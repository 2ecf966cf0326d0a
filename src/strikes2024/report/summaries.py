"""``{summary} name``: a table computed from the record, set for screen, phone and paper.

Every table has a caption, a heading for each row, and leads to the page of the record that holds
its parts.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from strikes2024.analysis import (
    RULES,
    audit_faults,
    audit_summary,
    contradictions,
    date_precision,
    delay_by_side,
    ladders,
    phase_ratios,
    single_source,
)
from strikes2024.campaign import (
    WINTER,
    campaign_checks,
    campaign_rates,
    country_rates,
    headline_sensitivity,
    parts_of_total,
)
from strikes2024.charts.record import KINDS
from strikes2024.charts.style import SIDE_NAMES
from strikes2024.frames import each
from strikes2024.report.figures import country_anchor
from strikes2024.report.pages import html_table, small
from strikes2024.report.record import actor_names, tables
from strikes2024.wording import capital, day, month, number, period, quantity, slug, span

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx

    from strikes2024.tables import Tables

__all__ = ["SUMMARIES", "setup", "summary"]

_Row = tuple[str, list[str]]
_Rows = tuple[str, tuple[str, ...], list[_Row]]


def _range(low: Any, high: Any) -> str:
    if pd.isna(low):
        return "no figure"
    return f"{number(float(low))} or more" if pd.isna(high) else span(float(low), float(high))


def _percent(share: float) -> str:
    return f"{share * 100:.0f}\u00a0%"


def _days(published: str) -> str:
    """Write the days of a published figure, such as ``2023-10-07/2023-12``, in words."""
    ends = published.split("/")
    if len(ends) == 2 and all(len(end) == 10 for end in ends):
        return period(pd.Timestamp(ends[0]), pd.Timestamp(ends[1]))
    write = {7: month, 10: day}
    return " to ".join(
        write[len(end)](pd.Timestamp(end)) if len(end) in write else end for end in ends
    )


def _crosschecks(t: Tables) -> _Rows:
    rows = []
    for row in each(campaign_checks(t)):
        what = f'<a href="{escape(row.url)}" rel="noreferrer">{escape(row.publisher)}</a>'
        cells = [
            what + small(f"{row.figure} ({_days(str(row.period))})"),
            escape(_range(row.theirs_low, row.theirs_high)) + small(str(row.unit)),
            escape(_range(row.ours_low, row.ours_high)) + small(str(row.verdict)),
            escape(row.how) + small(str(row.why)),
        ]
        rows.append((f"check-{row.check_id}", cells))
    heads = ("Publisher, figure, period", "Theirs", "Ours", "How computed, why they may differ")
    return "Figures of other trackers beside this record", heads, rows


def _sensitivity(t: Tables) -> _Rows:
    rows: list[_Row] = []
    for figure, part in headline_sensitivity(t).groupby("figure", sort=False):
        by_rule = {row.rule: row for row in each(part)}
        cells = [escape(str(figure))]
        for rule in RULES:
            found = by_rule[rule]
            more = " or more" if found.open_ended else ""
            claims = "1 claim" if found.claims == 1 else f"{found.claims} claims"
            best = f"best {number(found.best)}, {claims}"
            cells.append(escape(span(found.low, found.high) + more) + small(best))
        rows.append((f"sensitivity-{slug(str(figure))}", cells))
    heads = ("Figure", "Nearest claimants", "Independent claimants", "All claimants")
    return "Headline figures by three rules", heads, rows


def _phases(t: Tables) -> _Rows:
    rates = campaign_rates(t)
    ratios = phase_ratios(rates, WINTER).set_index("phase")
    rows: list[_Row] = []
    for row in each(rates):
        ratio = "1"
        if row.phase in ratios.index:
            low, high = ratios.loc[row.phase, "low"], ratios.loc[row.phase, "high"]
            ratio = f"{low:.2f}–{high:.2f}"
        cells = [
            escape(str(row.phase)) + small(period(row.start, row.end)),
            escape(_range(row.fewest, row.most)) + small(f"{row.dated} dated"),
            escape(f"{row.low:.2f}–{row.high:.2f}"),
            escape(ratio),
        ]
        rows.append((f"phase-{slug(str(row.phase))}", cells))
    heads = ("Phase", "Attacks", "Per day, 95 % interval", "Rate against “After the truce”")
    return "Attacks on US forces by phase, by the US count", heads, rows


def _countries(t: Tables) -> _Rows:
    rows: list[_Row] = []
    for row in each(country_rates(t)):
        days = period(row.start + pd.Timedelta(days=1), row.end)  # the first day is not counted
        cells = [
            escape(str(row.country).capitalize()) + small(days),
            number(row.attacks),
            f"{row.rate:.1f}",
            f"{row.low:.1f}–{row.high:.1f}",
        ]
        rows.append((country_anchor(row), cells))
    heads = ("Country, days", "Attacks", "Per week", "95 % interval")
    return "Attacks on US forces by country, by the US count", heads, rows


def _days_later(days: int) -> str:
    return {0: "same day", 1: "a day later"}.get(days, f"{days} days later")


def _ladders(t: Tables) -> _Rows:
    rows = []
    for row in each(ladders(t.events, t.links, t.claims)):
        lag = "begins" if pd.isna(row.lag_days) else _days_later(int(row.lag_days))
        title = f'<a href="events.html#event-{escape(row.event)}">{escape(row.title)}</a>'
        cells = [
            title + small(day(row.start)),
            escape(f"Episode {row.episode}") + small(lag),
            escape(_range(row.us_low, row.us_high)),
            escape(_range(row.other_low, row.other_high)),
        ]
        rows.append((f"answer-{row.event}", cells))
    heads = ("Event", "Episode, lag", "Killed, US side", "Killed, others")
    return "Stated answers, rung by rung", heads, rows


def _parts(t: Tables) -> _Rows:
    rows = []
    for row in each(parts_of_total(t)):
        words = quantity(row.low, row.high, str(row.qualifier))
        link = f'<a href="ledger.html#claim-{escape(row.claim_id)}">{escape(words)}</a>'
        cells = [escape(row.part), link + small(str(row.metric)),
                 escape(actor_names()[row.claimant])]  # fmt: skip
        rows.append((f"part-{row.claim_id}", cells))
    return "Parts of the encyclopedia’s total", ("Part", "Figure", "Whose figure"), rows


_MEASURES = {
    "claims read in one publication": "Claims read in one publication only",
    "things that one claimant alone counts": "Things that one claimant alone counts",
    "claims at second hand": "Claims whose publication names another as its source",
}
_PRECISION = {
    ("event", "day"): "Events dated to the day",
    ("event", "approx"): "Events dated to a day or two",
    ("event", "month"): "Events dated to the month",
    ("event", "year"): "Events dated to the year",
    ("statement", "published"): "Statements dated by the publication",
    ("statement", "said"): "Statements dated by a report of them",
    ("statement", "not_before"): "Statements in undated publications",
}


def _quality(t: Tables) -> _Rows:
    found = [
        (_MEASURES[row.measure], row.count_, row.of, row.share)
        for row in each(single_source(t.claims).rename(columns={"count": "count_"}))
    ]
    for row in each(date_precision(t.events, t.claims)):
        of = len(t.events) if row.what == "event" else len(t.claims)
        found.append((_PRECISION[row.what, row.precision], row.rows, of, row.share))
    rows = [
        (
            f"quality-{slug(what)}",
            [escape(what), f"{number(count)} of {number(of)}", _percent(share)],
        )
        for what, count, of, share in found
    ]
    return "The record about itself", ("Measure", "Rows", "Share"), rows


def _contradictions(t: Tables) -> _Rows:
    found = contradictions(t.claims)
    events = t.events.set_index("event_id")
    rows = []
    for row in each(found[found["contradicted"] > 1]):
        event: Any = events.loc[row.event]
        title = f'<a href="events.html#event-{escape(row.event)}">{escape(event["title"])}</a>'
        cells = [title + small(day(event["start"])), number(row.contradicted), number(row.things)]
        rows.append((f"contradicted-{row.event}", cells))
    heads = ("Event", "Contradicted", "Counted by two or more")
    return "Events with more than one contradicted figure", heads, rows


def _delays(t: Tables) -> _Rows:
    rows = [
        (
            f"delay-{row.side}",
            [
                escape(SIDE_NAMES[row.side]),
                number(row.median),
                f"{row.quarter:.0f} to {row.three_quarters:.0f}",
                number(row.claims),
            ],
        )
        for row in each(delay_by_side(t.claims, t.events, t.actors))
    ]
    heads = ("Side", "Median, days", "Middle half, days", "Dated claims")
    return "Days from an event to a claim about it", heads, rows


def _audit(t: Tables) -> _Rows:
    lot = t.audit[t.audit["selection"] == "lot"]
    rows = [
        (
            f"audit-{str(row.kind).replace(' ', '-').replace('_', '-')}",
            [
                escape(capital(KINDS.get(str(row.kind), str(row.kind)))),
                f"{row.cited + row.other} of {row.rows}",
                number(row.errors),
                ""
                if pd.isna(row.rate)
                else f"{_percent(row.rate)} ({_percent(row.low)} to {_percent(row.high)})",
            ],
        )
        for row in each(audit_summary(lot, t.sources))
    ]
    heads = ("Kind of publication", "Read", "Differed", "Share, 95 % interval")
    return "Rows drawn by lot and read a second time, by kind of publication", heads, rows


FAULTS = {
    "number": "Number",
    "qualifier": "Qualifier, such as “at least”",
    "counted": "What or who is counted",
    "claimant": "Who says it",
    "speaker": "Name or office of the speaker",
    "day": "Day of the statement or of its subject",
    "place": "Place",
    "stance": "Stance",
    "scope": "Part or whole",
    "status": "Whether it still stands",
    "source": "Publication does not carry it",
    "remark": "Remark of the compilers",
}


def _faults(t: Tables) -> _Rows:
    rows = [
        (f"fault-{row.fault}", [FAULTS[row.fault], number(row.errors), f"{100 * row.rate:.1f}"])
        for row in each(audit_faults(t.audit))
    ]
    heads = ("Kind of fault", "Rows", "Share of the rows read, %")
    return "Faults that the second reading found", heads, rows


SUMMARIES: dict[str, Callable[[Tables], _Rows]] = {
    "audit": _audit,
    "contradictions": _contradictions,
    "countries": _countries,
    "crosschecks": _crosschecks,
    "delays": _delays,
    "faults": _faults,
    "ladders": _ladders,
    "parts": _parts,
    "phases": _phases,
    "quality": _quality,
    "sensitivity": _sensitivity,
}


def summary(name: str, t: Tables) -> str:
    """The table as HTML. Raises ``KeyError`` for an unknown name."""
    caption, heads, rows = SUMMARIES[name](t)
    # A phone shows a row as a block without the head of the table: each cell brings its own.
    labels = [f'<span class="cell-label">{escape(head)}: </span>' for head in heads[1:]]
    labelled = [
        (anchor, [cells[0], *(a + b for a, b in zip(labels, cells[1:], strict=True))])
        for anchor, cells in rows
    ]
    return html_table(caption, heads, labelled, f"table-{name}")


class Summary(SphinxDirective):
    """``{summary} name``: one of :data:`SUMMARIES`."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if name not in SUMMARIES:
            raise self.error(f"no summary {name!r}; expected one of {', '.join(SUMMARIES)}")
        return [nodes.raw("", summary(name, tables()), format="html")]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("summary", Summary)
