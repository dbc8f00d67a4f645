"""Where a made city's neighbourhoods are: dense in the centre, thinner towards the edge."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from scenarios.making.draws import Draws, Floats, miles
from scenarios.making.names import neighbourhoods

_GOLDEN = math.pi * (3 - math.sqrt(5))
_COAST = (0.10, 0.08, 0.05)
"""How far the city's edge departs from a circle, by waves around it."""
RADIUS_OF_SPACING = 0.55
ASIDE = 0.15
"""How far from the middle of its people a place is, SD against the distance between places."""
PEOPLE_A_PLACE, MOST_PEOPLE, STEPS_APART = 40, 40_000, 3
"""How finely the people are counted, and how often places are moved, when they are set apart."""


@dataclass(frozen=True)
class Neighbourhood:
    """A zone: its centre, miles from the city's centre, and radius."""

    id: str
    name: str
    east: float
    north: float
    radius: float


class Ground:
    """The city's land: how dense it is where, and places spread over it by density."""

    def __init__(self, square_miles: float, density_falls: float, draws: Draws) -> None:
        self.draws = draws
        self.radius = math.sqrt(square_miles / math.pi / (1 + sum(wave**2 for wave in _COAST) / 2))
        self.turns = [draws.uniform(f"coast {k}", 0, 2 * math.pi) for k in range(len(_COAST))]
        self.steps = np.linspace(0, 1, 401)
        weight = self.steps * np.exp(-density_falls * self.steps)
        inside = np.concatenate([[0.0], np.cumsum((weight[1:] + weight[:-1]) / 2)])
        self.inside = inside / inside[-1]

    def place(self, share: float, angle: float) -> tuple[float, float]:
        """Miles east and north of the centre of a place with that share of the people nearer to it."""
        out = float(np.interp(share, self.inside, self.steps)) * self.radius
        waves = zip(_COAST, self.turns, strict=True)
        out *= 1 + sum(wave * math.cos((k + 2) * angle + turn) for k, (wave, turn) in enumerate(waves))
        return out * math.cos(angle), out * math.sin(angle)

    def spread(self, number: int, name: str) -> list[tuple[float, float]]:
        """So many places, each with as many people around it, none in rows."""
        turn = self.draws.uniform(f"turn {name}", 0, 2 * math.pi)
        places = []
        for i in range(number):
            share = (i + 0.5 + self.draws.uniform(f"out {name} {i}", -0.4, 0.4)) / number
            angle = turn + i * _GOLDEN + self.draws.normal(f"angle {name} {i}", 0.9) / math.sqrt(i + 1)
            places.append(self.place(share, angle))
        away = ASIDE * self.radius / math.sqrt(number)
        return [
            (x + self.draws.normal(f"east {name} {i}", away), y + self.draws.normal(f"north {name} {i}", away))
            for i, (x, y) in enumerate(self._apart(np.array(places)))
        ]

    def _apart(self, places: Floats) -> list[tuple[float, float]]:
        """The places moved a few times into the middle of the people nearest to them: no crowds, no gaps."""
        number = min(PEOPLE_A_PLACE * len(places), MOST_PEOPLE)
        people = np.array([self.place((i + 0.5) / number, i * _GOLDEN) for i in range(number)])
        for _ in range(STEPS_APART):
            nearest = cKDTree(places).query(people)[1]
            number_of = np.bincount(nearest, minlength=len(places))
            middle = np.stack([np.bincount(nearest, people[:, axis], len(places)) for axis in (0, 1)], axis=1)
            places = np.where(number_of[:, None] > 0, middle / np.maximum(number_of, 1)[:, None], places)
        return [(float(east), float(north)) for east, north in places]


def spacing(east: Floats, north: Floats) -> Floats:
    """Mean distance of each place to its three nearest, miles; 1 where there is one place only."""
    away = np.sort(miles(east, north, east, north), axis=1)
    return np.asarray(away[:, 1 : min(4, len(east))].mean(axis=1)) if len(east) > 1 else np.ones(1)


def make_zones(number: int, ground: Ground) -> list[Neighbourhood]:
    """So many neighbourhoods with as many people each, and invented names."""
    places = ground.spread(number, "zones")
    called = neighbourhoods(number, ground.draws)
    between = spacing(np.array([p[0] for p in places]), np.array([p[1] for p in places]))
    radius = RADIUS_OF_SPACING * between if number > 1 else np.array([0.7 * ground.radius])
    return [
        Neighbourhood(f"{i + 1:04d}", name, round(x, 2), round(y, 2), round(max(float(r), 0.05), 2))
        for i, (name, (x, y), r) in enumerate(zip(called, places, radius, strict=True))
    ]
