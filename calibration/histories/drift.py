"""What is estimated from the known years alone: how levels move in all schools alike, and how far years stand off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from sim.luck import stream_key, uniform

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Drift:
    """A yearly change common to all schools of a subject, SD a year, beside what the model makes of the same years;
    `se` its standard error, `degrees` of freedom behind both."""

    per_year: float
    se: float
    degrees: int

    def drawn(self, luck: int, subject: str, numbers: NDArray[np.uint64]) -> Floats:
        """A draw of the yearly change, SD a year, for every number, from a t distribution."""
        return self.per_year + self.se * _t(luck, f"history drift, {subject}", numbers, self.degrees)


@dataclass(frozen=True)
class Off:
    """How far the known years' observations of one kind of series stand off the model with its drift.

    `rms` of all distances, `sd` about each series' own mean distance; both in the unit of the series. `years` stand
    behind them: series of one city move together, so that their number counts for nothing.
    """

    rms: float
    sd: float
    years: int

    def drawn(self, luck: int, name: str, numbers: NDArray[np.uint64], about_mean: bool) -> Floats:
        """A draw of a distance for every number, from a t distribution with as many degrees as years; the same for the
        same name and number."""
        return (self.sd if about_mean else self.rms) * _t(luck, f"history year, {name}", numbers, self.years)


def _t(luck: int, purpose: str, numbers: NDArray[np.uint64], degrees: int) -> Floats:
    return np.asarray(stats.t.ppf(uniform(stream_key(luck, purpose), numbers), degrees), dtype=np.float64)


def fit_drifts(years: ArrayLike, residuals: Mapping[str, ArrayLike]) -> dict[str, Drift]:
    """For every subject the line through nothing in the first June that fits what was observed less the model.

    years (years,): since that June, above 0; residuals: a subject's change since then, SD, one a year. How far years
    stand off their lines is taken to be alike in all subjects; a line has n - 1 degrees of freedom. Raises ValueError
    below two years.
    """
    when = np.asarray(years, dtype=np.float64)
    if len(when) < 2:
        raise ValueError("a drift needs two known years after the first")
    if not residuals:
        return {}
    squares = float((when**2).sum())
    slopes = {name: float(when @ np.asarray(rest, dtype=np.float64)) / squares for name, rest in residuals.items()}
    off = np.concatenate([np.asarray(rest) - slopes[name] * when for name, rest in residuals.items()])
    degrees = (len(when) - 1) * len(residuals)
    se = float(np.sqrt((off**2).sum() / degrees / squares))
    return {name: Drift(slope, se, degrees) for name, slope in slopes.items()}


def distances(off: Floats) -> Off:
    """The distances (series, years) of known years, observed less model with drift, NaN where nothing was observed.

    Series without any are passed over; without any at all rms and sd are 0, of no year. A series seen once says
    nothing about its own mean.
    """
    seen = off[~np.isnan(off).all(axis=1)] if off.size else off
    if not len(seen):
        return Off(0.0, 0.0, 1)
    counts = (~np.isnan(seen)).sum(axis=1)
    means = np.nanmean(seen, axis=1, keepdims=True)
    freedom = int((counts - 1).sum())
    sd = float(np.sqrt(np.nansum((seen - means) ** 2) / freedom)) if freedom else 0.0
    return Off(float(np.sqrt(np.nanmean(seen**2))), sd, int((~np.isnan(seen)).any(axis=0).sum()))
