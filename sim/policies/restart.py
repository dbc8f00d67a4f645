"""Restart: a weak school is handed to another operator; its pupils, building and zones stay."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from sim.policies.levers import Lever, Slate
from sim.policies.listing import weakest_first
from sim.policies.paid import PaidPolicy
from sim.policies.policy import Decision, Sector, When
from sim.policies.quantities import Operators
from sim.policies.wording import only, titles, whose

if TYPE_CHECKING:
    from sim.district import District


class Restart(PaidPolicy):
    """Hand the weakest schools that meet the trigger to the named operators, in turn, with all their pupils.

    How far a school comes depends on its operator, on how many are restarted, and on whether trained people are at
    hand; its first two years are those of a new school.
    """

    use: ClassVar[str] = "restart"
    evidence: ClassVar[str] = "S06-001..017"
    levers: ClassVar[tuple[Lever, ...]] = ("replace_weakest",)
    slate: ClassVar[Slate] = "restart"

    operators: Operators = Field(
        min_length=1, description="who takes schools over, in turn; `district` for a turnaround of its own"
    )
    when: When | None = Field(description="what must have held, and for how many springs; null for nothing")
    schools: tuple[str, ...] | None = Field(None, description="only these schools, by id")
    sector: Sector = Field("district", description="whose schools")
    per_year: int = Field(1, ge=0, le=20, description="schools handed over in a year, at most")
    lead_years: int = Field(1, ge=0, le=3, description="years between the decision and the September")
    talent: bool = Field(True, description="whether trained leaders and teachers are at hand")
    replace_staff: bool = Field(True, description="whether the leader and half the staff are replaced")
    ratings: Literal["kept", "begun anew"] = Field("kept", description="what becomes of the school's record")
    spare_for: int = Field(3, ge=0, le=10, description="years in which a new or restarted school is left alone")

    def operators_named(self) -> tuple[str, ...]:
        """The operators to be checked against the files."""
        return self.operators

    def schools_named(self) -> tuple[str, ...]:
        """The schools to be checked against the city."""
        return self.schools or ()

    def in_words(self) -> str:
        """The trigger, the cap, the operators, the conditions, and who pays."""
        who = titles(self.operators)
        people = "with" if self.talent else "without"
        staff = "" if self.replace_staff else " keeping the staff and"
        schools = "school" if self.per_year == 1 else "schools"
        which = f" with {self.when.in_words()}" if self.when is not None else ""
        return (
            f"hand up to {self.per_year} {whose(self.sector)}{schools} a year{which}, "
            f"weakest first, to {who},{staff} {people} trained people at hand{self.payer_in_words()}; "
            "pupils and zones stay"
        ) + only(self.schools)

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """Schools to be handed over, weakest rating first."""
        listed = [
            (school, reason)
            for school, reason in weakest_first(district, self.sector, self.when, self.spare_for, self.schools)
            # the district may turn its own schools around; a network is not given what it has
            if school.operator not in set(self.operators) - {"district"} and not district.will_restart(school)
        ]
        happens, handed = district.year + self.lead_years, 0
        for school, reason in listed:
            if handed >= self.per_year:
                break
            operator = self.operators[district.takeovers_decided(self.operators) % len(self.operators)]
            decision = Decision(
                name,
                "restart",
                school=school.key,
                year=district.year,
                effective=happens,
                because=f"{reason}; taken over by {titles([operator])}",
                enact=partial(self._restart, key=school.key, operator=operator, year=happens),
                kind="structural",
            )
            yield decision
            handed += district.enacted(decision)

    def _restart(self, district: District, key: str, operator: str, year: int) -> None:
        district.plan_restart(
            key,
            operator,
            year,
            talent=self.talent,
            new_staff=self.replace_staff,
            keep_ratings=self.ratings == "kept",
            paid_by=self.paid_by,
        )
