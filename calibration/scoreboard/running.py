"""Runs what a scoreboard needs: patterns, experiments, back-tests and a recovery."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from calibration.experiments import named
from calibration.experiments.table import table_of
from calibration.experiments.trials import trials
from calibration.histories import histories
from calibration.histories.backtesting import backtest
from calibration.histories.history import check_files, prepared
from calibration.patterns import board, patterns
from results.extrapolation import of_plan, once_each
from sim.studied.watching import plans_opened


def run_patterns(seeds: int) -> pd.DataFrame:
    """The board of all patterns over so many seeds."""
    tables = []
    for pattern in patterns().values():
        with plans_opened() as plans:
            table = board(pattern, range(seeds))
        told = "; ".join(once_each(thing for plan in plans for thing in of_plan(plan)))
        tables.append(table.assign(beyond_studied=told))
    return pd.concat(tables, ignore_index=True)


def run_experiments(seeds: int, workers: int) -> pd.DataFrame:
    """The table of all experiments over so many seeds."""
    return table_of(trials(named([]), range(seeds), workers))


def run_backtests(root: Path, draws: int) -> pd.DataFrame:
    """The totals of all histories. Raises FilesMissing where the real files are not there."""
    chosen = list(histories().values())
    check_files(chosen, root)
    found = [backtest(one, prepared(one, root), number=draws, seeds=range(1)) for one in chosen]
    return pd.concat(
        [one.totals.assign(history=one.history.name, beyond_studied="; ".join(once_each(one.beyond))) for one in found],
        ignore_index=True,
    )
