"""The intervals agree with statsmodels, which computes them by code of its own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson, test_poisson_2indep

from strikes2024.analysis import binomial_interval, poisson_interval, rate_ratio

test_poisson_2indep.__test__ = False  # a function of statsmodels, whatever its name
few = settings(max_examples=min(60, settings.default.max_examples))
counts, spans = st.integers(0, 300), st.floats(0.5, 400)
levels = st.floats(0.5, 0.999)


@few
@given(count=counts, level=levels)
def test_poisson_intervals(count, level):
    wanted = confint_poisson(count, 1, method="exact-c", alpha=1 - level)
    assert poisson_interval(count, level) == pytest.approx(wanted, nan_ok=False, abs=1e-9)


@few
@given(of=st.integers(1, 300), share=st.floats(0, 1), level=levels)
def test_binomial_intervals(of, share, level):
    count = round(share * of)
    wanted = proportion_confint(count, of, alpha=1 - level, method="beta")
    assert binomial_interval(count, of, level) == pytest.approx(wanted, abs=1e-9)


# Against no attacks the ratio is infinite, which statsmodels says with a warning.
@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")
@few
@given(count=counts, days=spans, other=counts, other_days=spans)
def test_rate_ratios(count, days, other, other_days):
    if count + other == 0:
        return  # the ratio is not defined, and its p-value is 1 by definition
    ratio, low, high, p_value = rate_ratio(count, days, other, other_days)
    found = test_poisson_2indep(count, days, other, other_days, method="exact-cond")
    assert p_value == pytest.approx(found.pvalue, abs=1e-9)
    if count and other:
        assert ratio == pytest.approx(found.ratio)
    # Clopper and Pearson's limits of the share, carried over to the ratio.
    shares = proportion_confint(count, count + other, method="beta")
    ends = [s / (1 - s) * other_days / days if s < 1 else float("inf") for s in shares]
    assert (low, high) == pytest.approx(tuple(ends))
