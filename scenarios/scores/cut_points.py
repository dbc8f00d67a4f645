"""Cut points common to all units of one test, year, grade and subject, from the units' pupils by level."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize
from scipy.special import ndtri

from scenarios.scores.known_cuts import UnitFits, chances_between, fit_units
from scenarios.scores.ordered_probit import LOG_SD_PRIOR, Floats, Levels

_LEAST = 1e-290


def fit_cut_points(counts: Floats) -> Levels:
    """Cut points and the mean and SD of every unit, where all pupils together have mean 0 and SD 1.

    counts (units, levels), each unit with pupils outside either end level. With three levels and more every unit has
    its own SD, near the others' as LOG_SD_PRIOR has it; two levels cannot tell, so all have the same. One unit alone
    is taken as normal. Raises ValueError when no maximum is found.
    Source: Reardon, Shear, Castellano & Ho 2017 (JEBS 42(1)), by a joint likelihood with that prior.
    """
    units, levels = counts.shape
    own_sds = levels > 2 and units > 1
    cuts = _shape(counts) if own_sds else _as_one(counts)
    every = np.broadcast_to(cuts, (units, levels - 1))
    fits = fit_units(counts, every, np.ones(units), np.full(units, LOG_SD_PRIOR * own_sds))
    return _to_unit(counts.sum(axis=1), cuts, fits, own_sds)


def _as_one(counts: Floats) -> Floats:
    """The cut points if all pupils together were one normal of mean 0 and SD 1."""
    below = np.cumsum(counts.sum(axis=0))[:-1] / counts.sum()
    return np.asarray(ndtri(np.clip(below, 1e-9, 1 - 1e-9)), dtype=np.float64)


def _shape(counts: Floats) -> Floats:
    """Cut points, the first at 0, on the scale where the units' log SDs have mean 0."""
    units, levels = counts.shape
    pupils = counts.sum()

    def loss(theta: Floats) -> tuple[float, Floats]:
        gaps, means, log_sds = np.split(theta, [levels - 2, levels - 2 + units])
        widths = np.exp(gaps)
        cuts = np.concatenate([[0.0], np.cumsum(widths)])
        sds = np.exp(log_sds)[:, None]
        away = (cuts - means[:, None]) / sds
        chances = np.maximum(chances_between(away), _LEAST)
        ratio = counts / chances
        push = np.exp(-0.5 * away**2) / np.sqrt(2 * np.pi) * (ratio[:, :-1] - ratio[:, 1:])
        by_cut = (push / sds).sum(axis=0)
        by_gap = np.cumsum(by_cut[::-1])[::-1][1:] * widths
        by_log_sd = -(push * away).sum(axis=1) - log_sds / LOG_SD_PRIOR**2
        slope = np.concatenate([by_gap, -(push / sds).sum(axis=1), by_log_sd])
        value = (counts * np.log(chances)).sum() - 0.5 * (log_sds**2).sum() / LOG_SD_PRIOR**2
        return -value / pupils, -slope / pupils

    first = _as_one(counts)
    start = fit_units(counts, np.broadcast_to(first, (units, levels - 1)), np.ones(units), np.zeros(units)).means
    gaps = np.log(np.maximum(np.diff(first), 1e-3))
    found = minimize(
        loss,
        np.concatenate([gaps, start - first[0], np.zeros(units)]),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 3000, "maxfun": 6000, "ftol": 1e-13, "gtol": 1e-8, "maxcor": 20},
    )
    if not found.success:
        raise ValueError(f"the level counts could not be fitted: {found.message}")
    return np.concatenate([[0.0], np.cumsum(np.exp(found.x[: levels - 2]))])


def _to_unit(pupils: Floats, cuts: Floats, fits: UnitFits, own_sds: bool) -> Levels:
    """The same fit on the scale where all pupils have mean 0 and SD 1.

    Luck spreads the means of small units. Where SDs were sought it is missing from those by as much; where they were
    set, it is taken out.
    """
    share = pupils / pupils.sum()
    middle = float(share @ fits.means)
    luck = 0.0 if own_sds or len(pupils) == 1 else float((share * (1 - share)) @ fits.errors**2)
    between = max(float(share @ (fits.means - middle) ** 2) - luck, 0.0)
    spread = float(np.sqrt(share @ fits.sds**2 + between))
    return Levels((cuts - middle) / spread, (fits.means - middle) / spread, fits.sds / spread, pupils)
