"""Zones around elementary schools, the schools that serve them, and which group lives where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenarios.population.figures import LIVES_ANYWHERE, PULL_MILES
from scenarios.population.fitting import Floats, Ints
from sim.city import GRADES

YOUNG = 5
"""Last grade of the pupils who tell where families live: later ones travel farther."""
LEAST_IN_ANCHORS = 1 / 3
MOST_CELLS = 40_000_000
"""Zones x schools x groups x 130 (grades, incomes, fifths of ability) that an opening may hold in memory at once."""
TO_NEIGHBOURS = 0.66
"""Radius of a zone in mean distances to its three nearest neighbours: circles that together cover the city once."""
_FAR = 1e6


@dataclass(frozen=True, eq=False)
class Zones:
    """The three tables; `wanted` (Z, G) young pupils by zone and group, before the tenth that lives anywhere;
    `around_all` when charters' places stand in for zones; `merged` how many schools share a zone with another."""

    zones: pd.DataFrame
    zone_schools: pd.DataFrame
    residents: pd.DataFrame
    wanted: Floats
    around_all: bool
    merged: int


def make_zones(
    schools: pd.DataFrame, offers: np.ndarray, pupils: Ints, groups: tuple[str, ...], area: np.ndarray, usual: Floats
) -> Zones:
    """One zone for each district elementary school, or several near ones together in a very large city.

    schools: the city's table; offers (S, 13); pupils (S, 13, G); area (S,): where schools are placed by area, so that
    a zone's schools are of its area if they can; usual (S,): rolls that no draw changes, by which anchors are told.
    A grade the zone's own school does not offer goes to the nearest district school with it.
    """
    district = (schools["sector"] == "district").to_numpy()
    anchors, around_all = _anchors(district, offers, usual)
    x, y = (schools[name].to_numpy(dtype=np.float64) for name in ("x_miles", "y_miles"))
    most = max(int(MOST_CELLS / (len(schools) * len(groups) * 130)), 12)
    members = _merge([[int(at)] for at in anchors], x, y, most)
    own = [max(one, key=lambda at: (district[at], usual[at], -at)) for one in members]
    middle = np.array([(x[one].mean(), y[one].mean()) for one in members])
    radius = _radii(middle, x, y)
    names = [str(schools["school"].iloc[at]) for at in own]
    zones = pd.DataFrame(
        {
            "zone": [f"z-{name}" for name in names],
            "name": [f"Zone of {schools['name'].iloc[at]}" for at in own],
            "x_miles": np.round(middle[:, 0], 3),
            "y_miles": np.round(middle[:, 1], 3),
            "radius_miles": np.round(radius, 3),
        }
    )
    wanted = _young_pupils(members, middle, x, y, offers, pupils)
    return Zones(
        zones,
        _serving(zones["zone"], own, middle, schools, district, offers, area),
        _residents(zones["zone"], groups, wanted),
        wanted,
        around_all,
        len(anchors) - len(members),
    )


def _anchors(district: np.ndarray, offers: np.ndarray, usual: Floats) -> tuple[Ints, bool]:
    """Schools that zones are drawn around: the district's youngest grades, or those of all schools where the
    district's teach less than a third of the city's young pupils."""
    for first, last in ((1, 2), (0, YOUNG), (0, 8), (0, 12)):
        young = offers[:, first : last + 1].any(axis=1)
        weight = usual * young
        if weight.sum() > 0:
            mine = young & district
            if weight[mine].sum() >= LEAST_IN_ANCHORS * weight.sum():
                return np.nonzero(mine)[0], False
            return np.nonzero(young)[0], True
    return np.arange(len(district)), True


def _merge(members: list[list[int]], x: Floats, y: Floats, most: int) -> list[list[int]]:
    """The smallest zone joins its nearest neighbour until there are no more than `most`."""
    while len(members) > most:
        middle = np.array([(x[one].mean(), y[one].mean()) for one in members])
        size = np.array([len(one) for one in members])
        away = np.hypot(*(middle[:, None] - middle[None]).transpose(2, 0, 1)) * np.sqrt(size[:, None] + size[None])
        np.fill_diagonal(away, np.inf)
        one, other = sorted(np.unravel_index(int(away.argmin()), away.shape))
        members[one] = members[one] + members.pop(other)
    return members


def _radii(middle: Floats, x: Floats, y: Floats) -> Floats:
    away = np.hypot(*(middle[:, None] - middle[None]).transpose(2, 0, 1))
    np.fill_diagonal(away, np.nan)
    if len(middle) == 1:
        return np.array([max(float(np.hypot(x - middle[0, 0], y - middle[0, 1]).max()), 0.5)])
    near = np.nanmean(np.sort(away, axis=1)[:, :3], axis=1)
    return np.clip(TO_NEIGHBOURS * near, 0.1, 25.0)


def _serving(
    zones: pd.Series,
    own: list[int],
    middle: Floats,
    schools: pd.DataFrame,
    district: np.ndarray,
    offers: np.ndarray,
    area: np.ndarray,
) -> pd.DataFrame:
    x, y, names = (schools[name].to_numpy() for name in ("x_miles", "y_miles", "school"))
    rows = []
    for zone, home, (east, north) in zip(zones, own, middle, strict=True):
        away = np.hypot(x - east, y - north) + np.where((area == area[home]) | (area == ""), 0.0, _FAR / 1e3)
        away[home] = -1.0
        for grade in GRADES:
            there = district & offers[:, grade]
            if there.any():
                rows.append((zone, grade, str(names[int(np.where(there, away, _FAR).argmin())])))
    return pd.DataFrame(rows, columns=["zone", "grade", "school"])


def _young_pupils(
    members: list[list[int]], middle: Floats, x: Floats, y: Floats, offers: np.ndarray, pupils: Ints
) -> Floats:
    """Young pupils by zone and group: a zone's own schools' in the zone, other schools' around the school."""
    last = next((last for last in (YOUNG, 8, 12) if pupils[:, : last + 1].any()), 12)
    young = pupils[:, : last + 1].sum(axis=1).astype(np.float64)
    counted = np.zeros((len(members), young.shape[1]))
    taken = np.zeros(len(young), dtype=bool)
    for zone, one in enumerate(members):
        counted[zone] = young[one].sum(axis=0)
        taken[one] = True
    if not counted.sum():
        counted = np.ones_like(counted)
    size = counted.sum(axis=1)
    away = np.hypot(x[:, None] - middle[None, :, 0], y[:, None] - middle[None, :, 1])
    pull = (size + 1e-9) * np.exp(-(away - away.min(axis=1, keepdims=True)) / PULL_MILES)
    pull /= pull.sum(axis=1, keepdims=True)
    return np.asarray(counted + pull[~taken].T @ young[~taken])


def _residents(zones: pd.Series, groups: tuple[str, ...], wanted: Floats) -> pd.DataFrame:
    everyone = wanted.sum(axis=1) / wanted.sum()
    rows = []
    for k, group in enumerate(groups):
        own = wanted[:, k] / wanted[:, k].sum() if wanted[:, k].sum() else everyone
        share = (1 - LIVES_ANYWHERE) * own + LIVES_ANYWHERE * everyone
        millionths = np.round(share * 1e6).astype(np.int64)
        millionths[np.argmax(millionths)] += 1_000_000 - millionths.sum()
        rows += [(zone, group, int(n) / 1e6) for zone, n in zip(zones, millionths, strict=True)]
    return pd.DataFrame(rows, columns=["zone", "group", "share"])
