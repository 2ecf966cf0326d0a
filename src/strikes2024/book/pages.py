"""Directives that set tables of the record: the ledger, the sources, a chapter's own sources."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from strikes2024.book.roles import SOURCES, actor_names, row_index, tables, used_sources
from strikes2024.text import day, quantity

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_SOURCE_LINK = re.compile(r"sources\.html#source-([a-z0-9-]+)")


def html_table(caption: str, heads: Iterable[str], rows: Iterable[tuple[str, list[str]]]) -> str:
    """An accessible table: ``rows`` are (anchor, cells as HTML); the first cell heads its row."""
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = []
    for anchor, cells in rows:
        first, *rest = cells
        tds = "".join(f"<td>{c}</td>" for c in rest)
        body.append(f'<tr id="{escape(anchor)}"><th scope="row">{first}</th>{tds}</tr>')
    return (
        '<div class="table-scroll table-record" tabindex="0" role="region"'
        f' aria-label="{escape(caption)}">'
        f'<table class="record"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _or(value: Any, other: str = "") -> str:
    return other if pd.isna(value) else str(value)


def source_link(source_id: str, page: str = "sources.html") -> str:
    """A link to a row of the list of sources, as HTML."""
    row = row_index("sources").loc[source_id]
    return f'<a href="{page}#source-{escape(source_id)}">{escape(str(row["publisher"]))}</a>'


def _via(row: pd.Series) -> str:
    text = source_link(row["source"])
    if pd.notna(row["cited_via"]):
        text += f" (citing {escape(str(row_index('sources').loc[row['cited_via'], 'publisher']))})"
    if pd.notna(row["also_in"]):
        others = ", ".join(source_link(s) for s in str(row["also_in"]).split(";"))
        text += f"; also {others}"
    return text


_STATUS = {
    "superseded": "later replaced",
    "corrected": "later corrected",
    "carrier_error": "slip of the carrier",
}


def _claim_cells(row: pd.Series) -> list[str]:
    words = quantity(row["low"], row["high"], str(row["qualifier"]))
    what = str(row["metric"]).replace("_", " ")
    if pd.notna(row["victims"]) and row["victims"] != "all_groups":
        what += f": {str(row['victims']).replace('_', ' ')}"
    if row["scope"] == "part":
        what += " (part)"
    where = _or(row["country"]).replace(";", ", ")
    if pd.notna(row["place"]):
        where = str(row_index("places").loc[row["place"], "name"])
    who = actor_names()[row["claimant"]]
    if pd.notna(row["speaker"]):
        who += f" ({row['speaker']})"
    stated = {"not_before": "undated; not before ", "said": "", "published": ""}
    when = f"As of {day(row['as_of'])}; stated {stated[str(row['stated_basis'])]}"
    when += day(row["stated"])
    notes = [_STATUS.get(str(row["status"]), ""), _or(row["note"])]
    return [
        escape(words),
        _stack(what, where),
        _stack(who, when),
        _via(row) + _small("; ".join(n for n in notes if n)),
    ]


def _small(text: str) -> str:
    return f'<br><span class="muted">{escape(text)}</span>' if text else ""


def _stack(first: str, second: str) -> str:
    return escape(first) + _small(second)


_CLAIM_HEADS = ("Figure", "Of what, where", "Claimant, dates", "Publication, remarks")


class Ledger(SphinxDirective):
    """``{ledger}``: all claims, a section for each group of events, an anchor a row."""

    def run(self) -> list[nodes.Node]:
        claims = tables().claims
        events = tables().events.set_index("event_id")
        kind = claims["event"].map(events["kind"].astype("string")).fillna("none")
        start = claims["event"].map(events["start"])
        early = start < pd.Timestamp("2023-10-17")
        event = claims["event"].fillna("")
        groups = {
            "Tower 22": event == "tower-22-attack",
            "Strikes of 2–3 February 2024": event == "us-strikes-2024-02-02",
            "Strike of 7 February 2024": event == "us-strikes-2024-02-07",
        }
        groups["The campaigns as a whole"] = kind == "campaign"
        groups["Attacks on US forces since October 2023"] = (
            (kind == "attack_on_us_forces") & ~early & (event != "tower-22-attack")
        )
        taken = pd.concat(groups, axis=1).any(axis=1)
        groups["Other strikes since October 2023"] = ~taken & ~early & (event != "")
        groups["Before October 2023"] = early
        groups["Places, actors, measures"] = event == ""
        sections: list[nodes.Node] = []
        for title, mask in groups.items():
            rows = claims[mask.fillna(False)].sort_values(["event", "metric", "stated", "claim_id"])
            if not len(rows):
                continue
            section = nodes.section(ids=[nodes.make_id(title)])
            section += nodes.title("", title)
            cells = []
            for _, row in rows.iterrows():
                cell = _claim_cells(row)
                if pd.notna(row["event"]) and title not in (
                    "Tower 22",
                    "Strikes of 2–3 February 2024",
                    "Strike of 7 February 2024",
                ):
                    name = events.loc[row["event"], "title"]
                    date = day(events.loc[row["event"], "start"])
                    cell[1] += _small(f"{name}, {date}")
                cells.append((f"claim-{row['claim_id']}", cell))
            section += nodes.raw(
                "", html_table(f"Claims: {title}", _CLAIM_HEADS, cells), format="html"
            )
            sections.append(section)
        return sections


class TallyLedger(SphinxDirective):
    """``{tally-ledger}``: all cumulative counts."""

    def run(self) -> list[nodes.Node]:
        rows = tables().tallies.sort_values(["claimant", "as_of", "tally_id"])
        cells = []
        for _, row in rows.iterrows():
            parts = [
                f"{c} {row[c]}"
                for c in ("iraq", "syria", "jordan", "injured", "killed")
                if pd.notna(row[c])
            ]
            place = (
                f" at {row_index('places').loc[row['place'], 'name']}"
                if pd.notna(row["place"])
                else ""
            )
            words = (
                quantity(row["total"], row["total"], str(row["qualifier"]))
                if pd.notna(row["total"])
                else "—"
            )
            who = actor_names()[row["claimant"]]
            who += f" ({row['speaker']})" if pd.notna(row["speaker"]) else ""
            notes = [_STATUS.get(str(row["status"]), ""), _or(row["note"])]
            split = "; ".join(parts).replace("iraq", "Iraq").replace("syria", "Syria")
            days = f"{day(row['counted_from'])} to {day(row['as_of'])}"
            cell = [
                _stack(words + place, split.replace("jordan", "Jordan")),
                _stack(who, days),
                _via(row) + _small("; ".join(n for n in notes if n)),
            ]
            cells.append((f"tally-{row['tally_id']}", cell))
        heads = ("Count", "Claimant, days counted", "Publication, remarks")
        return [
            nodes.raw("", html_table("Cumulative counts of attacks", heads, cells), format="html")
        ]


class SourceList(SphinxDirective):
    """``{source-list}``: every publication, with how many claims and tallies rest on it."""

    def run(self) -> list[nodes.Node]:
        t = tables()
        uses = pd.concat([t.claims["source"], t.tallies["source"]]).value_counts()
        rows = t.sources.sort_values(["publisher", "published", "source_id"])
        cells = []
        for _, row in rows.iterrows():
            title = escape(str(row["title"]))
            if pd.notna(row["url"]):
                title = f'<a href="{escape(str(row["url"]))}" rel="noreferrer">{title}</a>'
            date = day(row["published"]) if pd.notna(row["published"]) else "no date"
            kind = str(row["kind"]).replace("_", " ")
            cell = [
                escape(str(row["publisher"])),
                title + _small(_or(row["note"])),
                escape(date) + _small(f"{kind}, {row['language']}"),
                str(uses.get(row["source_id"], 0)),
            ]
            cells.append((f"source-{row['source_id']}", cell))
        heads = ("Publisher", "Title, remarks", "Date, kind, language", "Figures")
        return [nodes.raw("", html_table("Publications", heads, cells), format="html")]


class EventTable(SphinxDirective):
    """``{event-table} kind kind…``: events of the given kinds before October 2023."""

    has_content = False
    optional_arguments: ClassVar[int] = 9

    def run(self) -> list[nodes.Node]:
        e = tables().events
        rows = e[(e["start"] < pd.Timestamp("2023-10-17")) & (e["kind"] != "campaign")]
        names = actor_names()
        authors = tables().attributions
        cells = []
        for _, row in rows.sort_values("start").iterrows():
            said = authors[authors["event"] == row["event_id"]]
            who = "; ".join(
                f"{names[a['actor']]} ({_STANCE[str(a['stance'])]} {names[a['claimant']]})"
                if a["actor"] != a["claimant"]
                else f"{names[a['actor']]} ({_OWN[str(a['stance'])]})"
                for _, a in said.iterrows()
            )
            links = ", ".join(source_link(s) for s in str(row["sources"]).split(";"))
            cell = [
                _stack(str(row["title"]), day(row["start"])),
                escape(str(row["summary"])),
                escape(who or "nobody named"),
                links,
            ]
            cells.append((f"event-{row['event_id']}", cell))
        for key in (r["event_id"] for _, r in rows.iterrows()):
            used_sources(self.env, self.env.docname).update(
                str(row_index("events").loc[key, "sources"]).split(";")
            )
        heads = ("Event", "What happened", "Who did it, by whose word", "Publications")
        return [
            nodes.raw("", html_table("Incidents before October 2023", heads, cells), format="html")
        ]


_STANCE = {
    "accuses": "accused by",
    "attributes_as_likely": "seen as likely by",
    "denies": "denied by",
    "claims": "claimed by",
    "admits": "acknowledged by",
}
_OWN = {
    "claims": "by its own claim",
    "admits": "acknowledged",
    "denies": "denies it",
    "accuses": "by its own word",
    "attributes_as_likely": "by its own word",
}


class sources_used(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes so)
    """Stands for a chapter's source list until the whole chapter has been read."""


class SourcesUsed(SphinxDirective):
    """``{sources-used}``: the publications that this chapter's figures and charts rest on."""

    def run(self) -> list[nodes.Node]:
        return [sources_used()]


def _fill_sources(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    spots = list(doctree.findall(sources_used))
    if not spots:
        return
    used = set(used_sources(app.env, docname))
    for raw in doctree.findall(nodes.raw):
        used.update(_SOURCE_LINK.findall(raw.astext()))
    rows = row_index("sources")
    page = app.builder.get_relative_uri(docname, SOURCES)
    rows = rows.loc[sorted(used & set(rows.index))].sort_values(["publisher", "published"])
    items = []
    for key, row in rows.iterrows():
        date = f", {day(row['published'])}" if pd.notna(row["published"]) else ""
        items.append(
            f'<li><a href="{page}#source-{escape(str(key))}">'
            f"{escape(str(row['publisher']))}</a>: {escape(str(row['title']))}{date}</li>"
        )
    html = (
        f'<details class="sources-used"><summary>{len(items)} publications</summary>'
        f"<ul>{''.join(items)}</ul></details>"
    )
    for spot in spots:
        spot.replace_self(nodes.raw("", html, format="html"))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    app.add_node(sources_used)
    for name, directive in (
        ("ledger", Ledger),
        ("tally-ledger", TallyLedger),
        ("source-list", SourceList),
        ("sources-used", SourcesUsed),
        ("event-table", EventTable),
    ):
        app.add_directive(name, directive)
    app.connect("doctree-resolved", _fill_sources)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
