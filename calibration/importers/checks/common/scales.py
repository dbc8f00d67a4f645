"""How far all schools moved together on a test from one year to the next, against how far they usually do."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from calibration.importers.checks.common.frames import NORMAL, middle, spread
from scenarios.records.columns import MOST_LEVELS

K = 6.0
"""Robust SDs of the usual yearly moves of all schools together."""
PERHAPS = 1 / 3
"""Share of K from which a grade may have moved too, in a year in which another surely did."""
LARGE = 0.5
"""Pupils' SD; no city moves as far in a year (assumed), however few years there are to compare."""
LEAST = 0.03
"""Pupils' SD; yearly moves are never taken to be smaller than this."""
LEAST_PAIRS = 8
"""Schools with both years; the reference, one place of very many pupils, needs one."""
WITHIN = (0.05, 0.95)
"""Typical shares below a cut between which the cut tells where the pupils stand."""
PUPILS_BY_SCHOOLS = 2.0
"""SD of pupils over SD of school means, where no SD is given; assumed, as a fifth to a quarter lies between schools."""


def moves(rows: pd.DataFrame) -> pd.DataFrame:
    """The common move of every subject, grade and pair of years of one test, in its mean and in each cut of its levels.

    `rows`: all pupils of schools, or of one place. Columns: subject, grade, before, year, what, change (median over
    places, in the score's unit or in pupils' SD), places, moved (size in robust SDs of usual moves).
    """
    found = [_measure(rows, "mean", (rows["mean_low"] + rows["mean_high"]) / 2, _pupil_sd(rows))]
    low = rows[[f"level_{n}_low" for n in range(1, MOST_LEVELS + 1)]].to_numpy(dtype=np.float64)
    high = rows[[f"level_{n}_high" for n in range(1, MOST_LEVELS + 1)]].to_numpy(dtype=np.float64)
    used = np.isfinite(low).any(axis=0)
    levels = int(np.flatnonzero(used)[-1]) + 1 if used.any() else 0
    exact = (low == high)[:, :levels].all(axis=1)
    for cut in range(1, levels):
        below = pd.Series(np.where(exact, low[:, :cut].sum(axis=1), np.nan), rows.index)
        usable = below.where(below.groupby([rows["subject"], rows["grade"]]).transform("median").between(*WITHIN))
        deviate = pd.Series(ndtri(usable.clip(0.005, 0.995)), rows.index)
        found.append(_measure(rows, f"share in level {cut} or below, as a normal deviate,", deviate, 1.0))
    return pd.concat(found, ignore_index=True)


def _pupil_sd(rows: pd.DataFrame) -> float:
    given = middle(rows["sd"])
    means = (rows["mean_low"] + rows["mean_high"]) / 2
    schools = means.groupby([rows["subject"], rows["grade"], rows["year"]]).agg(spread)
    return given if np.isfinite(given) else PUPILS_BY_SCHOOLS * middle(schools)


def _measure(rows: pd.DataFrame, what: str, value: pd.Series[float], unit: float) -> pd.DataFrame:
    columns = ["subject", "grade", "before", "year", "what", "change", "places", "moved"]
    series = rows[["school", "subject", "grade", "year"]].assign(value=value).dropna()
    series = series.sort_values(["school", "subject", "grade", "year"])
    own = series.groupby(["school", "subject", "grade"])
    series = series.assign(before=own["year"].shift(), change=own["value"].diff()).dropna()
    together = series.groupby(["subject", "grade", "before", "year"])["change"]
    found = together.agg(change="median", noise=spread, places="size").reset_index()
    if rows["school"].nunique() > 1:
        found = found[found["places"] >= LEAST_PAIRS]
    if found.empty:
        return pd.DataFrame(columns=columns)
    error = 1.2533 * found["noise"] / np.sqrt(found["places"])
    least = LEAST * unit if np.isfinite(unit) and unit > 0 else 0.0
    usual = max(NORMAL * middle(found["change"].abs()), least)
    moved = found["change"].abs() / np.sqrt(usual**2 + error**2) if usual > 0 else 0.0 * found["change"]
    if least > 0:
        large = (found["change"].abs() >= LARGE * unit) & (found["change"].abs() > K * error)
        moved = moved.where(~large, moved.clip(lower=K))
    return found.assign(what=what, moved=moved)[columns]
