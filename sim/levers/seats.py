"""What policies can do to seats: how many there are, who is guaranteed one, and where a school's pupils go."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from sim.agents.schools import School, seats_in_order
from sim.city import GRADES
from sim.levers.teaching import PracticeLevers
from sim.opening.codes import LEVELS, Ints
from sim.year.zone_lines import NOT_DRAWN, Redrawn, Rule, draw_lines


class SeatLevers(PracticeLevers):
    """The part of `District` that changes seats and zones."""

    def change_enrollment(self, **rules: Any) -> None:
        """Give seats by other rules from this year on; `rules` are fields of `EnrollmentRules`. Raises TypeError for
        any other name."""
        self.rules = replace(self.rules, **rules)

    def miles_between(self, one: School, other: School) -> float:
        """Miles from school to school as the crow flies."""
        return float(np.sqrt(_squared_miles(one, other)))

    # -- seats ----------------------------------------------------------------------------------------------------

    def better_seats(
        self, school: School, within_miles: float, better_by: float, by: int | None = None
    ) -> tuple[int, int]:
        """Free seats for the school's pupils in better-rated schools nearby, and how many pupils need one.

        Seats that go on being used are not free, and seats promised to an earlier closing of this review are gone.
        Seats in grades the pupils do not need are not counted; seats that are added until the spring of `by` are.
        """
        going_on = [grade for grade in school.grades if grade + 1 in school.grades]
        needed = {grade + 1: int(school.roll[grade]) for grade in going_on}
        wanted = sum(needed.values())
        usable = dict.fromkeys(needed, 0)
        for other in self.open_schools():
            if other is school or not self._stays(other) or not other.rating >= school.rating + better_by:
                continue
            if _squared_miles(other, school) ** 0.5 > within_miles:
                continue
            for grade in needed:
                usable[grade] += max(0, self.free_seats(other, grade, by))
        return sum(min(usable[grade], count) for grade, count in needed.items()), wanted

    def free_seats(self, school: School, grade: int, by: int | None = None) -> int:
        """Seats in a grade that next year's promoted or usual new pupils do not need, nor those of a school that is
        to join; with `by`, seats agreed on until that spring are counted."""
        if grade not in school.grades:
            return 0
        only_backfill = self.rules.backfill_through < grade and grade - 1 in school.grades
        if only_backfill and not self.backfills()[school.index, grade]:
            return 0
        seats = school.seats if by is None else school.seats_by(by)
        joining = [other for other in self.open_schools() if other.joins is school]
        expected = sum(int(_expected(one)[grade]) for one in (school, *joining))
        return int(seats[grade]) - expected - self.promised_seats.get((school.index, grade), 0)

    @staticmethod
    def more_seats(school: School, more: float | int, from_grade: int | None) -> Ints:
        """Seats a school gets by grade (13,) if it is built up from a grade on, by a share of those there are or, if
        `more` is a whole number, by so many spread over the grades; those that keep a higher grade from having fewer
        than a lower one included."""
        grades = [grade for grade in school.grades_at_full_size if from_grade is None or grade >= from_grade]
        seats = school.seats.copy()
        if isinstance(more, int):
            each, rest = divmod(more, max(len(grades), 1))
            seats[grades] += each
            seats[grades[len(grades) - rest :]] += 1
        else:
            seats[grades] += np.rint(more * seats[grades]).astype(np.int64)
        return np.asarray(seats_in_order(seats, school.grades_at_full_size) - school.seats)

    def add_seats(self, key: str, more: Ints, first_spring: int) -> None:
        """Give a school seats by grade (13,) from a spring on; higher grades get what keeps them from being fewer."""
        self.school(key).coming_seats.append((first_spring, more))

    def _promise(self, school: School, grade: int, pupils: int) -> None:
        """Set seats of the nearest better schools aside, so that two closings do not count the same seat."""
        others = [o for o in self.open_schools() if self._stays(o) and o.rating >= school.rating]
        for other in sorted(others, key=lambda o: (_squared_miles(o, school), o.index)):
            take = min(pupils, max(0, self.free_seats(other, grade)))
            if take:
                key = (other.index, grade)
                self.promised_seats[key] = self.promised_seats.get(key, 0) + take
                pupils -= take
            if not pupils:
                return

    @staticmethod
    def _stays(school: School) -> bool:
        """Whether a school takes pupils and has not been told to go."""
        return school.status == "open" and not school.told_to_go

    # -- closing, phasing out, joining ----------------------------------------------------------------------------

    def close_school(self, key: str, after: int, grade_by_grade: bool, zone_goes_to_better: bool) -> None:
        """Announce that a school closes after the June of `after`; it takes nobody new, and its zones are
        guaranteed seats elsewhere at once."""
        school = self.school(key)
        school.status = "closing"
        school.told_to_go = True
        school.announced = self.year if after >= self.year else None
        school.closes_after = after
        school.grade_by_grade = grade_by_grade
        for grade in school.grades:
            if grade + 1 in school.grades:
                self._promise(school, grade + 1, int(school.roll[grade]))
        self._reassign_zones(school, zone_goes_to_better)

    def phase_out_school(self, key: str, first_spring: int, zone_goes_to_better: bool) -> None:
        """Let a school teach its lowest grade for the last time in the spring before `first_spring`, and one grade
        fewer every year; until then it goes on as it was, and nobody is sent away."""
        self.school(key).told_to_go = True
        self.in_summer(
            first_spring,
            partial(
                self.close_school,
                key,
                after=first_spring - 1,
                grade_by_grade=True,
                zone_goes_to_better=zone_goes_to_better,
            ),
        )

    def seats_when_joined(self, stays: School, goes: School) -> Ints:
        """Seats by grade of the building that stays, with both schools' pupils in it, (13,): what they need, and what
        is left of its seats spread evenly over the grades."""
        grades = stays.grades_at_full_size
        seats = seats_in_order(_expected(stays) + _expected(goes), grades)
        spare = max(0, int(stays.seats[list(grades)].sum() - seats[list(grades)].sum()))
        each, rest = divmod(spare, len(grades))
        seats[grades.start : grades.stop] += each
        seats[grades.stop - rest : grades.stop] += 1
        return seats

    def seats_to_be_added(self, stays: School, goes: School) -> int:
        """Seats the building that stays lacks for the pupils of both schools."""
        grades = list(stays.grades_at_full_size)
        return int(self.seats_when_joined(stays, goes)[grades].sum() - stays.seats[grades].sum())

    def join_schools(self, goes: str, stays: str, first_spring: int) -> None:
        """Let a school join another in the summer before `first_spring`: its zones and pupils go along, every pupil
        with a seat, and the operator is that of the school that stays."""
        school = self.school(goes)
        school.told_to_go, school.joins = True, self.school(stays)
        school.announced = self.year if first_spring > self.year else None
        self.in_summer(first_spring, partial(self._join, school, self.school(stays), first_spring - 1))

    def _join(self, goes: School, stays: School, last_june: int) -> None:
        stays.seats = self.seats_when_joined(stays, goes)
        goes.status, goes.closes_after = "closing", last_june
        self.zone_school[self.zone_school == goes.index] = stays.index

    # -- zones ----------------------------------------------------------------------------------------------------

    def zone_schools(self, grade: int) -> list[School]:
        """The schools that may guarantee zones a grade: district schools that take pupils and stay, at full size."""
        return [
            school
            for school in self.open_schools()
            if school.sector != "charter" and self._stays(school) and grade in school.grades_at_full_size
        ]

    def _reassign_zones(self, school: School, to_better: bool) -> None:
        """Guarantee the zones' seats at the nearest district school with the grade (better rated, where asked and
        where there is one)."""
        for grade in GRADES:
            zones = np.nonzero(self.zone_school[:, grade] == school.index)[0]
            if not len(zones):
                continue
            others = [other for other in self.zone_schools(grade) if other is not school]
            better = [other for other in others if other.rating > school.rating]
            pick = better if to_better and better else others
            for zone in zones:
                self.zone_school[zone, grade] = (
                    min(pick, key=lambda o: (self.miles[zone, o.index], o.index)).index if pick else -1
                )

    def new_lines(self, rule: Rule, levels: tuple[int, ...], within_miles: float | None) -> list[Redrawn]:
        """The zones that get another guaranteed school by a rule, and why, at some levels (0 elementary to 2 high).

        A zone has one school for all grades of a level: schools that teach only some of them are not drawn for, and
        zones that have such a school keep it. Levels with the same schools and the same zones are drawn together.
        """
        students = self.students
        last_june = self.year - self.in_review - students.cohort
        together: dict[tuple[tuple[int, ...], tuple[int, ...]], list[int]] = {}
        for level in levels:
            grades = LEVELS[level]
            known = [{s.index for s in self.zone_schools(grade) if grade in s.grades} for grade in grades]
            offered, partly = set.intersection(*known), set.union(*known)
            lines = self.zone_school[:, grades.start : grades.stop]
            # where no zone has a school, the level is not zoned
            if offered and (lines >= 0).any():
                partial = np.isin(lines, list(partly - offered)).any(axis=1) | (lines != lines[:, :1]).any(axis=1)
                now = tuple(np.where(partial, NOT_DRAWN, lines[:, 0]).tolist())
                together.setdefault((tuple(sorted(offered)), now), []).extend(grades)
        found = []
        for (schools, now), some in together.items():
            child = (students.place >= 0) & np.isin(last_june, some)
            zone, n = students.zone[child], len(now)
            found += draw_lines(
                rule,
                tuple(some),
                np.array(now),
                np.array(schools),
                self.miles,
                np.array([self.schools[s].seats[some].sum() for s in schools], dtype=float),
                np.bincount(zone, minlength=n).astype(float),
                np.bincount(zone, students.low_income[child], minlength=n).astype(float),
                within_miles,
            )
        return found

    def redraw_zone(self, zone: int, grades: tuple[int, ...], school: int, keep_seats: bool) -> None:
        """Guarantee a zone's seats in some grades at another school from this summer on; without `keep_seats`, its
        pupils in the old school have to choose anew."""
        if not keep_seats:
            self.rezoned_from[zone, list(grades)] = self.zone_school[zone, list(grades)]
        self.zone_school[zone, list(grades)] = school


def _expected(school: School) -> Ints:
    """Pupils a school is to have next year by grade, those promoted or as many as now, whichever are more, (13,)."""
    expected = np.zeros(len(GRADES), dtype=np.int64)
    for grade in school.grades:
        promoted = int(school.roll[grade - 1]) if grade - 1 in school.grades else 0
        expected[grade] = max(int(school.roll[grade]), promoted)
    return expected


def _squared_miles(a: School, b: School) -> float:
    dx, dy = a.x_miles - b.x_miles, a.y_miles - b.y_miles
    return dx * dx + dy * dy
