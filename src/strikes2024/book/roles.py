"""Roles: values from the data in the middle of a sentence.

=============================  ====================================================
``{claim}`words <id>```        a figure with its hedge, linked to its ledger row
``{tally}`words <id>```        the same for a cumulative count; ``id:syria`` for a part
``{calc}`words <name>```       a computed figure of :mod:`strikes2024.figures`
``{day}`words <id>```          a date; also ``id:weekday``, ``:short``, ``:end``, ``:us``
``{quote}`words <id>```        quoted words of a reaction, with speaker and date
``{cite}`words <id>```         a publication, linked to the list of sources
``{actor}`words <id>```        a name, linked to its row in the record
``{event}`words <id>```        the title of an event, linked to its row
=============================  ====================================================

The words in front of the id may be left out; where they stand they must be what the data say
(see :mod:`strikes2024.book.words`). An unknown id, or other words, are a warning that names file
and line; the build treats it as an error.
"""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd
from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from strikes2024.analysis import ADVERSARIES
from strikes2024.book.words import UnknownKeyError, find, row_index, split, tables, words
from strikes2024.figures import FIGURES
from strikes2024.frames import each
from strikes2024.text import day, quantity

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)

LEDGER, SOURCES = "chapters/ledger", "chapters/sources"


@cache
def actor_names() -> dict[str, str]:
    """Names by actor id."""
    return {str(k): str(v) for k, v in row_index("actors")["name"].items()}


class DataRole(SphinxRole):
    """Base of the roles: the words come from the data, the link and its card from here."""

    role = ""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        said, key = split(self.text)
        try:
            text = words(self.role, key)
        except UnknownKeyError as error:
            logger.warning("%s", error, location=self.get_location())
            return [nodes.Text(said or key)], []
        if said is not None and said != text:
            logger.warning(
                "the chapter says %r, the data say %r; run `make words`",
                said,
                text,
                location=self.get_location(),
            )
        return [self.show(key, text)], []

    def show(self, key: str, text: str) -> nodes.Node:
        """Return the node for the words: plain text, unless a role has more to offer."""
        return nodes.inline(key, text, classes=["datum", self.role])

    def link(self, page: str, anchor: str, text: str, card: list[str]) -> nodes.Node:
        """A link to a row of the record; ``card`` are the lines to show on hover or focus."""
        target = self.env.app.builder.get_relative_uri(self.env.docname, page)
        if anchor:
            target += f"#{anchor}"
        html = (
            f'<a class="datum {self.role}" href="{escape(target)}"'
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
    others = rivals(row) if "metric" in row.index else other_counts(row)
    if others:
        lines.append("Others: " + "; ".join(others))
    return lines


STATUS = {
    "superseded": "later replaced by the same claimant",
    "corrected": "later corrected by the same claimant",
    "carrier_error": "slip of the carrier",
}


def other_counts(row: pd.Series, days: int = 7, limit: int = 3) -> list[str]:
    """What others counted within a week of a tally, nearest first."""
    t = tables().tallies
    near = (t["as_of"] - row["as_of"]).abs()
    rows = t[
        (t["claimant"] != row["claimant"])
        & t["place"].isna()
        & t["total"].notna()
        & (t["total"] != row["total"]).fillna(False)
        & (near <= pd.Timedelta(days=days))
    ]
    rows = rows.loc[near[rows.index].sort_values(kind="stable").index]
    found = [
        f"{actor_names()[r.claimant]} {quantity(r.total, r.total, str(r.qualifier))} "
        f"({day(r.as_of)})"
        for r in each(rows)
    ]
    return found[:limit]


def rivals(row: pd.Series, limit: int = 4) -> list[str]:
    """What other claimants say of the same thing, where their figure differs, latest first.

    The same thing means: event, metric and country agree, both count the whole, and neither
    singles out a group of victims that the other does not count.
    """
    c = tables().claims
    if pd.isna(row["event"]) or str(row["scope"]) != "whole":
        return []
    victims = ADVERSARIES if row["victims"] in ADVERSARIES else (row["victims"],)
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
    """``{claim}``: a figure with its hedge."""

    role = "claim"

    def show(self, key: str, text: str) -> nodes.Node:
        claim = key.partition(":")[0]
        row = find("claims", claim)
        self.use(row["source"])
        return self.link(LEDGER, f"claim-{claim}", text, card(row))


class TallyRole(DataRole):
    """``{tally}``: a cumulative count."""

    role = "tally"

    def show(self, key: str, text: str) -> nodes.Node:
        tally = key.partition(":")[0]
        row = find("tallies", tally)
        self.use(row["source"])
        return self.link(LEDGER, f"tally-{tally}", text, card(row))


class CalcRole(DataRole):
    """``{calc}``: a figure computed from the data."""

    role = "calc"

    def show(self, key: str, text: str) -> nodes.Node:
        figure = FIGURES[key]
        page, _, anchor = figure.page.partition("#")
        return self.link(f"chapters/{page}", anchor, text, ["Computed from the data", figure.how])


class DayRole(DataRole):
    """``{day}``: the date of an event, step, measure, milestone or reaction."""

    role = "day"


class QuoteRole(DataRole):
    """``{quote}``: the quoted words of a reaction."""

    role = "quote"

    def show(self, key: str, text: str) -> nodes.Node:
        row = find("reactions", key)
        self.use(row["source"])
        who = row["speaker"] if pd.notna(row["speaker"]) else actor_names()[row["actor"]]
        office = f", {row['role']}" if pd.notna(row["role"]) else ""
        when = f", {day(row['date'])}" if pd.notna(row["date"]) else ""
        publisher = find("sources", row["source"])["publisher"]
        lines = [f"{who}{office}{when}", f"Published by {publisher}"]
        return self.link(SOURCES, f"source-{row['source']}", text, lines)


class CiteRole(DataRole):
    """``{cite}``: a publication."""

    role = "cite"

    def show(self, key: str, text: str) -> nodes.Node:
        row = find("sources", key)
        self.use(key)
        date = f", {day(row['published'])}" if pd.notna(row["published"]) else ""
        lines = [str(row["title"]), f"{row['publisher']}{date}"]
        return self.link(SOURCES, f"source-{key}", text, lines)


class ActorRole(DataRole):
    """``{actor}``: the name of an actor."""

    role = "actor"

    def show(self, key: str, text: str) -> nodes.Node:
        lines = [str(find("actors", key)["description"])]
        return self.link("chapters/actors", f"actor-{key}", text, lines)


class EventRole(DataRole):
    """``{event}``: the title of an event."""

    role = "event"

    def show(self, key: str, text: str) -> nodes.Node:
        lines = [str(find("events", key)["summary"])]
        return self.link("chapters/events", f"event-{key}", text, lines)


def setup(app: Sphinx) -> None:
    """Register the roles."""
    for role in (
        ClaimRole,
        TallyRole,
        CalcRole,
        DayRole,
        QuoteRole,
        CiteRole,
        ActorRole,
        EventRole,
    ):
        app.add_role(role.role, role())

    def forget(_app: Sphinx, env: Any, docname: str) -> None:
        getattr(env, "strikes2024_sources", {}).pop(docname, None)

    def merge(_app: Sphinx, env: Any, docnames: list[str], other: Any) -> None:
        for docname in docnames:
            used_sources(env, docname).update(used_sources(other, docname))

    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
