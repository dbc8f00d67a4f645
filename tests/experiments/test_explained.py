"""School effects and the share of them that an index explains come out as they were put into made-up schools."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.experiments.estimators.explained import explained, school_effects

SPREAD = 0.1


def pupils(seed: int, schools: int = 40) -> tuple[pd.DataFrame, np.ndarray]:
    """Pupils of schools to which the abler go where less is added, and what each school adds."""
    rng = np.random.default_rng(seed)
    adds = rng.normal(0, SPREAD, schools)
    number = 300 * schools
    school = rng.integers(0, schools, number)
    before = -4 * adds[school] + rng.normal(0, 1, number)
    grade = rng.integers(4, 9, number)
    score = 0.8 * before + 0.1 * grade + adds[school] + rng.normal(0, 0.3, number)
    return pd.DataFrame({"school": school, "before": before, "grade": grade, "score": score}), adds


@pytest.mark.parametrize("seed", range(3))
def test_a_schools_effect_is_not_put_down_to_its_pupils(seed: int) -> None:
    rows, adds = pupils(seed)
    found = school_effects(rows, "score", covariates=["before"], cells="grade")
    assert list(found.index) == list(range(40))
    assert found["pupils"].sum() == len(rows)
    off = found["effect"].to_numpy() - (adds - np.average(adds, weights=found["pupils"]))
    assert np.abs(off).max() < 0.08
    assert np.corrcoef(rows.groupby("school")["score"].mean(), adds)[0, 1] < 0


def test_no_pupils_no_effects() -> None:
    rows, _ = pupils(0)
    assert school_effects(rows.assign(score=np.nan), "score", covariates=["before"], cells="grade").empty


@settings(max_examples=15, deadline=None)
@given(share=st.floats(0.05, 0.95), seed=st.integers(0, 1000))
def test_the_share_that_was_put_in_is_found(share: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    number = 200
    practices, rest = rng.normal(3, 2, number), rng.normal(0, 1, number)
    index = (practices - practices.mean()) / practices.std()
    rest = rest - rest.mean() - index * (index @ rest) / number
    effect = 0.1 * (share**0.5 * index + (1 - share) ** 0.5 * rest / rest.std())
    schools = pd.DataFrame({"effect": effect, "practices": practices, "pupils": 1.0})
    found, slope = explained(schools, "effect", "practices", "pupils")
    assert found.value == pytest.approx(share)
    assert slope.value == pytest.approx(0.1 * share**0.5)
    assert (found.units, slope.units) == (number, number)


def test_the_error_of_a_share_is_how_far_samples_differ() -> None:
    rng = np.random.default_rng(1)
    found = []
    for _ in range(300):
        practices = rng.normal(0, 1, 60)
        effect = 0.5**0.5 * practices + 0.5**0.5 * rng.normal(0, 1, 60)
        schools = pd.DataFrame({"effect": effect, "practices": practices, "pupils": 1.0})
        found.append(explained(schools, "effect", "practices", "pupils")[0])
    assert np.std([one.value for one in found]) == pytest.approx(np.mean([one.se for one in found]), rel=0.2)


def test_weights_decide_which_schools_count() -> None:
    rng = np.random.default_rng(1)
    practices = np.tile([0.0, 1.0], 50)
    effect = np.where(np.arange(100) < 50, practices, -practices) + rng.normal(0, 0.05, 100)
    schools = pd.DataFrame({"effect": effect, "practices": practices, "pupils": np.where(np.arange(100) < 50, 100, 1)})
    share, slope = explained(schools, "effect", "practices", "pupils")
    assert share.value > 0.8
    assert slope.value > 0
    assert explained(schools.assign(pupils=1.0), "effect", "practices", "pupils")[0].value < 0.1


@pytest.mark.parametrize("schools", [{"practices": [1.0] * 9}, {"effect": [0.1] * 9}])
def test_nothing_is_explained_where_nothing_differs(schools: dict[str, list[float]]) -> None:
    table = pd.DataFrame({"effect": np.arange(9.0), "practices": np.arange(9.0), "pupils": 1.0} | schools)
    assert not explained(table, "effect", "practices", "pupils")[0].shows
    assert not explained(table[:4], "effect", "practices", "pupils")[1].shows
