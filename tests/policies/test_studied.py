"""What lies outside what has been studied is found, in settings, years and city, and nothing else is."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import scenarios
from sim.plan import Plan, Years
from sim.policies import policies
from sim.studied.guard import beyond, low_income_share
from sim.studied.ranges import CITY, RUNS, YEARS, Studied

ROW = re.compile(r"S\d\d-\d\d\d")


@pytest.mark.parametrize("use", sorted(policies()))
def test_studied_settings_are_settings_and_hold_their_usual_values(use: str) -> None:
    policy = policies()[use]
    for key, studied in policy.studied.items():
        field = policy.model_fields[key]
        assert field.description
        assert ROW.search(studied.evidence)
        assert studied.low < studied.high
        if not field.is_required() and field.default is not None:
            assert studied.holds(field.default)


@pytest.mark.parametrize("fact", [*CITY.values(), YEARS, *RUNS.values()], ids=lambda fact: fact.what)
def test_facts_name_their_evidence(fact: object) -> None:
    assert ROW.search(fact.studied.evidence)  # type: ignore[attr-defined]


def plan_with(years: int = 5, **settings: float) -> Plan:
    plan = scenarios.load("extended_day")
    policy = policies()["extended_day"].model_validate({"first": 2027, **settings})
    return replace(plan, years=Years(2027, 2026 + years), policies={"longer": policy})


def test_a_setting_within_is_not_told_and_one_beyond_is() -> None:
    assert beyond(plan_with(extra_time=0.3)) == ()
    (found,) = beyond(plan_with(extra_time=0.45))
    assert found.where == "longer.extra_time"
    assert found.in_words() == "longer.extra_time 45% (studied: at most 30%; S12-012)"
    assert beyond(plan_with(extra_time=0.45, enabled=False)) == ()


def test_years_are_counted_from_the_first_in_which_a_policy_acts() -> None:
    assert beyond(plan_with(years=9)) == ()
    (found,) = beyond(plan_with(years=10))
    assert found.where == "years"
    assert found.value == 10
    assert beyond(plan_with(years=10, first=2028)) == ()
    assert beyond(replace(plan_with(years=10), policies={})) == ()


def test_a_city_unlike_those_studied_is_told() -> None:
    plan = plan_with()
    city = plan.city
    share = city.flags["share"].where(city.flags["flag"] != "low_income", 0.1)
    rich = replace(city, flags=city.flags.assign(share=share))
    assert low_income_share(rich) == pytest.approx(0.1)
    (found,) = beyond(replace(plan, city=rich))
    assert found.in_words().startswith("low-income share of the pupils 10% (studied: at least 50%;")
    small = replace(city, enrollment=city.enrollment.assign(pupils=city.enrollment["pupils"] // 2))
    assert [one.unit for one in beyond(replace(plan, city=small))] == ["pupils"]


def test_low_income_share_is_that_of_the_children() -> None:
    plan = plan_with()
    from sim.district import District

    children = District(plan, 0).students
    opening = plan.years.opening
    of_age = (children.cohort > opening - 13) & (children.cohort <= opening) & (children.arrives <= opening)
    there = of_age & (children.place >= 0)
    low = children.low_income[there].mean()
    assert low_income_share(plan.city) == pytest.approx(low, abs=0.01)


def test_both_ends_belong_to_what_is_studied() -> None:
    assert Studied(0.0, 0.3, "S12-012").holds(0.3)
    assert Studied(0.0, 0.3, "S12-012").holds(0.0)
    assert not Studied(0.0, 0.3, "S12-012").holds(-0.01)
