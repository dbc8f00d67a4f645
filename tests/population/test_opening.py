"""The opening year from records: margins met, hidden counts inside their bounds, refusals that name the way out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.district_files import load_city, save_city
from scenarios.population.opening import open_city, records_fingerprint
from scenarios.problems import ProblemsFound
from scenarios.records.records import DistrictRecords
from sim.city import TABLES, City
from tests.population.made_up import GROUPS, SCHOOLS, YEAR, count, enrollment_rows, lakeside, records_of, school_rows

TOTALS = {
    row["school"]: row["pupils"] for row in enrollment_rows() if row["grade"] == row["group"] == row["flag"] == "*"
}


def opened(rows: list[dict[str, Any]], draw: int = 0, **head: Any) -> City:
    """The city of these rows of enrollment.csv."""
    return open_city(records_of({"enrollment": rows}, **head), draw)[0]


def by(city: City, *columns: str) -> dict[Any, int]:
    """Pupils by some columns."""
    keys = columns[0] if len(columns) == 1 else list(columns)
    return {key: int(pupils) for key, pupils in city.enrollment.groupby(keys)["pupils"].sum().items()}


def without(kind: str) -> list[dict[str, Any]]:
    """The rolls without their rows by grade, by group, or of flags."""
    return [row for row in enrollment_rows() if row[kind] == "*"]


def test_margins_that_are_known_are_met() -> None:
    city, report = open_city(lakeside())
    for row in enrollment_rows():
        if row["flag"] == "*" and row["group"] == "*" and row["grade"] != "*":
            assert by(city, "school", "grade")[row["school"], int(row["grade"])] == row["pupils"]
        if row["flag"] == "*" and row["group"] != "*" and row["pupils"]:
            assert by(city, "school", "group")[row["school"], row["group"]] == row["pupils"]
    table = report.frame.set_index("margin")
    assert (table.loc[[name for name in table.index if name.startswith("pupils")], "largest_difference"] == 0).all()
    assert not report.varies
    assert open_city(lakeside(), 7)[0].fingerprint == city.fingerprint, "nothing is open, so every draw is the same"


def test_the_folder_written_is_read_without_a_mistake(tmp_path: Any) -> None:
    city, _ = open_city(lakeside(hidden=True), 3)
    assert load_city(save_city(city, tmp_path / "lakeside")).fingerprint == city.fingerprint


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=15)
def test_hidden_groups_stay_inside_their_bounds_and_keep_the_totals(draw: int) -> None:
    city, report = open_city(lakeside(hidden=True), draw)
    assert by(city, "school") == TOTALS
    pupils = by(city, "school", "group")
    for row in enrollment_rows(hidden=True):
        if row["group"] != "*":
            low, high = row["pupils"] if isinstance(row["pupils"], tuple) else (row["pupils"], row["pupils"])
            assert low <= pupils.get((row["school"], row["group"]), 0) <= high
    margin = report["pupils by school and group"]
    assert (margin.cells["how"] == "filled").sum() == 4
    assert margin.off.max() == 0


def crossed() -> list[dict[str, Any]]:
    """Two schools whose groups are hidden, so that several fillings are possible; the others tell all."""
    rows = []
    for row in enrollment_rows():
        hidden = row["school"] in ("0103", "0104") and row["group"] != "*"
        rows.append({**row, "pupils": (row["pupils"] - 5, row["pupils"] + 5)} if hidden else row)
    return rows


def test_draws_differ_only_where_the_files_leave_room() -> None:
    cities = [opened(crossed(), draw) for draw in range(6)]
    groups = [by(city, "school", "group") for city in cities]
    assert len({tuple(sorted(one.items())) for one in groups}) > 3
    for school in ("0101", "0102", "0901", "0902"):
        assert len({tuple(one.get((school, group), 0) for group in GROUPS) for one in groups}) == 1
    assert len({tuple(sorted(by(city, "school", "grade").items())) for city in cities}) == 1
    for table in ("schools", "zones", "zone_schools", "mobility", "outcomes"):
        for city in cities[1:]:
            pd.testing.assert_frame_equal(getattr(city, table), getattr(cities[0], table))


def test_the_city_s_own_totals_bind_the_draws() -> None:
    """Rows of the whole city say how many of each group there are: hidden schools can differ, their sum cannot."""
    totals = by(opened(without("flag")), "group")
    rows = crossed() + [count("*", pupils, group=group) for group, pupils in totals.items()]
    rows.append(count("*", sum(totals.values())))
    seen = []
    for draw in range(5):
        city = opened(rows, draw)
        assert by(city, "group") == totals
        assert by(city, "school") == TOTALS
        seen.append(by(city, "school", "group")["0103", "Black"])
    assert len(set(seen)) > 1


@pytest.mark.parametrize("hidden", [False, True])
def test_order_of_rows_does_not_matter(hidden: bool) -> None:
    records = lakeside(hidden)
    rng = np.random.default_rng(1)
    shuffled = replace(
        records, tables={name: table.iloc[rng.permutation(len(table))] for name, table in records.tables.items()}
    )
    assert records_fingerprint(shuffled) == records_fingerprint(records)
    for name in TABLES:
        one, other = (getattr(open_city(which, 4)[0], name) for which in (records, shuffled))
        pd.testing.assert_frame_equal(one, other)


def test_the_fingerprint_sees_a_bound() -> None:
    assert records_fingerprint(lakeside()) != records_fingerprint(lakeside(hidden=True))


def test_a_school_more_changes_nobody_else_s_luck() -> None:
    more = {**school_rows()[0], "school": "0999", "name": "New", "latitude": 41.83, "longitude": -87.61}
    rolls = [count("0999", 20, grade) for grade in range(9)] + [count("0999", 180, group="Black"), count("0999", 180)]
    records = records_of({"schools": [*school_rows(), more], "enrollment": crossed() + rolls})
    one, other = by(opened(crossed(), 2), "school", "group"), by(open_city(records, 2)[0], "school", "group")
    assert {key: pupils for key, pupils in other.items() if key[0] != "0999"} == one


def test_grades_unknown_are_spread_over_those_offered() -> None:
    city, report = open_city(records_of({"enrollment": without("grade")}))
    assert by(city, "school") == TOTALS
    pupils = by(city, "school", "grade")
    for school, _, _, _, first, last, *_ in SCHOOLS:
        mine = [pupils[school, grade] for grade in range(first, last + 1)]
        assert max(mine) - min(mine) <= 1
    assert any("is not known of 6 of 6 schools" in line and "evenly" in line for line in report.assumptions)


def test_spread_grades_follow_the_city_s() -> None:
    wanted = {grade: 200 - 10 * grade for grade in range(9)} | {grade: 90 + 30 * (12 - grade) for grade in range(9, 13)}
    rows = without("grade") + [count("*", pupils, grade) for grade, pupils in wanted.items()]
    city = opened(rows)
    assert by(city, "school") == TOTALS
    got = by(city, "grade")
    low, high = sum(TOTALS[s[0]] for s in SCHOOLS if s[5] == 8), sum(TOTALS[s[0]] for s in SCHOOLS if s[5] == 12)
    for grade in range(13):
        of_level = sum(wanted[g] for g in (range(9) if grade < 9 else range(9, 13)))
        assert abs(got[grade] - wanted[grade] / of_level * (low if grade < 9 else high)) <= 1


def test_groups_spread_over_grades_as_the_city_s_rows_do() -> None:
    """Hispanic pupils are young in this city: so they are in its schools, within one pupil."""
    base = by(opened(without("flag")), "grade")
    share = {grade: 0.45 - 0.03 * grade for grade in range(13)}
    rows = without("flag")
    for grade, pupils in base.items():
        for group, part in (("Hispanic", share[grade]), ("Black", 0.5), ("White", 0.5 - share[grade])):
            rows.append(count("*", round(pupils * part), grade, group))
    city = opened(rows)
    report = open_city(records_of({"enrollment": rows}))[1]
    pupils, grades = by(city, "grade", "group"), by(city, "grade")
    assert pupils[0, "Hispanic"] / grades[0] > pupils[8, "Hispanic"] / grades[8] + 0.1
    assert report["pupils by school and group"].off.max() == 0


def test_cells_that_are_shown_are_kept_and_hidden_ones_filled() -> None:
    exact = opened(without("flag")).enrollment
    rows = without("flag")
    for row in exact.itertuples(index=False):
        hidden = (0.0, 9.0) if row.pupils < 10 else float(row.pupils)
        rows.append(count(row.school, hidden, row.grade, row.group))
    drawn = [open_city(records_of({"enrollment": rows}), draw) for draw in range(4)]
    for _, report in drawn:
        assert report["pupils by school, grade and group"].off.max() == 0
        assert report["pupils by school and grade"].off.max() == 0
        assert report["pupils by school and group"].off.max() == 0
    assert len({tuple(city.enrollment["pupils"]) for city, _ in drawn}) == 4


def test_pre_kindergarten_and_ungraded_are_left_out_and_counted() -> None:
    rows = without("flag")
    rows = [{**row, "pupils": row["pupils"] + 50} if is_total(row, "0101") else row for row in rows]
    rows += [count("0101", 40, "PK"), count("0101", 10, "UN")]
    city, report = open_city(records_of({"enrollment": rows}))
    assert by(city, "school")["0101"] == TOTALS["0101"]
    assert any("40 pupils in pre-kindergarten and 10 ungraded" in line for line in report.assumptions)


def is_total(row: dict[str, Any], school: str) -> bool:
    return bool(row["school"] == school and row["grade"] == row["group"] == row["flag"] == "*")


def test_totals_at_odds_with_grades_are_told() -> None:
    rows = [{**row, "pupils": row["pupils"] + 7} if is_total(row, "0102") else row for row in without("flag")]
    city, report = open_city(records_of({"enrollment": rows}))
    assert by(city, "school")["0102"] == TOTALS["0102"]
    assert any("7 pupils in no grade" in line and "0102" in line for line in report.assumptions)


def test_seats_and_operators() -> None:
    schools = open_city(lakeside())[0].schools.set_index("school")
    assert schools.loc["0101", "seats"] == 700
    assert schools.loc["0102", "seats"] == np.ceil(TOTALS["0102"] * 1.15)
    assert schools.loc["0901", "seats"] == np.ceil(TOTALS["0901"] * 1.05)
    assert schools["operator"].to_dict() == {
        "0101": "district",
        "0102": "district",
        "0103": "district",
        "0104": "district",
        "0901": "kipp",
        "0902": "single_charter",
    }


def problems_of(records: DistrictRecords) -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        open_city(records)
    return [str(problem) for problem in found.value.problems]


def test_another_year_is_not_taken_for_the_opening() -> None:
    (line,) = problems_of(lakeside(opening_year=2016))
    assert "2016" in line
    assert "there are rolls of 2015" in line


def test_every_school_without_grades_is_named() -> None:
    schools = [{**row, "last_grade": np.nan} if row["school"] in ("0101", "0902") else row for row in school_rows()]
    lines = problems_of(records_of({"schools": schools, "enrollment": without("grade")}))
    assert ["0101" in lines[0], "0902" in lines[1], len(lines)] == [True, True, 2]


def test_groups_nowhere_told_are_refused() -> None:
    (line,) = problems_of(records_of({"enrollment": [row for row in without("flag") if row["group"] == "*"]}))
    assert "no row of the opening year tells groups apart" in line


def test_schools_far_from_all_others_are_named() -> None:
    schools = [{**row, "longitude": 87.6} if row["school"] in ("0102", "0901") else row for row in school_rows()]
    lines = problems_of(records_of({"schools": schools, "enrollment": enrollment_rows()}))
    assert len(lines) == 2
    assert "school 0102 (School 0102) lies" in lines[0]
    assert "41.82, 87.6" in lines[0]


def test_an_operator_that_is_no_file_is_refused_with_the_nearest() -> None:
    (line,) = problems_of(lakeside(operators={"KIPP": "kip"}))
    assert "nearest: kipp" in line


def test_a_school_not_listed_is_refused() -> None:
    (line,) = problems_of(records_of({"enrollment": [*enrollment_rows(), count("0100", 5, 3)]}))
    assert "0100" in line


def test_years_other_than_the_opening_are_not_read() -> None:
    older = [{**row, "year": YEAR - 1, "pupils": 1.0} for row in enrollment_rows() if row["flag"] == "*"]
    assert opened(enrollment_rows() + older).fingerprint == opened(enrollment_rows()).fingerprint


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=10)
def test_three_margins_of_one_table_are_met_together(seed: int) -> None:
    """Schools by grade and by group exactly, the city's grades by group within one pupil."""
    rng = np.random.default_rng(seed)
    rows, city = [], np.zeros((13, len(GROUPS)), dtype=np.int64)
    for school, _, _, _, first, last, *_ in SCHOOLS:
        pupils = rng.poisson(rng.gamma(0.8, 15.0, (last - first + 1, len(GROUPS)))) + (rng.random() < 0.9)
        city[first : last + 1] += pupils
        rows += [count(school, float(n), grade) for grade, n in enumerate(pupils.sum(axis=1), first)]
        rows += [count(school, float(n), group=group) for group, n in zip(GROUPS, pupils.sum(axis=0), strict=True)]
        rows.append(count(school, float(pupils.sum())))
    rows += [count("*", float(n), grade, GROUPS[k]) for (grade, k), n in np.ndenumerate(city)]
    rows.append(count("*", float(city.sum())))
    report = open_city(records_of({"enrollment": rows}))[1]
    assert report["pupils by school and grade"].off.max() == 0
    assert report["pupils by school and group"].off.max() == 0
    assert report["pupils by grade and group"].off.max() <= 1
