"""Regret and satisficing: what it costs not to have chosen another plan, once it is known which world it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.stocktaking.measures import HEADLINE_BAND

BAD = 0.9
"""The share of worlds in which regret is no larger than the one that is told."""


def regret(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each plan falls short of the best of them in the same world: `values` (worlds, plans), more is better."""
    found: NDArray[np.float64] = values.max(axis=1, keepdims=True) - values
    return found


def satisfied(*wanted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Share of the worlds in which all that is wanted, each (worlds, plans), holds; (plans,)."""
    found: NDArray[np.float64] = np.logical_and.reduce(wanted).mean(axis=0)
    return found


def regret_table(values: pd.DataFrame) -> pd.DataFrame:
    """For every column (a plan) over rows (worlds), of what is better the more there is.

    Columns: plan, mean, worst (least mean of a tenth of the worlds: the 10 percent point), regret_mean, regret_bad
    (exceeded in one world of ten), regret_most, best_in (share of worlds in which no other plan does better). Worlds in
    which a plan has no value are left out.
    """
    fine = values.dropna()
    numbers = fine.to_numpy(float)
    lost = regret(numbers)
    return pd.DataFrame(
        {
            "plan": [str(name) for name in fine.columns],
            "mean": numbers.mean(axis=0),
            "worst": np.quantile(numbers, 1 - BAD, axis=0),
            "regret_mean": lost.mean(axis=0),
            "regret_bad": np.quantile(lost, BAD, axis=0),
            "regret_most": lost.max(axis=0),
            "best_in": (lost <= 0).mean(axis=0),
        }
    )


def gap_closed(
    paired_gap_year: pd.DataFrame, focal: str, reference: str, year: int, subject: str, baseline: str
) -> pd.DataFrame:
    """How much of the gap each plan of an ensemble closes: a row for every draw of the parameters (mean over its
    seeds), or for every seed where the parameters were not drawn; a column for every plan, the baseline, which closes
    nothing, among them; SD."""
    rows = paired_gap_year
    rows = rows[(rows["band"] == HEADLINE_BAND) & (rows["year"] == year) & (rows["subject"] == subject)]
    rows = rows[(rows["focal"] == focal) & (rows["reference"] == reference) & (rows["baseline"] == baseline)]
    world = "draw" if rows["draw"].nunique() > 1 else "seed"
    found = -rows.pivot_table(index=world, columns="plan", values="difference", aggfunc="mean", sort=False)
    return found.assign(**{baseline: 0.0})
