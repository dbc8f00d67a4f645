"""More of a good thing is never worse: the direction of every response that has one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.students import release
from sim.district import District
from sim.opening.families import SchoolsSeen, systematic_utility
from sim.opening.high_school import graduation_index
from sim.parameters import Parameters
from sim.plan import Plan
from sim.policies.teaching.extended_day import ExtendedDay
from sim.policies.teaching.practices import Practices
from sim.year.choice import public_chance
from sim.year.ratings import Parts, Yardstick, rating_of
from sim.year.yardstick import YardstickRule
from tests.cities import all_policies, finished, plan_of

numbers = st.floats(-2, 2)


def mean_truth(district: District, school: int | None = None) -> np.ndarray:
    """Mean true score of the last June, of one school or of all."""
    panel = district.record.panel[district.year]
    mine = np.ones(len(panel.rows), dtype=bool) if school is None else panel.place == school
    return panel.truth[mine].astype(np.float64).mean(axis=0)


def with_better_school(by: float, parameters: dict[str, float] | None = None) -> District:
    """Three years in which the first school adds more than it did."""
    district = District(plan_of(years=3).with_parameters(parameters or {}), 1)
    district.schools[0].quality = district.schools[0].quality + by
    district.run_to_end()
    release(district)
    return district


def test_better_school_has_higher_scores() -> None:
    usual, better, best = (with_better_school(by) for by in (0.0, 0.1, 0.2))
    assert (mean_truth(usual, 0) < mean_truth(better, 0)).all()
    assert (mean_truth(better, 0) < mean_truth(best, 0)).all()
    assert (mean_truth(usual) < mean_truth(better)).all()
    # children who sit there all three years gain (1 + r + r^2) times the difference, in both subjects
    rows = [d.record.panel[y] for d in (usual, better) for y in (2027, 2028, 2029)]
    stayed = set(rows[0].rows[rows[0].place == 0])
    for panel in rows:
        stayed &= set(panel.rows[panel.place == 0])
    stayed_rows = np.array(sorted(stayed))
    assert len(stayed_rows) > 50
    low_income = usual.students.low_income[stayed_rows]
    difference = (better.students.school_made - usual.students.school_made)[stayed_rows]
    expected = 0.1 * (1 + 0.7 + 0.49)
    assert np.abs(difference[~low_income].mean(axis=0) - expected).max() < 0.02


def test_better_school_is_rated_higher_and_seen_as_better() -> None:
    usual, better = with_better_school(0.0), with_better_school(0.2)
    assert better.schools[0].history("growth")[-1] > usual.schools[0].history("growth")[-1]
    assert better.schools[0].rating > usual.schools[0].rating
    assert better.schools[0].reputation > usual.schools[0].reputation


def paired_difference(plan: Plan, name: str, low: float, high: float) -> np.ndarray:
    """Mean true score at the higher value of a parameter less that at the lower."""
    return mean_truth(finished(plan.with_parameters({name: high}))) - mean_truth(
        finished(plan.with_parameters({name: low}))
    )


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("disruption.displaced", -0.25, 0.0),
        ("disruption.announcement", -0.09, -0.02),
        ("disruption.receiving", -0.02, 0.0),
        ("disruption.turbulence", -0.05, 0.0),
        ("disruption.move", -0.10, 0.0),
        ("practices.extended_time", 0.0, 0.09),
        ("practices.culture", -0.03, 0.10),
        ("practices.fidelity", 0.5, 1.0),
        ("practices.ramp", 0.3, 0.9),
        ("quality.first_year", -0.2, 0.0),
    ],
)
def test_less_harm_or_more_help_raises_scores(name: str, low: float, high: float) -> None:
    """In a city that closes, opens, lengthens days and changes its schools' culture; three years, before ratings
    change what is decided."""
    culture = Practices.model_validate({"culture_and_parents": 1, "diagnostics_and_intervention": 0})
    difference = paired_difference(plan_of({**all_policies(), "culture": culture}, years=3), name, low, high)
    assert (difference > 0).all()
    assert difference.max() < 0.2


def test_more_time_raises_scores_the_more_of_it() -> None:
    worth = []
    for extra in (0.0, 0.1, 0.3):
        policies = {"longer": ExtendedDay.model_validate({"extra_time": extra, "where": {"sector": "all"}})}
        worth.append(mean_truth(finished(plan_of(policies if extra else None, years=3))))
    assert (worth[0] < worth[1]).all()
    assert (worth[1] < worth[2]).all()


@given(numbers, numbers, st.floats(0.01, 1), st.floats(0, 1))
def test_rating_rises_with_status_and_growth(status: float, growth: float, more: float, weight: float) -> None:
    scale, rule = Yardstick(0.0, 0.3, 0.1), YardstickRule(weight, 1 - weight)
    now, higher, faster, both = (
        scale.points(scale.index(rule, Parts(np.array([s]), np.array([g]), np.array([np.nan])))[0])
        for s, g in ((status, growth), (status + more, growth), (status, growth + more), (status + more, growth + more))
    )
    assert higher >= now
    assert faster >= now
    assert both >= max(higher, faster) - 1e-9
    assert 0 <= now <= 100


def test_rating_is_the_mean_of_the_last_springs_and_ends_with_the_tests() -> None:
    springs = [(2029, -1.0), (2030, 0.0), (2031, 1.0)]
    assert rating_of(springs, 2031, 1) == Yardstick.points(1.0)
    assert rating_of(springs, 2031, 2) == Yardstick.points(0.5)
    assert rating_of(springs, 2031, 3) == Yardstick.points(0.0)
    assert np.isnan(rating_of(springs, 2032, 2))
    assert np.isnan(rating_of([], 2031, 2))


@given(st.floats(0.1, 8), st.floats(0.05, 5), numbers, st.floats(0.05, 1))
def test_families_like_what_is_near_and_well_spoken_of(miles: float, farther: float, seen: float, more: float) -> None:
    p = Parameters()
    where = SchoolsSeen(
        np.array([[miles, miles + farther, miles]]), np.array([seen, seen, seen + more]), np.ones((3, 2))
    )
    utility = systematic_utility(where, np.zeros((3, 4, 3)), p)
    assert (utility[..., 1] < utility[..., 0]).all()
    assert (utility[..., 2] > utility[..., 0]).all()
    # low-income families pay more for a mile and weigh what is said of a school less
    assert ((utility[..., 0] - utility[..., 1])[:, :, 1::2] > (utility[..., 0] - utility[..., 1])[:, :, 0::2]).all()
    assert ((utility[..., 2] - utility[..., 0])[:, :, 1::2] < (utility[..., 2] - utility[..., 0])[:, :, 0::2]).all()


@given(st.floats(0.05, 0.95), st.floats(-3, 3), st.floats(0.01, 2))
def test_better_offer_keeps_more_children_in_public_schools(share: float, change: float, more: float) -> None:
    p = Parameters()
    shape = np.ones((3, 1, 2))
    usual, better, none = (
        public_chance(np.array([share]), by * shape, p)[0, 0, 0] for by in (change, change + more, 0.0)
    )
    assert usual < better
    assert none == pytest.approx(share)


@given(numbers, st.floats(0.01, 1), st.floats(-0.3, 0.3), st.floats(0.01, 0.3))
def test_graduation_follows_score_and_what_high_school_added(
    score: float, more: float, added: float, more_added: float
) -> None:
    index = graduation_index(
        np.array([score, score + more, score]), np.array([added, added, added + more_added]), Parameters()
    )
    assert index[1] > index[0]
    assert index[2] > index[0]


def test_outside_option_can_be_off() -> None:
    """Without it the chance to be in public schools is the file's, whatever is on offer."""
    plan = plan_of(all_policies(), years=4).with_parameters({"families.outside_scale": 1.0})
    on, off = finished(plan), finished(replace(plan, outside_option=False))
    still = finished(replace(plan, outside_option=False).with_parameters({"families.outside_scale": 0.0}))
    outside = [(d.students.place == -2).sum() for d in (on, off, still)]
    assert outside[1] == outside[2] != outside[0]
