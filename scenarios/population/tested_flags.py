"""Flags of the tested where no roll counts them: a school's share with a flag among its pupils in a test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from scenarios.population.known import ALL, Bounds, Known
from scenarios.records.records import DistrictRecords
from sim.city import ANY, FLAGS

_OF = ["school", "grade"]


def with_flags_of_tested(known: Known, records: DistrictRecords) -> tuple[Known, list[str]]:
    """The counts with those flags of schools filled in that only the tests of the opening year tell, and what was told.

    A count is the share of the tested with the flag times the school's roll. A cell of tested pupils that is not there
    beside its school's total has none to one fewer than the fewest that any cell tells.
    """
    scores = records["scores"]
    rows = scores[(scores["year"] == records.opening_year) & (scores["group"] == ANY) & scores["tested_low"].notna()]
    rows = rows[rows["school"].isin(known.schools)]
    low, high = known.school.low.copy(), known.school.high.copy()
    total_low, total_high = _totals(known)
    lines = []
    if len(rows):
        main = rows[rows["flag"] == ANY].groupby(["test", "subject"])["school"].nunique()
        test, subject = main.index[int(main.to_numpy().argmax())] if len(main) else ("", "")
        rows = rows[(rows["test"] == test) & (rows["subject"] == subject)]
    for number, flag in enumerate(FLAGS):
        if not (rows["flag"] == flag).any():
            continue
        share = _shares(rows, flag).reindex(list(known.schools))
        fill = np.isnan(low[:, ALL, -1, number]) & share["low"].notna().to_numpy() & ~np.isnan(total_low)
        if not fill.any():
            continue
        middle = (total_low + total_high) / 2
        low[fill, ALL, -1, number] = (share["low"].to_numpy() * middle)[fill]
        high[fill, ALL, -1, number] = (share["high"].to_numpy() * middle)[fill]
        words = flag.replace("_", " ")
        lines.append(
            f"{words}: {int(fill.sum())} of {len(known.schools)} schools whose roll does not count it take the share "
            f"of their tested pupils ({test}, {subject})"
        )
    if lines:  # shares of a school's roll need its roll
        untold = np.isnan(low[:, ALL, -1, -1])
        low[untold, ALL, -1, -1], high[untold, ALL, -1, -1] = total_low[untold], total_high[untold]
    return replace(known, school=Bounds(low, high)), lines


def _totals(known: Known) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of all pupils of each school, (S,) twice: its total, else the sum of its grades."""
    everyone, grades = known.school[:, ALL, -1, -1], known.school[:, :ALL, -1, -1]
    summed, told = grades.sum(axis=1), grades.told(1)
    return (
        np.where(everyone.known, everyone.low, np.where(told, summed.low, np.nan)),
        np.where(everyone.known, everyone.high, np.where(told, summed.high, np.nan)),
    )


def _shares(rows: pd.DataFrame, flag: str) -> pd.DataFrame:
    """Lowest and highest share of the tested with a flag by school: of all grades together, else over its grades."""
    everyone = rows[rows["flag"] == ANY].drop_duplicates(_OF).set_index(_OF)[["tested_low", "tested_high"]]
    pooled = everyone.index.get_level_values("school")[everyone.index.get_level_values("grade") == ANY]
    grade, school = everyone.index.get_level_values("grade"), everyone.index.get_level_values("school")
    everyone = everyone[(grade == ANY) | ~school.isin(pooled)]
    flagged = rows[rows["flag"] == flag].drop_duplicates(_OF).set_index(_OF)[["tested_low", "tested_high"]]
    hidden = max(float(rows.loc[rows["tested_low"] > 0, "tested_low"].min()) - 1, 0.0)
    mine = flagged.reindex(everyone.index)
    mine["tested_low"] = mine["tested_low"].fillna(0.0)
    mine["tested_high"] = np.minimum(mine["tested_high"].fillna(hidden), everyone["tested_high"])
    sums, totals = (frame.groupby(level="school").sum() for frame in (mine, everyone))
    tested = (totals["tested_low"] + totals["tested_high"]) / 2
    share = sums.div(tested.where(tested > 0), axis=0).clip(0.0, 1.0)
    return share.set_axis(["low", "high"], axis=1)
