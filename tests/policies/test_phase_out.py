"""A school that is phased out sends nobody away, and another may grow in its building."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.district import District
from sim.policies.phase_out import PhaseOut
from sim.policies.replication import Replication
from tests.cities import plan_of
from tests.policies.decided import decisions


def ending(years: int = 8, others: dict[str, Any] | None = None, **changes: Any) -> District:
    settings = {"when": None, "schools": ["north"], "first": 2027, "last": 2027, **changes}
    return District(plan_of({"end": PhaseOut.model_validate(settings), **(others or {})}, years=years), 2)


@pytest.mark.parametrize("notice", [0, 1, 2])
def test_it_goes_on_through_the_notice_and_then_teaches_a_grade_fewer_every_year(notice: int) -> None:
    district = ending(notice_years=notice)
    north = district.school("north")
    for passed in range(8):
        before = north.roll.copy()
        district.step()
        gone = max(0, passed - notice + 1)
        assert list(north.grades) == list(range(9 + gone, 13))
        assert (north.roll[9] > 0) == (gone == 0), "new pupils come until the first year without entry"
        # its pupils finish: fewer only by those who leave the city, drop out or choose another school
        assert (north.roll[10:13] <= before[9:12]).all() if gone else True
        if 0 < gone < 4:
            assert north.roll[9 + gone] > 0.7 * before[8 + gone]
    assert north.status == "closed"
    assert (district.students.displaced_in == 0).all()
    (decision,) = decisions(district, "phase out")
    assert decision["effective"] == 2027 + notice


def test_without_names_the_weakest_that_meet_the_trigger_come_first() -> None:
    district = ending(schools=None, when={"rating_below": 45}, per_year=2)
    ratings = sorted((s.rating, s.key) for s in district.schools if s.rating < 45)
    district.step()
    assert [row["school"] for row in decisions(district, "phase out")] == [key for _, key in ratings[:2]]


def test_the_zones_are_guaranteed_elsewhere_from_the_first_year_without_entry_on() -> None:
    district = ending(notice_years=1)
    north, south = (district.school(key).index for key in ("north", "south"))
    before = district.zone_school.copy()
    district.step()
    assert (district.zone_school == before).all()
    district.step()
    assert (district.zone_school[before == north] == south).all()


def test_the_replacement_grows_in_the_building_as_the_old_school_shrinks() -> None:
    district = ending(notice_years=1, replaced_by="kipp", replacement_opens="as it shrinks")
    north = district.school("north")
    seats = north.seats.copy()
    district.step()
    new = district.school("kipp-1")
    assert (new.operator, new.sector, new.status) == ("kipp", "charter", "planned")
    assert (new.x_miles, new.y_miles, new.zone) == (north.x_miles, north.y_miles, north.zone)
    for grown in range(1, 5):
        district.step()
        assert list(new.grades) == list(range(9, 9 + grown))
        assert sorted([*new.grades, *north.grades]) == [9, 10, 11, 12], "the building holds every grade once"
        assert new.total_seats + north.total_seats == seats.sum()
        assert new.roll[9] > 0
    assert [row["school"] for row in decisions(district, "open")] == ["kipp-1"]


def test_the_replacement_may_wait_until_the_building_is_empty() -> None:
    district = ending(notice_years=1, replaced_by="kipp", replacement_opens="when it is empty")
    north = district.school("north")
    while north.status != "closed":
        district.step()
        assert district.school("kipp-1").pupils == 0 or north.pupils == 0
    assert district.school("kipp-1").opened == north.closed + 1 == district.year
    assert district.school("kipp-1").pupils > 0


def test_a_site_with_a_replacement_is_nobody_elses() -> None:
    networks = Replication.model_validate({"operators": ["uncommon"], "openings_per_year": 1, "seats": 60})
    alone = ending(notice_years=0, others={"open": networks}).run_to_end()
    taken = ending(notice_years=0, others={"open": networks}, replaced_by="kipp").run_to_end()
    here = "on the site of North High"
    assert [here in row["because"] for row in decisions(alone, "open")].count(True) == 1
    assert [row["school"] for row in decisions(taken, "open") if here in row["because"]] == ["kipp-1"]


def test_replacement_is_the_same_school_whenever_it_opens() -> None:
    """Opening first and closing first are compared at the same luck."""
    ways = [ending(replaced_by="kipp", replacement_opens=way) for way in ("as it shrinks", "when it is empty")]
    for district in ways:
        district.step()
    assert np.array_equal(ways[0].school("kipp-1").quality, ways[1].school("kipp-1").quality)
    assert ways[0].school("kipp-1").opened < ways[1].school("kipp-1").opened
