"""Every output says where its plans go beyond what has been studied."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from results.extrapolation import beyond_studied, marks
from results.figures import captions
from results.report.page import render
from sim.draws import Draw
from sim.policies import policies
from sim.studied.ranges import RUNS
from tests.results.pretend_city import LAST
from tests.results.pretend_ensemble import Pretended


def without_years(ensemble: Pretended) -> Pretended:
    """The same runs of plans that act for two years only, so that nothing is beyond but what a test makes so."""
    plans = []
    for plan in ensemble.plans:
        late = {
            name: policy.model_copy(update={"first": plan.years.last - 1, "last": None})
            for name, policy in plan.policies.items()
        }
        plans.append(replace(plan, policies=late))
    return replace(ensemble, plans=plans)


@pytest.fixture
def within(small: Pretended) -> Pretended:
    made = without_years(small)
    return replace(made, tables={**made.tables, "closed_school": made.tables["closed_school"].head(0)})


def only_of_runs(ensemble: Pretended) -> set[str]:
    return {thing.what for things in beyond_studied(ensemble).values() for thing in things if thing.where == "runs"}


def test_the_years_are_told_in_every_caption_and_in_the_report(small: Pretended) -> None:
    assert any("years the plan acts" in mark for mark in marks(small))
    for caption in (captions.gap(small), captions.difference(small), captions.fixed_and_raw(small)):
        assert "Extrapolated beyond what has been studied" in caption
    plan = next(plan.name for plan in small.plans if plan.policies)
    assert "Extrapolated" in captions.city_map(small, plan, 2030, "seed 0")
    assert "Extrapolated" not in captions.city_map(small, "status_quo", 2030, "seed 0")
    assert "Extrapolated beyond what has been studied" in render(small)


def market(ensemble: Pretended, charters: list[int], district: list[int]) -> pd.DataFrame:
    """Every run's market with these pupils, year by year."""
    rows = [
        {"plan": plan.name, "draw": draw, "seed": seed, "year": LAST - 1 + k - 1, "sector": sector, "operator": "x"}
        | {"schools": 50, "pupils": pupils[k], "seats": 1, "share": 0.0}
        for plan in ensemble.plans
        for draw, seed in ensemble.cells
        for sector, pupils in (("charter", charters), ("district", district))
        for k in range(len(pupils))
    ]
    return pd.DataFrame(rows)


def test_growth_of_charters_is_that_of_a_year(within: Pretended) -> None:
    slow = {**within.tables, "market_year": market(within, [10, 13, 16], [90, 87, 84])}
    assert only_of_runs(replace(within, tables=slow)) == set()
    fast = {**within.tables, "market_year": market(within, [10, 13, 18], [90, 87, 82])}
    assert only_of_runs(replace(within, tables=fast)) == {RUNS["charter_growth"].what}


def test_many_closings_in_a_year_are_told(within: Pretended) -> None:
    made = {**within.tables, "market_year": market(within, [10, 10], [90, 90])}
    plan, year = within.plans[-1].name, LAST - 1

    def closed(schools: int) -> pd.DataFrame:
        rows = [
            {"plan": plan, "draw": draw, "seed": seed, "year": year, "school": f"s{number}"}
            for draw, seed in within.cells
            for number in range(schools)
        ]
        return pd.DataFrame(rows)

    few, many = ({**made, "closed_school": closed(n)} for n in (21, 22))
    assert only_of_runs(replace(within, tables=few)) == set()
    found = beyond_studied(replace(within, tables=many))
    (thing,) = (thing for thing in found[plan] if thing.where == "runs")
    assert thing.value == pytest.approx(0.22)


def test_schools_with_practices_are_counted(within: Pretended) -> None:
    plan = within.plans[-1]
    bundle = policies()["practices"].model_validate({"first": plan.years.last})
    plans = [*within.plans[:-1], replace(plan, policies={"bundle": bundle})]
    rows = [
        {"plan": plan.name, "draw": draw, "seed": seed, "action": "take up practices", "school": f"s{number}"}
        for draw, seed in within.cells
        for number in range(21)
    ]
    tables = {**within.tables, "market_year": market(within, [10, 10], [90, 90]), "decision": pd.DataFrame(rows)}
    assert only_of_runs(replace(within, plans=plans, tables=tables)) == {RUNS["practice_schools"].what}


def test_parameters_of_a_fit_are_told_and_those_of_another_city_marked(within: Pretended) -> None:
    made = {**within.tables, "market_year": market(within, [10, 10], [90, 90])}
    here = [Draw(number, fitted=("learning.latent_sd",), fitted_in="harbor_city") for number in (1, 2)]
    at_home = replace(within, tables=made, draws=here)
    assert "1 of them as a fit in harbor_city left them, the others drawn from their priors" in captions.gap(at_home)
    assert marks(at_home) == []
    away = replace(at_home, draws=[replace(draw, fitted_in="small_town") for draw in here])
    assert any("parameters fitted in small_town, taken in harbor_city" in mark for mark in marks(away))
    assert "drawn from their priors, and" in captions.gap(replace(at_home, draws=[Draw(1), Draw(2)]))
