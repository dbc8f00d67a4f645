"""Acknowledge the gap: say in public how wide it is, and be measured by it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from sim.policies.levers import Lever, Slate
from sim.policies.policy import Decision, Policy, for_all

if TYPE_CHECKING:
    from sim.district import District


class AcknowledgeGap(Policy):
    """Say in public how wide the gap is: it costs capital once, and from then on a closing gap counts as a success.

    Without politics nothing follows from it.
    """

    use: ClassVar[str] = "acknowledge_gap"
    evidence: ClassVar[str] = "assumption: a step of the white paper; what it does to politics was not measured"
    levers: ClassVar[tuple[Lever, ...]] = ("acknowledge_gap",)
    slate: ClassVar[Slate] = "rules"
    acts_alone: ClassVar[bool] = False
    shows_in: ClassVar[tuple[str, ...]] = ("politics_year",)

    def in_words(self) -> str:
        """What is done."""
        return "say in public how wide the gap is, so that closing it counts as a success beside a rising mean"

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """Once, as soon as politics lets it pass."""
        if district.office.gap_acknowledged:
            return
        gap, ahead, behind = district.gap_history(), district.city.reference_group, district.city.focal_group
        known = bool(gap) and gap[-1] == gap[-1]
        yield for_all(
            district,
            name,
            "acknowledge gap",
            because=f"the gap of {ahead} less {behind} was {gap[-1]:.2f} SD in math last June"
            if known
            else "a gap that nobody has measured yet",
            enact=_acknowledge,
        )


def _acknowledge(district: District) -> None:
    district.acknowledge_gap()
