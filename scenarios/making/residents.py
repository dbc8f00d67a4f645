"""Who lives in which neighbourhood, and how well off each neighbourhood is."""

from __future__ import annotations

import math

import numpy as np

from scenarios.making.draws import Draws, Floats, miles
from scenarios.making.places import Ground, Neighbourhood

TWO_PLACES_FROM = 0.2
"""A group of at least this share of the pupils has two parts of the city it lives in, a smaller one has one."""
REACH = 0.45
"""How wide such a part is, as a share of the city's radius."""
OWN_SD = 0.35
"""What a neighbourhood's mix has of its own, against one SD of where groups live."""
INCOME_OF_GROUPS = 2.2
INCOME_OWN_SD = 0.45
"""How well off a zone is: by the share of the group with the fewest low-income pupils, and of its own."""
INCOME_LEAN = 0.65
"""Log odds of low income that one SD of a zone's advantage takes off."""


def make_fields(shares: Floats, zones: list[Neighbourhood], ground: Ground) -> Floats:
    """How much each zone draws each group (Z, G), mean 0 and SD 1 over zones; largest groups in parts far apart."""
    draws = ground.draws
    east, north = (np.array([getattr(zone, axis) for zone in zones]) for axis in ("east", "north"))
    parts = [
        group for group in np.argsort(-shares, kind="stable") for _ in range(1 + (shares[group] > TWO_PLACES_FROM))
    ]
    parts.sort(key=lambda group: draws.uniform(f"order {group}"))
    start, fields = draws.uniform("groups turn", 0, 2 * math.pi), np.zeros((len(zones), len(shares)))
    for number, group in enumerate(parts):
        angle = start + 2 * math.pi * (number + draws.uniform(f"part {number}", -0.25, 0.25)) / len(parts)
        middle = ground.place(draws.uniform(f"part out {number}", 0.15, 0.7), angle)
        away = miles(east, north, np.array([middle[0]]), np.array([middle[1]]))[:, 0]
        fields[:, group] += np.exp(-0.5 * (away / (REACH * ground.radius)) ** 2)
    fields = np.log(fields + 0.02)
    own = [[draws.normal(f"own {zone.id} {group}", OWN_SD) for group in range(len(shares))] for zone in zones]
    fields = (fields - fields.mean(axis=0)) / np.maximum(fields.std(axis=0), 1e-9) + np.array(own)
    fields -= fields.mean(axis=0)
    return np.asarray(fields / np.maximum(fields.std(axis=0), 1e-9))


def make_people(fields: Floats, strength: Floats, zone_share: Floats, shares: Floats) -> Floats:
    """Share of all pupils by zone and group (Z, G); rows sum to the zones' shares, columns to the groups'."""
    people = np.exp(fields * strength) * shares
    for _ in range(60):
        people *= (zone_share / people.sum(axis=1))[:, None]
        people *= shares / np.maximum(people.sum(axis=0), 1e-300)
    return people


def make_advantage(people: Floats, low_income: Floats, zones: list[Neighbourhood], draws: Draws) -> Floats:
    """How well off each zone is (Z,), mean 0 and SD 1 over pupils."""
    present = np.nonzero(people.sum(axis=0) > 0)[0]
    best = present[np.argmin(low_income[present])]
    share = people[:, best] / people.sum(axis=1)
    own = np.array([draws.normal(f"income {zone.id}", INCOME_OWN_SD) for zone in zones])
    raw, weights = INCOME_OF_GROUPS * (share - share.mean()) + own, people.sum(axis=1)
    raw = raw - np.average(raw, weights=weights)
    return np.asarray(raw / max(float(np.sqrt(np.average(raw**2, weights=weights))), 1e-9))


def make_low_income(people: Floats, advantage: Floats, shares: Floats) -> Floats:
    """Low-income share by zone and group (Z, G), lower in better-off zones; every group's share holds."""
    lean, out = -INCOME_LEAN * advantage, np.empty_like(people)
    for group, target in enumerate(shares):
        if not 0 < target < 1 or people[:, group].sum() <= 0:
            out[:, group] = target
            continue
        low, high = -40.0, 40.0
        for _ in range(60):
            level = (low + high) / 2
            out[:, group] = 1 / (1 + np.exp(-(level + lean)))
            over = np.average(out[:, group], weights=people[:, group]) > target
            low, high = (low, level) if over else (level, high)
    return out
