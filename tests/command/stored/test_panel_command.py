"""`portfolio panel` and `portfolio run --panel`."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from results.store import Store
from tests.command.conftest import Portfolio

SHORT = ("--seeds", 1, "--workers", 1, "--set", "years.last=2028", "--store", "runs.sqlite")


def pyarrow_is(monkeypatch: pytest.MonkeyPatch, found: object) -> None:
    """Pretend that the package is there or not."""
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: found if name == "pyarrow" else real(name, *more)
    )


def test_a_run_writes_its_children_and_so_does_a_stored_one(portfolio: Portfolio, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    result = portfolio("run", "replicate", *SHORT, "--panel", "children")
    assert result.exit_code == 0, result.output
    files = sorted((tmp_path / "children").iterdir())
    assert len(files) == 2
    assert f"children of run 2: {files[1]}" in result.stderr
    with Store(tmp_path / "runs.sqlite") as store:
        assert store.panel_files()["path"].tolist() == [str(file) for file in files]
    before = files[1].read_bytes()
    assert portfolio("panel", "replicate", "--to", "children", "--store", "runs.sqlite").exit_code == 0
    assert files[1].read_bytes() == before
    assert set(pd.read_parquet(files[1])["year"]) == {2026, 2027, 2028}
    result = portfolio("panel", "7", "--to", "more", "--store", "runs.sqlite")
    assert (result.exit_code, (tmp_path / "more").exists()) == (2, False)
    assert "no run 7" in result.stderr


def test_what_is_missing_is_told_before_anything_runs(
    portfolio: Portfolio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pyarrow_is(monkeypatch, None)
    result = portfolio("run", "replicate", *SHORT, "--panel", "children")
    assert result.exit_code == 2
    assert "district-portfolio-sim[panel]" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_a_folder_is_refused(
    portfolio: Portfolio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pyarrow_is(monkeypatch, object())
    (tmp_path / "notes").write_text("a file", encoding="utf-8")
    result = portfolio("run", "replicate", *SHORT, "--panel", "notes/children")
    assert result.exit_code == 2
    assert "notes is not a folder" in result.stderr
