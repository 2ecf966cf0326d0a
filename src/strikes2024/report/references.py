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
from strikes2024.report.figures import FIGURES
from strikes2024.report.markup import listed, optional
from strikes2024.report.record import (
    actor_names,
    find_row,
    row_index,
    second_readings,
    tables,
    whole_claims,
)
from strikes2024.report.rows import WORDS
from strikes2024.wording import day, period, quantity

LEDGER, SOURCES = "chapters/ledger", "chapters/sources"


def who(row: pd.Series) -> str:
    """Return who made a claim or count: the claimant and, where one is named, the speaker."""
    name = actor_names()[row["claimant"]]
    return f"{name} ({row['speaker']})" if pd.notna(row["speaker"]) else name


def card(row: pd.Series) -> list[str]:
    """Lines of the card of a claim or tally: who, which day, through whom, who differs.

    Parameters
    ----------
    row
        A row of ``claims`` or ``tallies``.

    Returns
    -------
    list of str
        The first names the claimant and the day.
    """
    source = row_index("sources").loc[row["source"]]
    lines = [f"{who(row)}, as of {day(row['as_of'])}", f"Published by {source['publisher']}"]
    if pd.notna(row["cited_via"]):
        lines[-1] += f", citing {row_index('sources').loc[row['cited_via'], 'publisher']}"
    if str(row["status"]) != "stands":
        lines.append(WORDS["status"][str(row["status"])].capitalize())
    table = "claims" if "metric" in row.index else "tallies"
    lines.extend(filter(None, [reading(table, str(row.iloc[0]))]))
    others = rivals(row) if table == "claims" else other_counts(row)
    if others:
        lines.append("Others: " + "; ".join(others))
    return lines


def reading(table: str, key: str) -> str:
    """Whether a row was read a second time, and in which text; empty if it was not."""
    return second_readings(table).get(key, "")


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
        for r in rows.itertuples(index=False)
    ]
    return found[:limit]


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


class OfRow(Kind):
    """A reference to a row: ``id``, or ``id:form`` for another text of it."""

    table: ClassVar[str]
    page: ClassVar[str]
    anchor: ClassVar[str]

    def row(self, key: str) -> Any:
        return find_row(self.table, key.partition(":")[0])

    def place(self, key: str) -> tuple[str, str]:
        return f"chapters/{self.page}", f"{self.anchor}-{self.row(key).name}"


class Claim(OfRow):
    """``[at least 35](claim:id)``; ``id:number`` without the hedge."""

    name = anchor = "claim"
    more = "Row in the ledger"
    table = "claims"
    page = "ledger"

    def texts(self, key: str) -> tuple[str, ...]:
        row = self.row(key)
        hedge = "exactly" if key.endswith(":number") else str(row["qualifier"])
        return (quantity(row["low"], row["high"], hedge),)

    def card(self, key: str, text: str) -> list[str]:  # noqa: ARG002
        return card(self.row(key))

    def sources(self, key: str) -> list[str]:
        return [str(self.row(key)["source"])]


class Tally(Claim):
    """``[at least 160](tally:id)``, a cumulative count; ``id:syria`` for a part."""

    name = anchor = "tally"
    table = "tallies"

    def texts(self, key: str) -> tuple[str, ...]:
        row, column = self.row(key), key.partition(":")[2] or "total"
        if column not in row.index or pd.isna(row[column]):
            raise UnknownKeyError(f"figure in tally {row.name}", column, row.dropna().index)
        hedge = str(row["qualifier"]) if column == "total" else "exactly"
        return (quantity(row[column], row[column], hedge),)


class Interval(Claim):
    """``[at least 4](interval:id)``, a count over some days; ``[none](interval:id)`` for zero."""

    name = "interval"
    anchor = "count"
    table = "interval_counts"

    def texts(self, key: str) -> tuple[str, ...]:
        (text,) = super().texts(key)
        return ("none", "no") if text == "0" else (text,)

    def card(self, key: str, text: str) -> list[str]:  # noqa: ARG002
        row = self.row(key)
        lines = [
            f"{who(row)}, {day(row['stated'])}",
            f"Attacks of {period(row['start'], row['end'])}",
            f"Published by {find_row('sources', row['source'])['publisher']}",
            WORDS["status"].get(str(row["status"]), "").capitalize(),
            reading(self.table, key),
        ]
        return [line for line in lines if line]


class Calc(Kind):
    """``[54–55](calc:name)``, a computed figure."""

    name = "calc"
    more = "Where its parts stand"

    def texts(self, key: str) -> tuple[str, ...]:
        if key not in FIGURES:
            raise UnknownKeyError("figure", key, FIGURES)
        return (FIGURES[key].text(tables()),)

    def place(self, key: str) -> tuple[str, str]:
        page, _, anchor = FIGURES[key].place(tables()).partition("#")
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
            rows = row_index(table)
            if key in rows.index:
                date: Any = rows.loc[key, {"us": "us_date", "end": "end"}.get(form, column)]
                if pd.notna(date):
                    year = form not in ("short", "end")
                    return (day(date, weekday=form == "weekday", year=year),)
        raise UnknownKeyError(
            "dated row", key, [k for table in self.columns for k in row_index(table).index]
        )


class Cite(OfRow):
    """``[Reuters](cite:id)``, a publication."""

    name = "cite"
    more = "Source"
    table = page = "sources"
    anchor = "source"

    def texts(self, key: str) -> tuple[str, ...]:
        return (str(self.row(key)["publisher"]),)

    def card(self, key: str, text: str) -> list[str]:  # noqa: ARG002
        row = self.row(key)
        date = f", {day(row['published'])}" if pd.notna(row["published"]) else ""
        return [str(row["title"]), f"{row['publisher']}{date}"]

    def sources(self, key: str) -> list[str]:
        return [key]

    def address(self, key: str) -> str | None:
        return optional(self.row(key)["url"]) or None


class Quote(OfRow):
    """``[“…”](quote:id)``, quoted words of a reaction."""

    name = "quote"
    more = "Source"
    table = "reactions"

    def texts(self, key: str) -> tuple[str, ...]:
        row = self.row(key)
        if pd.isna(row["phrase"]):
            raise UnknownKeyError("quotation in reaction", key, [])
        return (f"“{row['phrase']}”",)

    def place(self, key: str) -> tuple[str, str]:
        return SOURCES, f"source-{self.row(key)['source']}"

    def card(self, key: str, text: str) -> list[str]:  # noqa: ARG002
        row = self.row(key)
        who = row["speaker"] if pd.notna(row["speaker"]) else actor_names()[row["actor"]]
        office = f", {row['role']}" if pd.notna(row["role"]) else ""
        when = f", {day(row['date'])}" if pd.notna(row["date"]) else ""
        publisher = find_row("sources", row["source"])["publisher"]
        return [f"{who}{office}{when}", f"Published by {publisher}"]

    def sources(self, key: str) -> list[str]:
        return [str(self.row(key)["source"])]


class Actor(OfRow):
    """``[SOHR](actor:id)``, a name or one of its aliases."""

    name = anchor = "actor"
    table = page = "actors"

    def texts(self, key: str) -> tuple[str, ...]:
        row = self.row(key)
        return (str(row["name"]), *listed(row["aliases"]))

    def card(self, key: str, text: str) -> list[str]:
        row = self.row(key)
        name = [] if text == row["name"] else [str(row["name"])]
        return [*name, *self.about(row)]

    def about(self, row: Any) -> list[str]:
        return [str(row["description"])]


class Person(Actor):
    """``[Mushtaq al-Saidi](person:id)``, someone whom a publication names; also ``id:age``."""

    name = anchor = "person"
    table = page = "people"

    def texts(self, key: str) -> tuple[str, ...]:
        if not key.endswith(":age"):
            return super().texts(key)
        age = self.row(key)["age"]
        if pd.isna(age):
            raise UnknownKeyError("age of", key.partition(":")[0], [])
        return (str(int(age)),)

    def about(self, row: Any) -> list[str]:
        unit = "" if pd.isna(row["unit"]) else f", {row['unit']}"
        who = actor_names()[row["named_by"]]
        return [f"{row['role']}{unit}", f"Named by {who}, {day(row['stated'])}"]

    def sources(self, key: str) -> list[str]:
        return [str(self.row(key)["source"])]


class Event(OfRow):
    """``[Attack on Tower 22](event:id)``, the title of an event, small at first in a sentence."""

    name = anchor = "event"
    table = page = "events"

    def texts(self, key: str) -> tuple[str, ...]:
        title = str(self.row(key)["title"])
        return title, title[0].lower() + title[1:]

    def card(self, key: str, text: str) -> list[str]:  # noqa: ARG002
        return [str(self.row(key)["summary"])]


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
