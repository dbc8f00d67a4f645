"""What the command line says of a gap it says beside the levels of both groups."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import Result

from command.app import app

Portfolio = Callable[..., Result]
SHOWN = {
    "check": ("check", "full_portfolio"),
    "describe": ("describe", "full_portfolio"),
    "run": ("run", "full_portfolio", "--seeds", "2"),
    "compare": ("compare", "status_quo", "full_portfolio", "--seeds", "2"),
    "list": ("list",),
    "explain": ("explain", "gap"),
    "story": ("story", "full_portfolio", "--set", "years.last=2029"),
    "demo": ("demo", "--seeds", "2"),
}
SILENT = {"schema", "import", "district", "database", "verify", "sql", "panel"}
"""Commands that say nothing of scores."""
SCREENS = {"play", "shares", "sensitivity", "explore", "experiments", "backtest", "fit", "recover", "scoreboard"}
"""Commands that show tables of levels and gaps on one screen; their own tests ask for both."""
WITH_GAP = {"describe", "run", "compare", "demo"}
NUMBER = re.compile(r"\bgap\b[^;.]*?[ (][−+]?\d*\.\d\d", re.IGNORECASE)


def said(portfolio: Portfolio, words: tuple[str, ...]) -> str:
    done = portfolio(*words)
    assert done.exit_code == 0, done.output
    return re.sub(r"\s+", " ", done.stdout)


def test_no_command_is_left_out() -> None:
    group: Any = get_command(app)
    assert set(group.commands) == set(SHOWN) | SILENT | SCREENS


def test_the_game_shows_levels_of_every_group_above_the_gaps(portfolio: Portfolio, tmp_path: Path) -> None:
    done = portfolio("play", "harbor_city", "--years", "1", "--lucks", "0", "--to", str(tmp_path / "moves.yaml"))
    lines = [line.strip() for line in done.stdout.splitlines()]
    levels = next(i for i, line in enumerate(lines) if re.search(r"level\s+change\s+proficient", line))
    gaps = next(i for i, line in enumerate(lines) if line.startswith("Gaps: ahead less behind"))
    between = lines[levels + 1 : gaps]
    assert {"Black", "Hispanic", "White", "Asian", "Other"} <= {line.split()[0] for line in between}


@pytest.mark.parametrize("name", list(SHOWN))
def test_a_gap_with_a_number_stands_beside_both_levels(portfolio: Portfolio, asked: list[Any], name: str) -> None:
    text = said(portfolio, SHOWN[name])
    assert bool(NUMBER.search(text)) == (name in WITH_GAP), text
    if name in WITH_GAP:
        for subject in ("math", "reading"):
            levels = re.findall(rf"[Ll]evels?,? (?:in )?{subject}[^.]*?, SD: (.*?)(?:gap|schools|Levels|Years)", text)
            assert levels, subject
            assert all("Black" in one and "White" in one for one in levels)


def test_a_plan_alone_shows_both_levels(pretended: Any) -> None:
    from command.answer import answer

    text = answer(pretended.make_ensemble(("status_quo",), seeds=2))
    for subject in ("math", "reading"):
        for group in ("Black", "White"):
            assert re.search(rf"level, {subject} +{group}: ", text)


def test_the_document_has_a_level_for_every_gap(portfolio: Portfolio, asked: list[Any]) -> None:
    found = json.loads(portfolio(*SHOWN["run"], "--json").stdout)
    for what in ("baseline", "difference"):
        gap, level = (
            ("baseline_gap", "baseline_level") if what == "baseline" else ("gap_difference", "level_difference")
        )
        cells = {(one.get("plan"), one["subject"], one["year"]) for one in found[gap]}
        assert cells
        for group in (found["focal"], found["reference"]):
            mine = [one for one in found[level] if one["group"] == group]
            assert cells <= {(one.get("plan"), one["subject"], one["year"]) for one in mine}
