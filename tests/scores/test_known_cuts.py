"""Means of units whose cut points are known: recovered, ordered, surer with more pupils, the closed form where any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from scenarios.scores.known_cuts import bounded, chances_between, fit_units

CUTS = np.array([-1.0, 0.1, 1.2])


def cuts_for(units: int) -> np.ndarray:
    return np.tile(CUTS, (units, 1))


def test_means_sds_and_errors_are_recovered() -> None:
    rng = np.random.default_rng(5)
    units = 4_000
    means, sds = rng.normal(0, 0.8, units), 0.9 * np.exp(rng.normal(0, 0.1, units))
    pupils = rng.integers(20, 400, units)
    counts = rng.multinomial(pupils, chances_between((cuts_for(units) - means[:, None]) / sds[:, None])).astype(float)
    fits = fit_units(bounded(counts)[0], cuts_for(units), np.full(units, 0.9), np.full(units, 0.1))
    off = (fits.means - means) / fits.errors
    assert np.mean(np.abs(off) < 1.96) == pytest.approx(0.95, abs=0.02)
    assert abs(np.mean(off)) < 0.05
    large = pupils > 200
    assert np.corrcoef(fits.sds[large], sds[large])[0, 1] > 0.7
    assert (fits.errors > fits.sds / np.sqrt(pupils)).all()
    assert fits.lean[pupils < 40].min() > fits.lean[pupils > 300].max()


def test_two_levels_have_the_closed_form() -> None:
    share = np.array([0.05, 0.3, 0.5, 0.9])
    counts = np.column_stack([1 - share, share]) * 200
    fits = fit_units(counts, np.full((4, 1), 0.25), np.full(4, 0.9), np.zeros(4))
    np.testing.assert_allclose(fits.means, 0.25 + 0.9 * ndtri(share), atol=1e-7)
    height = np.exp(-(ndtri(share) ** 2) / 2) / np.sqrt(2 * np.pi)
    np.testing.assert_allclose(fits.errors, 0.9 * np.sqrt(share * (1 - share) / 200) / height, rtol=1e-6)


@given(
    st.lists(st.integers(0, 400), min_size=4, max_size=4).filter(lambda c: sum(c) > 0),
    st.sampled_from([0.0, 0.1, 0.25]),
)
@settings(deadline=None, max_examples=80)
def test_any_counts_settle(counts: list[int], spread: float) -> None:
    held, _ = bounded(np.array([counts], dtype=float))
    fits = fit_units(held, cuts_for(1), np.array([0.9]), np.array([spread]))
    assert held.sum() == pytest.approx(sum(counts))
    assert np.isfinite([fits.means, fits.errors, fits.sds]).all()
    assert fits.errors[0] > 0


@given(st.lists(st.integers(1, 300), min_size=4, max_size=4), st.integers(0, 2), st.floats(0.05, 1.0))
@settings(deadline=None, max_examples=80)
def test_pupils_moved_a_level_up_raise_the_mean(counts: list[int], level: int, part: float) -> None:
    """With the SD given; where it is sought, a longer upper tail may as well be a larger SD."""
    before = np.array(counts, dtype=float)
    after = before.copy()
    after[level] -= part * before[level]
    after[level + 1] += part * before[level]
    both, _ = bounded(np.array([before, after]))
    fits = fit_units(both, cuts_for(2), np.full(2, 0.9), np.zeros(2))
    assert fits.means[1] > fits.means[0]


@given(st.lists(st.integers(1, 200), min_size=4, max_size=4), st.integers(2, 50))
@settings(deadline=None, max_examples=50)
def test_more_pupils_are_surer(counts: list[int], times: int) -> None:
    few = np.array([counts], dtype=float)
    both = np.vstack([few, few * times])
    fits = fit_units(both, cuts_for(2), np.full(2, 0.9), np.zeros(2))
    assert fits.means[0] == pytest.approx(fits.means[1], abs=1e-6)
    assert fits.errors[1] == pytest.approx(fits.errors[0] / np.sqrt(times), rel=1e-6)


def test_chances_hold_far_out() -> None:
    chances = chances_between(np.array([[8.0, 9.0], [-9.0, -8.0]]))
    assert chances[0, 1] == pytest.approx(ndtr(-8.0) - ndtr(-9.0), rel=1e-9)
    assert chances[1, 1] == pytest.approx(chances[0, 1], rel=1e-9)


def test_all_pupils_in_an_end_level_are_told_and_held() -> None:
    held, needed = bounded(np.array([[30.0, 0, 0, 0], [0, 0, 1, 29], [0, 30, 0, 0]]))
    assert needed.tolist() == [True, False, False]
    assert held[0].tolist() == [29.5, 0.5, 0, 0]
