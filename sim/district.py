"""The district: a Mesa model whose step is one school year. Read this file first."""

from __future__ import annotations

import numpy as np

from sim.agents.columns import Rows
from sim.agents.students import Everyone, register_students
from sim.opening.flags import mark_flags
from sim.opening.value_added import flag_offsets
from sim.plan import Plan
from sim.review import Reviewing
from sim.stocktaking.june import collector, take_stock
from sim.year import enrollment, june, learning, practices, staffing
from sim.year.choice import SchoolsOnOffer, looking_share, public_chance, value_of_offer
from sim.year.ratings import make_yardstick, spring_results

MEMORY_OF_TURBULENCE = 2


class District(Reviewing):
    """One school district under one plan with one seed; after construction it stands in the opening June.

    `students` are columns (`district.agents_by_type[Student]` shows the enrolled as Mesa agents), `schools` a list
    of agents in the order they came into being, `operators` agents by name, `record` the tables of the run.
    Raises ValueError when the plan's first year is not the one after the city's opening year.
    """

    def __init__(self, plan: Plan, seed: int = 0) -> None:
        if seed is None:
            raise ValueError("a district needs a seed; to Mesa 3.5's batch_run give rng=[1, 2], not a parameter `seed`")
        super().__init__(plan, seed)
        register_students(self, self.enrolled_rows)
        self.open_market()
        self._first_june()
        # one line a step, as Mesa's batch_run counts them: the opening June is in the record, not here
        self.datacollector = collector(self)

    # -- the school year ------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One school year: review, enrol, teach, take stock, settle."""
        self.year += 1
        self.review()
        self.turn_year()
        self.enroll()
        self.teach()
        self.test()
        self.take_stock()
        self.settle_politics()
        self.datacollector.collect(self)
        self.running = self.year < self.plan.years.last

    def turn_year(self) -> None:
        """Schools that were to open, grow, shrink, join or close do so over the summer."""
        self.taught = self.teaches()
        seats = [school.seats for school in self.schools]
        for change in self.agreed.pop(self.year, ()):
            change()
        closed = np.zeros(len(self.schools), dtype=bool)
        self.joined = np.full(len(self.schools), -1)
        for school in self.schools:
            before = school.status
            school.turn_year(self.year)
            closed[school.index] = before != "closed" and school.status == "closed" and not school.grade_by_grade
            if closed[school.index] and school.joins is not None:
                self.joined[school.index] = school.joins.index
            if school.status != before and school.status in ("open", "closed"):
                self.first_change = self.first_change or self.year
        self.closed_now = closed
        self.carry_out_restarts()
        self.like_for_size(seats)

    def enroll(self) -> None:
        """Families choose and every child gets a place."""
        students, year, p = self.students, self.year, self.plan.parameters
        enrollment.leave(students, year)
        window, grade = self.window, self.grades
        mark_flags(students, window, grade, self.codes, flag_offsets(p))
        offer = self.on_offer()
        displaced = enrollment.displace(students, window, grade, self.taught, self.closed_now, self.joined, year)
        released = enrollment.release_rezoned(students, window, grade, self.rezoned_from) & ~displaced
        change = np.zeros_like(self.opening_value)
        if self.plan.outside_option:
            change = value_of_offer(offer, p) - self.opening_value
        chance = public_chance(self.codes.public_share, change, p)
        inside = enrollment.decide_public(students, window, grade, displaced, chance, year)
        firsts = {s.grades_at_full_size.start for s in self.open_schools("charter")}
        self.summer = self.assign(window, grade, inside, displaced, released, offer, looking_share(firsts, p))
        self.displaced_now = displaced
        self.count_rolls()

    def assign(
        self,
        window: slice,
        grade: Rows,
        inside: np.ndarray,
        displaced: np.ndarray,
        released: np.ndarray,
        offer: SchoolsOnOffer,
        looks: np.ndarray,
    ) -> enrollment.Summer:
        """The round of choice: lists, offers, and the nearest school with room for the rest."""
        return enrollment.enroll(
            self.students,
            window,
            grade,
            inside,
            displaced,
            released,
            offer,
            looks,
            self.plan.parameters,
            self.seed_used,
            self.year,
        )

    def teach(self) -> None:
        """Schools staff themselves for the rolls of the year; then a year of learning."""
        p, schools = self.plan.parameters, self.schools
        staffing.staff_summer(schools, self.year, self.staffing_allowed(), self.usual_hires, p)
        self.staff_added = staffing.staff_value(schools, p)
        practices.ramp_up(schools, p)
        quality = np.array([school.quality for school in schools])
        opening_quality = np.array(
            [self.opening_mean_quality if school.new else school.opening_quality for school in schools]
        )
        recent = self.first_change is not None and self.year - MEMORY_OF_TURBULENCE < self.first_change
        self.value_added = learning.value_added(
            schools,
            quality,
            opening_quality,
            self.peers(),
            self.staff_added,
            self.year,
            self.seed_used,
            p["disruption.turbulence"] if recent else 0.0,
            self.money_value(),
            p,
        )
        place = self.students.place[self.window]
        arrived = np.bincount(place[self.displaced_now & (place >= 0)], minlength=len(schools))
        roll = np.array([school.pupils for school in schools])
        self.displaced_in = arrived
        announced = np.array([school.announced == self.year for school in schools])
        self.added = self.learn(
            place >= 0, self.displaced_now & (place >= 0), announced, learning.received_cost(arrived, roll, p)
        )

    def learn(
        self, enrolled: np.ndarray, displaced: np.ndarray, announced: np.ndarray, received: np.ndarray
    ) -> np.ndarray:
        """What the children make of the year; returns what their schools added (n,)."""
        return learning.learn(
            self.students,
            self.window,
            self.grades,
            enrolled,
            displaced,
            announced,
            self.value_added,
            received,
            self.opening.frozen.spread.shock_sd,
            self.codes.n_groups,
            self.year,
            self.seed_used,
            self.plan.parameters,
        )

    def test(self) -> None:
        """June tests."""
        place = self.students.place[self.window]
        june.true_scores(self.students, self.window, self.grades, self.opening.mu, self.opening.frozen.spread.loading)
        tested = (place >= 0) & np.isin(self.grades, self.city.tested_grades)
        june.test(self.students, self.window, tested, self.year, self.seed_used, self.plan.parameters)

    def take_stock(self) -> None:
        """Rate the schools, see who graduates, write the record, and let the leavers go."""
        self.read_spring()
        self.rate()
        self._close_year()

    def read_spring(self) -> None:
        """What this June's tests say of every school."""
        students, window = self.students, self.window
        place = students.place[window]
        inside = place >= 0
        self.spring = spring_results(
            place[inside],
            self.grades[inside],
            students.score[window][inside],
            students.last_score[window][inside],
            len(self.schools),
            self.plan.parameters["yardstick.minimum_tested"],
        )

    def _close_year(self) -> None:
        """Graduation, the record, and the leavers."""
        students, window = self.students, self.window
        leavers = june.end_high_school(
            students,
            window,
            self.grades,
            students.place[window] >= 0,
            self.added,
            self.opening.graduation,
            self.opening.dropout_share,
            self.year,
            self.seed_used,
            self.plan.parameters,
        )
        take_stock(self, leavers)
        june.leave_high_school(students, window, leavers)

    # -- the opening June -----------------------------------------------------------------------------------------

    def _first_june(self) -> None:
        """The June before the plan acts: the file's children are tested, the file's history is the schools'."""
        self.count_rolls()
        self.usual_hires = staffing.usual_staff(self.schools, self.plan.parameters)
        self.added = np.zeros(self.window.stop - self.window.start)
        self.displaced_now = np.zeros(len(self.added), dtype=bool)
        self.displaced_in = np.zeros(len(self.schools), dtype=np.int64)
        self.closed_now = np.zeros(len(self.schools), dtype=bool)
        self.joined = np.full(len(self.schools), -1)
        self.rezoned_from = np.full_like(self.zone_school, -1)
        self.summer = None
        quality = np.array([school.quality for school in self.schools])
        self.value_added = learning.ValueAdded(quality, np.zeros_like(quality))
        self.test()
        self.read_spring()
        gap = self.gaps()
        self.yardstick = make_yardstick(self.spring.status, gap, self.city.ratings, self.plan.parameters)
        self.file_history(gap)
        self.set_peer_norms()
        self.opening_value = value_of_offer(self.on_offer(), self.plan.parameters)
        self.open_accounts()
        self._close_year()
        self.see_june()
        self.office.proven_at_opening = self.proven_share()

    @property
    def agents(self) -> Everyone:
        """Schools, operators and the enrolled children, as one Mesa AgentSet."""
        return Everyone(self)

    def run_to_end(self) -> District:
        """Step through all years of the plan."""
        while self.year < self.plan.years.last:
            self.step()
        return self
