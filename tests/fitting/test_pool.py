"""Runs are kept one by one, known again, and hold what the run's own tables say."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_engine, text

from calibration.fitting.pool import Where, draws_for, fill
from calibration.fitting.pool_store import PoolStore
from calibration.points.refused import NotPossible
from results.connection import StoreProblem
from sim.draws import prior_draws
from sim.run import run, run_cells
from sim.running.cells import Cell, Finished, tables_fingerprint
from tests.cities import plan_of
from tests.fitting.small_fit import NAMES, small_fit

ROOT = Path(__file__).parents[2]


@pytest.fixture
def where(tmp_path: Path) -> Iterator[Where]:
    store = PoolStore(tmp_path / "pool" / "fits.sqlite")
    yield Where(store, workers=1)
    store.close()


def test_rows_are_what_the_runs_show_and_are_taken_up(where: Where, tmp_path: Path) -> None:
    fit = replace(small_fit(tmp_path), seeds=2)
    draws = draws_for(fit, 2)
    assert [sorted(draw.changes) for draw in draws] == [sorted(NAMES)] * 2
    assert draws[0].changes[NAMES[0]] == prior_draws(1)[0].changes[NAMES[0]]
    first = fill(fit, draws[:1], where)
    assert (first.made, first.taken_up) == (2, 0)
    tables = run(draws[0].applied(fit.plan), draws[0].luck(1)).tables
    assert first.pool.statistics[1].tolist() == [target.of(tables, fit.plan.city) for target in fit.targets.all]
    assert first.pool.statistics[0].tolist() != first.pool.statistics[1].tolist()
    told: list[tuple[int, int]] = []
    both = fill(fit, draws, replace(where, progress=lambda done, of: told.append((done, of))))
    assert (both.made, both.taken_up) == (2, 2)
    assert told == [(1, 2), (2, 2)]
    assert np.array_equal(both.pool.statistics[:2], first.pool.statistics)
    assert both.pool.draw.tolist() == [draws[0].number] * 2 + [draws[1].number] * 2
    # another moment of the same runs: run again, and both are kept
    more = small_fit(tmp_path, "measure,year,group,value\nmiles,2027,*,1\n")
    assert fill(replace(more, seeds=1), draws[:1], where).made == 1
    assert fill(fit, draws, where).taken_up == 4


def test_targets_that_tell_nothing_are_refused_together(where: Where, tmp_path: Path) -> None:
    fit = small_fit(
        tmp_path,
        "measure,year,grade,subject,group,value\n"
        "first_choice_share,2027,,,*,0.9\ngap,2027,3-8,math,low income,0.6\n"
        "graduation_share,2027,,,*,.8\n",
    )
    draws = draws_for(fit, 2)
    same = replace(draws[1], changes=draws[0].changes, own_luck=False), replace(draws[0], own_luck=False)
    with pytest.raises(
        NotPossible, match=r"first_choice_share 2027 \(the same.*gap math 3-8 low income 2027 \(the same"
    ):
        fill(fit, same, where)
    assert len(where.store.rows()) == 1  # the same run twice is one


def test_other_parameters_are_drawn_where_asked(tmp_path: Path) -> None:
    fit = replace(small_fit(tmp_path), others="priors")
    (draw,) = draws_for(fit, 1)
    assert len(draw.changes) > 100
    declared_only = draws_for(small_fit(tmp_path), 1)[0]
    assert draw.changes[NAMES[0]] == pytest.approx(declared_only.changes[NAMES[0]]) or draw.number > 1


def test_a_killed_process_loses_no_finished_run(tmp_path: Path) -> None:
    code = f"""
    from pathlib import Path
    from calibration.fitting.pool import Where, draws_for, fill
    from calibration.fitting.pool_store import PoolStore
    from tests.fitting.small_fit import small_fit
    fit = small_fit(Path({str(tmp_path)!r}))
    fill(fit, draws_for(fit, 500), Where(PoolStore("fits.sqlite"), workers=1))
    """
    place = tmp_path / "fits.sqlite"
    going = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    try:
        for _ in range(600):
            time.sleep(0.1)
            if place.exists() and _count(place) >= 3:
                break
    finally:
        going.send_signal(signal.SIGKILL)
        going.wait()
    finished = _count(place)
    assert 3 <= finished < 500
    fit = small_fit(tmp_path)
    store = PoolStore(place)
    again = fill(fit, draws_for(fit, finished + 1), Where(store, workers=1))
    store.close()
    assert (again.taken_up, again.made) == (finished, 1)


def _count(place: Path) -> int:
    engine = create_engine(f"sqlite:///{place}")
    try:
        with engine.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM fit_run")).scalar_one())
    except Exception:
        return 0
    finally:
        engine.dispose()


def test_other_databases_are_left_alone(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'other.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE run (id INTEGER)"))
    engine.dispose()
    before = (tmp_path / "other.sqlite").read_bytes()
    with pytest.raises(StoreProblem, match="not a database of fits: it holds run"):
        PoolStore(tmp_path / "other.sqlite")
    assert (tmp_path / "other.sqlite").read_bytes() == before
    (tmp_path / "text.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(StoreProblem):
        PoolStore(tmp_path / "text.csv")


def test_a_run_whose_hash_nobody_asks_for_is_the_same_run() -> None:
    plan = plan_of(years=1)
    with_hash, without = (
        next(run_cells([plan], [Cell(0, 3)], baseline=plan.name, workers=1, hashed=hashed)) for hashed in (True, False)
    )
    assert isinstance(with_hash, Finished)
    assert isinstance(without, Finished)
    assert without.fingerprints == {}
    assert tables_fingerprint(without.tables[plan.name]) == with_hash.fingerprints[plan.name]
