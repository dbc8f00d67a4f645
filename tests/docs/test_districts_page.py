"""The page on districts: its example of a city without files runs, and it names every total."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from command.app import app
from scenarios.making.asked.totals import Totals

PAGE = (Path(__file__).parents[2] / "docs" / "districts.md").read_text(encoding="utf-8")
SECTION = PAGE.split("## A city without files")[1].split("\n## ")[0]


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```yaml\n(.*?)```", SECTION, flags=re.DOTALL)
    (console,) = re.findall(r"```console\n(.*?)```", SECTION, flags=re.DOTALL)
    Path("totals.yaml").write_text(example, encoding="utf-8")
    for line in console.splitlines():
        words = shlex.split(line.removeprefix("$ portfolio").split("#")[0])
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, (line, result.output)
    report = Path("elm_river-report.md").read_text(encoding="utf-8")
    assert "| dissimilarity.Black | 0.55 |" in report
    assert "off by more" not in report
    assert {path.name for path in Path().iterdir()} == {
        *("totals.yaml", "elm_river", "elm_river-report.md", "other", "other-report.md", "many")
    }


def test_every_total_is_named() -> None:
    named = {name for row in SECTION.splitlines() if row.startswith("| `") for name in re.findall(r"`(\w+)`", row)}
    assert set(Totals.model_fields) <= named
