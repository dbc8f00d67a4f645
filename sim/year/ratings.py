"""One yardstick for every school: status and growth in points of 100."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from sim.city import GRADES
from sim.opening.codes import Floats, Ints
from sim.parameters import Parameters


@dataclass(frozen=True)
class Spring:
    """What one spring's tests say of each school: tested pupils, mean score by subject, status and growth."""

    tested: Ints
    mean: Floats
    status: Floats
    growth: Floats


def spring_results(place: Ints, grade: Ints, score: Floats, last_score: Floats, schools: int, minimum: float) -> Spring:
    """School results (S,). Growth is the mean residual of score on last year's score, fitted by grade and subject over
    the city; NaN below `minimum` tested pupils or where nobody has a last score. Sums run in row order."""
    tested = ~np.isnan(score[:, 0])
    count = np.bincount(place[tested], minlength=schools)
    enough = count >= minimum
    mean = np.full((schools, 2), np.nan)
    residual_sum = np.zeros(schools)
    both = tested & ~np.isnan(last_score[:, 0])
    with_last = np.bincount(place[both], minlength=schools)
    g = grade[both]
    n = np.maximum(np.bincount(g, minlength=len(GRADES)), 1)
    for k in range(2):
        total = np.bincount(place[tested], score[tested, k], minlength=schools)
        mean[:, k] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
        x, y = last_score[both, k], score[both, k]
        mx, my = np.bincount(g, x, minlength=len(GRADES)) / n, np.bincount(g, y, minlength=len(GRADES)) / n
        dx, dy = x - mx[g], y - my[g]
        sxx = np.bincount(g, dx * dx, minlength=len(GRADES))
        slope = np.bincount(g, dx * dy, minlength=len(GRADES)) / np.where(sxx > 0, sxx, 1.0)
        residual_sum += 0.5 * np.bincount(place[both], dy - slope[g] * dx, minlength=schools)
    growth = np.where(with_last >= minimum, residual_sum / np.maximum(with_last, 1), np.nan)
    return Spring(count, mean, np.where(enough, mean.mean(axis=1), np.nan), growth)


@dataclass(frozen=True)
class Yardstick:
    """The scale of the rating, fixed in the opening year, so that a city that improves is seen to improve."""

    status_mean: float
    status_sd: float
    growth_sd: float
    status_weight: float

    def index(self, status: Floats, growth: Floats) -> Floats:
        """Weighted status and growth in SDs of the opening year's schools; status alone where growth is missing."""
        z = (status - self.status_mean) / self.status_sd
        w = self.status_weight
        both = (w * z + (1 - w) * growth / self.growth_sd) / np.sqrt(w * w + (1 - w) ** 2)
        return np.where(np.isnan(growth), z, both)

    @staticmethod
    def points(index: float) -> float:
        """Points of 100: the share of the opening year's schools that lie below, were they normal."""
        return float(100.0 * ndtr(index))


def make_yardstick(status: Floats, ratings: pd.DataFrame, opening_year: int, parameters: Parameters) -> Yardstick:
    """The yardstick from the opening June's `status` (S,) and, for the spread of growth, the file's rating history."""
    known = status[~np.isnan(status)]
    growth = ratings["growth"].dropna() if len(ratings) else pd.Series(dtype=float)
    growth_sd = float(growth.std()) if len(growth) > 2 else parameters["yardstick.growth_sd"]
    return Yardstick(
        float(known.mean()) if len(known) else 0.0,
        max(float(known.std()) if len(known) > 1 else 1.0, 1e-6),
        max(growth_sd, 1e-6),
        parameters["yardstick.status_weight"],
    )


def rating_of(indices: list[tuple[int, float]], year: int, years: float) -> float:
    """Points from the mean index of the last `years` springs that ended in `year`; NaN without one in `year`."""
    if not indices or indices[-1][0] != year:
        return float("nan")
    kept = [value for spring, value in indices if spring > year - round(years)]
    return Yardstick.points(sum(kept) / len(kept))
