"""How much faster children as columns are than children as objects: the same years of the same city, both ways."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "oracle")]

from twin_district import TwinDistrict  # noqa: E402

from benchmarks.cities import scaled_city  # noqa: E402
from scenarios.district_files import load_city  # noqa: E402
from sim.agents.students import release  # noqa: E402
from sim.city import City  # noqa: E402
from sim.district import District  # noqa: E402
from sim.plan import Plan, Years  # noqa: E402


def pupil_years(kind: type[District], plan: Plan, seed: int) -> tuple[float, float]:
    """Pupil-years a second and seconds, the opening not counted."""
    district = kind(plan, seed)
    pupils, seconds = 0, 0.0
    for _ in plan.years:
        started = time.perf_counter()
        district.step()
        seconds += time.perf_counter() - started
        pupils += sum(school.pupils for school in district.schools)
    release(district)
    return pupils / seconds, seconds


def main() -> None:
    """Time both and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pupils", type=int, default=50_000, help="pupils in the opening year, about")
    parser.add_argument("--years", type=int, default=2, help="school years")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    city = load_city("harbor_city")
    pupils = int(city.enrollment["pupils"].sum())
    small, large = (scaled_city(city, wanted / pupils) for wanted in (pupils / 10, asked.pupils))

    def plan(city: City, years: int) -> Plan:
        return Plan(city.name, city, Years(city.opening_year + 1, city.opening_year + years))

    District(plan(small, 1), asked.seed).step()  # compile outside the clock
    started = time.perf_counter()
    District(plan(large, asked.years), asked.seed)
    print(
        f"{int(large.enrollment['pupils'].sum()):,} pupils, {len(large.schools)} schools, {asked.years} years; "
        f"opening the city {time.perf_counter() - started:.0f} s"
    )
    columns, seconds = pupil_years(District, plan(large, asked.years), asked.seed)
    print(f"columns  {columns:12,.0f} pupil-years a second ({seconds:.2f} s)")
    objects, seconds = pupil_years(TwinDistrict, plan(large, asked.years), asked.seed)
    print(f"objects  {objects:12,.0f} pupil-years a second ({seconds:.2f} s)")
    print(f"ratio    {columns / objects:12.1f}")


if __name__ == "__main__":
    main()
