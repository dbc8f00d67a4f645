"""Moments over schools: how their means and growth are spread, how they last, and how charters stand beside others."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.fitting.asked import Asked, Rows, Tables, rows_of
from sim.city import City

Floats = NDArray[np.float64]
FEWEST_SCHOOLS = 3
"""Schools with a mean below which no spread or correlation over schools is taken."""


@dataclass(frozen=True)
class _Schools:
    """Schools that have a value in a June: id, whether a charter, tested pupils and the value, (s,) each."""

    school: NDArray[np.object_]
    charter: NDArray[np.bool_]
    tested: Floats
    value: Floats

    def __getitem__(self, places: Rows) -> _Schools:
        return _Schools(self.school[places], self.charter[places], self.tested[places], self.value[places])


def _schools(tables: Tables, year: int, column: str) -> _Schools:
    found, places = rows_of(tables, "school_year", year)
    value, tested = (found[name].to_numpy(float)[places] for name in (column, "tested"))
    fine = np.flatnonzero((tested > 0) & ~np.isnan(value))
    school, sector = (found[name].to_numpy(object)[places] for name in ("school", "sector"))
    return _Schools(school, sector == "charter", tested, value)[fine]


def _spread(values: Floats, weights: Floats) -> float:
    if len(values) < FEWEST_SCHOOLS:
        return math.nan
    mean = np.average(values, weights=weights)
    return float(np.average((values - mean) ** 2, weights=weights) ** 0.5)


def school_mean_sd(tables: Tables, asked: Asked, city: City) -> float:
    """Spread of school means, weighted by tested pupils."""
    now = _schools(tables, asked.year, f"mean_{asked.subject}")
    return _spread(now.value, now.tested)


def school_growth_sd(tables: Tables, asked: Asked, city: City) -> float:
    """Spread of schools' growth, weighted by tested pupils."""
    now = _schools(tables, asked.year, "growth")
    return _spread(now.value, now.tested)


def _two_years(tables: Tables, year: int, column: str) -> tuple[_Schools, _Schools]:
    """The schools that have a value in both Junes, in one order: this June and the one before."""
    now, before = (_schools(tables, y, column) for y in (year, year - 1))
    _, mine, theirs = np.intersect1d(now.school.astype(str), before.school.astype(str), return_indices=True)
    return now[mine], before[theirs]


def _correlation(now: _Schools, before: _Schools) -> float:
    sds = [_spread(values, now.tested) for values in (now.value, before.value)]
    if not all(sd > 0 for sd in sds):
        return math.nan
    away = [values - np.average(values, weights=now.tested) for values in (now.value, before.value)]
    return float(np.average(away[0] * away[1], weights=now.tested)) / (sds[0] * sds[1])


def school_mean_correlation(tables: Tables, asked: Asked, city: City) -> float:
    """Correlation of school means with those of the June before, weighted by tested pupils."""
    return _correlation(*_two_years(tables, asked.year, f"mean_{asked.subject}"))


def school_growth_correlation(tables: Tables, asked: Asked, city: City) -> float:
    """Correlation of schools' growth with that of the June before, weighted by tested pupils."""
    return _correlation(*_two_years(tables, asked.year, "growth"))


def school_mean_change_sd(tables: Tables, asked: Asked, city: City) -> float:
    """Spread over schools of the change of the school mean since the June before, weighted by tested pupils."""
    now, before = _two_years(tables, asked.year, f"mean_{asked.subject}")
    return _spread(now.value - before.value, now.tested)


def _charters_less_district(now: _Schools) -> float:
    if now.charter.all() or not now.charter.any():
        return math.nan
    means = [np.average(now.value[mine], weights=now.tested[mine]) for mine in (now.charter, ~now.charter)]
    return float(means[0] - means[1])


def charter_level(tables: Tables, asked: Asked, city: City) -> float:
    """Mean score in charters less that in all other schools, weighted by tested pupils."""
    return _charters_less_district(_schools(tables, asked.year, f"mean_{asked.subject}"))


def charter_growth(tables: Tables, asked: Asked, city: City) -> float:
    """Growth in charters less that in all other schools, weighted by tested pupils."""
    return _charters_less_district(_schools(tables, asked.year, "growth"))
