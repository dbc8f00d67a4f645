"""Luck: the compiled hash has a NumPy twin, draws have the moments they should, and order never matters."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import luck
from sim.year import kernels

MANY = 400_000
words = st.integers(0, 2**64 - 1)


def draws(kind: str, key: np.uint64, ids: np.ndarray) -> np.ndarray:
    """Draws of one kind for every id."""
    if kind == "uniform":
        return luck.uniform(key, ids)
    if kind == "normal":
        return luck.normal(key, ids)
    return luck.quantile(luck.taste_table(), luck.bits(key, ids))


@given(words, words)
def test_compiled_hash_is_the_numpy_hash(key: int, identity: int) -> None:
    k, one = np.uint64(key), np.array([identity], dtype=np.uint64)
    with np.errstate(over="ignore"):
        assert int(kernels.mix(k)) == int(luck.mix(np.array([k]))[0])
        assert int(kernels.bits(k, one[0])) == int(luck.bits(k, one)[0])


@pytest.mark.parametrize("table", [luck.normal_table, luck.taste_table])
def test_compiled_quantile_is_the_numpy_quantile(table: Callable[[], np.ndarray]) -> None:
    """Bit for bit, the ends of the table included."""
    chosen = luck.bits(luck.stream_key(3, "anything"), np.arange(20_000, dtype=np.uint64))
    chosen = np.concatenate([chosen, np.array([0, 1, 2**63, 2**64 - 1], dtype=np.uint64)])
    compiled = np.array([kernels.quantile(table(), luck.TABLE_BITS, word) for word in chosen])
    assert (compiled.view(np.uint64) == luck.quantile(table(), chosen).view(np.uint64)).all()


def test_hash_is_the_published_mixer() -> None:
    """The finaliser of SplitMix64: its first outputs from state 0 are known."""
    state = np.array([0x9E3779B97F4A7C15, 2 * 0x9E3779B97F4A7C15 % 2**64], dtype=np.uint64)
    assert [int(word) for word in luck.mix(state)] == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4]


@pytest.mark.parametrize(
    ("kind", "mean", "variance", "fourth"),
    [("uniform", 0.5, 1 / 12, 1 / 80), ("normal", 0.0, 1.0, 3.0), ("gumbel", np.euler_gamma, np.pi**2 / 6, 14.6)],
)
def test_moments(kind: str, mean: float, variance: float, fourth: float) -> None:
    """Mean and variance within four standard errors, for ids that follow each other."""
    x = draws(kind, luck.stream_key(11, kind), np.arange(MANY, dtype=np.uint64))
    assert abs(x.mean() - mean) < 4 * (variance / MANY) ** 0.5
    assert abs(x.var() - variance) < 4 * ((fourth - variance**2) / MANY) ** 0.5


@pytest.mark.parametrize("kind", ["uniform", "normal", "gumbel"])
def test_shape(kind: str) -> None:
    """The share below each of many points is what the distribution says, within four and a half standard errors."""
    from scipy import stats

    known = {"uniform": stats.uniform, "normal": stats.norm, "gumbel": stats.gumbel_r}[kind]
    x = draws(kind, luck.stream_key(12, kind), np.arange(MANY, dtype=np.uint64))
    share = np.array([0.0005, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.9995])
    below = (x[:, None] < known.ppf(share)).mean(axis=0)
    assert (np.abs(below - share) < 4.5 * (share * (1 - share) / MANY) ** 0.5).all()


def test_uniform_never_reaches_its_ends() -> None:
    x = luck.uniform(luck.stream_key(1, "ends"), np.arange(MANY, dtype=np.uint64))
    assert x.min() > 0
    assert x.max() < 1
    ends = ((np.array([0, 2**64 - 1], dtype=np.uint64) >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    assert ends[0] > 0
    assert ends[1] <= 1


@given(st.permutations(range(50)), st.integers(0, 10**9))
def test_order_does_not_matter(order: list[int], seed: int) -> None:
    """A child draws the same alone, in a crowd and in any order."""
    ids = np.arange(50, dtype=np.uint64) * np.uint64(977)
    key = luck.stream_key(seed, "taste", 2030)
    together = luck.normal(key, ids)
    assert (luck.normal(key, ids[order]) == together[order]).all()
    assert luck.normal(key, ids[order[:1]])[0] == together[order[0]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((1, "taste", 2030), (2, "taste", 2030)),
        ((1, "taste", 2030), (1, "taste", 2031)),
        ((1, "taste", 2030), (1, "lottery", 2030)),
        ((1, "test error, math", 2030), (1, "test error, reading", 2030)),
    ],
)
def test_streams_are_strangers(one: tuple[int, str, int], other: tuple[int, str, int]) -> None:
    ids = np.arange(MANY, dtype=np.uint64)
    x, y = luck.normal(luck.stream_key(*one), ids), luck.normal(luck.stream_key(*other), ids)
    limit = 4.5 / MANY**0.5
    assert abs(np.corrcoef(x, y)[0, 1]) < limit
    assert abs(np.corrcoef(x[:-1], y[1:])[0, 1]) < limit
    assert abs(np.corrcoef(x[:-1], x[1:])[0, 1]) < limit


def test_names_give_keys_that_last() -> None:
    """The keys are part of every stored result: a change of theirs changes all luck."""
    assert luck.name_key("kipp-1") == int.from_bytes(bytes.fromhex("9f20d20ee1665da9"), "little")
    assert luck.stream_key(1, "taste", 2030) != luck.stream_key(11, "taste", 2030)
    assert luck.one_normal(1, "school quality", "kipp/1") != luck.one_normal(1, "school quality", "kipp/2")
