"""A plan in plain facts: what is said is what the plan holds and what the run will do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scenarios.describe import BAND, description
from scenarios.files import Checked, check, list_scenarios
from sim.agents.students import release
from sim.district import District
from tests.cities import all_policies, plan_of

PlanOf = Callable[..., Checked]

TEXT = """title: Mine
question: Does it help?
extends: three_together
enrollment_system: unified
years: {last: 2033}
policies:
  weakest_schools: {last: 2031, phase_in_years: 3, if_district: {gap_above: 0.5}}
  strong_networks: {enabled: false}
  longer_day: null
  more: {use: replication, operators: [district, kipp], first: 2030, last: 2030}
parameters: {families.sibling: 2.5}
variants:
  late: {policies.more.first: 2031, policies.more.last: 2033}
"""


@pytest.fixture
def facts(plan_of: PlanOf) -> dict[str, Any]:
    """The facts of a plan with something of everything."""
    return description(plan_of(TEXT))


def test_what_acts_and_what_does_not(facts: dict[str, Any]) -> None:
    assert [(p["name"], p["use"], p["first"], p["last"]) for p in facts["policies"]] == [
        ("weakest_schools", "closure", 2028, 2031),
        ("more", "replication", 2030, 2030),
    ]
    assert facts["policies"][0]["does"].startswith("close up to 2 schools a year with rating below 30 for 2 years")
    terms = "only after springs with a gap above 0.5 SD, coming into force over 3 years"
    assert facts["policies"][0]["terms"] == terms
    assert "earlier one" in facts["order"]
    not_so = {policy["name"]: policy["because"] for policy in facts["will_not_happen"]}
    assert not_so == {"strong_networks": "it is not enabled", "longer_day": "it is set to null"}


def test_year_by_year(facts: dict[str, Any]) -> None:
    years = {year.pop("year"): year for year in facts["by_year"]}
    assert list(years) == list(range(2027, 2034))
    nothing = {"begins": [], "goes_on": [], "last_time": [], "phases": {}}
    assert years[2027] == years[2032] == years[2033] == nothing
    assert years[2028] == {**nothing, "begins": ["weakest_schools"], "phases": {"weakest_schools": [1, 3]}}
    assert years[2029] == {**nothing, "goes_on": ["weakest_schools"], "phases": {"weakest_schools": [2, 3]}}
    assert years[2030] == {**nothing, "begins": ["more"], "goes_on": ["weakest_schools"], "last_time": ["more"]}
    assert years[2031] == {**nothing, "goes_on": ["weakest_schools"], "last_time": ["weakest_schools"]}


def test_numbers_operators_and_assumptions(facts: dict[str, Any]) -> None:
    (parameter,) = facts["parameters"]
    assert (parameter["name"], parameter["value"], parameter["declared"]) == ("families.sibling", 2.5, 2.0)
    assert parameter["source"] == "assumption"
    assert [operator["name"] for operator in facts["operators"]] == ["district", "kipp"]
    assert facts["operators"][1]["low"] < facts["operators"][1]["math"] < facts["operators"][1]["high"]
    assert "families.sibling: nobody has measured it" in facts["assumptions"]
    assert facts["changed_rules"] == ["seats are given by unified enrolment from the first year on, not zoned as now"]
    assert not any("seats are given" in kept for kept in facts["kept"])


def test_a_variant_says_what_it_changes(plan_of: PlanOf) -> None:
    facts = description(plan_of(TEXT, variant=":late"))
    changes = {"policies.more.first": 2031, "policies.more.last": 2033}
    assert facts["variant"] == {"name": "late", "changes": changes}
    assert "late" not in facts["other_variants"]
    assert "bold" in facts["other_variants"]
    assert [year["begins"] for year in facts["by_year"] if year["year"] == 2031] == [["more"]]


def test_the_opening_levels_are_those_the_run_starts_with() -> None:
    plan = plan_of(all_policies(), years=2)
    facts = description(Checked(plan, {}))["district"]
    district = District(plan, seed=4)
    release(district)
    found = {
        (row["subject"], row["group"]): row["true_mean"]
        for row in district.record.rows["level_year"]
        if row["band"] == BAND
    }
    told = {(subject, group): mean for subject, row in facts["levels"].items() for group, mean in row.items()}
    assert told == pytest.approx({cell: found[cell] for cell in told}, abs=1e-7)
    assert facts["pupils"] == sum(school.pupils for school in district.schools)
    for subject, gap in facts["gap"].items():
        assert gap == told[subject, facts["reference"]] - told[subject, facts["focal"]]


@pytest.mark.parametrize("name", list_scenarios())
def test_every_plan_of_the_library_is_described_as_it_is(name: str) -> None:
    for variant in ("", *(f":{one}" for one in check(name).variants)):
        checked = check(name + variant)
        facts = description(checked)
        acting = [name for name, policy in checked.plan.policies.items() if policy.enabled]
        assert [policy["name"] for policy in facts["policies"]] == acting
        begun = [begins for year in facts["by_year"] for begins in year["begins"]]
        assert sorted(begun) == sorted(acting)
        assert len(facts["by_year"]) == len(checked.plan.years)
