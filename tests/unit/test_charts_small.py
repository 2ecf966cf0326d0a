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


def test_other_faults_are_not_hidden() -> None:
    @chart_function
    def broken(_t: Tables) -> charts.Chart:
        raise TypeError("a fault of the code")

    with pytest.raises(TypeError, match="a fault of the code"):
        broken(None)  # type: ignore[arg-type]
