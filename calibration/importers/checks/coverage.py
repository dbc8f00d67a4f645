"""What is there and what is not: schools by table and year, holes between years, schools without the essentials."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration.importers.checks.common.finding import Finding, Severity, source
from calibration.importers.checks.common.frames import Tables, at_schools, spans
from scenarios.records.columns import TABLES

HALF = 0.5
SHOWN = 6
KIND = "coverage"
YEARLY = tuple(table for table, declared in TABLES.items() if {"school", "year"} <= set(declared.key))


def check(tables: Tables) -> list[Finding]:
    """Years a table skips or has few schools in, and schools without coordinates, enrolment or scores."""
    found = []
    matrix = schools_by_year(tables)
    for table in matrix.columns:
        if table in ("actions", "pairs"):  # they happen in some years and to some schools
            continue
        has = matrix[table][matrix[table] > 0]
        skipped = [year for year in range(int(has.index.min()), int(has.index.max())) if year not in has.index]
        if skipped:
            text = f"no rows of schools in {spans(skipped)}, between years that have them"
            found.append(Finding(KIND, "doubtful", str(table), "", text, numbers={"years": float(len(skipped))}))
        usual = float(has.median())
        few = has[has < HALF * usual]
        if len(few):
            text = f"{int(few.min()):,} schools in {spans(list(few.index))}, where other years have {usual:,.0f}"
            numbers = {str(int(year)): float(n) for year, n in few.items()}
            found.append(Finding(KIND, "doubtful", str(table), "", text, numbers=numbers))
    return found + _without(tables)


def schools_by_year(tables: Tables) -> pd.DataFrame:
    """Number of schools with rows: a row a year, a column a table that has any."""
    counts = {}
    for table in YEARLY:
        rows = at_schools(tables[table])
        if len(rows):
            counts[table] = rows.dropna(subset=["year"]).groupby("year")["school"].nunique()
    return pd.DataFrame(counts).fillna(0).astype(np.int64).sort_index()


def _without(tables: Tables) -> list[Finding]:
    """Schools the list names but other tables do not, and the other way round."""
    schools = tables["schools"]
    if schools.empty:
        return []
    known = set(schools["school"])
    found = []
    placed = np.isfinite(schools["latitude"]) & np.isfinite(schools["longitude"])
    placed |= np.isfinite(schools["x_miles"]) & np.isfinite(schools["y_miles"])
    lacks = {"coordinates": set(schools.loc[~placed, "school"])}
    for table in ("enrollment", "scores"):
        if len(at_schools(tables[table])):
            lacks[table] = known - set(tables[table]["school"])
    for what, missing in lacks.items():
        if missing:
            rows = schools[schools["school"].isin(missing)]
            named = "; ".join(f"{row.school} {row.name}" for row in rows.head(SHOWN).itertuples(index=False))
            text = f"{len(missing):,} of {len(known):,} schools have no {what}: {named}"
            text += " ..." if len(missing) > SHOWN else ""
            severity: Severity = "doubtful" if len(missing) > HALF * len(known) else "to know"
            file, lines = source(rows)
            numbers = {"schools": float(len(known)), "without": float(len(missing))}
            found.append(Finding(KIND, severity, "schools", "", text, file, lines, numbers))
    for table in YEARLY:
        rows = at_schools(tables[table])
        strange = rows[~rows["school"].isin(known)]
        if len(strange):
            ids = sorted(set(strange["school"]))
            text = f"{len(ids):,} ids are not in the list of schools: {', '.join(ids[:SHOWN])}"
            file, lines = source(strange)
            numbers = {"ids": float(len(ids))}
            found.append(Finding(KIND, "serious", table, "", text, file, lines, numbers))
    return found
