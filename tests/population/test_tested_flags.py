"""Flags of schools whose rolls do not count them, from their tested pupils."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from scenarios.population.known import ALL, read_known
from scenarios.population.opening import open_city
from scenarios.population.tested_flags import with_flags_of_tested
from scenarios.records.records import DistrictRecords
from sim.city import FLAGS
from tests.population.made_up import YEAR, lakeside, table_of

LOW = FLAGS.index("low_income")


def with_tested(records: DistrictRecords, rows: list[dict[str, object]], keep_rolls: bool = False) -> DistrictRecords:
    """The records with these rows of tested pupils, and without any roll of low income unless it is kept."""
    common = {"year": YEAR, "subject": "math", "group": "*", "test": "flagged", "level_1": 0.5, "level_2": 0.5}
    scores = pd.concat([records["scores"][:0], table_of("scores", [{**common, **row} for row in rows])])
    rolls = records["enrollment"]
    if not keep_rolls:
        rolls = rolls[rolls["flag"] != "low_income"]
    tests = table_of("tests", [{"test": "flagged", "title": "Flagged", "levels": 2, "proficient": 2}])
    tables = {**records.tables, "scores": scores.reset_index(drop=True), "tests": tests, "enrollment": rolls}
    return replace(records, tables=tables)


def row(school: str, grade: str, flag: str, tested: float) -> dict[str, object]:
    return {"school": school, "grade": grade, "flag": flag, "tested": tested}


def shares(records: DistrictRecords) -> tuple[dict[str, tuple[float, float]], list[str]]:
    known, told = with_flags_of_tested(read_known(records), records)
    counts, everyone = known.school[:, ALL, -1, LOW], known.school[:, ALL, -1, -1]
    ends = zip(counts.low / everyone.middle, counts.high / everyone.middle, strict=True)
    return {
        school: (round(low, 6), round(high, 6)) for school, (low, high) in zip(known.schools, ends, strict=True)
    }, told


def test_the_share_of_the_tested_becomes_that_of_the_roll() -> None:
    rows = [row("0101", "*", "*", 200), row("0101", "*", "low_income", 150), row("0102", "*", "*", 100)]
    found, told = shares(with_tested(lakeside(), rows))
    assert found["0101"] == (0.75, 0.75)
    # no cell tells fewer than 100: a cell that is not there has 0 to 99
    assert found["0102"] == (0.0, 0.99)
    assert np.isnan(found["0103"]).all()
    assert told == [
        "low income: 2 of 6 schools whose roll does not count it take the share of their tested pupils (flagged, math)"
    ]


def test_grades_are_added_up_where_no_row_is_of_all() -> None:
    rows = [
        row("0101", "3", "*", 60),
        row("0101", "4", "*", 40),
        row("0101", "3", "low_income", 30),
        row("0102", "3", "*", 11),
    ]
    found, _ = shares(with_tested(lakeside(), rows))
    assert found["0101"] == (0.3, 0.4)
    assert found["0102"][1] == pytest.approx(10 / 11, abs=1e-6)


def test_rolls_that_count_the_flag_are_kept_and_no_tests_change_nothing() -> None:
    records = lakeside()
    known = read_known(records)
    rows = [row("0101", "*", "*", 200), row("0101", "*", "low_income", 1)]
    mine, told = with_flags_of_tested(known, with_tested(records, rows, keep_rolls=True))
    assert not told
    np.testing.assert_array_equal(mine.school.low, known.school.low)
    none, told = with_flags_of_tested(known, with_tested(records, [row("0101", "*", "*", 200)]))
    assert not told
    np.testing.assert_array_equal(none.school.high, known.school.high)


def test_other_years_and_groups_do_not_count() -> None:
    rows = [row("0101", "*", "*", 200), {**row("0101", "*", "low_income", 150), "year": YEAR - 1}]
    assert not shares(with_tested(lakeside(), rows))[1]
    rows[1] = {**row("0101", "*", "low_income", 150), "group": "Black"}
    assert not shares(with_tested(lakeside(), rows))[1]


def test_the_opened_city_has_the_share() -> None:
    rows = [row(school, "*", "*", 200) for school in ("0101", "0102")]
    rows += [row("0101", "*", "low_income", 150), row("0102", "*", "low_income", 20)]
    records = with_tested(lakeside(), rows)
    city, _ = open_city(records)
    merged = city.flags[city.flags["flag"] == "low_income"].merge(
        city.enrollment.groupby(["school", "group"])["pupils"].sum().reset_index()
    )
    merged["with"] = merged["share"] * merged["pupils"]
    sums = merged.groupby("school")[["with", "pupils"]].sum()
    found = sums["with"] / sums["pupils"]
    assert found["0101"] == pytest.approx(0.75, abs=0.01)
    assert found["0102"] == pytest.approx(0.10, abs=0.01)
    assert any("take the share of their tested pupils" in line for line in city.assumptions)
