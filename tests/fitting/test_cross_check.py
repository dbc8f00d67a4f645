"""ABC-SMC beside a fit: the same prior, populations that are kept, a budget, and two posteriors side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.extras import module_of
from calibration.fitting.city_prior import CityPrior
from calibration.fitting.cross_check import CrossCheck, cross_checked, file_for
from calibration.fitting.fit_files import Fit
from calibration.fitting.posterior import Weighted
from calibration.points.refused import NotPossible
from sim.draws import Draw, prior_draw
from sim.run import run
from tests.fitting.small_fit import NAMES, small_fit

pytestmark = pytest.mark.skipif(find_spec("pyabc") is None, reason="pyABC is not installed")
KNOWN = (0.86, 0.45)
TARGETS = f"""measure,year,grade,subject,group,value
pupil_sd,2027,3-8,math,*,{KNOWN[0]}
gap,2027,3-8,math,low income,{KNOWN[1]}
charter_share,2027,,,,0.25
"""
NOISE = 0.01
RUNS = 400
Moments = Callable[[Fit, Draw], NDArray[np.float64]]


class Lines:
    """In place of runs: the two parameters and noise; runs are counted, and one of them can be the last."""

    def __init__(self) -> None:
        self.count = 0
        self.last: int | None = None

    def __call__(self, fit: Fit, draw: Draw) -> NDArray[np.float64]:
        if self.count == self.last:
            raise KeyboardInterrupt
        self.count += 1
        clean = np.array([*(draw.changes[name] for name in NAMES), 0.25])
        return np.asarray(clean + NOISE * np.random.default_rng(draw.number).standard_normal(3))


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Lines:
    found = Lines()
    monkeypatch.setattr("calibration.fitting.city_prior.moments_of_run", found)
    return found


def test_known_values_lie_in_the_last_population(lines: Lines, tmp_path: Path) -> None:
    fit = small_fit(tmp_path, TARGETS)
    file = file_for(fit, RUNS, str(tmp_path / "fits.sqlite"), None)
    assert file.parent == tmp_path
    seen: list[tuple[int, int]] = []
    found = cross_checked(fit, RUNS, file, workers=1, progress=lambda *done: seen.append(done))
    low, high = found.posterior.quantiles([0.01, 0.99])
    prior = np.array([[prior_draw(n, NAMES).changes[name] for name in NAMES] for n in range(1, 400)]).std(axis=0)
    assert (low < KNOWN).all()
    assert (high > KNOWN).all()
    assert (found.posterior.sd() < 0.8 * prior).all()
    assert found.posterior.weights.sum() == pytest.approx(1)
    assert found.runs <= lines.count <= RUNS, "no population takes more runs than are left"
    assert seen[-1][1] == RUNS
    assert max(done for done, _ in seen) <= RUNS
    before = lines.count
    again = cross_checked(fit, RUNS, file, workers=1)
    assert lines.count == before, "a finished check is read"
    assert again.posterior.values.tolist() == found.posterior.values.tolist()


def test_a_stopped_check_goes_on_from_its_last_population(lines: Lines, tmp_path: Path) -> None:
    fit = small_fit(tmp_path, TARGETS)
    file = file_for(fit, RUNS, str(tmp_path / "fits.sqlite"), None)
    lines.last = 150
    with pytest.raises(KeyboardInterrupt):
        cross_checked(fit, RUNS, file, workers=1)
    lines.last, stopped_at = None, lines.count
    found = cross_checked(fit, RUNS, file, workers=1)
    assert found.populations >= 2
    assert 0 < lines.count - stopped_at < found.runs, "what was finished is not run again"
    whole = cross_checked(fit, RUNS, tmp_path / "whole.sqlite", workers=1)
    assert np.abs(whole.posterior.mean() - found.posterior.mean()).max() < 0.05


def test_luck_is_put_back_and_the_same_check_gives_the_same_draws(lines: Lines, tmp_path: Path) -> None:
    fit = small_fit(tmp_path, TARGETS)
    np.random.seed(5)
    expected = np.random.uniform()
    np.random.seed(5)
    one, other = (cross_checked(fit, 200, tmp_path / name, workers=1) for name in ("a.sqlite", "b.sqlite"))
    assert np.random.uniform() == expected
    assert one.posterior.values.tolist() == other.posterior.values.tolist()


def test_another_question_has_another_file(tmp_path: Path) -> None:
    fit, pool = small_fit(tmp_path, TARGETS), str(tmp_path / "fits.sqlite")
    one = file_for(fit, RUNS, pool, None)
    first, *rest = fit.targets.all
    moved = replace(fit, targets=replace(fit.targets, all=(replace(first, value=0.9), *rest)))
    others = {file_for(fit, RUNS + 1, pool, None), file_for(moved, RUNS, pool, None)}
    others.add(file_for(replace(fit, others="priors"), RUNS, pool, None))
    assert len(others - {one}) == 3
    server = "postgresql+psycopg://somebody@nowhere/fits"
    assert file_for(fit, RUNS, server, tmp_path).parent == tmp_path
    with pytest.raises(NotPossible, match="name a folder"):
        file_for(fit, RUNS, server, None)


@pytest.mark.parametrize("others", ["declared", "priors"])
def test_the_prior_is_that_of_the_pool(tmp_path: Path, others: str) -> None:
    fit = replace(small_fit(tmp_path), others=others)
    prior = CityPrior(fit, dict)
    np.random.seed(2)
    mine = np.array([list(prior.rvs().values()) for _ in range(300)])
    drawn = [prior_draw(number, prior.names).changes for number in range(1, 601)]
    pool = np.array([[one[name] for name in NAMES] for one in drawn if prior.allowed(one, 1) is not None])
    error = pool.std(axis=0) * (1 / len(mine) + 1 / len(pool)) ** 0.5
    assert (np.abs(mine.mean(axis=0) - pool.mean(axis=0)) < 4 * error).all()
    cards = {card.name: card for card in fit.parameters}
    middle = {name: card.value for name, card in cards.items()}
    assert prior.pdf(middle) > prior.pdf({**middle, NAMES[1]: cards[NAMES[1]].high}) > 0
    assert prior.pdf({**middle, NAMES[0]: cards[NAMES[0]].high + 0.01}) == 0
    # a pupil spread that flags, schools and passing years leave nothing of
    assert 0 <= prior.pdf({**middle, NAMES[0]: cards[NAMES[0]].low}) < prior.pdf(middle)


def test_runs_that_tell_nothing_are_told(lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calibration.fitting.city_prior.moments_of_run", lambda *_: np.full(3, np.nan))
    with pytest.raises(NotPossible, match="a target is missing from them"):
        cross_checked(small_fit(tmp_path, TARGETS), 200, tmp_path / "nothing.sqlite", workers=1)


def test_two_posteriors_side_by_side(tmp_path: Path) -> None:
    fit = small_fit(tmp_path)
    values = np.random.default_rng(1).normal(size=(200, 2))
    even = np.full(200, 1 / 200)
    ours = Weighted(values, even)

    def beside(theirs: Weighted) -> dict[str, list[float]]:
        check = CrossCheck(theirs, "0", 1, 1, 1.0, tmp_path)
        return {str(k): list(v) for k, v in check.beside(fit, ours, np.array([2.0, 2.0])).items()}

    same = beside(ours)
    assert same["distance"] == [0, 0]
    assert same["shared"] == pytest.approx([1, 1])
    assert same["sd_ratio"] == pytest.approx([1, 1])
    moved = beside(Weighted(values + np.array([1, 100]), even))
    assert moved["distance"] == pytest.approx([0.5, 50])
    assert 0 < moved["shared"][0] < 1
    assert moved["shared"][1] == 0
    assert CrossCheck(ours, "0", 1, 1, 1.0, tmp_path).effective == pytest.approx(200)


@pytest.mark.slow
def test_the_tiny_city_itself_in_two_processes(tmp_path: Path) -> None:
    fit = small_fit(tmp_path)
    known = dict(zip(NAMES, (0.84, 0.55), strict=True))
    tables = run(fit.plan.with_parameters(known), 5).tables
    seen = [replace(t, value=t.of(tables, fit.plan.city), half_width=0.0, se=0.01) for t in fit.targets.all]
    fit = replace(fit, targets=replace(fit.targets, all=tuple(seen)))
    found = cross_checked(fit, 250, tmp_path / "check.sqlite", workers=2)
    assert found.runs <= 250
    for name, mean, sd in zip(NAMES, found.posterior.mean(), found.posterior.sd(), strict=True):
        assert abs(mean - known[name]) < 4 * sd, name
    assert module_of("pyabc", "abc").__version__ == found.version
