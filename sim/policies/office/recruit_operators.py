"""Recruiting operators: the office calls for proposals, and operators decide for themselves whether to come."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sim.agents.ways import GRADES_A_YEAR
from sim.policies.levers import Lever, Slate
from sim.policies.paid import PaidPolicy
from sim.policies.policy import Decision, for_all, leave_as_it_is
from sim.policies.quantities import Operators, Site
from sim.policies.wording import at_site, titles

if TYPE_CHECKING:
    from sim.district import District
    from sim.year.proposals import Proposal


class RecruitOperators(PaidPolicy):
    """Call for proposals each year, and open schools of the operators that offer, of their own size and pace.

    An operator comes only where building, money, autonomy and risk suit it; the record tells why others do not.
    """

    use: ClassVar[str] = "recruit_operators"
    evidence: ClassVar[str] = "S03-067..088; S12-001,014,015,016; who answers is an assumption"
    levers: ClassVar[tuple[Lever, ...]] = ("recruit_operators",)
    slate: ClassVar[Slate] = "open"

    operators: Operators = Field(min_length=1, description="who is asked")
    schools_per_year: int = Field(2, ge=0, le=20, description="schools asked for in a year")
    at_most: int | None = Field(None, ge=0, le=200, description="schools opened altogether; no limit if absent")
    selective: bool = Field(True, description="take the best record first; else whoever offers most schools")
    record_floor: float | None = Field(
        None, ge=0, le=100, description="take no operator with a record below, points of 100; any if absent"
    )
    talent_pipeline: int = Field(
        0, ge=0, le=20, description="school leaders trained in a year at the district's cost, one for each that opens"
    )
    start_up_grant: float = Field(0.0, ge=0, le=5_000_000, description="dollars given for each new school")
    lead_years: int = Field(1, ge=0, le=3, description="years between the decision and the first September")
    site: Site = Field(
        "low rated", description="near pupils of low-rated schools, of low income, or far from other charters"
    )
    prefer_closed_sites: bool = Field(
        True, description="use the building of a closed school first; it counts as a building offered"
    )

    def operators_named(self) -> tuple[str, ...]:
        """The operators to be checked against the files."""
        return self.operators

    def in_words(self) -> str:
        """Who is asked for how many schools, who comes first, what is given, and where."""
        schools = "school" if self.schools_per_year == 1 else "schools"
        first = "the best record first" if self.selective else "whoever offers most schools first"
        words = f"ask {titles(self.operators)} for up to {self.schools_per_year} {schools} a year, {first}"
        if self.record_floor is not None:
            words += f", none with a record below {self.record_floor:g}"
        if self.talent_pipeline:
            leaders = "leader" if self.talent_pipeline == 1 else "leaders"
            words += f", with {self.talent_pipeline} {leaders} a year trained for them"
        if self.start_up_grant:
            words += f", with ${self.start_up_grant:,.0f} to start each"
        if self.talent_pipeline or self.start_up_grant:
            words += self.payer_in_words()
        words += f", {at_site(self.site, self.prefer_closed_sites)}"
        return words + (f"; {self.at_most} schools altogether" if self.at_most is not None else "")

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """This year's refusals, then the openings."""
        wanted = self.schools_per_year
        if self.at_most is not None:
            wanted = min(wanted, self.at_most - district.openings_of(name))
        if wanted < 1:
            return
        opens = district.year + self.lead_years
        offers, declined = district.call_for_proposals(
            self.operators,
            schools=wanted,
            opens=opens,
            start_up_grant=self.start_up_grant,
            leaders=self.talent_pipeline,
            empty_buildings=self.prefer_closed_sites,
        )
        records = {offer.operator: district.record_of(offer.operator) for offer in offers}
        refusals = [(one.operator, one.kinds, one.because) for one in declined]
        if self.record_floor is not None:
            for operator, (points, words) in records.items():
                if points < self.record_floor:
                    refusals.append((operator, "record", f"not taken: {words}, below {self.record_floor:g}"))
        for operator, kinds, because in sorted(refusals, key=lambda one: self.operators.index(one[0])):
            yield for_all(
                district,
                name,
                "declined",
                because=f"{titles([operator])} {because}",
                enact=leave_as_it_is,
                said_once=kinds,
                about=operator,
            )
        taken = [one for one in offers if self.record_floor is None or records[one.operator][0] >= self.record_floor]
        if self.selective:
            taken.sort(key=lambda one: -records[one.operator][0])
        else:
            taken.sort(key=lambda one: -one.schools)
        for k, offer in enumerate(self._chosen(district, taken, wanted, opens)):
            zone, where = district.find_site(self.site, self.prefer_closed_sites, offer.operator, opens)
            key = district.next_key(offer.operator)
            yield Decision(
                name,
                "open",
                school=key,
                year=district.year,
                effective=opens,
                because=f"{titles([offer.operator])} answered the call, {records[offer.operator][1]}, {where}",
                enact=partial(
                    self._open,
                    policy=name,
                    key=key,
                    offer=offer,
                    zone=zone,
                    opens=opens,
                    given_leader=k < self.talent_pipeline,
                ),
            )

    def _chosen(self, district: District, offers: list[Proposal], wanted: int, opens: int) -> Iterator[Proposal]:
        """An offer for each school to be opened: the first as often as it holds, then the next. Operators that need a
        building stop when none is left, unless the district gives buildings to everybody."""
        given = district.terms_offered().building
        empty = len(district.vacant_sites(opens)) if self.prefer_closed_sites else 0
        for offer in offers:
            for _ in range(offer.schools):
                if wanted < 1 or (offer.needs_building and not given and empty < 1):
                    break
                wanted, empty = wanted - 1, empty - 1
                yield offer

    def _open(
        self, district: District, policy: str, key: str, offer: Proposal, zone: int, opens: int, given_leader: bool
    ) -> None:
        district.take_on(offer.operator, self.start_up_grant, given_leader)
        district.plan_school(
            policy,
            key,
            offer.operator,
            zone=zone,
            opens=opens,
            seats=offer.seats,
            grades_a_year=GRADES_A_YEAR[offer.grows],
            use_closed_site=self.prefer_closed_sites,
            paid_by=self.paid_by,
            start_up_dollars=self.start_up_grant + given_leader * district.plan.parameters["networks.leader_cost"],
        )
