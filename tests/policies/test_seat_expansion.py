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

ANY: dict[str, Any] = {"rating_above": None, "fill_above": None, "first": 2027, "last": 2027}


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
        pupils = elm.pupils, usual.school("elm").pupils
        assert pupils[0] > pupils[1] if passed else pupils[0] == pupils[1]


@pytest.mark.parametrize(("weight", "term"), [(0.0, 0.0), (1.0, np.log(1.5))])
def test_a_larger_school_draws_by_the_size_term_of_new_schools(weight: float, term: float) -> None:
    """Twice the seats are twice the chances to be liked; at weight 0 who comes is who had wanted to and had no
    seat. Three years: after that its operator would give seats up that stay empty."""
    policy = SeatExpansion.model_validate({**ANY, "schools": ["union"], "seats": 48, "lead_years": 0})
    usual = District(plan_of(years=3).with_parameters({"families.size_weight": weight}), 2)
    district = District(plan_of({"more": policy}, years=3).with_parameters({"families.size_weight": weight}), 2)
    before, opening = district.constants.copy(), district.opening.demand.constants.copy()
    district.step()
    change = district.constants - before
    union = district.school("union").index
    assert change[2, :, union] == pytest.approx(np.full(change.shape[1], term))
    change[2, :, union] = 0.0
    assert (change == 0).all()
    assert (district.opening.demand.constants == opening).all(), "other runs share the opening"
    usual.run_to_end()
    district.run_to_end()
    more = district.school("union").pupils / usual.school("union").pupils
    assert (1.0 < more < 1.2) if weight == 0 else (1.2 < more < 1.5)


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
