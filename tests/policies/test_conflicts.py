"""Two policies that want one school: the one earlier in the plan has it, and the record says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from sim.district import District
from sim.policies.closure import Closure
from sim.policies.phase_out import PhaseOut
from sim.policies.policy import Decision, Policy
from sim.policies.replication import Replication
from sim.policies.school_merger import SchoolMerger
from sim.policies.seat_expansion import SeatExpansion
from sim.policies.teaching.extended_day import ExtendedDay
from tests.cities import plan_of
from tests.policies.decided import decisions

ONLY_FIRST = {"first": 2027, "last": 2027}
CLOSE: dict[str, Any] = {"when": {"rating_below": 100}, "per_year": 1, "only_if_better_seat_within": None, **ONLY_FIRST}
END: dict[str, Any] = {"when": None, "notice_years": 2, **ONLY_FIRST}
JOIN: dict[str, Any] = {"fill_below": None, "within": None, "added_seats": None, "notice_years": 2, **ONLY_FIRST}


def under(*policies: Policy, years: int = 4) -> District:
    """A city with policies called a, b, c ... in this order."""
    return District(plan_of(dict(zip("abcd", policies, strict=False)), years=years), 2)


def weakest(district: District) -> str:
    """The id of the school rated lowest."""
    return min((s for s in district.schools if s.rating >= 0), key=lambda s: s.rating).key


def test_the_policy_earlier_in_the_plan_has_the_school() -> None:
    closure, ending = Closure.model_validate({**CLOSE, "notice_years": 2}), PhaseOut.model_validate(END)
    for policies, took, lost in (((closure, ending), "close", None), ((ending, closure), "phase out", "close")):
        district = under(*policies)
        school = weakest(district)
        district.step()
        assert decisions(district, took)[0]["school"] == school
        aside = decisions(district, "set aside")
        if lost is None:
            # a closing school is not on any list: the phase-out takes the next
            assert not aside
            assert decisions(district, "phase out")[0]["school"] != school
        else:
            assert [(row["school"], row["policy"], row["effective"]) for row in aside] == [(school, "b", 2027)]
            assert aside[0]["because"].startswith("already to phase out by a since 2027; not to close: rating")
            # and a decision that is set aside does not use up the year's cap
            assert len(decisions(district, "close")) == 1


def test_what_is_set_aside_is_not_done() -> None:
    closure = Closure.model_validate({**CLOSE, "notice_years": 0})
    ending = PhaseOut.model_validate(END)
    district = under(ending, closure)
    school = district.school(weakest(district))
    district.run_to_end()
    assert school.grade_by_grade
    assert (school.status, district.year) == ("closing", 2030)
    assert school.announced is None


def test_both_schools_of_a_merger_are_out_of_reach_until_it_has_happened() -> None:
    join = SchoolMerger.model_validate(JOIN)
    close = Closure.model_validate({**CLOSE, "per_year": 50, "notice_years": 1, "last": 2030})
    district = under(join, close, years=5)
    district.step()
    (merged,) = decisions(district, "merge")
    goes = district.school(merged["school"])
    stays = goes.joins
    assert stays is not None
    assert {goes.key, stays.key} == {row["school"] for row in decisions(district, "set aside")}
    assert all(row["school"] not in (goes.key, stays.key) for row in decisions(district, "close"))
    while district.running:
        district.step()
    (closed,) = [row for row in decisions(district, "close") if row["school"] == stays.key]
    assert closed["year"] == 2030, "the merger has taken effect in 2029"
    assert goes.key not in {row["school"] for row in decisions(district, "close")}


def test_a_school_held_for_years_is_written_down_once() -> None:
    join = SchoolMerger.model_validate({**JOIN, "notice_years": 3})
    district = under(join, Closure.model_validate({**CLOSE, "per_year": 50, "last": None}), years=4).run_to_end()
    aside = [row["school"] for row in decisions(district, "set aside")]
    assert len(aside) == len(set(aside)) == 2


def test_a_policy_does_not_ask_itself_for_what_it_has_decided() -> None:
    """A school that waits for its phase-out goes on meeting the trigger; that is no conflict."""
    district = under(PhaseOut.model_validate({**END, "last": None, "schools": ["ash"]})).run_to_end()
    assert [(row["action"], row["year"]) for row in district.record.rows["decision"]] == [("phase out", 2027)]


def test_schools_to_be_built_up_are_not_closed_meanwhile() -> None:
    more = SeatExpansion.model_validate(
        {"rating_above": None, "fill_above": None, "schools": ["ash"], "lead_years": 1, **ONLY_FIRST}
    )
    close = Closure.model_validate({**CLOSE, "per_year": 50, "last": 2030})
    district = under(more, close).run_to_end()
    (aside,) = decisions(district, "set aside")
    assert (aside["school"], aside["year"]) == ("ash", 2027)
    assert "already to add seats by a since 2027" in aside["because"]
    assert [row["year"] for row in decisions(district, "close") if row["school"] == "ash"] == [2029]


def test_decisions_on_teaching_are_not_held_up() -> None:
    join = SchoolMerger.model_validate(JOIN)
    longer = ExtendedDay.model_validate({"where": {"sector": "all"}, **ONLY_FIRST})
    district = under(join, longer)
    district.step()
    assert not decisions(district, "set aside")
    assert len(decisions(district, "lengthen day")) == 9


def test_a_policy_that_does_not_say_holds_nothing_and_is_never_set_aside() -> None:
    """The default of a decision: what it does is its own affair."""
    done = []

    class Visit(Policy):
        """Look at every school."""

        use: ClassVar[str] = ""

        def review(self, district: District, name: str) -> Iterator[Decision]:
            """One visit to each school."""
            for school in district.schools:
                yield Decision(
                    name, "visit", school.key, district.year, district.year, "to see it", lambda d: done.append(d.year)
                )

    ending = PhaseOut.model_validate({**END, "per_year": 50})
    district = under(Visit(), ending, Visit(), years=1)
    district.step()
    assert len(done) == 18
    assert len(decisions(district, "phase out")) == 9
    assert not decisions(district, "set aside")


@pytest.mark.parametrize("years", [1, 4])
def test_a_school_kept_open_is_written_down_once_for_each_kind_of_reason(years: int) -> None:
    close = Closure.model_validate(
        {"when": {"rating_below": 45}, "only_if_better_seat_within": 0.01, "per_year": 9, "sector": "all"}
    )
    district = under(close, years=years).run_to_end()
    kept = [row["school"] for row in decisions(district, "keep")]
    assert len(kept) == len(set(kept)) >= 2
    # another reason is written down again
    district = under(close, years=years)
    for passed in range(years):
        district.decided.given = dict.fromkeys(district.decided.given, "another kind")
        district.step()
        assert len([row for row in decisions(district, "keep") if row["year"] == 2027 + passed]) >= 1


def test_replication_names_operators_as_people_do() -> None:
    district = under(Replication.model_validate({"operators": ["yes_prep"], **ONLY_FIRST}))
    district.step()
    assert decisions(district, "open")[0]["because"].startswith("YES Prep, ")
