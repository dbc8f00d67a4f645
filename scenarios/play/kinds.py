"""Kinds of moves: what a player can have the district do in a year, each an ordinary policy of that year alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from sim.agents.schools import School
from sim.district import District
from sim.policies import policies
from sim.policies.policy import Policy

MOST_SCHOOLS = 50
"""Schools of one move; the policies take no more in a year."""


@dataclass(frozen=True)
class Move:
    """One move as the player asks for it: its kind, the schools' ids, and what else the kind needs."""

    kind: str
    schools: tuple[str, ...] = ()
    operator: str = ""
    share: float | None = None
    choice: str = ""


@dataclass(frozen=True)
class Amount:
    """How much of a practice a move brings: a share and what it is of."""

    usual: float
    low: float
    high: float
    of: str


@dataclass(frozen=True)
class Kind:
    """A kind of move: its words, what it asks for, and the settings of the policy it becomes."""

    name: str
    title: str
    means: str
    use: str
    settings: Callable[[Move], dict[str, Any]] = field(repr=False)
    whose: Literal["", "district", "bound", "any"] = ""
    """Schools it is about: none, those the district runs, those not yet freed of rules, or any."""
    operator: Literal["", "may", "must"] = ""
    amount: Amount | None = None
    choices: tuple[str, ...] = ()
    structural: bool = False
    """Whether a school can have only one such move at a time."""

    def may_have(self, school: School, district: District) -> bool:
        """Whether the move can be made on a school now, as far as anybody can see."""
        if school.status != "open" or not school.pupils or school.told_to_go:
            return False
        if self.whose == "district" and not school.district_run:
            return False
        if self.whose == "bound" and school.sector != "district":
            return False
        if self.use == "seat_expansion" and (school.coming_seats or school.grades != school.grades_at_full_size):
            return False
        held = district.decided.holders.get(school.key) if self.structural else None
        return held is None or held.effective <= district.year

    def policy(self, move: Move, year: int) -> Policy:
        """The policy that makes the move in `year` and nothing after."""
        made = self.settings(move) | {"first": year, "last": year}
        return policies()[self.use].model_validate(made)


def _all_at_once(move: Move) -> dict[str, Any]:
    return {"schools": move.schools, "per_year": len(move.schools)}


def _where(move: Move) -> dict[str, Any]:
    return {"where": {"sector": "district", "schools": move.schools}}


def _practice(name: str) -> Callable[[Move], dict[str, Any]]:
    def settings(move: Move) -> dict[str, Any]:
        # tutoring is what the policy does by default: a move of another practice has none
        return {"diagnostics_and_intervention": 0.0, name: move.share, **_where(move)}

    return settings


SITES = ("low rated", "low income", "spread")
SYSTEMS = ("zoned", "separate_lotteries", "unified")

KINDS: tuple[Kind, ...] = (
    Kind(
        "close",
        "Close a school",
        "It teaches one more year and takes nobody new; then its pupils choose again.",
        "closure",
        lambda move: {
            "when": None,
            "only_if_better_seat_within": None,
            "spare_new_schools_for": 0,
            **_all_at_once(move),
        },
        whose="any",
        structural=True,
    ),
    Kind(
        "phase_out",
        "Phase a school out",
        "It teaches one more year as it is, then one grade fewer every year; nobody is sent away. An operator may open "
        "a school on the site that grows as the old one shrinks.",
        "phase_out",
        lambda move: {
            "when": None,
            "spare_new_schools_for": 0,
            "replaced_by": move.operator or None,
            **_all_at_once(move),
        },
        whose="any",
        operator="may",
        structural=True,
    ),
    Kind(
        "restart",
        "Hand a school to an operator",
        "After one more year another operator runs it; pupils, building and zone stay, half the staff does not.",
        "restart",
        lambda move: {"operators": (move.operator,), "when": None, "spare_for": 0, **_all_at_once(move)},
        whose="district",
        operator="must",
        structural=True,
    ),
    Kind(
        "open",
        "Let an operator open a school",
        "480 seats, open after one more year from the lowest grade up, on a closed school's site if there is one.",
        "replication",
        lambda move: {"operators": (move.operator,), "openings_per_year": 1, "site": move.choice},
        operator="must",
        choices=SITES,
    ),
    Kind(
        "expand",
        "Add seats to a school",
        "The seats are there after one more year.",
        "seat_expansion",
        lambda move: {"rating_above": None, "fill_above": None, "more": move.share, **_all_at_once(move)},
        whose="any",
        amount=Amount(0.2, 0.05, 1.0, "the seats there are"),
        structural=True,
    ),
    Kind(
        "longer_day",
        "Lengthen the day",
        "More time in school from this September on, for good.",
        "extended_day",
        lambda move: {"extra_time": move.share, **_where(move)},
        whose="district",
        amount=Amount(0.2, 0.05, 0.5, "the usual day"),
    ),
    Kind(
        "tutoring",
        "Tutor pupils",
        "Tests find who is behind, and tutors work with them from this September on, for good.",
        "practices",
        _practice("diagnostics_and_intervention"),
        whose="district",
        amount=Amount(0.3, 0.05, 1.0, "the pupils"),
    ),
    Kind(
        "coaching",
        "Coach teachers",
        "Coaches work with teachers from this September on, for good.",
        "practices",
        _practice("professional_development"),
        whose="district",
        amount=Amount(1.0, 0.1, 1.0, "the teachers"),
    ),
    Kind(
        "culture",
        "Work on culture and with parents",
        "High expectations and parents in the school from this September on, for good.",
        "practices",
        _practice("culture_and_parents"),
        whose="district",
        amount=Amount(1.0, 0.1, 1.0, "the whole practice"),
    ),
    Kind(
        "smaller_classes",
        "Make classes smaller",
        "More teachers from this September on, for good; in their first years the new ones are less good.",
        "class_size",
        lambda move: {"smaller_by": move.share, **_where(move)},
        whose="district",
        amount=Amount(0.2, 0.05, 0.5, "today's size"),
    ),
    Kind(
        "free",
        "Free a school of rules",
        "It keeps its zone and carries new practices out better; by itself that adds nothing.",
        "innovation_status",
        lambda move: {**_where(move), "per_year": len(move.schools)},
        whose="bound",
        structural=True,
    ),
    Kind(
        "enrollment",
        "Change how seats are given",
        "From this September on, for all schools.",
        "enrollment_system",
        lambda move: {"system": move.choice},
        choices=SYSTEMS,
    ),
)


def kinds() -> dict[str, Kind]:
    """Every kind of move by its name, in the order in which they are shown."""
    return {kind.name: kind for kind in KINDS}
