"""Directives that set tables of the record: the ledger, the sources, a chapter's own sources."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd
from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from claimbook.references import used_sources
from strikes2024.campaign import (
    BAGHDAD,
    CAMPAIGN,
    FEBRUARY,
    HEADLINES,
    RULE,
    TOWER_22,
    campaign_start,
    reconcile,
)
from strikes2024.frames import each
from strikes2024.report.record import actor_names, row_index, tables
from strikes2024.report.references import SOURCES, STATUS, reading
from strikes2024.wording import capital, day, period, quantity, spell

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from strikes2024.tables import Tables

_SOURCE_LINK = re.compile(r"sources\.html#source-([a-z0-9-]+)")


Row = tuple[str, list[str]] | tuple[str, list[str], dict[str, str]]


def html_table(caption: str, heads: Iterable[str], rows: Iterable[Row], anchor: str = "") -> str:
    """An accessible table with an id; the first cell heads its row.

    ``rows`` are (anchor, cells as HTML) and, where a script is to filter them, a third part:
    data attributes by name.
    """
    head = "\n".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = []
    for row, cells, *more in rows:
        # White space between lines and cells: the search shows a row as running text.
        first, *rest = (cell.replace("<br>", "<br>\n") for cell in cells)
        data = "".join(f' data-{k}="{escape(v)}"' for k, v in (more[0] if more else {}).items())
        tds = "".join(f"\n<td>{c}</td>" for c in rest)
        body.append(f'\n<tr id="{escape(row)}"{data}><th scope="row">{first}</th>{tds}</tr>')
    own = f' id="{escape(anchor)}"' if anchor else ""
    return (
        # The style sheet reckons from the number of rows how long a table not yet laid out is.
        f'<div{own} class="table-scroll table-record"'
        f' style="--rows: {len(body)}" tabindex="0"'
        f' role="region" aria-label="{escape(caption)}">'
        f'<table class="record"><caption>{escape(caption)}</caption>'
        f"\n<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>\n"
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


# Units that a reader needs beside the figure; the others are plain from what is counted.
_UNITS = {"km", "miles", "hours", "minutes", "days", "USD", "barrels"}


def measured(low: Any, high: Any, qualifier: str, unit: str) -> str:
    """Write a figure, with its unit where it is a measure: ``about 400 km``, ``at least 35``."""
    text = quantity(low, high, qualifier)
    return f"{text}\u00a0{unit}" if unit in _UNITS else text


def _claim_cells(row: pd.Series) -> list[str]:
    words = measured(row["low"], row["high"], str(row["qualifier"]), str(row["unit"]))
    what = spell(str(row["metric"]))
    if pd.notna(row["victims"]) and row["victims"] != "all_groups":
        what += f": {spell(str(row['victims']))}"
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
    return [
        escape(words),
        _stack(what, where),
        _stack(who, when),
        _via(row) + small(_remarks(row, "claims")),
    ]


def _remarks(row: pd.Series, table: str) -> str:
    notes = [STATUS.get(str(row["status"]), ""), _or(row["note"]), reading(table, str(row.iloc[0]))]
    return ". ".join(capital(note) for note in notes if note)


def small(text: str) -> str:
    """A second line of a cell, as HTML; nothing for no text."""
    return f'<br><span class="muted">{escape(text)}</span>' if text else ""


def _stack(first: str, second: str) -> str:
    return escape(first) + small(second)


_CLAIM_HEADS = ("Figure", "Of what, where", "Claimant, dates", "Publication, remarks")


def _event_name(event_id: str) -> str:
    event: Any = row_index("events").loc[event_id]
    return f"{event['title']}, {day(event['start'])}"


class Ledger(SphinxDirective):
    """``{ledger}``: all claims, a section for each group of events, an anchor a row."""

    def run(self) -> list[nodes.Node]:
        claims = tables().claims
        events = tables().events.set_index("event_id")
        kind = claims["event"].map(events["kind"].astype("string")).fillna("none")
        start = claims["event"].map(events["start"])
        early = start < events["start"].get(CAMPAIGN, pd.NaT)
        event = claims["event"].fillna("")
        groups = {
            "Tower 22": event == TOWER_22,
            "Strikes of 2–3 February 2024": event == FEBRUARY,
            "Strike of 7 February 2024": event == BAGHDAD,
        }
        groups["The campaigns as a whole"] = kind == "campaign"
        groups["Attacks on US forces since October 2023"] = (
            (kind == "attack_on_us_forces") & ~early & (event != TOWER_22)
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
                    cell[1] += small(f"{name}, {date}")
                kind = row_index("sources").loc[row["source"], "kind"]
                facets = {
                    "event": title if pd.isna(row["event"]) else _event_name(row["event"]),
                    "metric": spell(str(row["metric"])),
                    "claimant": actor_names()[row["claimant"]],
                    "kind": spell(str(kind)),
                }
                cells.append((f"claim-{row['claim_id']}", cell, facets))
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
            split = "; ".join(parts).replace("iraq", "Iraq").replace("syria", "Syria")
            days = f"{day(row['counted_from'])} to {day(row['as_of'])}"
            cell = [
                _stack(words + place, split.replace("jordan", "Jordan")),
                _stack(who, days),
                _via(row) + small(_remarks(row, "tallies")),
            ]
            cells.append((f"tally-{row['tally_id']}", cell))
        heads = ("Count", "Claimant, days counted", "Publication, remarks")
        return [
            nodes.raw("", html_table("Cumulative counts of attacks", heads, cells), format="html")
        ]


class IntervalLedger(SphinxDirective):
    """``{interval-ledger}``: all counts of attacks over an interval of days."""

    def run(self) -> list[nodes.Node]:
        cells = []
        for _, row in tables().interval_counts.sort_values(["start", "end", "count_id"]).iterrows():
            words = quantity(row["low"], row["high"], str(row["qualifier"]))
            who = actor_names()[row["claimant"]]
            who += f" ({row['speaker']})" if pd.notna(row["speaker"]) else ""
            days = period(row["start"], row["end"])
            days += ", from some time on the first day" if row["first_day"] == "part" else ""
            sources = [row["source"], *_or(row["also_in"]).split(";")]
            links = ", ".join(source_link(s) for s in sources if s)
            cell = [
                _stack("none" if words == "0" else words, _or(row["country"], "all countries")),
                _stack(who, f"{days}; stated {day(row['stated'])}"),
                links + small(_remarks(row, "interval_counts")),
            ]
            cells.append((f"count-{row['count_id']}", cell))
        heads = ("Count, country", "Claimant, days covered", "Publication, remarks")
        html = html_table("Counts of attacks over some days", heads, cells)
        return [nodes.raw("", html, format="html")]


def _uses(t: Tables) -> dict[str, str]:
    """By source id: how many figures rest on it, unfolding to links to each."""
    links: dict[str, list[str]] = {}
    for row in each(t.claims):
        words = f"{quantity(row.low, row.high, str(row.qualifier))} {spell(str(row.metric))}"
        for source in [row.source, *([] if pd.isna(row.also_in) else row.also_in.split(";"))]:
            link = f'<a href="ledger.html#claim-{escape(row.claim_id)}">{escape(words)}</a>'
            links.setdefault(source, []).append(link)
    for row in each(t.tallies[t.tallies["place"].isna()]):
        for source in [row.source, *([] if pd.isna(row.also_in) else row.also_in.split(";"))]:
            words = f"count of {day(row.as_of)}"
            link = f'<a href="ledger.html#tally-{escape(row.tally_id)}">{escape(words)}</a>'
            links.setdefault(source, []).append(link)
    return {
        source: f"<details><summary>{len(found)}</summary>{'; '.join(found)}</details>"
        for source, found in links.items()
    }


class SourceList(SphinxDirective):
    """``{source-list}``: every publication, with how many claims and tallies rest on it."""

    def run(self) -> list[nodes.Node]:
        t = tables()
        uses = _uses(t)
        rows = t.sources.sort_values(["publisher", "published", "source_id"])
        cells = []
        for _, row in rows.iterrows():
            title = escape(str(row["title"]))
            if pd.notna(row["url"]):
                title = f'<a href="{escape(str(row["url"]))}" rel="noreferrer">{title}</a>'
            date = day(row["published"]) if pd.notna(row["published"]) else "no date"
            kind = spell(str(row["kind"]))
            cell = [
                escape(str(row["publisher"])),
                title + small(_or(row["note"])),
                escape(date) + small(f"{kind}, {row['language']}"),
                f'<span class="cell-label">Figures: </span>{uses.get(str(row["source_id"]), "0")}',
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
        rows = e[(e["start"] < campaign_start(tables())) & (e["kind"] != "campaign")]
        names = actor_names()
        authors = tables().attributions
        cells = []
        for _, row in rows.sort_values("start").iterrows():
            said: dict[str, list[str]] = {}
            for a in each(authors[authors["event"] == row["event_id"]]):
                own = a.actor == a.claimant
                words = _OWN[a.stance] if own else f"{_STANCE[a.stance]} {names[a.claimant]}"
                said.setdefault(names[a.actor], []).append(words)
            who = "; ".join(f"{name} ({'; '.join(words)})" for name, words in said.items())
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


def indexed(rows: Iterable[tuple[str, Iterable[str]]]) -> list[nodes.Node]:
    """Put names into the index, and so into the search, that lead to the row with that anchor.

    ``rows`` are (anchor, names): the usual name and every other spelling.
    """
    return [
        addnodes.index(
            entries=[("single", name.replace(";", ","), anchor, "main", None) for name in names]
        )
        for anchor, names in rows
    ]


def all_names(name: str, aliases: Any) -> list[str]:
    """Spellings under which a reader may look for a name: with and without article, hyphens."""
    found = [name, *([] if pd.isna(aliases) else str(aliases).split(";"))]
    # A reader may leave out the article, or join it: al-Qaim, Qaim, Al Qaim.
    bare = [re.sub(r"^(?:[Aa][ln]|[Aa]sh|[Aa]t)[- ]", "", n) for n in found]
    spaced = [n.replace("-", " ") for n in found if re.match("[Aa]l-", n)]
    marks = [n.replace("'", mark) for n in found for mark in ("’", "")]
    return list(dict.fromkeys([*found, *bare, *spaced, *marks]))


class PlaceList(SphinxDirective):
    """``{place-list}``: every place of the record, with its other names and spellings."""

    def run(self) -> list[nodes.Node]:
        t = tables()
        spots = t.events["places"].dropna().str.split(";").explode().value_counts()
        cells, names = [], []
        for row in each(t.places.sort_values("name")):
            anchor = f"place-{row.place_id}"
            where = row.country if pd.isna(row.admin1) else f"{row.admin1}, {row.country}"
            if pd.isna(row.lat):
                position = "no coordinates seen"
            else:
                position = f"{row.lat:.2f}°\u00a0N, {row.lon:.2f}°\u00a0E"
            precision = "" if pd.isna(row.precision) else f"precision: {row.precision}"
            events = spots.get(row.place_id, 0)
            kind = spell(str(row.kind))
            cell = [
                _stack(row.name, "" if pd.isna(row.aliases) else row.aliases.replace(";", ", ")),
                _stack(where, kind),
                _stack(position, precision),
                source_link(row.source) + small(f"{events} event{'' if events == 1 else 's'}"),
            ]
            cells.append((anchor, cell))
            names.append((anchor, all_names(row.name, row.aliases)))
        heads = ("Name, other names", "Where, kind", "Position", "Publication, events")
        table = nodes.raw("", html_table("Places", heads, cells), format="html")
        return [*indexed(names), table]


class ActorList(SphinxDirective):
    """``{actor-list}``: everyone who acts or speaks in the record."""

    def run(self) -> list[nodes.Node]:
        names = actor_names()
        spoken = tables().claims["claimant"].value_counts()
        cells, others = [], []
        for row in each(tables().actors.sort_values("name")):
            ties = [
                f"{word} {', '.join(names[a] for a in str(value).split(';'))}"
                for word, value in (("part of", row.part_of), ("backed by", row.backed_by))
                if pd.notna(value)
            ]
            kind = spell(str(row.kind))
            kind += "" if pd.isna(row.country) else f", {row.country}"
            claims = spoken.get(row.actor_id, 0)
            cell = [
                _stack(row.name, "" if pd.isna(row.aliases) else row.aliases.replace(";", ", ")),
                _stack(row.description, "; ".join(ties)),
                escape(kind) + small(f"{claims} claim{'' if claims == 1 else 's'}"),
                source_link(row.source),
            ]
            cells.append((f"actor-{row.actor_id}", cell))
            others.append((f"actor-{row.actor_id}", all_names(row.name, row.aliases)))
        heads = ("Name, other names", "Who, ties", "Kind", "Publication")
        table = nodes.raw("", html_table("Actors", heads, cells), format="html")
        return [*indexed(others), table]


# A kind says how the record files an event; who was behind it, the attributions say. Kinds that
# are not here read well as they stand.
_EVENT_KINDS = {
    "assassination": "US strike on a person",
    "attack_on_us_forces": "attack on US or coalition forces",
    "disputed_strike": "strike of disputed authorship",
    "iranian_strike": "Iranian strike",
    "israeli_strike": "strike laid to Israel",
}


class EventList(SphinxDirective):
    """``{event-list}``: all events in order of time."""

    def run(self) -> list[nodes.Node]:
        cells, titles = [], []
        for row in each(tables().events.sort_values(["start", "event_id"])):
            when = period(row.start, row.end)
            if pd.notna(row.local_time):
                when += f", {row.local_time} local time"
            links = ", ".join(source_link(s) for s in str(row.sources).split(";"))
            cell = [
                _stack(row.title, when),
                _stack(row.summary, _or(row.note)),
                escape(_EVENT_KINDS.get(row.kind, spell(row.kind)))
                + small(str(row.countries).replace(";", ", ")),
                links,
            ]
            cells.append((f"event-{row.event_id}", cell))
            titles.append((f"event-{row.event_id}", [row.title]))
        heads = ("Event, date", "What happened, remarks", "Kind, country", "Publications")
        return [*indexed(titles), nodes.raw("", html_table("Events", heads, cells), format="html")]


class Reconcile(SphinxDirective):
    """``{reconcile}``: for each headline figure all claims, the rule and the result."""

    def run(self) -> list[nodes.Node]:
        found: list[nodes.Node] = [nodes.paragraph("", RULE)]
        for headline in HEADLINES:
            line, result = reconcile(tables(), headline)
            cells = []
            for _, row in line.iterrows():
                kind = "tally" if "tally_id" in row.index else "claim"
                key = f"{kind}-{row['claim_id']}"
                words = quantity(row["low"], row["high"], str(row["qualifier"]))
                undated = "not before " if str(row["stated_basis"]) == "not_before" else ""
                cell = [
                    f'<a href="ledger.html#{escape(key)}">{escape(words)}</a>',
                    _stack(actor_names()[row["claimant"]], f"{undated}{day(row['stated'])}"),
                    escape(str(row["counts_because"])),
                    source_link(row["source"]),
                ]
                cells.append((f"{headline.slug}-{key}", cell))
            section = nodes.section(ids=[f"headline-{headline.slug}"])
            section += nodes.title("", headline.question)
            section += nodes.paragraph("", f"Result: {result} {headline.unit}.")
            heads = ("Figure", "Claimant, stated", "Counts?", "Publication")
            table = html_table(headline.question, heads, cells)
            section += nodes.raw("", table, format="html")
            found.append(section)
        return found


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
        ("interval-ledger", IntervalLedger),
        ("source-list", SourceList),
        ("sources-used", SourcesUsed),
        ("event-table", EventTable),
        ("actor-list", ActorList),
        ("event-list", EventList),
        ("place-list", PlaceList),
        ("reconcile", Reconcile),
    ):
        app.add_directive(name, directive)
    app.connect("doctree-resolved", _fill_sources)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
