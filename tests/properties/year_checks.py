"""What must hold in every June of every plan; each check says what is wrong, or nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.city import GRADES
from sim.district import District
from sim.opening.population import DROPPED_OUT, FINISHED, GRADUATED, LEFT, NOT_YET, OUTSIDE, UNPLACED

GONE = (LEFT, DROPPED_OUT, GRADUATED, FINISHED)
NOT_IN_SCHOOL = (NOT_YET, OUTSIDE, UNPLACED, *GONE)


def wrong_places(district: District, before: np.ndarray | None = None) -> Iterator[str]:
    """Children who are in no place or in an impossible one. `before`: the places of the June before, if there is one.

    The pool never changes, so a child counted in one place each year is a child not lost.
    """
    students, year = district.students, district.year
    place, grade = students.place, year - students.cohort
    inside = place >= 0
    if not np.isin(place[~inside], NOT_IN_SCHOOL).all() or place.max() >= len(district.schools):
        yield "a place that is no place"
        return
    if ((students.arrives > year) != (place == NOT_YET)).any():
        yield "a child who has arrived is not yet here, or the other way round"
    if (inside & ((grade < 0) | (grade >= len(GRADES)))).any():
        yield "a child in school at no school age"
    present = inside | (place == OUTSIDE) | (place == UNPLACED)
    if (present & (grade >= len(GRADES))).any():
        yield "a child beyond grade 12 who is neither in school nor gone"
    if (present & (students.departs <= year)).any():
        yield "a child who has moved away and is still here"
    teaches = district.teaches()
    if not teaches[place[inside], grade[inside]].all():
        yield "a child in a school that is closed or does not teach the grade"
    if before is not None:
        gone = np.isin(before, GONE)
        if (place[gone] != before[gone]).any():
            yield "a child came back from where nobody comes back"
        waited = (before == NOT_YET) & (place != NOT_YET)
        if (waited & (students.arrives != year)).any():
            yield "a child came in another year than its own"
        if ((place == GRADUATED) & (before != GRADUATED) & (grade != 12)).any():
            yield "a graduate who is not in grade 12"


def wrong_rolls(district: District) -> Iterator[str]:
    """Rolls that are not the children counted, and grades with more children than seats."""
    panel = district.record.panel[district.year]
    grade = district.year - district.students.cohort[panel.rows]
    counted = np.zeros((len(district.schools), len(GRADES)), dtype=np.int64)
    np.add.at(counted, (panel.place, grade), 1)
    rolls = np.array([school.roll for school in district.schools])
    if (counted != rolls).any():
        yield "rolls that are not the children in the schools"
    seats = np.array([school.seats for school in district.schools])
    if (counted > seats).any():
        school, grade = np.argwhere(counted > seats)[0]
        yield f"{district.schools[school].key}: {counted[school, grade]} in grade {grade}, {seats[school, grade]} seats"
    tables = district.record.rows
    enrolled = sum(
        row["pupils"] for row in tables["place_year"] if row["year"] == district.year and row["place"] == "enrolled"
    )
    on_roll = sum(row["pupils"] for row in tables["school_year"] if row["year"] == district.year)
    if not len(panel.rows) == enrolled == on_roll:
        yield f"{len(panel.rows)} children in schools, {enrolled} counted by group, {on_roll} by school"


def wrong_without_seat(district: District) -> Iterator[str]:
    """Children left without a seat though a school that takes new pupils in their grade has one."""
    students, year = district.students, district.year
    admits = district.admits()
    unplaced = np.unique((year - students.cohort)[students.place == UNPLACED])
    for grade in unplaced[unplaced < len(GRADES)]:
        for school in district.schools:
            if admits[school.index, grade] and school.roll[grade] < school.seats[grade]:
                yield f"children without a seat in grade {grade}, and {school.key} has one"


def all_wrong(district: District, before: np.ndarray | None = None) -> list[str]:
    """Everything wrong with the last June."""
    return [
        f"{district.year}: {text}"
        for text in (*wrong_places(district, before), *wrong_rolls(district), *wrong_without_seat(district))
    ]


def run_checked(district: District) -> list[str]:
    """Step a district to its end and gather everything wrong in any year."""
    found = all_wrong(district)
    while district.running:
        before = district.students.place.copy()
        district.step()
        found += all_wrong(district, before)
    return found
