"""Plans of the tiny city, their parameters moved, and what of their runs differs then."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from sim.parameters import declared
from sim.plan import Plan, Politics
from sim.policies import policies
from tests.cities import plan_of
from tests.contracts.instances import at_large, beside, named
from tests.contracts.outputs import Parts, differing, families, outputs_of
from tests.contracts.test_every_parameter import MORE, farther_end

YEARS = 3
Judge = Callable[[Parts, Parts], set[str]]


def settings_of(use: str) -> dict[str, object]:
    """As little held back as can be."""
    fields = policies()[use].model_fields
    return at_large(policies()[use]) | {name: value for name, value in MORE.items() if name in fields}


@cache
def plan_with(use: str = "", politics: Politics = "off", years: int = YEARS) -> Plan:
    """The tiny city under one policy (and those it can do nothing without), under none, or (`*`) under all."""
    if use == "*":
        chosen = {one: named(one, settings_of(one)) for one in policies()}
    else:
        chosen = {**beside(use), "it": named(use, settings_of(use))} if use else {}
    return plan_of(chosen, years=years, politics=politics)


@cache
def usual(use: str = "", politics: Politics = "off", years: int = YEARS) -> Parts:
    """What it gives at the declared values."""
    return outputs_of(plan_with(use, politics, years))


def moved(plan: Plan, names: Iterable[str]) -> Plan:
    """The plan with parameters at the ends of their ranges that lie farther off."""
    return plan.with_parameters({name: farther_end(declared()[name]) for name in names})


def leaks(plan: Plan, before: Parts, names: list[str], judge: Judge = differing) -> dict[str, list[str]]:
    """Parameter -> what it touches and should not; all are moved together first, and alone where something shows."""
    if not names or not judge(before, outputs_of(moved(plan, names))):
        return {}
    found = {name: sorted(judge(before, outputs_of(moved(plan, [name])))) for name in names}
    return {name: touched for name, touched in found.items() if touched} or {"together": names}


def beyond(allowed: set[str]) -> Judge:
    """Judges by families: what differs and is not of those that may."""
    return lambda one, other: families(differing(one, other)) - allowed


def begins(name: str, with_one_of: Iterable[str]) -> bool:
    """Whether a name begins with one of some words."""
    return any(name.startswith(start) for start in with_one_of)


def in_force(use: str) -> frozenset[str]:
    """The policies of `plan_with(use)`."""
    return frozenset({policy.use for policy in plan_with(use).policies.values()})
