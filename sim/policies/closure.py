"""Closure: shut schools that keep failing the yardstick, if the children have somewhere better to go."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from sim.policies.levers import Lever, Slate
from sim.policies.listing import weakest_first
from sim.policies.policy import Decision, Policy, Sector, When, leave_as_it_is
from sim.policies.quantities import Miles, Share
from sim.policies.wording import notice, only, whose

if TYPE_CHECKING:
    from sim.district import District


class Closure(Policy):
    """Close the weakest schools that meet the trigger, weakest first, up to the yearly cap."""

    use: ClassVar[str] = "closure"
    evidence: ClassVar[str] = "S05-001..014"
    levers: ClassVar[tuple[Lever, ...]] = ("replace_weakest",)
    slate: ClassVar[Slate] = "close"

    when: When | None = Field(description="what must have held, and for how many springs; null for nothing")
    schools: tuple[str, ...] | None = Field(None, description="only these schools, by id")
    sector: Sector = Field("all", description="whose schools: district, charter or all")
    per_year: int = Field(2, ge=0, le=50, description="schools closed in a year, at most")
    notice_years: int = Field(1, ge=0, le=3, description="years between the decision and the last June")
    only_if_better_seat_within: Miles | None = Field(
        2.5, description="close only if pupils have free seats in better-rated schools this near, miles"
    )
    better_by: float = Field(5.0, ge=0, le=100, description="how much better such a school is rated, points")
    seats_for: Share = Field(0.8, description="share of the pupils for whom such seats must be free")
    mode: Literal["at once", "grade by grade"] = Field(
        "at once", description="send all pupils away, or take no new ones and let the others finish"
    )
    zone_goes_to: Literal["nearest", "nearest better"] = Field(
        "nearest better", description="which district school then guarantees the zone's seats"
    )
    spare_new_schools_for: int = Field(3, ge=0, le=10, description="years in which a new school is not closed")

    def schools_named(self) -> tuple[str, ...]:
        """The schools to be checked against the city."""
        return self.schools or ()

    def in_words(self) -> str:
        """The trigger, the cap, the condition and the manner."""
        schools = "school" if self.per_year == 1 else "schools"
        words = f"close up to {self.per_year} {whose(self.sector)}{schools} a year"
        if self.when is not None:
            words += f" with {self.when.in_words()}"
        words += ", weakest first"
        if self.only_if_better_seat_within is not None:
            words += (
                f", if {self.seats_for:.0%} of their pupils have a free seat within "
                f"{self.only_if_better_seat_within:g} miles in a school rated {self.better_by:g} points higher"
            )
        return f"{words}, {self.mode}, {notice(self.notice_years)}" + only(self.schools)

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """Schools on the list this year, weakest rating first."""
        closed = 0
        listed = weakest_first(district, self.sector, self.when, self.spare_new_schools_for, self.schools)
        for school, reason in listed:
            if closed >= self.per_year:
                break
            effective = district.year + self.notice_years
            decide = partial(Decision, name, school=school.key, year=district.year, effective=effective)
            if self.only_if_better_seat_within is not None:
                miles = self.only_if_better_seat_within
                free, wanted = district.better_seats(school, miles, self.better_by, by=effective)
                if free < self.seats_for * wanted:
                    yield decide(
                        "keep",
                        because=f"{reason}, but only {free} better seats within {miles:g} miles for {wanted} pupils",
                        enact=leave_as_it_is,
                        said_once="too few better seats" if free else "no better seat",
                    )
                    continue
                reason += f"; {free} better seats within {miles:g} miles for {wanted} pupils"
            decision = decide(
                "close",
                because=reason,
                enact=partial(self._close, key=school.key, last_year=effective),
                kind="structural",
            )
            yield decision
            closed += district.enacted(decision)

    def _close(self, district: District, key: str, last_year: int) -> None:
        district.close_school(
            key,
            after=last_year - 1,
            grade_by_grade=self.mode == "grade by grade",
            zone_goes_to_better=self.zone_goes_to == "nearest better",
        )
