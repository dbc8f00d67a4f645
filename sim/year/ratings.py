"""One yardstick for every school: status, growth and the gap inside it, in points of 100."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from sim.opening.codes import Floats, Ints
from sim.parameters import Parameters
from sim.year.growth import adjusted_residuals, residuals_on_last
from sim.year.yardstick import YardstickRule

LEAST_SHARE = 0.1
"""Least share of the spread between schools that is taken to be theirs, whatever the error."""


@dataclass(frozen=True)
class Spring:
    """What one spring's tests say of each school: tested pupils, mean score by subject, status and growth."""

    tested: Ints
    mean: Floats
    status: Floats
    growth: Floats


@dataclass(frozen=True)
class PupilsTested:
    """The tested pupils of one June: school, grade and group (n,), flags (n, 3), score and last score (n, 2).

    `focal` and `reference` are numbers of groups; `schools` is how many there are.
    """

    place: Ints
    grade: Ints
    group: Ints
    flags: Floats
    score: Floats
    last_score: Floats
    focal: int
    reference: int
    schools: int


@dataclass(frozen=True)
class Parts:
    """The parts of a rating before they are put on a scale, (S,), SD; NaN where a school has none."""

    status: Floats
    growth: Floats
    gap: Floats


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
    residual = residuals_on_last(grade[both], score[both], last_score[both])
    for k in range(2):
        total = np.bincount(place[tested], score[tested, k], minlength=schools)
        mean[:, k] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
        residual_sum += 0.5 * np.bincount(place[both], residual[:, k], minlength=schools)
    growth = np.where(with_last >= minimum, residual_sum / np.maximum(with_last, 1), np.nan)
    return Spring(count, mean, np.where(enough, mean.mean(axis=1), np.nan), growth)


def gaps_of(tests: PupilsTested, minimum: float) -> Floats:
    """Mean score of each school's pupils of the focal group less the mean of the city's reference group, both subjects,
    SD, (S,); NaN below `minimum` tested pupils of the focal group or without any of the reference."""
    value, count = _mean_of(tests.place, _both_subjects(tests.score), tests.group == tests.focal, tests.schools)
    nowhere = np.zeros_like(tests.place)
    ahead, there = _mean_of(nowhere, _both_subjects(tests.score), tests.group == tests.reference, 1)
    if not there[0]:
        return np.full(tests.schools, np.nan)
    return np.where(count >= max(minimum, 1.0), value - ahead[0], np.nan)


@dataclass(frozen=True)
class Yardstick:
    """The scale of the rating, fixed in the opening year, so that a city that improves is seen to improve.

    `adjusted_sd` is fixed in the first spring in which adjusted growth is asked for; NaN until then.
    """

    status_mean: float
    status_sd: float
    growth_sd: float
    gap_mean: float = 0.0
    gap_sd: float = 1.0
    adjusted_sd: float = float("nan")

    def index(self, rule: YardstickRule, parts: Parts) -> Floats:
        """Weighted parts in SDs of the opening year's schools, (S,). A part that is missing leaves its weight to the
        others; status alone where they have none; NaN without status."""
        z = (parts.status - self.status_mean) / self.status_sd
        gap = (parts.gap - self.gap_mean) / self.gap_sd
        w = rule.status_weight
        grow = np.where(np.isnan(parts.growth), 0.0, rule.growth_weight)
        close = np.where(np.isnan(gap), 0.0, rule.gap_weight)
        growth_sd = self.adjusted_sd if rule.adjusted else self.growth_sd
        total = w * z + grow * np.nan_to_num(parts.growth) / growth_sd + close * np.nan_to_num(gap)
        size = np.sqrt(w * w + grow**2 + close**2)
        return np.where((grow == 0) & (close == 0), z, total / np.where(size > 0, size, 1.0))

    @staticmethod
    def points(index: float) -> float:
        """Points of 100: the share of the opening year's schools that lie below, were they normal."""
        return float(100.0 * ndtr(index))


def make_yardstick(status: Floats, gap: Floats, ratings: pd.DataFrame, parameters: Parameters) -> Yardstick:
    """The yardstick from the opening June's `status` and `gap` (S,) and, for the spread of growth, the file's rating
    history."""
    status_mean, status_sd = _scale_of(status)
    growth = ratings["growth"].dropna() if len(ratings) else pd.Series(dtype=float)
    growth_sd = float(growth.std()) if len(growth) > 2 else parameters["yardstick.growth_sd"]
    return Yardstick(status_mean, status_sd, max(growth_sd, 1e-6), *_scale_of(gap))


def plain_parts(spring: Spring) -> Parts:
    """Mean scores and their growth on last scores, and nothing else."""
    return Parts(spring.status, spring.growth, np.full(len(spring.status), np.nan))


def parts_of(
    rule: YardstickRule,
    scale: Yardstick,
    spring: Spring,
    tests: PupilsTested,
    charter_share: float,
    parameters: Parameters,
) -> Parts:
    """What the rule reads of a spring. `charter_share` of the opening schools, whose growth truly differs by more."""
    fewest = parameters["yardstick.minimum_tested"]
    gap = gaps_of(tests, parameters["yardstick.gap_minimum_tested"])
    last = ~np.isnan(tests.last_score[:, 0])
    place, score, before = tests.place[last], tests.score[last], tests.last_score[last]
    if rule.adjusted:
        error = parameters["learning.error_sd"]
        flags = tests.flags[last]
        residual = adjusted_residuals(place, tests.grade[last], flags, score, before, tests.schools, error)
    else:
        residual = residuals_on_last(tests.grade[last], score, before)
    everybody = np.ones(len(place), dtype=bool)
    growth, grown = spring.growth, np.bincount(place, minlength=tests.schools)
    if rule.adjusted:
        mean, _ = _mean_of(place, _both_subjects(residual), everybody, tests.schools)
        growth = np.where(grown >= max(fewest, 1.0), mean, np.nan)
    if not rule.shrunken:
        return Parts(spring.status, growth, gap)
    one, mine = np.ones(len(tests.place), dtype=bool), tests.group == tests.focal
    score = _both_subjects(tests.score)
    return Parts(
        _pulled_scores(spring.status, spring.tested, _within(tests.place, score, one, tests.schools), scale.status_sd),
        pulled(
            growth,
            growth_reliability(
                grown, _within(place, _both_subjects(residual), everybody, tests.schools), charter_share, parameters
            ),
        ),
        _pulled_scores(
            gap,
            np.bincount(tests.place[mine], minlength=tests.schools),
            _within(tests.place, score, mine, tests.schools),
            scale.gap_sd,
        ),
    )


def growth_reliability(tested: Ints, within: float, charter_share: float, parameters: Parameters) -> Floats:
    """Share of the spread of one year's growth that is the schools' lasting own, n / (n + k) with k of n pupils' luck
    and of good and bad years, (S,).

    `within` is the variance of pupils' growth inside schools, which holds the error of tests; what schools truly
    differ by is what the model declares, mean of the subjects. About .6, .7 and .8 at 60, 150 and 300 tested pupils.
    """

    def lasting(sector: str) -> float:
        math, reading = parameters.by_subject(f"quality.spread.{sector}")
        together = 2 * parameters["quality.subject_correlation"] * math * reading
        return float(math * math + reading * reading + together) / 4

    true = (1 - charter_share) * lasting("district") + charter_share * lasting("charter")
    year = parameters["learning.school_year_sd"] ** 2 / 2
    n = np.asarray(tested, dtype=float)
    return n * true / np.maximum(n * (true + year) + within, 1e-12)


def pulled(values: Floats, reliability: Floats) -> Floats:
    """Values (S,) pulled to the mean of those there are, the less reliable the more; NaN stays."""
    known = ~np.isnan(values)
    if not known.any():
        return values
    middle = sum(values[known].tolist()) / int(known.sum())
    return np.asarray(middle + reliability * (values - middle))


def rating_of(indices: list[tuple[int, float]], year: int, years: float) -> float:
    """Points from the mean index of the last `years` springs that ended in `year`; NaN without one in `year`."""
    if not indices or indices[-1][0] != year:
        return float("nan")
    kept = [value for spring, value in indices if spring > year - round(years)]
    return Yardstick.points(sum(kept) / len(kept))


def spread_of(values: Floats, otherwise: float) -> float:
    """Spread of the values there are, or `otherwise` where there are no three."""
    known = values[~np.isnan(values)]
    return max(float(known.std(ddof=1)), 1e-6) if len(known) > 2 else otherwise


def _scale_of(values: Floats) -> tuple[float, float]:
    """Mean and spread of the values there are; 0 and 1 where there are none."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else 0.0, max(float(known.std()) if len(known) > 1 else 1.0, 1e-6)


def _pulled_scores(values: Floats, tested: Ints, within: float, spread: float) -> Floats:
    """Mean scores pulled to their mean: schools differ by `spread`, SD, less what chance in who is tested adds."""
    error = within / np.maximum(tested, 1)
    known = ~np.isnan(values)
    chance = sum(error[known].tolist()) / max(int(known.sum()), 1)
    true = max(spread * spread - chance, LEAST_SHARE * spread * spread)
    return pulled(values, true / (true + error))


def _both_subjects(values: Floats) -> Floats:
    """Mean of the subjects, (n,)."""
    return np.asarray((values[:, 0] + values[:, 1]) / 2)


def _mean_of(place: Ints, values: Floats, whose: np.ndarray, schools: int) -> tuple[Floats, Ints]:
    """Mean of some pupils' values in each school, and how many they are, (S,); 0 where there are none."""
    count = np.bincount(place[whose], minlength=schools)
    return np.bincount(place[whose], values[whose], minlength=schools) / np.maximum(count, 1), count


def _within(place: Ints, values: Floats, whose: np.ndarray, schools: int) -> float:
    """Variance of some pupils' values inside schools, pooled over the schools."""
    mean, count = _mean_of(place, values, whose, schools)
    off = (values - mean[place])[whose]
    freedom = int(np.maximum(count - 1, 0).sum())
    return float(np.bincount(np.zeros(len(off), dtype=np.int64), off * off, minlength=1)[0]) / max(freedom, 1)
