"""Phase-out: a school takes no new entering grade and shrinks a grade a year, with another growing in its place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from sim.policies.levers import Lever, Slate
from sim.policies.listing import weakest_first
from sim.policies.paid import PaidPolicy
from sim.policies.policy import Decision, Sector, When
from sim.policies.wording import notice, only, titles, whose

if TYPE_CHECKING:
    from sim.agents.payers import Payer
    from sim.agents.schools import School
    from sim.district import District


class PhaseOut(PaidPolicy):
    """Let schools end without sending anybody away, weakest first, and open one of an operator on the same site."""

    use: ClassVar[str] = "phase_out"
    evidence: ClassVar[str] = "S05-027,028"
    levers: ClassVar[tuple[Lever, ...]] = ("replace_weakest",)
    slate: ClassVar[Slate] = "close"

    when: When | None = Field(
        When(rating_below=30, years=2), description="what must have held, and for how many springs; nothing if absent"
    )
    schools: tuple[str, ...] | None = Field(None, description="only these schools, by id")
    sector: Sector = Field("all", description="whose schools: district, charter or all")
    per_year: int = Field(1, ge=0, le=50, description="schools whose phase-out is decided in a year, at most")
    notice_years: int = Field(1, ge=0, le=3, description="years between the decision and the first without entry")
    zone_goes_to: Literal["nearest", "nearest better"] = Field(
        "nearest better", description="which district school then guarantees the zone's seats"
    )
    replaced_by: str | None = Field(None, description="operator that opens a school on the site; nobody if absent")
    replacement_opens: Literal["as it shrinks", "when it is empty"] = Field(
        "as it shrinks", description="from the first year without entry on, a grade a year, or after the last grade"
    )
    spare_new_schools_for: int = Field(3, ge=0, le=10, description="years in which a new school is not phased out")

    def operators_named(self) -> tuple[str, ...]:
        """The operator to be checked against the files."""
        return (self.replaced_by,) if self.replaced_by else ()

    def schools_named(self) -> tuple[str, ...]:
        """The schools to be checked against the city."""
        return self.schools or ()

    def in_words(self) -> str:
        """Which schools, how many, and who comes instead."""
        words = f"phase out up to {self.per_year} {whose(self.sector)}schools a year, a grade a year from the lowest up"
        if self.when is not None:
            words += f", with {self.when.in_words()}"
        words += f", weakest first, {notice(self.notice_years)}"
        if self.replaced_by:
            words += f", and open a school of {titles([self.replaced_by])} on the site "
            words += "that grows as the old one shrinks" if self._overlaps else "when it is empty"
            words += self.payer_in_words()
        return words + only(self.schools)

    @property
    def _overlaps(self) -> bool:
        return self.replacement_opens == "as it shrinks"

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """Schools on the list this year, weakest rating first, each with the opening of its replacement."""
        begun = 0
        listed = weakest_first(district, self.sector, self.when, self.spare_new_schools_for, self.schools)
        for school, reason in listed:
            if begun >= self.per_year:
                break
            first = district.year + self.notice_years
            decision = Decision(
                name,
                "phase out",
                school=school.key,
                year=district.year,
                effective=first,
                because=f"{reason}; its {school.pupils} pupils finish",
                enact=partial(self._end, key=school.key, first=first),
                kind="structural",
            )
            yield decision
            if not district.enacted(decision):
                continue
            begun += 1
            if self.replaced_by:
                yield self._opening(district, name, school, first, self.replaced_by)

    def _opening(self, district: District, name: str, school: School, first: int, operator: str) -> Decision:
        """The opening of the school that replaces another."""
        opens = first if self._overlaps else first - 1 + len(school.grades_at_full_size)
        key = district.next_key(operator)
        return Decision(
            name,
            "open",
            school=key,
            year=district.year,
            effective=opens,
            because=f"{titles([operator])}, on the site of {school.name}, {self.replacement_opens}",
            enact=partial(
                _open, policy=name, key=key, operator=operator, school=school, opens=opens, paid_by=self.paid_by
            ),
        )

    def _end(self, district: District, key: str, first: int) -> None:
        district.phase_out_school(key, first, zone_goes_to_better=self.zone_goes_to == "nearest better")


def _open(district: District, policy: str, key: str, operator: str, school: School, opens: int, paid_by: Payer) -> None:
    district.plan_school(
        policy,
        key,
        operator,
        zone=school.zone,
        opens=opens,
        seats=int(school.seats.sum()),
        grades_a_year=1,
        use_closed_site=False,
        replaces=school,
        paid_by=paid_by,
    )
