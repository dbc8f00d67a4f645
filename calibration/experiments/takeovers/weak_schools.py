"""Which schools are taken over or turned around, and those beside them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from calibration.experiments.children import opened
from calibration.patterns.pattern import plan_with
from sim.city import City
from sim.plan import Plan


def weakest(city: City, seed: int, grades: Collection[int], most: int, below: int) -> tuple[list[str], list[str]]:
    """Ids of the district schools with the lowest opening rating among those that teach the grades: the `most` lowest,
    and the `below` next ones. Where there are few schools at most a third are taken."""
    district = opened(plan_with("as it is", {}, years=1, city=city), seed)
    own = [
        school
        for school in district.schools
        if school.sector == "district" and set(grades) <= set(school.grades_at_full_size)
    ]
    own = sorted(own, key=lambda school: (school.rating, school.key))
    most = max(1, min(most, len(own) // 3))
    keys = [school.key for school in own]
    return keys[:most], keys[most : most + below]


def plan_in(city: City, keys: Collection[str], policy: Mapping[str, Any], years: int) -> Plan:
    """A plan of one policy, decided in the first year, in some schools."""
    return plan_with("changed", {"it": {**policy, **_only(policy, keys)}}, years=years, city=city)


def _only(policy: Mapping[str, Any], keys: Collection[str]) -> dict[str, Any]:
    if policy["use"] == "restart":
        return {"schools": sorted(keys), "per_year": len(keys), "when": None}
    return {"where": {"schools": sorted(keys)}}
