"""What a file hides, drawn inside its bounds: whole numbers that keep a total, luck that belongs to a school."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenarios.population.fitting import Floats, Ints
from sim.luck import name_key, stream_key, uniform

RAREST = 20
"""Powers of ten by which the largest value of a number may be rarer than its least."""


def luck_of(draw: int, purpose: str, names: Sequence[str]) -> Floats:
    """A number in (0, 1) for every name, the same whatever other names there are."""
    ids = np.array([name_key(name) for name in names], dtype=np.uint64)
    return uniform(stream_key(draw, f"population, {purpose}"), ids)


def draw_within(low: Ints, high: Ints, total: tuple[int, int], luck: Floats, mean: Floats | None = None) -> Ints:
    """Whole numbers (n,), each within its bounds, whose sum is within `total`.

    luck: a number in (0, 1) for each. Without `mean` all such lists are equally likely; with it, a list counts by
    geometric chances of these means, which lean to the means and leave the rest open. Raises ValueError when no list
    fits.
    """
    chances = []
    for at, (least, most) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
        steps = np.arange(most - least + 1, dtype=np.float64)
        ratio = 1.0 if mean is None else float(mean[at]) / (1 + float(mean[at]))
        # never so rare that a list which only the total asks for is lost in rounding
        chances.append(np.maximum(ratio, 10 ** (-RAREST / len(steps))) ** steps)
    # chances of the sum of this and all later numbers, above their lowest
    after = [np.ones(1)]
    for chance in reversed(chances):
        both = np.convolve(chance, after[-1])
        after.append(both / both.max())
    after.reverse()
    least, most = total[0] - int(low.sum()), total[1] - int(low.sum())
    out = low.copy()
    for at, chance in enumerate(chances):
        ways = _windows(after[at + 1], least, most, len(chance))
        heights = np.cumsum(chance * ways)
        if not heights[-1] > 0:
            raise ValueError("no numbers within these bounds come to the total")
        step = min(int(np.searchsorted(heights, luck[at] * heights[-1], side="right")), len(chance) - 1)
        out[at] += step
        least, most = least - step, most - step
    return out


def _windows(after: Floats, least: int, most: int, steps: int) -> Floats:
    """For every step the chance that the rest comes to between `least` and `most` less the step, (steps,)."""
    most = min(most, len(after) + steps)
    least = max(least, -steps)
    if most < least:
        return np.zeros(steps)
    sums = np.convolve(after, np.ones(most - least + 1))
    at = most - np.arange(steps)
    return np.where((at >= 0) & (at < len(sums)), sums[np.clip(at, 0, len(sums) - 1)], 0.0)
