"""Cells made of several columns, shares made counts, rounding kept as intervals, grades that lie between others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.importers.cells.cell import Cell, exact
from calibration.importers.cells.column import filled, joined, multiplied, read_column
from calibration.importers.mapping.reading import load_mapping
from scenarios.problems import ProblemsFound
from tests.importers.made_up import HEAD, imported, recorded, told, written

PARTS = (
    HEAD
    + """layouts:
  - name: parts
    needs: [county, district, code, year, pupils]
    common:
      school: {column: county, followed_by: [district, code], shape: "\\\\d{9}"}
      year: year
    rows:
      - table: enrollment
        set: {grade: "*", group: "*", flag: "*"}
        take: {pupils: pupils}
      - table: enrollment
        set: {grade: "*", group: "*", flag: low_income}
        take: {pupils: {column: poor, read_as: share, multiply_by: [pupils]}}
      - table: enrollment
        set: {grade: "*", group: Black, flag: "*"}
        take: {pupils: {column: black, read_as: percent, rounded: 0.5, multiply_by: [pupils]}}
        skip_empty: [pupils]
"""
)
FILE = """county,district,code,year,pupils,poor,black
13,3570,010,2009,120,0.35,33%
13,3570,020,2009,200,0.5,0%
13,3570,,2009,80,0.5,100%
"""


def test_an_id_of_three_columns_needs_all_of_them(tmp_path: Path) -> None:
    records, log = recorded(tmp_path, PARTS, FILE)
    assert records["schools"]["school"].tolist() == ["133570010", "133570020"]
    assert any("a field that every record needs is empty" in line and ":4" in line for line in told(log, "refused"))


def test_shares_become_counts(tmp_path: Path) -> None:
    rolls = recorded(tmp_path, PARTS, FILE)[0]["enrollment"].set_index(["school", "group", "flag"])
    ends = rolls[["pupils_low", "pupils_high"]]
    assert ends.loc["133570010", "*", "low_income"].tolist() == [42, 42]
    assert ends.loc["133570010", "Black", "*"].tolist() == [39, 41]
    assert ends.loc["133570020", "Black", "*"].tolist() == [0, 1]


def test_columns_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as error:
        imported(tmp_path, PARTS.replace("[district, code]", "[districts, code]"), FILE)
    (problem,) = error.value.problems
    assert "'districts' is missing" in problem.message
    assert problem.nearest == "district"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("read_as: share, multiply_by", "divide_by: pupils, read_as: share, multiply_by", "or is divided too"),
        ("year: year", "year: {column: year, followed_by: [code]}", "a number, not a text"),
        ("year: year", "year: {column: year, rounded: 1}", "takes no interval"),
    ],
)
def test_mistakes_of_a_mapping(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ProblemsFound) as error:
        load_mapping(written(tmp_path, "mapping.yaml", PARTS.replace(old, new, 1)))
    assert message in str(error.value)


@given(st.integers(1, 5_000), st.data())
def test_a_printed_share_gives_back_its_count(pupils: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, pupils))
    share = filled(exact(float(repr(part / pupils))), 1)
    found = multiplied(share, filled(exact(float(pupils)), 1), counted=True)
    assert (found.low[0], found.high[0]) == (part, part)


@given(st.integers(1, 5_000), st.data())
def test_a_rounded_percent_holds_its_count(pupils: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, pupils))
    percent = round(100 * part / pupils)
    low, high = max(percent - 0.5, 0) / 100, min(percent + 0.5, 100) / 100
    found = multiplied(filled(Cell(low=low, high=high), 1), filled(exact(float(pupils)), 1), counted=True)
    assert found.low[0] <= part <= found.high[0]
    assert found.high[0] - found.low[0] <= 0.01 * pupils + 2


def test_a_share_without_its_whole_is_refused() -> None:
    wholes = read_column(pd.Series(["5", ""]), lambda text: exact(float(text)) if text else Cell())
    found = multiplied(filled(exact(0.2), 2), wholes, counted=True)
    assert found.reason.tolist() == ["", "no number to multiply by"]
    np.testing.assert_array_equal(found.low, [1, np.nan])


def test_joined_cells_are_tidy_and_whole() -> None:
    parts = [pd.Series([" 13", "13", ""]), pd.Series(["3570 ", "", "3570"])]
    assert joined(parts).tolist() == ["133570", "", ""]


BETWEEN = (
    HEAD
    + """layouts:
  - name: grades
    needs: [code, year, grade, n]
    common:
      school: code
      year: year
    rows:
      - table: enrollment
        set: {group: "*", flag: "*"}
        take: {grade: grade, pupils: n}
        absent:
          over: grade
          values: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]
          within: [school, year]
          between: true
          field: pupils
          interval: 0..9
"""
)


def test_only_grades_between_others_are_hidden(tmp_path: Path) -> None:
    file = "code,year,grade,n\na,2013,PK,20\na,2013,1,30\na,2013,4,25\nb,2013,7,12\nb,2013,8,11\nc,2013,PK,40\n"
    rolls = recorded(tmp_path, BETWEEN, file)[0]["enrollment"]
    hidden = rolls[rolls["pupils_low"] < rolls["pupils_high"]]
    assert hidden[["school", "grade"]].to_numpy().tolist() == [["a", "2"], ["a", "3"]]
    assert hidden[["pupils_low", "pupils_high"]].to_numpy().tolist() == [[0, 9], [0, 9]]


@pytest.mark.parametrize("new", ["over: group", 'values: ["*"]'])
def test_only_grades_lie_between(tmp_path: Path, new: str) -> None:
    old = "over: grade" if new.startswith("over") else BETWEEN[BETWEEN.index("values:") :].splitlines()[0]
    with pytest.raises(ProblemsFound) as error:
        load_mapping(written(tmp_path, "mapping.yaml", BETWEEN.replace(old, new)))
    assert "only grades 0 to 12 lie between others" in str(error.value)
