"""No parameter moves the opening June away from the file, one subject through the other, or anybody's luck.

- The opening June is the file: no roll of a group in a school moves there, nor the mean true score of a group in a
  grade, and what acts later leaves that June untouched, bit for bit; what only measures moves no true score and no seat
  in it.
- What is of one subject leaves the other's true scores alone in the first year, before families have seen it.
- Luck belongs to a child, a school or a year: its streams have the same names at any values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

import sim.luck
from sim.district import District
from sim.draws import possible_draws
from sim.parameters import declared
from sim.plan import Plan
from tests.cities import city, finished
from tests.contracts.moving import Judge, begins, leaks, moved, plan_with, usual
from tests.contracts.outputs import Parts, differing, families, outputs_of
from tests.contracts.rooms import BEGINS_LATER, MEASURING, SHAPES_OPENING
from tests.contracts.test_every_parameter import farther_end


def june(parts: Parts) -> Parts:
    """The children of the opening June, and who they are."""
    year = city().opening_year
    return {name: value for name, value in parts.items() if name.endswith(f":{year}") or name.startswith("children:")}


def test_what_acts_later_leaves_the_opening_june_alone() -> None:
    later = [
        name
        for name in declared()
        if (not begins(name, SHAPES_OPENING) or begins(name, BEGINS_LATER)) and name != "learning.error_sd"
    ]
    assert len(later) > 100
    judge: Judge = lambda one, other: differing(june(one), june(other))  # noqa: E731
    assert leaks(plan_with("", years=1), usual("", years=1), later, judge) == {}


@pytest.mark.parametrize("start", MEASURING)
def test_what_measures_moves_nothing_true(start: str) -> None:
    names = [name for name in declared() if name.startswith(start)]

    def judge(one: Parts, other: Parts) -> set[str]:
        return families(differing(june(one), june(other))) - MEASURING[start]

    assert leaks(plan_with("", years=1), usual("", years=1), names, judge) == {}


def rolls_and_means(plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """Of the opening June: pupils by school and group, and mean true scores by subject, grade and group."""
    district = District(plan, 1)
    panel, students, groups = district.record.panel[city().opening_year], district.students, len(city().groups)
    group = students.group[panel.rows]
    rolls = np.bincount(panel.place.astype(np.int64) * groups + group)
    cell = (city().opening_year - students.cohort[panel.rows]) * groups + group
    return rolls, np.stack([np.bincount(cell, panel.truth[:, k]) / np.bincount(cell) for k in range(2)])


def is_the_file(changes: Mapping[str, float]) -> bool:
    plan = plan_with("", years=1)
    rolls, means = rolls_and_means(plan)
    now_rolls, now_means = rolls_and_means(plan.with_parameters(changes))
    # children's scores are kept with single precision
    return np.array_equal(rolls, now_rolls) and bool(np.allclose(means, now_means, rtol=0, atol=1e-6))


def test_the_opening_june_is_the_file_at_any_values() -> None:
    for draw in possible_draws(3, [plan_with("", years=1)]):
        assert len(draw.changes) > 150
        assert is_the_file(draw.changes)


OF_ONE_SUBJECT = [
    name
    for name in declared()
    if name.endswith((".math", ".reading")) and not begins(name, SHAPES_OPENING) and name != "staff.teacher_sd.math"
]
"""What shapes the opening moves both subjects, since one family chooses one school for both; so does the spread of
teachers in math, in which all differences between teachers are counted."""


@pytest.mark.parametrize("subject", ["math", "reading"])
def test_a_subject_leaves_the_other_alone(subject: str) -> None:
    other = {"math": "reading", "reading": "math"}[subject]
    names = [name for name in OF_ONE_SUBJECT if name.endswith(subject)]
    assert len(names) >= 3
    plan, before = plan_with("*", years=1), usual("*", years=1)

    def judge(one: Parts, two: Parts) -> set[str]:
        # of seats, those of the children: who drops out at the end of the year hangs on both subjects
        seats = f"seats:{plan.years.last}"
        return {name for name in differing(one, two) if name.startswith((f"truth.{other}", f"tests.{other}", seats))}

    assert leaks(plan, before, names, judge) == {}
    assert f"truth.{subject}" in families(differing(before, outputs_of(moved(plan, names))))


def test_minor_terms_of_reading_leave_math_alone() -> None:
    """The ratio by which effects known for math only are taken in reading, where no operator's total hangs on it."""
    schools = city().schools.assign(operator="district", sector="district")
    plan = replace(plan_with("practices", years=1), city=replace(city(), schools=schools))
    before = finished(plan).record.panel[plan.years.last]
    after = finished(moved(plan, ["learning.reading_ratio"])).record.panel[plan.years.last]
    assert np.array_equal(before.place, after.place)
    # who had to come to a school, so that its mean is the file's, hangs on what moving cost before, in both subjects
    assert np.allclose(before.truth[:, 0], after.truth[:, 0], rtol=0, atol=1e-4)
    assert np.abs(before.truth[:, 1] - after.truth[:, 1]).max() > 0.001


def streams(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of all streams of luck that a run draws from."""
    found: set[str] = set()
    real = sim.luck.name_key

    def noting(name: str) -> int:
        found.add(name)
        return real(name)

    with monkeypatch.context() as patched:
        patched.setattr(sim.luck, "name_key", noting)
        finished(plan)
    return found


def test_luck_has_the_same_names_at_any_values(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_with("", "on", years=2)
    before = streams(plan, monkeypatch)
    assert len(before) > 100
    for draw in possible_draws(2, [plan]):
        assert streams(plan.with_parameters(draw.changes), monkeypatch) == before


@pytest.mark.slow
@pytest.mark.parametrize("name", declared())
def test_each_alone_leaves_the_opening_june_the_file(name: str) -> None:
    assert is_the_file({name: farther_end(declared()[name])})
