"""The district against its twin when schools are staffed anew, and a twin that breaks a rule of staffing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import staffing
from test_twin import CITY, assert_same_years, plan
from twin_district import TwinDistrict

from sim.agents.students import release
from sim.district import District
from sim.plan import Plan
from tests.contracts.instances import named

RESTART = {"operators": ["kipp", "district"], "when": {"rating_below": 60, "years": 1}, "per_year": 1}
CHANGES: dict[str, dict[str, dict[str, Any]]] = {
    "smaller classes": {"class_size": {"smaller_by": 0.2, "schools_per_year": 2}},
    "new staffs": {"restart": RESTART},
    "layoffs by effectiveness": {"staffing_rules": {"pay_longer_days": 0.3, "recruit_beyond_city": 0.5}},
    "layoffs by seniority": {"staffing_rules": {"layoffs": "seniority"}, "class_size": {"smaller_by": 0.1}},
}


def staffed(how: str, closing: str = "without notice") -> Plan:
    """Six years in which schools close without notice, and their staffs change."""
    whole = plan("zoned", closing)
    more = {use: named(use, settings) for use, settings in CHANGES[how].items()}
    # fields that hardly match leave more teachers over
    return replace(whole, policies={**more, **whole.policies}).with_parameters(
        {"staff.no_match": 0.6, "staff.slack": 0.10}
    )


@pytest.mark.parametrize("how", CHANGES)
def test_district_equals_its_twin(how: str) -> None:
    assert_same_years(staffed(how), 4)


@pytest.mark.parametrize("how", CHANGES)
def test_staffs_are_the_same_head_for_head(how: str) -> None:
    twin = TwinDistrict(staffed(how, "everything"), 2)
    for _ in twin.plan.years:
        twin.step()
        for school in twin.schools:
            crew, staff = twin.crews[school.key], school.staff
            assert crew.heads == pytest.approx(staff.teachers, abs=1e-9)
            assert crew.first == pytest.approx(staff.first_year * staff.teachers, abs=1e-9)
            assert crew.second == pytest.approx(staff.second_year * staff.teachers, abs=1e-9)
            assert crew.effects == pytest.approx(staff.effectiveness * staff.teachers, abs=1e-9)
    release(twin)


def test_plans_are_hard_enough() -> None:
    """Teachers are hired, moved and laid off, in schools of both kinds."""
    rows = []
    for how in CHANGES:
        district = District(staffed(how, "everything"), 2).run_to_end()
        rows += district.record.rows["staff_year"]
        release(district)
    for what in ("hired", "laid_off", "moved_in", "moved_out"):
        assert len([row for row in rows if row[what] > 0]) > 5, what
    charters = set(CITY.schools.loc[CITY.schools["sector"] == "charter", "school"])
    assert {row["school"] in charters for row in rows if row["laid_off"] > 0} == {True, False}
    assert any(row["teachers"] == 0 for row in rows)


def everybody_as_they_come(crew: staffing.Crew, fired: float, judged: float, gap: float) -> None:
    """Layoffs that look at nothing."""
    if fired > 0:
        crew.send_away(fired)


WRONG: dict[str, tuple[str, Callable[..., object], str]] = {
    "anybody is laid off": ("fire", everybody_as_they_come, "layoffs by effectiveness"),
    "nobody leaves more often than usual": (
        "leaves",
        lambda district, school: district.plan.parameters["staff.turnover.district"],
        "new staffs",
    ),
    "a staff adds nothing": ("added", lambda district, school, crew, subject: 0.0, "smaller classes"),
}


@pytest.mark.parametrize("what", WRONG)
def test_twin_that_breaks_a_rule_is_found_out(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, wrong, how = WRONG[what]
    monkeypatch.setattr(staffing, name, wrong)
    chosen = staffed(how)
    with pytest.raises(AssertionError):
        assert_same_years(chosen, 4)
