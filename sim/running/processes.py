"""Cells on local processes; a process that is killed costs nothing but its own time."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection

from sim.running.cells import Cell, Failed, Finished, Work, failure, run_cell

TRIES = 3
"""How often a cell is begun whose process is killed."""
_AHEAD = 2
"""Cells a process has at most: the one at work and the next, so that it need not wait; few, so that results are taken
up as they come and do not pile up."""
Result = Finished | Failed


def in_this_process(work: Work, cells: Iterable[Cell]) -> Iterator[Result]:
    """One cell after the other."""
    for cell in cells:
        try:
            result: Result = run_cell(work, cell)
        except Exception as error:
            result = failure(cell, error)
        yield result


def in_processes(work: Work, cells: Iterable[Cell], workers: int, tries: int = TRIES) -> Iterator[Result]:
    """Cells as they finish on `workers` new processes; whatever stops this stops the processes.

    When a process is killed, the cell then at work is set aside, another process takes its place, and what was set
    aside is run at the end, one by one, so that only a cell that is to blame fails, after `tries`. Raises RuntimeError
    when processes end before they have done anything, `tries` times in a row.
    """
    waiting, killed = deque(cells), Counter[Cell]()
    yield from _until_done(work, waiting, workers, killed, tries)
    for cell in list(killed):
        while 0 < killed[cell] < tries:
            before = killed[cell]
            yield from _until_done(work, deque([cell]), 1, killed, tries)
            if killed[cell] == before:
                del killed[cell]  # done at last
        if killed[cell] >= tries:
            yield Failed(cell, f"its process was killed {tries} times, perhaps for want of memory")


def _until_done(work: Work, waiting: deque[Cell], workers: int, killed: Counter[Cell], tries: int) -> Iterator[Result]:
    """Run the cells that wait; those whose process is killed are counted in `killed` and not begun again."""
    processes: dict[Connection, _Process] = {}
    in_vain, alone = 0, len(waiting) == 1
    try:
        while waiting or any(one.cells for one in processes.values()):
            for _ in range(min(workers - len(processes), len(waiting))):
                one = _Process(work)
                processes[one.pipe] = one
            # one each before any has a second, and no second where another process may soon be without any
            for most in (1, _AHEAD if len(waiting) > 2 * workers else 1):
                for one in processes.values():
                    one.take(waiting, most)
            for pipe in connection.wait([pipe for pipe, one in processes.items() if one.cells]):
                one = processes[pipe]  # type: ignore[index]
                result = one.result()
                if result is not None:
                    in_vain = 0
                    yield result
                    continue
                del processes[one.pipe]
                in_vain += not one.done_any
                killed[one.cells.popleft()] += 1
                waiting.extendleft(reversed(one.cells))
                one.end()
                if in_vain >= tries and not alone:
                    raise RuntimeError(f"processes for the runs end as soon as they start, {tries} times in a row")
    finally:
        for one in processes.values():
            one.process.terminate()  # a run takes seconds or minutes: who stops does not wait for it
        for one in processes.values():
            one.end()


class _Process:
    """One process with a pipe of its own: where all share one, as in Python's pool, a process that is killed while its
    result is on the way leaves the others' results unread for ever."""

    def __init__(self, work: Work) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, work), daemon=True)
        self.process.start()
        theirs.close()  # else its end would not be seen
        self.cells: deque[Cell] = deque()
        self.done_any = False

    def take(self, waiting: deque[Cell], most: int) -> None:
        """Hand over cells that wait, until it has `most`."""
        while waiting and len(self.cells) < most:
            cell = waiting.popleft()
            self.cells.append(cell)
            try:
                self.pipe.send(cell)
            except OSError:
                return  # it has been killed, as its result will tell

    def result(self) -> Result | None:
        """The result of its first cell; None where it has been killed."""
        try:
            found: Result = self.pipe.recv()
        except (EOFError, OSError):
            return None
        self.cells.popleft()
        self.done_any = True
        return found

    def end(self) -> None:
        """Wait for its end and let go of the pipe."""
        self.process.join()
        self.pipe.close()


def _serve(pipe: Connection, work: Work) -> None:
    """The life of a process: cells in, results out, until the pipe is closed."""
    # Ctrl-C reaches every process of the terminal; the first one decides what to keep
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_first_process, daemon=True).start()
    while True:
        try:
            cell = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(run_cell(work, cell))
        except Exception as error:
            pipe.send(failure(cell, error))


def _end_with_the_first_process() -> None:
    first = parent_process()
    if first is not None:
        connection.wait([first.sentinel])
        os._exit(1)
