"""A few numbers of the scoreboard at a few seeds, frozen: what the model shows of published figures may move by luck
when something is drawn in another order, and by no more."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from calibration.experiments import named
from calibration.experiments.table import table_of
from calibration.experiments.trials import trials

FROZEN = Path(__file__).parent / "scoreboard.csv"
EXPERIMENTS = ("longer day", "tutoring by size")
SEEDS = range(3)
ERRORS = 3.0
"""Standard errors of both means together by which a number may move."""
LEAST = 0.001
"""SD by which every number may move: some hang on no luck at all."""


def found() -> pd.DataFrame:
    """experiment, number, mean over seeds, its standard error."""
    table = table_of(trials(named(EXPERIMENTS), SEEDS))
    error = table["spread"] / len(SEEDS) ** 0.5
    return table[["experiment", "number"]].assign(mean=table["simulated"], error=error)


def moved(now: pd.DataFrame, frozen: pd.DataFrame) -> list[str]:
    """Numbers that moved by more than luck, and those that are new or gone."""
    both = now.merge(frozen, on=["experiment", "number"], how="outer", suffixes=("", "_frozen"))
    told = []
    for row in both.to_dict("records"):
        name = f"{row['experiment']}, {row['number']}"
        if pd.isna(row["mean"]) != pd.isna(row["mean_frozen"]):
            told.append(f"{name}: {'gone' if pd.isna(row['mean']) else 'new'}")
            continue
        noise = ERRORS * (row["error"] ** 2 + row["error_frozen"] ** 2) ** 0.5
        if abs(row["mean"] - row["mean_frozen"]) > max(noise, LEAST):
            told.append(f"{name}: {row['mean']:.4f} in place of {row['mean_frozen']:.4f}")
    return told
