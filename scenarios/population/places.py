"""Where schools are: miles on a plane from degrees, else within their area, else in an assumed round city."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenarios.population.figures import PUPILS_A_SQUARE_MILE
from scenarios.population.fitting import Floats
from scenarios.problems import Problem, ProblemsFound

MILES_A_DEGREE = 69.09
"""Of latitude, on a sphere of radius 3,958.8 miles; of longitude at the equator."""
FAR, TIMES_USUAL = 25.0, 8.0
"""A school farther from the middle than both this many miles and this many times the distance within which half
of the schools lie is not believed."""
_GOLDEN = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True, eq=False)
class Places:
    """x, y (S,) miles east and north; `how` of each school: degrees, miles, area or assumed; radius of the city."""

    x: Floats
    y: Floats
    how: tuple[str, ...]
    radius: float


def make_places(table: pd.DataFrame, pupils: Floats, file: str) -> Places:
    """Places of the schools of schools.csv with `pupils` (S,).

    Miles given are kept; degrees become miles from the middle school. A school without either lies in its area, around
    the area's other schools; an area without a place has a circle in an assumed round city. Raises ProblemsFound for
    every school that lies far from all others.
    """
    latitude, longitude, x, y = (
        table[name].to_numpy(dtype=np.float64).copy() for name in ("latitude", "longitude", "x_miles", "y_miles")
    )
    in_miles, in_degrees = ~np.isnan(x) & ~np.isnan(y), ~np.isnan(latitude) & ~np.isnan(longitude)
    in_degrees &= ~in_miles
    if in_degrees.any():
        centre = float(np.median(latitude[in_degrees])), float(np.median(longitude[in_degrees]))
        both = ~np.isnan(latitude) & in_miles
        # schools with both tell where the miles begin
        east = (longitude - centre[1]) * math.cos(math.radians(centre[0])) * MILES_A_DEGREE
        north = (latitude - centre[0]) * MILES_A_DEGREE
        off_east = float(np.mean(x[both] - east[both])) if both.any() else 0.0
        off_north = float(np.mean(y[both] - north[both])) if both.any() else 0.0
        x[in_degrees], y[in_degrees] = east[in_degrees] + off_east, north[in_degrees] + off_north
    placed = in_miles | in_degrees
    _refuse_outliers(table, x, y, placed, in_degrees, file)
    how = np.where(in_miles, "miles", np.where(in_degrees, "degrees", "assumed")).astype(object)
    area = table["area"].to_numpy(dtype=object)
    radius = max(math.sqrt(float(pupils.sum()) / PUPILS_A_SQUARE_MILE / math.pi), 0.5)
    middle = (0.0, 0.0)
    if placed.any():
        middle = float(np.median(x[placed])), float(np.median(y[placed]))
        if placed.sum() > 2:
            radius = max(float(np.quantile(np.hypot(x[placed] - middle[0], y[placed] - middle[1]), 0.9)), 0.5)
    circles = _circles(area, x, y, placed, pupils, middle, radius)
    for at in np.nonzero(~placed)[0]:
        east, north, wide = circles.get(str(area[at]), (*middle, radius))
        away, turn = _scatter(str(table["school"].iloc[at]))
        x[at], y[at] = east + wide * away * math.cos(turn), north + wide * away * math.sin(turn)
        if area[at]:
            how[at] = "area"
    return Places(np.round(x, 3), np.round(y, 3), tuple(how), radius)


def _refuse_outliers(
    table: pd.DataFrame, x: Floats, y: Floats, placed: np.ndarray, in_degrees: np.ndarray, file: str
) -> None:
    if placed.sum() < 4:
        return
    away = np.hypot(x - np.median(x[placed]), y - np.median(y[placed]))
    limit = max(FAR, TIMES_USUAL * float(np.median(away[placed])))
    problems = []
    for at in np.nonzero(placed & (np.nan_to_num(away) > limit))[0]:
        row = table.iloc[at]
        columns = ("latitude", "longitude") if in_degrees[at] else ("x_miles", "y_miles")
        problems.append(
            Problem(
                file,
                0,
                columns[0],
                f"school {row['school']} ({row['name']}) lies {away[at]:,.0f} miles from the middle of the others",
                f"{row[columns[0]]:g}, {row[columns[1]]:g}",
                f"within {limit:.0f} miles, or empty: then its area places it",
            )
        )
    if problems:
        raise ProblemsFound(problems)


def _circles(
    area: np.ndarray,
    x: Floats,
    y: Floats,
    placed: np.ndarray,
    pupils: Floats,
    middle: tuple[float, float],
    radius: float,
) -> dict[str, tuple[float, float, float]]:
    """Area -> middle and radius: around its schools where some are placed, else side by side in the round city."""
    names = sorted({str(name) for name in area if name})
    by_area = {name: float(pupils[area == name].sum()) for name in names}
    everyone = max(sum(by_area.values()), 1.0)
    circles = {}
    for number, name in enumerate(names):
        own = placed & (area == name)
        wide = radius * math.sqrt(max(by_area[name], 1.0) / everyone)
        if own.any():
            circles[name] = (float(x[own].mean()), float(y[own].mean()), wide)
        else:
            away, turn = radius * math.sqrt((number + 0.5) / len(names)), number * _GOLDEN
            circles[name] = (middle[0] + away * math.cos(turn), middle[1] + away * math.sin(turn), wide)
    return circles


def _scatter(school: str) -> tuple[float, float]:
    """Where in a circle a school's id puts it: distance as a share of the radius, and angle; even over the circle."""
    digest = hashlib.blake2b(school.encode(), digest_size=16).digest()
    out, turn = (int.from_bytes(part, "big") / 2**64 for part in (digest[:8], digest[8:]))
    return math.sqrt(out), 2 * math.pi * turn
