"""Closings and takeovers in a reform: whose school was touched, what it did for them, and their share of the whole."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.experiments.children import children, lived
from calibration.experiments.districts import closings_share
from calibration.experiments.districts.closings_share import (
    around,
    begun_since,
    effect_on,
    share_of_effect,
    share_of_pupils,
    taken_over,
)
from calibration.experiments.estimators.estimate import Estimate
from calibration.patterns.pattern import plan_with
from sim.district import District
from tests.cities import city

SEED, TAKEN, EVENT = 1, "birch", 2029
EFFECT = 0.2


@cache
def districts() -> tuple[District, District]:
    """A city in which one school is handed over in a later summer, and the same left alone."""
    asked = {
        "hand over": {
            "use": "restart",
            "operators": ["kipp"],
            "when": None,
            "schools": [TAKEN],
            "lead_years": 0,
            "first": EVENT,
            "last": EVENT,
        }
    }
    plan = plan_with("handed over", asked, years=5, city=city())
    return lived(plan, SEED), lived(plan_with("as it is", {}, years=5, city=city()), SEED)


@pytest.fixture(autouse=True)
def in_the_years_of_the_city(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closings_share, "FROM", EVENT)


def test_a_school_is_taken_over_when_another_operator_runs_it() -> None:
    reformed, left_alone = districts()
    index = reformed.school(TAKEN).index
    assert taken_over(reformed).values.tolist() == [[EVENT, index]]
    assert begun_since(reformed) == {index}
    assert taken_over(left_alone).empty


def test_children_touched_were_in_it_before() -> None:
    reformed, left_alone = districts()
    rows = around(reformed, [left_alone])
    touched = rows[rows["touched"] == 1]
    index = reformed.school(TAKEN).index
    assert set(touched["place"]) == {f"0/{index}"}
    assert set(touched["event"]) == {EVENT}
    assert touched["grade"].between(3, 6).all()
    assert (rows.loc[rows["touched"] == 0, "city"] == 1).all()
    assert share_of_pupils(left_alone, 2031) == 0
    june = children(reformed, [2031])
    june = june[june["grade"].between(3, 8)]
    assert share_of_pupils(reformed, 2031) == pytest.approx((june["school"] == index).mean())


def children_like_them(seed: int) -> pd.DataFrame:
    """Children of a hundred schools; low ones are touched more often, and gain."""
    rng = np.random.default_rng(seed)
    number = 8000
    place = rng.integers(0, 100, number)
    ability = rng.normal(0, 0.8, number) - 0.5 * (place < 40)
    touched = (place < 40).astype(float)
    scores = {
        name: ability + rng.normal(0, 0.1, number)
        for name in ("math_before", "reading_before", "math_earlier", "reading_earlier")
    }
    cell = rng.integers(0, 6, number)
    both = ability + EFFECT * touched + 0.1 * cell + rng.normal(0, 0.03, 100)[place] + rng.normal(0, 0.2, number)
    return pd.DataFrame({**scores, "both": both, "touched": touched, "cell": cell, "place": place})


@pytest.mark.parametrize("seed", range(3))
def test_an_effect_is_told_from_who_was_there(seed: int) -> None:
    rows = children_like_them(seed)
    found = effect_on(rows)
    assert abs(found.value - EFFECT) < 3 * found.se + 0.01
    assert found.se < 0.03
    crude = rows.groupby("touched")["both"].mean().diff().iloc[-1]
    assert crude < EFFECT - 0.2


@given(st.floats(-0.5, 0.5), st.floats(0.01, 0.2), st.floats(0.0, 1.0), st.floats(0.05, 0.6), st.floats(0.0, 0.2))
def test_a_share_is_as_much_as_its_parts_say(effect: float, se: float, pupils: float, whole: float, off: float) -> None:
    found = share_of_effect(Estimate(effect, se, 100), pupils, Estimate(whole, off, 1000))
    assert found.value * whole == pytest.approx(effect * pupils)
    # were the whole known, the share would be as unsure as the effect
    known = share_of_effect(Estimate(effect, se, 100), pupils, Estimate(whole, 0.0, 1000))
    assert known.se == pytest.approx(se * pupils / whole)
    assert found.se >= known.se - 1e-12


def test_nothing_is_a_share_of_nothing() -> None:
    assert not share_of_effect(Estimate(0.1, 0.1, 10), 0.5, Estimate(0.0, 0.1, 10)).shows
    assert not share_of_effect(Estimate.nothing(), 0.5, Estimate(0.3, 0.1, 10)).shows
