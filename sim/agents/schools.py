"""Schools: who runs them, what they offer, what they add, and how they have done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.agents.payers import Payer, Payment
from sim.agents.staff import Staff
from sim.city import GRADES
from sim.luck import name_key

if TYPE_CHECKING:
    from sim.district import District

PRACTICES = ("culture_and_parents", "extended_time", "diagnostics_and_intervention", "professional_development")
"""The white paper's four. Levels: share of the whole practice; for time, more of it as a share of the usual day; for
diagnostics and intervention, share of the pupils tutored."""
Status = Literal["open", "planned", "closing", "closed"]
HISTORIES = ("rating", "growth", "fill")


@dataclass(frozen=True)
class Restart:
    """A takeover that has been decided: when it happens, by whom, under which conditions, and who pays."""

    year: int
    operator: str
    talent: bool
    new_staff: bool
    keep_ratings: bool
    paid_by: Payer = "state"


class School(mesa.Agent):
    """One school. `index` is its place in every school column; it keeps it for the whole run.

    `quality` (2,) is the lasting value added in math and reading, SD per school year against the mean district
    school of the opening year. `seats` (13,) are by grade and never fewer in a higher grade than in a lower one the
    school offers, so that promotion never turns a child away.
    """

    def __init__(
        self,
        district: District,
        *,
        key: str,
        name: str,
        operator: str,
        sector: str,
        x_miles: float,
        y_miles: float,
        zone: int,
        grades: range,
        seats: NDArray[np.int64],
        quality: NDArray[np.float64],
        opened: int | None,
        usual_practices: Mapping[str, float],
        status: Status = "open",
    ) -> None:
        super().__init__(district)
        self.index = len(district.schools)
        self.key, self.name, self.operator, self.sector = key, name, operator, sector
        self.key_bits = np.uint64(name_key(key))
        self.x_miles, self.y_miles, self.zone = x_miles, y_miles, zone
        self.grades = grades
        self.grades_at_full_size = grades
        self.seats = seats
        self.quality = quality
        self.opened = opened
        self.closed: int | None = None
        self.status: Status = status
        self.announced: int | None = None
        self.closes_after: int | None = None
        self.told_to_go = False
        """Told to close, to be phased out or to join another school, whether or not that has begun."""
        self.frozen = False
        """It may not grow, nor its operator open more, until its contract is renewed in full."""
        self.joins: School | None = None
        """The school its pupils go along to when it closes."""
        self.coming_seats: list[tuple[int, NDArray[np.int64]]] = []
        """Seats agreed on, by grade (13,), with the first spring in which they are there."""
        self.grade_by_grade = False
        self.site_reused = False
        self.grades_a_year: int | None = None
        self.new = False
        """Opened during the run: start-up years count, and peers are compared with its own first pupils."""
        self.opening_quality = quality
        """What counts as its opening value: responsiveness acts on what lies above."""
        self.quality_goal: NDArray[np.float64] | None = None
        """Where its quality moves after a restart."""
        self.usual = dict.fromkeys(PRACTICES, 0.0) | dict(usual_practices)
        self.levels = dict(self.usual)
        self.ramp = 0.0
        """How far a new culture has come, 0 to 1."""
        self.new_staff = False
        """Leader and half the staff were replaced."""
        self.talent = True
        """Leaders and teachers who know the practices are at hand."""
        self.restarted: int | None = None
        self.smaller_classes = 0.0
        """How much smaller classes are than they were, as a share."""
        self.payers: dict[str, Payment] = {}
        """Who pays for what policies have brought, by item, since when."""
        self.start_up_dollars: float | None = None
        """What starting it costs; None for the usual cost."""
        self.staff = Staff()
        """Its teachers this year; none before it opens and after it has closed."""
        self.peer_norm: NDArray[np.float64] | None = None
        self.indices: list[tuple[int, float]] = []
        """Yearly rating index, before it is averaged over years and turned into points."""
        self.reputation = float("nan")
        self.roll = np.zeros(len(GRADES), dtype=np.int64)
        self._history: dict[str, list[tuple[int, float]]] = {name: [] for name in HISTORIES}

    @property
    def converts(self) -> bool:
        """Whether it does more of any practice than it always has."""
        return any(self.levels[name] > self.usual[name] for name in PRACTICES)

    @property
    def district_run(self) -> bool:
        """Whether the district runs it, freed of rules or not."""
        return self.sector in ("district", "innovation")

    @property
    def in_session(self) -> bool:
        """Whether it teaches this year: it is open, or on its way out."""
        return self.status in ("open", "closing")

    @property
    def seats_in_use(self) -> int:
        """Seats in the grades offered now; none before it opens and after it has closed."""
        return self.total_seats if self.in_session else 0

    def offers(self, grade: int) -> bool:
        """Whether the school teaches the grade this year."""
        return self.in_session and grade in self.grades

    @property
    def pupils(self) -> int:
        """Children on the roll."""
        return int(self.roll.sum())

    @property
    def total_seats(self) -> int:
        """Seats in the grades offered now."""
        return int(sum(self.seats[grade] for grade in self.grades))

    def seats_by(self, year: int) -> NDArray[np.int64]:
        """Seats by grade in the spring of `year`, those agreed on until then included, (13,)."""
        seats = self.seats
        for first, more in self.coming_seats:
            if first <= year:
                seats = seats_in_order(seats + more, self.grades_at_full_size)
        return seats

    @property
    def fill(self) -> float:
        """Pupils for each seat."""
        return self.pupils / self.total_seats if self.total_seats else 0.0

    def note(self, name: str, year: int, value: float) -> None:
        """Add a June's value to a history; nothing is added when there is no value."""
        if np.isfinite(value):
            self._history[name].append((year, float(value)))

    def history(self, name: str) -> list[float]:
        """The unbroken run of yearly values that ends last June, oldest first; empty when there is none."""
        entries = self._history[name]
        if not entries or entries[-1][0] != self.model.year - self.model.in_review:
            return []
        values: list[float] = []
        expected = entries[-1][0]
        for year, value in reversed(entries):
            if year != expected:
                break
            values.append(value)
            expected -= 1
        return values[::-1]

    def forget_ratings(self) -> None:
        """Start the record anew: nothing of the past counts in a rating or a trigger."""
        self.indices = []
        self._history = {name: [] for name in HISTORIES}

    @property
    def rating(self) -> float:
        """The last rating, points of 100; NaN for a school never rated."""
        entries = self._history["rating"]
        return entries[-1][1] if entries else float("nan")

    @property
    def ratings(self) -> list[tuple[int, float]]:
        """Its ratings by year under whoever runs it now, points of 100."""
        return [(year, value) for year, value in self._history["rating"] if year >= (self.restarted or year)]

    def age(self, year: int) -> int | None:
        """Which year under whoever runs it now this is for a school opened or restarted during the run (1 is the
        first), else None."""
        began = self.restarted or (self.opened if self.new else None)
        return year - began + 1 if began is not None else None

    def start_up_year(self, year: int) -> int | None:
        """Which year of its life this is for a school opened during the run (1 is the first), else None. A school
        that changes hands has its children, its building and its grades: it does not start up."""
        return year - self.opened + 1 if self.new and self.opened is not None else None

    def turn_year(self, year: int) -> None:
        """Open, grow, shrink or close over the summer before the spring of `year`; new seats are there."""
        self.seats = self.seats_by(year)
        self.coming_seats = [(first, more) for first, more in self.coming_seats if first > year]
        if self.status == "planned" and self.opened == year:
            self.status = "open"
        if self.status == "open" and self.new and self.grades_a_year is not None and self.opened is not None:
            full = self.grades_at_full_size
            reached = self.grades_a_year * (year - self.opened + 1)
            self.grades = range(full.start, min(full.stop, full.start + reached))
        if self.status == "closing" and self.closes_after is not None:
            if not self.grade_by_grade:
                if year > self.closes_after:
                    self._close(year)
            elif year > self.closes_after:
                gone = year - self.closes_after
                full = self.grades_at_full_size
                self.grades = range(min(full.stop, full.start + gone), full.stop)
                if not len(self.grades):
                    self._close(year)

    def _close(self, year: int) -> None:
        self.status, self.closed, self.grades = "closed", year - 1, range(0)

    def step(self) -> None:
        """Schools act through the district's school year, not by themselves."""


def seats_in_order(seats: NDArray[np.int64], grades: range) -> NDArray[np.int64]:
    """Seats by grade (13,), raised so that no higher grade of `grades` has fewer than a lower one."""
    raised = seats.copy()
    raised[grades.start : grades.stop] = np.maximum.accumulate(seats[grades.start : grades.stop])
    return raised
