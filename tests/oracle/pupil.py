"""One child as a plain Mesa agent that chooses, learns and is tested by itself: the twin of a row of columns."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa
from plain_luck import WORD, bits, normal, quantile, tastes, uniform

from sim.opening.population import DROPPED_OUT, FINISHED, GRADUATED, LEFT, NOT_YET, OUTSIDE, UNPLACED

if TYPE_CHECKING:
    from summer import Fair, Intake
    from teaching import Lesson, Luck
    from twin_district import TwinDistrict

COPIED = (
    "child",
    "cohort",
    "arrives",
    "departs",
    "group",
    "low_income",
    "kind",
    "node",
    "zone",
    "ability",
    "flag_effect",
    "engagement",
    "outside_draw",
    "sibling",
    "place",
    "displaced_in",
    "displaced_from",
    "moved",
    "list_place",
    "school_made",
    "passing",
    "truth",
    "score",
    "last_score",
    "score_grade_9",
    "added_in_high",
)
SUBJECTS = (0, 1)
TOP_GRADE = 12


class Pupil(mesa.Agent):
    """A child of school age, in one of the schools or not. `place` is the index of a school or where else it is."""

    def __init__(self, district: TwinDistrict, row: int) -> None:
        super().__init__(district)
        self.row = row
        for name in COPIED:
            setattr(self, name, getattr(district.students, name)[row].tolist())
        self.inside = self.place >= 0
        self.rezoned, self.came_from = False, -1
        self.displaced = self.choosing = self.names_schools = False
        self.current = self.sibling_school = self.offer = -1
        self.wishes: list[int] = []
        self.tried = 0
        self.claims: dict[int, tuple[int, int, int]] = {}
        self.favored = self.heard_at_once = False
        self.letters: list[Intake] = []
        self.draws = [0.0, 0.0]
        self.added = 0.0
        self.fate = "stays"

    @property
    def grade(self) -> int:
        """The grade the child is in, or would be in."""
        return self.model.year - self.cohort

    @property
    def enrolled(self) -> bool:
        """Whether the child is in a school."""
        return self.place >= 0

    # -- summer ---------------------------------------------------------------------------------------------------

    def be_looked_at(self) -> None:
        """Read this year's flags from the columns, where the district keeps them."""
        self.flag_effect = float(self.model.students.flag_effect[self.row])

    def leave(self) -> None:
        """Move away this summer, or be too old for school without having finished in it."""
        if self.grade > TOP_GRADE:
            self.place = {OUTSIDE: LEFT, UNPLACED: FINISHED}.get(self.place, self.place)
        elif self.departs == self.model.year and (self.enrolled or self.place in (OUTSIDE, UNPLACED)):
            self.place = LEFT

    def lose_school(self, fair: Fair) -> None:
        """Note whether the child's school closed over the summer and would have taught the grade; the pupils of one
        that joins another go along to it."""
        lost = self.enrolled and fair.lost(self.place, self.grade)
        if lost:
            self.displaced_in, self.displaced_from = self.model.year, self.place
            self.place = fair.went_along(self.place)
        self.displaced = lost or (self.place == UNPLACED and self.displaced_in > 0)

    def decide_public(self, fair: Fair) -> None:
        """Come, stay, go or stay away; only at some moments does a family think about it."""
        self.inside = self.enrolled or self.place == UNPLACED
        comes = self.place == NOT_YET and self.arrives == self.model.year
        turning = self.grade in (6, 9) and (self.inside or self.place == OUTSIDE)
        if comes or turning or (self.inside and self.displaced):
            self.inside = self.outside_draw < fair.public_chance(self)
            if not self.inside:
                self.place = OUTSIDE

    def look(self, fair: Fair) -> None:
        """Find out whether the child may stay where it is, and whether the family looks around."""
        goes_on = self.enrolled and fair.intakes[self.place].teaches[self.grade]
        self.rezoned = goes_on and not self.displaced and fair.rezoned(self)
        self.current = self.place if goes_on and not self.rezoned else -1
        self.sibling_school = self.older_child_goes_to(fair) if self.grade == 0 else -1
        share = min(1.0, 2.0 * fair.looks[self.grade] * (0.5 * math.erfc(-self.engagement / math.sqrt(2.0))))
        looks_around = uniform(fair.luck["looks around"], self.child) < share
        self.choosing = self.current < 0 or looks_around

    def older_child_goes_to(self, fair: Fair) -> int:
        """The school an older child of the family is in and goes on in, else -1."""
        older = self.model.pupil(self.sibling)
        if older is None or not older.enrolled or not fair.intakes[older.place].teaches[older.grade]:
            return -1
        return int(older.place)

    def note_wish_met(self) -> None:
        """Remember which school of the list has offered a seat: 1 for the first, -1 for none."""
        self.list_place = self.wishes.index(self.offer) + 1 if self.offer >= 0 else -1

    def keep_seat(self, fair: Fair) -> None:
        """Stay without asking anybody."""
        fair.intakes[self.place].kept[self.grade] += 1

    def choose(self, fair: Fair) -> None:
        """Write the list: the schools liked best, then the present or the guaranteed one as the last resort."""
        guaranteed = fair.guaranteed(self)
        self.came_from = self.place
        self.names_schools = self.current >= 0 or guaranteed < 0 or self.engagement > fair.engaged_above[self.grade]
        self.offer, self.tried, self.wishes = -1, 0, []
        if self.names_schools:
            seen = [school for school in fair.intakes if school.admits[self.grade] or school.index == self.current]
            # sorting keeps the lower index first among equals
            liked = sorted(seen, key=lambda school: self.worth(school, guaranteed, fair), reverse=True)
            for school in liked[: fair.list_length(self)]:
                if school.index == self.current:
                    break
                self.wishes.append(school.index)
        last = self.current
        if last < 0 and guaranteed >= 0 and fair.intakes[guaranteed].admits[self.grade]:
            last = guaranteed
        if last >= 0 and last not in self.wishes:
            self.wishes.append(last)
        if self.current >= 0:
            fair.intakes[self.current].own[self.grade] += 1

    def worth(self, school: Intake, guaranteed: int, fair: Fair) -> float:
        """Utility of a school to this family, taste included; terms are added in the district's order."""
        s = school.index
        utility = fair.utility(self, s) + school.pull * fair.node_mean[self.node]
        if s == guaranteed:
            utility += fair.zone_bonus
        elif not school.charter:
            utility -= fair.transfer_cost
        if s == self.current:
            utility += fair.stay_bonus(school, self.grade)
            if not school.charter and s != guaranteed:
                utility += fair.transfer_cost
        if s == self.sibling_school:
            utility += fair.sibling_bonus
        return utility + quantile(tastes(), bits((fair.luck["taste"] + school.key_bits) & WORD, self.child))

    def priority(self, school: Intake, fair: Fair) -> int:
        """The class of the child at a school: own pupil, guaranteed, displaced, sibling, in the zone, others."""
        reasons = (
            school.index == self.current,
            school.index == fair.guaranteed(self),
            self.displaced and fair.rules.displaced_first,
            school.index == self.sibling_school,
            not school.charter and school.zone == self.zone,
            True,
        )
        return reasons.index(True)

    def show_claims(self, fair: Fair) -> None:
        """Find out how good the claim is at each school on the list, and whether seats are set aside for the child."""
        self.heard_at_once = False
        whom = fair.rules.set_aside_for
        self.favored = self.displaced if whom == "displaced" else bool(getattr(self.model.students, whom)[self.row])
        self.claims = {}
        for school in (fair.intakes[s] for s in self.wishes):
            own_key = 0 if fair.rules.one_lottery else school.key_bits
            ticket = bits((fair.luck["lottery"] + own_key) & WORD, self.child)
            self.claims[school.index] = (self.priority(school, fair), ticket, self.row)

    def apply(self, fair: Fair) -> None:
        """Ask the next school on the list."""
        school = fair.intakes[self.wishes[self.tried]]
        self.tried += 1
        school.consider(self)

    def accept(self) -> None:
        """Go where a seat was offered."""
        self.placed(self.offer)

    def take_nearest(self, fair: Fair) -> None:
        """Without an offer: the nearest district school with room, then any school, else no seat at all."""
        open_to_all = [school for school in fair.intakes if school.left(self.grade) > 0]
        for charter in (False, True):
            near = [school for school in open_to_all if school.charter == charter]
            if near:
                school = min(near, key=lambda school: fair.miles[self.zone][school.index])
                school.taken[self.grade] += 1
                self.placed(school.index)
                return
        self.placed(UNPLACED)

    def changes_to(self, place: int) -> bool:
        """Whether a place would be another than that of a child whose school goes on."""
        return (self.current >= 0 or self.rezoned) and place != self.came_from

    def placed(self, place: int) -> None:
        """Be in a place this year, and remember whether it was a move between grades."""
        newcomer = self.arrives == self.model.year and self.grade > 0
        self.moved = newcomer or self.changes_to(place)
        self.place = place

    # -- the school year ------------------------------------------------------------------------------------------

    def live(self, luck: Luck) -> None:
        """Have a good or a bad year of one's own."""
        self.draws = [normal(luck.own_year[k], self.child) for k in SUBJECTS]

    def learn(self, lessons: list[Lesson], luck: Luck) -> None:
        """Keep part of what was learned before, and add what this year's school gives."""
        self.added = 0.0
        for k in SUBJECTS:
            centred = self.draws[k] - luck.mean_draw[self.grade, self.group][k]
            self.passing[k] = luck.retention[k] * self.passing[k] + luck.shock_sd[self.grade][k] * centred
            made = luck.retention[k] * self.school_made[k]
            if self.enrolled:
                lesson = lessons[self.place]
                value = lesson.value[k]
                if self.low_income:
                    value += (luck.responsiveness - 1.0) * lesson.gain[k]
                made += value
                self.added += 0.5 * value
                if self.displaced:
                    made += luck.displaced_cost[k]
                else:
                    if self.moved:
                        made += luck.move_cost[k]
                    made += lesson.received[k]
                if lesson.announced:
                    made += luck.announcement_cost
            self.school_made[k] = made

    # -- June -----------------------------------------------------------------------------------------------------

    def show_truth(self, mu: list[list[list[float]]], loading: list[list[float]]) -> None:
        """Have a true score in each subject: background path, what schools made, what passes."""
        self.truth = [
            mu[self.grade][self.group][k]
            + self.flag_effect
            + loading[self.grade][k] * self.ability[k]
            + self.school_made[k]
            + self.passing[k]
            for k in SUBJECTS
        ]

    def take_test(self, tested_grades: tuple[int, ...], error_sd: float, keys: list[int]) -> None:
        """Sit the tests of the grade; last year's scores become the last ones."""
        self.last_score = self.score
        self.score = [math.nan, math.nan]
        if self.enrolled and self.grade in tested_grades:
            self.score = [self.truth[k] + error_sd * normal(keys[k], self.child) for k in SUBJECTS]

    def end_high_school_year(self, luck: Luck, constants: list[float], dropout_share: list[float]) -> None:
        """Drop out, graduate, finish without a diploma, or go on."""
        self.fate = "stays"
        if not self.enrolled or self.grade < 9:
            return
        if self.grade == 9 or math.isnan(self.score_grade_9):
            self.score_grade_9 = (self.truth[0] + self.truth[1]) / 2
        self.added_in_high += self.added
        index = self.score_grade_9 + luck.value_added_slope / luck.score_slope * self.added_in_high
        chance = 1.0 / (1.0 + math.exp(-(constants[self.group] + luck.score_slope * index)))
        out_by_twelve = dropout_share[self.group] * (1.0 - chance)
        if uniform(luck.drops_out, self.child) < 1.0 - (1.0 - out_by_twelve) ** 0.25:
            self.fate = "drops out"
        elif self.grade == TOP_GRADE:
            graduates = uniform(luck.graduates, self.child) < chance / (1.0 - out_by_twelve)
            self.fate = "graduates" if graduates else "finishes"

    def leave_high_school(self) -> None:
        """Carry out what June decided."""
        self.place = {"drops out": DROPPED_OUT, "graduates": GRADUATED, "finishes": FINISHED}.get(self.fate, self.place)
