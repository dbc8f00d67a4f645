"""What the game knows of the office: capital, tenure, money. Each is read here and nowhere else.

A district without politics has no capital and no tenure: the functions say None, and the game leaves them out.
"""

from __future__ import annotations

from scenarios.play.kinds import Move
from sim.district import District


def capital(district: District) -> float | None:
    """Political capital left; None without politics."""
    politics = getattr(district, "politics", None)
    left = getattr(politics, "capital", None)
    return None if left is None else float(left)


def capital_asked(district: District, move: Move) -> float | None:
    """Political capital a move takes; None without politics."""
    politics = getattr(district, "politics", None)
    asks = getattr(politics, "capital_of_a_move", None)
    return None if asks is None else float(asks(move))


def in_office(district: District) -> bool | None:
    """Whether the superintendent who began is still there; None without politics."""
    politics = getattr(district, "politics", None)
    there = getattr(politics, "in_office", None)
    return None if there is None else bool(there)


def spending(district: District) -> float:
    """What the district spends on its pupils in a year before any move, dollars."""
    return float(district.city.dollars_per_pupil) * sum(school.pupils for school in district.schools)


def cost_by_item(district: District, year: int) -> dict[str, float]:
    """What is recorded to have been spent in a year on what the plan does, dollars by item; nothing at 0."""
    items: dict[str, float] = {}
    for row in district.record.rows["cost_year"]:
        if row["year"] == year and row["dollars"]:
            items[row["item"]] = items.get(row["item"], 0.0) + row["dollars"]
    return items
