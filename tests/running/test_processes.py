"""Cells on local processes: the same anywhere, let go as they finish, and none lost to a process that is killed."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import time
import weakref
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from sim.draws import DECLARED, Draw, possible_draws
from sim.plan import Plan
from sim.run import Ensemble, cells_of, ensemble, run_cells
from sim.running import processes
from sim.running.cells import Cell, Failed, Finished, Work
from sim.running.processes import in_processes
from tests.cities import all_policies, plan_of

pytestmark = pytest.mark.xdist_group("running")
SEEDS = (0, 1)


@cache
def plans() -> list[Plan]:
    return [plan_of(years=2, name="quiet"), plan_of(all_policies(), years=2, name="busy")]


@cache
def draws() -> list[Draw]:
    return [DECLARED, *possible_draws(2, plans())]


@pytest.fixture(scope="module")
def here() -> Ensemble:
    """Three draws at two seeds, in this process."""
    return ensemble(plans(), SEEDS, draws=draws(), workers=1)


class Deadly(Draw):
    """Ends the process that runs it, as a lack of memory would."""

    def applied(self, plan: Plan) -> Plan:
        os.kill(os.getpid(), signal.SIGKILL)
        return plan


class Wrong(Draw):
    """Parameters under which the model stops with an error."""

    def applied(self, plan: Plan) -> Plan:
        raise ArithmeticError("no city can be like this")


class Counted(dict[int, Draw]):
    """Counts how often it leaves this process."""

    sent = 0

    def __reduce__(self) -> tuple[type[dict[int, Draw]], tuple[Mapping[int, Draw]]]:
        Counted.sent += 1
        return dict, (dict(self),)


def test_processes_give_what_this_process_gives(here: Ensemble) -> None:
    other = ensemble(plans(), SEEDS, draws=draws(), workers=2)
    assert other.fingerprints == here.fingerprints
    assert len(set(here.fingerprints.values())) == len(plans()) * len(here.cells)
    for name, table in here.tables.items():
        assert table.equals(other.tables[name]), name


def test_every_table_tells_plan_draw_and_seed(here: Ensemble) -> None:
    for name, table in here.tables.items():
        assert table["draw"].dtype == table["seed"].dtype == "int64", name
    expected = [(plan.name, *cell) for plan in plans() for cell in here.cells]
    found = here.tables["level_year"][["plan", "draw", "seed"]].drop_duplicates()
    assert list(found.itertuples(index=False, name=None)) == expected
    pairs = here.tables["paired_gap_year"][["plan", "baseline", "draw", "seed"]].drop_duplicates()
    assert len(pairs) == len(here.cells)


def test_the_declared_values_are_draw_0_bit_for_bit(here: Ensemble) -> None:
    alone = ensemble(plans(), SEEDS, workers=1)
    assert alone.fingerprints == {key: value for key, value in here.fingerprints.items() if key[1] == 0}
    for name, table in alone.tables.items():
        same = here.tables[name]
        assert table.equals(same[same["draw"] == 0].reset_index(drop=True)), name


def test_a_cell_is_let_go_once_it_is_handed_over(here: Ensemble) -> None:
    alive: list[weakref.ref[Finished]] = []
    most: list[int] = []

    def sink(done: Finished) -> None:
        alive.append(weakref.ref(done))
        gc.collect()
        most.append(sum(one() is not None for one in alive))

    runs = ensemble(plans(), SEEDS, draws=draws(), workers=1, sink=sink, skip=[(0, 1)])
    assert len(most) == len(here.cells) - 1
    assert max(most) <= 2
    assert runs.tables == {}
    assert runs.fingerprints == {key: value for key, value in here.fingerprints.items() if key[1:] != (0, 1)}


def test_a_killed_process_costs_no_cell(here: Ensemble) -> None:
    cells = cells_of(draws(), SEEDS)
    before = set(multiprocessing.active_children())
    found = {}
    for number, result in enumerate(run_cells(plans(), cells, draws(), baseline="quiet", workers=2)):
        assert isinstance(result, Finished)
        found[result.cell] = result
        if number == 0:
            victim = (set(multiprocessing.active_children()) - before).pop()
            os.kill(victim.pid or 0, signal.SIGKILL)
    assert set(found) == set(cells)
    assert {(name, *cell): one.fingerprints[name] for cell, one in found.items() for name in one.fingerprints} == (
        here.fingerprints
    )


def test_few_cells_are_shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process has a second cell while another has none."""
    at_work: list[int] = []
    wait = processes.connection.wait

    def watched(pipes):  # type: ignore[no-untyped-def]
        at_work.append(len(pipes))
        return wait(pipes)

    monkeypatch.setattr(processes.connection, "wait", watched)
    cells = [Cell(0, 0), Cell(0, 1)]
    done = list(in_processes(Work(tuple(plans()[:1]), "quiet", {0: DECLARED}), cells, workers=2))
    assert {one.cell for one in done} == set(cells)
    assert at_work[0] == 2


def _idle(pid: int) -> bool:
    """Whether a process has stopped working: its result is larger than a pipe holds, and nobody reads it."""
    stat = Path(f"/proc/{pid}/stat")
    for _ in range(600):
        before = stat.read_text(encoding="ascii").split()[13:15]
        time.sleep(0.3)
        if stat.read_text(encoding="ascii").split()[13:15] == before != ["0", "0"]:
            return True
    return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
def test_processes_killed_while_their_results_are_on_the_way_cost_no_cell(here: Ensemble) -> None:
    """In Python's own pool the rest of such a result would be waited for without end."""
    cells = cells_of(draws(), SEEDS)
    before = set(multiprocessing.active_children())
    results = run_cells(plans(), cells, draws(), baseline="quiet", workers=2)
    found = {}
    for number, result in enumerate(results):
        assert isinstance(result, Finished)
        found[result.cell] = result
        if number == 0:
            for child in set(multiprocessing.active_children()) - before:
                assert _idle(child.pid or 0)
                os.kill(child.pid or 0, signal.SIGKILL)
    assert {(name, *cell): one.fingerprints[name] for cell, one in found.items() for name in one.fingerprints} == (
        here.fingerprints
    )


def test_only_the_cell_that_kills_its_process_fails_and_plans_are_sent_once_a_process() -> None:
    Counted.sent = 0
    work = Work(tuple(plans()[:1]), "quiet", Counted({0: DECLARED, 7: Deadly(7)}))
    cells = [Cell(0, 0), Cell(7, 0), Cell(0, 1), Cell(0, 2), Cell(0, 3)]
    results = list(in_processes(work, cells, workers=1, tries=2))
    failed = [one for one in results if isinstance(one, Failed)]
    assert [one.cell for one in failed] == [Cell(7, 0)]
    assert "killed 2 times" in failed[0].reason
    assert {one.cell for one in results} == set(cells)
    # one process until the first is killed, one for the rest, one for each cell set aside
    assert Counted.sent < len(cells)


def test_an_error_of_the_model_is_raised_or_told() -> None:
    asked = {"draws": [DECLARED, Wrong(5)], "workers": 1}
    with pytest.raises(ArithmeticError, match="no city can be like this"):
        ensemble(plans()[:1], [0], **asked)  # type: ignore[arg-type]
    runs = ensemble(plans()[:1], [0], keep_going=True, **asked)  # type: ignore[arg-type]
    assert [(one.cell, one.reason) for one in runs.failed] == [
        (Cell(5, 0), "ArithmeticError: no city can be like this")
    ]
    assert runs.cells == [Cell(0, 0)]
    assert set(runs.tables["level_year"]["draw"]) == {0}


def test_who_stops_leaves_no_process_behind() -> None:
    before = set(multiprocessing.active_children())
    results = run_cells(plans(), cells_of(draws(), SEEDS), draws(), baseline="quiet", workers=2)
    next(results)
    results.close()
    for child in set(multiprocessing.active_children()) - before:
        child.join(60)  # told to end, it may still be letting go of what it has loaded
    assert set(multiprocessing.active_children()) <= before


def test_draws_are_named_once() -> None:
    with pytest.raises(ValueError, match="draws and seeds are each named once"):
        ensemble(plans(), [0], draws=[DECLARED, DECLARED])
    with pytest.raises(ValueError, match="at least one plan, one draw"):
        ensemble(plans(), [0], draws=[])
