"""Plans worth a choice, and regret: small tables whose answers are known, and what must hold of any."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from calibration.explore.regret import gap_closed, regret, regret_table, satisfied
from calibration.explore.robust import AIMS, costs, not_outdone, to_pick_from
from calibration.explore.search import Wanted, failing, summed_up

VALUES = arrays(float, st.tuples(st.integers(1, 12), st.just(3)), elements=st.integers(0, 4).map(float))


@given(VALUES)
def test_who_is_not_outdone(values: np.ndarray) -> None:
    kept = not_outdone(values)
    assert kept.any()
    for row in range(len(values)):
        beaten = [other for other in values if (other <= values[row]).all() and (other < values[row]).any()]
        assert kept[row] == (not beaten)


def plans(**columns: list[float]) -> pd.DataFrame:
    number = len(next(iter(columns.values())))
    whole = {name: [0.0] * number for name in AIMS} | columns
    return pd.DataFrame({"plan": [f"p{k}" for k in range(number)], **whole})


def test_the_best_by_every_aim_are_among_the_picks() -> None:
    luck = np.random.default_rng(2)
    scale = {"closes": 0.1, "worst_level": 0.1, "regret_bad": 0.1, "dollars": 3e7, "displaced": 900}
    table = plans(**{name: list(luck.random(60) * size) for name, size in scale.items()})
    picks = to_pick_from(table)
    assert len(picks) == 7
    assert picks["closes"].is_monotonic_decreasing
    for name, (way, step) in AIMS.items():
        best = table[name].max() if way == "more" else table[name].min()
        assert abs(picks[name] - best).min() <= step
    everything = not_outdone(costs(table))
    assert set(picks["plan"]) <= set(table["plan"][everything])


def test_plans_that_differ_by_less_than_a_step_are_alike() -> None:
    table = plans(closes=[0.1, 0.1001, 0.05], dollars=[1e6, 1e6, 2e6])
    assert len(to_pick_from(table)) == 1


@given(arrays(float, (5, 4), elements=st.floats(-1, 1)))
def test_regret_is_none_for_the_best_of_every_world(values: np.ndarray) -> None:
    lost = regret(values)
    assert (lost >= 0).all()
    assert (lost.min(axis=1) == 0).all()
    assert np.allclose(regret(values + 3), lost)


def test_the_regret_table() -> None:
    values = pd.DataFrame({"steady": [0.05] * 10, "bold": [0.10] * 8 + [-0.10] * 2, "nothing": [0.0] * 10})
    found = regret_table(values).set_index("plan")
    assert found.loc["bold", "mean"] == pytest.approx(0.06)
    assert found.loc["bold", "regret_most"] == pytest.approx(0.15)
    assert found.loc["steady", "regret_bad"] == pytest.approx(0.05)
    assert found.loc["bold", "best_in"] == pytest.approx(0.8)
    assert list(satisfied(values.to_numpy() > 0)) == [1.0, 0.8, 0.0]


def test_the_gap_closed_by_every_plan_of_an_ensemble() -> None:
    head = {"baseline": "base", "band": "3-8", "year": 2030, "subject": "math", "focal": "Black", "reference": "White"}
    rows = pd.DataFrame(
        [
            {**head, "plan": plan, "draw": draw, "seed": seed, "difference": -0.01 * draw - 0.001 * seed}
            for plan in ("one", "two")
            for draw in (1, 2)
            for seed in (0, 1)
        ]
    )
    found = gap_closed(rows, "Black", "White", 2030, "math", "base")
    assert list(found.columns) == ["one", "two", "base"]
    assert found["one"].tolist() == pytest.approx([0.0105, 0.0205])
    assert found["base"].tolist() == [0, 0]
    assert len(gap_closed(rows[rows["draw"] == 1], "Black", "White", 2030, "math", "base")) == 2


def worlds() -> pd.DataFrame:
    """Two plans in two draws: dear and strong, cheap and weak, which once lets a level fall."""
    return pd.DataFrame(
        {
            "plan": ["dear", "dear", "cheap", "cheap"],
            "draw": [1, 2, 1, 2],
            "closes": [0.10, 0.06, 0.03, 0.03],
            "worst_level": [0.02, 0.01, 0.01, -0.01],
            "dollars": [9e6, 9e6, 1e6, 1e6],
            "displaced": [50.0, 50.0, 0.0, 0.0],
            "capital": [30.0, 30.0, 5.0, 5.0],
        }
    )


def test_what_plans_come_to_over_the_draws() -> None:
    table, wanted = worlds(), Wanted()
    fails = failing(table, wanted)
    assert fails.tolist() == [False, False, False, True]
    assert failing(table, Wanted(falls=0.02)).sum() == 0
    assert failing(table, Wanted(closes=0.07)).tolist() == [False, True, True, True]
    found = summed_up(table, fails, wanted).set_index("plan")
    assert found["closes"].tolist() == pytest.approx([0.08, 0.03])
    assert found["satisfies"].tolist() == [1.0, 0.5]
    assert found.loc["cheap", "regret_bad"] == pytest.approx(np.quantile([0.07, 0.03], 0.9))
    assert found["within"].all()


def test_nobody_regrets_what_could_not_be_paid() -> None:
    table = worlds()
    for wanted in (Wanted(budget=2e6), Wanted(capital=10)):
        found = summed_up(table, failing(table, wanted), wanted).set_index("plan")
        assert found["within"].tolist() == [False, True]
        assert found.loc["cheap", "regret_bad"] == 0
