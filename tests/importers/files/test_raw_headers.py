"""Headers where files really have them: under titles, over several rows, twice, without names, not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibration.importers.files import peek
from calibration.importers.mapping.schema import Reading
from tests.importers.files.trial import cells, noted, refused, table_of

MERGED = (
    "School ID,School Name,Scores,,,,Other\n"
    ",,Reading,,Math,,\n"
    ",,Score,Points ,Score,Points,\n"
    "609772,ADDAMS,85,4,16,2,a\n"
    "609773,AGASSIZ,98,5,94,5,b\n"
)


def test_title_rows_above(tmp_path: Path) -> None:
    text = 'Membership by site\nFebruary 1, 2019\n\n"Site\nCode", "%  Mastery+"\n001001,18\n001002,54\n'
    table, log = table_of(tmp_path, text, needs=[["site code", "% MASTERY+"]])
    assert table.header == ("Site Code", "% Mastery+")
    assert cells(table) == [["001001", "18"], ["001002", "54"]]
    assert table.lines.tolist() == [6, 7]
    assert table.header_line == 4
    assert noted(log, "left out") == [(1, "stands above the header"), (2, "stands above the header")]


def test_the_layout_present_is_enough(tmp_path: Path) -> None:
    table, _ = table_of(tmp_path, "a title\nid,new\n1,2\n", needs=[["id", "old"], ["id", "new"]])
    assert table.header == ("id", "new")


def test_merged_header_rows(tmp_path: Path) -> None:
    table, log = table_of(tmp_path, MERGED, reading=Reading(header_rows=3), needs=[["Scores / Math / Points"]])
    assert table.header == (
        *("School ID", "School Name", "Scores / Reading / Score", "Scores / Reading / Points"),
        *("Scores / Math / Score", "Scores / Math / Points", "Other"),
    )
    assert table.lines.tolist() == [4, 5]
    assert not log.notes


def test_a_short_header_row_under_the_long_one(tmp_path: Path) -> None:
    text = "School system code,Site code,2022 mastery\nSysCd,SiteCd,Pct22\n001,001001,18\n001,001002,NR\n001,001003,7\n"
    table, log = table_of(tmp_path, text, needs=[["Site code"]])
    assert len(table.rows) == 3
    assert noted(log, "left out") == [(2, "a second header under the first")]
    assert table.left_out == 1


@pytest.mark.parametrize("first", ["001,001001,NR,NR", "x,001001,NR,DS", "001,001001,18,NR"])
def test_a_first_row_of_suppressed_cells_stays(tmp_path: Path, first: str) -> None:
    text = f"system,site,math,reading\n{first}\n001,001002,23,54\n001,001003,7,NR\n001,001004,9,5\n"
    table, log = table_of(tmp_path, text)
    assert len(table.rows) == 4
    assert not log.notes


def test_header_again_within_the_rows(tmp_path: Path) -> None:
    table, log = table_of(tmp_path, "id,name,n\n1,a,2\nID,Name , n\n2,b,3\n")
    assert [row[0] for row in cells(table)] == ["1", "2"]
    assert noted(log, "left out") == [(3, "the header again")]


def test_every_row_of_a_merged_header_again(tmp_path: Path) -> None:
    table, _ = table_of(tmp_path, MERGED + MERGED, reading=Reading(header_rows=3))
    assert table.lines.tolist() == [4, 5, 9, 10]


def test_names_are_made_unlike(tmp_path: Path) -> None:
    table, log = table_of(tmp_path, "n,n (2),N,,n,\n1,2,3,4,5,6\n")
    assert table.header == ("n", "n (2)", "N (3)", "column 4", "n (4)", "column 6")
    assert [note.column for note in log.of("repaired")] == ["N (3)", "column 4", "n (4)", "column 6"]


def test_empty_columns_at_the_end_go(tmp_path: Path) -> None:
    table, log = table_of(tmp_path, "id,n,,\n1,2,,\n3,4,,\n5,6\n")
    assert table.header == ("id", "n")
    assert cells(table) == [["1", "2"], ["3", "4"], ["5", "6"]]
    assert not log.notes


def test_missing_headers_are_all_named(tmp_path: Path) -> None:
    text = "A title\nSchool_Code,Schol Name,Pupils\n1,a,2\n"
    problems = refused(tmp_path, text, needs=[["School Code", "School Name", "Pupils"], ["DBN"]])
    assert [(problem.line, problem.key, problem.nearest) for problem in problems] == [
        (2, "School Code", "School_Code"),
        (2, "School Name", "Schol Name"),
        (2, "DBN", ""),
    ]


@pytest.mark.parametrize("needs", [[], [["id", "name"]]])
def test_a_broken_header_is_told(tmp_path: Path, needs: list[list[str]]) -> None:
    problems = refused(tmp_path, 'id,"na"me,n\n1,a,2\n2,b,3\n', needs=needs)
    assert problems[0].line == 1
    assert "quote" in problems[0].message


def test_peek_guesses_the_header(tmp_path: Path) -> None:
    (tmp_path / "merged.csv").write_text(MERGED)
    (tmp_path / "titled.csv").write_text("A title\nof 2013\n\nid;name;2012;2013\n1;a;2;3\n2;b;3;4\nSource: us\n")
    (merged,), (titled,) = peek(tmp_path / "merged.csv"), peek(tmp_path / "titled.csv")
    assert (merged.header_line, merged.header_rows) == (1, 3)
    assert merged.header[2] == "Scores / Reading / Score"
    assert (titled.header_line, titled.header_rows, titled.delimiter) == (4, 1, ";")
    assert titled.lines.tolist() == [5, 6]
