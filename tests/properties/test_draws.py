"""Draws of parameters: the same whatever else is drawn, within the priors, and no effect without its retention."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.agents.operators import operator_files
from sim.district import District
from sim.draws import DECLARED, KEPT, NO_LOTTERY, Draw, luck_of, possible_draws, prior_draw, prior_draws
from sim.parameters import Parameter, Parameters, declared
from sim.run import run
from sim.year.money import money_value
from sim.year.practices import class_size_value
from tests.cities import all_policies, plan_of

EFFECTS = [parameter for parameter in declared().values() if parameter.grade is not None]


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 5))
def test_a_draw_is_the_same_whatever_the_count(one: int, other: int, luck: int) -> None:
    short, long = sorted((one, other))
    assert prior_draws(short, luck) == prior_draws(long, luck)[:short]
    assert [draw.number for draw in prior_draws(long, luck)] == list(range(1, long + 1))


def test_another_parameter_changes_nobody_else_s_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    before = prior_draws(5)
    more = Parameter("a.new_one", "Something nobody thought of", 1.0, "none", 0.0, 2.0, "assumption")
    monkeypatch.setattr("sim.draws.declared", lambda: {more.name: more, **declared()})
    for old, new in zip(before, prior_draws(5), strict=True):
        assert {name: value for name, value in new.changes.items() if name != more.name} == old.changes
        assert more.name in new.changes


def test_draws_differ_by_number_and_luck() -> None:
    first, second = prior_draws(2)
    assert all(first.changes[name] != second.changes[name] for name in first.changes)
    assert all(first.changes[name] != value for name, value in prior_draws(1, luck=1)[0].changes.items())


def test_draws_follow_the_priors() -> None:
    """Every parameter within its range; uniform ones even over it, normal ones with their mode and spread."""
    draws = prior_draws(400)
    drawn = {p.name for p in declared().values() if p.prior != "fixed"}
    assert all(set(draw.changes) == drawn for draw in draws)
    for name in drawn:
        p = declared()[name]
        values = np.array([draw.changes[name] for draw in draws])
        assert p.low <= values.min() <= values.max() <= p.high, name
        place = (values - p.low) / (p.high - p.low)
        if p.prior == "uniform":
            assert abs(place.mean() - 0.5) < 0.06, name
            assert abs(place.std() - 12**-0.5) < 0.03, name
        elif min(p.value - p.low, p.high - p.value) > 0.45 * (p.high - p.low):
            # a normal cut off at two standard deviations on both sides
            assert abs(place.mean() - 0.5) < 0.05, name
            assert abs(place.std() - 0.25 * 0.88) < 0.03, name
    assert declared()["learning.responsiveness"].prior == "fixed"


def test_draws_of_two_parameters_have_nothing_to_do_with_each_other() -> None:
    draws = prior_draws(400)
    names = sorted(draws[0].changes)
    found = np.corrcoef([[draw.changes[name] for draw in draws] for name in names])
    off = found[np.triu_indices(len(names), 1)]
    assert abs(off.mean()) < 0.01
    assert off.std() == pytest.approx(400**-0.5, rel=0.15)


def test_a_plan_keeps_what_it_sets_itself() -> None:
    plan = plan_of(name="own").with_parameters({"learning.peer_effect": 0.11})
    drawn = prior_draws(1)[0].applied(plan)
    assert drawn.parameters["learning.peer_effect"] == 0.11
    assert drawn.parameters["learning.error_sd"] == prior_draws(1)[0].changes["learning.error_sd"]
    assert DECLARED.applied(plan) is plan
    doubted = prior_draws(0, evidence="lottery")[0].applied(plan)
    assert doubted.parameters["learning.peer_effect"] == 0.11


def test_doubts_about_the_evidence() -> None:
    full, lottery, half = (
        prior_draws(1, **doubt)[0].changes for doubt in ({}, {"evidence": "lottery"}, {"discount": 0.5})
    )
    assert lottery[NO_LOTTERY] == 0
    assert half[KEPT] == 0.5
    kept = {p.name for p in EFFECTS if p.grade == "lottery"}
    assert kept == {"practices.tutoring", "class_size.effect"}
    for p in EFFECTS:
        drawn = full.get(p.name, p.value)
        assert lottery[p.name] == (drawn if p.name in kept else p.no_effect)
        assert half[p.name] == pytest.approx(p.no_effect + 0.5 * (drawn - p.no_effect))
    others = set(full) - {p.name for p in EFFECTS}
    assert len(others) > 60
    assert all(full[name] == lottery[name] == half[name] for name in others)
    nothing = prior_draws(0, discount=1.0)[0]
    assert nothing.number == 0
    assert all(nothing.changes[p.name] == p.no_effect for p in EFFECTS)
    assert prior_draws(0) == [Draw(0, {})]


def test_an_effect_may_shrink_out_of_its_range_and_nothing_else_may() -> None:
    assert declared()["practices.tutoring"].low > 0.1
    with pytest.raises(ValueError, match="outside its range"):
        Parameters({"practices.tutoring": 0.1})
    assert Parameters({"practices.tutoring": 0.1}, shrunk=True)["practices.tutoring"] == 0.1
    for wrong in ({"practices.tutoring": -0.01}, {"practices.tutoring": 0.9}, {"learning.error_sd": 0.0}):
        with pytest.raises(ValueError, match="outside its range"):
            Parameters(wrong, shrunk=True)


@pytest.mark.parametrize("asked", [{"count": -1}, {"count": 1, "discount": 1.5}, {"count": 1, "evidence": "hearsay"}])
def test_what_cannot_be_drawn_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"draws|discount|evidence"):
        prior_draws(**asked)  # type: ignore[arg-type]


def test_luck_is_the_seed_at_declared_values_and_its_own_elsewhere() -> None:
    lucks = [luck_of(draw, seed) for draw in range(1, 200) for seed in range(5)]
    assert len(set(lucks)) == len(lucks)
    assert all(0 <= luck < 2**63 for luck in lucks)
    assert [luck_of(0, seed) for seed in range(5)] == [0, 1, 2, 3, 4]


def reached(yearly: float, retention: float, years: int) -> float:
    """What a child has after some years, added year by year."""
    made = 0.0
    for _ in range(years):
        made = retention * made + yearly
    return made


def test_draws_that_the_city_rules_out_are_left_out() -> None:
    """Their numbers are left free, and each of them would indeed stop the run."""
    plan = plan_of(years=2)
    found = possible_draws(30, [plan])
    numbers = [draw.number for draw in found]
    left_out = [draw for draw in prior_draws(numbers[-1]) if draw.number not in numbers]
    assert left_out
    assert found == [draw for draw in prior_draws(numbers[-1]) if draw.number in numbers]
    assert found[:10] == possible_draws(10, [plan])
    for draw in left_out:
        with pytest.raises(ValueError, match="leave no variance for lasting ability"):
            District(draw.applied(plan), 0)
    held = plan.with_parameters({"learning.passing_share.kindergarten": 0.4, "background.disability_gap": 0.5})
    assert len({draw.number for draw in possible_draws(30, [held])} - set(numbers)) > 0


@pytest.mark.parametrize("number", [draw.number for draw in possible_draws(6, [plan_of()])])
def test_published_effects_are_met_under_any_drawn_retention(number: int) -> None:
    """Retention first, then the yearly value: KIPP's three years, four years of money and of small classes."""
    draw = prior_draws(number)[-1]
    district = District(draw.applied(plan_of(all_policies(), years=2)), luck_of(number, 0))
    p = district.plan.parameters
    kipp, kept = operator_files()["kipp"].total, p.by_subject("learning.retention")
    assert list(kept) == [draw.changes["learning.retention.math"], draw.changes["learning.retention.reading"]]
    half = kipp.high - kipp.math if p["networks.position"] > 0 else kipp.math - kipp.low
    asked = (
        kipp.math + p["networks.position"] * half,
        kipp.reading + (p["networks.position"] * half * p["learning.reading_ratio"]),
    )
    for value, r, wanted in zip(district.operator("kipp").total, kept, asked, strict=True):
        assert reached(value, r, 3) == pytest.approx(wanted)
    school = district.schools[0]
    for value, r in zip(money_value([school], {"district": 1000.0, "charters": 1000.0}, p)[0], kept, strict=True):
        assert reached(value, r, 4) == pytest.approx(p["money.effect"])
    school.smaller_classes = p["class_size.studied_cut"]
    early = school.roll[:4].sum() / school.pupils
    share = early + (1 - early) * p["class_size.later_grades"]
    effect = p.with_reading_ratio("class_size.effect")
    for value, r, wanted in zip(class_size_value([school], p)[school.index], kept, effect, strict=True):
        assert reached(value / share, r, 4) == pytest.approx(wanted)


@pytest.mark.parametrize("doubt", [{"evidence": "lottery"}, {"discount": 0.5}, {"discount": 1.0}])
def test_a_city_runs_without_effects(doubt: dict[str, object]) -> None:
    plan = plan_of(all_policies(), years=3, name="busy")
    for draw in (*prior_draws(0, **doubt), *possible_draws(2, [plan], **doubt)):  # type: ignore[arg-type]
        found = run(draw.applied(plan), 3)
        assert np.isfinite(found.tables["level_year"]["true_mean"].dropna()).all()


@pytest.mark.slow
def test_two_hundred_draws_run() -> None:
    plan = plan_of(all_policies(), years=2, name="busy")
    for draw in possible_draws(200, [plan]):
        assert len(run(draw.applied(plan), luck_of(draw.number, 0)).tables["level_year"])


def test_one_draw_of_some_is_that_of_all() -> None:
    names = ("learning.retention.math", "practices.ramp")
    assert prior_draw(3, names).changes == {name: prior_draws(3)[2].changes[name] for name in names}
    assert prior_draw(3) == prior_draws(3)[2]


def test_fitted_values_take_the_place_of_priors_and_begin_again() -> None:
    plan = plan_of(years=1)
    fitted = [{"learning.retention.math": 0.6}, {"learning.retention.math": 0.61}]
    with_fit, without = possible_draws(5, [plan], fitted=fitted), {d.number: d for d in prior_draws(20)}
    for draw in with_fit:
        assert draw.changes == {**without[draw.number].changes, **fitted[(draw.number - 1) % 2]}
    doubted = possible_draws(2, [plan], discount=0.5, fitted=[{"practices.tutoring": 0.4}])
    assert [draw.changes["practices.tutoring"] for draw in doubted] == [0.2, 0.2]
