"""docs/explore.md does what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from calibration.explore.levers import read_levers
from calibration.explore.robust import AIMS, MOST_SHOWN
from command.app import app

PAGE = (Path(__file__).parents[2] / "docs" / "explore.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ (portfolio .*)$", PAGE, flags=re.MULTILINE)


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_run(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("SALib")
    pytest.importorskip("ema_workbench")
    monkeypatch.chdir(tmp_path)
    words = [*shlex.split(line)[1:], "--workers", "1", "--set", "years.last=2027"]
    for option, value, cheap in (("--draws", "4", "2"),):
        if option in words and value in words:
            words[len(words) - 1 - words[::-1].index(value)] = cheap
    found = CliRunner().invoke(app, words)
    assert found.exit_code == 0, found.output


def test_the_levers_of_the_page_are_right(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(# levers.*?)```", PAGE, flags=re.DOTALL)
    file = tmp_path / "levers.yaml"
    file.write_text(block, encoding="utf-8")
    assert len(read_levers("three_together", {}, (), file)) == 3


def test_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    for block in re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL):
        exec(compile(block, "explore.md", "exec"), {})
    assert "expected" in capsys.readouterr().out


def test_assumed_steps_are_those_of_the_code() -> None:
    assert {step for _, step in AIMS.values()} == {0.002, 250_000.0, 20.0}
    assert MOST_SHOWN == 7
    assert "seven plans" in PAGE
