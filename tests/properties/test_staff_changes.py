"""What staffs cost and add by hand: layoffs by both rules, who leaves, who is hired, start-up years, money."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.schools import PRACTICES
from sim.agents.staff import Staff
from sim.city import SUBJECTS
from sim.parameters import Parameters
from sim.year.learning import value_added
from sim.year.rules import StaffRules
from sim.year.staffing import (
    Group,
    effectiveness_of_hired,
    lay_off,
    norm_of,
    staff_dollars,
    staff_summer,
    staff_value,
    usual_staff,
)
from tests.properties.staffed_schools import city_of, school

P = Parameters()
USUAL = StaffRules()
shares = st.floats(0, 1)


# -- layoffs --------------------------------------------------------------------------------------------------------


def test_both_layoff_rules_by_hand() -> None:
    """Twenty teachers, one in ten a beginner, two laid off: by seniority exactly the two beginners; by effectiveness
    two as they come by experience, .26 times a tenth better on the mean of all that were there."""
    there = Group(20.0, 0.10, 0.0)
    assert lay_off(there, 2.0, 0.0, 0.26) == Group(18.0, 0.0, 0.0)
    judged = lay_off(there, 2.0, 1.0, 0.26)
    assert judged.teachers == 18.0
    assert judged.beginners == pytest.approx(0.10)
    assert judged.effectiveness == pytest.approx(0.026)
    # those laid off are then .26 x 18 / 20 below the mean: with few of them, .26
    assert (20 * 0.0 - 18 * judged.effectiveness) / 2 == pytest.approx(-0.26 * 0.9)
    half = lay_off(there, 2.0, 0.5, 0.26)
    assert (half.beginners, half.effectiveness) == (pytest.approx(1 / 19), pytest.approx(0.013))


def test_seniority_costs_more() -> None:
    """The same shrinking district school: more laid off, and less added, by seniority than by effectiveness."""
    found = {}
    for judged in (0.0, 0.5, 1.0):
        (one,) = here = city_of(school(600))
        hires = usual_staff(here, P)
        cast(Any, one).pupils = 340
        staff_summer(here, 2027, StaffRules(judged), hires, P)
        found[judged] = (one.staff.laid_off, float(staff_value(here, P)[0, 0]), float(staff_value(here, P)[0, 1]))
    # 40 teachers less 6 who leave, for the 400 pupils that 340 stand for: 26.67; a tenth fewer by effectiveness
    assert found[0.0][0] == pytest.approx(34 - 400 / 15)
    assert found[1.0][0] == pytest.approx((34 - 400 / 15) * 0.9)
    for subject in (1, 2):
        assert found[0.0][subject] < found[0.5][subject] < found[1.0][subject]
    # by effectiveness the staff is .26 x 6.6 / 34 better, less half of .09 for the turnover, less no beginners hired
    better = 0.26 * 6.6 / 34
    leaving = -0.045 * (6.6 / 40)
    beginners = 0.08 * 0.075 + 0.04 * (0.075 * 0.85 - 0.075)
    assert found[1.0][1] == pytest.approx(better + leaving + beginners, abs=1e-8)


@given(st.floats(1, 100), shares, st.floats(-0.3, 0.3), shares, shares, shares)
def test_more_layoffs_never_raise_the_number_left_nor_the_beginners_by_seniority(
    teachers: float, beginners: float, effect: float, fewer: float, more: float, judged: float
) -> None:
    fewer, more = sorted((fewer, more))
    there = Group(teachers, beginners, effect)
    one, other = (lay_off(there, share * teachers, judged, 0.26) for share in (fewer, more))
    assert other.teachers <= one.teachers
    assert other.beginners <= one.beginners + 1e-9
    if other.teachers > 0:
        assert 0 <= other.beginners <= 1
        assert effect <= one.effectiveness <= other.effectiveness <= effect + 0.26


def test_charters_lay_off_by_effectiveness_whatever_the_districts_rule() -> None:
    (one,) = here = city_of(school(600, "charter"))
    hires = usual_staff(here, P)
    cast(Any, one).pupils = 300
    staff_summer(here, 2027, USUAL, hires, P)
    assert one.staff.laid_off > 0
    assert one.staff.effectiveness > 0


# -- leaving --------------------------------------------------------------------------------------------------------


def test_who_leaves_by_hand() -> None:
    """Usual, start-up, restart with and without new staff, and after longer days that are paid in part."""
    year = 2028
    cases = {
        0.15: school(),
        0.21: school(sector="charter"),
        0.42: school(sector="charter", new=True, age=lambda year: 2),
        0.15 + 0.85 / 2: school(new_staff=True, restarted=year, age=lambda year: 1),
        0.15 + 0: school(new_staff=False, restarted=year, age=lambda year: 1),
    }
    for expected, one in cases.items():
        here = city_of(one)
        hires = usual_staff(here, P)
        staff_summer(here, year, USUAL, hires, P)
        assert one.staff.turnover == pytest.approx(expected)


@given(st.floats(0, 0.5), shares)
def test_longer_days_wear_out_unless_paid(longer: float, paid: float) -> None:
    """A tenth more time without pay: two points more turnover the summer after, and never in the first one."""
    (one,) = here = city_of(school())
    hires = usual_staff(here, P)
    one.levels["extended_time"] = longer
    rules = StaffRules(extra_time_paid=paid)
    staff_summer(here, 2027, rules, hires, P)
    assert one.staff.turnover == norm_of(one, P).turnover
    staff_summer(here, 2028, rules, hires, P)
    assert one.staff.turnover == pytest.approx(0.15 + 0.02 * longer * (1 - paid) / 0.1)
    assert (staff_value(here, P) <= 0).all()
    if longer * (1 - paid) > 1e-3:
        assert (staff_value(here, P) < 0).all()


# -- hiring ---------------------------------------------------------------------------------------------------------


def test_the_more_a_city_hires_the_worse_they_are() -> None:
    """Three times as many: .2 of .15 SD worse; seven times: twice that; recruits from elsewhere make up for it."""
    assert effectiveness_of_hired(100.0, 100.0, P) == 0.0
    assert effectiveness_of_hired(300.0, 100.0, P) == pytest.approx(-0.03)
    assert effectiveness_of_hired(700.0, 100.0, P) == pytest.approx(-0.06)
    assert effectiveness_of_hired(300.0, 300.0, P) == 0.0
    assert effectiveness_of_hired(50.0, 100.0, P) == pytest.approx(-0.03 * np.log2(0.75))
    assert effectiveness_of_hired(5.0, 0.0, P) == 0.0


def test_a_new_school_by_hand() -> None:
    """All hired: half are beginners in place of a tenth, and in reading by its own published loss."""
    opens, other = here = city_of(school(0, "charter", in_session=False), school(6000))
    no_pool = Parameters({"staff.pool_slope": 0.0})
    hires = usual_staff(here, no_pool)
    cast(Any, opens).pupils, cast(Any, opens).in_session = 150, True
    staff_summer(here, 2027, USUAL, hires, no_pool)
    assert opens.staff == Staff(10.0, 0.5, 0.0, 0.21, 0.0, hired=10.0, sized_for=150.0)
    first, second = 0.5 - 0.105, -0.105 * 0.79
    expected = [-0.08 * first - 0.04 * second, -0.05 * first - 0.04 * P["learning.reading_ratio"] * second]
    assert staff_value(here, no_pool)[0] == pytest.approx(expected, abs=1e-9)
    assert not staff_value(here, no_pool)[other.index].any()


# -- start-up years -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("age", [1, 2, 3])
@pytest.mark.parametrize("staff", [-0.15, -0.06, -0.01, 0.0, 0.03])
def test_start_up_loss_is_a_total(age: int, staff: float) -> None:
    """Staff and the rest together come to the published loss, or to what the staff alone costs where that is more."""
    one = school(start_up_year=lambda year: age, levels=dict.fromkeys(PRACTICES, 0.0))
    nothing = np.zeros((1, len(SUBJECTS)))
    quiet = Parameters({"learning.school_year_sd": 0.0})
    added = value_added([one], nothing, nothing, nothing, nothing + staff, 2030, 1, 0.0, nothing, quiet).value[0]
    total = {1: "quality.first_year", 2: "quality.second_year"}.get(age)
    expected = np.minimum(quiet.with_reading_ratio(total), staff) if total else np.full(len(SUBJECTS), staff)
    assert added == pytest.approx(expected)


def test_default_start_up_staff_is_no_worse_than_the_published_loss() -> None:
    """A new charter of a usual operator: what its staff costs leaves room within the totals of both years."""
    opens, _ = here = city_of(school(0, "charter", in_session=False), school(9000))
    hires = usual_staff(here, P)
    cast(Any, opens).pupils, cast(Any, opens).in_session, opens.new = 150, True, True
    for age, total in ((1, "quality.first_year"), (2, "quality.second_year")):
        cast(Any, opens).start_up_year = cast(Any, opens).age = lambda year, age=age: age
        staff_summer(here, 2026 + age, USUAL, hires, P)
        value = staff_value(here, P)[0]
        assert (value < 0).all()
        assert (value > P.with_reading_ratio(total)).all()


# -- money ----------------------------------------------------------------------------------------------------------


def test_dollars_by_hand() -> None:
    """A fifth more time for 100 pupils at $10,000, 45 percent of it teachers' pay: the 40 percent not yet paid for."""
    (one,) = here = city_of(school(100))
    assert staff_dollars(here, 10_000.0, USUAL, 30.0, P) == {}
    one.levels["extended_time"] = 0.2
    assert staff_dollars(here, 10_000.0, USUAL, 30.0, P) == {}
    paid = staff_dollars(here, 10_000.0, StaffRules(extra_time_paid=1.0), 30.0, P)
    assert paid == {"pay for longer days": pytest.approx(100 * 0.2 * 0.4 * 0.45 * 10_000)}
    assert staff_dollars(here, 10_000.0, replace(USUAL, pool_extra=0.1), 30.0, P) == {
        "recruiting teachers": pytest.approx(15_000)
    }
