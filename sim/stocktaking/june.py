"""What is written down every June: levels, gaps, schools, places, decisions, costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.city import FLAGS, GRADES, SUBJECTS
from sim.measures.gaps import gap_rows, level_rows
from sim.opening.codes import Ints
from sim.opening.population import DROPPED_OUT, LEFT, OUTSIDE, PLACE_NAMES, UNPLACED
from sim.record import Displaced
from sim.stocktaking.accounts import take_accounts
from sim.stocktaking.measures import Pupils, remember_response, take_measures
from sim.stocktaking.operators import take_operators
from sim.stocktaking.staff import write_staffs
from sim.year.june import Leavers
from sim.year.yardstick import tier_of

if TYPE_CHECKING:
    from sim.district import District

FOUR_YEARS = 4
"""Of high school."""
CLEARLY = 0.03
"""Difference in lasting value added, SD a year, above which a new school counts as better or worse."""


def collector(district: District) -> mesa.DataCollector:
    """A Mesa data collector with the headline numbers, so that `mesa.batch_run` works out of the box."""
    focal, reference = district.city.focal_group, district.city.reference_group

    def gap(subject: str) -> object:
        def last(model: District) -> float:
            for row in reversed(model.record.rows["gap_year"]):
                if (row["subject"], row["band"], row["focal"], row["reference"]) == (subject, "3-8", focal, reference):
                    return float(row["gap"])
            return float("nan")

        return last

    return mesa.DataCollector(
        model_reporters={
            "year": lambda model: model.year,
            "pupils": lambda model: int(sum(school.pupils for school in model.schools)),
            "schools": lambda model: len(model.open_schools()),
            **{f"{subject}_gap": gap(subject) for subject in SUBJECTS},
        }
    )


def take_stock(district: District, leavers: Leavers) -> None:
    """Add the June of `district.year` to its record."""
    students, window, grade = district.students, district.window, district.grades
    record, year = district.record, district.year
    inside = students.place[window] >= 0
    rows = np.nonzero(inside)[0] + window.start
    pupils = Pupils(
        rows,
        students.place[rows],
        grade[inside],
        students.group[rows],
        {flag: getattr(students, flag)[rows] for flag in FLAGS},
        students.truth[rows],
        students.score[rows],
    )
    levels = level_rows(pupils.grade, pupils.group, pupils.flags, pupils.truth, pupils.score, district.city.groups)
    for row in levels:
        record.add("level_year", year=year, **row)
    for row in gap_rows(levels, district.city.reference_group, district.city.focal_group, district.city.groups):
        record.add("gap_year", year=year, **row)
    _schools(district)
    _places(district, leavers)
    _displaced(district)
    if district.summer is not None:
        record.add("choice_year", year=year, **vars(district.summer))
    cohorts = _graduating(district, leavers)
    for group, name in enumerate(district.city.groups):
        mine = students.group[window] == group
        record.add(
            "graduation_year",
            year=year,
            group=name,
            cohort=int(cohorts[group]),
            graduated=int((mine & leavers.graduated).sum()),
            dropped_out=int((mine & leavers.dropped_out).sum()),
        )
    take_accounts(district)
    take_operators(district)
    if year > district.plan.years.opening:
        write_staffs(district)
    remember_response(district)
    made = students.school_made[rows] + students.passing[rows]
    response = None if record.response is None else record.response[rows]
    record.keep_panel(year, rows, pupils.place, pupils.truth, pupils.score, made, response)
    take_measures(district, pupils)


def _graduating(district: District, leavers: Leavers) -> Ints:
    """Those who reach the end of grade 12 this June, and those of their cohort who have dropped out, by group (G,).

    Who dropped out before the opening year is in no file: as many are counted as the group's yearly rate says.
    """
    students, window = district.students, district.window
    out = leavers.dropped_out | (students.place[window] == DROPPED_OUT)
    cohort = leavers.graduated | leavers.finished | (out & (district.grades == GRADES[-1]))
    counted = np.bincount(students.group[window][cohort], minlength=len(district.city.groups))
    before = max(0, FOUR_YEARS - 1 - (district.year - district.plan.years.opening))
    return np.rint(counted / (1.0 - district.opening.codes.dropout_rate) ** before).astype(np.int64)


def _schools(district: District) -> None:
    students, window = district.students, district.window
    place = students.place[window]
    inside = place >= 0
    n = len(district.schools)
    low_income = np.bincount(place[inside], students.low_income[window][inside], minlength=n)
    spring = district.spring
    for school in district.schools:
        i = school.index
        pupils = school.pupils
        known = i < len(spring.tested)
        district.record.add(
            "school_year",
            year=district.year,
            school=school.key,
            status=school.status,
            pupils=pupils,
            seats=school.seats_in_use,
            tested=int(spring.tested[i]) if known else 0,
            mean_math=float(spring.mean[i, 0]) if known else np.nan,
            mean_reading=float(spring.mean[i, 1]) if known else np.nan,
            growth=float(spring.growth[i]) if known else np.nan,
            rating=school.rating if pupils else np.nan,
            tier=tier_of(school.rating if pupils else np.nan, district.plan.parameters),
            contract_until=_contract_until(district, school.key) if school.in_session else None,
            reputation=school.reputation,
            value_added_math=float(district.value_added.value[i, 0]) if pupils else np.nan,
            value_added_reading=float(district.value_added.value[i, 1]) if pupils else np.nan,
            low_income_share=float(low_income[i] / pupils) if pupils else np.nan,
            operator=school.operator,
            sector=school.sector,
            extra_time=school.levels["extended_time"],
            culture=school.levels["culture_and_parents"],
            tutored=school.levels["diagnostics_and_intervention"],
            coached=school.levels["professional_development"],
            smaller_classes=school.smaller_classes,
            displaced_in=int(district.displaced_in[i]) if known else 0,
        )


def _contract_until(district: District, key: str) -> int | None:
    """The last spring of a school's contract, if it has one."""
    contract = district.contracts.get(key)
    return None if contract is None else contract.last


def _places(district: District, leavers: Leavers) -> None:
    """Where the children of school age are; exits are those of the year."""
    students, window, year = district.students, district.window, district.year
    place, group = students.place[window], students.group[window]
    left = (students.place == LEFT) & (students.departs == year)
    groups = district.city.groups
    counts = {
        "enrolled": group[place >= 0],
        PLACE_NAMES[OUTSIDE]: group[place == OUTSIDE],
        PLACE_NAMES[UNPLACED]: group[place == UNPLACED],
        "dropped out": group[leavers.dropped_out],
        "graduated": group[leavers.graduated],
        "finished without diploma": group[leavers.finished],
        "left": students.group[left],
    }
    pupils = {where: np.bincount(theirs, minlength=len(groups)) for where, theirs in counts.items()}
    for number, name in enumerate(groups):
        for where, count in pupils.items():
            district.record.add("place_year", year=year, group=name, place=where, pupils=int(count[number]))


def _displaced(district: District) -> None:
    """Where the children of schools that closed this summer have landed, by lasting value added."""
    students, window = district.students, district.window
    rows = np.nonzero(students.displaced_in[window] == district.year)[0] + window.start
    if not len(rows):
        return
    quality = district.lasting_quality()
    origin, place = students.displaced_from[rows], students.place[rows]
    landed = place >= 0
    change = np.where(landed, quality[place] - quality[origin], 0.0)
    words = np.select([~landed, change > CLEARLY, change < -CLEARLY], ["outside", "better", "worse"], "equal")
    district.record.displaced[district.year] = Displaced(rows, words)
    for school in np.unique(origin):
        for group, name in enumerate(district.city.groups):
            mine = (origin == school) & (students.group[rows] == group)
            if mine.any():
                district.record.add(
                    "displaced",
                    year=district.year,
                    school=district.schools[school].key,
                    group=name,
                    pupils=int(mine.sum()),
                    better=int((mine & landed & (change > CLEARLY)).sum()),
                    equal=int((mine & landed & (np.abs(change) <= CLEARLY)).sum()),
                    worse=int((mine & landed & (change < -CLEARLY)).sum()),
                    outside=int((mine & ~landed).sum()),
                )
