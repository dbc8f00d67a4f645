"""What a run of a plan beside its baseline comes to by the last year, in a few numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from sim.plan import Plan
from sim.running.cells import Finished
from sim.stocktaking.measures import HEADLINE_BAND

FEWEST = 30
"""Children of a group, in the grades of the gap, below which its level is not asked for: a few families' luck."""
GAP, DISPLACED, DOLLARS, CAPITAL = "gap", "displaced", "dollars", "capital"
LEVEL = "level of "


def level_of(group: str) -> str:
    """The name of a group's level among the outcomes."""
    return f"{LEVEL}{group}"


def outcomes(done: Finished, plan: Plan, baseline: str) -> dict[str, float]:
    """Outcomes of a plan in a finished cell, by name, in the plan's last year.

    `gap SUBJECT` and `level of GROUP SUBJECT`: plan less baseline, the same children, grades 3-8, SD, NaN without rows;
    `children GROUP`: the children the level is of; `displaced`: pupils up to that year; `dollars`: recorded cost up to
    that year, plan less baseline; `capital`: political capital spent, points, NaN where there is no politics.
    """
    city, last = plan.city, plan.years.last
    gaps, levels = (
        table[(table["band"] == HEADLINE_BAND) & (table["year"] == last)]
        for table in (done.paired[plan.name]["paired_gap_year"], done.paired[plan.name]["paired_level_year"])
    )
    gaps = gaps[(gaps["focal"] == city.focal_group) & (gaps["reference"] == city.reference_group)]
    found: dict[str, float] = {}
    for subject in ("math", "reading"):
        found[f"{GAP} {subject}"] = _only(gaps[gaps["subject"] == subject], "difference")
        for group in city.groups:
            rows = levels[(levels["subject"] == subject) & (levels["group"] == group)]
            found[f"{level_of(group)} {subject}"] = _only(rows, "difference")
            if subject == "math":
                found[f"children {group}"] = 0.0 if rows.empty else float(rows["pupils"].iloc[0])
    mine, base = done.tables[plan.name], done.tables[baseline]
    found[DISPLACED] = _displaced(mine["displaced"], last)
    found[DOLLARS] = _dollars(mine, last) - _dollars(base, last)
    politics = mine["politics_year"]
    found[CAPITAL] = float(politics["capital_spent"].sum()) if len(politics) else math.nan
    return found


def chosen(table: pd.DataFrame, groups: Sequence[str], subject: str) -> list[str]:
    """The outcomes of a subject: the gap, the level of every group that has children enough, and displaced pupils."""
    there = [group for group in groups if table[f"children {group}"].mean() >= FEWEST]
    return [f"{GAP} {subject}", *(f"{level_of(group)} {subject}" for group in there), DISPLACED]


def _only(rows: pd.DataFrame, column: str) -> float:
    return math.nan if rows.empty else float(rows[column].iloc[0])


def _displaced(rows: pd.DataFrame, last: int) -> float:
    return float(rows.loc[(rows["year"] <= last) & (rows["group"] != "*"), "pupils"].sum())


def _dollars(tables: dict[str, pd.DataFrame], last: int) -> float:
    cost = tables["cost_year"]
    return float(cost.loc[cost["year"] <= last, "dollars"].sum())
