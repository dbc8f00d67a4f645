"""A second method beside a fit: ABC-SMC by pyABC on the same priors, targets and errors, never used as parameters."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import ProcessError
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import wasserstein_distance
from sqlalchemy.exc import SQLAlchemyError

from calibration.extras import ABC, module_of
from calibration.fitting.city_prior import CityModel, CityPrior
from calibration.fitting.fit_files import Fit
from calibration.fitting.posterior import Weighted
from calibration.points.refused import NotPossible
from results.connection import StoreProblem, database_url, file_of
from results.revisions import first_line
from sim.run import code_version

FEWEST_RUNS, MOST_RUNS = 200, 200_000
RUNS_A_DRAW, FEWEST_DRAWS = 24, 30
"""Runs for each draw of a population, which leaves five or six populations, and the fewest draws of one."""
HARDER = 2.5
"""How many times the runs of the last population must be left for another: each is harder than the one before, and one
that is not finished is lost."""
FEW = 50
"""Draws without weights below which a population hardly tells an interval."""
FAR = 0.5
"""Distance of two posteriors, in SD of the prior, from which on a parameter is named."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class CrossCheck:
    """The last population of an ABC-SMC, in the order of the fit's parameters, with what was needed for it."""

    posterior: Weighted
    version: str
    runs: int
    populations: int
    threshold: float
    """Distance to the city within which its draws lie."""
    file: Path

    @property
    def effective(self) -> float:
        """Draws without weights that tell as much."""
        return float(1 / (self.posterior.weights**2).sum())

    def beside(self, fit: Fit, found: Weighted, prior_sd: Any) -> pd.DataFrame:
        """Both posteriors, one line a parameter.

        Columns: name, unit; mean, q05, q95 of the fit; abc_mean, abc_q05, abc_q95; distance (Wasserstein distance in SD
        of the prior); shared (what both 90% intervals have in common, share of what they cover together); sd_ratio (SD
        here over that of the fit).
        """
        ours, theirs = (one.quantiles([0.05, 0.95]) for one in (found, self.posterior))
        common = np.minimum(ours[1], theirs[1]) - np.maximum(ours[0], theirs[0])
        cover = np.maximum(ours[1], theirs[1]) - np.minimum(ours[0], theirs[0])
        distance = [
            wasserstein_distance(one, other, found.weights, self.posterior.weights)
            for one, other in zip(found.values.T, self.posterior.values.T, strict=True)
        ]
        return pd.DataFrame(
            {
                "name": fit.names,
                "unit": [p.unit for p in fit.parameters],
                "mean": found.mean(),
                "q05": ours[0],
                "q95": ours[1],
                "abc_mean": self.posterior.mean(),
                "abc_q05": theirs[0],
                "abc_q95": theirs[1],
                "distance": np.array(distance) / prior_sd,
                "shared": np.clip(common / np.maximum(cover, 1e-300), 0, 1),
                "sd_ratio": self.posterior.sd() / found.sd(),
            }
        )


def file_for(fit: Fit, runs: int, pool: str, to: Path | None) -> Path:
    """Where the populations are kept: beside the pool, or in the folder `to` where the pool is on a server.

    The name hangs on plan, city, code, parameters, targets and the number of runs, so that what is found there is what
    is asked for. Raises ExtraMissing without pyABC, and NotPossible where there is no place.
    """
    module_of("pyabc", ABC)
    targets = [[t.name, t.value, t.se, t.half_width] for t in fit.targets.all]
    asked = [code_version(), fit.plan.fingerprint, fit.others, fit.names, targets, runs]
    key = hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:8]
    beside = file_of(database_url(pool))
    if beside is not None:
        return beside.with_name(f"{beside.stem}-cross-check-{key}.sqlite")
    if to is None:
        raise NotPossible("a cross-check keeps its populations in a file: name a folder with --to; nothing was run")
    return to / f"cross-check-{key}.sqlite"


def cross_checked(
    fit: Fit, runs: int, file: Path, workers: int | None = None, progress: Progress | None = None
) -> CrossCheck:
    """Run ABC-SMC with an adaptive distance until `runs` runs are used up, and give its last population.

    Every finished population is kept in `file`; a stopped check goes on from the last one, and a finished one is read.
    With one worker a check that is not stopped gives the same draws every time. Raises ExtraMissing, NotPossible and
    StoreProblem.
    """
    pyabc = module_of("pyabc", ABC)
    used = 0

    def ran() -> None:
        nonlocal used
        used += 1
        if progress:
            progress(min(used, runs), runs)

    prior = CityPrior(fit, pyabc.Parameter)
    workers = workers or os.cpu_count() or 1
    check = pyabc.ABCSMC(
        pyabc.FunctionModel(CityModel(fit, prior, ran), name="city"),
        prior,
        pyabc.AdaptivePNormDistance(p=2, scale_function=pyabc.distance.standard_deviation),
        population_size=max(FEWEST_DRAWS, runs // RUNS_A_DRAW),
        sampler=pyabc.SingleCoreSampler(check_max_eval=True)
        if workers == 1
        else pyabc.MulticoreEvalParallelSampler(n_procs=workers, check_max_eval=True),
    )
    try:
        with _quiet(), _own_luck(fit) as reseed:
            finished = _open(check, pyabc, fit, file)
            if not finished:
                _go_on(check, runs, reseed, lambda total: progress and progress(min(total, runs), runs))
            return _last(check, pyabc, fit, file)
    except SQLAlchemyError as problem:
        raise StoreProblem(f"{file} cannot be used: {first_line(problem)}") from problem
    except ProcessError as ended:
        raise NotPossible(f"a process of the cross-check ended: {ended}; its populations are kept in {file}") from ended


def _open(check: Any, pyabc: Any, fit: Fit, file: Path) -> bool:
    """Take up what the file holds, or begin; whether it was finished already."""
    seen = dict(zip(fit.targets.names, map(float, fit.targets.values), strict=True))
    place = f"sqlite:///{file.absolute()}"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise StoreProblem(f"{file.parent}: {problem.strerror or problem}") from None
    if file.exists() and file.stat().st_size and len(pyabc.History(place).all_runs()):
        check.load(place, 1, seen)
        return check.history.get_abc().end_time is not None
    check.new(place, seen, meta_info={"title": fit.title, "code": code_version()})
    return False


def _go_on(check: Any, runs: int, reseed: Callable[[int], None], told: Callable[[int], Any]) -> None:
    """Population after population while there are runs left for another."""
    history = check.history
    reseed(int(history.max_t) + 1)
    size = check.population_size(-1)
    limits = {"minimum_epsilon": 0.0, "max_nr_populations": np.inf, "min_acceptance_rate": 0.0}
    population = check.initialize_components_before_run(
        **limits, max_total_nr_simulations=runs, max_walltime=None, min_eps_diff=0.0
    )
    while True:
        left, needed = runs - int(history.total_nr_simulations), float(size)
        if population > 0:
            needed = HARDER * int(history.get_all_populations()["samples"].iloc[-1])
        if left < needed:
            break
        # no population takes more runs than are left
        check.min_acceptance_rate = size / left
        if not check.run_generation(population)["successful"]:
            break
        told(int(history.total_nr_simulations))
        population += 1
    if history.n_populations == 0:
        raise NotPossible(f"no population of {size} draws was finished within {runs} runs: ask for more")
    history.done(datetime.now())


def _last(check: Any, pyabc: Any, fit: Fit, file: Path) -> CrossCheck:
    history = check.history
    frame, weights = history.get_distribution(m=0, t=history.max_t)
    populations = history.get_all_populations()
    return CrossCheck(
        Weighted(frame[fit.names].to_numpy(float), np.asarray(weights, dtype=float)),
        str(pyabc.__version__),
        int(history.total_nr_simulations),
        int(history.n_populations),
        float(populations["epsilon"].iloc[-1]),
        file,
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the log that pyABC writes as it goes and the warnings of what it uses."""
    log = logging.getLogger("ABC")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)


@contextmanager
def _own_luck(fit: Fit) -> Iterator[Callable[[int], None]]:
    """The luck that pyABC draws from, set by fit and population, and put back afterwards."""
    before = np.random.get_state()
    own = int(fit.plan.fingerprint[:7], 16)
    try:
        yield lambda population: np.random.seed(own + population)
    finally:
        np.random.set_state(before)
