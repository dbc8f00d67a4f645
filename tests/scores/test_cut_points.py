"""Cut points common to many units: known normals come back, splitting a unit changes nothing, two levels are closed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from scenarios.scores.cut_points import fit_cut_points
from scenarios.scores.known_cuts import bounded
from scenarios.scores.ordered_probit import fit_levels


def counts_of(means: np.ndarray, sds: np.ndarray, pupils: np.ndarray, cuts: np.ndarray, seed: int) -> np.ndarray:
    """Simulated counts by level: scores drawn pupil by pupil and cut."""
    rng = np.random.default_rng(seed)
    rows = [rng.normal(m, sd, int(n)) for m, sd, n in zip(means, sds, pupils, strict=True)]
    counts = [np.bincount(np.searchsorted(cuts, row), minlength=len(cuts) + 1) for row in rows]
    return bounded(np.array(counts, dtype=float))[0]


@pytest.mark.parametrize("cuts", [[-0.6, 0.7], [-1.0, 0.1, 1.2], [-1.2, -0.4, 0.5, 1.4]])
@pytest.mark.parametrize("pupils", [40, 250])
def test_schools_are_recovered(cuts: list[float], pupils: int) -> None:
    rng = np.random.default_rng(7)
    means, sds = rng.normal(0, 0.45, 120), 0.9 * np.exp(rng.normal(0, 0.08, 120))
    fit = fit_cut_points(counts_of(means, sds, np.full(120, pupils), np.array(cuts), 8))
    spread = np.sqrt(np.mean(sds**2 + (means - means.mean()) ** 2))
    true = (means - means.mean()) / spread
    np.testing.assert_allclose(fit.cuts, (np.array(cuts) - means.mean()) / spread, atol=0.06)
    assert np.polyfit(true, fit.means, 1)[0] == pytest.approx(1, abs=0.06)
    assert np.std(fit.means - true) < 1.35 / np.sqrt(pupils)


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=10)
def test_groups_keep_their_order_and_distance(seed: int) -> None:
    means, pupils = np.array([-0.6, -0.2, 0.2, 0.9]), np.array([3_000, 2_000, 900, 700])
    fit = fit_cut_points(counts_of(means, np.full(4, 0.9), pupils, np.array([-1.0, 0.1, 1.2]), seed))
    assert (np.diff(fit.means) > 0).all()
    share = pupils / pupils.sum()
    spread = np.sqrt(share @ (0.81 + (means - share @ means) ** 2))
    np.testing.assert_allclose(fit.means, (means - share @ means) / spread, atol=0.15)
    assert share @ (fit.sds**2 + fit.means**2) == pytest.approx(1)


def test_the_same_as_the_likelihood_without_slopes() -> None:
    counts = counts_of(
        np.array([-0.3, 0, 1.2]),
        np.array([0.9, 0.95, 0.85]),
        np.array([9_000, 3_000, 900]),
        np.array([-1, 0.1, 1.2]),
        3,
    )
    ours, theirs = fit_cut_points(counts), fit_levels(counts)
    np.testing.assert_allclose(ours.cuts, theirs.cuts, atol=0.002)
    np.testing.assert_allclose(ours.means, theirs.means, atol=0.002)
    np.testing.assert_allclose(ours.sds, theirs.sds, atol=0.005)


@given(st.integers(0, 10_000), st.integers(2, 4))
@settings(deadline=None, max_examples=10)
def test_a_unit_split_in_two_changes_nothing(seed: int, levels: int) -> None:
    """But for the prior on the halves' SDs, and with two levels the luck taken out of them."""
    cuts = np.linspace(-1, 1, levels + 1)[1:-1]
    whole = counts_of(np.array([-0.5, 0, 0.6]), np.full(3, 0.9), np.array([4_000, 6_000, 2_000]), cuts, seed)
    split = np.vstack([whole[:1] / 2, whole[:1] / 2, whole[1:]])
    one, two = fit_cut_points(whole), fit_cut_points(split)
    np.testing.assert_allclose(two.means[1:], one.means, atol=0.005)
    np.testing.assert_allclose(two.cuts, one.cuts, atol=0.005)


def test_two_levels_have_the_closed_form() -> None:
    share, pupils = np.array([0.2, 0.5, 0.8]), np.array([4e6, 2e6, 2e6])
    fit = fit_cut_points(np.column_stack([1 - share, share]) * pupils[:, None])
    raw, weight = ndtri(share), pupils / pupils.sum()
    spread = np.sqrt(1 + weight @ (raw - weight @ raw) ** 2)
    np.testing.assert_allclose(fit.means, (raw - weight @ raw) / spread, atol=1e-5)
    np.testing.assert_allclose(fit.sds, 1 / spread, atol=1e-5)


def test_luck_of_small_units_does_not_spread_two_levels() -> None:
    rng = np.random.default_rng(2)
    passed = rng.binomial(25, 0.5, 400).astype(float)
    fit = fit_cut_points(bounded(np.column_stack([25 - passed, passed]))[0])
    assert fit.sds[0] == pytest.approx(1, abs=0.02)


def test_one_unit_is_normal() -> None:
    fit = fit_cut_points(np.array([[100.0, 300, 600]]))
    np.testing.assert_allclose(fit.cuts, ndtri([0.1, 0.4]))
    np.testing.assert_allclose([fit.means[0], fit.sds[0]], [0, 1], atol=1e-9)
