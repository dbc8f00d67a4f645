"""What closing does, and when it does not close."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.district import District
from sim.plan import Plan
from sim.policies.closure import Closure
from tests.cities import CLOSE, city, plan_of


def closing(**changes: Any) -> Plan:
    settings = {**CLOSE, "when": {"rating_below": 45, "years": 1}, "first": 2027, "last": 2027, **changes}
    return plan_of({"weakest": Closure.model_validate(settings)}, years=4)


def decisions(district: District, action: str) -> list[dict[str, Any]]:
    return [row for row in district.record.rows["decision"] if row["action"] == action]


def test_the_weakest_rated_school_is_closed_with_notice_and_its_pupils_are_displaced() -> None:
    district = District(closing(notice_years=1), seed=2)
    ratings = {school.key: school.rating for school in district.schools if school.rating < 45}
    district.step()
    (closed,) = decisions(district, "close")
    assert closed["school"] == min(ratings, key=ratings.__getitem__)
    assert "rating" in closed["because"]
    assert closed["effective"] == 2028
    school = district.school(closed["school"])
    assert school.status == "closing"
    assert school.pupils > 0, "it teaches through the year of notice"
    assert school.roll[school.grades.start] == 0, "it takes nobody new"
    going_on = int(school.roll[: school.grades.stop - 1].sum())
    district.step()
    assert school.status == "closed"
    assert school.pupils == 0
    moved = district.students.displaced_in == 2028
    stayed_in_city = district.students.place[moved] != -3
    assert 0 < moved.sum() <= going_on
    assert stayed_in_city.all(), "those who left the city over the summer are not displaced"
    assert (district.students.displaced_from[moved] == school.index).all()
    rows = district.record.rows["displaced"]
    assert sum(row["pupils"] for row in rows) == moved.sum()
    assert all(row["pupils"] == row["better"] + row["equal"] + row["worse"] + row["outside"] for row in rows)


def test_without_notice_the_school_is_closed_at_once_and_nothing_is_announced() -> None:
    district = District(closing(notice_years=0), seed=2)
    district.step()
    school = district.school(decisions(district, "close")[0]["school"])
    assert (school.status, school.pupils, school.announced) == ("closed", 0, None)


def test_grade_by_grade_the_pupils_finish_and_nobody_is_displaced() -> None:
    district = District(closing(notice_years=1, mode="grade by grade", per_year=1), seed=2)
    district.step()
    school = district.school(decisions(district, "close")[0]["school"])
    grades = [school.grades]
    for _ in range(3):
        district.step()
        grades.append(school.grades)
    assert [g.start for g in grades[:4]] == [school.grades_at_full_size.start + k for k in range(4)]
    assert school.status == "closing"
    assert (district.students.displaced_in == 0).all()


def test_the_cap_holds_and_no_school_is_closed_twice() -> None:
    plan = closing(per_year=1, when={"rating_below": 80, "years": 1}, last=2029)
    district = District(plan, seed=2).run_to_end()
    years = [row["year"] for row in decisions(district, "close")]
    assert len(years) == len(set(years)) == 3
    assert len({row["school"] for row in decisions(district, "close")}) == 3


def test_a_school_stays_open_where_there_is_no_better_seat_nearby() -> None:
    district = District(closing(only_if_better_seat_within=0.01), seed=2)
    district.step()
    assert not decisions(district, "close")
    kept = decisions(district, "keep")
    assert kept
    assert all("better seats within 0.01 miles" in row["because"] for row in kept)


def test_the_zones_of_a_closed_school_get_seats_at_a_better_rated_district_school() -> None:
    district = District(closing(sector="district", notice_years=0), seed=2)
    district.step()
    school = district.school(decisions(district, "close")[0]["school"])
    before = district.codes.zone_school == school.index
    assert before.any()
    now = np.unique(district.zone_school[before])
    heirs = [district.schools[index] for index in now if index >= 0]
    assert heirs
    assert school not in heirs
    for heir in heirs:
        assert (heir.sector, heir.status) == ("district", "open")


def test_the_year_of_notice_and_the_displaced_move_cost_what_the_parameters_say() -> None:
    quiet = {
        "learning.school_year_sd": 0.0,
        "learning.peer_effect": 0.0,
        "disruption.receiving": 0.0,
        "disruption.turnover": 0.0,
    }
    plan = closing(notice_years=1).with_parameters(quiet)
    free = plan.with_parameters({"disruption.announcement": -0.02, "disruption.displaced": 0.0})
    costly, cheap = District(plan, seed=2), District(free, seed=2)
    costly.step()
    cheap.step()
    school = costly.school(decisions(costly, "close")[0]["school"])
    mine = costly.students.place == school.index
    change = costly.students.school_made[mine] - cheap.students.school_made[mine]
    assert change == pytest.approx(np.full(change.shape, -0.05 - -0.02))
    costly.step()
    cheap.step()
    moved = costly.students.displaced_in == 2028
    there = moved & (costly.students.place >= 0)
    carried = 0.7 * (-0.05 - -0.02)
    change = costly.students.school_made[there] - cheap.students.school_made[there]
    assert change == pytest.approx(np.tile([carried - 0.10, carried - 0.06], (there.sum(), 1)))


def test_a_two_year_trigger_waits_for_the_second_spring_where_the_file_has_no_history() -> None:
    without = replace(city(), ratings=city().ratings.iloc[:0])
    plan = replace(closing(when={"rating_below": 45, "years": 2}, last=2030), city=without)
    district = District(plan, seed=2)
    district.step()
    assert not decisions(district, "close"), "one spring is known: the opening June"
    district.step()
    assert decisions(district, "close")


def test_with_a_history_in_the_file_it_fires_in_the_first_year() -> None:
    table = city().ratings
    assert sorted(table["year"].unique())[-1] == city().opening_year
    assert table["year"].nunique() >= 2
    district = District(closing(when={"rating_below": 45, "years": 2}), seed=2)
    district.step()
    assert decisions(district, "close")


def test_schools_named_are_closed_whatever_their_rating_and_no_other_is() -> None:
    best = max((s for s in District(closing(), seed=2).schools if s.rating >= 0), key=lambda s: s.rating).key
    district = District(closing(when=None, schools=(best,), per_year=5), seed=2)
    district.step()
    assert [row["school"] for row in decisions(district, "close")] == [best]


def test_schools_named_still_have_to_meet_the_trigger_where_there_is_one() -> None:
    best = max((s for s in District(closing(), seed=2).schools if s.rating >= 0), key=lambda s: s.rating).key
    district = District(closing(schools=(best,)), seed=2).run_to_end()
    assert not decisions(district, "close")
    assert f"({best})" in closing(schools=(best,)).policies["weakest"].in_words()
