"""Each check of sense finds its fault, with the line that a reader gets, and no other."""

from collections import defaultdict
from dataclasses import replace
from itertools import product

import pandas as pd
import pytest

from strikes2024 import load
from strikes2024.validation.rules import CHECKS


def lines(root):
    tables = load(root)
    return [str(fault) for check in CHECKS for fault in check(tables)]


def test_the_small_data_have_no_fault(small):
    assert lines(small.root) == []


CASES = [
    # Ranges
    ("claims", 4, {"low": "5", "high": "3"},
     "field high: value 3: expected a number not below low (5)"),
    ("claims", 4, {"low": "2"},
     "field high: value 2: expected a number above low (2), since the qualifier is range"),
    ("claims", 2, {"high": "26"},
     "field high: value 26: expected the same as low (25), since the qualifier is exactly"),
    ("claims", 2, {"high": "", "qualifier": "about"},
     "field high: value (blank): expected a number, since the qualifier is about"),
    ("claims", 3, {"high": "40"},
     "field high: value 40: expected blank, since the qualifier is at_least"),
    ("claims", 3, {"low": "", "qualifier": "more_than"},
     "field low: value (blank): expected a number, since the qualifier is more_than"),
    ("claims", 3, {"qualifier": "up_to"},
     "field high: value (blank): expected a number, since the qualifier is up_to"),
    ("claims", 3, {"qualifier": "some"},
     "field low: value 34: expected blank, since the qualifier is some"),
    ("claims", 2, {"best": "26"},
     "field best: value 26: expected a number from low (25) to high (25)"),
    ("claims", 3, {"best": "40"}, None),
    ("published_figures", 2, {"high": "2"},
     "field high: value 2: expected a number not below low (3)"),
    # Audit
    ("audit", 2, {"row_id": "claim-z"},
     "field row_id: value claim-z: expected the key of a row of claims"),
    ("audit", 2, {"table": "events"},
     "field row_id: value claim-a: expected the key of a row of events"),
    ("audit", 2, {"outcome": "detail", "fault": "day"},
     "field note: value (blank): expected a remark, since the outcome is detail"),
    ("audit", 2, {"outcome": "wrong", "note": "The text has 24."},
     "field fault: value (blank): expected a value, since the outcome is wrong"),
    ("audit", 2, {"outcome": "wrong", "fault": "number", "note": "The text has 24."}, None),
    ("audit", 2, {"fault": "number"},
     "field fault: value number: expected blank, since the outcome is confirmed"),
    ("audit", 2, {"text": ""},
     "field text: value (blank): expected a value, since the outcome is confirmed"),
    ("audit", 2, {"outcome": "not_reached", "text": ""},
     "field tried: value (blank): expected a value, since the outcome is not_reached"),
    ("audit", 2, {"outcome": "not_reached", "text": "", "tried": "The outlet"}, None),
    # Claims
    ("claims", 4, {"stated": "2024-01-27"},
     "field stated: value 2024-01-27: expected a day not before as_of (2024-01-28)"),
    ("claims", 2, {"as_of": "2024-01-26"},
     "field as_of: value 2024-01-26: expected a day not before the start of attack (2024-01-28)"),
    ("claims", 2, {"period_start": "2024-01-29"},
     "field as_of: value 2024-01-28: expected a day not before period_start (2024-01-29)"),
    ("claims", 4, {"place": ""},
     ("field event: value (blank): expected an event, a place or an actor; "
     "fill in one of the three")),
    ("claims", 3, {"metric": "killed"},
     "field supersedes: value claim-a: expected a row with the same metric"),
    ("claims", 4, {"supersedes": "claim-c", "status": "superseded"},
     "field supersedes: value claim-c: expected a row other than itself"),
    ("claims", 4, {"status": "corrected"},
     ("field status: value corrected: expected a row that supersedes claim-c, or a note that says "
      "why")),
    ("claims", 4, {"status": "corrected", "note": "Withdrawn without another figure."}, None),
    # Tallies
    ("tallies", 5, {"total": "168", "iraq": "67", "syria": "100", "status": "carrier_error"}, None),
    ("tallies", 4, {"total": "164", "jordan": ""}, None),
    ("tallies", 4, {"total": "166"},
     "field total: value 166: expected the sum of iraq, syria and jordan (165)"),
    ("tallies", 5, {"total": "168", "iraq": "67", "syria": "100"},
     "field total: value 168: expected the sum of iraq, syria and jordan (167)"),
    ("tallies", 5, {"total": "160"},
     ("field total: value 160: expected a number not below 165 (tally-b), a value in supersedes, "
      "or a note that starts with 'Lower than'")),
    ("tallies", 5, {"syria": "97"},
     ("field syria: value 97: expected a number not below 98 (tally-b), a value in supersedes, or "
      "a note that starts with 'Lower than'")),
    ("tallies", 5, {"total": "160", "note": "Lower than before, by another rule."}, None),
    ("tallies", 5, {"total": "160", "claimant": "centcom"}, None),
    ("tallies", 5, {"total": "160", "counted_from": "2024-01-01"}, None),
    ("tallies", 5, {"total": "160", "status": "carrier_error"}, None),
    ("tallies", 5, {"total": "160", "as_of": "2024-01-27"}, None),
    ("tallies", 5, {"stated": "2024-02-03"},
     "field stated: value 2024-02-03: expected a day not before as_of (2024-02-04)"),
    ("tallies", 5, {"counted_from": "2024-02-05"},
     "field as_of: value 2024-02-04: expected a day not before counted_from (2024-02-05)"),
    ("tallies", 3, {"part_of": ""},
     "field part_of: value (blank): expected the count that this base is part of"),
    ("tallies", 3, {"place": ""},
     "field place: value (blank): expected a base, since part_of is given"),
    ("tallies", 3, {"as_of": "2024-01-19"},
     "field as_of: value 2024-01-19: expected the day of tally-a (2024-01-20)"),
    # Interval counts
    ("interval_counts", 2, {"high": "1"},
     "field high: value 1: expected the same as low (0), since the qualifier is exactly"),
    ("interval_counts", 2, {"low": "2", "high": "", "qualifier": "at_least"}, None),
    ("interval_counts", 2, {"end": "2024-01-29"},
     "field end: value 2024-01-29: expected a day not before start (2024-01-30)"),
    ("interval_counts", 2, {"stated": "2024-02-01"},
     "field stated: value 2024-02-01: expected a day not before end (2024-02-02)"),
    ("interval_counts", 2, {"status": "carrier_error"},
     "field status: value carrier_error: expected stands, or a note that says why"),
    ("interval_counts", 2, {"status": "carrier_error", "note": "The copy has a slip."}, None),
    # People
    ("people", 2, {"stated": "2024-01-26"},
     "field stated: value 2024-01-26: expected a day not before the start of attack (2024-01-28)"),
    ("people", 2, {"named_as": "press"},
     "field fate: value killed: expected reported_killed, since named_as is press"),
    ("people", 2, {"named_as": "press", "fate": "reported_killed"}, None),
    ("people", 2, {"named_as": "monitor", "fate": "died_of_wounds"},
     "field fate: value died_of_wounds: expected reported_killed, since named_as is monitor"),
    ("people", 2, {"named_as": "family"}, None),
    # Links
    ("links", 2, {"to_event": "answer"},
     "field to_event: value answer: expected another event than from_event"),
    ("links", 2, {"stated_by": ""},
     "field stated_by: value (blank): expected an actor: who says that it is a response"),
    ("links", 2, {"stated_by": "", "relation": "part_of"}, None),
    ("links", 2, {"from_event": "attack", "to_event": "answer"},
     ("field from_event: value attack: expected an event not before answer (2024-02-03); it is of "
      "2024-01-28")),
    ("links", 2, {"from_event": "attack", "to_event": "answer", "relation": "part_of"}, None),
    # Events
    ("events", 3, {"end": "2024-01-27"},
     "field end: value 2024-01-27: expected a day not before start (2024-01-28)"),
    ("events", 2, {"us_date": "2024-02-01"},
     "field us_date: value 2024-02-01: expected a day within one of start (2024-02-03)"),
    # Steps
    ("steps", 2, {"utc": "2024-02-03T00:30Z"},
     ("field utc: value 2024-02-03T00:30Z: expected 2024-02-02T21:30Z, the local time minus 3 "
      "hours")),
    ("steps", 2, {"utc": ""},
     "field utc: value (blank): expected 2024-02-02T21:30Z, the local time minus 3 hours"),
    ("steps", 2, {"local_time": ""},
     "field utc: value 2024-02-02T21:30Z: expected blank, since local_time is blank"),
    # Reactions
    ("reactions", 2, {"phrase": "one two three four five six seven eight nine"},
     ("field phrase: value one two three four five six seven eight nine: expected at most 8 "
      "words, found 9")),
    ("reactions", 2, {"phrase": "one two three four five six seven eight"}, None),
    ("reactions", 2, {"date": "2024-02-02"}, None),
    ("reactions", 2, {"date": "2024-02-01"},
     "field date: value 2024-02-01: expected a day not before the start of answer (2024-02-03)"),
    ("reactions", 2, {"date": ""},
     "field date: value (blank): expected a day, since date_basis is given"),
    ("reactions", 2, {"date_basis": "unknown"},
     "field date: value 2024-02-03: expected blank, since date_basis is unknown"),
    # Sources and places
    ("sources", 2, {"url": ""},
     ("field url: value (blank): expected an address, or a note on why there is none, "
     "since opened is true")),
    ("sources", 2, {"url": "", "note": "Printed paper."}, None),
    ("sources", 3, {"url": "http://www.example.org/a/"},
     ("field url: value http://www.example.org/a/: expected an address that no other source has; "
      "src-a has it: name src-a wherever src-b is named, and drop this row")),
    ("sources", 3, {"url": "https://example.org/a?page=2"}, None),
    ("places", 2, {"lon": ""},
     "field lon: value (blank): expected a value, since lat or precision is given"),
    ("places", 2, {"precision": ""},
     "field precision: value (blank): expected a value, since lat or lon is given"),
    ("places", 2, {"lat": "42.4"},
     "field lat: value 42.4: expected a number from 29.0 to 37.5, in Iraq"),
    ("places", 2, {"country": "Syria", "lon": "42.5"},
     "field lon: value 42.5: expected a number from 35.6 to 42.4, in Syria"),
    ("places", 2, {"country": "Jordan", "lon": "39", "lat": "33.5"},
     "field lat: value 33.5: expected a number from 29.1 to 33.4, in Jordan"),
    ("places", 2, {"country": "Kuwait"}, None),
    # Days in ids
    ("measures", 2, {"measure_id": "2024-02-03-us-sanctions"},
     ("field measure_id: value 2024-02-03-us-sanctions: expected an id with the day of the row, "
      "2024-02-02")),
    ("measures", 2, {"measure_id": "2024-02-02-us-sanctions"}, None),
    ("sources", 3, {"source_id": "src-2024-02-02"},  # the page shows no day
     "field source_id: value src-2024-02-02: expected a source that some row rests on"),
    # What a source shows, and whom it relays
    ("claims", 2, {"source": "src-b"},
     "field stated_basis: value published: expected said or not_before, since src-b shows no day"),
    ("claims", 2, {"source": "src-b", "stated_basis": "said"}, None),
    ("tallies", 5, {"stated_basis": "not_before"},
     ("field stated_basis: value not_before: expected published or said, since src-a shows a day "
      "(2024-01-29)")),
    ("claims", 2, {"cited_via": "src-a"},
     ("field cited_via: value src-a: expected whom src-a names as its own source, or blank: it is "
      "by A")),
    ("tallies", 2, {"cited_via": "src-b"}, None),
    # US statements
    ("events", 3, {"us_confirmed": ""},
     ("field us_confirmed: value (blank): expected yes or no, since there is a US statement "
      "(claim_id claim-a)")),
    ("events", 3, {"us_confirmed": "", "kind": "disputed_strike"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "cells", "line"), CASES)
def test_one_bad_row(small, table, row, cells, line):
    expected = [] if line is None else [f"{table}.csv row {row}: {line}"]
    assert lines(small.change(table, row, **cells)) == expected


def test_no_claimant_relays_its_own_statement(small):
    small.rows["sources"][1]["publisher"] = "Pentagon"
    small.change("claims", 2, cited_via="src-b")  # CENTCOM's, by way of the Pentagon
    fault = "field cited_via: value src-b: expected whom src-a names as its own source, or blank: "
    fault += "Pentagon is the claimant"
    found = lines(small.change("tallies", 2, cited_via="src-b"))
    assert found == [f"tallies.csv row 2: {fault}"]


def test_an_event_goes_by_either_date(small):
    link = small.rows["links"][0]
    for day in ("2024-02-02", "2024-02-03"):
        name = f"us-strikes-{day}"
        small.rows["events"][0]["event_id"] = link["from_event"] = name
        small.rows["steps"][0]["event"] = small.rows["reactions"][0]["event"] = name
        assert lines(small.write()) == []
    small.rows["events"][0]["us_date"] = ""
    link["from_event"] = small.rows["steps"][0]["event"] = "us-strikes-2024-02-02"
    small.rows["events"][0]["event_id"] = "us-strikes-2024-02-02"
    assert lines(small.write()) == [
        (
            "events.csv row 2: field event_id: value us-strikes-2024-02-02: expected an id with "
            "the day of the row, 2024-02-03"
        )
    ]


def test_what_a_step_says_was_stated_that_day(small):
    step = small.rows["steps"][0]
    step |= {"date": "2024-01-29", "utc": "2024-01-28T21:30Z"}
    for kind, day, sound in (
        ("word", "2024-01-29", True),
        ("word", "2024-01-28", True),  # an evening in the US
        ("word", "2024-01-30", False),
        ("deed", "2024-01-30", True),  # deeds are reported later
    ):
        step["kind"] = kind
        root = small.change("claims", 3, stated=day)
        fault = (
            "steps.csv row 2: field claims: value claim-b: expected claims stated on 2024-01-29 "
            f"or the day before; claim-b was stated on {day}"
        )
        assert lines(root) == ([] if sound else [fault])
    step["kind"] = "word"
    assert lines(small.change("claims", 3, stated_basis="not_before", source="src-b")) == []


def test_the_press_has_no_name(small):
    small.change("actors", 2, kind="unnamed", side="press")
    assert lines(small.root) == []
    assert lines(small.change("claims", 4, speaker="A. Spokesman")) == [
        (
            "claims.csv row 4: field claimant: value centcom: expected the actor for whom "
            "A. Spokesman spoke"
        )
    ]


def test_a_copy_does_not_relay_its_original(small):
    small.change("claims", 2, cited_via="src-b")
    for publisher, sound in {"A": True, "A (B)": True, "B (copy)": False, "B via A": False}.items():
        assert (lines(small.change("sources", 2, publisher=publisher)) == []) == sound


def test_one_claimant_has_one_standing_figure(small):
    root = small.add("claims", 3, claim_id="claim-d", low="35", supersedes="")
    fault = (
        "claims.csv row 5: field status: value stands: expected another status here or in claim-b, "
        "which stands for the same"
    )
    assert lines(root) == [fault]
    sound = ({"low": "34"}, {"place": "al-tanf"}, {"scope": "part"}, {"claimant": "pentagon"},
             {"stated_basis": "not_before", "source": "src-b"},
             {"status": "carrier_error"})  # fmt: skip
    for cells in sound:
        small.rows["claims"].pop()
        assert lines(small.add("claims", 3, claim_id="claim-d", low="35", supersedes="") and
                     small.change("claims", 5, **cells)) == []  # fmt: skip
    small.change("claims", 5, status="stands", as_of="2024-01-29")
    small.rows["claims"][3] |= {"low": "35", "place": "", "claimant": "centcom"}
    assert lines(small.write()) == [fault]
    assert lines(small.change("events", 3, kind="campaign")) == []  # counts up to two days


def test_a_figure_for_one_of_several_places_is_a_part(small):
    small.rows["places"].append(small.rows["places"][1] | {"place_id": "shaddadi"})
    small.change("events", 3, places="al-tanf;shaddadi")
    fault = (
        "claims.csv row 3: field scope: value whole: expected part, since attack hit places other "
        "than al-tanf"
    )
    small.rows["claims"][0]["place"] = "al-tanf"
    assert lines(small.change("claims", 3, place="al-tanf", country="Syria")) == [fault]
    assert lines(small.change("claims", 3, scope="part")) == []
    assert lines(small.change("claims", 3, scope="whole", country="Jordan")) == []
    small.rows["places"][2]["kind"] = "province"
    assert lines(small.change("claims", 3, country="Syria")) == []


def test_a_replacement_is_not_stated_before_what_it_replaces(small):
    small.rows["claims"][0]["stated"] = "2024-01-30"
    assert lines(small.write()) == [
        (
            "claims.csv row 3: field stated: value 2024-01-29: expected a day not before claim-a "
            "was stated (2024-01-30)"
        )
    ]


def test_a_replaced_row_does_not_stand(small):
    assert lines(small.change("claims", 2, status="stands")) == [
        (
            "claims.csv row 2: field status: value stands: expected another status, since a later "
            "row supersedes this one"
        )
    ]


def test_countries_of_an_interval_count(small):
    part = {"count_id": "count-b", "country": "Syria", "low": "2", "high": "2"}
    root = small.add("interval_counts", 2, **part)
    fault = "interval_counts.csv row 2: field high: value 0: expected a number not below the sum "
    assert lines(root) == [f"{fault}of its countries (2)"]
    for other in ({"source": "src-b"}, {"first_day": "part"}, {"status": "carrier_error",
                  "note": "A slip."}):  # fmt: skip
        small.rows["interval_counts"][1] = small.rows["interval_counts"][0] | part | other
        assert lines(small.write()) == []


def test_supersession_of_tallies(small):
    root = small.change("tallies", 5, supersedes="tally-b", counts="claimed_attacks")
    assert lines(root) == [
        (
            "tallies.csv row 4: field status: value stands: expected another status, since a later "
            "row supersedes this one"
        ),
        "tallies.csv row 5: field supersedes: value tally-b: expected a row with the same counts",
    ]


def test_rows_by_base_do_not_exceed_their_country(small):
    root = small.add("tallies", 3, tally_id="tally-z", total="8", place="al-tanf")
    assert lines(root) == []
    small.rows["tallies"][1]["total"] = "58"
    assert lines(small.write()) == [
        (
            "tallies.csv row 2: field iraq: value 57: expected a number not below the sum of its "
            "rows by base (58)"
        )
    ]
    small.rows["tallies"][1]["total"] = "57"
    small.rows["tallies"][-1]["total"] = "84"
    assert lines(small.write()) == [
        (
            "tallies.csv row 2: field total: value 140: expected a number not below the sum of its "
            "rows by base (141)"
        ),
        (
            "tallies.csv row 2: field syria: value 83: expected a number not below the sum of its "
            "rows by base (84)"
        ),
    ]


def test_an_explained_fall_is_the_base_of_later_counts(small):
    small.change("tallies", 5, total="160", note="Lower than the count of 28 January: revised.")
    root = small.add("tallies", 5, tally_id="tally-d", as_of="2024-02-06", stated="2024-02-07",
                     total="162", note="")  # fmt: skip
    assert lines(root) == []
    assert lines(small.change("tallies", 6, total="159")) == [
        (
            "tallies.csv row 6: field total: value 159: expected a number not below 160 (tally-c), "
            "a value in supersedes, or a note that starts with 'Lower than'"
        )
    ]


def test_a_later_statement_on_an_earlier_day_may_be_lower(small):
    root = small.add("tallies", 4, tally_id="tally-d", as_of="2024-01-25", stated="2024-02-20",
                     total="150", iraq="", syria="", jordan="")  # fmt: skip
    assert lines(root) == []


def test_an_earlier_statement_on_a_later_day_may_be_lower(small):
    small.rows["tallies"][2]["stated"] = "2024-02-20"
    assert lines(small.change("tallies", 5, total="160")) == []


def test_a_vague_date_counts_with_its_end(small):
    small.rows["links"][0] |= {"from_event": "attack", "to_event": "answer"}
    small.rows["events"][1] |= {"date_precision": "month", "end": "2024-02-04"}
    assert lines(small.write()) == []


def test_keys_that_point_nowhere_do_no_harm(small):
    small.rows["links"][0] |= {"from_event": "gone", "to_event": "away"}
    small.rows["claims"][2] |= {"event": "gone", "supersedes": "gone"}
    small.rows["tallies"][1] |= {"place": "gone", "part_of": "gone"}
    small.rows["reactions"][0]["event"] = "gone"
    assert lines(small.write()) == []


RULES = {
    "exactly": lambda low, high: None not in (low, high) and low == high,
    "about": lambda low, high: None not in (low, high) and low == high,
    "at_least": lambda low, high: low is not None and high is None,
    "more_than": lambda low, high: low is not None and high is None,
    "up_to": lambda low, high: high is not None and (low is None or low <= high),
    "range": lambda low, high: None not in (low, high) and low < high,
    "some": lambda low, high: low is None and high is None,
}


ENDS = (None, 0.0, 3.0, 3.5, 1e9)  # zero is not missing


def test_qualifiers_against_their_rules(small):
    record = load(small.root)
    cases = list(product(sorted(RULES), ENDS, ENDS))
    base = record.claims.iloc[[0] * len(cases)].reset_index(drop=True)
    qualifiers, low, high = zip(*cases, strict=True)
    claims = base.assign(
        qualifier=pd.Categorical(qualifiers, base["qualifier"].cat.categories),
        low=pd.array(low, "Float64"), high=pd.array(high, "Float64"),
    )  # fmt: skip
    found = defaultdict(list)
    for check in CHECKS:
        for fault in check(replace(record, claims=claims)):
            if fault.file == "claims.csv" and fault.field in {"low", "high"}:
                found[fault.row - 2].append(fault)
    for at, (qualifier, *ends) in enumerate(cases):
        assert bool(found[at]) != RULES[qualifier](*ends), (qualifier, *ends)
        for fault in found[at]:
            # The field blamed is blank where a number is wanted, and given where it is not.
            assert (fault.value == "") == fault.expected.startswith("a number, since")


def test_the_rules_cover_all_qualifiers():
    from strikes2024.schema import data_dir, read_package

    tables = read_package(data_dir()).tables
    assert set(tables["claims"].field("qualifier").enum) == set(RULES)
