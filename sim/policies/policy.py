"""What a policy is: settings, and decisions with their reasons. One policy is one file in this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.policies.levers import Lever, Slate
from sim.policies.trigger import IfDistrict, When
from sim.studied.ranges import Studied

if TYPE_CHECKING:
    from sim.district import District

__all__ = ["Decision", "Policy", "Sector", "When"]

REFUSED = ("delayed", "trimmed", "blocked")
"""Actions of decisions that politics did not let through."""
UNCHANGED = ("keep", "set aside", "declined", *REFUSED)
"""Actions of decisions that leave things as they are."""


DISTRICT_WIDE = "*"
"""In place of a school: a decision for the whole district."""


@dataclass(frozen=True)
class Decision:
    """One thing the district does, and why. `enact` carries it out; `year` is when it is taken. `school` is an id, or
    `DISTRICT_WIDE`.

    A decision is `structural` if a school ends, is handed over, joined with another or built up by it: it is set aside
    when an earlier one holds the school or one of those in `also`. Others neither hold a school nor are held up.
    One with `said_once`, a kind of reason, is written down when the kind is new, not every year again; `about` tells
    apart several of which each has a reason of its own.
    """

    policy: str
    action: str
    school: str
    year: int
    effective: int
    because: str
    enact: Callable[[District], None] = field(compare=False, repr=False)
    kind: Literal["structural", "other"] = "other"
    also: tuple[str, ...] = ()
    said_once: str = ""
    about: str = ""

    @property
    def changes_something(self) -> bool:
        """Whether anything is done; a decision to keep things as they are counts against no limit."""
        return self.action not in UNCHANGED

    def is_one_with(self, other: Decision) -> bool:
        """Whether the two are the same decision, perhaps with more of its reason told."""
        mine, theirs = ((one.policy, one.action, one.school, one.year) for one in (self, other))
        return mine == theirs


def for_all(
    district: District, policy: str, action: str, because: str, enact: Callable[[District], None], **more: Any
) -> Decision:
    """A decision for the whole district that holds from this year on; `more` are other fields of it."""
    year = district.year
    return Decision(policy, action, DISTRICT_WIDE, year, year, because, enact, **more)


def leave_as_it_is(district: District) -> None:
    """Enacts a decision to leave things as they are."""


class Policy(BaseModel):
    """A lever of the district. Subclasses set `use`, declare settings as fields and yield decisions in `review`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    use: ClassVar[str] = ""
    evidence: ClassVar[str] = "assumption"
    acts_alone: ClassVar[bool] = True
    """Whether scores move without any other policy."""

    helps_more: ClassVar[tuple[str, ...]] = ()
    """Settings of which more raises what schools add, by the contract tests."""

    studied: ClassVar[Mapping[str, Studied]] = {}
    """Between which values of a setting there is evidence; outside them every output says so."""

    levers: ClassVar[tuple[Lever, ...]] = ()
    """Which of the ten levers it pulls."""

    slate: ClassVar[Slate] = "practice"
    """What its decisions are about."""

    shows_in: ClassVar[tuple[str, ...]] = ("school_year",)
    """Tables that are others when it acts alone; those of politics under `politics: on`."""

    enabled: bool = Field(True, description="whether the policy acts at all")
    first: int | None = Field(None, ge=1900, le=2200, description="first year it acts; the plan's first if absent")
    last: int | None = Field(None, ge=1900, le=2200, description="last year it acts; the plan's last if absent")
    phase_in_years: int = Field(
        1, ge=1, le=10, description="years to come into force: of 3, a third, two thirds, then all of what it would do"
    )
    if_district: IfDistrict | None = Field(
        None, description="acts only after springs in which this holds in the whole district; always if absent"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Policy:
        if self.first is not None and self.last is not None and self.last < self.first:
            raise ValueError(f"last {self.last} is before first {self.first}")
        return self

    def acts_in(self, year: int) -> bool:
        """Whether the policy takes decisions in `year`."""
        return self.enabled and (self.first is None or year >= self.first) and (self.last is None or year <= self.last)

    def decide(self, district: District, name: str) -> Iterator[Decision]:
        """The decisions of `review`, if the policy acts this year: as many as its phase allows, each with the reason
        why the district is in a state in which it acts. Each is to be enacted before the next is asked for."""
        if not self.acts_in(district.year):
            return
        why = self.if_district.held_in(district) if self.if_district is not None else ""
        if why is None:
            return
        left = self._allowed(district, name)
        for decision in self.review(district, name):
            if decision.changes_something and left is not None:
                if left == 0:
                    return
                left -= 1
            yield replace(decision, because=f"{decision.because}; {why}") if why else decision

    def _allowed(self, district: District, name: str) -> int | None:
        """How many decisions that change something the phase allows this year, rounded up; None for no limit.

        Of a policy with a yearly limit, in its k-th of n years: k/n of what it would do this year. Of one without: so
        many that k/n of all it would have done by now is done.
        """
        k = district.year - (self.first or district.plan.years.first) + 1
        if k >= self.phase_in_years:
            return None
        # reviewing does nothing to the district, so the year can be gone through once without enacting anything
        with district.supposing():
            wanted = sum(decision.changes_something for decision in self.review(district, name))
        done = 0 if self.has_yearly_limit else district.decisions_of(name)
        return max(0, -(-(done + wanted) * k // self.phase_in_years) - done)

    def levers_pulled(self) -> tuple[Lever, ...]:
        """Which of the ten levers it pulls with these settings."""
        return self.levers if self.enabled else ()

    def slate_of(self, decision: Decision) -> Slate:
        """Which item of the annual slate a decision is."""
        return self.slate

    def departs_from_contract(self) -> bool:
        """Whether a district school needs the labor contract's leave for what it does."""
        return False

    @property
    def has_yearly_limit(self) -> bool:
        """Whether a setting whose name ends in `per_year` limits what is done in a year."""
        return any(key.endswith("per_year") and value is not None for key, value in self)

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

    def terms_in_words(self) -> str:
        """What holds it back beside its years, as clauses; empty when nothing does."""
        terms = []
        if self.if_district is not None:
            terms.append(f"only after springs with {self.if_district.in_words()}")
        if self.phase_in_years > 1:
            terms.append(f"coming into force over {self.phase_in_years} years")
        return ", ".join(terms)


Sector = Literal["district", "innovation", "restart", "charter", "all"]
