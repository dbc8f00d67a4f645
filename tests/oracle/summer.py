"""The summer in plain objects: what families see of the schools, and how each school gives its seats."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import TYPE_CHECKING

from mesa.agent import AgentSet
from plain_luck import add_up, bits, stream, uniform

from sim.city import GRADES
from sim.opening.nodes import NODE_MEAN
from sim.year.choice import SchoolsOnOffer

if TYPE_CHECKING:
    from pupil import Pupil
    from twin_district import TwinDistrict

GUARANTEED = 1
"""The last class of pupils who go before those for whom seats are set aside."""
LEVEL_OF = (0,) * 6 + (1,) * 3 + (2,) * 4
FIRST_GRADE_OF_LEVEL = (0, 6, 9)

Worths = list[list[list[float]]]
"""Expected best utility by level, zone and kind of family."""


def _no_pupils() -> list[int]:
    return [0 for _ in GRADES]


@dataclass
class Intake:
    """One school in one summer: what it teaches, whom it admits, and who has its seats."""

    index: int
    key_bits: int
    charter: bool
    zone: int
    pull: float
    teaches: list[bool]
    admits: list[bool]
    seats: list[int]
    kept: list[int] = field(default_factory=_no_pupils)
    """Pupils who stay without asking anybody, by grade."""
    own: list[int] = field(default_factory=_no_pupils)
    """Pupils who look around but may stay, by grade: their seats are theirs until they give them up."""
    taken: list[int] = field(default_factory=_no_pupils)
    held: list[list[Pupil]] = field(default_factory=lambda: [[] for _ in GRADES])
    asking: list[Pupil] = field(default_factory=list)
    share_set_aside: float = 0.0
    """Share of the seats that go first to favored pupils."""
    applied: list[Pupil] = field(default_factory=list)
    """In separate lotteries: who has applied and not yet been offered a seat, best claims first."""

    def room(self, grade: int) -> int:
        """Seats for new pupils; none where nobody is admitted."""
        return max(self.seats[grade] - self.kept[grade], 0) if self.admits[grade] else 0

    def left(self, grade: int) -> int:
        """Seats nobody has."""
        return self.room(grade) - self.taken[grade]

    def given(self, grade: int) -> int:
        """Seats to be given: those free, and those of own pupils who look around."""
        return max(self.room(grade), self.own[grade])

    def set_aside(self, grade: int) -> int:
        """How many of them go first to favored pupils, to the nearest whole one."""
        return math.floor(self.share_set_aside * self.given(grade) + 0.5)

    def best(self, pupils: list[Pupil], grade: int, seats: int, inside: list[Pupil]) -> list[Pupil]:
        """Those of some pupils of a grade who get the free seats, beside those inside: own and guaranteed pupils, then
        favored ones as long as seats set aside are left, then anybody, by their claims."""
        waiting, chosen = sorted(pupils, key=lambda pupil: pupil.claims[self.index]), []
        favored = len([pupil for pupil in inside if pupil.favored])
        while waiting and len(chosen) < seats:
            first = waiting[0]
            if first.claims[self.index][0] > GUARANTEED and favored < self.set_aside(grade):
                first = next((pupil for pupil in waiting if pupil.favored), first)
            waiting.remove(first)
            chosen.append(first)
            favored += first.favored
        return chosen

    def consider(self, pupil: Pupil) -> None:
        """Put a pupil among those who ask."""
        self.asking.append(pupil)

    def admit(self, pupil: Pupil) -> None:
        """Offer a seat, for as long as nobody with a better claim asks."""
        pupil.offer = self.index

    def answer(self) -> None:
        """Of those who hold a seat and those who ask, offer the seats to the best claims and turn the rest away."""
        for grade in {pupil.grade for pupil in self.asking}:
            everybody = self.held[grade] + [pupil for pupil in self.asking if pupil.grade == grade]
            self.held[grade] = self.best(everybody, grade, self.given(grade), [])
            for pupil in everybody:
                pupil.offer = -1
            for pupil in self.held[grade]:
                self.admit(pupil)
        self.asking = []

    def wanted_by(self, pupil: Pupil) -> bool:
        """Whether the family holds no seat that it likes better; else it has withdrawn."""
        return pupil.offer < 0 or pupil.wishes.index(self.index) < pupil.wishes.index(pupil.offer)

    def write_letters(self) -> None:
        """Offer every free seat to somebody who has not been offered one here."""
        for grade, inside in enumerate(self.held):
            waiting = [pupil for pupil in self.applied if pupil.grade == grade and self.wanted_by(pupil)]
            for pupil in self.best(waiting, grade, self.given(grade) - len(inside), inside):
                self.applied.remove(pupil)
                pupil.letters.append(self)


class Fair:
    """Everything a family can know this summer, and the round of choice."""

    def __init__(self, district: TwinDistrict, offer: SchoolsOnOffer) -> None:
        p, year, seed = district.plan.parameters, district.year, district.seed_used
        self.district = district
        self.intakes = [
            Intake(
                s,
                int(offer.key_bits[s]),
                bool(offer.charter[s]),
                int(offer.zone[s]),
                float(offer.pull[s]),
                offer.teaches[s].tolist(),
                offer.admits[s].tolist(),
                offer.seats[s].tolist(),
                share_set_aside=offer.rules.set_aside,
            )
            for s in range(len(offer.charter))
        ]
        self.utilities = offer.utility.tolist()
        self.zone_school, self.miles = offer.zone_school.tolist(), offer.miles.tolist()
        self.node_mean = NODE_MEAN.tolist()
        self.rules, self.transfer_cost = offer.rules, offer.transfer_cost
        self.zone_bonus, self.sibling_bonus = p["families.zone_school"], p["families.sibling"]
        self.luck = {
            purpose: stream(seed, purpose, year)
            for purpose in ("looks around", "list length", "taste", "lottery", "overflow")
        }
        charter_begins = {school.grades_at_full_size.start for school in district.open_schools("charter")}
        settled, entry = p["families.participation.other"], p["families.participation.charter_entry"]
        self.looks = [entry if grade in charter_begins else settled for grade in GRADES]
        primary, high = p["families.participation.entry"], p["families.participation.high_school"]
        self.engaged_above = [_exceeded_by(high if grade >= 9 else primary) for grade in GRADES]
        self.chances: dict[tuple[int, int, int], float] = {}

    # -- what families know ---------------------------------------------------------------------------------------

    def utility(self, pupil: Pupil, school: int) -> float:
        """Utility of a school to all families of the kind and zone."""
        return float(self.utilities[LEVEL_OF[pupil.grade]][pupil.zone][pupil.kind][school])

    def guaranteed(self, pupil: Pupil) -> int:
        """The school that guarantees the pupil's zone a seat, -1 for none."""
        return int(self.zone_school[pupil.zone][pupil.grade])

    def stay_bonus(self, school: Intake, grade: int) -> float:
        """Utility of staying; less in a last grade from which everybody must move on."""
        last_here = grade < GRADES[-1] and not school.teaches[grade + 1]
        return self.district.plan.parameters[f"families.current_school{'_last_year' if last_here else ''}"]

    def lost(self, place: int, grade: int) -> bool:
        """Whether a school closed this summer that had taught the grade."""
        return bool(self.district.closed_now[place] and self.district.taught[place, grade])

    def went_along(self, place: int) -> int:
        """The school that the pupils of a closed one belong to now: still that one, unless it joined another."""
        other = int(self.district.joined[place])
        return other if other >= 0 else place

    def rezoned(self, pupil: Pupil) -> bool:
        """Whether the pupil's school had to give up the zone in this grade, with the pupils it had from there."""
        return bool(self.district.rezoned_from[pupil.zone, pupil.grade] == pupil.place)

    def list_length(self, pupil: Pupil) -> int:
        """Schools the family names: one and a Poisson number, at most the limit."""
        draw = uniform(self.luck["list length"], pupil.child)
        mean = self.district.plan.parameters["families.list_length"] - 1
        term = chance = math.exp(-mean)
        more = 0
        while more < self.rules.list_limit - 1 and draw > chance:
            more += 1
            term *= mean / more
            chance += term
        return 1 + more

    def worths(self) -> Worths:
        """What the schools on offer at the first grade of each level are worth together (log of summed exp)."""
        zones, kinds = range(len(self.zone_school)), range(len(self.utilities[0][0]))
        return [[[self._worth(level, zone, kind) for kind in kinds] for zone in zones] for level in range(3)]

    def _worth(self, level: int, zone: int, kind: int) -> float:
        grade = FIRST_GRADE_OF_LEVEL[level]
        seen = []
        for school in self.intakes:
            if school.admits[grade]:
                cost = 0.0 if school.charter else self.transfer_cost
                if school.index == self.zone_school[zone][grade]:
                    cost = -self.zone_bonus
                seen.append(self.utilities[level][zone][kind][school.index] - cost)
        best = max(seen)
        return best + math.log(add_up(math.exp(utility - best) for utility in seen))

    def public_chance(self, pupil: Pupil) -> float:
        """Chance that such a child is in the public schools, given how the offer has changed since the opening."""
        cell = LEVEL_OF[pupil.grade], pupil.zone, pupil.kind
        if cell not in self.chances:
            share = min(max(float(self.district.codes.public_share[pupil.group]), 1e-6), 1 - 1e-6)
            change = 0.0
            if self.district.plan.outside_option:
                level, zone, kind = cell
                change = self._worth(*cell) - self.district.opening_worths[level][zone][kind]
            slope = self.district.plan.parameters["families.outside_scale"]
            odds = math.log(share / (1 - share)) + slope * change
            self.chances[cell] = 1 / (1 + math.exp(-odds))
        return self.chances[cell]

    # -- seats ----------------------------------------------------------------------------------------------------

    def offer_seats(self, choosers: AgentSet) -> None:
        """One match, or every school by itself."""
        choosers.do("show_claims", self)
        if self.rules.system == "separate_lotteries":
            self.hold_lotteries(choosers)
        else:
            self.match(choosers)
        for school in self.intakes:
            school.taken = [len(pupils) for pupils in school.held]

    def hold_lotteries(self, choosers: AgentSet) -> None:
        """Schools write letters, families keep the best; what they give back is offered in the next round."""
        for pupil in choosers:
            for school in (self.intakes[s] for s in pupil.wishes):
                owed = pupil.claims[school.index][0] <= GUARANTEED
                if owed or school.charter or self.rules.lotteries_of == "all":
                    school.applied.append(pupil)
        for number in range(self.rules.rounds):
            for school in self.intakes:
                school.write_letters()
            if number == 0:
                choosers.select(lambda pupil: bool(pupil.letters)).set("heard_at_once", True)
            for pupil in choosers:
                self.keep_best(pupil)

    def keep_best(self, pupil: Pupil) -> None:
        """Of the seat held and those offered keep the one the family likes best."""
        offers = [school.index for school in pupil.letters] + [s for s in [pupil.offer] if s >= 0]
        best = min(offers, key=pupil.wishes.index, default=-1)
        if best != pupil.offer:
            if pupil.offer >= 0:
                self.intakes[pupil.offer].held[pupil.grade].remove(pupil)
            self.intakes[best].held[pupil.grade].append(pupil)
        pupil.offer, pupil.letters = best, []

    def match(self, choosers: AgentSet) -> None:
        """Deferred acceptance by rounds: who has no offer asks the next school, and the schools answer."""
        while len(asking := choosers.select(lambda pupil: pupil.offer < 0 and pupil.tried < len(pupil.wishes))):
            asking.do("apply", self)
            for school in self.intakes:
                school.answer()
        choosers.select(lambda pupil: pupil.offer >= 0).set("heard_at_once", True)

    def in_order_of_lottery(self, pupils: AgentSet) -> AgentSet:
        """Those without an offer, in the order of a lottery of their own."""
        return pupils.sort(lambda pupil: (bits(self.luck["overflow"], pupil.child), pupil.row), ascending=True)


def _exceeded_by(share: float) -> float:
    """Engagement that `share` of all families exceed."""
    if share >= 1.0:
        return -math.inf
    return NormalDist().inv_cdf(1.0 - share) if share > 0.0 else math.inf


def first_wish(pupils: Sequence[Pupil]) -> int:
    """How many got the first school on their list."""
    return len([pupil for pupil in pupils if pupil.offer >= 0 and pupil.offer == pupil.wishes[0]])
