"""Demand constants: what makes the family model, run on the opening city, reproduce the opening city.

Thirteen frozen years are run in expectation (every family's choice as logit shares, every seat free). The
constants of each school by level and kind of family, its pull on ability, and the ability of each zone are moved
until the city that grows out of them is the city in the file. Policies move the other terms of utility later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from sim.city import GRADES, SUBJECTS
from sim.opening.codes import LEVEL_OF, LEVELS, CityCodes, Floats
from sim.opening.families import SchoolsSeen, fixed_utility, stay_bonus, what_families_see
from sim.opening.high_school import survivors
from sim.opening.kernels import even_fifths, frozen_years
from sim.opening.nodes import NODE_MEAN, NODES, looking_by_node, participation_by_node
from sim.opening.value_added import ability_scale
from sim.parameters import Parameters

FEWEST = 0.05
"""Pupils to which an empty cell of the file is filled up, so that a kind of family can ever choose the school."""
CHARTER_ENTRY_GRADES = (5,)
FIFTH_ROUNDS = 25


@dataclass(frozen=True)
class Demand:
    """Constants (3, K, S), pull on ability (S,), ability tilt of zones (Z,)."""

    constants: Floats
    pull: Floats
    tilt: Floats


@dataclass(frozen=True)
class Flows:
    """The frozen city in expectation. stock (13, Z, K, N, S); made (13, Z, K, N, S, 2): mean school-made score of
    each cell, SD; entrants (Z, K, N) new kindergartners a year; arrivals (13, K) newcomers by grade;
    leaving (13, K, N) chance to leave after each grade.
    Sums of the stock: by_school (13, K, N, S), by_zone (Z, S), older (Z, K, S) grades 1 to 4."""

    stock: Floats
    made: Floats
    entrants: Floats
    arrivals: Floats
    leaving: Floats
    by_school: Floats
    by_zone: Floats
    older: Floats


class FrozenCity:
    """Everything that stays the same while the constants are sought."""

    def __init__(self, codes: CityCodes, parameters: Parameters, rolls: Floats, system: str) -> None:
        self.codes, self.parameters, self.system = codes, parameters, system
        low = codes.flag_share[0]
        self.target = np.empty((len(GRADES), codes.n_schools, codes.n_kinds))
        self.target[:, :, 0::2] = rolls * (1 - low)
        self.target[:, :, 1::2] = rolls * low
        offered = codes.offers.T[:, :, None]
        self.target = np.where(offered, np.maximum(self.target, FEWEST / 13), 0.0)
        pupils = rolls.sum(axis=(0, 2))
        share = rolls.sum(axis=0) / np.maximum(pupils, 1e-9)[:, None]
        seen = what_families_see(codes.reputation, np.zeros(codes.n_schools), parameters)
        self.seen = SchoolsSeen(codes.miles_from_zone, seen, share)
        self.by_grade_kind = self.target.sum(axis=1)
        p = parameters
        entry = participation_by_node(p["families.participation.entry"], p)
        high = participation_by_node(p["families.participation.high_school"], p)
        settled = looking_by_node(p["families.participation.other"], p)
        charter_entry = looking_by_node(p["families.participation.charter_entry"], p)
        self.participates = np.array([high if grade >= 9 else entry for grade in GRADES])
        first = codes.city.schools["first_grade"].to_numpy()
        self.looks = np.array(
            [charter_entry if (codes.charter & (first == grade)).any() else settled for grade in GRADES]
        )
        self.scale = ability_scale(parameters, codes)
        self.offer = np.array([self.on_offer(grade) for grade in GRADES])
        self.stay_factor = np.exp(np.ascontiguousarray(stay_bonus(codes.offers, p).T))
        self.sibling_factor = float(np.exp(p["families.sibling"]))
        self.goes_on = np.ascontiguousarray(codes.offers.T[1:])
        self.zone_school = np.ascontiguousarray(codes.zone_school.T)
        self.fixed = fixed_utility(self.seen, p)
        self.retention = p.by_subject("learning.retention")
        self.move = p.with_reading_ratio("disruption.move")
        self.survivors = survivors(codes, parameters)
        self.dropout = self.survivors.dropout
        leave = np.clip(
            np.repeat(codes.leave_rate, 2)[:, None] * (1 - p["background.leaving_slope"] * NODE_MEAN[None, :]), 0, 0.9
        )
        self.leave = np.array([1 - (1 - leave) * (1 - self.dropout) if grade >= 9 else leave for grade in GRADES])
        self.living = np.repeat(codes.residents, 2, axis=1) * self.by_grade_kind[0][None, :]
        self.weight = self.living / np.maximum(self.living.sum(axis=0, keepdims=True), 1e-12)

    def on_offer(self, grade: int) -> Floats:
        """Which schools teach the grade, as factors of exp(utility), (Z, S): 1, or less where families have to
        ask for a transfer to a district school outside their zone; 0 where the grade is not taught."""
        codes = self.codes
        offer = np.repeat(codes.offers[:, grade].astype(float)[None, :], codes.n_zones, axis=0)
        if self.system != "unified":
            offer[:, ~codes.charter] *= np.exp(-self.parameters["families.transfer_cost"])
            known = np.nonzero(codes.zone_school[:, grade] >= 0)[0]
            offer[known, codes.zone_school[known, grade]] = 1.0
        return offer

    def entrants(self, tilt: Floats) -> Floats:
        """New kindergartners by zone, kind and ability fifth (Z, K, N); every kind has a fifth of its children in
        each fifth over the whole city, zones differ by their tilt."""
        share = np.exp(tilt[:, None] * NODE_MEAN[None, :])[:, None, :] * np.ones((1, self.codes.n_kinds, 1))
        even_fifths(share, self.weight, FIFTH_ROUNDS)
        return self.living[:, :, None] * share

    def run(self, demand: Demand, value_added: Floats | None = None, before: Flows | None = None) -> Flows:
        """The thirteen frozen years under some constants. `value_added` (S, 2) fills `made`; `before` tells where
        older children of the family are."""
        codes = self.codes
        shape = (codes.n_zones, codes.n_kinds, NODES, codes.n_schools)
        entrants = self.entrants(demand.tilt)
        siblings = np.zeros((codes.n_zones, codes.n_kinds, codes.n_schools))
        if before is not None:
            siblings = before.older / np.maximum(before.older.sum(axis=2, keepdims=True), 1e-12)
        stock = np.empty((len(GRADES), *shape))
        by_school = np.empty((len(GRADES), *shape[1:]))
        by_zone = np.zeros((codes.n_zones, codes.n_schools))
        made = np.zeros((len(GRADES) if value_added is not None else 0, *shape, len(SUBJECTS)))
        arrivals = np.zeros((len(GRADES), codes.n_kinds))
        gone = np.zeros((len(GRADES), codes.n_kinds, NODES))
        frozen_years(
            entrants,
            entrants / np.maximum(entrants.sum(axis=(0, 2), keepdims=True), 1e-12),
            self.participates,
            self.looks,
            self.worth(demand.constants),
            np.exp(np.clip(demand.pull[None, :] * NODE_MEAN[:, None], -8, 8)),
            self.offer,
            self.stay_factor,
            self.zone_school,
            siblings,
            self.sibling_factor,
            self.parameters["background.sibling_share"],
            self.leave,
            self.by_grade_kind,
            self.goes_on,
            self.move,
            self.retention,
            np.zeros((0, len(SUBJECTS))) if value_added is None else np.ascontiguousarray(value_added),
            stock,
            by_school,
            by_zone,
            arrivals,
            gone,
            made,
        )
        # dropping out has its own draw in the run; what is left is leaving
        gone[9:-1] = 1 - (1 - gone[9:-1]) / (1 - self.dropout)
        older = stock[1:5].sum(axis=(0, 3))
        return Flows(stock, made, entrants, arrivals, gone, by_school, by_zone, older)

    def worth(self, constants: Floats) -> Floats:
        """Exp of the utility of every school in every grade before taste, (13, Z, K, S)."""
        utility = self.fixed + constants[:, None]
        found = np.exp(np.clip(utility, -30, 30))[LEVEL_OF]
        grade, zone = np.nonzero(self.zone_school >= 0)
        school = self.zone_school[grade, zone]
        sure = utility[LEVEL_OF[grade], zone, :, school] + self.parameters["families.zone_school"]
        found[grade, zone, :, school] = np.exp(np.clip(sure, -30, 30))
        return found


def fit_demand(
    frozen: FrozenCity, wanted_pull: Floats, start: Demand | None = None, rounds: int = 120, tolerance: float = 2e-3
) -> tuple[Demand, Flows]:
    """Constants whose frozen city has the file's stocks by school, level and kind, and ability by school.

    `wanted_pull` (S,): mean ability each school's pupils should show beyond their groups, SD of ability; NaN where
    the file says nothing.
    """
    codes = frozen.codes
    levels = [list(level) for level in LEVELS]
    target = np.stack([frozen.target[level].sum(axis=0).T for level in levels])
    counted = target > 0
    demand = start or Demand(
        np.where(
            counted,
            np.log(np.maximum(target, 1e-9)) - np.log(np.maximum(target, 1e-9)).max(axis=2, keepdims=True),
            -30.0,
        ),
        np.zeros(codes.n_schools),
        np.zeros(codes.n_zones),
    )
    flows: Flows | None = None
    known = ~np.isnan(wanted_pull)
    wanted = np.nan_to_num(wanted_pull)
    pupils = frozen.target.sum(axis=(0, 2))
    all_stock, all_pupils = target.sum(), pupils.sum()
    for _ in range(rounds):
        flows = frozen.run(demand, before=flows)
        stock = np.stack([flows.by_school[level].sum(axis=(0, 2)) for level in levels])
        ratio = np.where(counted, target / np.maximum(stock, 1e-9), 1.0)
        off = np.abs(stock - target).sum() / all_stock
        ability = school_ability(frozen, flows)
        miss = np.where(known, wanted - ability, 0.0)
        ability_off = float((np.abs(miss) * pupils).sum() / all_pupils)
        if off < tolerance and ability_off < 5 * tolerance:
            break
        tilt = (flows.by_zone * miss[None, :]).sum(axis=1) / np.maximum(flows.by_zone.sum(axis=1), 1e-9)
        demand = replace(
            demand,
            constants=np.where(
                counted, np.clip(demand.constants + 0.8 * np.log(np.clip(ratio, 0.2, 5)), -25, 25), -30.0
            ),
            pull=np.clip(demand.pull + 0.6 * miss, -4, 4),
            tilt=np.clip(demand.tilt + 0.6 * tilt, -4, 4),
        )
    if flows is None:
        flows = frozen.run(demand)
    return demand, flows


def school_ability(frozen: FrozenCity, flows: Flows) -> Floats:
    """Mean ability of each school's tested-age pupils beyond their (grade, group) means, SD of ability, (S,)."""
    codes = frozen.codes
    grouped = flows.by_school.reshape(len(GRADES), codes.n_groups, 2, NODES, codes.n_schools).sum(axis=2)
    mean = (grouped * NODE_MEAN[:, None]).sum(axis=(2, 3)) / np.maximum(grouped.sum(axis=(2, 3)), 1e-12)
    beyond = ((NODE_MEAN[None, None, :] - mean[:, :, None])[..., None] * grouped).sum(axis=(1, 2))
    weight = frozen.scale[:, None] * tested_weight(codes)
    pupils = grouped.sum(axis=(1, 2)) * tested_weight(codes)
    scale = (pupils * frozen.scale[:, None]).sum(axis=0)
    return (beyond * weight).sum(axis=0) / np.maximum(scale, 1e-12)


@lru_cache(maxsize=4)
def tested_weight(codes: CityCodes) -> Floats:
    """1 for the tested grades; for a school without any, 1 for all its grades, (13, S)."""
    taught = codes.offers.T
    in_tested = np.array([grade in codes.city.tested_grades for grade in GRADES])
    weight = (taught & in_tested[:, None]).astype(np.float64)
    untested = weight.sum(axis=0) == 0
    weight[:, untested] = taught[:, untested]
    weight.setflags(write=False)
    return weight
