"""What the game knows of the office: capital, tenure, money. Each is read here and nowhere else.

A district without politics has no capital and no tenure: the functions say None, and the game leaves them out.
"""

from __future__ import annotations

from sim.district import District
from sim.policies.policy import DISTRICT_WIDE, Policy


def capital(district: District) -> float | None:
    """Political capital left for the coming review, points; None without politics."""
    return None if district.office.politics == "off" else float(district.office.capital)


def capital_asked(district: District, policy: Policy, schools: tuple[str, ...]) -> float | None:
    """Political capital a move takes by the policy it becomes, points; None without politics."""
    if district.office.politics == "off":
        return None
    return sum(district.asking_price(policy, policy.slate, key) for key in schools or (DISTRICT_WIDE,))


def in_office(district: District) -> bool | None:
    """Whether the superintendent who began is still there; None where nobody can be lost."""
    return district.office.superintendent == 1 if district.office.politics == "on" else None


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
