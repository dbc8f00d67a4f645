"""A District is a Mesa model: stepped by hand, looked at with Mesa's own calls, collected and run in batches."""

from __future__ import annotations

import gc
import inspect
import weakref
from typing import Any

import mesa
import numpy as np
import pytest

from sim.agents.operators import Operator
from sim.agents.schools import School
from sim.agents.students import Student, release
from sim.district import District
from sim.plan import Plan, Years
from sim.run import ensemble, run
from tests.cities import all_policies, city, plan_of

NEW_MESA = "rng" in inspect.signature(mesa.batch_run).parameters
"""Since 3.4 Mesa hands out seeds by itself."""


@pytest.fixture
def district() -> Any:
    """The tiny city in its opening June."""
    made = District(plan_of(all_policies(), years=4), 1)
    yield made
    release(made)


def test_steps_by_hand(district: District) -> None:
    assert isinstance(district, mesa.Model)
    assert district.year == city().opening_year
    years = []
    while district.running:
        district.step()
        years.append(district.year)
    assert years == list(district.plan.years)


def test_stepping_by_hand_is_running(district: District) -> None:
    for _ in district.plan.years:
        district.step()
    whole = run(district.plan, 1)
    for name in ("gap_year", "school_year", "decision", "choice_year"):
        assert district.record.tables()[name].equals(whole.tables[name]), name


def test_children_and_schools_are_agents(district: District) -> None:
    district.step()
    students, schools = district.agents_by_type[Student], district.agents_by_type[School]
    assert len(students) == int((district.students.place >= 0).sum()) > 1000
    assert list(schools) == district.schools
    assert {agent.key for agent in district.agents_by_type[Operator]} >= set(city().schools["operator"])
    child = next(iter(students))
    assert isinstance(child, mesa.Agent)
    assert child in child.school.model.agents_by_type[Student]
    assert child.group in city().groups
    assert child.grade in child.school.grades
    mine = students.select(lambda one: one.school is schools[0])
    assert len(mine) == int((district.students.place == 0).sum())
    assert np.isclose(np.mean(students.get("math")), np.mean(district.students.math[students.rows]))


def test_all_agents_are_there_once(district: District) -> None:
    agents = district.agents
    kinds = [type(agent) for agent in agents]
    assert kinds.count(School) == len(district.schools)
    assert kinds.count(Student) == len(district.agents_by_type[Student])
    assert len({agent.unique_id for agent in agents}) == len(kinds) == len(agents)


def test_data_collector_has_a_line_a_year(district: District) -> None:
    district.run_to_end()
    collected = district.datacollector.get_model_vars_dataframe()
    assert collected["year"].tolist() == list(district.plan.years), "the opening June is in the record only"
    assert collected["pupils"].iloc[-1] == sum(school.pupils for school in district.schools)
    gaps = district.record.tables()["gap_year"]
    gaps = gaps[gaps["year"] >= district.plan.years.first]
    focal = (gaps["band"] == "3-8") & (gaps["focal"] == "Black") & (gaps["reference"] == "White")
    for subject in ("math", "reading"):
        assert collected[f"{subject}_gap"].tolist() == gaps[focal & (gaps["subject"] == subject)]["gap"].tolist()


def test_own_data_collector(district: District) -> None:
    """One more collector with questions of one's own, for agents of a kind too."""
    own = mesa.DataCollector(
        model_reporters={"rating": lambda model: float(np.nanmean([school.rating for school in model.schools]))},
        agenttype_reporters={School: {"pupils": "pupils"}},
    )
    for _ in range(2):
        district.step()
        own.collect(district)
    assert own.get_model_vars_dataframe()["rating"].between(1, 99).all()
    pupils = own.get_agenttype_vars_dataframe(School)["pupils"]
    assert pupils.groupby("Step").sum().iloc[-1] == sum(school.pupils for school in district.schools)


def batch(plans: list[Plan], seeds: list[int], **more: Any) -> list[dict[str, Any]]:
    """Mesa's batches of plans and seeds, as each Mesa takes its seeds."""
    how: dict[str, Any] = {"number_processes": 1, "max_steps": 20, "display_progress": False, **more}
    if NEW_MESA:
        return mesa.batch_run(District, {"plan": plans}, rng=seeds, **how)
    return mesa.batch_run(District, {"plan": plans, "seed": seeds}, **how)


def two_plans() -> list[Plan]:
    return [plan_of(years=3, name="alone"), plan_of(all_policies(), years=3, name="acted_on")]


def test_batch_run() -> None:
    """Every plan with every seed, and every line what `run` gives for its year."""
    rows = batch(two_plans(), [1, 2], data_collection_period=1)
    told = {(row["plan"].name, row["seed"], row["year"]) for row in rows}
    assert told == {(plan.name, seed, year) for plan in two_plans() for seed in (1, 2) for year in (2027, 2028, 2029)}
    for row in rows:
        gaps = run(row["plan"], row["seed"]).tables["gap_year"]
        mine = (gaps["year"] == row["year"]) & (gaps["subject"] == "math") & (gaps["band"] == "3-8")
        pair = (gaps["focal"] == "Black") & (gaps["reference"] == "White")
        assert row["math_gap"] == gaps[mine & pair]["gap"].item()


def test_batch_run_tells_the_last_year() -> None:
    assert [row["year"] for row in batch(two_plans(), [1])] == [2029, 2029]


def test_batch_run_takes_seeds_among_the_parameters() -> None:
    if NEW_MESA:
        # it sets an argument called `seed` itself, to None here, and has a parameter of its own for seeds
        with pytest.raises(ValueError, match=r"rng=\[1, 2\]"):
            mesa.batch_run(District, {"plan": two_plans()[:1], "seed": [1, 2]}, display_progress=False)
        return
    rows = mesa.batch_run(District, {"plan": two_plans()[:1], "seed": [1, 2]}, display_progress=False)
    assert [row["seed"] for row in rows] == [1, 2]
    assert rows[0]["math_gap"] != rows[1]["math_gap"]


def test_a_run_makes_no_student(monkeypatch: pytest.MonkeyPatch) -> None:
    """Children are columns: an object is made only for a child somebody looks at."""
    made = []
    first = Student.__init__

    def counted(self: Student, *arguments: Any, **named: Any) -> None:
        made.append(1)
        first(self, *arguments, **named)

    monkeypatch.setattr(Student, "__init__", counted)
    ensemble([plan_of(years=3, name="alone"), plan_of(all_policies(), years=3, name="acted_on")], [1, 2], workers=1)
    assert made == []
    district = District(plan_of(years=1), 1)
    next(iter(district.agents_by_type[Student]))
    assert made == [1]
    release(district)


def test_memory_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """No finished district of an ensemble stays alive."""
    alive: list[weakref.ref[District]] = []
    first = District.__init__

    def remembered(self: District, *arguments: Any, **named: Any) -> None:
        first(self, *arguments, **named)
        alive.append(weakref.ref(self))

    monkeypatch.setattr(District, "__init__", remembered)
    kept = ensemble(
        [plan_of(years=2, name="alone"), plan_of(all_policies(), years=2, name="acted_on")], [1, 2], workers=1
    )
    gc.collect()
    assert len(alive) == 4
    assert [district for district in alive if district() is not None] == []
    assert len(kept.tables["gap_year"])


def test_released_district_can_still_be_read(district: District) -> None:
    district.step()
    release(district)
    assert len(district.agents_by_type[Student]) > 1000
    assert len(district.record.tables()["school_year"]) > 0


def test_years_must_follow_the_opening() -> None:
    plan = plan_of(years=2)
    late = type(plan)("late", plan.city, Years(plan.years.first + 1, plan.years.last + 1))
    with pytest.raises(ValueError, match="the plan's first year is 2027"):
        District(late)
