"""A city of records in the simulation: every seed its own draw, the same for all its plans."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenarios import load
from scenarios.district_files import list_cities, load_city
from scenarios.population.drawn import DrawnCity, city_of_records
from scenarios.population.opening import open_city
from scenarios.records.writing import save_records
from sim.city import City
from sim.district import District
from sim.plan import Plan, Years
from sim.run import ensemble
from tests.population.made_up import GROUPS, LEVEL, YEAR, lakeside

YEARS = Years(YEAR + 1, YEAR + 3)


@pytest.fixture(scope="module")
def drawn() -> City:
    return city_of_records(lakeside(hidden=True))


def rolls(city: City) -> dict[tuple[str, str], int]:
    return dict(city.enrollment.groupby(["school", "group"])["pupils"].sum())


def test_bundled_and_fully_known_cities_are_the_same_at_every_seed() -> None:
    for city in [*(load_city(name) for name in list_cities()), city_of_records(lakeside())]:
        assert type(city) is City
        assert city.at(5) is city
        plan = Plan("one", city, Years(city.opening_year + 1, city.opening_year + 2))
        assert plan.at(5) is plan


def test_every_seed_has_its_draw(drawn: City) -> None:
    assert isinstance(drawn, DrawnCity)
    for seed in (0, 1, 4):
        city = open_city(lakeside(hidden=True), seed)[0]
        assert drawn.at(seed).fingerprint == city.fingerprint
        assert type(drawn.at(seed)) is City
    assert len({tuple(rolls(drawn.at(seed)).values()) for seed in range(6)}) > 3


def test_the_fingerprint_is_of_all_draws(drawn: City) -> None:
    assert drawn.fingerprint not in {drawn.at(seed).fingerprint for seed in range(3)}
    assert drawn.fingerprint == city_of_records(lakeside(hidden=True)).fingerprint
    assert drawn.fingerprint != city_of_records(lakeside()).fingerprint


def test_a_copy_changed_by_hand_has_no_draws(drawn: City) -> None:
    changed = replace(drawn, list_limit=2)
    assert changed.at(3) is changed


def test_it_travels_to_other_processes(drawn: City) -> None:
    there = pickle.loads(pickle.dumps(drawn))
    assert there.fingerprint == drawn.fingerprint
    assert there.at(2).fingerprint == drawn.at(2).fingerprint


def test_plans_of_a_seed_share_their_city(drawn: City) -> None:
    plans = [Plan(name, drawn, YEARS, enrollment_system=system) for name, system in (("a", None), ("b", "unified"))]
    for seed in (1, 2):
        one, other = (District(plan, seed) for plan in plans)
        assert one.city.fingerprint == other.city.fingerprint == drawn.at(seed).fingerprint
        assert one.plan.city is one.city
        # high-school pupils have graduated and dropped out in the opening June
        young = one.students.cohort > YEAR - 9
        made = pd.DataFrame({"place": one.students.place, "group": one.students.group})
        made = made[young & (made["place"] >= 0)].value_counts()
        rows = drawn.at(seed).enrollment
        wanted = dict(rows[rows["grade"] < 9].groupby(["school", "group"])["pupils"].sum())
        names = list(drawn.schools["school"])
        assert {(names[s], GROUPS[g]): n for (s, g), n in made.items()} == wanted


def test_an_ensemble_runs_and_levels_stay(drawn: City) -> None:
    plan = Plan("status_quo", drawn, YEARS).with_parameters({"learning.school_year_sd": 0.0})
    levels = ensemble([plan], range(4), workers=1).tables["level_year"]
    levels = levels[(levels["band"] == "3-8") & levels["group"].isin(GROUPS)]
    wide = levels.pivot_table(index=["subject", "group"], columns=["year", "seed"], values="true_mean")
    for group in GROUPS:
        assert wide[YEAR].xs(group, level="group").to_numpy() == pytest.approx(LEVEL[group], abs=0.002)
    change = wide[YEAR + 3] - wide[YEAR]
    error = change.std(axis=1) / 2
    assert (change.mean(axis=1).abs() < 0.02 + 3 * error).all()
    assert (error < 0.05).all()


def test_the_result_does_not_depend_on_processes(drawn: City) -> None:
    plan = Plan("status_quo", drawn, Years(YEAR + 1, YEAR + 1))
    one, two = (ensemble([plan], (1, 2), workers=workers) for workers in (1, 2))
    assert one.fingerprints == two.fingerprints


def test_a_scenario_names_a_folder_of_records(tmp_path: Path) -> None:
    save_records(lakeside(hidden=True), tmp_path / "lakeside")
    plan = f"extends: status_quo\ndistrict: lakeside\nyears: {{first: {YEAR + 1}, last: {YEAR + 3}}}\n"
    (tmp_path / "mine.yaml").write_text(plan, encoding="utf-8")
    city = load(tmp_path / "mine.yaml").city
    assert isinstance(city, DrawnCity)
    assert city.at(3).fingerprint == open_city(lakeside(hidden=True), 3)[0].fingerprint
    assert any("drawn" in line or "taken" in line for line in city.assumptions)
    assert np.isin(city.schools["operator"], ["district", "kipp", "single_charter"]).all()
