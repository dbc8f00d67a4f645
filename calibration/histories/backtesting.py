"""Run a history again: the district as it was, what was done imposed, and the forecast held against what came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from calibration.histories.forecasting import Fitted, Known, aligned, fitted, forecasts
from calibration.histories.history import History, Prepared
from calibration.histories.measuring import measured
from calibration.histories.scoring import scored, totals
from results.extrapolation import Told, came_to, marked, of_plan, of_runs
from sim.agents.students import release
from sim.district import District
from sim.draws import Draw, possible_draws
from sim.run import cells_of

PRIOR = "drawn from the priors on their cards"
DECLARED_VALUES = "at their declared values"
GIVEN = "the draws that were given"


@dataclass(frozen=True, eq=False)
class Backtest:
    """A finished back-test. `runs`: run, SERIES, year, value, as simulated; `fitted`: what the known years tell of each
    run; `scores` and `totals` as in scoring; `parameters`: where those of the runs come from, in words; `beyond`: where
    city, years and what was done lie outside what has been studied."""

    history: History
    prepared: Prepared
    runs: pd.DataFrame
    known: Known
    fitted: list[Fitted]
    scores: pd.DataFrame
    totals: pd.DataFrame
    parameters: str
    beyond: tuple[Told, ...] = ()

    @property
    def marks(self) -> list[str]:
        """The sentence that says where the history goes beyond what has been studied; none where it does not."""
        return marked({self.history.name: self.beyond} if self.beyond else {})

    @property
    def number(self) -> int:
        """Runs made."""
        return int(self.runs["run"].nunique())


def backtest(
    history: History,
    prepared: Prepared,
    *,
    draws: Sequence[Draw] | None = None,
    number: int = 12,
    seeds: Iterable[int] = (0,),
    progress: Callable[[int, int], None] | None = None,
) -> Backtest:
    """Run a history at every draw of the parameters and seed, and score its forecasts.

    draws: of the parameters, such as those of a fit; if absent, `number` of them from the priors on the cards that the
    opening city allows (0: the declared values). Nothing after the last known year is looked at by any forecast, but
    for what was done: the schools opened and closed. Raises ValueError where no series can be compared.
    """
    plan = prepared.plan(history.name, history.last)
    chosen = possible_draws(number, [plan]) if draws is None else list(draws)
    by_number = {draw.number: draw for draw in chosen}
    cells = cells_of(chosen, seeds)
    tables, ran = [], []
    for run, cell in enumerate(cells):
        draw = by_number[cell.draw]
        district = District(draw.applied(plan), draw.luck(cell.seed)).run_to_end()
        tables.append(_measured(history, prepared, district).assign(run=run))
        ran.append(came_to(plan, district.record.tables()))
        release(district)
        if progress:
            progress(run + 1, len(cells))
    words = GIVEN if draws is not None else PRIOR if number else DECLARED_VALUES
    fits = {draw.fitted_in for draw in chosen if draw.fitted_in}
    beyond = (*of_plan(plan, fits), *of_runs(ran))
    return judged(history, prepared, pd.concat(tables, ignore_index=True), words, beyond)


def _measured(history: History, prepared: Prepared, district: District) -> pd.DataFrame:
    if prepared.measure is not None:
        return prepared.measure(district)
    return measured(district, history.scored_grades, history.counted_grades, prepared.city.reference_group)


def judged(
    history: History, prepared: Prepared, runs: pd.DataFrame, parameters: str, beyond: tuple[Told, ...] = ()
) -> Backtest:
    """Forecasts of runs that are there already, and their scores."""
    known = aligned(history, prepared.observed, runs)
    told = fitted(history, known)
    scores = scored(prepared.observed, forecasts(history, known, told))
    return Backtest(history, prepared, runs, known, told, scores, totals(scores), parameters, beyond)
