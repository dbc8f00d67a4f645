"""Differences between plans, always plan minus baseline, with intervals over seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

LOW, HIGH = 0.05, 0.95
"""The band over seeds that is shown everywhere."""


def over_seeds(frame: pd.DataFrame, value: str, by: Sequence[str]) -> pd.DataFrame:
    """Summarise `value` over the seeds of every cell of `by`, cells in order of appearance.

    Columns: `by`, then `seeds` (values that are not empty), `mean`, `low` and `high` (5 and 95 percent of the seeds),
    `error` (Monte Carlo error of the mean: SD over seeds / sqrt(seeds); empty for a single seed).
    """
    kept = frame[[*by, value]].dropna(subset=[value])
    groups = kept.astype({value: "float64"}).groupby(list(by), sort=False, observed=True)[value]
    summary = pd.DataFrame(
        {
            "seeds": groups.size(),
            "mean": groups.mean(),
            "low": groups.quantile(LOW),
            "high": groups.quantile(HIGH),
            "error": groups.std(ddof=1) / np.sqrt(groups.size()),
        }
    )
    return summary.reset_index()


def _differences(rows: pd.DataFrame) -> pd.DataFrame:
    """Columns year, plan, seeds, difference, low, high, error."""
    return over_seeds(rows, "difference", ["year", "plan"]).rename(columns={"mean": "difference"})


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
