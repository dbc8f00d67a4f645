"""Summer: who leaves, who comes, who stays outside, and where everybody else goes to school."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.agents.columns import Columns
from sim.city import GRADES
from sim.opening.codes import LEVEL_OF, Floats, Ints
from sim.opening.population import FINISHED, LEFT, NOT_YET, OUTSIDE, UNPLACED
from sim.parameters import Parameters
from sim.year.assignment import offer_seats, overflow, room_left
from sim.year.choice import ENTRY_GRADES, SchoolsOnOffer, find_choosers, make_lists


@dataclass(frozen=True)
class Asked:
    """What families asked for and were offered, one entry a chooser: row of the pool, grade, first school of the list
    (index, -1 without a list), class of the claim on it, school offered (index, -1 for none), all (n,)."""

    rows: Ints
    grade: Ints
    first: Ints
    claim: Ints
    offer: Ints


@dataclass(frozen=True)
class Summer:
    """What the summer did, counted; `asked` is not part of the tables."""

    choosers: int
    first_choice: int
    on_list: int
    overflow: int
    unplaced: int
    moved: int
    first_round: int
    late: int
    asked: Asked | None = field(default=None, compare=False, repr=False)


def school_age(students: Columns, year: int) -> slice:
    """Rows of the children who would be in kindergarten to grade 12; rows lie in cohort order."""
    low, high = np.searchsorted(students.cohort, [year - len(GRADES) + 1, year + 1])
    return slice(int(low), int(high))


def leave(students: Columns, year: int) -> None:
    """Those who move away, and those too old for school who never finished in it."""
    present = (students.place >= 0) | (students.place == OUTSIDE) | (students.place == UNPLACED)
    too_old = present & (year - students.cohort >= len(GRADES))
    students.place[too_old & (students.place == OUTSIDE)] = LEFT
    students.place[too_old & (students.place == UNPLACED)] = FINISHED
    present &= ~too_old
    students.place[present & (students.departs == year)] = LEFT


def displace(
    students: Columns, window: slice, grade: Ints, would_teach: np.ndarray, closed: np.ndarray, joined: Ints, year: int
) -> np.ndarray:
    """Mark the pupils of schools that closed and would have taught their grade; returns who they are (n,).

    would_teach (S, 13): grades each school had; closed (S,): schools that closed this summer; joined (S,): the school
    whose pupils those of a school are now, with the seat of a pupil of its own, -1 for none.
    """
    place = students.place[window]
    inside = place >= 0
    out = np.zeros(len(place), dtype=bool)
    out[inside] = closed[place[inside]] & would_teach[place[inside], grade[inside]]
    students.displaced_in[window][out] = year
    students.displaced_from[window][out] = place[out]
    along = np.zeros(len(place), dtype=bool)
    along[out] = joined[place[out]] >= 0
    place[along] = joined[place[along]]
    # who found no seat goes on being displaced until there is one
    return out | ((place == UNPLACED) & (students.displaced_in[window] > 0))


def release_rezoned(students: Columns, window: slice, grade: Ints, rezoned_from: Ints) -> np.ndarray:
    """Pupils who have to choose anew because their zone has got another school (n,); rezoned_from (Z, 13): the school
    they may not simply stay in, -1 for none."""
    place = students.place[window]
    return np.asarray((place >= 0) & (place == rezoned_from[students.zone[window], grade]))


def decide_public(
    students: Columns, window: slice, grade: Ints, displaced: np.ndarray, chance: Floats, year: int
) -> np.ndarray:
    """Who is in the public schools this year (n,). Newcomers, the displaced and all at grades 6 and 9 decide anew:
    a child is in if its own fixed draw lies below `chance` (3, Z, K). Others stay in or out."""
    place = students.place[window]
    inside = (place >= 0) | (place == UNPLACED)
    waiting = (place == NOT_YET) & (students.arrives[window] == year)
    deciding = waiting | (inside & displaced)
    deciding |= (inside | (place == OUTSIDE)) & np.isin(grade, ENTRY_GRADES[1:])
    likes = students.outside_draw[window] < chance[LEVEL_OF[grade], students.zone[window], students.kind[window]]
    place[deciding & ~likes] = OUTSIDE
    return np.where(deciding, likes, inside)


def enroll(
    students: Columns,
    window: slice,
    grade: Ints,
    inside: np.ndarray,
    displaced: np.ndarray,
    released: np.ndarray,
    schools: SchoolsOnOffer,
    looks: Floats,
    parameters: Parameters,
    seed: int,
    year: int,
) -> Summer:
    """Give every child inside a school, in place; marks who moved between grades by choice or because the zone did.

    released (n,): pupils who may not simply stay though their school goes on.
    """
    rows = np.arange(window.start, window.stop)[inside]
    g = grade[inside]
    place = students.place[rows]
    stays = np.zeros(len(rows), dtype=bool)
    at = place >= 0
    stays[at] = schools.teaches[place[at], g[at]]
    goes_on = stays.copy()
    stays &= ~released[inside]
    newcomer = (students.arrives[rows] == year) & (g > 0)
    choosers = find_choosers(students, rows, g, stays, schools, looks, parameters, seed, year)
    lists = make_lists(students, choosers, schools, parameters, seed, year)
    choosing = np.isin(rows, choosers.rows, assume_unique=True)
    held = np.zeros(schools.seats.shape, dtype=np.int64)
    np.add.at(held, (place[~choosing], g[~choosing]), 1)
    room = room_left(schools, held)
    was_displaced = displaced[inside][choosing]
    offers = offer_seats(students, choosers, lists, room, schools, was_displaced, seed, year)
    offer = offers.school
    placed = overflow(students, choosers, offer, room, schools, seed, year)
    students.moved[window] = False
    changed = goes_on[choosing] & (placed != place[choosing])
    students.moved[choosers.rows] = changed | newcomer[choosing]
    students.place[choosers.rows] = placed
    named = choosers.length > 0
    students.list_place[window] = 0
    students.list_place[choosers.rows] = list_places(lists, offer, named)
    return Summer(
        choosers=int(named.sum()),
        first_choice=int((named & (offer >= 0) & (offer == lists[:, 0])).sum()),
        on_list=int((named & (offer >= 0)).sum()),
        overflow=int(((offer < 0) & (placed >= 0)).sum()),
        unplaced=int((placed == UNPLACED).sum()),
        moved=int(changed.sum()),
        first_round=int((named & offers.first_round).sum()),
        late=int((offer < 0).sum()) if schools.rules.separate else 0,
        asked=Asked(choosers.rows, choosers.grade, lists[:, 0], offers.first_claim, offer),
    )


def list_places(lists: Ints, offer: Ints, named: np.ndarray) -> Ints:
    """Which school of its list each chooser got, (n,): 1 is the first, -1 none of them, 0 for those without a list.

    lists (n, width): indices, best first, -1 beyond the end; offer (n,): school index, below 0 for none.
    """
    got = np.where(offer >= 0, (lists == offer[:, None]).argmax(axis=1) + 1, -1)
    return np.where(named, got, 0)
