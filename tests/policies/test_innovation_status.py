"""Freedom comes after proof, changes nothing by itself, and makes practices come true."""

from __future__ import annotations

from sim.district import District
from sim.policies.teaching.innovation_status import InnovationStatus
from sim.policies.teaching.practices import Practices
from tests.cities import finished, plan_of, same_panel

FREE = InnovationStatus.model_validate({"per_year": 1})
COACH = Practices.model_validate({"professional_development": 1})


def test_best_rated_district_school_is_freed_first() -> None:
    district = District(plan_of({"it": FREE}), 1)
    best = max((s for s in district.schools if s.sector == "district"), key=lambda school: school.rating)
    district.step()
    assert [school for school in district.schools if school.sector == "innovation"] == [best]
    assert best in district.open_schools("district"), "it stays a school of the district"


def test_freedom_alone_moves_no_child_and_no_score() -> None:
    free, alone = finished(plan_of({"it": FREE}, years=3)), finished(plan_of(years=3))
    assert all(same_panel(free.record.panel[year], alone.record.panel[year]) for year in alone.record.panel)


def test_freed_schools_carry_out_practices_better() -> None:
    both = finished(plan_of({"free": FREE, "coach": COACH}, years=2))
    bound = finished(plan_of({"coach": COACH}, years=2))
    for school, other in zip(both.schools, bound.schools, strict=True):
        gain = (both.value_added.value[school.index] - bound.value_added.value[other.index]).mean()
        assert (gain > 0.001) == (school.sector == "innovation")
