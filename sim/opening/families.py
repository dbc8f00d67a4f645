"""What families weigh: the systematic utility of every school to every kind of family in every zone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.opening.codes import LEVELS, Floats
from sim.parameters import Parameters


@dataclass(frozen=True)
class SchoolsSeen:
    """What families see of the schools: miles (Z, S), reputation (S,) in SD, own-group shares (S, G)."""

    miles: Floats
    reputation: Floats
    group_share: Floats


def what_families_see(status: Floats, growth: Floats, parameters: Parameters) -> Floats:
    """The score that families see of each school (S,), SD: mostly status, a little growth; no growth known counts as
    none. The opening year's families see the same mixture as later ones, or reputations would drift by its weight."""
    weight = parameters["families.growth_weight"]
    return np.asarray((1 - weight) * status + weight * np.nan_to_num(growth))


def systematic_utility(seen: SchoolsSeen, constants: Floats, parameters: Parameters, informed: float = 0.0) -> Floats:
    """Utility (3 levels, Z, K, S) before taste, sibling, current and zone school.

    `constants` (3, K, S) are the demand constants; the rest is `fixed_utility`.
    """
    return fixed_utility(seen, parameters, informed) + constants[:, None]


def fixed_utility(seen: SchoolsSeen, parameters: Parameters, informed: float = 0.0) -> Floats:
    """Utility (3 levels, Z, K, S) of what families see of the schools.

    Distance costs, low-income families pay more for a mile and weigh scores less, and a school is liked best at a
    certain share of the own group (quadratic, 0 at the best share). informed: how far low-income families' weight on
    scores has come to that of the others, share of the way.
    """
    groups = seen.group_share.shape[1]
    zones, schools = seen.miles.shape
    utility = np.empty((len(LEVELS), zones, 2 * groups, schools))
    best = parameters["families.own_group_best"]
    off = (seen.group_share.T - best) / best
    own_group = -parameters["families.own_group_weight"] * off * off
    for level in range(len(LEVELS)):
        mile = parameters["families.mile.high" if level == 2 else "families.mile.elementary"]
        for income in range(2):
            cost = mile * (parameters["families.mile_low_income"] if income else 1.0)
            weight = parameters["families.score_weight.other"]
            if income:
                own = parameters["families.score_weight.low_income"]
                weight = own + informed * (weight - own)
            utility[level, :, income::2, :] = (
                cost * seen.miles[:, None, :] + (weight * seen.reputation + own_group)[None, :, :]
            )
    return utility


def stay_bonus(teaches: NDArray[np.bool_], parameters: Parameters) -> Floats:
    """Utility of staying in each school in each grade, (S, 13): less in its last grade, which one must soon leave.

    teaches (S, 13): the grades each school has.
    """
    last = teaches & ~np.pad(teaches[:, 1:], ((0, 0), (0, 1)))
    last[:, -1] = False
    return np.where(last, parameters["families.current_school_last_year"], parameters["families.current_school"])
