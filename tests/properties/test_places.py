"""Every child is in exactly one place every year, and no grade has more children than seats, whatever the plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.agents.students import release
from sim.city import SYSTEMS, EnrollmentSystem
from sim.district import District
from sim.opening.population import OUTSIDE, UNPLACED
from sim.plan import Plan
from sim.policies.closure import Closure
from sim.policies.enrollment_system import EnrollmentSystem as EnrollmentRules
from sim.policies.new_zone_lines import NewZoneLines
from sim.policies.phase_out import PhaseOut
from sim.policies.replication import Replication
from sim.policies.school_merger import SchoolMerger
from sim.policies.seat_expansion import SeatExpansion
from sim.policies.teaching.extended_day import ExtendedDay
from sim.year import enrollment
from tests.cities import all_policies, plan_of, seat_policies
from tests.properties.year_checks import NOT_IN_SCHOOL, all_wrong, run_checked

shares = st.floats(0, 1).map(lambda share: round(share, 2))
closures = st.builds(
    Closure,
    when=st.fixed_dictionaries({"rating_below": st.integers(30, 100), "years": st.integers(1, 2)}),
    sector=st.sampled_from(["all", "district", "charter"]),
    per_year=st.integers(0, 4),
    notice_years=st.integers(0, 2),
    only_if_better_seat_within=st.sampled_from([None, None, 3.0]),
    seats_for=shares,
    mode=st.sampled_from(["at once", "grade by grade"]),
    zone_goes_to=st.sampled_from(["nearest", "nearest better"]),
)
replications = st.builds(
    Replication,
    operators=st.lists(
        st.sampled_from(["kipp", "uncommon", "district", "single_charter"]), min_size=1, max_size=3, unique=True
    ),
    openings_per_year=st.integers(1, 4),
    seats=st.integers(30, 900),
    grow=st.sampled_from(["one grade a year", "two grades a year", "whole"]),
    lead_years=st.integers(0, 2),
    site=st.sampled_from(["low rated", "low income", "spread"]),
    prefer_closed_sites=st.booleans(),
)
days = st.builds(ExtendedDay, extra_time=shares, where=st.just({"sector": "all"}))
rules = st.builds(
    EnrollmentRules,
    system=st.sampled_from(["as it is", *SYSTEMS]),
    rounds=st.integers(1, 4),
    lotteries_of=st.sampled_from(["all", "charter"]),
    list_limit=st.none() | st.integers(1, 8),
    one_lottery=st.booleans(),
    displaced_first=st.booleans(),
    set_aside=st.none() | shares,
    set_aside_for=st.sampled_from(["low_income", "english_learner", "displaced"]),
    backfill_through=st.none() | st.integers(0, 12),
    backfill_of=st.sampled_from(["charter", "all"]),
    transport=st.sampled_from(["off", "cheaper miles", "capped miles"]),
)
expansions = st.builds(
    SeatExpansion,
    rating_above=st.sampled_from([None, 40.0]),
    fill_above=st.sampled_from([None, 0.8]),
    more=shares,
    seats=st.sampled_from([None, 1, 50, 400]),
    from_grade=st.sampled_from([None, 0, 3, 8, 10]),
    per_year=st.integers(0, 4),
    lead_years=st.integers(0, 2),
)
mergers = st.builds(
    SchoolMerger,
    fill_below=st.sampled_from([None, 0.95]),
    within=st.sampled_from([None, 2.5]),
    sector=st.sampled_from(["all", "district", "charter"]),
    per_year=st.integers(0, 3),
    stays=st.sampled_from(["better rated", "larger"]),
    added_seats=st.sampled_from([None, None, 0, 120]),
    notice_years=st.integers(0, 2),
)
endings = st.builds(
    PhaseOut,
    when=st.sampled_from([None, {"rating_below": 60, "years": 1}]),
    per_year=st.integers(0, 3),
    notice_years=st.integers(0, 2),
    replaced_by=st.sampled_from([None, "kipp", "district"]),
    replacement_opens=st.sampled_from(["as it shrinks", "when it is empty"]),
    spare_new_schools_for=st.integers(0, 3),
)
lines = st.builds(
    NewZoneLines,
    rule=st.sampled_from(["nearest", "balance fill", "mix income"]),
    within=st.sampled_from([None, 1.5, 3.0]),
    pupils_stay=st.booleans(),
    every=st.sampled_from([None, 1, 2]),
)
# few sets of parameters, since a city is fitted anew for each
parameters = st.sampled_from([{}, {"families.participation.other": 0.27, "families.current_school": 2.0}])


@st.composite
def plans(draw: Any) -> Plan:
    """Any plan of the tiny city."""
    chosen = {"close": closures, "close_more": closures, "open": replications, "longer": days, "rules": rules}
    chosen |= {"larger": expansions, "fewer": mergers, "ending": endings, "lines": lines}
    names = draw(st.lists(st.sampled_from(sorted(chosen)), unique=True, max_size=5))
    plan = plan_of(
        {name: draw(chosen[name]) for name in names},
        years=draw(st.integers(3, 6)),
        enrollment_system=draw(st.sampled_from(SYSTEMS)),
        outside_option=draw(st.booleans()),
    )
    return plan.with_parameters(draw(parameters))


def nothing_is_wrong(plan: Plan, seed: int) -> None:
    district = District(plan, seed)
    found = run_checked(district)
    release(district)
    assert found == []


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(plans(), st.integers(0, 5))
def test_every_child_has_one_place_and_every_grade_its_seats(plan: Plan, seed: int) -> None:
    nothing_is_wrong(plan, seed)


@pytest.mark.parametrize("system", ["zoned", "unified"])
@pytest.mark.parametrize("first", ["seats", "others"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_all_policies_at_once_lose_no_child(system: str, first: str, seed: int) -> None:
    """In either order of the plan: schools are closed, opened, joined, built up and phased out, and zones redrawn."""
    policies = seat_policies() | all_policies() if first == "seats" else all_policies() | seat_policies()
    nothing_is_wrong(plan_of(policies, years=6, enrollment_system=system), seed)


@pytest.mark.slow
@settings(max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(plans(), st.integers(0, 10**6))
def test_every_child_has_one_place_and_every_grade_its_seats_many_times(plan: Plan, seed: int) -> None:
    nothing_is_wrong(plan, seed)


def test_district_that_closes_every_school_of_a_grade_goes_on() -> None:
    """An extreme plan is answered, not broken off: children without any school stay outside or unplaced."""
    close = Closure.model_validate(
        {
            "when": {"rating_below": 100},
            "sector": "all",
            "per_year": 50,
            "notice_years": 0,
            "only_if_better_seat_within": None,
        }
    )
    district = District(plan_of({"all": close}, years=3), 1)
    assert run_checked(district) == []
    assert all(school.status == "closed" for school in district.schools)
    assert district.record.panel[2029].rows.size == 0
    assert np.isin(district.students.place[district.window], NOT_IN_SCHOOL).all()
    release(district)


def test_checks_see_what_is_wrong() -> None:
    """A child taken out of its school, put into a wrong grade or brought back is noticed."""
    district = District(plan_of(), 1)
    district.step()
    assert all_wrong(district) == []
    place = district.students.place
    before = place.copy()
    row = int(np.nonzero((place >= 0) & (district.year - district.students.cohort == 3))[0][0])
    high = next(school.index for school in district.schools if 3 not in school.grades)
    for wrong, word in ((high, "does not teach"), (-99, "no place"), (-1, "not yet here")):
        place[row] = wrong
        assert word in " ".join(all_wrong(district)), wrong
    place[:] = before
    before[row] = -3
    assert "came back" in " ".join(all_wrong(district, before))
    district.schools[0].roll = district.schools[0].roll + 1
    assert "rolls" in " ".join(all_wrong(district))
    release(district)


@dataclass
class Summers:
    """What families asked for in each summer, kept while a district runs."""

    choosers: list[Any] = field(default_factory=list)
    lists: list[Any] = field(default_factory=list)
    stays: list[Any] = field(default_factory=list)


@pytest.fixture
def summers(monkeypatch: pytest.MonkeyPatch) -> Summers:
    """Listens in on the round of choice."""
    kept = Summers()
    find, make = enrollment.find_choosers, enrollment.make_lists

    def find_choosers(students: Any, rows: Any, grade: Any, stays: Any, *rest: Any) -> Any:
        kept.stays.append((rows.copy(), stays.copy(), students.place[rows].copy()))
        kept.choosers.append(find(students, rows, grade, stays, *rest))
        return kept.choosers[-1]

    def make_lists(*arguments: Any) -> Any:
        kept.lists.append(make(*arguments))
        return kept.lists[-1]

    monkeypatch.setattr(enrollment, "find_choosers", find_choosers)
    monkeypatch.setattr(enrollment, "make_lists", make_lists)
    return kept


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_settled_child_keeps_its_seat(system: EnrollmentSystem, seed: int, summers: Summers) -> None:
    """Who does not look around stays; who does ends in the own school or one the family put before it."""
    plan = plan_of(all_policies(), years=6, enrollment_system=system)
    district = District(plan.with_parameters({"families.participation.other": 0.27}), seed)
    looked = went = 0
    while district.running:
        district.step()
        choosers, lists = summers.choosers[-1], summers.lists[-1]
        rows, stays, place = summers.stays[-1]
        # June's leavers have left their place by now; the record of June has them
        panel = district.record.panel[district.year]
        now = np.full(len(district.students), UNPLACED)
        now[panel.rows] = panel.place
        quiet = stays & ~np.isin(rows, choosers.rows)
        assert (now[rows[quiet]] == place[quiet]).all()
        settled = np.nonzero(choosers.current >= 0)[0]
        for i in settled:
            mine = lists[i].tolist()
            assert now[choosers.rows[i]] in mine[: mine.index(choosers.current[i]) + 1]
        looked += len(settled)
        went += int((now[choosers.rows[settled]] != choosers.current[settled]).sum())
    assert looked > 500
    assert 50 < went < looked
    release(district)


@pytest.mark.parametrize("acts", [False, True])
def test_promoted_child_keeps_its_school(acts: bool) -> None:
    """A child whose school goes on to the next grade is there a year later, unless it chose to go, or left the city's
    schools."""
    district = District(plan_of(all_policies() if acts else None, years=6), 2)
    kept = 0
    while district.running:
        before = district.students.place.copy()
        district.step()
        students = district.students
        panel = district.record.panel[district.year]
        old, grade = before[panel.rows], district.year - students.cohort[panel.rows]
        goes_on = old >= 0
        goes_on[goes_on] = district.teaches()[old[goes_on], grade[goes_on]]
        chose = students.moved[panel.rows]
        assert (panel.place[goes_on & ~chose] == old[goes_on & ~chose]).all()
        kept += int((goes_on & ~chose).sum())
        # and nobody who could stay was left without a seat: out of school means moved away or gone outside
        out = np.ones(len(students), dtype=bool)
        out[panel.rows] = False
        grade = district.year - students.cohort
        could = out & (before >= 0) & (grade < 13)
        could[could] = district.teaches()[before[could], grade[could]]
        assert (could & (students.place == UNPLACED)).sum() == 0
        assert np.isin(students.place[could], (OUTSIDE, -3)).all()
    assert kept > 5000
    release(district)
