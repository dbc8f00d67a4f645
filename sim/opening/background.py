"""How much of the spread of scores lasts and how much passes, grade by grade."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.city import GRADES
from sim.opening.codes import Floats
from sim.parameters import Parameters

SMALLEST_SHOCK = 1e-4


@dataclass(frozen=True)
class Spread:
    """SDs by grade and subject, (13, 2): how a lasting ability of 1 shows, the passing part and its yearly shock."""

    loading: Floats
    passing_sd: Floats
    shock_sd: Floats


def spread_by_grade(parameters: Parameters, made_by_flags: float, made_by_schools: float) -> Spread:
    """Split the within-group variance by grade.

    `made_by_flags` and `made_by_schools` are variances (SD squared) taken out before the rest is split between what
    lasts and what passes. The passing part cannot shrink faster than its own retention lets it: where the fitted
    share would need a negative shock, the share is raised. Raises ValueError when nothing is left to last.
    """
    grades = np.array(GRADES, dtype=float)
    k, third, eighth = (parameters[f"learning.passing_share.{at}"] for at in ("kindergarten", "grade3", "grade8"))
    within = parameters["learning.latent_sd"] ** 2
    share = np.where(
        grades <= 3, k + (third - k) * grades / 3, third * (eighth / third) ** (np.minimum(grades - 3, 5) / 5)
    )
    retention = parameters.by_subject("learning.retention")
    passing = np.empty((len(GRADES), 2))
    shock = np.empty((len(GRADES), 2))
    passing[0] = shock[0] = share[0] * within
    for grade in range(1, len(GRADES)):
        kept = retention * retention * passing[grade - 1]
        passing[grade] = np.maximum(share[grade] * within, kept + SMALLEST_SHOCK)
        shock[grade] = passing[grade] - kept
    lasting = within - made_by_flags - made_by_schools - passing
    if lasting.min() <= 0:
        raise ValueError(
            f"flags ({made_by_flags:.2f}), schools ({made_by_schools:.2f}) and passing shocks ({passing.max():.2f}) "
            f"leave no variance for lasting ability out of {within:.2f}"
        )
    return Spread(np.sqrt(lasting), np.sqrt(passing), np.sqrt(shock))
