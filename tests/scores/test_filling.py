"""Hidden shares: the extreme fillings are possible and extreme, draws lie inside, impossible rows are told."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.scores.filling import fill_shares

ROWS = np.arange(1, dtype=np.uint64)


@st.composite
def bounds(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Bounds around shares that come to 1."""
    levels = draw(st.integers(2, 6))
    parts = np.array(draw(st.lists(st.floats(0.01, 1), min_size=levels, max_size=levels)))
    parts /= parts.sum()
    wide = np.array(draw(st.lists(st.sampled_from([0.0, 0.0, 0.05, 0.3]), min_size=levels, max_size=levels)))
    return np.maximum(parts - wide, 0)[None], np.minimum(parts + wide, 1)[None]


@given(bounds(), st.integers(0, 1_000))
@settings(deadline=None)
def test_fillings_keep_their_bounds(both: tuple[np.ndarray, np.ndarray], draw: int) -> None:
    low, high = both
    plain, drawn = fill_shares(low, high), fill_shares(low, high, ROWS, draw)
    assert plain.possible.all()
    for filled in (plain.lowest, plain.highest, plain.taken, drawn.taken):
        np.testing.assert_allclose(filled.sum(axis=1), 1)
        assert (filled >= low - 1e-9).all()
        assert (filled <= high + 1e-9).all()
    at_most, at_least = np.cumsum(plain.lowest), np.cumsum(plain.highest)
    for filled in (plain.taken, drawn.taken):
        assert (np.cumsum(filled) <= at_most + 1e-9).all()
        assert (np.cumsum(filled) >= at_least - 1e-9).all()


def test_extremes_reach_the_bounds() -> None:
    filled = fill_shares(np.array([[0.0, 0.0, 0.3]]), np.array([[0.5, 1.0, 0.4]]))
    np.testing.assert_allclose(filled.lowest, [[0.5, 0.2, 0.3]])
    np.testing.assert_allclose(filled.highest, [[0.0, 0.6, 0.4]])
    assert filled.hidden.all()


def test_a_single_unknown_level_is_what_is_left() -> None:
    filled = fill_shares(np.array([[0.2, np.nan, 0.3]]), np.array([[0.2, np.nan, 0.3]]))
    np.testing.assert_allclose(filled.taken, [[0.2, 0.5, 0.3]])
    assert not filled.hidden.any()


def test_rounded_figures_are_scaled_and_wrong_ones_told() -> None:
    shares = np.array([[0.333, 0.333, 0.333], [0.5, 0.5, 0.3], [np.nan, np.nan, np.nan], [0.1, 0.1, 0.1]])
    filled = fill_shares(shares, shares)
    assert filled.possible.tolist() == [True, False, False, False]
    assert filled.given.tolist() == [True, True, False, True]
    np.testing.assert_allclose(filled.taken[0], 1 / 3)
    assert np.isnan(filled.taken[1:]).all()


def test_luck_belongs_to_the_row() -> None:
    low, high = np.zeros((3, 3)), np.ones((3, 3))
    keys = np.array([11, 22, 33], dtype=np.uint64)
    every = fill_shares(low, high, keys, 4).taken
    np.testing.assert_array_equal(fill_shares(low[:1], high[:1], keys[2:], 4).taken[0], every[2])
    assert np.abs(every[0] - every[1]).max() > 0.01
    assert np.abs(fill_shares(low, high, keys, 5).taken - every).max() > 0.01
