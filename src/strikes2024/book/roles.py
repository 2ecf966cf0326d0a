"""Roles: values from the data in the middle of a sentence.

===============================  ==================================================
``{claim}`claim-id```            the figure with its hedge, linked to its ledger row
``{tally}`tally-id```            the same for a cumulative count; ``id:syria`` for a part
``{calc}`name```                 a computed figure of :mod:`strikes2024.figures`
``{day}`event-id```              a date in words; ``id:weekday`` with the day of the week
``{quote}`reaction-id```         quoted words with speaker and date, linked to the source
``{cite}`source-id```            a publication, linked to the list of sources
``{actor}`actor-id```            a name, linked to its row in the record
``{event}`event-id```            the title of an event, linked to its row
===============================  ==================================================

An unknown id is a warning that names file and line; the build treats it as an error.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd
from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

import strikes2024
from strikes2024.figures import FIGURES
from strikes2024.frames import each
from strikes2024.text import day, quantity

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from strikes2024.tables import Tables

logger = logging.getLogger(__name__)

LEDGER, SOURCES = "chapters/ledger", "chapters/sources"


@cache
def tables() -> Tables:
    """The data, read once a build."""
    return strikes2024.load()


@cache
def row_index(table: str) -> pd.DataFrame:
    """A table with its id as index."""
    frame: pd.DataFrame = getattr(tables(), table)
    return frame.set_index(frame.columns[0])


@cache
def actor_names() -> dict[str, str]:
    """Names by actor id."""
    return {str(k): str(v) for k, v in row_index("actors")["name"].items()}


class DataRole(SphinxRole):
    """Base of the roles: look an id up, or warn with the nearest ids."""

    def find(self, table: str, key: str) -> Any:
        """Row of a table by id; ``None`` and a warning where there is none."""
        rows = row_index(table)
        if key in rows.index:
            row: Any = rows.loc[key]
            return row
        self.unknown(f"{table} id", key, rows.index)
        return None

    def unknown(self, what: str, key: str, known: Iterable[Any]) -> None:
        """Warn of an unknown id, with the nearest known ones."""
        near = difflib.get_close_matches(key, [str(k) for k in known], n=3, cutoff=0.5)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        logger.warning("unknown %s %r%s", what, key, hint, location=self.get_location())

    def link(self, page: str, anchor: str, text: str, card: list[str], kind: str) -> nodes.Node:
        """A link to a row of the record; ``card`` are the lines to show on hover or focus."""
        target = self.env.app.builder.get_relative_uri(self.env.docname, page)
        html = (
            f'<a class="datum {kind}" href="{escape(target)}#{escape(anchor)}"'
            f' title="{escape("; ".join(card[:1]))}"'
            f' data-card="{escape(chr(10).join(card))}">{escape(text)}</a>'
        )
        node = nodes.raw("", html, format="html")
        node["text"] = text
        return node

    def use(self, *source_ids: Any) -> None:
        """Remember sources for the chapter's list."""
        used_sources(self.env, self.env.docname).update(str(s) for s in source_ids if pd.notna(s))


def used_sources(env: Any, docname: str) -> set[str]:
    """Source ids that the roles of a page have used so far."""
    if not hasattr(env, "strikes2024_sources"):
        env.strikes2024_sources = {}
    found: set[str] = env.strikes2024_sources.setdefault(docname, set())
    return found


def _who(row: pd.Series) -> str:
    name = actor_names()[row["claimant"]]
    return f"{name} ({row['speaker']})" if pd.notna(row["speaker"]) else name


def card(row: pd.Series) -> list[str]:
    """Lines of the card of a claim or tally: who, of which day, through whom, who differs."""
    source = row_index("sources").loc[row["source"]]
    lines = [f"{_who(row)}, as of {day(row['as_of'])}", f"Published by {source['publisher']}"]
    if pd.notna(row["cited_via"]):
        lines[-1] += f", citing {row_index('sources').loc[row['cited_via'], 'publisher']}"
    if str(row["status"]) != "stands":
        lines.append(STATUS[str(row["status"])].capitalize())
    others = rivals(row) if "metric" in row.index else []
    if others:
        lines.append("Others: " + "; ".join(others))
    return lines


STATUS = {
    "superseded": "later replaced by the same claimant",
    "corrected": "later corrected by the same claimant",
    "carrier_error": "slip of the carrier",
}


def rivals(row: pd.Series, limit: int = 4) -> list[str]:
    """What other claimants say of the same thing, where their figure differs, latest first.

    The same thing means: event, metric and country agree, both count the whole, and neither
    singles out a group of victims that the other does not count.
    """
    c = tables().claims
    if pd.isna(row["event"]) or str(row["scope"]) != "whole":
        return []
    fighters = {"militants", "pmf_members", "all_groups"}
    victims = fighters if row["victims"] in fighters else {row["victims"]}
    same = (c["event"] == row["event"]) & (c["metric"] == row["metric"]) & (c["scope"] == "whole")
    same &= (c["claimant"] != row["claimant"]) & (c["status"] == "stands")
    same &= c["country"].fillna("") == ("" if pd.isna(row["country"]) else row["country"])
    if pd.notna(row["victims"]):
        same &= c["victims"].isin(victims)
    own = quantity(row["low"], row["high"], str(row["qualifier"]))
    found = []
    for other in each(c[same.fillna(False)].sort_values("stated", ascending=False)):
        words = quantity(other.low, other.high, str(other.qualifier))
        if words != own:
            found.append(f"{actor_names()[other.claimant]} {words} ({day(other.stated)})")
    found = list(dict.fromkeys(found))
    return found[:limit] + ([f"{len(found) - limit} more"] if len(found) > limit else [])


class ClaimRole(DataRole):
    """``{claim}`id```: a figure with its hedge."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        key, _, form = self.text.partition(":")
        row = self.find("claims", key)
        if row is None:
            return [nodes.Text(key)], []
        self.use(row["source"])
        hedge = "exactly" if form == "number" else str(row["qualifier"])
        words = quantity(row["low"], row["high"], hedge)
        return [self.link(LEDGER, f"claim-{key}", words, card(row), "claim")], []


class TallyRole(DataRole):
    """``{tally}`id``` or ``{tally}`id:column```: a cumulative count."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        key, _, column = self.text.partition(":")
        row = self.find("tallies", key)
        if row is None:
            return [nodes.Text(key)], []
        column = column or "total"
        if column not in row.index or pd.isna(row[column]):
            self.unknown(f"figure in tally {key}", column, row.dropna().index)
            return [nodes.Text(key)], []
        self.use(row["source"])
        hedge = str(row["qualifier"]) if column == "total" else "exactly"
        words = quantity(row[column], row[column], hedge)
        return [self.link(LEDGER, f"tally-{key}", words, card(row), "claim")], []


class CalcRole(DataRole):
    """``{calc}`name```: a figure computed from the data."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if self.text not in FIGURES:
            self.unknown("figure", self.text, FIGURES)
            return [nodes.Text(self.text)], []
        node = nodes.inline("", FIGURES[self.text](tables()), classes=["datum", "calc"])
        return [node], []


class DayRole(DataRole):
    """``{day}`id```: the date of an event, step, measure, milestone or reaction."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        key, _, form = self.text.partition(":")
        for table, column in _DATED:
            rows = row_index(table)
            if key in rows.index:
                date: Any = rows.loc[key, "us_date" if form == "us" else column]
                if pd.isna(date):
                    break
                words = day(date, weekday=form == "weekday", year=form != "short")
                return [nodes.inline("", words, classes=["datum", "day"])], []
        self.unknown("dated row", key, [k for name, _ in _DATED for k in row_index(name).index])
        return [nodes.Text(key)], []


_DATED = (
    ("events", "start"),
    ("milestones", "date"),
    ("measures", "date"),
    ("steps", "date"),
    ("reactions", "date"),
    ("claims", "stated"),
    ("tallies", "as_of"),
)


class QuoteRole(DataRole):
    """``{quote}`reaction-id```: the quoted words of a reaction."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        row = self.find("reactions", self.text)
        if row is None:
            return [nodes.Text(self.text)], []
        if pd.isna(row["phrase"]):
            self.unknown("quotation in reaction", self.text, [])
            return [nodes.Text(self.text)], []
        self.use(row["source"])
        who = row["speaker"] if pd.notna(row["speaker"]) else actor_names()[row["actor"]]
        role = f", {row['role']}" if pd.notna(row["role"]) else ""
        when = f", {day(row['date'])}" if pd.notna(row["date"]) else ""
        publisher = row_index("sources").loc[row["source"], "publisher"]
        lines = [f"{who}{role}{when}", f"Published by {publisher}"]
        return [
            self.link(SOURCES, f"source-{row['source']}", f"“{row['phrase']}”", lines, "quote")
        ], []


class CiteRole(DataRole):
    """``{cite}`source-id```: a publication."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        row = self.find("sources", self.text)
        if row is None:
            return [nodes.Text(self.text)], []
        self.use(self.text)
        date = f", {day(row['published'])}" if pd.notna(row["published"]) else ""
        lines = [str(row["title"]), f"{row['publisher']}{date}"]
        return [self.link(SOURCES, f"source-{self.text}", str(row["publisher"]), lines, "cite")], []


class NameRole(DataRole):
    """``{actor}`id``` or ``{event}`id```: a name, linked to its row in the record."""

    def __init__(self, table: str, column: str) -> None:
        self.table, self.column = table, column

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        row = self.find(self.table, self.text)
        if row is None:
            return [nodes.Text(self.text)], []
        about = row["description"] if self.table == "actors" else row["summary"]
        anchor = f"{self.table[:-1]}-{self.text}"
        page = f"chapters/{self.table}"
        return [self.link(page, anchor, str(row[self.column]), [str(about)], "name")], []


def setup(app: Sphinx) -> None:
    """Register the roles."""
    roles: dict[str, Callable[[], DataRole]] = {
        "claim": ClaimRole,
        "tally": TallyRole,
        "calc": CalcRole,
        "day": DayRole,
        "quote": QuoteRole,
        "cite": CiteRole,
    }
    for name, role in roles.items():
        app.add_role(name, role())
    app.add_role("actor", NameRole("actors", "name"))
    app.add_role("event", NameRole("events", "title"))

    def forget(_app: Sphinx, env: Any, docname: str) -> None:
        getattr(env, "strikes2024_sources", {}).pop(docname, None)

    def merge(_app: Sphinx, env: Any, docnames: list[str], other: Any) -> None:
        for docname in docnames:
            used_sources(env, docname).update(used_sources(other, docname))

    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
