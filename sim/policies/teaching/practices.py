"""Practices: the white paper's four, brought into schools that do not have them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sim.policies.policy import Decision
from sim.policies.quantities import Share
from sim.policies.teaching.in_schools import InSchools
from sim.policies.wording import starting
from sim.studied.ranges import Studied

if TYPE_CHECKING:
    from sim.agents.schools import School
    from sim.district import District


class Practices(InSchools):
    """Have schools take up culture and parent involvement, tutoring after diagnostics, coaching, or more time."""

    use: ClassVar[str] = "practices"
    evidence: ClassVar[str] = "S04-001..045"
    helps_more: ClassVar[tuple[str, ...]] = (
        "culture_and_parents",
        "extended_time",
        "diagnostics_and_intervention",
        "professional_development",
    )

    action: ClassVar[str] = "take up practices"
    studied: ClassVar[dict[str, Studied]] = {"extended_time": Studied(0.0, 0.3, "S12-012")}

    culture_and_parents: Share = Field(0.0, description="how much of the whole practice, share")
    extended_time: Share = Field(0.0, description="more time, share of the usual school day")
    diagnostics_and_intervention: Share = Field(
        0.3, description="share of the pupils tutored after diagnostics; tests alone do nothing"
    )
    professional_development: Share = Field(0.0, description="share of the teachers coached")

    def asked(self) -> dict[str, float]:
        """The levels asked for, by practice."""
        return {
            "culture_and_parents": self.culture_and_parents,
            "extended_time": self.extended_time,
            "diagnostics_and_intervention": self.diagnostics_and_intervention,
            "professional_development": self.professional_development,
        }

    def _bundle(self) -> str:
        words = {
            "culture_and_parents": f"{self.culture_and_parents:.0%} of the work on culture and with parents",
            "extended_time": f"{self.extended_time:.0%} more time",
            "diagnostics_and_intervention": f"tutoring for {self.diagnostics_and_intervention:.0%} of the pupils",
            "professional_development": f"coaching for {self.professional_development:.0%} of the teachers",
        }
        return ", ".join(words[name] for name, level in self.asked().items() if level) or "no practice"

    def departs_from_contract(self) -> bool:
        """A longer day needs leave; the other practices do not."""
        return self.extended_time > 0

    def in_words(self) -> str:
        """Which practices, how much of each, where, and who pays."""
        words = f"bring {self._bundle()} into {self.where.in_words()}{starting(self.schools_per_year)}"
        return words + self.payer_in_words()

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """Schools that start this year: neediest first where there is a limit."""
        return self.where.starting(
            district, name, self.action, self._lacks, self.schools_per_year, self._bundle(), self._start
        )

    def _lacks(self, school: School) -> bool:
        return any(school.levels[practice] < level for practice, level in self.asked().items())

    def _start(self, district: District, key: str) -> None:
        district.take_up(key, self.asked(), self.paid_by)
