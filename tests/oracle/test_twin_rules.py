"""The district against its twin after the enrolment rules have changed, and a twin that breaks such a rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from pupil import Pupil
from summer import Fair, Intake
from test_twin import assert_places_part, assert_same_years, plan

from sim.city import EnrollmentSystem
from sim.plan import Plan
from sim.policies.enrollment_system import EnrollmentSystem as EnrollmentSystemPolicy

RULES: dict[str, dict[str, object]] = {
    "seats set aside for the poor": {"system": "as it is", "set_aside": 0.6},
    "seats set aside for English learners": {"set_aside": 0.3, "set_aside_for": "english_learner", "one_lottery": True},
    "seats set aside for the displaced": {"set_aside": 0.1, "set_aside_for": "displaced", "displaced_first": False},
    "lotteries": {"system": "separate_lotteries", "set_aside": 0.5, "list_limit": 6},
    "lotteries of charters": {"system": "separate_lotteries", "lotteries_of": "charter", "rounds": 1},
    "few newcomers": {"backfill_through": 2, "backfill_of": "all", "transport": "cheaper miles"},
    "short ways": {"backfill_through": 0, "transport": "capped miles", "transport_miles": 0.5, "first": 2029},
}
"""Settings of a change of the enrolment rules."""


def changed(rules: str, system: EnrollmentSystem = "zoned") -> Plan:
    """Six years in which schools close without notice, the rules changed before."""
    whole = plan(system, "without notice")
    change = EnrollmentSystemPolicy.model_validate(RULES[rules])
    return replace(whole, policies={"rules": change, **whole.policies})


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("system", ["zoned", "unified"])
def test_district_equals_its_twin_under_other_rules(rules: str, system: EnrollmentSystem) -> None:
    assert_same_years(changed(rules, system), 3)


def writes_once(school: Intake) -> None:
    """Lotteries in which what families decline is not offered again."""
    if not any(school.held):
        Intake.known_write_letters(school)


def ticket_at_each_school(pupil: Pupil, fair: Fair) -> None:
    """Claims were there no common lottery."""
    rules, fair.rules = fair.rules, replace(fair.rules, one_lottery=False)
    Pupil.known_show_claims(pupil, fair)
    fair.rules = rules


def displaced_go_first(pupil: Pupil, school: Intake, fair: Fair) -> int:
    """The priority were children of closed schools always first."""
    found = Pupil.known_priority(pupil, school, fair)
    return 2 if pupil.displaced and found > 2 else found


WRONG_RULES: dict[str, tuple[type, str, Callable[..., object], str]] = {
    "no seats are set aside": (Intake, "set_aside", lambda school, grade: 0, "seats set aside for the poor"),
    "none are set aside in lotteries": (Intake, "set_aside", lambda school, grade: 0, "lotteries"),
    "declined seats are lost": (Intake, "write_letters", writes_once, "lotteries"),
    "one lottery is many": (Pupil, "show_claims", ticket_at_each_school, "seats set aside for English learners"),
    "displaced children go first": (Pupil, "priority", displaced_go_first, "seats set aside for the displaced"),
}


@pytest.mark.parametrize("what", WRONG_RULES)
def test_twin_that_breaks_a_changed_rule_is_found_out(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    of, name, wrong, rules = WRONG_RULES[what]
    monkeypatch.setattr(of, f"known_{name}", getattr(of, name), raising=False)
    monkeypatch.setattr(of, name, wrong)
    assert_places_part(changed(rules), 3)
