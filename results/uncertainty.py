"""How sure a difference is: chances over runs, and how much of their spread is parameters and how much luck."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from results.words import SMALL
from sim.comparison import over_runs

CLEARLY = 0.05
"""SD by which a gap closes that is worth asking for."""


class Split(NamedTuple):
    """Variances between runs, SD squared: between draws of the parameters beyond luck, and between lucks of a draw."""

    parameters: float
    luck: float

    @property
    def share(self) -> float:
        """What parameters make of the whole; NaN where nothing varies."""
        whole = self.parameters + self.luck
        return self.parameters / whole if whole > 0 else float("nan")


class Chance(NamedTuple):
    """A share of the runs and its Monte Carlo error."""

    share: float
    error: float


def split_variance(rows: pd.DataFrame, value: str) -> Split | None:
    """Split the variance of `value` over runs (columns `draw` and `seed`) into parameters and luck.

    Random-effects analysis of variance in one way, as every draw has lucks of its own: luck is the mean square within
    draws, parameters the mean square between draws less that, over the number of seeds a draw (corrected where some are
    missing), and never below 0: a negative estimate says that luck alone spreads the draws' means as far. None for
    fewer than two draws, or where no draw has two seeds, since luck can then not be told from parameters.
    Source: Searle, Casella & McCulloch 1992, Variance Components, ch. 3.
    """
    groups = rows.dropna(subset=[value]).groupby("draw")[value]
    sizes, means = groups.size().to_numpy(float), groups.mean().to_numpy(float)
    draws, runs = len(sizes), sizes.sum()
    if draws < 2 or runs <= draws:
        return None
    within = float((groups.var(ddof=1).fillna(0.0).to_numpy() * (sizes - 1)).sum() / (runs - draws))
    middle = (means * sizes).sum() / runs
    between = float((sizes * (means - middle) ** 2).sum() / (draws - 1))
    each = (runs - (sizes**2).sum() / runs) / (draws - 1)
    return Split(max(0.0, (between - within) / each), within)


def closes_clearly(rows: pd.DataFrame) -> Chance:
    """The chance that a gap (column `difference`, plan less baseline) closes by more than `CLEARLY`."""
    return _chance(rows, rows["difference"] < -CLEARLY)


def falls(rows: pd.DataFrame) -> Chance:
    """The chance that a level (column `difference`) falls."""
    return _chance(rows, rows["difference"] < -SMALL)


def _chance(rows: pd.DataFrame, happens: pd.Series[bool]) -> Chance:
    told = rows[["draw", "seed"]].assign(all="", happens=happens.astype("float64"))[rows["difference"].notna()]
    found = over_runs(told, "happens", ["all"])
    if found.empty:
        return Chance(float("nan"), float("nan"))
    return Chance(float(found["mean"].iloc[0]), float(found["error"].iloc[0]))


def movement(full: pd.DataFrame, doubted: pd.DataFrame) -> pd.DataFrame:
    """Rows with the `difference` of the second less that of the first, at the same draw and seed."""
    keys = ["draw", "seed"]
    both = full[[*keys, "difference"]].merge(doubted[[*keys, "difference"]], on=keys, suffixes=("", "_doubted"))
    return both.assign(moved=np.asarray(both["difference_doubted"] - both["difference"]), all="")
