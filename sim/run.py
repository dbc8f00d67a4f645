"""Run one plan, run many with shared luck and shared draws of the parameters, compare."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd

from sim.comparison import Comparison
from sim.district import District
from sim.draws import DECLARED, Draw
from sim.plan import Plan
from sim.record import PAIR_TABLES, RUN_TABLES, frame
from sim.running.cells import Cell, Failed, Finished, Tables, Work, finish, tables_fingerprint
from sim.running.processes import in_processes, in_this_process

__all__ = ["Cell", "ClusterProblem", "Ensemble", "Failed", "Finished", "Run", "compare", "ensemble", "run", "run_cells"]


class ClusterProblem(Exception):
    """The cluster cannot be used; the message says why and what to do."""


@cache
def code_version() -> str:
    """Sixteen hex digits of the model's source: they change when a line of `sim` changes."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.yaml")]):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@dataclass
class Run:
    """One finished run."""

    plan: Plan
    seed: int
    tables: Tables
    fingerprint: str
    seconds: float


@dataclass
class Ensemble:
    """Runs of several plans at the same draws and seeds. `tables` are those of `sim.record` with plan, draw and seed in
    front; they are empty where every cell was handed over as it finished. `failed` are cells without runs."""

    plans: list[Plan]
    seeds: list[int]
    baseline: str
    tables: Tables
    fingerprints: dict[tuple[str, int, int], str] = field(default_factory=dict)
    """By plan, draw and seed."""
    seconds: float = 0.0
    draws: list[Draw] = field(default_factory=lambda: [DECLARED])
    failed: list[Failed] = field(default_factory=list)

    @property
    def cells(self) -> list[Cell]:
        """The draws and seeds that every plan was run at, in order."""
        without = {failed.cell for failed in self.failed}
        return [cell for cell in cells_of(self.draws, self.seeds) if cell not in without]

    def plan(self, name: str) -> Plan:
        """One of its plans. Raises KeyError."""
        for plan in self.plans:
            if plan.name == name:
                return plan
        raise KeyError(f"no plan {name!r}; there are {', '.join(plan.name for plan in self.plans)}")


def cells_of(draws: Iterable[Draw], seeds: Iterable[int]) -> list[Cell]:
    """Every draw at every seed, draw by draw."""
    numbers = list(seeds)
    return [Cell(draw.number, seed) for draw in draws for seed in numbers]


def run(plan: Plan, seed: int = 0) -> Run:
    """Run a plan with one seed to its last year."""
    started = time.perf_counter()
    tables = finish(District(plan, seed).run_to_end())
    return Run(plan, seed, tables, tables_fingerprint(tables), time.perf_counter() - started)


def run_cells(
    plans: Sequence[Plan],
    cells: Collection[Cell],
    draws: Iterable[Draw] = (DECLARED,),
    *,
    baseline: str,
    workers: int | None = None,
    cluster: str | None = None,
    hashed: bool = True,
) -> Generator[Finished | Failed, None, None]:
    """Run all plans at every cell and give each cell as it finishes, in no certain order and without keeping it.

    By default on local processes (all cores; with 1, in this process), else on the Dask scheduler at `cluster`, such as
    "tcp://10.0.0.1:8786". What is given does not depend on where it ran. A process that is killed is replaced and its
    cells are begun again; a cell whose process is killed every time, or whose run raises an error, comes as `Failed`.
    Without `hashed` no run has a fingerprint. Raises `ClusterProblem`.
    """
    work = Work(tuple(plans), baseline, {draw.number: draw for draw in draws}, hashed)
    if cluster is not None:
        yield from _on_cluster(work, cells, cluster)
        return
    workers = min(workers or os.cpu_count() or 1, max(1, len(cells)))
    yield from in_this_process(work, cells) if workers == 1 else in_processes(work, cells, workers)


def _on_cluster(work: Work, cells: Iterable[Cell], address: str) -> Iterator[Finished | Failed]:
    try:
        from sim.running.cluster import on_cluster
    except ModuleNotFoundError as missing:
        raise ClusterProblem(
            f"running on a cluster needs {missing.name}: pip install 'district-portfolio-sim[cluster]'"
        ) from missing
    try:
        yield from on_cluster(work, cells, address, code_version())
    except (OSError, ValueError) as problem:
        raise ClusterProblem(f"the cluster at {address} cannot be used: {problem or 'no answer'}") from problem


def ensemble(
    plans: Sequence[Plan],
    seeds: Iterable[int],
    *,
    draws: Iterable[Draw] = (DECLARED,),
    workers: int | None = None,
    cluster: str | None = None,
    baseline: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    sink: Callable[[Finished], None] | None = None,
    skip: Collection[tuple[int, int]] = (),
    keep_going: bool = False,
) -> Ensemble:
    """Run every plan at every draw and seed; plans share each cell's parameters and luck and are paired child by child
    with the baseline (the first plan, unless named).

    The result does not depend on `workers` or `cluster` (see `run_cells`) nor on the order in which cells finish.
    `progress(done, total)` counts runs. With `sink`, every finished cell is handed to it and let go, so that memory
    does not grow with the number of runs. `skip` are cells, as draw number and seed, that need not be run. An error of
    the model ends everything, or, with `keep_going`, is told in `failed` beside cells whose process was killed. Raises
    ValueError for plans of the same name, of different cities or different years, and for no plan, draw or seed.
    """
    plans, seeds, draws = list(plans), list(seeds), list(draws)
    _check(plans, seeds, draws)
    base = baseline or plans[0].name
    if base not in [plan.name for plan in plans]:
        raise ValueError(f"the baseline {base!r} is not among the plans")
    started = time.perf_counter()
    left_out = {Cell(*cell) for cell in skip}
    cells = [cell for cell in cells_of(draws, seeds) if cell not in left_out]
    found = Ensemble(plans, seeds, base, {}, draws=draws)
    kept: dict[Cell, Finished] = {}
    results = run_cells(plans, cells, draws, baseline=base, workers=workers, cluster=cluster)
    try:
        for done, result in enumerate(results, 1):
            if isinstance(result, Failed):
                if result.error is not None and not keep_going:
                    raise result.error
                found.failed.append(result)
            else:
                found.fingerprints |= {(name, *result.cell): value for name, value in result.fingerprints.items()}
                if sink is None:
                    kept[result.cell] = result
                else:
                    sink(result)
            if progress:
                progress(done * len(plans), len(cells) * len(plans))
    finally:
        results.close()
    found.failed.sort(key=lambda failed: cells.index(failed.cell))
    found.fingerprints = {
        (plan.name, *cell): found.fingerprints[plan.name, *cell]
        for plan in plans
        for cell in cells
        if (plan.name, *cell) in found.fingerprints
    }
    if sink is None:
        found.tables = _collect(plans, cells, kept)
    found.seconds = time.perf_counter() - started
    return found


def _check(plans: list[Plan], seeds: list[int], draws: list[Draw]) -> None:
    if not plans or not seeds or not draws:
        raise ValueError("an ensemble needs at least one plan, one draw and one seed")
    names, numbers = [plan.name for plan in plans], [draw.number for draw in draws]
    if any(len(set(several)) < len(several) for several in (names, seeds, numbers)):
        raise ValueError("plans, draws and seeds are each named once")
    if len({(plan.city.fingerprint, plan.years.first, plan.years.last) for plan in plans}) > 1:
        raise ValueError("plans can be paired only in the same city and over the same years")


def _collect(plans: list[Plan], cells: list[Cell], done: dict[Cell, Finished]) -> Tables:
    """All tables of all cells, plan by plan and cell by cell, whatever the order in which they finished."""
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in (*RUN_TABLES, *PAIR_TABLES)}
    for plan in plans:
        for cell in cells:
            if cell not in done:
                continue
            for name, table in done[cell].tables[plan.name].items():
                parts[name].append(with_cell(table, plan.name, cell))
            for name, table in done[cell].paired.get(plan.name, {}).items():
                parts[name].append(table)
    tables = {}
    for name, frames in parts.items():
        filled = [part for part in frames if len(part)] or frames[:1]
        tables[name] = pd.concat(filled, ignore_index=True) if filled else frame(name, [], PAIR_TABLES)
    return tables


def with_cell(table: pd.DataFrame, plan: str, cell: tuple[int, int]) -> pd.DataFrame:
    """A run's table with plan, draw and seed in front."""
    head = table.copy()
    head.insert(0, "seed", cell[1])
    head.insert(0, "draw", cell[0])
    head.insert(0, "plan", pd.Series([plan] * len(table), dtype="str"))
    return head


def compare(runs: Ensemble, to: str | None = None) -> Comparison:
    """Plans minus the baseline of an ensemble, with intervals over draws and seeds.

    Raises ValueError when `to` is not the plan with which the ensemble was paired.
    """
    if to is not None and to != runs.baseline:
        raise ValueError(f"these runs are paired with {runs.baseline!r}; run them with baseline={to!r}")
    return Comparison(runs.tables, runs.baseline)
