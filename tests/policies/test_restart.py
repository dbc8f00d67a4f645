"""A takeover keeps the children and the zone, changes who teaches, and is as good as who takes over."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.district import District
from sim.policies.closure import Closure
from sim.policies.restart import Restart
from sim.year.practices import practice_value
from tests.cities import plan_of

WEAK = {"operators": ["kipp"], "when": {"rating_below": 45}, "per_year": 1, "last": 2027}


def district_with(years: int = 5, **settings: Any) -> District:
    """The tiny city where one school is handed over."""
    return District(plan_of({"it": Restart.model_validate(WEAK | settings)}, years=years), 1)


def test_pupils_building_and_zone_stay() -> None:
    district, alone = district_with(), District(plan_of(), 1)
    weakest = min((s for s in district.schools if s.sector == "district"), key=lambda school: school.rating)
    zones = (district.zone_school == weakest.index).copy()
    assert zones.any()
    for _ in range(2):
        district.step()
        alone.step()
    assert (weakest.operator, weakest.sector, weakest.restarted) == ("kipp", "restart", 2028)
    assert ((district.zone_school == weakest.index) == zones).all()
    # families choose before they see anything of it
    assert (weakest.roll == alone.school(weakest.key).roll).all()
    assert not [row for row in district.record.rows["displaced"] if row["pupils"]]


def test_first_years_are_hard_then_a_strong_operator_gains() -> None:
    district, alone = district_with(years=6), District(plan_of(years=6), 1)
    gains = []
    for _ in range(6):
        district.step()
        alone.step()
        gains.append((district.value_added.value - alone.value_added.value)[:, 0])
    school = next(school for school in district.schools if school.restarted)
    path = [gain[school.index] for gain in gains]
    assert path[0] == pytest.approx(0, abs=1e-12), "nothing happens before the September it begins"
    assert path[1] < path[2] < path[4]
    assert path[4] > 0.05


def test_without_trained_people_little_is_reached() -> None:
    goals = []
    for talent in (True, False):
        district = district_with(talent=talent)
        district.run_to_end()
        school = next(school for school in district.schools if school.restarted)
        assert school.quality_goal is not None
        goals.append(school.quality_goal - school.opening_quality)
    assert (np.abs(goals[1]) < 0.5 * np.abs(goals[0])).all()


def test_what_is_to_be_taken_over_is_not_closed() -> None:
    """The first decision on a school stands; the other is recorded as set aside, with the reason."""
    close = Closure.model_validate({"when": {"rating_below": 45}, "per_year": 1, "only_if_better_seat_within": None})
    district = District(plan_of({"handing over": Restart.model_validate(WEAK), "closing": close}), 1)
    district.step()
    rows = district.record.rows["decision"]
    handed = next(row["school"] for row in rows if row["action"] == "restart")
    (aside,) = [row for row in rows if row["action"] == "set aside"]
    assert aside["school"] == handed
    assert "already to restart by handing over since 2027; not to close" in aside["because"]
    district.run_to_end()
    assert district.school(handed).restarted == 2028


def test_record_begins_anew_where_asked() -> None:
    district = district_with(ratings="begun anew", years=2)
    district.run_to_end()
    school = next(school for school in district.schools if school.restarted)
    assert len(school.indices) == 1


def test_the_district_may_turn_its_own_schools_around() -> None:
    """The school stays in the district's hands and sector, and moves towards the mean district school."""
    district = district_with(operators=["district"])
    weakest = min((s for s in district.schools if s.sector == "district"), key=lambda school: school.rating)
    district.run_to_end()
    assert (weakest.operator, weakest.sector, weakest.restarted) == ("district", "district", 2028)
    assert weakest.new_staff


@pytest.mark.parametrize("talent", [True, False])
def test_a_takeover_takes_nothing_away_by_counting(talent: bool) -> None:
    """What practices gave the school until then is in its quality where the operator's usual ones now cover them."""
    district = District(plan_of(years=3), 1)
    p, ash = district.plan.parameters, district.school("ash")
    district.take_up("ash", {"culture_and_parents": 1, "extended_time": 0.25, "professional_development": 1})
    ash.ramp = 1.0
    before = ash.quality + practice_value(district.schools, p)[ash.index]
    district.year += 1
    district.plan_restart("ash", "kipp", district.year, talent=talent, new_staff=True, keep_ratings=True)
    district.carry_out_restarts()
    assert ash.operator == "kipp"
    # new people without training carry out less of what is left: that loss is theirs, not the counting's
    ash.talent = True
    assert (ash.quality + practice_value(district.schools, p)[ash.index] >= before - 1e-12).all()
    assert ash.usual["culture_and_parents"] == pytest.approx(0.3 if not talent else p["restart.fidelity"])


def test_takeovers_beyond_the_trained_leaders_are_diluted() -> None:
    qualities = []
    for dilution in (0.0, 0.03):
        district = District(plan_of(years=1).with_parameters({"networks.dilution": dilution}), 1)
        qualities.append([district.operator("kipp").takeover_quality(2027)[0] for _ in range(3)])
    assert np.subtract(*qualities) == pytest.approx([0.0, 0.03, 0.06])


def test_the_school_named_is_handed_over_whatever_its_rating() -> None:
    district = district_with(when=None, schools=("north",), per_year=3)
    district.run_to_end()
    assert [school.key for school in district.schools if school.restarted] == ["north"]
    assert "(north)" in district.plan.policies["it"].in_words()
