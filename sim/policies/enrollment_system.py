"""Enrolment system: change how seats are given, from a year on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from sim.policies.levers import Slate
from sim.policies.paid import PaidPolicy
from sim.policies.policy import Decision, for_all
from sim.policies.quantities import Miles, Share

if TYPE_CHECKING:
    from sim.agents.payers import Payer
    from sim.district import District

KEEP = "as it is"
FAVORED = {
    "low_income": "low-income children",
    "english_learner": "English learners",
    "displaced": "children of closed schools",
}


class EnrollmentSystem(PaidPolicy):
    """Change the enrolment rules in the first year it acts; they then hold until another policy changes them."""

    use: ClassVar[str] = "enrollment_system"
    evidence: ClassVar[str] = "S09-005,008..011: first-choice and match rates; the rules themselves by definition"
    slate: ClassVar[Slate] = "rules"

    system: Literal["as it is", "zoned", "separate_lotteries", "unified"] = Field(
        "unified",
        description="zone seats and one match for the rest, lotteries of every school by itself, or one list for all",
    )
    rounds: int = Field(3, ge=1, le=20, description="rounds in which schools offer seats in separate lotteries")
    lotteries_of: Literal["all", "charter"] = Field(
        "all", description="who holds separate lotteries; other schools then take only their own and zone pupils"
    )
    list_limit: int | None = Field(None, ge=1, le=50, description="schools a family may list; unchanged if absent")
    one_lottery: bool | None = Field(
        None, description="one lottery ticket for all schools, or another at each; unchanged if absent"
    )
    displaced_first: bool | None = Field(
        None, description="whether children of closed schools go before siblings and others; unchanged if absent"
    )
    set_aside: Share | None = Field(
        None, description="share of the seats given that go first to some children; unchanged if absent"
    )
    set_aside_for: Literal["low_income", "english_learner", "displaced"] = Field(
        "low_income", description="for whom seats are set aside"
    )
    backfill_through: int | None = Field(
        None, ge=0, le=12, description="highest grade in which schools fill seats after their entry grade, 0 for none"
    )
    backfill_of: Literal["charter", "all"] = Field(
        "charter", description="which schools that holds for; one that guarantees zones a seat always takes newcomers"
    )
    transport: Literal["off", "cheaper miles", "capped miles"] | None = Field(
        None,
        description="free buses: a mile costs families less, or no more than some miles count; unchanged if absent",
    )
    transport_miles: Miles = Field(2.0, description="most that families feel where miles are capped, miles")

    def changes(self) -> dict[str, dict[str, Any]]:
        """The rules the policy sets, by what they are about."""
        found: dict[str, dict[str, Any]] = {}
        if self.system != KEEP:
            found["change system"] = {"system": self.system}
            if self.system == "separate_lotteries":
                found["change system"] |= {"rounds": self.rounds, "lotteries_of": self.lotteries_of}
        for action, names in (
            ("change list", ("list_limit",)),
            ("change lottery", ("one_lottery",)),
            ("change priority", ("displaced_first",)),
            ("set seats aside", ("set_aside", "set_aside_for")),
            ("change backfill", ("backfill_through", "backfill_of")),
            ("change transport", ("transport", "transport_miles")),
        ):
            if getattr(self, names[0]) is not None:
                found[action] = {name: getattr(self, name) for name in names}
        return found

    def in_words(self) -> str:
        """Every rule the policy sets, and who pays for buses."""
        clauses = [
            _words(rules) + (self.payer_in_words() if rules.get("transport", "off") != "off" else "")
            for rules in self.changes().values()
        ]
        return "; ".join(clauses) or "leave the enrollment rules as they are"

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """The rules that are others than those in force, once: in the first year the policy acts."""
        first = max(self.first or 0, district.plan.years.first)
        has_acted = any(row["policy"] == name for row in district.record.rows["decision"])
        if has_acted or (self.if_district is None and district.year > first):
            return
        for action, rules in self.changes().items():
            now = {key: getattr(district.rules, key) for key in rules}
            if now != rules:
                yield for_all(
                    district,
                    name,
                    action,
                    because=f"the plan asks for it: {_words(rules)}; until now: {_words(now)}",
                    enact=partial(_enact, rules=rules, paid_by=self.paid_by),
                )


def _enact(district: District, rules: dict[str, Any], paid_by: Payer) -> None:
    district.change_enrollment(**rules)
    if "transport" in rules:
        district.pay_for_buses(paid_by)


def _words(rules: dict[str, Any]) -> str:
    """One group of rules as a clause."""
    match rules:
        case {"system": "zoned"}:
            return "guarantee zone seats and give the others by one match"
        case {"system": "unified"}:
            return "give all seats by one match of one list from every family"
        case {"system": _, "rounds": rounds, "lotteries_of": whose}:
            schools = "every school" if whose == "all" else "every charter"
            return f"guarantee zone seats and let {schools} offer seats by a lottery of its own in {rounds} rounds"
        case {"system": _}:
            return "guarantee zone seats and let schools offer seats by lotteries of their own"
        case {"list_limit": most}:
            return f"let families list up to {most} schools"
        case {"one_lottery": one}:
            return f"draw {'one lottery ticket for all schools' if one else 'another lottery ticket at each school'}"
        case {"displaced_first": first}:
            return f"give children of closed schools {'' if first else 'no '}priority over siblings and neighbors"
        case {"set_aside": share, "set_aside_for": whom}:
            return f"set {share:.0%} of the seats aside for {FAVORED[whom]}" if share else "set no seats aside"
        case {"backfill_through": grade, "backfill_of": whose}:
            schools = "charters" if whose == "charter" else "schools without guaranteed zones"
            if grade == 12:
                return "fill free seats in every grade"
            return f"let {schools} fill free seats {f'only through grade {grade}' if grade else 'in entry grades only'}"
        case {"transport": "off"}:
            return "run no buses to schools of choice"
        case {"transport": "cheaper miles"}:
            return "run free buses, which make a mile cost families less"
    return f"run free buses, so that no more than {rules['transport_miles']:g} miles count for a family"
