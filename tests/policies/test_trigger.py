"""Triggers and terms, as a superintendent would check them."""

from __future__ import annotations

import math
from typing import Any

import pytest
from pydantic import ValidationError

from sim.agents.schools import School
from sim.district import District
from sim.policies.closure import Closure
from sim.policies.teaching.extended_day import ExtendedDay
from sim.policies.trigger import IfDistrict, When
from tests.cities import CLOSE, city, plan_of


def decided(district: District, policy: str = "it") -> list[dict[str, Any]]:
    return [row for row in district.record.rows["decision"] if row["policy"] == policy and row["action"] != "keep"]


def lengthening(**terms: Any) -> District:
    policy = ExtendedDay.model_validate({"where": {"sector": "all"}, **terms})
    return District(plan_of({"it": policy}, years=4), seed=2).run_to_end()


@pytest.fixture(scope="module")
def reviewed() -> District:
    """The tiny city after three years, as the next review would see it."""
    district = District(plan_of(years=3), seed=2).run_to_end()
    district.year += 1
    district.in_review = 1
    return district


def schools_that_meet(district: District, **when: Any) -> set[str]:
    trigger = When.model_validate(when)
    return {school.key for school in district.open_schools() if trigger.met_by(school) is not None}


def schools_where(district: District, holds: Any) -> set[str]:
    return {school.key for school in district.open_schools() if holds(school)}


def test_every_bound_of_a_school_is_read_from_its_own_history(reviewed: District) -> None:
    def last(name: str, years: int = 1) -> Any:
        return lambda school: school.history(name)[-years:]

    for name, bound in (("rating", 50.0), ("growth", 0.0), ("fill", 0.95)):
        below = schools_where(reviewed, lambda s, n=name, b=bound: any(v < b for v in last(n)(s)))
        above = schools_where(reviewed, lambda s, n=name, b=bound: any(v > b for v in last(n)(s)))
        assert schools_that_meet(reviewed, **{f"{name}_below": bound}) == below
        assert schools_that_meet(reviewed, **{f"{name}_above": bound}) == above
    assert schools_that_meet(reviewed, rating_below=50)
    assert schools_that_meet(reviewed, rating_above=50)
    twice = schools_where(reviewed, lambda s: len(last("rating", 2)(s)) == 2 and max(last("rating", 2)(s)) < 55)
    assert schools_that_meet(reviewed, rating_below=55, years=2) == twice
    low, high = schools_that_meet(reviewed, rating_above=20), schools_that_meet(reviewed, rating_below=60)
    assert schools_that_meet(reviewed, rating_above=20, rating_below=60) == low & high


def test_of_a_list_any_is_enough_and_the_reason_is_the_one_that_holds(reviewed: District) -> None:
    low, full = {"rating_below": 45}, {"growth_above": 0.0}
    trigger = When.model_validate([low, full])
    either = {school.key for school in reviewed.open_schools() if trigger.met_by(school) is not None}
    assert either == schools_that_meet(reviewed, **low) | schools_that_meet(reviewed, **full)
    only_full = schools_that_meet(reviewed, **full) - schools_that_meet(reviewed, **low)
    assert only_full
    for key in only_full:
        assert str(trigger.met_by(reviewed.school(key))).startswith("growth ")
    assert trigger.in_words() == "rating below 45 or growth above 0 SD"


def test_the_gap_is_the_one_in_the_record(reviewed: District) -> None:
    rows = [
        row
        for row in reviewed.record.rows["gap_year"]
        if (row["subject"], row["band"]) == ("math", "3-8")
        and (row["focal"], row["reference"]) == (city().focal_group, city().reference_group)
    ]
    assert reviewed.gap_history() == [row["gap"] for row in rows]
    assert len(rows) == 4
    assert reviewed.gap_history("low income", "not low income")[-1] == next(
        row["gap"]
        for row in reversed(reviewed.record.rows["gap_year"])
        if (row["subject"], row["band"], row["focal"]) == ("math", "3-8", "low income")
    )
    groups = city().groups
    one, other = groups[0], groups[-1]
    assert reviewed.gap_history(one, other) == [-gap for gap in reviewed.gap_history(other, one)]


def test_a_gap_just_above_and_just_below(reviewed: District) -> None:
    gap = reviewed.gap_history()[-1]
    near = 1e-6
    for bound, side in ((gap - near, "above"), (gap + near, "below")):
        reason = IfDistrict.model_validate({f"gap_{side}": bound}).held_in(reviewed)
        assert reason is not None
        assert reason.startswith(f"gap {gap:.3g} SD {side} ")
    assert IfDistrict.model_validate({"gap_above": gap + near}).held_in(reviewed) is None
    assert IfDistrict.model_validate({"gap_below": gap - near}).held_in(reviewed) is None
    pair = {"gap_above": -3, "groups": ["low income", "not low income"], "years": 2}
    assert str(IfDistrict.model_validate(pair).held_in(reviewed)).startswith("gap of not low income less low income ")


def test_without_tested_pupils_no_gap_is_above_or_below(reviewed: District) -> None:
    assert all(math.isnan(gap) for gap in reviewed.gap_history("nobody", "White"))
    for side in ("above", "below"):
        named = {f"gap_{side}": -3 if side == "above" else 3, "groups": ["nobody", "White"]}
        assert IfDistrict.model_validate(named).held_in(reviewed) is None


def test_schools_are_closed_only_in_years_after_a_wide_gap() -> None:
    """The trigger of the school and that of the district both have to hold, and both are in the reason."""
    free = Closure.model_validate({**CLOSE, "when": {"rating_below": 60}, "first": 2027})
    gaps = District(plan_of(years=4), seed=2).run_to_end().gap_history()
    bound = sorted(gaps[:4])[1]
    held = Closure.model_validate({**free.model_dump(), "when": {"rating_below": 60, "gap_above": bound}})
    district = District(plan_of({"it": held}, years=4), seed=2).run_to_end()
    gaps = district.gap_history()
    wide = {city().opening_year + 1 + k for k in range(4) if gaps[k] > bound}
    years = {row["year"] for row in decided(district)}
    assert years
    assert years <= wide
    assert len(wide) < 4, "there is a year in which it must not act"
    for row in decided(district):
        assert row["because"].startswith("rating ")
        assert " and gap " in row["because"]


def test_lengthening_stops_when_it_has_cost_enough() -> None:
    """One school a year; after the year in which the recorded cost passes the bound nobody else starts."""
    free = lengthening(schools_per_year=1)
    costs = free.cost_history()
    assert costs[0] == 0
    assert costs == sorted(costs)
    bound = (costs[1] + costs[2]) / 2
    held = lengthening(schools_per_year=1, if_district={"cost_below": bound})
    first = city().opening_year + 1
    assert [row["year"] for row in decided(free)] == [first, first + 1, first + 2, first + 3]
    assert [row["year"] for row in decided(held)] == [first, first + 1]
    assert "recorded cost 0 dollars below" in decided(held)[0]["because"]


def test_phases_of_schools_add_up_to_all_and_phases_of_a_yearly_limit_to_the_limit() -> None:
    everywhere = lengthening(phase_in_years=3)
    schools, first = len(everywhere.schools), city().opening_year + 1
    by_year = [sum(row["year"] <= first + k for row in decided(everywhere)) for k in range(4)]
    assert by_year == [math.ceil(schools / 3), math.ceil(2 * schools / 3), schools, schools]
    assert schools >= 6
    limited = lengthening(phase_in_years=2, schools_per_year=2)
    assert [sum(row["year"] == first + k for row in decided(limited)) for k in range(2)] == [1, 2]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ({}, "name at least one of rating_below, rating_above"),
        ([], "name at least one of"),
        ({"years": 3}, "name at least one of"),
        ([{"rating_below": 30}, {"years": 2}], "name at least one of"),
        ({"rating_below": 30, "rating_above": 60}, "rating_above 60 and rating_below 30 cannot both hold"),
        ({"fill_below": 0.5, "fill_above": 0.5}, "fill_above 0.5 and fill_below 0.5 cannot both hold"),
        ({"gap_above": 0.7, "groups": ["Black"]}, "groups are two"),
        ({"gap_above": 0.7, "groups": ["Black", "Black"]}, "groups are two"),
        ({"rating_below": 30, "groups": ["Black", "White"]}, "groups go with gap_above or gap_below"),
        ({"any_of": [{"rating_below": 30}], "years": 2}, "any_of stands alone"),
    ],
)
def test_what_is_no_trigger(when: Any, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        When.model_validate(when)


def test_the_district_has_no_rating() -> None:
    with pytest.raises(ValidationError, match="rating_below"):
        IfDistrict.model_validate({"rating_below": 30})


def test_a_trigger_comes_back_as_it_was_written() -> None:
    one, many = {"rating_below": 30.0, "years": 2}, [{"rating_below": 30.0}, {"gap_above": 0.7}]
    assert When.model_validate(one).model_dump(exclude_unset=True) == one
    assert When.model_validate(many).model_dump(exclude_unset=True) == many


def test_a_school_never_rated_meets_no_bound() -> None:
    district = District(plan_of(years=1), seed=2)
    school: School = district.schools[0]
    school._history["rating"].clear()
    for side in ("above", "below"):
        assert When.model_validate({f"rating_{side}": 0 if side == "above" else 100}).met_by(school) is None
