"""Triggers of a school and of the district: what holds, for how long, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sim.district import District
from sim.policies.closure import Closure
from sim.policies.extended_day import ExtendedDay
from sim.policies.innovation_status import InnovationStatus
from sim.policies.policy import Policy
from sim.policies.trigger import DistrictWhen, When
from tests.cities import finished, plan_of

LENGTHEN: dict[str, Any] = {"where": {"sector": "all"}, "extra_time": 0.2}


def decided(policy: Policy, years: int = 5) -> list[dict[str, Any]]:
    """The decisions of one policy on the tiny city."""
    rows: list[dict[str, Any]] = finished(plan_of({"it": policy}, years=years)).record.rows["decision"]
    return rows


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"years": 2}, "name at least one of rating_below, rating_above"),
        ({"rating_below": 30, "rating_above": 40}, "rating cannot be above 40 and below 30"),
        ({"rating_below": 30, "years": 0}, "greater than or equal to 1"),
    ],
)
def test_triggers_that_cannot_be_are_refused(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        When.model_validate(settings)


def test_every_condition_must_hold_every_year() -> None:
    district = District(plan_of(years=2), 1)
    for _ in range(2):
        district.step()
    district.year, district.in_review = district.year + 1, 1
    for school in district.schools:
        ratings, fills = school.history("rating")[-2:], school.history("fill")[-2:]
        met = When.model_validate({"rating_below": 60, "fill_above": 0.5, "years": 2}).met_by(school)
        assert bool(met) == (len(ratings) == 2 and max(ratings) < 60 and min(fills) > 0.5)


def test_district_trigger_looks_at_the_gap_as_measured() -> None:
    """With the bound between the gaps of two Junes, the policy acts after the one and not after the other."""
    alone = finished(plan_of(years=5))
    gaps = alone.gap_history(alone.city.focal_group, alone.city.reference_group)
    assert len(gaps) == 6
    bound = sorted(gaps[:5])[2]
    free = InnovationStatus.model_validate({"per_year": 1, "if_district": {"gap_above": bound}})
    first = alone.plan.years.first
    expected = [first + k for k in range(5) if gaps[k] > bound]
    rows = decided(free)
    assert [row["year"] for row in rows] == expected
    assert all(f"above {bound:.10g}" in row["because"] for row in rows)


def test_district_trigger_on_other_groups() -> None:
    words = DistrictWhen.model_validate({"gap_above": 0.2, "groups": ["Hispanic", "White"]}).in_words()
    assert words == "gap White less Hispanic above 0.2 SD"
    rows = decided(ExtendedDay.model_validate(LENGTHEN | {"if_district": {"gap_above": 3}}))
    assert rows == []


def test_plan_stops_when_it_has_become_dear() -> None:
    """A school a year until the days cost more than half a million a year."""
    policy = ExtendedDay.model_validate(
        LENGTHEN | {"schools_per_year": 1, "if_district": {"yearly_cost_below": 500_000}}
    )
    district = finished(plan_of({"it": policy}, years=5))
    costs, years = district.cost_history(), [row["year"] for row in district.record.rows["decision"]]
    assert years == [district.plan.years.first + k for k in range(5) if costs[k] < 500_000]
    assert 0 < len(years) < 5


def test_yearly_limit_is_phased_in() -> None:
    close = {"when": {"rating_below": 100}, "per_year": 3, "only_if_better_seat_within": None, "phase_in_years": 3}
    years = [row["year"] for row in decided(Closure.model_validate(close), years=3) if row["action"] == "close"]
    first = plan_of().years.first
    assert [years.count(first + k) for k in range(3)] == [1, 2, 3]


def test_without_a_limit_a_part_of_the_schools_begins() -> None:
    rows = decided(ExtendedDay.model_validate(LENGTHEN | {"phase_in_years": 3}), years=3)
    first = plan_of().years.first
    number = [len([row for row in rows if row["year"] == first + k]) for k in range(3)]
    assert number[0] == 3
    assert sum(number) == 9
