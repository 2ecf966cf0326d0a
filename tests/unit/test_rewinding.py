"""What was known when: each row's day, and all of the tables on some days, from a small record."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from unit_helpers import D, record, refuses, rows

from strikes2024 import Tables
from strikes2024.analysis import History, as_of, entry_days
from strikes2024.tables import NAMES

CLOSING = "2025-06-01"
NOT_BEFORE = {"stated_basis": "not_before"}


def printed(key: str, day: str = "", url: str = "") -> dict[str, str]:
    return {"source_id": key, "published": day, "url": url}


def claim(key: str, stated: str, source: str = "news", **more: str) -> dict[str, str]:
    return {"claim_id": key, "stated": stated, "source": source, "event": ""} | more


def undated(key: str, source: str = "page", **more: str) -> dict[str, str]:
    return claim(key, "2024-01-02", source, **NOT_BEFORE, **more)


def count(key: str, day: str, stated: str, source: str = "news", **more: str) -> dict[str, str]:
    return {"tally_id": key, "as_of": day, "stated": stated, "source": source} | more


def link(later: str, earlier: str, source: str, by: str = "us") -> dict[str, str]:
    return {"from_event": later, "to_event": earlier, "source": source, "stated_by": by}


def told(event: str, source: str, date: str = "", **more: str) -> dict[str, str]:
    return {"event": event, "source": source, "date": date} | more


RECORD = record(
    sources=rows(
        "sources",
        printed("news", "2024-01-29", "u1"),
        printed("wire", "2024-02-05", "u2"),
        printed("again", "2024-02-01", "u2"),
        printed("page"),
        printed("idle"),
        printed("late", CLOSING),
    ),
    actors=rows(
        "actors",
        {"actor_id": "us", "source": "late", "part_of": "x"},
        {"actor_id": "x", "source": "news"},
    ),
    events=rows(
        "events",
        {"event_id": "strike", "us_date": "2024-02-02", "end": "2024-02-04",
         "sources": "page;news;idle"},
        {"event_id": "attack", "start": "2024-01-28", "end": "2024-01-28",
         "us_date": "2024-01-29", "sources": "late;news"},
        {"event_id": "vague", "start": "2024-01-05", "end": "2024-01-31",
         "date_precision": "month", "sources": "idle"},
    ),
    claims=rows(
        "claims",
        claim("early", "2024-01-20", event="attack"),
        claim("plain", "2024-02-03", event="strike"),
        undated("dated", "wire", also_in="late;page"),
        undated("carried", "late", also_in="page;wire"),
        undated("copied", also_in="late;again"),
        undated("never"),
        undated("first", status="superseded"),
        undated("second", supersedes="first", status="superseded"),
        claim("third", "2024-03-03", supersedes="second"),
        claim("lost", "2024-03-04", event="unknown", supersedes="unknown"),
        undated("fourth", supersedes="third"),
    ).set_index(pd.Index(range(100, 111))),
    tallies=rows(
        "tallies",
        count("before", "2023-11-01", "2023-11-02", "page", **NOT_BEFORE),
        count("known", "2023-11-10", "2023-11-12"),
        count("after", "2023-11-20", "2023-11-11", "page", **NOT_BEFORE),
        count("theirs", "2023-11-05", "2023-11-06", "page", claimant="iri", **NOT_BEFORE),
        count("own", "2023-11-05", "2023-11-06", "page", counts="claimed_attacks", **NOT_BEFORE),
        count("new", "2023-11-05", "2023-11-06", "page", counted_from="2024-01-01", **NOT_BEFORE),
        count("same", "2023-11-10", "2023-11-06", "page", **NOT_BEFORE, part_of="after"),
        count("slow", "2023-11-08", "2024-05-01"),
    ).set_index(pd.Index(range(50, 58))),
    interval_counts=rows(
        "interval_counts",
        {"stated": "2024-02-13", "stated_basis": "said", "source": "page"},
        {"stated": "2024-02-13", "source": "wire", **NOT_BEFORE},
        {"stated": "2024-02-13", "source": "page", "also_in": "again", **NOT_BEFORE},
        {"stated": "2024-02-13", "source": "page", **NOT_BEFORE},
    ),
    people=rows(
        "people",
        {"event": "attack", "stated": "2024-01-29", "stated_basis": "said", "source": "page"},
        {"event": "strike", "stated": "2024-01-02", "source": "again", **NOT_BEFORE},
    ),
    attributions=rows(
        "attributions",
        {"event": "strike", "stated": "2024-02-10", "source": "news"},
        {"event": "attack", "source": "wire"},
        {"event": "attack", "source": "page"},
        {"event": "strike", "stated": "2024-01-10", "source": "news"},
    ),
    reactions=rows(
        "reactions",
        told("strike", "news", "2024-02-10"),
        told("attack", "wire"),
        told("", "page"),
        told("strike", "page", "2024-01-01"),
    ),
    links=rows(
        "links",
        link("strike", "attack", "wire"),
        link("strike", "attack", "news", ""),
        link("attack", "strike", "news"),
        link("attack", "vague", "page"),
        link("attack", "strike", "page", ""),
        link("attack", "attack", "again"),
    ),
    steps=rows(
        "steps",
        told("strike", "page", "2024-01-01", kind="deed", claims="plain;never"),
        told("", "wire", "2024-01-01", kind="finding", claims="first;third"),
        told("", "wire", "2024-01-01", kind="deed", claims="third;never"),
        told("", "page", "2024-01-01", kind="finding"),
    ),
    measures=rows("measures", {"date": "2024-01-17", "source": "idle"}),
    milestones=rows(
        "milestones",
        {"date": "2024-02-10", "date_precision": "day"},
        {"date": "2024-02-10", "date_precision": "month"},
        {"date": "2024-02-10", "date_precision": "year"},
        {"date": "2024-02-11"},
    ),
    published_figures=rows("published_figures", {"url": "u2"}, {"url": "u3"}, {}),
    audit=rows("audit", {"checked": "2026-01-01", "source": "again"}),
)  # fmt: skip

ENTRIES = {
    # A source is there with the first row that rests on it, whatever its own day.
    "sources": ["2023-11-12", "2024-01-01", "2024-02-01", "2023-11-12", "2024-01-17", "2024-02-05"],
    # The US day, if it is the earlier one; an event of some month from the end of it.
    "events": ["2024-02-02", "2024-01-28", "2024-01-31"],
    "claims": ["2024-01-28", "2024-02-03", "2024-02-05", "2024-02-05", "2024-02-01", CLOSING,
               "2024-03-03", "2024-03-03", "2024-03-03", "2024-03-04", CLOSING],
    "tallies": ["2023-11-12", "2023-11-12", CLOSING, CLOSING, CLOSING, CLOSING, "2023-11-12",
                "2024-05-01"],
    "interval_counts": ["2024-02-13", "2024-02-05", "2024-02-01", CLOSING],
    "people": ["2024-01-29", "2024-02-02"],
    "attributions": ["2024-02-10", "2024-02-05", CLOSING, "2024-02-02"],
    "reactions": ["2024-02-10", "2024-02-05", CLOSING, "2024-02-02"],
    "links": ["2024-02-05", "2024-02-02", "2024-02-02", CLOSING, "2024-02-02", "2024-02-01"],
    "steps": ["2024-02-02", "2024-02-05", "2024-01-01", CLOSING],
    "measures": ["2024-01-17"],
    "milestones": ["2024-02-10", "2024-02-29", "2024-12-31", "2024-02-11"],
    "published_figures": ["2024-02-01", CLOSING, CLOSING],
    "audit": [CLOSING],
}  # fmt: skip


def test_the_day_of_each_row() -> None:
    found = entry_days(RECORD)
    assert tuple(found) == NAMES
    for name, days in found.items():
        always = [pd.Timestamp.min] * len(RECORD[name])
        wanted = [D(day) for day in ENTRIES.get(name, always)]
        expected = pd.Series(wanted, RECORD[name].index, "datetime64[us]")
        pd.testing.assert_series_equal(days, expected, check_names=False, obj=name)


def changed(frame: pd.DataFrame, cells: dict[tuple[str, str], object]) -> pd.DataFrame:
    frame = frame.copy()
    for (key, column), value in cells.items():
        frame.loc[frame.iloc[:, 0] == key, column] = value
    return frame


@pytest.mark.parametrize(
    ("day", "cells"),
    [
        ("2023-11-11", {"actors": {("us", "source"): pd.NA, ("x", "source"): pd.NA}}),
        (
            dt.date(2024, 1, 31),
            {
                "actors": {("us", "source"): pd.NA},
                "events": {("attack", "sources"): "news"},
                "steps": {("steps-3", "claims"): pd.NA},
                "tallies": {("same", "part_of"): pd.NA},
            },
        ),
        (
            "2024-02-02 13:00",
            {
                "actors": {("us", "source"): pd.NA},
                "events": {("attack", "sources"): "news", ("strike", "end"): D("2024-02-02")},
                "steps": {("steps-1", "claims"): pd.NA, ("steps-3", "claims"): pd.NA},
                "tallies": {("same", "part_of"): pd.NA},
                "claims": {("copied", "also_in"): "again"},
            },
        ),
        (
            "2024-02-05",
            {
                "steps": {
                    ("steps-1", "claims"): "plain", ("steps-2", "claims"): pd.NA,
                    ("steps-3", "claims"): pd.NA,
                },
                "tallies": {("same", "part_of"): pd.NA},
            },
        ),
        (
            "2024-03-03",
            {
                "steps": {("steps-1", "claims"): "plain", ("steps-3", "claims"): "third"},
                "tallies": {("same", "part_of"): pd.NA},
            },
        ),
        (CLOSING, {"claims": {("lost", "event"): pd.NA, ("lost", "supersedes"): pd.NA}}),
    ],
)  # fmt: skip
def test_all_tables_on_a_day(day: str, cells: dict[str, dict[tuple[str, str], object]]) -> None:
    found = as_of(RECORD, day)
    last = D(day).normalize()
    for name in NAMES:
        there = pd.Series([D(one) <= last for one in ENTRIES.get(name, [])], dtype=bool)
        whole = RECORD[name]
        expected = whole[there.to_numpy()] if name in ENTRIES else whole
        pd.testing.assert_frame_equal(
            found[name], changed(expected, cells.get(name, {})), obj=f"{name} on {day}"
        )
    pd.testing.assert_frame_equal(History(RECORD).as_of(day).claims, found.claims)


STATUS = replace(
    RECORD,
    claims=rows(
        "claims",
        claim("named", "2024-02-01", status="superseded"),
        claim("successor", "2024-02-05", supersedes="named"),
        claim("twin", "2024-02-06", supersedes="named"),
        claim("silent", "2024-02-03", status="corrected", metric="wounded"),
        claim("same-day", "2024-02-03", metric="wounded", claimant="ap"),
        claim("gone", "2024-02-06", status="superseded", metric="wounded"),
        claim("next", "2024-02-07", metric="wounded", claimant="ap"),
        claim("alone", "2024-02-01", status="superseded", metric="missing"),
        claim("slip", "2024-02-01", status="carrier_error", metric="buried"),
        claim("other", "2024-02-04", metric="buried", claimant="ap"),
        claim("sound", "2024-02-10", status="corrected", metric="buried"),
        claim("late-slip", "2024-02-12", status="carrier_error", metric="buried"),
        claim("own-slip", "2024-02-01", status="carrier_error", metric="evacuated"),
    ),
    tallies=rows(
        "tallies",
        count("was", "2023-11-10", "2024-02-01", status="superseded"),
        count("elsewhere", "2023-11-10", "2024-02-02", place="p"),
        count("another", "2023-11-09", "2024-02-03"),
        count("is", "2023-11-10", "2024-02-04", claimant="ap"),
    ),
)
SINCE = {
    "named": "2024-02-05", "silent": "2024-02-07", "alone": "2024-02-01", "gone": "2024-02-07",
    "slip": "2024-02-10", "sound": "2024-02-10", "late-slip": "2024-02-12",
    "own-slip": "2024-02-01", "was": "2024-02-04",
}  # fmt: skip


def statuses(tables: Tables) -> dict[str, str]:
    return {
        row[0]: row[1]
        for frame, key in ((tables.claims, "claim_id"), (tables.tallies, "tally_id"))
        for row in frame[[key, "status"]].astype(str).to_numpy().tolist()
    }


def test_a_status_holds_from_the_day_that_tells_of_it() -> None:
    last = statuses(STATUS)
    for day in pd.date_range("2024-02-01", "2024-02-13"):
        tables = as_of(STATUS, day)
        for key, status in statuses(tables).items():
            wanted = last[key] if key not in SINCE or day >= D(SINCE[key]) else "stands"
            assert status == wanted, (key, day)
        assert tables.claims["status"].dtype == STATUS.claims["status"].dtype


def test_a_table_may_lack_a_column_that_refers_to_another() -> None:
    bare = replace(RECORD, tallies=RECORD.tallies.drop(columns="part_of"))
    found = as_of(bare, "2024-03-03")
    assert list(found.tallies) == list(bare.tallies)
    assert found.steps["claims"].tolist() == ["plain", "first;third", "third"]


def test_what_is_no_day_is_named() -> None:
    with refuses("date 'soon': expected a day, such as '2024-02-03'"):
        as_of(RECORD, "soon")
    with refuses("date [1]: expected a day, such as '2024-02-03'"):
        as_of(RECORD, [1])
    zone = D("2024-02-03", tz="UTC")
    with refuses(f"date {zone!r}: expected a day without a time zone"):
        as_of(RECORD, zone)
    with refuses("date NaT: expected a day, such as '2024-02-03'"):
        as_of(RECORD, pd.NaT)
