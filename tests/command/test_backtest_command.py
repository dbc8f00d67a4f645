"""`portfolio backtest`: what it says, writes and refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import Result

import calibration.histories
from tests.histories.made_up import HISTORY

Portfolio = Callable[..., Result]


@pytest.fixture
def only_made_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """One history, whose files are an empty folder."""
    monkeypatch.setattr(calibration.histories, "histories", lambda: {"made-up": HISTORY})
    root = tmp_path / "files"
    (root / "made_up").mkdir(parents=True)
    monkeypatch.setenv("PORTFOLIO_SHARED_DATA", str(root))
    return tmp_path / "out"


def test_it_says_errors_beside_those_of_naive_forecasts_and_writes_its_files(
    portfolio: Portfolio, only_made_up: Path
) -> None:
    done = portfolio("backtest", "--draws", "0", "--seeds", "2", "--to", str(only_made_up))
    assert done.exit_code == 0, done.output
    for words in ("mean absolute error", "levels, SD", "gaps, SD", "pupils", "last", "trend", "little power"):
        assert words in done.stdout
    names = {path.name for path in only_made_up.iterdir()}
    assert names == {"backtests.md", "made-up.csv", "made-up-totals.csv", "made-up.png"}
    table = pd.read_csv(only_made_up / "made-up.csv")
    assert {"truth", "value", "low", "high", "error", "covers", "method"} <= set(table.columns)
    assert "code version" in (only_made_up / "backtests.md").read_text(encoding="utf-8")


def test_the_document_holds_every_forecast(portfolio: Portfolio, only_made_up: Path) -> None:
    done = portfolio("backtest", "made-up", "--draws", "0", "--json")
    assert done.exit_code == 0, done.output
    (one,) = json.loads(done.stdout)["histories"]
    assert {row["method"] for row in one["totals"]} == {row["method"] for row in one["forecasts"]}
    assert one["verdict"]
    levels = {(row["sector"], row["subject"], row["year"]) for row in one["forecasts"] if row["what"] == "level"}
    assert {(row["sector"], row["subject"], row["year"]) for row in one["forecasts"] if row["what"] == "gap"} <= levels


def test_unknown_names_are_told_at_once_with_the_nearest(portfolio: Portfolio, tmp_path: Path) -> None:
    done = portfolio("backtest", "newarc", "washington-d", "--to", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert "nearest: newark" in done.stderr
    assert "nearest: washington-dc" in done.stderr
    assert not (tmp_path / "out").exists()


def test_missing_files_are_all_named_and_nothing_is_written(
    portfolio: Portfolio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PORTFOLIO_SHARED_DATA", str(tmp_path / "nowhere"))
    done = portfolio("backtest", "--to", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert "newark_camden_nj" in done.stderr
    assert "washington_dc" in done.stderr
    assert "PORTFOLIO_SHARED_DATA" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_without_its_files_is_refused(
    portfolio: Portfolio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "newark_camden_nj").mkdir()
    monkeypatch.setenv("PORTFOLIO_SHARED_DATA", str(tmp_path))
    done = portfolio("backtest", "newark")
    assert done.exit_code == 2
    assert "njask" in done.stderr


def test_a_file_is_no_folder_to_write_to(portfolio: Portfolio, only_made_up: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    done = portfolio("backtest", "--to", str(tmp_path / "file"))
    assert done.exit_code == 2
    assert "not a folder" in done.stderr


def test_the_list_names_years(portfolio: Portfolio) -> None:
    assert (
        "washington-dc: Washington DC, 2009 to 2012 known, to 2014 forecast" in portfolio("backtest", "--list").stdout
    )
