"""Seats: one match or separate lotteries, then the nearest school with room for those who got none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.agents.columns import Columns
from sim.luck import Words, bits, stream_key
from sim.opening.codes import Ints
from sim.opening.population import UNPLACED
from sim.year.choice import Choosers, SchoolsOnOffer
from sim.year.seat_kernels import OPEN_TO_ALL, defer_acceptance, offer_in_rounds

CURRENT, GUARANTEED, DISPLACED, SIBLING, IN_ZONE, OTHER = range(6)
"""Classes of claims on a seat: own pupil, guaranteed zone, displaced, sibling, lives in the district school's zone."""


@dataclass(frozen=True)
class Offers:
    """What the schools offered. school (n,): -1 for none; first_round (n,): whether there was an offer in the first
    round, which is the only one of a match; first_claim (n,): class of the claim on the first school of the list."""

    school: Ints
    first_round: np.ndarray
    first_claim: Ints


def room_left(schools: SchoolsOnOffer, held: Ints) -> Ints:
    """Seats (S, 13) not held by `held` pupils who stay without choosing; none where nobody is admitted."""
    return np.where(schools.admits, np.maximum(schools.seats - held, 0), 0)


def claims(
    students: Columns,
    choosers: Choosers,
    lists: Ints,
    schools: SchoolsOnOffer,
    displaced: np.ndarray,
    seed: int,
    year: int,
) -> tuple[Ints, Words]:
    """Class and lottery ticket of each child at each school of its list, both (n, width); the lower goes first."""
    zone = students.zone[choosers.rows]
    at = np.maximum(lists, 0)
    reasons = (
        at == choosers.current[:, None],
        at == schools.zone_school[zone, choosers.grade][:, None],
        (displaced & schools.rules.displaced_first)[:, None] & (at >= 0),
        at == choosers.sibling[:, None],
        ~schools.charter[at] & (schools.zone[at] == zone[:, None]),
    )
    classes = np.select(reasons, (CURRENT, GUARANTEED, DISPLACED, SIBLING, IN_ZONE), OTHER).astype(np.int64)
    key = stream_key(seed, "lottery", year)
    child = students.child[choosers.rows][:, None]
    if schools.rules.one_lottery:
        return classes, np.repeat(bits(key, child), lists.shape[1], axis=1)
    return classes, bits(schools.key_bits[at] + key, child)


def offer_seats(
    students: Columns,
    choosers: Choosers,
    lists: Ints,
    room: Ints,
    schools: SchoolsOnOffer,
    displaced: np.ndarray,
    seed: int,
    year: int,
) -> Offers:
    """The school each chooser gets from the list. Nobody loses the seat he or she holds."""
    rules, rows = schools.rules, choosers.rows
    holds = choosers.current >= 0
    # a school that admits nobody still keeps the seats of its own pupils
    own = np.zeros_like(room)
    np.add.at(own, (choosers.current[holds], choosers.grade[holds]), 1)
    room = np.maximum(room, own)
    set_aside = rules.seats_set_aside(room)
    favored = displaced if rules.set_aside_for == "displaced" else getattr(students, rules.set_aside_for)[rows]
    classes, tickets = claims(students, choosers, lists, schools, displaced, seed, year)
    if rules.separate:
        return _hold_lotteries(choosers, lists, classes, tickets, favored, room, set_aside, schools)
    offer = np.full(len(rows), -1, dtype=np.int64)
    defer_acceptance(lists, choosers.grade, classes, tickets, favored, room, set_aside, offer)
    return Offers(offer, offer >= 0, classes[:, 0])


def _hold_lotteries(
    choosers: Choosers,
    lists: Ints,
    classes: Ints,
    tickets: Words,
    favored: np.ndarray,
    room: Ints,
    set_aside: Ints,
    schools: SchoolsOnOffer,
) -> Offers:
    """Every school by itself offers down its list of applicants, for some rounds."""
    asks = lists >= 0
    if schools.rules.lotteries_of == "charter":
        asks &= schools.charter[np.maximum(lists, 0)] | (classes < OPEN_TO_ALL)
    child, wish = np.nonzero(asks)
    grades = room.shape[1]
    pool = lists[child, wish] * grades + choosers.grade[child]
    order = np.lexsort((child, tickets[child, wish], classes[child, wish], pool))
    child, wish, pool = child[order], wish[order], pool[order]
    edges = np.arange(room.size + 1)
    start = np.searchsorted(pool, edges)
    first_open = start[:-1] + np.bincount(pool[classes[child, wish] < OPEN_TO_ALL], minlength=room.size)
    best = np.full(len(lists), -1, dtype=np.int64)
    first_round = np.zeros(len(lists), dtype=bool)
    offer_in_rounds(
        child,
        wish,
        start,
        first_open,
        favored,
        room.reshape(-1),
        set_aside.reshape(-1),
        schools.rules.rounds,
        first_round,
        best,
    )
    school = np.where(best >= 0, lists[np.arange(len(lists)), best], -1)
    return Offers(school, first_round, classes[:, 0])


def overflow(
    students: Columns, choosers: Choosers, offer: Ints, room: Ints, schools: SchoolsOnOffer, seed: int, year: int
) -> Ints:
    """Where those without an offer go (n,): the nearest district school with room, then any school, else unplaced.

    Taken in the order of a lottery of their own. Others keep their offer.
    """
    placed = offer.copy()
    taken = np.zeros_like(room)
    got = offer >= 0
    np.add.at(taken, (offer[got], choosers.grade[got]), 1)
    left = room - taken
    without = np.nonzero(~got)[0]
    tickets = bits(stream_key(seed, "overflow", year), students.child[choosers.rows[without]])
    for i in without[np.lexsort((choosers.rows[without], tickets))]:
        grade = choosers.grade[i]
        miles = schools.miles[students.zone[choosers.rows[i]]]
        placed[i] = UNPLACED
        for allowed in (~schools.charter, schools.charter):
            with_room = np.nonzero(allowed & schools.admits[:, grade] & (left[:, grade] > 0))[0]
            if len(with_room):
                # the first of the nearest: ties go to the lower index
                placed[i] = with_room[np.argmin(miles[with_room])]
                left[placed[i], grade] -= 1
                break
    return placed
