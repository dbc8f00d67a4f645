"""docs/plans.md does what it says: every plan in it is right, every command runs, every setting is told."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from command.app import app
from scenarios.files import Checked, check
from scenarios.schema import KEYS
from sim.policies.policy import Policy
from sim.policies.trigger import SchoolCondition

PAGE = (Path(__file__).parents[2] / "docs" / "plans.md").read_text(encoding="utf-8")
COMMANDS = [
    line[2:].split("#")[0].strip()
    for block in re.findall(r"```console\n(.*?)```", PAGE, flags=re.DOTALL)
    for line in block.splitlines()
]
PLANS = dict(re.findall(r"```yaml\n# (\S+)\n(.*?)```", PAGE, flags=re.DOTALL))


@pytest.fixture
def plans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Checked]:
    """The plans of the page, written into a folder and checked."""
    monkeypatch.chdir(tmp_path)
    for name, text in PLANS.items():
        Path(name).write_text(text, encoding="utf-8")
    return {name: check(name) for name in PLANS}


def test_every_plan_is_right_and_means_what_its_comments_say(plans: dict[str, Checked]) -> None:
    assert len(PLANS) == PAGE.count("```yaml")
    mine, fewer = plans["my_plan.yaml"].plan, plans["fewer.yaml"].plan
    assert list(mine.policies) == ["weakest", "networks", "longer_day"]
    assert not mine.policies["longer_day"].enabled
    assert mine.years.last == 2035
    assert "weakest_schools" not in fewer.policies
    assert fewer.policies["strong_networks"].model_dump()["seats"] == 360
    assert fewer.policies["weakest"].model_dump()["only_if_better_seat_within"] is None
    assert fewer.policies["weakest"].model_dump()["mode"] == "grade by grade"
    assert fewer.parameters.changes == {}
    for variant in ("gentle", "longer"):
        assert check(f"my_plan.yaml:{variant}").plan.fingerprint != mine.fingerprint


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_run(line: str, plans: dict[str, Checked]) -> None:
    words = shlex.split(line)[1:]
    if words[0] == "run":
        words = [word for word in words if word not in ("--seeds", "20")]
        words += ["--seeds", "1", "--workers", "1", "--set", "years.last=2032"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output


def test_every_key_term_and_condition_is_told() -> None:
    for name in (*KEYS, *Policy.model_fields, *SchoolCondition.model_fields):
        assert re.search(rf"\b{name}\b", PAGE), name
