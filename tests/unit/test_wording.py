import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strikes2024 import wording


@pytest.mark.parametrize(
    ("low", "high", "qualifier", "words"),
    [
        (3, 3, "exactly", "3"),
        (15000, 15000, "exactly", "15,000"),
        (85, None, "more_than", "more than 85"),
        (35, pd.NA, "at_least", "at least 35"),
        (20, 20, "about", "about 20"),
        (54, 55, "range", "54–55"),
        (None, 3, "up_to", "up to 3"),
        (0, 3, "up_to", "up to 3"),
        (None, None, "some", "an unstated number"),
        (0, 0, "exactly", "0"),
        (2.5, 2.5, "exactly", "2.5"),
    ],
)
def test_quantity(low, high, qualifier, words) -> None:
    assert wording.quantity(low, high, qualifier) == words


@pytest.mark.parametrize(
    ("given_text", "wanted"), [("slip of US officials", "Slip of US officials"), ("", "")]
)
def test_capital(given_text, wanted) -> None:
    assert wording.capital(given_text) == wanted


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_span_reads_back(a: int, b: int) -> None:
    low, high = sorted((a, b))
    ends = [int(part.replace(",", "")) for part in wording.span(low, high).split("–")]
    assert (ends[0], ends[-1]) == (low, high)


def test_day() -> None:
    date = pd.Timestamp("2024-01-28")
    assert wording.day(date) == "28 January 2024"
    assert wording.day(date, weekday=True) == "Sunday 28 January 2024"
    assert wording.day(date, year=False) == "28 January"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2024-02-02", "2024-02-07", "2–7 February 2024"),
        ("2024-01-28", "2024-02-07", "28 January\u00a0– 7 February 2024"),
        ("2023-12-31", "2024-01-01", "31 December 2023\u00a0– 1 January 2024"),
        ("2024-02-02", "2024-02-02", "2 February 2024"),
    ],
)
def test_period(start, end, words) -> None:
    assert wording.period(pd.Timestamp(start), pd.Timestamp(end)) == words


def test_join() -> None:
    assert wording.join([]) == ""
    assert wording.join(["a"]) == "a"
    assert wording.join(["a", "b"]) == "a and b"
    assert wording.join(["a", "b", "c"]) == "a, b and c"


def test_a_key_keeps_the_article_of_a_name() -> None:
    assert wording.spell("distance_to_al_tanf") == "distance to al-Tanf"
    assert wording.spell("returned_to_duty") == "returned to duty"
