"""The score rows of records as arrays, with their sittings: all rows of one test, year, grade and subject."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios.records.columns import MOST_LEVELS, PLACES, TABLES
from scenarios.records.records import DistrictRecords
from scenarios.scores.filling import Shares, fill_shares
from scenarios.scores.ordered_probit import Floats
from sim.city import ANY
from sim.luck import name_key, stream_key, uniform

Flags = NDArray[np.bool_]
Places = NDArray[np.int64]
KEY = TABLES["scores"].key
SITTING = ("test", "year", "grade", "subject")
UNKNOWN_PUPILS = 100.0
"""Pupils a row is weighted by where neither the scores nor the roll tell; it then has no standard error."""
LEVELS = tuple(f"level_{level}" for level in range(1, MOST_LEVELS + 1))
CUTS = tuple(f"cut_{level}" for level in range(2, MOST_LEVELS + 1))


@dataclass(frozen=True)
class RowMeans:
    """Of all rows, by one way to get them: mean, its low and high end, error and SD in SD of the reference, and how far
    the SD leans on the usual one; NaN where that way gives none."""

    mean: Floats
    low: Floats
    high: Floats
    error: Floats
    sd: Floats
    lean: Floats


@dataclass(frozen=True, eq=False)
class ScoreRows:
    """One entry a score row.

    `keys`: frame of the key columns, rows numbered from 0. `pupils`: tested, from the roll where the scores do not
    tell (`from_roll`), else NaN. `mean_low` to `mean_high`: on the test's scale, `mean` the one taken; `sd` likewise.
    `shares`: by level, levels the test has not holding 0. `levels`: number of levels of the row's test, 0 for none.
    `cuts` (rows, 5): scores at which levels 2 to 6 begin, NaN where unknown. `ends` (rows, 2):
    lowest and highest score of the test. `groups`: those of the records.
    """

    keys: pd.DataFrame
    sitting: Places
    pupils: Floats
    from_roll: Flags
    mean_low: Floats
    mean_high: Floats
    mean: Floats
    sd: Floats
    shares: Shares
    levels: Places
    cuts: Floats
    ends: Floats
    groups: tuple[str, ...]

    @cached_property
    def place(self) -> NDArray[np.object_]:
        """The column `school` as an array."""
        return self.keys["school"].to_numpy(dtype=object)

    @cached_property
    def whole(self) -> Flags:
        """Rows of all pupils of their school or place."""
        return self.keys["group"].eq(ANY).to_numpy() & self.keys["flag"].eq(ANY).to_numpy()

    @cached_property
    def one_group(self) -> Flags:
        """Rows of one of the city's groups, all its pupils."""
        return self.keys["group"].isin(self.groups).to_numpy() & self.keys["flag"].eq(ANY).to_numpy()

    @cached_property
    def in_school(self) -> Flags:
        """Rows of a school, not of a place that stands for many."""
        return ~self.keys["school"].isin(PLACES).to_numpy()

    @cached_property
    def weight(self) -> Floats:
        """Pupils, or UNKNOWN_PUPILS."""
        return np.where(np.isnan(self.pupils) | (self.pupils <= 0), UNKNOWN_PUPILS, self.pupils)

    @cached_property
    def members(self) -> dict[int, Places]:
        """Sitting -> its rows."""
        order = np.argsort(self.sitting, kind="stable")
        starts = np.flatnonzero(np.diff(self.sitting[order], prepend=-1))
        return {int(self.sitting[part[0]]): part for part in np.split(order, starts[1:]) if len(part)}


def read_rows(records: DistrictRecords, draw: int | None = None) -> ScoreRows:
    """The score rows of records; with `draw`, what is hidden is filled by chance inside its bounds."""
    scores = records["scores"].reset_index(drop=True)
    keys = scores[list(KEY)].copy()
    sitting = keys.groupby(list(SITTING), sort=True, dropna=False).ngroup().to_numpy(dtype=np.int64)
    names = _names(keys, draw)
    tests = records["tests"].drop_duplicates("test").set_index("test")
    low, high = (scores[[f"{level}_{end}" for level in LEVELS]].to_numpy(dtype=np.float64) for end in ("low", "high"))
    levels = _levels(keys["test"], tests, ~np.isnan(low))
    beyond = np.arange(MOST_LEVELS) >= levels[:, None]
    unknown = (np.isnan(low) & np.isnan(high)) | beyond
    nothing = unknown.all(axis=1)[:, None]
    low, high = (np.where(nothing, np.nan, np.where(beyond, 0.0, part)) for part in (low, high))
    mean_low, mean_high = scores["mean_low"].to_numpy(np.float64), scores["mean_high"].to_numpy(np.float64)
    tested = _between(scores["tested_low"].to_numpy(np.float64), scores["tested_high"].to_numpy(np.float64))
    roll = np.where(np.isnan(tested), _roll(records, keys), np.nan)
    lucky = None if draw is None else uniform(stream_key(draw, "hidden mean"), names)
    return ScoreRows(
        keys=keys,
        sitting=sitting,
        pupils=np.where(np.isnan(tested), roll, tested),
        from_roll=~np.isnan(roll),
        mean_low=mean_low,
        mean_high=mean_high,
        mean=_between(mean_low, mean_high, lucky),
        sd=scores["sd"].where(scores["sd"] > 0).to_numpy(dtype=np.float64),
        shares=fill_shares(low, high, names, draw),
        levels=levels,
        cuts=tests.reindex(keys["test"])[list(CUTS)].to_numpy(dtype=np.float64),
        ends=tests.reindex(keys["test"])[["lowest", "highest"]].to_numpy(dtype=np.float64),
        groups=records.groups,
    )


def _names(keys: pd.DataFrame, draw: int | None) -> NDArray[np.uint64]:
    """A key of luck for every row; zeros where no luck is asked for."""
    if draw is None:
        return np.zeros(len(keys), dtype=np.uint64)
    texts = keys.astype(str).agg("/".join, axis=1) if len(keys) else []
    return np.array([name_key(text) for text in texts], dtype=np.uint64)


def _levels(test: pd.Series, tests: pd.DataFrame, filled: Flags) -> Places:
    """Levels of each row's test: what tests.csv says, else the highest level any of its rows has."""
    highest = np.where(filled.any(axis=1), MOST_LEVELS - filled[:, ::-1].argmax(axis=1), 0)
    seen = pd.Series(highest).groupby(test.to_numpy()).transform("max").to_numpy()
    declared = tests["levels"].reindex(test).to_numpy(dtype=np.float64)
    return np.where(np.isnan(declared), seen, np.nan_to_num(declared)).astype(np.int64)


def _between(low: Floats, high: Floats, luck: Floats | None = None) -> Floats:
    """The middle of an interval or a place in it by chance; where one end is open, the other."""
    low, high = np.where(np.isnan(low), high, low), np.where(np.isnan(high), low, high)
    return np.asarray(low + (0.5 if luck is None else luck) * (high - low), dtype=np.float64)


def _roll(records: DistrictRecords, keys: pd.DataFrame) -> Floats:
    """Pupils on the roll of the same school, year, grade, group and flag; NaN where there is no such row."""
    on = list(TABLES["enrollment"].key)
    roll = records["enrollment"].drop_duplicates(on).set_index(on)
    found = roll.reindex(pd.MultiIndex.from_frame(keys[on]))
    return _between(found["pupils_low"].to_numpy(np.float64), found["pupils_high"].to_numpy(np.float64))
