"""docs/experiments.md tells every experiment, and its published figures are those of the code."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from calibration.experiments import experiments, line_of
from calibration.experiments.printed import COLUMNS, published_of
from calibration.experiments.table import UNKNOWN
from command.app import app

PAGE = (Path(__file__).parents[2] / "docs" / "experiments.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ (portfolio .*)$", PAGE, flags=re.MULTILINE)
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and line.count(" | ") == len(COLUMNS) - 1 and not line.startswith(f"| {COLUMNS[0]} |")
]


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_run(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["1" if word == "2" else word for word in shlex.split(line)[1:]]
    found = CliRunner().invoke(app, words)
    assert found.exit_code == 0, found.output


def test_every_number_has_a_line_with_the_published_figure_of_the_code() -> None:
    told = {(row[0], row[1]): row for row in ROWS}
    for name, one in experiments().items():
        for number, figure in one.numbers.items():
            row = told[name, f"{number}, {figure.unit}"]
            assert row[2] == published_of(line_of(name, number, figure, []))
            assert row[3] == figure.key


def test_every_number_that_misses_has_the_reason_of_the_code_on_the_page() -> None:
    plain = " ".join(PAGE.split())
    missed = [(row[0], number_of(row)) for row in ROWS if row[-1] == "outside"]
    assert missed
    without = [
        (name, number)
        for name, number in missed
        if not (reason := experiments()[name].reasons.get(number, "")) or f": {reason}." not in plain
    ]
    assert not without
    assert UNKNOWN not in plain


def number_of(row: list[str]) -> str:
    """The number's name without its unit."""
    return next(number for number, one in experiments()[row[0]].numbers.items() if row[1] == f"{number}, {one.unit}")


def test_no_line_is_of_an_experiment_there_is_no_more() -> None:
    assert ROWS
    assert {row[0] for row in ROWS} <= set(experiments())
    assert {len(row) for row in ROWS} == {len(COLUMNS)}


def test_every_table_has_a_date_and_a_version_of_the_model() -> None:
    tables = re.findall(rf"^\| {COLUMNS[0]} \| number", PAGE, flags=re.MULTILINE)
    assert len(re.findall(r"^\d.*, model [0-9a-f]{16}", PAGE, flags=re.MULTILINE)) == len(tables) > 0
