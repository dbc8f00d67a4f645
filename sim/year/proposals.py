"""Operators' answers to the district's call for proposals: who offers how many schools, and why the others do not."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.operator_files import OperatorFile
from sim.agents.ways import Grows, Way


@dataclass(frozen=True)
class Terms:
    """What the district offers whoever runs schools for it.

    `revenue_share` of its own revenue per pupil; `building`: whether it gives one; `autonomy` from its rules, 0 none
    to 1 all; `risk`: how likely politics is to undo it all, 0 not at all to 1.
    """

    revenue_share: float
    autonomy: float
    risk: float
    building: bool = False


@dataclass(frozen=True)
class Call:
    """A call for proposals: how many schools are wanted in which ways, on which terms.

    `start_up_grant` is dollars a school; `leaders` are those the district has trained and hands to whoever opens.
    """

    year: int
    schools: int
    ways: tuple[Way, ...]
    revenue_share: float
    building: bool
    autonomy: float
    risk: float
    start_up_grant: float
    leaders: int = 0


@dataclass(frozen=True)
class Standing:
    """How an operator stands when it is asked: `cash` in dollars, trained `leaders` without a school, and the schools
    it already opens in the same year."""

    operator: str
    cash: float
    leaders: float
    opening: int = 0


@dataclass(frozen=True)
class Proposal:
    """An offer to open schools."""

    operator: str
    way: Way
    schools: int
    seats: int
    """Of each school at full size."""
    grows: Grows
    needs_building: bool


@dataclass(frozen=True)
class Declined:
    """A refusal: the kinds of reason, the same from year to year while nothing changes, and the reasons in words."""

    operator: str
    kinds: str
    because: str


def answer(
    file: OperatorFile, standing: Standing, call: Call, appetite_draw: float, appetite: float
) -> Proposal | Declined:
    """What an operator answers to a call.

    It offers when the terms suit it, it is able to, and it has the appetite: when `appetite_draw`, 0 to 1, lies below
    `appetite`, the share of calls that suit which are answered. Every reason against is told; appetite only where
    there is no other.
    """
    able = able_to_open(file, standing, call)
    against = unsuited(file, call) | {kind: words for kind, (most, words) in able.items() if most < 1}
    if not against and appetite_draw >= appetite:
        against = {"appetite": "would suit, but grows elsewhere this year"}
    if against:
        return Declined(standing.operator, ", ".join(against), "; ".join(against.values()))
    return Proposal(
        standing.operator,
        next(way for way in file.ways if way in call.ways),
        min(call.schools, *(most for most, _ in able.values())),
        round(file.school_size.value),
        file.grows,
        file.needs.building,
    )


def unsuited(file: OperatorFile, call: Call) -> dict[str, str]:
    """What in the terms of a call does not suit an operator, in words by kind; empty when all does."""
    needs = file.needs
    against = {}
    if not set(file.ways) & set(call.ways):
        against["way"] = f"comes by {' or '.join(file.ways)}, is asked for {' or '.join(call.ways)}"
    if needs.building and not call.building:
        against["building"] = "needs a building, is offered none"
    if call.revenue_share < needs.revenue_share.value:
        against["revenue"] = (
            f"needs {needs.revenue_share.value:.0%} of per-pupil revenue, is offered {call.revenue_share:.0%}"
        )
    if call.autonomy < needs.autonomy.value:
        against["autonomy"] = f"needs {needs.autonomy.value:.0%} of all autonomy, is offered {call.autonomy:.0%}"
    if call.risk > needs.risk_tolerance.value:
        against["risk"] = f"bears {needs.risk_tolerance.value:.0%} of all political risk, meets {call.risk:.0%}"
    return against


def able_to_open(file: OperatorFile, standing: Standing, call: Call) -> dict[str, tuple[int, str]]:
    """How many schools an operator is able to open by each thing that limits it, with what it says at none.

    Leaders limit only those who mind; money only where the grant does not cover the start-up.
    """
    most = {"pace": (round(file.growth_a_year.value) - standing.opening, "opens as many schools as it can already")}
    if file.minds_leaders:
        most["leaders"] = (int(standing.leaders) + call.leaders, "has no trained leader left")
    own = file.start_up_dollars.value - call.start_up_grant
    if own > 0:
        most["money"] = (
            int(max(0.0, standing.cash) // own),
            f"has ${max(0.0, standing.cash):,.0f} for a start-up of ${file.start_up_dollars.value:,.0f}, "
            f"is given ${call.start_up_grant:,.0f}",
        )
    return most
