"""Every parameter does nothing that it should not: bit for bit, in every table and for every child.

What a parameter may do is written down in `rooms.py` by how its name begins. Held to it, for all parameters:

- what no policy of a plan wakes leaves everything of that plan's run as it was, and what one wakes later sleeps until
  then;
- in a city that nobody changes, money moves dollars, staffing moves staffs, a yardstick moves ratings, and politics its
  own table, and nothing else;
- costs move dollars alone, whatever a plan does, where money teaches nothing.

Where several parameters must do nothing they are moved together, and one by one only to name the one that does not; the
slow tests move each alone.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from sim.parameters import declared
from sim.plan import Plan, Politics
from sim.policies import policies
from tests.cities import city, finished
from tests.contracts.moving import begins, beyond, in_force, leaks, moved, plan_with, usual
from tests.contracts.outputs import Parts, differing, families, outputs_of
from tests.contracts.rooms import (
    AT_WORK,
    BEGINS_LATER,
    DOLLARS,
    MEASURING,
    ONLY,
    POLITICS,
    RULES,
    SHAPES_OPENING,
    Rule,
    asleep,
    rule_of,
)
from tests.contracts.test_policies import same_before

# -- the declarations ---------------------------------------------------------------------------------------------


def test_every_parameter_has_a_rule() -> None:
    for name in declared():
        rule_of(name)


def test_no_rule_is_of_nothing() -> None:
    """Every beginning of a name is one, and decides for at least one parameter."""
    for starts in (AT_WORK, ONLY, MEASURING, DOLLARS, SHAPES_OPENING, BEGINS_LATER, *(rule.names for rule in RULES)):
        for start in starts:
            assert any(name.startswith(start) for name in declared()), start
    known = {*policies(), POLITICS}
    assert all(rule.woken_by <= known for rule in RULES)


# -- what nothing wakes does nothing ------------------------------------------------------------------------------


@pytest.mark.parametrize("use", ["", *sorted(policies())])
def test_what_no_policy_wakes_does_nothing(use: str) -> None:
    names = asleep(in_force(use))
    assert len(names) > 20
    assert leaks(plan_with(use), usual(use), names) == {}


def test_what_is_woken_later_sleeps_until_then() -> None:
    """All policies, from the second year on: the first is as if nothing could wake."""
    plan = plan_with("*")
    first = plan.years.first + 1
    late = replace(
        plan, policies={name: one.model_copy(update={"first": first}) for name, one in plan.policies.items()}
    )
    one, other = finished(late), finished(moved(late, asleep(frozenset())))
    assert same_before(one, other, first)
    assert not same_before(one, other, first + 2)


@pytest.mark.parametrize("politics", ["fixed", "on"])
def test_politics_wakes_politics_and_nothing_else(politics: Politics) -> None:
    names = asleep(frozenset({POLITICS}))
    assert leaks(plan_with("", politics), usual("", politics), names) == {}
    mine = [name for name in declared() if name.startswith("politics.")]
    assert leaks(plan_with("", politics), usual("", politics), mine, beyond({"office"})) == {}


def test_operators_do_nothing_where_there_are_none() -> None:
    """In a city whose schools are all the district's own."""
    schools = city().schools.assign(operator="district", sector="district")
    plan = replace(plan_with(), city=replace(city(), schools=schools))
    names = [
        name
        for name in declared()
        if begins(name, ("networks.", "terms.", "quality.spread.charter.", "staff.turnover.charter"))
    ]
    assert len(names) > 10
    assert leaks(plan, outputs_of(plan), names) == {}


# -- each room moves its own outputs ------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ONLY)
def test_a_room_moves_its_own_outputs(start: str) -> None:
    names = [name for name in declared() if name.startswith(start) and rule_of(name) is None]
    assert names
    assert leaks(plan_with(), usual(), names, beyond(ONLY[start])) == {}


@cache
def without_effect_of_money(use: str) -> tuple[Plan, Parts]:
    plan = plan_with(use).with_parameters({"money.effect": 0.0})
    return plan, outputs_of(plan)


SPENDING = ("*", "class_size", "replication", "restart")
"""Plans that spend; where all policies act, the first of them leave no school to a restart."""


@pytest.mark.parametrize("use", SPENDING)
def test_costs_move_dollars_alone(use: str) -> None:
    plan, before = without_effect_of_money(use)
    names = [name for name in declared() if begins(name, DOLLARS)]
    assert leaks(plan, before, names, beyond({"dollars"})) == {}
    assert "dollars" in families(differing(before, outputs_of(moved(plan, names))))


# -- each alone ---------------------------------------------------------------------------------------------------


UNLIKE = (
    *("", "build_political_will", "class_size", "closure"),
    *("enrollment_system", "practices", "replication", "restart"),
)
"""Plans that have little in common."""


@pytest.mark.slow
@pytest.mark.parametrize("name", declared())
def test_each_alone_does_nothing_where_nothing_wakes_it(name: str) -> None:
    rule = rule_of(name)
    touched = {
        use: sorted(differing(usual(use), outputs_of(moved(plan_with(use), [name]))))
        for use in UNLIKE
        if rule is not None and not rule.woken_by & in_force(use)
    }
    assert not any(touched.values()), {use: names for use, names in touched.items() if names}


@pytest.mark.slow
@pytest.mark.parametrize("name", DOLLARS)
def test_each_cost_alone_moves_dollars(name: str) -> None:
    for use in SPENDING:
        plan, before = without_effect_of_money(use)
        assert families(differing(before, outputs_of(moved(plan, [name])))) <= {"dollars"}, use


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.names[0])
def test_no_rule_is_wider_than_it_needs(rule: Rule) -> None:
    """Whatever may wake the parameters of a rule does wake one of them; else it would hide a leak."""
    names = [name for name in declared() if rule_of(name) is rule]
    idle = [
        use
        for use in rule.woken_by - {POLITICS}
        if not differing(usual(use, years=5), outputs_of(moved(plan_with(use, years=5), names)))
    ]
    assert idle == []
