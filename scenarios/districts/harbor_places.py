"""Where Harbor City's neighbourhoods and schools are, and who lives in which neighbourhood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.districts.harbor_figures import GROUP_SHARE, GROUPS, LOW_INCOME
from scenarios.making.draws import Draws, Floats, miles

ZONE_NAMES = (
    ("Millbrook", "Oak Hill", "Summit", "Fairmount", "Lighthouse Point"),
    ("Westfield", "College Park", "Cathedral", "Orchard", "Ferry Landing"),
    ("Foundry", "Union Square", "Market", "Ropewalk", "Saltmarsh"),
    ("Railyard", "Garfield", "Douglass", "Cannery", "Breakwater"),
    ("Quarry", "Southgate", "Banneker", "Shipyard", "Tidewater"),
)
"""Neighbourhoods from north to south, each row from west to east."""
K8_ZONES = ("Summit", "Lighthouse Point", "Foundry", "Ropewalk", "Quarry", "Tidewater")
EAST, NORTH = 1.7, 1.4
"""Miles between neighbourhoods."""

LIVES_AROUND = {  # miles from the city's south-west corner, spread in miles, share that lives anywhere
    "Black": (((3.6, 1.2), (1.2, 0.6)), 1.55, 0.05),
    "Hispanic": (((6.6, 2.6), (6.9, 4.3)), 1.45, 0.06),
    "White": (((2.3, 5.4), (3.9, 5.8)), 1.15, 0.035),
    "Asian": (((2.9, 3.8),), 1.9, 0.15),
    "Other": (((4.0, 3.5),), 3.0, 0.4),
}

OTHER_SCHOOLS = (  # name, operator, first grade, last grade, miles east, miles north, pupils a grade, opened
    ("Northside Middle", "district", 6, 8, 3.2, 5.0, 0, 0),
    ("Ferry Road Middle", "district", 6, 8, 6.4, 4.2, 0, 0),
    ("Railyard Middle", "district", 6, 8, 1.6, 1.7, 0, 0),
    ("South Harbor Middle", "district", 6, 8, 5.2, 1.2, 0, 0),
    ("Northwest High", "district", 9, 12, 2.2, 4.6, 0, 0),
    ("East Harbor High", "district", 9, 12, 6.6, 3.6, 0, 0),
    ("Central High", "district", 9, 12, 3.9, 2.9, 0, 0),
    ("South High", "district", 9, 12, 3.2, 0.8, 0, 0),
    ("Tern Street Charter School", "single_charter", 0, 5, 4.3, 2.2, 52, 2009),
    ("Juniper Charter School", "single_charter", 0, 5, 6.0, 2.9, 48, 2014),
    ("Sycamore Language Charter School", "single_charter", 0, 5, 3.4, 4.0, 54, 2012),
    ("Rowan Community Charter School", "single_charter", 0, 8, 2.1, 1.3, 50, 2007),
    ("Harborlight Academy South", "average_network", 0, 8, 4.4, 0.9, 54, 2011),
    ("Harborlight Academy East", "average_network", 0, 8, 6.9, 3.1, 52, 2015),
    ("Sextant Charter Academy", "single_charter", 6, 8, 3.0, 2.4, 72, 2010),
    ("Harborlight Middle Academy", "average_network", 6, 8, 4.1, 1.6, 84, 2013),
    ("New Tide Charter School", "single_charter", 6, 8, 5.9, 3.6, 66, 2017),
    ("Bellwether Preparatory Charter School", "single_charter", 6, 12, 3.5, 3.2, 58, 2008),
    ("Lantern Charter High School", "single_charter", 9, 12, 5.0, 2.6, 104, 2006),
    ("Harborlight High Academy", "average_network", 9, 12, 4.0, 1.2, 112, 2016),
)


@dataclass(frozen=True)
class Zone:
    """A neighbourhood and its elementary or K-8 school's zone."""

    id: str
    name: str
    east: float
    north: float
    radius: float


@dataclass(frozen=True)
class Site:
    """A school before it has pupils; `a_grade` is a charter's size, 0 where size follows from the zones."""

    id: str
    name: str
    operator: str
    first: int
    last: int
    east: float
    north: float
    a_grade: int
    opened: int
    zone: str = ""

    @property
    def sector(self) -> str:
        """district or charter."""
        return "district" if self.operator == "district" else "charter"


def make_zones(draws: Draws) -> list[Zone]:
    """Twenty-five neighbourhoods on a loose grid, origin in the south-west."""
    zones: list[Zone] = []
    for row, names in enumerate(ZONE_NAMES):
        for column, name in enumerate(names):
            east = (column + 0.5) * EAST + draws.normal(f"east {name}", 0.15)
            north = (4.5 - row) * NORTH + draws.normal(f"north {name}", 0.12)
            radius = draws.uniform(f"radius {name}", 0.7, 0.95)
            place = round(east, 2), round(north, 2), round(radius, 2)
            zones.append(Zone(f"{len(zones) + 1:02d}", name, *place))
    return zones


def make_sites(zones: list[Zone], draws: Draws) -> list[Site]:
    """The school of every zone, then the other schools."""
    sites: list[Site] = []
    for zone in zones:
        k8 = zone.name in K8_ZONES
        east = zone.east + draws.normal(f"school east {zone.name}", 0.12)
        north = zone.north + draws.normal(f"school north {zone.name}", 0.12)
        name = f"{zone.name} {'K-8 School' if k8 else 'Elementary'}"
        code = f"{100 + len(sites) + 1:04d}"
        sites.append(Site(code, name, "district", 0, 8 if k8 else 5, round(east, 2), round(north, 2), 0, 0, zone.id))
    for name, operator, first, last, east, north, a_grade, opened in OTHER_SCHOOLS:
        start = 100 if operator == "district" else 900
        taken = sum((site.operator == "district") == (operator == "district") for site in sites)
        code = f"{start + taken + 1:04d}"
        sites.append(Site(code, name, operator, first, last, east, north, a_grade, opened))
    return sites


def make_residents(zones: list[Zone], draws: Draws) -> Floats:
    """Share of all pupils by zone and group; columns sum to the group shares, rows to the zone sizes."""
    east, north = np.array([z.east for z in zones]), np.array([z.north for z in zones])
    people = np.empty((len(zones), len(GROUPS)))
    for column, group in enumerate(GROUPS):
        centres, spread, anywhere = LIVES_AROUND[group]
        near = miles(east, north, np.array([c[0] for c in centres]), np.array([c[1] for c in centres]))
        people[:, column] = np.exp(-0.5 * (near / spread) ** 2).sum(axis=1) + anywhere
    size = np.exp(np.array([draws.normal(f"size {z.name}", 0.16) for z in zones]))
    size /= size.sum()
    for _ in range(500):  # raking: both margins hold at the end, the groups exactly
        people *= (size / people.sum(axis=1))[:, None]
        people *= np.array(GROUP_SHARE) / people.sum(axis=0)
    return people


def make_advantage(people: Floats, zones: list[Zone], draws: Draws) -> Floats:
    """How well off each zone is, mean 0 and SD 1 over pupils; higher where more White pupils live."""
    white = people[:, GROUPS.index("White")] / people.sum(axis=1)
    raw = 2.2 * (white - white.mean()) + np.array([draws.normal(f"income {z.name}", 0.45) for z in zones])
    weights = people.sum(axis=1)
    raw -= np.average(raw, weights=weights)
    return np.asarray(raw / np.sqrt(np.average(raw**2, weights=weights)), dtype=np.float64)


def make_low_income(people: Floats, advantage: Floats) -> Floats:
    """Low-income share by zone and group, lower in better-off zones; the city's share of each group holds."""
    lean = -0.65 * advantage
    shares = np.empty_like(people)
    for column, target in enumerate(LOW_INCOME):
        level = float(np.log(target / (1 - target)))
        for _ in range(200):
            shares[:, column] = 1 / (1 + np.exp(-(level + lean)))
            level += 2 * (target - float(np.average(shares[:, column], weights=people[:, column])))
    return shares
