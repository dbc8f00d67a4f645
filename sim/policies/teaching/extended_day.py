"""Extended day: more time in school, where it is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sim.policies.levers import Lever
from sim.policies.paid import PaidPolicy
from sim.policies.policy import Decision
from sim.policies.quantities import Share
from sim.policies.where import Where
from sim.policies.wording import starting

if TYPE_CHECKING:
    from sim.agents.schools import School
    from sim.district import District


class ExtendedDay(PaidPolicy):
    """Give schools a longer day; the practice ramps up and reaches less of its effect the more schools take part."""

    use: ClassVar[str] = "extended_day"
    evidence: ClassVar[str] = "S04-018..020; S12-011..013"
    helps_more: ClassVar[tuple[str, ...]] = ("extra_time",)

    extra_time: Share = Field(0.2, description="more time, share of the usual school day")
    where: Where = Field(default=Where(), description="which schools")
    schools_per_year: int | None = Field(None, ge=1, le=500, description="schools that start in a year; all if absent")

    def schools_named(self) -> tuple[str, ...]:
        """The schools to be checked against the city."""
        return self.where.schools or ()

    def levers_pulled(self) -> tuple[Lever, ...]:
        """Proof that reaches the district's own schools, where it is they that take part."""
        mine = self.enabled and self.where.sector in ("district", "innovation", "all")
        return ("proof_to_district",) if mine else ()

    def departs_from_contract(self) -> bool:
        """A longer day needs leave."""
        return True

    def in_words(self) -> str:
        """How much more time, where, and who pays."""
        which = self.where.in_words()
        words = f"lengthen the school day by {self.extra_time:.0%} in {which}{starting(self.schools_per_year)}"
        return words + self.payer_in_words()

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """Schools that start this year: neediest first where there is a limit."""
        return self.where.starting(
            district,
            name,
            "lengthen day",
            self._lacks,
            self.schools_per_year,
            f"{self.extra_time:.0%} more time",
            self._start,
        )

    def _lacks(self, school: School) -> bool:
        return school.levels["extended_time"] < self.extra_time

    def _start(self, district: District, key: str) -> None:
        district.take_up(key, {"extended_time": self.extra_time}, self.paid_by)
