"""Adding a policy or a school changes nobody else's luck; what a policy has not reached is as it was."""

from __future__ import annotations

import numpy as np
import pytest

from sim.district import District
from sim.policies.closure import Closure
from sim.policies.new_zone_lines import NewZoneLines
from sim.policies.phase_out import PhaseOut
from sim.policies.policy import Policy
from sim.policies.replication import Replication
from sim.policies.school_merger import SchoolMerger
from sim.policies.seat_expansion import SeatExpansion
from sim.policies.teaching.extended_day import ExtendedDay
from tests.cities import all_policies, differing_tables, finished, plan_of, same_bits, same_panel, seat_policies

FIXED = (
    *("child", "cohort", "arrives", "departs", "group", "low_income", "english_learner", "disability"),
    *("kind", "node", "zone", "x_miles", "y_miles", "ability", "flag_effect", "engagement", "outside_draw", "sibling"),
)
"""What a child is before any school does anything."""
PLANS: dict[str, dict[str, Policy]] = {
    "all": all_policies(),
    "seats and zones": seat_policies(),
    "open": {"open": Replication.model_validate({"operators": ["kipp"], "seats": 120, "lead_years": 0})},
    "longer": {"longer": ExtendedDay.model_validate({"extra_time": 0.3, "where": {"schools": ["ash"]}})},
}


@pytest.fixture(scope="module")
def usual() -> District:
    """The city left alone."""
    return finished(plan_of(years=5))


@pytest.mark.parametrize("name", PLANS)
def test_children_are_the_same_under_every_plan(name: str, usual: District) -> None:
    """Row n is the same child, with the same own shocks and the same test errors, whatever the plan does."""
    other = finished(plan_of(PLANS[name], years=5))
    for column in FIXED:
        assert same_bits(getattr(usual.students, column), getattr(other.students, column)), column
    # the children's own years: whether in school or not, in this school or that one
    assert same_bits(usual.students.passing, other.students.passing)
    for year in usual.plan.years:
        one, two = usual.record.panel[year], other.record.panel[year]
        _, here, there = np.intersect1d(one.rows, two.rows, return_indices=True)
        assert len(here) > 1500
        errors = [panel.score[at].astype(np.float64) - panel.truth[at] for panel, at in ((one, here), (two, there))]
        np.testing.assert_allclose(errors[0], errors[1], atol=1e-6)  # panels are kept in float32
    assert not same_panel(usual.record.panel[2031], other.record.panel[2031])


@pytest.mark.parametrize("name", PLANS)
def test_schools_have_the_same_years_under_every_plan(name: str, usual: District) -> None:
    """A school's good and bad years do not depend on how many schools there are."""
    # schoolmates and money are what other schools do to a school; the rest is its own
    off = {"learning.peer_effect": 0.0, "money.effect": 0.0}
    plan = plan_of(PLANS[name], years=5).with_parameters(off)
    alone = plan_of(years=5).with_parameters(off)
    one, two = District(alone, 3), District(plan, 3)
    for _ in alone.years:
        one.step()
        two.step()
        for school, other in zip(one.schools, two.schools[: len(one.schools)], strict=True):
            assert school.key == other.key
            if not other.converts:
                # whoever hires in the city changes the staff of all, which is no luck
                luck = [
                    d.value_added.value[school.index] - d.staff_added[school.index] - s.quality
                    for d, s in ((one, school), (two, other))
                ]
                np.testing.assert_allclose(luck[0], luck[1], atol=1e-15)


def test_untouched_schools_have_the_same_year_until_word_gets_round(usual: District) -> None:
    """Longer days at one school: in the first year every child sits where it sat, and only its pupils score higher."""
    longer = finished(plan_of(PLANS["longer"], years=5))
    one, two = usual.record.panel[2027], longer.record.panel[2027]
    assert same_bits(one.rows, two.rows)
    assert same_bits(one.place, two.place)
    ash = one.place == usual.school("ash").index
    assert same_bits(one.truth[~ash], two.truth[~ash])
    assert same_bits(one.score[~ash], two.score[~ash])
    assert (one.truth[ash] < two.truth[ash]).all()


def test_opening_school_takes_only_those_who_go_there() -> None:
    """In its first year a new school changes nothing in grades it does not teach, and fills no more than its seats."""
    none = plan_of(years=1)
    opens = plan_of(PLANS["open"], years=1)
    one, two = finished(none), finished(opens)
    new = two.schools[-1]
    assert new.new
    assert new.pupils > 0
    panel, other = one.record.panel[2027], two.record.panel[2027]
    _, here, there = np.intersect1d(panel.rows, other.rows, return_indices=True)
    place, now = panel.place[here], other.place[there]
    grade = 2027 - one.students.cohort[panel.rows[here]]
    untaught = ~np.isin(grade, list(new.grades))
    entering = np.isin(grade, (0, 6, 9))
    # grades it does not teach are untouched but for children who weigh the whole offer again at entry
    assert (place[untaught & ~entering] == now[untaught & ~entering]).all()
    assert 0 < (now == new.index).sum() <= new.seats.sum()


@pytest.mark.parametrize(
    "never",
    [
        Closure.model_validate({"when": {"rating_below": 0}}),
        Closure.model_validate({"when": {"rating_below": 100}, "per_year": 0}),
        ExtendedDay.model_validate({"where": {"low_income_share_above": 1.0}}),
        Replication.model_validate({"operators": ["kipp"], "openings_per_year": 0}),
        Replication.model_validate({"operators": ["uncommon"], "at_most": 0}),
        NewZoneLines.model_validate({"rule": "mix income", "within": 0.01}),
        PhaseOut.model_validate({"when": {"rating_below": 0}}),
        PhaseOut.model_validate({"when": None, "per_year": 0, "replaced_by": "kipp"}),
        SchoolMerger.model_validate({"fill_below": 0.1}),
        SeatExpansion.model_validate({"rating_above": 100}),
        SeatExpansion.model_validate({"rating_above": None, "fill_above": None, "more": 0.0}),
    ],
    ids=lambda policy: policy.use,
)
def test_policy_that_never_acts_changes_nothing(never: Policy) -> None:
    """Before, after or between the others: tables and children are the same bit for bit."""
    acting = all_policies()
    usual = finished(plan_of(acting, years=5))
    for policies in ({"never": never, **acting}, {**acting, "never": never}):
        other = finished(plan_of(policies, years=5))
        assert differing_tables(usual, other) == []
        assert all(same_panel(usual.record.panel[year], other.record.panel[year]) for year in usual.record.panel)


def test_new_schools_share_their_luck_between_plans() -> None:
    """The k-th school of an operator is the same school whichever policy opens it, in whatever year of the plan."""
    one = finished(plan_of({"a": Replication.model_validate({"operators": ["kipp"], "at_most": 1})}, years=4))
    two = finished(plan_of({"b": Replication.model_validate({"operators": ["uncommon", "kipp"]})}, years=4))
    first, second = one.school("kipp-1"), two.school("kipp-1")
    assert first.opened != second.opened
    assert same_bits(first.quality, second.quality)
    assert first.key_bits == second.key_bits


def test_another_seed_is_other_luck() -> None:
    one, two = finished(plan_of(years=1), 1), finished(plan_of(years=1), 2)
    assert not same_bits(one.students.ability[:100], two.students.ability[:100])
    assert set(differing_tables(one, two)) >= {"level_year", "school_year", "choice_year"}
