"""docs/play.md does what it says: its commands run, its lines are understood, its moves are all there are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from command.app import app
from command.playing import COMMANDS
from scenarios.files import load

PAGE = (Path(__file__).parents[2] / "docs" / "play.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


COMMAND_LINES = [
    line[2:].split("#")[0].strip() for block in blocks("console") for line in block.splitlines() if line[:2] == "$ "
]
(TYPED,) = blocks("moves")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the page's game has been played."""
    folder = tmp_path_factory.mktemp("play")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        (line,) = [line for line in COMMAND_LINES if "mine.yaml --lucks" in line]
        done = CliRunner().invoke(app, [*shlex.split(line)[1:], "--workers", "1"], input=TYPED)
    assert done.exit_code == 0, done.output
    (folder / "said.txt").write_text(done.stdout, encoding="utf-8")
    return folder


def test_the_lines_of_the_page_are_understood(folder: Path) -> None:
    said = (folder / "said.txt").read_text(encoding="utf-8")
    assert "Not done" not in said
    assert "Your final score, June 2029" in said
    assert "was choice and" in said
    assert len(load(folder / "mine.yaml").policies) == 5


@pytest.mark.parametrize("line", [line for line in COMMAND_LINES if "--lucks" not in line])
def test_commands_of_the_page_run(line: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    words = shlex.split(line)[1:]
    if words[0] == "run":
        words = [*words[:2], "--seeds", "1", "--workers", "1"]
    done = CliRunner().invoke(app, words, input="look\nquit\n")
    assert done.exit_code == 0, done.output


def test_python_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for block in blocks("python"):
        exec(compile(block, "docs/play.md", "exec"), {})
    assert list(load("mine.yaml").policies) == ["tutoring_2027"]


def test_every_command_is_told() -> None:
    for name in set(COMMANDS) - {"help"}:
        assert f"`{name}`" in PAGE, name
