"""What files leave open: pupils in pre-kindergarten, the grades a test is given in, springs long before the opening."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.population.opening import open_city
from scenarios.population.scores import near_opening
from scenarios.records.records import DistrictRecords
from scenarios.scores.standard import standardise
from tests.population.made_up import GROUPS, SCHOOLS, TESTS, YEAR, count, enrollment_rows, records_of, score_rows

TOTALS = {
    row["school"]: row["pupils"] for row in enrollment_rows() if row["grade"] == row["group"] == row["flag"] == "*"
}
YOUNG = ("0101", "0102", "0103")
"""Schools that may have pupils in pre-kindergarten."""


def with_young(asked: tuple[float, float] | None) -> DistrictRecords:
    """Rolls without grades; of three schools any number may be in pre-kindergarten, of the city as many as asked."""
    rows = [row for row in enrollment_rows() if row["grade"] == "*"]
    rows += [count(school, (0.0, TOTALS[school]), "PK") for school in YOUNG]
    rows += [] if asked is None else [count("*", asked, "PK")]
    return records_of({"enrollment": rows, "scores": score_rows(), "tests": TESTS})


def pupils_of(records: DistrictRecords, draw: int = 0) -> dict[str, int]:
    return dict(open_city(records, draw)[0].enrollment.groupby("school")["pupils"].sum())


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 900), st.integers(0, 60), st.integers(0, 1_000))
def test_the_city_s_count_is_shared_out_in_proportion(least: int, width: int, draw: int) -> None:
    most = sum(TOTALS[school] for school in YOUNG)
    pupils = pupils_of(with_young((float(least), float(min(least + width, most)))), draw)
    taken = {school: TOTALS[school] - pupils[school] for school in TOTALS}
    assert all(taken[school] == 0 for school in TOTALS if school not in YOUNG)
    for school in YOUNG:
        part = TOTALS[school] / most
        assert least * part - 1 <= taken[school] <= (least + width) * part + 1


def test_shared_out_pupils_are_told() -> None:
    _, report = open_city(with_young((90.0, 110.0)))
    assert any("how many of the pupils of 3 schools are in pre-kindergarten" in line for line in report.assumptions)
    assert any("100 pupils in pre-kindergarten" in line for line in report.assumptions)


def test_a_count_that_cannot_be_met_binds_nobody() -> None:
    too_many = 2.0 * sum(TOTALS.values())
    assert pupils_of(with_young((too_many, too_many)), 3) == pupils_of(with_young(None), 3)


def pooled_scores() -> list[dict[str, Any]]:
    """Means of schools over all grades in one test; of the city's groups in grades 4 and 8 of another."""
    schools = [row for row in score_rows() if row["school"] not in ("*", "*state")]
    city = [{**row, "test": "nation"} for row in score_rows(schools=False) if row["grade"] in ("4", "8")]
    return schools + city


def test_grades_of_another_test_are_not_those_of_the_schools_test() -> None:
    tests = [*TESTS, {"test": "nation", "title": "The nation's test"}]
    records = records_of({"enrollment": enrollment_rows(), "scores": pooled_scores(), "tests": tests})
    city, report = open_city(records)
    assert city.tested_grades == (3, 4, 5, 6, 7, 8)
    assert city.scale.startswith("SD of the city's own pupils")
    assert any("the scores do not tell their grades" in line for line in report.assumptions)
    own = {row["grade"] for row in score_rows() if row["grade"] != "*"}
    assert open_city(records_of({"enrollment": enrollment_rows(), "scores": score_rows(), "tests": TESTS}))[
        0
    ].tested_grades == tuple(sorted(map(int, own)))


def test_springs_long_before_the_opening_change_nothing_and_are_not_read() -> None:
    old = [{**row, "year": YEAR - 9, "mean": row["mean"] + 40} for row in score_rows()]
    tables = {"enrollment": enrollment_rows(), "tests": TESTS}
    with_old = records_of({**tables, "scores": score_rows() + old})
    assert (
        open_city(with_old)[0].fingerprint == open_city(records_of({**tables, "scores": score_rows()}))[0].fingerprint
    )
    means = standardise(near_opening(with_old)).means
    assert means["year"].unique().tolist() == [YEAR]
    assert set(means["group"]) == {*GROUPS, "*"}
    assert len(means) == len(score_rows())


@pytest.mark.parametrize("school", [school[0] for school in SCHOOLS if school[0] not in YOUNG])
def test_schools_that_offer_no_pre_kindergarten_keep_their_pupils(school: str) -> None:
    assert pupils_of(with_young((50.0, 50.0)))[school] == TOTALS[school]
