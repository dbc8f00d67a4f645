"""The reader of district folders: every mistake at once, by file and line, and nothing half loaded."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from scenarios import district_tables
from scenarios.district_files import BUNDLED, list_cities, load_city, save_city
from scenarios.district_head import KEYS as HEAD_KEYS
from scenarios.district_tables import KEYS, KINDS
from scenarios.district_words import folder_markdown
from scenarios.problems import Problem, ProblemsFound
from sim.city import TABLES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bundled city that a test may spoil."""
    return Path(shutil.copytree(BUNDLED / "harbor_city", tmp_path / "city"))


def spoil(folder: Path, file: str, old: str, new: str) -> int:
    """Replace the first `old` of a file; returns the line it stood in."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def mistakes(folder: Path) -> list[Problem]:
    with pytest.raises(ProblemsFound) as found:
        load_city(folder)
    return list(found.value.problems)


def only(folder: Path, file: str) -> Iterator[Problem]:
    found = mistakes(folder)
    assert {Path(problem.file).name for problem in found} == {file}
    return iter(found)


def test_every_column_of_the_contract_has_a_kind_and_a_key() -> None:
    assert {table: list(columns) for table, columns in KINDS.items()} == {
        table: list(columns) for table, columns in TABLES.items()
    }
    assert all(set(key) <= set(TABLES[table]) for table, key in KEYS.items())
    assert KEYS.keys() == TABLES.keys()


def test_a_folder_is_saved_and_read_back_the_same(tmp_path: Path) -> None:
    city = load_city("harbor_city")
    again = load_city(save_city(city, tmp_path / "copy"))
    assert again.fingerprint == city.fingerprint
    for key in HEAD_KEYS:
        if key != "format":
            assert getattr(again, key) == getattr(city, key)
    for table in TABLES:
        assert getattr(again, table).equals(getattr(city, table))
    assert again.schools["school"].iloc[0] == "0101"  # leading zeros stay
    save_city(city, tmp_path / "copy")  # an older district is replaced
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]


def test_saving_leaves_a_folder_alone_that_is_no_district(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(FileExistsError):
        save_city(load_city("harbor_city"), tmp_path / "letters")
    assert (tmp_path / "letters" / "dear.txt").read_text(encoding="utf-8") == "dear"


def test_bundled_cities_are_found_by_name() -> None:
    assert "harbor_city" in list_cities()
    with pytest.raises(ProblemsFound, match="nearest: harbor_city") as found:
        load_city("harbour-city")
    assert "got 'harbour-city'" in str(found.value)


def test_all_mistakes_are_told_at_once_with_file_and_line(folder: Path) -> None:
    head = "district.yaml"
    expected = {
        (head, "opening_year", spoil(folder, head, "opening_year: 2026", "opening_year: soon")),
        (head, "focal_group", spoil(folder, head, "focal_group: Black", "focal_group: Blck")),
        (head, "list_limt", spoil(folder, head, "list_limit:", "list_limt:")),
        ("district.yaml", "list_limit", 0),
        ("schools.csv", "first_grade", spoil(folder, "schools.csv", ",0,5,", ",6,5,")),
        ("schools.csv", "sector", spoil(folder, "schools.csv", ",charter,", ",chartr,")),
        ("enrollment.csv", "school", spoil(folder, "enrollment.csv", "\n0102,0,", "\n0192,0,") + 1),
        ("enrollment.csv", "group", spoil(folder, "enrollment.csv", "0103,0,Black", "0103,0,Blak")),
        ("enrollment.csv", "pupils", spoil(folder, "enrollment.csv", "0104,0,Black,", "0104,0,Black,-")),
        ("enrollment.csv", "grade", spoil(folder, "enrollment.csv", "0106,0,Black,", "0106,9,Black,")),
        ("flags.csv", "share", spoil(folder, "flags.csv", "low_income,0.", "low_income,7.")),
        ("scores.csv", "mean", spoil(folder, "scores.csv", "*,1,White,math,", "*,1,White,math,high")),
        ("zones.csv", "radius_miles", spoil(folder, "zones.csv", "01,Millbrook,", "01,M,0,0,0\n99,x,")),
        ("residents.csv", "zone", spoil(folder, "residents.csv", "\n02,", "\n2,") + 1),
        ("ratings.csv", "subject", spoil(folder, "ratings.csv", ",reading,", ",reeding,")),
    }
    found = mistakes(folder)
    told = {(Path(problem.file).name, problem.key, problem.line) for problem in found}
    assert expected <= told
    by_key = {(Path(problem.file).name, problem.key): problem for problem in found}
    assert by_key["district.yaml", "focal_group"].nearest == "Black"
    assert by_key["district.yaml", "list_limt"].nearest == "list_limit"
    assert by_key["schools.csv", "sector"].nearest == "charter"
    assert by_key["enrollment.csv", "group"].nearest == "Black"
    assert by_key["enrollment.csv", "school"].nearest
    assert by_key["zones.csv", "radius_miles"].allowed


def test_a_problem_is_one_line_that_says_what_is_allowed(folder: Path) -> None:
    line = spoil(folder, "mobility.csv", "White,0.055", "White,1.5")
    (problem,) = only(folder, "mobility.csv")
    said = "leave_rate: not allowed here (got '1.5'; allowed: a number, 0 to 1)"
    assert str(problem) == f"{folder / 'mobility.csv'}:{line}: {said}"
    found = ProblemsFound([problem])
    assert pickle.loads(pickle.dumps(found)).problems == found.problems


def test_missing_and_unknown_columns(folder: Path) -> None:
    spoil(folder, "zones.csv", "x_miles", "x_mile")
    problems = list(only(folder, "zones.csv"))
    assert [(problem.key, problem.line, problem.nearest) for problem in problems] == [
        ("x_miles", 1, ""),
        ("x_mile", 1, "x_miles"),
    ]


def test_rows_and_keys_stand_once(folder: Path) -> None:
    row = "01,Black,"
    line = spoil(folder, "residents.csv", row, f"{row}0\n{row}")
    first = next(only(folder, "residents.csv"))
    assert (first.line, first.key) == (line + 1, "zone, group")
    assert f"line {line}" in first.message


def test_shares_of_residents_come_to_one(folder: Path) -> None:
    text = (folder / "residents.csv").read_text(encoding="utf-8").splitlines()
    zone, group, share = text[1].split(",")
    text[1] = f"{zone},{group},{float(share) + 2e-6:.6f}"
    (folder / "residents.csv").write_text("\n".join(text), encoding="utf-8")
    (problem,) = only(folder, "residents.csv")
    assert "must come to 1" in problem.message


def test_what_is_absent_is_told(folder: Path) -> None:
    def without(file: str, start: str) -> None:
        lines = (folder / file).read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not line.startswith(start)]
        assert len(kept) < len(lines)
        (folder / file).write_text("\n".join(kept) + "\n", encoding="utf-8")

    without("scores.csv", "*,7,Asian,reading")
    without("zone_schools.csv", "03,8,")
    without("flags.csv", "*,White,english_learner")
    without("outcomes.csv", "Other")
    without("mobility.csv", "Hispanic")
    without("enrollment.csv", "0912,")
    text = str(ProblemsFound(mistakes(folder)))
    for said in (
        "no city score in reading for group Asian in grades 7",
        "zone 03 has no school in zone_schools.csv for grades 8",
        "english_learner: no share for group White",
        "no row for group Other",
        "no row for group Hispanic",
        "the school has no pupils",
    ):
        assert said in text


def test_a_zone_is_guaranteed_a_district_school_with_the_grade(folder: Path) -> None:
    spoil(folder, "zone_schools.csv", "01,0,0101", "01,0,0901")
    spoil(folder, "zone_schools.csv", "01,7,0126", "01,7,0101")
    assert [problem.message for problem in only(folder, "zone_schools.csv")] == [
        "only a district school guarantees a zone its seats",
        "school 0101 does not offer the grade",
    ]


def test_ratings_are_of_springs_up_to_the_opening(folder: Path) -> None:
    line = spoil(folder, "ratings.csv", ",2025,", ",2031,")
    (problem,) = only(folder, "ratings.csv")
    assert (problem.line, problem.key, problem.value) == (line, "year", 2031)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (b"group,leave_rate\0", "the file is not text"),
        (b"\x89PNG\r\n\xff", "not text in UTF-8"),
        (b"group,leave_rate,public_share\n", "the table has no rows"),
        (b"group,leave_rate,public_share\nBlack,0.1\n", "the row has 2 cells"),
        (b'group,leave_rate,public_share\n"Black,0.1,0.2\n', "the row cannot be read"),
        (b"group,leave_rate,public_share\n*,nan,0.2\n", "not allowed here"),
        (b"group,leave_rate,public_share\n*,,0.2\n", "the cell is empty"),
        (b"group,leave_rate,public_share\n*,1_0,0.2\n", "not allowed here"),
    ],
)
def test_files_that_are_no_table(folder: Path, content: bytes, said: str) -> None:
    (folder / "mobility.csv").write_bytes(content)
    assert said in next(only(folder, "mobility.csv")).message


def test_a_missing_file_and_one_over_the_cap(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "outcomes.csv").unlink()
    size = (folder / "enrollment.csv").stat().st_size
    monkeypatch.setattr(district_tables, "MAX_BYTES", size - 1)
    said = {(Path(p.file).name, p.message) for p in mistakes(folder)}
    assert {("outcomes.csv", "the file is missing"), ("enrollment.csv", "the file is too large")} <= said


def test_a_byte_order_mark_and_dos_lines_are_read(folder: Path) -> None:
    path = folder / "schools.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_city(folder).fingerprint == load_city("harbor_city").fingerprint


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("name: a\nname: b\n", "duplicate key"),
        ("name:\n\t- a\n", "not right YAML"),
        ("- a\n- b\n", "must hold keys and values"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ntitle: [*c, *c, *c]\n", "unknown key"),
        ("opening_year: yes\n", "not allowed here"),
        ("list_limit: true\n", "not allowed here"),
        ("groups: [Black, Black]\n", "not allowed here"),
    ],
)
def test_a_bad_district_yaml(folder: Path, head: str, said: str) -> None:
    (folder / "district.yaml").write_text(head, encoding="utf-8")
    found = [problem for problem in mistakes(folder) if Path(problem.file).name == "district.yaml"]
    assert any(said in problem.message for problem in found)
    assert all(len(str(problem)) < 600 for problem in found)


def test_the_documentation_lists_what_the_reader_checks() -> None:
    page = Path(__file__).parents[2] / "docs" / "districts.md"
    assert folder_markdown() in page.read_text(encoding="utf-8")
