"""What spreads the means of schools in a city that is made: composition, selection, value added, and luck."""

from __future__ import annotations

import math

from scenarios.making.draws import Draws

TESTED = 0.97
"""Share of the roll with a score."""
LOW_INCOME_BEHIND = 0.5
"""SD that low-income pupils are behind others of their own group: part of the .66-.85 over all (S01-016)."""
NEIGHBOURHOOD_SD = 0.28
"""What one SD of a neighbourhood's advantage means for its children's scores, beyond group and income."""
WITHIN_SCHOOL_SD = 0.87
SELECTION_SD = 0.22
LASTING_VALUE_SD = {"district": 0.07, "charter": 0.10}
"""SD between schools of a year's value added (S01-039)."""
YEARS_WORTH = 1.7
"""How many years of its value added a school's mean shows, after retention and moves."""
CHARTER_VALUE = 0.03
READING_PER_MATH = 0.6
SHARED_BY_SUBJECTS = 0.75
"""Correlation of a school's selection and value between the subjects."""
YEAR_SHOCK_SD = 0.04
COHORT_SD = 0.04
"""SD of a school's mean between two springs, beyond what its number of pupils makes."""
GROWTH_NOISE_SD = 0.586
"""SD of a pupil's share in a school's mean growth: with the shock it gives reliabilities .58, .72 and .79."""


def shared_by_subjects(draws: Draws, name: str, subject: str, sd: float) -> float:
    """A draw that both subjects share in part."""
    own = math.sqrt(1 - SHARED_BY_SUBJECTS) * draws.normal(f"{name} {subject}", sd)
    return math.sqrt(SHARED_BY_SUBJECTS) * draws.normal(name, sd) + own
