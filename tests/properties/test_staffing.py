"""Staffs: an untouched city stays as it is, and no teacher is lost."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.agents.schools import School
from sim.agents.staff import Staff
from sim.parameters import Parameters
from sim.year.rules import StaffRules
from sim.year.staffing import staff_summer, staff_value, teachers_needed, usual_staff
from tests.properties.staffed_schools import city_of, school

P = Parameters()
USUAL = StaffRules()
shares = st.floats(0, 1)


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
