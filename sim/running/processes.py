"""Cells on local processes; a process that is killed costs nothing but its own time."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection, get_context, parent_process

from sim.running.cells import Cell, Failed, Finished, Work, failure, run_cell

TRIES = 3
"""How often a cell is begun whose process is killed."""
_WAITING_EACH = 1
"""Cells handed over beyond those at work, so that no process waits for the next one; few, so that results are taken
up as they come and do not pile up."""

_work: Work | None = None


def in_this_process(work: Work, cells: Iterable[Cell]) -> Iterator[Finished | Failed]:
    """One cell after the other."""
    for cell in cells:
        try:
            result: Finished | Failed = run_cell(work, cell)
        except Exception as error:
            result = failure(cell, error)
        yield result


def in_processes(work: Work, cells: Iterable[Cell], workers: int, tries: int = TRIES) -> Iterator[Finished | Failed]:
    """Cells as they finish on `workers` new processes; whatever stops this stops the processes.

    When a process is killed, the cells then under way are set aside, the others go on in new processes, and those set
    aside are run one by one at the end, so that only the one that is to blame fails, after `tries`. Raises RuntimeError
    when the processes cannot be started.
    """
    waiting, killed, in_vain = deque(cells), Counter[Cell](), 0
    while waiting:
        before = len(waiting)
        lost = yield from _until_killed(work, waiting, workers)
        killed.update(lost)
        in_vain = in_vain + 1 if before - len(waiting) == len(lost) and lost else 0
        if in_vain >= tries:
            raise RuntimeError(f"processes for the runs end as soon as they start, {tries} times in a row")
    for cell in list(killed):
        while killed[cell] < tries and (yield from _until_killed(work, deque([cell]), 1)):
            killed[cell] += 1
        if killed[cell] >= tries:
            yield Failed(cell, f"its process was killed {tries} times, perhaps for want of memory")


def _until_killed(work: Work, waiting: deque[Cell], workers: int) -> Generator[Finished | Failed, None, list[Cell]]:
    """Take cells from `waiting` until there are none or a process is killed; returns the cells then lost."""
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(work,))
    flying: dict[Future[Finished], Cell] = {}
    lost: list[Cell] = []
    try:
        while (waiting or flying) and not lost:
            while waiting and len(flying) < workers + _WAITING_EACH and not lost:
                cell = waiting.popleft()
                try:
                    flying[pool.submit(_do, cell)] = cell
                except BrokenProcessPool:
                    lost.append(cell)
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                yield from _taken(future, flying.pop(future), lost)
        # the pool has given up: what is not done by now will not be
        for future, cell in flying.items():
            yield from _taken(future, cell, lost)
        return lost
    finally:
        _stop(pool)


def _taken(future: Future[Finished], cell: Cell, lost: list[Cell]) -> Iterator[Finished | Failed]:
    try:
        yield future.result()
    except BrokenProcessPool:
        lost.append(cell)
    except Exception as error:
        yield failure(cell, error)


def _stop(pool: ProcessPoolExecutor) -> None:
    # a run takes seconds or minutes: who stops does not wait for it
    processes = list((pool._processes or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join()


def _begin(work: Work) -> None:
    global _work
    _work = work
    # Ctrl-C reaches every process of the terminal; the first one decides what to keep
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_first_process, daemon=True).start()


def _end_with_the_first_process() -> None:
    first = parent_process()
    if first is not None:
        connection.wait([first.sentinel])
        os._exit(1)


def _do(cell: Cell) -> Finished:
    assert _work is not None
    return run_cell(_work, cell)
