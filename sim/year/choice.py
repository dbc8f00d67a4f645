"""Families look, some of them rank: who has to choose, who looks around, and what is on their lists."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr

from sim.agents.columns import Columns
from sim.city import GRADES
from sim.luck import TABLE_BITS, stream_key, taste_table, uniform
from sim.opening.codes import LEVEL_OF, LEVELS, Floats, Ints
from sim.opening.families import stay_bonus
from sim.opening.nodes import NODE_MEAN, engagement_threshold
from sim.parameters import Parameters
from sim.year.kernels import rank_schools
from sim.year.rules import EnrollmentRules

ENTRY_GRADES = (0, 6, 9)
NOTHING = -30.0
"""Utility of a grade that no school teaches."""


@dataclass(frozen=True)
class SchoolsOnOffer:
    """The schools as families and assignment see them in one year; arrays over S schools.

    utility (3, Z, K, S), pull (S,), admits and teaches (S, 13), seats (S, 13), charter (S,), zone (S,),
    key_bits (S,), zone_school (Z, 13), miles (Z, S); transfer_cost is the utility lost by asking for a
    district school outside the zone.
    """

    utility: Floats
    pull: Floats
    admits: np.ndarray
    teaches: np.ndarray
    seats: Ints
    charter: np.ndarray
    zone: Ints
    key_bits: np.ndarray
    zone_school: Ints
    miles: Floats
    transfer_cost: float
    rules: EnrollmentRules


@dataclass(frozen=True)
class Choosers:
    """Those who rank: rows of the pool; grade; current school of those who may stay, else -1; sibling's school;
    length of the list."""

    rows: Ints
    grade: Ints
    current: Ints
    sibling: Ints
    length: Ints


def value_of_offer(schools: SchoolsOnOffer, parameters: Parameters) -> Floats:
    """Expected best utility (log of summed exp) of what is on offer at the entry grade of each level, (3, Z, K)."""
    out = np.zeros(schools.utility.shape[:3])
    zones = np.arange(len(schools.zone_school))
    for level in range(len(LEVELS)):
        grade = ENTRY_GRADES[level]
        utility = schools.utility[level].copy()
        cost = np.where(schools.charter, 0.0, schools.transfer_cost)[None, :].repeat(len(zones), axis=0)
        guaranteed = schools.zone_school[:, grade]
        known = guaranteed >= 0
        cost[zones[known], guaranteed[known]] = -parameters["families.zone_school"]
        utility = np.where(schools.admits[:, grade], utility - cost[:, None, :], -np.inf)
        # where nobody teaches the grade there is next to nothing to come for
        utility = np.maximum(utility, NOTHING)
        top = utility.max(axis=2, keepdims=True)
        out[level] = (top + np.log(np.exp(utility - top).sum(axis=2, keepdims=True)))[:, :, 0]
    return out


def public_chance(public_share: Floats, change: Floats, parameters: Parameters) -> Floats:
    """Chance that a resident child is in the public schools, (3, Z, K), after a change in the value of the offer."""
    share = np.repeat(public_share, 2)[None, None, :]
    return np.asarray(expit(logit(np.clip(share, 1e-6, 1 - 1e-6)) + parameters["families.outside_scale"] * change))


def list_lengths(child: NDArray[np.uint64], seed: int, year: int, parameters: Parameters, limit: int) -> Ints:
    """Schools each family would name: one and a Poisson number with the mean of the parameter, at most the limit."""
    draw = uniform(stream_key(seed, "list length", year), child)
    rate = parameters["families.list_length"] - 1
    length = np.ones(len(child), dtype=np.int64)
    chance = term = float(np.exp(-rate))
    for more in range(1, limit):
        length += draw > chance
        term *= rate / more
        chance += term
    return length


def looking_share(charter_first_grades: set[int], parameters: Parameters) -> Floats:
    """Share of settled families who look around, by grade, (13,); more where a charter begins."""
    settled, entry = (parameters[f"families.participation.{at}"] for at in ("other", "charter_entry"))
    return np.array([entry if grade in charter_first_grades else settled for grade in GRADES])


def find_choosers(
    students: Columns,
    rows: Ints,
    grade: Ints,
    stays: np.ndarray,
    schools: SchoolsOnOffer,
    looks: Floats,
    parameters: Parameters,
    seed: int,
    year: int,
) -> Choosers:
    """Who ranks schools this summer. `rows` are all who will be in school; `stays` marks those whose school goes on.

    Engaged families who have to choose make a list; the others take the zone school. Settled families look around
    at a yearly chance that rises with engagement.
    """
    child, engagement = students.child[rows], students.engagement[rows]
    p = parameters
    threshold = np.array(
        [
            engagement_threshold(p["families.participation.high_school" if g >= 9 else "families.participation.entry"])
            for g in GRADES
        ]
    )
    looking = uniform(stream_key(seed, "looks around", year), child) < np.minimum(
        1.0, 2.0 * looks[grade] * ndtr(engagement)
    )
    chosen = np.nonzero(~stays | looking)[0]
    length = list_lengths(child[chosen], seed, year, p, schools.rules.list_limit)
    zone_school = schools.zone_school[students.zone[rows[chosen]], grade[chosen]]
    ranks = stays[chosen] | (engagement[chosen] > threshold[grade[chosen]]) | (zone_school < 0)
    current = np.where(stays[chosen], students.place[rows[chosen]], -1)
    return Choosers(
        rows[chosen],
        grade[chosen],
        current,
        _sibling_school(students, rows[chosen], schools, year),
        np.where(ranks, length, 0),
    )


def _sibling_school(students: Columns, rows: Ints, schools: SchoolsOnOffer, year: int) -> Ints:
    """Where an older child of the family was last June and goes on, -1 if nowhere; new kindergartners only."""
    sibling = np.where(year - students.cohort[rows] == 0, students.sibling[rows], -1)
    known = np.nonzero(sibling >= 0)[0]
    school = np.full(len(rows), -1, dtype=np.int64)
    older = sibling[known]
    place, grade = students.place[older], year - students.cohort[older]
    there = (place >= 0) & (grade <= 12)
    goes_on = np.zeros(len(known), dtype=bool)
    goes_on[there] = schools.teaches[place[there], grade[there]]
    school[known[goes_on]] = place[goes_on]
    return school


def make_lists(
    students: Columns, choosers: Choosers, schools: SchoolsOnOffer, parameters: Parameters, seed: int, year: int
) -> Ints:
    """The lists (n, width) of school indices, best first, -1 beyond the end."""
    rows = choosers.rows
    lists = np.full((len(rows), schools.rules.list_limit + 1), -1, dtype=np.int64)
    rank_schools(
        students.child[rows],
        students.zone[rows],
        students.kind[rows],
        students.node[rows],
        choosers.grade,
        choosers.current,
        choosers.sibling,
        choosers.length,
        schools.utility,
        schools.pull,
        NODE_MEAN,
        schools.admits,
        schools.charter,
        schools.key_bits,
        schools.zone_school,
        LEVEL_OF,
        parameters["families.zone_school"],
        schools.transfer_cost,
        stay_bonus(schools.teaches, parameters),
        parameters["families.sibling"],
        taste_table(),
        TABLE_BITS,
        stream_key(seed, "taste", year),
        lists,
    )
    return lists
