"""A model in place of the city: moments are straight lines of the parameters with normal noise, so that the posterior
is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calibration.fitting.asked import Asked
from calibration.fitting.moments import moments
from calibration.fitting.pool import Pool
from calibration.fitting.targets import Target, Targets
from sim.draws import SPREADS_IN_RANGE
from sim.parameters import Parameter

Floats = NDArray[np.float64]
NOISE = 0.5
"""Of each moment, in SD of the prior."""


def cards(count: int = 3) -> tuple[Parameter, ...]:
    """Parameters from -6 to 6 with a normal prior: SD 3, cut off at two SD."""
    return tuple(Parameter(f"made_up.{k}", "made up", 0.0, "SD", -6.0, 6.0, "assumption") for k in range(count))


def prior(count: int, rows: int, chance: np.random.Generator) -> Floats:
    """Draws of the priors, (rows, count)."""
    sd = 12 / SPREADS_IN_RANGE
    found = chance.normal(0, sd, (20 * rows, count))
    return found[(np.abs(found) < 6).all(axis=1)][:rows]


def seen(values: Floats, chance: np.random.Generator) -> Floats:
    """Moments: the first parameter twice, with noise; the sum of the second and the third; noise alone."""
    first, both = values[:, 0], values[:, 1] + values[:, 2]
    clean = np.column_stack([first, 2 * first, both, np.zeros(len(values))])
    return clean + NOISE * 3 * chance.standard_normal(clean.shape)


def pool(rows: int, luck: int) -> Pool:
    """Runs of the straight model."""
    chance = np.random.default_rng(luck)
    values = prior(3, rows, chance)
    return Pool(np.arange(1, rows + 1), np.zeros(rows, dtype=np.int64), values, seen(values, chance))


def targets(values: list[float], se: float = 0.0) -> Targets:
    """Four figures that stand for the moments."""
    level = moments()["level"]
    years = range(2027, 2031)
    found = [
        Target(level, Asked(y, "math", "3-8", "*"), v, se, source="made up") for y, v in zip(years, values, strict=True)
    ]
    return Targets(tuple(found))
