"""What a move costs, as the district's own books will show it."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from scenarios.play import office
from scenarios.play.asking import kind_of
from scenarios.play.kinds import Move
from sim.agents.schools import School
from sim.district import District
from sim.year.practices import practice_dollars

PRACTICE_OF = {
    "longer_day": "extended_time",
    "tutoring": "diagnostics_and_intervention",
    "coaching": "professional_development",
    "culture": "culture_and_parents",
}
"""The practice a kind of move brings, by the kind's name."""


@dataclass(frozen=True)
class Price:
    """Dollars a year from next September on and dollars once, at this June's pupils; political capital once.

    Dollars are None where the books hold nothing of the kind: it is not free, it is not counted.
    """

    dollars_a_year: float | None
    capital: float | None = None
    dollars_once: float | None = None


def price_of(move: Move, district: District) -> Price:
    """The price of a move; see `Price`. Raises NotOnOffer for a kind that does not exist."""
    kind, p = kind_of(move.kind), district.plan.parameters
    capital = office.capital_asked(district, kind.policy(move, district.year + 1), move.schools)
    if kind.name == "open":
        return Price(None, capital, p["money.start_up"])
    if kind.name == "restart":
        pupils = sum(district.school(key).pupils for key in move.schools)
        return Price(None, capital, pupils * p["money.restart"] * round(p["money.restart_years"]))
    if kind.name not in PRACTICE_OF and kind.name != "smaller_classes":
        return Price(None, capital)
    more = 0.0
    for key in move.schools:
        school = district.school(key)
        more += _dollars(_after(school, move), district) - _dollars(school, district)
    return Price(more, capital)


def _after(school: School, move: Move) -> School:
    """The school as it would be after the move."""
    after = copy.copy(school)
    share = move.share or 0.0
    if move.kind == "smaller_classes":
        after.smaller_classes = max(share, school.smaller_classes)
    else:
        name = PRACTICE_OF[move.kind]
        after.levels = {**school.levels, name: max(share, school.levels[name])}
    return after


def _dollars(school: School, district: District) -> float:
    return sum(practice_dollars(school, district.city.dollars_per_pupil, district.plan.parameters).values())
