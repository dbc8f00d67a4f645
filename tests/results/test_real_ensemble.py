"""What the engine really hands over is stored, drawn and reported."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import scenarios
from results import figures
from results.report import render
from results.report.answer import answer
from results.store import Store
from sim.run import Ensemble, ensemble


@pytest.fixture(scope="module")
def real() -> Ensemble:
    """Three years of the bundled city under two plans."""
    plans = [scenarios.load(name, {"years.last": 2029}) for name in ("status_quo", "full_portfolio")]
    return ensemble(plans, seeds=[3], workers=1)


def test_it_is_read_back_as_it_was(real: Ensemble, tmp_path: Path) -> None:
    with Store(tmp_path / "runs.sqlite") as store:
        ids = store.save(real)
        for name, table in real.tables.items():
            pd.testing.assert_frame_equal(store.table(name, ids).drop(columns="run"), table)
        assert list(store.runs()["result"]) == list(real.fingerprints.values())


def test_it_is_reported_and_drawn(real: Ensemble) -> None:
    page = render(real)
    assert "Harbor City" in page
    assert len(answer(real, "full_portfolio")) == 5
    figures.map_figure(real, "full_portfolio").canvas.draw()
