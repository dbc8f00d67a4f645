"""The rule by which schools are rated, and the tiers into which ratings fall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.parameters import Parameters

Tier = Literal["distinguished", "meets", "watch", "failing", "not rated"]


@dataclass(frozen=True)
class YardstickRule:
    """How a rating is made: weights of status, growth and gap (they sum to 1) and the springs it is the mean of.

    `shrunken`: each part is pulled to the mean of the schools as far as it is unreliable. `adjusted`: growth allows
    for how a school's pupils began. Raises ValueError for weights that are negative or do not sum to 1.
    """

    status_weight: float
    growth_weight: float
    gap_weight: float = 0.0
    years: float = 2.0
    shrunken: bool = False
    adjusted: bool = False

    def __post_init__(self) -> None:
        weights = self.status_weight, self.growth_weight, self.gap_weight
        if min(weights) < 0 or abs(weights[0] + weights[1] + weights[2] - 1) > 1e-6:
            raise ValueError(f"the weights of status, growth and gap are {weights}; they must sum to 1")

    @property
    def plain(self) -> bool:
        """Whether it reads nothing beyond mean scores and their growth on last scores."""
        return not (self.gap_weight or self.shrunken or self.adjusted)


def rule_of(parameters: Parameters) -> YardstickRule:
    """The rule in force until a policy sets another."""
    status, gap = parameters["yardstick.status_weight"], parameters["yardstick.gap_weight"]
    return YardstickRule((1 - gap) * status, (1 - gap) * (1 - status), gap, parameters["yardstick.years"])


def tier_of(rating: float, parameters: Parameters) -> Tier:
    """The tier of a rating, points of 100; a rating at a cut is above it, and NaN is not rated."""
    if rating != rating:
        return "not rated"
    if rating >= parameters["yardstick.tier.distinguished"]:
        return "distinguished"
    if rating >= parameters["yardstick.tier.meets"]:
        return "meets"
    return "watch" if rating >= parameters["yardstick.tier.watch"] else "failing"
