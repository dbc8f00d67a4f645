"""What was seen in a real district over the years, on one scale: levels, gaps and pupils."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from calibration.histories.history import GAP, LEVEL, OBSERVED, PUPILS
from scenarios.records.columns import MOST_LEVELS
from scenarios.records.records import DistrictRecords
from scenarios.scores.known_cuts import bounded, fit_units
from scenarios.scores.ordered_probit import LOG_SD_PRIOR
from scenarios.scores.standard import standardise
from sim.city import ANY

SECTOR_OF = {ANY: ANY, "*district": "district", "*charter": "charter"}
"""Places of records -> sectors of a history."""
FEWEST_TESTED = 100
"""Pupils in all scored grades below which a level is left out: it would be the luck of a few families."""
CELL = ["place", "year", "group", "subject", "grade"]


def on_opening_cuts(records: DistrictRecords, test: str, grades: range, years: range) -> pd.DataFrame:
    """Means of one test in SD of the city's own pupils in the first of the years, with that year's cut points in all.

    The cut points of a test that is not changed stand still, so that a mean that rises is pupils who pass them, not a
    standing among others. Places with rows of all pupils and groups, by grade: columns CELL, value, se, pupils.
    Source: ordered probit as in `scenarios.scores` (Reardon, Shear, Castellano & Ho 2017), cut points held.
    """
    scores = records["scores"]
    opening = scores[(scores["year"] == years.start) & (scores["test"] == test)].reset_index(drop=True)
    sittings = standardise(replace(records, tables={**records.tables, "scores": opening})).sittings
    rows = scores[
        (scores["test"] == test)
        & (scores["flag"] == ANY)
        & scores["school"].isin(SECTOR_OF)
        & scores["grade"].isin([str(grade) for grade in grades])
        & scores["year"].between(years.start, years.stop - 1)
        & (scores["tested_low"] > 0)
    ].merge(sittings[["grade", "subject", "within_sd", *_cuts(sittings)]], on=["grade", "subject"])
    levels = len(_cuts(sittings)) + 1
    ends = [
        rows[[f"level_{k}_{end}" for k in range(1, levels + 1)]].to_numpy(dtype=np.float64) for end in ("low", "high")
    ]
    told = ~np.isnan(ends[0]).any(axis=1) & ~np.isnan(ends[1]).any(axis=1)
    rows, shares = rows[told].reset_index(drop=True), (ends[0] + ends[1])[told] / 2
    counts, _ = bounded(shares / shares.sum(axis=1, keepdims=True) * rows["tested_low"].to_numpy()[:, None])
    spread = np.full(len(rows), LOG_SD_PRIOR)
    fits = fit_units(counts, rows[_cuts(sittings)].to_numpy(), rows["within_sd"].to_numpy(), spread)
    return _cells(rows, fits.means, fits.errors)


def _cuts(sittings: pd.DataFrame) -> list[str]:
    return [name for k in range(1, MOST_LEVELS) if sittings[name := f"cut_{k}"].notna().all()]


def _cells(rows: pd.DataFrame, value: object, se: object) -> pd.DataFrame:
    table = rows[["school", "year", "group", "subject", "grade"]].set_axis(CELL, axis=1)
    return table.assign(value=value, se=se, pupils=rows["tested_low"].to_numpy()).astype({"year": "int64"})


def over_grades(cells: pd.DataFrame, grades: range) -> pd.DataFrame:
    """Cells of all grades together, weighted by tested pupils: columns place, year, group, subject, value, se, pupils.

    A place's group is kept in the years in which every grade is told, so that no change of grades looks like a change.
    """
    keys = ["place", "year", "group", "subject"]
    there = cells.assign(
        product=cells["value"] * cells["pupils"], square=(cells["se"].fillna(0.0) * cells["pupils"]) ** 2
    )
    of = there.groupby(keys).agg(
        grades=("grade", "nunique"), product=("product", "sum"), square=("square", "sum"), pupils=("pupils", "sum")
    )
    of = of[of["grades"] == len(grades)]
    return of.assign(value=of["product"] / of["pupils"], se=np.sqrt(of["square"]) / of["pupils"]).reset_index()[
        [*keys, "value", "se", "pupils"]
    ]


def levels_and_gaps(means: pd.DataFrame, reference: str, sectors: Mapping[str, str] = SECTOR_OF) -> pd.DataFrame:
    """Levels of everybody and of groups, and gaps to the reference group; columns of OBSERVED.

    means: as of `over_grades`. A series with a year of fewer than FEWEST_TESTED tested pupils is left out.
    """
    few = means.groupby(["place", "group", "subject"])["pupils"].transform("min") < FEWEST_TESTED
    levels = means[~few & means["place"].isin(list(sectors))]
    levels = levels.assign(what=LEVEL, sector=levels["place"].map(dict(sectors)), reference="")
    on = ["sector", "year", "subject"]
    above = levels[levels["group"] == reference][[*on, "value", "se"]]
    both = levels[~levels["group"].isin([ANY, reference])].merge(above, on=on, suffixes=("", "_above"))
    gaps = both.assign(
        what=GAP,
        reference=reference,
        value=both["value_above"] - both["value"],
        se=np.hypot(both["se"], both["se_above"]),
    )
    return pd.concat([levels, gaps], ignore_index=True)[list(OBSERVED)]


def pupils_rows(counts: Mapping[tuple[str, int], float]) -> pd.DataFrame:
    """Pupils by sector and year as rows of OBSERVED."""
    rows = [(PUPILS, sector, ANY, "", "", year, float(n), np.nan) for (sector, year), n in counts.items()]
    return pd.DataFrame(rows, columns=list(OBSERVED)).astype({"year": "int64"})


def rolls_of(records: DistrictRecords, places: Iterable[str], grades: Sequence[str]) -> pd.DataFrame:
    """All pupils of schools or places in some grades by spring, the middle of what is left open: school, year, grade,
    pupils."""
    rows = records["enrollment"]
    rows = rows[
        (rows["group"] == ANY)
        & (rows["flag"] == ANY)
        & rows["school"].isin(list(places))
        & rows["grade"].isin(list(grades))
    ]
    middle = (rows["pupils_low"] + rows["pupils_high"]) / 2
    return rows[["school", "year", "grade"]].assign(pupils=middle).astype({"year": "int64"})
