"""What every made city is drawn with: numbers by name, whole numbers that keep a sum, miles between places."""

from __future__ import annotations

import random
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


class Draws:
    """Normal and uniform draws by name, so that adding one changes none of the others."""

    def __init__(self, seed: str) -> None:
        self.seed = seed

    def uniform(self, name: str, low: float = 0.0, high: float = 1.0) -> float:
        """A number between low and high."""
        return low + (high - low) * random.Random(f"{self.seed}/{name}").random()

    def normal(self, name: str, sd: float = 1.0) -> float:
        """A number with mean zero and the given SD."""
        return sd * NormalDist().inv_cdf(self.uniform(name, 1e-9, 1 - 1e-9))


def whole(amounts: Floats, total: int) -> Counts:
    """Whole numbers near the amounts that sum to the total: the largest remainders are rounded up."""
    down = np.floor(amounts).astype(np.int64)
    order = np.argsort(-(amounts - down), kind="stable")
    down[order[: total - int(down.sum())]] += 1
    return down


def miles(east_a: Floats, north_a: Floats, east_b: Floats, north_b: Floats) -> Floats:
    """Miles between every a (rows) and every b (columns)."""
    squares = (east_a[:, None] - east_b) ** 2 + (north_a[:, None] - north_b) ** 2
    return np.asarray(np.sqrt(squares), dtype=np.float64)
