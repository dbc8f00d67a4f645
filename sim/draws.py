"""Joint draws of the parameters from the priors on their cards, and the luck that goes with each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from sim.luck import name_key, one_normal, one_uniform
from sim.opening.codes import CityCodes, codes_of
from sim.opening.value_added import spread
from sim.parameters import Parameter, Parameters, declared
from sim.plan import Plan

Evidence = Literal["all", "lottery"]
SPREADS_IN_RANGE = 4.0
"""Standard deviations from `low` to `high`: in the evidence table, where a figure has both a range and a standard
error, the range is 4.0 standard errors wide in the median of 180 rows (3.6 to 5.0 in the middle half)."""
MOST_RULED_OUT = 10
"""Draws tried for each that is wanted."""
_MOST_TRIES = 1000
NO_LOTTERY = "networks.kept_without_lottery"
KEPT = "networks.kept"


@dataclass(frozen=True)
class Draw:
    """One set of parameter values by its number; number 0 stands for the declared values."""

    number: int = 0
    changes: Mapping[str, float] = field(default_factory=dict)
    own_luck: bool = True
    """Whether its runs have a luck of their own, or at each seed that of the declared values, so that two draws differ
    by their parameters alone."""
    fitted: tuple[str, ...] = ()
    """Parameters whose values are those of a fit, not of their priors; they decide nothing of a run."""
    fitted_in: str = ""
    """The city of the fit."""

    def applied(self, plan: Plan) -> Plan:
        """The plan under these values; what it sets itself stays as it set it."""
        own = plan.parameters.changes
        if set(self.changes) <= set(own):
            return plan
        return replace(plan, parameters=Parameters({**self.changes, **own}, shrunk=True))

    def luck(self, seed: int) -> int:
        """The luck of its run at a seed."""
        return luck_of(self.number, seed) if self.own_luck else seed


DECLARED = Draw()


def prior_draws(count: int, luck: int = 0, evidence: Evidence = "all", discount: float = 0.0) -> list[Draw]:
    """Draws 1 to `count` of all parameters from their priors; for a count of 0 the declared values, as draw 0.

    Draw k is the same whatever the count, and a parameter's value hangs on `luck`, its name and k alone, so that
    another parameter changes nobody else's draws. A normal prior has its mode at the declared value and a standard
    deviation of a quarter of the range, and is cut off at both ends; a uniform one is even over the range; a fixed
    one is not drawn. Effects are drawn as published, and the model converts each with the retention of the same draw.

    With `evidence` "lottery" every effect that no lottery or experiment stands behind is set to no effect; `discount`
    (share, 0 to 1) moves what is left of all effects that far towards none. Raises ValueError for a count below 0, a
    discount outside 0 to 1 and another evidence.
    """
    if count < 0:
        raise ValueError(f"{count} draws: at least 0")
    if not 0 <= discount <= 1:
        raise ValueError(f"a discount of {discount:g}: 0 (effects as published) to 1 (no effect)")
    if evidence not in ("all", "lottery"):
        raise ValueError(f"evidence {evidence!r}: all or lottery")
    if count == 0:
        return [Draw(0, dict(_doubted({}, evidence, discount)))]
    return [_drawn(number, luck, evidence, discount) for number in range(1, count + 1)]


def prior_draw(number: int, names: Collection[str] | None = None, luck: int = 0) -> Draw:
    """Draw `number` of some parameters, or of all that are drawn, with the values they have in `prior_draws`."""
    wanted = [p for p in declared().values() if p.prior != "fixed" and (names is None or p.name in names)]
    return Draw(number, {p.name: _value(p, number, luck) for p in wanted})


def possible_draws(
    count: int,
    plans: Iterable[Plan],
    luck: int = 0,
    evidence: Evidence = "all",
    discount: float = 0.0,
    fitted: Sequence[Mapping[str, float]] = (),
    fitted_in: str = "",
) -> list[Draw]:
    """The first `count` prior draws that no plan's city rules out, with the numbers they have among all draws.

    A draw is ruled out where flags, schools and passing years together would spread scores more than the scores are
    spread, so that the priors are those given what the city shows. `fitted` are draws of some parameters from a
    posterior, fitted in the city `fitted_in`: they take the place of the priors, the k-th in draw k, from the first
    again after the last. Raises
    ValueError as `prior_draws` does, and where a city rules out nearly every draw.
    """
    declared_values = prior_draws(0, luck, evidence, discount)  # refuses what cannot be asked, whatever the count
    if count == 0:
        return declared_values
    cities = [(plan, codes_of(plan.city)) for plan in plans]
    found: list[Draw] = []
    for number in range(1, MOST_RULED_OUT * (count + 10)):
        values = fitted[(number - 1) % len(fitted)] if fitted else {}
        draw = replace(_drawn(number, luck, evidence, discount, values), fitted=tuple(values), fitted_in=fitted_in)
        if all(_possible(draw.applied(plan), codes) for plan, codes in cities):
            found.append(draw)
            if len(found) == count:
                return found
    raise ValueError(f"only {len(found)} of {number} draws are possible in {cities[0][0].city.title}")


def _possible(plan: Plan, codes: CityCodes) -> bool:
    try:
        spread(plan.parameters, codes)
    except ValueError:
        return False
    return True


def luck_of(draw: int, seed: int) -> int:
    """The luck of a run: the seed itself at the declared values, and one of its own for every draw and seed.

    Runs of several draws share no luck, so that the luck in their mean shrinks with the number of all runs.
    """
    return seed if draw == 0 else name_key(f"luck of draw {draw}, seed {seed}") >> 1


def _drawn(
    number: int, luck: int, evidence: Evidence, discount: float, fitted: Mapping[str, float] | None = None
) -> Draw:
    values = {**prior_draw(number, None, luck).changes, **(fitted or {})}
    return Draw(number, values | dict(_doubted(values, evidence, discount)))


def _value(parameter: Parameter, number: int, luck: int) -> float:
    low, high = parameter.low, parameter.high
    if parameter.prior == "uniform":
        return low + (high - low) * one_uniform(luck, "parameter", parameter.name, number)
    spread = (high - low) / SPREADS_IN_RANGE
    for attempt in range(_MOST_TRIES):
        value = parameter.value + spread * one_normal(luck, f"parameter, try {attempt}", parameter.name, number)
        if low <= value <= high:
            return value
    raise AssertionError(f"{parameter.name}: no draw within its range")


def _doubted(values: Mapping[str, float], evidence: Evidence, discount: float) -> Iterator[tuple[str, float]]:
    """The effects that doubts about the evidence change."""
    if evidence == "lottery":
        yield NO_LOTTERY, 0.0
    if discount:
        yield KEPT, 1 - discount
    for parameter in declared().values():
        if parameter.grade is None:
            continue
        value = values.get(parameter.name, parameter.value)
        if evidence == "lottery" and parameter.grade != "lottery":
            yield parameter.name, parameter.no_effect
        elif discount:
            yield parameter.name, parameter.shrunk(value, discount)
