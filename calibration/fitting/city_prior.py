"""The priors of a fit and the city's runs as pyABC asks for them: a draw, its density, moments with their errors."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.fitting.fit_files import Fit
from calibration.points.refused import NotPossible
from calibration.sensitivity.inputs import possible
from sim.draws import SPREADS_IN_RANGE, Draw, prior_draw
from sim.opening.codes import codes_of
from sim.opening.value_added import spread
from sim.parameters import Watched
from sim.running.cells import Cell, Work, run_cell

Floats = NDArray[np.float64]
FIRST, LAST = 20_000_000, 2**31 - 1
"""Numbers of the draws that are run, so that they share no luck with the pool."""
REFERENCES = 20
"""Draws of the other parameters by which the chance is told that the city allows some values."""
MOST_TRIES = 30
"""Runs at one set of values until one shows all targets."""


def a_number() -> int:
    """The number of a draw, from the luck that pyABC uses."""
    return int(np.random.randint(FIRST, LAST))


class CityPrior:
    """The joint prior of the fitted parameters given what the city allows, as the pool draws it.

    `made` turns values by name into pyABC's parameters.
    """

    def __init__(self, fit: Fit, made: Callable[..., Any]) -> None:
        self.fit, self.made = fit, made
        self.own = set(fit.plan.parameters.changes) | set(fit.names)
        self.names = None if fit.others == "priors" else fit.names
        watched = Watched(fit.plan.parameters)
        spread(watched, codes_of(fit.plan.city))
        count = REFERENCES if fit.others == "priors" else 1
        self.references = [
            {name: value for name, value in self.others(number).items() if name in watched.looked_at}
            for number in range(1, 1 + count)
        ]
        """Other parameters of a few draws, as far as they decide what the city allows."""

    def others(self, number: int) -> dict[str, float]:
        """The other parameters in a draw: none where they stay as declared."""
        if self.names is not None:
            return {}
        return {name: value for name, value in prior_draw(number).changes.items() if name not in self.own}

    def allowed(self, values: Mapping[str, float], number: int) -> dict[str, float] | None:
        """Values with the others of a draw; None where the city rules them out."""
        changes = {**self.others(number), **values}
        return changes if possible(self.fit.plan, [changes])[0] else None

    def rvs(self, *unused: Any, **more: Any) -> Any:
        """One draw. Raises NotPossible where the city rules out nearly every one."""
        for _ in range(100 * MOST_TRIES):
            number = a_number()
            drawn = prior_draw(number, self.names).changes
            values = {name: drawn[name] for name in self.fit.names}
            if self.allowed(values, number) is not None:
                return self.made(**values)
        raise NotPossible(f"hardly any draw is possible in {self.fit.plan.city.title}")

    def pdf(self, values: Mapping[str, float]) -> float:
        """The density at some values, up to a factor: of the cards, times the chance that the city allows them."""
        density = 1.0
        for card in self.fit.parameters:
            value = values[card.name]
            if not card.low <= value <= card.high:
                return 0.0
            if card.prior != "uniform":
                sd = (card.high - card.low) / SPREADS_IN_RANGE
                density *= float(np.exp(-(((value - card.value) / sd) ** 2) / 2))
        return density * float(possible(self.fit.plan, [{**others, **values} for others in self.references]).mean())


class CityModel:
    """The moments of one run at some values, each with an error of the targets' kind, by name of the target.

    Runs without one of the targets are left out, as in the pool. `ran` is called after every run.
    """

    def __init__(self, fit: Fit, prior: CityPrior, ran: Callable[[], None]) -> None:
        self.fit, self.prior, self.ran = fit, prior, ran
        self.in_child = False

    def __call__(self, values: Mapping[str, float]) -> dict[str, float]:
        """One run. Raises NotPossible where no run at these values shows all targets."""
        if not self.in_child and multiprocessing.parent_process() is not None:
            # Ctrl-C is for the process that gathers the runs
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            self.in_child = True
        reason = "the city rules them out with every draw of the other parameters"
        for _ in range(MOST_TRIES):
            number = a_number()
            changes = self.prior.allowed({name: float(values[name]) for name in self.fit.names}, number)
            if changes is None:
                continue
            try:
                seen = moments_of_run(self.fit, Draw(number, changes))
            except (ArithmeticError, ValueError, KeyError, IndexError) as wrong:
                reason = f"{type(wrong).__name__}: {wrong}"
                continue
            if np.isfinite(seen).all():
                self.ran()
                return dict(zip(self.fit.targets.names, self._with_error(seen, number), strict=True))
            reason = "a target is missing from them"
        told = ", ".join(f"{name} {float(values[name]):.4g}" for name in self.fit.names)
        raise NotPossible(f"{MOST_TRIES} runs at {told} tell nothing: {reason}")

    def _with_error(self, seen: Floats, number: int) -> list[float]:
        return [float(value) for value in self.fit.targets.with_error(seen[None], number)[0]]


def moments_of_run(fit: Fit, draw: Draw) -> Floats:
    """The targets' moments of one run, (m,); NaN where it has nothing to show."""
    done = run_cell(Work((fit.plan,), fit.plan.name, {draw.number: draw}, hashed=False), Cell(draw.number, 0))
    found = fit.targets.of(done.tables[fit.plan.name], fit.plan.city)
    return np.array([found[name] for name in fit.targets.names])
