"""Two schools become one: every pupil has a seat, zones go along, and one operator runs what stays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.agents.students import release
from sim.district import District
from sim.opening.population import LEFT, OUTSIDE
from sim.policies.school_merger import SchoolMerger
from tests.cities import plan_of
from tests.policies.decided import decisions
from tests.properties.year_checks import all_wrong

FREE: dict[str, Any] = {"fill_below": None, "within": 2.5, "added_seats": None, "first": 2027, "last": 2027}


def joining(years: int = 4, seed: int = 2, system: str = "zoned", **changes: Any) -> District:
    policy = SchoolMerger.model_validate({**FREE, **changes})
    return District(plan_of({"fewer": policy}, years=years, enrollment_system=system), seed)


def the_pair(district: District) -> tuple[Any, Any]:
    """Who goes and who stays in the one merger of a run."""
    (row,) = decisions(district, "merge")
    goes = district.school(row["school"])
    assert goes.joins is not None
    return goes, goes.joins


@pytest.mark.parametrize("system", ["zoned", "unified"])
@pytest.mark.parametrize("notice", [0, 1, 2])
def test_every_pupil_has_a_seat_in_the_merged_school(notice: int, system: str) -> None:
    district = joining(notice_years=notice, system=system)
    for _ in range(notice):
        district.step()
    if notice:
        goes, stays = the_pair(district)
        assert goes.status == stays.status == "open"
        assert goes.roll[0] > 0, "until then it goes on as it was"
    before = district.students.place.copy()
    district.step()
    goes, stays = the_pair(district)
    assert (goes.status, goes.pupils, stays.status) == ("closed", 0, "open")
    students = district.students
    grade = district.year - students.cohort
    mine = (before == goes.index) & np.isin(grade, list(goes.grades_at_full_size)) & (grade > 0)
    here = mine & (students.place != LEFT)
    assert here.sum() > 100
    assert (students.displaced_in[here] == district.year).all()
    assert (students.displaced_from[here] == goes.index).all()
    # all are there but for those who chose to leave the public schools or asked for another school
    panel = district.record.panel[district.year]
    now = dict(zip(panel.rows.tolist(), panel.place.tolist(), strict=True))
    places = np.array([now.get(row, OUTSIDE) for row in np.nonzero(here)[0]])
    assert (places == stays.index).mean() > 0.8
    assert (stays.roll <= stays.seats).all()
    assert (np.diff(stays.seats[list(stays.grades)]) >= 0).all()


def test_the_zones_go_along_in_the_summer_of_the_merger() -> None:
    district = joining(notice_years=1)
    before = district.zone_school.copy()
    district.step()
    assert (district.zone_school == before).all()
    district.step()
    goes, stays = the_pair(district)
    moved = before == goes.index
    assert moved.any()
    assert (district.zone_school[moved] == stays.index).all()
    assert (district.zone_school[~moved] == before[~moved]).all()


@pytest.mark.parametrize("stays_by", ["better rated", "larger"])
def test_the_better_rated_or_the_larger_building_stays(stays_by: str) -> None:
    district = joining(stays=stays_by, years=1)
    measure = {s.key: s.rating if stays_by == "better rated" else s.total_seats for s in district.schools}
    district.step()
    goes, stays = the_pair(district)
    assert measure[stays.key] >= measure[goes.key]
    assert stays.operator == "district"


def test_near_and_empty_enough_pairs_only_emptiest_first() -> None:
    district = joining(fill_below=0.9, years=1)
    fills = {s.key: s.fill for s in district.schools if s.sector == "district"}
    assert len([fill for fill in fills.values() if fill < 0.9]) >= 2
    district.step()
    goes, stays = the_pair(district)
    assert max(fills[goes.key], fills[stays.key]) < 0.9
    assert district.miles_between(goes, stays) <= 2.5
    for never in ({"fill_below": 0.5}, {"within": 1.0}, {"sector": "charter", "within": 0.5}, {"added_seats": 0}):
        other = joining(years=1, **never)
        other.step()
        assert not decisions(other, "merge"), never


def test_without_added_seats_schools_join_if_the_building_holds_both() -> None:
    district = joining(years=3, added_seats=0, fill_below=0.75, notice_years=0)
    # half the children of two schools have gone elsewhere
    for key in ("ash", "birch"):
        school = district.school(key)
        rows = np.nonzero(district.students.place == school.index)[0]
        district.students.place[rows[::2]] = OUTSIDE
    district.count_rolls()
    for key in ("ash", "birch"):
        district.school(key).note("fill", district.year, district.school(key).fill)
    total = district.school("birch").total_seats, district.school("ash").total_seats
    for _ in range(3):
        before = district.students.place.copy()
        district.step()
        assert all_wrong(district, before) == []
    goes, stays = the_pair(district)
    assert {goes.key, stays.key} == {"ash", "birch"}
    assert stays.total_seats in total, "no seat is added where none is needed"
    release(district)


def test_both_schools_stay_in_the_record() -> None:
    district = joining(notice_years=1).run_to_end()
    goes, stays = the_pair(district)
    years = {
        key: [row["status"] for row in district.record.rows["school_year"] if row["school"] == key]
        for key in (goes.key, stays.key)
    }
    assert years[goes.key] == ["open", "open", "closed", "closed", "closed"]
    assert years[stays.key] == ["open"] * 5
    (row,) = decisions(district, "merge")
    assert stays.name in row["because"]
    lost = sum(row["pupils"] for row in district.record.rows["displaced"] if row["school"] == goes.key)
    assert lost == (district.students.displaced_in == 2028).sum() > 100


def test_the_move_costs_what_a_displaced_move_costs() -> None:
    quiet = {"learning.school_year_sd": 0.0, "learning.peer_effect": 0.0}
    quiet |= {"disruption.receiving": 0.0, "disruption.turnover": 0.0}
    plan = plan_of({"fewer": SchoolMerger.model_validate({**FREE, "notice_years": 0})}, years=1).with_parameters(quiet)
    costly, cheap = District(plan, 2), District(plan.with_parameters({"disruption.displaced": 0.0}), 2)
    costly.step()
    cheap.step()
    moved = (costly.students.displaced_in == 2027) & (costly.students.place >= 0)
    assert moved.sum() > 100
    change = (costly.students.school_made - cheap.students.school_made)[moved]
    assert change == pytest.approx(np.tile([-0.10, -0.06], (moved.sum(), 1)))
