"""What a change of the enrolment rules does, as a superintendent would check it."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, get_args

import numpy as np
import pytest

from sim.agents.students import release
from sim.city import SYSTEMS
from sim.district import District
from sim.policies.enrollment_system import KEEP, EnrollmentSystem
from sim.policies.paid import PaidPolicy
from sim.year.rules import EnrollmentRules
from tests.cities import city, differing_tables, finished, plan_of

FIRST = city().opening_year + 1


def policy(**settings: Any) -> EnrollmentSystem:
    """The policy, keeping the system unless told otherwise."""
    return EnrollmentSystem.model_validate({"system": KEEP, **settings})


def ran(years: int = 4, seed: int = 1, plan: dict[str, Any] | None = None, **settings: Any) -> District:
    """The tiny city some years after a change of the rules."""
    return finished(plan_of({"rules": policy(**settings)}, years=years, **(plan or {})), seed)


def summed(district: District, column: str) -> int:
    """A count of the choice rounds of all years together."""
    return sum(row[column] for row in district.record.rows["choice_year"])


def test_settings_are_the_districts_rules() -> None:
    """Every rule but the way the city opened can be set, and every word the rules know is one the policy knows."""
    known = set(EnrollmentRules.__dataclass_fields__)
    assert known == set(EnrollmentSystem.model_fields) - set(PaidPolicy.model_fields)
    words = set(get_args(EnrollmentSystem.model_fields["system"].annotation))
    assert words == {KEEP, *SYSTEMS}


def test_only_named_rules_change_and_only_once_with_reasons() -> None:
    district = ran(list_limit=2, displaced_first=False)
    expected = replace(EnrollmentRules("zoned", city().list_limit), list_limit=2, displaced_first=False)
    assert district.rules == expected
    decided = district.record.rows["decision"]
    assert [(row["year"], row["action"], row["school"]) for row in decided] == [
        (FIRST, "change list", "*"),
        (FIRST, "change priority", "*"),
    ]
    assert "let families list up to 2 schools; until now: let families list up to 4 schools" in decided[0]["because"]


def test_what_is_so_already_is_not_decided() -> None:
    plain = finished(plan_of(years=3), 1)
    same = ran(3, system="zoned", list_limit=4, one_lottery=False, displaced_first=True, set_aside=0, transport="off")
    assert same.record.rows["decision"] == []
    assert differing_tables(plain, same) == []


def test_a_later_change_replaces_an_earlier_one() -> None:
    plan = plan_of(
        {
            "first": policy(system="separate_lotteries", rounds=2, last=FIRST + 1),
            "then": policy(system="unified", first=FIRST + 2),
        },
        years=4,
    )
    district, systems = District(plan, 1), []
    while district.running:
        district.step()
        systems.append(district.rules.system)
    assert systems == ["separate_lotteries"] * 2 + ["unified"] * 2
    assert [row["late"] > 0 for row in district.record.rows["choice_year"]] == [True, True, False, False]
    release(district)


def test_a_change_that_waits_for_the_district_comes_when_it_is_due_and_once() -> None:
    """Two rules that contradict each other do not take turns."""
    due = plan_of(
        {
            "one_list": policy(system="unified", if_district={"gap_above": 0.01}),
            "back": policy(system="zoned", first=FIRST + 1),
        },
        years=4,
    )
    decided = finished(due, 1).record.rows["decision"]
    assert [(row["year"], row["policy"]) for row in decided] == [(FIRST, "one_list"), (FIRST + 1, "back")]
    never = plan_of({"one_list": policy(system="unified", if_district={"gap_above": 3})}, years=4)
    assert finished(never, 1).rules.system == "zoned"


def test_lists_are_as_long_as_allowed() -> None:
    """With one school on the list fewer families find one on it."""
    assert summed(ran(list_limit=1), "on_list") < summed(ran(), "on_list")


def test_separate_lotteries_leave_families_waiting_and_more_rounds_fewer() -> None:
    """Offers are made twice and declined; with every round more families are served, and never more than by one match
    of the same lists."""
    one, three, many = (ran(1, system="separate_lotteries", rounds=rounds) for rounds in (1, 3, 20))
    match = ran(1)
    served = [summed(district, "on_list") for district in (one, three, many, match)]
    assert served[0] < served[1] <= served[2] <= served[3]
    late = [summed(district, "late") for district in (one, three, many, match)]
    assert late[0] > late[1] >= late[2] >= late[3] == 0
    for district in (one, three):
        row = district.record.rows["choice_year"][0]
        assert row["late"] == row["overflow"] + row["unplaced"]
        assert row["first_round"] <= row["on_list"]
    assert summed(one, "first_round") == summed(one, "on_list")
    assert summed(match, "first_round") == summed(match, "on_list")


def test_district_schools_without_lotteries_take_their_zones_pupils_only() -> None:
    district = ran(1, system="separate_lotteries", lotteries_of="charter", rounds=20)
    students, june = district.students, district.record.panel[FIRST]
    new = np.isin(june.rows, np.nonzero(students.arrives == FIRST)[0]) & (FIRST - students.cohort[june.rows] == 0)
    place, zone = june.place[new], students.zone[june.rows[new]]
    charter = district.charter()[place]
    # beyond the zone's own there are those sent to the nearest school with room
    elsewhere = (~charter & (place != district.zone_school[zone, 0])).sum()
    assert new.sum() > 0
    assert elsewhere <= summed(district, "late")


def new_pupils_share(district: District, flag: str, charters: list[int]) -> float:
    """Share with a flag among those who came to charters in the last year and could be told apart."""
    june = district.record.panel[district.year]
    here = np.isin(june.place, charters) & (district.year - district.students.cohort[june.rows] == 0)
    return float(getattr(district.students, flag)[june.rows[here]].mean())


@pytest.mark.parametrize("flag", ["low_income", "english_learner"])
def test_seats_set_aside_go_to_those_they_are_for(flag: str) -> None:
    """In full charters their share among the youngest rises, over several seeds; elsewhere nothing is given up."""
    scarce = {"families.transfer_cost": 4.0}
    shares: dict[float, list[float]] = {0.0: [], 1.0: []}
    for share, found in shares.items():
        for seed in range(6):
            plan = plan_of({"rules": policy(set_aside=share, set_aside_for=flag)}, years=1).with_parameters(scarce)
            district = District(plan, seed)
            for school in district.schools:
                if school.sector == "charter":
                    school.seats = np.maximum(school.seats // 2, np.roll(school.roll, 1))
            district.step()
            charters = [school.index for school in district.schools if school.sector == "charter"]
            found.append(new_pupils_share(district, flag, charters))
            release(district)
    assert np.mean(shares[1.0]) > np.mean(shares[0.0]) + 0.02
    assert min(np.subtract(shares[1.0], shares[0.0])) >= 0


def newcomers(district: District) -> np.ndarray:
    """Children by school and grade who were elsewhere the June before, all years together, (S, 13)."""
    count = np.zeros((len(district.schools), 13), dtype=int)
    for year in range(FIRST, district.year + 1):
        now, before = district.record.panel[year], district.record.panel[year - 1]
        was = dict(zip(before.rows.tolist(), before.place.tolist(), strict=True))
        for row, place in zip(now.rows.tolist(), now.place.tolist(), strict=True):
            count[place, year - district.students.cohort[row]] += was.get(row) != place
    return count


def test_schools_without_backfill_take_newcomers_at_entry_only() -> None:
    free, closed, some = ran(4), ran(4, backfill_through=0), ran(4, backfill_through=3)
    charters = free.charter()
    entry = np.array([[grade == school.grades.start for grade in range(13)] for school in free.schools])
    later = charters[:, None] & ~entry
    assert newcomers(free)[later].sum() > 10
    assert newcomers(closed)[later].sum() == 0
    assert newcomers(closed)[charters[:, None] & entry].sum() > 0
    assert newcomers(closed)[~charters].sum() > 0
    assert newcomers(some)[later & (np.arange(13) <= 3)].sum() > 0
    assert newcomers(some)[later & (np.arange(13) > 3)].sum() == 0


def test_a_school_that_guarantees_zones_takes_their_newcomers_whatever_the_rule() -> None:
    district = ran(2, backfill_through=0, backfill_of="all")
    guarantees = np.zeros((len(district.schools), 13), dtype=bool)
    for zone in district.zone_school:
        guarantees[zone, np.arange(13)] = True
    assert newcomers(district)[guarantees].sum() > 0
    entry = np.array([[grade == school.grades.start for grade in range(13)] for school in district.schools])
    assert newcomers(district)[~guarantees & ~entry].sum() == 0


def test_seats_that_are_not_filled_are_not_counted_as_free_for_a_closing_schools_pupils() -> None:
    district = District(plan_of({"rules": policy(backfill_through=2)}, years=2), 1)
    charter = next(school for school in district.schools if school.key == "first")
    free = [district.free_seats(charter, grade) for grade in range(9)]
    district.step()
    assert any(free[3:])
    assert [district.free_seats(charter, grade) for grade in range(3, 9)] == [0] * 6
    release(district)


def miles(district: District) -> float:
    """Mean miles from the middle of the zone to school, last June."""
    june = district.record.panel[district.year]
    return float(district.miles[district.students.zone[june.rows], june.place].mean())


def test_buses_let_families_go_farther_and_their_cost_is_told() -> None:
    usual, cheaper, capped = (
        np.mean([miles(ran(5, seed, transport=transport, transport_miles=0.2)) for seed in range(3)])
        for transport in ("off", "cheaper miles", "capped miles")
    )
    assert usual < cheaper < capped
    ridden = ran(1, transport="cheaper miles", paid_by="district")
    assert "free buses" in ridden.record.rows["decision"][0]["because"]
    (row,) = [r for r in ridden.record.rows["account_year"] if r["year"] == FIRST and r["account"] == "district"]
    (cost,) = [r["dollars"] for r in ridden.record.rows["cost_year"] if r["year"] == FIRST and r["item"] == "transport"]
    (free,) = [
        r for r in ran(1, transport="cheaper miles").record.rows["account_year"][2:] if r["account"] == "district"
    ]
    assert cost > 0
    assert row["closing_balance"] == pytest.approx(free["closing_balance"] - cost)


def test_one_lottery_is_another_draw_of_the_same_kind() -> None:
    """As many children ask and are placed, though not the same ones."""
    many, one = ran(2), ran(2, one_lottery=True)
    assert summed(many, "choosers") == pytest.approx(summed(one, "choosers"), rel=0.02)
    assert summed(many, "on_list") == pytest.approx(summed(one, "on_list"), rel=0.02)
    assert "school_year" in differing_tables(many, one)


def test_one_list_for_all_spares_families_the_asking() -> None:
    """Fewer children go to the school of their zone; without a cost of asking nothing changes for charters' appeal."""

    def in_zone(district: District) -> float:
        june = district.record.panel[district.year]
        grade = district.year - district.students.cohort[june.rows]
        guaranteed = district.zone_school[district.students.zone[june.rows], grade]
        return float((june.place == guaranteed).mean())

    assert in_zone(ran(5, system="unified")) < in_zone(ran(5)) - 0.02
    costs = dict.fromkeys(("families.application_cost", "families.transfer_cost"), 0.0)
    plain, free = (
        finished(plan.with_parameters(costs), 1)
        for plan in (plan_of(years=3), plan_of({"rules": policy(system="unified")}, years=3))
    )
    assert set(differing_tables(plain, free)) == {"decision"}


def test_a_plan_and_a_city_can_open_with_separate_lotteries() -> None:
    """Charters keep their rolls, since waiting lists are worked through."""
    rolls = []
    for system in ("zoned", "separate_lotteries"):
        plan = plan_of(years=5)
        plan = replace(plan, city=replace(plan.city, enrollment_system=system))
        district = finished(plan, 1)
        assert asdict(district.rules) == asdict(EnrollmentRules(district.plan.system, 4))
        rolls.append(sum(school.pupils for school in district.schools if school.sector == "charter"))
    assert rolls[1] == pytest.approx(rolls[0], rel=0.03)
    by_plan = finished(plan_of(years=5, enrollment_system="separate_lotteries"), 1)
    assert sum(school.pupils for school in by_plan.schools if school.sector == "charter") == rolls[1]
