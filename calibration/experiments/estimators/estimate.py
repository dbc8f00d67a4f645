"""An estimate from one simulated sample."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """What an estimator says of one sample: value and its own standard error in the number's unit (NaN where it has
    none), and how many children or schools it rests on. A sample with nothing to show gives NaN and 0."""

    value: float
    se: float = math.nan
    units: int = 0

    @staticmethod
    def nothing() -> Estimate:
        """The estimate of a sample that has nothing to show."""
        return Estimate(math.nan)

    @property
    def shows(self) -> bool:
        """Whether there is a value."""
        return math.isfinite(self.value)

    def times(self, factor: float) -> Estimate:
        """The same in another unit."""
        return Estimate(self.value * factor, self.se * abs(factor), self.units)
