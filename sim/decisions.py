"""Which decisions stand: two policies that want one school, and decisions that only repeat themselves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sim.policies.policy import Decision, leave_as_it_is

if TYPE_CHECKING:
    from sim.district import District


@dataclass
class Decided:
    """What has been decided so far in a run.

    A structural decision holds its schools until the year in which it takes effect is over, and for good where the
    school ends by it. A later structural decision on a school that is held is set aside, whoever took it.
    """

    holders: dict[str, Decision] = field(default_factory=dict)
    """The last structural decision on each school, by the school's id."""
    given: dict[tuple[str, str, str, str], str] = field(default_factory=dict)
    """The kind of reason last written down for a policy, action, school and whom it is about."""

    def holder(self, school: str, district: District) -> Decision | None:
        """The decision that keeps a school out of reach of later structural ones, or None."""
        held = self.holders.get(school)
        if held is None or (held.effective < district.year and not district.school(school).told_to_go):
            return None
        return held

    def would_stand(self, decision: Decision, district: District) -> bool:
        """Whether no earlier decision holds a school that this one is about."""
        if decision.kind != "structural":
            return True
        return all(self.holder(school, district) is None for school in (decision.school, *decision.also))

    def take(self, decision: Decision, district: District) -> Decision | None:
        """Enact a decision, or set it aside where another policy's holds a school; returns what is to be written down.

        None where there is nothing new to write: a policy asks once more for what it has decided itself, a decision
        that is said once repeats its kind of reason, or a school that is held is left as it is.
        """
        if decision.enact is leave_as_it_is and self.holder(decision.school, district):
            return None
        if decision.kind == "structural":
            for school in (decision.school, *decision.also):
                held = self.holder(school, district)
                if held is not None:
                    return None if held.policy == decision.policy else self._news(_set_aside(decision, school, held))
            self.holders |= dict.fromkeys((decision.school, *decision.also), decision)
        decision.enact(district)
        return self._news(decision)

    def _news(self, decision: Decision) -> Decision | None:
        """A decision if it is to be written down."""
        if decision.said_once:
            what = decision.policy, decision.action, decision.school, decision.about
            if self.given.get(what) == decision.said_once:
                return None
            self.given[what] = decision.said_once
        return decision


def _set_aside(decision: Decision, school: str, held: Decision) -> Decision:
    """What is written down of a decision that finds a school held."""
    return replace(
        decision,
        action="set aside",
        school=school,
        effective=decision.year,
        because=f"already to {held.action} by {held.policy} since {held.year}; "
        f"not to {decision.action}: {decision.because}",
        said_once=f"{decision.action} {held.policy} {held.year}",
    )
