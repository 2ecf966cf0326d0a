"""Checks of sense that a schema cannot express: each takes the tables and yields faults.

A check compares rows with what they say themselves or with the rows that they point to. Keys
that point nowhere are left to the schema.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import pandas as pd

from strikes2024.schema import Fault
from strikes2024.tables import COUNTRIES, Tables

Check: TypeAlias = Callable[[Tables], Iterable[Fault]]
Row: TypeAlias = dict[str, Any]

_DAY = timedelta(days=1)
_LOCAL = timedelta(hours=3)  # local time is UTC+3 in Iraq, Syria and Jordan
_COUNTS = ("total", *COUNTRIES, "injured", "killed")
_PHRASE_WORDS = 8
_OF_EVENTS = ("kind", "start", "end", "date_precision", "places")  # what rules ask of an event
# Country: southernmost and northernmost latitude, westernmost and easternmost longitude.
_BOXES = {
    "Iraq": (29.0, 37.5, 38.7, 48.6),
    "Syria": (32.3, 37.4, 35.6, 42.4),
    "Jordan": (29.1, 33.4, 34.9, 39.4),
}


def _rows(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[int, Row]]:
    """Yield each row, or some columns of it, with its number in the file; missing is ``None``.

    The index counts the rows of the file from 0, and may have gaps.
    """
    names = list(columns) or list(frame.columns)
    cells = zip(*(_plain(frame[name]) for name in names), strict=True)
    for at, row in zip(frame.index, cells, strict=True):
        yield at + 2, dict(zip(names, row, strict=True))


def _plain(column: pd.Series) -> list[Any]:
    """Return a column as Python's own values: pandas' way takes five times as long."""
    if pd.api.types.is_datetime64_dtype(column.dtype):
        plain: list[Any] = column.to_numpy("datetime64[us]").tolist()
        return plain
    missing = column.isna().tolist()
    return [None if no else value for value, no in zip(column.tolist(), missing, strict=True)]


def _by_id(frame: pd.DataFrame, key: str, *columns: str) -> dict[str, Row]:
    chosen = (key, *columns) if columns else ()
    return {row[key]: row for _, row in _rows(frame, *chosen)}


def _events_named(tables: Tables, *columns: pd.Series) -> dict[str, Row]:
    """Return the events that any of some columns names, by id."""
    named = pd.concat(columns).dropna()
    events = tables.events[tables.events["event_id"].isin(named)]
    return _by_id(events, "event_id", *_OF_EVENTS)


def _text(value: Any) -> str:
    """Write a value much as it is in the file."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.tzinfo is None else f"{value:%Y-%m-%dT%H:%MZ}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _fault(table: str, number: int, row: Row, field: str, expected: str) -> Fault:
    return Fault(f"{table}.csv", number, field, _text(row[field]), expected)


def qualifier_problem(
    qualifier: str, low: float | None, high: float | None
) -> tuple[str, str] | None:
    """Say which field breaks the rule of its qualifier.

    Parameters
    ----------
    qualifier
        ``exactly``, ``about``: both ends given and equal. ``at_least``, ``more_than``: ``low``
        alone. ``up_to``: ``high``, and perhaps a lower ``low``. ``range``: ``low`` below ``high``.
        ``some``: neither.
    low, high
        The two ends; ``None`` for a blank.

    Returns
    -------
    tuple of str or None
        The field, and what was expected; ``None`` = fine.

    Examples
    --------
    >>> qualifier_problem("at_least", 35, None)
    >>> qualifier_problem("range", 5, 3)
    ('high', 'a number not below low (5)')
    """
    needs_low = qualifier in {"exactly", "about", "at_least", "more_than", "range"}
    needs_high = qualifier in {"exactly", "about", "up_to", "range"}
    if needs_low and low is None:
        return "low", f"a number, since the qualifier is {qualifier}"
    if needs_high and high is None:
        return "high", f"a number, since the qualifier is {qualifier}"
    if low is not None and qualifier == "some":
        return "low", "blank, since the qualifier is some"
    if high is not None and not needs_high:
        return "high", f"blank, since the qualifier is {qualifier}"
    if low is None or high is None:
        return None
    if low > high:
        return "high", f"a number not below low ({_text(float(low))})"
    if low != high and qualifier in {"exactly", "about"}:
        return "high", f"the same as low ({_text(float(low))}), since the qualifier is {qualifier}"
    if low == high and qualifier == "range":
        return "high", f"a number above low ({_text(float(low))}), since the qualifier is range"
    return None


def ranges(tables: Tables) -> Iterator[Fault]:
    """Check that low ends lie below high ends, as the qualifier says, and best between them."""
    for table in ("claims", "interval_counts"):
        for number, row in _rows(tables[table], "qualifier", "low", "high"):
            problem = qualifier_problem(row["qualifier"], row["low"], row["high"])
            if problem:
                yield _fault(table, number, row, *problem)
    for number, row in _rows(tables.claims, "low", "best", "high"):
        low, best, high = row["low"], row["best"], row["high"]
        if best is not None and not (low or 0) <= best <= (best if high is None else high):
            expected = f"a number from low ({_text(low)}) to high ({_text(high)})"
            yield _fault("claims", number, row, "best", expected)
    for number, row in _rows(tables.published_figures):
        if row["high"] is not None and row["high"] < row["low"]:
            expected = f"a number not below low ({_text(row['low'])})"
            yield _fault("published_figures", number, row, "high", expected)


# By table: days, each with one of the row that it may not come before.
_NOT_BEFORE = {
    "events": (("end", "start"),),
    "claims": (("stated", "as_of"), ("as_of", "period_start")),
    "tallies": (("stated", "as_of"), ("as_of", "counted_from")),
    "interval_counts": (("end", "start"), ("stated", "end")),
}
# By table: the day that may not come before the event of the row.
_EVENT_DAYS = {"claims": "as_of", "reactions": "date", "people": "stated"}


def days_in_order(tables: Tables) -> Iterator[Fault]:
    """Check that what comes later in a row is of a later day, or of the same."""
    for table, pairs in _NOT_BEFORE.items():
        frame = tables[table]
        for field, other in pairs:
            for number, row in _rows(frame[frame[field] < frame[other]], field, other):
                expected = f"a day not before {other} ({_text(row[other])})"
                yield _fault(table, number, row, field, expected)


def days_of_events(tables: Tables) -> Iterator[Fault]:
    """Check that nothing holds, is said or known of an event before it, but for the time zone."""
    events = _by_id(tables.events, "event_id", "start")
    for table, field in _EVENT_DAYS.items():
        for number, row in _rows(tables[table], "event", field):
            event = events.get(row["event"])
            if event and row[field] is not None and row[field] < event["start"] - _DAY:
                start = _text(event["start"])
                expected = f"a day not before the start of {row['event']} ({start})"
                yield _fault(table, number, row, field, expected)


def claim_subjects(tables: Tables) -> Iterator[Fault]:
    """Check that a claim is about an event, a place or an actor."""
    subjects = tables.claims[["event", "place", "actor"]]
    for number, row in _rows(subjects[subjects.isna().all(axis=1)]):
        expected = "an event, a place or an actor; fill in one of the three"
        yield _fault("claims", number, row, "event", expected)


def _supersession(
    table: str, frame: pd.DataFrame, key: str, same: tuple[str, ...]
) -> Iterator[Fault]:
    replaced = set(frame["supersedes"].dropna())
    plain = frame["supersedes"].isna() & (frame["status"] == "stands")
    frame = frame[~plain.fillna(False) | frame[key].isin(replaced)]
    known = _by_id(frame, key)
    for number, row in _rows(frame):
        old = known.get(row["supersedes"])
        if old:
            differ = [field for field in same if row[field] != old[field]]
            if row["supersedes"] == row[key]:
                yield _fault(table, number, row, "supersedes", "a row other than itself")
            elif differ:
                expected = f"a row with the same {', '.join(differ)}"
                yield _fault(table, number, row, "supersedes", expected)
            if row["stated"] < old["stated"]:
                expected = f"a day not before {old[key]} was stated ({_text(old['stated'])})"
                yield _fault(table, number, row, "stated", expected)
        if row["status"] in {"superseded", "corrected"}:
            if row[key] not in replaced and row["note"] is None:
                expected = f"a row that supersedes {row[key]}, or a note that says why"
                yield _fault(table, number, row, "status", expected)
        elif row["status"] == "stands" and row[key] in replaced:
            expected = "another status, since a later row supersedes this one"
            yield _fault(table, number, row, "status", expected)


def supersession(tables: Tables) -> Iterator[Fault]:
    """Check that a replaced figure and the one that replaces it belong together."""
    same = ("event", "metric", "claimant")
    yield from _supersession("claims", tables.claims, "claim_id", same)
    same = ("claimant", "counts", "place")
    yield from _supersession("tallies", tables.tallies, "tally_id", same)


def tally_sums(tables: Tables) -> Iterator[Fault]:
    """Check that Iraq, Syria and Jordan add up to the total."""
    for number, row in _rows(tables.tallies):
        if row["status"] == "carrier_error" or None in (row["total"], row["iraq"], row["syria"]):
            continue
        parts = row["iraq"] + row["syria"] + (row["jordan"] or 0)
        if parts != row["total"]:
            expected = f"the sum of iraq, syria and jordan ({parts})"
            yield _fault("tallies", number, row, "total", expected)


def tally_parts(tables: Tables) -> Iterator[Fault]:
    """Check that rows by base belong to a count of the same day, and add up to no more."""
    tallies = _by_id(tables.tallies, "tally_id")
    country = {row["place_id"]: (row["country"] or "").lower() for _, row in _rows(tables.places)}
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for number, row in _rows(tables.tallies):
        place, parent = row["place"], tallies.get(row["part_of"])
        if place is not None and row["part_of"] is None:
            yield _fault("tallies", number, row, "part_of", "the count that this base is part of")
        if place is None and row["part_of"] is not None:
            yield _fault("tallies", number, row, "place", "a base, since part_of is given")
        if place is None or not parent:
            continue
        if row["as_of"] != parent["as_of"]:
            expected = f"the day of {row['part_of']} ({_text(parent['as_of'])})"
            yield _fault("tallies", number, row, "as_of", expected)
        for column in ("total", country.get(place)):
            if column in {"total", *COUNTRIES}:
                sums[row["part_of"], str(column)] += row["total"] or 0
    for number, row in _rows(tables.tallies):
        for column in ("total", *COUNTRIES):
            parts = sums.get((row["tally_id"], column), 0)
            if row[column] is not None and parts > row[column]:
                expected = f"a number not below the sum of its rows by base ({parts})"
                yield _fault("tallies", number, row, column, expected)


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


def interval_status(tables: Tables) -> Iterator[Fault]:
    """Check that a count that does not stand says why."""
    counts = tables.interval_counts
    for number, row in _rows(counts[(counts["status"] != "stands") & counts["note"].isna()]):
        yield _fault("interval_counts", number, row, "status", "stands, or a note that says why")


def interval_parts(tables: Tables) -> Iterator[Fault]:
    """Check that countries do not add up to more than the whole that the same statement gives."""
    same = ("claimant", "speaker", "source", "stated", "start", "end", "first_day")
    parts: dict[tuple[Any, ...], int] = defaultdict(int)
    for _, row in _rows(tables.interval_counts):
        if row["country"] is not None and row["status"] == "stands":
            parts[tuple(row[field] for field in same)] += row["low"] or 0
    for number, row in _rows(tables.interval_counts):
        least = parts[tuple(row[field] for field in same)]
        if row["country"] is None and row["high"] is not None and least > row["high"]:
            expected = f"a number not below the sum of its countries ({least})"
            yield _fault("interval_counts", number, row, "high", expected)


def link_order(tables: Tables) -> Iterator[Fault]:
    """Check that a response does not precede its cause, and that whoever says so is named."""
    events = _events_named(tables, tables.links["from_event"], tables.links["to_event"])
    for number, row in _rows(tables.links):
        later, earlier = events.get(row["from_event"]), events.get(row["to_event"])
        if row["from_event"] == row["to_event"]:
            yield _fault("links", number, row, "to_event", "another event than from_event")
        if row["relation"] == "part_of":
            continue
        if row["relation"] == "in_answer_to" and row["stated_by"] is None:
            expected = "an actor: who says that it is a response"
            yield _fault("links", number, row, "stated_by", expected)
        if later and earlier:
            # A day that is not known exactly may be as late as the end of its span.
            at = later["start" if later["date_precision"] == "day" else "end"]
            if at < earlier["start"]:
                begun = _text(earlier["start"])
                expected = f"an event not before {row['to_event']} ({begun}); it is of {_text(at)}"
                yield _fault("links", number, row, "from_event", expected)


def us_dates(tables: Tables) -> Iterator[Fault]:
    """Check that the US date of an event is a day away at most."""
    for number, row in _rows(tables.events, "start", "us_date"):
        if row["us_date"] is not None and abs(row["us_date"] - row["start"]) > _DAY:
            expected = f"a day within one of start ({_text(row['start'])})"
            yield _fault("events", number, row, "us_date", expected)


def step_clocks(tables: Tables) -> Iterator[Fault]:
    """Check that the UTC moment of a step is its local day and time less three hours."""
    for number, row in _rows(tables.steps):
        if row["local_time"] is None:
            if row["utc"] is not None:
                yield _fault("steps", number, row, "utc", "blank, since local_time is blank")
            continue
        local = pd.Timestamp(f"{_text(row['date'])}T{row['local_time']}Z")
        if row["utc"] != local - _LOCAL:
            expected = f"{_text(local - _LOCAL)}, the local time minus 3 hours"
            yield _fault("steps", number, row, "utc", expected)


def reaction_words(tables: Tables) -> Iterator[Fault]:
    """Check that a reaction has a day unless that is unknown, and that its quotation is short."""
    for number, row in _rows(tables.reactions):
        date = row["date"]
        if (date is None) != (row["date_basis"] == "unknown"):
            expected = "blank, since date_basis is unknown"
            if date is None:
                expected = f"a day, since date_basis is {row['date_basis']}"
            yield _fault("reactions", number, row, "date", expected)
        words = len((row["phrase"] or "").split())
        if words > _PHRASE_WORDS:
            expected = f"at most {_PHRASE_WORDS} words, found {words}"
            yield _fault("reactions", number, row, "phrase", expected)


def people_named(tables: Tables) -> Iterator[Fault]:
    """Check that nobody is counted as dead on others' word alone."""
    own = {"own_side", "family"}
    for number, row in _rows(tables.people, "fate", "named_as"):
        if row["fate"] in {"killed", "died_of_wounds"} and row["named_as"] not in own:
            expected = f"reported_killed, since named_as is {row['named_as']}"
            yield _fault("people", number, row, "fate", expected)


def source_addresses(tables: Tables) -> Iterator[Fault]:
    """Check that a publication that was read has an address, or a note on why not."""
    for number, row in _rows(tables.sources):
        if row["opened"] and row["url"] is None and row["note"] is None:
            expected = "an address, or a note on why there is none, since opened is true"
            yield _fault("sources", number, row, "url", expected)


def web_addresses(tables: Tables) -> Iterator[Fault]:
    """Check that an address is one of the web: pages make links of them."""
    for table in ("sources", "published_figures"):
        for number, row in _rows(tables[table]):
            if row["url"] is not None and not row["url"].startswith(("https://", "http://")):
                expected = "an address that begins with https:// or http://"
                yield _fault(table, number, row, "url", expected)


def addresses_once(tables: Tables) -> Iterator[Fault]:
    """Check that no two publications have the same address, but for http(s), www and a slash."""
    first: dict[str, str] = {}
    for number, row in _rows(tables.sources, "source_id", "url"):
        if row["url"] is not None:
            address = re.sub(r"^https?://(www\.)?", "", row["url"]).rstrip("/")
            other = first.setdefault(address, row["source_id"])
            if other != row["source_id"]:
                expected = f"an address that no other source has; {other} has it: name {other} "
                expected += f"wherever {row['source_id']} is named, and drop this row"
                yield _fault("sources", number, row, "url", expected)


def coordinates(tables: Tables) -> Iterator[Fault]:
    """Check that coordinates and their precision come together, and lie in the country."""
    places = tables.places
    whole = places[["lat", "lon", "precision"]].isna().sum(axis=1).isin([0, 3])
    checked = places[~whole | places["country"].isin(list(_BOXES))]
    for number, row in _rows(checked, "lat", "lon", "precision", "country"):
        given = [field for field in ("lat", "lon", "precision") if row[field] is not None]
        for field in ("lat", "lon", "precision"):
            if given and field not in given:
                expected = f"a value, since {given[0]} is given"
                yield _fault("places", number, row, field, expected)
        if row["country"] not in _BOXES:
            continue
        south, north, west, east = _BOXES[row["country"]]
        for field, least, most in (("lat", south, north), ("lon", west, east)):
            if row[field] is not None and not least <= row[field] <= most:
                expected = f"a number from {least} to {most}, in {row['country']}"
                yield _fault("places", number, row, field, expected)


def audited_rows(tables: Tables) -> Iterator[Fault]:
    """Check that each row of the audit is there, and that its outcome is explained."""
    ids: dict[str, set[str]] = {}
    for number, row in _rows(tables.audit):
        name = row["table"]
        if name not in ids:
            ids[name] = set(tables[name].iloc[:, 0].dropna())
        if row["row_id"] not in ids[name]:
            yield _fault("audit", number, row, "row_id", f"the key of a row of {name}")
        outcome = row["outcome"]
        reached, faulty = outcome != "not_reached", outcome in ("detail", "wrong")
        for field, wanted in {"text": reached, "tried": not reached, "fault": faulty}.items():
            if (row[field] is None) == wanted:
                expected = f"{'a value' if wanted else 'blank'}, since the outcome is {outcome}"
                yield _fault("audit", number, row, field, expected)
        if faulty and row["note"] is None:
            expected = f"a remark, since the outcome is {outcome}"
            yield _fault("audit", number, row, "note", expected)


_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# The columns that the last day in an id may name.
_ID_DAYS = {
    "sources": ("published",),
    "events": ("start", "us_date"),
    "steps": ("date",),
    "claims": ("as_of",),
    "tallies": ("as_of",),
    "reactions": ("date",),
    "measures": ("date",),
    "milestones": ("date",),
}


def id_days(tables: Tables) -> Iterator[Fault]:
    """Check that the day in an id, if it has one, is the day of the row."""
    for table, columns in _ID_DAYS.items():
        frame = tables[table]
        key = str(frame.columns[0])
        dated = frame[frame[key].str.contains(_ISO_DAY.pattern, na=False)]
        for number, row in _rows(dated, key, *columns):
            found = _ISO_DAY.findall(row[key])
            days = [_text(row[column]) for column in columns if row[column] is not None]
            if days and found[-1] not in days:
                expected = f"an id with the day of the row, {' or '.join(dict.fromkeys(days))}"
                yield _fault(table, number, row, key, expected)


def step_words(tables: Tables) -> Iterator[Fault]:
    """Check that what is said in a step was stated on its day.

    Steps go by local days, claims by the day of the speaker, which may be one earlier.
    """
    claims = _by_id(tables.claims, "claim_id", "stated", "stated_basis")
    for number, row in _rows(tables.steps, "step_id", "kind", "date", "claims"):
        for name in (row["claims"] or "").split(";") if row["kind"] == "word" else ():
            claim = claims.get(name)
            if not claim or claim["stated_basis"] == "not_before":
                continue
            if not row["date"] - _DAY <= claim["stated"] <= row["date"]:
                expected = f"claims stated on {_text(row['date'])} or the day before; "
                expected += f"{name} was stated on {_text(claim['stated'])}"
                yield _fault("steps", number, row, "claims", expected)


def named_speakers(tables: Tables) -> Iterator[Fault]:
    """Check that "the press" is the claimant only where the text names no speaker."""
    actors = tables.actors
    press = set(actors["actor_id"][(actors["kind"] == "unnamed") & (actors["side"] == "press")])
    for table in ("claims", "tallies", "interval_counts"):
        for number, row in _rows(tables[table], "claimant", "speaker"):
            if row["claimant"] in press and row["speaker"] is not None:
                expected = f"the actor for whom {row['speaker']} spoke"
                yield _fault(table, number, row, "claimant", expected)


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
    claims = claims[stands]
    events = _events_named(tables, claims["event"])
    subject = ("event", "place", "actor", "metric", "unit", "victims", "country", "claimant")
    further = ("claim_id", "status", "period_start", "as_of", "low", "high", "qualifier")
    first: dict[tuple[Any, ...], Row] = {}
    for number, row in _rows(claims, *subject, *further):
        key = tuple(row[field] for field in subject)
        if events.get(row["event"], {"kind": "campaign"})["kind"] == "campaign":
            key += (row["period_start"], row["as_of"])
        other = first.setdefault(key, row)
        if any(row[field] != other[field] for field in ("low", "high", "qualifier")):
            expected = f"another status here or in {other['claim_id']}, which stands for the same"
            yield _fault("claims", number, row, "status", expected)


def parts_of_places(tables: Tables) -> Iterator[Fault]:
    """Check that a figure for one of several places that an event hit is marked as a part."""
    several = tables.events[tables.events["places"].str.contains(";", na=False)]
    events = _by_id(several, "event_id", "places")
    places = _by_id(tables.places, "place_id", "kind", "country") if events else {}

    def sites(row: Row) -> set[str]:
        names = (events.get(row["event"], {}).get("places") or "").split(";")
        found = [places[name] for name in names if name in places]
        wide = ("country", "province")
        return {
            place["place_id"]
            for place in found
            if place["kind"] not in wide and place["country"] == row["country"]
        }

    used = ("event", "place", "country", "scope", "status")
    claims = tables.claims[tables.claims["event"].isin(events)]
    for number, row in _rows(claims, *used):
        if row["status"] == "stands" and row["scope"] == "whole":
            hit = sites(row)
            if row["place"] in hit and len(hit) > 1:
                expected = f"part, since {row['event']} hit places other than {row['place']}"
                yield _fault("claims", number, row, "scope", expected)


def us_statements(tables: Tables) -> Iterator[Fault]:
    """Check that no event is without a US statement while a claim or attribution is one.

    Strikes by others, or attributed to the US by one side only, are skipped.
    """
    actors = tables.actors
    ours = actors["actor_id"][actors["side"] == "us"]
    spoken: dict[str, str] = {}
    for table in ("claims", "attributions"):
        key = str(tables[table].columns[0])
        statements = tables[table][tables[table]["claimant"].isin(ours)]
        for _, row in _rows(statements[statements["event"].notna()], key, "event"):
            spoken.setdefault(row["event"], f"{key} {row[key]}")
    events = tables.events[tables.events["event_id"].isin(spoken)]
    for number, row in _rows(events, "event_id", "kind", "us_confirmed"):
        statement = spoken[row["event_id"]]
        passed = row["kind"] in {"campaign", "israeli_strike", "disputed_strike"}
        if row["us_confirmed"] is None and not passed:
            expected = f"yes or no, since there is a US statement ({statement})"
            yield _fault("events", number, row, "us_confirmed", expected)


def days_as_shown(tables: Tables) -> Iterator[Fault]:
    """Check that a day is that of publication only if the source shows one, and else is not."""
    shown = _by_id(tables.sources, "source_id", "published")
    for table in ("claims", "tallies", "interval_counts", "people"):
        frame = tables[table][tables[table]["source"].isin(shown)]
        for number, row in _rows(frame, "stated_basis", "source"):
            basis, day = row["stated_basis"], shown[row["source"]]["published"]
            if basis == "published" and day is None:
                expected = f"said or not_before, since {row['source']} shows no day"
                yield _fault(table, number, row, "stated_basis", expected)
            elif basis == "not_before" and day is not None:
                expected = f"published or said, since {row['source']} shows a day ({_text(day)})"
                yield _fault(table, number, row, "stated_basis", expected)


_COPY = re.compile(r" (?:\(|via ).*")


def relays(tables: Tables) -> Iterator[Fault]:
    """Check that what relays a statement is neither its source's publisher nor its claimant.

    Where the source was copied does not count.
    """
    sources = _by_id(tables.sources, "source_id", "publisher")
    actors = _by_id(tables.actors, "actor_id", "name")
    for table in ("claims", "tallies"):
        cited = tables[table][tables[table]["cited_via"].isin(sources)]
        for number, row in _rows(cited, "source", "cited_via", "claimant"):
            relay = sources[row["cited_via"]]["publisher"]
            own = sources.get(row["source"], {}).get("publisher") or ""
            by = [_COPY.sub("", own), actors.get(row["claimant"], {}).get("name")]
            if relay in by:
                what = f"it is by {own}" if relay == by[0] else f"{relay} is the claimant"
                expected = f"whom {row['source']} names as its own source, or blank: {what}"
                yield _fault(table, number, row, "cited_via", expected)


CHECKS: tuple[Check, ...] = (
    ranges,
    days_in_order,
    days_of_events,
    claim_subjects,
    supersession,
    tally_sums,
    tally_parts,
    tallies_do_not_fall,
    interval_status,
    interval_parts,
    link_order,
    us_dates,
    step_clocks,
    reaction_words,
    people_named,
    source_addresses,
    web_addresses,
    addresses_once,
    coordinates,
    audited_rows,
    id_days,
    step_words,
    named_speakers,
    standing_twice,
    parts_of_places,
    us_statements,
    days_as_shown,
    relays,
)
