"""Which schools are looked at first: those that meet a trigger, weakest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.policies.policy import Sector, When

if TYPE_CHECKING:
    from sim.agents.schools import School
    from sim.district import District


def weakest_first(
    district: District,
    sector: Sector,
    when: When | None,
    spare_new_schools_for: int,
    schools: tuple[str, ...] | None = None,
) -> list[tuple[School, str]]:
    """Open schools that meet the trigger, lowest last rating first and the unrated last, each with the reason in words.

    Schools opened during the run are left out for their first years, and so are those not named where any are.
    """
    listed: list[tuple[School, str]] = []
    for school in district.open_schools(sector):
        age = school.age(district.year)
        if school.status != "open" or (age is not None and age <= spare_new_schools_for):
            continue
        if schools is not None and school.key not in schools:
            continue
        reason = rated(school) if when is None else when.met_by(school)
        if reason:
            listed.append((school, reason))
    return sorted(listed, key=lambda item: (item[0].rating if item[0].rating >= 0 else 100.0, item[0].key))


def best_first(school: School) -> tuple[float, str]:
    """The key by which the best rated come first and the unrated last."""
    return (-school.rating if school.rating >= 0 else 0.0, school.key)


def rated(school: School) -> str:
    """The last rating in words."""
    return f"rating {school.rating:.3g}" if school.rating >= 0 else "not rated so far"
