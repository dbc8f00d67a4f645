"""A program that runs a small city and is killed at random moments, again and again, until it has finished: no finished
run may be lost or written twice, and the end must equal an uninterrupted one. `python -m benchmarks.kills [--kills 50]`
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.thousand import plans_of
from results.store import Store
from results.stored import stored_ensemble
from sim.draws import Draw, possible_draws
from sim.plan import Plan
from sim.record import PAIR_TABLES, RUN_TABLES
from sim.run import ensemble

PUPILS, YEARS, SEEDS = 1500, 2, 2
SOONEST, LATEST = 1.0, 25.0
"""Seconds after its start in which the program is killed: from while it loads to well into its runs."""


def asked_for(draws: int) -> tuple[list[Plan], list[Draw]]:
    """The plans and draws of the program."""
    plans = plans_of(PUPILS, YEARS)
    return plans, possible_draws(draws, plans)


def work(place: Path, draws_wanted: int) -> None:
    """Run what is missing, one cell after the other, and tell each once it is kept."""
    plans, draws = asked_for(draws_wanted)
    numbers = {draw.number: draw for draw in draws}
    with Store(place) as store:
        known = store.kept(plans, draws, range(SEEDS), "alone")

        def sink(done):  # type: ignore[no-untyped-def]
            store.keep(plans, "alone", numbers[done.cell.draw], done)
            print(*done.cell, flush=True)

        ensemble(plans, range(SEEDS), draws=draws, workers=1, sink=sink, skip=list(known))


def main() -> None:
    """Kill, check, and compare with an uninterrupted program at the end."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--draws", type=int, default=100)
    options.add_argument("--luck", type=int, default=0)
    options.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.work is not None:
        work(asked.work, asked.draws)
        return
    plans, draws = asked_for(asked.draws)
    luck, told, killed, rounds = random.Random(asked.luck), set[tuple[int, int]](), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "killed.sqlite"
        Store(place).close()
        while killed < asked.kills:
            rounds += 1
            words = [sys.executable, "-m", "benchmarks.kills", "--work", str(place), "--draws", str(asked.draws)]
            process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
            try:
                process.wait(luck.uniform(SOONEST, LATEST))
            except subprocess.TimeoutExpired:
                process.kill()
                killed += 1
            lines = process.communicate()[0].splitlines()
            told |= {(int(line.split()[0]), int(line.split()[1])) for line in lines if len(line.split()) == 2}
            with Store(place) as store:
                kept, runs = store.kept(plans, draws, range(SEEDS), "alone"), store.runs()
            lost, twice = told - set(kept), len(runs) - len(plans) * len(kept)
            if lost or twice:
                raise SystemExit(f"after {killed} kills {len(lost)} finished cells are lost, {twice} runs too many")
            if process.returncode == 0:
                break
        print(f"{killed} kills, {len(kept)} of {len(draws) * SEEDS} cells kept, none lost, none twice")
        work(place, asked.draws)
        whole = ensemble(plans, range(SEEDS), draws=draws, workers=1)
        with Store(place) as store:
            found = stored_ensemble(store, plans, draws, range(SEEDS), "alone")
            same = found.fingerprints == whole.fingerprints and all(
                found.tables[name].equals(whole.tables[name]) for name in (*RUN_TABLES, *PAIR_TABLES)
            )
        print("the end equals an uninterrupted program bit for bit" if same else "THE END DIFFERS")
        raise SystemExit(0 if same else 1)


if __name__ == "__main__":
    main()
