"""Pupils by school and grade: as the files say, drawn inside their bounds, or spread over the grades offered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.population.draws import draw_within, luck_of
from scenarios.population.fitting import Floats, Ints, nearest_whole, rake
from scenarios.population.known import ALL, CITY, KEYS, OUTSIDE, TAUGHT, Bounds, Known
from scenarios.problems import Problem, ProblemsFound

AGREE = 0.005
"""Share by which the city's own total may differ from the sum of its schools and still be of the same pupils."""
_ANY_NUMBER = 10**9


@dataclass(frozen=True, eq=False)
class Grades:
    """pupils (S, 13); `bounds` (S, 13) of the schools that tell their grades; `spread` (S,) the others; `offers`
    (S, 13); `total` (S,) bounds of all in kindergarten to 12; `at_odds` schools whose total disagrees, `nowhere` how
    many more pupils their totals have than their grades."""

    pupils: Ints
    bounds: Bounds
    spread: np.ndarray
    offers: np.ndarray
    total: Bounds
    at_odds: tuple[str, ...]
    nowhere: float
    shaped_by_city: bool


def fill_grades(known: Known, draw: int, file: str) -> Grades:
    """Pupils of every school and grade, kindergarten to 12, each school with at least one.

    A grade without a row in a school that tells others has none. Raises ProblemsFound for schools of which neither
    grades offered nor pupils by grade are known.
    """
    bounds = _by_grade(known)
    spread = ~bounds.told(1)
    offers = _offers(known, bounds, spread, file)
    total, at_odds, nowhere = _totals(known, bounds, spread)
    pupils = np.zeros(offers.shape, dtype=np.int64)
    low, high = bounds.whole()
    least, most = total.whole()
    for at in np.nonzero(~spread)[0]:
        if (low[at] == high[at]).all():
            pupils[at] = low[at]
            continue
        names = [f"{known.schools[at]}/{grade}" for grade in KEYS[TAUGHT]]
        sums = (int(max(least[at], 1)), int(max(most[at], 1)))
        pupils[at] = draw_within(low[at], high[at], sums, luck_of(draw, "grades", names))
    whole_city = covers(known)
    pupils[~spread] = _as_the_city(known, pupils, low, high, ~spread)[~spread] if whole_city else pupils[~spread]
    shape = known.wider[CITY, TAUGHT, -1, -1].middle
    shaped = bool(spread.any() and not np.isnan(shape).any())
    if spread.any():
        luck = luck_of(draw, "total", known.schools)
        sums_of = np.maximum(least + np.floor(luck * (most - least + 1)).astype(np.int64), 1)
        left = np.maximum(shape - pupils[~spread].sum(axis=0), 0.0) if whole_city else shape
        pupils[spread] = _over_grades(offers[spread], sums_of[spread], left if shaped else None)
    return Grades(pupils, bounds, spread, offers, total, at_odds, nowhere, shaped)


def covers(known: Known) -> bool:
    """Whether the city's own total is of the same pupils as the schools': then its parts bind the schools'."""
    city = known.wider[CITY, ALL, -1, -1].middle
    schools = known.school[:, ALL, -1, -1].middle
    if np.isnan(city) or np.isnan(schools).any():
        city = known.wider[CITY, TAUGHT, -1, -1].middle.sum()
        schools = _by_grade(known).sum(axis=1).middle
    return bool(abs(schools.sum() - city) <= AGREE * city)


def _by_grade(known: Known) -> Bounds:
    """Bounds by school and grade, (S, 13): the rows of the grade, else sums over its groups; a grade without a row in
    a school that has others is empty."""
    rows = known.school[:, TAUGHT, -1, -1]
    cells = known.school[:, TAUGHT, :-1, -1]
    sums, some = cells.sum(axis=2), cells.told(2)
    low = np.where(rows.known, rows.low, np.where(some, sums.low, np.nan))
    high = np.where(rows.known, rows.high, np.where(some, sums.high, np.nan))
    told = ~np.isnan(low).all(axis=1)
    low[told], high[told] = np.nan_to_num(low[told]), np.nan_to_num(high[told])
    return Bounds(low, high)


def _offers(known: Known, bounds: Bounds, spread: np.ndarray, file: str) -> np.ndarray:
    """Grades offered, (S, 13): from the lowest to the highest that may have pupils, else as schools.csv says."""
    first, last = (known.table[name].to_numpy(dtype=np.float64) for name in ("first_grade", "last_grade"))
    untold = spread & (np.isnan(first) | np.isnan(last))
    if untold.any():
        raise ProblemsFound(
            Problem(
                file,
                0,
                "first_grade",
                f"school {school} has pupils, but neither a roll by grade nor the grades it offers",
                allowed="first_grade and last_grade in schools.csv, or rows by grade in enrollment.csv",
            )
            for school in np.array(known.schools)[untold]
        )
    grades = np.arange(13)
    some = bounds.high > 0
    lowest = np.where(spread, np.nan_to_num(first), np.argmax(some, axis=1))
    highest = np.where(spread, np.nan_to_num(last), 12 - np.argmax(some[:, ::-1], axis=1))
    return (grades >= lowest[:, None]) & (grades <= highest[:, None])


def _totals(known: Known, bounds: Bounds, spread: np.ndarray) -> tuple[Bounds, tuple[str, ...], float]:
    """Bounds of each school's pupils in kindergarten to 12, (S,), the schools whose total says otherwise, and by how
    many pupils."""
    everyone = known.school[:, ALL, -1, -1]
    by_group = known.school[:, ALL, :-1, -1].sum(axis=1)
    told = known.school[:, ALL, :-1, -1].told(1)
    low = np.where(everyone.known, everyone.low, np.where(told, by_group.low, np.nan))
    high = np.where(everyone.known, everyone.high, np.where(told, by_group.high, np.nan))
    outside = known.school[:, OUTSIDE, -1, -1].sum(axis=1)
    low, high = np.maximum(low - outside.high, 0), np.maximum(high - outside.low, 0)
    grades = bounds.sum(axis=1)
    both_low, both_high = np.fmax(low, grades.low), np.fmin(high, grades.high)
    at_odds = ~spread & (both_low > both_high)
    keep = ~spread & ~at_odds
    out = Bounds(
        np.where(spread, low, np.where(keep, both_low, grades.low)),
        np.where(spread, high, np.where(keep, both_high, grades.high)),
    )
    more = float((low - grades.high)[at_odds].clip(min=0).sum())
    return out, tuple(known.table["school"][at_odds]), more


def _as_the_city(known: Known, pupils: Ints, low: Ints, high: Ints, told: np.ndarray) -> Ints:
    """The drawn grades moved, inside their bounds, as far as the city's own totals by grade ask."""
    city = known.wider[CITY, TAUGHT, -1, -1]
    if not told.all() or not city.known.any() or (low == high).all():
        return pupils
    rows = pupils.sum(axis=1)
    least, most = city.whole()
    columns = np.where(city.known, least, 0), np.where(city.known, most, _ANY_NUMBER)
    return nearest_whole(pupils.astype(np.float64), low, high, (rows, rows), columns)


def _over_grades(offers: np.ndarray, totals: Ints, shape: Floats | None) -> Ints:
    """Totals (S,) spread over the grades offered, evenly or so that all together follow `shape` (13,)."""
    start = offers / offers.sum(axis=1, keepdims=True) * totals[:, None]
    cells = start
    if shape is not None and shape.sum() > 0:
        some = offers.any(axis=0)
        wanted = np.where(some, shape, 0.0)
        margins = [((1,), wanted / wanted.sum() * totals.sum()), ((0,), totals.astype(np.float64))]
        cells = rake(start, margins)
    columns = cells.sum(axis=0)
    down, up = np.floor(columns + 1e-9).astype(np.int64), np.ceil(columns - 1e-9).astype(np.int64)
    high = np.where(offers, totals[:, None], 0)
    return nearest_whole(cells, np.zeros_like(high), high, (totals, totals), (down, up))
