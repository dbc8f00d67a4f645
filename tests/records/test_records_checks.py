"""What tables of records must say of one another: what is refused, what is only told, and what is neither."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenarios.problems import Problem
from scenarios.records import checking
from scenarios.records.checks import check_records
from scenarios.records.records import DistrictRecords
from scenarios.records.tidy import tidy
from tests.records.small import changed, small_records


def line_of(records: DistrictRecords, table: str, **cells: Any) -> int:
    """The line a file of the table would have the one row with these cells in."""
    rows = records[table]
    found = rows.loc[(rows[list(cells)] == pd.Series(cells)).all(axis=1)].index
    assert len(found) == 1
    return int(found[0]) + 2


def with_rows(table: str, *rows: dict[str, Any]) -> DistrictRecords:
    """The small city with further rows of a table."""
    return small_records(**{table: tidy(table, pd.concat([small_records()[table], tidy(table, list(rows))]))})


def count(school: str, year: int, grade: str, group: str, low: float, high: float, flag: str = "*") -> dict[str, Any]:
    """A row of enrolment."""
    found = {"school": school, "year": year, "grade": grade, "group": group, "flag": flag}
    return {**found, "pupils_low": low, "pupils_high": high}


def set_count(school: str, year: int, grade: str, group: str, low: float, high: float) -> DistrictRecords:
    """The small city with one count changed."""
    records = small_records()
    cells = {"school": school, "year": year, "grade": grade, "group": group}
    row = line_of(records, "enrollment", **cells) - 2
    return changed(records, "enrollment", row, pupils_low=low, pupils_high=high)


def refused(records: DistrictRecords) -> list[Problem]:
    problems, _ = check_records(records)
    return problems


def doubted(records: DistrictRecords) -> list[Problem]:
    problems, doubts = check_records(records)
    assert problems == []
    return doubts


def test_the_small_city_is_right_and_leaves_no_doubt() -> None:
    assert check_records(small_records()) == ([], [])


@pytest.mark.parametrize(
    ("table", "cells", "near"),
    [
        ("enrollment", {"school": "0211"}, "0201"),
        ("scores", {"school": "0202"}, "0201"),
        ("scores", {"group": "Wite"}, "White"),
        ("scores", {"test": "cass"}, "cas"),
        ("actions", {"receiver": "010"}, "0102"),
        ("measures", {"school": "0111"}, "0101"),
    ],
)
def test_names_that_are_not_declared(table: str, cells: dict[str, str], near: str) -> None:
    ((key, name),) = cells.items()
    found = refused(changed(small_records(), table, 0, **cells))
    assert [(p.file, p.line, p.key, p.value, p.nearest) for p in found] == [(f"{table}.csv", 2, key, name, near)]


def test_an_unknown_name_is_told_once_a_table() -> None:
    records = small_records()
    strange = records["enrollment"].replace({"school": {"0201": "0999"}})
    (problem,) = refused(replace(records, tables={**records.tables, "enrollment": strange}))
    assert "in 14 rows" in problem.message


def test_rows_stand_once() -> None:
    twice = with_rows("actions", {"school": "0102", "year": 2012, "action": "closing", "status": "withdrawn"})
    assert refused(twice) == []  # another receiver
    twice = with_rows(
        "actions",
        {"school": "0102", "year": 2012, "action": "closing", "status": "done", "receiver": "0101", "role": "pupils"},
    )
    (problem,) = refused(twice)
    assert (problem.line, problem.key) == (3, "school, year, action, receiver, role")
    assert "line 2" in problem.message
    assert problem.value == "0102, 2012, closing, 0101, pupils"


@pytest.mark.parametrize(
    ("table", "row", "cells", "key"),
    [
        ("schools", 1, {"opened": 2013.0}, "closed"),
        ("schools", 0, {"first_grade": 5.0}, "first_grade"),
        ("schools", 0, {"longitude": np.nan}, "latitude"),
        ("schools", 2, {"x_miles": 1.0}, "x_miles"),
        ("schools", 2, {"last_grade": np.nan}, "first_grade"),
        ("tests", 0, {"highest": 300.0}, "lowest"),
        ("tests", 0, {"last_year": 2011.0}, "first_year"),
        ("scores", 0, {"level_4_low": 0.0, "level_4_high": 0.1}, "level_4"),
        ("scores", 1, {"level_3_low": 0.6, "level_3_high": 0.8}, "level_1"),
        ("scores", 1, {"level_3_low": 0.1, "level_3_high": 0.2}, "level_1"),
        ("scores", 0, {"mean_low": 399.5, "mean_high": 410.0}, "mean"),
        ("scores", 0, {"mean_low": 3.0, "mean_high": 3.5}, "mean"),
        ("actions", 0, {"receiver": "0102"}, "receiver"),
    ],
)
def test_facts_that_contradict_each_other(table: str, row: int, cells: dict[str, Any], key: str) -> None:
    found = refused(changed(small_records(), table, row, **cells))
    assert (f"{table}.csv", row + 2, key) in {(problem.file, problem.line, problem.key) for problem in found}


def test_a_test_without_levels_has_no_proficient_level() -> None:
    found = refused(changed(small_records(), "tests", 0, levels=np.nan))
    assert {(problem.file, problem.key) for problem in found} == {
        ("tests.csv", "proficient"),
        ("scores.csv", "level_3"),
    }
    assert all("no levels" in problem.message for problem in found if problem.key == "level_3")


def test_shares_of_levels_that_can_come_to_one_are_right() -> None:
    def shares(third: tuple[float, float]) -> DistrictRecords:
        return changed(small_records(), "scores", 1, level_3_low=third[0], level_3_high=third[1])

    for third in ((0.4, 0.4), (0.385, 0.385), (0.0, 0.4), (0.4, 0.9), (np.nan, np.nan)):
        assert check_records(shares(third)) == ([], []), third
    for third in ((0.45, 0.45), (0.0, 0.35)):
        (doubt,) = doubted(shares(third))
        assert (doubt.file, doubt.key) == ("scores.csv", "level_1")
    assert [problem.key for problem in refused(shares((0.51, 0.6)))] == ["level_1"]


def test_pupils_only_while_the_school_is_open() -> None:
    after = refused(with_rows("enrollment", count("0102", 2013, "3", "White", 1, 9)))
    assert {(problem.file, problem.key) for problem in after} == {("enrollment.csv", "year"), ("actions.csv", "status")}
    assert "after its last spring" in after[0].message
    # an interval that holds 0 does not say that anybody is there
    assert check_records(with_rows("enrollment", count("0102", 2013, "3", "White", 0, 9))) == ([], [])
    (before,) = refused(changed(small_records(), "schools", 0, opened=2013.0))
    assert "before its first spring" in before.message


def test_a_closing_that_is_done_ends_the_school() -> None:
    (problem,) = refused(changed(small_records(), "actions", 0, school="0201"))
    assert (problem.file, problem.key, problem.line) == ("actions.csv", "status", 2)
    for status in ("proposed", "withdrawn"):
        assert check_records(changed(small_records(), "actions", 0, school="0201", status=status)) == ([], [])
    (doubt,) = doubted(changed(small_records(), "schools", 1, closed=np.nan))
    assert (doubt.file, doubt.value, doubt.allowed) == ("actions.csv", 2012, "empty")


def test_the_opening_year_is_one_of_the_files() -> None:
    (problem,) = refused(replace(small_records(), opening_year=2009))
    assert (problem.file, problem.key, problem.value, problem.nearest) == (
        "district.yaml",
        "opening_year",
        2009,
        "2012",
    )
    (doubt,) = doubted(small_records(enrollment=small_records()["enrollment"].iloc[:0]))
    assert doubt.key == "opening_year"


@pytest.mark.parametrize(
    ("total", "refuse", "doubt"),
    [
        ((50.0, 50.0), False, False),
        ((40.0, 55.0), False, False),
        ((54.0, 54.0), False, True),
        ((46.0, 46.0), False, True),
        ((56.0, 60.0), True, False),
        ((10.0, 44.0), True, False),
    ],
)
def test_a_total_over_all_groups(total: tuple[float, float], refuse: bool, doubt: bool) -> None:
    records = set_count("0101", 2012, "3", "*", *total)
    problems, doubts = check_records(records)
    at = line_of(records, "enrollment", school="0101", year=2012, grade="3", group="*")
    assert [(p.line, p.key) for p in problems if p.key == "group"] == [(at, "group")] * refuse
    assert [(p.line, p.key) for p in doubts if p.key == "group"] == [(at, "group")] * doubt


def test_parts_that_are_intervals_meet_a_total_between_their_ends() -> None:
    for total in (30.0, 35.0, 39.0):
        assert check_records(set_count("0102", 2012, "3", "*", total, total)) == ([], [])
    assert doubted(set_count("0102", 2012, "3", "*", 41.0, 41.0))


def test_a_total_over_grades_may_be_more_but_not_less_than_its_grades() -> None:
    (doubt,) = doubted(set_count("0101", 2012, "*", "*", 140.0, 140.0))  # prekindergarten may be left out
    assert doubt.key == "grade"
    (problem,) = refused(set_count("0101", 2012, "*", "*", 60.0, 60.0))
    assert problem.key == "grade"
    closed = with_rows("enrollment", count("0101", 2012, "PK", "*", 10, 10), count("0101", 2012, "UN", "*", 2, 2))
    (doubt,) = doubted(closed)  # 112 pupils in grades, 100 in all: those of kindergarten to grade 12
    assert doubt.key == "grade"
    row = line_of(closed, "enrollment", school="0101", year=2012, grade="*") - 2
    assert check_records(changed(closed, "enrollment", row, pupils_low=112.0, pupils_high=112.0)) == ([], [])
    assert [p.key for p in refused(changed(closed, "enrollment", row, pupils_low=140.0, pupils_high=140.0))] == [
        "grade"
    ]


def test_grades_that_are_not_all_there_are_a_doubt() -> None:
    records = small_records()
    rows = records["enrollment"]
    less = rows[~((rows["school"] == "0101") & (rows["year"] == 2012) & (rows["grade"] == "4"))]
    one = replace(records, tables={**records.tables, "enrollment": tidy("enrollment", less)})
    assert check_records(one) == ([], [])  # 50 of 100 pupils
    row = line_of(one, "enrollment", school="0101", year=2012, grade="*") - 2
    (doubt,) = doubted(changed(one, "enrollment", row, pupils_low=20.0, pupils_high=20.0))
    assert doubt.key == "grade"


def test_totals_of_places() -> None:
    (doubt,) = doubted(set_count("*", 2013, "*", "*", 260.0, 260.0))  # a school may be missing from the files
    assert (doubt.key, doubt.value) == ("school", "260")
    found = refused(set_count("*", 2013, "*", "*", 150.0, 150.0))
    assert {problem.key for problem in found} == {"school"}
    found = refused(set_count("*district", 2013, "*", "*", 80.0, 80.0))
    assert {problem.key for problem in found} == {"school"}
    both = with_rows("enrollment", count("*charter", 2013, "*", "*", 100, 100))
    assert check_records(both) == ([], [])
    row = line_of(both, "enrollment", school="*", year=2013) - 2
    (problem,) = refused(changed(both, "enrollment", row, pupils_low=210.0, pupils_high=210.0))
    assert "two sectors" in problem.message
    assert check_records(with_rows("enrollment", count("*charter", 2012, "*", "*", 100, 100))) == ([], [])


def test_the_reference_population_is_no_part_of_the_city() -> None:
    assert check_records(with_rows("enrollment", count("*state", 2013, "*", "*", 9_000, 9_000))) == ([], [])


def test_pupils_with_a_flag_are_some_of_the_pupils() -> None:
    assert check_records(with_rows("enrollment", count("0101", 2012, "3", "*", 50, 60, "low_income"))) == ([], [])
    (doubt,) = doubted(with_rows("enrollment", count("0101", 2012, "3", "*", 51, 60, "low_income")))
    assert (doubt.key, doubt.allowed) == ("flag", "50 at most")


def test_what_is_only_doubtful() -> None:
    other_grade = with_rows(
        "enrollment", count("0101", 2013, "7", "White", 1, 1), count("0101", 2013, "UN", "White", 1, 1)
    )
    (doubt,) = doubted(other_grade)
    assert (doubt.file, doubt.key, doubt.value, doubt.allowed) == (
        *("enrollment.csv", "grade", "7"),
        "3 to 4, as schools.csv says",
    )
    (doubt,) = doubted(changed(small_records(), "scores", 0, year=2016.0))
    assert (doubt.key, doubt.value) == ("year", "2016")
    (doubt,) = doubted(changed(small_records(), "actions", 0, receiver=""))
    assert doubt.key == "role"
    (doubt,) = doubted(changed(small_records(), "measures", 0, value_high=101.0))
    assert (doubt.key, doubt.allowed) == ("value", "0 to 100")


def test_many_of_one_sort_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MOST_MISTAKES", 2)
    wrong = small_records(scores=small_records()["scores"].assign(mean_low=900.0, mean_high=900.0))
    found = refused(wrong)
    assert [problem.line for problem in found] == [2, 3, 0]
    assert "1 more rows like" in found[-1].message


def test_no_rows_at_all() -> None:
    records = small_records()
    empty = replace(records, tables={table: rows.iloc[:0] for table, rows in records.tables.items()})
    problems, doubts = check_records(empty)
    assert [(problem.file, problem.message) for problem in problems] == [("schools.csv", "the table has no rows")]
    assert len(doubts) == 1
