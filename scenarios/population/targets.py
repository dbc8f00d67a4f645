"""City means by grade and group: given, drawn inside their intervals, or assumed from what is known of others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenarios.population.draws import luck_of
from scenarios.population.figures import SCORE_WIDTH, USUAL, kind_of
from scenarios.population.fitting import Floats, Ints
from sim.city import ANY, GRADES

STEADY = 40.0
"""Pupils at which a group's mean in a grade counts as much as its mean over all grades."""
HALF = 0.5
_FROM = ("given", "other test", "assumed")


@dataclass(frozen=True, eq=False)
class Targets:
    """One subject. mean (13, G); low, high (13, G) of what a row gives, NaN elsewhere; tested (13, G) pupils behind a
    given mean; source (G,): 0 the city's main test, 1 another test moved to its level, 2 assumed."""

    mean: Floats
    low: Floats
    high: Floats
    tested: Floats
    source: Ints


def make_targets(
    rows: pd.DataFrame, main: str, subject: str, groups: tuple[str, ...], pupils: Ints, overall: float, draw: int
) -> Targets:
    """Mean scores of every grade and group in one subject, SD.

    rows: standard means of the whole city in one year and the subject; main: the test that schools are measured by;
    pupils (13, G); overall: mean of all tested pupils on its scale, NaN if not known. Grades without a row take the
    nearest with one. A group without any takes its usual distance from the others, drawn SCORE_WIDTH to either side.
    """
    luck = luck_of(draw, f"score, {subject}", groups)
    mine, others = rows[rows["test"] == main], rows[rows["test"] != main]
    low, high, tested = _table(mine, groups)
    mean = _steadied(low + luck * (high - low), tested)
    source = np.where(np.isnan(mean).all(axis=0), 2, 0)
    weight = pupils.sum(axis=0).astype(np.float64)
    if len(others):
        other_low, other_high, _ = _table(others, groups)
        other = other_low + luck * (other_high - other_low)
        told = (source == 2) & ~np.isnan(other).all(axis=0)
        if told.any():
            usual = _over_grades(other)
            here = _over_grades(mean)
            usable = np.where(np.isnan(usual), np.nan, weight)
            mean[:, told] = _nearest(other[:, told]) + _shift(here, usual, usable, overall)
            low[:, told], high[:, told] = np.nan, np.nan
            source = np.where(told, 1, source)
    mean = _nearest(mean)
    absent = source == 2
    if absent.any():
        national = np.array([getattr(USUAL[kind_of(group)], subject) for group in groups])
        shift = _shift(_over_grades(mean), national, weight, overall)
        mean[:, absent] = (national + shift + SCORE_WIDTH * (2 * luck - 1))[absent]
    return Targets(mean, low, high, np.nan_to_num(tested), source.astype(np.int64))


def _table(rows: pd.DataFrame, groups: tuple[str, ...]) -> tuple[Floats, Floats, Floats]:
    """Lowest, highest and tested by grade and group, (13, G); a row of all grades stands for each that has none."""
    low, high, tested = (np.full((len(GRADES), len(groups)), np.nan) for _ in range(3))
    for k, group in enumerate(groups):
        mine = rows[rows["group"] == group]
        for row in mine[mine["grade"] != ANY].itertuples(index=False):
            if str(row.grade).isdecimal():
                at = int(str(row.grade))
                low[at, k], high[at, k], tested[at, k] = row.low, row.high, row.tested
        together = mine[mine["grade"] == ANY]
        if np.isnan(low[:, k]).all() and len(together):
            low[:, k], high[:, k] = together["low"].iloc[0], together["high"].iloc[0]
    return low, high, tested


def _steadied(mean: Floats, tested: Floats) -> Floats:
    """A mean of few pupils leans on its group's other grades, each seen from the mean of all groups in the grade."""
    weight = np.where(np.isnan(mean) | np.isnan(tested), 0.0, tested)
    if not weight.any():
        return mean
    filled = np.nan_to_num(mean)
    everyone = (weight * filled).sum(axis=1, keepdims=True) / np.maximum(weight.sum(axis=1, keepdims=True), 1e-9)
    away = filled - everyone
    usual = (weight * away).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-9)
    trust = weight / (weight + STEADY)
    leaned = everyone + trust * away + (1 - trust) * usual
    return np.where(np.isnan(mean), np.nan, np.where(weight > 0, leaned, mean))


def _over_grades(mean: Floats) -> Floats:
    """Mean over the grades that have one, (G,); NaN for none."""
    known = ~np.isnan(mean)
    count = known.sum(axis=0)
    return np.where(count > 0, np.nansum(mean, axis=0) / np.maximum(count, 1), np.nan)


def _shift(here: Floats, there: Floats, weight: Floats, overall: float) -> float:
    """What brings figures of another scale (G,) to this one: by the groups known on both, if they are half of the
    pupils that have a figure, else so that all groups together have the overall mean."""
    usable = ~np.isnan(there) & ~np.isnan(weight)
    both = ~np.isnan(here) & usable
    everyone = float(weight[usable].sum())
    if both.any() and (weight[both].sum() >= HALF * everyone or np.isnan(overall)):
        return float(np.average((here - there)[both], weights=np.maximum(weight[both], 1e-9)))
    if np.isnan(overall) or everyone <= 0:
        return 0.0
    return overall - float((there * weight)[usable].sum() / everyone)


def _nearest(mean: Floats) -> Floats:
    """Grades without a mean take that of the nearest grade with one, the lower of two as near."""
    out = mean.copy()
    for k in range(mean.shape[1]):
        known = np.nonzero(~np.isnan(mean[:, k]))[0]
        for grade in GRADES if len(known) else ():
            out[grade, k] = mean[known[np.abs(known - grade).argmin()], k]
    return out
