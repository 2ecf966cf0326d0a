"""The kinds of reference that a chapter may use, as in ``[at least 35](claim:some-id)``.

============================  ====================================================
``[text](claim:id)``          a figure with its hedge, linked to its ledger row
``[text](tally:id)``          the same for a cumulative count; ``id:syria`` for a part
``[text](interval:id)``       a count of attacks over some days, “none” where there was none
``[text](calc:name)``         a computed figure of :mod:`strikes2024.report.figures`
``[text](day:id)``            a date; also ``id:weekday``, ``:short``, ``:end``, ``:us``
``[text](quote:id)``          quoted words of a reaction, with speaker and date
``[text](cite:id)``           a publication, linked to the list of sources
``[text](actor:id)``          a name or one of its aliases, linked to its row in the record
``[text](event:id)``          the title of an event, linked to its row
``[text](person:id)``         a name or one of its aliases, linked to the page of people;
                              ``id:age`` for the age as published
============================  ====================================================

A link reads well wherever Markdown is shown: in JupyterLab a chapter's sentences stand as in the
book. ``python -m strikes2024.report.references FILE…`` (``make words``) writes what the data say
into chapters; :mod:`claimbook.references` sets the links.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sphinx.application import Sphinx

from claimbook.references import Kind, UnknownKeyError, add_kinds, update
from strikes2024.analysis import ADVERSARIES
from strikes2024.report import record
from strikes2024.report.figures import FIGURES, figure
from strikes2024.report.markup import filled
from strikes2024.report.rows import hedged
from strikes2024.wording import day, quantity

SOURCES = "chapters/sources"
_WEEK = pd.Timedelta(days=7)


@dataclass(frozen=True)
class OfRow(Kind):
    """A reference to a row: ``id``, or ``id:form`` for another text of it.

    The templates of the kind's name say what it may say, a text a line, and what its card says.
    ``source`` is the column of the publication that a text rests on.
    """

    name: str
    table: str
    page: str
    anchor: str
    more: str = "More"
    source: str = ""

    def row(self, key: str) -> Any:
        return record.find_row(self.table, key.partition(":")[0])

    def texts(self, key: str) -> tuple[str, ...]:
        found = self._lines("texts", key, form=key.partition(":")[2])
        if not found:
            raise UnknownKeyError(f"text of the {self.name}", key, [])
        return tuple(found)

    def place(self, key: str) -> tuple[str, str]:
        return f"chapters/{self.page}", f"{self.anchor}-{self.row(key)[0]}"

    def card(self, key: str, text: str) -> list[str]:
        return self._lines("cards", key, text=text, table=self.table, rivals=rivals, near=near)

    def sources(self, key: str) -> list[str]:
        return [getattr(self.row(key), self.source)] if self.source else []

    def _lines(self, folder: str, key: str, **values: Any) -> list[str]:
        written = filled(f"{folder}/{self.name}.txt", row=self.row(key), record=record, **values)
        return [line for line in str(written).splitlines() if line]


class Cite(OfRow):
    """``[Reuters](cite:id)``, a publication, which may have an address of its own."""

    def address(self, key: str) -> str | None:
        url: str | None = self.row(key).url
        return url


class Quote(OfRow):
    """``[“…”](quote:id)``, quoted words of a reaction, linked to their publication."""

    def place(self, key: str) -> tuple[str, str]:
        return SOURCES, f"source-{self.row(key).source}"


def rivals(row: Any) -> list[str]:
    """What other claimants say of the same thing, where their figure differs, latest first.

    The same thing means: event, metric and country agree, both count the whole, and neither
    singles out a group of victims that the other does not count.
    """
    if not row.event or row.scope != "whole":
        return []
    victims = ADVERSARIES if row.victims in ADVERSARIES else (row.victims,)
    found = [
        other
        for other in record.rows("claims").values()
        if (other.event, other.metric, other.country) == (row.event, row.metric, row.country)
        and (other.scope, other.status) == ("whole", "stands")
        and other.claimant != row.claimant
        and (not row.victims or other.victims in victims)
        and hedged(other) != hedged(row)
    ]
    found.sort(key=lambda other: other.stated, reverse=True)
    words = [f"{record.actor(o.claimant)} {hedged(o)} ({day(o.stated)})" for o in found]
    told = list(dict.fromkeys(words))
    return told[:4] + [f"{len(told) - 4} more"] * (len(told) > 4)


def near(row: Any) -> list[str]:
    """What others counted within a week of a cumulative count, nearest first."""

    def distance(other: Any) -> Any:
        return abs(other.as_of - row.as_of)

    found = [
        other
        for other in record.rows("tallies").values()
        if other.claimant != row.claimant
        and not other.place
        and None not in (other.total, row.total)
        and other.total != row.total
        and distance(other) <= _WEEK
    ]
    return [
        f"{record.actor(o.claimant)} {quantity(o.total, o.total, o.qualifier)} ({day(o.as_of)})"
        for o in sorted(found, key=distance)[:3]
    ]


class Calc(Kind):
    """``[54–55](calc:name)``, a computed figure."""

    name = "calc"
    more = "Where its parts stand"

    def texts(self, key: str) -> tuple[str, ...]:
        if key not in FIGURES:
            raise UnknownKeyError("figure", key, FIGURES)
        return (figure(record.tables(), key),)

    def place(self, key: str) -> tuple[str, str]:
        page, _, anchor = figure(record.tables(), key, "page").partition("#")
        return f"chapters/{page}", anchor

    def card(self, key: str, text: str) -> list[str]:  # noqa: ARG002
        return ["Computed from the data", FIGURES[key]["how"]]


class Day(Kind):
    """``[28 January 2024](day:id)``; also ``id:weekday``, ``:short``, ``:end``, ``:us``."""

    name = "day"
    columns = {  # noqa: RUF012 - by table, in the order in which ids are looked for
        "events": "start",
        "milestones": "date",
        "measures": "date",
        "steps": "date",
        "reactions": "date",
        "claims": "stated",
        "tallies": "as_of",
    }

    def texts(self, key: str) -> tuple[str, ...]:
        key, _, form = key.partition(":")
        for table, column in self.columns.items():
            if key in record.rows(table):
                named = {"us": "us_date", "end": "end"}.get(form, column)
                date = getattr(record.rows(table)[key], named, None)
                if date is not None:
                    year = form not in ("short", "end")
                    return (day(date, weekday=form == "weekday", year=year),)
        known = [k for table in self.columns for k in record.rows(table)]
        raise UnknownKeyError("dated row", key, known)


_LEDGER = "Row in the ledger"
ROWS = (
    OfRow("claim", "claims", "ledger", "claim", _LEDGER, "source"),
    OfRow("tally", "tallies", "ledger", "tally", _LEDGER, "source"),
    OfRow("interval", "interval_counts", "ledger", "count", _LEDGER, "source"),
    Cite("cite", "sources", "sources", "source", "Source", "source_id"),
    OfRow("actor", "actors", "actors", "actor"),
    OfRow("event", "events", "events", "event"),
    OfRow("person", "people", "people", "person", source="source"),
)
_QUOTE = Quote("quote", "reactions", "sources", "source", "Source", "source")
KINDS: dict[str, Kind] = {kind.name: kind for kind in (*ROWS, _QUOTE, Calc(), Day())}


def main(names: list[str]) -> int:
    """Write what the data say into the chapters named; say which were changed."""
    for name in names:
        path = Path(name)
        old = path.read_text(encoding="utf-8")
        try:
            new = update(old, KINDS)
        except UnknownKeyError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 1
        if new != old:
            path.write_text(new, encoding="utf-8")
            print(f"{name}: references renewed")
    return 0


def setup(app: Sphinx) -> None:
    """Hand the kinds to the engine."""
    add_kinds(app, *KINDS.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
