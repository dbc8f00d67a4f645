"""The forecasts that a model has to beat: the last known value, and a straight line through the known years."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def last_value(years: ArrayLike, values: ArrayLike, at: ArrayLike) -> Floats:
    """The value of the latest known year, in every year of `at`. Raises ValueError without a known value."""
    when, what = _known(years, values, 1)
    return np.full(np.shape(at), what[np.argmax(when)])


def linear_trend(years: ArrayLike, values: ArrayLike, at: ArrayLike) -> Floats:
    """The least-squares line through the known years, in the years of `at`. Raises ValueError below two known years."""
    when, what = _known(years, values, 2)
    middle = when.mean()
    slope = ((when - middle) @ what) / ((when - middle) ** 2).sum()
    return np.asarray(what.mean() + slope * (np.asarray(at, dtype=np.float64) - middle))


def _known(years: ArrayLike, values: ArrayLike, needed: int) -> tuple[Floats, Floats]:
    when, what = np.asarray(years, dtype=np.float64), np.asarray(values, dtype=np.float64)
    there = ~np.isnan(what)
    when, what = when[there], what[there]
    if len(set(when.tolist())) < needed:
        raise ValueError(f"{len(when)} known values: a forecast from them needs {needed} different years")
    return when, what
