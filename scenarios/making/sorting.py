"""How apart groups are over the schools, moved to where it was asked to be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.making.asked.settled import Settled
from scenarios.making.attendance import Band
from scenarios.making.draws import Floats
from scenarios.making.kinds import cohort_shares
from scenarios.making.residents import make_people

HOME_ROUNDS, SCHOOL_ROUNDS = 14, 120
CLOSE, STALLED = 0.002, 2e-4
STRONGEST = 5.0
"""How strongly places may draw a group, SD of its field."""
START = 1.0
LEAST_REACHED = 1e-3


def dissimilarity(rolls: Floats) -> Floats:
    """Of every group and all others over schools (G,); rolls (S, G). NaN where one of them has no pupils."""
    others = rolls.sum(axis=1, keepdims=True) - rolls
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(0.5 * np.abs(rolls / rolls.sum(axis=0) - others / others.sum(axis=0)).sum(axis=0))


def isolation(rolls: Floats) -> Floats:
    """Share of every group in the school of its mean pupil (G,); rolls (S, G)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        of_school = rolls / np.maximum(rolls.sum(axis=1, keepdims=True), 1e-300)
        return np.asarray((rolls * of_school).sum(axis=0) / rolls.sum(axis=0))


@dataclass
class Sorted:
    """Share of all pupils by zone and group (Z, G), and of a cohort by band, school and group."""

    people: Floats
    edges: list[Floats]
    by_school: list[Floats]


class Sorting:
    """Moves where groups live, then who of a zone attends which school, until groups are as apart as asked."""

    def __init__(self, settled: Settled, bands: list[Band], fields: Floats, zone_share: Floats, schools: int) -> None:
        self.settled, self.bands, self.fields, self.zone_share = settled, bands, fields, zone_share
        self.schools = schools
        self.in_charters = settled.charter_share * settled.charter_mix
        cohorts = cohort_shares()
        self.of_band = [sum(cohorts[grade] for grade in band.grades) for band in bands]

    def apart(self, by_school: list[Floats]) -> Floats:
        """How far each group is on the way to what was asked (G,): 1 where it is reached, NaN without pupils."""
        rolls, wanted, own = self.rolls(by_school), self.settled.isolation, self.settled.group_share
        beyond = np.sqrt(np.maximum(isolation(rolls) - own, 1e-9) / np.maximum(wanted - own, 1e-9))
        reached = np.where(
            np.isnan(wanted), dissimilarity(rolls) / np.maximum(self.settled.dissimilarity, 1e-3), beyond
        )
        return np.asarray(np.maximum(reached, LEAST_REACHED))  # NaN stays NaN

    def run(self) -> Sorted:
        """Homes first, as they carry most of it; then what is left by the choice of school."""
        share = self.settled.group_share
        strength = np.full(len(share), START)
        for _ in range(HOME_ROUNDS):
            people = make_people(self.fields, strength, self.zone_share, share)
            edges = [band.attend(people, self.in_charters, 8) for band in self.bands]
            apart = self.apart([band.by_school(one) for band, one in zip(self.bands, edges, strict=True)])
            strength = np.clip(strength * np.clip(1 / np.nan_to_num(apart, nan=1.0), 0.5, 2) ** 0.9, 0.05, STRONGEST)
        people = make_people(self.fields, strength, self.zone_share, share)
        edges = [band.attend(people, self.in_charters, 60) for band in self.bands]
        return Sorted(people, edges, self._by_choice(edges))

    def _by_choice(self, edges: list[Floats]) -> list[Floats]:
        start = [band.by_school(one) for band, one in zip(self.bands, edges, strict=True)]
        power, asked = np.ones(len(self.settled.groups)), np.array(self.settled.asked)
        counted, before = np.ones(len(power), dtype=bool), np.full(len(power), np.inf)
        for _ in range(SCHOOL_ROUNDS):
            moved = [self._balanced(band, one, power) for band, one in zip(self.bands, start, strict=True)]
            moved = self._alike_over_grades(moved)
            apart = np.nan_to_num(self.apart(moved), nan=1.0)
            if np.abs(apart[counted] - 1).max() < CLOSE:
                break
            if np.abs(apart - before)[counted].max() < STALLED:
                if counted.all() and asked.any() and not asked.all():
                    counted = asked  # what is only assumed gives way
                else:
                    break
            before = apart
            power = np.where(counted, np.clip(power * np.clip(1 / apart, 0.6, 1.7) ** 0.7, 0.0, 8.0), power)
        return moved

    def _alike_over_grades(self, by_school: list[Floats]) -> list[Floats]:
        """The same with each school's mix alike in all its grades, as far as the groups of every cohort allow."""
        rolls = self.rolls(by_school)
        even = np.ones(len(self.settled.groups))
        mix = rolls / np.maximum(rolls.sum(axis=1, keepdims=True), 1e-300)
        return [self._balanced(band, band.of_cohort[:, None] * mix[band.schools], even) for band in self.bands]

    def rolls(self, by_school: list[Floats]) -> Floats:
        """Share of all pupils by school and group (S, G)."""
        rolls = np.zeros((self.schools, len(self.settled.groups)))
        for band, share, part in zip(self.bands, by_school, self.of_band, strict=True):
            rolls[band.schools] += part * share
        return rolls

    def _balanced(self, band: Band, start: Floats, power: Floats) -> Floats:
        """The band's schools (S, G) with what tells them apart raised to a power by group; sizes, groups and the
        charters' mix hold."""
        out = np.zeros_like(start)
        charter = band.charter > 0
        blocks = [(charter, self.in_charters), (~charter, self.settled.group_share - self.in_charters)]
        for rows, groups in blocks:
            if not rows.any():
                continue
            even = band.of_cohort[rows][:, None] * groups / max(groups.sum(), 1e-300)
            there = (groups > 0) & (even > 0)
            ratio = np.where(there, start[rows] / np.where(there, even, 1.0), 1.0)
            cells = np.where(there, even * np.clip(ratio, 1e-6, 1e6) ** power, 0.0)
            for _ in range(40):
                cells *= (band.of_cohort[rows] / np.maximum(cells.sum(axis=1), 1e-300))[:, None]
                cells *= groups / np.maximum(cells.sum(axis=0), 1e-300)
                if np.abs(cells.sum(axis=1) - band.of_cohort[rows]).max() < 1e-9:
                    break
            out[rows] = cells
        return out
