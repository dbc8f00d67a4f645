"""Which school Harbor City's pupils attend, by neighbourhood and group, and the rolls that follow."""

from __future__ import annotations

import numpy as np

from scenarios.districts.harbor_figures import COHORTS, GROUP_SHARE, GROUPS
from scenarios.districts.harbor_places import Site, Zone
from scenarios.making.draws import Counts, Draws, Floats, miles, whole

BANDS = (range(6), range(6, 9), range(9, 13))
"""Grades that families choose a school for together."""
MILES_WEIGHT = (0.95, 0.75, 0.45)
OWN_SCHOOL_WEIGHT = (1.35, 1.1, 0.7)
"""By band: how fast the pull of a school falls a mile, and what being the guaranteed school adds."""
CHARTER_PULL = {"Black": 1.35, "Hispanic": 1.0, "White": 0.35, "Asian": 0.45, "Other": 0.8}
K8_KEEPS = 0.9
"""Size of a district K-8 school in grades 6 to 8 against its share of the cohorts below."""


def guaranteed(zones: list[Zone], sites: list[Site]) -> dict[tuple[str, int], str]:
    """The school that guarantees a seat, by zone and grade: the zone's own, else the nearest."""
    own = {site.zone: site for site in sites if site.zone}
    schools = {}
    for zone in zones:
        for grade in range(13):
            school = own[zone.id]
            if grade > school.last:
                shared = [s for s in sites if s.sector == "district" and not s.zone]
                shared = [s for s in shared if s.first <= grade <= s.last]
                away = [(s.east - zone.east) ** 2 + (s.north - zone.north) ** 2 for s in shared]
                school = shared[away.index(min(away))]
            schools[zone.id, grade] = school.id
    return schools


def attendance(zones: list[Zone], sites: list[Site], people: Floats, seats: dict[tuple[str, int], str]) -> list[Floats]:
    """By band: the share of a zone's children of a group who attend a school; axes zone, group, school."""
    east, north = np.array([s.east for s in sites]), np.array([s.north for s in sites])
    away = miles(np.array([z.east for z in zones]), np.array([z.north for z in zones]), east, north)
    charter = np.array([s.sector == "charter" for s in sites])
    taste = np.where(charter[None, :], np.array([CHARTER_PULL[g] for g in GROUPS])[:, None], 1.0)
    bands: list[Floats] = []
    for place, grades in enumerate(BANDS):
        offers = np.array([s.first <= grades[0] and s.last >= grades[-1] for s in sites])
        own = np.array([[seats[z.id, grades[0]] == s.id for s in sites] for z in zones])
        pull = np.exp(-MILES_WEIGHT[place] * away + OWN_SCHOOL_WEIGHT[place] * own) * offers
        weight = pull[:, None, :] * taste[None, :, :]
        cohort = float(np.mean([COHORTS[grade] for grade in grades]))
        target = np.array([s.a_grade / cohort for s in sites])
        if place == 1:  # a K-8 school keeps most of its children
            below = np.einsum("zg,zgs->s", people, bands[0])
            target += np.array([K8_KEEPS * below[i] if s.zone else 0.0 for i, s in enumerate(sites)])
        held = (target > 0) & offers
        for _ in range(200):
            share = weight / weight.sum(axis=2, keepdims=True)
            now = np.einsum("zg,zgs->s", people, share)
            weight[:, :, held] *= target[held] / now[held]
        bands.append(weight / weight.sum(axis=2, keepdims=True))
    return bands


def make_rolls(sites: list[Site], people: Floats, bands: list[Floats], draws: Draws) -> Counts:
    """Pupils by school, grade and group; every cohort and group is met exactly."""
    rolls = np.zeros((len(sites), len(COHORTS), len(GROUPS)), dtype=np.int64)
    for grades, share in zip(BANDS, bands, strict=True):
        expected = np.einsum("zg,zgs->sg", people, share)
        for grade in grades:
            luck = np.exp(np.array([draws.normal(f"roll {s.id} {grade}", 0.03) for s in sites]))
            of_group = whole(COHORTS[grade] * np.array(GROUP_SHARE), COHORTS[grade])
            cells = expected * luck[:, None]
            for column, total in enumerate(of_group):
                wanted = cells[:, column] / cells[:, column].sum() * total
                rolls[:, grade, column] = whole(wanted, int(total))
    return rolls
