"""Triggers: what must have held, of a school or of the whole district, before a policy acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.policies.quantities import Share

if TYPE_CHECKING:
    from sim.agents.schools import School
    from sim.district import District

_UNITS = {"rating": "", "growth": " SD", "fill": "", "gap": " SD", "yearly cost": " dollars"}


def _held(name: str, values: list[float], below: float | None, above: float | None, years: int) -> str | None:
    """The reason in words when the last `years` values all lie beyond the bounds, else None."""
    last = values[-years:]
    if len(last) < years:
        return None
    if below is not None and not all(value < below for value in last):
        return None
    if above is not None and not all(value > above for value in last):
        return None
    shown = ", ".join(f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}" for value in last)
    return f"{name} {shown}{_UNITS[name]} {_bounds(below, above)}"


def _bounds(below: float | None, above: float | None) -> str:
    parts = []
    if above is not None:
        parts.append(f"above {above:,.10g}")
    if below is not None:
        parts.append(f"below {below:,.10g}")
    return " and ".join(parts)


class Trigger(BaseModel):
    """Conditions that must all have held for `years` Junes in a row, counting the last."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    years: int = Field(1, ge=1, le=5, description="springs in a row")

    def conditions(self) -> list[tuple[str, float | None, float | None]]:
        """(name, below, above) of every condition there could be."""
        raise TypeError(f"{type(self).__name__} has no conditions")

    def named(self) -> list[tuple[str, float | None, float | None]]:
        """Those that are asked for."""
        return [one for one in self.conditions() if one[1] is not None or one[2] is not None]

    @model_validator(mode="after")
    def _something(self) -> Trigger:
        if not self.named():
            keys = [key for key in type(self).model_fields if key.endswith(("_below", "_above"))]
            raise ValueError(f"name at least one of {', '.join(keys)}")
        for name, below, above in self.named():
            if below is not None and above is not None and below <= above:
                raise ValueError(f"{name} cannot be above {above:g} and below {below:g} at once")
        return self

    def in_words(self) -> str:
        """The trigger as a clause: `rating below 30 for 2 years`."""
        parts = [f"{name} {_bounds(below, above)}{_UNITS[name]}" for name, below, above in self.named()]
        return " and ".join(parts) + (f" for {self.years} years" if self.years > 1 else "")

    def _reason(self, history: dict[str, list[float]]) -> str | None:
        reasons = [_held(name, history[name], below, above, self.years) for name, below, above in self.named()]
        if any(reason is None for reason in reasons):
            return None
        return " and ".join(map(str, reasons)) + (f" for {self.years} years" if self.years > 1 else "")


class When(Trigger):
    """A trigger of a school."""

    rating_below: float | None = Field(None, ge=0, le=100, description="rating, points of 100")
    rating_above: float | None = Field(None, ge=0, le=100, description="rating, points of 100")
    growth_below: float | None = Field(None, ge=-1, le=1, description="yearly growth, SD")
    growth_above: float | None = Field(None, ge=-1, le=1, description="yearly growth, SD")
    fill_below: Share | None = Field(None, description="pupils for each seat")
    fill_above: Share | None = Field(None, description="pupils for each seat")

    def conditions(self) -> list[tuple[str, float | None, float | None]]:
        """Rating, growth and fill."""
        return [
            ("rating", self.rating_below, self.rating_above),
            ("growth", self.growth_below, self.growth_above),
            ("fill", self.fill_below, self.fill_above),
        ]

    def met_by(self, school: School) -> str | None:
        """Why the school meets the trigger, in words, or None."""
        return self._reason({name: school.history(name) for name, _, _ in self.named()})


class DistrictWhen(Trigger):
    """A trigger of the whole district: the policy acts only in years after which it held."""

    groups: tuple[str, str] | None = Field(
        None, description="focal and reference group of the gap; the district's own pair if absent"
    )
    gap_below: float | None = Field(None, ge=-5, le=5, description="measured gap, math grades 3-8, SD")
    gap_above: float | None = Field(None, ge=-5, le=5, description="measured gap, math grades 3-8, SD")
    yearly_cost_below: float | None = Field(None, ge=0, le=1e11, description="what the plan cost last year, dollars")
    yearly_cost_above: float | None = Field(None, ge=0, le=1e11, description="what the plan cost last year, dollars")

    def conditions(self) -> list[tuple[str, float | None, float | None]]:
        """Gap and cost."""
        return [
            ("gap", self.gap_below, self.gap_above),
            ("yearly cost", self.yearly_cost_below, self.yearly_cost_above),
        ]

    def in_words(self) -> str:
        """The trigger as a clause, with the groups where they are named."""
        words = super().in_words()
        return words if self.groups is None else words.replace("gap", f"gap {self.groups[1]} less {self.groups[0]}", 1)

    def met_by(self, district: District) -> str | None:
        """Why the district meets the trigger, in words, or None."""
        focal, reference = self.groups or (district.city.focal_group, district.city.reference_group)
        return self._reason({"gap": district.gap_history(focal, reference), "yearly cost": district.cost_history()})
