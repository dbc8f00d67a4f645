"""What a Dask cluster costs beyond plain processes: tasks that sleep, on two local processes and on a scheduler with
two workers on this machine. `python -m benchmarks.overhead [--tasks 80] [--seconds 0.5]`

Starting is not counted: every worker has done one task before the clock starts.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context

from distributed import Client, LocalCluster

WORKERS = 2


def seconds_of(pool: Executor, tasks: int, seconds: float) -> float:
    """Time for all tasks once the workers are warm."""
    for future in [pool.submit(time.sleep, 0.2) for _ in range(WORKERS * 2)]:
        future.result()
    started = time.perf_counter()
    for future in [pool.submit(time.sleep, seconds) for _ in range(tasks)]:
        future.result()
    return time.perf_counter() - started


def main() -> None:
    """Print both times and their ratio."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tasks", type=int, default=80)
    options.add_argument("--seconds", type=float, default=0.5)
    asked = options.parse_args()
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        plain = seconds_of(pool, asked.tasks, asked.seconds)
    with (
        LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        dask = seconds_of(client.get_executor(retries=2, pure=False), asked.tasks, asked.seconds)
    ideal = asked.tasks * asked.seconds / WORKERS
    print(f"{asked.tasks} tasks of {asked.seconds:g} s on {WORKERS} workers, ideal {ideal:.1f} s")
    print(f"processes {plain:.2f} s, Dask {dask:.2f} s: {100 * (dask / plain - 1):+.1f}%")


if __name__ == "__main__":
    main()
