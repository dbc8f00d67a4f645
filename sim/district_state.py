"""What a district holds while it runs. `District` is this, the market of schools, the levers, and the school year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.agents.columns import Columns, Rows
from sim.agents.operators import Operator
from sim.agents.schools import Restart, School
from sim.agents.students import Student
from sim.opening.codes import CityCodes, Floats, Ints
from sim.opening.opening import Opening, open_city
from sim.plan import Plan
from sim.policies.policy import Decision
from sim.record import Record
from sim.year import enrollment
from sim.year.learning import ValueAdded
from sim.year.ratings import Spring, Yardstick
from sim.year.rules import EnrollmentRules

if TYPE_CHECKING:
    from sim.city import City

Mask = NDArray[np.bool_]


class DistrictState(mesa.Model):
    """The state of one district; see `District`."""

    taught: Mask
    """Grades each school had last year, (S, 13)."""
    closed_now: Mask
    """Schools that closed all at once this summer, (S,)."""
    displaced_now: Mask
    """Children of the window whose school closed this summer, (n,)."""
    displaced_in: Ints
    """Displaced children each school took this year, (S,)."""
    added: Floats
    """What the schools added to each child of the window this year, mean of subjects, SD, (n,)."""
    value_added: ValueAdded
    spring: Spring
    yardstick: Yardstick
    summer: enrollment.Summer | None
    opening_value: Floats
    """Value of what was on offer in the opening June, by level, zone and kind of family, (3, Z, K)."""
    opening_mean_quality: Floats
    """Mean quality of the opening schools, weighted by pupils, (2,)."""
    constants: Floats
    pull: Floats
    usual_constants: Floats
    usual_pull: float
    usual_seats: float
    miles: Floats
    zone_school: Ints
    reference: Floats

    def __init__(self, plan: Plan, seed: int) -> None:
        super().__init__(rng=seed)
        self.plan, self.seed_used = plan, int(seed)
        self.city: City = plan.city
        self.year = plan.years.opening
        self.opening_rules = EnrollmentRules(plan.system, plan.city.list_limit)
        self.rules = self.opening_rules
        self.in_review = 0
        self.record = Record()
        self.schools: list[School] = []
        self.operators: dict[str, Operator] = {}
        self.openings: dict[str, int] = {}
        self.promised_seats: dict[tuple[int, int], int] = {}
        self.settled: dict[str, Decision] = {}
        """The decision that settles what becomes of a school, until it is carried out, by the school's id."""
        self.restarts: dict[int, Restart] = {}
        """Takeovers decided and not yet carried out, by index of the school."""
        self.first_change: int | None = None
        """Year in which the plan first closed or opened a school."""
        self.opening: Opening = open_city(plan, self.seed_used)
        self.codes: CityCodes = self.opening.codes
        self.students: Columns = self.opening.students

    def gap_history(self, focal: str, reference: str) -> list[float]:
        """Measured gaps in math, grades 3-8, SD, of every June so far, oldest first."""
        return [
            row["gap"]
            for row in self.record.rows["gap_year"]
            if (row["subject"], row["band"], row["focal"], row["reference"]) == ("math", "3-8", focal, reference)
        ]

    def cost_history(self) -> list[float]:
        """What the plan has cost in every year so far, dollars, oldest first."""
        dollars: dict[int, float] = {}
        for row in self.record.rows["cost_year"]:
            dollars[row["year"]] = dollars.get(row["year"], 0.0) + row["dollars"]
        return list(dollars.values())

    @property
    def window(self) -> slice:
        """Rows of the children of school age this year."""
        return enrollment.school_age(self.students, self.year)

    @property
    def grades(self) -> Rows:
        """The grade each child of the window is in or would be in, (n,)."""
        return np.asarray(self.year - self.students.cohort[self.window])

    def enrolled_rows(self) -> Rows:
        """Rows of the children now in a school."""
        return np.nonzero(self.students.place >= 0)[0]

    def student(self, row: int) -> Student:
        """One child as a Mesa agent."""
        return Student(self, row)

    def grade_of(self, row: int) -> int:
        """The grade a child is in, or would be in."""
        return int(self.year - self.students.cohort[row])

    def school_of(self, row: int) -> School | None:
        """The child's school, or None."""
        place = int(self.students.place[row])
        return self.schools[place] if place >= 0 else None
