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
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
from sphinx.application import Sphinx

from claimbook.references import Kind, UnknownKeyError, add_kinds, update
from strikes2024.analysis import ADVERSARIES
from strikes2024.report import record
from strikes2024.report.figures import FIGURES
from strikes2024.report.markup import filled
from strikes2024.report.rows import hedged, listed
from strikes2024.wording import day, quantity

SOURCES = "chapters/sources"
_WEEK = pd.Timedelta(days=7)


class OfRow(Kind):
    """A reference to a row: ``id``, or ``id:form`` for another text of it."""

    table: ClassVar[str]
    page: ClassVar[str]
    anchor: ClassVar[str]

    def row(self, key: str) -> Any:
        return record.find_row(self.table, key.partition(":")[0])

    def place(self, key: str) -> tuple[str, str]:
        return f"chapters/{self.page}", f"{self.anchor}-{self.row(key)[0]}"

    def card(self, key: str, text: str) -> list[str]:
        """Fill the template of the kind's name."""
        row = self.row(key)
        values = {"row": row, "text": text, "others": self.others(row), "table": self.table}
        card = filled(f"cards/{self.name}.txt", record=record, **values)
        return [line for line in str(card).splitlines() if line]

    def others(self, row: Any) -> list[str]:  # noqa: ARG002
        """What others say of the same thing."""
        return []


class Claim(OfRow):
    """``[at least 35](claim:id)``; ``id:number`` without the hedge."""

    name = anchor = "claim"
    more = "Row in the ledger"
    table = "claims"
    page = "ledger"

    def texts(self, key: str) -> tuple[str, ...]:
        row = self.row(key)
        return (quantity(row.low, row.high, "exactly") if key.endswith(":number") else hedged(row),)

    def sources(self, key: str) -> list[str]:
        return [self.row(key).source]

    def others(self, row: Any) -> list[str]:
        """What other claimants say of the same thing, where their figure differs, latest first.

        The same thing means: event, metric and country agree, both count the whole, and neither
        singles out a group of victims that the other does not count.
        """
        if not row.event or row.scope != "whole":
            return []
        victims = ADVERSARIES if row.victims in ADVERSARIES else (row.victims,)
        rivals = [
            other
            for other in record.rows("claims").values()
            if (other.event, other.metric, other.country) == (row.event, row.metric, row.country)
            and (other.scope, other.status) == ("whole", "stands")
            and other.claimant != row.claimant
            and (not row.victims or other.victims in victims)
            and hedged(other) != hedged(row)
        ]
        rivals.sort(key=lambda other: other.stated, reverse=True)
        words = [f"{record.actor(o.claimant)} {hedged(o)} ({day(o.stated)})" for o in rivals]
        found = list(dict.fromkeys(words))
        return found[:4] + [f"{len(found) - 4} more"] * (len(found) > 4)


class Tally(Claim):
    """``[at least 160](tally:id)``, a cumulative count; ``id:syria`` for a part."""

    name = anchor = "tally"
    table = "tallies"

    def texts(self, key: str) -> tuple[str, ...]:
        row, column = self.row(key), key.partition(":")[2] or "total"
        count = getattr(row, column, None)
        if count is None:
            known = [name for name, cell in row._asdict().items() if cell is not None]
            raise UnknownKeyError(f"figure in tally {row.tally_id}", column, known)
        return (quantity(count, count, row.qualifier if column == "total" else "exactly"),)

    def others(self, row: Any) -> list[str]:
        """What others counted within a week, nearest first."""

        def distance(other: Any) -> Any:
            return abs(other.as_of - row.as_of)

        near = [
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
            for o in sorted(near, key=distance)[:3]
        ]


class Interval(Claim):
    """``[at least 4](interval:id)``, a count over some days; ``[none](interval:id)`` for zero."""

    name = "interval"
    anchor = "count"
    table = "interval_counts"

    def texts(self, key: str) -> tuple[str, ...]:
        (text,) = super().texts(key)
        return ("none", "no") if text == "0" else (text,)

    def others(self, row: Any) -> list[str]:  # noqa: ARG002
        return []


class Calc(Kind):
    """``[54–55](calc:name)``, a computed figure."""

    name = "calc"
    more = "Where its parts stand"

    def texts(self, key: str) -> tuple[str, ...]:
        if key not in FIGURES:
            raise UnknownKeyError("figure", key, FIGURES)
        return (FIGURES[key].text(record.tables()),)

    def place(self, key: str) -> tuple[str, str]:
        page, _, anchor = FIGURES[key].place(record.tables()).partition("#")
        return f"chapters/{page}", anchor

    def card(self, key: str, text: str) -> list[str]:  # noqa: ARG002
        return ["Computed from the data", FIGURES[key].how]


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


class Cite(OfRow):
    """``[Reuters](cite:id)``, a publication."""

    name = "cite"
    more = "Source"
    table = page = "sources"
    anchor = "source"

    def texts(self, key: str) -> tuple[str, ...]:
        return (self.row(key).publisher,)

    def sources(self, key: str) -> list[str]:
        return [key]

    def address(self, key: str) -> str | None:
        url: str | None = self.row(key).url
        return url


class Quote(OfRow):
    """``[“…”](quote:id)``, quoted words of a reaction."""

    name = "quote"
    more = "Source"
    table = "reactions"

    def texts(self, key: str) -> tuple[str, ...]:
        row = self.row(key)
        if not row.phrase:
            raise UnknownKeyError("quotation in reaction", key, [])
        return (f"“{row.phrase}”",)

    def place(self, key: str) -> tuple[str, str]:
        return SOURCES, f"source-{self.row(key).source}"

    def sources(self, key: str) -> list[str]:
        return [self.row(key).source]


class Actor(OfRow):
    """``[SOHR](actor:id)``, a name or one of its aliases."""

    name = anchor = "actor"
    table = page = "actors"

    def texts(self, key: str) -> tuple[str, ...]:
        row = self.row(key)
        return (row.name, *listed(row.aliases))


class Person(Actor):
    """``[Mushtaq al-Saidi](person:id)``, someone whom a publication names; also ``id:age``."""

    name = anchor = "person"
    table = page = "people"

    def texts(self, key: str) -> tuple[str, ...]:
        if not key.endswith(":age"):
            return super().texts(key)
        age = self.row(key).age
        if age is None:
            raise UnknownKeyError("age of", key.partition(":")[0], [])
        return (str(age),)

    def sources(self, key: str) -> list[str]:
        return [self.row(key).source]


class Event(OfRow):
    """``[Attack on Tower 22](event:id)``, the title of an event, small at first in a sentence."""

    name = anchor = "event"
    table = page = "events"

    def texts(self, key: str) -> tuple[str, ...]:
        title = self.row(key).title
        return title, title[0].lower() + title[1:]


_KINDS = (Claim, Tally, Interval, Calc, Day, Quote, Cite, Actor, Event, Person)
KINDS: dict[str, Kind] = {kind.name: kind() for kind in _KINDS}


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
