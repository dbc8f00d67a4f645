"""The posterior is the known one where it is known, holds known values as often as it says, and knows its limits."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from calibration.fitting.coverage import not_trusted, recover
from calibration.fitting.posterior import Posteriors, Weighted
from calibration.fitting.summaries import How, Scale
from calibration.fitting.telling import check_inside, misfit, not_told
from calibration.points.refused import NotPossible
from tests.fitting.straight_model import NOISE, cards, pool, targets

pytest.importorskip("sklearn")
AS_EXPECTED = [2.0, 4.0, 1.0, 0.0]


@cache
def learned() -> Posteriors:
    return Posteriors(cards(), pool(1500, 1), How(parts=3, networks=1, neurons=24))


def test_the_posterior_of_a_straight_model_is_the_known_one() -> None:
    (found,) = learned().given(np.array([AS_EXPECTED]))
    noise = (NOISE * 3) ** 2
    variance = 1 / (1 / 9 + 5 / noise)
    assert found.mean()[0] == pytest.approx(variance * (2 + 2 * 4) / noise, abs=0.35 * variance**0.5)
    assert found.sd()[0] == pytest.approx(variance**0.5, rel=0.25)
    # of two of which only the sum is seen, the posterior leaves what the prior says of the difference
    correlation = found.correlation()[1, 2]
    assert correlation < -0.6
    assert abs(found.correlation()[0, 1]) < 0.3
    assert found.weights.sum() == pytest.approx(1)


def test_what_is_not_told_is_said() -> None:
    posteriors = learned()
    (found,) = posteriors.given(np.array([AS_EXPECTED]))
    said = " ".join(not_told(posteriors, found))
    assert "made_up.1 and made_up.2 are not told apart" in said
    assert "more of the one with less" in said
    assert "made_up.0" not in said
    wide = Weighted(posteriors.pool.values, np.full(len(posteriors.pool), 1 / len(posteriors.pool)))
    assert "next to nothing about made_up.0 (1.00)" in " ".join(not_told(posteriors, wide))


def test_intervals_hold_known_values_as_often_as_they_say() -> None:
    found = recover(learned(), pool(400, 2))
    table = found.table()
    assert not not_trusted(table)
    assert table["inside_90"].between(0.85, 0.95).all()
    assert table["inside_50"].between(0.42, 0.58).all()
    assert (table["rank_chance"] > 0.001).all()
    assert table.loc[0, "told"] > 0.8 > table.loc[1, "told"]
    assert (table["bias_in_sd"].abs() < 0.1).all()


def test_too_narrow_a_posterior_is_seen() -> None:
    """Residuals of half their size: the check is not one that always says yes."""
    posteriors = Posteriors(cards(), pool(1500, 1), How(parts=3, networks=1, neurons=24))
    for part in posteriors.parts:
        part.residuals[:] = part.residuals / 2
    table = recover(posteriors, pool(300, 2)).table()
    assert set(not_trusted(table)) == {card.name for card in cards()}
    assert (table["inside_90"] < 0.8).all()
    assert (table["rank_chance"] < 0.01).any()


def test_a_city_outside_the_runs_gets_no_posterior() -> None:
    told, seen = check_inside(learned(), targets(AS_EXPECTED))
    assert min(told, seen) > 0.05
    with pytest.raises(
        NotPossible, match=r"outside the runs of this model.*level math 3-8 \* 2027|level math"
    ) as wrong:
        check_inside(learned(), targets([40.0, 80.0, 1.0, 0.0]))
    assert "40" in str(wrong.value)
    # a moment that tells nothing of any parameter may still be one the model never shows
    with pytest.raises(NotPossible, match="outside the runs"):
        check_inside(learned(), targets([2.0, 4.0, 1.0, 9.0]))


def test_errors_of_targets_widen_the_posterior() -> None:
    runs = pool(1500, 1)
    doubted = targets(AS_EXPECTED, se=6.0)
    noisy = doubted.with_error(runs.statistics, 3)
    assert (noisy - runs.statistics).std() == pytest.approx(6.0, rel=0.05)
    wide = Posteriors(cards(), type(runs)(runs.draw, runs.seed, runs.values, noisy), How(3, 1, 24))
    (sure,), (unsure,) = (one.given(np.array([AS_EXPECTED])) for one in (learned(), wide))
    assert unsure.sd()[0] > 1.5 * sure.sd()[0]


def test_few_runs_are_refused() -> None:
    with pytest.raises(NotPossible, match="100 finished runs"):
        Posteriors(cards(), pool(100, 1))


def test_all_rows_of_a_draw_are_in_one_part() -> None:
    runs = pool(200, 4)
    twice = type(runs)(
        *(np.repeat(column, 2, axis=0) for column in (runs.draw, runs.seed, runs.values, runs.statistics))
    )
    found = Posteriors(cards(), twice, How(parts=4, networks=1, neurons=4))
    for part in found.parts:
        assert len(part.residuals) % 2 == 0
        assert np.allclose(part.residuals[::2], part.residuals[1::2])


def test_weighted_draws_count_by_their_weight() -> None:
    found = Weighted(np.array([[0.0], [1.0], [10.0]]), np.array([0.25, 0.75, 0.0]))
    assert found.mean()[0] == 0.75
    assert found.rank_of(np.array([0.5]))[0] == 0.25
    assert found.quantiles([0.99])[0, 0] <= 10
    assert set(found.resampled(100, 1)[:, 0]) == {0.0, 1.0}


def test_the_scale_goes_there_and_back() -> None:
    values = pool(50, 5).values
    scale = Scale.of(cards(), values)
    free = scale.free(values)
    assert np.allclose(scale.back(free), values)
    assert np.allclose([free.mean(axis=0), free.std(axis=0)], [[0] * 3, [1] * 3])
    assert (np.abs(scale.back(50 * free)) <= 6).all()


def test_misfit_tells_targets_that_runs_do_not_show() -> None:
    runs = np.random.default_rng(6).normal(0, 1, (500, 4))
    check = misfit(targets([0.0, 5.0, -5.0, 1.0]), runs)
    assert check["fits"].tolist() == [True, False, False, True]
    assert check["below"].tolist()[1:3] == [1.0, 0.0]
