"""Every declared number does something: a city with all policies at work is another when it changes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from sim.parameters import Parameter, declared
from sim.plan import Plan
from sim.policies import policies
from sim.run import run
from tests.cities import city, plan_of
from tests.contracts.instances import at_large, named

MORE: dict[str, float | str] = {
    "openings_per_year": 4,
    "per_year": 4,
    "culture_and_parents": 0.5,
    "professional_development": 0.5,
    "transport": "cheaper miles",
    "talent_pipeline": 2,
    "paid_by": "philanthropy",
}
"""Settings that are turned up, by name, so that limits which only large plans reach are reached."""
OTHERWISE: dict[str, dict[str, object]] = {"talent": {"talent": False, "operators": ["average_network"], "per_year": 1}}
"""Settings of a second policy of the same kind, for what the usual one leaves out; by a setting the kind must have."""
TOGETHER = ("restart otherwise", "practices")
"""Policies that show something only together, and not when others leave them no school."""
WITHOUT_HISTORY = {"yardstick.growth_sd"}
"""Parameters that stand in for what the tiny city's file has: tried in the same city without rating history."""
MOVES_NOTHING: dict[str, str] = {}
"""Parameters that move no table, with the reason. Exact: a test fails when one of them starts to move something."""


POLITICAL_YEARS = 9
"""Years until boards, contracts and careers have had their turn."""


@cache
def political_plans() -> tuple[Plan, ...]:
    """Plans under politics: all policies at once, each alone, and closings with openings, over two bargainings."""
    chosen = {use: named(use, at_large(policy)) for use, policy in policies().items()}
    office = {use: one for use, one in chosen.items() if "politics_year" in one.shows_in}
    will = {use: chosen[use] for use in ("build_political_will", "closure", "replication", "extended_day")}
    several = [chosen, office | {"closure": chosen["closure"], "restart": chosen["restart"]}, will]
    several += [{use: one} for use, one in chosen.items()]
    loose = {"politics.flexibility_opening": 0.35}
    return tuple(
        plan_of(some, years=POLITICAL_YEARS, politics="on").with_parameters(changes)
        for some in several
        for changes in ({}, loose)
    )


@cache
def plans(history: bool = True) -> tuple[Plan, ...]:
    """Five years of the tiny city with nothing held back: every policy at once, last name first and first name first
    (what the first ones do to a school leaves nothing to the last ones), some together, then each policy alone."""
    chosen = {}
    for use, policy in policies().items():
        settings = at_large(policy) | {name: MORE[name] for name in MORE if name in policy.model_fields}
        for name in OTHERWISE.keys() & policy.model_fields.keys():
            chosen[f"{use} otherwise"] = named(use, settings | OTHERWISE[name])
        chosen[use] = named(use, settings)
    some = [dict(reversed(chosen.items())), chosen, {name: chosen[name] for name in TOGETHER}]
    several = some + [{name: policy} for name, policy in chosen.items()]
    found = [plan_of(some, years=5) for some in several]
    if not history:
        found = [replace(plan, city=replace(city(), ratings=city().ratings.iloc[:0])) for plan in found]
    return tuple(found)


@cache
def tried(kind: str) -> tuple[tuple[Plan, int], ...]:
    """The plans and seeds in which a parameter is tried, by the kind of its name; careers need more than one luck."""
    if kind == "politics":
        return tuple((plan, seed) for seed in (1, 2, 3, 4) for plan in political_plans())
    return tuple((plan, 1) for plan in plans(kind != "without history"))


@cache
def unchanged(plan_number: int, kind: str) -> str:
    """Fingerprint of all tables at the declared values."""
    return run(*tried(kind)[plan_number]).fingerprint


def moves(parameter: Parameter, value: float) -> bool:
    """Whether any table of any plan changes; plans are tried until one does."""
    kind = "without history" if parameter.name in WITHOUT_HISTORY else parameter.name.split(".")[0]
    kind = kind if kind in ("politics", "without history") else "usual"
    return any(
        run(plan.with_parameters({parameter.name: value}), seed).fingerprint != unchanged(number, kind)
        for number, (plan, seed) in enumerate(tried(kind))
    )


def farther_end(parameter: Parameter) -> float:
    """The end of the range that lies farther from the declared value."""
    return max((parameter.low, parameter.high), key=lambda end: abs(end - parameter.value))


def nearer_end(parameter: Parameter) -> float:
    """The other one."""
    return parameter.low if farther_end(parameter) == parameter.high else parameter.high


@pytest.mark.parametrize("parameter", declared().values(), ids=declared())
def test_every_parameter_moves_something(parameter: Parameter) -> None:
    expected = parameter.name not in MOVES_NOTHING
    assert moves(parameter, farther_end(parameter)) == expected, MOVES_NOTHING.get(parameter.name, "moves no table")


@pytest.mark.slow
@pytest.mark.parametrize("parameter", declared().values(), ids=declared())
def test_every_parameter_moves_something_at_its_nearer_end(parameter: Parameter) -> None:
    if nearer_end(parameter) == parameter.value:
        pytest.skip("the declared value is the end of the range")
    assert moves(parameter, nearer_end(parameter)) == (parameter.name not in MOVES_NOTHING)


def test_lists_name_parameters() -> None:
    assert set(MOVES_NOTHING) | WITHOUT_HISTORY <= set(declared())
    assert all(MOVES_NOTHING.values())


def test_standing_in_for_history_is_needed() -> None:
    """A parameter on the list moves nothing where the file has a history; else it does not belong there."""
    for name in WITHOUT_HISTORY:
        parameter = declared()[name]
        changed = plans()[0].with_parameters({name: farther_end(parameter)})
        assert run(changed, 1).fingerprint == unchanged(0, "usual")


def test_unused_parameter_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test would notice a number nothing reads: one more declared parameter moves no table."""
    idle = Parameter("nobody.reads_this", "A number nothing uses", 1.0, "none", 0.0, 2.0, "assumption")
    assert run(plans()[0], 1).fingerprint == unchanged(0, "usual")
    monkeypatch.setitem(declared(), idle.name, idle)
    assert not moves(idle, 2.0)
