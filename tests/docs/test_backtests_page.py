"""docs/backtests.md holds the table of every history, as the command writes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from calibration.histories import histories
from calibration.histories.page import NAMES

PAGE = (Path(__file__).parents[2] / "docs" / "backtests.md").read_text(encoding="utf-8")
MADE = re.compile(r"^Made by `portfolio backtest` on \d{4}-\d\d-\d\d, code version [0-9a-f]{16}\.$", re.MULTILINE)


def test_date_and_code_version_are_told() -> None:
    assert len(MADE.findall(PAGE)) == 1


@pytest.mark.parametrize("name", sorted(histories()))
def test_every_history_has_its_table_and_its_verdict(name: str) -> None:
    history = histories()[name]
    section = PAGE.split(f"## {history.title}\n")[1].split("\n## ")[0]
    assert f"Opens in June {history.opening}; {history.opening} to {history.known} known" in section
    for kind in NAMES.values():
        (row,) = re.findall(rf"^\| {kind} \|.*$", section, flags=re.MULTILINE)
        assert row.count("|") == 9
    assert "little power" in section
    assert re.search(r"^The model:? ", section, flags=re.MULTILINE)


def test_the_commands_of_the_page_name_histories() -> None:
    lines = re.findall(r"^\$ portfolio backtest (.*)$", PAGE, flags=re.MULTILINE)
    assert lines
    for line in lines:
        names = [word for word in line.split(" --")[0].split() if not word.startswith("--")]
        assert set(names) <= set(histories())
