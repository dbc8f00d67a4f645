"""Which schools a policy reaches, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from sim.policies.policy import Decision, Sector
from sim.policies.quantities import Share
from sim.policies.wording import only

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
        return words + only(self.schools)

    def chosen(self, district: District) -> list[School]:
        """Open schools with pupils that meet every condition, those with most low-income pupils first."""
        return [school for school, _ in self._with_shares(district)]

    def starting(
        self,
        district: District,
        policy: str,
        action: str,
        lacks: Callable[[School], bool],
        most: int | None,
        what: str,
        enact: Callable[[District, str], None],
    ) -> Iterator[Decision]:
        """Decisions by which schools that still lack something begin with it this year, neediest first, `most` of them
        (all if None). `what` they get, in words; `enact` takes the school's id."""
        lacking = [(school, share) for school, share in self._with_shares(district) if lacks(school)]
        for school, share in lacking[:most]:
            yield Decision(
                policy,
                action,
                school=school.key,
                year=district.year,
                effective=district.year,
                because=f"{share:.0%} of its pupils are low-income; {what}",
                enact=partial(_start, how=enact, key=school.key),
            )

    def _with_shares(self, district: District) -> list[tuple[School, float]]:
        """The schools chosen, each with its share of low-income pupils, highest first."""
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
            found.append((school, share))
        return sorted(found, key=lambda one: (-one[1], one[0].key))


def _start(district: District, how: Callable[[District, str], None], key: str) -> None:
    how(district, key)
