"""Differences between plans, always plan minus baseline, with intervals over draws of the parameters and seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

LOW, HIGH = 0.05, 0.95
"""The band over runs that is shown everywhere."""


def over_runs(frame: pd.DataFrame, value: str, by: Sequence[str]) -> pd.DataFrame:
    """Summarise `value` over the runs of every cell of `by`, cells in order of appearance.

    Columns: `by`, then `runs` (values that are not empty), `mean`, `low` and `high` (5 and 95 percent of the runs),
    `error` (Monte Carlo error of the mean: SD over seeds / sqrt(seeds), or, where the frame's column `draw` tells of
    several draws of the parameters, SD of the draws' means / sqrt(draws), since runs of a draw share more than luck;
    empty for a single seed or draw).
    """
    draws = "draw" in frame and frame["draw"].nunique() > 1
    kept = frame[[*by, *(["draw"] if draws else []), value]].dropna(subset=[value]).astype({value: "float64"})
    groups = kept.groupby(list(by), sort=False, observed=True)[value]
    apart = groups
    if draws:
        means = kept.groupby([*by, "draw"], sort=False, observed=True)[value].mean().reset_index()
        apart = means.groupby(list(by), sort=False, observed=True)[value]
    summary = pd.DataFrame(
        {
            "runs": groups.size(),
            "mean": groups.mean(),
            "low": groups.quantile(LOW),
            "high": groups.quantile(HIGH),
            "error": apart.std(ddof=1) / np.sqrt(apart.size()),
        }
    )
    return summary.reset_index()


def _differences(rows: pd.DataFrame) -> pd.DataFrame:
    """Columns year, plan, runs, difference, low, high, error."""
    return over_runs(rows, "difference", ["year", "plan"]).rename(columns={"mean": "difference"})


@dataclass(frozen=True)
class Comparison:
    """Plans against one baseline: tables of paired differences."""

    tables: dict[str, pd.DataFrame]
    baseline: str

    def gap(self, focal: str, reference: str, subject: str = "math", band: str = "3-8") -> pd.DataFrame:
        """Fixed-composition gap, plan minus baseline, by year and plan; negative where the plan closes the gap, SD."""
        table = self.tables["paired_gap_year"]
        rows = table[
            (table["focal"] == focal)
            & (table["reference"] == reference)
            & (table["subject"] == subject)
            & (table["band"] == band)
        ]
        return _differences(rows)

    def level(self, group: str, subject: str = "math", band: str = "3-8") -> pd.DataFrame:
        """A group's level at a fixed mix of children, plan minus baseline, by year and plan, SD."""
        table = self.tables["paired_level_year"]
        rows = table[(table["group"] == group) & (table["subject"] == subject) & (table["band"] == band)]
        return _differences(rows)
