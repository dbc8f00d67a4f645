"""Reform mandate: somebody stands behind the office when it tries new things."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from sim.policies.levers import Lever, Slate
from sim.policies.policy import Decision, Policy, for_all

if TYPE_CHECKING:
    from sim.district import District


class ReformMandate(Policy):
    """Work under a mandate to try new things: more capital every year, and other elections to fear.

    The board's mandate leaves its elections as they are; a mayor is elected every four years, and all goes with the
    mayor; the state answers to nobody in the city. Without politics nothing follows from it.
    """

    use: ClassVar[str] = "reform_mandate"
    evidence: ClassVar[str] = "assumption: a step of the white paper; what it is worth was not measured"
    levers: ClassVar[tuple[Lever, ...]] = ("reform_mandate",)
    slate: ClassVar[Slate] = "practice"
    acts_alone: ClassVar[bool] = False
    shows_in: ClassVar[tuple[str, ...]] = ("politics_year",)

    given_by: Literal["board", "mayor", "state"] = Field("board", description="who stands behind the office")

    def in_words(self) -> str:
        """Whose mandate."""
        return f"try new things under a mandate of the {self.given_by}"

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """Once."""
        if district.office.mandate == self.given_by:
            return
        yield for_all(
            district,
            name,
            "take mandate",
            because=f"the {self.given_by} stands behind the office",
            enact=partial(_take, given_by=self.given_by),
        )


def _take(district: District, given_by: Literal["board", "mayor", "state"]) -> None:
    district.take_mandate(given_by)
