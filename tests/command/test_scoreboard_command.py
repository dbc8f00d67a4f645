"""`portfolio scoreboard` from tables that are there."""

from __future__ import annotations

import json
from pathlib import Path

from tests.command.conftest import Portfolio
from tests.scoreboard.test_scoreboard import COVERAGE, EXPERIMENTS, PATTERNS, totals


def files(folder: Path) -> list[str]:
    tables = {"coverage": COVERAGE, "patterns": PATTERNS, "experiments": EXPERIMENTS, "newark-totals": totals(0.2)}
    words = []
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
        words += ["--take", str(folder / f"{name}.csv")]
    return words


def test_all_parts_are_taken_and_written(portfolio: Portfolio, tmp_path: Path) -> None:
    page, table = tmp_path / "out" / "board.md", tmp_path / "out" / "board.csv"
    done = portfolio("scoreboard", *files(tmp_path), "--to", str(page), "--csv", str(table))
    assert done.exit_code == 0, done.output
    assert "experiments        3" in done.stdout
    assert "back-tests, newark" in done.stdout
    assert "## Recovery" in page.read_text(encoding="utf-8")
    assert len(table.read_text(encoding="utf-8").splitlines()) == 1 + 3 + 3 + 3 + 1


def test_as_json(portfolio: Portfolio, tmp_path: Path) -> None:
    done = portfolio("scoreboard", *files(tmp_path), "--json")
    assert len(json.loads(done.stdout)["lines"]) == 10


def test_what_cannot_be_asked_ends_before_anything_runs(portfolio: Portfolio, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    page = tmp_path / "board.md"
    for words, told in (
        (["--take", str(tmp_path / "other.csv")], "not a table of a part"),
        (["--without", "experiment"], "nearest: experiments"),
        (["--to", str(tmp_path)], "is a folder"),
    ):
        done = portfolio("scoreboard", *words, *([] if "--to" in words else ["--to", str(page)]))
        assert done.exit_code == 2
        assert told in done.stderr
        assert not page.exists()
