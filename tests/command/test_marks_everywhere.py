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

import pandas as pd
import pytest
from matplotlib.figure import Figure as MatplotlibFigure
from typer.main import get_command
from typer.testing import Result

import calibration.histories
from calibration.experiments import Estimate, Experiment, Figure, found
from command.app import app
from results.store import Store
from scenarios.district_files import save_city
from sim.district import District
from sim.studied.ranges import CITY, Studied
from tests.cities import city, plan_of
from tests.command import test_fit_commands as fits
from tests.histories.made_up import HISTORY

Portfolio = Callable[..., Result]
Outputs = dict[str, str]
SAY_NOTHING = {
    "list": "names and titles",
    "schema": "of files",
    "import": "of files over many years, before there is a city to run",
    "database": "upgrades",
    "verify": "whether a run is as it was",
}
"""Commands that show nothing of what a plan or a city comes to."""
SHORT = ("--set", "years.last=2028")
ONE = ("--seeds", "1", "--workers", "1", "--store", "runs.sqlite")


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
        return told_in(json.loads(done.stdout))

    return asked


def told_in(document: Any) -> str:
    """All marks of a document, wherever in it they stand; it must have a place for them."""
    places: list[Any] = []

    def look(part: Any) -> None:
        for key, value in part.items() if isinstance(part, dict) else ():
            if key == "beyond_studied":
                places.append(value)
            look(value)
        for value in part if isinstance(part, list) else ():
            look(value)

    look(document)
    assert places, "no beyond_studied in the document"
    return json.dumps(places)


def column(file: str) -> str:
    """What a table says in its column of marks; the same in every row."""
    (told,) = pd.read_csv(file, keep_default_na=False)["beyond_studied"].unique()
    return str(told)


def text(file: str) -> str:
    return Path(file).read_text(encoding="utf-8")


def plan(ask: Callable[..., str], tiny: str, captions: list[str]) -> Outputs:
    """Before anything runs."""
    words = ("extended_day", "--district", tiny, *SHORT)
    return {f"{name}{json}": ask(name, *words, *json) for name in ("check", "describe") for json in ((), ("--json",))}


def runs(ask: Callable[..., str], tiny: str, captions: list[str]) -> Outputs:
    """run, compare, panel and sql."""
    pytest.importorskip("pyarrow")
    words = ("--district", tiny, *SHORT, *ONE)
    told = {
        "run": ask("run", "extended_day", *words, "--panel", "children", "--report", "report.html"),
        "report": text("report.html"),
        "compare": ask("compare", "status_quo", "extended_day", *words, "--figure", "gap.png"),
        "figure": captions[-1],
        "document": ask("compare", "status_quo", "extended_day", *words, "--json"),
        "sql": ask("sql", "gap", "--store", "runs.sqlite"),
        "sql rows": ask("sql", "gap", "--run", "--store", "runs.sqlite"),
    }
    with Store("runs.sqlite") as store:
        told["store"] = "".join(json.dumps(json.loads(one)["beyond"]) for one in store.runs()["beyond_studied"])
    (file, *_) = Path("children").iterdir()
    told["children"] = "".join(pd.read_parquet(file).attrs["beyond_studied"])
    Path("gap.csv").write_text(ask("sql", "gap", "--run", "--as", "csv", "--store", "runs.sqlite"), encoding="utf-8")
    return {**told, "sql csv": column("gap.csv")}


def panels(portfolio: Portfolio, tiny: str) -> Outputs:
    """What the screen says of files of children."""
    pytest.importorskip("pyarrow")
    assert portfolio("run", "extended_day", "--district", tiny, *SHORT, *ONE).exit_code == 0
    done = portfolio("panel", "2", "--to", "children", "--store", "runs.sqlite")
    return {"panel": done.stderr}


def stories(ask: Callable[..., str], tiny: str, captions: list[str]) -> Outputs:
    words = ("story", "extended_day", "--district", tiny, *SHORT)
    return {"story": ask(*words), "document": ask(*words, "--json")}


def games(ask: Callable[..., str], tiny: str, captions: list[str]) -> Outputs:
    return {"play": ask("play", tiny, "--years", "1", "--lucks", "0")}


def districts(ask: Callable[..., str], tiny: str, captions: list[str]) -> Outputs:
    """A city by itself."""
    made = ("--set", "pupils=3000", "--set", "low_income=.7", "--to")
    return {
        "check": ask("district", "check", tiny),
        "check, document": ask("district", "check", tiny, "--json"),
        "match": ask("district", "match", tiny),
        "match, document": ask("district", "match", tiny, "--json"),
        "make": ask("district", "make", *made, "made"),
        "make, document": ask("district", "make", *made, "again", "--json"),
    }


def experiments(ask: Callable[..., str], tiny: str, captions: list[str]) -> Outputs:
    """The table of experiments, and the scoreboard made from it."""
    board = ("scoreboard", "--take", "table.csv", "--without", "patterns", "--without", "back-tests")
    return {
        "experiments": ask("experiments", "--seeds", "1", "--csv", "table.csv", "--markdown", "table.md"),
        "csv": column("table.csv"),
        "markdown": text("table.md"),
        "document": ask("experiments", "--seeds", "1", "--json"),
        "scoreboard": ask(*board, "--to", "board.md", "--csv", "board.csv"),
        "scoreboard, page": text("board.md"),
        "scoreboard, csv": column("board.csv"),
        "scoreboard, document": ask(*board, "--json"),
    }


def backtests(ask: Callable[..., str], tiny: str, captions: list[str]) -> Outputs:
    return {
        "backtest": ask("backtest", "--draws", "0", "--to", "out"),
        "figure": captions[-1],
        "page": text("out/backtests.md"),
        "csv": column("out/made-up.csv"),
        "totals": column("out/made-up-totals.csv"),
        "document": ask("backtest", "--draws", "0", "--json"),
    }


def shares(ask: Callable[..., str], tiny: str, captions: list[str]) -> Outputs:
    words = ("shares", "three_together", "--district", tiny, "--seeds", "1", "--workers", "1", *SHORT)
    return {"shares": ask(*words), "document": ask(*words, "--json")}


def explorations(ask: Callable[..., str], tiny: str, captions: list[str]) -> Outputs:
    pytest.importorskip("ema_workbench")
    lever = (
        "--lever",
        "policies.longer_day.extra_time=10..30 percent",
        "--points",
        "2",
        "--draws",
        "2",
        "--seeds",
        "1",
    )
    words = ("explore", "extended_day", "--district", tiny, *SHORT, "--workers", "1", *lever, "--keep", "kept.jsonl")
    return {
        "explore": ask(*words, "--write", "p2=picked.yaml", "--figure", "plans.png", "--csv", "plans.csv"),
        "figure": captions[-1],
        "csv": column("plans.csv"),
        "scenario": text("picked.yaml"),
        "document": ask(*words, "--json"),
    }


def sensitivities(ask: Callable[..., str], tiny: str, captions: list[str]) -> Outputs:
    pytest.importorskip("SALib")
    how = ("--seeds", "1", "--trajectories", "2", "--samples", "0", "--workers", "1", "--keep", "kept")
    names = ("--parameters", "practices.extended_time", "--parameters", "money.restart")
    longer = "{use: extended_day, extra_time: 0.25, where: {sector: all}, schools_per_year: 2}"
    lines = (
        "title: Longer days",
        f"district: {tiny}",
        "years: {first: 2027, last: 2027}",
        f"policies: {{it: {longer}}}",
    )
    Path("longer.yaml").write_text("\n".join(lines), encoding="utf-8")
    words = ("sensitivity", "longer.yaml", *how, *names, "--outcome", "level of Black")
    return {
        "sensitivity": ask(*words, "--csv", "table.csv", "--figure", "mu.png"),
        "figure": captions[-1],
        "csv": column("table.csv"),
        "document": ask(*words, "--json"),
    }


def fitted(ask: Callable[..., str], tiny: str, captions: list[str]) -> Outputs:
    pytest.importorskip("sklearn")
    Path("fit.yaml").write_text(fits.FIT, encoding="utf-8")
    Path("targets.csv").write_text(fits.TARGETS, encoding="utf-8")
    words = ("fit.yaml", "--district", tiny, "--pool", "fits.sqlite")
    return {
        "fit": ask("fit", *words, "--to", "out"),
        "text": text("out/fit.txt"),
        "posterior": text("out/posterior.csv"),
        "recovery": text("out/coverage.md"),
        "coverage": column("out/coverage.csv"),
        "recover": ask("recover", *words),
        "recover, document": ask("recover", *words, "--json"),
    }


QUICK = (plan, runs, stories, games, districts, experiments)
SLOW = (backtests, shares, explorations, sensitivities, fitted)
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
    held(panels(portfolio, tiny), beyond)


@pytest.mark.slow
def test_the_demo_has_the_mark(portfolio: Portfolio, asked: list[Any]) -> None:
    """Its plans act for ten years and more."""
    done = portfolio("demo", "--seeds", "2")
    assert "years the plan acts" in flat(done.stdout)
    assert "years the plan acts" in text("runs/demo/report.html")


def test_the_card_of_a_city_has_a_place_for_the_mark(portfolio: Portfolio) -> None:
    assert "beyond_studied: none" in portfolio("explain", "harbor_city").stdout


def test_no_command_is_left_out() -> None:
    group: Any = get_command(app)
    assert set(group.commands) == WALKED | set(SAY_NOTHING) | {"demo", "explain"}
