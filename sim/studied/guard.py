"""Finds where a plan asks for more than has been studied, or is for a city unlike those that were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.city import City
from sim.opening.codes import codes_of
from sim.plan import Plan
from sim.studied.ranges import CITY, YEARS, Fact, Studied


@dataclass(frozen=True)
class Beyond:
    """One thing outside what has been studied; `where` is the key of the plan, `district`, `years` or `runs`."""

    where: str
    what: str
    value: float
    unit: str
    studied: Studied

    def in_words(self, least: float | None = None) -> str:
        """`longer_day.extra_time 60% (studied: at most 30%; S12-012)`, or `40% to 60%` from a least value on."""
        span = f"{self._said(self.studied.low)} to {self._said(self.studied.high)}"
        if self.value > self.studied.high:
            span = f"at most {self._said(self.studied.high)}"
        elif self.value < self.studied.low:
            span = f"at least {self._said(self.studied.low)}"
        name = self.what if self.where in ("district", "years", "runs") else self.where
        values = f"{self._said(least)} to {self._said(self.value)}" if least is not None else self._said(self.value)
        return f"{name} {values} (studied: {span}; {self.studied.evidence})"

    def _said(self, value: float) -> str:
        if self.unit == "share":
            return f"{100 * value:.1f}".removesuffix(".0") + "%"
        return f"{value:,.1f}".removesuffix(".0")


@dataclass(frozen=True)
class Elsewhere:
    """Parameters that were fitted in one city and are taken in another."""

    fitted_in: str
    city: str
    where: str = "fit"

    def in_words(self) -> str:
        """`parameters fitted in small_town, taken in harbor_city`."""
        return f"parameters fitted in {self.fitted_in}, taken in {self.city}"


def beyond(plan: Plan) -> tuple[Beyond, ...]:
    """Everything of a plan and its city that lies outside what has been studied, before it is run."""
    return (*_settings(plan), *_years(plan), *beyond_city(plan.city))


def beyond_city(city: City) -> tuple[Beyond, ...]:
    """Everything of a city that lies outside what has been studied; nothing of one without pupils."""
    pupils = float(city.enrollment["pupils"].sum())
    if not pupils:
        return ()
    return (
        *beyond_fact(CITY["pupils"], pupils, "district"),
        *beyond_fact(CITY["low_income"], low_income_share(city), "district"),
    )


def beyond_fact(fact: Fact, value: float, where: str) -> Iterator[Beyond]:
    """A fact as something beyond, if it is."""
    if not fact.studied.holds(value):
        yield Beyond(where, fact.what, value, fact.unit, fact.studied)


def _settings(plan: Plan) -> Iterator[Beyond]:
    for name, policy in plan.policies.items():
        if not policy.enabled:
            continue
        for key, studied in policy.studied.items():
            value = getattr(policy, key)
            if value is not None and not studied.holds(value):
                extra = type(policy).model_fields[key].json_schema_extra
                unit = str(extra.get("unit", "")) if isinstance(extra, dict) else ""
                what = type(policy).model_fields[key].description or key
                yield Beyond(f"{name}.{key}", what, float(value), unit, studied)


def _years(plan: Plan) -> Iterator[Beyond]:
    """Years from the first in which a policy acts to the plan's last: nobody has been followed for longer."""
    starts = [policy.first or plan.years.first for policy in plan.policies.values() if policy.enabled]
    if starts:
        yield from beyond_fact(YEARS, plan.years.last - max(min(starts), plan.years.first) + 1, "years")


def low_income_share(city: City) -> float:
    """Share of a city's pupils who are low-income in the opening year; it must have some."""
    codes = codes_of(city)
    pupils = codes.roll.sum(axis=1)
    low = (codes.flag_share_by_grade[:, :, 0] * pupils).sum()
    return float(low / pupils.sum())
