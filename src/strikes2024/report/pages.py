"""Directives that set tables of the record: the ledger, people, publications."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from docutils import nodes
from markupsafe import Markup, escape
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from claimbook.notebooks import add_writer
from claimbook.references import used_sources
from strikes2024.campaign import BAGHDAD, CAMPAIGN, FEBRUARY, TOWER_22
from strikes2024.report.markup import Row, joined, label, link, small, stack, table
from strikes2024.report.record import (
    actor,
    ordered,
    publisher,
    rows,
    second_readings,
    tables,
    who,
)
from strikes2024.report.references import SOURCES
from strikes2024.report.rows import WORDS, hedged, listed, measured, sentences
from strikes2024.wording import capital, day, period, quantity, spell


def source_links(*cells: str | None) -> Markup:
    """Return links to the sources of cells that hold one, several or none."""
    return joined(
        link(f"sources.html#source-{source}", publisher(source))
        for cell in cells
        for source in listed(cell)
    )


def _date(date: Any) -> str:
    return day(date) if date else "no date"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def raw(html: str) -> nodes.raw:
    """Return HTML as a node."""
    return nodes.raw("", html, format="html")


def section(title: str, anchor: str, *content: nodes.Node) -> nodes.section:
    """Return a section of a page."""
    return nodes.section("", nodes.title("", title), *content, ids=[anchor])


def _via(row: Any) -> Markup:
    links = source_links(row.source)
    if row.cited_via:
        links += f" (citing {publisher(row.cited_via)})"
    return links + "; also " + source_links(row.also_in) if row.also_in else links


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


def _facets(row: Any, metric: str) -> dict[str, str]:
    """Return what claims and counts of attacks are filtered by."""
    return {
        "metric": metric,
        "claimant": actor(row.claimant),
        "kind": spell(rows("sources")[row.source].kind),
    }


def _event_name(key: str) -> str:
    event = rows("events")[key]
    return f"{event.title}, {day(event.start)}"


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


# Events with a section of the ledger to themselves.
_SINGLE = {
    TOWER_22: "Tower 22",
    FEBRUARY: "Strikes of 2–3 February 2024",
    BAGHDAD: "Strike of 7 February 2024",
}
_CAMPAIGNS, _ATTACKS = "The campaigns as a whole", "Attacks on US forces since October 2023"
_OTHERS, _BEFORE = "Other strikes since October 2023", "Before October 2023"
_NO_EVENT = "Places, actors, measures"
_SECTIONS = (*_SINGLE.values(), _CAMPAIGNS, _ATTACKS, _OTHERS, _BEFORE, _NO_EVENT)


def _section_of(claim: Any) -> str:
    """Return the title of the section of the ledger that a claim is in."""
    if claim.event in _SINGLE:
        return _SINGLE[claim.event]
    if not claim.event:
        return _NO_EVENT
    events = rows("events")
    event = events[claim.event]
    if event.kind == "campaign":
        return _CAMPAIGNS
    if CAMPAIGN in events and event.start < events[CAMPAIGN].start:
        return _BEFORE
    return _ATTACKS if event.kind == "attack_on_us_forces" else _OTHERS


class Ledger(SphinxDirective):
    """``{ledger}``: all claims, a section for each group of events, an anchor a row."""

    def run(self) -> list[nodes.Node]:
        heads = WORDS["tables"]["ledger"]["heads"]
        groups: dict[str, list[Row]] = {title: [] for title in _SECTIONS}
        for claim in ordered("claims", "event", "metric", "stated", "claim_id"):
            title = _section_of(claim)
            groups[title].append(_claim_row(claim, title))
        return [
            section(title, nodes.make_id(title), raw(table(f"Claims: {title}", heads, group)))
            for title, group in groups.items()
            if group
        ]


def _claim_row(row: Any, section: str) -> Row:
    metric = spell(row.metric)
    what = metric
    if row.victims not in (None, "all_groups"):
        what += f": {spell(row.victims)}"
    if row.scope == "part":
        what += " (part)"
    where = rows("places")[row.place].name if row.place else ", ".join(listed(row.country))
    undated = "undated; not before " if row.stated_basis == "not_before" else ""
    event = _event_name(row.event) if row.event else section
    other = event != section and section not in _SINGLE.values()
    cells = [
        measured(row),
        stack(what, where) + small(event if other else ""),
        stack(who(row), f"As of {day(row.as_of)}; stated {undated}{day(row.stated)}"),
        stack(_via(row), remarks("claims", row, row.note)),
    ]
    return Row(f"claim-{row.claim_id}", cells, {"event": event} | _facets(row, metric))


_SPLIT = ("Iraq", "Syria", "Jordan", "injured", "killed")


def tally_rows() -> Iterator[Row]:
    """Yield all cumulative counts."""
    for row in ordered("tallies", "claimant", "as_of", "tally_id"):
        counts = {name: getattr(row, name.lower()) for name in _SPLIT}
        split = [f"{name} {count}" for name, count in counts.items() if count is not None]
        words = "—" if row.total is None else quantity(row.total, row.total, row.qualifier)
        if row.place:
            words += f" at {rows('places')[row.place].name}"
        cells = [
            stack(words, "; ".join(split)),
            stack(who(row), f"{day(row.counted_from)} to {day(row.as_of)}"),
            stack(_via(row), remarks("tallies", row, row.note)),
        ]
        yield Row(f"tally-{row.tally_id}", cells, _facets(row, "attacks"))


def interval_rows() -> Iterator[Row]:
    """Yield all counts of attacks over an interval of days."""
    for row in ordered("interval_counts", "start", "end", "count_id"):
        words = hedged(row)
        days = period(row.start, row.end)
        if row.first_day == "part":
            days += ", starting in the course of the first day"
        cells = [
            stack("none" if words == "0" else words, row.country or "all countries"),
            stack(who(row), f"{days}; stated {day(row.stated)}"),
            stack(source_links(row.source, row.also_in), remarks("interval_counts", row, row.note)),
        ]
        yield Row(f"count-{row.count_id}", cells, _facets(row, "attacks"))


def _uses() -> dict[str, Markup]:
    """By source id: how many claims and totals rest on it, unfolding to links to each."""
    figures = [
        (row, link(f"ledger.html#claim-{row.claim_id}", f"{hedged(row)} {spell(row.metric)}"))
        for row in rows("claims").values()
    ]
    figures += [
        (row, link(f"ledger.html#tally-{row.tally_id}", f"count of {day(row.as_of)}"))
        for row in rows("tallies").values()
        if not row.place
    ]
    links: dict[str, list[Markup]] = {}
    for row, found in figures:
        for source in [row.source, *listed(row.also_in)]:
            links.setdefault(source, []).append(found)
    folded = Markup("<details><summary>{}</summary>{}</details>")
    return {source: folded.format(len(all_), joined(all_, "; ")) for source, all_ in links.items()}


def _archived(row: Any) -> Markup:
    """Return a link to the copy that was checked, else to that nearest to the publication's day."""
    near = f"{row.published:%Y%m%d}" if row.published else "*"  # whether there is one, nobody asked
    where = row.archive_url or f"https://web.archive.org/web/{near}/{row.url}"
    text = f"copy of {day(row.archived_at)}" if row.archive_url else "archived"
    return link(where, text, **{"class": "archived", "rel": "noreferrer"})


def source_rows() -> Iterator[Row]:
    """Yield every publication, with how many claims and tallies rest on it."""
    uses = _uses()
    for row in ordered("sources", "publisher", "published", "source_id"):
        title = row.title
        if row.url:
            title = Markup("{} ({})").format(link(row.url, title, rel="noreferrer"), _archived(row))
        kind = spell(row.kind)
        cells = [
            row.publisher,
            stack(title, row.note),
            stack(_date(row.published), f"{kind}, {row.language}"),
            label("Figures", uses.get(row.source_id, "0")),
        ]
        year = f"{row.published:%Y}" if row.published else ""
        facets = {"kind": kind, "language": row.language, "year": year}
        yield Row(f"source-{row.source_id}", cells, facets)


def _alphabetical(table: str) -> list[Any]:
    return sorted(rows(table).values(), key=lambda row: row.name.casefold())


def all_names(name: str, aliases: str | None) -> dict[str, str]:
    """Spellings under which a reader may look for a name: with and without article, hyphens."""
    name = name.replace(";", ",")
    found = [name, *listed(aliases)]
    # A reader may leave out the article, or join it: al-Qaim, Qaim, Al Qaim.
    bare = [re.sub(r"^(?:[Aa][ln]|[Aa]sh|[Aa]t)[- ]", "", n) for n in found]
    spaced = [n.replace("-", " ") for n in found if re.match("[Aa]l-", n)]
    marks = [n.replace("'", mark) for n in found for mark in ("’", "")]
    return {"names": ";".join(dict.fromkeys([*found, *bare, *spaced, *marks]))}


def place_rows() -> Iterator[Row]:
    """Yield every place of the record, with its other names and spellings."""
    spots = tables().events["places"].dropna().str.split(";").explode().value_counts()
    for row in _alphabetical("places"):
        position = "no coordinates found"
        if row.lat is not None:
            side = "E" if row.lon >= 0 else "W"
            position = f"{row.lat:.2f}°\u00a0N, {abs(row.lon):.2f}°\u00a0{side}"
        cells = [
            stack(row.name, ", ".join(listed(row.aliases))),
            stack(", ".join(filter(None, [row.admin1, row.country])), spell(row.kind)),
            stack(position, row.precision and f"precision: {row.precision}"),
            stack(source_links(row.source), _count(spots.get(row.place_id, 0), "event")),
        ]
        yield Row(f"place-{row.place_id}", cells, all_names(row.name, row.aliases))


def actor_rows() -> Iterator[Row]:
    """Yield everyone who acts or speaks in the record."""
    spoken = tables().claims["claimant"].value_counts()
    for row in _alphabetical("actors"):
        ties = [
            f"{word} {', '.join(map(actor, listed(cell)))}"
            for word, cell in (("part of", row.part_of), ("backed by", row.backed_by))
            if cell
        ]
        kind = ", ".join(filter(None, [spell(row.kind), row.country]))
        cells = [
            stack(row.name, ", ".join(listed(row.aliases))),
            stack(row.description, "; ".join(ties)),
            stack(kind, _count(spoken.get(row.actor_id, 0), "claim")),
            source_links(row.source, row.also_in),
        ]
        yield Row(f"actor-{row.actor_id}", cells, all_names(row.name, row.aliases))


def authorship(event: str) -> str:
    """Return who is said to have done an event, and by whom; empty if nobody is named."""
    stances: dict[str, list[str]] = {}
    for row in rows("attributions").values():
        if row.event == event:
            words = f"{WORDS['stances'][row.stance]} {actor(row.claimant)}"
            if row.actor == row.claimant:
                words = WORDS["own_stances"][row.stance]
            stances.setdefault(actor(row.actor), []).append(words)
    return "; ".join(f"{name} ({'; '.join(words)})" for name, words in stances.items())


def event_rows() -> Iterator[Row]:
    """Yield all events in order of time, with those blamed and who blames them."""
    for row in ordered("events", "start", "event_id"):
        when = period(row.start, row.end)
        if row.local_time:
            when += f", {row.local_time} local time"
        kind = WORDS["event_kinds"].get(row.kind, spell(row.kind))
        where, names = ", ".join(listed(row.countries)), ", ".join(listed(row.aliases))
        blamed = authorship(row.event_id)
        cells = [
            stack(row.title, when),
            stack(row.summary, row.note)
            + small(blamed and f"Who did it, according to whom: {blamed}")
            + small(names and f"Also called: {names}"),
            stack(kind, where),
            stack(source_links(row.sources), remarks("events", row)),
        ]
        facets = {"kind": kind, "country": where, "year": f"{row.start:%Y}"}
        yield Row(f"event-{row.event_id}", cells, facets | all_names(row.title, row.aliases))


def reaction_rows() -> Iterator[Row]:
    """Yield all statements and actions of parties, in order of time."""
    for row in ordered("reactions", "date", "reaction_id"):
        party = actor(row.actor)
        speaker = ", ".join(name for name in (row.speaker, row.role) if name not in (None, party))
        cells = [
            stack(party, speaker),
            stack(row.gist, row.phrase and f"“{row.phrase}”"),
            stack(_date(row.date), _event_name(row.event)),
            stack(source_links(row.source), row.note),
        ]
        facets = {
            "party": party,
            "bloc": spell(row.bloc),
            "stance": spell(row.stance),
            "event": rows("events")[row.event].title,
        }
        yield Row(f"reaction-{row.reaction_id}", cells, facets)


# By directive; ``words.toml`` has captions and headings.
LISTINGS: Final[Mapping[str, Callable[[], Iterable[Row]]]] = {
    "tally-ledger": tally_rows,
    "interval-ledger": interval_rows,
    "source-list": source_rows,
    "place-list": place_rows,
    "actor-list": actor_rows,
    "event-list": event_rows,
    "reaction-list": reaction_rows,
}


class Listing(SphinxDirective):
    """``{event-list}`` and the like: one of :data:`LISTINGS`, by the directive's name."""

    def run(self) -> list[nodes.Node]:
        words = WORDS["tables"][self.name]
        return [raw(table(words["title"], words["heads"], LISTINGS[self.name]()))]


def _person_row(row: Any) -> Row:
    name = escape(row.name)
    if row.name_ar:
        name += Markup('<br>\n<span lang="ar" dir="rtl">{}</span>').format(row.name_ar)
    age = "" if row.age is None else f"aged {row.age}"
    # Who made the name public, and when: PMF (Medical directorate), 3 February 2024.
    named_by = actor(row.named_by) + (f" ({row.speaker})" if row.speaker else "")
    undated = "not before " if row.stated_basis == "not_before" else ""
    cells = [
        name + small(", ".join(listed(row.aliases))),
        stack(row.role, "; ".join(filter(None, [row.unit, age]))),
        capital(WORDS["fates"][row.fate]),
        f"{named_by}, {undated}{day(row.stated)}",
        stack(source_links(row.source, row.also_in), remarks("people", row, row.note)),
    ]
    names = ";".join(filter(None, [row.aliases, row.name_ar]))
    return Row(f"person-{row.person_id}", cells, all_names(row.name, names))


class PeopleList(SphinxDirective):
    """``{people-list}``: those whom a publication names, a section an event, in order of time."""

    def run(self) -> list[nodes.Node]:
        heads = WORDS["tables"]["people-list"]["heads"]
        groups: dict[str, list[Row]] = {}
        for row in ordered("people", "event", "fate", "name"):
            groups.setdefault(row.event, []).append(_person_row(row))
        events = rows("events")
        found: list[nodes.Node] = []
        for key in sorted(groups, key=lambda key: (events[key].start, key)):
            title = _event_name(key)
            found.append(section(title, f"people-{key}", raw(table(title, heads, groups[key]))))
        return found


class SourcesUsed(SphinxDirective):
    """``{sources-used}``: the publications that this chapter's figures and charts rest on."""

    def run(self) -> list[nodes.Node]:
        # Filled once the whole chapter has been read.
        return [nodes.raw("", "", format="html", sources_used=True)]


def _rested_on(app: Sphinx, docname: str) -> list[Any]:
    """Return the sources of a page's figures, charts and tables."""
    used = used_sources(app.env, docname)
    return [row for row in ordered("sources", "publisher", "published") if row.source_id in used]


def _when_published(row: Any) -> str:
    return f", {day(row.published)}" if row.published else ""


def _fill_sources(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    spots = [html for html in doctree.findall(nodes.raw) if html.get("sources_used")]
    if not spots:
        return
    page = app.builder.get_relative_uri(docname, SOURCES)
    items = []
    for row in _rested_on(app, docname):
        publication = link(f"{page}#source-{row.source_id}", row.publisher)
        # Isolated, so that an Arabic title leaves the date after it in order.
        about = Markup("<bdi>{}</bdi>{}").format(row.title, _when_published(row))
        items.append(Markup("<li>{}: {}</li>").format(publication, about))
    shown = Markup(
        '<details class="sources-used"><summary>{} publications</summary><ul>{}</ul></details>'
    ).format(len(items), joined(items, ""))
    for spot in spots:
        spot.replace_self(raw(shown))


def _sources_in_notebook(app: Sphinx, _doctree: nodes.document, docname: str) -> str:
    """Write the same list in Markdown, each publication with its own address."""
    items = []
    for row in _rested_on(app, docname):
        about = f"{row.publisher}: {row.title}{_when_published(row)}"
        about = re.sub(r"([\\`*_<>\[\]])", r"\\\1", about)
        items.append(f"- {about}" + (f" <{row.url}>" if row.url else ""))
    return "\n".join(items)


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("record-tools", RecordTools)
    app.add_directive("ledger", Ledger)
    app.add_directive("people-list", PeopleList)
    app.add_directive("sources-used", SourcesUsed)
    for name in LISTINGS:
        app.add_directive(name, Listing)
    app.connect("doctree-resolved", _fill_sources)
    add_writer(app, "sources-used", _sources_in_notebook)
