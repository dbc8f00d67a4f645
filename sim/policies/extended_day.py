"""Extended day: more time in school, where it is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sim.policies.policy import Decision, Policy
from sim.policies.quantities import Share
from sim.policies.where import Where

if TYPE_CHECKING:
    from sim.district import District


class ExtendedDay(Policy):
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

    def in_words(self) -> str:
        """How much more time, and where."""
        which = self.where.in_words()
        few = "" if self.schools_per_year is None else f", {self.schools_per_year} schools a year, neediest first"
        return f"lengthen the school day by {self.extra_time:.0%} in {which}{few}"

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """Schools that start a longer day this year: neediest first where there is a limit."""
        lacking = [s for s in self.where.chosen(district) if s.levels["extended_time"] < self.extra_time]
        for school in lacking[: self.schools_per_year]:
            share = district.flag_share(school, "low_income")
            yield Decision(
                name,
                "lengthen day",
                school=school.key,
                year=district.year,
                effective=district.year,
                because=f"{share:.0%} of its pupils are low-income; {self.extra_time:.0%} more time",
                enact=partial(self._lengthen, key=school.key),
            )

    def _lengthen(self, district: District, key: str) -> None:
        district.take_up(key, {"extended_time": self.extra_time})
