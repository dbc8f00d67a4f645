"""What is run for a fit, and what of it is kept apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibration.fitting.fit_files import Fit
from calibration.fitting.fitting import FIRST_PREDICTED, fit_city, known_again
from calibration.fitting.pool import Filled, Pool, Where
from calibration.fitting.pool_store import PoolStore
from calibration.fitting.summaries import How
from sim.draws import Draw
from tests.fitting.small_fit import NAMES, small_fit

pytest.importorskip("sklearn")
QUICK = How(parts=2, networks=1, neurons=8)


class Lines:
    """In place of runs: the two parameters and noise; every call is listed."""

    def __init__(self) -> None:
        self.calls: list[list[Draw]] = []

    def __call__(self, fit: Fit, draws: Sequence[Draw], where: Where) -> Filled:
        self.calls.append(list(draws))
        numbers = np.repeat([draw.number for draw in draws], fit.seeds)
        seeds = np.tile(np.arange(fit.seeds), len(draws))
        values = np.repeat([[draw.changes[name] for name in NAMES] for draw in draws], fit.seeds, axis=0)
        chance = np.random.default_rng(len(draws))
        seen = np.column_stack([values, np.full(len(values), 0.25)]) + 0.02 * chance.standard_normal((len(values), 3))
        return Filled(Pool(numbers, seeds, values, seen), len(values), 0, 0.1, (), 0)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Lines:
    found = Lines()
    monkeypatch.setattr("calibration.fitting.fitting.fill", found)
    return found


@pytest.fixture
def where() -> Iterator[Where]:
    store = PoolStore("sqlite://")
    yield Where(store)
    store.close()


def test_held_out_draws_are_never_learned_from(lines: Lines, where: Where, tmp_path: Path) -> None:
    fit = replace(small_fit(tmp_path), draws=160, held_out=50, seeds=2)
    found = known_again(fit, where, QUICK)
    (asked,) = lines.calls
    learned, held_out = asked[:160], asked[160:]
    assert set(found.posteriors.pool.draw) == {draw.number for draw in learned}
    assert len(found.posteriors.pool) == 320
    # a draw counts once, at its first seed
    truth = [[draw.changes[name] for name in NAMES] for draw in held_out]
    assert found.recovered.truth.tolist() == truth


def test_posterior_draws_are_run_with_the_others_as_in_the_pool(lines: Lines, where: Where, tmp_path: Path) -> None:
    targets = "measure,year,grade,subject,group,value\npupil_sd,2027,3-8,math,*,0.86\n"
    targets += "gap,2027,3-8,math,low income,0.45\ncharter_share,2027,,,,0.25\n"
    fit = replace(small_fit(tmp_path, targets, draws=160, held_out=50), others="priors", predictive=5)
    found = fit_city(fit, where, QUICK)
    pool, predicted = lines.calls
    assert len(pool) == 210
    assert len(predicted) == 5
    assert {len(draw.changes) for draw in predicted} == {len(pool[0].changes)}
    drawn = [tuple(draw[name] for name in NAMES) for draw in found.draws]
    assert {tuple(draw.changes[name] for name in NAMES) for draw in predicted} <= set(drawn)
    assert min(draw.number for draw in predicted) >= FIRST_PREDICTED
    assert len({draw.changes["learning.peer_effect"] for draw in predicted}) == 5
    assert abs(np.mean([one[0] for one in drawn]) - 0.86) < 0.02
    none = fit_city(replace(fit, predictive=0), where, QUICK)
    assert none.misfit.empty
