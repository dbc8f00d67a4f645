"""Small random rounds of choice, and what is fair in them, told without the district's code."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st
from plain_luck import WORD, bits, stream

from sim.agents.columns import Columns
from sim.year.assignment import Offers, offer_seats
from sim.year.choice import Choosers, SchoolsOnOffer
from sim.year.rules import EnrollmentRules

GRADES = 13


YEAR = 2030


@dataclass
class Case:
    """A small round: one entry of each list a child; zone_school by zone and grade; room by school and grade."""

    child: list[int]
    zone: list[int]
    grade: list[int]
    current: list[int]
    sibling: list[int]
    displaced: list[bool]
    low_income: list[bool]
    lists: list[list[int]]
    room: list[list[int]]
    key_bits: list[int]
    school_zone: list[int]
    charter: list[bool]
    zone_school: list[list[int]]
    seed: int
    rules: EnrollmentRules

    def offered(self, **rules: object) -> Offers:
        """What the district offers, under these rules or others."""
        n, schools = len(self.child), len(self.room)
        lists = np.full((n, max(map(len, self.lists), default=0) + 1), -1, dtype=np.int64)
        for i, wishes in enumerate(self.lists):
            lists[i, : len(wishes)] = wishes
        whole = (np.array(values, dtype=np.int64) for values in (self.zone, self.grade, self.current, self.sibling))
        zone, grade, current, sibling = whole
        yes = np.ones((schools, GRADES), dtype=bool)
        room = np.array(self.room, dtype=np.int64).reshape(schools, GRADES)
        return offer_seats(
            Columns(
                child=np.array(self.child, dtype=np.uint64), zone=zone, low_income=np.array(self.low_income, dtype=bool)
            ),
            Choosers(np.arange(n), grade, current, sibling, np.array([len(wishes) for wishes in self.lists])),
            lists,
            room,
            SchoolsOnOffer(
                utility=np.zeros((3, 1, 1, schools)),
                pull=np.zeros(schools),
                admits=yes,
                teaches=yes,
                seats=room,
                charter=np.array(self.charter, dtype=bool),
                zone=np.array(self.school_zone, dtype=np.int64),
                key_bits=np.array(self.key_bits, dtype=np.uint64),
                zone_school=np.array(self.zone_school, dtype=np.int64),
                miles=np.zeros((len(self.zone_school), schools)),
                transfer_cost=0.0,
                rules=replace(self.rules, **rules),
            ),
            np.array(self.displaced, dtype=bool),
            self.seed,
            YEAR,
        )

    def offers(self, **rules: object) -> list[int]:
        """The school offered to each child, -1 for none."""
        return [int(school) for school in self.offered(**rules).school]

    def seats(self, school: int, grade: int) -> int:
        """Seats to be given, those of own pupils among them."""
        own = [i for i in range(len(self.child)) if self.current[i] == school and self.grade[i] == grade]
        return max(self.room[school][grade], len(own), 0)

    def set_aside(self, school: int, grade: int) -> int:
        """How many of them are set aside for low-income children, to the nearest whole one."""
        return math.floor(self.rules.set_aside * self.seats(school, grade) + 0.5)

    def kept(self, asking: list[int], school: int, grade: int, inside: Sequence[int] = ()) -> list[int]:
        """Whom a school takes of those who ask, one seat after the other, beside those inside."""
        waiting, taken = sorted(asking, key=lambda i: self.claim(i, school)), []
        for _ in range(min(self.seats(school, grade) - len(inside), len(waiting))):
            after = self.claim(waiting[0], school)[0] > 1
            short = sum(self.low_income[i] for i in (*inside, *taken)) < self.set_aside(school, grade)
            poor = [i for i in waiting if self.low_income[i]]
            taken.append(poor[0] if after and short and poor else waiting[0])
            waiting.remove(taken[-1])
        return taken

    def claim(self, i: int, school: int) -> tuple[int, int, int]:
        """The claim of a child at a school; the lowest goes first."""
        if school == self.current[i]:
            group = 0
        elif school == self.zone_school[self.zone[i]][self.grade[i]]:
            group = 1
        elif self.displaced[i] and self.rules.displaced_first:
            group = 2
        elif school == self.sibling[i]:
            group = 3
        else:
            group = 5 if self.charter[school] or self.school_zone[school] != self.zone[i] else 4
        own_key = 0 if self.rules.one_lottery else self.key_bits[school]
        return group, bits((stream(self.seed, "lottery", YEAR) + own_key) & WORD, self.child[i]), i

    def sharing(self, i: int, offer: tuple[int, ...] | list[int], school: int) -> list[int]:
        """Other children with an offer of the same seats: the school in the child's grade."""
        return [j for j in range(len(offer)) if j != i and offer[j] == school and self.grade[j] == self.grade[i]]

    def envies(self, i: int, offer: tuple[int, ...] | list[int]) -> bool:
        """Whether the child likes a school better that has a free seat, or has given one to a weaker claim without
        need: to a seat set aside a poor child has the better claim, whatever the lottery says."""
        for school in self.lists[i]:
            if school == offer[i]:
                return False
            inside = self.sharing(i, offer, school)
            if len(inside) < self.seats(school, self.grade[i]):
                return True
            if any(self.goes_before(i, j, school, inside) for j in inside):
                return True
        return False

    def goes_before(self, i: int, j: int, school: int, inside: list[int]) -> bool:
        """Whether child i has a better right than child j to the seat that j has."""
        poor = sum(self.low_income[k] for k in inside)
        mine, other = self.claim(i, school), self.claim(j, school)
        if self.low_income[i] == self.low_income[j] or min(mine[0], other[0]) <= 1:
            return mine < other
        if self.low_income[i]:
            return mine < other or poor < self.set_aside(school, self.grade[i])
        return mine < other and poor > self.set_aside(school, self.grade[i])

    def fits(self, offer: tuple[int, ...] | list[int]) -> bool:
        """Whether no school gives more seats than it has."""
        return all(
            school < 0 or len(self.sharing(i, offer, school)) < self.seats(school, self.grade[i])
            for i, school in enumerate(offer)
        )

    def textbook(self) -> list[int]:
        """Deferred acceptance as Gale and Shapley tell it: all who are free ask at once, schools keep the best."""
        asked = [0] * len(self.lists)
        offer = [-1] * len(self.lists)
        while free := [i for i, wishes in enumerate(self.lists) if offer[i] < 0 and asked[i] < len(wishes)]:
            for i in free:
                offer[i] = self.lists[i][asked[i]]
                asked[i] += 1
            for school, grade in {(offer[i], self.grade[i]) for i in free}:
                inside = [i for i in range(len(offer)) if offer[i] == school and self.grade[i] == grade]
                for i in set(inside) - set(self.kept(inside, school, grade)):
                    offer[i] = -1
        return offer


@st.composite
def cases(draw: st.DrawFn, most_children: int, most_schools: int) -> Case:
    """Rounds with few seats; equal children's ids make equal lottery tickets, so that rows decide.

    Half of them are crowded strangers with seats set aside, or most claims would be settled before those seats matter.
    """
    s, z, crowded = draw(st.integers(1, most_schools)), draw(st.integers(1, 3)), draw(st.booleans())
    n = draw(st.integers(most_children - 2 if crowded else 0, most_children))
    any_school, maybe_school = st.integers(0, s - 1), st.integers(-1, s - 1)
    seldom = st.one_of(st.just(-1), st.just(-1), maybe_school) if crowded else maybe_school

    def each(count: int, what: st.SearchStrategy) -> list:
        return draw(st.lists(what, min_size=count, max_size=count))

    word = st.integers(0, WORD)
    return Case(
        child=draw(st.permutations(range(n))) if crowded else each(n, st.one_of(st.integers(0, 2), word)),
        zone=each(n, st.integers(0, z - 1)),
        grade=[0] * n if crowded else each(n, st.sampled_from([0, 0, 0, 9])),
        current=each(n, seldom),
        sibling=each(n, seldom),
        displaced=each(n, st.booleans()),
        low_income=each(n, st.booleans()),
        lists=each(n, st.lists(any_school, unique=True, min_size=int(crowded), max_size=s)),
        room=each(s, st.integers(1 if crowded else -1, 3).map(lambda seats: [seats] * GRADES)),
        key_bits=each(s, word),
        school_zone=each(s, st.integers(0, z - 1)),
        charter=each(s, st.booleans()),
        zone_school=each(z, seldom.map(lambda school: [school] * GRADES)),
        seed=draw(st.integers(0, 1000)),
        rules=EnrollmentRules(
            "unified",
            list_limit=s,
            one_lottery=draw(st.booleans()),
            displaced_first=draw(st.booleans()),
            set_aside=draw(st.sampled_from([0.5, 1.0] if crowded else [0.0, 0.25, 0.5, 1.0])),
        ),
    )
