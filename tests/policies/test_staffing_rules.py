"""Staffing rules are the district's from the first year on, and cost what they cost."""

from __future__ import annotations

from typing import Any

import pytest

from sim.agents.students import release
from sim.district import District
from sim.policies.teaching.extended_day import ExtendedDay
from sim.policies.teaching.staffing_rules import StaffingRules
from sim.year.rules import StaffRules
from tests.cities import finished, plan_of
from tests.policies.decided import decisions

LONGER = ExtendedDay.model_validate({"extra_time": 0.25, "where": {"sector": "all"}})


def ran(years: int = 4, **settings: Any) -> District:
    """The tiny city with longer days and staffing rules."""
    return finished(plan_of({"days": LONGER, "rules": StaffingRules.model_validate(settings)}, years=years))


def test_settings_are_the_districts_rules() -> None:
    """Every rule can be set."""
    assert set(StaffingRules().rules()) == set(StaffRules.__dataclass_fields__)
    assert StaffRules(**StaffingRules(layoffs="seniority", pay_longer_days=0.5, recruit_beyond_city=0.1).rules()) == (
        StaffRules(0.0, 0.5, 0.1)
    )


def test_decided_once_and_only_when_something_changes() -> None:
    district = ran()
    (decision,) = decisions(district, "change staffing")
    assert (decision["year"], decision["school"]) == (2027, "*")
    assert district.staff_rules == StaffRules(1.0, 1.0, 0.2)
    twice = {name: StaffingRules() for name in ("one", "two")}
    assert len(decisions(finished(plan_of(twice, years=3)), "change staffing")) == 1


def test_a_rule_nobody_knows_is_refused() -> None:
    district = District(plan_of(years=1), 1)
    with pytest.raises(TypeError):
        district.change_staffing(layoffs="seniority")
    release(district)


def test_paid_days_keep_teachers() -> None:
    """Turnover after a year of longer days is above the usual unless all of the time is paid, and that costs money."""
    turnover, pay = {}, {}
    for paid in (0.0, 0.6, 1.0):
        district = ran(pay_longer_days=paid, recruit_beyond_city=0.0)
        rows = district.record.rows["staff_year"]
        turnover[paid] = [row["turnover"] for row in rows if row["year"] == 2029 and row["school"] == "ash"]
        costs = [row for row in district.record.rows["cost_year"] if row["item"] == "pay for longer days"]
        pay[paid] = sum(row["dollars"] for row in costs)
    assert turnover[0.0] == pytest.approx([0.15 + 0.02 * 2.5])
    assert turnover[0.6] == pytest.approx([0.15 + 0.02])
    assert turnover[1.0] == pytest.approx([0.15])
    assert pay[0.0] < pay[0.6] == 0 < pay[1.0]


def test_recruits_make_the_hired_better_for_money() -> None:
    means, dollars = [], []
    for extra in (0.0, 0.3, 1.0):
        district = ran(recruit_beyond_city=extra)
        rows = [row for row in district.record.rows["staff_year"] if row["year"] == 2030]
        means.append(sum(row["effectiveness"] * row["teachers"] for row in rows))
        costs = [row for row in district.record.rows["cost_year"] if row["item"] == "recruiting teachers"]
        dollars.append(sum(row["dollars"] for row in costs))
    assert means == sorted(means)
    assert means[0] < means[1]
    assert dollars == pytest.approx([0, dollars[1], dollars[1] / 0.3])
    assert dollars[1] > 0


def test_status_quo_records_its_staffs() -> None:
    """From the first year on, every school with its usual staff, which adds nothing."""
    rows = finished(plan_of(years=3)).record.rows["staff_year"]
    assert {row["year"] for row in rows} == {2027, 2028, 2029}
    assert len(rows) == 3 * 9
    assert {row["staff_value_math"] for row in rows} == {0.0}
    assert {row["turnover"] for row in rows} == {0.15, 0.21}
    assert all(row["teachers"] > 0 and row["hired"] > 0 and row["laid_off"] == 0 for row in rows)
