"""Runs are kept as they finish and known again; what a run comes to is what its tables say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from calibration.points.evaluating import How, evaluate
from calibration.points.refused import NotPossible
from sim.draws import Draw, possible_draws
from sim.plan import Plan
from sim.policies.closure import Closure
from sim.run import ensemble
from tests.cities import CLOSE, plan_of


@pytest.fixture(scope="module")
def plans() -> tuple[Plan, Plan]:
    plan = plan_of({"weakest": Closure.model_validate({**CLOSE, "first": 2027, "notice_years": 0})}, years=2)
    return plan, replace(plan, name="nothing_changed", policies={})


def test_outcomes_are_those_of_the_tables(plans: tuple[Plan, Plan], tmp_path: Path) -> None:
    plan, base = plans
    draws = possible_draws(2, [plan])
    how = How(workers=1, kept=tmp_path / "kept.jsonl")
    found = evaluate([plan], draws, [0], baseline=base, how=how)
    made = ensemble([base, plan], [0], draws=draws, workers=1, baseline=base.name)
    gaps = made.tables["paired_gap_year"]
    gaps = gaps[(gaps["year"] == plan.years.last) & (gaps["band"] == "3-8") & (gaps["subject"] == "math")]
    gaps = gaps[gaps["focal"] == "Black"]
    assert found.table["gap math"].tolist() == gaps["difference"].tolist()
    moved = made.tables["displaced"]
    moved = moved[moved["group"] != "*"].groupby("draw")["pupils"].sum()
    assert found.table["displaced"].tolist() == [moved.get(draw.number, 0) for draw in draws]
    assert found.table["displaced"].sum() > 0
    assert found.taken_up == 0

    lines = how.kept.read_text(encoding="utf-8").splitlines(keepends=True)
    assert len(lines) == 2
    how.kept.write_text(lines[0] + lines[1][:25], encoding="utf-8")
    again = evaluate([plan], draws, [0], baseline=base, how=how)
    assert again.taken_up == 1
    assert again.table.equals(found.table)
    assert sorted(how.kept.read_text(encoding="utf-8").splitlines(keepends=True)) == sorted(lines)
    how.kept.write_text("1,2,3\n", encoding="utf-8")
    with pytest.raises(NotPossible, match=r"kept\.jsonl:1"):
        evaluate([plan], draws, [0], baseline=base, how=how)


def test_a_run_that_fails_is_told_and_the_others_go_on(plans: tuple[Plan, Plan]) -> None:
    plan, base = plans
    wild = {"learning.latent_sd": 0.8, "background.disability_gap": 1.1, "learning.passing_share.kindergarten": 0.75}
    wild |= {"quality.spread.district.math": 0.12, "learning.retention.math": 0.85, "background.low_income_gap": 0.7}
    wild |= {"background.english_learner_gap": 0.8}
    found = evaluate([plan], [Draw(1, wild, own_luck=False), Draw(2, own_luck=False)], [0], baseline=base, how=How(1))
    assert [one.cell.draw for one in found.failed] == [1]
    assert "leave no variance" in found.failed[0].reason
    assert found.table["draw"].tolist() == [2]


def test_draws_with_common_luck_differ_by_parameters_alone() -> None:
    assert Draw(7, own_luck=False).luck(3) == 3 == Draw().luck(3)
    assert Draw(7).luck(3) != Draw(8).luck(3)
