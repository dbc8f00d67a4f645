"""A virtual experiment: its setting, what is estimated and how, and the published figures it is held to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from calibration.experiments.estimators.estimate import Estimate
from sim.city import City

HARBOR = "harbor_city"


@dataclass(frozen=True)
class Figure:
    """One published number. `low` to `high` is its range in the evidence table; one that is only a sign has an end open
    (None). `part` tells the numbers of one row apart, as the years of a path. `seen` is no where it was recalled and
    not read; `se_assumed` where the study's own standard error is not known; `note` says what was made of the row, such
    as a range where it gives none. Raises ValueError for a range that does not hold the value."""

    id: str
    quantity: str
    unit: str
    population: str
    source: str
    value: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    part: str = ""
    seen: bool = True
    se_assumed: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise ValueError(f"{self.key}: neither a range nor a sign")
        at = self.value
        if at is not None and not (self._from <= at <= self._to):
            raise ValueError(f"{self.key}: {at} is outside {self._from} to {self._to}")
        if self._from >= self._to:
            raise ValueError(f"{self.key}: low {self.low} is not below high {self.high}")

    @property
    def key(self) -> str:
        """Row of the evidence table, and which part of it."""
        return f"{self.id} {self.part}".strip()

    @property
    def is_sign(self) -> bool:
        """Whether only one end is known."""
        return self.low is None or self.high is None

    @property
    def _from(self) -> float:
        return -float("inf") if self.low is None else self.low

    @property
    def _to(self) -> float:
        return float("inf") if self.high is None else self.high


@dataclass(frozen=True)
class Experiment:
    """One experiment. `measure(city, seed)` makes the setting in the city with one luck, applies the estimator and
    gives one estimate for every name in `numbers` and `also`; it depends on nothing else.

    `numbers`: the published figure by the name of the number that is held to it. `also`: numbers that are shown beside
    them and held to nothing, with their unit. `reasons`: why a number is known to miss, by its name; said only where it
    does. `slow`: a small city has nothing to show, and one seed takes longer than a few seconds.
    """

    name: str
    question: str
    setting: str
    estimand: str
    estimator: str
    numbers: Mapping[str, Figure]
    measure: Callable[[City, int], Mapping[str, Estimate]]
    also: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    city: str = HARBOR
    slow: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        """The rows of the evidence table, each once."""
        return tuple(dict.fromkeys(figure.id for figure in self.numbers.values()))
