"""`portfolio import`: a folder written whole with its report, or a refusal and nothing; mappings guessed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from command.app import app
from scenarios.records.reading import load_records
from tests.importers.made_up import ROLLS, written

ROWS = (
    "code,year,group,n\n0101,2008,All,161\n0101,2008,BL7,155\n0101,2008,WH7,<10\n0102,2008,All,70\n0102,2008,BL7,1O\n"
)
UNKNOWN = """Report of schools,,,,,,
School Code,School Name,Year,Total Students,Black,White,Grades Offered
0101,Oak,2012-13,161,100,NR,K-5
0102,Elm,2012-13,70,50,20,6-8
0103,Ash,2012-13,40,15,25,"PK,0K,01"
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "mapping.yaml", "ranges: true\n" + ROLLS)
    written(tmp_path, "rows.csv", ROWS)
    return lambda *words, **more: CliRunner().invoke(app, ["import", *words], catch_exceptions=False, **more)


def test_files_become_a_folder_and_a_report(run: object, tmp_path: Path) -> None:
    done: Result = run("mapping.yaml", "rows.csv", "--to", "made")  # type: ignore[operator]
    assert done.exit_code == 0, done.output
    records = load_records(tmp_path / "made")
    assert records["enrollment"]["pupils_high"].sum() == 161 + 155 + 9 + 70
    assert "5 rows; 4 used, 1 refused, 0 left out" in done.stdout
    assert "assumed: opening year 2009" in done.stdout
    assert "1O" in (tmp_path / "made" / "import-report.txt").read_text(encoding="utf-8")
    assert (tmp_path / "made" / "import-report.html").is_file()


def test_the_answer_as_json(run: object) -> None:
    done: Result = run(  # type: ignore[operator]
        *("mapping.yaml", "rows.csv", "--to", "made", "--json", "--opening-year", "2009"),
        *("--groups", "White, Black", "--title", "A city"),
    )
    facts = json.loads(done.stdout)
    assert facts["files"][0]["records"] == {"enrollment": 4}
    assert facts["notes"]["refused"] == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("mapping.yaml", "nowhere.csv", "--to", "made"), "nowhere.csv"),
        (("mapping.yaml", "--to", "made"), "name the files"),
        (("mapping.yaml", "rows.csv"), "--to FOLDER"),
        (("maping", "rows.csv", "--to", "made"), "no such city set or mapping"),
        (("mapping.yaml", "mapping.yaml", "--to", "made"), "header"),
        (("mapping.yaml", "rows.csv", "--to", "made", "--opening-year", "1990"), "opening"),
        (("--new", "nowhere.csv", "--yes"), "nowhere.csv"),
        ((), "portfolio import list"),
    ],
)
def test_a_refusal_writes_nothing(run: object, tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    done: Result = run(*words)  # type: ignore[operator]
    assert done.exit_code == 2
    assert told in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_what_there_is(run: object) -> None:
    done: Result = run("list")  # type: ignore[operator]
    assert "washington-dc-2009" in done.stdout
    assert json.loads(run("list", "--json").stdout)["by_hand"] == "washington-dc-2009"  # type: ignore[operator]


def test_a_mapping_is_guessed_and_runs(run: object, tmp_path: Path) -> None:
    written(tmp_path, "unknown.csv", UNKNOWN)
    done: Result = run("--new", "unknown.csv", "--yes")  # type: ignore[operator]
    assert done.exit_code == 0, done.output
    assert "the header says 'school code'" in (tmp_path / "unknown.yaml").read_text(encoding="utf-8")
    done = run("unknown.yaml", "unknown.csv", "--to", "made")  # type: ignore[operator]
    assert done.exit_code == 0, done.output
    records = load_records(tmp_path / "made")
    assert records["schools"]["name"].tolist() == ["Oak", "Elm", "Ash"]
    assert records["schools"]["last_grade"].tolist() == [5, 8, 1]
    rolls = records["enrollment"].set_index(["school", "group"])["pupils_low"].to_dict()
    assert rolls == {
        ("0101", "*"): 161, ("0101", "Black"): 100, ("0102", "*"): 70, ("0102", "Black"): 50, ("0102", "White"): 20,
        ("0103", "*"): 40, ("0103", "Black"): 15, ("0103", "White"): 25,
    }  # fmt: skip
    assert records["enrollment"]["year"].unique().tolist() == [2013]


def test_guesses_can_be_put_right(run: object, tmp_path: Path) -> None:
    """An answer that is no use is asked again; a column can be left out."""
    written(tmp_path, "unknown.csv", UNKNOWN)
    answers = "\n".join(["y", "", "", "", "puplis", "nothing", "", "", "-"]) + "\n"
    done: Result = run("--new", "unknown.csv", "--to", "own.yaml", input=answers)  # type: ignore[operator]
    assert done.exit_code == 0, done.output
    assert "nearest: pupils" in done.stdout
    text = (tmp_path / "own.yaml").read_text(encoding="utf-8")
    assert '"Total Students": "said by the person who made this mapping"' in text
    assert run("--new", "unknown.csv", "--to", "own.yaml", "--yes").exit_code == 2  # type: ignore[operator]
    assert (tmp_path / "own.yaml").read_text(encoding="utf-8") == text
