"""Which schools a policy reaches, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from sim.policies.policy import Sector
from sim.policies.quantities import Share

if TYPE_CHECKING:
    from sim.agents.schools import School
    from sim.district import District


class Where(BaseModel):
    """Which schools; every condition named must hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sector: Sector = Field(
        "district", description="whose schools: district (freed of rules or not), innovation, restart, charter or all"
    )
    low_income_share_above: Share | None = Field(None, description="share of low-income pupils")
    rating_below: float | None = Field(None, ge=0, le=100, description="last rating, points of 100")
    rating_above: float | None = Field(None, ge=0, le=100, description="last rating, points of 100")
    schools: tuple[str, ...] | None = Field(None, description="only these schools, by id")

    def in_words(self) -> str:
        """The conditions as a noun: `district schools with more than 75% low-income pupils`."""
        words = "all schools" if self.sector == "all" else f"{self.sector} schools"
        if self.low_income_share_above is not None:
            words += f" with more than {self.low_income_share_above:.0%} low-income pupils"
        if self.rating_below is not None:
            words += f" rated below {self.rating_below:g}"
        if self.rating_above is not None:
            words += f" rated above {self.rating_above:g}"
        return words + (f" ({', '.join(self.schools)})" if self.schools else "")

    def chosen(self, district: District) -> list[School]:
        """Open schools with pupils that meet every condition, those with most low-income pupils first."""
        found = []
        for school in district.open_schools(self.sector):
            if school.status != "open" or not school.pupils:
                continue
            share = district.flag_share(school, "low_income")
            if self.low_income_share_above is not None and share <= self.low_income_share_above:
                continue
            if self.rating_below is not None and not school.rating < self.rating_below:
                continue
            if self.rating_above is not None and not school.rating > self.rating_above:
                continue
            if self.schools is not None and school.key not in self.schools:
                continue
            found.append((-share, school.key, school))
        return [school for _, _, school in sorted(found, key=lambda one: one[:2])]
