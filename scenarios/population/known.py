"""What the records say of the rolls of the opening year, as bounds by place, grade, group and flag."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from scenarios.population.fitting import Floats, Ints, Mask
from scenarios.problems import Problem, ProblemsFound, nearest_name
from scenarios.records.columns import GRADES, SECTORS
from scenarios.records.records import DistrictRecords
from sim.city import ANY, FLAGS

KEYS = (*GRADES, ANY)
"""Grades in the order of the arrays: PK, 0 to 12, UN, all together."""
BEFORE, TAUGHT, UNGRADED, ALL = 0, slice(1, 14), 14, 15
OUTSIDE = slice(0, 15, 14)
"""Pre-kindergarten and ungraded."""
CITY, OF_SECTOR = 0, {sector: 1 + at for at, sector in enumerate(SECTORS)}
"""Rows of `Known.wider`: the city, then its sectors."""


@dataclass(frozen=True)
class Bounds:
    """Lowest and highest of some counts, arrays of one shape; NaN where nothing is known."""

    low: Floats
    high: Floats

    def __getitem__(self, where: Any) -> Bounds:
        """The same of a part."""
        return Bounds(np.asarray(self.low[where]), np.asarray(self.high[where]))

    @property
    def known(self) -> Mask:
        """Where something is known."""
        return np.asarray(~np.isnan(self.low))

    @property
    def exact(self) -> Mask:
        """Where one number is known."""
        return np.asarray(self.low == self.high)

    def told(self, axis: int | tuple[int, ...]) -> Mask:
        """Where something is known of any along the axis."""
        return np.asarray(self.known.any(axis=axis))

    @property
    def middle(self) -> Floats:
        """Half-way between lowest and highest; NaN where nothing is known."""
        return (self.low + self.high) / 2

    def sum(self, axis: int | tuple[int, ...]) -> Bounds:
        """Bounds of sums; what is unknown counts as none."""
        return Bounds(np.nansum(self.low, axis=axis), np.nansum(self.high, axis=axis))

    def whole(self) -> tuple[Ints, Ints]:
        """Whole numbers within, none where nothing is known."""
        return np.ceil(np.nan_to_num(self.low)).astype(np.int64), np.floor(np.nan_to_num(self.high)).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Known:
    """Counts of the opening year. school (S, 16, K + 1, 4), wider (3, 16, K + 1, 4): place, grade as in KEYS, group
    (the last: all), flag (the last: all pupils). `table` has one row of schools.csv for every school, in order."""

    groups: tuple[str, ...]
    table: pd.DataFrame
    school: Bounds
    wider: Bounds
    without: tuple[str, ...]
    """Schools of the records that are open in the opening year and have no pupils in kindergarten to 12."""

    @cached_property
    def schools(self) -> tuple[str, ...]:
        """Ids in the order of the arrays."""
        return tuple(self.table["school"])

    @cached_property
    def sector(self) -> Ints:
        """Sector of each school as its place in SECTORS, (S,)."""
        return self.table["sector"].map(SECTORS.index).to_numpy(dtype=np.int64)


def read_known(records: DistrictRecords) -> Known:
    """The opening year's counts. Raises ProblemsFound when the records have none of that year, naming the years there
    are, or count pupils in schools they do not list."""
    file, rows = f"{records.name}/enrollment.csv", records["enrollment"]
    mine = rows[rows["year"] == records.opening_year]
    if not (mine["school"].isin(records["schools"]["school"])).any():
        counted = rows[rows["school"].isin(records["schools"]["school"])]
        years = ", ".join(str(int(year)) for year in sorted(counted["year"].unique())) or "no year"
        raise ProblemsFound(
            [
                Problem(
                    file,
                    0,
                    "year",
                    "no school has a roll in the opening year; another year is not taken in its place",
                    records.opening_year,
                    f"opening_year in district.yaml and rolls of the same year; there are rolls of {years}",
                )
            ]
        )
    schools = records["schools"].sort_values("school", kind="stable").reset_index(drop=True)
    places = [*schools["school"], ANY, *(f"*{sector}" for sector in SECTORS)]
    wrong = [
        Problem(file, 0, "school", "not listed in schools.csv", name, nearest=nearest_name(name, places))
        for name in sorted(set(mine["school"]) - set(places) - {"*state"})
    ]
    if wrong:
        raise ProblemsFound(wrong)
    bounds = _bounds(mine[mine["school"] != "*state"], places, records.groups)
    _share_out(bounds, len(schools))
    taught = bounds.high[:, TAUGHT, :, -1]
    everyone = bounds.high[:, ALL, :, -1]
    outside = np.nansum(bounds.low[:, OUTSIDE, -1, -1], axis=1)
    some = np.asarray((np.nan_to_num(taught) > 0).any(axis=(1, 2)))
    # a total that those outside use up leaves nobody, whatever the grades' bounds would allow
    rest = np.nan_to_num(everyone[:, -1], nan=np.inf) - outside
    some &= (rest > 0) | (np.nansum(bounds.low[:, TAUGHT, :, -1], axis=(1, 2)) > 0)
    # no grade of kindergarten to 12 is told: whoever is not known to be elsewhere counts
    untold = np.asarray(np.isnan(taught).all(axis=(1, 2))) & (np.nan_to_num(everyone).max(axis=1) > outside)
    here = (some | untold)[: len(schools)]
    return Known(
        groups=records.groups,
        table=schools[here].reset_index(drop=True),
        school=bounds[: len(schools)][here],
        wider=bounds[len(schools) :],
        without=tuple(schools["school"][~here & (np.nan_to_num(everyone).max(axis=1) > 0)[: len(schools)]]),
    )


def _share_out(bounds: Bounds, schools: int) -> None:
    """Narrow the open counts of pre-kindergarten and ungraded pupils, in place, to what the city's own count leaves.

    Every school gets the same part of what it may have. Nothing is done where the city's count cannot be met.
    """
    for grade in range(*OUTSIDE.indices(len(KEYS))):
        low, high = bounds.low[:, grade, -1, -1], bounds.high[:, grade, -1, -1]
        least, most = (float(np.nansum(end[:schools])) for end in (low, high))
        asked = float(low[schools + CITY]), float(high[schools + CITY])
        if most > least and least <= asked[1] and asked[0] <= most:
            parts = [(min(max(end, least), most) - least) / (most - least) for end in asked]
            ends = [low[:schools] + part * (high[:schools] - low[:schools]) for part in parts]
            low[:schools], high[:schools] = ends


def _bounds(rows: pd.DataFrame, places: list[str], groups: tuple[str, ...]) -> Bounds:
    shape = (len(places), len(KEYS), len(groups) + 1, len(FLAGS) + 1)
    low, high = np.full(shape, np.nan), np.full(shape, np.nan)
    ways = {
        "school": {place: at for at, place in enumerate(places)},
        "grade": {grade: at for at, grade in enumerate(KEYS)},
        "group": {group: at for at, group in enumerate((*groups, ANY))},
        "flag": {flag: at for at, flag in enumerate((*FLAGS, ANY))},
    }
    where = tuple(rows[column].map(way).to_numpy(dtype=np.int64) for column, way in ways.items())
    low[where], high[where] = rows["pupils_low"].to_numpy(float), rows["pupils_high"].to_numpy(float)
    return Bounds(low, high)
