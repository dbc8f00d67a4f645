"""The README and the docs do what they say."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from command.app import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def commands() -> list[str]:
    lines = [line for block in blocks("console") for line in block.splitlines()]
    return [line[2:].split("#")[0].strip() for line in lines if line.startswith("$ portfolio")]


def test_python_in_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), {})
    assert "replicate" in capsys.readouterr().out


@pytest.mark.parametrize("line", commands())
def test_commands_in_the_readme_run(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "washington-dc" in line or "runs/dc" in line:
        pytest.skip("needs the public files; tested in tests/districts")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_plan.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    words = shlex.split(line)[1:]
    if words[0] in ("run", "compare"):
        words = ["2" if word == "200" else word for word in words if word not in ("--seeds", "20")]
        words += ["--seeds", "1", "--workers", "1", "--set", "years.last=2029"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output


def test_make_targets_in_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"\$ make (\w+)", README):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def test_the_parameter_page_is_fresh() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "make_tables.py"))
    assert (ROOT / "docs" / "parameters.md").read_text(encoding="utf-8") == made["page"](), "run `make docs`"


def test_the_tables_of_the_districts_page_are_fresh() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "make_tables.py"))
    page = (ROOT / "docs" / "districts.md").read_text(encoding="utf-8")
    assert page == made["districts_page"](page), "run `make docs`"
    stale = page.replace("| `pupils` |", "| `pupil` |")
    assert stale != page == made["districts_page"](stale)


def test_files_named_in_the_readme_exist() -> None:
    for name in re.findall(r"`((?:docs|sim|scenarios|calibration|results|command)/[\w./]*)`", README):
        assert (ROOT / name).exists(), name
