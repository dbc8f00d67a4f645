"""Many runs of one city with drawn parameters, written as they finish: time, memory of all processes, size of the
database. `python -m benchmarks.thousand [--runs 1000] [--pupils 20000] [--years 10] [--workers 2]`

Runs are two plans (left alone, and the library's `replicate`) at draws with two seeds each. Memory of the first
process is told at every tenth of the way: it must not grow with the number of runs. Small runs show that soonest:
`python -m benchmarks.thousand --runs 400 --pupils 2000 --years 2`.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

from benchmarks.cities import scaled_city
from results.store import Store
from results.stored import stored_ensemble
from scenarios.district_files import load_city
from sim.draws import possible_draws
from sim.plan import Plan, Years
from sim.policies import policies
from sim.run import Finished, ensemble

PLANS, SEEDS = 2, 2
OPENINGS = {"operators": ["average_network", "kipp"], "openings_per_year": 2}


def megabytes() -> float:
    """Memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def plans_of(pupils: int, years: int) -> list[Plan]:
    """Harbor City scaled, left alone and with new schools of two networks."""
    harbor = load_city("harbor_city")
    city = scaled_city(harbor, pupils / harbor.enrollment["pupils"].sum())
    span = Years(city.opening_year + 1, city.opening_year + years)
    opens = policies()["replication"].model_validate(OPENINGS)
    return [Plan("alone", city, span), Plan("opens", city, span, policies={"opens": opens})]


def main() -> None:
    """Run, and print what it took."""
    options = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("runs", 1000), ("pupils", 20_000), ("years", 10), ("workers", 2)):
        options.add_argument(f"--{name}", type=int, default=usual)
    options.add_argument("--store", help="keep the database here")
    asked = options.parse_args()
    plans = plans_of(asked.pupils, asked.years)
    draws = possible_draws(max(1, asked.runs // (PLANS * SEEDS)), plans)
    total, held = len(draws) * SEEDS, []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(asked.store or Path(folder) / "runs.sqlite")
        numbers = {draw.number: draw for draw in draws}
        with Store(place) as store:

            def sink(done: Finished) -> None:
                store.keep(plans, "alone", numbers[done.cell.draw], done)
                held.append(megabytes())
                if len(held) % max(1, total // 10) == 0:
                    print(f"{len(held) * PLANS:5} runs, {time.perf_counter() - started:7.0f} s, {held[-1]:6.0f} MiB")

            started = time.perf_counter()
            made = ensemble(plans, range(SEEDS), draws=draws, workers=asked.workers, sink=sink, keep_going=True)
            ran = time.perf_counter() - started
            found = stored_ensemble(store, plans, draws, range(SEEDS), "alone", where={"band": "3-8"})
            rows = len(found.tables["paired_gap_year"]) + len(found.tables["paired_level_year"])
            read = time.perf_counter() - started - ran
        size = sum(file.stat().st_size for file in place.parent.glob(f"{place.name}*")) / 2**20
    pupils = int(plans[0].city.enrollment["pupils"].sum())
    own, others = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"{len(made.fingerprints)} runs of {pupils:,} pupils x {asked.years} years, {len(made.failed)} cells failed")
    print(f"{ran:.0f} s with {asked.workers} workers, {ran / max(1, len(made.fingerprints)):.2f} s a run")
    print(f"peak memory {own:.0f} MiB here, {others:.0f} MiB in the largest worker; database {size:.0f} MiB")
    print(f"held here after a tenth of the cells {held[len(held) // 10]:.0f} MiB, after all {held[-1]:.0f} MiB")
    print(f"{rows:,} paired rows for the answer read in {read:.1f} s")


if __name__ == "__main__":
    main()
