"""A pattern, and the scoreboard: what is claimed, what is seen over seeds, and whether it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t

import scenarios
from sim.city import City
from sim.plan import Plan, Years
from sim.policies import policies

LEVEL = 0.90
CITY = "harbor_city"


@dataclass(frozen=True)
class Seen:
    """What one number of a pattern must be: above or below a bound, or within it on both sides."""

    unit: str
    above: float | None = None
    below: float | None = None

    def holds(self, low: float, high: float) -> bool:
        """Whether the whole interval lies where it should."""
        return (self.above is None or low > self.above) and (self.below is None or high < self.below)

    def in_words(self) -> str:
        """The expectation in a few words."""
        parts = [
            f"{side} {bound:g}" for side, bound in (("above", self.above), ("below", self.below)) if bound is not None
        ]
        return " and ".join(parts)


@dataclass(frozen=True)
class Pattern:
    """One pattern. `measure` runs one seed and gives the numbers by the names in `expected`; NaN where a seed has
    nothing to show. `missed` says why a pattern is known not to appear."""

    name: str
    claim: str
    evidence: str
    expected: Mapping[str, Seen]
    measure: Callable[[int], dict[str, float]]
    missed: str = ""


def plan_with(
    name: str, asked: Mapping[str, Mapping[str, Any]], years: int = 10, city: City | None = None, **parameters: float
) -> Plan:
    """A plan of the bundled city, unless another is given: policies by a name of their own, each with its `use` and
    settings; parameters with `__` for the dots of their names."""
    city = city or scenarios.load("status_quo").city
    built = {
        key: policies()[str(settings["use"])].model_validate({k: v for k, v in settings.items() if k != "use"})
        for key, settings in asked.items()
    }
    plan = Plan(name, city, Years(city.opening_year + 1, city.opening_year + years), policies=built)
    return plan.with_parameters({key.replace("__", "."): value for key, value in parameters.items()})


def board(pattern: Pattern, seeds: Iterable[int]) -> pd.DataFrame:
    """The scoreboard of a pattern, one line a number: mean over seeds, interval of the mean (90%), seeds that have
    something to show, what is expected, and whether the whole interval is there."""
    found = pd.DataFrame([pattern.measure(seed) for seed in seeds])
    lines = []
    for part, expected in pattern.expected.items():
        values = found[part].dropna().to_numpy(float)
        n = len(values)
        mean = float(values.mean()) if n else np.nan
        half = float(t.ppf(0.5 + LEVEL / 2, n - 1) * values.std(ddof=1) / n**0.5) if n > 1 else np.nan
        lines.append(
            {
                "pattern": pattern.name,
                "number": part,
                "mean": mean,
                "low": mean - half,
                "high": mean + half,
                "unit": expected.unit,
                "seeds": n,
                "expected": expected.in_words(),
                "seen": bool(n > 1 and expected.holds(mean - half, mean + half)),
            }
        )
    return pd.DataFrame(lines)
