"""`portfolio fit` and `portfolio recover` with moments that are straight lines of the parameters, and `--posterior`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import Result

from calibration.fitting.fit_files import Fit
from calibration.fitting.fitting import Where
from calibration.fitting.pool import Filled, Pool
from calibration.fitting.posterior_files import read_posterior, write_posterior
from calibration.fitting.summaries import How
from scenarios.problems import ProblemsFound
from sim.draws import Draw, prior_draws

pytest.importorskip("sklearn")
Portfolio = Callable[..., Result]
NAMES = ("learning.latent_sd", "background.low_income_gap")
FIT = f"""title: Two parameters
scenario: extended_day
set: {{years.last: 2028}}
others: declared
parameters: [{", ".join(NAMES)}]
targets: targets.csv
draws: 260
held_out: 60
posterior: 50
predictive: 10
"""
TARGETS = """measure,year,grade,subject,group,value,se
pupil_sd,2028,3-8,math,*,0.86,0.005
gap,2028,3-8,math,low income,0.45,0.01
gap,2028,3-8,math,Black,0.2,0.01
"""


def straight(fit: Fit, draws: Sequence[Draw], where: Where) -> Filled:
    """The first two moments are the parameters with a little noise, the third is noise alone."""
    numbers = np.array([draw.number for draw in draws])
    values = np.array([[draw.changes[name] for name in fit.names] for draw in draws])
    noise = np.random.default_rng(int(numbers[0])).standard_normal((len(draws), 3)) * 0.01
    pool = Pool(numbers, np.zeros_like(numbers), values, np.column_stack([values, np.full(len(draws), 0.2)]) + noise)
    return Filled(pool, len(draws), 0, 0.1, (), 0)


@pytest.fixture
def in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The fit's files in the working folder, and straight lines in place of runs."""
    monkeypatch.setattr("calibration.fitting.fitting.fill", straight)
    (tmp_path / "fit.yaml").write_text(FIT, encoding="utf-8")
    (tmp_path / "targets.csv").write_text(TARGETS, encoding="utf-8")
    return tmp_path


def test_fit_answers_writes_and_is_taken_up_by_run(portfolio: Portfolio, in_place: Path, asked: list[Any]) -> None:
    found = portfolio("fit", "fit.yaml", "--to", "out", "--pool", "fits.sqlite")
    assert found.exit_code == 0, found.stderr
    text = " ".join(found.stdout.split())
    assert "Two parameters: 2 parameters, 3 targets." in text
    assert "learning.latent_sd 0.86" in text or "learning.latent_sd 0.85" in text
    assert "The city lies inside the runs" in text
    assert "60 runs of known values, never learned from" in text
    assert "of 3; about 3 would be by chance" in text
    assert max(map(len, found.stdout.splitlines())) <= 120
    for figure in ("joint.png", "targets.png", "ranks.png"):
        assert (in_place / "out" / figure).stat().st_size > 10_000
    table = pd.read_csv("out/parameters.csv").set_index("name")
    assert table.loc[NAMES[1], "q05"] < 0.45 < table.loc[NAMES[1], "q95"]
    coverage = pd.read_csv("out/coverage.csv")
    assert list(coverage["name"]) == list(NAMES)
    assert "| `learning.latent_sd` |" in Path("out/coverage.md").read_text(encoding="utf-8")

    draws = read_posterior(Path("out/posterior.csv"))
    assert len(draws) == 50
    assert np.mean([draw[NAMES[1]] for draw in draws]) == pytest.approx(table.loc[NAMES[1], "mean"], abs=0.02)
    done = portfolio("run", "extended_day", "--draws", "3", "--posterior", "out/posterior.csv")
    assert done.exit_code == 0, done.stderr
    (call,) = asked
    for draw in call["draws"]:
        assert {name: draw.changes[name] for name in NAMES} == draws[(draw.number - 1) % len(draws)]
        prior = prior_draws(draw.number)[-1].changes
        others = set(prior) - set(NAMES)
        assert {name: draw.changes[name] for name in others} == {name: prior[name] for name in others}


def test_recover_says_how_known_values_were_found(portfolio: Portfolio, in_place: Path) -> None:
    found = portfolio("recover", "fit.yaml", "--runs", "80", "--json", "--pool", "fits.sqlite", "--to", "again")
    assert found.exit_code == 0, found.stderr
    facts = json.loads(found.stdout)
    assert [one["runs"] for one in facts["coverage"]] == [80, 80]
    assert all(one["told"] > 0.5 for one in facts["coverage"])
    assert (in_place / "again" / "ranks.png").exists()
    assert not (in_place / "again" / "posterior.csv").exists()


def test_a_city_outside_the_runs_is_refused(portfolio: Portfolio, in_place: Path) -> None:
    (in_place / "targets.csv").write_text(TARGETS.replace("0.86,", "8.6,"), encoding="utf-8")
    found = portfolio("fit", "fit.yaml", "--to", "out", "--pool", "fits.sqlite")
    assert found.exit_code == 2
    assert "pupil_sd math 3-8 2028 is 8.6 where runs have" in found.stderr
    assert not (in_place / "out").exists()


def test_mistakes_write_nothing(portfolio: Portfolio, in_place: Path) -> None:
    (in_place / "fit.yaml").write_text(FIT.replace("draws: 260", "drows: 260"), encoding="utf-8")
    found = portfolio("fit", "fit.yaml", "--pool", "fits.sqlite")
    assert found.exit_code == 2
    assert "fit.yaml:7: drows: no such key" in found.stderr
    assert "nearest: draws" in found.stderr
    (in_place / "fit.yaml").write_text(FIT, encoding="utf-8")
    for words, said in (
        (("--to", "fit.yaml"), "is a file, not a folder"),
        (("--pool", "targets.csv"), "nothing was run"),
        (("--set", "years.lsat=2028"), "lsat"),
    ):
        found = portfolio("fit", "fit.yaml", "--pool", "fits.sqlite", *words)
        assert found.exit_code == 2, words
        assert said in found.stderr
    assert sorted(path.name for path in in_place.iterdir()) == ["fit.yaml", "targets.csv"]


def test_a_missing_library_is_told_before_anything_runs(
    portfolio: Portfolio, in_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.neural_network", None)
    monkeypatch.setattr("calibration.fitting.fitting.fill", lambda *_: pytest.fail("something was run"))
    found = portfolio("fit", "fit.yaml", "--pool", "fits.sqlite")
    assert found.exit_code == 2
    assert "district-portfolio-sim[fit]" in found.stderr


def test_a_stopped_fit_says_how_to_go_on(portfolio: Portfolio, in_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> Filled:
        raise KeyboardInterrupt

    monkeypatch.setattr("calibration.fitting.fitting.fill", stopped)
    found = portfolio("recover", "fit.yaml", "--pool", "fits.sqlite")
    assert found.exit_code == 130
    assert "finished runs are kept in fits.sqlite" in found.stderr


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small networks, where it does not matter how well they learn."""
    monkeypatch.setattr("calibration.fitting.posterior.How", lambda: How(parts=2, networks=1, neurons=8))


def straight_run(fit: Fit, draw: Draw) -> np.ndarray:
    return np.array([*(draw.changes[name] for name in fit.names), 0.2]) + 0.01 * np.random.default_rng(
        draw.number
    ).standard_normal(3)


def test_a_cross_check_stands_beside_the_fit(
    portfolio: Portfolio, in_place: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if find_spec("pyabc") is None:
        pytest.skip("pyABC is not installed")
    monkeypatch.setattr("calibration.fitting.city_prior.moments_of_run", straight_run)
    words = ("fit", "fit.yaml", "--pool", "fits.sqlite", "--workers", "1", "--cross-check", "300", "--to", "out")
    found = portfolio(*words)
    assert found.exit_code == 0, found.stderr
    text = " ".join(found.stdout.split())
    assert "Beside it ABC-SMC, pyABC" in text
    assert "no run of known values tests them" in text
    assert "are the draws of the fit alone" in text
    assert max(map(len, found.stdout.splitlines())) <= 120
    table = pd.read_csv("out/cross_check.csv").set_index("name")
    assert list(table.index) == list(NAMES)
    assert table["shared"].between(0, 1).all()
    assert table.loc[NAMES[0], "abc_q05"] < 0.86 < table.loc[NAMES[0], "abc_q95"]
    assert len(read_posterior(Path("out/posterior.csv"))) == 50
    monkeypatch.setattr("calibration.fitting.city_prior.moments_of_run", lambda *_: pytest.fail("run again"))
    facts = json.loads(portfolio(*words, "--json").stdout)
    assert facts["cross_check"]["runs"] <= 300
    assert [one["name"] for one in facts["cross_check"]["parameters"]] == list(NAMES)
    assert Path(facts["cross_check"]["file"]).exists()


def test_a_cross_check_that_cannot_be_is_refused_before_anything_runs(
    portfolio: Portfolio, in_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calibration.fitting.fitting.fill", lambda *_: pytest.fail("something was run"))
    words = ("fit", "fit.yaml", "--pool", "fits.sqlite")
    far = portfolio(*words, "--cross-check", "400", "--cluster", "tcp://10.0.0.1:8786")
    assert far.exit_code == 2
    assert "leave out --cluster" in far.stderr
    assert portfolio(*words, "--cross-check", "20").exit_code == 2
    monkeypatch.setitem(sys.modules, "pyabc", None)
    missing = portfolio(*words, "--cross-check", "400")
    assert missing.exit_code == 2
    assert "district-portfolio-sim[abc]" in missing.stderr
    assert not (in_place / "fits.sqlite").exists()


def test_a_stopped_cross_check_leaves_the_fit(
    portfolio: Portfolio, in_place: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if find_spec("pyabc") is None:
        pytest.skip("pyABC is not installed")

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("calibration.fitting.city_prior.moments_of_run", stopped)
    words = ("fit", "fit.yaml", "--pool", "fits.sqlite", "--workers", "1", "--cross-check", "300", "--to", "out")
    found = portfolio(*words)
    assert found.exit_code == 130
    assert "finished populations of the cross-check are kept in" in found.stderr
    assert len(read_posterior(Path("out/posterior.csv"))) == 50
    assert not (in_place / "out" / "cross_check.csv").exists()


def test_a_posterior_needs_draws_and_a_file_without_mistakes(
    portfolio: Portfolio, in_place: Path, asked: list[Any]
) -> None:
    good = [{NAMES[0]: 0.85, NAMES[1]: 0.5}, {NAMES[0]: 0.9, NAMES[1]: 0.4}]
    file = in_place / "posterior.csv"
    write_posterior(file, good, ["where from"])
    assert read_posterior(file) == good
    found = portfolio("compare", "status_quo", "extended_day", "--posterior", "posterior.csv")
    assert found.exit_code == 2
    assert "--draws" in found.stderr
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("0.9,0.4", "0.9,4\n0.9\nx,0.5").replace(NAMES[0], "learning.latent_ds"), encoding="utf-8"
    )
    found = portfolio("run", "extended_day", "--draws", "2", "--posterior", "posterior.csv")
    assert found.exit_code == 2
    for words in (
        "posterior.csv:2: learning.latent_ds",
        "nearest: learning.latent_sd",
        ":4: background",
        ":5: 1 cells",
    ):
        assert words in found.stderr, words
    assert not asked
    file.write_text("", encoding="utf-8")
    with pytest.raises(ProblemsFound):
        read_posterior(file)


def test_what_a_plan_sets_itself_stays(portfolio: Portfolio, in_place: Path, asked: list[Any]) -> None:
    write_posterior(in_place / "posterior.csv", [{NAMES[0]: 0.85}], [])
    words = ("--draws", "2", "--posterior", "posterior.csv", "--set", f"parameters.{NAMES[0]}=0.9")
    found = portfolio("run", "extended_day", *words)
    assert found.exit_code == 0, found.stderr
    assert "sets learning.latent_sd itself" in found.stderr
    assert "holds 1 draws; after the last the first comes again" in found.stderr
    (call,) = asked
    assert {draw.applied(call["plans"][-1]).parameters[NAMES[0]] for draw in call["draws"]} == {0.9}
