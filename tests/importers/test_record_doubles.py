"""Records of one key told twice, sums of several codes, rows a publisher leaves out: settled as the mapping says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importers.made_up import ROLLS, imported, recorded, told

FILE = "code,year,group,n\n0101,2008,All,161\n101,2008,BL7,150\n101,2008,WH7,n<10\n"


def test_sums_of_codes_with_what_is_hidden_of_them(tmp_path: Path) -> None:
    """Two codes are one group: they add up, a part that is not there may be any number, one refused refuses the sum."""
    mapping = (
        ROLLS
        + """        twice: sum
        absent:
          {over: group, values: [Black, White, Other, Other], within: [school, year], field: pupils, interval: 0..9}
"""
    )
    file = (
        "code,year,group,n\n0101,2008,BL7,50\n0101,2008,AS7,12\n0101,2008,PI7,15\n0102,2008,AS7,20\n"
        "0102,2008,WH7,30\n0103,2008,AS7,x\n0103,2008,PI7,15\n"
    )
    tables, log = imported(tmp_path, mapping, file)
    found = tables.tables["enrollment"]
    ends = {(row.school, row.group): (row.pupils_low, row.pupils_high) for row in found.itertuples()}
    assert ends == {
        ("0101", "Black"): (50, 50),
        ("0101", "Other"): (27, 27),
        ("0101", "White"): (0, 9),
        ("0102", "Black"): (0, 9),
        ("0102", "White"): (30, 30),
        ("0102", "Other"): (20, 29),
        ("0103", "Black"): (0, 9),
        ("0103", "White"): (0, 9),
    }
    assert any("a part of the sum is refused" in line for line in told(log, "refused"))
    assert "8 records" not in told(log, "repaired")[0]
    assert "0..9 pupils" in told(log, "repaired")[0]
    (read,) = log.files
    assert (read.used, read.refused, read.left_out) == (5, 2, 0)


def test_absent_rows_are_not_filled_where_a_group_could_not_be_read(tmp_path: Path) -> None:
    absent = "{over: group, values: [Black, White], within: [school, year], field: pupils, interval: 0..9}"
    mapping = f"{ROLLS}        absent: {absent}\n"
    tables, _ = imported(tmp_path, mapping, "code,year,group,n\n0101,2008,BL7,50\n0101,2008,??,12\n0102,2008,BL7,5\n")
    found = tables.tables["enrollment"]
    assert list(zip(found["school"], found["group"], strict=True)) == [
        ("0101", "Black"),
        ("0102", "Black"),
        ("0102", "White"),
    ]


def test_absent_rows_that_cannot_be_so_few_are_wider_and_told(tmp_path: Path) -> None:
    """Nine at most of an absent group leave 41 of 59 pupils nowhere: the row is absent for another reason."""
    absent = "{over: group, values: [Black, White, Other], within: [school, year], field: pupils, interval: 0..9}"
    mapping = f"{ROLLS}        absent: {absent}\n"
    file = "code,year,group,n\n0101,2008,All,59\n0101,2008,WH7,18\n0102,2008,All,30\n0102,2008,WH7,18\n"
    tables, log = imported(tmp_path, mapping, file)
    found = tables.tables["enrollment"]
    ends = {(row.school, row.group): (row.pupils_low, row.pupils_high) for row in found.itertuples()}
    assert {key: ends[key] for key in ends if key[1] in ("Black", "Other")} == {
        ("0101", "Black"): (0, 41),
        ("0101", "Other"): (0, 41),
        ("0102", "Black"): (0, 9),
        ("0102", "Other"): (0, 9),
    }
    assert told(log, "doubtful") == [
        "a.csv:2: absent rows of group cannot be 0..9 pupils: the total leaves more (group Black is taken as 0 to 41)",
        "a.csv:2: absent rows of group cannot be 0..9 pupils: the total leaves more (group Other is taken as 0 to 41)",
    ]


TWICE = "code,year,group,n\n0101,2008,All,10\n0101,2008,All,{}\n"


@pytest.mark.parametrize(
    ("twice", "second", "found"),
    [
        ("refuse", 10, []),
        ("same", 10, [10]),
        ("same", 11, []),
        ("first", 11, [10]),
        ("last", 11, [11]),
        ("latest_file", 10, [10]),
        ("sum", 11, [21]),
    ],
)
def test_two_records_of_one_key(tmp_path: Path, twice: str, second: int, found: list[int]) -> None:
    tables, log = imported(tmp_path, f"{ROLLS}        twice: {twice}\n", TWICE.format(second))
    assert tables.tables["enrollment"]["pupils_low"].tolist() == found
    if not found:
        assert [line.split(" (")[1] for line in told(log, "refused")] == ["also line 3)", "also line 2)"]


@pytest.mark.parametrize(
    ("twice", "second", "found"),
    [
        ("refuse", "0101,2008,All,10\n", [10]),
        ("refuse", "0101,2008,All,11\n", []),
        ("first", "0101,2008,All,11\n", [10]),
        ("last", "0101,2008,All,11\n", [11]),
        ("latest_file", "0101,2008,All,11\n0102,2011,All,4\n", [11, 4]),
    ],
)
def test_two_files_with_one_key(tmp_path: Path, twice: str, second: str, found: list[int]) -> None:
    head = "code,year,group,n\n"
    files = head + "0101,2008,All,10\n0102,2009,All,3\n", head + second
    records, log = recorded(tmp_path, f"{ROLLS}        twice: {twice}\n", *files)
    rolls = records["enrollment"]
    assert rolls.loc[rolls["line"].eq(2) | rolls["year"].gt(2010), "pupils_low"].tolist() == found
    if not found:
        assert told(log, "refused") == [
            "a.csv:2: two records of one key that differ (also b.csv:2)",
            "b.csv:2: two records of one key that differ (also a.csv:2)",
        ]


def test_groups_that_cannot_come_to_the_total_are_refused(tmp_path: Path) -> None:
    file = FILE.replace("n<10", "8") + "0101,2009,All,900\n0101,2009,BL7,150\n0101,2009,WH7,9\n"
    records, log = recorded(tmp_path, ROLLS, file)
    rolls = records["enrollment"]
    assert rolls.loc[rolls["year"] == 2010, "group"].tolist() == ["*"]
    assert len(rolls) == 4
    assert ["a.csv:6:" in line for line in told(log, "refused")].count(True) == 1
