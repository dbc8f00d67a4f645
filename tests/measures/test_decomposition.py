"""The change of a gap adds up exactly, and each term is what its name says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures.decomposition import TERMS, Mix, gap_changes, level_changes, mix_of
from sim.parameters import Parameters
from sim.record import Panel
from tests.cities import all_policies, finished, plan_of

CHILDREN, SCHOOLS, GROUPS = 40, 6, 2
COHORT_OF_GRADE_5 = 5


def june(
    rows: list[int], place: list[int], background: float | np.ndarray = 0.0, made: float | np.ndarray = 0.0
) -> Panel:
    """A panel with the same numbers in both subjects."""
    n = len(rows)
    back, add = (np.repeat(np.broadcast_to(x, n)[:, None], 2, axis=1).astype(np.float32) for x in (background, made))
    nobody = np.zeros((n, 2), dtype=np.float32)
    return Panel(np.array(rows, np.int32), np.array(place, np.int16), back + add, nobody, back, nobody)


def mix(panel: Panel, group: np.ndarray, schools: int = SCHOOLS) -> Mix:
    """All children of the panel are in the band."""
    grade = np.full(len(panel.rows), 5)
    return mix_of(panel, grade, group[panel.rows], range(3, 9), schools, GROUPS)


@st.composite
def junes(draw: st.DrawFn) -> tuple[Panel, np.ndarray]:
    n = draw(st.integers(2, CHILDREN))
    luck = np.random.default_rng(draw(st.integers(0, 10**6)))
    rows = np.sort(luck.choice(CHILDREN, n, replace=False)).astype(np.int32)
    truth, background, response = (luck.normal(size=(n, 2)).astype(np.float32) for _ in range(3))
    place = luck.integers(0, draw(st.integers(1, SCHOOLS)), n).astype(np.int16)
    return Panel(rows, place, truth, truth, background, response), luck.integers(3, 11, n)


@given(junes(), junes(), st.integers(0, 10**6))
def test_terms_add_up(one: tuple[Panel, np.ndarray], other: tuple[Panel, np.ndarray], seed: int) -> None:
    group = np.random.default_rng(seed).integers(0, GROUPS, CHILDREN)
    mixes = [mix_of(p, grade, group[p.rows], range(3, 9), SCHOOLS, GROUPS) for p, grade in (one, other)]
    changes = level_changes(mixes[0], mixes[1], CHILDREN)
    levels = []
    for panel, grade in (one, other):
        inside = (grade >= 3) & (grade <= 8)
        both = [inside & (group[panel.rows] == g) for g in range(GROUPS)]
        levels.append([panel.truth[m].astype(float).mean(axis=0) if m.any() else np.full(2, np.nan) for m in both])
    expected = np.array(levels[1]) - np.array(levels[0])
    np.testing.assert_allclose(changes["total"], expected, rtol=0, atol=1e-9)
    np.testing.assert_allclose(sum(changes[name] for name in TERMS), expected, rtol=0, atol=1e-9)
    for row in gap_changes(changes, [(0, 1)]):
        assert sum(row[name] for name in TERMS) == pytest.approx(row["total"], abs=1e-9)
        k = ("math", "reading").index(row["subject"])
        assert row["total"] == pytest.approx(expected[1, k] - expected[0, k], abs=1e-9)


def terms(before: Panel, after: Panel) -> dict[str, float]:
    """Terms of the change of the mean of group 0 in math, to which everybody belongs."""
    group = np.zeros(CHILDREN, dtype=np.int64)
    changes = level_changes(mix(before, group), mix(after, group), CHILDREN)
    return {name: float(term[0, 0]) for name, term in changes.items()}


def only(found: dict[str, float], **expected: float) -> None:
    """The terms are these, and all others nothing."""
    for name, value in found.items():
        assert value == pytest.approx(expected.get(name, 0.0), abs=1e-6), name


def test_growth_in_the_same_schools_is_within() -> None:
    only(terms(june([0, 1, 2], [0, 0, 1]), june([0, 1, 2], [0, 0, 1], made=0.3)), within=0.3, total=0.3)


def test_a_child_that_goes_to_a_better_school_is_movement() -> None:
    before = june([0, 1, 2], [0, 0, 1], made=np.array([0.0, 0.0, 0.6]))
    after = june([0, 1, 2], [0, 1, 1], made=np.array([0.0, 0.6, 0.6]))
    only(terms(before, after), movement=0.2, total=0.2)


def test_new_schools_are_entry_and_gone_schools_exit() -> None:
    before = june([0, 1], [0, 1], made=np.array([0.0, -0.4]))
    after = june([0, 1], [0, 2], made=np.array([0.0, 0.4]))
    found = terms(before, after)
    assert found["entry"] == pytest.approx(0.2)
    assert found["exit"] == pytest.approx(0.2)
    only(found, entry=0.2, exit=0.2, total=0.4)


def test_who_comes_and_who_leaves_is_composition() -> None:
    only(
        terms(june([0, 1], [0, 0], background=np.array([0.0, 1.0])), june([0], [0])),
        # half of the children leave, a quarter of an SD better than the middle of both means is three quarters
        leavers=-0.375,
        ageing=-0.125,
        total=-0.5,
    )
    found = terms(june([0], [0]), june([0, 1], [0, 0], background=np.array([0.0, 1.0])))
    only(found, comers=0.375, ageing=0.125, total=0.5)
    only(terms(june([0], [0]), june([0], [0], background=0.1)), ageing=0.1, total=0.1)


def test_response_is_nothing_unless_children_respond_unequally() -> None:
    """And with a response, the term is what low-income children got more of, as a run without it shows."""
    equal, more = (
        finished(
            plan_of(all_policies(), outside_option=False).with_parameters(
                {"learning.responsiveness": value, "learning.peer_effect": 0.0, "families.growth_weight": 0.0}
            )
        )
        for value in (1.0, 1.3)
    )
    assert not any(row["response"] for row in equal.record.rows["gap_change_year"])
    for row in more.record.rows["gap_change_year"]:
        assert sum(row[name] for name in TERMS) == pytest.approx(row["total"], abs=1e-9)
    year = equal.plan.years.first + 1
    panels = equal.record.panel[year], more.record.panel[year]
    same = np.isin(panels[1].rows, panels[0].rows)
    assert panels[1].response[same].any()
    # in the second year nothing has yet happened to make the children's places differ
    there = panels[0].place[np.isin(panels[0].rows, panels[1].rows)] == panels[1].place[same]
    gained = (panels[1].truth[same] - panels[0].truth[np.isin(panels[0].rows, panels[1].rows)])[there]
    np.testing.assert_allclose(panels[1].response[same][there], gained, rtol=0, atol=1e-6)


def test_background_is_what_is_left_of_the_true_score() -> None:
    district = finished(plan_of(years=1))
    panel = district.record.panel[district.year]
    children = district.students
    made = children.school_made[panel.rows] + children.passing[panel.rows]
    np.testing.assert_allclose(panel.background + made, panel.truth, rtol=0, atol=1e-5)
    assert Parameters()["learning.responsiveness"] == 1.0
