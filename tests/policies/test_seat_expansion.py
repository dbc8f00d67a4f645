"""Seats are added where schools are full and well rated, when they were to be, and children take them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.district import District
from sim.policies.closure import Closure
from sim.policies.seat_expansion import SeatExpansion
from tests.cities import CLOSE, plan_of
from tests.policies.decided import decisions


def building(seed: int = 2, years: int = 3, others: dict[str, Any] | None = None, **changes: Any) -> District:
    settings = {"rating_above": 60, "fill_above": 0.8, "first": 2027, "last": 2027, **changes}
    return District(plan_of({"more": SeatExpansion.model_validate(settings), **(others or {})}, years=years), seed)


def test_full_and_well_rated_schools_are_built_up_best_first_up_to_the_cap() -> None:
    district = building(per_year=1)
    able = {s.key: s.rating for s in district.schools if s.rating > 60 and s.fill > 0.8}
    assert len(able) > 1
    district.step()
    (built,) = decisions(district, "add seats")
    assert built["school"] == max(able, key=able.__getitem__)
    assert "rating" in built["because"]
    assert "fill" in built["because"]


def test_the_seats_are_there_after_the_lead_years_and_are_taken() -> None:
    district, usual = building(schools=["elm"], more=0.5, lead_years=1, years=4), District(plan_of(years=4), 2)
    before = usual.school("elm").seats.copy()
    for passed in range(4):
        district.step()
        usual.step()
        elm = district.school("elm")
        added = np.rint(0.5 * before).astype(int) if passed else np.zeros_like(before)
        assert elm.seats.tolist() == (before + added).tolist()
        assert (elm.roll <= elm.seats).all()
        assert elm.pupils == usual.school("elm").pupils if passed == 0 else elm.pupils > usual.school("elm").pupils


def test_more_seats_do_not_make_a_school_better_liked() -> None:
    """The constants families have for it stay those of the opening: who comes is who wanted to and had no seat."""
    district = building(schools=["elm"], more=1.0, lead_years=0)
    before = district.constants.copy()
    district.step()
    assert (district.constants == before).all()
    asked_for = District(plan_of(years=1), 2).school("elm")
    # twice the seats are not twice the pupils
    assert asked_for.pupils < district.school("elm").pupils < 2 * asked_for.pupils


@pytest.mark.parametrize(("seats", "from_grade"), [(10, None), (31, 6), (7, 3), (400, 0)])
def test_a_number_of_seats_is_spread_over_the_grades_asked_for(seats: int, from_grade: int | None) -> None:
    district = building(schools=["elm"], seats=seats, from_grade=from_grade, lead_years=0)
    before = district.school("elm").seats.copy()
    district.step()
    elm = district.school("elm")
    added = elm.seats - before
    assert added.sum() == seats, "the opening seats of this school are equal in all grades"
    assert (added >= 0).all()
    assert (added[: from_grade or 0] == 0).all()
    assert (np.diff(elm.seats[list(elm.grades)]) >= 0).all()


def test_seats_in_a_low_grade_come_with_seats_in_those_above() -> None:
    """The cohorts that fill them are promoted; a school with fewer seats above would turn children away."""
    district = building(schools=["elm"], seats=9, lead_years=0)
    elm = district.school("elm")
    elm.seats = elm.seats.copy()
    elm.seats[:3] -= 5
    district.step()
    assert (np.diff(elm.seats[list(elm.grades)]) >= 0).all()
    assert elm.seats[0] == 39 - 5 + 1


def test_a_school_is_not_built_up_beyond_the_limit_nor_again_while_it_waits() -> None:
    limited = building(schools=["elm"], fill_above=None, at_most=500, lead_years=0, last=None, years=6).run_to_end()
    assert 400 < limited.school("elm").total_seats <= 500
    waiting = building(schools=["elm"], fill_above=None, lead_years=3, last=None, years=5).run_to_end()
    assert [row["year"] for row in decisions(waiting, "add seats")] == [2027, 2031], (
        "not before those of 2030 are there"
    )


def test_added_seats_count_for_those_a_closure_asks_for() -> None:
    """A closure that waits for better seats goes ahead once such seats will be there when it takes effect."""
    close = Closure.model_validate({**CLOSE, "first": 2027, "last": 2027, "only_if_better_seat_within": 3.0})
    without = District(plan_of({"close": close}, years=1), 2)
    without.step()
    assert decisions(without, "keep")
    assert not decisions(without, "close")
    with_seats = building(others={"close": close}, more=1.0, fill_above=None, per_year=9, lead_years=1)
    with_seats.step()
    assert len(decisions(with_seats, "close")) == 1
    too_late = building(others={"close": close}, more=1.0, fill_above=None, per_year=9, lead_years=3)
    too_late.step()
    assert not decisions(too_late, "close")
