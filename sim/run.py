"""Run one plan, run many with shared luck, compare."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.agents.students import release
from sim.comparison import Comparison
from sim.district import District
from sim.measures.paired import opening_weights
from sim.pairing import pair
from sim.plan import Plan
from sim.record import PAIR_TABLES, RUN_TABLES, frame

Tables = dict[str, pd.DataFrame]


@cache
def code_version() -> str:
    """Sixteen hex digits of the model's source: they change when a line of `sim` changes."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.yaml")]):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def tables_fingerprint(tables: Tables) -> str:
    """Sixteen hex digits of a run's tables, bit for bit."""
    digest = hashlib.sha256()
    for name in sorted(tables):
        digest.update(name.encode())
        for column, values in tables[name].items():
            digest.update(f"\0{column}\0{len(values)}\0".encode())
            if values.dtype == "float64":
                # adding zero makes one zero of the two; there is one NaN
                bits = values.to_numpy() + 0.0
                digest.update(np.where(np.isnan(bits), np.nan, bits).tobytes())
            elif values.dtype == "int64":
                digest.update(values.to_numpy().tobytes())
            else:
                digest.update("\0".join(map(str, values.tolist())).encode())
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
    """Runs of several plans at the same seeds. `tables` are those of `sim.record` with plan and seed in front."""

    plans: list[Plan]
    seeds: list[int]
    baseline: str
    tables: Tables
    fingerprints: dict[tuple[str, int], str] = field(default_factory=dict)
    seconds: float = 0.0

    def plan(self, name: str) -> Plan:
        """One of its plans. Raises KeyError."""
        for plan in self.plans:
            if plan.name == name:
                return plan
        raise KeyError(f"no plan {name!r}; there are {', '.join(plan.name for plan in self.plans)}")


def run(plan: Plan, seed: int = 0) -> Run:
    """Run a plan with one seed to its last year."""
    started = time.perf_counter()
    district = District(plan, seed).run_to_end()
    tables = _finish(district)
    return Run(plan, seed, tables, tables_fingerprint(tables), time.perf_counter() - started)


def _finish(district: District) -> Tables:
    for school in district.schools:
        district.record.add(
            "school",
            school=school.key,
            name=school.name,
            operator=school.operator,
            sector=school.sector,
            zone=str(district.city.zones["zone"].iloc[school.zone]),
            x_miles=school.x_miles,
            y_miles=school.y_miles,
            first_grade=school.grades_at_full_size.start,
            last_grade=school.grades_at_full_size.stop - 1,
            opened=school.opened,
            closed=school.closed,
        )
    tables = district.record.tables()
    release(district)
    return tables


def _run_seed(plans: Sequence[Plan], baseline: str, seed: int) -> tuple[dict[str, Run], dict[str, Tables]]:
    """All plans at one seed, and every plan paired with the baseline."""
    runs, paired = {}, {}
    order = sorted(plans, key=lambda plan: plan.name != baseline)
    for plan in order:
        started = time.perf_counter()
        district = District(plan, seed).run_to_end()
        tables = _finish(district)
        runs[plan.name] = Run(plan, seed, tables, tables_fingerprint(tables), time.perf_counter() - started)
        if plan.name == baseline:
            opening, base = plan.years.opening, district.record
            weights = opening_weights(district.students, base.panel[opening], opening, len(plan.city.groups))
            continue
        paired[plan.name] = pair(district, baseline, base, weights)
    return runs, paired


def ensemble(
    plans: Sequence[Plan],
    seeds: Iterable[int],
    *,
    workers: int | None = None,
    baseline: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Ensemble:
    """Run every plan at every seed on local processes; plans share each seed's luck and are paired child by child
    with the baseline (the first plan, unless named).

    The result does not depend on `workers` (all cores by default; 1 stays in this process) nor on the order in which
    seeds finish. `progress(done, total)` counts runs. Raises ValueError for plans of the same name, of different
    cities or different years, and for no plan or seed.
    """
    plans, seeds = list(plans), list(seeds)
    _check(plans, seeds)
    base = baseline or plans[0].name
    if base not in [plan.name for plan in plans]:
        raise ValueError(f"the baseline {base!r} is not among the plans")
    started = time.perf_counter()
    total = len(plans) * len(seeds)
    done: dict[int, tuple[dict[str, Run], dict[str, Tables]]] = {}

    def finished(seed: int, result: tuple[dict[str, Run], dict[str, Tables]]) -> None:
        done[seed] = result
        if progress:
            progress(len(done) * len(plans), total)

    workers = min(workers or os.cpu_count() or 1, len(seeds))
    if workers == 1:
        for seed in seeds:
            finished(seed, _run_seed(plans, base, seed))
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            waiting: dict[Future[Any], int] = {pool.submit(_run_seed, plans, base, seed): seed for seed in seeds}
            try:
                while waiting:
                    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                        finished(waiting.pop(future), future.result())
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    return _collect(plans, seeds, base, done, time.perf_counter() - started)


def _check(plans: list[Plan], seeds: list[int]) -> None:
    if not plans or not seeds:
        raise ValueError("an ensemble needs at least one plan and one seed")
    names = [plan.name for plan in plans]
    if len(set(names)) < len(names) or len(set(seeds)) < len(seeds):
        raise ValueError("plans and seeds are each named once")
    if len({(plan.city.fingerprint, plan.years.first, plan.years.last) for plan in plans}) > 1:
        raise ValueError("plans can be paired only in the same city and over the same years")


def _collect(
    plans: list[Plan],
    seeds: list[int],
    baseline: str,
    done: dict[int, tuple[dict[str, Run], dict[str, Tables]]],
    seconds: float,
) -> Ensemble:
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in (*RUN_TABLES, *PAIR_TABLES)}
    fingerprints = {}
    for plan in plans:
        for seed in seeds:
            runs, paired = done[seed]
            finished = runs[plan.name]
            fingerprints[plan.name, seed] = finished.fingerprint
            for name, table in finished.tables.items():
                head = table.copy()
                head.insert(0, "seed", seed)
                head.insert(0, "plan", pd.Series([plan.name] * len(table), dtype="str"))
                parts[name].append(head)
            for name, table in paired.get(plan.name, {}).items():
                parts[name].append(table)
    tables = {}
    for name, frames in parts.items():
        filled = [part for part in frames if len(part)] or frames[:1]
        tables[name] = pd.concat(filled, ignore_index=True) if filled else frame(name, [], PAIR_TABLES)
    return Ensemble(plans, seeds, baseline, tables, fingerprints, seconds)


def compare(runs: Ensemble, to: str | None = None) -> Comparison:
    """Plans minus the baseline of an ensemble, with intervals over seeds.

    Raises ValueError when `to` is not the plan with which the ensemble was paired.
    """
    if to is not None and to != runs.baseline:
        raise ValueError(f"these runs are paired with {runs.baseline!r}; run them with baseline={to!r}")
    return Comparison(runs.tables, runs.baseline)
