"""Staffing: who leaves a school over the summer, who is moved, laid off and hired, and what that does to its pupils.

Every school has a norm, by the sector of its operator: the staff it would have in the long run were its roll and its
work to stay as they are. What a school adds in total holds that norm, so only what differs from it counts here: an
untouched city gets nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from sim.agents.operators import operator_files
from sim.agents.schools import School
from sim.agents.staff import Staff
from sim.city import SUBJECTS
from sim.opening.codes import Floats
from sim.parameters import Parameters
from sim.year.practices import beyond_usual
from sim.year.rules import StaffRules

TENTH = 0.1
SECOND_YEAR = 2
DECIMALS = 9
"""To which values are rounded, so that equal staffs counted in another order add the same."""


@dataclass(frozen=True)
class Norm:
    """The usual staff of a school: share who leave in a summer, shares in their first and second year of teaching."""

    turnover: float
    first_year: float
    second_year: float


@dataclass(frozen=True)
class Group:
    """Some teachers between two school years: how many, share who have just taught their first year, and their
    lasting effect in math beside the norm, SD per school year."""

    teachers: float
    beginners: float
    effectiveness: float


@dataclass(frozen=True)
class _Summer:
    """One school between two years: last year's staff, the share who leave, and the teachers it needs."""

    school: School
    last: Staff
    leave: float
    need: float
    sized_for: float

    @property
    def staying(self) -> float:
        """Last year's teachers who would like to stay."""
        return self.last.teachers * (1.0 - self.leave)

    @property
    def free_posts(self) -> float:
        return max(0.0, self.need - self.staying)

    @property
    def surplus(self) -> float:
        return max(0.0, self.staying - self.need)


def norm_of(school: School, parameters: Parameters) -> Norm:
    """The usual staff of a school, by its operator's sector."""
    p = parameters
    leave = p[f"staff.turnover.{operator_files()[school.operator].sector}"]
    first = p["staff.novices"] * leave
    return Norm(leave, first, first * (1.0 - leave))


def usual_staff(schools: list[School], parameters: Parameters) -> float:
    """Give every school the usual staff for its roll; returns how many teachers they all hire in a usual summer."""
    hires = 0.0
    for school in schools:
        norm, pupils = norm_of(school, parameters), float(school.pupils)
        teachers = _teachers_for(pupils, school, parameters)
        school.staff = Staff(
            teachers, norm.first_year, norm.second_year, norm.turnover, hired=norm.turnover * teachers, sized_for=pupils
        )
        hires += school.staff.hired
    return hires


def staff_summer(
    schools: list[School], year: int, rules: StaffRules, usual_hires: float, parameters: Parameters
) -> None:
    """The summer before the spring of `year`, once the rolls are known: every school gets its new staff.

    Teachers leave; a school with too few hires, one with too many lets teachers go. Schools the district runs move
    teachers between them first, as far as their fields match, and lay off only what is left over in all of them.
    `usual_hires`: teachers hired in the city in a usual summer.
    """
    p = parameters
    summers = [_before(school, year, p) for school in schools]
    free, surplus = 0.0, 0.0
    for one in summers:
        if one.school.district_run:
            free += one.free_posts
            surplus += one.surplus
    moving = min(surplus, (1.0 - p["staff.no_match"]) * free)
    new: dict[int, Staff] = {}
    moved, beginners, effect = 0.0, 0.0, 0.0
    for k, one in enumerate(summers):
        if one.surplus > 0.0:
            district = one.school.district_run
            new[k], going = _let_go(one, moving / surplus if district else 0.0, rules, p)
            moved += going.teachers
            beginners += going.teachers * going.beginners
            effect += going.teachers * going.effectiveness
    group = Group(moved, beginners / moved, effect / moved) if moved > 0.0 else Group(0.0, 0.0, 0.0)
    hires = 0.0
    for k, one in enumerate(summers):
        if k not in new:
            new[k] = _take_on(one, moved / free if one.school.district_run and free > 0.0 else 0.0, group, p)
        hires += new[k].hired
    of_the_hired = effectiveness_of_hired(hires, usual_hires * (1.0 + rules.pool_extra), p)
    for k, one in enumerate(summers):
        staff = new[k]
        if staff.teachers > 0.0:
            better = staff.effectiveness + staff.hired / staff.teachers * of_the_hired
            staff = replace(staff, effectiveness=better, wear=_wear(one.school, rules, p))
        one.school.staff = staff


def lay_off(group: Group, laid_off: float, by_effectiveness: float, gap: float) -> Group:
    """Who is left when some of a group are laid off, a share of them by effectiveness and the others by seniority.

    By seniority beginners go first, then others as they come. By effectiveness go the worst: when few go they are
    `gap` below the others, SD per school year, and the less so the more go, not at all when all of them do.
    """
    left = group.teachers - laid_off
    if left <= 0.0:
        return Group(0.0, 0.0, 0.0)
    judged = laid_off * by_effectiveness
    newest = laid_off - judged
    beginners = max(0.0, group.beginners * group.teachers - newest)
    better = group.effectiveness + gap * judged / group.teachers
    return Group(left, beginners / (group.teachers - newest), better)


def effectiveness_of_hired(hires: float, usual: float, parameters: Parameters) -> float:
    """Lasting effect in math of the teachers hired in a summer beside those of a usual one, SD per school year: the
    more the city hires beside the usual number, the worse they are, by so much when it hires three times as many, by
    twice as much when seven times as many, and better by so much were there hardly any to hire."""
    if usual <= 0.0:
        return 0.0
    worse = parameters["staff.pool_slope"] * parameters["staff.teacher_sd.math"]
    return -worse * math.log2((1.0 + hires / usual) / 2.0)


def staff_value(schools: list[School], parameters: Parameters) -> Floats:
    """What the staffs add this year beside their schools' norms, SD (S, 2): beginners, turnover, effectiveness.

    Half of turnover's effect, by default, is that of the beginners who follow: it is not counted again.
    """
    p = parameters
    first, second = p.by_subject("staff.first_year_teacher"), p.with_reading_ratio("staff.second_year_teacher")
    leaving = p.by_subject("staff.turnover_effect") * (1.0 - p["staff.turnover_overlap"])
    lasting = p.by_subject("staff.teacher_sd") / p["staff.teacher_sd.math"]
    value = np.zeros((len(schools), len(SUBJECTS)))
    for school in schools:
        staff, norm = school.staff, norm_of(school, p)
        if staff.teachers > 0.0:
            value[school.index] = (
                first * (staff.first_year - norm.first_year)
                + second * (staff.second_year - norm.second_year)
                + leaving * (staff.turnover - norm.turnover)
                + lasting * staff.effectiveness
            )
    return np.round(value, DECIMALS)


def staff_dollars(
    schools: list[School], dollars_per_pupil: float, rules: StaffRules, usual_hires: float, parameters: Parameters
) -> dict[str, float]:
    """What staffing by other rules than the usual costs in a year, dollars by item; items that cost nothing left out.

    The cost of longer days holds the usual pay for them; what is paid beyond it is a share of teachers' pay.
    """
    p = parameters
    more_pay = _paid(rules, p) - p["staff.extra_time_paid"]
    pay = 0.0
    for school in schools:
        longer = float(school.pupils) * beyond_usual(school, "extended_time")
        pay += longer * more_pay * p["class_size.teacher_share"] * dollars_per_pupil
    recruiting = rules.pool_extra * usual_hires * p["staff.recruiting_cost"]
    dollars = {"pay for longer days": pay, "recruiting teachers": recruiting}
    return {item: cost for item, cost in dollars.items() if cost}


def teachers_needed(school: School, sized_for: float, parameters: Parameters) -> tuple[float, float]:
    """Teachers a school needs this year, and the pupils it has them for.

    sized_for: pupils it had teachers for last year. A school bears a roll somewhat smaller or larger than that; what
    ordinary years do to its staff is part of the luck of its school years. One without teachers takes its roll.
    """
    pupils = float(school.pupils) if school.in_session else 0.0
    if sized_for > 0.0:
        slack = parameters["staff.slack"]
        pupils = min(max(sized_for, pupils / (1.0 + slack)), pupils / (1.0 - slack))
    return _teachers_for(pupils, school, parameters), pupils


def _teachers_for(pupils: float, school: School, parameters: Parameters) -> float:
    return pupils / parameters["practices.pupils_per_teacher"] / (1.0 - school.smaller_classes)


def _before(school: School, year: int, parameters: Parameters) -> _Summer:
    """The summer of a school before anybody is moved, laid off or hired."""
    p, last = parameters, school.staff
    leave = norm_of(school, p).turnover
    if school.new and school.restarted is None and school.age(year) == SECOND_YEAR:
        leave *= p["staff.turnover_start_up"]
    leave = min(1.0, leave + last.wear)
    if school.new_staff and school.restarted == year:
        leave += p["staff.replaced"] * (1.0 - leave)
    return _Summer(school, last, leave, *teachers_needed(school, last.sized_for, p))


def _let_go(one: _Summer, share_moved: float, rules: StaffRules, parameters: Parameters) -> tuple[Staff, Group]:
    """The staff of a school with more teachers than it needs, and those of them who move to other schools."""
    p, last = parameters, one.last
    judged = rules.layoffs_by_effectiveness if one.school.district_run else 1.0
    moved_out = one.surplus * share_moved
    laid_off = one.surplus - moved_out
    if one.need > 0.0:
        laid_off *= 1.0 - p["staff.fewer_layoffs"] * judged
    there = Group(one.staying, last.first_year, last.effectiveness)
    left = lay_off(there, laid_off, judged, p["staff.layoff_gap"])
    staff = Staff(
        teachers=one.staying - laid_off - moved_out if one.need > 0.0 else 0.0,
        second_year=left.beginners,
        turnover=one.leave + (laid_off + moved_out) / last.teachers,
        effectiveness=left.effectiveness,
        laid_off=laid_off,
        moved_out=moved_out,
        sized_for=one.sized_for,
    )
    return staff, replace(left, teachers=moved_out)


def _take_on(one: _Summer, share_filled: float, moving: Group, parameters: Parameters) -> Staff:
    """The staff of a school that has no more teachers than it needs; its free posts go to those who are moved, up to
    a share, and to newly hired ones. Shares are kept so that a staff at its norm stays there to the last bit."""
    if one.need <= 0.0:
        return Staff()
    moved_in = one.free_posts * share_filled
    of_last, of_moved = one.last.teachers / one.need, moved_in / one.need
    hired = max(0.0, one.leave * of_last + (1.0 - of_last) - of_moved)
    stayed = (1.0 - one.leave) * of_last
    return Staff(
        teachers=one.need,
        first_year=parameters["staff.novices"] * hired,
        second_year=one.last.first_year * (1.0 - one.leave) * of_last + moving.beginners * of_moved,
        turnover=one.leave,
        effectiveness=one.last.effectiveness * stayed + moving.effectiveness * of_moved,
        hired=hired * one.need,
        moved_in=moved_in,
        sized_for=one.sized_for,
    )


def _paid(rules: StaffRules, parameters: Parameters) -> float:
    """Share of longer days that teachers are paid for."""
    return parameters["staff.extra_time_paid"] if rules.extra_time_paid is None else rules.extra_time_paid


def _wear(school: School, rules: StaffRules, parameters: Parameters) -> float:
    """Share of the teachers who will leave because of this year's longer days."""
    unpaid = beyond_usual(school, "extended_time") * (1.0 - _paid(rules, parameters))
    return parameters["staff.wear"] * unpaid / TENTH
