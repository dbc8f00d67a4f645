"""Numbers drawn inside bounds: the total holds, every list has its chance, luck belongs to a name."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.population.draws import draw_within, luck_of

Bounds = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)), min_size=1, max_size=8)


@given(Bounds, st.data())
@settings(deadline=None)
def test_bounds_and_total_hold(bounds: list[tuple[int, int]], data: st.DataObject) -> None:
    low = np.array([least for least, _ in bounds])
    high = low + np.array([more for _, more in bounds])
    total = data.draw(st.integers(int(low.sum()), int(high.sum())))
    luck = np.array(data.draw(st.lists(st.floats(0.001, 0.999), min_size=len(low), max_size=len(low))))
    mean = np.array(data.draw(st.lists(st.floats(0, 50), min_size=len(low), max_size=len(low))))
    for means in (None, mean):
        got = draw_within(low, high, (total, total), luck, means)
        assert got.sum() == total
        assert (got >= low).all()
        assert (got <= high).all()
    free = draw_within(low, high, (0, 10**6), luck)
    assert (free >= low).all()
    assert (free <= high).all()


def test_every_list_is_equally_likely() -> None:
    low, high = np.array([0, 1, 0]), np.array([3, 4, 2])
    every = [one for one in product(range(4), range(1, 5), range(3)) if sum(one) == 5]
    draws = 6000
    luck = np.array([luck_of(draw, "test", ["a", "b", "c"]) for draw in range(draws)])
    seen = Counter(tuple(draw_within(low, high, (5, 5), one).tolist()) for one in luck)
    assert set(seen) == set(every)
    expected = draws / len(every)
    assert sum((seen[one] - expected) ** 2 / expected for one in every) < 3 * len(every)


def test_means_lean_and_leave_the_rest_open() -> None:
    low, high, mean = np.zeros(2, dtype=np.int64), np.full(2, 9), np.array([8.0, 1.0])
    luck = [luck_of(draw, "test", ["a", "b"]) for draw in range(500)]
    drawn = np.array([draw_within(low, high, (9, 9), one, mean) for one in luck])
    assert drawn[:, 0].mean() > 6
    assert drawn[:, 1].max() > 3


def test_a_rare_list_is_found_when_only_it_fits() -> None:
    low, high = np.zeros(13, dtype=np.int64), np.full(13, 400)
    got = draw_within(low, high, (13 * 400, 13 * 400), np.full(13, 0.5), np.full(13, 0.01))
    assert got.tolist() == [400] * 13


def test_a_total_out_of_reach_is_refused() -> None:
    with pytest.raises(ValueError, match="no numbers"):
        draw_within(np.array([1, 1]), np.array([2, 2]), (5, 5), np.array([0.5, 0.5]))


def test_luck_is_the_name_s() -> None:
    one, other = luck_of(3, "rolls", ["0101", "0102"]), luck_of(3, "rolls", ["0102", "0001", "0101"])
    assert one[0] == other[2]
    assert one[1] == other[0]
    assert luck_of(4, "rolls", ["0101"])[0] != one[0]
    assert luck_of(3, "flags", ["0101"])[0] != one[0]
