"""Zones get other schools by the rule that was asked for, and pupils stay or move as the plan says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.district import District
from sim.policies.new_zone_lines import NewZoneLines
from tests.cities import plan_of
from tests.policies.decided import decisions


def drawing(years: int = 3, seed: int = 2, first: int = 2027, **changes: Any) -> District:
    settings = {"rule": "nearest", "within": None, "first": first, **changes}
    return District(plan_of({"lines": NewZoneLines.model_validate(settings)}, years=years), seed)


def by_school(district: District, lines: np.ndarray, grades: range, flag: str | None = None) -> np.ndarray:
    """Children of some grades who live in the zones of each school, or those of them with a flag."""
    students = district.students
    grade = district.year - students.cohort
    child = (students.place >= 0) & np.isin(grade, list(grades))
    weight = getattr(students, flag)[child] if flag else None
    return np.bincount(lines[students.zone[child], grades.start], weight, minlength=len(district.schools))


def test_nearest_gives_every_zone_the_nearest_school_with_the_grade() -> None:
    district = drawing()
    before = district.zone_school.copy()
    district.step()
    for zone, grade in np.ndindex(district.zone_school.shape):
        able = [s for s in district.schools if s.sector == "district" and grade in s.grades]
        miles = {s.index: district.miles[zone, s.index] for s in able}
        assert miles[int(district.zone_school[zone, grade])] == min(miles.values())
    rows = decisions(district, "redraw zone")
    changed = (district.zone_school != before).any(axis=1)
    assert {row["because"].split(",")[0] for row in rows} == {
        name for name, new in zip(district.city.zones["name"], changed, strict=True) if new
    }
    assert all("nearest" in row["because"] and "miles" in row["because"] for row in rows)


def test_balance_fill_makes_pupils_for_each_seat_more_equal() -> None:
    district = drawing(rule="balance fill")
    before = district.zone_school.copy()
    unlike = {}
    for grades in (range(0, 9), range(9, 13)):
        seats = np.array([max(s.seats[list(grades)].sum(), 1) for s in district.schools])
        unlike[grades] = (by_school(district, before, grades), seats)
    pupils = {grades: by_school(district, before, grades) for grades in unlike}
    lines = before.copy()
    for change in _changes(district, "balance fill"):
        lines[change.zone, list(change.grades)] = change.new
    assert (lines != before).any()
    for grades, (old, seats) in unlike.items():
        new = by_school(district, lines, grades)
        share = pupils[grades].sum() / seats[old > 0].sum()
        assert ((new - share * seats) ** 2 / seats)[old > 0].sum() <= ((old - share * seats) ** 2 / seats)[
            old > 0
        ].sum()
        assert (new[old > 0] > 0).all(), "no school loses its last zone"


def _changes(district: District, rule: str, within: float | None = None) -> list[Any]:
    """What a rule would change now, seen from the June the district stands in."""
    return district.new_lines(rule, (0, 1, 2), within)


def test_mix_income_makes_low_income_shares_more_equal() -> None:
    district = drawing(rule="mix income")
    before = district.zone_school.copy()
    lines = before.copy()
    for change in _changes(district, "mix income"):
        lines[change.zone, list(change.grades)] = change.new
    for grades in (range(0, 9), range(9, 13)):
        spread = []
        for map_ in (before, lines):
            pupils, poor = by_school(district, map_, grades), by_school(district, map_, grades, "low_income")
            share = poor.sum() / pupils.sum()
            spread.append(((poor - share * pupils) ** 2 / np.maximum(pupils, 1)).sum())
        assert spread[1] < spread[0]


def test_zones_go_no_farther_than_asked_for_fill_or_mix() -> None:
    district = drawing()
    for rule in ("balance fill", "mix income"):
        assert _changes(district, rule, 30.0)
        assert all(change.miles[1] <= 1.5 for change in _changes(district, rule, 1.5))
        assert not _changes(district, rule, 0.01)


def test_a_zone_has_one_school_for_a_level() -> None:
    """Schools that teach only some of its grades are not drawn for, and zones that have one keep it."""
    district = drawing()
    grow, cedar = district.school("grow"), district.school("cedar").index
    # a district school for kindergarten to grade 3, which one zone has until then
    grow.sector, grow.grades, grow.grades_at_full_size = "district", range(0, 4), range(0, 4)
    district.zone_school[4, 0:4] = grow.index
    for rule in ("nearest", "balance fill", "mix income"):
        changes = _changes(district, rule)
        assert grow.index not in {change.new for change in changes}
        assert 4 not in {change.zone for change in changes if 0 in change.grades}
    assert district.zone_school[4, 4] == cedar
    assert any(change.zone == 4 and 6 in change.grades for change in _changes(district, "nearest"))


def test_only_the_levels_named_are_redrawn() -> None:
    district = drawing(levels=["high"])
    before = district.zone_school.copy()
    district.step()
    changed = district.zone_school != before
    assert changed[:, 9:].any()
    assert not changed[:, :9].any()
    assert all("grades 9 to 12" in row["because"] for row in decisions(district, "redraw zone"))


@pytest.mark.parametrize(("every", "years"), [(None, [2028]), (1, [2028, 2029, 2030, 2031]), (2, [2028, 2030])])
def test_lines_are_drawn_once_or_every_so_many_years(every: int | None, years: list[int]) -> None:
    policy = NewZoneLines.model_validate({"rule": "nearest", "first": 2028, "every": every})
    district = District(plan_of({"lines": policy}, years=5), 2)
    drawn = []
    usual = district.zone_school.copy()
    for _ in district.plan.years:
        district.zone_school = usual.copy()
        district.step()
        if (district.zone_school != usual).any():
            drawn.append(district.year)
    assert drawn == years


def rezoned(district: District, before: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Children in the school their zone had, whose zone has got another in the grade they go into."""
    students = district.students
    grade = np.clip(district.year - students.cohort, 0, 12)
    old, new = before[students.zone, grade], district.zone_school[students.zone, grade]
    teaches = district.teaches()
    inside = (place >= 0) & (district.year - students.cohort <= 12)
    goes_on = inside & teaches[np.maximum(place, 0), grade]
    return np.asarray(goes_on & (place == old) & (old != new) & (students.departs != district.year))


def test_pupils_stay_in_their_seats_unless_they_are_to_move_too() -> None:
    found = {}
    for stay in (True, False):
        district = drawing(pupils_stay=stay)
        before, place = district.zone_school.copy(), district.students.place.copy()
        district.step()
        mine = np.nonzero(rezoned(district, before, place))[0]
        panel = district.record.panel[2027]
        mine = mine[np.isin(mine, panel.rows)]
        now = panel.place[np.searchsorted(panel.rows, mine)]
        found[stay] = (now == place[mine]).mean()
        assert len(mine) > 20
        moved = district.students.moved[mine]
        assert (moved == (now != place[mine])).all(), "a move because the zone did is a move"
    assert found[True] > 0.85
    assert found[False] < 0.5


def test_new_lines_decide_who_is_sent_where() -> None:
    """Families who do not ask for anything else are in the new school of their zone."""
    usual, district = District(plan_of(years=3), 2), drawing(levels=["high"])
    for _ in range(3):
        usual.step()
        district.step()
    changed = usual.zone_school[:, 9] != district.zone_school[:, 9]
    (zone,) = np.nonzero(changed)[0]
    new = district.zone_school[zone, 9]
    count = [
        ((d.students.place == new) & (d.students.zone == zone) & (d.year - d.students.cohort == 9)).sum()
        for d in (usual, district)
    ]
    assert count[1] > count[0]
