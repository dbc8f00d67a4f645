"""docs/scoreboard.md holds the table as the command writes it, with date and code version, and hides no miss."""

from __future__ import annotations

import re
from pathlib import Path

from calibration.experiments import experiments
from calibration.experiments.table import UNKNOWN
from calibration.histories import histories
from calibration.patterns import patterns
from calibration.scoreboard.parts import FAILS, HOLDS, PARTS

PAGE = (Path(__file__).parents[2] / "docs" / "scoreboard.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")]


def test_it_was_made_by_the_command() -> None:
    assert re.search(r"Made by `portfolio scoreboard` on \d{4}-\d\d-\d\d, code version [0-9a-f]{16}\.", PAGE)
    for part in PARTS:
        assert f"## {part.capitalize()}" in PAGE


def test_counts_are_those_of_the_lines() -> None:
    counts = {row[0]: [int(cell) for cell in row[1:]] for row in ROWS if row[0] in PARTS}
    for part in PARTS:
        section = PAGE[PAGE.index(f"## {part.capitalize()}") :].split("\n## ")[0]
        lines = [line for line in section.splitlines() if line.startswith("| ")][1:]
        verdicts = [sum(f"| {verdict} |" in line for line in lines) for verdict in (HOLDS, FAILS, "cannot tell")]
        assert counts[part] == [len(lines), *verdicts], part


def test_every_experiment_that_fails_has_its_reason() -> None:
    told = {one: set(experiment.reasons.values()) for one, experiment in experiments().items()}
    failed = [row for row in ROWS if row[0] in told and FAILS in row[1:]]
    assert failed
    assert not [row[:2] for row in failed if not told[row[0]] & set(row)]
    assert UNKNOWN not in PAGE


def test_nothing_that_is_held_is_left_out() -> None:
    held = {row[0] for row in ROWS}
    assert set(experiments()) <= {name.lower() for name in held} | held
    assert set(patterns()) <= held
    assert set(histories()) <= held
