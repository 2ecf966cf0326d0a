"""Charts of small and of empty records: they draw, or say in one sentence what is missing."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

import strikes2024
from strikes2024 import charts
from strikes2024.analysis import as_of
from strikes2024.charts.chart import NothingToDrawError, chart_function
from strikes2024.tables import NAMES, Tables

pytestmark = pytest.mark.fuzz

FUNCTIONS = sorted(set(charts.__all__) - {"Chart", "GENERAL"})
NAMES_AND_MEANINGS = ("sources", "actors", "places", "definitions")
TURNS = (
    "tower-22-attack",
    "us-strikes-2024-02-02",
    "us-strikes-2024-02-07",
    "us-campaign-2024-02",
    "attack-campaign-2023-10-17",
)


@pytest.fixture(scope="module")
def record() -> Tables:
    return strikes2024.load()


def cut(record: Tables, rows: Callable[[pd.DataFrame], pd.DataFrame]) -> Tables:
    return Tables(**{n: record[n] if n in NAMES_AND_MEANINGS else rows(record[n]) for n in NAMES})


def every_third(frame: pd.DataFrame) -> pd.DataFrame:
    turns = frame.iloc[:, 0].isin(TURNS)
    return frame[turns | (pd.Series(range(len(frame)), index=frame.index) % 3 == 0)]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_empty_record_is_named_as_such(record, name) -> None:
    empty = Tables(**{table: record[table].iloc[:0] for table in NAMES})
    with pytest.raises(NothingToDrawError, match=rf"^{name} cannot be drawn from these tables"):
        getattr(charts, name)(empty)


SMALL = {
    "one row a table": lambda t: cut(t, lambda frame: frame.iloc[:1]),
    "every third row": lambda t: cut(t, every_third),
    "as of 20 October 2023": lambda t: as_of(t, "2023-10-20"),
    "as of 29 January 2024": lambda t: as_of(t, "2024-01-29"),
    "as of 4 February 2024": lambda t: as_of(t, "2024-02-04"),
    "as of 8 February 2024": lambda t: as_of(t, "2024-02-08"),
}


@pytest.mark.parametrize("case", SMALL)
def test_a_small_record_is_drawn_or_refused_in_one_sentence(record, case) -> None:
    tables = SMALL[case](record)
    drawn, refusals = 0, []
    for name in FUNCTIONS:
        try:
            chart = getattr(charts, name)(tables)
        except NothingToDrawError as error:
            refusals.append(str(error))
            continue
        assert len(chart.table()) > 0
        assert chart.svg().startswith("<svg")
        drawn += 1
    assert drawn >= {"one row a table": 1, "as of 20 October 2023": 2}.get(case, 8)
    assert not [refusal for refusal in refusals if "\n" in refusal]


@pytest.mark.parametrize("error", [TypeError, KeyError, ValueError, IndexError])
def test_faults_of_the_code_are_not_hidden(record, error) -> None:
    @chart_function("tower-22-attack")
    def broken(_t: Tables) -> charts.Chart:
        raise error("a fault of the code")

    with pytest.raises(error, match="a fault of the code") as caught:
        broken(record)
    assert not isinstance(caught.value, NothingToDrawError)


def test_the_missing_row_is_named(record) -> None:
    early = as_of(record, "2024-02-04")
    with pytest.raises(
        NothingToDrawError, match=r"^places_struck .*: no row 'us-strikes-2024-02-07'$"
    ):
        charts.places_struck(early)


def test_members_of_the_pmf_killed_in_syria_are_counted(record) -> None:
    claims = record.claims
    syria = claims["victims"].eq("militants") & claims["claimant"].eq("sohr")
    ours = claims.assign(victims=claims["victims"].mask(syria, "pmf_members"))
    changed = Tables(**{n: ours if n == "claims" else record[n] for n in NAMES})
    before, after = charts.killed_syria(record), charts.killed_syria(changed)
    assert list(after.frame["claim_id"]) == list(before.frame["claim_id"])
