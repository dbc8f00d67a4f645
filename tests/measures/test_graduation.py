"""Graduated over the cohort is the file's rate in every June, the first ones too, in which who left is in no file."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.district import District
from sim.opening.population import DROPPED_OUT
from tests.cities import finished, plan_of


@pytest.fixture(scope="module")
def district() -> District:
    return finished(plan_of(years=6))


def test_as_many_graduate_as_the_file_says(district: District) -> None:
    rows = pd.DataFrame(district.record.rows["graduation_year"])
    rate = dict(zip(district.city.groups, district.opening.codes.graduation_rate, strict=True))
    rows["expected"] = rows["cohort"] * rows["group"].map(rate)
    rows["chance"] = rows["expected"] * (1 - rows["group"].map(rate))
    opening = district.plan.years.opening
    for years in (rows[rows["year"] < opening + 3], rows[rows["year"] >= opening + 3]):
        off = years["graduated"].sum() - years["expected"].sum()
        assert abs(off) < 3 * years["chance"].sum() ** 0.5


def test_a_cohort_holds_those_who_dropped_out_on_the_way(district: District) -> None:
    students, last = district.students, district.year - 12
    out = int(((students.cohort == last) & (students.place == DROPPED_OUT)).sum())
    rows = [row for row in district.record.rows["graduation_year"] if row["year"] == district.year]
    assert out > 0
    assert sum(row["cohort"] - row["graduated"] for row in rows) >= out
