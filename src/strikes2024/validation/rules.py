"""Checks of sense that a schema cannot express: each takes the tables and yields faults.

``rules.toml`` has those that an expression can say, mostly of a row by itself or with the rows that
it points to; those here need more. Keys that point nowhere are left to the schema.
"""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from importlib.resources import files
from typing import Any, TypeAlias

import pandas as pd

from strikes2024.schema import Fault, read_package
from strikes2024.tables import COUNTRIES, Tables, split

Check: TypeAlias = Callable[[Tables], Iterable[Fault]]
Row: TypeAlias = dict[str, Any]

_DAY = pd.Timedelta(days=1)
_LOCAL = pd.Timedelta(hours=3)  # local time is UTC+3 in Iraq, Syria and Jordan
_COUNTS = ("total", *COUNTRIES, "injured", "killed")


def _rows(frame: pd.DataFrame) -> Iterator[tuple[int, Row]]:
    """Yield each row with its number in the file; missing is ``None``.

    The index counts the rows of the file from 0, and may have gaps.
    """
    plain = frame.astype(object).where(frame.notna(), None)
    for at, row in zip(frame.index, plain.to_numpy().tolist(), strict=True):
        yield at + 2, dict(zip(frame.columns, row, strict=True))


def _text(value: Any) -> str:
    """Write a value much as it is in the file."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.tzinfo is None else f"{value:%Y-%m-%dT%H:%MZ}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _fault(table: str, number: int, row: Row, field: str, expected: str) -> Fault:
    return Fault(f"{table}.csv", number, field, _text(row[field]), expected)


def _faults(
    table: str, frame: pd.DataFrame, wrong: pd.Series, field: str, expected: str
) -> Iterator[Fault]:
    """Yield a fault for each row that is wrong; ``expected`` may name columns in braces."""
    if wrong.any():
        for number, row in _rows(frame[wrong.fillna(False)]):
            texts = {name: _text(value) for name, value in row.items()}
            yield _fault(table, number, row, field, expected.format(**texts))


def _joined(frame: pd.DataFrame, key: str, other: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Join columns of the rows that a column's keys name, as ``KEY_COLUMN``; by default all."""
    named = other.drop_duplicates(other.columns[0]).set_index(other.columns[0])
    return frame.join(named[list(columns or named)].add_prefix(f"{key}_"), on=key)


def _broken(rule: Mapping[str, Any], tables: Tables) -> Iterator[Fault]:
    """Yield the rows that break a rule of ``rules.toml``, which says what its parts are."""
    for name in rule["tables"]:
        frame = tables[name].assign(key=tables[name].iloc[:, 0])
        for column, other in rule.get("join", {}).items():
            frame = _joined(frame, column, tables[other])
        for column, text in rule.get("given", {}).items():
            frame[column] = frame.eval(text, engine="python")
        wrong: Any = frame.eval(rule["wrong"], engine="python")
        yield from _faults(name, frame, wrong, rule["field"], rule["expected"])


_FORMS = tomllib.loads((files("strikes2024.validation") / "rules.toml").read_text(encoding="utf-8"))


def tally_parts(tables: Tables) -> Iterator[Fault]:
    """Check that rows by base add up to no more than the count that they are part of."""
    frame = _joined(tables.tallies, "part_of", tables.tallies, "as_of")
    frame = _joined(frame, "place", tables.places, "country")
    part = frame["place"].notna() & frame["part_of_as_of"].notna()
    for column, country in ({"total": None} | COUNTRIES).items():
        own = frame[part & (frame["place_country"].eq(country) if country else True)]
        sums = frame["tally_id"].map(own.groupby("part_of")["total"].sum()).astype("Int64")
        expected = "a number not below the sum of its rows by base ({parts})"
        summed = frame.assign(parts=sums)
        yield from _faults("tallies", summed, sums > frame[column], column, expected)


def _earlier(one: Row, other: Row) -> bool:
    """Tell whether a count came before another on both clocks."""
    days, others = (one["as_of"], one["stated"]), (other["as_of"], other["stated"])
    return days != others and days[0] <= others[0] and days[1] <= others[1]


def _explained(row: Row) -> bool:
    return row["supersedes"] is not None or str(row["note"]).startswith("Lower than")


def _falls(members: list[tuple[int, Row]], field: str) -> Iterator[Fault]:
    resets = [row for _, row in members if _explained(row)]
    given = [(number, row) for number, row in members if row[field] is not None]
    for number, row in given:
        if _explained(row):
            continue
        recent = [reset for reset in resets if _earlier(reset, row)]
        before = [
            old
            for _, old in given
            if _earlier(old, row) and not any(_earlier(old, reset) for reset in recent)
        ]
        highest = max(before, key=lambda old: int(old[field]), default=None)
        if highest and row[field] < highest[field]:
            expected = f"a number not below {highest[field]} ({highest['tally_id']}), a value in "
            expected += "supersedes, or a note that starts with 'Lower than'"
            yield _fault("tallies", number, row, field, expected)


def tallies_do_not_fall(tables: Tables) -> Iterator[Fault]:
    """Check that one claimant's standing count never falls without an explanation.

    A row that explains its fall is the new base for the rows after it.
    """
    lines: dict[tuple[Any, ...], list[tuple[int, Row]]] = defaultdict(list)
    for number, row in _rows(tables.tallies):
        if row["status"] == "stands":
            key = (row["claimant"], row["counts"], row["counted_from"], row["place"])
            lines[key].append((number, row))
    for members in lines.values():
        for field in _COUNTS:
            yield from _falls(members, field)


def interval_parts(tables: Tables) -> Iterator[Fault]:
    """Check that countries do not add up to more than the whole that the same statement gives."""
    counts = tables.interval_counts
    same = ["claimant", "speaker", "source", "stated", "start", "end", "first_day"]
    part = counts["country"].notna() & (counts["status"] == "stands")
    low = counts.assign(low=counts["low"].where(part))
    sums = low.groupby(same, dropna=False, observed=True)["low"].transform("sum")
    wrong = counts["country"].isna() & (sums > counts["high"])
    expected = "a number not below the sum of its countries ({parts})"
    yield from _faults("interval_counts", counts.assign(parts=sums), wrong, "high", expected)


def step_clocks(tables: Tables) -> Iterator[Fault]:
    """Check that the UTC moment of a step is its local day and time less three hours."""
    steps = tables.steps
    clock = pd.to_timedelta(steps["local_time"] + ":00", errors="coerce")
    frame = steps.assign(moment=(steps["date"] + clock - _LOCAL).dt.tz_localize("UTC"))
    expected = "{moment}, the local time minus 3 hours"
    wrong = steps["local_time"].notna() & (frame["utc"] != frame["moment"])
    yield from _faults("steps", frame, wrong, "utc", expected)


def unused_sources(tables: Tables) -> Iterator[Fault]:
    """Check that some row rests on each publication."""
    used: set[str] = set()
    for name, table in read_package().tables.items():
        for field in table.fields:
            if field.reference and field.reference.table == "sources":
                used.update(*split(tables[name][field.name].drop_duplicates()))
    unused = ~tables.sources["source_id"].isin(used)
    expected = "a source that some row rests on"
    yield from _faults("sources", tables.sources, unused, "source_id", expected)


def audited_rows(tables: Tables) -> Iterator[Fault]:
    """Check that each row of the audit is there."""
    for name, rows in tables.audit.groupby("table", observed=True):
        lost = ~rows["row_id"].isin(tables[str(name)].iloc[:, 0])
        yield from _faults("audit", rows, lost, "row_id", "the key of a row of {table}")


def id_days(tables: Tables) -> Iterator[Fault]:
    """Check that the day in an id, if it has one, is the day of the row."""
    for table, columns in _FORMS["id_days"].items():
        frame = tables[table]
        day = frame.iloc[:, 0].str.extract(r".*(\d{4}-\d{2}-\d{2})", expand=False)
        days = frame[columns].apply(lambda column: column.dt.strftime("%Y-%m-%d"))
        other = days.notna().any(axis=1) & ~days.eq(day, axis=0).any(axis=1)
        for number, row in _rows(frame[other & day.notna()]):
            own = dict.fromkeys(_text(row[column]) for column in columns if row[column])
            expected = f"an id with the day of the row, {' or '.join(own)}"
            yield _fault(table, number, row, str(frame.columns[0]), expected)


def step_words(tables: Tables) -> Iterator[Fault]:
    """Check that what is said in a step was stated on its day.

    Steps go by local days, claims by the day of the speaker, which may be one earlier.
    """
    said = tables.steps[tables.steps["kind"] == "word"]
    frame = said.assign(claim=said["claims"].str.split(";")).explode("claim")
    frame = _joined(frame, "claim", tables.claims, "stated", "stated_basis")
    before, after = frame["date"] - _DAY, frame["date"]
    other = (frame["claim_stated"] < before) | (frame["claim_stated"] > after)
    wrong = other & (frame["claim_stated_basis"] != "not_before")
    expected = "claims stated on {date} or the day before; {claim} was stated on {claim_stated}"
    yield from _faults("steps", frame, wrong, "claims", expected)


def standing_twice(tables: Tables) -> Iterator[Fault]:
    """Check that a claimant has one standing figure for one thing.

    Undated statements and claimants without a name are skipped: nobody knows their order, or
    whether the same person spoke. What is counted up to a day is another thing on another day.
    """
    claims, actors = tables.claims, tables.actors
    stands = (claims["status"] == "stands") & (claims["scope"] == "whole")
    stands &= claims["stated_basis"] != "not_before"
    stands &= ~claims["claim_id"].isin(claims["supersedes"].dropna())
    stands &= ~claims["claimant"].isin(actors["actor_id"][actors["kind"] == "unnamed"])
    claims = _joined(claims[stands], "event", tables.events, "kind")
    counted = claims["event_kind"].isna() | (claims["event_kind"] == "campaign")
    days = claims[["period_start", "as_of"]].where(counted).add_prefix("counted_")
    subject = ["event", "place", "actor", "metric", "unit", "victims", "country", "claimant", *days]

    def first(keys: list[str]) -> pd.Series:
        same = claims.join(days).groupby(keys, dropna=False, observed=True)
        return same["claim_id"].transform("first")

    claims = claims.assign(first=first(subject))
    # Of those with one figure the first is the first of all, unless another was given before.
    other = first([*subject, "low", "high", "qualifier"]) != claims["first"]
    expected = "another status here or in {first}, which stands for the same"
    yield from _faults("claims", claims, other, "status", expected)


def parts_of_places(tables: Tables) -> Iterator[Fault]:
    """Check that a figure for one of several places that an event hit is marked as a part."""
    hit = tables.events[["event_id", "places"]]
    hit = hit.assign(place=hit["places"].str.split(";")).explode("place").drop_duplicates()
    hit = _joined(hit, "place", tables.places, "kind", "country")
    hit = hit[hit["place_kind"].notna() & ~hit["place_kind"].isin(["country", "province"])]
    several = hit.groupby(["event_id", "place_country"])["place"].transform("size") > 1
    hit = hit[several].rename(columns={"event_id": "event", "place_country": "country"})
    claims = tables.claims
    whole = (claims["status"] == "stands") & (claims["scope"] == "whole")
    keys = ["event", "country", "place"]
    wrong = whole & pd.MultiIndex.from_frame(claims[keys]).isin(pd.MultiIndex.from_frame(hit[keys]))
    expected = "part, since {event} hit places other than {place}"
    yield from _faults("claims", claims, wrong, "scope", expected)


def us_statements(tables: Tables) -> Iterator[Fault]:
    """Check that no event is without a US statement while a claim or attribution is one.

    Strikes by others, or attributed to the US by one side only, are skipped.
    """
    ours = tables.actors["actor_id"][tables.actors["side"] == "us"]
    spoken: dict[str, str] = {}
    for table in ("attributions", "claims"):
        own = tables[table][tables[table]["claimant"].isin(ours)].iloc[::-1]
        key = str(own.columns[0])
        spoken |= dict(zip(own["event"], f"{key} " + own[key], strict=True))
    events = tables.events.assign(statement=tables.events["event_id"].map(spoken))
    passed = events["kind"].isin(["campaign", "israeli_strike", "disputed_strike"])
    wrong = events["statement"].notna() & events["us_confirmed"].isna() & ~passed
    expected = "yes or no, since there is a US statement ({statement})"
    yield from _faults("events", events, wrong, "us_confirmed", expected)


CHECKS: tuple[Check, ...] = (
    *(partial(_broken, rule) for rule in _FORMS["rules"]),
    tally_parts,
    tallies_do_not_fall,
    interval_parts,
    step_clocks,
    unused_sources,
    audited_rows,
    id_days,
    step_words,
    standing_twice,
    parts_of_places,
    us_statements,
)
