"""The record about itself: whole answers, with their types and order, from a handful of rows."""

import pandas as pd
import pytest
from unit_helpers import assert_table, record, rows

from strikes2024.analysis import (
    audit_summary,
    contradictions,
    crosschecks,
    date_precision,
    deaths_by_event,
    delay_by_side,
    killed_by_strikes,
    record_by_source_kind,
    reported_casualties,
    single_source,
    stated_delay,
)

NA = pd.NA
ACTORS = rows(
    "actors",
    {"actor_id": "us", "kind": "state", "side": "us"},
    {"actor_id": "sohr", "kind": "ngo", "side": "monitor"},
    {"actor_id": "ap", "kind": "media", "side": "press"},
)
SOURCES = rows(
    "sources",
    {"source_id": "news", "kind": "news"},
    {"source_id": "box", "kind": "encyclopedia"},
    {"source_id": "wire", "kind": "wire"},
)
EVENTS = rows(
    "events",
    {"event_id": "e"},
    {"event_id": "f", "start": "2024-02-07", "date_precision": "month"},
    {"event_id": "g", "start": "2024-01-01"},
    {"event_id": "all", "kind": "campaign", "start": "2023-10-17", "date_precision": "approx"},
)
WOUNDED = {"metric": "wounded", "victims": "", "country": ""}
CLAIMS = rows(
    "claims",
    {"stated": "2024-02-02", "low": "40", "qualifier": "at_least"},
    {"claimant": "sohr", "stated": "2024-02-05", "low": "34", "high": "34", "also_in": "wire"},
    {"claimant": "sohr", "stated": "2024-02-09", "low": "30", "high": "35", "source": "box",
     "event": "f", "cited_via": "news"},
    {"claimant": "ap", "stated": "2024-02-09", "high": "29", "source": "wire", "event": "f"},
    {"claimant": "ap", "stated": "2024-02-08", "low": "36", "high": "36", "event": "f"} | WOUNDED,
    {"stated": "2024-02-08", "low": "37", "high": "37", "event": "f"} | WOUNDED,
    {"stated": "2024-02-20", "low": "1", "high": "1", "event": "f", "stated_basis": "not_before",
     "country": ""},
    {"claimant": "sohr", "stated": "2024-02-20", "low": "1", "high": "1", "event": "f",
     "scope": "part", "country": ""},
    {"claimant": "ap", "stated": "2024-02-20", "low": "1", "high": "1", "event": "all"},
    {"claimant": "ap", "stated": "2024-02-20", "low": "1", "high": "1", "event": "", "place": "p"},
    {"claimant": "ap", "stated": "2024-01-02", "low": "1", "high": "1", "event": "g"},
    {"stated": "2024-01-02", "low": "2", "high": "2", "event": "g"},
    {"claimant": "ap", "stated": "2024-01-02", "high": "5", "event": "g"} | WOUNDED,
    {"stated": "2024-01-02", "low": "0", "high": "0", "event": "g"} | WOUNDED,
)  # fmt: skip


def test_claims_by_side_and_publication() -> None:
    assert_table(
        record_by_source_kind(CLAIMS, ACTORS, SOURCES),
        "side:text kind:text claims:Int64",
        ("monitor", "encyclopedia", 1),
        ("monitor", "news", 2),
        ("press", "news", 5),
        ("press", "wire", 1),
        ("us", "news", 5),
    )


def test_the_delay_of_each_claim() -> None:
    wanted = [("e", -1), ("e", 2), ("f", 2), ("f", 2), ("f", 1), ("f", 1), ("f", 13),
              ("all", 126), ("g", 1), ("g", 1), ("g", 1), ("g", 1)]  # fmt: skip
    numbers = [1, 2, 3, 4, 5, 6, 8, 9, 11, 12, 13, 14]
    assert_table(
        stated_delay(CLAIMS, EVENTS),
        "claim_id:text event:text delay_days:Int64",
        *((f"claims-{n}", *row) for n, row in zip(numbers, wanted, strict=True)),
    )


def test_the_delay_of_each_side() -> None:
    """The press 1, 1, 1, 2 days; the US −1, 1, 1, 1; the monitor 2, 2, 13; no campaign."""
    assert_table(
        delay_by_side(CLAIMS, EVENTS, ACTORS),
        "side:text claims:Int64 quarter:float64 median:float64 three_quarters:float64",
        ("press", 4, 1, 1, 1.25),
        ("us", 4, 0.5, 1, 1),
        ("monitor", 3, 2, 2, 7.5),
    )


def test_how_much_hangs_on_one_thread() -> None:
    heads = "measure:words count:Int64 of:Int64 share:Float64"
    names = ("claims read in one publication", "things that one claimant alone counts",
             "claims through another publication")  # fmt: skip
    assert_table(
        single_source(CLAIMS),
        heads,
        (names[0], 13, 14, 13 / 14),
        (names[1], 2, 8, 2 / 8),
        (names[2], 1, 14, 1 / 14),
    )
    assert_table(single_source(CLAIMS.iloc[:0]), heads, *((name, 0, 0, NA) for name in names))
    assert_table(
        single_source(CLAIMS.iloc[:1]),
        heads, (names[0], 1, 1, 1), (names[1], 1, 1, 1), (names[2], 0, 1, 0),
    )  # fmt: skip


def test_what_claimants_contradict() -> None:
    """In f both things, in g one of two, as "up to 5" meets 0; e and the copy of g are tied."""
    copy = CLAIMS[CLAIMS["event"].isin(["e"])].assign(event="a", claim_id=lambda t: t["event"])
    copy = copy.astype(CLAIMS.dtypes)
    heads = "event:text things:Int64 contradicted:Int64"
    assert_table(
        contradictions(pd.concat([CLAIMS, copy])),
        heads, ("f", 2, 2), ("g", 2, 1), ("a", 1, 1), ("e", 1, 1),
    )  # fmt: skip
    assert_table(contradictions(CLAIMS.iloc[:0]), heads)


def test_how_well_days_are_known() -> None:
    heads = "what:words precision:text rows:Int64 share:Float64"
    assert_table(
        date_precision(EVENTS, CLAIMS),
        heads,
        ("event", "day", 2, 1 / 2),
        ("event", "approx", 1, 1 / 4),
        ("event", "month", 1, 1 / 4),
        ("statement", "published", 13, 13 / 14),
        ("statement", "not_before", 1, 1 / 14),
    )
    one = date_precision(EVENTS.iloc[:1], CLAIMS.iloc[:0])
    assert_table(one, heads, ("event", "day", 1, 1))


def test_the_second_reading() -> None:
    read = [("news", "confirmed", "cited"), ("wire", "detail", "cited"), ("news", "wrong", "cited"),
            ("box", "not_reached", ""), ("box", "not_reached", ""),
            ("news", "confirmed", "other")]  # fmt: skip
    sheet = rows("audit", *({"source": s, "outcome": o, "text": t} for s, o, t in read))
    found = audit_summary(sheet, SOURCES)
    assert_table(
        found.drop(columns=["low", "high"]),
        "kind:text rows:Int64 cited:Int64 other:Int64 errors:Int64 wrong:Int64 rate:Float64",
        ("encyclopedia", 2, 0, 0, 0, 0, NA),
        ("news", 3, 2, 1, 1, 1, 1 / 3),
        ("wire", 1, 1, 0, 1, 0, 1),
        ("all kinds", 6, 3, 1, 2, 1, 1 / 2),
    )
    assert found["low"].tolist() == pytest.approx([0, 0.0084038, 0.025, 0.0675860], abs=1e-6)
    assert found["high"].tolist() == pytest.approx([1, 0.9057007, 1, 0.9324140], abs=1e-6)
    assert list(found)[-2:] == ["low", "high"]


STRIKES = rows(
    "events",
    {"event_id": "late", "title": "Late"},
    {"event_id": "early", "kind": "assassination", "start": "2024-01-04", "title": "Early"},
    {"event_id": "bare", "title": "Bare"},
    {"event_id": "attack", "kind": "attack_on_us_forces", "start": "2024-01-01"},
)
DEAD = rows(
    "claims",
    {"event": "late", "low": "10", "high": "20"},
    {"event": "late", "low": "30", "qualifier": "at_least", "claimant": "sohr"},
    {"event": "late", "high": "12", "qualifier": "up_to", "claimant": "sohr", "country": "Iraq",
     "victims": "pmf_members"},
    {"event": "late", "low": "99", "high": "99", "claimant": "ap", "country": "Iraq;Syria"},
    {"event": "late", "low": "5", "high": "5", "metric": "wounded"},
    {"event": "late", "low": "5", "high": "5", "scope": "part", "claimant": "ap"},
    {"event": "late", "low": "5", "high": "5", "victims": "civilians", "claimant": "ap"},
    {"event": "early", "low": "1", "high": "1", "country": ""},
    {"event": "early", "claimant": "ap", "qualifier": "some", "country": ""},
    {"event": "attack", "low": "3", "high": "3", "victims": "us_service_members",
     "country": "Jordan"},
    {"event": "attack", "low": "7", "high": "8", "victims": "civilians", "country": "Jordan"},
    {"event": "attack", "low": "2", "high": "2", "victims": "civilians", "country": ""},
    {"event": "", "low": "7", "high": "8"},
    {"event": "late", "low": "50", "high": "50", "status": "superseded", "claimant": "ap"},
)  # fmt: skip


def test_deaths_in_each_event() -> None:
    """Late: 10 to 30 in Syria and 12 in Iraq; the joint figure for both does not count."""
    assert_table(
        deaths_by_event(DEAD),
        "event:text us_low:Float64 us_high:Float64 other_low:Float64 other_high:Float64",
        ("attack", 3, 3, 9, 10),
        ("early", NA, NA, 1, 1),
        ("late", NA, NA, 22, 42),
    )


def test_deaths_in_each_strike() -> None:
    assert_table(
        killed_by_strikes(STRIKES, DEAD),
        "event:text start:day title:text low:Float64 high:Float64 claims:Int64 open_ended:boolean",
        ("early", "2024-01-04", "Early", 1, 1, 1, False),
        ("bare", "2024-02-03", "Bare", NA, NA, 0, False),
        ("late", "2024-02-03", "Late", 22, 42, 3, True),
    )


def test_casualties_as_the_counts_grew() -> None:
    counts = rows(
        "tallies",
        {"tally_id": "b", "total": "9", "injured": "8", "killed": "2"},
        {"tally_id": "a", "total": "9", "injured": "8"},
        {"tally_id": "first", "as_of": "2023-10-20", "injured": "3", "source": "wire"},
        {"tally_id": "slip", "injured": "80", "status": "carrier_error"},
        {"tally_id": "base", "injured": "7", "place": "p"},
        {"tally_id": "other", "injured": "6", "claimant": "iri"},
    )
    whole = {"as_of": "2023-10-26", "stated": "2023-10-28", "claimant": "dod"}
    said = rows(
        "claims",
        *(whole | row for row in (
            {"claim_id": "tbi", "metric": "brain_injuries", "low": "5"},
            {"claim_id": "both", "metric": "casualties", "low": "11", "high": "12"},
            {"claim_id": "hurt", "metric": "wounded", "low": "9", "high": "9"},
            {"claim_id": "dead", "metric": "killed", "low": "2", "high": "2"},
            {"claim_id": "open", "metric": "wounded", "high": "90", "qualifier": "up_to"},
            {"claim_id": "part", "metric": "wounded", "low": "1", "scope": "part"},
            {"claim_id": "else", "metric": "wounded", "low": "1", "event": "f"},
            {"claim_id": "press", "metric": "wounded", "low": "1", "claimant": "ap"},
        )),
    )  # fmt: skip
    assert_table(
        reported_casualties(counts, said, "e", iter(["dod"])),
        "series:words as_of:day stated:day figure:Int64 source:text row:text",
        ("Brain injuries", "2023-10-26", "2023-10-28", 5, "news", "tbi"),
        ("Injured", "2023-10-20", "2023-10-27", 3, "wire", "first"),
        ("Injured", "2023-10-26", "2023-10-27", 8, "news", "a"),
        ("Injured", "2023-10-26", "2023-10-28", 9, "news", "hurt"),
        ("Killed", "2023-10-26", "2023-10-27", 2, "news", "b"),
        ("Killed and injured", "2023-10-26", "2023-10-28", 11, "news", "both"),
    )


def test_checks_of_totals_and_of_the_dead() -> None:
    counts = rows(
        "tallies",
        {"as_of": "2023-12-25", "total": "50", "claimant": "us-dod"},
        {"as_of": "2024-01-04", "total": "60", "claimant": "us-dod"},
    )
    said = rows(
        "claims",
        {"low": "1", "high": "2"},
        {"low": "3", "high": "4", "claimant": "sohr"},
        {"low": "90", "high": "90", "victims": "civilians", "claimant": "ap"},
        {"low": "91", "high": "91", "event": "f", "claimant": "ap"},
        {"low": "92", "high": "92", "metric": "wounded", "claimant": "ap"},
        {"low": "93", "high": "93", "status": "superseded", "claimant": "ap"},
    )
    tables = record(tallies=counts, claims=said)
    assert crosschecks.total_on(tables, "us-dod", "2023-12-25") == (50, 50)
    # Half of the time gone: the middle nine tenths of a binomial of ten.
    assert crosschecks.total_on(tables, "us-dod", "2023-12-30") == (52, 58)
    assert crosschecks.latest_killed(tables, "e", ("militants",)) == (1, 4)
