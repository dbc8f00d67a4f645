"""New zone lines: which school guarantees each zone its seats, drawn anew by a rule."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, field_validator

from sim.policies.levers import Slate
from sim.policies.policy import Decision, Policy
from sim.policies.quantities import Miles

if TYPE_CHECKING:
    from sim.district import District

LEVELS = ("elementary", "middle", "high")
Level = Literal["elementary", "middle", "high"]


class NewZoneLines(Policy):
    """Give zones another guaranteed district school: the nearest, or for more equal fill or mix of incomes."""

    use: ClassVar[str] = "new_zone_lines"
    evidence: ClassVar[str] = "S10-006: what the move costs; what lines do to choice: assumption"
    slate: ClassVar[Slate] = "rules"

    rule: Literal["nearest", "balance fill", "mix income"] = Field(
        "nearest", description="the nearest school with the grade, equal pupils a seat, or equal low-income shares"
    )
    levels: tuple[Level, ...] = Field(
        ("elementary", "middle", "high"), min_length=1, description="grades K-5, 6-8 and 9-12: which are drawn anew"
    )
    within: Miles | None = Field(
        3.0, description="how far a zone may be from a school given to it for fill or mix, miles; any if absent"
    )
    pupils_stay: bool = Field(True, description="whether pupils now in the old school keep their seats")
    every: int | None = Field(None, ge=1, le=10, description="years from one drawing to the next; once if absent")

    @field_validator("levels")
    @classmethod
    def _once(cls, levels: tuple[Level, ...]) -> tuple[Level, ...]:
        if len(set(levels)) < len(levels):
            raise ValueError("each level is named once")
        return levels

    def in_words(self) -> str:
        """By which rule, for which grades, and what becomes of those now in the old schools."""
        to = {
            "nearest": "to the nearest school",
            "balance fill": "towards equal pupils for each seat",
            "mix income": "towards equal low-income shares",
        }[self.rule]
        words = f"draw the zones of {', '.join(self.levels)} grades anew {to}"
        if self.within is not None and self.rule != "nearest":
            words += f", among schools within {self.within:g} miles"
        words += "" if self.every is None else f", every {self.every} years"
        return words + (", with pupils staying where they are" if self.pupils_stay else ", with pupils moving too")

    def review(self, district: District, name: str) -> Iterator[Decision]:
        """One decision for every zone and span of grades that changes, in the year of a drawing."""
        since = district.year - (self.first or district.plan.years.first)
        if since % self.every if self.every is not None else since:
            return
        levels = tuple(number for number, level in enumerate(LEVELS) if level in self.levels)
        schools, zones = district.schools, district.city.zones["name"]
        for change in district.new_lines(self.rule, levels, self.within):
            old = schools[change.old].name if change.old >= 0 else "no school"
            low, high = ("K" if grade == 0 else str(grade) for grade in (change.grades[0], change.grades[-1]))
            yield Decision(
                name,
                "redraw zone",
                school=schools[change.new].key,
                year=district.year,
                effective=district.year,
                because=f"{zones.iloc[change.zone]}, grades {low} to {high}, from {old} to {schools[change.new].name}: "
                + self._reason(change.was_offered, change.miles, change.pupils_a_seat, change.low_income_share),
                enact=partial(self._redraw, zone=change.zone, grades=change.grades, school=change.new),
            )

    def _reason(
        self, was_offered: bool, miles: tuple[float, float], a_seat: tuple[float, float], share: tuple[float, float]
    ) -> str:
        """What speaks for the change, old school and new, before anything was redrawn."""
        if not was_offered:
            return f"no seats to be had before, {miles[1]:.2f} miles away"
        if self.rule == "nearest":
            return f"nearest, {miles[1]:.2f} miles instead of {miles[0]:.2f}"
        if self.rule == "balance fill":
            return f"{a_seat[0]:.2f} and {a_seat[1]:.2f} pupils living in their zones for each seat"
        return f"zones {share[0]:.0%} and {share[1]:.0%} low-income"

    def _redraw(self, district: District, zone: int, grades: tuple[int, ...], school: int) -> None:
        district.redraw_zone(zone, grades, school, keep_seats=self.pupils_stay)
