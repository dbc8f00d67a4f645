"""Cells on the processes of a Dask cluster; importing this module needs the extra `cluster`."""

from __future__ import annotations

import threading
import uuid
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from distributed import CancelledError, Client, Future, KilledWorker, Worker, WorkerPlugin, as_completed

from sim.running.cells import Cell, Failed, Finished, Work, failure, run_cell

RETRIES = 2
_PATIENCE = 30
"""Seconds in which the scheduler must answer and name a worker."""

_works: dict[str, Work] = {}
_one_at_a_time = threading.Lock()
"""Runs share what they keep of a city, so the threads of a worker take turns."""


class Carrier(WorkerPlugin):
    """Brings an ensemble's plans to every worker once, to those that join later too."""

    def __init__(self, key: str, work: Work) -> None:
        self.name, self.work = key, work

    def setup(self, worker: Worker) -> None:
        """Lay the plans down."""
        _works[self.name] = self.work

    def teardown(self, worker: Worker) -> None:
        """Take them away."""
        _works.pop(self.name, None)


def on_cluster(work: Work, cells: Iterable[Cell], address: str, code: str) -> Iterator[Finished | Failed]:
    """Cells as they finish on the workers of the scheduler at `address`; `code` is the version of the model here, which
    the workers' must equal. Raises OSError when no scheduler or no worker answers."""
    key = f"plans-{uuid.uuid4().hex}"
    waiting = deque(cells)
    with Client(address, timeout=_PATIENCE, set_as_default=False) as client:
        client.wait_for_workers(1, timeout=_PATIENCE)
        client.register_plugin(Carrier(key, work))
        flying: dict[str, tuple[Future[Finished], Cell]] = {}
        arriving = as_completed(loop=client.loop, raise_errors=False)
        try:
            while waiting or flying:
                # results wait on the workers until they are taken up, so few are asked for at a time
                room = 2 * max(1, sum(client.nthreads().values()))
                while waiting and len(flying) < room:
                    cell = waiting.popleft()
                    future = client.submit(_do, key, code, cell, retries=RETRIES, pure=False)
                    flying[future.key] = future, cell
                    arriving.add(future)
                # a result that is lost with its worker on the way here is made again: Dask's own executor would not
                # notice, and wait for it without end
                future = next(arriving)
                yield _taken(future, flying.pop(future.key)[1])
        finally:
            _leave(client, key, [future for future, _ in flying.values()])


def _leave(client: Client, key: str, flying: list[Future[Finished]]) -> None:
    """Call back what was asked for, as far as the scheduler still answers."""
    if client.status == "running":
        client.cancel(flying)
        client.unregister_worker_plugin(key)


def _taken(future: Future[Finished], cell: Cell) -> Finished | Failed:
    """The result of a cell; raises OSError where the scheduler has gone away."""
    try:
        return future.result()
    except KilledWorker:
        return Failed(cell, "its worker was killed again and again, perhaps for want of memory")
    except CancelledError as problem:
        raise OSError(f"the scheduler no longer answers ({problem})") from problem
    except Exception as error:
        return failure(cell, error)


def _do(key: str, code: str, cell: Cell) -> Any:
    from sim.run import code_version

    if code_version() != code:
        raise RuntimeError(
            f"a worker has another version of the model ({code_version()}, not {code}): install this one"
        )
    with _one_at_a_time:
        return run_cell(_works[key], cell)
