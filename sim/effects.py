"""From a published effect to the model's yearly value added.

`school_made` follows `r * school_made + V`. A study that reports the effect after n years of attendance has seen
`V (1 - r**n) / (1 - r)`, so V and the retention r can never be chosen apart. Retention is drawn first.
"""

from __future__ import annotations

from typing import Literal

Estimand = Literal["cumulative", "per year attended", "yearly growth", "first year"]


def yearly_value(effect: float, retention: float, estimand: Estimand, years: float = 1.0) -> float:
    """The value added a year that gives the published `effect` (SD) under `retention`.

    `cumulative`: the effect after `years` years. `per year attended`: cumulative effect divided by years.
    `yearly growth`: gain on last year's score among pupils `years` years into the school; last year's score is
    taken to hold what the school had made by then, so growth is V + (r - 1) * school_made.
    `first year`: V itself. Raises ValueError for years below 1 or another estimand.
    """
    if years < 1:
        raise ValueError(f"an effect over {years} years: at least 1")
    reached = (1 - retention**years) / (1 - retention)
    if estimand == "cumulative":
        return effect / reached
    if estimand == "per year attended":
        return effect * years / reached
    if estimand == "yearly growth":
        before = (1 - retention ** (years - 1)) / (1 - retention)
        return effect / (reached - before)
    if estimand == "first year":
        return effect
    raise ValueError(f"no estimand {estimand!r}")
