"""City sets: the files of a folder by their names, given rows, and every mistake of a set."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibration.importers.city_sets import import_city, list_cities, load_city_set
from calibration.importers.log import ImportLog
from scenarios.problems import ProblemsFound
from scenarios.records.reading import load_records
from scenarios.records.writing import save_records
from tests.importers.made_up import ROLLS, told, written

CITY = """format: 1
name: made_up
title: Made up
opening_year: 2009
groups: [Black, White, Other]
reference_group: White
focal_group: Black
enrollment_system: zoned
list_limit: 5
dollars_per_pupil: 11000
about: A made-up city.
operators: {KIPP: kipp}
files:
  - {mapping: mapping.yaml, names: ["rolls_*.csv"], keep: {city: Here}}
  - {mapping: mapping.yaml, names: ["more.csv"], needed: false}
given:
  - table: tests
    source: a book
    rows: [{test: naep, title: Sample of the nation}]
  - table: scores
    source: a page
    rows:
      - {school: "*", year: 2009, grade: "4", subject: math, group: Black, test: naep, mean: 210..230}
missing: [no scores of schools]
sources: [a publisher]
"""
ROWS = "code,year,group,n,city\n0101,2008,All,161,Here\n0101,2008,BL7,100,Here\n0102,2008,All,70,There\n"


def folder_of(tmp_path: Path, **files: str) -> Path:
    """A folder of a city's files, and the set with its mapping beside it."""
    written(tmp_path, "mapping.yaml", ROLLS)
    folder = tmp_path / "files"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        written(folder, f"{name}.csv", text)
    return folder


def test_a_city_is_made_of_its_files_and_given_rows(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, rolls_a=ROWS, rolls_b=ROWS.replace("2008", "2009"))
    log = ImportLog()
    records = import_city(load_city_set(written(tmp_path, "city.yaml", CITY)), folder, log)
    assert records["enrollment"]["school"].unique().tolist() == ["0101"]
    assert records["enrollment"]["year"].tolist() == [2009, 2009, 2010, 2010]
    (score,) = records["scores"].itertuples()
    assert (score.school, score.flag, score.mean_low, score.mean_high) == ("*", "*", 210, 230)
    assert records.sources == ("a publisher", "a book", "a page")
    assert records.missing == ("no scores of schools",)
    assert sum(read.left_out for read in log.files) == 2
    again = load_records(save_records(records, tmp_path / "made_up"))
    for table, frame in records.tables.items():
        assert again[table].equals(frame), table


def test_a_needed_file_that_is_missing_is_named(tmp_path: Path) -> None:
    city = load_city_set(written(folder_of(tmp_path, rols_a=ROWS).parent, "city.yaml", CITY))
    with pytest.raises(ProblemsFound) as error:
        import_city(city, tmp_path / "files", ImportLog())
    (problem,) = error.value.problems
    assert "rolls_*.csv is missing" in problem.message
    assert problem.nearest == "rols_a.csv"


def test_groups_the_city_does_not_count_are_left_out(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, rolls_a=ROWS)
    log = ImportLog()
    text = CITY.replace("groups: [Black, White, Other]", "groups: [White, Other]").replace(
        "focal_group: Black", "focal_group: Other"
    )
    records = import_city(load_city_set(written(tmp_path, "city.yaml", text)), folder, log)
    assert records["enrollment"]["group"].tolist() == ["*"]
    assert any("Black: 1 records of enrollment" in line for line in told(log, "left out"))


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("focal_group: Black", "focal_group: Blak", 7, "not one of the groups (got 'Blak'"),
        ("focal_group: Black", "focal_group: White", 7, "two different groups"),
        ("KIPP: kipp", "KIPP: kip", 12, "nearest: kipp"),
        ("mapping: mapping.yaml, names: [\"more", "mapping: maping.yaml, names: [\"more", 15, "no such mapping"),
        ("rolls_*.csv", "../*.csv", 14, "without .."),
        ("mean: 210..230", "mean: 230..210", 23, "not an interval"),
        ("mean: 210..230", "mean: 210, gropu: x", 23, "nearest: group"),
        ("test: naep, mean", "mean", 23, "scores needs the field test"),
        ("list_limit: 5", "list_limit: 500", 9, "50"),
        ("zoned", "zones", 8, "nearest: zoned"),
        ("table: scores", "table: score", 20, "nearest: scores"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_line(tmp_path: Path, before: str, after: str, line: int, words: str) -> None:
    assert before in CITY
    folder_of(tmp_path)
    with pytest.raises(ProblemsFound) as error:
        load_city_set(written(tmp_path, "city.yaml", CITY.replace(before, after, 1)))
    found = error.value.problems
    assert any(problem.line == line and words in str(problem) for problem in found), [str(one) for one in found]


def test_scores_of_a_test_nobody_tells_of_are_refused(tmp_path: Path) -> None:
    text = CITY.replace("{test: naep, title: Sample of the nation}", "{test: nape, title: Sample of the nation}")
    folder = folder_of(tmp_path, rolls_a=ROWS)
    with pytest.raises(ProblemsFound, match="a test nobody tells of"):
        import_city(load_city_set(written(tmp_path, "city.yaml", text)), folder, ImportLog())


def test_shipped_city_sets_are_right() -> None:
    for name in list_cities():
        assert load_city_set(name).asked.groups
