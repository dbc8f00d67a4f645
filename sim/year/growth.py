"""Growth of pupils beyond what was to be expected of them: on last scores alone, or adjusted for who they are."""

from __future__ import annotations

import numpy as np

from sim.city import GRADES
from sim.opening.codes import Floats, Ints

SCHOOLS_BEYOND = 3
"""Schools beyond the numbers that are fitted to them, or nothing is fitted to schools."""


def residuals_on_last(grade: Ints, score: Floats, last_score: Floats) -> Floats:
    """Residual of each pupil's score on the last one, fitted by grade and subject over all of them, SD, (n, 2).

    grade (n,); score, last_score (n, 2), none missing. Sums run in row order.
    """
    residual = np.empty(score.shape)
    n = np.maximum(np.bincount(grade, minlength=len(GRADES)), 1)
    for k in range(score.shape[1]):
        x, y = last_score[:, k], score[:, k]
        mx = np.bincount(grade, x, minlength=len(GRADES)) / n
        my = np.bincount(grade, y, minlength=len(GRADES)) / n
        dx, dy = x - mx[grade], y - my[grade]
        sxx = np.bincount(grade, dx * dx, minlength=len(GRADES))
        slope = np.bincount(grade, dx * dy, minlength=len(GRADES)) / np.where(sxx > 0, sxx, 1.0)
        residual[:, k] = dy - slope[grade] * dx
    return residual


def adjusted_residuals(
    place: Ints, grade: Ints, flags: Floats, score: Floats, last_score: Floats, schools: int, error_sd: float
) -> Floats:
    """The same, adjusted in two steps so that it says nothing of how a school's pupils began, SD, (n, 2).

    First, within schools and by grade and subject, scores on last scores and flags; the last score's slope is
    corrected for its error, or well-placed schools would seem to gain. Second, between schools and by subject, what is
    left on the school's mean last score and its mix of flags (as far as flags foretell growth). What a school's own
    past work put into its mean last score is taken out with it. flags (n, F) as numbers; error_sd SD. Sums in row
    order.
    """
    residual = np.empty(score.shape)
    cell = place * len(GRADES) + grade
    for k in range(score.shape[1]):
        x = np.column_stack([last_score[:, k], flags])
        y = score[:, k]
        slopes = _within(cell, grade, x, y, schools * len(GRADES), error_sd)
        dx = x - _means(grade, x, len(GRADES))[grade]
        dy = y - _means(grade, y[:, None], len(GRADES))[grade, 0]
        by_flags = _row_sums(slopes[grade, 1:] * dx[:, 1:])
        left = dy - slopes[grade, 0] * dx[:, 0] - by_flags
        residual[:, k] = left - _foretold(place, left, np.column_stack([dx[:, 0], by_flags]), schools)
    return residual


def _within(cell: Ints, grade: Ints, x: Floats, y: Floats, cells: int, error_sd: float) -> Floats:
    """Slopes of `y` (n,) on `x` (n, P) within schools, by grade, (13, P); the first of `x` is measured with error."""
    dx = x - _means(cell, x, cells)[cell]
    dy = y - _means(cell, y[:, None], cells)[cell, 0]
    wide = x.shape[1]
    products = np.empty((len(GRADES), wide, wide))
    with_y = np.empty((len(GRADES), wide))
    for i in range(wide):
        with_y[:, i] = np.bincount(grade, dx[:, i] * dy, minlength=len(GRADES))
        for j in range(i + 1):
            products[:, i, j] = np.bincount(grade, dx[:, i] * dx[:, j], minlength=len(GRADES))
            products[:, j, i] = products[:, i, j]
    used = np.bincount(cell, minlength=cells).reshape(-1, len(GRADES))
    freedom = np.maximum(used - 1, 0).sum(axis=0)
    known = products[:, 0, 0]
    # a few pupils can differ by less than their error: never more than half is taken for error
    products[:, 0, 0] = np.maximum(known - freedom * error_sd * error_sd, 0.5 * known)
    return np.array([solved(a, b) for a, b in zip(products, with_y, strict=True)])


def _foretold(place: Ints, left: Floats, x: Floats, schools: int) -> Floats:
    """What school means of `x` (n, P) foretell of school means of `left` (n,), for each pupil, (n,)."""
    n = np.bincount(place, minlength=schools)
    if (n > 0).sum() < x.shape[1] + SCHOOLS_BEYOND:
        return np.zeros(len(left))
    means, left_means = _means(place, x, schools), _means(place, left[:, None], schools)[:, 0]
    nowhere = np.zeros(schools, dtype=np.int64)

    def summed(values: Floats) -> float:
        return float(np.bincount(nowhere, n * values)[0])

    wide = range(x.shape[1])
    a = np.array([[summed(means[:, i] * means[:, j]) for j in wide] for i in wide])
    slopes = solved(a, np.array([summed(means[:, i] * left_means) for i in wide]))
    return _row_sums(slopes * means)[place]


def solved(a: Floats, b: Floats) -> Floats:
    """The solution of a symmetric, non-negative system by elimination in order; 0 for what is not determined."""
    a, b = a.astype(float), b.astype(float)
    wide = len(b)
    least = 1e-9 * np.diag(a)
    there = np.zeros(wide, dtype=bool)
    for i in range(wide):
        there[i] = a[i, i] > least[i]
        if there[i]:
            for j in range(i + 1, wide):
                share = a[j, i] / a[i, i]
                a[j] = a[j] - share * a[i]
                b[j] = b[j] - share * b[i]
    found = np.zeros(wide)
    for i in reversed(range(wide)):
        if there[i]:
            rest = b[i]
            for j in range(i + 1, wide):
                rest = rest - a[i, j] * found[j]
            found[i] = rest / a[i, i]
    return found


def _means(where: Ints, values: Floats, places: int) -> Floats:
    """Mean of the columns of `values` (n, P) in each place, (places, P); 0 where there is nobody."""
    n = np.maximum(np.bincount(where, minlength=places), 1)
    return np.column_stack([np.bincount(where, column, minlength=places) / n for column in values.T])


def _row_sums(values: Floats) -> Floats:
    """Sum of each row of `values` (n, P), column after column, (n,)."""
    total = np.zeros(len(values))
    for column in values.T:
        total = total + column
    return total
