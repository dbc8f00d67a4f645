"""Differences between plans, always plan minus baseline, with intervals over seeds."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

LOW, HIGH = 0.05, 0.95


def over_seeds(table: pd.DataFrame, by: list[str], value: str) -> pd.DataFrame:
    """Mean, 5th and 95th percentile over seeds, and the Monte Carlo error of the mean; NaN for a single seed."""
    grouped = table.groupby(by, sort=False)[value]
    out = pd.DataFrame(
        {
            "difference": grouped.mean(),
            "low": grouped.quantile(LOW),
            "high": grouped.quantile(HIGH),
            "mc_error": grouped.std() / grouped.count() ** 0.5,
        }
    )
    return out.reset_index()


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
        return over_seeds(rows, ["year", "plan"], "difference")

    def level(self, group: str, subject: str = "math", band: str = "3-8") -> pd.DataFrame:
        """A group's level at a fixed mix of children, plan minus baseline, by year and plan, SD."""
        table = self.tables["paired_level_year"]
        rows = table[(table["group"] == group) & (table["subject"] == subject) & (table["band"] == band)]
        return over_seeds(rows, ["year", "plan"], "difference")
