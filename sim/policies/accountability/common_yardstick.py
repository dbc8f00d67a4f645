"""Common yardstick: rate every school, whoever runs it, by one rule, from a year on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field, model_validator

from sim.policies.levers import Lever, Slate
from sim.policies.policy import Decision, Policy, for_all
from sim.policies.quantities import Share

if TYPE_CHECKING:
    from sim.district import District


class CommonYardstick(Policy):
    """Change the rule of the rating in the first year it acts; it holds for all schools until another is set.

    Springs rated before keep their ratings, so a mean over years mixes both rules for a year or two. By itself a
    rating changes no score: it changes what other policies do.
    """

    use: ClassVar[str] = "common_yardstick"
    evidence: ClassVar[str] = "S01-040: error of tests; the weights: assumption"
    levers: ClassVar[tuple[Lever, ...]] = ("common_yardstick",)
    slate: ClassVar[Slate] = "rules"
    acts_alone: ClassVar[bool] = False

    status: Share = Field(0.4, description="weight of mean scores, share; the three weights sum to 1")
    growth: Share = Field(0.4, description="weight of growth on last scores, share")
    gap: Share = Field(
        0.2, description="weight of how the district's focal group in the school stands to its reference group, share"
    )
    years: int = Field(2, ge=1, le=3, description="springs that a rating is the mean of")
    shrunken: bool = Field(True, description="whether each part is pulled to the mean as far as it is unreliable")
    adjusted: bool = Field(
        True, description="whether growth allows for test error, the mix of pupils and where the school's pupils began"
    )

    @model_validator(mode="after")
    def _whole(self) -> CommonYardstick:
        total = self.status + self.growth + self.gap
        if abs(total - 1) > 1e-6:
            raise ValueError(f"status, growth and gap are weights that sum to 1, not to {total:g}")
        return self

    @property
    def rule(self) -> dict[str, Any]:
        """The rule it sets, by the fields of the district's rule."""
        return {
            "status_weight": self.status,
            "growth_weight": self.growth,
            "gap_weight": self.gap,
            "years": float(self.years),
            "shrunken": self.shrunken,
            "adjusted": self.adjusted,
        }

    def in_words(self) -> str:
        """The rule."""
        return f"rate all schools by one yardstick: {_words(self.rule)}"

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """The rule, if it is another than the one in force, once: in the first year the policy acts."""
        first = max(self.first or 0, district.plan.years.first)
        has_acted = any(row["policy"] == name for row in district.record.rows["decision"])
        if has_acted or (self.if_district is None and district.year > first):
            return
        now = {key: getattr(district.yardstick_rule, key) for key in self.rule}
        if now != self.rule:
            yield for_all(
                district,
                name,
                "change yardstick",
                because=f"the plan asks for it: {_words(self.rule)}; until now: {_words(now)}",
                enact=partial(_change, rule=self.rule),
            )


def _change(district: District, rule: dict[str, Any]) -> None:
    district.change_yardstick(**rule)


def _words(rule: dict[str, Any]) -> str:
    """A rule as a noun: `50% status and 50% growth, mean of 2 springs`."""
    growth = "adjusted growth" if rule["adjusted"] else "growth"
    names = {"status_weight": "status", "growth_weight": growth, "gap_weight": "gap"}
    parts = [f"{rule[key]:.0%} {name}" for key, name in names.items() if rule[key]]
    words = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    years = f"{rule['years']:g}"
    words += ", of one spring" if years == "1" else f", mean of {years} springs"
    return words + (", unreliable figures pulled to the mean" if rule["shrunken"] else "")
