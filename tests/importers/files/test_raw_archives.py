"""Packed files, workbooks, and files that are not what their name says."""

from __future__ import annotations

import datetime
import gzip
import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from calibration.importers.files import packed
from calibration.importers.files.workbooks import NO_VALUE, cell_text
from calibration.importers.mapping.schema import Reading
from tests.importers.files.trial import cells, noted, refused, table_of, tables_of

TEXT = "id,name,pupils\n0101,Ada,305\n0102,Bo,12\n"
ROWS = [["0101", "Ada", "305"], ["0102", "Bo", "12"]]


def zipped(files: dict[str, bytes | str]) -> bytes:
    """A .zip with these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def workbook(sheets: dict[str, list[list[Any]]], hidden: str = "") -> bytes:
    """An .xlsx with these sheets."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.sheet_state = "hidden" if title == hidden else "visible"
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_gz(tmp_path: Path) -> None:
    table, _ = table_of(tmp_path, gzip.compress(TEXT.encode(), mtime=0), "a.csv.gz")
    assert cells(table) == ROWS
    assert table.file == "a.csv.gz"


def test_zip_of_several(tmp_path: Path) -> None:
    data = zipped(
        {
            "2013/a.csv": TEXT,
            "2014/b.csv.gz": gzip.compress(TEXT.encode(), mtime=0),
            "layout.csv": "column,meaning\nid,school\n",
            "README.pdf": b"%PDF-1.4 ...",
            "__MACOSX/._a.csv": b"\0\0",
        }
    )
    tables, log = tables_of(tmp_path, data, "a.zip", needs=[["id", "pupils"]])
    assert [table.file for table in tables] == ["a.zip!2013/a.csv", "a.zip!2014/b.csv.gz"]
    assert [cells(table) for table in tables] == [ROWS, ROWS]
    assert [(note.file, note.reason) for note in log.of("left out")] == [
        ("a.zip!README.pdf", "is a PDF, not a table"),
        ("a.zip!layout.csv", "no header the mapping asks for is in it"),
    ]


def test_a_broken_table_in_a_zip_refuses_the_zip(tmp_path: Path) -> None:
    problems = refused(tmp_path, zipped({"a.csv": TEXT, "b.csv": b"", "c.csv": b"<html>"}), "a.zip")
    assert [problem.file for problem in problems] == ["a.zip!b.csv", "a.zip!c.csv"]


def locked(data: bytes) -> bytes:
    """The archive with the mark of a password on its only file."""
    changed = bytearray(data)
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(sign) + offset
        changed[at : at + 2] = struct.pack("<H", 1)
    return bytes(changed)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (locked(zipped({"a.csv": TEXT})), "locked by a password"),
        (zipped({"../a.csv": TEXT}), "leads out of the archive"),
        (zipped({"/etc/a.csv": TEXT}), "leads out of the archive"),
        (zipped({"C:\\a.csv": TEXT}), "leads out of the archive"),
        (zipped({}), "holds no file"),
        (zipped({"a.zip": zipped({"b.zip": zipped({"c.csv": TEXT})})}), "again and again"),
        (zipped({f"{i}.csv": TEXT for i in range(packed.MOST_MEMBERS + 1)}), "holds 201 files"),
        (zipped({"a.csv": TEXT})[:-30], "archive is damaged"),
        (zipped({"mimetype": "application/vnd.oasis", "content.xml": "<x/>"}), "no .xlsx workbook"),
        (gzip.compress(TEXT.encode() * 99, mtime=0)[:-9], "ends too early"),
        (b"\x1f\x8b" + b"x" * 50, "damaged"),
        (gzip.compress(b"", mtime=0), "the file is empty"),
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \r\n ", "the file is empty"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"\n<!DOCTYPE html><html>", "a web page"),
        (b"<?xml version='1.0'?><rows/>", "an XML file"),
        (b'[{"id": 1}]', "JSON"),
        (b'{"id": 1}', "JSON"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old .xls kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked by a password"),
        (b"PAR1....", "Parquet"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS"),
    ],
)
def test_no_table_whatever_its_name(tmp_path: Path, data: bytes, words: str) -> None:
    (problem,) = refused(tmp_path, data, "schools.csv")
    assert words in str(problem)
    assert problem.file.startswith("schools.csv")


def test_limits_on_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MOST_BYTES", 1000)
    big = TEXT.encode() * 99
    for data in (big, gzip.compress(big, mtime=0), zipped({"a.csv": big}), zipped({"a.csv.gz": gzip.compress(big)})):
        (problem,) = refused(tmp_path, data)
        assert "too large" in problem.message
        assert problem.allowed == "1,000 bytes unpacked"


def test_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    from calibration.importers.files import peek
    from scenarios.problems import ProblemsFound

    for name, words in (("none.csv", "missing"), ("folder.csv", "a folder")):
        with pytest.raises(ProblemsFound, match=words):
            peek(tmp_path / name)


def test_sheets_of_a_workbook(tmp_path: Path) -> None:
    when = datetime.date(2008, 7, 1)
    rows: list[list[Any]] = [["A title"], [], ["Site\nCode", "Pupils", "Share", "Opened", None]]
    rows += [["001001", 341, 0.4222873900293255, when, None], [None] * 5, [1002.0, 12.5, True, "NR", None]]
    data = workbook({"Math 2019": rows, "Math 2021": rows[2:], "About": [["x"], ["y"]], "Old": rows}, hidden="Old")
    tables, log = tables_of(tmp_path, data, "a.xlsx", needs=[["site code", "pupils"]])
    assert [table.sheet for table in tables] == ["Math 2019", "Math 2021"]
    assert tables[0].header == ("Site Code", "Pupils", "Share", "Opened")
    assert cells(tables[0]) == [["001001", "341", "0.422287390029326", "2008-07-01"], ["1002", "12.5", "TRUE", "NR"]]
    assert tables[0].lines.tolist() == [4, 6]
    assert tables[1].lines.tolist() == [2, 4]
    left_out = [(note.line, note.reason, note.detail) for note in log.of("left out")]
    assert left_out == [
        (0, "a hidden sheet", "sheet Old"),
        (1, "stands above the header", "sheet Math 2019"),
        (5, "a blank row", "sheet Math 2019"),
        (3, "a blank row", "sheet Math 2021"),
        (0, "no header the mapping asks for is in it", "sheet About"),
    ]
    only = Reading(sheet="math 2021|old")
    assert [table.sheet for table in tables_of(tmp_path, data, "a.xlsx", [["pupils"]], only)[0]] == ["Math 2021", "Old"]
    (problem,) = refused(tmp_path, data, "a.xlsx", reading=Reading(sheet="Math 2020"))
    assert (problem.key, problem.value, problem.nearest) == ("sheet", "Math 2020", "Math 2021")


def test_a_formula_without_its_result_is_no_empty_cell(tmp_path: Path) -> None:
    table, _ = table_of(tmp_path, workbook({"a": [["id", "n", "m"], ["1", "=1+1", None], ["2", 3, 4]]}), "a.xlsx")
    assert cells(table) == [["1", NO_VALUE, ""], ["2", "3", "4"]]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1002, "000000", "001002"),
        (1002.0, "General", "1002"),
        (0.1 + 0.2, "General", "0.3"),
        (0.425, "0.0%", "42.5%"),
        (3, '0 "% of all"', "3"),
        (150000000000000, "General", "150000000000000"),
        (1.5e20, "General", "1.5e+20"),
        (datetime.datetime(2008, 7, 1), "m/d/yy", "2008-07-01"),
        (datetime.datetime(2008, 7, 1, 8, 30), "m/d/yy h:mm", "2008-07-01 08:30:00"),
        (datetime.time(8, 30), "h:mm", "08:30:00"),
        (None, "General", ""),
        ("  x ", "General", "  x "),
    ],
)
def test_cells_as_a_person_sees_them(value: Any, number_format: str, text: str) -> None:
    assert cell_text(value, number_format) == text


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    data = workbook({"a": [["id", "n"], ["1", 2]]})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:200]
    (problem,) = refused(tmp_path, zipped(parts), "a.xlsx")
    assert "the workbook is damaged" in problem.message
    assert not noted(tables_of(tmp_path, data, "b.xlsx")[1], "refused")
