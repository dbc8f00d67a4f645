"""What a policy is: settings, and decisions with their reasons. One policy is one file in this folder."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.policies.trigger import DistrictWhen, When

if TYPE_CHECKING:
    from sim.district import District


DISTRICT_WIDE = "*"
"""In place of a school: a decision for the whole district."""


@dataclass(frozen=True)
class Decision:
    """One thing the district does, and why. `enact` carries it out; `year` is when it is taken. `school` is an id, or
    `DISTRICT_WIDE`.

    A `structural` decision settles what becomes of a school (closed, phased out, merged, restarted): the first one of
    a year or an earlier one still to be carried out stands, and later ones are recorded as set aside.
    """

    policy: str
    action: str
    school: str
    year: int
    effective: int
    because: str
    enact: Callable[[District], None] = field(compare=False, repr=False)
    structural: bool = False


class Policy(BaseModel):
    """A lever of the district. Subclasses set `use`, declare settings as fields and yield decisions in `review`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    use: ClassVar[str] = ""
    evidence: ClassVar[str] = "assumption"
    acts_alone: ClassVar[bool] = True
    """Whether scores move without any other policy."""

    enabled: bool = Field(True, description="whether the policy acts at all")
    first: int | None = Field(None, ge=1900, le=2200, description="first year it acts; the plan's first if absent")
    last: int | None = Field(None, ge=1900, le=2200, description="last year it acts; the plan's last if absent")
    phase_in_years: int = Field(
        1, ge=1, le=10, description="years over which its yearly limit grows to the full one; 1 is at once"
    )
    if_district: DistrictWhen | None = Field(None, description="acts only in years after which this held")

    @model_validator(mode="after")
    def _in_order(self) -> Policy:
        if self.first is not None and self.last is not None and self.last < self.first:
            raise ValueError(f"last {self.last} is before first {self.first}")
        return self

    def acts_in(self, year: int) -> bool:
        """Whether the policy takes decisions in `year`."""
        return self.enabled and (self.first is None or year >= self.first) and (self.last is None or year <= self.last)

    def limit(self, district: District, full: int | None, candidates: int) -> int | None:
        """The yearly limit on schools in force: a part of it while the policy is phased in. Where there is no limit,
        it is that part of the candidates."""
        nth = district.year - max(self.first or district.plan.years.first, district.plan.years.first) + 1
        if nth >= self.phase_in_years:
            return full
        return math.ceil((candidates if full is None else full) * nth / self.phase_in_years)

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """The decisions for `district.year`, seen from last June; `name` is the policy's name in the plan."""
        raise TypeError(f"{type(self).__name__} has no review")

    def in_words(self) -> str:
        """What the policy does in every year it acts, as a clause in plain words that names its main settings: `close
        up to 2 schools a year ...`. No name of the policy, no year, no full stop."""
        raise TypeError(f"{type(self).__name__} has no words")

    def operators_named(self) -> tuple[str, ...]:
        """Operators the settings name, to be checked against the files in sim/networks."""
        return ()

    def groups_named(self) -> tuple[str, ...]:
        """Groups the settings name, to be checked against the city."""
        return self.if_district.groups or () if self.if_district is not None else ()

    def schools_named(self) -> tuple[str, ...]:
        """Schools the settings name, to be checked against the city."""
        return ()


Sector = Literal["district", "innovation", "restart", "charter", "all"]

__all__ = ["Decision", "Policy", "Sector", "When"]
