"""Ids, years and grades in the forms files print them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.importers.cells.labels import (
    grade_of,
    is_rounded_id,
    read_end_of_grades,
    read_grade,
    read_id,
    read_year,
    read_yes_no,
)

YEARS = [
    ("2013", False, 2013),
    ("2013", True, 2014),
    ("2006.0", False, 2006),
    ("2012-13", False, 2013),
    ("2012-13", True, 2013),
    ("2012-2013", False, 2013),
    ("2012–13", False, 2013),
    ("SY2012-13", False, 2013),
    ("SY 2012-2013", False, 2013),
    ("School Year 2017-2018", False, 2018),
    ("1999-00", False, 2000),
    ("Fall 2012", False, 2013),
    ("Spring 2013", True, 2013),
    ("07/01/2008 12:00:00 AM", False, 2009),
    ("06/30/2008", False, 2008),
    ("2008-07-01", False, 2009),
    ("2008-06-30 00:00:00", False, 2008),
]
GRADES = [
    ("PK", "PK"), ("Pre-K", "PK"), ("PK3", "PK"), ("PreSchool", "PK"), ("K", "0"), ("0K", "0"), ("KG", "0"),
    ("Kindergarten", "0"), ("01", "1"), ("1", "1"), ("3.0", "3"), ("Grade 3", "3"), ("grade 12", "12"),
    ("3rd Grade", "3"), ("First Grade", "1"), ("GRADE 8", "8"), ("Grade3", "3"), ("UN", "UN"), ("All", "*"),
    ("all grades", "*"),
]  # fmt: skip
SPANS = [
    ("K-8", 0, 8),
    ("PK,0K,01", 0, 1),
    ("06|07|08", 6, 8),
    ("K,1,2", 0, 2),
    ("PK,K-8", 0, 8),
    ("PK,9-12", 9, 12),
    ("K-2,5-7", 0, 7),
    ("PE,PK,K-8", 0, 8),
    ("9", 9, 9),
    ("09|10|11|12|UN", 9, 12),
    ("UN|AO|12", 12, 12),
    ("PK-5", 0, 5),
    ("6 to 8", 6, 8),
]


@pytest.mark.parametrize(("text", "of_fall", "spring"), YEARS)
def test_years(text: str, of_fall: bool, spring: int) -> None:
    assert read_year(text, of_fall).low == spring


@pytest.mark.parametrize("text", ["1213", "13", "2012-14", "2012-2011", "13/45/2008", "1800", "next year", "2013 2014"])
def test_what_is_no_year(text: str) -> None:
    assert read_year(text).refused


@given(st.integers(1950, 2149))
def test_a_fall_and_its_school_year_are_one(fall: int) -> None:
    springs = {
        read_year(text, True).low for text in (f"{fall}", f"{fall}-{(fall + 1) % 100:02d}", f"{fall}-{fall + 1}")
    }
    assert springs == {fall + 1}


@pytest.mark.parametrize(("text", "grade"), GRADES)
def test_grades(text: str, grade: str) -> None:
    assert read_grade(text).text == grade


@pytest.mark.parametrize("text", ["13", "AO", "HS", "3rd-8th Grade", "", "-1", "Grade", "3 4"])
def test_what_is_no_grade(text: str) -> None:
    assert read_grade(text).refused


@pytest.mark.parametrize(("text", "lowest", "highest"), SPANS)
def test_spans_of_grades(text: str, lowest: int, highest: int) -> None:
    assert read_end_of_grades(text, highest=False).low == lowest
    assert read_end_of_grades(text, highest=True).low == highest


@pytest.mark.parametrize("text", ["", "PK", "8-6", "K-X", "all", "UN|AO"])
def test_spans_without_grades(text: str) -> None:
    assert read_end_of_grades(text, highest=True).refused


@pytest.mark.parametrize(
    ("text", "digits", "found", "repaired"),
    [
        ("0101", 4, "0101", ""),
        ("101", 4, "0101", "leading zeros"),
        ("101.0", 4, "0101", ".0"),
        (" 01M015 ", None, "01M015", ""),
        ("1E10", None, "1E10", ""),
    ],
)
def test_ids(text: str, digits: int | None, found: str, repaired: str) -> None:
    cell = read_id(text, digits)
    assert cell.text == found
    assert repaired in cell.repaired
    assert bool(cell.repaired) == bool(repaired)


@pytest.mark.parametrize("text", ["3.10E+11", "1.5E+14", "12345", "A101", "*", "*state", "1e+5"])
def test_ids_that_are_refused(text: str) -> None:
    assert read_id(text, 4).refused


def test_an_id_has_the_form_asked_for() -> None:
    shape = re.compile(r"\d{2}[MXKQR]\d{3}")
    assert read_id("01M015", shape=shape).text == "01M015"
    assert "form" in read_id("1M015", shape=shape).refused


@given(st.integers(0, 999_999))
def test_lost_zeros_come_back(number: int) -> None:
    whole = f"{number:06d}"
    assert {read_id(form, 6).text for form in (whole, str(number), f"{number}.0")} == {whole}


def test_rounded_ids() -> None:
    assert is_rounded_id("150000000000000")
    assert not is_rounded_id("133570710")
    assert not is_rounded_id("100000")


@pytest.mark.parametrize(("text", "found"), [("Yes", "yes"), ("Y", "yes"), ("TRUE", "yes"), ("0", "no"), ("No ", "no")])
def test_yes_and_no(text: str, found: str) -> None:
    assert read_yes_no(text).text == found


@given(st.text(max_size=25))
def test_any_text_is_a_label_or_refused(text: str) -> None:
    for cell in (read_year(text), read_grade(text), read_end_of_grades(text, True), read_id(text), read_yes_no(text)):
        assert bool(cell.refused) != bool(cell.text or cell.low == cell.low) or not text.strip()
    assert grade_of(text) in ("", "PK", "UN", "*", *map(str, range(13)))
