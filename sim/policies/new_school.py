"""New school: open one school of an operator in one year, with its own name, grades, seats and place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, model_validator

from sim.agents.ways import GRADES_A_YEAR, Grows
from sim.policies.levers import Lever, Slate
from sim.policies.paid import PaidPolicy
from sim.policies.policy import Decision
from sim.policies.quantities import Site
from sim.policies.wording import at_site, titles

if TYPE_CHECKING:
    from sim.district import District


class NewSchool(PaidPolicy):
    """Open one school, once, decided in the first year in which the policy acts."""

    use: ClassVar[str] = "new_school"
    evidence: ClassVar[str] = "S03-067..088; S11-013"
    levers: ClassVar[tuple[Lever, ...]] = ("recruit_operators",)
    slate: ClassVar[Slate] = "open"

    operator: str = Field("single_charter", min_length=1, description="who runs it (a file in sim/networks)")
    name: str | None = Field(None, min_length=1, max_length=200, description="its name; the operator's if absent")
    first_grade: int | None = Field(None, ge=0, le=12, description="lowest grade of its pupils at full size")
    last_grade: int | None = Field(None, ge=0, le=12, description="highest grade of its pupils at full size")
    seats: int = Field(480, ge=30, le=5000, description="seats at full size, all grades together")
    grow: Grows = Field("one grade a year", description="from the lowest grade up, or all grades at once")
    lead_years: int = Field(1, ge=0, le=3, description="years between the decision and the first September")
    near: str | None = Field(None, min_length=1, description="the school, by id, in whose zone it stands")
    site: Site = Field("low rated", description="where it stands if it is near no school: see replication")

    @model_validator(mode="after")
    def _grades_in_order(self) -> NewSchool:
        if self.first_grade is not None and self.last_grade is not None and self.last_grade < self.first_grade:
            raise ValueError(f"last_grade {self.last_grade} is below first_grade {self.first_grade}")
        return self

    def operators_named(self) -> tuple[str, ...]:
        """The operator to be checked against the files."""
        return (self.operator,)

    def schools_named(self) -> tuple[str, ...]:
        """The school it stands near, to be checked against the city."""
        return (self.near,) if self.near else ()

    def in_words(self) -> str:
        """Which school of whom, with which grades and seats, where, and who pays for its start."""
        words = f"open one school of {titles([self.operator])}"
        words += f" named {self.name}" if self.name else ""
        if self.first_grade is not None:
            words += f" from grade {self.first_grade}"
        if self.last_grade is not None:
            words += f" up to grade {self.last_grade}"
        grow = "all grades at once" if self.grow == "whole" else f"growing {self.grow}"
        where = f"in the zone of school {self.near}" if self.near else at_site(self.site, closed_first=False)
        return f"{words}, with {self.seats} seats, {grow}, {where}{self.payer_in_words()}"

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """The opening, if it has not been decided yet."""
        if district.openings_of(name):
            return
        opens = district.year + self.lead_years
        if self.near:
            zone, because = district.school(self.near).zone, f"in the zone of {district.school(self.near).name}"
        else:
            zone, because = district.find_site(self.site, False, self.operator, opens)
        key = district.next_key(self.operator)
        yield Decision(
            name,
            "open",
            school=key,
            year=district.year,
            effective=opens,
            because=f"{self.name or titles([self.operator])}, {because}",
            enact=partial(self._open, policy=name, key=key, zone=zone, opens=opens),
        )

    def _open(self, district: District, policy: str, key: str, zone: int, opens: int) -> None:
        district.plan_school(
            policy,
            key,
            self.operator,
            zone=zone,
            opens=opens,
            seats=self.seats,
            grades_a_year=GRADES_A_YEAR[self.grow],
            use_closed_site=False,
            paid_by=self.paid_by,
            name=self.name,
            grade_ends=(self.first_grade, self.last_grade),
        )
