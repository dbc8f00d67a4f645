"""Grades and groups exchanged within a school: the city comes nearer, the school's own margins stay."""

from __future__ import annotations

import numpy as np

from scenarios.population.cells import level_city


def off_by_three() -> tuple[np.ndarray, np.ndarray]:
    """Four schools of two grades and two groups, each rounded the same way, and what was expected of them."""
    expected = np.full((4, 2, 2), 5.25)
    expected[:, [0, 1], [1, 0]] = 4.75
    whole = np.tile(np.array([[6, 4], [4, 6]]), (4, 1, 1))
    return whole, expected


def test_the_city_comes_within_one() -> None:
    whole, expected = off_by_three()
    rows, columns = whole.sum(axis=2), whole.sum(axis=1)
    assert np.abs((whole - expected).sum(axis=0)).max() == 3
    level = level_city(whole.copy(), expected, np.zeros_like(whole), np.full_like(whole, 9))
    assert np.abs((level - expected).sum(axis=0)).max() <= 1
    assert (level.sum(axis=2) == rows).all()
    assert (level.sum(axis=1) == columns).all()
    assert np.abs(level - expected).max() < 1


def test_cells_that_may_not_move_stay() -> None:
    whole, expected = off_by_three()
    low, high = np.zeros_like(whole), np.full_like(whole, 9)
    low[:3] = high[:3] = whole[:3]
    level = level_city(whole.copy(), expected, low, high)
    assert (level[:3] == whole[:3]).all()
    assert (level[3] != whole[3]).all()
