"""What is estimated from the known years alone: how levels move every year in all schools alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from sim.luck import one_uniform

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Drift:
    """A yearly change common to all schools of a subject, SD a year, beside what the model makes of the same years.

    `se`: of the change. `year_sd`: what single years stand above or below the line, in all schools alike (a test made a
    little harder or easier). `degrees`: of freedom behind both.
    """

    per_year: float
    se: float
    year_sd: float
    degrees: int

    def drawn(self, luck: int, subject: str, number: int) -> float:
        """One draw of the yearly change, SD a year, from a t distribution."""
        chance = one_uniform(luck, "history drift", subject, number)
        return self.per_year + self.se * float(stats.t.ppf(chance, self.degrees))

    def year(self, luck: int, subject: str, number: int, year: int) -> float:
        """One draw of what a year stands off the line, SD; the same for the same year."""
        chance = one_uniform(luck, f"history year, {subject}", str(year), number)
        return self.year_sd * float(stats.t.ppf(chance, self.degrees))


def fit_drifts(years: ArrayLike, residuals: dict[str, ArrayLike]) -> dict[str, Drift]:
    """For every subject the line through nothing in the opening June that fits what was observed less the model.

    years (years,): since the opening, above 0; residuals: a subject's, SD, one a year. How far years stand off their
    lines is taken to be alike in all subjects; a line has n - 1 degrees of freedom, for the opening June is met by
    construction. Raises ValueError below two years.
    """
    when = np.asarray(years, dtype=np.float64)
    if len(when) < 2:
        raise ValueError("a drift needs two known years after the opening")
    squares = float((when**2).sum())
    slopes = {name: float(when @ np.asarray(rest, dtype=np.float64)) / squares for name, rest in residuals.items()}
    off = np.concatenate([np.asarray(rest) - slopes[name] * when for name, rest in residuals.items()])
    degrees = (len(when) - 1) * len(residuals)
    year_sd = float(np.sqrt((off**2).sum() / degrees))
    return {name: Drift(slope, year_sd / squares**0.5, year_sd, degrees) for name, slope in slopes.items()}
