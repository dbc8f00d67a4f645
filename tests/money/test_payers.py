"""Who pays for what policies cost, and what it comes to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.agents.payers import Payment
from sim.agents.students import release
from sim.district import District
from sim.policies.enrollment_system import EnrollmentSystem
from sim.policies.phase_out import PhaseOut
from sim.policies.policy import Policy
from sim.policies.replication import Replication
from sim.policies.restart import Restart
from sim.policies.teaching.class_size import ClassSize
from sim.policies.teaching.extended_day import ExtendedDay
from sim.policies.teaching.practices import Practices
from tests.cities import LENGTHEN, OPEN, PHASE_OUT, plan_of

WHEN = {"rating_below": 60, "years": 1}
PAID: dict[str, tuple[str, type[Policy], dict[str, Any]]] = {
    "extended day": ("extended day", ExtendedDay, LENGTHEN | {"first": 2027}),
    "tutoring": ("tutoring", Practices, {"where": {"sector": "all"}}),
    "smaller classes": ("smaller classes", ClassSize, {"where": {"sector": "all"}}),
    "new schools": ("start-up", Replication, OPEN | {"lead_years": 0}),
    "replacements": ("start-up", PhaseOut, PHASE_OUT),
    "restart": ("restart", Restart, {"operators": ["kipp"], "when": WHEN, "lead_years": 0}),
    "buses": ("transport", EnrollmentSystem, {"system": "as it is", "transport": "cheaper miles"}),
}


def years_of(policy: Policy, years: int = 6, **parameters: float) -> District:
    """A finished run of the tiny city under one policy."""
    plan = plan_of({"it": policy}, years=years)
    district = District(plan.with_parameters({f"money.{key}": x for key, x in parameters.items()}), 1).run_to_end()
    release(district)
    return district


def paid(district: District, item: str) -> dict[int, dict[str, int]]:
    """What every payer has paid for an item in every year, cents; what it pays on for another is not counted."""
    found: dict[int, dict[str, int]] = {}
    for entry in district.accounts.entries:
        if entry.item == item:
            year = found.setdefault(entry.year, {})
            year[entry.payer] = year.get(entry.payer, 0) + entry.cents
            if entry.payee != "world":
                year[entry.payee] = year.get(entry.payee, 0) - entry.cents
    return {year: {payer: cents for payer, cents in all_paid.items() if cents} for year, all_paid in found.items()}


@pytest.mark.parametrize(("item", "policy", "settings"), PAID.values(), ids=PAID)
@pytest.mark.parametrize("payer", ["state", "philanthropy", "district"])
def test_who_is_named_pays_all_of_it(item: str, policy: type[Policy], settings: dict[str, Any], payer: str) -> None:
    district = years_of(policy.model_validate(settings | {"paid_by": payer}), years=4)
    found = paid(district, item)
    assert found
    assert {name for payers in found.values() for name in payers} == {payer}
    recorded = {row["year"]: row["dollars"] for row in district.record.rows["cost_year"] if row["item"] == item}
    for year, payers in found.items():
        assert sum(payers.values()) / 100 == pytest.approx(recorded[year], abs=0.01 * len(district.schools))


def test_philanthropy_goes_after_some_years_and_the_district_pays() -> None:
    settings = {"where": {"schools": ["ash"]}, "paid_by": "philanthropy"}
    district = years_of(ExtendedDay.model_validate(settings), years=6)
    payers = {year: set(who) for year, who in paid(district, "extended day").items()}
    assert payers == {year: {"philanthropy" if year < 2031 else "district"} for year in range(2027, 2033)}
    shorter = years_of(ExtendedDay.model_validate(settings), years=6, philanthropy_years=2)
    assert paid(shorter, "extended day")[2028].keys() == {"philanthropy"}
    assert paid(shorter, "extended day")[2029].keys() == {"district"}


def test_payment_is_read_as_it_was_promised() -> None:
    assert Payment("state", 2027).payer_in(2090, 4.0) == "state"
    assert Payment("philanthropy", 2027).payer_in(2030, 4.0) == "philanthropy"
    assert Payment("philanthropy", 2027).payer_in(2031, 4.0) == "district"


def test_who_raises_a_practice_pays_for_it_and_a_lower_one_changes_nothing() -> None:
    district = District(plan_of(), 1)
    ash = district.school("ash")
    district.take_up("ash", {"extended_time": 0.2}, "philanthropy")
    district.take_up("ash", {"extended_time": 0.1}, "district")
    assert ash.payers == {"extended day": Payment("philanthropy", 2026)}
    district.year += 1
    district.take_up("ash", {"extended_time": 0.3, "culture_and_parents": 0.0}, "district")
    assert ash.payers == {"extended day": Payment("district", 2027)}
    release(district)


def test_start_up_is_paid_once_for_every_school_in_its_first_year() -> None:
    district = years_of(Replication.model_validate(OPEN))
    opened = [school.opened for school in district.schools if school.new]
    assert len(opened) >= 3
    dollars = {row["year"]: row["dollars"] for row in district.record.rows["cost_year"] if row["item"] == "start-up"}
    assert dollars == {year: 1.5e6 * opened.count(year) for year in range(2026, 2033)}


def test_restart_costs_three_years() -> None:
    settings = {"operators": ["kipp"], "when": WHEN, "last": 2027, "lead_years": 0}
    district = years_of(Restart.model_validate(settings))
    (school,) = [school for school in district.schools if school.restarted]
    rolls = {row["year"]: row["pupils"] for row in district.record.rows["school_year"] if row["school"] == school.key}
    dollars = {row["year"]: row["dollars"] for row in district.record.rows["cost_year"] if row["item"] == "restart"}
    assert dollars == {year: 1500.0 * rolls[year] * (2027 <= year < 2030) for year in range(2026, 2033)}
    assert rolls[2029] > 0


def test_buses_carry_who_is_outside_the_zones_own_school() -> None:
    policy = EnrollmentSystem.model_validate(PAID["buses"][2])
    district = District(plan_of({"it": policy}, years=3), 1).run_to_end()
    panel, students = district.record.panel[2029], district.students
    carried = 0
    for row, place in zip(panel.rows.tolist(), panel.place.tolist(), strict=True):
        carried += district.zone_school[students.zone[row], 2029 - students.cohort[row]] != place
    (dollars,) = [
        row["dollars"] for row in district.record.rows["cost_year"] if (row["item"], row["year"]) == ("transport", 2029)
    ]
    assert dollars == 1000.0 * carried
    assert 100 < carried < len(panel.rows)
    assert np.all([row["dollars"] == 0 for row in District(plan_of(), 1).record.rows["cost_year"]])
    release(district)


def test_words_name_the_payer() -> None:
    for _, policy, settings in PAID.values():
        named = [policy.model_validate(settings | {"paid_by": who}).in_words() for who in ("state", "district")]
        assert "paid for by the state" in named[0]
        assert "paid for by the district" in named[1]
    assert "paid for" not in EnrollmentSystem().in_words()
