"""Every estimator finds the effect that made-up children were given, where a cruder one does not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.experiments.charters.copies import ratio
from calibration.experiments.estimators.estimate import Estimate
from calibration.experiments.estimators.regressions import least_squares, two_stage

ATTENDED = 0.11
"""What a year attended adds to the made-up applicants' scores, SD."""


def applicants(seed: int, effect: float = ATTENDED, number: int = 6000) -> pd.DataFrame:
    """Applicants to twelve lotteries; the abler ask where fewer win, and the abler of the losers get in another way."""
    rng = np.random.default_rng(seed)
    lottery = rng.integers(0, 12, number)
    ability = rng.normal(0.08 * lottery, 1.0)
    offered = (rng.random(number) < 0.9 - 0.06 * lottery).astype(float)
    stays = rng.integers(1, 4, number)
    attended = np.where(offered == 1, stays, np.where(ability > 1.2, 2.0, 0.0))
    score = ability + effect * attended + rng.normal(0, 0.3, number)
    before = ability + rng.normal(0, 0.5, number)
    return pd.DataFrame(
        {
            "lottery": lottery,
            "offered": offered,
            "attended": attended,
            "score": score,
            "before": before,
            "group": rng.choice(["a", "b", "c"], number),
            "child": np.arange(number),
        }
    )


def misses(found: Estimate, truth: float) -> float:
    """How many standard errors an estimate lies off."""
    return abs(found.value - truth) / found.se


@pytest.mark.parametrize("seed", range(3))
def test_offers_within_lotteries_find_the_effect_of_a_year(seed: int) -> None:
    rows = applicants(seed)
    found = two_stage(rows, "score", "attended", "offered", strata="lottery", covariates=["before", "group"])
    assert misses(found, ATTENDED) < 3
    assert found.se < 0.02
    assert found.units == len(rows)
    # those who attend are abler, and lotteries with fewer winners have abler applicants
    assert misses(least_squares(rows, "score", "attended", strata="lottery"), ATTENDED) > 5
    assert misses(two_stage(rows, "score", "attended", "offered"), ATTENDED) > 3


@settings(max_examples=10, deadline=None)
@given(effect=st.floats(-1, 1), seed=st.integers(0, 1000))
def test_what_is_added_to_the_effect_is_added_to_the_estimate(effect: float, seed: int) -> None:
    here, there = (
        two_stage(applicants(seed, size, 400), "score", "attended", "offered", strata="lottery")
        for size in (0.0, effect)
    )
    assert there.value - here.value == pytest.approx(effect, abs=1e-8)


def test_children_of_one_cluster_count_less() -> None:
    rng = np.random.default_rng(5)
    school = np.repeat(np.arange(40), 50)
    shock = rng.normal(0, 0.3, 40)[school]
    treated = (school % 2).astype(float)
    rows = pd.DataFrame({"school": school, "treated": treated, "score": shock + rng.normal(size=2000)})
    alone = least_squares(rows, "score", "treated")
    together = least_squares(rows, "score", "treated", cluster="school")
    assert together.value == pytest.approx(alone.value)
    assert together.se > 1.5 * alone.se


def test_weights_count_as_copies() -> None:
    rng = np.random.default_rng(2)
    rows = pd.DataFrame({"x": rng.random(60), "y": rng.random(60), "w": rng.integers(1, 4, 60).astype(float)})
    rows["s"] = np.arange(60) % 3
    copied = rows.loc[rows.index.repeat(rows["w"].astype(int))]
    weighted = least_squares(rows, "y", "x", strata="s", weights="w")
    assert weighted.value == pytest.approx(least_squares(copied, "y", "x", strata="s").value)


def test_where_nothing_varies_there_is_nothing_to_show() -> None:
    rows = applicants(0, number=200)
    assert not two_stage(rows.assign(offered=1.0), "score", "attended", "offered").shows
    assert not least_squares(rows.assign(attended=rows["lottery"]), "score", "attended", strata="lottery").shows
    assert not least_squares(rows.head(10), "score", "attended").shows
    assert not least_squares(rows.assign(score=np.nan), "score", "attended").shows
    assert not least_squares(rows.assign(one="x"), "score", "attended", cluster="one").shows


def test_covariates_that_say_the_same_do_no_harm() -> None:
    rows = applicants(1, number=500)
    rows["again"], rows["flat"] = 2 * rows["before"], 1.0
    plain = least_squares(rows, "score", "attended", covariates=["before", "group"])
    more = least_squares(rows, "score", "attended", covariates=["before", "again", "flat", "group"])
    assert more.value == pytest.approx(plain.value)


def test_a_ratio_has_the_error_of_both() -> None:
    found = ratio(Estimate(0.2, 0.02, 10), Estimate(0.1, 0.01, 20))
    assert found.value == pytest.approx(2.0)
    rng = np.random.default_rng(0)
    drawn = rng.normal(0.2, 0.02, 100_000) / rng.normal(0.1, 0.01, 100_000)
    assert found.se == pytest.approx(drawn.std(), rel=0.1)
    assert found.units == 30
    assert not ratio(Estimate(0.2, 0.02), Estimate(0.1, 0.06)).shows
    assert not ratio(Estimate.nothing(), Estimate(0.1, 0.01)).shows
