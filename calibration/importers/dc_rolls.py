"""Pupils by school, grade and group in fall 2008, where the files give grades and groups only apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linprog

from calibration.importers.dc_files import CODES, GRADES, GROUPS, LEFT_OUT, TESTED_GRADES, Sources
from calibration.importers.report import ImportReport

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
HIDDEN_BELOW = 10
"""The files leave out cells of fewer pupils than this."""
MATCHED, ASSUMED, REFUSED = "Matched", "Assumed", "Refused or left out"


def make_rolls(sources: Sources, report: ImportReport) -> pd.DataFrame:
    """Pupils by school, grade and group: whole numbers that keep every school's grades and groups."""
    rolls = sources.rolls
    total = rolls[(rolls["subgroup"] == "All") & (rolls["grade"] == "All")].set_index("school_code")["n"]
    by_grade = rolls[(rolls["subgroup"] == "All") & rolls["grade"].isin(list(GRADES))]
    grades = by_grade.pivot_table(index="school_code", columns="grade", values="n", fill_value=0)
    grades = grades.rename(columns=GRADES).reindex(columns=range(13), fill_value=0).astype(int)
    groups = _groups(sources, total)
    tilt = _grade_tilt(sources)
    rows = []
    for school, of_grade in grades.iterrows():
        cells = fill(of_grade.to_numpy(), groups.loc[school].to_numpy(dtype=float), tilt)
        rows += [
            (str(school), grade, group, int(cells[grade, k]))
            for grade in range(13)
            for k, group in enumerate(GROUPS)
            if cells[grade, k]
        ]
    _tell(sources, total, grades, report)
    return pd.DataFrame(rows, columns=["school", "grade", "group", "pupils"])


def fill(of_grade: Counts, of_group: Floats, tilt: Floats) -> Counts:
    """Pupils by grade and group of one school.

    of_grade (13,) whole; of_group (groups,) any amounts, scaled to the same total; tilt (13, groups) says
    how the groups of the city spread over grades. Both margins hold exactly.
    """
    total = int(of_grade.sum())
    wanted = of_group / of_group.sum() * total
    whole = _largest_remainders(wanted, total)
    cells = np.where((of_grade[:, None] > 0) & (whole[None, :] > 0), tilt, 0.0)
    for _ in range(500):
        cells *= (of_grade / np.maximum(cells.sum(axis=1), 1e-300))[:, None]
        cells *= whole / np.maximum(cells.sum(axis=0), 1e-300)
    return _round_both_ways(cells, of_grade, whole)


def _round_both_ways(cells: Floats, rows: Counts, columns: Counts) -> Counts:
    """Whole numbers next to the cells with the same row and column sums (a transport problem)."""
    down = np.floor(cells + 1e-9).astype(np.int64)
    part = cells - down
    row_left, column_left = rows - down.sum(axis=1), columns - down.sum(axis=0)
    n_rows, n_columns = cells.shape
    sums = np.zeros((n_rows + n_columns, cells.size))
    for i in range(n_rows):
        sums[i, i * n_columns : (i + 1) * n_columns] = 1
    for j in range(n_columns):
        sums[n_rows + j, j::n_columns] = 1
    top = np.where(cells > 0, 1.0, 0.0).ravel()
    bounds = np.column_stack([np.zeros(cells.size), top])
    found = linprog(-part.ravel(), A_eq=sums, b_eq=np.concatenate([row_left, column_left]), bounds=bounds)
    if found.x is None:
        raise ValueError("the grades and groups of a school cannot be met together")
    return np.asarray(down + np.round(found.x).astype(np.int64).reshape(cells.shape))


def _largest_remainders(amounts: Floats, total: int) -> Counts:
    down = np.floor(amounts).astype(np.int64)
    order = np.argsort(-(amounts - down), kind="stable")
    down[order[: total - int(down.sum())]] += 1
    return down


def _groups(sources: Sources, total: pd.Series) -> pd.DataFrame:
    """Pupils by school and group, all grades; what the file hides is shared over the hidden groups."""
    rolls = sources.rolls
    seen = rolls[(rolls["grade"] == "All") & rolls["subgroup"].isin(list(CODES))]
    table = seen.pivot_table(index="school_code", columns="subgroup", values="n", aggfunc="sum")
    table = table.reindex(index=total.index, columns=list(CODES)).rename(columns=CODES)
    shares = _sector_shares(sources)
    charter = sources.schools["charter"].reindex(total.index).astype(bool)
    out = table.fillna(0.0).reindex(columns=list(GROUPS), fill_value=0.0)
    for school in total.index:
        rest = float(total[school] - table.loc[school].sum())
        hidden = [g for g in GROUPS if g == "Other" or pd.isna(table.loc[school, g])]
        weights = shares["charter" if charter[school] else "district"][hidden]
        limit = pd.Series([np.inf if g == "Other" else HIDDEN_BELOW - 1.0 for g in hidden], index=hidden)
        out.loc[school, hidden] += _share_out(rest, weights, limit)
    return out


def _share_out(amount: float, weights: pd.Series, limit: pd.Series) -> pd.Series:
    """Split an amount by weights, none above its limit; what no limit admits goes where there is none."""
    given = pd.Series(0.0, index=weights.index)
    for _ in range(len(weights)):
        left, open_to = amount - given.sum(), given < limit
        if left <= 1e-9 or not open_to.any():
            break
        more = left * weights[open_to] / weights[open_to].sum()
        given[open_to] = np.minimum(given[open_to] + more, limit[open_to])
    return given


def _sector_shares(sources: Sources) -> dict[str, pd.Series]:
    """Shares of the groups in each sector's pupils; American Indian pupils are the Other of this year."""
    sectors = sources.sectors[sources.sectors["grade"] == "All"]
    shares = {}
    for sector, code in (("district", "0001"), ("charter", "0000")):
        n = sectors[sectors["lea_code"] == code].set_index("subgroup")["n"]
        counts = pd.Series({group: float(n.get(key, 0)) for key, group in CODES.items()})
        counts["Other"] = float(n.get("AM7", 0) + n.get("PI7", 0) + n.get("MU7", 0))
        shares[sector] = counts / counts.sum()
    return shares


def _grade_tilt(sources: Sources) -> Floats:
    """Share of each group by grade in the whole city's tests; untested grades take the nearest tested one."""
    tests = sources.tests
    city = tests[(tests["level"] == "state") & (tests["subject"] == "math")]
    tilt = np.ones((13, len(GROUPS)))
    for k, group in enumerate(GROUPS[:4]):
        code = next(key for key, name in CODES.items() if name == group)
        for grade in range(13):
            near = min(TESTED_GRADES, key=lambda tested: (abs(tested - grade), tested))
            cell = city[city["grade"] == f"grade {near}"].set_index("subgroup")["n_eligible"]
            tilt[grade, k] = cell[code] / cell["All"]
    tilt[:, len(GROUPS) - 1] = 0.01
    return tilt


def _tell(sources: Sources, total: pd.Series, grades: pd.DataFrame, report: ImportReport) -> None:
    """Report what was matched and what the files do not hold."""
    rolls = sources.rolls
    outside = rolls[(rolls["subgroup"] == "All") & rolls["grade"].isin(LEFT_OUT)].groupby("grade")["n"].sum()
    named = rolls[(rolls["subgroup"] == "All") & (rolls["grade"] != "All")]["n"].sum()
    kept = int(grades.to_numpy().sum())
    report.add(MATCHED, f"{kept:,} pupils in kindergarten to 12 of {len(grades)} schools, by school and grade")
    report.add(MATCHED, "group totals of every school, scaled from all its pupils to kindergarten to 12")
    report.add(REFUSED, "outside kindergarten to 12: " + ", ".join(f"{g} {n:,}" for g, n in outside.items()))
    hidden = int(total.sum() - named)
    report.add(REFUSED, f"{hidden:,} pupils in grades of fewer than {HIDDEN_BELOW}, which the file hides")
    names = sources.schools["name"].str.split().str.join(" ")
    dropped = [str(names[school]) for school in total.index if school not in grades.index]
    report.add(REFUSED, f"{len(dropped)} schools without a pupil in kindergarten to 12: {'; '.join(dropped)}")
    charter = sources.schools["charter"].reindex(grades.index).astype(bool)
    for sector, code, rows in (("district", "0001", ~charter), ("charter", "0000", charter)):
        lea = sources.sectors[(sources.sectors["lea_code"] == code) & (sources.sectors["subgroup"] == "All")]
        all_pupils = int(lea[lea["grade"].isin(list(GRADES))]["n"].sum())
        here = int(grades[rows.to_numpy()].to_numpy().sum())
        report.add(
            REFUSED,
            f"{all_pupils - here:,} of {all_pupils:,} {sector} pupils ({1 - here / all_pupils:.1%}) sat in "
            "schools that closed before the files' list of schools was made, or in hidden grades; no school "
            "was invented for them",
        )
    report.add(ASSUMED, "a group's share of a school's pre-kindergarten is its share of the school")
    report.add(
        ASSUMED,
        "within a school, groups are spread over grades by raking its grade and group totals, starting from "
        "the whole city's spread in the tests (grades without a test: the nearest with one)",
    )
    report.add(
        ASSUMED,
        f"pupils of groups of fewer than {HIDDEN_BELOW} in a school, which the file hides, are shared over "
        "the school's hidden groups by the sector's shares; American Indian pupils are Other",
    )
