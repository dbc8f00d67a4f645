"""Plans worth a choice, and regret: small tables whose answers are known, and what must hold of any."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

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
