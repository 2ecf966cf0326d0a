"""What every public function of the analysis promises: typed, documented, pure, for any tables."""

import inspect
import typing

import pandas as pd
import pytest
from analysis_cases import CASES, NOT_MEASURED, tables

from strikes2024 import Tables, analysis
from strikes2024.analysis import asof, constraints, estimates, predict
from strikes2024.tables import NAMES

FUNCTIONS = {
    name: thing for name in analysis.__all__ if inspect.isfunction(thing := getattr(analysis, name))
}


@pytest.fixture
def made() -> Tables:
    return tables(120)


def test_every_function_is_measured_or_is_too_small_to_measure() -> None:
    assert set(FUNCTIONS) == set(CASES) | NOT_MEASURED
    assert not set(CASES) & NOT_MEASURED


@pytest.mark.parametrize("name", FUNCTIONS)
def test_frames_and_plain_values_go_in_and_come_out(name: str) -> None:
    function = FUNCTIONS[name]
    names = {"Iterable": typing.Iterable, "Mapping": typing.Mapping, "Sequence": typing.Sequence}
    hints = typing.get_type_hints(function, {**names, **vars(inspect.getmodule(function))})
    assert set(hints) == {*inspect.signature(function).parameters, "return"}
    allowed = (pd.DataFrame, pd.Series, Tables, estimates.Estimate, constraints.Conflict)
    allowed = (*allowed, tuple, dict, bool, float)
    assert issubclass(typing.get_origin(hints["return"]) or hints["return"], allowed)


def _same(one: object, other: object) -> None:
    """Results are equal, whatever the order of their rows."""
    if isinstance(one, pd.DataFrame):
        assert isinstance(other, pd.DataFrame)
        assert list(one.columns) == [name for name in other.columns if name != "extra"]
        cells = [
            sorted(map(str, frame[list(one.columns)].astype(object).to_numpy().tolist()))
            for frame in (one, other)
        ]
        assert cells[0] == cells[1]
    elif isinstance(one, Tables):
        assert isinstance(other, Tables)
        for table in NAMES:
            _same(one[table], other[table])
    elif isinstance(one, pd.Series):
        assert isinstance(other, pd.Series)
        assert sorted(map(str, one)) == sorted(map(str, other))
    elif isinstance(one, dict):
        assert isinstance(other, dict)
        assert list(one) == list(other)
        for key in one:
            _same(one[key], other[key])
    elif isinstance(one, estimates.Estimate):
        assert isinstance(other, estimates.Estimate)
        assert sorted(one.claims) == sorted(other.claims)
        ends = [(each.low, each.best, each.high) for each in (one, other)]
        assert ends[0] == pytest.approx(ends[1], nan_ok=True)
    else:
        assert one == other


@pytest.mark.parametrize("name", sorted(CASES))
def test_what_goes_in_is_not_changed(made: Tables, name: str) -> None:
    before = {table: made[table].copy(deep=True) for table in NAMES}
    CASES[name](made)
    for table in NAMES:
        pd.testing.assert_frame_equal(made[table], before[table])


@pytest.mark.parametrize("name", sorted(set(CASES) - {"breakpoints"}))
def test_rows_in_any_order_further_columns_and_any_index_give_the_same(
    made: Tables, name: str
) -> None:
    """The case of turning points takes its twenty events by their place."""
    other = Tables(
        **{
            table: made[table]
            .sample(frac=1, random_state=7)
            .assign(extra="x")
            .set_index(pd.RangeIndex(1000, 1000 + len(made[table])))
            for table in NAMES
        }
    )
    _same(CASES[name](made), CASES[name](other))


def test_the_modules_keep_nothing_between_two_calls(made: Tables) -> None:
    other = tables(80)
    first = asof.as_of(made, "2022-06-01")
    asof.as_of(other, "2022-06-01")
    _same(first, asof.as_of(made, "2022-06-01"))
    one = predict.predict_total(made.tallies, "2022-06-01", "dod")
    predict.predict_total(other.tallies, "2022-06-01", "dod")
    _same(one, predict.predict_total(made.tallies, "2022-06-01", "dod"))
