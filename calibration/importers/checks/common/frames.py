"""Rows the checks look at: complete tables, pupils of whole schools, exact values, robust middles and spreads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from scenarios.records.columns import TABLES
from scenarios.records.records import no_rows
from sim.city import ANY

Tables = Mapping[str, pd.DataFrame]
NORMAL = 1.4826
"""SD of a normal distribution by its median distance from the middle."""


def complete(tables: Tables) -> dict[str, pd.DataFrame]:
    """Every table of the records with the columns `file` and `line`, empty and 0 where rows do not carry them."""
    whole = {}
    for name in TABLES:
        frame = (tables[name] if name in tables else no_rows(name)).reset_index(drop=True)
        if "file" not in frame:
            frame = frame.assign(file="", line=0)
        whole[name] = frame
    return whole


def at_schools(frame: pd.DataFrame, column: str = "school") -> pd.DataFrame:
    """The rows of schools, without those of the city, a sector or the reference."""
    return frame[~frame[column].str.startswith(ANY)]


def sectors(tables: Tables, ids: pd.Series[str]) -> pd.Series[str]:
    """The sector of each of some schools, empty where it is not known."""
    of = dict(zip(tables["schools"]["school"], tables["schools"]["sector"], strict=True))
    return pd.Series([of.get(school, "") for school in ids], ids.index, dtype="str")


def exact(frame: pd.DataFrame, value: str) -> pd.DataFrame:
    """The rows whose value is one number, with it in a column `value`."""
    rows = frame[(frame[f"{value}_low"] == frame[f"{value}_high"]) & np.isfinite(frame[f"{value}_low"])]
    return rows.assign(value=rows[f"{value}_low"])


def whole(frame: pd.DataFrame, value: str, keep: Sequence[str]) -> pd.DataFrame:
    """All pupils of each set of `keep`: the row with `*` for grade, group and flag, else the sum over grades, else
    over groups, else over both; columns `keep`, low, high, file, line, rows.
    """
    plain = frame[frame["flag"] == ANY]
    all_grades, all_groups = plain["grade"] == ANY, plain["group"] == ANY
    ways = (all_grades & all_groups, ~all_grades & all_groups, all_grades & ~all_groups, ~all_grades & ~all_groups)
    found: list[pd.DataFrame] = []
    for way in ways:
        sums = (
            plain[way]
            .groupby(list(keep), sort=False)
            .agg(
                low=(f"{value}_low", "sum"),
                high=(f"{value}_high", "sum"),
                file=("file", "first"),
                line=("line", "first"),
                rows=("line", "size"),
            )
            .reset_index()
        )
        found.append(sums)
    return pd.concat(found, ignore_index=True).drop_duplicates(list(keep), keep="first")


def pupils(tables: Tables) -> pd.DataFrame:
    """All pupils of every place and year: school, year, low, high, file, line, rows."""
    return whole(tables["enrollment"], "pupils", ("school", "year"))


def middle(values: Any) -> float:
    """The median of the finite values; NaN when there are none."""
    numbers = np.asarray(values, dtype=np.float64)
    numbers = numbers[np.isfinite(numbers)]
    return float(np.median(numbers)) if numbers.size else float("nan")


def spread(values: Any) -> float:
    """The SD a normal distribution with the same median distance from the middle would have; NaN without values."""
    numbers = np.asarray(values, dtype=np.float64)
    return NORMAL * middle(np.abs(numbers - middle(numbers)))


def spans(years: Sequence[float]) -> str:
    """2004 to 2007, 2009."""
    numbers = sorted({int(year) for year in years})
    runs: list[list[int]] = []
    for year in numbers:
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(f"{first}" if first == last else f"{first} to {last}" for first, last in runs)
