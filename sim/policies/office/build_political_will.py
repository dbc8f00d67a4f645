"""Build political will: engage families, inform them, and keep a coalition together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sim.policies.levers import Lever, Slate
from sim.policies.paid import PaidPolicy
from sim.policies.policy import Decision, for_all
from sim.policies.quantities import Share

if TYPE_CHECKING:
    from sim.district import District


class BuildPoliticalWill(PaidPolicy):
    """Work on political will, each part a share of the whole of it, for dollars a pupil.

    Engagement takes anger out of closings; information makes low-income families look more at scores when they choose;
    a coalition brings other voters, and flexibility at the bargaining table. Only information acts without politics.
    """

    use: ClassVar[str] = "build_political_will"
    evidence: ClassVar[str] = "S13-003; S09-013; the sizes are an assumption"
    levers: ClassVar[tuple[Lever, ...]] = ("build_political_will",)
    slate: ClassVar[Slate] = "practice"
    acts_alone: ClassVar[bool] = False

    engagement: Share = Field(1.0, description="engagement of families before schools close, share of the whole")
    information: Share = Field(1.0, description="information of families about schools, share of the whole")
    coalition: Share = Field(1.0, description="work on a coalition in the city, share of the whole")

    def in_words(self) -> str:
        """How much of each."""
        return (
            f"build political will: {self.engagement:.0%} of full engagement of families, "
            f"{self.information:.0%} of full information, {self.coalition:.0%} of a full coalition"
            f"{self.payer_in_words()}"
        )

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """Once, and again where another policy has changed it."""
        office = district.office
        if (office.engagement, office.information, office.coalition) == (
            self.engagement,
            self.information,
            self.coalition,
        ):
            return
        yield for_all(
            district,
            name,
            "build will",
            because=f"engagement {self.engagement:.0%}, information {self.information:.0%}, "
            f"coalition {self.coalition:.0%} of the whole",
            enact=self._build,
        )

    def _build(self, district: District) -> None:
        district.build_will(self.engagement, self.information, self.coalition, self.paid_by)
