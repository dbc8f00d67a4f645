"""Fixed effects of several sets are taken out of made-up districts, and the effect that was put in is found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calibration.experiments.estimators.absorbing import absorbing
from calibration.experiments.estimators.estimate import Estimate

EFFECT, OTHER = 0.20, -0.15


def districts(seed: int, effect: float = EFFECT) -> pd.DataFrame:
    """Children of thirty districts in six years: the reform comes to the third that starts lowest, in the fourth year,
    and every year is better than the one before."""
    rng = np.random.default_rng(seed)
    number = 6000
    district, year = rng.integers(0, 30, number), rng.integers(0, 6, number)
    level = np.sort(rng.normal(0, 0.5, 30))
    reformed = ((district < 10) & (year >= 3)).astype(float)
    other = ((district % 2 == 0) & (year >= 4)).astype(float)
    shock = rng.normal(0, 0.02, (30, 6))
    score = level[district] + 0.1 * year + effect * reformed + OTHER * other + shock[district, year]
    score = score + rng.normal(0, 0.5, number)
    return pd.DataFrame(
        {"district": district, "year": year, "reformed": reformed, "other": other, "score": score, "pupils": 1.0}
    )


def misses(found: Estimate, truth: float) -> float:
    return abs(found.value - truth) / found.se


@pytest.mark.parametrize("seed", range(3))
def test_effects_are_found_beside_districts_and_years(seed: int) -> None:
    rows = districts(seed)
    found = absorbing(rows, "score", ["reformed", "other"], absorbed=["district", "year"], cluster="district")
    assert misses(found["reformed"], EFFECT) < 3
    assert misses(found["other"], OTHER) < 3
    assert found["reformed"].se < 0.06
    assert found["reformed"].units == rows["reformed"].sum()
    # without the districts' own levels the low ones' reform looks harmful
    crude = absorbing(rows, "score", ["reformed"], absorbed=["year"], cluster="district")["reformed"]
    assert crude.value < 0


def test_it_is_least_squares_on_dummies() -> None:
    sm = pytest.importorskip("statsmodels.api")
    rows = districts(5)
    dummies = pd.get_dummies(rows[["district", "year"]].astype(str), drop_first=True, dtype=float)
    x = sm.add_constant(pd.concat([rows[["reformed", "other"]], dummies], axis=1))
    by_hand = sm.OLS(rows["score"], x).fit()
    found = absorbing(rows, "score", ["reformed", "other"], absorbed=["district", "year"], cluster="district")
    for name, one in found.items():
        assert one.value == pytest.approx(by_hand.params[name], abs=1e-6)


def test_errors_know_that_a_districts_children_share_its_luck() -> None:
    rows = districts(2)
    luck = np.random.default_rng(9).normal(0, 0.5, (30, 6))
    rows["score"] += luck[rows["district"], rows["year"]]
    clustered = absorbing(rows, "score", ["reformed"], absorbed=["district", "year"], cluster="district")["reformed"]
    rows["child"] = np.arange(len(rows))
    alone = absorbing(rows, "score", ["reformed"], absorbed=["district", "year"], cluster="child")["reformed"]
    assert clustered.value == pytest.approx(alone.value)
    assert clustered.se > 2 * alone.se


def test_weights_count() -> None:
    rows = districts(3)
    heavy = rows["district"] < 5
    rows["pupils"] = np.where(heavy, 50.0, 1.0)
    rows.loc[heavy & (rows["reformed"] == 1), "score"] += 1.0
    light = absorbing(rows, "score", ["reformed"], absorbed=["district", "year"], cluster="district")["reformed"]
    weighted = absorbing(
        rows, "score", ["reformed"], absorbed=["district", "year"], cluster="district", weights="pupils"
    )["reformed"]
    assert weighted.value > light.value + 0.1


def test_there_is_nothing_to_show_where_nothing_can_be_told() -> None:
    rows = districts(4)
    rows["always"] = (rows["district"] < 10).astype(float)
    found = absorbing(rows, "score", ["always", "reformed"], absorbed=["district", "year"], cluster="district")
    assert not found["always"].shows
    assert misses(found["reformed"], EFFECT) < 3
    for few in (rows[:10], rows[rows["district"] == 3], rows.assign(score=np.nan)):
        assert not absorbing(few, "score", ["reformed"], absorbed=["year"], cluster="district")["reformed"].shows
