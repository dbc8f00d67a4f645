"""Grades that no file counts, taken from one that is counted."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from calibration.importers.city_sets import import_city, load_city_set
from calibration.importers.log import ImportLog
from scenarios.problems import ProblemsFound
from scenarios.records.records import DistrictRecords
from tests.importers.made_up import HEAD, written

MAPPING = (
    HEAD
    + """layouts:
  - name: tested
    needs: [code, grades, year, three, four]
    common: {school: code, year: year}
    rows:
      - table: schools
        set: {sector: district}
        take:
          name: code
          first_grade: {column: grades, read_as: lowest_grade}
          last_grade: {column: grades, read_as: highest_grade}
        twice: last
      - table: enrollment
        set: {group: "*", flag: "*"}
        each:
          - {set: {grade: "3"}, take: {pupils: three}}
          - {set: {grade: "4"}, take: {pupils: four}}
          - {set: {grade: "*"}, take: {pupils: all}}
      - table: enrollment
        set: {grade: "*", group: White, flag: "*"}
        take: {pupils: white}
"""
)
CITY = """format: 1
name: made_up
title: Made up
opening_year: 2013
groups: [White, Black]
reference_group: White
focal_group: Black
enrollment_system: zoned
list_limit: 5
dollars_per_pupil: 10000
about: A city of tests.
files:
  - {mapping: mapping.yaml, names: ["tested*"]}
grades_like:
  - {grades: ["1", "2"], like: "3", times: 0.9..1.2, why: cohorts are alike}
"""
FILE = """code,grades,year,three,four,all,white
a,1-4,2013,20,22,42,21
b,2-4,2013,10,9,19,0
c,3-4,2013,30,30,60,10
a,1-4,2012,21,22,43,20
"""


def made(folder: Path, city: str = CITY) -> tuple[DistrictRecords, ImportLog]:
    written(folder, "mapping.yaml", MAPPING)
    written(folder, "tested.csv", FILE)
    log = ImportLog()
    return import_city(load_city_set(written(folder, "city.yaml", city)), folder, log), log


def ends(records: DistrictRecords) -> dict[tuple[str, str, str, float], list[float]]:
    rolls = records["enrollment"].set_index(["school", "grade", "group", "year"])
    return {
        key: list(row) for key, row in zip(rolls.index, rolls[["pupils_low", "pupils_high"]].to_numpy(), strict=True)
    }


def test_offered_grades_are_taken_from_the_counted_one(tmp_path: Path) -> None:
    records, log = made(tmp_path)
    found = ends(records)
    assert found["a", "1", "*", 2013] == found["a", "2", "*", 2013] == [18, 24]
    assert found["b", "2", "*", 2013] == [9, 12]
    assert ("b", "1", "*", 2013) not in found
    assert ("c", "2", "*", 2013) not in found
    assert ("a", "2", "*", 2012) not in found
    assert any("grades 1, 2 of 2 schools" in line and "cohorts are alike" in line for line in records.assumptions)
    assert any("grades nobody counted" in note.reason for note in log.of("repaired"))


def test_rows_of_all_grades_grow_with_them(tmp_path: Path) -> None:
    found = ends(made(tmp_path)[0])
    assert found["a", "*", "*", 2013] == [42 + 36, 42 + 48]
    assert found["a", "*", "White", 2013] == [39, 45]
    assert found["c", "*", "*", 2013] == [60, 60]
    assert found["a", "*", "*", 2012] == [43, 43]


def test_a_grade_that_is_counted_stays(tmp_path: Path) -> None:
    found = ends(made(tmp_path, CITY.replace('grades: ["1", "2"]', 'grades: ["2", "4"]'))[0])
    assert found["a", "4", "*", 2013] == [22, 22]
    assert found["a", "2", "*", 2013] == [18, 24]


def test_wherever_the_counted_grade_is(tmp_path: Path) -> None:
    found = ends(made(tmp_path, CITY.replace("times: 0.9..1.2", "times: 1..1, offered: false"))[0])
    assert found["c", "1", "*", 2013] == [30, 30]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('like: "3"', 'like: "third"', "not a grade"),
        ('grades: ["1", "2"]', 'grades: ["PK"]', "not a grade"),
        ("times: 0.9..1.2", "times: about", "not an interval"),
        (", why: cohorts are alike", "", "why"),
    ],
)
def test_mistakes_are_told_at_their_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ProblemsFound) as error:
        made(tmp_path, CITY.replace(old, new))
    (problem,) = error.value.problems
    assert message in str(problem)
    assert problem.line == len(CITY[: CITY.index("grades_like")].splitlines()) + 2


def test_no_rows_change_nothing(tmp_path: Path) -> None:
    bare = made(tmp_path, CITY[: CITY.index("grades_like")])[0]
    other = made(tmp_path, CITY.replace('like: "3"', 'like: "9"'))[0]
    pd.testing.assert_frame_equal(bare["enrollment"], other["enrollment"])
