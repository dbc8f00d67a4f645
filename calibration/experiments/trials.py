"""Experiments over seeds, in this process or in several."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context

from calibration.experiments.estimators.estimate import Estimate
from calibration.experiments.experiment import Experiment
from calibration.experiments.found import experiments
from results.extrapolation import Told, marked, of_plan
from scenarios.district_files import load_city
from sim.city import City
from sim.studied.watching import plans_opened

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Trial:
    """An experiment as it came out: the estimates by number, seed by seed in order; `beyond`: what of its plans and
    cities lies outside what has been studied."""

    experiment: Experiment
    seeds: tuple[int, ...]
    estimates: Mapping[str, tuple[Estimate, ...]]
    beyond: tuple[Told, ...] = ()

    @property
    def marks(self) -> list[str]:
        """The sentence that says so; none where all is within."""
        return marked({self.experiment.name: self.beyond} if self.beyond else {})


def trials(
    asked: Sequence[Experiment], seeds: Sequence[int], workers: int = 1, progress: Progress | None = None
) -> list[Trial]:
    """Every experiment at every seed, in the order asked for, whatever the order in which they finish.

    With one worker in this process; else on new processes, in which an experiment is known by its name.
    `progress(done, total)` counts experiments and seeds. An error of one ends all.
    """
    cells = [(one.name, seed) for one in asked for seed in seeds]
    by_name = {one.name: one for one in asked}
    found: dict[tuple[str, int], Watched] = {}
    results = _here(by_name, cells) if workers == 1 else _apart(cells, workers)
    for done, (cell, watched) in enumerate(results, 1):
        found[cell] = watched
        if progress:
            progress(done, len(cells))
    return [
        Trial(
            one,
            tuple(seeds),
            {name: tuple(found[one.name, seed][0][name] for seed in seeds) for name in (*one.numbers, *one.also)},
            tuple(dict.fromkeys(thing for seed in seeds for thing in found[one.name, seed][1])),
        )
        for one in asked
    ]


def once(experiment: Experiment, seed: int, city: City | None = None) -> dict[str, Estimate]:
    """The estimates of one seed, in the experiment's own city or another. Raises ValueError where the experiment gives
    other numbers than it declares."""
    estimates = dict(experiment.measure(city or load_city(experiment.city), seed))
    # districts refer to themselves, and a few hold gigabytes before Python looks for such on its own account
    gc.collect()
    declared = {*experiment.numbers, *experiment.also}
    if set(estimates) != declared:
        raise ValueError(f"{experiment.name} declares {sorted(declared)} and gives {sorted(estimates)}")
    return estimates


Cell = tuple[str, int]
Watched = tuple[dict[str, Estimate], tuple[Told, ...]]
"""Estimates of one seed, and what of the plans that were run for them lies outside what has been studied."""


def _watched(experiment: Experiment, seed: int) -> Watched:
    with plans_opened() as plans:
        estimates = once(experiment, seed)
    return estimates, tuple(dict.fromkeys(thing for plan in plans for thing in of_plan(plan)))


def _here(by_name: Mapping[str, Experiment], cells: Sequence[Cell]) -> Iterator[tuple[Cell, Watched]]:
    for name, seed in cells:
        yield (name, seed), _watched(by_name[name], seed)


def _apart(cells: Sequence[Cell], workers: int) -> Iterator[tuple[Cell, Watched]]:
    with ProcessPoolExecutor(min(workers, len(cells)), mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(_by_name, cell): cell for cell in cells}
        try:
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _by_name(cell: Cell) -> Watched:
    return _watched(experiments()[cell[0]], cell[1])
