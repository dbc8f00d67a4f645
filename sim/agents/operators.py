"""Operators: who runs schools. In a run each is a Mesa agent, made from its data file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.agents.operator_files import Effect, Fact, OperatorFile, operator_files
from sim.effects import yearly_value
from sim.luck import one_normal
from sim.parameters import Parameters

if TYPE_CHECKING:
    from sim.district import District

__all__ = ["Effect", "Fact", "Operator", "OperatorFile", "operator_files", "school_draw"]

CENTS = 100
"""Money is kept in whole cents, so that books balance exactly."""


class Operator(mesa.Agent):
    """One operator in a run: its total effect as a yearly value, the schools it has opened so far, and what it has to
    open more with."""

    def __init__(self, district: District, key: str) -> None:
        super().__init__(district)
        self.key = key
        self.file = operator_files()[key]
        self.openings = 0
        self.takeovers = 0
        self.first_opening: int | None = None
        self.leaders = self.file.leaders_in_training.value
        """Trained school leaders who have no school yet."""
        self.leaders_given = 0
        """Leaders trained at the district's cost that it was handed."""
        self.trained_until = district.year
        """The year until which its own training has been counted."""
        self.cash_cents = round(self.file.cash.value * CENTS)
        """What was in its account when its books were last closed."""
        self.start_up_cents = 0
        """What starting schools has cost it since then."""
        self.grant_cents = 0
        """What the district has given it towards that since then."""
        self.deficit_years = 0
        """Years in a row in which it ran a deficit that counts."""

    @property
    def cash(self) -> float:
        """What it can still spend on new schools, dollars."""
        return (self.cash_cents + self.grant_cents - self.start_up_cents) / CENTS

    @property
    def record(self) -> list[tuple[int, float]]:
        """Year by year, the mean rating of its schools in this city, points of 100; no school's from before it ran
        it."""
        found: dict[int, list[float]] = {}
        for school in self.model.schools:
            if school.operator == self.key:
                for year, rating in school.ratings:
                    found.setdefault(year, []).append(rating)
        return [(year, sum(ratings) / len(ratings)) for year, ratings in sorted(found.items())]

    def train_leaders(self, year: int) -> None:
        """Count the leaders it has trained until the review of `year`; a year counts once."""
        self.leaders += self.file.trained_leaders_a_year * max(0, year - self.trained_until)
        self.trained_until = max(year, self.trained_until)

    def take_on(self, grant_cents: int, given_leader: bool) -> None:
        """Take on one more school in answer to a call: pay its start-up, with a grant and perhaps a leader from the
        district."""
        self.start_up_cents += round(self.file.start_up_dollars.value * CENTS)
        self.grant_cents += grant_cents
        self.leaders_given += given_leader
        self.leaders += given_leader

    def close_books(self, cash_cents: int, deficit_years: int) -> None:
        """Take over what the books of a year say."""
        self.cash_cents, self.deficit_years = cash_cents, deficit_years
        self.start_up_cents = self.grant_cents = 0

    @property
    def total(self) -> NDArray[np.float64]:
        """Value added a year of its mature schools, math and reading, shape (2,)."""
        effect, values = self.file.total, self.model.plan.parameters.by_subject("learning.retention")
        return np.array(
            [
                yearly_value(size, retention, effect.estimand, effect.years)
                for size, retention in zip(effect.believed(self.model.plan.parameters), values, strict=True)
            ]
        )

    def takeover_quality(self, year: int) -> NDArray[np.float64]:
        """Quality at which its next takeover aims, shape (2,): total, a draw of its own, less dilution; counts the
        takeover. The draw belongs to the k-th takeover of the operator."""
        self.takeovers += 1
        return self._quality(year, f"{self.key}/takeover {self.takeovers}")

    def copy_quality(self, year: int) -> NDArray[np.float64]:
        """Quality of its next opening, shape (2,): total, a draw of its own, less dilution; counts the opening.

        The draw belongs to the k-th opening of the operator, so that plans that open it share its luck.
        """
        self.openings += 1
        return self._quality(year, f"{self.key}/{self.openings}")

    def _quality(self, year: int, draw: str) -> NDArray[np.float64]:
        """Total and a draw, less what openings and takeovers beyond the trained leaders cost."""
        self.first_opening = self.first_opening or year
        self.leaders = max(0.0, self.leaders - 1)
        parameters: Parameters = self.model.plan.parameters
        quality = self.total
        if self.file.spread:
            quality = quality + school_draw(self.model.seed_used, draw, self.file.sector, parameters)
        leaders = self.file.trained_leaders_a_year * (year - self.first_opening + 1) + self.leaders_given
        beyond = max(0.0, self.openings + self.takeovers - leaders)
        return quality - parameters.with_reading_ratio("networks.dilution") * beyond


def school_draw(seed: int, name: str, sector: str, parameters: Parameters) -> NDArray[np.float64]:
    """How far one school's value added lies from its operator's total, shape (2,), SD per school year."""
    shared, own = one_normal(seed, "school quality", name), one_normal(seed, "school quality, reading", name)
    r = parameters["quality.subject_correlation"]
    reading = r * shared + (1 - r * r) ** 0.5 * own
    return parameters.by_subject(f"quality.spread.{sector}") * np.array([shared, reading])
