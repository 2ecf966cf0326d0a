"""Directives that set tables of the record: the ledger, people, publications."""

import json
import re
from itertools import groupby
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from claimbook.notebooks import EVENT
from claimbook.references import used_sources
from strikes2024.campaign import CAMPAIGN
from strikes2024.report.markup import filled
from strikes2024.report.record import ordered, rows, second_readings, tables
from strikes2024.report.references import SOURCES
from strikes2024.report.rows import WORDS, hedged, listed, sentences
from strikes2024.report.table import table_html
from strikes2024.wording import day, spell


def raw(html: str) -> nodes.raw:
    """Return HTML as a node."""
    return nodes.raw("", html, format="html")


def section(title: str, anchor: str, *content: nodes.Node) -> nodes.section:
    """Return a section of a page."""
    return nodes.section("", nodes.title("", title), *content, ids=[anchor])


def remarks(table: str, row: Any, *notes: str | None) -> str:
    """The remarks on a row as sentences, with its status and whether it was read a second time.

    Parameters
    ----------
    table, row
        The row.
    notes
        What else there is to say; empty ones are left out.
    """
    status = WORDS["status"].get(getattr(row, "status", ""))
    return sentences(status, *notes, second_readings(table).get(row[0]))


def _event_name(key: str | None) -> str:
    if not key:
        return str(WORDS["ledger"]["none"])
    event = rows("events")[key]
    return f"{event.title}, {day(event.start)}"


def _names(name: str, aliases: str | None) -> str:
    """Names under which a reader may look for a row, with and without their article."""
    found = [name.replace(";", ","), *listed(aliases)]
    bare = [re.sub(r"^(?:[Aa][ln]|[Aa]sh|[Aa]t)[- ]", "", n) for n in found]
    return ";".join(dict.fromkeys([*found, *bare]))


def _uses() -> dict[str, list[tuple[str, str]]]:
    """By source id: anchor and text of each claim and total that rests on it."""
    claims, tallies = rows("claims").values(), rows("tallies").values()
    figures = [(row, f"claim-{row[0]}", f"{hedged(row)} {spell(row.metric)}") for row in claims]
    figures += [(r, f"tally-{r[0]}", f"count of {day(r.as_of)}") for r in tallies if not r.place]
    found: dict[str, list[tuple[str, str]]] = {key: [] for key in rows("sources")}
    for row, anchor, text in figures:
        for source in (row.source, *listed(row.also_in)):
            found[source].append((anchor, text))
    return found


def _listing(name: str, caption: str, found: list[Any], **values: Any) -> nodes.raw:
    """Return rows of the record as a table with the template of that name."""
    html = table_html(
        tables(), name, caption, found, by_id=rows, names=_names, remarks=remarks,
        event_name=_event_name, **values,
    )  # fmt: skip
    return raw(html)


class RecordTools(SphinxDirective):
    """``{record-tools} claims``: search, filters, order and download for the page's tables.

    The content has a line for each filter: the row's attribute and its name for readers. Without
    scripts nothing is shown.
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        filters = dict(line.split(": ", 1) for line in self.content if line)
        names = {
            getattr(row, column): listed(row.aliases)
            for name, column in (("actors", "name"), ("places", "name"), ("events", "title"))
            for row in rows(name).values()
            if row.aliases
        }
        shown = Markup(
            '<div class="record-tools" data-noun="{}" data-filters="{}" data-names="{}"></div>'
        ).format(self.arguments[0], json.dumps(filters), json.dumps(names, ensure_ascii=False))
        return [raw(shown)]


def _section_of(claim: Any) -> str:
    """Return the section of the ledger that a claim is in, as ``words.toml`` names it."""
    if not claim.event:
        return "none"
    if claim.event in WORDS["ledger"]:
        return str(claim.event)
    events = rows("events")
    event = events[claim.event]
    if event.kind == "campaign":
        return "campaigns"
    if CAMPAIGN in events and event.start < events[CAMPAIGN].start:
        return "before"
    return "attacks" if event.kind == "attack_on_us_forces" else "others"


class Ledger(SphinxDirective):
    """``{ledger}``: all claims, a section for each group of events, an anchor a row."""

    def run(self) -> list[nodes.Node]:
        groups: dict[str, list[Any]] = {key: [] for key in WORDS["ledger"]}
        for claim in ordered("claims", "event", "metric", "stated", "claim_id"):
            groups[_section_of(claim)].append(claim)
        return [
            section(title, nodes.make_id(title), _listing("ledger", f"Claims: {title}", claims))
            for key, title in WORDS["ledger"].items()
            if (claims := groups[key])
        ]


class PeopleList(SphinxDirective):
    """``{people-list}``: those whom a publication names, a section an event, in order of time."""

    def run(self) -> list[nodes.Node]:
        people = ordered("people", "event", "fate", "name")
        people.sort(key=lambda row: rows("events")[row.event].start)
        groups = groupby(people, key=lambda row: row.event)
        return [
            section(title, f"people-{key}", _listing("people-list", title, list(group)))
            for key, group in groups
            for title in [_event_name(key)]
        ]


class Listing(SphinxDirective):
    """``{event-list}`` and the like: all rows of a table, by the directive's name."""

    def run(self) -> list[nodes.Node]:
        words = WORDS["tables"][self.name]
        places = tables().events["places"].dropna().str.split(";").explode()
        values = {
            "claims_of": tables().claims["claimant"].value_counts(),
            "events_at": places.value_counts(),
            "uses": _uses,
        }
        return [_listing(self.name, words["title"], ordered(*words["rows"]), **values)]


class SourcesUsed(SphinxDirective):
    """``{sources-used}``: the publications that this chapter's figures and charts rest on."""

    def run(self) -> list[nodes.Node]:
        # Filled once the whole chapter has been read.
        return [nodes.raw("", "", format="html", sources_used=True)]


def _rested_on(app: Sphinx, docname: str) -> list[Any]:
    """Return the sources of a page's figures, charts and tables."""
    used = used_sources(app.env, docname)
    return [row for row in ordered("sources", "publisher", "published") if row.source_id in used]


def _fill_sources(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for spot in list(doctree.findall(nodes.raw)):
        if spot.get("sources_used"):
            page = app.builder.get_relative_uri(docname, SOURCES)
            html = filled("sources-used.html", page=page, rows=_rested_on(app, docname))
            spot.replace_self(raw(html))


def _escaped(text: str) -> str:
    """Return text without markup, as Markdown."""
    return re.sub(r"([\\`*_<>\[\]])", r"\\\1", text)


def _sources_in_notebook(app: Sphinx, directive: str, docname: str) -> str | None:
    """Write the same list in Markdown, each publication with its own address."""
    if directive != "sources-used":
        return None
    return str(filled("sources-used.txt", rows=_rested_on(app, docname), escaped=_escaped))


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("record-tools", RecordTools)
    app.add_directive("ledger", Ledger)
    app.add_directive("people-list", PeopleList)
    app.add_directive("sources-used", SourcesUsed)
    for name, words in WORDS["tables"].items():
        if "rows" in words:
            app.add_directive(name, Listing)
    app.connect("doctree-resolved", _fill_sources)
    app.connect(EVENT, _sources_in_notebook)
