"""Whatever the bytes: tables that hold together, or mistakes told; never a traceback."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.importers.files import RawTable, peek, read_tables
from calibration.importers.log import ImportLog
from calibration.importers.mapping.schema import Reading
from scenarios.problems import Problem, ProblemsFound
from tests.importers.files.test_raw_archives import workbook, zipped

TEXT = (
    'A title\n\nid,name,"pupils\nof all",\n'
    + "".join(f'{i:04},"School, {i}",{i * 7},\n' for i in range(9))
    + "Source: x\n"
)
GOOD: dict[str, bytes] = {
    "a.csv": TEXT.encode(),
    "b.csv": TEXT.replace(",", ";").encode("utf-16"),
    "c.csv": TEXT.replace("School", "Peña").replace("\n", "\r").encode("cp1252"),
    "d.csv": TEXT.replace("School", "Peña").encode(),
    "e.csv.gz": gzip.compress(TEXT.encode()),
    "f.zip": zipped({"x/a.csv": TEXT, "b.csv": TEXT}),
    "g.xlsx": workbook({"one": [["id", "name"], [1, "Ada"], [2.5, "Bo"]], "two": [["=1+1"]]}),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bytes")


def hold_together(tables: list[RawTable]) -> None:
    """Names differ, every row has its line, lines rise."""
    assert tables
    for table in tables:
        assert tuple(table.rows.columns) == table.header
        assert len({name.casefold() for name in table.header}) == len(table.header)
        assert len(table.lines) == len(table.rows)
        assert all(table.lines[1:] > table.lines[:-1])
        assert not table.rows.isna().any(axis=None)


def read_all_ways(path: Path) -> int:
    """How many of the ways to read a file lead to tables; the others must say what is wrong and where."""
    ways = (
        lambda: read_tables(path, Reading(), [["id", "name"]], ImportLog()),
        lambda: read_tables(path, Reading(header_rows=2, footer=("Sou.*",)), [], ImportLog()),
        lambda: peek(path),
    )
    read = 0
    for way in ways:
        problems: tuple[Problem, ...] = ()
        try:
            hold_together(way())
            read += 1
        except ProblemsFound as found:
            problems = found.problems or (Problem("", 0, "", ""),)
        assert all(path.name in problem.file and problem.message for problem in problems)
    return read


@pytest.mark.parametrize("name", GOOD)
def test_the_good_files_are_read(folder: Path, name: str) -> None:
    (folder / name).write_bytes(GOOD[name])
    assert read_all_ways(folder / name) == 3


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=300), start=st.sampled_from([b"", b"\x1f\x8b", b"PK\x03\x04", b"\xff\xfe", b"id,n\n"]))
def test_any_bytes(folder: Path, data: bytes, start: bytes) -> None:
    path = folder / "any.csv"
    path.write_bytes(start + data)
    read_all_ways(path)


@st.composite
def mangled(draw: st.DrawFn) -> tuple[str, bytes]:
    """A good file with a few bytes changed, put in, cut out, doubled, or its end cut off."""
    name = draw(st.sampled_from(sorted(GOOD)))
    data = GOOD[name]
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        size = draw(st.sampled_from([1, 2, 10, 100]))
        sign = draw(st.sampled_from([b'"', b"\r", b"\n", b",", b"\0", b"\xff", b"\xc3", b"<"]) | st.binary(max_size=4))
        kind = draw(st.sampled_from(["change", "put in", "cut out", "double", "cut off"]))
        data = {
            "change": data[:at] + sign + data[at + len(sign) :],
            "put in": data[:at] + sign + data[at:],
            "cut out": data[:at] + data[at + size :],
            "double": data[: at + size] + data[at:],
            "cut off": data[:at],
        }[kind]
    return name, data


@settings(max_examples=250, deadline=None)
@given(file=mangled())
def test_mangled_files(folder: Path, file: tuple[str, bytes]) -> None:
    name, data = file
    path = folder / f"mangled-{name}"
    path.write_bytes(data)
    read_all_ways(path)
