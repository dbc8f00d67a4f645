"""Which scores may be compared, and how: shares within one test only, means in SD of one kind of reference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenarios.records.records import DistrictRecords
from scenarios.scores.rows import KEY
from sim.city import ANY

SURE = 1.96


class NotComparable(ValueError):
    """Two scores were to be compared that have no common yardstick; the message says why and what can be done."""


@dataclass(frozen=True)
class ScoreOf:
    """The key of one score row."""

    school: str
    year: int
    subject: str
    test: str
    grade: str = ANY
    group: str = ANY
    flag: str = ANY

    def __str__(self) -> str:
        """The key as people read it."""
        parts = (self.school, str(self.year), f"grade {self.grade}", self.subject, self.group, self.flag, self.test)
        return ", ".join(parts)


@dataclass(frozen=True)
class Difference:
    """The later or other value less the first, between `low` and `high`; `se` is NaN where it is not known."""

    value: float
    low: float
    high: float
    se: float


def proficient_share(records: DistrictRecords, of: ScoreOf) -> tuple[float, float]:
    """Lowest and highest share at or above the test's proficient level that one row allows.

    Raises KeyError when there is no such row, NotComparable when the test says no proficient level.
    """
    row = _row(records["scores"], of)
    level = _test(records, of.test)["proficient"]
    if np.isnan(level):
        raise NotComparable(f"test {of.test!r} says no level that counts as proficient: set `proficient` in tests.csv")
    counted = [f"level_{number}" for number in range(1, 7)]
    low, high = (np.array([row[f"{name}_{end}"] for name in counted], dtype=float) for end in ("low", "high"))
    cut = int(level) - 1
    unknown = np.isnan(low) & np.isnan(high)
    if unknown.all():
        return float("nan"), float("nan")
    levels = _test(records, of.test)["levels"]
    last = 6 - int(np.argmin(unknown[::-1])) if np.isnan(levels) else int(levels)
    low, high = np.nan_to_num(low[:last], nan=0.0), np.nan_to_num(high[:last], nan=1.0)
    least = max(low[cut:].sum(), 1 - high[:cut].sum())
    most = min(high[cut:].sum(), 1 - low[:cut].sum())
    return float(np.clip(min(least, most), 0, 1)), float(np.clip(max(least, most), 0, 1))


def proficient_change(records: DistrictRecords, first: ScoreOf, other: ScoreOf) -> Difference:
    """Difference of two proficient shares of one test and subject.

    Raises NotComparable when the tests differ or a year lies outside the years of the test's scale.
    """
    if first.test != other.test:
        raise NotComparable(
            f"proficient on test {first.test!r} and on {other.test!r} are different demands ({first}; {other}): "
            "their difference is of the cut scores as much as of the pupils; compare means in SD (standing_change)"
        )
    if first.subject != other.subject:
        raise NotComparable(f"proficient in {first.subject} and in {other.subject} are different demands")
    if first.grade != other.grade:
        raise NotComparable(f"proficient in grade {first.grade} and in grade {other.grade} are different demands")
    test = _test(records, first.test)
    for of in (first, other):
        if of.year < test["first_year"] or of.year > test["last_year"]:
            raise NotComparable(
                f"{of}: the scale of {of.test!r} is that of {test['first_year']:.0f} to {test['last_year']:.0f} "
                "by tests.csv"
            )
    (low, high), (other_low, other_high) = proficient_share(records, first), proficient_share(records, other)
    middle = (other_low + other_high - low - high) / 2
    return Difference(middle, other_low - high, other_high - low, float("nan"))


def standing_change(means: pd.DataFrame, first: ScoreOf, other: ScoreOf) -> Difference:
    """Difference of two means of `standard_means`, in SD of the reference; also from one test to another.

    It says how the standing among the reference's pupils has changed, not what pupils know. Bounds hold what is hidden
    and 95 of 100 of the luck. Raises NotComparable when the references or the subjects differ, KeyError when a row is
    missing.
    """
    if first.subject != other.subject:
        raise NotComparable(f"{first.subject} and {other.subject} have no common scale")
    one, two = _row(means, first), _row(means, other)
    for of, row in ((first, one), (other, two)):
        if np.isnan(row["mean"]):
            raise NotComparable(f"{of}: there is no mean ({row['how']})")
    if one["reference"] != two["reference"]:
        raise NotComparable(
            f"{first} is referred to {one['reference']!r}, {other} to {two['reference']!r}: "
            "they are distances from different pupils"
        )
    se = float(np.hypot(one["se"], two["se"]))
    luck = SURE * np.nan_to_num(se)
    return Difference(
        float(two["mean"] - one["mean"]),
        float(two["mean_low"] - one["mean_high"] - luck),
        float(two["mean_high"] - one["mean_low"] + luck),
        se,
    )


def gaps(means: pd.DataFrame, reference_group: str, focal_group: str) -> pd.DataFrame:
    """Reference group less focal group wherever both have a mean in the same sitting and place.

    Columns: school, year, grade, subject, flag, test; gap, gap_low, gap_high (what is hidden), se, in SD of the
    reference; v, the gap in the SD pupils have within the two groups, which moving cut points leave alone.
    Source: Ho & Reardon 2012 (JEBS 37(4)) for v, here from the fitted means and SDs.
    """
    on = [name for name in KEY if name != "group"] + ["reference"]
    known = means[means["mean"].notna()]
    above, below = (known[known["group"] == group] for group in (reference_group, focal_group))
    both = above.merge(below, on=on, suffixes=("", "_focal"))
    gap = both["mean"] - both["mean_focal"]
    return both[on].assign(
        gap=gap,
        gap_low=both["mean_low"] - both["mean_high_focal"],
        gap_high=both["mean_high"] - both["mean_low_focal"],
        se=np.hypot(both["se"], both["se_focal"]),
        v=gap / np.sqrt((both["sd"] ** 2 + both["sd_focal"] ** 2) / 2),
    )


def _row(table: pd.DataFrame, of: ScoreOf) -> pd.Series:
    chosen = np.ones(len(table), dtype=bool)
    for name in KEY:
        chosen &= (table[name] == getattr(of, name)).to_numpy()
    if not chosen.any():
        raise KeyError(f"no score of {of}")
    return table[chosen].iloc[0]


def _test(records: DistrictRecords, name: str) -> pd.Series:
    tests = records["tests"]
    mine = tests[tests["test"] == name]
    if mine.empty:
        raise KeyError(f"no test {name!r} in tests.csv")
    return mine.iloc[0]
