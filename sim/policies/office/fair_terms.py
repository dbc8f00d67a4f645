"""Fair terms: money that follows pupils, buildings, and freedom for whoever runs schools for the district."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sim.policies.levers import Lever, Slate
from sim.policies.policy import Decision, Policy, for_all
from sim.policies.quantities import Share

if TYPE_CHECKING:
    from sim.district import District


class FairTerms(Policy):
    """Offer partners a fair share of the money, buildings and freedom; who answers a call for proposals hangs on it.

    Money that follows pupils leaves the district's own schools with what they cannot shed at once.
    """

    use: ClassVar[str] = "fair_terms"
    evidence: ClassVar[str] = "S12-001..003,010; what networks ask for is an assumption"
    levers: ClassVar[tuple[Lever, ...]] = ("fair_terms",)
    slate: ClassVar[Slate] = "rules"
    acts_alone: ClassVar[bool] = False
    shows_in: ClassVar[tuple[str, ...]] = ("decision",)

    revenue_share: Share = Field(1.0, description="share of the district's revenue per pupil that follows a pupil")
    autonomy: Share = Field(1.0, description="freedom from the district's rules, share of all of it")
    buildings: bool = Field(True, description="whether partners get a building")

    def in_words(self) -> str:
        """The terms."""
        words = f"let {self.revenue_share:.0%} of the revenue follow a pupil to a partner's school"
        words += f", with {self.autonomy:.0%} of full freedom from rules"
        return words + (", in a building of the district" if self.buildings else "")

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """Once, and again where another policy has changed them."""
        office = district.office
        now = (office.revenue_share, office.autonomy, office.buildings)
        if now == (self.revenue_share, self.autonomy, self.buildings):
            return
        yield for_all(
            district,
            name,
            "offer terms",
            because=f"until now {now[0]:.0%} of the revenue followed a pupil, with {now[1]:.0%} of full freedom",
            enact=self._offer,
        )

    def _offer(self, district: District) -> None:
        district.offer_terms(self.revenue_share, self.autonomy, self.buildings)
