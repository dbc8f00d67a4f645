"""Forecasts: a point with an 80 percent interval, written down before the year, and how they come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from scenarios.play.asking import NotOnOffer
from sim.city import SUBJECTS

COVERAGE = 0.8
"""Share of outcomes that intervals are to hold."""
GAP = "gap"


@dataclass(frozen=True)
class Question:
    """What is forecast: the observed gap or a group's observed level in one June, grades 3-8, SD."""

    about: str = GAP
    subject: str = "math"
    year: int = 0


@dataclass(frozen=True)
class Forecast:
    """An answer: point and interval in SD, the June in which it was given, what was seen then, what came."""

    question: Question
    point: float
    low: float
    high: float
    made: int = 0
    seen: float = float("nan")
    outcome: float | None = None

    @property
    def inside(self) -> bool | None:
        """Whether the interval held what came; None before it came."""
        return None if self.outcome is None else self.low <= self.outcome <= self.high

    @property
    def penalty(self) -> float | None:
        """Interval score, SD, lower is better; None before the outcome. See `interval_score`."""
        return None if self.outcome is None else interval_score(self.low, self.high, self.outcome)

    def came(self, outcome: float) -> Forecast:
        """The forecast with what came of it."""
        return replace(self, outcome=outcome)


def checked_answer(answer: Forecast, year: int, last: int, groups: Sequence[str]) -> Forecast:
    """The answer with next June where it names none. Raises NotOnOffer."""
    asked = answer.question
    when = asked.year or year + 1
    if not year < when <= last:
        raise NotOnOffer(f"{when} cannot be forecast", f"{year + 1} to {last}")
    if asked.subject not in SUBJECTS:
        raise NotOnOffer(f"no subject {asked.subject!r}", ", ".join(SUBJECTS))
    if asked.about != GAP and asked.about not in groups:
        raise NotOnOffer(f"nothing called {asked.about!r} is forecast", ", ".join((GAP, *groups)))
    values = np.array([answer.low, answer.point, answer.high])
    if not np.isfinite(values).all() or not answer.low <= answer.point <= answer.high:
        raise NotOnOffer("a forecast is a point within its interval", "point, low and high with low <= point <= high")
    return replace(answer, question=replace(asked, year=when), made=year)


def interval_score(low: float, high: float, outcome: float, coverage: float = COVERAGE) -> float:
    """Width of an interval plus 2 / (1 - coverage) for every SD by which it misses; lower is better.

    Source: Gneiting & Raftery 2007, Journal of the American Statistical Association 102(477), equation 43.
    """
    missed = max(low - outcome, 0.0) + max(outcome - high, 0.0)
    return high - low + 2.0 / (1.0 - coverage) * missed


def from_draws(seen: float, changes: Sequence[float]) -> tuple[float, float, float]:
    """Point, low and high of what is to come: what was seen, and changes (n,) that came under other lucks.

    A prediction interval for one more draw of a normal: with few draws it is wider. One draw has no width.
    """
    n = len(changes)
    mean = sum(changes) / n
    spread = (sum((change - mean) ** 2 for change in changes) / (n - 1)) ** 0.5 if n > 1 else 0.0
    reach = float(stdtrit(n - 1, 0.5 + COVERAGE / 2)) * spread * (1 + 1 / n) ** 0.5 if n > 1 else 0.0
    return seen + mean, seen + mean - reach, seen + mean + reach
