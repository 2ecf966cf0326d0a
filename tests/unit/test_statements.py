"""What a counter said, as constraints: hedges, moments, splits, and a table derived elsewhere."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from unit_helpers import D, rows

from strikes2024.analysis.constraints import conflict, interval_bounds, without
from strikes2024.analysis.statements import counter_statements, limits, toll_statements

FROZEN = Path(__file__).parent / "frozen"
OFFICIALS = ("us-dod", "us-centcom", "us-officials")
PHASES = pd.DataFrame(
    {
        "start": ["2023-12-01", "2024-01-27", "2024-01-30", "2024-02-02", "2024-02-07"],
        "end": ["2024-01-26", "2024-01-29", "2024-02-01", "2024-02-06", "2024-04-20"],
    }
).astype("datetime64[us]")
# Derived from the frozen rows by somebody who did not write this code.
SUPPORTED = [(85, 87), (4, 6), (0, 2), (3, 5), (0, 0)]


def frozen(name: str) -> pd.DataFrame:
    frame = pd.read_csv(FROZEN / f"{name}.csv", dtype="string")
    days = [c for c in frame if c in ("start", "end", "stated", "as_of", "counted_from", "us_date")]
    counts = [c for c in frame if c in ("low", "high", "total", "iraq", "syria", "jordan")]
    types = dict.fromkeys(days, "datetime64[us]") | dict.fromkeys(counts, "Int64")
    return frame.astype(types)


def of_frozen(**how: bool) -> pd.DataFrame:
    return counter_statements(
        frozen("tallies"),
        OFFICIALS,
        intervals=frozen("interval_counts"),
        events=frozen("events"),
        **how,
    )


def ends(found: pd.DataFrame) -> list[tuple[int, int]]:
    return list(zip(found["fewest"], found["most"], strict=True))


@pytest.mark.parametrize("split", [True, False])
def test_the_phases_of_the_frozen_record(split: bool) -> None:
    parts = ("Iraq", "Syria", "Jordan") if split else ()
    statements = of_frozen(whole_days=True, split=split)
    with pytest.raises(ValueError, match="cannot all hold"):
        interval_bounds(statements, PHASES, parts=parts)
    found = conflict(statements, parts=parts)
    # The total of 169 on 5 February cannot stand beside 170 on the 13th and none in between.
    assert {"us-dod-2024-02-05-2", "us-dod-2024-02-13", "none-since-4-february"} in [
        set(clash) for clash in found.clashes
    ]
    assert "us-dod-2024-02-05-2" in found.gives_way
    kept = without(statements, found.gives_way)
    assert ends(interval_bounds(kept, PHASES, parts=parts)) == SUPPORTED


def test_a_count_of_the_day_may_miss_what_came_later_that_day() -> None:
    statements = of_frozen(split=False)
    kept = without(statements, conflict(statements).gives_way)
    for (low, high), (fewest, most) in zip(
        ends(interval_bounds(kept, PHASES)), SUPPORTED, strict=True
    ):
        assert low <= fewest
        assert most <= high


@pytest.mark.parametrize(
    ("low", "high", "hedge", "wanted"),
    [
        (7, 7, "exactly", (7, 7)),
        (7, None, "at_least", (7, None)),
        (7, 7, "at_least", (7, None)),
        (7, None, "more_than", (8, None)),
        (None, 7, "up_to", (0, 7)),
        (140, 140, "about", (135, 145)),
        (165, 165, "about", (163, 167)),
        (66, 66, "about", (65, 67)),
        (0, 0, "about", (0, 0)),
        (3, 5, "about", (3, 5)),
        (3, 5, "range", (3, 5)),
        (2, None, "some", (2, None)),
    ],
)
def test_hedges(low, high, hedge, wanted) -> None:
    found = limits(
        pd.Series([low], dtype="Int64"), pd.Series([high], dtype="Int64"), pd.Series([hedge])
    ).iloc[0]
    assert tuple(None if pd.isna(end) else int(end) for end in found) == wanted


def asked(*days: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(days, columns=["start", "end"]).astype("datetime64[us]")


def test_totals_of_one_day_follow_each_other() -> None:
    counts = rows(
        "tallies",
        {"as_of": "2023-10-26", "stated": "2023-10-26", "total": "10"},
        {"as_of": "2023-10-26", "stated": "2023-10-26", "total": "12"},
        {"as_of": "2023-10-30", "stated": "2023-10-31", "total": "20"},
    )
    days = asked(("2023-10-17", "2023-10-25"), ("2023-10-17", "2023-10-26"))
    found = interval_bounds(counter_statements(counts, ["dod"]), days)
    assert ends(found) == [(0, 10), (12, 20)]
    whole = interval_bounds(counter_statements(counts, ["dod"], whole_days=True), days)
    assert ends(whole) == [(0, 10), (12, 12)]


def test_statements_of_one_day_share_its_moment() -> None:
    """170 by the 13th and none since the 4th: the 170th came by the 4th, not late on the 13th."""
    counts = rows("tallies", {"as_of": "2024-02-13", "stated": "2024-02-13", "total": "170"})
    none = pd.DataFrame(
        {"count_id": ["none"], "claimant": "dod", "start": D("2024-02-05"), "end": D("2024-02-13"),
         "first_day": "whole", "country": pd.NA, "low": 0, "high": 0, "qualifier": "exactly",
         "stated": D("2024-02-13"), "status": "stands"}
    )  # fmt: skip
    statements = counter_statements(counts, ["dod"], intervals=none)
    found = interval_bounds(statements, asked(("2023-10-17", "2024-02-04")))
    assert ends(found) == [(170, 170)]
    begun = counter_statements(counts, ["dod"], intervals=none.assign(first_day="part"))
    later = interval_bounds(
        begun, asked(("2024-02-06", "2024-02-12"), ("2024-02-05", "2024-02-12"))
    )
    assert ends(later) == [(0, 0), (0, 170)]


def test_a_split_without_a_total_may_miss_what_came_later_that_day() -> None:
    counts = rows("tallies", {"as_of": "2023-10-30", "stated": "2023-10-30", "iraq": "9"})
    statements = counter_statements(counts, ["dod"])
    days = asked(("2023-10-17", "2023-10-29"), ("2023-10-17", "2023-10-30"))
    found = interval_bounds(statements, days, part="Iraq", parts=["Iraq"])
    assert list(found["fewest"]) == [0, 9]
    assert list(found["most"].fillna(-1)) == [9, -1]


def test_a_count_up_to_the_day_may_miss_what_came_later_that_day() -> None:
    """“3 since the 3rd”, said on the 5th without a total: a fourth may follow that day."""
    said = pd.DataFrame(
        {"count_id": ["three"], "claimant": "dod", "start": D("2024-02-03"), "end": D("2024-02-05"),
         "first_day": "whole", "country": pd.NA, "low": 3, "high": 3, "qualifier": "exactly",
         "stated": D("2024-02-05"), "status": "stands"}
    )  # fmt: skip
    statements = counter_statements(rows("tallies"), ["dod"], intervals=said)
    days = asked(("2024-02-03", "2024-02-04"), ("2024-02-03", "2024-02-05"))
    found = interval_bounds(statements, days)
    assert list(found["fewest"]) == [0, 3]
    assert list(found["most"].fillna(-1)) == [3, -1]
    since = said.assign(start=D("2024-02-04"))
    statements = counter_statements(rows("tallies"), ["dod"], intervals=since)
    assert list(interval_bounds(statements, asked(("2024-02-04", "2024-02-04")))["most"]) == [3]


def test_who_speaks_for_the_counter_and_what_is_left_out() -> None:
    counts = rows(
        "tallies",
        {"total": "5"},
        {"total": "9", "claimant": "officials"},
        {"total": "50", "claimant": "other"},
        {"total": "60", "status": "carrier_error"},
        {"total": "70", "counts": "claimed_attacks"},
        {"total": "80", "place": "al-asad"},
    )
    found = counter_statements(counts, ["dod", "officials"])
    assert set(found["statement_id"]) == {"tallies-1", "tallies-2"}
    assert set(counter_statements(counts, ["dod"])["statement_id"]) == {"tallies-1"}


def test_where_two_cannot_both_hold_the_counters_own_word_stands() -> None:
    tallies = rows(
        "tallies",
        {"claimant": "us-dod", "total": "5", "as_of": "2024-01-05", "stated": "2024-01-06"},
        {"claimant": "us-centcom", "total": "7", "as_of": "2024-01-04", "stated": "2024-02-01"},
    )
    own, other = tallies["tally_id"]
    assert conflict(counter_statements(tallies, OFFICIALS)).gives_way == (other,)
    assert conflict(counter_statements(tallies, OFFICIALS[::-1])).gives_way == (own,)


def test_parts_of_the_whole_and_a_counter_of_one_country() -> None:
    counts = rows("tallies", {"total": "9", "iraq": "5", "syria": "4"})
    claims = rows(
        "claims",
        {"metric": "attacks", "claimant": "dod", "country": "Iraq;Syria", "low": "3", "high": "3",
         "period_start": "2023-10-20", "as_of": "2023-10-25"},
        {"metric": "attacks", "claimant": "dod", "country": "Jordan", "low": "1", "high": "1",
         "period_start": "2023-10-20", "as_of": "2023-10-25"},
    )  # fmt: skip
    found = counter_statements(counts, ["dod"], claims=claims).set_index("statement_id")
    assert found.loc["tallies-1:iraq", ["part", "low", "high"]].tolist() == ["Iraq", 5, 5]
    assert found.loc["claims-1", "part"] == ""
    assert pd.isna(found.loc["claims-1", "high"])
    assert found.loc["claims-2", "part"] == "Jordan"
    joined = counter_statements(counts, ["dod"], claims=claims, split=False)
    assert set(joined["part"]) == {""}
    assert joined.set_index("statement_id")["high"].dropna().to_dict() == {"tallies-1": 9}
    syria = counter_statements(counts, ["dod"], claims=claims, whole="syria")
    assert syria["statement_id"].tolist() == ["tallies-1"]
    assert (syria["low"].tolist(), syria["part"].tolist()) == ([4], [""])


def test_dated_attacks_are_floors_of_their_own() -> None:
    common = {"kind": "attack_on_us_forces", "us_confirmed": "yes", "countries": "Iraq"}
    events = rows(
        "events",
        {**common, "start": "2024-01-10"},
        {**common, "start": "2024-01-11", "us_date": "2024-01-10"},
        {**common, "start": "2024-01-10", "us_confirmed": "no"},
        {**common, "start": "2024-01-10", "date_precision": "approx"},
        {**common, "start": "2024-01-10", "kind": "us_strike"},
    )
    statements = counter_statements(rows("tallies"), [], events=events)
    assert statements["distinct"].tolist() == [True, True]
    days = asked(("2024-01-10", "2024-01-10"), ("2024-01-09", "2024-01-10"))
    assert interval_bounds(statements, days)["fewest"].tolist() == [1, 2]


def test_tolls_as_constraints() -> None:
    """Latest figures, countries as parts; a figure for a part of a country is a floor."""
    events = pd.DataFrame(
        {
            "event_id": ["e", "series"],
            "start": [D("2024-02-03"), D("2024-02-03")],
            "end": [pd.NaT, D("2024-02-07")],
        }
    )
    one = {"claimant": "sohr", "low": "6", "high": "6"}
    claims = rows(
        "claims",
        one | {"status": "superseded"},
        one | {"low": "34", "high": "34", "stated": "2024-02-21"},
        {"claimant": "pmf", "country": "Iraq", "scope": "part", "low": "3", "high": "3"},
        {"claimant": "pmf", "country": "Iraq", "scope": "part", "low": "4", "status": "superseded"},
        {"claimant": "pmf", "country": "Iraq;Syria", "scope": "part", "low": "5", "high": "5"},
        {"claimant": "press", "country": "Iraq;Syria", "low": "40", "qualifier": "at_least"},
        {"claimant": "wiki", "event": "series", "country": "", "low": "54", "high": "55"},
        {"claimant": "nobody", "low": "0", "qualifier": "at_least"},
        {"claimant": "silent", "low": ""},
        {"claimant": "other", "metric": "wounded", "low": "9", "high": "9"},
        {"claimant": "other", "victims": "civilians", "low": "9", "high": "9"},
        {"claimant": "other", "event": "elsewhere", "low": "9", "high": "9"},
    )
    found = toll_statements(claims, events).set_index("statement_id")
    wanted = {
        "claims-2": ("Syria", 34, 34, "2024-02-03"),
        "claims-3": ("Iraq", 3, pd.NA, "2024-02-03"),
        "claims-6": ("", 40, pd.NA, "2024-02-03"),
        "claims-7": ("", 54, 55, "2024-02-07"),
    }
    assert set(found.index) == set(wanted)
    for key, (part, low, high, end) in wanted.items():
        assert found.loc[key, ["part", "low", "end"]].tolist() == [part, low, D(end)]
        assert found.loc[key, "high"] is high or found.loc[key, "high"] == high
        assert found.loc[key, "start"] == D("2024-02-03")
