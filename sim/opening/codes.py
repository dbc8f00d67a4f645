"""The city's tables as arrays: zones, schools, grades, groups and kinds of family by number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.city import ANY, FLAGS, GRADES, SUBJECTS, City

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVELS = (range(0, 6), range(6, 9), range(9, 13))
"""Elementary, middle and high: families' constants are kept by level."""
LEVEL_OF = np.array([0] * 6 + [1] * 3 + [2] * 4)
INCOMES = 2
"""Kind of family = 2 * group + (1 if low-income)."""


def miles(x: Floats, y: Floats, to_x: Floats, to_y: Floats) -> Floats:
    """Distances as the crow flies, shape (len(x), len(to_x)); written out so that every machine agrees."""
    dx, dy = x[:, None] - to_x[None, :], y[:, None] - to_y[None, :]
    return np.sqrt(dx * dx + dy * dy)


@dataclass(frozen=True)
class CityCodes:
    """One city as arrays. Z zones, S schools, 13 grades, G groups, 2 subjects."""

    city: City

    @cached_property
    def school_index(self) -> dict[str, int]:
        """School id -> row of the schools table."""
        return {key: i for i, key in enumerate(self.city.schools["school"])}

    @cached_property
    def zone_index(self) -> dict[str, int]:
        """Zone id -> row of the zones table."""
        return {key: i for i, key in enumerate(self.city.zones["zone"])}

    @cached_property
    def group_index(self) -> dict[str, int]:
        """Group -> its number."""
        return {group: i for i, group in enumerate(self.city.groups)}

    @property
    def n_schools(self) -> int:
        """Schools in the opening year."""
        return len(self.city.schools)

    @property
    def n_zones(self) -> int:
        """Zones."""
        return len(self.city.zones)

    @property
    def n_groups(self) -> int:
        """Groups."""
        return len(self.city.groups)

    @property
    def n_kinds(self) -> int:
        """Kinds of family."""
        return INCOMES * self.n_groups

    @cached_property
    def charter(self) -> NDArray[np.bool_]:
        """Whether each school is a charter, (S,)."""
        return (self.city.schools["sector"] == "charter").to_numpy()

    @cached_property
    def offers(self) -> NDArray[np.bool_]:
        """Whether each school offers each grade, (S, 13)."""
        low, high = self.city.schools["first_grade"].to_numpy(), self.city.schools["last_grade"].to_numpy()
        grades = np.array(GRADES)
        return (grades >= low[:, None]) & (grades <= high[:, None])

    @cached_property
    def roll(self) -> Floats:
        """Pupils on the file's roll by grade, school and group, (13, S, G)."""
        table = self.city.enrollment
        roll = np.zeros((len(GRADES), self.n_schools, self.n_groups))
        where = (
            table["grade"].to_numpy(dtype=int),
            table["school"].map(self.school_index).to_numpy(dtype=int),
            table["group"].map(self.group_index).to_numpy(dtype=int),
        )
        np.add.at(roll, where, table["pupils"].to_numpy(dtype=float))
        return roll

    @cached_property
    def flag_share(self) -> Floats:
        """Share of pupils with each flag by school and group, (3, S, G)."""
        share = np.zeros((len(FLAGS), self.n_schools, self.n_groups))
        table = self.city.flags
        # from the general to the special: a named school or group overrides *
        order = (table["school"] != ANY).astype(int) * 2 + (table["group"] != ANY).astype(int)
        for row in table.assign(_order=order).sort_values("_order", kind="stable").itertuples(index=False):
            schools = slice(None) if row.school == ANY else self.school_index[str(row.school)]
            groups = slice(None) if row.group == ANY else self.group_index[str(row.group)]
            share[FLAGS.index(str(row.flag)), schools, groups] = row.share
        return share

    @cached_property
    def flag_share_by_grade(self) -> Floats:
        """Share of each flag in each grade and group over the city, (13, G, 3)."""
        pupils = np.maximum(self.roll, 0)
        share = np.einsum("gsc,fsc->gcf", pupils, self.flag_share)
        known = pupils.sum(axis=1)
        overall = share.sum(axis=0) / np.maximum(known.sum(axis=0), 1e-9)[:, None]
        return np.where(known[:, :, None] > 0, share / np.maximum(known, 1e-9)[:, :, None], overall[None])

    @cached_property
    def target(self) -> Floats:
        """The file's mean score of each grade and group, (13, G, 2)."""
        table = self.city.scores
        rows = table[(table["school"] == ANY) & (table["group"] != ANY) & (table["grade"].astype(str) != ANY)]
        target = np.full((len(GRADES), self.n_groups, len(SUBJECTS)), np.nan)
        for row in rows.itertuples(index=False):
            target[int(row.grade), self.group_index[str(row.group)], SUBJECTS.index(str(row.subject))] = row.mean
        return np.where(np.isnan(target), 0.0, target)

    @cached_property
    def school_mean(self) -> Floats:
        """The file's mean score of each school over its tested grades, (S, 2); NaN where the file has none."""
        table = self.city.scores
        rows = table[(table["school"] != ANY) & (table["group"] == ANY) & (table["grade"].astype(str) == ANY)]
        mean = np.full((self.n_schools, len(SUBJECTS)), np.nan)
        for row in rows.itertuples(index=False):
            mean[self.school_index[str(row.school)], SUBJECTS.index(str(row.subject))] = row.mean
        return mean

    @cached_property
    def miles_from_zone(self) -> Floats:
        """Miles from the middle of each zone to each school, (Z, S)."""
        zones, schools = self.city.zones, self.city.schools
        return miles(
            zones["x_miles"].to_numpy(float),
            zones["y_miles"].to_numpy(float),
            schools["x_miles"].to_numpy(float),
            schools["y_miles"].to_numpy(float),
        )

    @cached_property
    def zone_school(self) -> Ints:
        """The school that guarantees each zone a seat in each grade, (Z, 13); -1 where there is none."""
        guaranteed = np.full((self.n_zones, len(GRADES)), -1, dtype=np.int64)
        for row in self.city.zone_schools.itertuples(index=False):
            guaranteed[self.zone_index[str(row.zone)], int(row.grade)] = self.school_index[str(row.school)]
        return guaranteed

    @cached_property
    def residents(self) -> Floats:
        """Share of each group's pupils who live in each zone, (Z, G)."""
        share = np.zeros((self.n_zones, self.n_groups))
        for row in self.city.residents.itertuples(index=False):
            share[self.zone_index[str(row.zone)], self.group_index[str(row.group)]] = row.share
        return share / share.sum(axis=0, keepdims=True)

    def _by_group(self, table: pd.DataFrame, column: str) -> Floats:
        values = np.zeros(self.n_groups)
        order = (table["group"] != ANY).astype(int)
        for row in table.assign(_order=order).sort_values("_order", kind="stable").to_dict("records"):
            where = slice(None) if row["group"] == ANY else self.group_index[row["group"]]
            values[where] = row[column]
        return values

    @cached_property
    def leave_rate(self) -> Floats:
        """Share of each group that leaves the city's schools in a year, (G,)."""
        return self._by_group(self.city.mobility, "leave_rate")

    @cached_property
    def public_share(self) -> Floats:
        """Share of each group's resident children who are in the public schools, (G,)."""
        return self._by_group(self.city.mobility, "public_share")

    @cached_property
    def graduation_rate(self) -> Floats:
        """On-time graduation of each group, (G,)."""
        return self._by_group(self.city.outcomes, "graduation_rate")

    @cached_property
    def dropout_rate(self) -> Floats:
        """Yearly dropout in grades 9 to 12 of each group, (G,)."""
        return self._by_group(self.city.outcomes, "dropout_rate")

    @cached_property
    def springs(self) -> dict[int, tuple[list[int], Floats, Floats]]:
        """The file's ratings: by spring, the rows of the rated schools, their status and their growth."""
        table, found = self.city.ratings, {}
        for year in sorted(table["year"].unique()) if len(table) else ():
            spring = table[table["year"] == year].groupby("school")[["status", "growth"]].mean()
            rows = [self.school_index[str(key)] for key in spring.index]
            found[int(year)] = (rows, spring["status"].to_numpy(float), spring["growth"].to_numpy(float))
        return found

    @cached_property
    def reputation(self) -> Floats:
        """What families have seen of each school by the opening June, SD, (S,)."""
        seen = np.full(self.n_schools, np.nan)
        ratings = self.city.ratings
        if len(ratings):
            last = ratings[ratings["year"] == self.city.opening_year].groupby("school")["status"].mean()
            for key, status in last.items():
                seen[self.school_index[str(key)]] = status
        with np.errstate(all="ignore"):
            seen = np.where(np.isnan(seen), self.school_mean.mean(axis=1), seen)
        pupils = self.roll.sum(axis=(0, 2))
        known = ~np.isnan(seen)
        # a school without tests is seen as an average one
        middle = float(np.sum(seen[known] * pupils[known]) / pupils[known].sum()) if known.any() else 0.0
        return np.where(known, seen, middle)


@lru_cache(maxsize=4)
def codes_of(city: City) -> CityCodes:
    """A city as arrays, made once while runs of it follow each other."""
    return CityCodes(city)
