"""Whole pupils by school, grade and group: every group has the pupils it was said to have."""

from __future__ import annotations

import numpy as np

from scenarios.making.asked.settled import Settled
from scenarios.making.attendance import Band
from scenarios.making.draws import Counts, Draws, Floats, whole
from scenarios.making.kinds import cohort_shares
from scenarios.making.sites import Site
from sim.city import GRADES

LUCK_OF_A_GRADE = 0.03
"""SD by which a school's share of one cohort differs from its share of the others."""


def make_rolls(settled: Settled, sites: list[Site], bands: list[Band], by_school: list[Floats], draws: Draws) -> Counts:
    """Pupils by school, grade and group (S, 13, G). What rounding takes from a school in one grade it gives back in
    the next, so that small groups are not all in one school."""
    rolls = np.zeros((len(sites), len(GRADES), len(settled.groups)), dtype=np.int64)
    of_group = whole(settled.pupils * settled.group_share, settled.pupils)
    cohorts = np.array(cohort_shares())
    owed = np.zeros((len(sites), len(settled.groups)))
    for band, share in zip(bands, by_school, strict=True):
        for grade in band.grades:
            luck = np.array([draws.normal(f"roll {sites[s].id} {grade}", LUCK_OF_A_GRADE) for s in band.schools])
            cells = share * np.exp(luck)[:, None]
            for group, pupils in enumerate(of_group):
                number = int(whole(pupils * cohorts, int(pupils))[grade])
                if not number:
                    continue
                wanted = number * cells[:, group] / cells[:, group].sum()
                with_owed = np.maximum(wanted + owed[band.schools, group], 0.0)
                with_owed *= number / max(with_owed.sum(), 1e-9)
                rolls[band.schools, grade, group] = whole(with_owed, number)
                owed[band.schools, group] += wanted - rolls[band.schools, grade, group]
    return rolls


def school_shares(values: Floats, people: Floats, bands: list[Band], edges: list[Floats], schools: int) -> Floats:
    """Mean over a school's pupils, by group, of a value of their zones (Z, G) -> (S, G)."""
    cohorts = cohort_shares()
    sums, pupils = np.zeros((schools, values.shape[1])), np.zeros((schools, values.shape[1]))
    for band, edge in zip(bands, edges, strict=True):
        part = sum(cohorts[grade] for grade in band.grades)
        sums[band.schools] += part * band.by_school(edge * values[band.zone])
        pupils[band.schools] += part * band.by_school(edge)
    city = np.average(values, axis=0, weights=np.maximum(people, 1e-300))
    return np.asarray(np.where(pupils > 0, sums / np.maximum(pupils, 1e-300), city))
