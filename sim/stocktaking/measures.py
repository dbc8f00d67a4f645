"""What else is measured every June: how scores are spread, who sits where, who came and went, why the gap moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measures.access import access, entry_matches, good_school_cuts, matches
from sim.measures.closings import truth_of_closed
from sim.measures.crossings import crossed_gaps, crossed_levels, crossed_sums
from sim.measures.decomposition import Mix, gap_changes, level_changes, mix_of
from sim.measures.gaps import BANDS, numbered_pairs
from sim.measures.sorting import market, segregation_rows
from sim.measures.spread import proficiency, spread_of, tails, v_gaps
from sim.measures.turnover import turnover, turnover_rows
from sim.year.choice import ENTRY_GRADES

if TYPE_CHECKING:
    from sim.district import District

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HEADLINE_BAND = "3-8"


class Pupils(NamedTuple):
    """The enrolled children of one June: rows of the pool, school index, grade and group (n,), flags by name, true and
    observed scores (n, 2)."""

    rows: Ints
    place: Ints
    grade: Ints
    group: Ints
    flags: dict[str, NDArray[np.bool_]]
    truth: Floats
    score: Floats


def take_measures(district: District, pupils: Pupils) -> None:
    """Add the June of `district.year` to the tables of `sim.tables.measures`; its panel is in the record already."""
    city, year, record = district.city, district.year, district.record
    _, place, grade, group, flags, truth, score = pupils
    groups, reference, focal = city.groups, city.reference_group, city.focal_group
    cut = district.plan.parameters["yardstick.proficiency_cut"]
    spread = spread_of(grade, group, flags, score, groups, reference, focal, cut)
    record.add_block("proficiency_year", year=year, **proficiency(spread, cut))
    record.add_block("v_gap_year", year=year, **v_gaps(spread))
    levels = crossed_levels(crossed_sums(grade, group, flags, truth, score, len(groups)), groups)
    record.add_block("crossing_level_year", year=year, **levels)
    record.add_block("crossing_gap_year", year=year, **crossed_gaps(levels, groups, reference))
    record.add_block("tail_year", year=year, **tails(grade, truth))
    for row in segregation_rows(place, group, flags, len(district.schools), groups, reference, focal):
        record.add("segregation_year", year=year, **row)
    _schools(district)
    _access(district, pupils)
    _gap_change(district, pupils)


def remember_response(district: District) -> None:
    """Carry forward what needier children got more of from the same schools, as teaching does (`kernels.teach`)."""
    p, record, students = district.plan.parameters, district.record, district.students
    extra = p["learning.responsiveness"] - 1.0
    if extra == 0.0:
        return
    if record.response is None:
        record.response = np.zeros_like(students.school_made)
    window = district.window
    mine = record.response[window]
    mine *= p.by_subject("learning.retention")
    place = students.place[window]
    more = (place >= 0) & students.low_income[window]
    mine[more] += extra * district.value_added.gain[place[more]]


def _schools(district: District) -> None:
    """Market shares, who came and went, and the truth about schools that closed this summer."""
    record, year, schools = district.record, district.year, district.schools
    sector, operator = [school.sector for school in schools], [school.operator for school in schools]
    pupils = np.array([school.pupils for school in schools])
    seats = np.array([school.seats_in_use for school in schools])
    for row in market(sector, operator, pupils, seats):
        record.add("market_year", year=year, **row)
    if year - 1 not in record.panel:
        return
    last, window = record.panel[year - 1], district.window
    # before: last June's schools; those who were in none are counted as nowhere, whatever kind of nowhere it was
    before = np.full(window.stop - window.start, np.iinfo(np.int16).min, dtype=np.int64)
    known = (last.rows >= window.start) & (last.rows < window.stop)
    before[last.rows[known] - window.start] = last.place[known]
    counts = turnover(
        before,
        district.students.place[window],
        district.grades,
        np.array([school.grades.start for school in schools]),
        np.array([school.grades.stop for school in schools]),
        np.array(sector) == "charter",
    )
    record.add_block("turnover_year", year=year, **turnover_rows(counts, [school.key for school in schools], sector))
    roll = np.bincount(last.place, minlength=len(schools))
    quality = district.lasting_quality()
    for school in schools:
        if school.closed == year - 1 and roll[school.index]:
            record.add(
                "closed_school",
                year=year,
                school=school.key,
                operator=school.operator,
                sector=school.sector,
                pupils=int(roll[school.index]),
                rating=school.rating,
                **truth_of_closed(quality[school.index], quality[roll > 0]),
            )


def _access(district: District, pupils: Pupils) -> None:
    """Seats in good schools, miles, and match rates of the summer."""
    record, year, students, schools = district.record, district.year, district.students, district.schools
    rows, place, group = pupils.rows, pupils.place, pupils.group
    quality = district.lasting_quality()
    if record.good_school_cuts is None:
        record.good_school_cuts = good_school_cuts(quality, np.bincount(place, minlength=len(schools)))
    x, y = np.array([school.x_miles for school in schools]), np.array([school.y_miles for school in schools])
    dx, dy = students.x_miles[rows] - x[place], students.y_miles[rows] - y[place]
    rating = np.array([school.rating if school.pupils else np.nan for school in schools])
    record.add_block(
        "access_year",
        year=year,
        **access(
            place, group, np.sqrt(dx * dx + dy * dy), quality, rating, record.good_school_cuts, district.city.groups
        ),
    )
    if district.summer is not None:
        window, groups = district.window, district.city.groups
        got, theirs = students.list_place[window], students.group[window]
        record.add_block("match_year", year=year, **matches(got, theirs, groups))
        by_grade = entry_matches(got, district.grades, theirs, groups, ENTRY_GRADES)
        record.add_block("entry_match_year", year=year, **by_grade)


def _gap_change(district: District, pupils: Pupils) -> None:
    """Split the change of every gap since the opening June, and since last June."""
    record, year, groups, students = district.record, district.year, district.city.groups, district.students
    opening = district.plan.years.opening
    wanted = numbered_pairs(district.city.reference_group, district.city.focal_group, groups)
    record.mixes[year] = after = mix_of(
        record.panel[year], pupils.grade, pupils.group, BANDS[HEADLINE_BAND], len(district.schools), len(groups)
    )
    for since in sorted({opening, year - 1} & set(record.mixes) - {year}):
        before: Mix = record.mixes[since]
        for row in gap_changes(level_changes(before, after, len(students)), wanted):
            names = {"focal": groups[row["focal"]], "reference": groups[row["reference"]]}
            record.add("gap_change_year", year=year, since=since, band=HEADLINE_BAND, **{**row, **names})
    for past in set(record.mixes) - {opening, year}:
        del record.mixes[past]
