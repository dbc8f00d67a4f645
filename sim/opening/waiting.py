"""Full schools: how many would have to want a seat for the school to be as full as it is.

The constants are fitted as if every seat were free. In the run a school whose seats hardly exceed its roll would then
lose every chance surplus and never make up for a chance shortfall. So its constants are raised until the number it
expects to seat, counting the seats, is its roll; the surplus is its waiting list.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from sim.opening.codes import LEVELS, CityCodes, Floats, Ints

_ROOT = np.sqrt(2 * np.pi)
MOST = 2.5
"""SDs of chance by which demand may exceed the seats of a school that is full to the last seat."""


def seated(demand: float, seats: float) -> float:
    """Pupils seated on average when `demand` on average ask, with the chance of a Poisson number."""
    sd = demand**0.5
    z = (seats - demand) / sd
    # the density and the tail of the normal, as scipy.stats gives them in a hundred times the time
    return float(demand - sd * (np.exp(-(z * z) / 2.0) / _ROOT - z * ndtr(-z)))


def demand_for(roll: float, seats: float) -> float:
    """Demand at which `roll` of `seats` are filled on average; capped where only an endless demand would do."""
    if roll < 1:
        return max(roll, 1e-9)
    most = max(seats, roll) + MOST * max(seats, roll) ** 0.5
    if seated(most, seats) <= roll:
        return float(most)
    return float(brentq(lambda d: seated(d, seats) - roll, roll * 0.999, most))


def surplus(codes: CityCodes, rolls: Ints, seats: Ints) -> Floats:
    """Log of demand over roll by level and school, (3, S). rolls (13, S) and seats (S, 13) are by grade."""
    out = np.zeros((len(LEVELS), codes.n_schools))
    for level, grades in enumerate(LEVELS):
        for school in range(codes.n_schools):
            taught = [grade for grade in grades if codes.offers[school, grade]]
            if taught:
                roll = float(np.mean([rolls[grade, school] for grade in taught]))
                free = float(np.mean([seats[school, grade] for grade in taught]))
                if roll >= 1:
                    out[level, school] = np.log(demand_for(roll, free) / roll)
    return out
