"""Which schools the pupils of each zone and group attend: near ones, mostly the zone's own, at the sizes they have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.making.draws import Counts, Floats, miles
from scenarios.making.places import Neighbourhood, spacing
from scenarios.making.sites import Site

NEAREST_SCHOOLS, NEAREST_ZONES = 24, 4
"""A zone's pupils may attend so many of the nearest schools; a school is open to so many of the nearest zones."""
AWAY_WEIGHT = (1.5, 1.15, 0.7)
OWN_WEIGHT = (1.35, 1.1, 0.7)
"""By level: how fast the pull of a school falls over the distance between zones, and what the guaranteed seat adds."""


@dataclass
class Band:
    """Grades with the same schools. Edges, sorted by zone, are the pairs of zone and school that pupils may make."""

    grades: tuple[int, ...]
    schools: Counts
    zone: Counts
    school: Counts
    """Place of the edge's school among `schools`."""
    pull: Floats
    of_cohort: Floats
    charter: Floats
    """By school of the band: share of the cohort, and 1 for charters."""
    size: Floats
    """Factor of each school that keeps it at its size; kept from one call to the next."""
    taste: Floats
    """Factor of charters by group that keeps them at their mix."""

    def attend(self, people: Floats, charter_groups: Floats, rounds: int) -> Floats:
        """Share of the city's cohort by edge and group (E, G), after some rounds towards the schools' sizes.

        people: share of all pupils by zone and group; charter_groups: share of all pupils by group in charters.
        """
        starts = np.concatenate([[0], np.nonzero(np.diff(self.zone))[0] + 1])
        order = np.argsort(self.school, kind="stable")
        first = np.searchsorted(self.school[order], np.arange(len(self.schools)))
        is_charter = self.charter[self.school]
        for step in range(rounds + 1):
            weight = (self.pull * self.size[self.school])[:, None] * np.where(is_charter[:, None] > 0, self.taste, 1.0)
            total = np.add.reduceat(weight, starts, axis=0)
            share = people[self.zone] * weight / total[self._row(starts)]
            if step == rounds:
                return np.asarray(share)
            at = np.add.reduceat(share[order], first, axis=0)
            self.size *= self.of_cohort / np.maximum(at.sum(axis=1), 1e-300)
            if self.charter.any():
                now = self.charter @ at
                factor = np.where(now > 0, charter_groups / np.maximum(now, 1e-300), 1.0)
                self.taste = np.clip(self.taste * np.maximum(factor, 1e-6), 1e-9, 1e9)
        raise AssertionError("the last round returns")

    def _row(self, starts: Counts) -> Counts:
        """The place of each edge's zone among those with edges."""
        rows = np.zeros(len(self.zone), dtype=np.int64)
        rows[starts[1:]] = 1
        return np.cumsum(rows)

    def by_school(self, edges: Floats) -> Floats:
        """Sums over the edges of each school of the band (S of the band, G)."""
        return np.stack([np.bincount(self.school, column, len(self.schools)) for column in edges.T], axis=1)


def make_bands(
    zones: list[Neighbourhood], sites: list[Site], seats: dict[tuple[int, int], int], groups: int
) -> list[Band]:
    """Every run of grades with the same schools, with the pull of near ones."""
    east, north = (np.array([getattr(zone, axis) for zone in zones]) for axis in ("east", "north"))
    between = float(np.median(spacing(east, north)))
    bands: list[Band] = []
    runs: list[tuple[list[int], list[int]]] = []
    for grade in range(13):
        offering = [number for number, site in enumerate(sites) if grade in site.grades]
        if runs and runs[-1][1] == offering:
            runs[-1][0].append(grade)
        else:
            runs.append(([grade], offering))
    for grades, schools in runs:
        level = 0 if grades[0] < 6 else 1 if grades[0] < 9 else 2
        there = [sites[number] for number in schools]
        away = miles(east, north, np.array([s.east for s in there]), np.array([s.north for s in there])) / between
        own = np.array([schools.index(seats[zone, grades[0]]) for zone in range(len(zones))])
        open_to = np.zeros(away.shape, dtype=bool)
        nearest = np.argsort(away, axis=1, kind="stable")[:, :NEAREST_SCHOOLS]
        np.put_along_axis(open_to, nearest, True, axis=1)
        np.put_along_axis(open_to, np.argsort(away, axis=0, kind="stable")[:NEAREST_ZONES], True, axis=0)
        open_to[np.arange(len(zones)), own] = True
        zone, school = np.nonzero(open_to)
        pull = np.exp(-AWAY_WEIGHT[level] * away[zone, school] + OWN_WEIGHT[level] * (own[zone] == school))
        bands.append(
            Band(
                tuple(grades),
                np.array(schools),
                zone,
                school,
                pull,
                np.array([site.of_cohort for site in there]),
                np.array([float(site.sector == "charter") for site in there]),
                np.ones(len(schools)),
                np.ones(groups),
            )
        )
    return bands
