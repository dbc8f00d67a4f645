"""Seats on small random cases: nobody's envy is justified, no seat is given twice, and the textbook agrees."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from seat_cases import Case, cases

from sim.year.rules import EnrollmentRules

MANY = 20
"""Rounds after which nothing is left to be offered in these cases."""


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


def lotteries(case: Case, rounds: int) -> list[int]:
    """What is left of separate lotteries after some rounds."""
    return case.offers(system="separate_lotteries", rounds=rounds)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(cases(most_children=14, most_schools=5), st.integers(1, 4))
def test_lotteries_are_what_letters_and_answers_make_of_them(case: Case, rounds: int) -> None:
    """Schools write letters down their lists and families answer them, told child by child."""
    asked: set[tuple[int, int]] = set()
    offer = [-1] * len(case.lists)
    at_once = [False] * len(case.lists)
    for number in range(rounds):
        letters: list[list[int]] = [[school] if school >= 0 else [] for school in offer]
        for school, grade in product(range(len(case.room)), sorted(set(case.grade))):
            inside = [i for i in range(len(offer)) if offer[i] == school and case.grade[i] == grade]
            waiting = [
                i
                for i, wishes in enumerate(case.lists)
                if school in wishes and case.grade[i] == grade and (i, school) not in asked
                # families withdraw from schools they like less than the one whose seat they hold
                if offer[i] < 0 or wishes.index(school) < wishes.index(offer[i])
            ]
            for i in case.kept(waiting, school, grade, inside):
                asked.add((i, school))
                letters[i].append(school)
        offer = [min(mine, key=case.lists[i].index, default=-1) for i, mine in enumerate(letters)]
        if number == 0:
            at_once = [school >= 0 for school in offer]
    found = case.offered(system="separate_lotteries", rounds=rounds)
    assert found.school.tolist() == offer
    assert found.first_round.tolist() == at_once


@settings(max_examples=200, deadline=None, derandomize=True)
@given(cases(most_children=14, most_schools=5))
def test_lotteries_give_no_seat_twice_and_take_none_back(case: Case) -> None:
    """The more rounds, the better for every family; and never do more find a seat than in one match."""
    before = [-1] * len(case.lists)
    for rounds in (1, 2, 3, MANY):
        offer = lotteries(case, rounds)
        assert case.fits(offer)
        for wishes, was, now in zip(case.lists, before, offer, strict=True):
            assert was < 0 or wishes.index(now) <= wishes.index(was)
        for wishes, current, now in zip(case.lists, case.current, offer, strict=True):
            assert current not in wishes or wishes.index(now) <= wishes.index(current)
        before = offer
    matched = {i for i, school in enumerate(case.offers()) if school >= 0}
    assert {i for i, school in enumerate(lotteries(case, 2)) if school >= 0} <= matched
    assert {i for i, school in enumerate(before) if school >= 0} == matched
    assert lotteries(case, MANY + 1) == before
    assert not [i for i in range(len(before)) if case.envies(i, before)]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(cases(most_children=14, most_schools=5))
def test_many_rounds_of_one_lottery_are_one_match(case: Case) -> None:
    """Where every school has the children in the same order, time is all that separate lotteries lack."""
    nobody = [-1] * len(case.lists)
    strangers = replace(
        case,
        current=nobody,
        sibling=nobody,
        displaced=[False] * len(nobody),
        charter=[True] * len(case.room),
        zone_school=[[-1] * len(row) for row in case.zone_school],
        rules=replace(case.rules, one_lottery=True, set_aside=0.0),
    )
    assert lotteries(strangers, MANY) == strangers.offers()


def test_few_rounds_leave_seats_empty_that_one_match_fills() -> None:
    """Two families want the same two schools: both schools write to the first, and the second hears nothing."""
    case = Case(
        child=[1, 2],
        zone=[0, 0],
        grade=[0, 0],
        current=[-1, -1],
        sibling=[-1, -1],
        displaced=[False, False],
        low_income=[False, False],
        lists=[[0, 1], [0, 1]],
        room=[[1] * 13, [1] * 13],
        key_bits=[7, 8],
        school_zone=[0, 0],
        charter=[True, True],
        zone_school=[[-1] * 13],
        seed=1,
        rules=EnrollmentRules("unified", list_limit=2, one_lottery=True),
    )
    assert sorted(case.offers()) == [0, 1]
    assert sorted(lotteries(case, 1)) == [-1, 0]
    assert lotteries(case, 2) == case.offers()
    # a seat set aside goes to the poor child, whichever ticket it has; unneeded, it goes to anybody
    one_seat = replace(case, room=[[1] * 13, [0] * 13], rules=replace(case.rules, set_aside=1.0))
    for poor in (0, 1):
        chosen = replace(one_seat, low_income=[poor == 0, poor == 1])
        assert chosen.offers()[poor] == lotteries(chosen, 1)[poor] == 0
    assert sorted(one_seat.offers()) == [-1, 0]
