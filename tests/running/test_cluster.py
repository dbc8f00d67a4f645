"""A real Dask scheduler and two worker processes on this machine: the same bits, a killed worker included."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sim.draws import DECLARED, possible_draws
from sim.run import ClusterProblem, Finished, cells_of, ensemble, run_cells
from tests.cities import all_policies, plan_of

pytest.importorskip("distributed")
ROOT = Path(__file__).parent.parent.parent
pytestmark = [
    pytest.mark.xdist_group("running"),
    # the client's own threads and sockets are still closing when a killed worker's connection breaks
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def _started(words: list[str], log: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log.open("wb") as out:
        return subprocess.Popen([sys.executable, "-m", *words], stdout=out, stderr=out, env=environment, cwd=log.parent)


@contextmanager
def started(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The scheduler's address; the scheduler's process and those of two workers, which nobody starts again."""
    from distributed import Client

    told = tmp_path / "scheduler.json"
    where = ["--host", "127.0.0.1", "--no-dashboard"]
    scheduler = ["distributed.cli.dask_scheduler", *where, "--port", "0", "--scheduler-file", str(told)]
    processes = [_started(scheduler, tmp_path / "scheduler.log")]
    worker = ["distributed.cli.dask_worker", *where, "--no-nanny", "--nthreads", "1", "--scheduler-file", str(told)]
    try:
        for _ in range(600):
            if told.exists() and told.read_text(encoding="utf-8").rstrip().endswith("}"):
                break
            time.sleep(0.1)
        processes += [_started(worker, tmp_path / f"worker{number}.log") for number in range(2)]
        with Client(scheduler_file=str(told), set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
            address = client.scheduler.address
        yield address, processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_a_cluster_gives_the_same_bits_though_a_worker_is_killed(tmp_path: Path) -> None:
    plans = [plan_of(years=2, name="quiet"), plan_of(all_policies(), years=2, name="busy")]
    draws = [DECLARED, *possible_draws(1, plans)]
    here = ensemble(plans, range(4), draws=draws, workers=1)
    prints = {}
    with started(tmp_path) as (address, (_, worker, _)):
        run = run_cells(plans, cells_of(draws, range(4)), draws, baseline="quiet", cluster=address)
        for number, result in enumerate(run):
            assert isinstance(result, Finished), result
            prints |= {(name, *result.cell): value for name, value in result.fingerprints.items()}
            whole = here.tables["school_year"]
            whole = whole[(whole["draw"] == result.cell.draw) & (whole["seed"] == result.cell.seed)]
            for name, tables in result.tables.items():
                same = whole[whole["plan"] == name]
                assert same[list(tables["school_year"])].reset_index(drop=True).equals(tables["school_year"])
            if number == 1:
                worker.send_signal(signal.SIGKILL)
    assert prints == here.fingerprints


def test_no_scheduler_is_told() -> None:
    with pytest.raises(ClusterProblem, match="the cluster at nowhere cannot be used"):
        ensemble([plan_of(years=2)], [0], cluster="nowhere")


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "sim.running.cluster", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterProblem, match=r"pip install 'district-portfolio-sim\[cluster\]'"):
        ensemble([plan_of(years=2)], [0], cluster="tcp://127.0.0.1:1")


def test_a_scheduler_that_goes_away_is_told(tmp_path: Path) -> None:
    with started(tmp_path) as (address, processes):
        plans = [plan_of(years=2, name="quiet")]
        draws = [DECLARED]
        results = run_cells(plans, cells_of(draws, range(40)), draws, baseline="quiet", cluster=address)
        assert isinstance(next(results), Finished)
        processes[0].kill()
        with pytest.raises(ClusterProblem, match="cannot be used"):
            list(results)
