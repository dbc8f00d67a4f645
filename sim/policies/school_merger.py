"""School merger: two under-filled schools near each other become one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from sim.policies.levers import Lever, Slate
from sim.policies.policy import Decision, Policy, Sector, When
from sim.policies.quantities import Miles, Share
from sim.policies.wording import notice, whose

if TYPE_CHECKING:
    from sim.agents.schools import School
    from sim.district import District


class SchoolMerger(Policy):
    """Join pairs of under-filled schools of one sector, emptiest pair first; every pupil of both has a seat."""

    use: ClassVar[str] = "school_merger"
    evidence: ClassVar[str] = "S05-004,013,019"
    levers: ClassVar[tuple[Lever, ...]] = ("replace_weakest",)
    slate: ClassVar[Slate] = "close"

    fill_below: Share | None = Field(0.75, description="pupils for each seat below this share, in both schools")
    years: int = Field(1, ge=1, le=5, description="springs in a row in which it has held")
    within: Miles | None = Field(1.5, description="how near the two are to each other, miles; any distance if absent")
    sector: Sector = Field("district", description="whose schools: district, charter or all; never one of each")
    per_year: int = Field(1, ge=0, le=20, description="pairs of schools joined in a year, at most")
    stays: Literal["better rated", "larger"] = Field("better rated", description="whose building and operator stay")
    added_seats: int | None = Field(
        0, ge=0, le=2000, description="seats that may be added to the building that stays; as many as needed if absent"
    )
    notice_years: int = Field(1, ge=0, le=3, description="years between the decision and the last June")

    def in_words(self) -> str:
        """Which pairs, which building stays, and with how many seats more."""
        words = f"join up to {self.per_year} pairs of {whose(self.sector)}schools a year"
        if self.within is not None:
            words += f" within {self.within:g} miles"
        if self.fill_below is not None:
            words += f", both with fewer than {self.fill_below:.0%} of the seats taken"
            words += f" for {self.years} years" if self.years > 1 else ""
        words += f", in the building of the {self.stays}"
        if self.added_seats is None:
            words += ", with as many seats added as are needed"
        elif self.added_seats:
            words += f", with up to {self.added_seats} seats added"
        else:
            words += ", if it has the seats"
        return words + f", {notice(self.notice_years)}"

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """Pairs on the list this year, emptiest first; a school is in one pair at most."""
        joined: set[str] = set()
        count = 0
        for _, miles, goes, stays in self._pairs(district):
            if count >= self.per_year:
                break
            if {goes.key, stays.key} & joined:
                continue
            added = district.seats_to_be_added(stays, goes)
            first = district.year + self.notice_years
            decision = Decision(
                name,
                "merge",
                school=goes.key,
                year=district.year,
                effective=first,
                because=f"{self._reason(goes)}; joins {stays.name} ({self._reason(stays)}) {miles:.2g} miles away, "
                f"{goes.pupils + stays.pupils} pupils for {stays.total_seats} seats and {added} added",
                enact=partial(_join, goes=goes.key, stays=stays.key, first=first),
                kind="structural",
                also=(stays.key,),
            )
            yield decision
            if district.enacted(decision):
                joined |= {goes.key, stays.key}
                count += 1

    def _pairs(self, district: District) -> list[tuple[float, float, School, School]]:
        """Pairs that may be joined, as (pupils for each seat of both, miles, who goes, who stays), emptiest first."""
        able = [school for school in district.open_schools(self.sector) if self._is_able(school)]
        found = []
        for one, other in combinations(able, 2):
            miles = district.miles_between(one, other)
            if one.sector != other.sector or (self.within is not None and miles > self.within):
                continue
            # without the other's grades a school cannot take its pupils
            ways = [(a, b) for a, b in ((one, other), (other, one)) if set(a.grades) <= set(b.grades)]
            if not ways:
                continue
            goes, stays = max(ways, key=lambda way: self._rank(way[1]))
            if self.added_seats is None or district.seats_to_be_added(stays, goes) <= self.added_seats:
                fill = (one.pupils + other.pupils) / max(one.total_seats + other.total_seats, 1)
                found.append((fill, miles, goes, stays))
        return sorted(found, key=lambda pair: (*pair[:2], pair[2].key, pair[3].key))

    def _is_able(self, school: School) -> bool:
        """Whether the school is open, at full size, with pupils, and as empty as is asked."""
        if school.status != "open" or school.grades != school.grades_at_full_size or not school.pupils:
            return False
        return self.fill_below is None or self._trigger(self.fill_below).met_by(school) is not None

    def _trigger(self, fill_below: float) -> When:
        return When(fill_below=fill_below, years=self.years)

    def _reason(self, school: School) -> str:
        """Why the school is on the list, in words."""
        met = None if self.fill_below is None else self._trigger(self.fill_below).met_by(school)
        return met or f"fill {school.fill:.3g}"

    def _rank(self, school: School) -> tuple[float, float, str]:
        """The higher stays: by rating or by seats, then by the other, then by id."""
        rating, seats = (school.rating if school.rating >= 0 else -1.0), float(school.total_seats)
        return (rating, seats, school.key) if self.stays == "better rated" else (seats, rating, school.key)


def _join(district: District, goes: str, stays: str, first: int) -> None:
    district.join_schools(goes, stays, first)
