"""Staffs: an untouched city stays as it is, no teacher is lost, and layoffs cost what they should."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.agents.schools import PRACTICES, School
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
    teachers_needed,
    usual_staff,
)

P = Parameters()
USUAL = StaffRules()
shares = st.floats(0, 1)


def school(pupils: int = 300, sector: str = "district", **more: Any) -> School:
    """A school as far as its staff goes."""
    facts: dict[str, Any] = {
        "index": 0,
        "pupils": pupils,
        "sector": sector,
        "district_run": sector == "district",
        "operator": "district" if sector == "district" else "single_charter",
        "in_session": True,
        "smaller_classes": 0.0,
        "levels": dict.fromkeys(PRACTICES, 0.0),
        "usual": dict.fromkeys(PRACTICES, 0.0),
        "new": False,
        "new_staff": False,
        "restarted": None,
        "age": lambda year: None,
        "staff": Staff(),
        "converts": False,
        "key_bits": 7,
    }
    return cast(School, SimpleNamespace(**facts | more))


def city_of(*schools: School) -> list[School]:
    """Schools in the order of their places in the columns."""
    for index, one in enumerate(schools):
        one.index = index
    return list(schools)


def stayed(one: School, before: Staff) -> float:
    """Teachers of last year who were free to stay: those who left of themselves are not among them."""
    staff = one.staff
    left = staff.turnover * before.teachers - staff.laid_off - staff.moved_out
    return before.teachers - left


# -- an untouched city ----------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(1, 3000), st.sampled_from(["district", "charter"])), min_size=1, max_size=12))
def test_untouched_city_never_leaves_its_norm(schools: list[tuple[int, str]]) -> None:
    """Ten years of the same rolls: the same staffs bit for bit, and not the least value."""
    here = city_of(*(school(pupils, sector) for pupils, sector in schools))
    hires = usual_staff(here, P)
    first = [one.staff for one in here]
    for year in range(2027, 2037):
        staff_summer(here, year, USUAL, hires, P)
        assert [one.staff for one in here] == first
        assert not staff_value(here, P).any()


@given(st.integers(50, 2000), st.lists(st.floats(0.87, 1.13), min_size=1, max_size=10))
def test_ordinary_years_move_no_staff(pupils: int, swings: list[float]) -> None:
    """Rolls within what a school bears: whole pupils, so at most one of them beyond the swing."""
    (one,) = here = city_of(school(pupils))
    hires = usual_staff(here, P)
    usual = one.staff
    for year, swing in enumerate(swings, 2027):
        cast(Any, one).pupils = round(pupils * swing)
        staff_summer(here, year, USUAL, hires, P)
        assert one.staff == usual


def test_slack_by_hand() -> None:
    """300 pupils, 15 a teacher, 15 percent borne: 345 need the same 20 teachers, 460 need 400 / 15, and 170 need
    200 / 15."""
    for pupils, teachers, sized in ((345, 20, 300), (255, 20, 300), (460, 400 / 15, 400), (170, 200 / 15, 200)):
        assert teachers_needed(school(pupils), 300.0, P) == pytest.approx((teachers, sized))
    assert teachers_needed(school(170), 0.0, P) == pytest.approx((170 / 15, 170))
    assert teachers_needed(school(300, smaller_classes=0.25), 300.0, P)[0] == pytest.approx(20 / 0.75)
    assert teachers_needed(school(300, in_session=False), 300.0, P) == (0.0, 0.0)


# -- no teacher is lost ---------------------------------------------------------------------------------------------

changes = st.lists(
    st.tuples(
        st.sampled_from(["district", "charter"]),
        st.integers(1, 1500),
        st.lists(st.integers(0, 1500), min_size=4, max_size=4),
        st.floats(0, 0.5),
        st.floats(0, 0.5),
    ),
    min_size=1,
    max_size=8,
)


@settings(deadline=None)
@given(changes, shares, st.one_of(st.none(), shares), shares)
def test_teachers_add_up(
    schools: list[tuple[str, int, list[int], float, float]], judged: float, paid: float | None, extra: float
) -> None:
    """Whatever rolls, class sizes and days do: shares are shares; those who stay, come and are hired are those there;
    moved teachers arrive; a school has what it needs, or more where layoffs were saved."""
    here = city_of(*(school(pupils, sector) for sector, pupils, *_ in schools))
    hires, rules = usual_staff(here, P), StaffRules(judged, paid, extra)
    for k in range(4):
        before = [one.staff for one in here]
        for one, (_, _, rolls, smaller, longer) in zip(here, schools, strict=True):
            cast(Any, one).pupils, one.smaller_classes = rolls[k], smaller
            one.levels["extended_time"] = longer
        staff_summer(here, 2027 + k, rules, hires, P)
        assert np.isfinite(staff_value(here, P)).all()
        for one, last in zip(here, before, strict=True):
            staff = one.staff
            for share in (staff.first_year, staff.second_year, staff.first_year + staff.second_year, staff.wear):
                assert -1e-12 <= share <= 1 + 1e-12
            assert min(staff.teachers, staff.hired, staff.laid_off, staff.moved_in, staff.moved_out) >= 0
            assert staff.hired == 0 or staff.laid_off == 0
            need, _ = teachers_needed(one, last.sized_for, P)
            there = stayed(one, last) - staff.laid_off - staff.moved_out + staff.moved_in + staff.hired
            if need:
                assert 0 <= staff.turnover <= 1 + 1e-12
                assert there == pytest.approx(staff.teachers, rel=1e-9, abs=1e-9)
                saved = P["staff.fewer_layoffs"] * staff.laid_off / (1 - P["staff.fewer_layoffs"])
                assert need - 1e-9 <= staff.teachers <= need + saved + 1e-9
            else:
                assert staff.teachers == 0
            if not one.district_run:
                assert staff.moved_in == staff.moved_out == 0
        moved_in, moved_out = (sum(getattr(one.staff, name) for one in here) for name in ("moved_in", "moved_out"))
        assert moved_in == pytest.approx(moved_out, abs=1e-9)


def test_nobody_is_laid_off_while_posts_are_free_that_fit() -> None:
    """A district school of 300 closes; eight others of 300 hire three teachers each, of which 70 percent fit."""
    closes, *others = here = city_of(*(school(300) for _ in range(9)))
    hires = usual_staff(here, P)
    cast(Any, closes).pupils = 0
    staff_summer(here, 2027, USUAL, hires, P)
    # 20 teachers less 3 who leave are 17; 24 posts are free, 16.8 of them fit
    assert closes.staff.moved_out == pytest.approx(16.8)
    assert closes.staff.laid_off == pytest.approx(0.2)
    assert [one.staff.moved_in for one in others] == pytest.approx([2.1] * 8)
    assert [one.staff.hired for one in others] == pytest.approx([0.9] * 8)
    # fewer beginners than usual, and better ones, since the city hires little
    assert (staff_value(here, P)[1:] > 0).all()


def test_charters_take_nobody_over() -> None:
    closes, other = here = city_of(school(300), school(300, "charter"))
    hires = usual_staff(here, P)
    cast(Any, closes).pupils = 0
    staff_summer(here, 2027, USUAL, hires, P)
    assert closes.staff.laid_off == pytest.approx(17)
    assert other.staff.moved_in == 0


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
    one = school(age=lambda year: age, levels=dict.fromkeys(PRACTICES, 0.0))
    nothing = np.zeros((1, len(SUBJECTS)))
    quiet = Parameters({"learning.school_year_sd": 0.0})
    added = value_added([one], nothing, nothing, nothing, nothing + staff, 2030, 1, 0.0, quiet).value[0]
    total = {1: "quality.first_year", 2: "quality.second_year"}.get(age)
    expected = np.minimum(quiet.with_reading_ratio(total), staff) if total else np.full(len(SUBJECTS), staff)
    assert added == pytest.approx(expected)


def test_default_start_up_staff_is_no_worse_than_the_published_loss() -> None:
    """A new charter of a usual operator: what its staff costs leaves room within the totals of both years."""
    opens, _ = here = city_of(school(0, "charter", in_session=False), school(9000))
    hires = usual_staff(here, P)
    cast(Any, opens).pupils, cast(Any, opens).in_session, opens.new = 150, True, True
    for age, total in ((1, "quality.first_year"), (2, "quality.second_year")):
        cast(Any, opens).age = lambda year, age=age: age
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
