"""Chances and the split of variance: known variances are found again, and what cannot be told is not told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from results.tables import drawn, first_run, raw_gap_difference, run_named, runs_named
from results.uncertainty import closes_clearly, falls, movement, split_variance
from sim.comparison import over_runs
from tests.results.pretend_ensemble import make_ensemble


def runs(draws: int, seeds: int, between: float, within: float, luck: int = 0) -> pd.DataFrame:
    """Differences with a known SD between draws and between the lucks of a draw."""
    random = np.random.default_rng(luck)
    middle = between * random.normal(size=draws)
    values = middle[:, None] + within * random.normal(size=(draws, seeds))
    number, seed = np.divmod(np.arange(draws * seeds), seeds)
    return pd.DataFrame({"plan": "p", "draw": number + 1, "seed": seed, "difference": values.ravel()})


@pytest.mark.parametrize(("between", "within"), [(0.03, 0.01), (0.01, 0.03), (0.02, 0.02)])
def test_known_variances_are_found_again_on_average(between: float, within: float) -> None:
    splits = [split_variance(runs(400, 2, between, within, luck), "difference") for luck in range(60)]
    assert np.mean([s.luck for s in splits if s]) == pytest.approx(within**2, rel=0.05)
    # with this many draws hardly an estimate is cut off at 0, which would lift the mean
    assert np.mean([s.parameters for s in splits if s]) == pytest.approx(between**2, rel=0.12)


def test_by_hand() -> None:
    rows = pd.DataFrame({"draw": [1, 1, 2, 2], "seed": [0, 1, 0, 1], "difference": [1.0, 3.0, 5.0, 7.0]})
    split = split_variance(rows, "difference")
    # mean square within draws 2, between draws 16: (16 - 2) / 2
    assert split is not None
    assert (split.luck, split.parameters) == (2.0, 7.0)
    assert split.share == pytest.approx(7 / 9)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 12), st.integers(1, 4), st.integers(0, 500), st.integers(0, 6))
def test_never_negative_and_never_more_than_there_is(draws: int, seeds: int, luck: int, gone: int) -> None:
    """Some cells may be missing; adding a constant changes nothing, and doubling makes four times as much."""
    rows = runs(draws, seeds, 0.0, 1.0, luck).sample(frac=1, random_state=luck).iloc[gone:]
    split = split_variance(rows, "difference")
    if rows["draw"].nunique() < 2 or not rows["draw"].duplicated().any():
        assert split is None
        return
    assert split is not None
    assert split.parameters >= 0
    assert split.luck >= 0
    other = split_variance(rows.assign(difference=2 * rows["difference"] + 5), "difference")
    assert other is not None
    assert np.allclose(other, 4 * np.array(split))


def test_one_seed_a_draw_cannot_be_split() -> None:
    assert split_variance(runs(20, 1, 0.1, 0.1), "difference") is None
    assert split_variance(runs(1, 20, 0.1, 0.1), "difference") is None


def test_the_monte_carlo_error_counts_draws_not_runs() -> None:
    """Runs of one draw share its parameters: more seeds cannot make the mean over draws surer than the draws do."""
    rows = runs(40, 50, 0.05, 0.01)
    error = over_runs(rows, "difference", ["plan"])["error"].iloc[0]
    means = rows.groupby("draw")["difference"].mean()
    assert error == pytest.approx(means.std(ddof=1) / 40**0.5)
    assert error > 3 * rows["difference"].std() / 2000**0.5
    one = rows[rows["draw"] == 3]
    assert over_runs(one, "difference", ["plan"])["error"].iloc[0] == pytest.approx(
        one["difference"].std(ddof=1) / 50**0.5
    )


def test_chances_by_hand() -> None:
    rows = pd.DataFrame({"draw": [1, 1, 2, 2], "seed": [0, 1, 0, 1], "difference": [-0.06, -0.051, -0.05, 0.2]})
    assert closes_clearly(rows).share == 0.5
    assert closes_clearly(rows).error == pytest.approx(np.std([1, 0], ddof=1) / 2**0.5)
    assert falls(rows).share == 0.75
    assert np.isnan(falls(rows.iloc[:0]).share)


def test_movement_is_taken_run_by_run() -> None:
    full, doubted = runs(5, 2, 1.0, 1.0), runs(5, 2, 1.0, 1.0)
    doubted["difference"] = 0.5 * doubted["difference"]
    moved = movement(full, doubted.sample(frac=1, random_state=1))
    assert np.allclose(moved["moved"], -0.5 * full["difference"])


def test_differences_of_drawn_runs_are_taken_within_draw_and_seed() -> None:
    made = make_ensemble(("status_quo", "replicate"), seeds=2, draws=3)
    gaps = made.tables["gap_year"]
    found = raw_gap_difference(gaps, "status_quo")
    assert len(found) == len(gaps) / 2
    cell = {"draw": 2, "seed": 1, "year": 2035, "subject": "math", "band": "3-8", "focal": "Black"}
    rows = gaps[np.logical_and.reduce([gaps[key] == value for key, value in cell.items()])].set_index("plan")["gap"]
    one = found[np.logical_and.reduce([found[key] == value for key, value in cell.items()])]
    assert one["difference"].tolist() == [rows["replicate"] - rows["status_quo"]]


def test_runs_are_named() -> None:
    many, few = make_ensemble(("status_quo",), seeds=2, draws=3), make_ensemble(("status_quo",), seeds=2)
    assert (runs_named(many), runs_named(few)) == ("3 draws x 2 seeds", "2 seeds")
    assert (drawn(many), drawn(few)) == (True, False)
    assert first_run(many) == {"draw": 1, "seed": 0}
    assert (run_named(0, 3), run_named(4, 3)) == ("seed 3", "draw 4, seed 3")
