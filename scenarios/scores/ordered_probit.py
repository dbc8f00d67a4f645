"""Means from counts of pupils by level: a normal score cut at common points, fitted by likelihood.

Source: Reardon, Shear, Castellano & Ho 2017 (JEBS 42(1)) for the model with a mean and an SD for each group.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import ndtr

Floats = NDArray[np.float64]
LOG_SD_PRIOR = 0.25
"""SD of the prior on a group's log SD: holds groups of a few dozen pupils near the common SD, no more."""
_LEAST = 1e-12
_GRID = np.linspace(-4.0, 4.0, 801)


@dataclass(frozen=True)
class Levels:
    """Cut points and the mean, SD and pupils of every group, where all together have mean 0 and SD 1."""

    cuts: Floats
    means: Floats
    sds: Floats
    pupils: Floats


@dataclass(frozen=True)
class Effects:
    """What each school stands above its prediction: the mean and SD given its counts, and the SD of all."""

    mean: Floats
    sd: Floats
    between_sd: float


def level_chances(cuts: Floats, means: Floats, sds: Floats) -> Floats:
    """Chance of every level, last axis, for means and SDs of any shape; cuts are (..., levels - 1)."""
    below = ndtr((cuts - means[..., None]) / sds[..., None])
    edge = np.zeros((*below.shape[:-1], 1))
    return np.asarray(np.diff(np.concatenate([edge, below, edge + 1], axis=-1), axis=-1), dtype=np.float64)


def fit_levels(counts: Floats) -> Levels:
    """Cut points, and a mean and an SD for each group, from counts (groups, levels).

    The largest group fixes the scale while fitting. Raises ValueError when no maximum is found.
    """
    groups, levels = counts.shape
    anchor = int(np.argmax(counts.sum(axis=1)))
    others = [g for g in range(groups) if g != anchor]

    def unpack(theta: Floats) -> tuple[Floats, Floats, Floats]:
        cuts = theta[0] + np.concatenate([[0.0], np.cumsum(np.exp(theta[1 : levels - 1]))])
        means, log_sds = np.zeros(groups), np.zeros(groups)
        means[others] = theta[levels - 1 : levels - 1 + len(others)]
        log_sds[others] = theta[levels - 1 + len(others) :]
        return cuts, means, np.exp(log_sds)

    def loss(theta: Floats) -> float:
        cuts, means, sds = unpack(theta)
        fit = (counts * np.log(np.maximum(level_chances(cuts, means, sds), _LEAST))).sum()
        return float(-fit + 0.5 * (np.log(sds) ** 2).sum() / LOG_SD_PRIOR**2)

    start = np.zeros(levels - 1 + 2 * len(others))
    start[0] = -1.0
    found = minimize(loss, start, method="L-BFGS-B", options={"maxiter": 2000, "maxfun": 100_000})
    if not found.success:
        raise ValueError(f"the level counts could not be fitted: {found.message}")
    return _to_unit(counts.sum(axis=1), *unpack(found.x))


def _to_unit(pupils: Floats, cuts: Floats, means: Floats, sds: Floats) -> Levels:
    """The same fit on the scale where all pupils have mean 0 and SD 1."""
    share = pupils / pupils.sum()
    middle = float(share @ means)
    spread = float(np.sqrt(share @ (sds**2 + (means - middle) ** 2)))
    return Levels((cuts - middle) / spread, (means - middle) / spread, sds / spread, pupils)


def fit_mean(counts: Floats, cuts: Floats, usual_sd: float) -> float:
    """The mean of one group (counts by level) where the cut points are known; its SD stays near the usual."""

    def loss(theta: Floats) -> float:
        chances = level_chances(cuts, theta[:1], usual_sd * np.exp(theta[1:]))[0]
        fit = (counts * np.log(np.maximum(chances, _LEAST))).sum()
        return float(-fit + 0.5 * (theta[1] / LOG_SD_PRIOR) ** 2)

    return float(minimize(loss, np.zeros(2), method="Nelder-Mead").x[0])


def fit_effects(counts: Floats, school: NDArray[np.int64], predicted: Floats, sds: Floats, cuts: Floats) -> Effects:
    """One effect a school over all its cells, shrunk towards zero by what the counts cannot tell.

    counts (cells, levels), school (cells,) from 0, predicted and sds (cells,), cuts (cells, levels - 1).
    The SD between schools is fitted to the same counts.
    """
    schools = int(school.max()) + 1
    known = np.zeros((schools, len(_GRID)))
    for place, effect in enumerate(_GRID):
        chances = np.maximum(level_chances(cuts, predicted + effect, sds), _LEAST)
        known[:, place] = np.bincount(school, (counts * np.log(chances)).sum(axis=1), minlength=schools)
    between = 0.3
    for _ in range(200):
        log_weight = known - 0.5 * (_GRID / between) ** 2
        weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
        weight /= weight.sum(axis=1, keepdims=True)
        mean = weight @ _GRID
        variance = weight @ _GRID**2 - mean**2
        fresh = float(np.sqrt(np.mean(mean**2 + variance)))
        settled, between = abs(fresh - between) < 1e-6, fresh
        if settled:
            break
    return Effects(mean, np.sqrt(variance), between)
