"""Replication: let operators with a record open more schools."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sim.agents.ways import GRADES_A_YEAR, Grows
from sim.policies.levers import Lever, Slate
from sim.policies.paid import PaidPolicy
from sim.policies.policy import DISTRICT_WIDE, Decision, leave_as_it_is
from sim.policies.quantities import Operators, Site
from sim.policies.wording import at_site, titles

if TYPE_CHECKING:
    from sim.district import District


class Replication(PaidPolicy):
    """Open schools of the named operators, in turn, where the site rule puts them."""

    use: ClassVar[str] = "replication"
    evidence: ClassVar[str] = "S03-067..088; S11-013"
    levers: ClassVar[tuple[Lever, ...]] = ("recruit_operators",)
    slate: ClassVar[Slate] = "open"

    operators: Operators = Field(min_length=1, description="who may open schools, in turn")
    openings_per_year: int = Field(1, ge=0, le=20, description="schools opened in a year")
    at_most: int | None = Field(None, ge=0, le=200, description="schools opened altogether; no limit if absent")
    seats: int = Field(480, ge=30, le=3000, description="seats at full size, all grades together")
    grow: Grows = Field("one grade a year", description="from the lowest grade up, or all grades at once")
    lead_years: int = Field(1, ge=0, le=3, description="years between the decision and the first September")
    site: Site = Field(
        "low rated", description="near pupils of low-rated schools, of low income, or far from other charters"
    )
    prefer_closed_sites: bool = Field(True, description="use the building of a closed school first")

    def operators_named(self) -> tuple[str, ...]:
        """The operators to be checked against the files."""
        return self.operators

    def in_words(self) -> str:
        """Who opens how many schools of what size, where, and who pays for their start."""
        who = titles(self.operators)
        grow = "all grades at once" if self.grow == "whole" else f"growing {self.grow}"
        where = at_site(self.site, self.prefer_closed_sites)
        schools = "school" if self.openings_per_year == 1 else "schools"
        turn = f"in turn by {who}" if len(self.operators) > 1 else f"run by {who}"
        words = f"open {self.openings_per_year} {schools} a year of {self.seats} seats, {turn}, {grow}, {where}"
        words += self.payer_in_words()
        return words + (f"; {self.at_most} schools altogether" if self.at_most is not None else "")

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """This year's openings, each with the operator whose turn it is."""
        free = [operator for operator in self.operators if district.may_open(operator)]
        if not free:
            yield self._held_back(district, name)
            return
        so_far = district.openings_of(name)
        wanted = self.openings_per_year
        if self.at_most is not None:
            wanted = min(wanted, self.at_most - so_far)
        for k in range(so_far, so_far + max(0, wanted)):
            operator = free[k % len(free)]
            key = district.next_key(operator)
            opens = district.year + self.lead_years
            site, because = district.find_site(self.site, self.prefer_closed_sites, operator, opens)
            yield Decision(
                name,
                "open",
                school=key,
                year=district.year,
                effective=opens,
                because=f"{titles([operator])}, {because}",
                enact=partial(self._open, policy=name, key=key, operator=operator, zone=site, opens=opens),
            )

    def _held_back(self, district: District, name: str) -> Decision:
        """What is said where every operator has a school that may not grow."""
        return Decision(
            name,
            "keep",
            school=DISTRICT_WIDE,
            year=district.year,
            effective=district.year,
            because=f"no school is opened while schools of {titles(self.operators)} are on watch",
            enact=leave_as_it_is,
            said_once="on watch",
        )

    def _open(self, district: District, policy: str, key: str, operator: str, zone: int, opens: int) -> None:
        district.plan_school(
            policy,
            key,
            operator,
            zone=zone,
            opens=opens,
            seats=self.seats,
            grades_a_year=GRADES_A_YEAR[self.grow],
            use_closed_site=self.prefer_closed_sites,
            paid_by=self.paid_by,
        )
