"""Where new schools go, how they grow, and what they share between plans."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.agents.operators import operator_files
from sim.district import District
from sim.policies.closure import Closure
from sim.policies.replication import Replication
from tests.cities import CLOSE, plan_of


def opening(years: int = 5, others: dict[str, Any] | None = None, **changes: Any) -> District:
    settings = {"operators": ["kipp", "average_network"], "seats": 200, "first": 2027, **changes}
    return District(plan_of({**(others or {}), "networks": Replication.model_validate(settings)}, years=years), seed=4)


def new_schools(district: District) -> list[Any]:
    return [school for school in district.schools if school.new]


def test_operators_open_in_turn_as_many_as_asked_a_year() -> None:
    district = opening(openings_per_year=2, at_most=5).run_to_end()
    schools = new_schools(district)
    assert [school.operator for school in schools] == ["kipp", "average_network", "kipp", "average_network", "kipp"]
    assert [school.opened for school in schools] == [2028, 2028, 2029, 2029, 2030]
    assert [school.key for school in schools] == [
        "kipp-1",
        "average_network-1",
        "kipp-2",
        "average_network-2",
        "kipp-3",
    ]


@pytest.mark.parametrize(
    ("grow", "sizes"), [("one grade a year", [1, 2, 3]), ("two grades a year", [2, 4, 4]), ("whole", [4, 4, 4])]
)
def test_a_school_grows_from_its_lowest_grade(grow: str, sizes: list[int]) -> None:
    district = opening(operators=["kipp"], at_most=1, grow=grow, lead_years=0)
    found = []
    for _ in sizes:
        district.step()
        (school,) = new_schools(district)
        found.append(len(school.grades))
        assert school.grades.start == operator_files()["kipp"].first_grade
        assert set(np.nonzero(school.roll)[0]) <= set(school.grades)
        assert (school.roll <= school.seats).all()
    assert found == sizes


def test_before_it_opens_a_planned_school_has_no_pupils() -> None:
    district = opening(operators=["kipp"], at_most=1, lead_years=2)
    for expected in ("planned", "planned", "open"):
        district.step()
        (school,) = new_schools(district)
        assert school.status == expected
        assert (school.pupils > 0) == (expected == "open")


def test_the_site_of_a_closed_school_is_used_first_and_once() -> None:
    close = Closure.model_validate(
        {**CLOSE, "when": {"rating_below": 45, "years": 1}, "first": 2027, "last": 2027, "notice_years": 0}
    )
    district = opening(others={"close": close}, operators=["kipp"], openings_per_year=2, at_most=2)
    district.step()
    closed = next(school for school in district.schools if school.status == "closed")
    first, second = new_schools(district)
    assert (first.x_miles, first.y_miles) == (closed.x_miles, closed.y_miles)
    assert (second.x_miles, second.y_miles) != (closed.x_miles, closed.y_miles)
    reasons = [row["because"] for row in district.record.rows["decision"] if row["action"] == "open"]
    assert closed.name in reasons[0]
    assert closed.name not in reasons[1]


def test_the_kth_school_of_an_operator_has_the_same_luck_under_every_plan() -> None:
    alone = opening(operators=["kipp"], at_most=2).run_to_end()
    among = opening(operators=["average_network", "kipp"], openings_per_year=2, at_most=4).run_to_end()
    quality = [{school.key: school.quality for school in new_schools(d)} for d in (alone, among)]
    assert quality[0]["kipp-1"] == pytest.approx(quality[1]["kipp-1"])


def test_copies_beyond_the_trained_leaders_are_weaker() -> None:
    many = opening(operators=["kipp"], openings_per_year=4, at_most=4)
    many.step()
    few = District(
        plan_of(
            {
                "networks": Replication.model_validate(
                    {"operators": ["kipp"], "openings_per_year": 4, "at_most": 4, "seats": 200}
                )
            }
        ).with_parameters({"networks.dilution": 0.0}),
        seed=4,
    )
    few.step()
    loss = [f.quality[0] - m.quality[0] for f, m in zip(new_schools(few), new_schools(many), strict=True)]
    assert loss == pytest.approx([0.0, 0.01, 0.02, 0.03])


def test_start_up_years_cost_what_the_parameters_say() -> None:
    usual = opening(operators=["kipp"], at_most=1, lead_years=0)
    usual.step()
    plan = usual.plan.with_parameters({"quality.first_year": 0.0})
    spared = District(plan, seed=4)
    spared.step()
    (school,) = new_schools(usual)
    # what the all new staff costs is part of the total; without a total it is all there is
    difference = usual.value_added.value[school.index] - spared.value_added.value[school.index]
    staff = spared.staff_added[school.index]
    assert (staff < 0).all()
    assert difference + staff == pytest.approx([-0.10, -0.06])
