"""Performance contracts and their renewal: who gets one, what each tier gets at its end, and who may not grow."""

from __future__ import annotations

from typing import Any

import pytest

from sim.agents.contracts import Contract
from sim.district import District
from sim.policies.accountability.performance_contracts import PerformanceContracts
from sim.policies.accountability.renewals import Renewals
from sim.policies.policy import Policy
from sim.policies.replication import Replication
from sim.policies.restart import Restart
from sim.policies.seat_expansion import SeatExpansion
from tests.cities import OPEN, plan_of
from tests.policies.decided import decisions

ALL: dict[str, Any] = {"years": 1, "for_district_schools": True}
ANY_SEAT: dict[str, Any] = {"only_if_better_seat_within": None}
CUTS = {"yardstick.tier.distinguished": 80.0, "yardstick.tier.meets": 64.0, "yardstick.tier.watch": 10.0}
"""Cuts by which the tiny city has schools in every tier."""


def contracts(**changes: Any) -> PerformanceContracts:
    return PerformanceContracts.model_validate(changes)


def renewals(**changes: Any) -> Renewals:
    return Renewals.model_validate(changes)


def under(years: int = 4, seed: int = 2, **policies: Policy) -> District:
    return District(plan_of(policies, years=years), seed)


def keys(district: District, action: str) -> set[str]:
    return {row["school"] for row in decisions(district, action)}


# -- who gets a contract ----------------------------------------------------------------------------------------------


def test_charters_get_a_contract_and_district_schools_only_where_they_are_to() -> None:
    for asked, expected in ((False, {"first", "grow", "union"}), (True, None)):
        district = under(contracts=contracts(for_district_schools=asked))
        district.step()
        assert set(district.contracts) == (expected or {school.key for school in district.schools})
        assert set(district.contracts.values()) == {Contract(key, 2027, 2031) for key in district.contracts}
        rows = [row for row in district.record.rows["school_year"] if row["year"] == 2027]
        assert {row["school"]: row["contract_until"] for row in rows} == {
            school.key: 2031 if school.key in district.contracts else None for school in district.schools
        }


def test_first_terms_that_are_spread_out_end_one_after_the_other() -> None:
    district = under(contracts=contracts(years=3, for_district_schools=True, first_terms="spread out"))
    district.step()
    ends = [district.contracts[school.key].last for school in district.schools]
    assert ends == [2027, 2028, 2029] * 3


@pytest.mark.parametrize("lead_years", [0, 1, 2])
def test_a_new_school_has_its_full_term_from_its_opening(lead_years: int) -> None:
    settings = {**OPEN, "operators": ["kipp"], "at_most": 1, "lead_years": lead_years}
    opened = Replication.model_validate(settings)
    district = under(years=5, contracts=contracts(years=4), opened=opened).run_to_end()
    first = 2027 + lead_years
    assert district.contracts["kipp-1"] == Contract("kipp-1", first, first + 3)


def test_a_school_handed_over_gets_a_contract_with_its_new_operator() -> None:
    restart = Restart.model_validate({"operators": ["kipp"], "when": {"rating_below": 60}, "first": 2028, "last": 2028})
    district = under(years=4, contracts=contracts(years=6), restart=restart).run_to_end()
    (handed,) = decisions(district, "restart")
    assert district.contracts[handed["school"]] == Contract(handed["school"], 2030, 2035)
    assert district.contracts["union"] == Contract("union", 2027, 2032)


def test_a_contract_alone_changes_nothing_in_a_school() -> None:
    with_it, without = under(contracts=contracts(**ALL)).run_to_end(), under().run_to_end()
    for one, other in zip(with_it.record.rows["school_year"], without.record.rows["school_year"], strict=True):
        assert {**one, "contract_until": None} == pytest.approx({**other, "contract_until": None}, nan_ok=True)


def test_a_term_ends_after_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Contract("ash", 2030, 2029)


# -- what becomes of it -----------------------------------------------------------------------------------------------


def ended(**changes: Any) -> District:
    """The year in which contracts of one year end."""
    settings = ANY_SEAT | changes
    plan = plan_of({"contracts": contracts(**ALL), "ends": renewals(**settings)}, years=4)
    district = District(plan.with_parameters(CUTS), 2)
    district.step()
    return district


def test_every_tier_gets_what_it_is_to() -> None:
    opening = District(plan_of(years=1).with_parameters(CUTS), 2)
    tiers = {school.key: opening.tier(school) for school in opening.schools}
    assert set(tiers.values()) == {"failing", "watch", "meets", "distinguished"}
    district = ended(years=5, watch_years=2)
    for school in district.schools:
        tier, contract = tiers[school.key], district.contracts[school.key]
        if tier == "failing":
            assert (school.status, school.closes_after, contract.last) == ("closing", 2027, 2027)
        elif tier == "watch":
            assert (school.frozen, contract) == (True, Contract(school.key, 2028, 2029))
        else:
            assert (school.frozen, contract) == (False, Contract(school.key, 2028, 2032))
    assert keys(district, "do not renew") == {key for key, tier in tiers.items() if tier == "failing"}
    for row in decisions(district, "do not renew"):
        assert row["because"].startswith("rating ")
        assert row["because"].endswith("failing, contract from 2027 to 2027")
        assert row["effective"] == 2028
    district.step()
    assert all(district.school(key).status == "closed" for key in keys(district, "do not renew"))
    assert not district.contracts.keys() - {school.key for school in district.schools}


def test_a_school_without_a_rating_is_renewed_for_a_short_term() -> None:
    plan = plan_of({"contracts": contracts(**ALL), "ends": renewals(**ANY_SEAT)}, years=2)
    district = District(plan, 2)
    district.school("elm").forget_ratings()
    district.step()
    (row,) = [row for row in decisions(district, "renew on watch") if row["school"] == "elm"]
    assert row["because"].startswith("not rated so far, contract from 2027 to 2027")


def test_a_failing_school_stays_where_there_is_no_better_seat_nearby() -> None:
    district = ended(only_if_better_seat_within=0.01)
    assert not decisions(district, "do not renew")
    failing = [row for row in decisions(district, "renew on watch") if "failing" in row["because"]]
    assert failing
    for row in failing:
        assert "but only 0 better seats within 0.01 miles" in row["because"]
        assert district.school(row["school"]).frozen


def test_nothing_is_decided_before_the_last_year_of_the_term() -> None:
    district = under(years=4, contracts=contracts(years=3, for_district_schools=True), ends=renewals(**ANY_SEAT))
    for year in (2027, 2028, 2029):
        district.step()
        decided = [row for row in district.record.rows["decision"] if row["policy"] == "ends"]
        assert bool(decided) == (year == 2029)
    assert {row["school"] for row in decided} == {school.key for school in district.schools}


def test_good_schools_get_more_seats_where_that_is_set_and_they_are_full() -> None:
    plain = ended()
    good = {row["school"] for row in decisions(plain, "renew")}
    best = {key for key in good if "distinguished" in _reason(plain, key)}
    assert best < good
    for settings, expected in (
        ({"expand_from": "meets", "expand_fill_above": None}, good),
        ({"expand_from": "distinguished", "expand_fill_above": None}, best),
        ({"expand_from": "meets", "expand_fill_above": 1.0}, set()),
    ):
        district = ended(expand=0.2, **settings)
        assert keys(district, "renew and expand") == expected
        before = {key: district.school(key).total_seats for key in expected}
        district.step()
        assert all(district.school(key).total_seats > before[key] * 1.1 for key in expected)


def _reason(district: District, key: str) -> str:
    (row,) = [row for row in decisions(district, "renew") if row["school"] == key]
    return str(row["because"])


def test_without_contracts_there_is_nothing_to_renew_and_it_is_said_once() -> None:
    district = under(ends=renewals()).run_to_end()
    (row,) = district.record.rows["decision"]
    assert (row["action"], row["school"], row["year"]) == ("keep", "*", 2027)
    assert "nothing to renew" in row["because"]
    later = under(ends=renewals(), contracts=contracts(years=2)).run_to_end()
    assert not [row for row in later.record.rows["decision"] if row["school"] == "*"]
    assert [row["year"] for row in decisions(later, "renew on watch") + decisions(later, "renew")]


# -- schools that may not grow ----------------------------------------------------------------------------------------


def test_a_school_on_watch_is_not_built_up() -> None:
    more = SeatExpansion.model_validate(
        {"rating_above": None, "fill_above": None, "schools": ["cedar"], "first": 2028, "last": 2029}
    )
    free, frozen = under(years=3, more=more), under(years=3, more=more)
    frozen.school("cedar").frozen = True
    assert keys(free.run_to_end(), "add seats") == {"cedar"}
    assert keys(frozen.run_to_end(), "add seats") == set()


def test_an_operator_with_a_school_on_watch_opens_none_until_it_is_renewed_in_full() -> None:
    opened = Replication.model_validate({**OPEN, "operators": ["kipp", "average_network"], "at_most": 6})
    district = under(years=3, opened=opened)
    district.school("grow").frozen = True
    district.step()
    district.step()
    assert keys(district, "open") == {"kipp-1", "kipp-2"}
    district.school("grow").frozen = False
    district.step()
    assert keys(district, "open") == {"kipp-1", "kipp-2", "kipp-3"}
    alone = under(years=3, opened=opened.model_copy(update={"operators": ("average_network",)}))
    alone.school("grow").frozen = True
    alone.run_to_end()
    (kept,) = decisions(alone, "keep")
    assert kept["because"] == "no school is opened while schools of An average network are on watch"


def test_a_full_renewal_lets_a_school_grow_again() -> None:
    """The charter high school is on watch by strict cuts and meets what is expected by the usual ones."""
    assert ended().school("union").frozen
    district = under(contracts=contracts(**ALL), ends=renewals(**ANY_SEAT))
    district.school("union").frozen = True
    district.step()
    assert "union" in keys(district, "renew")
    assert not district.school("union").frozen
