"""Simulated children as researchers have them: one row a child and June, with observed scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from sim.agents.students import release
from sim.city import SUBJECTS
from sim.district import District
from sim.plan import Plan


def lived(plan: Plan, seed: int) -> District:
    """The district at the end of the plan, with every June's children in its record."""
    district = District(plan, seed).run_to_end()
    release(district)
    return district


def opened(plan: Plan, seed: int) -> District:
    """The district in the opening June, to be looked at and not to be run."""
    district = District(plan, seed)
    release(district)
    return district


def children(district: District, years: Iterable[int] | None = None) -> pd.DataFrame:
    """The enrolled children of some Junes, all of them unless named: child (row of the pool), year, grade, school
    (index), math and reading (observed, SD, NaN in grades without a test), true_math, true_reading, group, low_income.
    """
    students, record = district.students, district.record
    groups = np.array(district.city.groups, dtype=object)
    parts = []
    for year in sorted(record.panel) if years is None else years:
        panel = record.panel[year]
        rows = panel.rows
        parts.append(
            pd.DataFrame(
                {
                    "child": rows.astype(np.int64),
                    "year": year,
                    "grade": year - students.cohort[rows],
                    "school": panel.place.astype(np.int64),
                    **{subject: panel.score[:, k].astype(float) for k, subject in enumerate(SUBJECTS)},
                    **{f"true_{subject}": panel.truth[:, k].astype(float) for k, subject in enumerate(SUBJECTS)},
                    "group": groups[students.group[rows]],
                    "low_income": students.low_income[rows].astype(float),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def with_earlier(rows: pd.DataFrame, junes: pd.DataFrame, columns: Sequence[str], back: int = 1) -> pd.DataFrame:
    """The rows with what the same child's June `back` years before said, as `COLUMN_back1`; NaN where there is none.

    `rows` and `junes` have child and year.
    """
    earlier = junes[["child", "year", *columns]].copy()
    earlier["year"] += back
    earlier = earlier.rename(columns={name: f"{name}_back{back}" for name in columns})
    return rows.merge(earlier, on=["child", "year"], how="left")


def school_years(district: District) -> pd.DataFrame:
    """Schools year by year, `school_year` of the record with `index` (the `school` of `children`) beside it."""
    table = district.record.tables()["school_year"]
    index = {school.key: school.index for school in district.schools}
    return table.assign(index=table["school"].map(index))


def sector_of(district: District, rows: pd.DataFrame) -> pd.Series:
    """The sector each row's school had in its year: district, innovation, restart or charter."""
    known = school_years(district)[["year", "index", "sector"]].rename(columns={"index": "school"})
    found = rows[["year", "school"]].merge(known, on=["year", "school"], how="left")["sector"]
    return found.set_axis(rows.index)


def pooled(samples: Sequence[pd.DataFrame], within: Sequence[str]) -> pd.DataFrame:
    """The samples of several cities as one; what is named in `within` (strata, clusters) is kept apart by city."""
    marked = [
        rows.assign(**{name: rows[name].astype(str) + f" in city {number}" for name in within})
        for number, rows in enumerate(samples)
    ]
    return pd.concat(marked, ignore_index=True)
