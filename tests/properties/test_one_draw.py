"""A single draw of luck, and the fifths of ability in the frozen years, as arrays would have them."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import luck
from sim.opening.kernels import even_fifths

seeds = st.integers(0, 2**63 - 1)


@given(seeds, st.text(max_size=12), st.text(max_size=12), st.integers(0, 2100))
def test_one_draw_is_that_of_the_array(seed: int, purpose: str, name: str, year: int) -> None:
    key, ids = luck.stream_key(seed, purpose, year), np.array([luck.name_key(name)], dtype=np.uint64)
    assert luck.one_uniform(seed, purpose, name, year) == luck.uniform(key, ids)[0]
    assert luck.one_normal(seed, purpose, name, year) == luck.normal(key, ids)[0]
    assert luck.uniform_at_zero(key) == luck.uniform(key, np.zeros(1, dtype=np.uint64))[0]


@settings(deadline=None)  # the first call compiles
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 4))
def test_every_kind_has_a_fifth_of_its_children_in_each_fifth(luck_of: int, zones: int, kinds: int) -> None:
    chance = np.random.default_rng(luck_of)
    share = np.exp(chance.normal(size=(zones, 1, 5))) * np.ones((1, kinds, 1))
    weight = chance.uniform(0.1, 1, (zones, kinds))
    weight /= weight.sum(axis=0)
    even_fifths(share, weight, 400)
    np.testing.assert_allclose(share.sum(axis=2), 1)
    np.testing.assert_allclose((weight[:, :, None] * share).sum(axis=0), 0.2, atol=1e-6)


def test_keys_of_finished_runs_are_let_go() -> None:
    for number in range(luck._NAMES_KEPT + 5):
        luck.name_key(f"a stream of run {number}")
    assert luck.name_key.cache_info().currsize == luck._NAMES_KEPT
    assert luck.name_key("a stream of run 0") == luck.name_key.__wrapped__("a stream of run 0")
