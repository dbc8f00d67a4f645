"""Renewals: when a performance contract ends, the school's tier decides whether and how it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from sim.policies.accountability.performance_contracts import PerformanceContracts
from sim.policies.levers import Lever, Slate
from sim.policies.listing import rated
from sim.policies.policy import Decision, Policy, for_all, leave_as_it_is
from sim.policies.quantities import Miles, Share

if TYPE_CHECKING:
    from sim.agents.contracts import Contract
    from sim.agents.schools import School
    from sim.district import District
    from sim.opening.codes import Ints


class Renewals(Policy):
    """In the last year of a contract: renew it, renew it for a short term and let the school not grow, or end it.

    Distinguished schools and those that meet what is expected are renewed; those on watch, and those without a
    rating, for a short term; failing ones close at the end of the term. Needs `performance_contracts` in the plan.
    """

    use: ClassVar[str] = "renewals"
    evidence: ClassVar[str] = "S13-006,007: how often contracts are not renewed; the tiers: assumption"
    levers: ClassVar[tuple[Lever, ...]] = ("renewals",)
    slate: ClassVar[Slate] = "renew"
    acts_alone: ClassVar[bool] = False

    years: int = Field(5, ge=1, le=15, description="term of a full renewal, years")
    watch_years: int = Field(2, ge=1, le=5, description="term of a renewal on watch, years")
    expand: Share = Field(0.0, description="more seats in each grade with a full renewal, share of those there are")
    expand_from: Literal["distinguished", "meets"] = Field(
        "distinguished", description="lowest tier that is given more seats"
    )
    expand_fill_above: Share | None = Field(0.9, description="only where pupils for each seat are above this share")
    only_if_better_seat_within: Miles | None = Field(
        2.5, description="close only if pupils have free seats in better-rated schools this near, miles"
    )
    better_by: float = Field(5.0, ge=0, le=100, description="how much better such a school is rated, points")
    seats_for: Share = Field(0.8, description="share of the pupils for whom such seats must be free")

    def in_words(self) -> str:
        """What each tier gets."""
        words = f"when contracts end, renew those of schools that meet what is expected for {_years(self.years)}"
        if self.expand:
            whom = "those that are distinguished" if self.expand_from == "distinguished" else "each"
            words += f" ({whom} with {self.expand:.0%} more seats"
            if self.expand_fill_above is not None:
                words += f" where more than {self.expand_fill_above:.0%} are taken"
            words += ")"
        words += f", of those on watch for {_years(self.watch_years)} without growing, and close failing ones"
        if self.only_if_better_seat_within is not None:
            words += (
                f" if {self.seats_for:.0%} of their pupils have a free seat within "
                f"{self.only_if_better_seat_within:g} miles in a school rated {self.better_by:g} points higher"
            )
        return words

    def slate_of(self, decision: Decision) -> Slate:
        """What became of the contract."""
        return _SLATE.get(decision.action, self.slate)

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """A decision on every contract that ends this year, lowest rating first; of failing schools first of all."""
        given = (policy for policy in district.plan.policies.values() if isinstance(policy, PerformanceContracts))
        if not district.contracts and not any(policy.enabled for policy in given):
            yield for_all(
                district,
                name,
                "keep",
                because="no school has a performance contract, so there is nothing to renew",
                enact=leave_as_it_is,
                said_once="no contracts",
            )
            return
        ending = [
            (school, contract)
            for school in district.schools
            if (contract := district.contracts.get(school.key)) is not None
            and contract.last <= district.year
            and school.status == "open"
            and not school.told_to_go
        ]
        # weakest first, so that the seats nearby are counted for those who need them most
        for school, contract in sorted(ending, key=lambda one: (_weakness(one[0]), one[0].key)):
            yield self._decided(district, name, school, contract)

    def _decided(self, district: District, name: str, school: School, contract: Contract) -> Decision:
        """What becomes of one contract."""
        tier = district.tier(school)
        reason = f"{rated(school)}, {tier}, contract from {contract.first} to {contract.last}"
        if tier == "not rated":
            reason = f"{rated(school)}, contract from {contract.first} to {contract.last}"
        decide = partial(Decision, name, school=school.key, year=district.year)
        following = district.year + 1
        if tier == "failing":
            miles = self.only_if_better_seat_within
            free, wanted = (0, 0) if miles is None else self._better(district, school, miles)
            if miles is None or free >= self.seats_for * wanted:
                seats = "" if miles is None else f"; {free} better seats within {miles:g} miles for {wanted} pupils"
                return decide(
                    "do not renew",
                    effective=following,
                    because=reason + seats,
                    enact=partial(_end, key=school.key, after=district.year),
                    kind="structural",
                )
            reason += f", but only {free} better seats within {miles:g} miles for {wanted} pupils"
        if tier in ("distinguished", "meets"):
            more = self._more_seats(district, school, tier)
            until = district.year + self.years
            renew = partial(_renew, key=school.key, first=following, last=until, frozen=False)
            if more is None:
                return decide("renew", effective=following, because=f"{reason}; until {until}", enact=renew)
            return decide(
                "renew and expand",
                effective=following,
                because=f"{reason}; until {until}, with {more.sum()} more than {school.total_seats} seats",
                enact=partial(_renew, key=school.key, first=following, last=until, frozen=False, more=more),
                kind="structural",
            )
        until = district.year + self.watch_years
        return decide(
            "renew on watch",
            effective=following,
            because=f"{reason}; until {until}, without growing",
            enact=partial(_renew, key=school.key, first=following, last=until, frozen=True),
        )

    def _better(self, district: District, school: School, miles: float) -> tuple[int, int]:
        """Free seats in better schools nearby in the year after the term, and how many pupils need one."""
        return district.better_seats(school, miles, self.better_by, by=district.year + 1)

    def _more_seats(self, district: District, school: School, tier: str) -> Ints | None:
        """Seats by grade that go with a full renewal, or None."""
        if not self.expand or (tier != "distinguished" and self.expand_from == "distinguished"):
            return None
        if school.coming_seats or school.grades != school.grades_at_full_size:
            return None
        if self.expand_fill_above is not None and not school.fill > self.expand_fill_above:
            return None
        more = district.more_seats(school, self.expand, None)
        return more if more.any() else None


_SLATE: dict[str, Slate] = {"do not renew": "close", "renew and expand": "expand", "renew on watch": "freeze"}


def _end(district: District, key: str, after: int) -> None:
    district.close_school(key, after=after, grade_by_grade=False, zone_goes_to_better=True)


def _renew(district: District, key: str, first: int, last: int, frozen: bool, more: Ints | None = None) -> None:
    district.give_contract(key, first, last)
    district.school(key).frozen = frozen
    if more is not None:
        district.add_seats(key, more, first)


def _weakness(school: School) -> float:
    """The order in which contracts are decided on: the unrated last."""
    return school.rating if school.rating >= 0 else 100.0


def _years(years: int) -> str:
    return "a year" if years == 1 else f"{years} years"
