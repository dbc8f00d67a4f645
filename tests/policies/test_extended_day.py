"""Who gets a longer day, what it adds and what it costs."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.district import District
from sim.policies.teaching.extended_day import ExtendedDay
from tests.cities import plan_of


def lengthened(years: int = 3, **changes: Any) -> District:
    settings = {"extra_time": "25 percent", "where": {"sector": "all"}, **changes}
    return District(plan_of({"longer": ExtendedDay.model_validate(settings)}, years=years), seed=1)


def converted(district: District) -> list[Any]:
    return [school for school in district.schools if school.converts]


def test_only_the_schools_meant_take_part() -> None:
    district = lengthened(where={"sector": "district", "low_income_share_above": 0.5})
    before = {school.key: district.flag_share(school, "low_income") for school in district.schools}
    district.step()
    expected = {s.key for s in district.schools if s.sector == "district" and before[s.key] > 0.5}
    assert {school.key for school in converted(district)} == expected
    named = lengthened(where={"sector": "all", "schools": [district.schools[0].key]})
    named.step()
    assert converted(named) == [named.schools[0]]


def test_the_neediest_start_first_where_only_some_may_start() -> None:
    district = lengthened(schools_per_year=2)
    share = {school.key: district.flag_share(school, "low_income") for school in district.schools}
    district.step()
    assert {s.key for s in converted(district)} == set(sorted(share, key=lambda key: (-share[key], key))[:2])
    district.step()
    assert len(converted(district)) == 4


def test_it_adds_what_studies_found_from_its_first_year() -> None:
    for limit in (1, 3):
        with_it, without = lengthened(schools_per_year=limit, last=2027), District(plan_of(years=3), seed=1)
        for _ in range(2):
            with_it.step()
            without.step()
            for k, (ratio, cap) in enumerate(((1.0, 0.25), (0.6, 0.09))):
                total = 0.033 * ratio
                expected = cap * (1 - math.exp(-total / cap))
                for school in converted(with_it):
                    # peers move a little between the two, since families see other scores
                    gained = with_it.value_added.value[school.index, k] - without.value_added.value[school.index, k]
                    assert gained == pytest.approx(expected, abs=2e-3)


def test_its_cost_is_recorded() -> None:
    district = lengthened(years=1, extra_time=0.3)
    district.step()
    (row,) = [row for row in district.record.rows["cost_year"] if row["year"] == 2027 and row["item"] == "extended day"]
    # a network's own longer day is in its funding already
    hours = sum(s.pupils * (0.3 - s.usual["extended_time"]) for s in converted(district))
    assert hours > 0
    assert row["dollars"] == pytest.approx(0.10 * district.city.dollars_per_pupil * hours / 0.30)
