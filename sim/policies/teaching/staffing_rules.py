"""Staffing rules: how the district lays off, what it pays for longer days, and how far it recruits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from sim.policies.levers import Lever, Slate
from sim.policies.paid import PaidPolicy
from sim.policies.policy import Decision, for_all
from sim.policies.quantities import Share

if TYPE_CHECKING:
    from sim.agents.payers import Payer
    from sim.district import District


class StaffingRules(PaidPolicy):
    """Change the staffing rules in the first year it acts; they then hold until another policy changes them."""

    use: ClassVar[str] = "staffing_rules"
    evidence: ClassVar[str] = "S11-011,012; S12-012; recruiting is an assumption"
    levers: ClassVar[tuple[Lever, ...]] = ("proof_to_district",)
    slate: ClassVar[Slate] = "rules"
    helps_more: ClassVar[tuple[str, ...]] = ("recruit_beyond_city",)

    layoffs: Literal["seniority", "effectiveness"] = Field(
        "effectiveness", description="who goes first where the district's schools have teachers left over"
    )
    pay_longer_days: Share = Field(1.0, description="share of longer days that teachers are paid for")
    recruit_beyond_city: Share = Field(
        0.2, description="teachers drawn to the city beyond those it usually hires, share of these"
    )

    def rules(self) -> dict[str, Any]:
        """The fields of `StaffRules` the policy sets."""
        return {
            "layoffs_by_effectiveness": 1.0 if self.layoffs == "effectiveness" else 0.0,
            "extra_time_paid": self.pay_longer_days,
            "pool_extra": self.recruit_beyond_city,
        }

    def in_words(self) -> str:
        """Who is laid off first, what is paid, and who is recruited."""
        first = "the least effective teachers" if self.layoffs == "effectiveness" else "the newest teachers"
        words = f"lay off {first} first, pay teachers for {self.pay_longer_days:.0%} of longer days"
        if self.recruit_beyond_city:
            words += f" and recruit {self.recruit_beyond_city:.0%} more teachers than the city usually hires"
        else:
            words += " and recruit in the city only"
        return words + self.payer_in_words()

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """The rules for the whole district, once, if others are in force: in the first year the policy acts."""
        first = max(self.first or 0, district.plan.years.first)
        has_acted = any(row["policy"] == name for row in district.record.rows["decision"])
        if has_acted or (self.if_district is None and district.year > first):
            return
        rules = self.rules()
        if any(getattr(district.staff_rules, key) != value for key, value in rules.items()):
            yield for_all(
                district,
                name,
                "change staffing",
                because=f"the plan asks for it: {self.in_words()}",
                enact=partial(_enact, rules=rules, paid_by=self.paid_by),
            )


def _enact(district: District, rules: dict[str, Any], paid_by: Payer) -> None:
    district.change_staffing(paid_by, **rules)
