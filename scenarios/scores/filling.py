"""Shares of pupils by level of which some are hidden: the bounds they leave, the extreme fillings, one by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenarios.scores.ordered_probit import Floats
from sim.luck import stream_key, uniform

ROUNDED = 0.05
"""Shares that come to 1 within this are rounded figures and are scaled to come to 1."""


@dataclass(frozen=True)
class Shares:
    """Shares by level (rows, levels): the lowest and the highest filling possible and the one taken.

    `given` says which rows have any share, `possible` which of these lie within 0 and 1 and can come to 1, `hidden`
    which are not exact.
    Rows that are not possible hold NaN.
    """

    lowest: Floats
    highest: Floats
    taken: Floats
    given: NDArray[np.bool_]
    possible: NDArray[np.bool_]
    hidden: NDArray[np.bool_]


def fill_shares(low: Floats, high: Floats, rows: NDArray[np.uint64] | None = None, draw: int | None = None) -> Shares:
    """What shares within `low` and `high` (rows, levels; NaN where nothing is known) can be.

    Taken is the middle of the two extreme fillings, or with `draw` a filling by chance inside the bounds, the same
    for a row of one key in `rows` whatever rows stand beside it.
    """
    given = np.asarray(~(np.isnan(low) & np.isnan(high)).all(axis=1), dtype=np.bool_)
    low, high = np.nan_to_num(low, nan=0.0), np.nan_to_num(high, nan=1.0)
    least, most = low.sum(axis=1, keepdims=True), high.sum(axis=1, keepdims=True)
    near = (least[:, 0] <= 1 + ROUNDED) & (most[:, 0] >= 1 - ROUNDED)
    sound = ((low >= 0) & (low <= high) & (high <= 1)).all(axis=1)
    possible = np.asarray(given & near & sound, dtype=np.bool_)
    high = np.where(most < 1, high / np.where(most > 0, most, 1.0), high)
    low = np.where(least > 1, low / np.where(least > 0, least, 1.0), low)
    low, high = np.minimum(low, high), np.maximum(low, high)
    lowest, highest = _upwards(low, high), _upwards(low[:, ::-1], high[:, ::-1])[:, ::-1]
    hidden = possible & (np.abs(highest - lowest).max(axis=1, initial=0.0) > 1e-9)
    taken = (lowest + highest) / 2
    if draw is not None and rows is not None and hidden.any():
        taken[hidden] = _by_chance(low[hidden], high[hidden], rows[hidden], draw)
    nothing = np.where(possible, 0.0, np.nan)[:, None]
    return Shares(lowest + nothing, highest + nothing, taken + nothing, given, possible, hidden)


def _upwards(low: Floats, high: Floats) -> Floats:
    """As many as can be in the first level, then in the second, and so on."""
    filled = low.copy()
    left = 1 - low.sum(axis=1)
    for level in range(low.shape[1]):
        more = np.clip(np.minimum(high[:, level] - low[:, level], left), 0.0, None)
        filled[:, level] += more
        left = left - more
    return filled


def _by_chance(low: Floats, high: Floats, rows: NDArray[np.uint64], draw: int) -> Floats:
    """One level after the other anywhere between what the levels still open leave for it."""
    filled = np.empty_like(low)
    left = np.ones(len(low))
    for level in range(low.shape[1]):
        at_least = np.maximum(low[:, level], left - high[:, level + 1 :].sum(axis=1))
        at_most = np.minimum(high[:, level], left - low[:, level + 1 :].sum(axis=1))
        luck = uniform(stream_key(draw, "hidden level", level), rows)
        filled[:, level] = np.clip(at_least + luck * np.maximum(at_most - at_least, 0.0), 0.0, 1.0)
        left = left - filled[:, level]
    return filled / filled.sum(axis=1, keepdims=True)
