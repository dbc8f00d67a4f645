"""What a district holds while it runs. `District` is this, the market of schools, the levers, and the school year."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.agents.columns import Columns, Rows
from sim.agents.contracts import Contract
from sim.agents.office import Office
from sim.agents.operators import Operator
from sim.agents.payers import Payment
from sim.agents.schools import Restart, School
from sim.agents.students import Student
from sim.decisions import Decided
from sim.opening.codes import CityCodes, Floats, Ints
from sim.opening.opening import Opening, open_city
from sim.plan import Plan
from sim.policies.levers import Slate
from sim.policies.policy import UNCHANGED, Decision
from sim.record import Record
from sim.studied.watching import note
from sim.year import enrollment
from sim.year.learning import ValueAdded
from sim.year.money import Accounts
from sim.year.operator_accounts import Account
from sim.year.ratings import Spring, Yardstick
from sim.year.rules import EnrollmentRules, StaffRules
from sim.year.yardstick import YardstickRule, rule_of

if TYPE_CHECKING:
    from sim.city import City

Mask = NDArray[np.bool_]


class DistrictState(mesa.Model):
    """The state of one district; see `District`."""

    taught: Mask
    """Grades each school had last year, (S, 13)."""
    closed_now: Mask
    """Schools that closed all at once this summer, (S,)."""
    joined: Ints
    """The school that the pupils of each school went along to this summer, -1 for none, (S,)."""
    rezoned_from: Ints
    """The school whose pupils of a zone and grade have to choose anew this summer, -1 for none, (Z, 13)."""
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
    accounts: Accounts
    buses: Payment
    """Who pays for free buses, since when."""
    staffing_paid: Payment
    """Who pays for other staffing rules than the usual, since when."""
    will_paid: Payment
    """Who pays for work on political will, since when."""
    opening_value: Floats
    """Value of what was on offer in the opening June, by level, zone and kind of family, (3, Z, K)."""
    opening_mean_quality: Floats
    """Mean quality of the opening schools, weighted by pupils, (2,)."""
    usual_hires: float
    """Teachers the city hires in a usual summer."""
    staff_added: Floats
    """What the staffs add this year beside their schools' norms, SD (S, 2)."""
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
        plan = plan.at(int(seed))
        note(plan)
        self.plan, self.seed_used = plan, int(seed)
        self.city: City = plan.city
        self.year = plan.years.opening
        self.opening_rules = EnrollmentRules(plan.system, plan.city.list_limit)
        self.rules = self.opening_rules
        self.yardstick_rule: YardstickRule = rule_of(plan.parameters)
        self.contracts: dict[str, Contract] = {}
        """Performance contracts in force or expired, by the school's id."""
        self.staff_rules = StaffRules()
        self.in_review = 0
        self.supposed = False
        """A review is gone through only to see what it would decide."""
        self.decided = Decided()
        self.agreed: dict[int, list[Callable[[], None]]] = {}
        """What has been decided for a later summer, by the spring that follows it."""
        self.record = Record()
        self.schools: list[School] = []
        self.operators: dict[str, Operator] = {}
        self.openings: dict[str, int] = {}
        self.promised_seats: dict[tuple[int, int], int] = {}
        self.restarts: dict[int, Restart] = {}
        """Takeovers decided and not yet carried out, by index of the school."""
        self.operator_books: list[Account] = []
        """The operators' books as they were closed."""
        self.handed_over: set[int] = set()
        """Schools of the district that were handed to charter operators, by index."""
        self.first_change: int | None = None
        """Year in which the plan first closed or opened a school."""
        self.opening: Opening = open_city(plan, self.seed_used)
        self.codes: CityCodes = self.opening.codes
        self.students: Columns = self.opening.students
        self.office = Office(self, len(plan.city.zones))

    def in_summer(self, first_spring: int, change: Callable[[], None]) -> None:
        """Have a change made in the summer before `first_spring`, before schools open and close."""
        self.agreed.setdefault(first_spring, []).append(change)

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

    def decisions_of(self, policy: str) -> int:
        """Decisions of a policy of the plan that have changed something so far."""
        return sum(row["policy"] == policy and row["action"] not in UNCHANGED for row in self.record.rows["decision"])

    def write_down(self, decision: Decision, slate: Slate, capital: float = 0.0) -> None:
        """Add a decision to the record, with its item of the slate and the capital it cost."""
        self.record.add(
            "decision",
            year=self.year,
            policy=decision.policy,
            action=decision.action,
            school=decision.school,
            effective=decision.effective,
            because=decision.because,
            slate=slate,
            capital=capital,
        )

    def gap_history(self, focal: str = "", reference: str = "") -> list[float]:
        """Observed math gap of grades 3-8, June by June up to the last, SD; the city's own pair if none is named.

        Read from the record; NaN for a June without tested pupils of both.
        """
        behind, ahead = focal or self.city.focal_group, reference or self.city.reference_group
        mean: dict[tuple[int, str], float] = {}
        for row in self.record.rows["level_year"]:
            if row["subject"] == "math" and row["band"] == "3-8" and row["group"] in (behind, ahead):
                mean.setdefault((row["year"], row["group"]), row["mean"])
        years = sorted({year for year, _ in mean})
        return [mean.get((year, ahead), np.nan) - mean.get((year, behind), np.nan) for year in years]

    def cost_history(self) -> list[float]:
        """What the plan is recorded to have cost, all items, year by year up to the last, dollars."""
        cost: dict[int, float] = {}
        for row in self.record.rows["cost_year"]:
            cost[row["year"]] = cost.get(row["year"], 0.0) + row["dollars"]
        return list(cost.values())

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
