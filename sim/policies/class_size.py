"""Class size: fewer pupils for every teacher, for the price of more teachers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from sim.policies.policy import Decision, Policy
from sim.policies.quantities import Share
from sim.policies.where import Where

if TYPE_CHECKING:
    from sim.district import District


class ClassSize(Policy):
    """Make classes smaller by a share of what they are; early grades gain most, newly hired teachers cost at first."""

    use: ClassVar[str] = "class_size"
    evidence: ClassVar[str] = "S04-035,036; S11-007,009"
    helps_more: ClassVar[tuple[str, ...]] = ("smaller_by",)

    smaller_by: Annotated[Share, Field(ge=0.0, le=0.5)] = Field(
        0.3, description="how much smaller, share of today's size"
    )
    where: Where = Field(default=Where(), description="which schools")
    schools_per_year: int | None = Field(None, ge=1, le=500, description="schools that start in a year; all if absent")

    def schools_named(self) -> tuple[str, ...]:
        """The schools to be checked against the city."""
        return self.where.schools or ()

    def in_words(self) -> str:
        """How much smaller, and where."""
        few = "" if self.schools_per_year is None else f", {self.schools_per_year} schools a year, neediest first"
        return f"make classes {self.smaller_by:.0%} smaller in {self.where.in_words()}{few}"

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """Schools that hire this year: neediest first where there is a limit."""
        lacking = [school for school in self.where.chosen(district) if school.smaller_classes < self.smaller_by]
        for school in lacking[: self.schools_per_year]:
            yield Decision(
                name,
                "make classes smaller",
                school=school.key,
                year=district.year,
                effective=district.year,
                because=f"{district.flag_share(school, 'low_income'):.0%} of its pupils are low-income; classes "
                f"{self.smaller_by:.0%} smaller",
                enact=partial(self._hire, key=school.key),
            )

    def _hire(self, district: District, key: str) -> None:
        district.make_classes_smaller(key, self.smaller_by)
