"""What a policy is: settings, and decisions with their reasons. One policy is one file in this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.policies.quantities import Share

if TYPE_CHECKING:
    from sim.agents.schools import School
    from sim.district import District


DISTRICT_WIDE = "*"
"""In place of a school: a decision for the whole district."""


@dataclass(frozen=True)
class Decision:
    """One thing the district does, and why. `enact` carries it out; `year` is when it is taken. `school` is an id, or
    `DISTRICT_WIDE`."""

    policy: str
    action: str
    school: str
    year: int
    effective: int
    because: str
    enact: Callable[[District], None] = field(compare=False, repr=False)


class When(BaseModel):
    """A trigger: every named condition has held for `years` springs in a row, counting the last."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rating_below: float | None = Field(None, ge=0, le=100, description="rating, points of 100")
    growth_below: float | None = Field(None, ge=-1, le=1, description="yearly growth, SD")
    fill_below: Share | None = Field(None, description="pupils for each seat")
    years: int = Field(1, ge=1, le=5, description="springs in a row")

    @model_validator(mode="after")
    def _something(self) -> When:
        if self.rating_below is None and self.growth_below is None and self.fill_below is None:
            raise ValueError("name at least one of rating_below, growth_below, fill_below")
        return self

    def in_words(self) -> str:
        """The trigger as a clause: `rating below 30 for 2 years`."""
        parts = [
            f"{name} below {bound:g}{unit}"
            for bound, name, unit in (
                (self.rating_below, "rating", ""),
                (self.growth_below, "growth", " SD"),
                (self.fill_below, "fill", ""),
            )
            if bound is not None
        ]
        return " and ".join(parts) + (f" for {self.years} years" if self.years > 1 else "")

    def met_by(self, school: School) -> str | None:
        """Why the school meets the trigger, in words, or None."""
        reasons = []
        for bound, name, unit in (
            (self.rating_below, "rating", ""),
            (self.growth_below, "growth", " SD"),
            (self.fill_below, "fill", ""),
        ):
            if bound is None:
                continue
            last = school.history(name)[-self.years :]
            if len(last) < self.years or not all(value < bound for value in last):
                return None
            shown = ", ".join(f"{value:.3g}" for value in last)
            reasons.append(f"{name} {shown}{unit} below {bound:g}")
        return " and ".join(reasons) + (f" for {self.years} years" if self.years > 1 else "")


class Policy(BaseModel):
    """A lever of the district. Subclasses set `use`, declare settings as fields and yield decisions in `review`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    use: ClassVar[str] = ""
    evidence: ClassVar[str] = "assumption"

    enabled: bool = Field(True, description="whether the policy acts at all")
    first: int | None = Field(None, ge=1900, le=2200, description="first year it acts; the plan's first if absent")
    last: int | None = Field(None, ge=1900, le=2200, description="last year it acts; the plan's last if absent")

    @model_validator(mode="after")
    def _in_order(self) -> Policy:
        if self.first is not None and self.last is not None and self.last < self.first:
            raise ValueError(f"last {self.last} is before first {self.first}")
        return self

    def acts_in(self, year: int) -> bool:
        """Whether the policy takes decisions in `year`."""
        return self.enabled and (self.first is None or year >= self.first) and (self.last is None or year <= self.last)

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

    def schools_named(self) -> tuple[str, ...]:
        """Schools the settings name, to be checked against the city."""
        return ()


Sector = Literal["district", "charter", "all"]
