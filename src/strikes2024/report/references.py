"""References: values from the data in the middle of a sentence, written as links.

============================  ====================================================
``[words](claim:id)``         a figure with its hedge, linked to its ledger row
``[words](tally:id)``         the same for a cumulative count; ``id:syria`` for a part
``[words](calc:name)``        a computed figure of :mod:`strikes2024.report.figures`
``[words](day:id)``           a date; also ``id:weekday``, ``:short``, ``:end``, ``:us``
``[words](quote:id)``         quoted words of a reaction, with speaker and date
``[words](cite:id)``          a publication, linked to the list of sources
``[words](actor:id)``         a name or one of its aliases, linked to its row in the record
``[words](event:id)``         the title of an event, linked to its row
``[words](person:id)``        a name or one of its aliases, linked to the page of people
============================  ====================================================

A link reads well wherever Markdown is shown: in JupyterLab a chapter's sentences stand as in the
book. The words must be what the data say (``make words`` writes them; see
:mod:`strikes2024.report.labels`). An unknown id, or other words, are a warning that names file and
line; the build treats it as an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd
from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from strikes2024.analysis import ADVERSARIES, read_twice
from strikes2024.frames import each
from strikes2024.report.figures import FIGURES
from strikes2024.report.labels import KINDS, UnknownKeyError, find, row_index, tables, words
from strikes2024.wording import day, quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)

LEDGER, SOURCES = "chapters/ledger", "chapters/sources"


@cache
def actor_names() -> dict[str, str]:
    """Names by actor id."""
    return {str(k): str(v) for k, v in row_index("actors")["name"].items()}


@dataclass(frozen=True)
class Page:
    """The page that a reference stands on: makes links from it, and keeps its sources."""

    env: BuildEnvironment

    def link(self, kind: str, page: str, anchor: str, text: str, card: list[str]) -> nodes.Node:
        """Return a link to a row of the record; ``card`` are the lines for hover or focus."""
        target = self.env.app.builder.get_relative_uri(self.env.docname, page)
        if anchor:
            target += f"#{anchor}"
        html = (
            f'<a class="datum {kind}" href="{escape(target)}"'
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
    """Source ids that the references of a page have used so far."""
    if not hasattr(env, "strikes2024_sources"):
        env.strikes2024_sources = {}
    found: set[str] = env.strikes2024_sources.setdefault(docname, set())
    return found


def _who(row: pd.Series) -> str:
    name = actor_names()[row["claimant"]]
    return f"{name} ({row['speaker']})" if pd.notna(row["speaker"]) else name


def card(row: pd.Series) -> list[str]:
    """Lines of the card of a claim or tally: who, which day, through whom, who differs."""
    source = row_index("sources").loc[row["source"]]
    lines = [f"{_who(row)}, as of {day(row['as_of'])}", f"Published by {source['publisher']}"]
    if pd.notna(row["cited_via"]):
        lines[-1] += f", citing {row_index('sources').loc[row['cited_via'], 'publisher']}"
    if str(row["status"]) != "stands":
        lines.append(STATUS[str(row["status"])].capitalize())
    table = "claims" if "metric" in row.index else "tallies"
    lines.extend(filter(None, [reading(table, str(row.iloc[0]))]))
    others = rivals(row) if table == "claims" else other_counts(row)
    if others:
        lines.append("Others: " + "; ".join(others))
    return lines


STATUS = {
    "superseded": "later replaced by the same claimant",
    "corrected": "later corrected by the same claimant",
    "carrier_error": "slip of the carrier",
}


@cache
def _readings(table: str) -> dict[str, str]:
    return {str(row.row_id): str(row.text) for row in each(read_twice(tables().audit, table))}


def reading(table: str, key: str) -> str:
    """Whether a row was read a second time, and in which text; empty if it was not."""
    text = _readings(table).get(key)
    return READINGS[text] if text else ""


READINGS = {"cited": "Read twice", "other": "Read twice, the second time in another text"}


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


@cache
def whole_claims(event: str) -> list[Any]:
    """Standing claims on the whole of an event, the latest first, looked up once a build."""
    c = tables().claims
    own = (c["event"] == event) & (c["scope"] == "whole") & (c["status"] == "stands")
    return list(each(c[own.fillna(False)].sort_values("stated", ascending=False)))


def rivals(row: pd.Series, limit: int = 4) -> list[str]:
    """What other claimants say of the same thing, where their figure differs, latest first.

    The same thing means: event, metric and country agree, both count the whole, and neither
    singles out a group of victims that the other does not count.
    """
    if pd.isna(row["event"]) or str(row["scope"]) != "whole":
        return []
    victims = ADVERSARIES if row["victims"] in ADVERSARIES else (row["victims"],)
    own = quantity(row["low"], row["high"], str(row["qualifier"]))
    found = []
    for other in whole_claims(row["event"]):
        same = other.claimant != row["claimant"] and other.metric == row["metric"]
        same = same and _blank(other.country) == _blank(row["country"])
        if not same or (pd.notna(row["victims"]) and other.victims not in victims):
            continue
        words = quantity(other.low, other.high, str(other.qualifier))
        if words != own:
            found.append(f"{actor_names()[other.claimant]} {words} ({day(other.stated)})")
    found = list(dict.fromkeys(found))
    return found[:limit] + ([f"{len(found) - limit} more"] if len(found) > limit else [])


def _blank(cell: Any) -> str:
    return "" if pd.isna(cell) else str(cell)


def _claim(page: Page, key: str, text: str) -> nodes.Node:
    claim = key.partition(":")[0]
    row = find("claims", claim)
    page.use(row["source"])
    return page.link("claim", LEDGER, f"claim-{claim}", text, card(row))


def _tally(page: Page, key: str, text: str) -> nodes.Node:
    tally = key.partition(":")[0]
    row = find("tallies", tally)
    page.use(row["source"])
    return page.link("tally", LEDGER, f"tally-{tally}", text, card(row))


def _calc(page: Page, key: str, text: str) -> nodes.Node:
    figure = FIGURES[key]
    target, _, anchor = figure.place(tables()).partition("#")
    lines = ["Computed from the data", figure.how]
    return page.link("calc", f"chapters/{target}", anchor, text, lines)


def _day(_page: Page, key: str, text: str) -> nodes.Node:
    return nodes.inline(key, text, classes=["datum", "day"])


def _quote(page: Page, key: str, text: str) -> nodes.Node:
    row = find("reactions", key)
    page.use(row["source"])
    who = row["speaker"] if pd.notna(row["speaker"]) else actor_names()[row["actor"]]
    office = f", {row['role']}" if pd.notna(row["role"]) else ""
    when = f", {day(row['date'])}" if pd.notna(row["date"]) else ""
    publisher = find("sources", row["source"])["publisher"]
    lines = [f"{who}{office}{when}", f"Published by {publisher}"]
    return page.link("quote", SOURCES, f"source-{row['source']}", text, lines)


def _cite(page: Page, key: str, text: str) -> nodes.Node:
    row = find("sources", key)
    page.use(key)
    date = f", {day(row['published'])}" if pd.notna(row["published"]) else ""
    lines = [str(row["title"]), f"{row['publisher']}{date}"]
    return page.link("cite", SOURCES, f"source-{key}", text, lines)


def _actor(page: Page, key: str, text: str) -> nodes.Node:
    row = find("actors", key)
    name = [] if text == row["name"] else [str(row["name"])]
    lines = [*name, str(row["description"])]
    return page.link("actor", "chapters/actors", f"actor-{key}", text, lines)


def _event(page: Page, key: str, text: str) -> nodes.Node:
    lines = [str(find("events", key)["summary"])]
    return page.link("event", "chapters/events", f"event-{key}", text, lines)


def _person(page: Page, key: str, text: str) -> nodes.Node:
    row = find("people", key)
    page.use(row["source"])
    name = [] if text == row["name"] else [str(row["name"])]
    unit = "" if pd.isna(row["unit"]) else f", {row['unit']}"
    who = actor_names()[row["named_by"]]
    lines = [*name, f"{row['role']}{unit}", f"Named by {who}, {day(row['stated'])}"]
    return page.link("person", "chapters/people", f"person-{key}", text, lines)


_SHOW: dict[str, Callable[[Page, str, str], nodes.Node]] = {
    "claim": _claim,
    "tally": _tally,
    "calc": _calc,
    "day": _day,
    "quote": _quote,
    "cite": _cite,
    "actor": _actor,
    "event": _event,
    "person": _person,
}


class References(SphinxTransform):
    """Set what the data say in place of each link whose scheme is a kind of reference."""

    default_priority = 300

    def apply(self, **_options: Any) -> None:
        page = Page(self.env)
        for link in list(self.document.findall(nodes.reference)):
            kind, _, key = str(link.get("refuri", "")).partition(":")
            if kind in KINDS:
                link.replace_self(self._shown(page, kind, key, link))

    def _shown(self, page: Page, kind: str, key: str, link: nodes.reference) -> nodes.Node:
        said = " ".join(link.astext().split())
        try:
            accepted = words(kind, key)
        except UnknownKeyError as error:
            logger.warning("%s", error, location=link)
            return nodes.Text(said or key)
        if said not in accepted:
            logger.warning(
                "the chapter says %r, the data say %r; run `make words`",
                said,
                accepted[0],
                location=link,
            )
        return _SHOW[kind](page, key, said if said in accepted else accepted[0])


def _add_schemes(_app: Sphinx, config: Config) -> None:
    """Let MyST pass our links on as they are; it looks for a page behind unknown schemes."""
    schemes: Any = config.myst_url_schemes
    known = schemes if isinstance(schemes, dict) else dict.fromkeys(schemes or ())
    ours: Any = {**known, **dict.fromkeys(KINDS)}
    config.myst_url_schemes = ours


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_transform(References)
    app.connect("config-inited", _add_schemes)

    def forget(_app: Sphinx, env: Any, docname: str) -> None:
        getattr(env, "strikes2024_sources", {}).pop(docname, None)

    def merge(_app: Sphinx, env: Any, docnames: list[str], other: Any) -> None:
        for docname in docnames:
            used_sources(env, docname).update(used_sources(other, docname))

    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
