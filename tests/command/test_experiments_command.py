"""`portfolio experiments`: the table on the screen and in files, and mistakes without a run."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import Result

from calibration.experiments import Estimate, Experiment, Figure, found

Portfolio = Callable[..., Result]


@pytest.fixture
def one_experiment(monkeypatch: pytest.MonkeyPatch) -> Experiment:
    """An experiment that takes no time, the only one there is."""
    figure = Figure("S01-001", "q", "SD", "all", "a study", 0.2, 0.05, 0.1, 0.3)
    one = Experiment(
        "made up",
        "Is it so?",
        "a setting",
        "an estimand",
        "an estimator",
        {"math": figure, "reading": figure},
        lambda city, seed: {"math": Estimate(0.2 + 0.001 * seed, 0.01, 9), "reading": Estimate(0.9, 0.01, 9)},
        reasons={"reading": "made so"},
    )
    monkeypatch.setattr(found, "experiments", lambda: {one.name: one})
    return one


def test_the_table_is_said_and_written(portfolio: Portfolio, one_experiment: Experiment, tmp_path: Path) -> None:
    csv, page = tmp_path / "t" / "table.csv", tmp_path / "table.md"
    done = portfolio("experiments", "made-up", "--seeds", "3", "--csv", str(csv), "--markdown", str(page))
    assert done.exit_code == 0, done.output
    flat = " ".join(done.stdout.split())
    for part in ("3 seeds", "Is it so?", "[S01-001]", "within", "outside", "made so", "1 within, 1 outside"):
        assert part in flat, part
    table = pd.read_csv(csv)
    assert list(table["verdict"]) == ["within", "outside"]
    assert table["simulated"].tolist() == pytest.approx([0.201, 0.9])
    assert "| made up | math, SD |" in page.read_text(encoding="utf-8")


def test_the_same_as_json(portfolio: Portfolio, one_experiment: Experiment) -> None:
    document = json.loads(portfolio("experiments", "--seeds", "2", "--json").stdout)
    assert document["seeds"] == 2
    assert [row["number"] for row in document["table"]] == ["math", "reading"]


def test_what_there_is_is_listed_without_a_run(portfolio: Portfolio) -> None:
    done = portfolio("experiments", "--list")
    assert done.exit_code == 0, done.output
    flat = " ".join(done.stdout.split())
    for part in ("charter lotteries", "S03-061", "two-stage least squares", "113 US charters"):
        assert part in flat, part
    cards = json.loads(portfolio("experiments", "longer-day", "--list", "--json").stdout)
    assert [card["name"] for card in cards] == ["longer day"]
    assert cards[0]["numbers"]["reading"]["id"] == "S04-018"


def test_wrong_names_are_told_and_nothing_is_written(portfolio: Portfolio, tmp_path: Path) -> None:
    csv = tmp_path / "table.csv"
    done = portfolio("experiments", "longer dya", "no such", "--csv", str(csv))
    assert done.exit_code == 2
    assert "nearest: longer day" in done.stderr
    assert "no such" in done.stderr
    assert not csv.exists()
    assert portfolio("experiments", "--list", "no such").exit_code == 2


def test_a_folder_is_no_table(portfolio: Portfolio, one_experiment: Experiment, tmp_path: Path) -> None:
    done = portfolio("experiments", "--csv", str(tmp_path))
    assert done.exit_code == 2
    assert "folder" in done.stderr


def test_a_library_that_is_missing_is_named(
    portfolio: Portfolio, one_experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    from calibration.extras import FIT, module_of

    def measure(city: object, seed: int) -> dict[str, Estimate]:
        module_of("no_such_library_of_ours", FIT)
        return {}

    lacking = replace(one_experiment, measure=measure)
    monkeypatch.setattr(found, "experiments", lambda: {lacking.name: lacking})
    done = portfolio("experiments")
    assert done.exit_code == 2
    assert "no_such_library_of_ours" in done.stderr
    assert "district-portfolio-sim[fit]" in done.stderr
