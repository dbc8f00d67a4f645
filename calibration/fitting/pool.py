"""The pool of a fit: prior draws that the city allows, each run at its seeds, with the moments of every run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.fitting.fit_files import Fit
from calibration.fitting.pool_store import PoolStore, Row
from calibration.points.refused import NotPossible
from calibration.sensitivity.inputs import possible
from sim.draws import MOST_RULED_OUT, Draw, prior_draw
from sim.plan import Plan
from sim.run import cells_of, code_version, run_cells
from sim.running.cells import Cell, Failed

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
MOST_WITHOUT = 0.05
"""Share of runs that may lack a moment; they are left out of the pool."""
_AT_ONCE = 100


@dataclass(frozen=True)
class Where:
    """The database of fits, and where runs are made."""

    store: PoolStore
    workers: int | None = None
    cluster: str | None = None
    progress: Progress | None = None


@dataclass(frozen=True)
class Pool:
    """Runs as rows: draw and seed (n,), values of the fitted parameters (n, k), moments of the targets (n, m).

    Each row is one run, as the city that is fitted lived once: several seeds of a draw are several rows.
    """

    draw: NDArray[np.int64]
    seed: NDArray[np.int64]
    values: Floats
    statistics: Floats

    def only(self, keep: NDArray[np.bool_]) -> Pool:
        """Some of the rows."""
        return Pool(self.draw[keep], self.seed[keep], self.values[keep], self.statistics[keep])

    def __len__(self) -> int:
        return len(self.draw)


@dataclass(frozen=True)
class Filled:
    """A pool with what was needed for it: runs made now, runs found in the database, median seconds a run, cells that
    failed, and runs left out for want of a moment."""

    pool: Pool
    made: int
    taken_up: int
    seconds: float
    failed: tuple[Failed, ...]
    without: int


def draws_for(fit: Fit, count: int) -> list[Draw]:
    """The first `count` prior draws that the city allows, with the numbers they have among all draws.

    They hold the fitted parameters, and all others too where the fit asks for it. Raises NotPossible where the city
    rules out nearly every draw.
    """
    names = None if fit.others == "priors" else fit.names
    found: list[Draw] = []
    for first in range(1, MOST_RULED_OUT * (count + 10), _AT_ONCE):
        draws = [prior_draw(number, names) for number in range(first, first + _AT_ONCE)]
        allowed = possible(fit.plan, [_changes(draw, fit.plan) for draw in draws])
        found += [draw for draw, fine in zip(draws, allowed, strict=True) if fine]
        if len(found) >= count:
            return found[:count]
    raise NotPossible(f"only {len(found)} draws are possible in {fit.plan.city.title}; nothing was run")


def _changes(draw: Draw, plan: Plan) -> dict[str, float]:
    return {name: value for name, value in draw.changes.items() if name not in plan.parameters.changes}


def fill(fit: Fit, draws: Sequence[Draw], where: Where) -> Filled:
    """Run what the database does not hold of these draws at the fit's seeds, and give all of it as a pool.

    Finished runs are known by plan, city, parameters, luck and code, so that any fit may take them up. Raises
    NotPossible where a target is the same in all runs or missing in many, StoreProblem, ClusterProblem.
    """
    cells, by_number = cells_of(draws, range(fit.seeds)), {draw.number: draw for draw in draws}
    key_of = _keys(fit.plan)
    keys = {cell: key_of(by_number[cell.draw], cell.seed) for cell in cells}
    stored, wanted = where.store.rows(), set(fit.targets.names)
    found = {
        cell: stored[key] for cell, key in keys.items() if key in stored and wanted <= stored[key].statistics.keys()
    }
    taken_up, failed = len(found), []
    missing = [cell for cell in cells if cell not in found]
    for cell, row in _run(fit, missing, draws, where):
        if isinstance(row, Failed):
            failed.append(row)
        else:
            if keys[cell] in stored:
                row = Row(
                    row.draw, row.seed, row.parameters, {**stored[keys[cell]].statistics, **row.statistics}, row.seconds
                )
            where.store.keep(keys[cell], row)
            found[cell] = row
    rows = [(cell, found[cell], by_number[cell.draw]) for cell in cells if cell in found]
    if not rows:
        raise NotPossible(f"no run was finished: {failed[0].reason if failed else 'nothing was asked for'}")
    pool = Pool(
        np.array([cell.draw for cell, _, _ in rows]),
        np.array([cell.seed for cell, _, _ in rows]),
        np.array([[draw.changes[name] for name in fit.names] for _, _, draw in rows]),
        np.array([[row.statistics[name] for name in fit.targets.names] for _, row, _ in rows]),
    )
    whole = np.asarray(np.isfinite(pool.statistics).all(axis=1))
    _check(fit, pool)
    seconds = float(np.median([row.seconds for _, row, _ in rows]))
    return Filled(pool.only(whole), len(missing) - len(failed), taken_up, seconds, tuple(failed), int((~whole).sum()))


def _run(fit: Fit, missing: Sequence[Cell], draws: Sequence[Draw], where: Where) -> Iterator[tuple[Cell, Row | Failed]]:
    if not missing:
        return
    plan, by_number = fit.plan, {draw.number: draw for draw in draws}
    results = run_cells(
        [plan], missing, draws, baseline=plan.name, workers=where.workers, cluster=where.cluster, hashed=False
    )
    try:
        for number, done in enumerate(results, 1):
            if isinstance(done, Failed):
                yield done.cell, done
            else:
                statistics = fit.targets.of(done.tables[plan.name], plan.city)
                changes = by_number[done.cell.draw].changes
                yield done.cell, Row(*done.cell, changes, statistics, done.seconds[plan.name])
            if where.progress:
                where.progress(number, len(missing))
    finally:
        results.close()


def _check(fit: Fit, pool: Pool) -> None:
    """Refuse targets that the runs say nothing about, all of them at once."""
    wrong = []
    for name, column in zip(fit.targets.names, pool.statistics.T, strict=True):
        there = column[np.isfinite(column)]
        if len(there) < (1 - MOST_WITHOUT) * len(column):
            wrong.append(f"{name} (not there in {len(column) - len(there)} of {len(column)} runs)")
        elif len(there) > 1 and np.ptp(there) == 0:
            wrong.append(f"{name} (the same in every run: {there[0]:g})")
    if wrong:
        raise NotPossible(f"targets that tell nothing: {'; '.join(wrong)}. The runs are kept; take these targets out")


def _keys(plan: Plan) -> Callable[[Draw, int], str]:
    settings, version = plan.fingerprint, code_version()

    def key(draw: Draw, seed: int) -> str:
        changes: Mapping[str, float] = draw.changes
        whole = [version, settings, sorted(changes.items()), draw.luck(seed)]
        return hashlib.sha256(json.dumps(whole).encode()).hexdigest()[:20]

    return key
