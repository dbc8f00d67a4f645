"""School means and growth: what the pupils predict, who chose the school, and what it adds; scaled to the variance
between schools that was asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scenarios.making.asked.settled import Settled
from scenarios.making.draws import Counts, Draws, Floats
from scenarios.making.sites import Site
from scenarios.making.spreads import (
    CHARTER_VALUE,
    COHORT_SD,
    GROWTH_NOISE_SD,
    LASTING_VALUE_SD,
    LOW_INCOME_BEHIND,
    NEIGHBOURHOOD_SD,
    READING_PER_MATH,
    SELECTION_SD,
    TESTED,
    WITHIN_SCHOOL_SD,
    YEAR_SHOCK_SD,
    YEARS_WORTH,
    shared_by_subjects,
)
from sim.city import SUBJECTS

LEAST_SCALE, MOST_SCALE = 0.3, 2.0
"""Within these factors selection and value are moved to meet the variance asked for."""
ASSUMED = (
    f"Low-income pupils are {LOW_INCOME_BEHIND} SD behind others of their own group (part of S01-016), children of "
    f"better-off neighbourhoods {NEIGHBOURHOOD_SD} SD ahead for one SD between neighbourhoods.",
    f"Beyond composition, school means differ by selection (SD {SELECTION_SD}) and by {YEARS_WORTH} years of value "
    f"added of SD {LASTING_VALUE_SD['district']} a year among district schools and {LASTING_VALUE_SD['charter']} among "
    f"charters (S01-039); charters add {CHARTER_VALUE} a year more in math; all of it scaled to the share of variance "
    f"between schools. In reading value added is {READING_PER_MATH} of math. Drawn without regard to composition.",
    f"Scores of pupils in one school have SD {WITHIN_SCHOOL_SD}; {TESTED:.0%} of the roll are tested.",
)


@dataclass(frozen=True)
class Marks:
    """By school: mean score, last spring's, growth of both springs (NaN where nobody is tested), tested pupils."""

    mean: Floats
    mean_before: Floats
    growth: Floats
    growth_before: Floats
    tested: Counts
    scale: float
    """Factor of selection and value added."""
    icc: float
    """Share of the variance between schools that came out."""


def make_marks(
    settled: Settled, sites: list[Site], rolls: Counts, low: Floats, homes: Floats, draws: Draws
) -> list[Marks]:
    """The marks in math and reading. low, homes (S, G): low-income share, and advantage of the pupils' zones."""
    return [_of_subject(place, settled, sites, rolls, low, homes, draws) for place in range(len(SUBJECTS))]


def _of_subject(
    place: int, settled: Settled, sites: list[Site], rolls: Counts, low: Floats, homes: Floats, draws: Draws
) -> Marks:
    subject, grades = SUBJECTS[place], list(settled.tested_grades)
    tested = np.round(TESTED * rolls[:, grades, :]).astype(np.int64)
    number = tested.sum(axis=(1, 2))
    of_group = rolls.sum(axis=1) / np.maximum(rolls.sum(axis=(0, 1)), 1)
    behind = LOW_INCOME_BEHIND * (low - (low * of_group).sum(axis=0))
    behind -= NEIGHBOURHOOD_SD * (homes - (homes * of_group).sum(axis=0))
    targets = settled.scores[place][grades]
    predicted = (tested * (targets - behind[:, None, :])).sum(axis=(1, 2)) / np.maximum(number, 1)
    ratio = 1.0 if subject == "math" else READING_PER_MATH
    value = ratio * np.array(
        [
            shared_by_subjects(draws, f"value {site.id}", subject, LASTING_VALUE_SD[site.sector])
            + CHARTER_VALUE * (site.sector == "charter")
            for site in sites
        ]
    )
    chosen = np.array([shared_by_subjects(draws, f"selection {site.id}", subject, SELECTION_SD) for site in sites])
    level = np.array([0 if site.first == 0 else 1 if site.last <= 9 else 2 for site in sites])
    for part in (level == one for one in (0, 1, 2)):  # each level is tested apart: zero on average there
        if number[part].sum():
            value[part] -= np.average(value[part], weights=number[part])
            chosen[part] -= np.average(chosen[part], weights=number[part])
    scale, mean = _scaled(predicted, chosen + YEARS_WORTH * value, number, settled.icc)
    if number.sum():
        city = float((tested * targets).sum() / number.sum())
        mean += city - float(np.average(mean, weights=number))
    value = scale * value
    noise = [draws.normal(f"cohort {subject} {site.id}") for site in sites]
    before = mean + np.array(noise) * np.hypot(COHORT_SD, 0.6 * WITHIN_SCHOOL_SD / np.sqrt(np.maximum(number, 1)))
    has_last = [grade - 1 in grades for grade in grades]
    with_last = tested[:, has_last, :].sum(axis=(1, 2))
    growth = []
    for year in (0, 1):
        shock = np.array([ratio * draws.normal(f"shock {year} {site.id}", YEAR_SHOCK_SD) for site in sites])
        error = np.array([draws.normal(f"noise {year} {subject} {site.id}", GROWTH_NOISE_SD) for site in sites])
        seen = value + shock + error / np.sqrt(np.maximum(with_last, 1))
        growth.append(np.where(with_last > 0, np.clip(seen, -2, 2), np.nan))
    return Marks(mean, before, growth[0], growth[1], number, scale, between_share(mean, number))


def between_share(mean: Floats, number: Counts) -> float:
    """Share of the variance of scores that lies between schools; NaN with fewer than two tested schools."""
    if (number > 0).sum() < 2:
        return math.nan
    away = mean - np.average(mean, weights=number)
    between = float(np.average(away**2, weights=number))
    return between / (between + WITHIN_SCHOOL_SD**2)


def _scaled(predicted: Floats, rest: Floats, number: Counts, icc: float) -> tuple[float, Floats]:
    """The factor of what composition does not explain at which the variance between schools is as asked."""
    low, high = LEAST_SCALE, MOST_SCALE
    if (number > 0).sum() < 2:
        return 1.0, predicted + rest
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if between_share(predicted + middle * rest, number) < icc else (low, middle)
    scale = (low + high) / 2
    return scale, predicted + scale * rest
