"""Schools that appear and vanish: openings and closings as the files show them, and files of survivors only."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from calibration.importers.checks.common.finding import Finding
from calibration.importers.checks.common.frames import Tables, at_schools, spans

CLOSES_A_YEAR = 0.01
"""Share of its schools a city closes in a quiet year; assumed, to tell that too few vanish."""
BY_CHANCE = 1e-3
KIND = "openings"


def check(tables: Tables) -> list[Finding]:
    """How many schools begin and end in each year, and years in which none ends because the dead were left out."""
    found = []
    for table in ("enrollment", "scores"):
        flows = comings_and_goings(tables[table])
        if len(flows) >= 2:
            found += _told(flows, table)
    return found


def comings_and_goings(frame: pd.DataFrame) -> pd.DataFrame:
    """By year: schools with rows, those seen first in it, those seen last in it; columns schools, first, last."""
    rows = at_schools(frame).dropna(subset=["year"])
    seen = rows.groupby("school")["year"].agg(["min", "max"])
    flows = pd.DataFrame({"schools": rows.groupby("year")["school"].nunique()})
    flows["first"] = seen["min"].value_counts()
    flows["last"] = seen["max"].value_counts()
    return flows.fillna(0).astype(np.int64).sort_index()


def _told(flows: pd.DataFrame, table: str) -> list[Finding]:
    years = list(flows.index)
    opened, vanished = flows["first"].iloc[1:], flows["last"].iloc[:-1]
    numbers = {f"last in {int(year)}": float(n) for year, n in vanished.items()}
    numbers |= {f"first in {int(year)}": float(n) for year, n in opened.items()}
    text = f"{opened.sum():,} schools begin after {int(years[0])}, {vanished.sum():,} end before {int(years[-1])}"
    found = [Finding(KIND, "to know", table, "", text, numbers=numbers)]
    gone = list(vanished[vanished > 0].index)
    quiet = [year for year in years[:-1] if not gone or year < gone[0]]
    expected = CLOSES_A_YEAR * float(flows.loc[quiet, "schools"].sum()) if quiet else 0.0
    if quiet and math.exp(-expected) < BY_CHANCE:
        until = f"before {int(gone[0])}" if gone else "in any year"
        text = (
            f"no school's rows end {until} ({spans(quiet)}), where a city that closes {CLOSES_A_YEAR:.0%} a year "
            f"(assumed) would lose about {expected:.0f}: the file holds survivors only, closings are not in it"
        )
        found.append(Finding(KIND, "doubtful", table, "", text, numbers={"expected": expected}))
    return found
