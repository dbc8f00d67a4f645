"""The forecasts a model has to beat."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.histories.naive import last_value, linear_trend

VALUES = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=8)


@given(VALUES, st.integers(1, 5))
def test_last_value_is_the_latest_whatever_the_order(values: list[float], ahead: int) -> None:
    years = list(range(2001, 2001 + len(values)))
    order = np.random.default_rng(len(values)).permutation(len(values))
    found = last_value(np.array(years)[order], np.array(values)[order], [years[-1] + ahead, years[-1] + ahead + 1])
    assert found.tolist() == [values[-1], values[-1]]


@given(st.floats(-10, 10), st.floats(-5, 5), st.integers(2, 8), st.integers(1, 6))
def test_a_straight_line_goes_on(start: float, slope: float, known: int, ahead: int) -> None:
    years = np.arange(2001, 2001 + known)
    found = linear_trend(years, start + slope * (years - 2001), [years[-1] + ahead])
    assert found[0] == pytest.approx(start + slope * (known - 1 + ahead), abs=1e-8)


@given(VALUES, st.floats(-100, 100))
def test_a_shift_of_all_known_years_shifts_both_forecasts(values: list[float], shift: float) -> None:
    years = np.arange(2001, 2001 + len(values))
    for forecast in (last_value, linear_trend):
        one, other = (forecast(years, np.array(values) + by, [2012.0]) for by in (0.0, shift))
        assert other[0] == pytest.approx(one[0] + shift, abs=1e-6)


def test_unknown_years_are_passed_over_and_too_few_refused() -> None:
    assert last_value([1, 2, 3], [5.0, 6.0, np.nan], [4])[0] == 6.0
    assert linear_trend([1, 2, 3, 4], [1.0, np.nan, 3.0, np.nan], [5])[0] == pytest.approx(5.0)
    with pytest.raises(ValueError, match="2 different years"):
        linear_trend([1, 2], [1.0, np.nan], [3])
    with pytest.raises(ValueError, match="0 known"):
        last_value([1], [np.nan], [2])
