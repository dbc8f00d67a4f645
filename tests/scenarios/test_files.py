"""What a right scenario says: merging, variants, overrides, origins, another district, the schema."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import scenarios
from scenarios.files import Checked, check, json_schema, list_scenarios, load
from scenarios.problems import ProblemsFound
from sim.parameters import declared
from sim.policies import policies

PlanOf = Callable[..., Checked]

DESIGN = """title: Replicate strong networks, lengthen the day, close the weakest
question: How much of the grade 3-8 Black-White gap closes by 2037, at what cost, and who moves?
district: harbor_city
extends: status_quo
years: {first: 2027, last: 2037}
policies:
  weakest_schools:  {use: closure, first: 2028, per_year: 2, when: {rating_below: 30, years: 2},
                     only_if_better_seat_within: 2.5 miles, notice_years: 1}
  strong_networks:  {use: replication, operators: [kipp, uncommon], first: 2028, openings_per_year: 2,
                     seats: 480, grow: one grade a year, prefer_closed_sites: true}
  longer_day:       {use: extended_day, first: 2027, extra_time: 20 percent,
                     where: {low_income_share_above: 0.75}}
variants:
  bold: {policies.longer_day.extra_time: 30 percent, policies.strong_networks.openings_per_year: 4}
"""


def settings(checked: Checked, name: str) -> dict[str, Any]:
    return checked.plan.policies[name].model_dump()


def test_the_example_of_the_design(plan_of: PlanOf) -> None:
    checked = plan_of(DESIGN)
    assert checked.plan.name == "mine"
    assert list(checked.plan.policies) == ["weakest_schools", "strong_networks", "longer_day"]
    weakest = settings(checked, "weakest_schools")
    assert (weakest["only_if_better_seat_within"], weakest["when"]["rating_below"]) == (2.5, 30)
    assert settings(checked, "longer_day")["extra_time"] == pytest.approx(0.2)
    assert settings(checked, "strong_networks")["grow"] == "one grade a year"
    bold = plan_of(DESIGN, variant=":bold")
    assert bold.plan.name == "mine:bold"
    assert settings(bold, "longer_day")["extra_time"] == pytest.approx(0.3)
    assert settings(bold, "strong_networks")["openings_per_year"] == 4
    assert bold.variants == ("bold",)


@pytest.mark.parametrize("name", list_scenarios())
def test_the_library_is_right(name: str) -> None:
    checked = check(name)
    assert checked.plan.title
    assert checked.plan.question
    for variant in checked.variants:
        assert load(f"{name}:{variant}").fingerprint != checked.plan.fingerprint


ARCHETYPES = {
    "full_portfolio": 10,
    "accountability_only": 4,
    "new_schools_only": 2,
    "charters_only": 9,
    "autonomy_only": 1,
    "full_choice": 6,
    "default_and_choice": 6,
    "citywide_shock": 2,
    "fiscal_closures": 1,
    "catchment_restarts": 1,
    "takeovers_without_talent": 1,
    "district_only": 1,
}
"""Plans of the kinds that cities have tried, with how many of the ten levers each pulls."""


@pytest.mark.parametrize(("name", "levers"), ARCHETYPES.items())
def test_an_archetype_pulls_what_its_kind_pulls(name: str, levers: int) -> None:
    pulled = {lever for policy in load(name).policies.values() for lever in policy.levers_pulled()}
    assert len(pulled) == levers, sorted(pulled)


def test_the_library_has_the_promised_plans() -> None:
    promised = {"close_weakest", "extended_day", "three_together", "replicate", "status_quo", *ARCHETYPES}
    assert promised <= set(list_scenarios())
    assert not load("status_quo").policies
    parts = [load(name) for name in ("close_weakest", "replicate", "extended_day")]
    together = {name: policy for part in parts for name, policy in part.policies.items()}
    assert dict(load("three_together").policies) == together
    assert load("replicate").city is load("status_quo").city


def test_later_wins_maps_merge_and_lists_replace(write: Callable[..., str]) -> None:
    write("extends: three_together\npolicies:\n  strong_networks: {operators: [mastery], seats: 300}\n", "a.yaml")
    write("extends: [status_quo, a]\npolicies:\n  strong_networks:\n    seats: 360\ntitle: Mine\n", "b.yaml")
    checked = check("b.yaml")
    networks = settings(checked, "strong_networks")
    assert networks["operators"] == ("mastery",)
    assert (networks["seats"], networks["openings_per_year"]) == (360, 2)
    assert checked.plan.title == "Mine"
    places = {key: str(origin.place) for key, origin in checked.origins.items()}
    assert places["policies.strong_networks.seats"] == "b.yaml:4"
    assert places["policies.strong_networks.operators"] == "a.yaml:3"
    assert places["policies.strong_networks.openings_per_year"].endswith("replicate.yaml:11")
    assert places["policies.strong_networks.lead_years"] == "default"
    assert places["years.first"].endswith("status_quo.yaml:5")
    assert places["parameters.learning.retention.math"] == "default"
    assert set(places) >= {f"parameters.{name}" for name in declared()}


def test_an_inherited_policy_is_switched_off(plan_of: PlanOf) -> None:
    checked = plan_of("extends: three_together\npolicies:\n  weakest_schools: null\n  longer_day: {enabled: false}\n")
    assert list(checked.plan.policies) == ["strong_networks", "longer_day"]
    assert not checked.plan.policies["longer_day"].enabled
    again = plan_of("extends: three_together\n", {"policies.weakest_schools": None})
    assert "weakest_schools" not in again.plan.policies


def test_a_policy_with_another_use_starts_afresh(plan_of: PlanOf) -> None:
    checked = plan_of("extends: replicate\npolicies:\n  strong_networks: {use: extended_day, extra_time: 10%}\n")
    assert checked.plan.policies["strong_networks"].use == "extended_day"


def test_a_scenario_extends_a_variant(plan_of: PlanOf) -> None:
    assert settings(plan_of("extends: replicate:bold\n"), "strong_networks")["openings_per_year"] == 4


def test_an_inherited_variant_is_only_checked_when_asked_for(write: Callable[..., str]) -> None:
    write("extends: extended_day\npolicies: {longer_day: null}\n")
    assert check("mine.yaml").variants == ("bold", "step_by_step")
    with pytest.raises(ProblemsFound, match=r"longer_day\.use: is missing; variant bold changes a policy"):
        check("mine.yaml:bold")


def test_overrides(plan_of: PlanOf) -> None:
    changes = {
        "years.last": 2040,
        "policies.longer_day.extra_time": "30 percent",
        "policies.longer_day.where": {"sector": "all"},
        "parameters.learning.retention.math": 0.6,
        "policies.more": {"use": "extended_day", "first": 2040},
    }
    checked = plan_of(DESIGN, changes)
    assert checked.plan.years.last == 2040
    day = settings(checked, "longer_day")
    assert day["extra_time"] == pytest.approx(0.3)
    assert (day["where"]["sector"], day["where"]["low_income_share_above"]) == ("all", 0.75)
    assert checked.plan.parameters.changes == {"learning.retention.math": 0.6}
    assert list(checked.plan.policies)[-1] == "more"
    for key in ("years.last", "policies.longer_day.extra_time", "parameters.learning.retention.math"):
        assert str(checked.origins[key].place) == "override"
    assert str(checked.origins["years.first"].place) == "mine.yaml:5"


def test_overrides_win_over_the_variant(plan_of: PlanOf) -> None:
    checked = plan_of(DESIGN, {"policies.longer_day.extra_time": 0.1}, ":bold")
    assert settings(checked, "longer_day")["extra_time"] == pytest.approx(0.1)
    assert settings(checked, "strong_networks")["openings_per_year"] == 4


def test_a_parameter_goes_back_to_its_declared_value(write: Callable[..., str]) -> None:
    write("extends: status_quo\nparameters: {learning.retention.math: 0.6}\n", "a.yaml")
    write("extends: a\nparameters: {learning.retention.math: null}\n", "b.yaml")
    assert check("b.yaml").plan.parameters.changes == {}


def test_null_is_a_value_where_it_means_something() -> None:
    plan = load("close_weakest:hard")
    assert plan.policies["weakest_schools"].model_dump()["only_if_better_seat_within"] is None


def test_another_district_moves_the_years(early_city: Path) -> None:
    checked = check("three_together", {"district": str(early_city)})
    assert (checked.plan.years.first, checked.plan.years.last) == (2010, 2020)
    assert checked.moved_by == -17
    assert [policy.first for policy in checked.plan.policies.values()] == [2011, 2011, 2010]
    assert "moved by -17 years" in str(checked.origins["years.first"].place)
    assert "moved by -17 years" in str(checked.origins["policies.weakest_schools.first"].place)
    assert checked.plan.city.name == "early_city"
    longer = check("three_together", {"district": str(early_city), "years.last": 2015})
    assert (longer.plan.years.first, longer.plan.years.last) == (2010, 2015)
    own_years = {"district": str(early_city), "years": {"first": 2010, "last": 2012}}
    assert check("status_quo", own_years).moved_by == 0
    with pytest.raises(ProblemsFound, match="outside the years of the plan"):
        check("three_together", own_years)


def test_a_district_is_found_from_the_file_that_names_it(
    write: Callable[..., str], tmp_path: Path, early_city: Path
) -> None:
    write("title: x\n", "unused.yaml")
    Path("deep").mkdir()
    Path("deep/city").symlink_to(early_city)
    write("district: city\nyears: {first: 2010, last: 2012}\n", "deep/base.yaml")
    write("extends: deep/base.yaml\n", "mine.yaml")
    assert load("mine.yaml").city.opening_year == 2009
    write("extends: status_quo\ndistrict: deep/city\n", "other.yaml")
    with pytest.raises(ProblemsFound) as found:
        check("other.yaml")
    (problem,) = found.value.problems
    # The years are the library's; the line to change is the person's own.
    assert (problem.file, problem.line, problem.allowed) == ("other.yaml", 2, "2010")


def test_the_mistakes_of_a_district_are_told_with_the_scenario(
    write: Callable[..., str], early_city: Path, tmp_path: Path
) -> None:
    import shutil

    broken = tmp_path / "broken"
    shutil.copytree(early_city, broken)
    (broken / "zones.csv").write_text("zone\n", encoding="utf-8")
    write(f"titel: x\ndistrict: {broken}\nyears: {{first: 2010, last: 2012}}\n")
    with pytest.raises(ProblemsFound) as found:
        check("mine.yaml")
    files = {Path(problem.file).name for problem in found.value.problems}
    assert {"mine.yaml", "zones.csv"} <= files


def test_yaml_is_read_as_yaml_1_2(plan_of: PlanOf) -> None:
    checked = plan_of("extends: status_quo\ntitle: no\nquestion: 2027-01-01\n")
    assert (checked.plan.title, checked.plan.question) == ("no", "2027-01-01")


def test_a_byte_order_mark_is_no_mistake(plan_of: PlanOf) -> None:
    assert plan_of(b"\xef\xbb\xbfextends: status_quo\n").plan.years.last == 2037


def test_the_schema_names_every_key_policy_and_parameter() -> None:
    schema = json_schema()
    assert set(schema["properties"]) == {
        "extends",
        "title",
        "question",
        "district",
        "years",
        "enrollment_system",
        "outside_option",
        "momentum",
        "politics",
        "proof_points",
        "policies",
        "parameters",
        "variants",
    }
    entry = schema["properties"]["policies"]["additionalProperties"]["anyOf"][0]
    assert set(entry["discriminator"]["mapping"]) == set(policies())
    assert set(schema["properties"]["parameters"]["properties"]) == set(declared())
    closure = schema["$defs"]["closure"]
    assert closure["properties"]["use"]["const"] == "closure"
    assert closure["required"] == ["use"]
    number, text = closure["properties"]["seats_for"]["anyOf"]
    assert (number["minimum"], number["maximum"], text["type"]) == (0, 1, "string")


def test_making_the_schema_makes_no_policy() -> None:
    before = set(policies())
    json_schema()
    policies.cache_clear()
    assert set(policies()) == before


def test_the_package_gives_its_names() -> None:
    assert scenarios.load("status_quo").name == "status_quo"
    assert "harbor_city" in scenarios.list_cities()
    with pytest.raises(AttributeError):
        _ = scenarios.lode
