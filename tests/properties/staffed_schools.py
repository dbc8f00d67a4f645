"""Schools as far as their staffs go, without a district around them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from sim.agents.schools import PRACTICES, School
from sim.agents.staff import Staff


def school(pupils: int = 300, sector: str = "district", **more: Any) -> School:
    """A school as far as its staff goes."""
    facts: dict[str, Any] = {
        "index": 0,
        "pupils": pupils,
        "sector": sector,
        "district_run": sector == "district",
        "operator": "district" if sector == "district" else "single_charter",
        "in_session": True,
        "smaller_classes": 0.0,
        "levels": dict.fromkeys(PRACTICES, 0.0),
        "usual": dict.fromkeys(PRACTICES, 0.0),
        "new": False,
        "new_staff": False,
        "restarted": None,
        "age": lambda year: None,
        "staff": Staff(),
        "converts": False,
        "key_bits": 7,
    }
    return cast(School, SimpleNamespace(**facts | more))


def city_of(*schools: School) -> list[School]:
    """Schools in the order of their places in the columns."""
    for index, one in enumerate(schools):
        one.index = index
    return list(schools)
