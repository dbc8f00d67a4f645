"""Smaller classes help after a bad start, early grades most, and cost teachers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.district import District
from sim.policies.teaching.class_size import ClassSize
from sim.year.practices import class_size_value
from tests.cities import plan_of


def district_with(**settings: Any) -> District:
    """The tiny city with smaller classes at one school."""
    policy = ClassSize.model_validate({"where": {"schools": ["ash"]}} | settings)
    return District(plan_of({"it": policy}, years=4), 1)


def test_new_teachers_cost_at_first() -> None:
    """The gain is there at once; the newly hired teachers' first two years take some of it."""
    district = district_with(smaller_by=0.32)
    school, gains, staff = district.school("ash"), [], []
    for _ in range(4):
        district.step()
        gains.append(class_size_value(district.schools, district.plan.parameters)[school.index, 0])
        staff.append(district.staff_added[school.index, 0])
    assert gains == pytest.approx([gains[0]] * 4, abs=0.005)
    assert staff[0] < staff[1] < staff[2] < 0
    assert staff[2] == pytest.approx(staff[3], abs=0.001)
    assert gains[0] + staff[0] > 0


def test_published_effect_is_met_in_early_grades() -> None:
    """Four years in classes smaller by the studied cut come to .20 SD, whatever is kept from year to year."""
    for retention in (0.5, 0.7, 0.85):
        plan = plan_of(years=1).with_parameters({"learning.retention.math": retention})
        district = District(plan, 1)
        school = district.school("ash")
        school.smaller_classes = 0.32
        school.roll = np.array([60] * 4 + [0] * 9)
        yearly = class_size_value(district.schools, plan.parameters)[school.index, 0]
        made = 0.0
        for _ in range(4):
            made = retention * made + yearly
        assert made == pytest.approx(0.20)


def test_later_grades_gain_less() -> None:
    district = District(plan_of(years=1), 1)
    school, p = district.school("ash"), district.plan.parameters
    school.smaller_classes = 0.3
    school.roll = np.array([60] * 4 + [0] * 9)
    early = class_size_value(district.schools, p)[school.index]
    school.roll = np.array([0] * 4 + [60] * 5 + [0] * 4)
    late = class_size_value(district.schools, p)[school.index]
    assert late == pytest.approx(p["class_size.later_grades"] * early)


def test_it_costs_teachers() -> None:
    district = district_with(smaller_by=0.25)
    district.step()
    (row,) = [r for r in district.record.rows["cost_year"] if r["year"] == 2027 and r["item"] == "smaller classes"]
    # a quarter fewer pupils for each teacher is a third more teachers
    expected = district.school("ash").pupils / 3 * 0.45 * district.city.dollars_per_pupil
    assert row["dollars"] == pytest.approx(expected)


def test_only_newly_hired_teachers_are_new() -> None:
    """A second, smaller cut needs fewer new teachers than the first."""
    district = District(plan_of(years=3), 1)
    school, staff = district.school("ash"), []
    for smaller in (0.25, 0.25, 0.30):
        district.make_classes_smaller("ash", smaller)
        district.step()
        staff.append(school.staff)
    before = district.school("ash").staff.sized_for / 15
    assert staff[0].teachers == pytest.approx(before / 0.75)
    assert staff[2].teachers == pytest.approx(before / 0.70)
    # a quarter fewer pupils a teacher: a quarter of the teachers, and those who replace the leavers, are new
    assert staff[0].hired == pytest.approx(before / 0.75 - 0.85 * before)
    assert staff[1].hired == pytest.approx(0.15 * before / 0.75)
    assert staff[1].hired < staff[2].hired < staff[0].hired
