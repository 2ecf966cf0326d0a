"""Statements as constraints: against brute force, and the laws that bounds must keep."""

from __future__ import annotations

import itertools
import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strikes2024.analysis.constraints import conflict, interval_bounds, without

# An option that the solver does not know is a warning only.
pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")

DAYS = 4
MOST = 2
START = pd.Timestamp("2024-01-01")


def day(at: int) -> pd.Timestamp:
    return START + pd.Timedelta(days=at)


def frame(rows: list[tuple[int, int, str, int | None, int | None, bool]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "statement_id": [f"s{at}" for at in range(len(rows))],
            "start": pd.Series([day(row[0]) for row in rows], dtype="datetime64[us]"),
            "end": pd.Series([day(row[1]) for row in rows], dtype="datetime64[us]"),
            "part": pd.Series([row[2] for row in rows], dtype="string"),
            "low": pd.array([row[3] for row in rows], dtype="Int64"),
            "high": pd.array([row[4] for row in rows], dtype="Int64"),
            "distinct": pd.Series([row[5] for row in rows], dtype="bool"),
        }
    )


EVERY = [(first, last) for first in range(DAYS) for last in range(first, DAYS)]
INTERVALS = pd.DataFrame(
    [(day(first), day(last)) for first, last in EVERY], columns=["start", "end"]
)


@st.composite
def statement(draw, parts: tuple[str, ...] = ("",), *, distinct: bool = True):
    first, last = draw(st.sampled_from(EVERY))
    low = draw(st.none() | st.integers(0, 4))
    high = draw(st.none() | st.integers(low or 0, 5))
    part = draw(st.sampled_from(parts))
    if distinct and low and draw(st.booleans()):
        return first, last, part, low, None, True
    return first, last, part, low, high, False


def holds(rows, counts: dict[str, tuple[int, ...]]) -> bool:
    """Whether daily counts by part are compatible with the statements, by trying everything."""
    for first, last, part, low, high, distinct in rows:
        if distinct:
            continue
        inside = [counts[part]] if part else list(counts.values())
        found = sum(sum(days[first : last + 1]) for days in inside)
        if (low is not None and found < low) or (high is not None and found > high):
            return False
    units = [(a, b, part) for a, b, part, low, _, distinct in rows if distinct for _ in range(low)]
    names = list(counts)
    room = {(name, at): counts[name][at] for name in names for at in range(DAYS)}

    def seat(unit: int, seen: set, taken: dict) -> bool:
        first, last, part = units[unit]
        for name in [part] if part else names:
            for at in range(first, last + 1):
                for place in range(room[name, at]):
                    chair = (name, at, place)
                    if chair in seen:
                        continue
                    seen.add(chair)
                    if chair not in taken or seat(taken[chair], seen, taken):
                        taken[chair] = unit
                        return True
        return False

    taken: dict = {}
    return all(seat(unit, set(), taken) for unit in range(len(units)))


def worlds(parts: tuple[str, ...], most: int):
    days = list(itertools.product(range(most + 1), repeat=DAYS))
    for choice in itertools.product(days, repeat=len(parts)):
        yield dict(zip(parts, choice, strict=True))


def bounds(rows, **how) -> list[tuple[int, int | None]]:
    found = interval_bounds(frame(rows), INTERVALS, **how)
    return [
        (int(low), None if pd.isna(high) else int(high))
        for low, high in zip(found["fewest"], found["most"], strict=True)
    ]


def possible(rows, **how) -> bool:
    return conflict(frame(rows), **how).size == 0


@settings(max_examples=50, deadline=None)
@given(st.lists(statement(), min_size=1, max_size=5))
def test_bounds_of_a_whole_agree_with_brute_force(rows) -> None:
    # A limit on each day keeps the number of worlds small.
    rows = [*rows, *((at, at, "", None, MOST, False) for at in range(DAYS))]
    allowed = [w[""] for w in worlds(("",), MOST) if holds(rows, w)]
    if not allowed:
        with pytest.raises(ValueError, match="cannot all hold"):
            bounds(rows)
        assert conflict(frame(rows)).size > 0
        return
    assert conflict(frame(rows)).size == 0
    sums = [[sum(w[first : last + 1]) for w in allowed] for first, last in EVERY]
    assert bounds(rows) == [(min(found), max(found)) for found in sums]


@settings(max_examples=25, deadline=None)
@given(st.lists(statement(("", "a", "b")), min_size=2, max_size=5), st.sampled_from(["", "a"]))
def test_bounds_of_parts_agree_with_brute_force(rows, asked) -> None:
    parts = ("a", "b")
    rows = [*rows, *((at, at, part, None, 1, False) for at in range(DAYS) for part in parts)]
    allowed = [w for w in worlds(parts, 1) if holds(rows, w)]
    if not allowed:
        with pytest.raises(ValueError, match="cannot all hold"):
            bounds(rows, parts=parts, part=asked)
        return
    wanted = []
    for first, last in EVERY:
        days = [[w[asked]] if asked else list(w.values()) for w in allowed]
        found = [sum(sum(row[first : last + 1]) for row in world) for world in days]
        wanted.append((min(found), max(found)))
    assert bounds(rows, parts=parts, part=asked) == wanted


@settings(max_examples=30, deadline=None)
@given(st.lists(statement(), min_size=2, max_size=6))
def test_all_smallest_sets_that_must_give_way_are_told(rows) -> None:
    found = conflict(frame(rows))
    size, wanted = 0, []
    for size in range(len(rows) + 1):
        for gone in itertools.combinations(range(len(rows)), size):
            rest = [row for at, row in enumerate(rows) if at not in gone]
            try:
                bounds(rest)
            except ValueError:
                continue
            wanted.append(tuple(f"s{at}" for at in gone))
        if wanted:
            break
    assert found.size == size
    assert set(found.sets) == (set(wanted) if size else set())
    assert not size or found.gives_way in found.sets
    for clash in found.clashes:
        lone = frame(rows)
        lone = lone[lone["statement_id"].isin(clash)]
        with pytest.raises(ValueError, match="cannot all hold"):
            interval_bounds(lone, INTERVALS)
        for name in clash:
            interval_bounds(without(lone, [name]), INTERVALS)


@st.composite
def truth(draw, parts: tuple[str, ...]):
    """Daily counts, and statements that are true of them."""
    counts = {part: draw(st.lists(st.integers(0, 6), min_size=8, max_size=8)) for part in parts}
    rows = []
    for _ in range(draw(st.integers(1, 12))):
        first = draw(st.integers(0, 7))
        last = draw(st.integers(first, 7))
        part = draw(st.sampled_from(("", *parts) if len(parts) > 1 else ("",)))
        days = [counts[part]] if part else list(counts.values())
        told = sum(sum(row[first : last + 1]) for row in days)
        low = draw(st.none() | st.integers(max(0, told - 2), told))
        high = draw(st.none() | st.integers(told, told + 2))
        rows.append((first, last, part, low, high, False))
    return counts, rows


@settings(max_examples=15, deadline=None)
@given(truth(("a",)) | truth(("a", "b")), st.randoms(use_true_random=False))
def test_true_statements_hold_together_and_each_narrows(made, shuffler: random.Random) -> None:
    counts, rows = made
    how = {"parts": tuple(counts)} if len(counts) > 1 else {}
    asked = pd.DataFrame(
        [(day(a), day(b)) for a in (0, 2) for b in (4, 7)], columns=["start", "end"]
    )
    statements = frame(rows)
    full = interval_bounds(statements, asked, **how)
    for row in full.itertuples():
        first, last = (row.start - START).days, (row.end - START).days
        total = sum(sum(days[first : last + 1]) for days in counts.values())
        assert row.fewest <= total
        assert pd.isna(row.most) or total <= row.most
    mixed = list(range(len(rows)))
    shuffler.shuffle(mixed)
    pd.testing.assert_frame_equal(interval_bounds(statements.iloc[mixed], asked, **how), full)
    fewer = interval_bounds(statements.iloc[:-1], asked, **how)
    assert (fewer["fewest"] <= full["fewest"]).all()
    assert (fewer["most"].fillna(9999) >= full["most"].fillna(9999)).all()
    assert conflict(statements, **how).size == 0


@pytest.mark.large
def test_a_hundred_thousand_statements() -> None:
    """The bounds hold the counts that the statements come from, and are close."""
    make = random.Random(3)
    daily = [make.randrange(4) for _ in range(5_000)]
    totals = [0, *itertools.accumulate(daily)]
    rows = []
    for at in range(100_000):
        first = 0 if at % 2 else make.randrange(4_990)
        last = make.randrange(first, min(first + 60, 5_000) if not at % 2 else 5_000)
        told = totals[last + 1] - totals[first]
        rows.append(
            (first, last, "", max(0, told - make.randrange(3)), told + make.randrange(3), False)
        )
    asked = pd.DataFrame(
        [(day(a), day(a + 99)) for a in range(0, 4_900, 500)], columns=["start", "end"]
    )
    found = interval_bounds(frame(rows), asked)
    for at, row in zip(range(0, 4_900, 500), found.itertuples(), strict=True):
        assert row.fewest <= totals[at + 100] - totals[at] <= row.most
        assert row.most - row.fewest <= 8
    broken = frame([*rows, (10, 20, "", totals[21] - totals[10] + 40, None, False)])
    with pytest.raises(ValueError, match="cannot all hold"):
        interval_bounds(broken, asked)


@pytest.mark.large
def test_a_thousand_statements_with_ten_clashes() -> None:
    make = random.Random(4)
    daily = [make.randrange(4) for _ in range(400)]
    rows = []
    for _ in range(990):
        first = make.randrange(390)
        last = make.randrange(first, min(first + 30, 400))
        told = sum(daily[first : last + 1])
        rows.append((first, last, "", told, told, False))
    wrong = [(40 * at, 40 * at + 5, "", 99, None, False) for at in range(10)]
    found = conflict(frame([*rows, *wrong]))
    assert found.gives_way == tuple(f"s{990 + at}" for at in range(10))
    assert found.sets == (found.gives_way,)


def test_the_heavier_statement_stays() -> None:
    rows = [(0, 0, "", 2, 2, False), (0, 0, "", 3, 3, False)]
    statements = frame(rows).assign(weight=[2, 1])
    assert conflict(statements).gives_way == ("s1",)
    assert conflict(statements.assign(weight=[1, 2])).gives_way == ("s0",)
    assert conflict(statements).sets == (("s0",), ("s1",))


def test_rows_of_one_statement_stand_or_fall_together() -> None:
    rows = [(0, 0, "", 1, 1, False), (1, 1, "", 5, 5, False), (0, 0, "", 2, 2, False)]
    statements = frame(rows)
    statements.loc[1, "statement_id"] = "s0"
    assert conflict(statements).sets == (("s0",), ("s2",))
    assert len(without(statements, ["s0"])) == 1


def test_without_an_upper_limit_the_most_is_missing() -> None:
    rows = [(0, 1, "", 3, None, False)]
    assert bounds(rows)[1] == (3, None)
    by_part = interval_bounds(frame([(0, 1, "a", 3, None, False)]), INTERVALS)
    assert (by_part["fewest"][1], by_part["most"].isna().all()) == (3, True)


def test_faults_in_statements_are_named() -> None:
    with pytest.raises(ValueError, match="statement s0: start 2024-01-02, end 2024-01-01"):
        interval_bounds(frame([(1, 0, "", 1, 1, False)]), INTERVALS)
    with pytest.raises(ValueError, match="lack the columns part, low"):
        interval_bounds(frame([]).drop(columns=["part", "low"]), INTERVALS)
    with pytest.raises(
        ValueError, match=r"^an interval ends before it starts: expected start <= end$"
    ):
        interval_bounds(frame([]), pd.DataFrame({"start": [day(3)], "end": [day(1)]}))
    assert len(interval_bounds(frame([]), INTERVALS.iloc[:0])) == 0
