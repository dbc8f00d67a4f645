"""Innovation status: proven district schools are freed of rules."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sim.policies.levers import Lever, Slate
from sim.policies.listing import best_first
from sim.policies.policy import Decision, Policy
from sim.policies.where import Where

if TYPE_CHECKING:
    from sim.district import District


class InnovationStatus(Policy):
    """Free district schools of rules: they keep their zones and carry new practices out more faithfully.

    Freedom alone adds nothing: in Boston's pilot schools it did not.
    """

    use: ClassVar[str] = "innovation_status"
    evidence: ClassVar[str] = "S03-055"
    levers: ClassVar[tuple[Lever, ...]] = ("proof_to_district",)
    slate: ClassVar[Slate] = "contract"
    acts_alone: ClassVar[bool] = False

    where: Where = Field(default=Where(), description="which district schools")
    per_year: int = Field(3, ge=0, le=50, description="schools freed in a year, at most")

    def schools_named(self) -> tuple[str, ...]:
        """The schools to be checked against the city."""
        return self.where.schools or ()

    def departs_from_contract(self) -> bool:
        """A school free of rules is free of the contract's."""
        return True

    def in_words(self) -> str:
        """How many, and which."""
        return f"free up to {self.per_year} {self.where.in_words()} a year of rules, best rated first"

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """This year's schools: the best rated first, since proof comes before freedom."""
        bound = [school for school in self.where.chosen(district) if school.sector == "district"]
        bound.sort(key=best_first)
        for school in bound[: self.per_year]:
            yield Decision(
                name,
                "free of rules",
                school=school.key,
                year=district.year,
                effective=district.year,
                because=f"a district school rated {school.rating:.0f}"
                if school.rating == school.rating
                else "a district school that was never rated",
                enact=partial(self._free, key=school.key),
                kind="structural",
            )

    def _free(self, district: District, key: str) -> None:
        district.free_of_rules(key)
