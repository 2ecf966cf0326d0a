"""Checks of sense that a schema cannot express: each takes the tables and yields faults.

``rules.toml`` has those that an expression can say, mostly of a row by itself or with the rows that
it points to; those here need more. Keys that point nowhere are left to the schema.
"""

import tomllib
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


def _text(value: Any) -> str:
    """Write a value much as it is in the file."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.tzinfo is None else f"{value:%Y-%m-%dT%H:%MZ}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _faults(
    table: str, frame: pd.DataFrame, wrong: pd.Series, field: str, expected: str
) -> Iterator[Fault]:
    """Yield a fault for each row that is wrong; ``expected`` may name columns in braces.

    The index counts the rows of the file from 0, and may have gaps.
    """
    if wrong.any():
        found = frame[wrong.fillna(False)].astype(object)
        plain = found.where(found.notna(), None)
        for at, row in zip(found.index, plain.to_dict("records"), strict=True):
            texts = {str(name): _text(value) for name, value in row.items()}
            yield Fault(f"{table}.csv", at + 2, field, texts[field], expected.format(**texts))


def _joined(frame: pd.DataFrame, key: str, other: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Join columns of the rows that a column's keys name, as ``KEY_COLUMN``."""
    named = other.drop_duplicates(other.columns[0]).set_index(other.columns[0])
    return frame.join(named[list(columns)].add_prefix(f"{key}_"), on=key)


def _broken(rule: Mapping[str, Any], tables: Tables) -> Iterator[Fault]:
    """Yield the rows that break a rule of ``rules.toml``, which says what its parts are."""
    for name in rule["tables"]:
        frame = tables[name].assign(key=tables[name].iloc[:, 0])
        for column, other in rule.get("join", {}).items():
            named = [str(own) for own in tables[other] if f"{column}_{own}" in str(rule)]
            frame = _joined(frame, column, tables[other], *named)
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


def tallies_do_not_fall(tables: Tables) -> Iterator[Fault]:
    """Check that one claimant's standing count never falls without an explanation.

    A row that explains its fall is the new base for the rows after it.
    """
    rows = tables.tallies[tables.tallies["status"] == "stands"]
    lower = rows["note"].str.startswith("Lower than").fillna(False)
    rows = rows.assign(at=rows.index, explained=rows["supersedes"].notna() | lower)
    pairs = rows.merge(
        rows, on=["claimant", "counts", "counted_from", "place"], suffixes=("", "_old")
    )
    clocks = pairs[["as_of", "stated"]]
    before = pairs[["as_of_old", "stated_old"]].set_axis(clocks.columns, axis=1)
    pairs = pairs[(before <= clocks).all(axis=1) & (before < clocks).any(axis=1)]
    # A row does not count for those that come after a new base.
    bases = pairs.loc[pairs["explained_old"], ["at", "at_old"]]
    passed = bases.merge(pairs[["at", "at_old"]], left_on="at_old", right_on="at")
    counted = ~pairs.set_index(["at", "at_old"]).index.isin(
        pd.MultiIndex.from_frame(passed[["at_x", "at_old_y"]])
    )
    pairs = pairs[counted & ~pairs["explained"]]
    for field in ("total", *COUNTRIES, "injured", "killed"):
        old = f"{field}_old"
        fallen = pairs[pairs[field] < pairs[old]].sort_values(old, ascending=False, kind="stable")
        fallen = fallen.drop_duplicates("at").set_index("at")
        expected = f"a number not below {{{old}}} ({{tally_id_old}}), a value in supersedes, or a "
        expected += "note that starts with 'Lower than'"
        yield from _faults("tallies", fallen, fallen[field].notna(), field, expected)


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
        other = days.notna().any(axis=1) & ~days.eq(day, axis=0).any(axis=1) & day.notna()
        own = [" or ".join(dict.fromkeys(filter(pd.notna, row))) for row in days[other].to_numpy()]
        frame = frame[other].assign(days=own)
        expected = "an id with the day of the row, {days}"
        yield from _faults(table, frame, other[other], str(frame.columns[0]), expected)


def step_words(tables: Tables) -> Iterator[Fault]:
    """Check that what is said in a step was stated on its day.

    Steps go by local days, claims by the day of the speaker, which may be one earlier.
    """
    said = tables.steps[tables.steps["kind"] == "word"]
    frame = said.assign(claim=said["claims"].str.split(";")).explode("claim")
    frame = _joined(frame, "claim", tables.claims, "stated", "stated_basis")
    before, after = frame["date"] - pd.Timedelta(days=1), frame["date"]
    other = (frame["claim_stated"] < before) | (frame["claim_stated"] > after)
    wrong = other & (frame["claim_stated_basis"] != "not_before")
    expected = "claims stated on {date} or the day before; {claim} was stated on {claim_stated}"
    yield from _faults("steps", frame, wrong, "claims", expected)


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
    unused_sources,
    audited_rows,
    id_days,
    step_words,
    parts_of_places,
    us_statements,
)
