"""The one place where EMA Workbench's PRIM is called: numbers only, limits read back, works with 2.5 and 3.0.

Source: Friedman & Fisher 1999 (PRIM); Bryant & Lempert 2010 (scenario discovery, coverage and density).
"""

from __future__ import annotations

import inspect
import logging
import warnings
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.extras import EXPLORE, module_of

Limits = Mapping[str, tuple[float, float]]
SMALLEST = 0.05
"""Share of the points below which a box is not looked at."""


def peeled(x: pd.DataFrame, fails: NDArray[np.bool_]) -> list[Limits]:
    """The boxes of one peeling, from everything inwards: by column the lowest and highest value inside, of the columns
    that a box limits. `x` holds numbers alone. Raises ExtraMissing without EMA Workbench."""
    prim = module_of("ema_workbench.analysis.prim", EXPLORE)
    numbers = x.astype("float64").reset_index(drop=True)
    more = {"threshold": 0.5} if "threshold" in inspect.signature(prim.Prim.__init__).parameters else {}
    quiet = logging.getLogger("EMA")
    before, quiet.disabled = quiet.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            box = prim.Prim(numbers, fails.astype(float), mass_min=SMALLEST, **more).find_box()
    finally:
        quiet.disabled = before
    whole = {name: (float(numbers[name].min()), float(numbers[name].max())) for name in numbers}
    found: list[Limits] = []
    for limits in box.box_lims:
        ends = {name: _seen(numbers[name], *map(float, limits[name])) for name in numbers}
        found.append({name: pair for name, pair in ends.items() if pair != whole[name]})
    return found


def _seen(values: pd.Series[float], low: float, high: float) -> tuple[float, float]:
    """The least and the greatest value between two limits, which may lie half way to the next one outside."""
    there = values[(values >= low) & (values <= high)]
    return (float(there.min()), float(there.max())) if len(there) else (low, high)
