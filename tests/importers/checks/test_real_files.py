"""The checks on real files: what their collectors found by hand comes out of the numbers alone."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from calibration.importers.checks.common.finding import Finding
from calibration.importers.checks.common.registry import run_checks
from calibration.importers.checks.totals import place_totals
from tests.importers.checks.frames_of import chicago, new_jersey, washington

pytestmark = pytest.mark.shared_data


@cache
def dc(fall: int = 1) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    tables = washington(fall)
    return tables, run_checks(tables)


def test_schools_of_washington_missing_before_2012_are_found() -> None:
    tables, findings = dc(0)
    shares = place_totals(tables).set_index(["place", "year"])["share_high"]
    assert shares["*", 2004] == pytest.approx(0.765, abs=0.001)
    assert shares["*", 2014] == pytest.approx(1.002, abs=0.001)
    told = [one for one in findings if one.kind == "totals" and one.place == "*" and one.severity == "serious"]
    assert len(told) == 1
    assert "77% of the city's total in 2004 (56,431 of 73,736)" in told[0].text
    assert "complete in 2013 to 2014" in told[0].text


def test_poverty_of_washington_is_told_as_a_change_of_definition() -> None:
    _, findings = dc(0)
    told = [one for one in findings if one.kind == "change of definition" and one.place == "low income"]
    years = {int(one.numbers["year"]) for one in told}
    assert 2009 in years
    assert years <= {2008, 2009, 2010, 2013}


def test_the_fall_of_rolls_and_the_spring_of_tests_are_told_apart() -> None:
    assert [one.numbers["lag"] for one in dc(0)[1] if one.kind == "years"] == [-1]
    assert [one for one in dc(1)[1] if one.kind == "years"] == []


def test_survivors_of_washington_are_found_and_its_test_is_left_alone() -> None:
    _, findings = dc(1)
    assert [one.table for one in findings if one.kind == "openings" and "survivors" in one.text] == ["enrollment"]
    assert [one for one in findings if one.kind == "break"] == []


def test_new_jersey_test_was_set_anew_in_2008_and_2009() -> None:
    """Grades 5 to 8 in 2008 and 3 and 4 in 2009, say those who know; grades 7 and 8 moved too little to be sure."""
    breaks = {one.place: one for one in run_checks(new_jersey()) if one.kind == "break"}
    assert set(breaks) == {"njask 2008", "njask 2009"}
    surely = {
        place: {name.split()[1] for name, size in one.numbers.items() if size >= 4} for place, one in breaks.items()
    }
    assert surely["njask 2008"] == {"5", "6"}
    assert {name.split()[1] for name in breaks["njask 2008"].numbers} == {"5", "6", "7", "8"}
    assert {"3", "4"} <= surely["njask 2009"]
    both = {name for name, size in breaks["njask 2009"].numbers.items() if size >= 4 and name.split()[1] in "34"}
    assert both == {"math 3", "math 4", "reading 3", "reading 4"}


def test_low_income_of_chicago_jumps_from_2018_to_2019() -> None:
    findings = run_checks(chicago())
    told = [one for one in findings if one.kind == "change of definition"]
    assert [(one.place, one.numbers["before"], one.numbers["year"]) for one in told] == [("low income", 2018, 2019)]
    assert told[0].numbers["times"] > 1.15
    assert [one for one in findings if one.kind in ("places", "ids") and one.severity == "serious"] == []
