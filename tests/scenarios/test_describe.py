"""A plan is told before it runs: what begins, how long it goes on, and what it leans on."""

from __future__ import annotations

import pytest

from scenarios import load
from scenarios.combining import list_scenarios
from scenarios.describe import describe, in_words


@pytest.mark.parametrize("name", list_scenarios())
def test_every_plan_of_the_library_has_a_story(name: str) -> None:
    plan = load(name)
    facts, text = describe(plan), in_words(describe(plan))
    assert plan.title
    assert plan.question
    assert text.startswith(plan.title)
    for policy in plan.policies:
        assert any(f"{policy} begins: " in line for year in facts["years"] for line in year["what"])
    assert ("Nothing is changed." in text) == (not plan.policies)
    assert "a gap of 0." in text
    assert "_" not in text.replace(plan.name, "").replace("_schools", "").replace("_networks", "").replace("_day", "")


def test_years_are_told_in_order_with_beginning_and_end() -> None:
    changes = {
        "policies.weakest_schools.first": 2029,
        "policies.weakest_schools.last": 2031,
        "policies.weakest_schools.phase_in_years": 2,
        "policies.weakest_schools.if_district": {"gap_above": 0.7, "years": 2},
        "parameters.learning.retention.math": 0.6,
    }
    facts = describe(load("close_weakest", changes))
    told = {one["year"]: " ".join(one["what"]) for one in facts["years"]}
    assert list(told) == [2029, 2030, 2032]
    assert "only after a year with gap above 0.7 SD for 2 years" in told[2029]
    assert "every year until 2031" in told[2029]
    assert "grows to the full one over 2 years" in told[2029]
    assert "reaches its full yearly limit" in told[2030]
    assert "takes no more decisions" in told[2032]
    assert "learning.retention.math is 0.6 in place of 0.7" in in_words(facts)


def test_what_is_switched_off_is_told() -> None:
    facts = describe(load("full_portfolio", {"policies.longer_day.enabled": False}))
    assert facts["never"] == ["longer_day is switched off"]
    assert not any("longer_day" in line for one in facts["years"] for line in one["what"])


def test_thin_evidence_is_told() -> None:
    text = in_words(describe(load("replicate", {"policies.strong_networks.operators": ["rocketship"]})))
    assert "the effect of Rocketship is an assumption" in text
