"""Practices do what a superintendent asked for, where, when and at what cost."""

from __future__ import annotations

from typing import Any

import pytest

from sim.district import District
from sim.policies.teaching.practices import Practices
from tests.cities import plan_of


def district_with(years: int = 3, **settings: Any) -> District:
    """The tiny city under one such policy."""
    return District(plan_of({"it": Practices.model_validate(settings)}, years=years), 1)


def test_neediest_district_schools_start_first() -> None:
    district = district_with(schools_per_year=1)
    district.step()
    (first,) = [school for school in district.schools if school.converts]
    shares = {s.key: district.flag_share(s, "low_income") for s in district.schools if s.sector == "district"}
    assert first.levels["diagnostics_and_intervention"] == pytest.approx(0.3)
    assert shares[first.key] > 0.9 * max(shares.values())
    district.step()
    assert len([school for school in district.schools if school.converts]) == 2


def test_a_new_culture_comes_by_halves() -> None:
    district = district_with(culture_and_parents=1, diagnostics_and_intervention=0, where={"schools": ["ash"]})
    ramps = []
    for _ in range(3):
        district.step()
        ramps.append(district.school("ash").ramp)
    assert ramps == pytest.approx([0.5, 0.75, 0.875])


def test_a_culture_begun_later_begins_anew() -> None:
    """Other practices of the school do not bring it about."""
    plan = plan_of(
        {
            "early": Practices.model_validate({"professional_development": 1, "diagnostics_and_intervention": 0}),
            "late": Practices.model_validate({"culture_and_parents": 1, "first": 2029}),
        },
        years=3,
    )
    district = District(plan, 1).run_to_end()
    assert district.school("ash").ramp == pytest.approx(0.5)


def test_tutoring_is_paid_per_pupil_tutored() -> None:
    district = district_with(diagnostics_and_intervention=0.2, where={"schools": ["ash"]})
    district.step()
    (row,) = [r for r in district.record.rows["cost_year"] if r["year"] == 2027 and r["item"] == "tutoring"]
    assert row["dollars"] == pytest.approx(0.2 * district.school("ash").pupils * 3900)


def test_pupils_there_gain_and_others_do_not() -> None:
    district = district_with(professional_development=1, where={"schools": ["ash"]})
    alone = District(plan_of(years=3), 1)
    district.step()
    alone.step()
    for school, other in zip(district.schools, alone.schools, strict=True):
        gain = district.value_added.value[school.index] - alone.value_added.value[other.index]
        assert (gain > 0.01).all() if school.key == "ash" else gain == pytest.approx([0, 0], abs=1e-12)
