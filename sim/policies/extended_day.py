"""Extended day: more time in school, where it is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from sim.policies.policy import Decision, Policy, Sector
from sim.policies.quantities import Share

if TYPE_CHECKING:
    from sim.district import District


class Where(BaseModel):
    """Which schools; every condition named must hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sector: Sector = Field("district", description="whose schools: district, charter or all")
    low_income_share_above: Share | None = Field(None, description="share of low-income pupils")
    rating_below: float | None = Field(None, ge=0, le=100, description="last rating, points of 100")
    schools: tuple[str, ...] | None = Field(None, description="only these schools, by id")

    def in_words(self) -> str:
        """The conditions as a noun: `district schools with more than 75% low-income pupils`."""
        words = "all schools" if self.sector == "all" else f"{self.sector} schools"
        if self.low_income_share_above is not None:
            words += f" with more than {self.low_income_share_above:.0%} low-income pupils"
        if self.rating_below is not None:
            words += f" rated below {self.rating_below:g}"
        return words + (f" ({', '.join(self.schools)})" if self.schools else "")


class ExtendedDay(Policy):
    """Give schools a longer day; the practice ramps up and reaches less of its effect the more schools take part."""

    use: ClassVar[str] = "extended_day"
    evidence: ClassVar[str] = "S04-018..020; S12-011..013"

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
        wanted = []
        for school in district.open_schools(self.where.sector):
            if school.extra_time >= self.extra_time or school.status != "open" or not school.pupils:
                continue
            share = district.flag_share(school, "low_income")
            if self.where.low_income_share_above is not None and share <= self.where.low_income_share_above:
                continue
            if self.where.rating_below is not None and not school.rating < self.where.rating_below:
                continue
            if self.where.schools is not None and school.key not in self.where.schools:
                continue
            wanted.append((-share, school.key))
        for negative_share, key in sorted(wanted)[: self.schools_per_year]:
            yield Decision(
                name,
                "lengthen day",
                school=key,
                year=district.year,
                effective=district.year,
                because=f"{-negative_share:.0%} of its pupils are low-income; {self.extra_time:.0%} more time",
                enact=partial(self._lengthen, key=key),
            )

    def _lengthen(self, district: District, key: str) -> None:
        district.lengthen_day(key, self.extra_time)
