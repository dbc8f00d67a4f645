"""What every policy owes to the terms it may be given: a state of the district, and years to come into force."""

from __future__ import annotations

from typing import Any

import pytest

from sim.agents.students import release
from sim.district import District
from sim.policies import policies
from sim.policies.policy import UNCHANGED, Policy
from tests.cities import city, differing_tables, finished, plan_of, same_panel
from tests.contracts.instances import at_large, beside, named

YEARS = 4
every_policy = pytest.mark.parametrize("use", sorted(policies()))


def large(use: str, **terms: Any) -> Policy:
    """Nothing held back, four of everything a year where there is a yearly limit, and the terms."""
    policy = policies()[use]
    four = {name: 4 for name in policy.model_fields if name.endswith("per_year")}
    return named(use, at_large(policy) | four | terms)


def run_with(policy: Policy) -> District:
    return finished(plan_of({**beside(policy.use), "it": policy}, years=YEARS))


def without(use: str) -> District:
    return finished(plan_of(beside(use), years=YEARS))


def decided_by(district: District) -> list[dict[str, Any]]:
    """The policy's own decisions."""
    return [row for row in district.record.rows["decision"] if row["policy"] == "it"]


def differs(one: District, other: District) -> list[str]:
    """Tables in which two runs differ, and `children` where they do."""
    same = all(same_panel(june, other.record.panel[year]) for year, june in one.record.panel.items())
    return differing_tables(one, other) + ([] if same else ["children"])


@every_policy
def test_a_condition_that_never_holds_is_no_policy(use: str) -> None:
    """Bit for bit, in tables and children; five springs are not known within four years of the opening June."""
    for never in ({"gap_above": 3}, [{"gap_above": 3}, {"cost_above": 1e10}], {"gap_above": -3, "years": 5}):
        assert differs(without(use), run_with(large(use, if_district=never))) == []


@every_policy
def test_a_condition_that_always_holds_changes_only_the_reasons(use: str) -> None:
    free, held = run_with(large(use)), run_with(large(use, if_district={"gap_above": -3}))
    assert differs(free, held) == ["decision"]
    for one, other in zip(decided_by(free), decided_by(held), strict=True):
        assert other["because"].startswith(f"{one['because']}; gap ")
        assert other["because"].endswith(" SD above -3")
        assert {**one, "because": ""} == {**other, "because": ""}


@every_policy
def test_looking_changes_nothing(use: str) -> None:
    """A review that is not enacted leaves the district and the same review to come as they were."""
    policy = large(use)
    plan = plan_of({**beside(use), "it": policy}, years=YEARS)
    seen, unseen = District(plan, 1), District(plan, 1)
    for _ in range(YEARS):
        seen.year, seen.in_review, seen.promised_seats = seen.year + 1, 1, {}
        twice = [[(d.action, d.school, d.because) for d in policy.review(seen, "it")] for _ in range(2)]
        assert twice[0] == twice[1]
        seen.year, seen.in_review = seen.year - 1, 0
        seen.step()
        unseen.step()
    for district in (seen, unseen):
        release(district)
    assert differs(seen, unseen) == []


@every_policy
def test_a_third_in_the_first_of_three_years_and_all_in_the_third(use: str) -> None:
    def done(policy: Policy) -> dict[int, int]:
        rows = [row for row in decided_by(run_with(policy)) if row["action"] not in UNCHANGED]
        return {year: sum(row["year"] == year for row in rows) for year in plan_of(years=YEARS).years}

    first = city().opening_year + 1
    whole, phased = done(large(use)), done(large(use, phase_in_years=3))
    assert whole[first] > 0
    assert phased[first] == -(-whole[first] // 3)
    assert sum(phased.values()) <= sum(whole.values())


@every_policy
def test_before_its_phase_begins_nothing_happens(use: str) -> None:
    first = city().opening_year + 3
    rows = decided_by(run_with(large(use, phase_in_years=3, first=first)))
    assert rows
    assert all(row["year"] >= first for row in rows)
