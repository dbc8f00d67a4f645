"""The twin of the district: the same schools, operators and policies, but every child a Mesa agent of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import staffing
from mesa.agent import AgentSet
from plain_luck import add_up, stream
from plain_money import PlainBooks
from pupil import Pupil
from summer import Fair, Worths, first_wish
from teaching import Luck, lesson_of, spring_of

from sim.city import GRADES, SUBJECTS
from sim.district import District
from sim.opening.flags import mark_flags
from sim.opening.population import UNPLACED
from sim.opening.value_added import flag_offsets
from sim.stocktaking.june import take_stock
from sim.year.enrollment import Summer
from sim.year.june import Leavers


class TwinDistrict(District):
    """A district whose summer, learning and June are what its pupils do, one object a child.

    The children of school age are `agents_by_type[Pupil]`, oldest first. After each phase what the others read
    (policies, ratings, record) is written back to the columns.
    """

    opening_worths: Worths

    @property
    def pupils(self) -> AgentSet:
        """The children of school age, in the order of their rows."""
        return self.agents_by_type[Pupil]

    def pupil(self, row: int) -> Pupil | None:
        """The child of a row, or None when it is not of school age."""
        return self.by_row.get(row)

    def come_of_age(self, cohorts: range) -> None:
        """Make a pupil of every child of the cohorts."""
        first, last = np.searchsorted(self.students.cohort, [cohorts.start, cohorts.stop])
        self.by_row.update({row: Pupil(self, row) for row in range(first, last)})

    def write(self, *names: str) -> None:
        """Copy what the pupils know of themselves to the columns."""
        rows = self.pupils.get("row")
        for name in names:
            getattr(self.students, name)[rows] = self.pupils.get(name)

    # -- the phases -----------------------------------------------------------------------------------------------

    def _first_june(self) -> None:
        """The opening June, with pupils who take its tests."""
        self.by_row: dict[int, Pupil] = {}
        self.come_of_age(range(self.year - len(GRADES) + 1, self.year + 1))
        super()._first_june()
        self.crews = staffing.opening_crews(self)
        self.hires_a_year = add_up(
            crew.heads * staffing.leaves(self, school)
            for school, crew in zip(self.schools, self.crews.values(), strict=True)
        )

    def enroll(self) -> None:
        """Every child decides for itself, in the order of the year."""
        self.pupils.do("leave")
        self.write("place")
        for pupil in self.pupils.select(lambda pupil: pupil.grade >= len(GRADES)):
            del self.by_row[pupil.row]
            pupil.remove()
        self.come_of_age(range(self.year, self.year + 1))
        mark_flags(self.students, self.window, self.grades, self.codes, flag_offsets(self.plan.parameters))
        self.pupils.do("be_looked_at")
        fair = Fair(self, self.on_offer())
        self.pupils.do("lose_school", fair).do("decide_public", fair).set("moved", False).set("list_place", 0)
        inside = self.pupils.select(lambda pupil: pupil.inside).do("look", fair)
        inside.select(lambda pupil: not pupil.choosing).do("keep_seat", fair)
        choosers = inside.select(lambda pupil: pupil.choosing).do("choose", fair)
        fair.offer_seats(choosers)
        choosers.select(lambda pupil: pupil.names_schools).do("note_wish_met")
        choosers.select(lambda pupil: pupil.offer >= 0).do("accept")
        fair.in_order_of_lottery(choosers.select(lambda pupil: pupil.offer < 0)).do("take_nearest", fair)
        self.write("place", "moved", "list_place", "displaced_in", "displaced_from")
        self.displaced_now = np.array(self.pupils.get("displaced"))
        self.summer = self.count_summer(list(choosers), fair.rules.system == "separate_lotteries")
        self.count_rolls()

    @staticmethod
    def count_summer(choosers: list[Pupil], lotteries: bool) -> Summer:
        """What the summer did, counted."""
        named = [pupil for pupil in choosers if pupil.names_schools]
        return Summer(
            choosers=len(named),
            first_choice=first_wish(named),
            on_list=len([pupil for pupil in named if pupil.offer >= 0]),
            overflow=len([pupil for pupil in choosers if pupil.offer < 0 and pupil.enrolled]),
            unplaced=len([pupil for pupil in choosers if pupil.place == UNPLACED]),
            moved=len([pupil for pupil in choosers if pupil.changes_to(pupil.place)]),
            first_round=len([pupil for pupil in named if pupil.heard_at_once]),
            late=len([pupil for pupil in choosers if pupil.offer < 0 and lotteries]),
        )

    def count_rolls(self) -> None:
        """Every school counts its pupils."""
        for school in self.schools:
            school.roll = np.zeros(len(GRADES), dtype=np.int64)
        for pupil in self.pupils:
            if pupil.enrolled:
                self.schools[pupil.place].roll[pupil.grade] += 1

    def learn(self, *masks: Any) -> np.ndarray:
        """A year of learning, child by child; what the columns would say is found out from the pupils instead."""
        luck = Luck.of(self)
        self.pupils.do("live", luck)
        for cell, together in self.pupils.groupby(lambda pupil: (pupil.grade, pupil.group)):
            draws = together.get("draws")
            luck.mean_draw[cell] = [add_up(draw[k] for draw in draws) / len(draws) for k in range(len(SUBJECTS))]
        newcomers = [0 for _ in self.schools]
        for pupil in self.pupils.select(lambda pupil: pupil.displaced and pupil.enrolled):
            newcomers[pupil.place] += 1
        peers = self.peers().tolist()
        self.books.begin(self)
        money = [self.books.terms(self, s) for s in self.schools]
        staffing.summer(self, self.crews, self.hires_a_year)
        self.lessons = [lesson_of(self, s, newcomers[s.index], peers[s.index], money[s.index]) for s in self.schools]
        self.pupils.do("learn", self.lessons, luck)
        self.write("school_made", "passing")
        return np.array(self.pupils.get("added"))

    def test(self) -> None:
        """June tests."""
        mu, loading = self.opening.mu.tolist(), self.opening.frozen.spread.loading.tolist()
        keys = [stream(self.seed_used, f"test error, {subject}", self.year) for subject in SUBJECTS]
        self.pupils.do("show_truth", mu, loading)
        self.pupils.do("take_test", self.city.tested_grades, self.plan.parameters["learning.error_sd"], keys)
        self.write("truth", "score", "last_score")

    def read_spring(self) -> None:
        """What this June's tests say of every school."""
        self.spring = spring_of(self, self.pupils)

    def _close_year(self) -> None:
        """Every pupil in high school drops out, graduates or goes on; the record; the leavers go."""
        if self.year == self.plan.years.opening:
            # later offers are compared with this one, seen before the leavers have gone
            self.opening_worths = Fair(self, self.on_offer()).worths()
            self.books = PlainBooks(self)
        else:
            self.books.close(self)
        self.pupils.do(
            "end_high_school_year", Luck.of(self), self.opening.graduation.tolist(), self.opening.dropout_share.tolist()
        )
        self.write("score_grade_9", "added_in_high")
        fate = np.array(self.pupils.get("fate"))
        take_stock(self, Leavers(fate == "drops out", fate == "graduates", fate == "finishes"))
        self.pupils.do("leave_high_school")
        self.write("place")
