"""The luck of a child in plain Python numbers: the twin of the hash and the quantiles in `sim.luck`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from sim.luck import TABLE_BITS, normal_table, stream_key, taste_table

WORD = 2**64 - 1
GOLDEN = 0x9E3779B97F4A7C15


def mix(word: int) -> int:
    """Scramble one 64-bit word, as SplitMix64 does."""
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & WORD
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & WORD
    return word ^ (word >> 31)


def bits(key: int, identity: int) -> int:
    """64 hash bits for one id in one stream."""
    return mix(mix((identity * GOLDEN + key) & WORD))


def uniform(key: int, identity: int) -> float:
    """A number in (0, 1) for one id."""
    return ((bits(key, identity) >> 11) + 0.5) * 2.0**-53


def quantile(table: list[float], word: int) -> float:
    """A draw from hash bits: the leading bits choose a cell of the table, the others the place within it."""
    cell = word >> (64 - TABLE_BITS)
    rest = (((word << TABLE_BITS) & WORD) >> 11) * 2.0**-53
    return table[cell] + rest * (table[cell + 1] - table[cell])


@cache
def normals() -> list[float]:
    """The table of the standard normal as a list."""
    return [float(value) for value in normal_table()]


@cache
def tastes() -> list[float]:
    """The table of the standard Gumbel as a list."""
    return [float(value) for value in taste_table()]


def normal(key: int, identity: int) -> float:
    """A standard normal draw for one id."""
    return quantile(normals(), bits(key, identity))


def stream(seed: int, purpose: str, year: int = 0) -> int:
    """The key of one stream; the names of the streams are shared with the district."""
    return int(stream_key(seed, purpose, year))


def add_up(values: Iterable[float]) -> float:
    """The sum in the order given: the built-in `sum` corrects its rounding since Python 3.12, a plain loop does not."""
    total = 0.0
    for value in values:
        total += value
    return total
