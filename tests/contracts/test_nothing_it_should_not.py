"""Every parameter does nothing that it should not: bit for bit, in every table and for every child.

What a parameter may do is written down in `rooms.py` by how its name begins. Held to it, for all parameters:

- what no policy of a plan wakes leaves everything of that plan's run as it was;
- in a city that nobody changes, money moves dollars, staffing moves staffs, a yardstick moves ratings, and politics its
  own table, and nothing else;
- costs move dollars alone, whatever a plan does, where money teaches nothing;
- the opening June is the file: no roll of a group in a school moves there, nor the mean true score of a group in a
  grade, and what acts later leaves that June untouched; what only measures moves no true score and no seat in it;
- what is of one subject leaves the other's true scores alone in the first year, before families have seen it;
- luck belongs to a child, a school or a year: its streams have the same names at any values.

Where several parameters must do nothing they are moved together, and one by one only to name the one that does not; the
slow tests move each alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import sim.luck
from sim.district import District
from sim.draws import possible_draws
from sim.parameters import declared
from sim.plan import Plan, Politics
from sim.policies import policies
from tests.cities import city, finished, plan_of
from tests.contracts.instances import at_large, beside, named
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
    asleep,
    rule_of,
)
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
    chosen = {} if not use else {**beside(use), "it": named(use, settings_of(use))} if use != "*" else {}
    if use == "*":
        chosen = {one: named(one, settings_of(one)) for one in policies()}
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
    return any(name.startswith(start) for start in with_one_of)


def in_force(use: str) -> frozenset[str]:
    """The policies of `plan_with(use)`."""
    return frozenset({policy.use for policy in plan_with(use).policies.values()})


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


# -- the opening June ---------------------------------------------------------------------------------------------


def june(parts: Parts) -> Parts:
    """The children of the opening June, and who they are."""
    year = city().opening_year
    return {name: value for name, value in parts.items() if name.endswith(f":{year}") or name.startswith("children:")}


def test_what_acts_later_leaves_the_opening_june_alone() -> None:
    later = [
        name
        for name in declared()
        if (not begins(name, SHAPES_OPENING) or begins(name, BEGINS_LATER)) and name != "learning.error_sd"
    ]
    assert len(later) > 100
    judge: Judge = lambda one, other: differing(june(one), june(other))  # noqa: E731
    assert leaks(plan_with("", years=1), usual("", years=1), later, judge) == {}


@pytest.mark.parametrize("start", MEASURING)
def test_what_measures_moves_nothing_true(start: str) -> None:
    names = [name for name in declared() if name.startswith(start)]

    def judge(one: Parts, other: Parts) -> set[str]:
        return families(differing(june(one), june(other))) - MEASURING[start]

    assert leaks(plan_with("", years=1), usual("", years=1), names, judge) == {}


def rolls_and_means(plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """Of the opening June: pupils by school and group, and mean true scores by subject, grade and group."""
    district = District(plan, 1)
    panel, students, groups = district.record.panel[city().opening_year], district.students, len(city().groups)
    group = students.group[panel.rows]
    rolls = np.bincount(panel.place.astype(np.int64) * groups + group)
    cell = (city().opening_year - students.cohort[panel.rows]) * groups + group
    return rolls, np.stack([np.bincount(cell, panel.truth[:, k]) / np.bincount(cell) for k in range(2)])


def is_the_file(changes: Mapping[str, float]) -> bool:
    plan = plan_with("", years=1)
    rolls, means = rolls_and_means(plan)
    now_rolls, now_means = rolls_and_means(plan.with_parameters(changes))
    # children's scores are kept with single precision
    return np.array_equal(rolls, now_rolls) and bool(np.allclose(means, now_means, rtol=0, atol=1e-6))


def test_the_opening_june_is_the_file_at_any_values() -> None:
    for draw in possible_draws(3, [plan_with("", years=1)]):
        assert len(draw.changes) > 150
        assert is_the_file(draw.changes)


# -- subjects and luck --------------------------------------------------------------------------------------------

OF_ONE_SUBJECT = [
    name
    for name in declared()
    if name.endswith((".math", ".reading")) and not begins(name, SHAPES_OPENING) and name != "staff.teacher_sd.math"
]
"""What shapes the opening moves both subjects, since one family chooses one school for both; so does the spread of
teachers in math, in which all differences between teachers are counted."""


@pytest.mark.parametrize("subject", ["math", "reading"])
def test_a_subject_leaves_the_other_alone(subject: str) -> None:
    other = {"math": "reading", "reading": "math"}[subject]
    names = [name for name in OF_ONE_SUBJECT if name.endswith(subject)]
    assert len(names) >= 3
    plan, before = plan_with("*", years=1), usual("*", years=1)

    def judge(one: Parts, two: Parts) -> set[str]:
        # of seats, those of the children: who drops out at the end of the year hangs on both subjects
        seats = f"seats:{plan.years.last}"
        return {name for name in differing(one, two) if name.startswith((f"truth.{other}", f"tests.{other}", seats))}

    assert leaks(plan, before, names, judge) == {}
    assert f"truth.{subject}" in families(differing(before, outputs_of(moved(plan, names))))


def test_minor_terms_of_reading_leave_math_alone() -> None:
    """The ratio by which effects known for math only are taken in reading, where no operator's total hangs on it."""
    schools = city().schools.assign(operator="district", sector="district")
    plan = replace(plan_with("practices", years=1), city=replace(city(), schools=schools))
    before = finished(plan).record.panel[plan.years.last]
    after = finished(moved(plan, ["learning.reading_ratio"])).record.panel[plan.years.last]
    assert np.array_equal(before.place, after.place)
    # who had to come to a school, so that its mean is the file's, hangs on what moving cost before, in both subjects
    assert np.allclose(before.truth[:, 0], after.truth[:, 0], rtol=0, atol=1e-4)
    assert np.abs(before.truth[:, 1] - after.truth[:, 1]).max() > 0.001


def streams(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of all streams of luck that a run draws from."""
    found: set[str] = set()
    real = sim.luck.name_key

    def noting(name: str) -> int:
        found.add(name)
        return real(name)

    with monkeypatch.context() as patched:
        patched.setattr(sim.luck, "name_key", noting)
        finished(plan)
    return found


def test_luck_has_the_same_names_at_any_values(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_with("", "on", years=2)
    before = streams(plan, monkeypatch)
    assert len(before) > 100
    for draw in possible_draws(2, [plan]):
        assert streams(plan.with_parameters(draw.changes), monkeypatch) == before


# -- each alone ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", declared())
def test_each_alone_does_nothing_where_nothing_wakes_it(name: str) -> None:
    rule = rule_of(name)
    touched = {
        use: sorted(differing(usual(use), outputs_of(moved(plan_with(use), [name]))))
        for use in ("", *sorted(policies()))
        if rule is not None and not rule.woken_by & in_force(use)
    }
    assert not any(touched.values()), {use: names for use, names in touched.items() if names}


@pytest.mark.slow
@pytest.mark.parametrize("name", declared())
def test_each_alone_leaves_the_opening_june_the_file(name: str) -> None:
    assert is_the_file({name: farther_end(declared()[name])})


@pytest.mark.slow
@pytest.mark.parametrize("name", DOLLARS)
def test_each_cost_alone_moves_dollars(name: str) -> None:
    for use in SPENDING:
        plan, before = without_effect_of_money(use)
        assert families(differing(before, outputs_of(moved(plan, [name])))) <= {"dollars"}, use


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.names[0])
def test_no_rule_is_wider_than_it_needs(rule: object) -> None:
    """Whatever may wake the parameters of a rule does wake one of them; else it would hide a leak."""
    names = [name for name in declared() if rule_of(name) is rule]
    idle = [
        use
        for use in rule.woken_by - {POLITICS}  # type: ignore[attr-defined]
        if not differing(usual(use, years=5), outputs_of(moved(plan_with(use, years=5), names)))
    ]
    assert idle == []
