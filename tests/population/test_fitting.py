"""Raking and whole numbers: margins met, bounds kept, held to another's raking."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ipfn.ipfn import ipfn

from scenarios.population.fitting import nearest_whole, rake, share_out


def table(seed: int, *shape: int) -> np.ndarray:
    """Uneven amounts, a third of them none."""
    rng = np.random.default_rng(seed)
    return np.asarray(rng.gamma(0.7, 12.0, shape) * (rng.random(shape) > 0.3))


@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(2, 5), st.integers(2, 4))
@settings(deadline=None, max_examples=30)
def test_raking_meets_margins_that_can_be_met(seed: int, a: int, b: int, c: int) -> None:
    wanted = table(seed, a, b, c) + 0.1
    start = np.random.default_rng(seed + 1).random((a, b, c)) + 0.05
    margins = [((0, 1), wanted.sum(axis=2)), ((0, 2), wanted.sum(axis=1)), ((1, 2), wanted.sum(axis=0))]
    cells = rake(start, margins, rounds=20_000)
    for axes, sums in margins:
        over = tuple({0, 1, 2} - set(axes))
        np.testing.assert_allclose(cells.sum(axis=over), sums, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_raking_is_what_another_library_does(seed: int) -> None:
    wanted = table(seed, 20, 13, 5) + 0.5
    start = np.random.default_rng(seed).random(wanted.shape) + 0.01
    sums = [wanted.sum(axis=2), wanted.sum(axis=1), wanted.sum(axis=0)]
    axes = [[0, 1], [0, 2], [1, 2]]
    theirs = ipfn(start.copy(), sums, axes, convergence_rate=1e-9, max_iteration=5000, rate_tolerance=0).iteration()
    ours = rake(start, [(tuple(way), total) for way, total in zip(axes, sums, strict=True)], rounds=5000)
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_raking_keeps_what_no_margin_speaks_of() -> None:
    """Odds between cells are those of the start."""
    start = np.array([[1.0, 2.0], [3.0, 1.0]])
    cells = rake(start, [((0,), np.array([10.0, 20.0])), ((1,), np.array([12.0, 18.0]))])
    assert cells[0, 0] * cells[1, 1] / (cells[0, 1] * cells[1, 0]) == pytest.approx(1 / 6)
    assert rake(np.array([[0.0, 1.0]]), [((0,), np.array([5.0]))]).tolist() == [[0.0, 5.0]]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=9), st.integers(0, 500))
def test_sharing_out_comes_to_the_total(amounts: list[float], total: int) -> None:
    given_ = np.array(amounts)
    whole = share_out(given_, total)
    assert whole.sum() == total
    if given_.sum() > 0:
        assert (np.abs(whole - given_ / given_.sum() * total) < 1 + 1e-6).all()


@given(st.integers(0, 10_000), st.integers(1, 7), st.integers(1, 6))
@settings(deadline=None, max_examples=40)
def test_rounding_goes_up_or_down_and_keeps_whole_margins(seed: int, n: int, m: int) -> None:
    target = np.round(table(seed, n, m)).astype(np.int64)
    rows, columns = target.sum(axis=1), target.sum(axis=0)
    cells = rake(table(seed + 1, n, m) + 0.1, [((0,), rows.astype(float)), ((1,), columns.astype(float))])
    low, high = np.floor(cells + 1e-9).astype(np.int64), np.ceil(cells - 1e-6).astype(np.int64)
    whole = nearest_whole(cells, low, np.maximum(low, high), (rows, rows), (columns, columns))
    assert whole.sum(axis=1).tolist() == rows.tolist()
    assert whole.sum(axis=0).tolist() == columns.tolist()
    assert (np.abs(whole - cells) < 1 + 1e-6).all()


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=40)
def test_cells_stay_in_bounds_whatever_is_asked(seed: int) -> None:
    """Margins that cannot be met give way, columns before rows before the total."""
    rng = np.random.default_rng(seed)
    low = rng.integers(0, 5, (4, 3))
    high = low + rng.integers(0, 6, (4, 3))
    rows = rng.integers(0, 30, 4)
    columns = rng.integers(0, 30, 3)
    total = int(rng.integers(low.sum(), high.sum() + 1))
    whole = nearest_whole(low + 0.5, low, high, (rows, rows), (columns, columns), (total, total))
    assert (whole >= low).all()
    assert (whole <= high).all()
    assert whole.sum() == total


def test_the_nearest_table_is_found() -> None:
    """Against every table there is."""
    cells = np.array([[1.4, 0.9], [2.2, 3.5]])
    sums = np.array([2, 6]), np.array([4, 4])
    high = np.full((2, 2), 6)
    found = nearest_whole(cells, np.zeros_like(high), high, (sums[0], sums[0]), (sums[1], sums[1]))
    every = [np.array([[a, 2 - a], [4 - a, 2 + a]]) for a in range(3)]
    best = min(np.abs(one - cells).sum() for one in every)
    assert np.abs(found - cells).sum() == pytest.approx(best)


def test_bounds_that_cross_are_refused() -> None:
    two = np.full((1, 1), 2)
    with pytest.raises(ValueError, match="above its highest"):
        nearest_whole(two.astype(float), two, two - 1, (two[0], two[0]), (two[0], two[0]))
