"""What a records folder holds, in numbers: the card of `portfolio district check`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from scenarios.problems import Problem
from scenarios.records.columns import PLACES, SECTORS, STATE, TABLES
from scenarios.records.records import DistrictRecords
from sim.city import ANY

Ends = list[float]
"""The two ends of an interval; equal where the figure is exact."""


def records_facts(records: DistrictRecords, doubts: Iterable[Problem] = ()) -> dict[str, Any]:
    """What the records are, in plain numbers and texts; of pupils the two ends of an interval."""
    schools = records["schools"]
    sectors = schools["sector"].value_counts()
    return {
        "name": records.name,
        "title": records.title,
        "opening_year": records.opening_year,
        "schools": len(schools),
        "sectors": {sector: int(sectors.get(sector, 0)) for sector in SECTORS},
        "rows": {table: len(records[table]) for table in TABLES if len(records[table])},
        "years": _years(records),
        "pupils": pupils_of(records, ANY),
        "pupils_by_group": {group: pupils_of(records, group) for group in records.groups},
        "gap": f"{records.reference_group} less {records.focal_group}",
        "tests": _tests(records),
        "interval_shares": _interval_shares(records),
        "enrollment_system": records.enrollment_system,
        "empty_tables": [table for table in TABLES if not len(records[table])],
        "missing": list(records.missing),
        "assumptions": list(records.assumptions),
        "doubts": [str(doubt) for doubt in doubts],
        "sources": list(records.sources),
    }


def pupils_of(records: DistrictRecords, group: str) -> Ends | None:
    """Pupils of a group, or of all with `*`, in the opening year: the sum over schools, else what is said of the city.

    The two ends of an interval; None when there is no figure.
    """
    rows = records["enrollment"]
    rows = rows[(rows["year"] == records.opening_year) & (rows["flag"] == ANY) & (rows["school"] != STATE)]
    own = _over(rows[rows["group"] == group], "grade")
    if group == ANY:  # a school that gives no total gives its groups
        own = _with_sums(own, _over(rows[rows["group"] != ANY], "grade"), ["school"])
    for chosen in (~own["school"].isin(PLACES), own["school"] == ANY, own["school"].isin(PLACES)):
        if chosen.any():
            low, high = own.loc[chosen, ["pupils_low", "pupils_high"]].sum()
            return [float(low), float(high)]
    return None


def _over(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row a school and group: the total over `column` where it is given, else the sum of what is."""
    key = ["school", "group"]
    return _with_sums(rows[rows[column] == ANY], rows[rows[column] != ANY], key)


def _with_sums(totals: pd.DataFrame, parts: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    sums = parts.groupby(key, as_index=False)[["pupils_low", "pupils_high"]].sum()
    both = pd.concat([totals[[*key, "pupils_low", "pupils_high"]], sums], ignore_index=True)
    return both.drop_duplicates(key)


def _years(records: DistrictRecords) -> dict[str, list[int]]:
    """Table -> first and last year of its rows, for tables with a year."""
    found = {}
    for table, declared in TABLES.items():
        if "year" in declared.columns and records[table]["year"].notna().any():
            years = records[table]["year"].dropna()
            found[table] = [int(years.min()), int(years.max())]
    return found


def _tests(records: DistrictRecords) -> list[dict[str, Any]]:
    years = records["scores"].groupby("test")["year"]
    return [
        {
            "test": test,
            "title": title,
            "years": sorted({int(year) for year in years.get_group(test)}) if test in years.groups else [],
            "levels": None if np.isnan(levels) else int(levels),
        }
        for test, title, levels in records["tests"][["test", "title", "levels"]].itertuples(index=False)
    ]


def _interval_shares(records: DistrictRecords) -> dict[str, dict[str, float]]:
    """Table -> group -> share of the filled interval cells whose two ends differ, for tables with such cells."""
    found: dict[str, dict[str, float]] = {}
    for table, declared in TABLES.items():
        names = [name for name, column in declared.columns.items() if column.is_interval]
        rows = records[table]
        if not names or rows.empty:
            continue
        low = rows[[f"{name}_low" for name in names]].to_numpy()
        high = rows[[f"{name}_high" for name in names]].to_numpy()
        group = rows["group"] if "group" in rows else pd.Series(ANY, rows.index, dtype="str")
        cells = pd.DataFrame({"filled": (~np.isnan(low)).sum(axis=1), "open": (low < high).sum(axis=1)})
        sums = cells.groupby(group.to_numpy()).sum()
        found[table] = {
            str(name): round(float(row.open / row.filled), 4)
            for name, row in zip(sums.index, sums.itertuples(), strict=True)
            if row.filled
        }
    return found
