"""docs/fitting.md and the bundled fit say what the code does."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from calibration.fitting.coverage import ALLOWED_90
from calibration.fitting.fit_files import MOST_PARAMETERS, WHOLE, read_fit
from calibration.fitting.moments import moments
from calibration.fitting.summaries import How
from calibration.fitting.targets import COLUMNS
from command.app import app
from scenarios.district_files import save_city
from scenarios.making.making import make_district
from scenarios.records.columns import TABLES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "fitting.md").read_text(encoding="utf-8")
FITS = ROOT / "calibration" / "fits"


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)
    return str(found)


def test_the_files_of_the_page_are_read(tmp_path: Path) -> None:
    (tmp_path / "fit.yaml").write_text(block("yaml"), encoding="utf-8")
    (tmp_path / "targets.csv").write_text(block("csv"), encoding="utf-8")
    found = read_fit(tmp_path / "fit.yaml")
    assert len(found.targets.all) == 3
    assert {key: getattr(found, key) for key in WHOLE} == {key: usual for key, (usual, _, _) in WHOLE.items()}
    assert found.others == "priors"


def test_the_bundled_fit_has_no_mistake(tmp_path: Path) -> None:
    save_city(make_district(FITS / "small_town_totals.yaml").city, tmp_path / "small_town")
    found = read_fit(FITS / "small_town.yaml", str(tmp_path / "small_town"))
    assert len(found.names) == 8
    assert f"eight parameters, {len(found.targets.all)} targets" in " ".join(PAGE.split())
    assert found.held_out >= 400
    roll = int(found.plan.city.enrollment["pupils"].sum())
    assert roll <= 4000
    assert f"{roll:,} pupils" in PAGE


@pytest.mark.parametrize("line", re.findall(r"^\$ portfolio (.*)$", PAGE, flags=re.MULTILINE))
def test_commands_and_options_exist(line: str) -> None:
    words = shlex.split(line)
    command: Any = get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_every_moment_is_told_and_numbers_are_those_of_the_code() -> None:
    told = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| `.*? \|", PAGE, flags=re.MULTILINE))))
    assert set(moments()) <= told
    assert f"up to {MOST_PARAMETERS} parameters" in PAGE
    assert ALLOWED_90 == (0.85, 0.95)
    assert How().parts == 5
    assert "in five parts" in " ".join(PAGE.split())
    assert tuple(COLUMNS) == tuple(TABLES["targets"].columns)
