"""What each command says and writes about the tiny city, output by output."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import Result

from results.store import Store
from tests.command import test_fit_commands as fits

Portfolio = Callable[..., Result]
Outputs = dict[str, str]
SHORT = ("--set", "years.last=2028")
ONE = ("--seeds", "1", "--workers", "1", "--store", "runs.sqlite")


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
