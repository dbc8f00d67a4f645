"""The drift of the known years: what it finds, and how wide it is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.histories.drift import Drift, Off, distances, fit_drifts

NUMBERS = np.arange(2000, dtype=np.uint64)


@given(st.floats(-0.3, 0.3), st.integers(2, 6))
def test_a_steady_drift_is_found_without_error(slope: float, known: int) -> None:
    years = np.arange(1, known + 1)
    found = fit_drifts(years, {"math": slope * years, "reading": 0.0 * years})
    assert found["math"].per_year == pytest.approx(slope)
    assert found["reading"].per_year == pytest.approx(0.0)
    assert found["math"].se == pytest.approx(0.0, abs=1e-9)
    assert found["math"].degrees == 2 * (known - 1)


def test_standard_error_and_year_are_those_of_the_line() -> None:
    """Many series with known noise: the mean squared t of the slope is that of its t distribution."""
    luck = np.random.default_rng(5)
    years, slope, noise = np.arange(1, 6), 0.04, 0.03
    found = [fit_drifts(years, {"math": slope * years + noise * luck.normal(size=5)})["math"] for _ in range(2000)]
    assert np.mean([one.se**2 for one in found]) == pytest.approx(noise**2 / (years**2).sum(), rel=0.07)
    t = np.array([(one.per_year - slope) / one.se for one in found])
    assert np.mean(np.abs(t) < 2.776) == pytest.approx(0.95, abs=0.02)  # 2.776: 97.5% of t with 4 degrees


def test_draws_spread_as_the_standard_error_says_and_are_the_same_again() -> None:
    drift = Drift(0.02, 0.01, 30)
    drawn = drift.drawn(0, "math", NUMBERS)
    assert drawn.mean() == pytest.approx(0.02, abs=0.002)
    assert drawn.std() == pytest.approx(0.01 * (30 / 28) ** 0.5, rel=0.1)
    assert drift.drawn(0, "math", NUMBERS[3:4])[0] == drawn[3]


def test_one_year_is_no_drift() -> None:
    with pytest.raises(ValueError, match="two known years"):
        fit_drifts([1], {"math": [0.1]})


@given(st.lists(st.lists(st.floats(-2, 2), min_size=3, max_size=3), min_size=1, max_size=6), st.floats(-3, 3))
def test_distances_about_their_mean_are_free_of_a_constant_fault(off: list[list[float]], fault: float) -> None:
    one, other = distances(np.array(off)), distances(np.array(off) + fault)
    assert other.sd == pytest.approx(one.sd, abs=1e-7)
    assert one.rms == pytest.approx(np.sqrt(np.mean(np.square(off))))
    assert one.years == 3


def test_what_was_not_observed_counts_for_nothing() -> None:
    nothing = np.nan
    found = distances(np.array([[0.1, nothing, 0.3], [nothing, nothing, nothing], [nothing, nothing, 0.2]]))
    assert found.rms == pytest.approx(np.sqrt((0.01 + 0.09 + 0.04) / 3))
    assert found.sd == pytest.approx(np.sqrt(0.02))  # of the one series seen twice
    assert found.years == 2
    assert distances(np.empty((0, 3))).rms == 0.0


def test_a_drawn_distance_is_the_same_for_the_same_year_and_as_wide_as_it_should_be() -> None:
    off = Off(rms=0.2, sd=0.1, years=30)
    drawn = off.drawn(0, "gap 2013", NUMBERS, about_mean=True)
    assert drawn.std() == pytest.approx(0.1 * (30 / 28) ** 0.5, rel=0.1)
    assert off.drawn(0, "gap 2013", NUMBERS[5:6], about_mean=False)[0] == pytest.approx(2 * drawn[5])
    assert off.drawn(0, "gap 2014", NUMBERS[5:6], about_mean=True)[0] != drawn[5]
