"""Where schools lie: coordinates of zero, swapped or with a lost sign, far from the city, or many at one point."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.importers.checks.common.finding import Finding, Severity, source
from calibration.importers.checks.common.frames import Tables, middle, spread

MILES_A_DEGREE = 69.17
K = 6.0
"""Robust SDs of the schools' distances from their middle beyond which a school lies too far."""
LEAST_MILES = 5.0
LEAST_SCHOOLS = 8
ONE_POINT = 5
SHOWN = 6
KIND = "places"


def check(tables: Tables) -> list[Finding]:
    """Schools whose coordinates cannot be right, with what would make them fit, and defaults shared by many."""
    schools = tables["schools"]
    given = schools[np.isfinite(schools["latitude"]) & np.isfinite(schools["longitude"])]
    zero = (given["latitude"].abs() < 0.01) | (given["longitude"].abs() < 0.01)
    found = []
    if zero.any():
        found.append(_told(given[zero], "serious", "a coordinate of 0", "zero"))
    given = given[~zero]
    if len(given) >= LEAST_SCHOOLS:
        found += _far(given)
    for (latitude, longitude), rows in given.groupby(["latitude", "longitude"]):
        if len(rows) >= ONE_POINT:
            text = f"at one point ({latitude:g}, {longitude:g}): a default, not where they lie"
            found.append(_told(rows, "doubtful", text, "at one point"))
    return found


def _far(given: pd.DataFrame) -> list[Finding]:
    centre = middle(given["latitude"]), middle(given["longitude"])
    latitude, longitude = given["latitude"].to_numpy(np.float64), given["longitude"].to_numpy(np.float64)
    distance = _miles(latitude, longitude, centre)
    limit = max(middle(distance) + K * spread(distance), LEAST_MILES)
    away = distance > limit
    ways = {
        "latitude and longitude swapped": _miles(longitude, latitude, centre),
        "longitude without its sign": _miles(latitude, -longitude, centre),
        "latitude without its sign": _miles(-latitude, longitude, centre),
    }
    found = []
    for words, mended in ways.items():
        fits = away & (mended <= limit)
        if fits.any():
            found.append(_told(given[fits], "serious", words, "mended"))
            away &= ~fits
    if away.any():
        farthest = float(distance[away].max())
        text = f"more than {limit:.0f} miles from the middle of all schools, the farthest {farthest:,.0f}"
        found.append(_told(given[away], "doubtful", text, "far"))
    return found


def _miles(
    latitude: NDArray[np.float64], longitude: NDArray[np.float64], centre: tuple[float, float]
) -> NDArray[np.float64]:
    east = (longitude - centre[1]) * np.cos(np.radians(centre[0]))
    miles: NDArray[np.float64] = MILES_A_DEGREE * np.hypot(latitude - centre[0], east)
    return miles


def _told(rows: pd.DataFrame, severity: Severity, what: str, number: str) -> Finding:
    ids = sorted(set(rows["school"]))
    shown = ", ".join(ids[:SHOWN]) + (" ..." if len(ids) > SHOWN else "")
    text = f"{len(ids):,} school{'s' if len(ids) > 1 else ''}: {what} ({shown})"
    file, lines = source(rows)
    place = ids[0] if len(ids) == 1 else ""
    return Finding(KIND, severity, "schools", place, text, file, lines, {number: float(len(ids))})
