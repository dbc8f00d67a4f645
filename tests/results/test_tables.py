"""Summaries against numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from results import tables
from sim.comparison import over_runs
from tests.results.pretend_ensemble import Pretended, make_ensemble


def test_mean_interval_and_monte_carlo_error() -> None:
    rows = pd.DataFrame({"plan": ["a"] * 5 + ["b"], "seed": [0, 1, 2, 3, 4, 0], "value": [1.0, 2, 3, 4, np.nan, 7]})
    summary = over_runs(rows, "value", ["plan"]).set_index("plan")
    assert summary.loc["a"].tolist() == pytest.approx([4, 2.5, 1.15, 3.85, np.sqrt(5 / 3) / 2])
    assert summary.loc["b"].tolist() == pytest.approx([1, 7, 7, 7, np.nan], nan_ok=True)


def test_raw_difference_is_taken_seed_by_seed(small: Pretended) -> None:
    raw = tables.raw_gap_difference(small.tables["gap_year"], "status_quo")
    assert set(raw["plan"]) == {"full_portfolio"}
    cell = {"seed": 1, "year": 2037, "subject": "math", "band": "3-8", "focal": "Black"}
    gaps = tables.choose(small.tables["gap_year"], **cell).set_index("plan")["gap"]
    expected = gaps["full_portfolio"] - gaps["status_quo"]
    assert tables.choose(raw, **cell)["difference"].tolist() == pytest.approx([expected])


def test_years_reported(ensemble: Pretended) -> None:
    assert tables.report_years(ensemble) == [2030, 2037]
    assert tables.horizon(ensemble) == 2037


def test_leavers_are_those_gone_and_those_outside_in_the_last_june() -> None:
    rows = [
        ("p", 0, 0, 2027, "Black", "left", 5),
        ("p", 0, 0, 2028, "Black", "left", 7),
        ("p", 0, 0, 2029, "Black", "left", 100),
        ("p", 0, 0, 2027, "Black", "outside", 50),
        ("p", 0, 0, 2028, "Black", "outside", 60),
        ("p", 0, 0, 2028, "Black", "unplaced", 1),
        ("p", 0, 0, 2028, "Black", "enrolled", 900),
    ]
    place_year = pd.DataFrame(rows, columns=["plan", "draw", "seed", "year", "group", "place", "pupils"])
    assert tables.leavers(place_year, 2028)["pupils"].tolist() == [5 + 7 + 60 + 1]


def test_schools_opened_and_closed_count_only_what_the_plan_did(small: Pretended) -> None:
    head = {"plan": "full_portfolio", "draw": 0, "seed": 0}
    opened = pd.array([None, 2001, 2027, 2037, 2038], dtype="Int64")
    closed = pd.array([2026, 2037, None, 2036, 2025], dtype="Int64")
    schools = pd.DataFrame({**{k: [v] * 5 for k, v in head.items()}, "opened": opened, "closed": closed})
    made = replace(small, tables={**small.tables, "school": schools})
    found = tables.openings_and_closings(made, 2037)
    assert found[["opened", "closed"]].to_numpy().tolist() == [[2, 2]]


def test_costs_unknown_to_a_plan_are_zero(ensemble: Pretended) -> None:
    costs = tables.cost_difference(ensemble, 2037)
    assert len(costs) == 3 * 10 * 2
    assert set(tables.choose(costs, plan="close_weakest")["difference"]) == {0.0}
    assert (
        tables.choose(costs, plan="replicate", item="start-up of new schools")["difference"].tolist()
        == [7_040_000] * 10
    )


def test_share_of_seeds_in_which_levels_rise_and_the_gap_widens() -> None:
    ensemble = make_ensemble(("status_quo", "replicate"), seeds=4)
    gaps, levels = ensemble.tables["paired_gap_year"], ensemble.tables["paired_level_year"]
    gaps.loc[:, "difference"] = np.where(gaps["seed"] < 3, 0.01, -0.01)
    levels.loc[:, "difference"] = np.where((levels["seed"] == 0) & (levels["group"] == "White"), -0.01, 0.02)
    share = tables.levels_rise_and_gap_widens(ensemble, "replicate", "math", 2037, "3-8", ("Black", "White"))
    assert share == 0.5
