"""Seats on small random cases: nobody's envy is justified, no seat is given twice, and the textbook agrees."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_luck import WORD, bits

from sim.year.kernels import defer_acceptance

GRADES = 13


@dataclass
class Case:
    """A small round: one entry of each list a child; zone_school by zone and grade; room by school and grade."""

    child: list[int]
    zone: list[int]
    grade: list[int]
    current: list[int]
    sibling: list[int]
    displaced: list[bool]
    lists: list[list[int]]
    room: list[list[int]]
    key_bits: list[int]
    school_zone: list[int]
    charter: list[bool]
    zone_school: list[list[int]]
    key: int

    def offers(self) -> list[int]:
        """What the district offers each child."""
        width = max(map(len, self.lists), default=0) + 1
        lists = np.full((len(self.lists), width), -1, dtype=np.int64)
        for i, wishes in enumerate(self.lists):
            lists[i, : len(wishes)] = wishes
        offer = np.full(len(self.child), 99, dtype=np.int64)
        zone, grade, current, sibling, room, school_zone, zone_school = (
            np.array(values, dtype=np.int64)
            for values in (
                self.zone,
                self.grade,
                self.current,
                self.sibling,
                self.room,
                self.school_zone,
                self.zone_school,
            )
        )
        defer_acceptance(
            np.array(self.child, dtype=np.uint64),
            zone,
            grade,
            current,
            sibling,
            np.array(self.displaced, dtype=bool),
            lists,
            room,
            np.array(self.key_bits, dtype=np.uint64),
            school_zone,
            zone_school,
            np.array(self.charter, dtype=bool),
            np.uint64(self.key),
            offer,
        )
        return [int(school) for school in offer]

    def claim(self, i: int, school: int) -> tuple[int, int, int]:
        """The claim of a child at a school; the lowest goes first."""
        if school == self.current[i]:
            group = 0
        elif school == self.zone_school[self.zone[i]][self.grade[i]]:
            group = 1
        elif self.displaced[i]:
            group = 2
        elif school == self.sibling[i]:
            group = 3
        else:
            group = 5 if self.charter[school] or self.school_zone[school] != self.zone[i] else 4
        return group, bits((self.key + self.key_bits[school]) & WORD, self.child[i]), i

    def sharing(self, i: int, offer: tuple[int, ...] | list[int], school: int) -> list[int]:
        """Other children with an offer of the same seats: the school in the child's grade."""
        return [j for j in range(len(offer)) if j != i and offer[j] == school and self.grade[j] == self.grade[i]]

    def envies(self, i: int, offer: tuple[int, ...] | list[int]) -> bool:
        """Whether the child likes a school better that has a free seat, or has given one to a weaker claim."""
        for school in self.lists[i]:
            if school == offer[i]:
                return False
            inside = self.sharing(i, offer, school)
            if len(inside) < self.room[school][self.grade[i]]:
                return True
            if any(self.claim(j, school) > self.claim(i, school) for j in inside):
                return True
        return False

    def fits(self, offer: tuple[int, ...] | list[int]) -> bool:
        """Whether no school gives more seats than it has."""
        return all(
            school < 0 or len(self.sharing(i, offer, school)) < self.room[school][self.grade[i]]
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
                for i in sorted(inside, key=lambda i: self.claim(i, school))[max(self.room[school][grade], 0) :]:
                    offer[i] = -1
        return offer


@st.composite
def cases(draw: st.DrawFn, most_children: int, most_schools: int) -> Case:
    """Rounds with few seats; equal children's ids make equal lottery tickets, so that rows decide."""
    n, s, z = draw(st.integers(0, most_children)), draw(st.integers(1, most_schools)), draw(st.integers(1, 3))
    any_school, maybe_school = st.integers(0, s - 1), st.integers(-1, s - 1)

    def each(count: int, what: st.SearchStrategy) -> list:
        return draw(st.lists(what, min_size=count, max_size=count))

    word = st.integers(0, WORD)
    return Case(
        child=each(n, st.one_of(st.integers(0, 2), word)),
        zone=each(n, st.integers(0, z - 1)),
        grade=each(n, st.sampled_from([0, 0, 0, 9])),
        current=each(n, maybe_school),
        sibling=each(n, maybe_school),
        displaced=each(n, st.booleans()),
        lists=each(n, st.lists(any_school, unique=True, max_size=s)),
        room=each(s, st.integers(-1, 3).map(lambda seats: [seats] * GRADES)),
        key_bits=each(s, word),
        school_zone=each(s, st.integers(0, z - 1)),
        charter=each(s, st.booleans()),
        zone_school=each(z, maybe_school.map(lambda school: [school] * GRADES)),
        key=draw(word),
    )


@settings(max_examples=200, deadline=None, derandomize=True)
@given(cases(most_children=14, most_schools=5))
def test_offers_are_fair_and_the_textbooks(case: Case) -> None:
    offer = case.offers()
    assert offer == case.textbook()
    assert case.fits(offer)
    assert not [i for i in range(len(offer)) if case.envies(i, offer)]
    assert all(school < 0 or school in wishes for school, wishes in zip(offer, case.lists, strict=True))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(cases(most_children=5, most_schools=3))
def test_no_fair_way_is_better_for_any_child(case: Case) -> None:
    """Of all ways to give the seats without justified envy, every child likes the district's best."""
    offer = case.offers()
    ranks = [{**{school: rank for rank, school in enumerate(wishes)}, -1: len(wishes)} for wishes in case.lists]
    fair = [
        way
        for way in product(*([*wishes, -1] for wishes in case.lists))
        if case.fits(way) and not any(case.envies(i, way) for i in range(len(way)))
    ]
    assert tuple(offer) in fair
    for way in fair:
        assert all(rank[got] <= rank[other] for rank, got, other in zip(ranks, offer, way, strict=True))
