"""Forecasts against what came: error, whether the interval covers, and who is beaten."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from calibration.histories.history import KINDS, SERIES

LOW, HIGH = 0.05, 0.95
"""Ends of an interval that should cover nine times in ten."""
MODEL, FROM_KNOWN, CARDS = "model", "model from last known", "cards alone"
CLOSE = 0.05
"""An error that is smaller by less than this share of another is no better: so few forecasts cannot tell."""
LAST, TREND = "last value", "linear trend"
METHODS = (MODEL, FROM_KNOWN, CARDS, LAST, TREND)
NAIVE = (LAST, TREND)
OF_MODEL = (MODEL, FROM_KNOWN, CARDS)
FORECAST = (*SERIES, "year", "method", "value", "low", "high")
"""Columns of forecasts; low and high are NaN for a method without an interval."""


def scored(observed: pd.DataFrame, forecasts: pd.DataFrame) -> pd.DataFrame:
    """Every forecast beside what came: its columns and `truth`, `se`, `error` (forecast less truth) and `covers`, which
    is 1, 0, or NaN where there is no interval.

    An interval covers if the truth lies on or between its ends. Forecasts of what was not observed are left out.
    """
    truth = observed.rename(columns={"value": "truth"})[[*SERIES, "year", "truth", "se"]]
    both = forecasts.merge(truth.dropna(subset=["truth"]), on=[*SERIES, "year"], validate="many_to_one")
    inside = (both["low"] <= both["truth"]) & (both["truth"] <= both["high"])
    covers = inside.astype(float).where(both["low"].notna() & both["high"].notna())
    return both.assign(error=both["value"] - both["truth"], covers=covers)


def totals(scores: pd.DataFrame, by: Sequence[str] = ("what",)) -> pd.DataFrame:
    """Mean absolute error, mean error and coverage of every method: a row for each of `by` and method.

    Columns: those of `by`, method, forecasts (their number), mean_absolute_error, mean_error, coverage (NaN without
    intervals), in the order of KINDS and METHODS.
    """
    of = scores.assign(absolute=scores["error"].abs()).groupby([*by, "method"], sort=False)
    table = of.agg(
        forecasts=("error", "size"),
        mean_absolute_error=("absolute", "mean"),
        mean_error=("error", "mean"),
        coverage=("covers", "mean"),
    ).reset_index()
    order = {"what": KINDS, "method": METHODS}
    keys = [*by, "method"]
    ranked = table[keys].apply(lambda one: one.map({v: k for k, v in enumerate(order.get(str(one.name), ()))}))
    return table.loc[ranked.fillna(0).sort_values(keys, kind="stable").index].reset_index(drop=True)


def not_beaten(table: pd.DataFrame, method: str) -> dict[str, tuple[str, ...]]:
    """Kind of series -> the naive forecasts whose mean absolute error a method's is not below by CLOSE or more, from
    totals by kind; kinds where it beats both are left out."""
    found = {}
    for what, rows in table.groupby("what", sort=False):
        error = rows.set_index("method")["mean_absolute_error"]
        if method not in error:
            continue
        better = tuple(name for name in NAIVE if name in error and not error[method] < (1 - CLOSE) * error[name])
        if better:
            found[str(what)] = better
    return found


def interval(values: ArrayLike) -> tuple[float, float, float]:
    """Median, and the ends of the interval that holds nine of ten; NaN in all three if a value is missing."""
    middle, low, high = np.quantile(np.asarray(values, dtype=np.float64), [0.5, LOW, HIGH])
    return float(middle), float(low), float(high)
