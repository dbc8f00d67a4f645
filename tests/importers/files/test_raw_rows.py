"""Rows that are no rows: blank, ragged, notes at the end, quotes gone wrong. None passes unsaid."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from calibration.importers.mapping.schema import Reading
from tests.importers.files.trial import cells, noted, refused, table_of

RAGGED = "the row has more or fewer cells than the header"
NEVER = "a quote is opened and never closed"
INSIDE = "a quote inside a quoted cell is not doubled, or a quote is not closed"


def test_ragged_rows_are_refused_by_line(tmp_path: Path) -> None:
    table, log = table_of(tmp_path, "id,name,n\n1,a,2\n2,b\n3,c,d,4\n4,d,5,,\n5,e,6\n")
    assert [row[0] for row in cells(table)] == ["1", "4", "5"]
    assert noted(log, "refused") == [(3, RAGGED), (4, RAGGED)]
    assert noted(log, "repaired") == [(5, "empty cells beyond the header are cut")]
    assert log.of("refused")[0].detail == "2 cells, the header 3"
    assert table.refused == 2


@pytest.mark.parametrize("at", range(1, 8))
def test_a_stray_line_break_makes_no_wrong_number(tmp_path: Path, at: int) -> None:
    """A row cut in two is refused whole, be it cut in its first, middle or last cell."""
    row = "123,4,567"
    table, log = table_of(tmp_path, f"id,n,m\n100,1,2\n\n{row[:at]}\n{row[at:]}\n\n104,8,9\n")
    assert [cells_[0] for cells_ in cells(table)] == ["100", "104"]
    assert [line for line, _ in noted(log, "refused")] == [4, 5]


def test_a_heading_among_the_rows_makes_its_neighbours_doubtful(tmp_path: Path) -> None:
    table, log = table_of(tmp_path, "id,n,m\n1,1,2\nWard 3\n2,3,4\n3,3,4\n")
    assert table.lines.tolist() == [2, 4, 5]
    assert [line for line, _ in noted(log, "doubtful")] == [2, 4]


def test_blank_rows_are_left_out(tmp_path: Path) -> None:
    table, log = table_of(tmp_path, "id,n\n\n1,2\n , \n,\n3,4\n")
    assert table.lines.tolist() == [3, 6]
    assert noted(log, "left out") == [(2, "a blank row"), (4, "a blank row"), (5, "a blank row")]


@pytest.mark.parametrize(
    "end",
    [
        "Source: the state,,\n",
        "Source: the state\n\nNote: counts below 10 are hidden\n",
        "Total rows: 2\n",
        "* fewer than ten pupils\n",
        "A remark in its first cell only,,\n",
        '"Notes: one, two",,\n,,\n',
        "Source: state, city and county\n",
    ],
)
def test_notes_at_the_end_are_left_out(tmp_path: Path, end: str) -> None:
    table, log = table_of(tmp_path, "id,name,n\n1,a,2\n2,b,3\n" + end)
    assert table.lines.tolist() == [2, 3]
    assert noted(log, "left out")[0] == (4, "stands under the table")
    assert not log.of("refused")


def test_a_footer_of_the_mapping_ends_the_table(tmp_path: Path) -> None:
    text = "id,n\n1,2\nAll schools,2\n7,8\n"
    table, log = table_of(tmp_path, text, reading=Reading(footer=("all sch.*",)))
    assert table.lines.tolist() == [2]
    assert [line for line, _ in noted(log, "left out")] == [3, 4]


def test_a_footer_must_be_a_regular_expression(tmp_path: Path) -> None:
    problems = refused(tmp_path, "id,n\n1,2\n", reading=Reading(footer=("(", "[", "fine")))
    assert [(problem.key, problem.value) for problem in problems] == [("footer", "("), ("footer", "[")]


def test_a_table_of_names_is_no_heap_of_notes(tmp_path: Path) -> None:
    table, _ = table_of(tmp_path, "name,x,y\nAda,,\nBo,,\nCy,,\n")
    assert len(table.rows) == 3


def test_a_total_at_the_end_is_doubtful(tmp_path: Path) -> None:
    table, log = table_of(tmp_path, "id,n,m\n1,2,3\nGrand Total,2,3\n")
    assert len(table.rows) == 2
    assert noted(log, "doubtful") == [(3, "the last row looks like a total")]


def test_a_table_without_rows_is_doubtful(tmp_path: Path) -> None:
    table, log = table_of(tmp_path, "id,n\n")
    assert table.rows.shape == (0, 2)
    assert noted(log, "doubtful") == [(1, "no row stands under the header")]


@pytest.mark.parametrize(
    ("text", "lines", "reason"),
    [
        ('id,name,n\n1,"a,2\n2,b,3\n3,c,4\n', [3, 4], NEVER),
        ('id,name,n\n1,"a,2\n2,"b",3\n3,c,4\n', [3, 4], INSIDE),
        ('id,name,n\n1,"a"b,2\n2,"b",3\n3,c,4\n', [3, 4], INSIDE),
        ('id,name,n\n1,"a,2\n2,b",3\n3,c,4\n', [4], "a quoted cell runs over lines that look like rows of their own"),
        ("id,name,n\n1,a\x01,2\n2,b,3\n3,c" + "c" * 900 + ",4\n", [3, 4], "the row holds a character"),
        (f"id,name,n\n1,{'a' * 140_000},2\n2,b,3\n", [3], "a cell is longer than a cell can be"),
    ],
)
def test_a_broken_row_costs_only_itself(tmp_path: Path, text: str, lines: list[int], reason: str) -> None:
    table, log = table_of(tmp_path, text)
    assert table.lines.tolist() == lines
    ((line, told),) = noted(log, "refused")
    assert line == 2
    assert told.startswith(reason)
    assert table.refused == 1


def test_a_quote_never_closed_in_a_long_file(tmp_path: Path) -> None:
    rows = [f"{i},name {i},{i}" for i in range(2, 5002)]
    rows[1000] = '1002,"name,7'
    table, log = table_of(tmp_path, "id,name,n\n" + "\n".join(rows) + "\n")
    assert len(table.rows) == 4999
    assert noted(log, "refused") == [(1002, NEVER)]


def test_a_quote_inside_a_plain_cell_is_told(tmp_path: Path) -> None:
    table, log = table_of(tmp_path, 'id,name\n1,Nation"al\n2,"a ""b"" c"\n3,plain\n')
    assert cells(table)[0] == ["1", 'Nation"al']
    assert noted(log, "doubtful") == [(2, "a quote stands inside a cell that is not quoted")]


def _quoted(cell: str, always: bool) -> str:
    return f'"{cell}"' if always or set(cell) & set(",\n") else cell


@pytest.mark.parametrize("always", [False, True])
def test_one_stray_quote_anywhere_harms_one_row(tmp_path: Path, always: bool) -> None:
    """Wherever a quote is put in, every other row comes out as it was; the harmed one is told or keeps it."""
    names = ["id", "a", "b", "c"]
    rows = [
        [str(1000 + i), ("Ada", "x, y", "", "a\nb")[i % 4], str(7 * i), ("", "p", "q\nr")[i % 3]] for i in range(12)
    ]
    text = "".join(",".join(_quoted(cell, always) for cell in row) + "\n" for row in [names, *rows])
    whole, _ = table_of(tmp_path, text)
    right = dict(zip(whole.lines.tolist(), cells(whole), strict=True))
    assert list(right.values()) == rows
    start = text.index("\n") + 1
    for at in random.Random(5).sample(range(start, len(text)), 150):
        table, log = table_of(tmp_path, text[:at] + '"' + text[at:])
        line = text[:at].count("\n") + 1
        harmed = max(first for first in right if first <= line)
        got = dict(zip(table.lines.tolist(), cells(table), strict=True))
        assert {key: row for key, row in got.items() if key != harmed} == {
            key: row for key, row in right.items() if key != harmed
        }
        told = any(harmed <= note.line <= line for note in log.of("refused"))
        assert told or got[harmed] != right[harmed] or '""' in text[at - 1 : at + 2]
