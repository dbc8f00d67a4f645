"""English learners and pupils with a disability: who is found to be one, and how that changes with the grade.

A child keeps one rank for life, even over each cell of children, and carries a flag while the rank lies below the
chance of its grade. So a city that finds more disabilities in the middle grades than in kindergarten goes on doing so.
"""

from __future__ import annotations

import numpy as np

from sim.agents.columns import Columns
from sim.city import FLAGS
from sim.luck import Words, bits, stream_key, uniform
from sim.opening.codes import CityCodes, Floats, Ints
from sim.opening.demand import Flows

FOUND = ("english_learner", "disability")
LEAST = 1e-6


def ranks(child: Words, cell: Ints, seed: int) -> Floats:
    """A rank in (0, 1) for every child and found flag, (n, 2), evenly spread over each cell."""
    out = np.empty((len(child), len(FOUND)))
    size = np.bincount(cell)
    start = np.cumsum(size) - size
    for k, flag in enumerate(FOUND):
        order = np.lexsort((bits(stream_key(seed, f"flag, {flag}"), child), cell))
        # drawn anew within its step, or a small cell could never hold a rare flag
        within = uniform(stream_key(seed, f"flag, {flag}, within its step"), child)
        out[order, k] = (np.arange(len(child)) - start[cell[order]] + within[order]) / size[cell[order]]
    return out


def base_chances(
    codes: CityCodes, flows: Flows, still_there: Floats, place: Ints, zone: Ints, kind: Ints, grade: Ints
) -> Floats:
    """Each child's chance of a found flag over the city's in its grade, (n, 2).

    place: the opening school or below 0; grade: in which the child comes. Opening pupils have their school's share,
    times `still_there` (n, 3) in high school; later ones the share of the schools their zone and kind goes to.
    """
    out = np.empty((len(place), len(FOUND)))
    by_kind = flows.stock.sum(axis=3)
    total = np.maximum(by_kind.sum(axis=3), 1e-12)
    growth = codes.flag_share_by_grade
    for k, flag in enumerate(FOUND):
        number = FLAGS.index(flag)
        share = np.repeat(codes.flag_share[number], 2, axis=1)
        of_zone = np.einsum("gzks,sk->gzk", by_kind, share) / total
        chance = np.where(place >= 0, share[place, kind] * still_there[:, number], of_zone[grade, zone, kind])
        out[:, k] = chance / np.maximum(growth[grade, kind // 2, number], LEAST)
    return out


def mark_flags(students: Columns, rows: slice | Ints, grade: Ints, codes: CityCodes, offsets: Floats) -> None:
    """Set the flags of this year, and what they take off the score, for the children of `rows` in their grades."""
    group = students.group[rows]
    effect = offsets[0] * students.low_income[rows]
    for k, flag in enumerate(FOUND):
        number = FLAGS.index(flag)
        carried = students.flag_rank[rows, k] < (
            students.flag_base[rows, k] * codes.flag_share_by_grade[grade, group, number]
        )
        getattr(students, flag)[rows] = carried
        effect = effect + offsets[number] * carried
    students.flag_effect[rows] = effect
