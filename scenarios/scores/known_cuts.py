"""Means and SDs of many units from their pupils by level where the cut points are known: all units at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from scenarios.scores.ordered_probit import Floats

Flags = NDArray[np.bool_]
_LEAST = 1e-290
_STEPS = 200
_SCORING = 12
"""Turns by scoring, which never fails but creeps where the counts are far from normal; Newton's afterwards."""
_SETTLED = 1e-9
_OUTSIDE = 0.5
"""Pupils at least outside the lowest and outside the highest level: a unit all in one of them has no mean else."""


@dataclass(frozen=True)
class UnitFits:
    """One number a unit: mean, its standard error, SD, and how much of the SD is the usual one, 0 to 1."""

    means: Floats
    errors: Floats
    sds: Floats
    lean: Floats


def bounded(counts: Floats) -> tuple[Floats, Flags]:
    """The same counts (units, levels) with half a pupil outside each end level, and which units needed it."""
    counts = counts.copy()
    needed = np.zeros(len(counts), dtype=bool)
    pupils = counts.sum(axis=1)
    for end, beside in ((0, 1), (-1, -2)):
        over = np.minimum(counts[:, end] - (pupils - _OUTSIDE), counts[:, end] / 2)
        over = np.where(pupils > 0, np.maximum(over, 0), 0)
        counts[:, end] -= over
        counts[:, beside] += over
        needed |= over > 0
    return counts, needed


def fit_units(counts: Floats, cuts: Floats, usual: Floats, spread: Floats) -> UnitFits:
    """The likeliest mean and SD of every unit.

    counts (units, levels), none all in an end level; cuts (units, levels - 1); usual (units,) the usual SD; spread
    (units,) the SD of the prior on a unit's log SD about it, 0 for a unit that has the usual SD.
    A unit that does not settle has the usual SD; where it does not settle with that either, all is NaN.
    Source: Reardon, Shear, Castellano & Ho 2017 (JEBS 42(1)).
    """
    pupils, free = counts.sum(axis=1), spread > 0
    posed = _Posed(counts, cuts, np.log(usual), np.where(free, np.where(free, spread, 1.0) ** -2.0, 0.0))
    theta = np.column_stack([_start(counts, cuts, usual), np.log(usual)])
    left = np.flatnonzero(pupils > 0)
    for turn in range(_STEPS):
        if not len(left):
            break
        here = posed.of(left)
        theta[left], moved = _climb(here, theta[left], free[left], turn >= _SCORING)
        left = left[moved > _SETTLED]
    _, _, information = posed.at(theta)
    with np.errstate(divide="ignore", invalid="ignore"):
        lean = np.where(free, posed.weight / information[:, 1, 1], 1.0)
        errors = np.sqrt(_mean_variance(information, free))
    found = np.array([theta[:, 0], errors, np.exp(theta[:, 1]), lean])
    found[:, left] = np.nan
    if free[left].any():
        again = fit_units(counts[left], cuts[left], usual[left], np.zeros(len(left)))
        found[:, left] = again.means, again.errors, again.sds, again.lean
    return UnitFits(*found)


def _start(counts: Floats, cuts: Floats, usual: Floats) -> Floats:
    """What each cut says of the mean at the usual SD, cuts near the middle of the pupils counting most."""
    pupils = np.maximum(counts.sum(axis=1, keepdims=True), 1e-9)
    below = ndtri(np.clip(np.cumsum(counts, axis=1)[:, :-1] / pupils, 1e-4, 1 - 1e-4))
    weight = np.exp(-(below**2))
    start: Floats = (weight * (cuts - usual[:, None] * below)).sum(axis=1) / weight.sum(axis=1)
    return start


@dataclass(frozen=True)
class _Posed:
    """Units with their counts, cut points, and the centre and weight of the prior on their log SDs."""

    counts: Floats
    cuts: Floats
    centre: Floats
    weight: Floats

    def of(self, units: NDArray[np.int64]) -> _Posed:
        """The same for some of the units."""
        return _Posed(self.counts[units], self.cuts[units], self.centre[units], self.weight[units])

    def at(self, theta: Floats) -> tuple[Floats, Floats, Floats]:
        """Log likelihood with prior, its slope and the expected information, by (mean, log SD)."""
        sds = np.exp(theta[:, 1:])
        away = (self.cuts - theta[:, :1]) / sds
        chances = np.maximum(chances_between(away), _LEAST)
        height = np.exp(-0.5 * away**2) / np.sqrt(2 * np.pi)
        by_mean, by_log_sd = -_between(height) / sds, -_between(height * away)
        off = theta[:, 1] - self.centre
        value = (self.counts * np.log(chances)).sum(axis=1) - 0.5 * self.weight * off**2
        ratio = self.counts / chances
        slope = np.column_stack([(ratio * by_mean).sum(axis=1), (ratio * by_log_sd).sum(axis=1) - self.weight * off])
        pupils = self.counts.sum(axis=1)
        information = np.empty((len(pupils), 2, 2))
        information[:, 0, 0] = pupils * (by_mean**2 / chances).sum(axis=1)
        information[:, 1, 1] = pupils * (by_log_sd**2 / chances).sum(axis=1) + self.weight
        information[:, 0, 1] = information[:, 1, 0] = pupils * (by_mean * by_log_sd / chances).sum(axis=1)
        return value, slope, information

    def curvature(self, theta: Floats) -> Floats:
        """Minus the second derivatives, by differences of the slope."""
        bent = np.empty((len(theta), 2, 2))
        sds = np.exp(theta[:, 1])
        for along, near in ((0, np.column_stack([sds, 0 * sds])), (1, np.column_stack([0 * sds, 0 * sds + 1]))):
            down, up = (self.at(theta + way * 1e-5 * near)[1] for way in (-1, 1))
            bent[:, along] = (down - up) / (2e-5 * near[:, along, None])
        return (bent + bent.transpose(0, 2, 1)) / 2


def _climb(posed: _Posed, theta: Floats, free: Flags, newton: bool) -> tuple[Floats, Floats]:
    """One step up for every unit, and its length in SDs; scoring, and Newton's step where that is slow."""
    value, slope, information = posed.at(theta)
    if newton:
        bent = posed.curvature(theta)
        firm = (bent[:, 0, 0] > 0) & (bent[:, 1, 1] > 0) & (bent[:, 0, 0] * bent[:, 1, 1] > bent[:, 0, 1] ** 2)
        information = np.where(firm[:, None, None], bent, information)
    units = np.column_stack([np.exp(theta[:, 1]), np.ones(len(theta))])
    step = _solve(slope, information, free) / units
    step /= np.maximum(np.abs(step) / [2.0, 0.5], 1.0).max(axis=1, keepdims=True)
    part = np.ones(len(theta))
    for _ in range(30):
        tried = theta + part[:, None] * step * units
        worse = posed.at(tried)[0] < value - 1e-9 * (1 + np.abs(value))
        if not worse.any():
            break
        part[worse] /= 2
    return tried, np.abs(step).max(axis=1) * part


def chances_between(away: Floats) -> Floats:
    """Chance of each level for cut points in SDs from the mean (..., levels - 1), exact in both tails."""
    edge = np.full((*away.shape[:-1], 1), np.inf)
    lower, upper = np.concatenate([-edge, away], axis=-1), np.concatenate([away, edge], axis=-1)
    mirrored = lower > 0
    chances: Floats = np.where(mirrored, ndtr(-lower) - ndtr(-upper), ndtr(upper) - ndtr(lower))
    return chances


def _between(values: Floats) -> Floats:
    """Differences from cut to cut, nothing lying beyond the first and the last."""
    edge = np.zeros((*values.shape[:-1], 1))
    return np.asarray(np.diff(np.concatenate([edge, values, edge], axis=-1), axis=-1), dtype=np.float64)


def _solve(slope: Floats, information: Floats, free: Flags) -> Floats:
    """The step of every unit, in its mean alone where its SD is not free."""
    with np.errstate(divide="ignore", invalid="ignore"):
        alone = slope * [1.0, 0.0] / information[:, :1, 0]
        determinant = information[:, 0, 0] * information[:, 1, 1] - information[:, 0, 1] ** 2
        swapped = information[:, ::-1, ::-1] * [[1, -1], [-1, 1]]
        joint = np.einsum("uij,uj->ui", swapped, slope) / determinant[:, None]
    return np.nan_to_num(np.where(free[:, None], joint, alone), nan=0.0, posinf=0.0, neginf=0.0)


def _mean_variance(information: Floats, free: Flags) -> Floats:
    """Variance of the mean, the SD being sought too where it is free."""
    used: Floats = information[:, 0, 0] - np.where(free, information[:, 0, 1] ** 2 / information[:, 1, 1], 0.0)
    return np.asarray(1 / used, dtype=np.float64)
