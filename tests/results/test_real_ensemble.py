"""What the engine really hands over is stored, drawn and reported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import scenarios
from results import figures
from results.report import money, render
from results.report.answer import answer
from results.report.slate import DONE
from results.store import Store
from results.words import money as dollars
from sim.run import Ensemble, ensemble
from tests.cities import all_policies, plan_of


@pytest.fixture(scope="module")
def real() -> Ensemble:
    """Three years of the bundled city under two plans."""
    plans = [scenarios.load(name, {"years.last": 2029}) for name in ("status_quo", "full_portfolio")]
    contested = replace(plans[1], name="contested", politics="on")
    return ensemble([*plans, contested], seeds=[3], workers=1)


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
    assert "Politics under contested, year by year, seed 3" in page
    assert "Politics under full_portfolio" not in page
    figures.map_figure(real, "full_portfolio").canvas.draw()


def test_every_dollar_of_a_policy_has_a_payer(real: Ensemble) -> None:
    sheet = money.payers(real)
    assert sheet is not None
    cost = real.tables["cost_year"].query("dollars > 0").groupby(["plan", "item"])["dollars"].sum()
    told = {(row[0], row[1]): row[2] for row in sheet.rows if row[1] != "together"}
    assert told == {key: dollars(float(paid)) for key, paid in cost.items()}


def test_every_action_has_its_word_in_the_slate() -> None:
    run = ensemble([plan_of(name="alone"), plan_of(all_policies(), name="all")], [1], workers=1)
    assert set(run.tables["decision"]["action"]) <= set(DONE)
