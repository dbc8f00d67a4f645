"""Triggers: what must have held, and for how many springs, before a policy acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from sim.policies.quantities import Share

if TYPE_CHECKING:
    from sim.agents.schools import School
    from sim.district import District


class DistrictCondition(BaseModel):
    """Of the whole district: every bound named has held for `years` springs in a row, counting the last."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    bounded: ClassVar[tuple[tuple[str, str, str], ...]] = (("gap", "gap", " SD"), ("cost", "recorded cost", " dollars"))
    """What can be bounded: setting, noun, unit."""

    gap_above: float | None = Field(None, ge=-3, le=3, description="observed math gap of grades 3-8, SD")
    gap_below: float | None = Field(None, ge=-3, le=3, description="observed math gap of grades 3-8, SD")
    groups: tuple[str, ...] | None = Field(
        None, description="whose gap: the group behind, then the one ahead; the district's own pair if absent"
    )
    cost_above: float | None = Field(
        None, ge=0, le=1e10, description="what the plan is recorded to have cost in the last school year, dollars"
    )
    cost_below: float | None = Field(
        None, ge=0, le=1e10, description="what the plan is recorded to have cost in the last school year, dollars"
    )
    years: int = Field(1, ge=1, le=5, description="springs in a row")

    def bounds(self) -> Iterator[tuple[str, str, str, str, float]]:
        """Every bound that is given: setting, noun, unit, `above` or `below`, and the bound."""
        for name, noun, unit in self.bounded:
            for side in ("below", "above"):
                bound = getattr(self, f"{name}_{side}")
                if bound is not None:
                    yield name, noun, unit, side, bound

    @model_validator(mode="after")
    def _makes_sense(self) -> DistrictCondition:
        wrong = list(self._mistakes())
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _mistakes(self) -> Iterator[str]:
        """All that is wrong with the settings together; the first word is the setting at fault where there is one."""
        given = list(self.bounds())
        if not given:
            sides = [f"{name}_{side}" for name, *_ in self.bounded for side in ("below", "above")]
            yield f"name at least one of {', '.join(sides)}"
        for name, *_ in self.bounded:
            low, high = getattr(self, f"{name}_above"), getattr(self, f"{name}_below")
            if low is not None and high is not None and low >= high:
                yield f"{name}_above {low:g} and {name}_below {high:g} cannot both hold"
        if self.groups is not None:
            if len(set(self.groups)) != 2 or len(self.groups) != 2:
                yield "groups are two, the one behind and the one ahead"
            if self.gap_above is None and self.gap_below is None:
                yield "groups go with gap_above or gap_below"

    def in_words(self) -> str:
        """The condition as a noun: `rating below 30 for 2 years`."""
        parts = []
        for name, noun, unit, side, bound in self.bounds():
            article = "a " if name == "gap" else ""
            parts.append(f"{article}{self._noun(name, noun)} {side} {_bound(bound)}{unit}")
        return " and ".join(parts) + (f" for {self.years} years" if self.years > 1 else "")

    def _noun(self, name: str, noun: str) -> str:
        if name != "gap" or not self.groups:
            return noun
        behind, ahead = self.groups
        return f"gap of {ahead} less {behind}" if " " in behind + ahead else f"{ahead}-{behind} gap"

    def held_in(self, district: District) -> str | None:
        """Why the district meets what is asked of it, in words; empty when nothing is asked, None when it does not."""
        return self._reason({"gap": lambda: district.gap_history(*(self.groups or ())), "cost": district.cost_history})

    def _reason(self, histories: dict[str, Callable[[], Sequence[float]]]) -> str | None:
        """Why every bound on one of these histories holds, or None; a history nobody asks for is not gathered."""
        reasons: dict[str, str] = {}
        for name, noun, unit, side, bound in self.bounds():
            if name not in histories:
                continue
            last = histories[name]()[-self.years :]
            if len(last) < self.years or not all(value < bound if side == "below" else value > bound for value in last):
                return None
            shown = ", ".join(_figure(value) for value in last)
            before = reasons.get(name)
            sides = f"{side} {_bound(bound)}"
            reasons[name] = f"{before} and {sides}" if before else f"{self._noun(name, noun)} {shown}{unit} {sides}"
        return " and ".join(reasons.values()) + (f" for {self.years} years" if reasons and self.years > 1 else "")


class _SchoolBounds(BaseModel):
    """What can be asked of a school; a base of its own so that it is listed before what is asked of the district."""

    rating_below: float | None = Field(None, ge=0, le=100, description="rating, points of 100")
    rating_above: float | None = Field(None, ge=0, le=100, description="rating, points of 100")
    growth_below: float | None = Field(None, ge=-1, le=1, description="yearly growth, SD")
    growth_above: float | None = Field(None, ge=-1, le=1, description="yearly growth, SD")
    fill_below: Share | None = Field(None, description="pupils for each seat")
    fill_above: Share | None = Field(None, description="pupils for each seat")


class SchoolCondition(DistrictCondition, _SchoolBounds):
    """Of a school: every bound named has held for `years` springs in a row, counting the last."""

    bounded: ClassVar[tuple[tuple[str, str, str], ...]] = (
        ("rating", "rating", ""),
        ("growth", "growth", " SD"),
        ("fill", "fill", ""),
        *DistrictCondition.bounded,
    )

    def met_by(self, school: School) -> str | None:
        """Why the school, and its district where that is asked, meets the condition, in words, or None."""
        mine = self._reason({name: partial(school.history, name) for name in ("rating", "growth", "fill")})
        if mine is None:
            return None
        wide = self.held_in(school.model)
        return None if wide is None else " and ".join(part for part in (mine, wide) if part)


class _OrList(DistrictCondition):
    """A condition, or a list of conditions any of which is enough."""

    # editors are told of the list by the schema of scenario files
    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra={"or_list": True})

    any_of: tuple[DistrictCondition, ...] = Field((), description="instead of the others: a list, any of which holds")

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: Any) -> Any:
        return {"any_of": value} if isinstance(value, list | tuple) else value

    @model_serializer(mode="wrap")
    def _as_written(self, handler: SerializerFunctionWrapHandler) -> Any:
        dumped = handler(self)
        alone = {key: value for key, value in dumped.items() if key != "any_of"}
        return list(dumped["any_of"]) if dumped.get("any_of") else alone

    def _mistakes(self) -> Iterator[str]:
        if not self.any_of:
            yield from super()._mistakes()
        elif self.model_fields_set != {"any_of"}:
            yield "any_of stands alone; move the other settings into it"

    def in_words(self) -> str:
        """The trigger as a noun: `rating below 30 for 2 years`, with `or` between those of a list."""
        return " or ".join(one.in_words() for one in self.any_of) if self.any_of else super().in_words()


class When(_OrList, SchoolCondition):
    """A trigger for schools: all it names holds. A list of triggers is met when any of them is."""

    any_of: tuple[SchoolCondition, ...] = Field((), description="instead of the others: a list, any of which holds")

    def met_by(self, school: School) -> str | None:
        """Why the school meets the trigger, in words, or None; of a list, the first that is met."""
        if not self.any_of:
            return super().met_by(school)
        return next((why for one in self.any_of if (why := one.met_by(school)) is not None), None)


class IfDistrict(_OrList):
    """A trigger for a whole policy: all it names holds in the district. Of a list, any."""

    def held_in(self, district: District) -> str | None:
        """Why the district meets the trigger, in words, or None; of a list, the first that is met."""
        if not self.any_of:
            return super().held_in(district)
        return next((why for one in self.any_of if (why := one.held_in(district)) is not None), None)


def _figure(value: float) -> str:
    """Three digits of what was measured; dollars in full."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _bound(value: float) -> str:
    """A bound as it was written; dollars in full."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"
