"""What was known when: known answers by hand, and what must hold on any day."""

from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strikes2024 import Tables, load, split
from strikes2024.analysis import History, as_of, entry_days
from strikes2024.campaign.headlines import HEADLINES
from strikes2024.schema import data_dir, read_package

days = st.dates(pd.Timestamp("2017-12-01").date(), pd.Timestamp("2026-01-01").date())
seeds = st.integers(0, 99)
few = settings(max_examples=min(15, settings.default.max_examples))


@cache
def record() -> Tables:
    return load()


@cache
def history() -> History:
    return History(record())


@cache
def closing() -> pd.Timestamp:
    return max(entries.max() for entries in entry_days(record()).values())


def ids(frame: pd.DataFrame) -> list[str]:
    return frame.iloc[:, 0].tolist()


def stood(small: Any, day: str) -> Tables:
    return as_of(load(small.write()), day)


def status(tables: Tables, claim: str) -> str:
    return str(tables.claims.set_index("claim_id").loc[claim, "status"])


def test_nothing_stated_later_is_there(small: Any) -> None:
    before, after = stood(small, "2024-01-28"), stood(small, "2024-01-29")
    assert ids(before.claims) == ["claim-a"]
    assert ids(after.claims) == ["claim-a", "claim-b", "claim-c"]
    assert ids(before.tallies) == ["tally-a", "tally-a-asad"]
    assert ids(before.events) == ["attack"]
    assert ids(before.reactions) == ids(before.steps) == ids(before.links) == []


def test_a_figure_replaced_later_stands_until_then(small: Any) -> None:
    assert status(stood(small, "2024-01-28"), "claim-a") == "stands"
    assert status(stood(small, "2024-01-29"), "claim-a") == "superseded"


def test_without_a_named_successor_the_next_figure_for_the_same_thing_replaces_it(
    small: Any,
) -> None:
    small.change("claims", 3, supersedes="", claimant="pentagon", stated="2024-02-05")
    assert status(stood(small, "2024-02-04"), "claim-a") == "stands"
    assert status(stood(small, "2024-02-05"), "claim-a") == "superseded"


def test_a_slip_of_a_carrier_shows_once_the_true_words_are_there(small: Any) -> None:
    small.change("claims", 2, status="carrier_error")
    small.change("claims", 3, supersedes="")
    assert status(stood(small, "2024-01-28"), "claim-a") == "stands"
    assert status(stood(small, "2024-01-29"), "claim-a") == "carrier_error"


def test_a_slip_with_nothing_beside_it_shows_at_once(small: Any) -> None:
    small.change("claims", 4, status="carrier_error")
    assert status(stood(small, "2024-01-29"), "claim-c") == "carrier_error"


def test_an_undated_claim_waits_for_the_closing_day(small: Any) -> None:
    small.change("claims", 4, stated_basis="not_before", source="src-b")
    assert "claim-c" not in ids(stood(small, "2024-02-04").claims)
    assert "claim-c" in ids(stood(small, "2024-02-05").claims)  # tally-c is the last dated row


def test_a_dated_publication_makes_an_undated_claim_safe(small: Any) -> None:
    small.change(
        "claims", 4, stated_basis="not_before", stated="2024-01-28", source="src-b", also_in="src-a"
    )
    assert "claim-c" not in ids(stood(small, "2024-01-28").claims)
    assert "claim-c" in ids(stood(small, "2024-01-29").claims)


def test_what_is_superseded_had_been_said(small: Any) -> None:
    small.change("claims", 2, stated_basis="not_before", source="src-b")
    assert ids(stood(small, "2024-01-28").claims) == []
    assert status(stood(small, "2024-01-29"), "claim-a") == "superseded"


def test_an_undated_count_waits_for_the_next_dated_one(small: Any) -> None:
    for row in (2, 3):
        small.change("tallies", row, stated_basis="not_before", source="src-b")
    assert ids(stood(small, "2024-01-28").tallies) == []
    assert ids(stood(small, "2024-01-29").tallies) == ["tally-a", "tally-a-asad", "tally-b"]


def test_an_event_begins_on_its_us_day_if_that_is_earlier(small: Any) -> None:
    assert "answer" in ids(stood(small, "2024-02-02").events)
    assert "answer" not in ids(stood(small, "2024-02-01").events)


def test_an_event_that_goes_on_ends_on_the_day(small: Any) -> None:
    small.change("events", 3, end="2024-03-01")
    found = stood(small, "2024-02-01").events
    assert found["end"].tolist() == [pd.Timestamp("2024-02-01")]


def test_an_undated_source_stays_with_the_row_that_rests_on_it(small: Any) -> None:
    small.change("claims", 4, source="src-b")
    assert ids(stood(small, "2023-10-16").sources) == []
    assert ids(stood(small, "2024-01-28").sources) == ["src-a"]
    assert ids(stood(small, "2024-01-29").sources) == ["src-a", "src-b"]
    assert stood(small, "2024-02-03").events["sources"].tolist() == ["src-a;src-b", "src-a"]


def test_a_list_names_only_what_is_there(small: Any) -> None:
    assert stood(small, "2024-02-03").events["sources"].tolist() == ["src-a", "src-a"]


def test_a_day_that_is_no_day_is_named() -> None:
    for wrong in ("soon", None, pd.Timestamp("2024-02-03", tz="UTC")):
        with pytest.raises(ValueError, match="expected a day"):
            as_of(record(), wrong)


def test_a_figure_known_by_hand() -> None:
    """The Pentagon's 4 brain injuries near al-Hasakah stood until it gave 11 on 17 April 2023."""
    claim = "attack-2023-03-23-hasakah-brain-injuries-us-dod-2023-03-30"
    assert status(as_of(record(), "2023-04-16"), claim) == "stands"
    assert status(as_of(record(), "2023-04-17"), claim) == "superseded"


@few
@given(days, days)
def test_a_later_record_holds_the_earlier_one(one: object, other: object) -> None:
    first, second = sorted([pd.Timestamp(str(one)), pd.Timestamp(str(other))])
    earlier, later = history().as_of(first), history().as_of(second)
    for name in earlier:
        assert set(ids(earlier[name])) <= set(ids(later[name])), name


@few
@given(days)
def test_no_row_knows_of_a_later_day(day: object) -> None:
    tables = history().as_of(str(day))
    last = min(pd.Timestamp(str(day)), closing())
    assert not (tables.claims["stated"] > last).any()
    assert not (tables.tallies["stated"] > last).any()
    assert not (tables.events["end"] > last).any()
    assert not (tables.steps["date"] > last).any()
    replaced = tables.claims["claim_id"].isin(tables.claims["supersedes"])
    assert not (tables.claims.loc[replaced, "status"] == "stands").any()


@few
@given(days)
def test_every_reference_leads_to_a_row(day: object) -> None:
    tables = history().as_of(str(day))
    for name in tables:
        for field in read_package(data_dir()).table(name).fields:
            if field.reference is None:
                continue
            known = set(tables[field.reference.table][field.reference.field])
            lists = split(tables[name][field.name])
            assert {item for items in lists for item in items} <= known, (name, field.name)
            if field.name == "source" and name not in {"actors", "places", "definitions"}:
                assert (lists.str.len() == 1).all(), name


def test_on_the_closing_day_the_whole_record_is_there() -> None:
    tables = as_of(record(), closing())
    for name in tables:
        pd.testing.assert_frame_equal(tables[name], record()[name])


@few
@given(seeds, days)
def test_the_order_of_rows_changes_nothing(seed: int, day: object) -> None:
    shuffled = replace(
        record(), **{name: record()[name].sample(frac=1, random_state=seed) for name in record()}
    )
    found, same = as_of(shuffled, str(day)), history().as_of(str(day))
    for name in found:
        pd.testing.assert_frame_equal(found[name].sort_index(), same[name])


@few
@given(days)
def test_a_line_stands_as_in_the_whole_record(day: object) -> None:
    tables, known = record(), history().as_of(str(day))
    for headline in HEADLINES:
        line = history().line_as_of(headline.claims(tables), str(day))
        whole = headline.claims(known)
        for column in ("claim_id", "status", "low", "high"):
            assert line[column].tolist() == whole[column].tolist(), (headline.name, column)
