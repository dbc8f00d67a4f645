"""Extended day: more time in school, where it is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sim.policies.policy import Decision
from sim.policies.quantities import Share
from sim.policies.teaching.in_schools import InSchools
from sim.policies.wording import starting
from sim.studied.ranges import Studied

if TYPE_CHECKING:
    from sim.agents.schools import School
    from sim.district import District


class ExtendedDay(InSchools):
    """Give schools a longer day; it adds what longer days added where they were studied, from its first year on."""

    use: ClassVar[str] = "extended_day"
    evidence: ClassVar[str] = "S04-018..020; S12-011..013"
    helps_more: ClassVar[tuple[str, ...]] = ("extra_time",)

    studied: ClassVar[dict[str, Studied]] = {"extra_time": Studied(0.0, 0.3, "S12-012")}

    extra_time: Share = Field(0.2, description="more time, share of the usual school day")

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
