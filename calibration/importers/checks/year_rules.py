"""Years that mean two things: an October's roll and a spring's tests under the same number."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from calibration.importers.checks.common.finding import Finding
from calibration.importers.checks.common.frames import Tables, at_schools, middle
from sim.city import ANY

LAGS = (0, -1, 1)
"""Years added to the year of the tests to find the roll that fits them."""
LEAST = 30
"""School, grade and year sets that can be compared at every lag."""
BY_CHANCE = 1e-6
BETTER = 0.9
"""Typical distance at the best lag over that at lag 0 from which it is told."""
KIND = "years"


def check(tables: Tables) -> list[Finding]:
    """Whether tested pupils fit the roll of another year better than that of their own."""
    fits = lag_fits(tables)
    if fits.empty or len(fits) < LEAST:
        return []
    distances = {lag: middle(fits[lag]) for lag in LAGS}
    best = min(LAGS, key=lambda lag: distances[lag])
    if best == 0 or distances[best] > BETTER * distances[0]:
        return []
    nearer, further = int((fits[best] < fits[0]).sum()), int((fits[best] > fits[0]).sum())
    if binomtest(nearer, nearer + further).pvalue > BY_CHANCE or nearer < further:
        return []
    text = (
        f"tested pupils of a year fit the roll of the year {'before' if best < 0 else 'after'} better than that of "
        f"the same year (typical distance {distances[best]:.1%} against {distances[0]:.1%}, nearer in {nearer:,} of "
        f"{nearer + further:,} cells): one file counts years by the fall, the other by the spring"
    )
    numbers = {
        "lag": float(best),
        "distance": distances[best],
        "distance_at_0": distances[0],
        "cells": float(len(fits)),
    }
    return [Finding(KIND, "serious", "scores", "", text, numbers=numbers)]


def lag_fits(tables: Tables) -> pd.DataFrame:
    """For every school, grade and year: how far tested pupils are from the roll of the year at each lag of LAGS.

    A distance is |log(tested / roll)| less the school's own usual share tested; only cells with a roll at every lag.
    """
    rolls = _exact(at_schools(tables["enrollment"]), "pupils")
    tested = _exact(at_schools(tables["scores"]), "tested")
    tested = tested.groupby(["school", "grade", "year"], as_index=False)["value"].max()
    for lag in LAGS:
        moved = rolls.assign(year=rolls["year"] - lag).rename(columns={"value": f"roll {lag}"})
        tested = tested.merge(moved[["school", "grade", "year", f"roll {lag}"]], on=["school", "grade", "year"])
    if (tested["grade"] != ANY).any():
        tested = tested[tested["grade"] != ANY]
    fits = tested[["school", "grade", "year"]].copy()
    for lag in LAGS:
        ratio = np.log(tested["value"] / tested[f"roll {lag}"])
        usual = ratio.groupby([tested["school"], tested["grade"]]).transform("median")
        fits[lag] = (ratio - usual).abs()
    return fits[tested.groupby(["school", "grade"])["year"].transform("size") >= 3]


def _exact(frame: pd.DataFrame, value: str) -> pd.DataFrame:
    """Exact counts above zero of all pupils, by school, grade and year."""
    low, high = frame[f"{value}_low"], frame[f"{value}_high"]
    rows = frame[(frame["group"] == ANY) & (frame["flag"] == ANY) & (low == high) & (low > 0)]
    return rows.assign(value=rows[f"{value}_low"])
