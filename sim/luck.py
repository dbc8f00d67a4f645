"""Luck that belongs to a child, a school or a year, never to the order in which it is drawn.

Every draw is a hash of (seed, purpose, year, id). Adding a policy, a school or an output therefore changes
nobody else's luck, and the same child meets the same luck under every plan.
The mixer is the finaliser of SplitMix64 (Steele, Lea & Flood 2014, OOPSLA, doi 10.1145/2660193.2660195).
"""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_GOLDEN, _WORD = int(GOLDEN), (1 << 64) - 1
_NAMES_KEPT = 20_000
"""Keys that are remembered: those of a run's streams, but not of all the runs that a process has ever made."""
TABLE_BITS = 14
_CELLS = 1 << TABLE_BITS

Words = NDArray[np.uint64]
Floats = NDArray[np.float64]


def mix(words: Words) -> Words:
    """Scramble 64-bit words (any shape)."""
    words = (words ^ (words >> np.uint64(30))) * _FIRST
    words = (words ^ (words >> np.uint64(27))) * _SECOND
    return words ^ (words >> np.uint64(31))


@lru_cache(maxsize=_NAMES_KEPT)
def name_key(name: str) -> int:
    """A 64-bit key for a name: a school id, an operator, a purpose."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def stream_key(seed: int, purpose: str, year: int = 0) -> np.uint64:
    """The key of one stream: what the luck is for, and when."""
    text = f"{seed}/{purpose}/{year}"
    return np.uint64(name_key(text))


def bits(key: np.uint64 | Words, ids: Words) -> Words:
    """64 hash bits for every id in one stream, or in each of several."""
    return mix(mix(np.asarray(ids, dtype=np.uint64) * GOLDEN + key))


def uniform(key: np.uint64, ids: Words) -> Floats:
    """A number in (0, 1) for every id."""
    return ((bits(key, ids) >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


@cache
def normal_table() -> Floats:
    """Quantiles of the standard normal at 16,385 edges, rounded so that every machine holds the same bits."""
    from scipy.special import ndtri

    edges = np.arange(_CELLS + 1) / _CELLS
    edges[0], edges[-1] = 0.15 / _CELLS, 1 - 0.15 / _CELLS
    table = ndtri(edges)
    low, high = table[:-1], table[1:]
    variance = float(np.sum((low * low + low * high + high * high) / 3.0) / _CELLS)
    table = np.round(table / variance**0.5, 12)
    table.setflags(write=False)
    return table


@cache
def taste_table() -> Floats:
    """Quantiles of the standard Gumbel (the taste of a logit choice) at 16,385 edges, rounded likewise."""
    edges = np.arange(_CELLS + 1) / _CELLS
    edges[0], edges[-1] = 0.35 / _CELLS, 1 - 0.35 / _CELLS
    table = np.round(-np.log(-np.log(edges)), 12).astype(np.float64)
    table.setflags(write=False)
    return table


def quantile(table: Floats, words: Words) -> Floats:
    """Turn hash bits into draws by linear interpolation in a table of quantiles."""
    cell = (words >> np.uint64(64 - TABLE_BITS)).astype(np.int64)
    rest = ((words << np.uint64(TABLE_BITS)) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return table[cell] + rest * (table[cell + 1] - table[cell])


def normal(key: np.uint64, ids: Words) -> Floats:
    """A standard normal draw for every id."""
    return quantile(normal_table(), bits(key, ids))


def one_normal(seed: int, purpose: str, name: str, year: int = 0) -> float:
    """A single standard normal draw for a named thing: that of `normal` for its key."""
    word = _one_word(int(stream_key(seed, purpose, year)), name_key(name))
    table, cell = normal_table(), word >> (64 - TABLE_BITS)
    rest = float((word << TABLE_BITS & _WORD) >> 11) * 2.0**-53
    return float(table[cell] + rest * (table[cell + 1] - table[cell]))


def one_uniform(seed: int, purpose: str, name: str, year: int = 0) -> float:
    """A single draw in (0, 1) for a named thing: that of `uniform` for its key."""
    return _as_share(_one_word(int(stream_key(seed, purpose, year)), name_key(name)))


def uniform_at_zero(key: np.uint64) -> float:
    """The draw of `uniform` for the id 0: one a stream."""
    return _as_share(_one_word(int(key), 0))


def _as_share(word: int) -> float:
    return (float(word >> 11) + 0.5) * 2.0**-53


def _one_word(key: int, number: int) -> int:
    """`bits` for a single id, in whole numbers, as an array of one costs ten times the time."""
    word = (number * _GOLDEN + key) & _WORD
    for _ in range(2):
        word = (word ^ (word >> 30)) * int(_FIRST) & _WORD
        word = (word ^ (word >> 27)) * int(_SECOND) & _WORD
        word ^= word >> 31
    return word
