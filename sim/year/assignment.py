"""Seats: deferred acceptance, then the nearest school with room for those who got none."""

from __future__ import annotations

import numpy as np

from sim.agents.columns import Columns
from sim.luck import bits, stream_key
from sim.opening.codes import Ints
from sim.opening.population import UNPLACED
from sim.year.choice import Choosers, SchoolsOnOffer
from sim.year.kernels import defer_acceptance


def room_left(schools: SchoolsOnOffer, held: Ints) -> Ints:
    """Seats (S, 13) not held by `held` pupils who stay without choosing; none where nobody is admitted."""
    return np.where(schools.admits, np.maximum(schools.seats - held, 0), 0)


def offer_seats(
    students: Columns,
    choosers: Choosers,
    lists: Ints,
    room: Ints,
    schools: SchoolsOnOffer,
    displaced: np.ndarray,
    seed: int,
    year: int,
) -> Ints:
    """The school each chooser gets from the list, -1 for none (n,). Nobody loses the seat he or she holds."""
    rows = choosers.rows
    offer = np.full(len(rows), -1, dtype=np.int64)
    holds = choosers.current >= 0
    room = room.copy()
    # a school that admits nobody still keeps the seats of its own pupils
    own = np.zeros_like(room)
    np.add.at(own, (choosers.current[holds], choosers.grade[holds]), 1)
    room = np.maximum(room, own)
    defer_acceptance(
        students.child[rows],
        students.zone[rows],
        choosers.grade,
        choosers.current,
        choosers.sibling,
        displaced,
        lists,
        room,
        schools.key_bits,
        schools.zone,
        schools.zone_school,
        schools.charter,
        stream_key(seed, "lottery", year),
        offer,
    )
    return offer


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
