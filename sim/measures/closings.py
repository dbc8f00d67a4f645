"""Schools that closed: what the yardstick said of them, what they truly were, and what they would have become."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MEDIAN = 50.0
TWIN_YEARS = 5
"""Years for which a closed school is followed under the baseline."""


def percentile_of(value: float, among: Floats) -> float:
    """Percent of the values that lie below one of them, ties (itself too) counted half."""
    return float(100.0 * ((among < value).sum() + 0.5 * (among == value).sum()) / len(among))


def truth_of_closed(value: float, among: Floats) -> dict[str, Any]:
    """Value added, percentile among the schools of its last June, and whether that is below the median."""
    percentile = percentile_of(value, among)
    return {"value_added": float(value), "percentile": percentile, "truly_below_median": int(percentile < MEDIAN)}


def twin_rows(closed: list[dict[str, Any]], baseline_school_years: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What every school that the plan closed went on to add under the baseline, where it was left alone.

    closed: rows of `closed_school` of the plan; baseline_school_years: rows of `school_year` of the baseline at the
    same seed. Relative to the mean pupil's school of the same years; NaN for a school the baseline does not have.
    """
    if not closed:
        return []
    added: dict[tuple[str, int], float] = {}
    pupils: dict[int, int] = {}
    total: dict[int, float] = {}
    for row in baseline_school_years:
        if row["pupils"]:
            value = 0.5 * (row["value_added_math"] + row["value_added_reading"])
            added[row["school"], row["year"]] = value
            pupils[row["year"]] = pupils.get(row["year"], 0) + row["pupils"]
            total[row["year"]] = total.get(row["year"], 0.0) + row["pupils"] * value
    return [_twin(row, added, {year: total[year] / pupils[year] for year in pupils}) for row in closed]


def _twin(row: Mapping[str, Any], added: dict[tuple[str, int], float], mean: dict[int, float]) -> dict[str, Any]:
    years = [year for year in range(row["year"], row["year"] + TWIN_YEARS) if (row["school"], year) in added]
    values = [added[row["school"], year] for year in years]
    relative = [value - mean[year] for year, value in zip(years, values, strict=True)]
    return {
        "year": row["year"],
        "school": row["school"],
        "twin_years": len(years),
        "twin_value_added": sum(values) / len(values) if values else float("nan"),
        "twin_relative": sum(relative) / len(relative) if values else float("nan"),
    }
