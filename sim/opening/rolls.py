"""The opening rolls by grade: pooled over a school's grades, so that cohorts that grow up move no gap by themselves."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from sim.opening.codes import CityCodes, Floats, Ints

NOT_WHOLE = 0.2
"""Beyond this a margin is no whole number. Where a small group is in one level only of a school that has two, the fit
comes near its margins slowly and stops a few hundredths off."""


@lru_cache(maxsize=4)
def file_rolls(codes: CityCodes) -> Floats:
    """`pooled_rolls` without a frozen city: a matter of the file alone."""
    rolls = pooled_rolls(codes)
    rolls.setflags(write=False)
    return rolls


def pooled_rolls(codes: CityCodes, start: Floats | None = None) -> Floats:
    """Expected rolls (13, S, G) with the file's totals by grade and group and by school and group.

    Only the spread of a school's group over its own grades is not the file's. It follows `start` (13, S, G), the
    frozen city; without one, each school keeps its share of every cohort it teaches. Fitted by iterative
    proportional fitting.
    """
    rolls = np.zeros_like(codes.roll)
    for group in range(codes.n_groups):
        file = codes.roll[:, :, group]
        by_grade, by_school = file.sum(axis=1), file.sum(axis=0)
        # the file's own cells keep a trace, so that margins which only they can meet are met
        shape = by_grade[:, None] if start is None else start[:, :, group] + 1e-6
        fitted = codes.offers.T * shape * (by_school > 0) + 1e-9 * file
        for _ in range(2000):
            with np.errstate(invalid="ignore", divide="ignore"):
                fitted *= np.nan_to_num(by_grade / fitted.sum(axis=1))[:, None]
                fitted *= np.nan_to_num(by_school / fitted.sum(axis=0))[None, :]
            if np.abs(fitted.sum(axis=1) - by_grade).max() < 1e-7:
                break
        rolls[:, :, group] = fitted
    return rolls


def whole_rolls(expected: Floats) -> Ints:
    """Whole pupils (13, S, G) with the same totals by grade and by school in every group.

    Each cell is rounded up or down. With whole margins such a rounding exists, and the linear programme finds it.
    Raises ValueError when the margins are not whole.
    """
    whole = np.zeros(expected.shape, dtype=np.int64)
    for group in range(expected.shape[2]):
        cells = expected[:, :, group]
        low = np.floor(cells + 1e-6)
        grades, schools = np.nonzero(cells - low > 1e-6)
        grade_left = np.round(cells.sum(axis=1) - low.sum(axis=1), 3)
        school_left = np.round(cells.sum(axis=0) - low.sum(axis=0), 3)
        whole[:, :, group] = low.astype(np.int64)
        if not len(grades):
            continue
        left = np.concatenate([grade_left, school_left])
        if np.abs(left - np.round(left)).max() > NOT_WHOLE:
            raise ValueError("rolls can be rounded only when totals by grade and by school are whole numbers")
        n = len(grades)
        rows = np.concatenate([grades, len(grade_left) + schools])
        sums = coo_array((np.ones(2 * n), (rows, np.tile(np.arange(n), 2))), shape=(len(left), n))
        rest = cells[grades, schools] - low[grades, schools]
        found = linprog(-rest, A_eq=sums.tocsr(), b_eq=np.round(left), bounds=(0, 1), method="highs-ds")
        if not found.success:
            raise ValueError(f"rolls of a group could not be rounded: {found.message}")
        whole[grades, schools, group] += np.round(found.x).astype(np.int64)
    return whole


def seats_by_grade(roll: Ints, offers: np.ndarray, building: Ints) -> Ints:
    """Seats (S, 13): the building's share of each grade, or the opening roll where that is larger.

    `roll` (S, 13), `building` (S,) all grades together. Never fewer in a higher grade than in a lower one the school
    offers, so that promotion turns no child away.
    """
    seats = np.zeros(roll.shape, dtype=np.int64)
    for school in range(len(roll)):
        grades = np.nonzero(offers[school])[0]
        total = roll[school, grades].sum()
        even = np.full(len(grades), 1 / len(grades))
        share = roll[school, grades] / total if total else even
        wanted = np.maximum(np.floor(building[school] * share).astype(np.int64), roll[school, grades])
        seats[school, grades] = np.maximum.accumulate(wanted)
    return seats
