"""Cities that are made for an experiment from totals, each another by seed."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from scenarios.making.making import make_district
from sim.city import City

FEWEST = 2_000
"""Pupils of the smallest city that can be made."""


def as_large_as(city: City, times: float = 1.0) -> int:
    """Pupils of a made city that is so many times as large as another; no fewer than can be made."""
    return max(FEWEST, round(times * int(city.enrollment["pupils"].sum())))


def made_city(what: str, seed: int, **totals: Any) -> City:
    """A city of these totals, `__` for the dots of their names (`groups__Black`); all else as assumed of any city. The
    same `what`, seed and totals give the same city."""
    return _made(f"{what} {seed}", tuple(sorted(totals.items())))


@lru_cache(maxsize=16)
def _made(seed: str, totals: tuple[tuple[str, Any], ...]) -> City:
    settings = {key.replace("__", "."): value for key, value in totals}
    return make_district(settings={**settings, "seed": seed}).city
