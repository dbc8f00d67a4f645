"""Seat expansion: more seats in schools that are full and well rated."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sim.policies.levers import Lever, Slate
from sim.policies.listing import best_first, rated
from sim.policies.policy import Decision, Policy, Sector, When
from sim.policies.quantities import Share
from sim.policies.wording import only, whose

if TYPE_CHECKING:
    from sim.agents.schools import School
    from sim.district import District
    from sim.opening.codes import Ints


class SeatExpansion(Policy):
    """Build seats where schools are full and well rated, best rated first, up to the yearly cap."""

    use: ClassVar[str] = "seat_expansion"
    evidence: ClassVar[str] = "S03-079,080: copies as good as their parents; that a larger school is: assumption"
    levers: ClassVar[tuple[Lever, ...]] = ("recruit_operators",)
    slate: ClassVar[Slate] = "expand"

    rating_above: float | None = Field(60.0, ge=0, le=100, description="last rating above this, points of 100")
    fill_above: Share | None = Field(0.95, description="pupils for each seat above this share")
    years: int = Field(1, ge=1, le=5, description="springs in a row in which both have held")
    sector: Sector = Field("all", description="whose schools: district, charter or all")
    schools: tuple[str, ...] | None = Field(None, description="only these schools, by id")
    more: Share = Field(0.2, description="more seats in each grade, share of those there are")
    seats: int | None = Field(
        None, ge=1, le=2000, description="seats added to a school, spread over its grades, in place of the share"
    )
    from_grade: int | None = Field(
        None, ge=0, le=12, description="lowest grade that gets more seats; grades above have no fewer seats than it"
    )
    at_most: int | None = Field(None, ge=30, le=5000, description="seats up to which a school may be built up")
    per_year: int = Field(2, ge=0, le=50, description="schools built up in a year, at most")
    lead_years: int = Field(1, ge=0, le=5, description="years between the decision and the first September")

    def schools_named(self) -> tuple[str, ...]:
        """The schools to be checked against the city."""
        return self.schools or ()

    def in_words(self) -> str:
        """How many seats, where, and when they are there."""
        what = f"{self.more:.0%} more seats" if self.seats is None else f"{self.seats} more seats each"
        if self.from_grade is not None:
            what += f" from grade {self.from_grade} on"
        words = f"give up to {self.per_year} {whose(self.sector)}schools a year {what}"
        having = []
        if self.rating_above is not None:
            having.append(f"rating above {self.rating_above:g}")
        if self.fill_above is not None:
            having.append(f"more than {self.fill_above:.0%} of the seats taken")
        if having:
            words += f", where {' and '.join(having)}" + (f" for {self.years} years" if self.years > 1 else "")
        words += f", best rated first, {self.lead_years} years after the decision"
        if self.at_most is not None:
            words += f", to {self.at_most} seats at most"
        return words + only(self.schools)

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """Schools on the list this year, best rating first; those that still wait for seats are passed over."""
        listed = []
        for school in district.open_schools(self.sector):
            if school.status != "open" or school.coming_seats or school.grades != school.grades_at_full_size:
                continue
            if school.frozen:
                continue
            if self.schools is not None and school.key not in self.schools:
                continue
            reason = self._reason(school)
            if reason:
                listed.append((school, reason))
        built = 0
        for school, reason in sorted(listed, key=lambda item: best_first(item[0])):
            if built >= self.per_year:
                break
            more = district.more_seats(school, self.more if self.seats is None else self.seats, self.from_grade)
            if not more.any() or (self.at_most is not None and school.total_seats + more.sum() > self.at_most):
                continue
            first = district.year + self.lead_years
            decision = Decision(
                name,
                "add seats",
                school=school.key,
                year=district.year,
                effective=first,
                because=f"{reason}; {more.sum()} more than {school.total_seats} seats",
                enact=partial(_build, key=school.key, more=more, first=first),
                kind="structural",
            )
            yield decision
            built += district.enacted(decision)

    def _reason(self, school: School) -> str | None:
        """Why the school is on the list, in words, or None."""
        if self.rating_above is None and self.fill_above is None:
            return rated(school)
        return When(rating_above=self.rating_above, fill_above=self.fill_above, years=self.years).met_by(school)


def _build(district: District, key: str, more: Ints, first: int) -> None:
    district.add_seats(key, more, first)
