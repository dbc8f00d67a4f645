"""Regret and the worth of pairing: by hand, by their properties, and in answer and report."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command.answer import document
from command.sureness import pairing_lines, regret_lines
from results.precision import pairing, pairing_of
from results.regret import GAP_CLOSED, WORST_LEVEL, outcomes, regret
from results.report import together
from results.tables import choose
from results.words import count, sd
from tests.results.pretend_ensemble import Pretended, make_ensemble

HORIZON = 2037


def with_differences(
    made: Pretended, gaps: dict[str, list[float]], levels: dict[str, dict[str, list[float]]]
) -> Pretended:
    """The ensemble with these differences in math at the horizon, by plan (and group) and seed."""
    tables = dict(made.tables)
    gap, level = tables["paired_gap_year"].copy(), tables["paired_level_year"].copy()
    for plan, values in gaps.items():
        for seed, value in enumerate(values):
            gap.loc[(gap["plan"] == plan) & (gap["seed"] == seed) & (gap["year"] == HORIZON), "difference"] = value
    level.loc[level["year"] == HORIZON, "difference"] = 1.0
    for plan, by_group in levels.items():
        for group, values in by_group.items():
            for seed, value in enumerate(values):
                mine = (level["plan"] == plan) & (level["seed"] == seed) & (level["group"] == group)
                level.loc[mine & (level["year"] == HORIZON), "difference"] = value
    return replace(made, tables={**tables, "paired_gap_year": gap, "paired_level_year": level})


def test_regret_by_hand() -> None:
    made = make_ensemble(("status_quo", "replicate", "full_portfolio"), seeds=2)
    made = with_differences(
        made,
        {"replicate": [-0.02, 0.01], "full_portfolio": [-0.05, 0.03]},
        {"replicate": {"White": [0.02, 0.01]}, "full_portfolio": {"White": [-0.01, 0.04]}},
    )
    found = regret(made, "math").set_index(["measure", "plan"])
    # gap closed: status_quo 0, 0; replicate .02, -.01; full_portfolio .05, -.03: the best are .05 and 0
    assert found.loc[(GAP_CLOSED, "status_quo"), ["expected", "worst_tenth", "best"]].tolist() == pytest.approx(
        [0.025, 0.05, 0.5]
    )
    assert found.loc[(GAP_CLOSED, "replicate"), ["expected", "worst_tenth", "best"]].tolist() == pytest.approx(
        [0.02, 0.03, 0.0]
    )
    assert found.loc[(GAP_CLOSED, "full_portfolio"), ["expected", "worst_tenth", "best"]].tolist() == pytest.approx(
        [0.015, 0.03, 0.5]
    )
    # the worst group's level: 0, 0; .02, .01; -.01, .04: the best are .02 and .04
    assert found.loc[(WORST_LEVEL, "replicate"), ["expected", "worst_tenth", "best"]].tolist() == pytest.approx(
        [0.015, 0.03, 0.5]
    )
    assert found.loc[(WORST_LEVEL, "status_quo"), "expected"] == pytest.approx(0.03)


def test_regret_is_never_below_zero_and_somebody_is_best(ensemble: Pretended) -> None:
    for subject in ("math", "reading"):
        found = regret(ensemble, subject)
        assert len(found) == 2 * len(ensemble.plans)
        assert (found["expected"] >= 0).all()
        assert (found["worst_tenth"] >= found["expected"]).all()
        assert (found.groupby("measure")["best"].sum() >= 1).all()
        told = outcomes(ensemble, subject)
        assert (choose(told, plan="status_quo")["value"] == 0).all()


def rows(plan: np.ndarray, baseline: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"draw": 0, "seed": np.arange(len(plan)), "p": plan, "b": baseline})


def test_unpaired_runs_have_the_standard_error_that_is_told() -> None:
    """A known spread of luck that is shared and of luck that is not: 2 (.04² + .005²) / (2 × .005²) = 65."""
    random = np.random.default_rng(3)
    shared, own = 0.04 * random.normal(size=20_000), 0.005 * random.normal(size=(2, 20_000))
    found = pairing_of(rows(shared + own[0] - 0.02, shared + own[1]), "p", "b")
    assert found is not None
    assert found.ratio == pytest.approx(65, rel=0.05)
    assert found.unpaired == round(found.ratio * 20_000)
    # and what is told holds: shuffled, and that many times as many, the means are as sure as the paired ones
    paired = (own[0] - own[1]).std() / np.sqrt(20_000)
    unpaired = np.sqrt(((shared + own[0]).var() + (shared + own[1]).var()) / found.unpaired)
    assert unpaired == pytest.approx(paired, rel=0.02)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.floats(-1, 1), st.floats(0.1, 10))
def test_neither_a_constant_nor_a_scale_changes_the_ratio(luck: int, constant: float, scale: float) -> None:
    random = np.random.default_rng(luck)
    plan, baseline = random.normal(size=(2, 12))
    one, other = (
        pairing_of(frame, "p", "b") for frame in (rows(plan, baseline), rows(scale * plan + constant, scale * baseline))
    )
    assert one is not None
    assert other is not None
    assert other.ratio == pytest.approx(one.ratio)


def test_runs_without_shared_luck_gain_nothing() -> None:
    random = np.random.default_rng(5)
    found = pairing_of(rows(*random.normal(size=(2, 20_000))), "p", "b")
    assert found is not None
    assert found.ratio == pytest.approx(1, abs=0.03)


def test_draws_count_as_wholes_and_too_few_are_not_told() -> None:
    made = make_ensemble(("status_quo", "replicate"), seeds=2, draws=6)
    found = pairing(made, "replicate", "math", HORIZON)
    assert found is not None
    assert found.runs == 12
    assert pairing(make_ensemble(("status_quo", "replicate"), seeds=2, draws=4), "replicate", "math", HORIZON) is None
    alike = rows(np.arange(9.0), np.arange(9.0))
    assert pairing_of(alike, "p", "b") is None


def test_the_answer_and_the_report_tell_both(ensemble: Pretended) -> None:
    text = "\n".join([*pairing_lines(ensemble, ("math",)), *regret_lines(ensemble, ("math",))])
    assert max(map(len, text.splitlines())) <= 100
    found = regret(ensemble, "math").set_index(["plan", "measure"])["expected"]
    for plan in ensemble.plans:
        told = [sd(found[plan.name, measure]) for measure in (GAP_CLOSED, WORST_LEVEL)]
        assert f"{plan.name} {told[0]} and {told[1]}" in " ".join(text.split())
    assert "less is better" in text
    worth = pairing(ensemble, "full_portfolio", "math", HORIZON)
    assert worth is not None
    one = pairing(make_ensemble(("status_quo", "full_portfolio")), "full_portfolio", "math", HORIZON)
    assert one is not None
    (alone,) = pairing_lines(make_ensemble(("status_quo", "full_portfolio")), ("math",))
    assert f"in 2037 would take {count(one.unpaired)} runs in place of 10" in alone
    assert "would take" in text
    facts = document(ensemble, ("math",), False)
    assert len(facts["regret"]) == 2 * len(ensemble.plans)
    assert [one["year"] for one in facts["pairing"][-2:]] == [2030, 2037]
    assert facts["pairing"][-1]["unpaired"] == worth.unpaired
    sheets = together.sheets(ensemble)
    assert [len(sheet.rows) for sheet in sheets] == [4 * len(ensemble.plans), 4 * (len(ensemble.plans) - 1)]
    assert "less is better" in sheets[0].note
    assert [f"{worth.unpaired:,}"] == [
        row[4] for row in sheets[1].rows if row[:3] == ["full_portfolio", "math", "2037"]
    ]


def test_two_plans_have_no_regret_to_tell(small: Pretended) -> None:
    assert regret_lines(small, ("math",)) == []
    assert together.regrets(small).rows == []
