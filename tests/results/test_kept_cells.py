"""Cells are written as they finish: none that was finished is lost or written twice, whenever the program is killed."""

from __future__ import annotations

import os
import pickle
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from results import writing
from results.store import Store, StoreProblem
from results.stored import stored_ensemble
from sim.record import PAIR_TABLES, RUN_TABLES
from tests.results.pretend_ensemble import Pretended
from tests.results.writing_cells import cut, pretended, write_missing

ROOT = Path(__file__).parent.parent.parent
NewPlace = Callable[[], str]
KILLS = 5


@pytest.fixture(scope="module")
def made() -> Pretended:
    return pretended()


@pytest.fixture(autouse=True)
def code() -> None:
    """The true version of the code: other processes write here too."""


@pytest.fixture(scope="module")
def file(made: Pretended, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pretended ensemble for other programs."""
    path = tmp_path_factory.mktemp("cells") / "made.pickle"
    path.write_bytes(pickle.dumps(made))
    return path


def program(place: str, pause: float, file: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "tests.results.writing_cells", place, str(pause), str(file)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def whole(store: Store, made: Pretended) -> dict[str, pd.DataFrame]:
    """Every table as the ensemble of the store has it."""
    found = stored_ensemble(store, made.plans, made.draws, made.seeds, made.baseline)
    assert list(found.cells) == made.cells
    assert found.fingerprints == made.fingerprints
    return {name: found.tables[name] for name in [*RUN_TABLES, *PAIR_TABLES]}


def test_cells_come_back_in_order_whatever_the_order_in_which_they_were_written(
    new_place: NewPlace, made: Pretended
) -> None:
    draws = {draw.number: draw for draw in made.draws}
    with Store(new_place()) as store:
        for cell in reversed(made.cells):
            store.keep(made.plans, made.baseline, draws[cell[0]], cut(made, cell))
        for name, table in whole(store, made).items():
            pd.testing.assert_frame_equal(table, made.tables[name])
        assert write_missing(made, store) == []


def test_only_rows_that_are_asked_for_are_read(tmp_path: Path, made: Pretended) -> None:
    with Store(tmp_path / "runs.sqlite") as store:
        write_missing(made, store)
        narrow = stored_ensemble(store, made.plans, made.draws, made.seeds, made.baseline, where={"band": "3-8"}).tables
        asked: list[str] = []
        read = store.table
        store.table = lambda name, *rest: (asked.append(name), read(name, *rest))[1]  # type: ignore[method-assign]
        gaps = narrow["paired_gap_year"]
        assert narrow["paired_gap_year"] is gaps
        assert asked == ["paired_gap_year"]
    same = made.tables["paired_gap_year"]
    pd.testing.assert_frame_equal(gaps, same[same["band"] == "3-8"].reset_index(drop=True))


def test_a_cell_that_the_store_refused_stands_among_the_others(tmp_path: Path, made: Pretended) -> None:
    draws = {draw.number: draw for draw in made.draws}
    refused = made.cells[2]
    with Store(tmp_path / "runs.sqlite") as store:
        for cell in made.cells:
            if cell != refused:
                store.keep(made.plans, made.baseline, draws[cell[0]], cut(made, cell))
        found = stored_ensemble(store, made.plans, made.draws, made.seeds, made.baseline, held=[cut(made, refused)])
        assert list(found.cells) == made.cells
        assert found.fingerprints == made.fingerprints
        for name in ("level_year", "school", "paired_gap_year"):
            pd.testing.assert_frame_equal(found.tables[name], made.tables[name])


def test_a_cell_is_written_whole_or_not_at_all(
    new_place: NewPlace, made: Pretended, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = writing.bulk_insert, []

    def breaks(*args):  # type: ignore[no-untyped-def]
        calls.append(args[1].name)
        # the second plan's run: the first is written by then
        if calls.count("gap_year") == 2:
            raise RuntimeError("the power is gone")
        real(*args)

    monkeypatch.setattr(writing, "bulk_insert", breaks)
    with Store(new_place()) as store:
        with pytest.raises(RuntimeError, match="the power is gone"):
            store.keep(made.plans, made.baseline, made.draws[0], cut(made, made.cells[0]))
        assert store.runs().empty
        assert store.table("level_year").empty
        monkeypatch.undo()
        store.keep(made.plans, made.baseline, made.draws[0], cut(made, made.cells[0]))
        assert list(store.kept(made.plans, made.draws, made.seeds, made.baseline)) == [made.cells[0]]


def test_a_cell_without_its_pairs_is_missing(tmp_path: Path, made: Pretended) -> None:
    """A run that was stored beside another baseline is not yet compared with this one."""
    cell = made.cells[0]
    with Store(tmp_path / "runs.sqlite") as store:
        for number, plan in enumerate(made.plans):
            store.keep([plan], plan.name, made.draws[0], cut(made, cell))
            assert len(store.runs()) == number + 1
        assert store.kept(made.plans, made.draws, made.seeds, made.baseline) == {}
        assert write_missing(made, store)[0] == cell
        assert len(store.runs()) == len(made.plans) * len(made.cells)


def test_another_result_of_the_same_cell_is_refused(new_place: NewPlace, made: Pretended) -> None:
    done = cut(made, made.cells[0])
    with Store(new_place()) as store:
        store.keep(made.plans, made.baseline, made.draws[0], done)
        done.fingerprints = dict.fromkeys(done.fingerprints, "0" * 16)
        with pytest.raises(StoreProblem, match="status_quo with draw 1, seed 0 is stored as run 1 with another result"):
            store.keep(made.plans, made.baseline, made.draws[0], done)


def test_a_kill_at_any_moment_loses_no_finished_cell_and_writes_none_twice(
    new_place: NewPlace, made: Pretended, file: Path
) -> None:
    place, luck = new_place(), random.Random(7)
    finished: set[tuple[int, int]] = set()
    for _ in range(KILLS):
        process = program(place, 0.01, file)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        # from before the first cell to about the third
        timer = luck.uniform(0.0, 0.5)
        try:
            process.wait(timer)
        except subprocess.TimeoutExpired:
            process.kill()
        told = process.communicate()[0].splitlines()
        finished |= {(int(line.split()[0]), int(line.split()[1])) for line in told}
        with Store(place) as store:
            kept = set(store.kept(made.plans, made.draws, made.seeds, made.baseline))
            assert finished <= kept
            assert len(store.runs()) == len(made.plans) * len(kept)
            finished = kept
    with Store(place) as store:
        write_missing(made, store)
        assert len(store.runs()) == len(made.plans) * len(made.cells)
        for name, table in whole(store, made).items():
            pd.testing.assert_frame_equal(table, made.tables[name])


def test_two_programs_at_once_write_every_cell_once(new_place: NewPlace, made: Pretended, file: Path) -> None:
    place = new_place()
    both = [program(place, 0.0, file) for _ in range(2)]
    for process in both:
        process.communicate(timeout=120)
        assert process.returncode == 0
    with Store(place) as store:
        assert len(store.runs()) == len(made.plans) * len(made.cells)
        for name, table in whole(store, made).items():
            pd.testing.assert_frame_equal(table, made.tables[name])
