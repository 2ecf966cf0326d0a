"""Roles: values from the data in the middle of a sentence.

===============================  ==================================================
``{claim}`claim-id```            the figure with its hedge, linked to its ledger row
``{tally}`tally-id```            the same for a cumulative count; ``id:syria`` for a part
``{calc}`name```                 a computed figure of :mod:`strikes2024.figures`
``{day}`event-id```              a date in words; ``id:weekday`` with the day of the week
``{quote}`reaction-id```         quoted words with speaker and date, linked to the source
``{cite}`source-id```            a publication, linked to the list of sources
===============================  ==================================================

An unknown id is a warning that names file and line; the build treats it as an error.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd
from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

import strikes2024
from strikes2024.figures import FIGURES
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

    def link(self, page: str, anchor: str, text: str, title: str, kind: str) -> nodes.Node:
        """A link to a row of a page of the record, with a title to hover."""
        target = self.env.app.builder.get_relative_uri(self.env.docname, page)
        node = nodes.reference(
            "", text, internal=True, refuri=f"{target}#{anchor}", classes=["datum", kind]
        )
        node["reftitle"] = title
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


def describe(row: pd.Series) -> str:
    """One line on a claim or tally: who said it, of which day, through which publication."""
    source = row_index("sources").loc[row["source"]]
    return f"{_who(row)}, as of {day(row['as_of'])}; {source['publisher']}"


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
        return [self.link(LEDGER, f"claim-{key}", words, describe(row), "claim")], []


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
        return [self.link(LEDGER, f"tally-{key}", words, describe(row), "claim")], []


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
        title = f"{who}{role}{when}"
        return [
            self.link(SOURCES, f"source-{row['source']}", f"“{row['phrase']}”", title, "quote")
        ], []


class CiteRole(DataRole):
    """``{cite}`source-id```: a publication."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        row = self.find("sources", self.text)
        if row is None:
            return [nodes.Text(self.text)], []
        self.use(self.text)
        return [
            self.link(
                SOURCES, f"source-{self.text}", str(row["publisher"]), str(row["title"]), "cite"
            )
        ], []


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

    def forget(_app: Sphinx, env: Any, docname: str) -> None:
        getattr(env, "strikes2024_sources", {}).pop(docname, None)

    def merge(_app: Sphinx, env: Any, docnames: list[str], other: Any) -> None:
        for docname in docnames:
            used_sources(env, docname).update(used_sources(other, docname))

    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
