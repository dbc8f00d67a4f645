"""A made city's schools: where they stand, what they are called, how large they are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scenarios.making.asked.settled import Settled
from scenarios.making.draws import Draws, Floats
from scenarios.making.kinds import KindOfSchool, kind_of
from scenarios.making.names import charter
from scenarios.making.places import Ground, Neighbourhood

SMALLEST_OF_MEAN = 0.3
"""The smallest school of a kind, as a part of their mean."""
NETWORK_SHARE = 0.4
"""Share of the charters that belong to a network of up to six schools."""
CHARTER_AGE = (4, 21)
"""Years since a charter opened, from and below."""
_TITLES = {
    "elementary": "Elementary",
    "k8": "K-8 School",
    "middle": "Middle School",
    "secondary": "Secondary School",
    "high": "High School",
    "all_grades": "School",
}


@dataclass(frozen=True)
class Site:
    """A school before it has pupils; `of_cohort`: its share of every cohort it teaches; `zone`: its own, or -1."""

    id: str
    name: str
    operator: str
    sector: str
    first: int
    last: int
    east: float
    north: float
    of_cohort: float
    opened: int
    zone: int

    @property
    def grades(self) -> range:
        """The grades it teaches."""
        return range(self.first, self.last + 1)


class Sites:
    """The schools of a city as they are placed, each with its own id and name."""

    def __init__(self, settled: Settled, zones: list[Neighbourhood], ground: Ground) -> None:
        self.settled, self.zones, self.ground, self.draws = settled, zones, ground, ground.draws
        self.found: list[Site] = []
        self._add_own()
        self._add_shared()

    def _add(
        self, kind: KindOfSchool, name: str, place: tuple[float, float], size: float, zone: int = -1, opened: int = 0
    ) -> None:
        east, north = round(place[0], 2), round(place[1], 2)
        same = sum(one.sector == kind.sector for one in self.found)
        code = f"{(1001 if kind.sector == 'district' else 9001) + same:04d}"
        taken = {one.name for one in self.found}
        name = name if name not in taken else next(n for k in range(2, 9999) if (n := f"{name} {k}") not in taken)
        operator = kind.sector if kind.sector == "district" else "single_charter"
        if name.split(" ")[-1] == "Academy" or " Academy " in name:
            operator = "average_network"
        of_cohort = kind.of_cohort * size
        self.found.append(
            Site(code, name, operator, kind.sector, kind.first, kind.last, east, north, of_cohort, opened, zone)
        )

    def _add_own(self) -> None:
        """The school of every zone."""
        kinds = own_kinds(self.settled)
        order = sorted(range(len(self.zones)), key=lambda i: self.draws.uniform(f"kind of zone {i}"))
        for kind in kinds:
            for size in sizes(kind, self.settled.size_spread, self.draws):
                number = order[len(self.found)]
                zone = self.zones[number]
                away = [0.15 * zone.radius * self.draws.normal(f"school {axis} {number}") for axis in ("east", "north")]
                name = f"{zone.name} {_TITLES[kind_of(kind.first, kind.last)]}"
                self._add(kind, name, (zone.east + away[0], zone.north + away[1]), size, number)

    def _add_shared(self) -> None:
        """District schools that several zones share, each called after the nearest zone that has none of its kind."""
        east, north = (np.array([getattr(zone, axis) for zone in self.zones]) for axis in ("east", "north"))
        for kind in (kind for kind in self.settled.kinds if kind.sector == "district" and kind.first > 0):
            places = self.ground.spread(kind.number, f"schools {kind.first}-{kind.last}")
            taken: set[int] = set()
            for place, size in zip(places, sizes(kind, self.settled.size_spread, self.draws), strict=True):
                order = np.argsort((east - place[0]) ** 2 + (north - place[1]) ** 2, kind="stable").tolist()
                near = next((zone for zone in order if zone not in taken), order[0])
                taken.add(near)
                self._add(kind, f"{self.zones[near].name} {_TITLES[kind_of(kind.first, kind.last)]}", place, size)

    def add_charters(self, people: Floats) -> None:
        """Charter schools, where those live who go to them; people: share of all pupils by zone and group (Z, G)."""
        draws = self.draws
        if not self.settled.charter_share:
            return
        wanted = people @ (self.settled.charter_mix / np.maximum(self.settled.group_share, 1e-9))
        turn = np.argsort([math.atan2(zone.north, zone.east) for zone in self.zones], kind="stable")
        reach, number, in_networks = np.cumsum(wanted[turn]) / wanted.sum(), 0, 0
        for kind in (kind for kind in self.settled.kinds if kind.sector == "charter"):
            start = draws.uniform(f"charters {kind.first}-{kind.last}")
            for i, size in enumerate(sizes(kind, self.settled.size_spread, draws)):
                found = int(np.searchsorted(reach, (i + start) / kind.number))
                zone = self.zones[int(turn[min(found, len(turn) - 1)])]
                angle, out = draws.uniform(f"charter angle {number}", 0, 2 * math.pi), draws.uniform(f"out {number}")
                place = (
                    zone.east + out * zone.radius * math.cos(angle),
                    zone.north + out * zone.radius * math.sin(angle),
                )
                name = f"{zone.name} Charter School"
                if draws.uniform(f"network {number}") < NETWORK_SHARE:
                    name, in_networks = f"{charter(in_networks // 6, draws)} {zone.name} Academy", in_networks + 1
                age = int(draws.uniform(f"age {number}", *CHARTER_AGE))
                self._add(kind, name, place, size, opened=self.settled.opening_year - age)
                number += 1


def own_kinds(settled: Settled) -> list[KindOfSchool]:
    """District schools that begin with kindergarten: each has a zone of its own."""
    return [kind for kind in settled.kinds if kind.sector == "district" and kind.first == 0]


def sizes(kind: KindOfSchool, spread: float, draws: Draws) -> list[float]:
    """Shares of the kind's pupils by school: log-normal (SD of the logarithm), none much too small."""
    name = f"{kind.sector} {kind.first}-{kind.last}"
    logs = np.array([draws.normal(f"size {name} {i}", spread) for i in range(kind.number)])
    share = np.exp(np.clip(logs, -2.2 * spread, 2.2 * spread))
    share = np.maximum(share, SMALLEST_OF_MEAN * share.mean())
    return [float(one) for one in share / share.sum()]


def guaranteed(zones: list[Neighbourhood], sites: list[Site]) -> dict[tuple[int, int], int]:
    """Zone, grade -> the school (its place among the sites) that guarantees a seat: the zone's own, else the nearest
    that zones share, else the nearest."""
    own = {site.zone: number for number, site in enumerate(sites) if site.zone >= 0}
    district = [number for number, site in enumerate(sites) if site.sector == "district"]
    seats = {}
    for grade in range(13):
        offering = [number for number in district if grade in sites[number].grades]
        shared = [number for number in offering if sites[number].zone < 0] or offering
        east, north = (np.array([getattr(sites[number], axis) for number in shared]) for axis in ("east", "north"))
        for place, zone in enumerate(zones):
            mine = own[place]
            if grade in sites[mine].grades:
                seats[place, grade] = mine
            else:
                seats[place, grade] = shared[int(np.argmin((east - zone.east) ** 2 + (north - zone.north) ** 2))]
    return seats
