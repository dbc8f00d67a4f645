"""Every command that shows what a plan or a city comes to says where that lies beyond what has been studied.

Each is asked twice, about the tiny city: once as it is, smaller than any city that was studied, and once as if cities
of its size had been. The mark is in every output of the first and in none of the second.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure as MatplotlibFigure
from typer.main import get_command
from typer.testing import Result

import calibration.histories
from calibration.experiments import Estimate, Experiment, Figure, found
from command.app import app
from scenarios.district_files import save_city
from sim.district import District
from sim.studied.ranges import CITY, Studied
from tests.cities import city, plan_of
from tests.command import test_fit_commands as fits
from tests.command import walks
from tests.command.walks import Outputs
from tests.histories.made_up import HISTORY

Portfolio = Callable[..., Result]
SAY_NOTHING = {
    "list": "names and titles",
    "schema": "of files",
    "import": "of files over many years, before there is a city to run",
    "database": "upgrades",
    "verify": "whether a run is as it was",
}
"""Commands that show nothing of what a plan or a city comes to."""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The tiny city on file."""
    return str(save_city(city(), tmp_path_factory.mktemp("districts") / "tiny"))


@pytest.fixture
def captions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Captions of the figures that are written, one after another."""
    written: list[str] = []
    real = MatplotlibFigure.savefig

    def noting(figure: Any, *words: Any, **more: Any) -> Any:
        written.append(str(getattr(figure, "caption_text", "")))
        return real(figure, *words, **more)

    monkeypatch.setattr(MatplotlibFigure, "savefig", noting)
    return written


@pytest.fixture
def ask(portfolio: Portfolio, captions: list[str]) -> Callable[..., str]:
    """Gives what a command says, on stdout; with `--json`, what it says of the mark."""

    def asked(*words: object) -> str:
        done = portfolio(*words)
        assert done.exit_code == 0, done.output
        if "--json" not in words:
            return done.stdout
        return walks.told_in(json.loads(done.stdout))

    return asked


QUICK = (walks.plan, walks.runs, walks.stories, walks.games, walks.districts, walks.experiments)
SLOW = (walks.backtests, walks.shares, walks.explorations, walks.sensitivities, walks.fitted)
WALKED = {
    *("check", "describe", "run", "compare", "panel", "sql", "story", "play", "district", "experiments", "scoreboard"),
    *("backtest", "shares", "explore", "sensitivity", "fit", "recover"),
}


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An experiment and a history of the tiny city in place of all others, straight lines in place of fits' runs."""

    def measure(_: object, seed: int) -> dict[str, Estimate]:
        District(plan_of({}, years=1), seed)
        return {"math": Estimate(0.2, 0.01, 9)}

    figure = Figure("S01-001", "q", "SD", "all", "a study", 0.2, 0.05, 0.1, 0.3)
    one = Experiment("made up", "So?", "a setting", "an estimand", "an estimator", {"math": figure}, measure)
    monkeypatch.setattr(found, "experiments", lambda: {one.name: one})
    monkeypatch.setattr(calibration.histories, "histories", lambda: {"made-up": HISTORY})
    (tmp_path / "files" / "made_up").mkdir(parents=True)
    monkeypatch.setenv("PORTFOLIO_SHARED_DATA", str(tmp_path / "files"))
    monkeypatch.setattr("calibration.fitting.fitting.fill", fits.straight)


@pytest.fixture(params=["beyond", "within"])
def beyond(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the tiny city lies beyond what has been studied."""
    if request.param == "within":
        as_small = replace(CITY["pupils"], studied=Studied(1_000, 1_100_000, "S03-049"))
        monkeypatch.setitem(CITY, "pupils", as_small)
    return bool(request.param == "beyond")


def held(told: Outputs, beyond: bool) -> None:
    wrong = [name for name, output in told.items() if ("(studied: at least 14,000" in flat(output)) != beyond]
    assert wrong == []


def flat(output: str) -> str:
    return " ".join(output.replace("\n-- ", " ").split())


@pytest.mark.usefixtures("made_up")
@pytest.mark.parametrize("walk", QUICK)
def test_the_mark_is_where_it_belongs(
    walk: Callable[..., Outputs], ask: Callable[..., str], tiny: str, captions: list[str], beyond: bool
) -> None:
    held(walk(ask, tiny, captions), beyond)


@pytest.mark.slow
@pytest.mark.usefixtures("made_up")
@pytest.mark.parametrize("walk", SLOW)
def test_the_mark_is_where_it_belongs_in_long_work(
    walk: Callable[..., Outputs], ask: Callable[..., str], tiny: str, captions: list[str], beyond: bool
) -> None:
    held(walk(ask, tiny, captions), beyond)


def test_files_of_children_are_told_with_the_mark(portfolio: Portfolio, tiny: str, beyond: bool) -> None:
    held(walks.panels(portfolio, tiny), beyond)


@pytest.mark.slow
def test_the_demo_has_the_mark(portfolio: Portfolio, asked: list[Any]) -> None:
    """Its plans act for ten years and more."""
    done = portfolio("demo", "--seeds", "2")
    assert "years the plan acts" in flat(done.stdout)
    assert "years the plan acts" in walks.text("runs/demo/report.html")


def test_the_card_of_a_city_has_a_place_for_the_mark(portfolio: Portfolio) -> None:
    assert "beyond_studied: none" in portfolio("explain", "harbor_city").stdout


def test_no_command_is_left_out() -> None:
    group: Any = get_command(app)
    assert set(group.commands) == WALKED | set(SAY_NOTHING) | {"demo", "explain"}
