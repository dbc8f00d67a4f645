"""Class size: fewer pupils for every teacher, for the price of more teachers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from sim.policies.policy import Decision
from sim.policies.quantities import Share
from sim.policies.teaching.in_schools import InSchools
from sim.policies.wording import starting
from sim.studied.ranges import Studied

if TYPE_CHECKING:
    from sim.agents.schools import School
    from sim.district import District


class ClassSize(InSchools):
    """Make classes smaller by a share of what they are; early grades gain most, newly hired teachers cost at first."""

    use: ClassVar[str] = "class_size"
    evidence: ClassVar[str] = "S04-035,036; S11-007,009"
    helps_more: ClassVar[tuple[str, ...]] = ("smaller_by",)

    # 15 pupils in place of 22
    studied: ClassVar[dict[str, Studied]] = {"smaller_by": Studied(0.0, 0.32, "S04-035")}

    smaller_by: Annotated[Share, Field(ge=0.0, le=0.5)] = Field(
        0.3, description="how much smaller, share of today's size"
    )

    def in_words(self) -> str:
        """How much smaller, where, and who pays."""
        where = f"in {self.where.in_words()}{starting(self.schools_per_year)}"
        return f"make classes {self.smaller_by:.0%} smaller {where}{self.payer_in_words()}"

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """Schools that start this year: neediest first where there is a limit."""
        return self.where.starting(
            district,
            name,
            "make classes smaller",
            self._lacks,
            self.schools_per_year,
            f"classes {self.smaller_by:.0%} smaller",
            self._start,
        )

    def _lacks(self, school: School) -> bool:
        return school.smaller_classes < self.smaller_by

    def _start(self, district: District, key: str) -> None:
        district.make_classes_smaller(key, self.smaller_by, self.paid_by)
