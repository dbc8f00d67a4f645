"""Designs and measures on functions whose answers are known: Ishigami's, and a straight line with luck in it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.points.refused import NotPossible
from calibration.sensitivity.given import given_data
from calibration.sensitivity.morris import luck_alone, screened, that_matter, trajectories
from calibration.sensitivity.sobol import saltelli, shared

pytest.importorskip("SALib")
NAMES = ("first", "second", "third", "idle")


def ishigami(points: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * points - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_sobol_finds_the_shares_of_ishigami() -> None:
    """Known: alone .314, .442, 0; total .558, .442, .244."""
    design = saltelli(NAMES, 512)
    found = shared(design, ishigami(design.points))
    assert list(found["name"]) == list(NAMES)
    assert np.allclose(found["alone"], [0.314, 0.442, 0, 0], atol=0.06)
    assert np.allclose(found["total"], [0.558, 0.442, 0.244, 0], atol=0.06)
    again = shared(saltelli(NAMES, 512), ishigami(design.points))
    assert found.equals(again)


def test_samples_with_an_impossible_point_are_left_out_whole() -> None:
    design = saltelli(NAMES, 64, allowed=lambda points: points[:, 0] < 0.9)
    assert 0 < design.ruled_out < 32
    assert len(design.points) == (64 - design.ruled_out) * (len(NAMES) + 2)
    assert design.points[:, 0].max() < 0.9
    with pytest.raises(NotPossible, match="samples are possible"):
        saltelli(NAMES, 64, allowed=lambda points: points[:, 0] < 0.3)
    with pytest.raises(NotPossible, match="a power of 2"):
        saltelli(NAMES, 100)


def test_what_does_not_vary_has_no_shares() -> None:
    design = saltelli(NAMES, 4)
    assert shared(design, np.ones(len(design.points)))["total"].isna().all()


def straight(points: np.ndarray, seeds: int, luck: float) -> np.ndarray:
    """Three times the first less the second, and a luck of its own at every point and seed."""
    noise = np.random.default_rng(3).normal(0, luck, (len(points), seeds))
    return (3 * points[:, 0] - points[:, 1])[:, None] + noise


def test_morris_finds_a_straight_line() -> None:
    design = trajectories(NAMES, 4)
    found = screened(design, straight(design.points, 2, 0.0)).set_index("name")
    assert np.allclose(found["mu"], [3, -1, 0, 0])
    assert np.allclose(found["mu_star"], [3, 1, 0, 0])
    assert np.allclose(found["sigma"], 0)
    assert np.allclose(found["luck"], 0)
    assert that_matter(found.reset_index()) == ["first", "second"]
    assert that_matter(found.reset_index(), explained=0.7) == ["first"]
    assert that_matter(found.reset_index(), most=1) == ["first"]
    assert that_matter(found[2:].reset_index()) == []


def test_luck_is_told_from_effects() -> None:
    """What luck shows of an idle parameter is foretold from the seeds alone, and taken out of the others."""
    design = trajectories(NAMES, 60)
    found = screened(design, straight(design.points, 4, 0.5)).set_index("name")
    for idle in ("third", "idle"):
        assert found.loc[idle, "luck"] == pytest.approx(found.loc[idle, "mu_star"], rel=0.3)
        assert found.loc[idle, "net"] < 0.3
    assert found.loc["first", "net"] == pytest.approx(3, rel=0.1)
    assert np.isnan(luck_alone(design, straight(design.points, 1, 0.5))["first"])


def test_groups_move_together_and_have_no_sign() -> None:
    design = trajectories(NAMES, 5, groups=("one", "one", "two", "two"))
    assert design.moved == ("one", "two")
    assert design.count == 5
    found = screened(design, straight(design.points, 2, 0.0)).set_index("name")
    assert found.loc["one", "mu_star"] > 1
    assert found.loc["two", "mu_star"] == 0
    assert found["mu"].isna().all()


def test_trajectories_keep_to_what_is_possible() -> None:
    design = trajectories(NAMES, 3, allowed=lambda points: points[:, 0] + points[:, 1] < 1.5)
    assert design.count == 3
    assert (design.points[:, 0] + design.points[:, 1]).max() < 1.5
    with pytest.raises(NotPossible, match="trajectories are possible"):
        trajectories(NAMES, 3, allowed=lambda points: points[:, 0] < 0.1)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.floats(0.1, 0.99), st.integers(1, 8))
def test_the_few_that_matter_are_the_largest(net: list[float], explained: float, most: int) -> None:
    rows = pd.DataFrame({"name": [f"n{k}" for k in range(len(net))], "net": net})
    few = that_matter(rows, explained, most)
    assert len(few) <= most
    kept, rest = rows[rows["name"].isin(few)]["net"], rows[~rows["name"].isin(few)]["net"]
    if few and len(rest):
        assert kept.min() >= rest.max()
    if few and len(few) < most:
        assert kept.sum() >= (explained - 1e-9) * sum(net)


def test_given_data_tells_what_matters_from_what_does_not() -> None:
    points = np.random.default_rng(1).random((300, 4))
    table = pd.DataFrame(points, columns=list(NAMES)).assign(same=1.0)
    outcome = pd.Series(ishigami(points))
    found = given_data(table, outcome, resamples=10).set_index("name")
    assert list(found.index) == list(NAMES)
    assert (found.loc[["first", "second"], "pawn"] > found.loc[["first", "second"], "pawn_chance"]).all()
    assert found.loc["idle", "delta"] < found["delta"].drop("idle").min()
    with pytest.raises(NotPossible, match="at least 50"):
        given_data(table[:20], outcome[:20])
