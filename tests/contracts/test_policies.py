"""What every policy owes the district, whichever it is. A new file in sim/policies is tested without another edit."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenarios.district_files import save_city
from scenarios.files import load
from sim.agents.students import release
from sim.district import District
from sim.plan import Politics
from sim.policies import policies
from sim.policies.policy import DISTRICT_WIDE, Policy
from tests.cities import city, differing_tables, finished, plan_of, same_panel
from tests.contracts.instances import EVERY, IDS, at_large, beside, limits_of, named, numbers, required_of
from tests.contracts.sources import is_named_or_assumed
from tests.properties.year_checks import run_checked

USES = sorted(policies())
YEARS = 5
NEVER = 2200
every_setting = pytest.mark.parametrize(("use", "label", "settings"), EVERY, ids=IDS)
every_policy = pytest.mark.parametrize("use", USES)


def politics_for(use: str) -> Politics:
    """Politics where a policy shows only in them."""
    return "on" if "politics_year" in policies()[use].shows_in else "off"


@cache
def left_alone(use: str) -> District:
    """The city without the policy."""
    return finished(plan_of(beside(use), years=YEARS, politics=politics_for(use)))


def with_policy(policy: Policy) -> District:
    """The city with one policy, and before it those it can do nothing without."""
    plan = plan_of({**beside(policy.use), "it": policy}, years=YEARS, politics=politics_for(policy.use))
    return finished(plan)


def decided_by(district: District) -> pd.DataFrame:
    """The policy's own decisions."""
    table = district.record.tables()["decision"]
    return table[table["policy"] == "it"]


def same_before(one: District, other: District, year: int) -> bool:
    """Whether two runs are the same in every table and every child before a year."""
    panels = [june for june in one.record.panel if june < year]
    return differing_tables(one, other, before=year) == [] and all(
        same_panel(one.record.panel[june], other.record.panel[june]) for june in panels
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny city on file."""
    return Path(save_city(city(), tmp_path_factory.mktemp("districts") / "tiny"))


@every_setting
def test_settings_survive_a_scenario_file(
    use: str, label: str, settings: dict[str, Any], folder: Path, tmp_path: Path
) -> None:
    """What is written into a file comes back equal, defaults and absent settings included."""
    policy = named(use, settings | {"first": 2028, "last": 2030, "enabled": False})
    for dumped in (policy.model_dump(mode="json"), policy.model_dump(mode="json", exclude_unset=True)):
        text = "\n".join(
            [
                "title: One policy",
                f"district: {json.dumps(str(folder))}",
                "years: {first: 2027, last: 2031}",
                "policies:",
                f"  it: {json.dumps({'use': use, **dumped})}",
            ]
        )
        path = tmp_path / "one_policy.yaml"
        path.write_text(text + "\n", encoding="utf-8")
        read = load(path).policies["it"]
        assert type(read) is type(policy)
        assert read == policy


@every_setting
def test_no_child_is_lost_and_no_seat_exceeded(use: str, label: str, settings: dict[str, Any]) -> None:
    """At the defaults, with nothing held back and at both ends of every setting."""
    district = District(plan_of({**beside(use), "it": named(use, settings)}, years=4), 3)
    found = run_checked(district)
    release(district)
    assert found == []


@every_policy
def test_policy_does_something(use: str) -> None:
    """Else the contracts below would hold of nothing: it decides, and the city is another for it."""
    district = with_policy(named(use, at_large(policies()[use])))
    assert len(decided_by(district)) > 0
    assert set(district.record.tables()["decision"]["policy"]) == {"it", *beside(use)}
    changed = differing_tables(left_alone(use), district)
    alone = {"level_year"} if policies()[use].acts_alone else set()
    assert {*policies()[use].shows_in} | alone <= set(changed)


@every_policy
def test_disabled_policy_is_no_policy(use: str) -> None:
    district = with_policy(named(use, at_large(policies()[use]) | {"enabled": False}))
    assert same_before(left_alone(use), district, NEVER)


@every_policy
@pytest.mark.parametrize("wait", [1, 2, 4, YEARS + 1])
def test_policy_of_the_future_is_no_policy_until_then(use: str, wait: int) -> None:
    """Bit for bit, in tables and in children, before its first year; and it does act in that year."""
    first = city().opening_year + wait
    district = with_policy(named(use, at_large(policies()[use]) | {"first": first}))
    assert same_before(left_alone(use), district, first)
    decided = decided_by(district)["year"]
    assert (decided >= first).all()
    assert len(decided) or wait > YEARS
    if wait > YEARS:
        assert same_before(left_alone(use), district, NEVER)


@every_policy
def test_policy_stops_deciding_after_its_last_year(use: str) -> None:
    last = city().opening_year + 2
    short = with_policy(named(use, at_large(policies()[use]) | {"last": last}))
    long = with_policy(named(use, at_large(policies()[use])))
    assert (decided_by(short)["year"] <= last).all()
    assert same_before(short, long, last + 1)


@every_policy
def test_policy_is_reproducible(use: str) -> None:
    policy = named(use, at_large(policies()[use]))
    assert same_before(with_policy(policy), with_policy(policy.model_copy(deep=True)), NEVER)


@every_policy
def test_decisions_have_reasons_and_schools(use: str) -> None:
    """Each decision is in the record with a reason in words, of a school that exists or is planned, and in time."""
    district = with_policy(named(use, at_large(policies()[use])))
    keys = {school.key for school in district.schools} | {DISTRICT_WIDE}
    for decision in district.record.rows["decision"]:
        assert len(decision["because"].split()) >= 3, decision
        assert "nan" not in decision["because"].lower(), decision
        assert decision["school"] in keys, decision
        assert decision["effective"] >= decision["year"], decision
        assert re.fullmatch(r"[a-z ]+", decision["action"]), decision


def standing(district: District) -> dict[str, tuple[object, ...]]:
    """What a structural decision changes of a school."""
    return {
        school.key: (
            *(school.status, school.told_to_go, school.operator, school.sector, tuple(school.grades)),
            *(
                tuple(school.seats),
                len(school.coming_seats),
                school.index in [o.joins and o.joins.index for o in district.schools],
            ),
        )
        for school in district.schools
    }


@every_policy
def test_decision_that_ends_changes_or_hands_over_a_school_is_structural(use: str) -> None:
    """Else another policy could do the opposite in the same year: see `sim.decisions`."""
    policy = named(use, at_large(policies()[use]))
    district = District(plan_of({**beside(use), "it": policy}, years=YEARS), 1)
    district.year, district.in_review = district.year + 1, 1
    for name, other in beside(use).items():
        for decision in other.review(district, name):
            district.decided.take(decision, district)
    for decision in policy.review(district, "it"):
        before = standing(district)
        district.decided.take(decision, district)
        after = standing(district)
        changed = {key for key in before if before[key] != after[key]}
        if changed:
            assert decision.kind == "structural", decision
        assert changed <= {decision.school, *decision.also}, decision
    release(district)


@every_policy
def test_two_of_a_kind_get_along(use: str) -> None:
    """The same policy twice in a plan loses no child and breaks nothing."""
    policy = named(use, at_large(policies()[use]))
    district = District(plan_of({**beside(use), "one": policy, "two": policy}, years=4), 2)
    found = run_checked(district)
    release(district)
    assert found == []


@every_policy
def test_policy_changes_the_plans_fingerprint(use: str) -> None:
    """Stored runs are told apart by it."""
    plain = plan_of(years=YEARS)
    with_it = replace(plain, policies={"it": named(use, required_of(policies()[use]))})
    later = replace(plain, policies={"it": named(use, required_of(policies()[use]) | {"first": 2029})})
    assert len({plain.fingerprint, with_it.fingerprint, later.fingerprint}) == 3


@every_policy
def test_policy_says_what_it_is_and_on_what_evidence(use: str) -> None:
    policy = policies()[use]
    assert policy.__doc__
    assert policy.__doc__.strip().endswith(".")
    assert policy.__doc__ != Policy.__doc__
    assert "evidence" in vars(policy), "name rows of the evidence table, or say assumption, in the class itself"
    assert is_named_or_assumed(policy.evidence), policy.evidence
    assert re.fullmatch(r"[a-z][a-z_]*", use)
    with pytest.raises(TypeError, match=r"immutable|frozen"):
        _change(named(use, required_of(policy)))


def _change(policy: Policy) -> None:
    try:
        policy.enabled = False  # type: ignore[misc]
    except ValueError as error:  # pydantic's own kind of error
        raise TypeError(str(error)) from error


UNITS = re.compile(r"\b(share|points|SD|miles|years?|springs|dollars|pupils|schools|seats|percent)\b")


def parts_of(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every setting of a schema with its name, those of settings within settings included."""
    found = list(schema["properties"].items())
    for name, inner in schema.get("$defs", {}).items():
        found += [(f"{name}.{key}", part) for key, part in inner.get("properties", {}).items()]
    return found


@every_policy
def test_every_setting_is_described_and_every_number_bounded(use: str) -> None:
    for name, part in parts_of(policies()[use].model_json_schema()):
        assert part.get("description"), f"{name} has no description"
        for number in numbers(part):
            keys = set(number) | set(part)
            assert keys & {"minimum", "exclusiveMinimum", "ge", "gt"}, f"{name} has no lowest value"
            assert keys & {"maximum", "exclusiveMaximum", "le", "lt"}, f"{name} has no highest value"
            unit = number.get("unit") or part.get("unit")
            assert unit or UNITS.search(part["description"]), f"{name} has no unit"


@pytest.mark.parametrize(("use", "settings"), [(use, settings) for use, _, settings in EVERY], ids=IDS)
def test_policy_has_words(use: str, settings: dict[str, Any]) -> None:
    """A clause a reader can follow: it starts small, ends open, and holds nothing of the code's own spelling."""
    words = named(use, settings).in_words()
    assert words
    assert words[0].islower()
    assert not words.endswith(".")
    assert "None" not in words
    assert "  " not in words


MORE_OF = [(use, name) for use, policy in policies().items() for name in policy.helps_more]


@pytest.mark.parametrize(("use", "name"), MORE_OF, ids=[f"{use}: {name}" for use, name in MORE_OF])
def test_more_of_it_helps_where_a_policy_says_so(use: str, name: str) -> None:
    """From nothing over a little to much, all else equal: what schools add to their pupils by the end of the plan."""
    limits = sorted(limits_of(policies()[use], name))
    added = []
    for share in (0.1, 0.5, 1.0):
        settings = at_large(policies()[use]) | {name: limits[0] + share * (limits[-1] - limits[0])}
        district = District(plan_of({**beside(use), "it": named(use, settings)}, years=5), 3).run_to_end()
        pupils = np.array([school.pupils for school in district.schools])
        added.append(float((district.value_added.value.mean(axis=1) * pupils).sum() / pupils.sum()))
    assert added == sorted(added)
    assert added[-1] > added[0] + 0.003
