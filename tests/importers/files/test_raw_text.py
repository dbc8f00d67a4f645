"""Bytes into rows: encodings, delimiters and line ends, each cell and each line number as in the file."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calibration.importers.mapping.schema import Reading
from tests.importers.files.trial import cells, noted, refused, table_of

SCHOOLS = "id,name,pupils\n0101,Peña – Nord,305\n0102,José Martí,< 5\n0103,O’Hare,NR\n"
ROWS = [["0101", "Peña – Nord", "305"], ["0102", "José Martí", "< 5"], ["0103", "O’Hare", "NR"]]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (SCHOOLS.encode(), "utf-8"),
        (codecs.BOM_UTF8 + SCHOOLS.encode(), "utf-8-sig"),
        (SCHOOLS.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + SCHOOLS.encode("utf-16-be"), "utf-16"),
        (SCHOOLS.encode("utf-32"), "utf-32"),
        (SCHOOLS.encode("cp1252"), "cp1252"),
        (SCHOOLS.replace("\n", "\r").encode("mac_roman"), "mac_roman"),
        (SCHOOLS.encode() + b"\x1a", "utf-8"),
    ],
)
def test_encoding_is_found(tmp_path: Path, data: bytes, encoding: str) -> None:
    table, log = table_of(tmp_path, data)
    assert table.header == ("id", "name", "pupils")
    assert cells(table) == ROWS
    assert table.lines.tolist() == [2, 3, 4]
    assert table.encoding == encoding
    guessed = [(2, "the encoding is guessed")] if encoding in ("cp1252", "mac_roman") else []
    assert noted(log, "doubtful") == guessed


def test_encoding_given_wins(tmp_path: Path) -> None:
    data = "id,name\n1,Peña\n".encode("cp850")
    table, log = table_of(tmp_path, data, reading=Reading(encoding="cp850"))
    assert cells(table) == [["1", "Peña"]]
    assert not log.notes


@pytest.mark.parametrize(
    ("data", "encoding", "line", "words"),
    [
        (b"id,name\n1,abc\n2,Pe\xf1a\n", "utf-8", 3, "not text in utf-8"),
        (b"id,name\n1,abc\n", "zip", 0, "no such encoding"),
        (b"id,name\n1,abc\n", "utf8-bmo", 0, "no such encoding"),
        ("id,name\n1,Peña\n".encode() + b"2,Jos\xe9\n", None, 3, "but for these bytes"),
        ("id,name\n1,abc\n".encode("utf-16-le"), None, 1, "UTF-16 without its mark"),
        (b"id,name\n1,a\0bc\n", None, 2, "zero bytes"),
        (bytes(range(1, 32)) * 9, None, 0, "cannot be printed"),
        ("id,name\n1,abc\n".encode("utf-16")[:-1], None, 2, "not text in utf-16"),
    ],
)
def test_bytes_that_do_not_fit_are_refused(
    tmp_path: Path, data: bytes, encoding: str | None, line: int, words: str
) -> None:
    (problem,) = refused(tmp_path, data, reading=Reading(encoding=encoding))
    assert words in problem.message
    assert problem.line == line
    assert problem.file == "a.csv"


def test_every_broken_byte_is_told(tmp_path: Path) -> None:
    data = "Peña\n".encode() + b"\xe9\nfine\n\xf1\n"
    assert [problem.line for problem in refused(tmp_path, data)] == [2, 4]


def test_letters_lost_before_are_doubtful(tmp_path: Path) -> None:
    _, log = table_of(tmp_path, "id,name\n1,Pe\ufffda\n")
    assert noted(log, "doubtful") == [(2, "letters were lost before the file came here")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, end: str) -> None:
    rows = [
        ["id", "name", "pct"],
        ["0101", f"A {delimiter} B", "1.5"],
        ["0102", f"Ada{end}Hall", "2,5"],
        ["0103", "x", ""],
    ]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    table, log = table_of(tmp_path, out.getvalue())
    assert table.header == tuple(rows[0])
    assert cells(table) == rows[1:]
    assert table.lines.tolist() == [2, 3, 5]
    assert table.delimiter == delimiter
    assert not log.notes


def test_mixed_line_ends_count_as_lines(tmp_path: Path) -> None:
    table, _ = table_of(tmp_path, "id,n\r\n1,2\n3,4\r5,6\r\n7,8")
    assert table.lines.tolist() == [2, 3, 4, 5]
    assert cells(table)[-1] == ["7", "8"]


def test_decimal_commas_do_not_make_the_delimiter(tmp_path: Path) -> None:
    table, _ = table_of(tmp_path, "id;share;other\n1;2,5;3,5\n2;2,7;3,0\n3;4,5;3,1\n")
    assert table.delimiter == ";"
    assert cells(table)[0] == ["1", "2,5", "3,5"]


def test_the_header_asked_for_decides_the_delimiter(tmp_path: Path) -> None:
    text = "Last, First, Middle|n\nA, B, C|1\nD, E, F|2\n"
    assert table_of(tmp_path, text)[0].delimiter == ","
    assert table_of(tmp_path, text, needs=[["n"]])[0].delimiter == "|"


def test_first_line_may_say_the_delimiter(tmp_path: Path) -> None:
    table, _ = table_of(tmp_path, "sep=;\nid;n\n1;2\n")
    assert cells(table) == [["1", "2"]]
    assert table.lines.tolist() == [3]


def test_quotes_after_a_blank(tmp_path: Path) -> None:
    table, _ = table_of(tmp_path, 'id, name, n\n1, "A, B", 2\n2, "C, D", 3\n')
    assert cells(table) == [["1", "A, B", "2"], ["2", "C, D", "3"]]


def test_cells_are_kept_as_they_stand(tmp_path: Path) -> None:
    table, _ = table_of(tmp_path, "id,n\n 0101 ,   23\nNA,nan\n1E5,\n")
    assert cells(table) == [[" 0101 ", "   23"], ["NA", "nan"], ["1E5", ""]]


CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=8).map(lambda t: f"x{t}")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELL | st.just("a\nb"), min_size=3, max_size=3), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_is_written_is_read(tmp_path: Path, rows: list[list[str]], delimiter: str, encoding: str) -> None:
    """Any table of text comes back cell by cell, on the lines where it stands."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows([["id", "name", "n"], *rows])
    table, _ = table_of(tmp_path, out.getvalue().encode(encoding), needs=[["id", "name", "n"]])
    lines, line = [], 2
    for row in rows:
        lines.append(line)
        line += 1 + sum(cell.count("\n") for cell in row)
    assert cells(table) == rows
    assert table.lines.tolist() == lines
