"""The reader and writer of records folders: every mistake at once, by file and line, and nothing half loaded."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

from scenarios.district_files import BUNDLED, load_city
from scenarios.problems import Problem, ProblemsFound
from scenarios.records import table_files
from scenarios.records.cells import kind_of
from scenarios.records.columns import TABLES, Kind
from scenarios.records.reading import format_of, load_records, read_records
from scenarios.records.records import DistrictRecords
from scenarios.records.tidy import tidy
from scenarios.records.words import records_markdown
from scenarios.records.writing import save_records
from tests.records.small import small_records

HEAD = [name for name in DistrictRecords.__dataclass_fields__ if name != "tables"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small folder that a test may spoil."""
    return save_records(small_records(), tmp_path / "small")


def spoil(folder: Path, file: str, old: str, new: str) -> int:
    """Replace the first `old` of a file; returns the line it stood in."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def mistakes(folder: Path) -> list[Problem]:
    with pytest.raises(ProblemsFound) as found:
        load_records(folder)
    return list(found.value.problems)


def same(one: DistrictRecords, other: DistrictRecords) -> None:
    for name in HEAD:
        assert getattr(one, name) == getattr(other, name), name
    for table in TABLES:
        pd.testing.assert_frame_equal(one[table], other[table], check_exact=True)


def test_a_folder_is_saved_and_read_back_the_same(folder: Path) -> None:
    records, doubts = read_records(folder)
    same(records, small_records())
    assert doubts == ()
    assert records["schools"]["school"].tolist() == ["0101", "0102", "0201"]  # leading zeros stay
    assert "0..9" in (folder / "enrollment.csv").read_text(encoding="utf-8")
    assert sorted(path.name for path in folder.iterdir()) == [
        *("actions.csv", "district.yaml", "enrollment.csv", "measures.csv", "schools.csv", "scores.csv", "tests.csv")
    ]


def test_only_schools_are_needed(tmp_path: Path) -> None:
    bare = save_records(small_records(), tmp_path / "bare")
    for path in bare.glob("*.csv"):
        if path.name != "schools.csv":
            path.unlink()
    records, doubts = read_records(bare)
    assert [table for table in TABLES if len(records[table])] == ["schools"]
    assert ["enrollment.csv has no rows" in doubt.message for doubt in doubts] == [True]
    (bare / "schools.csv").unlink()
    assert [problem.message for problem in mistakes(bare)] == ["the file is missing"]


def test_rows_may_stand_in_any_order_packed_or_not(folder: Path) -> None:
    path = folder / "enrollment.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    (folder / "enrollment.csv.gz").write_bytes(gzip.compress("\r\n".join([header, "", *reversed(rows)]).encode()))
    (problem,) = mistakes(folder)
    assert "also stands in enrollment.csv" in problem.message
    path.unlink()
    same(load_records(folder), small_records())
    (folder / "enrollment.csv.gz").write_bytes(gzip.compress(b"x" * 10_000)[:-20])
    assert any("not right gzip" in problem.message for problem in mistakes(folder))


def test_all_mistakes_are_told_at_once_with_file_and_line(folder: Path) -> None:
    head = "district.yaml"
    expected = {
        (head, "list_limit", spoil(folder, head, "list_limit: 6", "list_limit: 0")),
        (head, "focal_group", spoil(folder, head, "focal_group: Black", "focal_group: Blck")),
        (head, "operators.New Schools", spoil(folder, head, ": average_network", ": averge_network")),
        ("schools.csv", "sector", spoil(folder, "schools.csv", ",charter,", ",chartr,")),
        ("schools.csv", "first_grade", spoil(folder, "schools.csv", ",3,4,", ",3.5,4,")),
        ("enrollment.csv", "pupils", spoil(folder, "enrollment.csv", "0..9", "9..0")),
        ("enrollment.csv", "grade", spoil(folder, "enrollment.csv", "0101,2013,3,", "0101,2013,03,")),
        ("enrollment.csv", "group", spoil(folder, "enrollment.csv", "0201,2012,3,Black", "0201,2012,3,Blak")),
        ("enrollment.csv", "school", spoil(folder, "enrollment.csv", "\n0201,2012,4,Black", "\n0211,2012,4,Black") + 1),
        ("scores.csv", "level_1", spoil(folder, "scores.csv", ",0.3,", ",30,")),
        ("scores.csv", "test", spoil(folder, "scores.csv", ",White,*,cas,", ",White,*,cass,")),
        ("actions.csv", "status", spoil(folder, "actions.csv", ",done,", ",finished,")),
    }
    found = {(Path(problem.file).name, problem.key): problem for problem in mistakes(folder)}
    assert {(file, key, problem.line) for (file, key), problem in found.items()} == expected
    near = {key: problem.nearest for (_, key), problem in found.items()}
    assert near["focal_group"] == near["group"] == "Black"
    assert near["operators.New Schools"] == "average_network"
    assert (near["sector"], near["school"], near["test"]) == ("charter", "0201", "cas")
    assert "low..high" in found["enrollment.csv", "pupils"].allowed


def test_a_bad_cell_of_a_school_does_not_make_the_school_unknown(folder: Path) -> None:
    line = spoil(folder, "schools.csv", "38.9,", "north,")
    assert [(problem.line, problem.key) for problem in mistakes(folder)] == [(line, "latitude")]


def test_columns_that_are_needed_unknown_or_twice(folder: Path) -> None:
    spoil(folder, "scores.csv", "school,year", "school,yaer")
    spoil(folder, "actions.csv", "role", "status")
    found = [(problem.key, problem.line, problem.nearest) for problem in mistakes(folder)]
    assert found == [("year", 1, ""), ("yaer", 1, "year"), ("status", 1, "")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"school,\0", "the file is not text"),
        (b"\x89PNG\r\n\xff", "not text in UTF-8"),
        (b"school,other,year,measure,value\n0101,0102\n", "the row has 2 cells"),
        (b'school,other,year,measure,value\n"0101,0102,,miles,1\n', "the row cannot be read"),
        (b"school,other,year,measure,value\n0101,0102,,miles,\n", "the cell is empty"),
        (b"school,other,year,measure,value\n0101,0102,,miles,nan\n", "not allowed here"),
        (b"school,other,year,measure,value\n0101,0102,,miles,1...2\n", "not allowed here"),
        (b"school,other,year,measure,value\n*,0102,,miles,1\n", "not allowed here"),
        (b"school,other,year,measure,value\n0101,0102,2013.5,miles,1\n", "not allowed here"),
        (b"school,other,year,measure,value\n0101,0102,,miles,1\n0101,0102,,miles,2\n", "the same row stands in line 2"),
    ],
)
def test_files_that_are_no_table(folder: Path, content: bytes, said: str) -> None:
    (folder / "pairs.csv").write_bytes(content)
    (problem,) = mistakes(folder)
    assert said in problem.message
    assert Path(problem.file).name == "pairs.csv"


def test_lines_are_those_of_the_file(folder: Path) -> None:
    text = 'school,other,year,measure,value\r\n\r\n0101,0102,,"miles",1\r\n\r\n0101,0201,,miles,far\r\n'
    (folder / "pairs.csv").write_text(text, encoding="utf-8", newline="")
    (problem,) = mistakes(folder)
    assert (problem.line, problem.value) == (5, "far")


def test_very_many_mistakes_are_counted(folder: Path) -> None:
    rows = "".join(f"0101,0102,{year},miles,x{year}\n" for year in range(1900, 2201))
    (folder / "pairs.csv").write_text(f"school,other,year,measure,value\n{rows}", encoding="utf-8")
    found = mistakes(folder)
    assert len(found) == table_files.MOST_TOLD + 1
    assert any("101 more mistakes" in problem.message for problem in found)


def test_a_file_over_the_cap_and_one_that_is_no_table(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "MOST_BYTES", (folder / "enrollment.csv").stat().st_size - 1)
    (folder / "enrolment.csv").write_text("school\n", encoding="utf-8")
    (folder / "enrollment.csv.gz").write_bytes(gzip.compress((folder / "enrollment.csv").read_bytes()))
    (folder / "enrollment.csv").unlink()
    found = {Path(problem.file).name: problem for problem in mistakes(folder)}
    assert "too large when unpacked" in found["enrollment.csv.gz"].message
    assert found["enrolment.csv"].nearest == "enrollment.csv"


def test_what_could_not_be_read_back_is_not_written(tmp_path: Path) -> None:
    good = small_records()
    target = save_records(good, tmp_path / "city")
    before = {path.name: path.read_bytes() for path in target.iterdir()}
    twice = pd.concat([good["actions"], good["actions"]])
    for wrong, said in (
        (replace(good, list_limit=99), "list_limit"),
        (small_records(actions=twice), "the same row"),
        (small_records(schools=good["schools"].assign(latitude=float("inf"))), "latitude"),
        (small_records(enrollment=good["enrollment"].assign(pupils_low=float("nan"))), "pupils"),
    ):
        with pytest.raises(ProblemsFound, match=said) as found:
            save_records(wrong, target)
        assert "/" not in found.value.problems[0].file
    assert {path.name: path.read_bytes() for path in target.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["city"]


def test_saving_leaves_a_folder_alone_that_is_no_district(tmp_path: Path) -> None:
    (tmp_path / "dear.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(FileExistsError):
        save_records(small_records(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["dear.txt"]


def test_formats_are_told_apart(folder: Path) -> None:
    assert (format_of(folder), format_of(BUNDLED / "harbor_city")) == (2, 1)
    with pytest.raises(ProblemsFound, match="a city in its opening year, not records"):
        load_records(BUNDLED / "harbor_city")
    assert load_city(folder).opening_year == load_records(folder).opening_year  # a city is made of them


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("format: 3", "newer version of this program; update it"),
        ("format: 0", "no such format"),
        ("format: two", "no such format"),
        ("format: true", "no such format"),
        ("format: [2]", "no such format"),
        ("format: 2.0", "no such format"),
    ],
)
def test_other_formats_are_refused_with_the_remedy(folder: Path, written: str, said: str) -> None:
    line = spoil(folder, "district.yaml", "format: 2", written)
    (problem,) = mistakes(folder)
    assert said in problem.message
    assert (problem.line, problem.key) == (line, "format")
    assert "records" in problem.allowed
    with pytest.raises(ProblemsFound, match=said):
        format_of(folder)


def test_a_folder_that_says_no_format(folder: Path) -> None:
    spoil(folder, "district.yaml", "format: 2\n", "")
    assert [problem.key for problem in mistakes(folder)] == ["format"]
    with pytest.raises(ProblemsFound, match="the key is missing"):
        format_of(folder)
    (folder / "district.yaml").write_text("format: 2\ntitle: [\n", encoding="utf-8")
    assert format_of(folder) == 2  # what is broken is told by the reader
    assert "not right YAML" in mistakes(folder)[0].message
    (folder / "district.yaml").unlink()
    with pytest.raises(ProblemsFound, match="missing"):
        format_of(folder)
    with pytest.raises(ProblemsFound, match="no such folder"):
        load_records(folder / "nowhere")


def test_tidy_puts_a_table_into_its_form() -> None:
    made = tidy("pairs", {"other": ["b", " a "], "school": "x", "measure": "miles", "value": [2, 1]})
    assert made["other"].tolist() == ["a", "b"]
    assert made[["value_low", "value_high"]].to_numpy().tolist() == [[1.0, 1.0], [2.0, 2.0]]
    assert made["year"].isna().all()
    with pytest.raises(ValueError, match="no column 'miles'"):
        tidy("pairs", {"miles": [1]})


def test_every_kind_says_what_is_allowed() -> None:
    kinds = {rule.kind for table in TABLES.values() for rule in table.columns.values()}
    assert kinds <= set(get_args(Kind))
    for table in TABLES.values():
        assert set(table.key) <= set(table.columns)
        for rule in table.columns.values():
            assert kind_of(rule).allowed
            assert kind_of(rule).empty == rule.empty


def test_the_documentation_lists_what_the_reader_checks() -> None:
    page = Path(__file__).parents[2] / "docs" / "districts.md"
    assert records_markdown() in page.read_text(encoding="utf-8")
