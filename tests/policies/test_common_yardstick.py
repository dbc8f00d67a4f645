"""One yardstick for every school: from its first year on, for all, and not for springs that are past."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim.district import District
from sim.policies.accountability.common_yardstick import CommonYardstick
from sim.year.ratings import Yardstick
from sim.year.yardstick import YardstickRule
from tests.cities import city, plan_of
from tests.policies.decided import decisions

STATUS: dict[str, Any] = {"status": 1.0, "growth": 0.0, "gap": 0.0, "years": 1, "shrunken": False, "adjusted": False}


def rated(years: int = 3, seed: int = 2, **changes: Any) -> District:
    policy = CommonYardstick.model_validate(STATUS | changes)
    return District(plan_of({"rule": policy}, years=years), seed)


def test_the_rule_holds_from_the_first_year_on_and_past_ratings_stand() -> None:
    district, usual = rated(first=2028, years=3), District(plan_of(years=3), 2)
    for year in (2027, 2028, 2029):
        district.step()
        usual.step()
        same = [
            one.rating == other.rating
            for one, other in zip(district.schools, usual.schools, strict=True)
            if not np.isnan(district.spring.status[one.index])
        ]
        assert all(same) if year == 2027 else not any(same)
        assert [s.history("rating")[:3] for s in district.schools] == [s.history("rating")[:3] for s in usual.schools]
    (change,) = decisions(district, "change yardstick")
    assert (change["year"], change["school"]) == (2028, "*")
    assert change["because"] == (
        "the plan asks for it: 100% status, of one spring; until now: 50% status and 50% growth, mean of 2 springs"
    )
    assert district.yardstick_rule == YardstickRule(1.0, 0.0, 0.0, 1.0)


def test_a_rating_of_status_is_the_place_among_the_opening_schools() -> None:
    district = rated()
    district.step()
    scale = district.yardstick
    for school in district.schools:
        z = (district.spring.status[school.index] - scale.status_mean) / scale.status_sd
        assert np.isnan(z) or school.rating == pytest.approx(Yardstick.points(z))


def test_charters_and_district_schools_are_rated_alike() -> None:
    """Renaming a school's sector changes nobody's rating."""
    one, other = rated(status=0.4, growth=0.4, gap=0.2), rated(status=0.4, growth=0.4, gap=0.2)
    other.school("ash").sector = "charter"
    before = one.parts_by(YardstickRule(0.4, 0.4, 0.2, shrunken=True, adjusted=True))
    after = other.parts_by(YardstickRule(0.4, 0.4, 0.2, shrunken=True, adjusted=True))
    assert np.array_equal(before.status, after.status, equal_nan=True)
    assert np.array_equal(before.gap, after.gap, equal_nan=True)


def test_the_gap_in_a_school_counts_where_it_has_weight() -> None:
    policy = CommonYardstick.model_validate(STATUS | {"status": 0.5, "gap": 0.5})
    plan = plan_of({"rule": policy}, years=1).with_parameters({"yardstick.gap_minimum_tested": 25.0})
    district = District(plan, 2)
    district.step()
    gap, scale = _gaps(district), district.yardstick
    status = (district.spring.status - scale.status_mean) / scale.status_sd
    for school in district.schools:
        i = school.index
        z = (status[i] + (gap[i] - scale.gap_mean) / scale.gap_sd) / 2**0.5
        if not np.isnan(status[i]):
            expected = Yardstick.points(status[i] if np.isnan(gap[i]) else z)
            assert school.rating == pytest.approx(expected, abs=0.01)
    assert np.isnan(gap[~np.isnan(status)]).any()
    assert not np.isnan(gap).all()


def _gaps(district: District) -> np.ndarray:
    """The gap in every school by what the record keeps of the last June, counted pupil by pupil."""
    panel, groups = district.record.panel[district.year], district.city.groups
    group, score = district.students.group[panel.rows], panel.score.astype(float).mean(axis=1)
    known = ~np.isnan(score)
    ahead = np.mean(score[known & (group == groups.index("White"))])
    found = []
    for school in district.schools:
        mine = score[known & (group == groups.index("Black")) & (panel.place == school.index)]
        found.append(mine.mean() - ahead if len(mine) >= 25 else np.nan)
    return np.array(found)


def test_the_gap_of_the_opening_june_counts_where_the_parameters_say_so() -> None:
    plain, with_gap = (
        District(plan_of(years=1).with_parameters({"yardstick.gap_weight": weight}), 2) for weight in (0.0, 0.5)
    )
    assert any(one.rating != other.rating for one, other in zip(plain.schools, with_gap.schools, strict=True))
    assert np.array_equal(plain.gaps(), with_gap.gaps(), equal_nan=True)


def test_adjusted_growth_has_its_scale_from_the_first_spring_it_is_measured_in() -> None:
    district = rated(growth=1.0, status=0.0, adjusted=True, shrunken=True)
    assert np.isnan(district.yardstick.adjusted_sd)
    district.step()
    scale = district.yardstick
    unshrunken = replace(district.yardstick_rule, shrunken=False)
    assert scale.adjusted_sd == pytest.approx(np.nanstd(district.parts_by(unshrunken).growth, ddof=1))
    district.step()
    assert district.yardstick == scale


def test_what_is_in_force_already_is_not_decided() -> None:
    district = rated(status=0.5, growth=0.5, years=2)
    policy = district.plan.policies["rule"].model_copy(update={"years": 2})
    district.step()
    assert decisions(district, "change yardstick")
    district.year += 1
    assert list(policy.review(district, "another")) == []


@pytest.mark.parametrize("wrong", [{"status": 0.9}, {"growth": 0.1}, {"status": 1.0, "growth": 1.0, "gap": 1.0}])
def test_weights_must_sum_to_one(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="weights that sum to 1"):
        CommonYardstick.model_validate(wrong)
    assert CommonYardstick.model_validate({"status": "50%", "growth": "50%", "gap": 0}).status == 0.5


def test_the_opening_city_has_no_gap_where_it_has_too_few_of_a_group() -> None:
    assert city().focal_group == "Black"
    strict = District(plan_of(years=1).with_parameters({"yardstick.gap_minimum_tested": 40.0}), 2)
    loose = District(plan_of(years=1).with_parameters({"yardstick.gap_minimum_tested": 5.0}), 2)
    assert np.isnan(strict.gaps()).sum() > np.isnan(loose.gaps()).sum()
