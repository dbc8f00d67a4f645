"""Performance contracts: schools may be run for a term of years, at the end of which it is decided if they go on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from sim.policies.levers import Lever, Slate
from sim.policies.policy import Decision, Policy

if TYPE_CHECKING:
    from sim.agents.schools import School
    from sim.district import District


class PerformanceContracts(Policy):
    """Give charter, restart and innovation schools contracts with a term; new and handed-over schools get theirs.

    A contract alone changes nothing in a school: `renewals` decides what happens when it ends.
    """

    use: ClassVar[str] = "performance_contracts"
    evidence: ClassVar[str] = "S13-006,007"
    levers: ClassVar[tuple[Lever, ...]] = ("performance_contracts",)
    slate: ClassVar[Slate] = "renew"
    acts_alone: ClassVar[bool] = False

    years: int = Field(5, ge=1, le=15, description="term of a contract, years")
    for_district_schools: bool = Field(False, description="whether schools the district runs get contracts too")
    first_terms: Literal["all alike", "spread out"] = Field(
        "all alike",
        description="whether the schools there are all get the full term, or terms that end one after the other",
    )

    def in_words(self) -> str:
        """Who gets a contract, and for how long."""
        who = "all schools" if self.for_district_schools else "charter, restart and innovation schools"
        term = "a year" if self.years == 1 else f"{self.years} years"
        words = f"give {who} performance contracts for {term}"
        if self.first_terms == "spread out" and self.years > 1:
            words += ", the first ones for one year and more, so that they end one after the other"
        return f"{words}; new schools get theirs when they open"

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """A contract for every school that should have one and has none."""
        begun = any(row["policy"] == name for row in district.record.rows["decision"])
        spread = self.first_terms == "spread out" and not begun
        there = 0
        for school in district.schools:
            if not self._should_have(district, school):
                continue
            # a school decided on after this review is seen in the next one, when it has opened already
            opened = school.opened if school.new and school.restarted is None else None
            first = max(opened, self.first or district.plan.years.first) if opened is not None else district.year
            years = self.years
            if opened is None and spread:
                years, there = 1 + there % self.years, there + 1
            last = first + years - 1
            if last < district.year:
                first, last = district.year, district.year + years - 1
            yield Decision(
                name,
                "contract",
                school=school.key,
                year=district.year,
                effective=max(first, district.year),
                because=f"{_who(school)} gets a contract from {first} to {last}",
                enact=partial(_give, key=school.key, first=first, last=last),
            )

    def _should_have(self, district: District, school: School) -> bool:
        """Whether it is or will be open, has no contract, and is of those that get one."""
        if school.status not in ("open", "planned") or school.told_to_go or school.key in district.contracts:
            return False
        return self.for_district_schools or school.sector != "district"


def _give(district: District, key: str, first: int, last: int) -> None:
    district.give_contract(key, first, last)


def _who(school: School) -> str:
    return f"the {'new ' if school.new else ''}{school.sector} school"
