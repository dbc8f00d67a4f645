"""What the publisher hides: cells that are intervals, and how wide they are, by table, group and year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration.importers.checks.common.finding import Finding, Severity, source
from calibration.importers.checks.common.frames import Tables
from scenarios.records.columns import TABLES
from sim.city import ANY

MUCH = 0.25
"""Share of a group's cells hidden from which it is doubtful what can be said of the group."""
LEAST_CELLS = 10
KIND = "suppressed"


def check(tables: Tables) -> list[Finding]:
    """Groups of which many cells are hidden, each with the share of cells and, for counts, the width."""
    found = []
    shares = suppressed_shares(tables)
    for (table, column, group), mine in shares.groupby(["table", "column", "group"], sort=False):
        cells, hidden = mine["cells"].sum(), mine["hidden"].sum()
        if cells < LEAST_CELLS or not hidden:
            continue
        share = hidden / cells
        widest = mine.loc[(mine["hidden"] / mine["cells"]).idxmax()]
        name = "all pupils" if group == ANY else str(group)
        text = f"{name}: {hidden:,.0f} of {cells:,.0f} cells of {column} are intervals ({share:.0%}"
        if len(mine) > 1 and np.isfinite(widest["year"]):
            text += f"; most in {int(widest['year'])}, {widest['hidden'] / widest['cells']:.0%}"
        text += ")"
        if mine["width"].notna().any():
            width, middle = mine["width"].sum(), mine["middle"].sum()
            text += f"; together {width:,.0f} wide, {width / max(middle, 1):.1%} of the sum"
        frame = tables[str(table)]
        rows = frame[(frame[f"{column}_low"] < frame[f"{column}_high"]) & (_groups(frame) == group)]
        file, lines = source(rows)
        severity: Severity = "doubtful" if share > MUCH else "to know"
        numbers = {"cells": float(cells), "hidden": float(hidden), "share": float(share)}
        found.append(Finding(KIND, severity, str(table), "", text, file, lines, numbers))
    return found


def _groups(frame: pd.DataFrame) -> pd.Series[str]:
    """Whose cell a row is: the group, of it those with a flag (`Black, low income`), or `*` for all pupils."""
    group = frame["group"] if "group" in frame else pd.Series(ANY, frame.index, dtype="str")
    if "flag" not in frame:
        return group
    flag = frame["flag"].str.replace("_", " ")
    named = (group + ", " + flag).str.removeprefix(f"{ANY}, ")
    return named.where(flag != ANY, group)


def suppressed_shares(tables: Tables) -> pd.DataFrame:
    """Cells and hidden cells of every column that may hold intervals, by group or flag (`*` where none) and year.

    Columns: table, column, group, year, cells (not empty), hidden (low below high), width and middle (sums, in the
    column's unit, of counts and dollars; NaN for shares and means, whose sums mean nothing).
    """
    parts = []
    for table, declared in TABLES.items():
        frame = tables[table]
        columns = [name for name, column in declared.columns.items() if column.is_interval]
        group = _groups(frame)
        year = frame["year"] if "year" in frame else pd.Series(np.nan, frame.index)
        for name in columns:
            low, high = frame[f"{name}_low"], frame[f"{name}_high"]
            adds = name in ("pupils", "tested", "dollars")
            cells = pd.DataFrame(
                {
                    "group": group,
                    "year": year,
                    "cells": np.isfinite(low).astype(np.int64),
                    "hidden": (low < high).astype(np.int64),
                    "width": (high - low).fillna(0) if adds else np.nan,
                    "middle": ((high + low) / 2).fillna(0) if adds else np.nan,
                }
            )
            sums = cells.groupby(["group", "year"], dropna=False).sum(min_count=1).reset_index()
            parts.append(sums[sums["cells"] > 0].assign(table=table, column=name))
    order = ["table", "column", "group", "year", "cells", "hidden", "width", "middle"]
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True)[order] if filled else pd.DataFrame(columns=order)
