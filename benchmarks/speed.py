"""Pupils x years a second and memory at several sizes. `python -m benchmarks.speed [--sizes 10000 50000 200000]`

Harbor City is scaled by copying its schools and zones side by side. The opening year is timed apart from the years.
"""

from __future__ import annotations

import argparse
import resource
import time

from benchmarks.cities import scaled_city
from scenarios.district_files import load_city
from sim.district import District
from sim.plan import Plan, Years


def main() -> None:
    """Print one line a size."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=[10_000, 50_000, 200_000])
    options.add_argument("--years", type=int, default=5)
    chosen = options.parse_args()
    city = load_city("harbor_city")
    warm = Plan("warm", city, Years(city.opening_year + 1, city.opening_year + 2))
    District(warm, 0).run_to_end()
    print("pupils   schools  fit+open s  open again s  years s  pupil-years/s  peak MiB")
    for size in chosen.sizes:
        big = scaled_city(city, size / city.enrollment["pupils"].sum())
        plan = Plan("speed", big, Years(big.opening_year + 1, big.opening_year + chosen.years))
        started = time.perf_counter()
        District(plan, 1)
        fitted = time.perf_counter()
        district = District(plan, 2)
        opened = time.perf_counter()
        district.run_to_end()
        ended = time.perf_counter()
        pupils = int(big.enrollment["pupils"].sum())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{pupils:7,}  {len(big.schools):7}  {fitted - started:10.1f}  {opened - fitted:12.2f}  "
            f"{ended - opened:7.2f}  {pupils * chosen.years / (ended - opened):13,.0f}  {peak:8.0f}"
        )


if __name__ == "__main__":
    main()
