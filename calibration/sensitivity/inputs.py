"""The parameters that are varied: which, over which range, and how a point between 0 and 1 becomes values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import truncnorm

from calibration.points.refused import NotPossible
from sim.draws import SPREADS_IN_RANGE
from sim.opening.codes import codes_of
from sim.opening.value_added import spread
from sim.parameters import Parameter, UnknownParameter, declared
from sim.plan import Plan

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Inputs:
    """Parameters in the order of the columns of a design."""

    parameters: tuple[Parameter, ...]

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [parameter.name for parameter in self.parameters]

    @property
    def rooms(self) -> list[str]:
        """The first part of each name: what the parameters of one room are about."""
        return [name.split(".")[0] for name in self.names]

    def handfuls(self, most: int) -> list[str]:
        """A name for each parameter that it shares with its neighbours in its room, `most` of them at most."""
        seen: dict[str, int] = {}
        found = []
        for room in self.rooms:
            found.append(f"{room} {seen.get(room, 0) // most + 1}")
            seen[room] = seen.get(room, 0) + 1
        return found

    def over_ranges(self, points: Floats) -> Floats:
        """Points (n, k) from 0 to 1 as values spread evenly over the ranges of the cards, (n, k)."""
        low, high = (np.array([getattr(p, end) for p in self.parameters]) for end in ("low", "high"))
        return np.clip(low + (high - low) * points, low, high)

    def by_priors(self, points: Floats) -> Floats:
        """Points (n, k) from 0 to 1 as quantiles of the priors, (n, k): as `sim.draws` draws them."""
        values = self.over_ranges(points)
        for column, p in enumerate(self.parameters):
            if p.prior == "normal":
                sd = (p.high - p.low) / SPREADS_IN_RANGE
                ends = (p.low - p.value) / sd, (p.high - p.value) / sd
                values[:, column] = truncnorm.ppf(points[:, column], *ends, loc=p.value, scale=sd)
        return np.clip(values, [p.low for p in self.parameters], [p.high for p in self.parameters])

    def changes(self, values: Floats) -> list[dict[str, float]]:
        """Values (n, k) as changes by name."""
        return [dict(zip(self.names, map(float, row), strict=True)) for row in values]

    def only(self, names: Iterable[str]) -> Inputs:
        """Those of these names, in the order of the table."""
        kept = set(names)
        return Inputs(tuple(p for p in self.parameters if p.name in kept))


def inputs_of(plan: Plan, wanted: Sequence[str] = ()) -> Inputs:
    """What can be varied: every parameter that has a range and that the plan does not set itself.

    `wanted` names some of them, or rooms (`learning` for all whose names begin with it). Raises UnknownParameter, and
    NotPossible for a parameter that cannot be varied.
    """
    free = [p for p in declared().values() if _why_not(p, plan) == ""]
    if not wanted:
        return Inputs(tuple(free))
    chosen: set[str] = set()
    for name in wanted:
        inside = [p.name for p in declared().values() if p.name == name or p.name.startswith(f"{name}.")]
        if not inside:
            raise UnknownParameter(name)
        if name in declared() and (why := _why_not(declared()[name], plan)):
            raise NotPossible(f"{name}: {why}")
        chosen.update(inside)
    found = Inputs(tuple(p for p in free if p.name in chosen))
    if not found.parameters:
        raise NotPossible(f"{', '.join(wanted)}: nothing of this can be varied")
    return found


def _why_not(parameter: Parameter, plan: Plan) -> str:
    if parameter.prior == "fixed" or parameter.low == parameter.high:
        return "a switch, not an unknown number"
    return f"{plan.name} sets it" if parameter.name in plan.parameters.changes else ""


def possible(plan: Plan, changes: Sequence[dict[str, float]]) -> NDArray[np.bool_]:
    """Which of these parameter values the plan's city allows, (n,): flags, schools and passing years together may not
    spread scores more than the city's scores are spread."""
    codes, found = codes_of(plan.city), np.ones(len(changes), dtype=bool)
    for number, values in enumerate(changes):
        try:
            spread(plan.with_parameters(values).parameters, codes)
        except ValueError:
            found[number] = False
    return found
