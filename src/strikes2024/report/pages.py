"""Directives that set tables of the record: the ledger, people, publications."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd
from docutils import nodes
from markupsafe import Markup, escape
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from claimbook.archive import copy_address
from claimbook.notebooks import add_writer
from claimbook.references import used_sources
from strikes2024.campaign import BAGHDAD, CAMPAIGN, FEBRUARY, TOWER_22
from strikes2024.report.markup import (
    Row,
    details,
    joined,
    label,
    link,
    listed,
    optional,
    small,
    stack,
    table,
)
from strikes2024.report.record import actor_names, row_index, tables
from strikes2024.report.references import SOURCES, reading, who
from strikes2024.report.rows import WORDS, measured, sentences
from strikes2024.report.table import SOURCE_LINK
from strikes2024.tables import Tables
from strikes2024.wording import capital, day, period, quantity, spell


def source_link(source_id: str) -> Markup:
    """Return a link to a row of the list of sources."""
    publisher = str(row_index("sources").loc[source_id, "publisher"])
    return link(f"sources.html#source-{source_id}", publisher)


def source_links(*cells: Any) -> Markup:
    """Return links to the sources of cells that hold one, several or none."""
    return joined(source_link(source) for cell in cells for source in listed(cell))


def _date(date: Any) -> str:
    return "no date" if pd.isna(date) else day(date)


def raw(html: str) -> nodes.raw:
    """Return HTML as a node."""
    return nodes.raw("", html, format="html")


def listing(title: str, heads: Sequence[str], rows: Iterable[Row]) -> list[nodes.Node]:
    """Return a table as nodes, with the entries of the index that lead to its rows.

    Parameters
    ----------
    title
        The caption.
    heads
        The headings.
    rows
        The rows; each name of a row becomes an entry of the index.
    """
    found = list(rows)
    called = [
        addnodes.index(
            entries=[("single", n.replace(";", ","), row.anchor, "main", None) for n in row.names]
        )
        for row in found
        if row.names
    ]
    return [*called, raw(table(title, heads, found))]


def _via(row: pd.Series) -> Markup:
    text = source_link(row["source"])
    if pd.notna(row["cited_via"]):
        text += f" (citing {row_index('sources').loc[row['cited_via'], 'publisher']})"
    if pd.notna(row["also_in"]):
        text += "; also " + source_links(row["also_in"])
    return text


def _claim_cells(row: pd.Series) -> list[str]:
    words = measured(row["low"], row["high"], str(row["qualifier"]), str(row["unit"]))
    what = spell(str(row["metric"]))
    if pd.notna(row["victims"]) and row["victims"] != "all_groups":
        what += f": {spell(str(row['victims']))}"
    if row["scope"] == "part":
        what += " (part)"
    where = optional(row["country"]).replace(";", ", ")
    if pd.notna(row["place"]):
        where = str(row_index("places").loc[row["place"], "name"])
    stated = {"not_before": "undated; not before ", "said": "", "published": ""}
    when = f"As of {day(row['as_of'])}; stated {stated[str(row['stated_basis'])]}"
    when += day(row["stated"])
    return [
        words,
        stack(what, where),
        stack(who(row), when),
        _via(row) + small(_remarks(row, "claims")),
    ]


def remarks(table: str, key: str, *notes: str) -> str:
    """The remarks on a row as sentences, with whether it was read a second time.

    Parameters
    ----------
    table, key
        The row.
    notes
        What else there is to say; empty ones are left out.
    """
    return sentences(*notes, reading(table, key))


def _remarks(row: pd.Series, table: str) -> str:
    status = WORDS["status"].get(str(row["status"]), "")
    return remarks(table, str(row.iloc[0]), status, optional(row["note"]))


def _facets(row: pd.Series, metric: str) -> dict[str, str]:
    """Return what claims and counts of attacks are filtered by."""
    return {
        "metric": metric,
        "claimant": actor_names()[row["claimant"]],
        "kind": spell(str(row_index("sources").loc[row["source"], "kind"])),
    }


def _event_name(event_id: str) -> str:
    event: Any = row_index("events").loc[event_id]
    return f"{event['title']}, {day(event['start'])}"


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
        names: dict[str, list[str]] = {}
        for name, column in (("actors", "name"), ("places", "name"), ("events", "title")):
            called = row_index(name).dropna(subset=["aliases"])
            names |= {str(k): v.split(";") for k, v in called.set_index(column)["aliases"].items()}
        shown = Markup(
            '<div class="record-tools" data-noun="{}" data-filters="{}" data-names="{}"></div>'
        ).format(self.arguments[0], json.dumps(filters), json.dumps(names, ensure_ascii=False))
        return [raw(shown)]


class Ledger(SphinxDirective):
    """``{ledger}``: all claims, a section for each group of events, an anchor a row."""

    def run(self) -> list[nodes.Node]:
        claims, events = tables().claims, tables().events.set_index("event_id")
        kind, start = (claims["event"].map(events[name]) for name in ("kind", "start"))
        titles = pd.Series("Other strikes since October 2023", index=claims.index)
        titles[kind == "attack_on_us_forces"] = "Attacks on US forces since October 2023"
        titles[start < events["start"].get(CAMPAIGN, pd.NaT)] = "Before October 2023"
        titles[kind == "campaign"] = "The campaigns as a whole"
        titles[claims["event"].isna()] = "Places, actors, measures"
        titles = claims["event"].map(_SINGLE).fillna(titles)
        order = ["event", "metric", "stated", "claim_id"]
        groups = dict(list(claims.sort_values(order).groupby(titles)))
        return [_section(title, groups[title]) for title in _SECTIONS if title in groups]


# Events with a section of the ledger to themselves.
_SINGLE = {
    TOWER_22: "Tower 22",
    FEBRUARY: "Strikes of 2–3 February 2024",
    BAGHDAD: "Strike of 7 February 2024",
}
_SECTIONS = (
    *_SINGLE.values(),
    "The campaigns as a whole",
    "Attacks on US forces since October 2023",
    "Other strikes since October 2023",
    "Before October 2023",
    "Places, actors, measures",
)


def _section(title: str, claims: pd.DataFrame) -> nodes.section:
    rows = []
    for _, row in claims.iterrows():
        cells = _claim_cells(row)
        event = title if pd.isna(row["event"]) else _event_name(row["event"])
        if event != title and title not in _SINGLE.values():
            cells[1] += small(event)
        facets = {"event": event} | _facets(row, spell(str(row["metric"])))
        rows.append(Row(f"claim-{row['claim_id']}", cells, facets))
    section = nodes.section(ids=[nodes.make_id(title)])
    section += nodes.title("", title)
    section += raw(table(f"Claims: {title}", WORDS["tables"]["ledger"]["heads"], rows))
    return section


_SPLIT = ("Iraq", "Syria", "Jordan", "injured", "killed")


def tally_rows() -> Iterator[Row]:
    """Yield all cumulative counts."""
    rows = tables().tallies.sort_values(["claimant", "as_of", "tally_id"])
    for _, row in rows.iterrows():
        split = [f"{name} {row[name.lower()]}" for name in _SPLIT
                 if pd.notna(row[name.lower()])]  # fmt: skip
        words = "—"
        if pd.notna(row["total"]):
            words = quantity(row["total"], row["total"], str(row["qualifier"]))
        if pd.notna(row["place"]):
            words += f" at {row_index('places').loc[row['place'], 'name']}"
        days = f"{day(row['counted_from'])} to {day(row['as_of'])}"
        cell = [
            stack(words, "; ".join(split)),
            stack(who(row), days),
            _via(row) + small(_remarks(row, "tallies")),
        ]
        yield Row(f"tally-{row['tally_id']}", cell, _facets(row, "attacks"))


def interval_rows() -> Iterator[Row]:
    """Yield all counts of attacks over an interval of days."""
    for _, row in tables().interval_counts.sort_values(["start", "end", "count_id"]).iterrows():
        words = quantity(row["low"], row["high"], str(row["qualifier"]))
        days = period(row["start"], row["end"])
        if row["first_day"] == "part":
            days += ", starting in the course of the first day"
        links = source_links(row["source"], row["also_in"])
        cell = [
            stack("none" if words == "0" else words, optional(row["country"], "all countries")),
            stack(who(row), f"{days}; stated {day(row['stated'])}"),
            stack(links, _remarks(row, "interval_counts")),
        ]
        yield Row(f"count-{row['count_id']}", cell, _facets(row, "attacks"))


def _figures(t: Tables) -> Iterator[tuple[Any, Markup]]:
    """Yield each claim and total, with a link to it."""
    row: Any
    for row in t.claims.itertuples(index=False):
        words = f"{quantity(row.low, row.high, str(row.qualifier))} {spell(str(row.metric))}"
        yield row, link(f"ledger.html#claim-{row.claim_id}", words)
    for row in t.tallies[t.tallies["place"].isna()].itertuples(index=False):
        yield row, link(f"ledger.html#tally-{row.tally_id}", f"count of {day(row.as_of)}")


def _uses(t: Tables) -> dict[str, Markup]:
    """By source id: how many figures rest on it, unfolding to links to each."""
    links: dict[str, list[Markup]] = {}
    for row, found in _figures(t):
        for source in [row.source, *listed(row.also_in)]:
            links.setdefault(source, []).append(found)
    return {source: details(str(len(all_)), joined(all_, "; ")) for source, all_ in links.items()}


def _archived(row: pd.Series) -> Markup:
    """Return a link to the copy that was checked, else to that nearest to the publication's day."""
    if pd.notna(row["archive_url"]):
        where, text = str(row["archive_url"]), f"copy of {day(row['archived_at'])}"
    else:
        published = None if pd.isna(row["published"]) else row["published"].date()
        where, text = copy_address(str(row["url"]), published), "archived"
    return link(where, text, **{"class": "archived", "rel": "noreferrer"})


def source_rows() -> Iterator[Row]:
    """Yield every publication, with how many claims and tallies rest on it."""
    t = tables()
    uses = _uses(t)
    rows = t.sources.sort_values(["publisher", "published", "source_id"])
    for _, row in rows.iterrows():
        title: str = str(row["title"])
        if pd.notna(row["url"]):
            title = link(str(row["url"]), title, rel="noreferrer")
            title += Markup(" (") + _archived(row) + ")"
        kind = spell(str(row["kind"]))
        cell = [
            str(row["publisher"]),
            stack(title, optional(row["note"])),
            stack(_date(row["published"]), f"{kind}, {row['language']}"),
            label("Figures", uses.get(str(row["source_id"]), "0")),
        ]
        year = "" if pd.isna(row["published"]) else f"{row['published']:%Y}"
        facets = {"kind": kind, "language": str(row["language"]), "year": year}
        yield Row(f"source-{row['source_id']}", cell, facets)


def _alphabetical(names: pd.Series) -> pd.Series:
    return names.str.casefold()


def all_names(name: str, aliases: Any) -> list[str]:
    """Spellings under which a reader may look for a name: with and without article, hyphens."""
    found = [name, *listed(aliases)]
    # A reader may leave out the article, or join it: al-Qaim, Qaim, Al Qaim.
    bare = [re.sub(r"^(?:[Aa][ln]|[Aa]sh|[Aa]t)[- ]", "", n) for n in found]
    spaced = [n.replace("-", " ") for n in found if re.match("[Aa]l-", n)]
    marks = [n.replace("'", mark) for n in found for mark in ("’", "")]
    return list(dict.fromkeys([*found, *bare, *spaced, *marks]))


def place_rows() -> Iterator[Row]:
    """Yield every place of the record, with its other names and spellings."""
    t = tables()
    spots = t.events["places"].dropna().str.split(";").explode().value_counts()
    row: Any
    for row in t.places.sort_values("name", key=_alphabetical).itertuples(index=False):
        where = row.country if pd.isna(row.admin1) else f"{row.admin1}, {row.country}"
        if pd.isna(row.lat):
            position = "no coordinates found"
        else:
            side = "E" if row.lon >= 0 else "W"
            position = f"{row.lat:.2f}°\u00a0N, {abs(row.lon):.2f}°\u00a0{side}"
        precision = "" if pd.isna(row.precision) else f"precision: {row.precision}"
        events = spots.get(row.place_id, 0)
        kind = spell(str(row.kind))
        cell = [
            stack(row.name, ", ".join(listed(row.aliases))),
            stack(where, kind),
            stack(position, precision),
            source_link(row.source) + small(f"{events} event{'' if events == 1 else 's'}"),
        ]
        yield Row(f"place-{row.place_id}", cell, names=all_names(row.name, row.aliases))


def actor_rows() -> Iterator[Row]:
    """Yield everyone who acts or speaks in the record."""
    names = actor_names()
    spoken = tables().claims["claimant"].value_counts()
    row: Any
    for row in tables().actors.sort_values("name", key=_alphabetical).itertuples(index=False):
        ties = [
            f"{word} {', '.join(names[a] for a in str(value).split(';'))}"
            for word, value in (("part of", row.part_of), ("backed by", row.backed_by))
            if pd.notna(value)
        ]
        kind = spell(str(row.kind))
        kind += "" if pd.isna(row.country) else f", {row.country}"
        claims = spoken.get(row.actor_id, 0)
        cell = [
            stack(row.name, ", ".join(listed(row.aliases))),
            stack(row.description, "; ".join(ties)),
            stack(kind, f"{claims} claim{'' if claims == 1 else 's'}"),
            source_links(row.source, row.also_in),
        ]
        yield Row(f"actor-{row.actor_id}", cell, names=all_names(row.name, row.aliases))


def authorship(attributions: pd.DataFrame) -> str:
    """Return who is said to have done an event, and by whom; empty if nobody is named."""
    names = actor_names()
    stances: dict[str, list[str]] = {}
    row: Any
    for row in attributions.itertuples(index=False):
        words = WORDS["stances"][row.stance] + f" {names[row.claimant]}"
        if row.actor == row.claimant:
            words = WORDS["own_stances"][row.stance]
        stances.setdefault(names[row.actor], []).append(words)
    return "; ".join(f"{name} ({'; '.join(words)})" for name, words in stances.items())


def event_rows() -> Iterator[Row]:
    """Yield all events in order of time, with those blamed and who blames them."""
    authors = dict(list(tables().attributions.groupby("event")))
    row: Any
    for row in tables().events.sort_values(["start", "event_id"]).itertuples(index=False):
        when = period(row.start, row.end)
        if pd.notna(row.local_time):
            when += f", {row.local_time} local time"
        links = source_links(row.sources)
        kind = WORDS["event_kinds"].get(row.kind, spell(row.kind))
        where, names = ", ".join(listed(row.countries)), ", ".join(listed(row.aliases))
        who = authorship(authors[row.event_id]) if row.event_id in authors else ""
        cell = [
            stack(row.title, when),
            stack(row.summary, optional(row.note))
            + small(who and f"Who did it, according to whom: {who}")
            + small(f"Also called: {names}" if names else ""),
            stack(kind, where),
            links + small(remarks("events", row.event_id)),
        ]
        facets = {"kind": kind, "country": where, "year": f"{row.start:%Y}"}
        called = all_names(row.title, row.aliases)
        yield Row(f"event-{row.event_id}", cell, facets, called)


def reaction_rows() -> Iterator[Row]:
    """Yield all statements and actions of parties, in order of time."""
    names = actor_names()
    for _, row in tables().reactions.sort_values(["date", "reaction_id"]).iterrows():
        party = names[row["actor"]]
        said_by = row[["speaker", "role"]].dropna()
        speaker = ", ".join(said_by[said_by != party])
        phrase = "" if pd.isna(row["phrase"]) else f"“{row['phrase']}”"
        cell = [
            stack(party, speaker),
            stack(str(row["gist"]), phrase),
            stack(_date(row["date"]), _event_name(row["event"])),
            stack(source_links(row["source"]), optional(row["note"])),
        ]
        facets = {
            "party": party,
            "bloc": spell(str(row["bloc"])),
            "stance": spell(str(row["stance"])),
            "event": str(row_index("events").loc[row["event"], "title"]),
        }
        yield Row(f"reaction-{row['reaction_id']}", cell, facets)


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
        return listing(words["title"], words["heads"], LISTINGS[self.name]())


def named_by(row: Any) -> str:
    """Who made the name public, and when: ``PMF (Medical directorate), 3 February 2024``."""
    who = actor_names()[row.named_by]
    if pd.notna(row.speaker):
        who += f" ({row.speaker})"
    return f"{who}, {'not before ' if row.stated_basis == 'not_before' else ''}{day(row.stated)}"


def _person_cells(row: Any) -> list[str]:
    name = escape(row.name)
    if pd.notna(row.name_ar):
        name += Markup('<br>\n<span lang="ar" dir="rtl">{}</span>').format(row.name_ar)
    unit = "" if pd.isna(row.unit) else row.unit
    age = "" if pd.isna(row.age) else f"aged {row.age}"
    return [
        name + small(", ".join(listed(row.aliases))),
        stack(row.role, "; ".join(filter(None, (unit, age)))),
        capital(WORDS["fates"][row.fate]),
        named_by(row),
        stack(
            source_links(row.source, row.also_in),
            remarks("people", row.person_id, optional(row.note)),
        ),
    ]


def _person(row: Any) -> Row:
    names = [*all_names(row.name, row.aliases), *listed(row.name_ar)]
    return Row(f"person-{row.person_id}", _person_cells(row), names=names)


class PeopleList(SphinxDirective):
    """``{people-list}``: those whom a publication names, a section an event, in order of time."""

    def run(self) -> list[nodes.Node]:
        events = row_index("events")
        people = tables().people.assign(day=lambda t: t["event"].map(events["start"]))
        people = people.sort_values(["day", "event", "fate", "name"])
        found: list[nodes.Node] = []
        for key, group in people.groupby("event", sort=False):
            event: Any = events.loc[key]
            title = f"{event['title']}, {day(event['start'])}"
            section = nodes.section(ids=[f"people-{key}"])
            section += nodes.title("", title)
            section += listing(
                title,
                WORDS["tables"]["people-list"]["heads"],
                map(_person, group.itertuples(index=False)),
            )
            found.append(section)
        return found


class sources_used(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes so)
    """Stands for a chapter's source list until the whole chapter has been read."""


class SourcesUsed(SphinxDirective):
    """``{sources-used}``: the publications that this chapter's figures and charts rest on."""

    def run(self) -> list[nodes.Node]:
        return [sources_used()]


def _rested_on(app: Sphinx, doctree: nodes.document, docname: str) -> pd.DataFrame:
    """Return the sources of a page's figures, charts and tables, by id."""
    used = set(used_sources(app.env, docname))
    for html in doctree.findall(nodes.raw):
        used.update(SOURCE_LINK.findall(html.astext()))
    rows = row_index("sources")
    return rows.loc[sorted(used & set(rows.index))].sort_values(["publisher", "published"])


def _when_published(row: pd.Series) -> str:
    return f", {day(row['published'])}" if pd.notna(row["published"]) else ""


def _fill_sources(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    spots = list(doctree.findall(sources_used))
    if not spots:
        return
    page = app.builder.get_relative_uri(docname, SOURCES)
    items = []
    for key, row in _rested_on(app, doctree, docname).iterrows():
        publication = link(f"{page}#source-{key}", str(row["publisher"]))
        # Isolated, so that an Arabic title leaves the date after it in order.
        about = Markup("<bdi>{}</bdi>{}").format(row["title"], _when_published(row))
        items.append(Markup("<li>{}: {}</li>").format(publication, about))
    shown = Markup(
        '<details class="sources-used"><summary>{} publications</summary><ul>{}</ul></details>'
    ).format(len(items), joined(items, ""))
    for spot in spots:
        spot.replace_self(raw(shown))


def _sources_in_notebook(app: Sphinx, doctree: nodes.document, docname: str) -> str:
    """Write the same list in Markdown, each publication with its own address."""
    items = []
    for _, row in _rested_on(app, doctree, docname).iterrows():
        about = f"{row['publisher']}: {row['title']}{_when_published(row)}"
        about = re.sub(r"([\\`*_<>\[\]])", r"\\\1", about)
        address = "" if pd.isna(row["url"]) else f" <{row['url']}>"
        items.append(f"- {about}{address}")
    return "\n".join(items)


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_node(sources_used)
    app.add_directive("record-tools", RecordTools)
    app.add_directive("ledger", Ledger)
    app.add_directive("people-list", PeopleList)
    app.add_directive("sources-used", SourcesUsed)
    for name in LISTINGS:
        app.add_directive(name, Listing)
    app.connect("doctree-resolved", _fill_sources)
    add_writer(app, "sources-used", _sources_in_notebook)
