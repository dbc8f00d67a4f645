"""Lotteries as they were held: who asked for a charter first, and who was offered a seat."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from calibration.experiments.children import children
from sim.agents.students import release
from sim.district import District
from sim.year.assignment import OTHER


def with_lotteries(district: District) -> tuple[District, pd.DataFrame]:
    """The district, gone on to the end of its plan, and the applicants of its lotteries, one row an application.

    Applicants are children who name a charter first, have no better claim there than a ticket, and stand in a lottery
    that some win and some lose. Columns: child, lottery_year (spring of the first school year), entry_grade, applied
    (index of the school), offered (0 or 1), lottery (school, grade and year: among its applicants the tickets alone
    decide, since nobody before them in the order of claims can be let in by their losing).

    Source: Abdulkadiroglu et al. 2011 (first-choice offers within lotteries).
    """
    parts = []
    while district.year < district.plan.years.last:
        district.step()
        asked = district.summer.asked if district.summer is not None else None
        if asked is None:
            continue
        charter = np.array([school.sector == "charter" for school in district.schools])
        wants = (asked.first >= 0) & charter[np.maximum(asked.first, 0)] & (asked.claim == OTHER)
        parts.append(
            pd.DataFrame(
                {
                    "child": asked.rows[wants],
                    "lottery_year": district.year,
                    "entry_grade": asked.grade[wants],
                    "applied": asked.first[wants],
                    "offered": (asked.offer == asked.first)[wants].astype(float),
                }
            )
        )
    release(district)
    applicants = pd.concat(parts, ignore_index=True)
    applicants["lottery"] = applicants.groupby(["applied", "entry_grade", "lottery_year"]).ngroup()
    share = applicants.groupby("lottery")["offered"].transform("mean")
    return district, applicants[(share > 0) & (share < 1)].reset_index(drop=True)


def years_after(
    district: District, applicants: pd.DataFrame, most: int, schools: Collection[int] | None = None
) -> pd.DataFrame:
    """The applicants' tested Junes after the lottery, one row an application and June: the columns of both, `since`
    (1 in the first June), `attended` (years since the lottery in `schools`, by index, or in any charter) and the scores
    of the June before the lottery (`math_before`, `reading_before`, NaN where there was no test).

    Only children's first lottery counts, and Junes up to `most` years after it.
    """
    junes = children(district)
    counted = np.array(
        [school.sector == "charter" if schools is None else school.index in schools for school in district.schools]
    )
    first = applicants.sort_values(["child", "lottery_year"], kind="stable").drop_duplicates("child")
    rows = first.merge(junes, on="child")
    rows["there"] = counted[rows["school"]].astype(float)
    before = rows[rows["year"] == rows["lottery_year"] - 1]
    before = before[["child", "math", "reading"]].rename(
        columns=lambda name: name if name == "child" else f"{name}_before"
    )
    rows = rows[rows["year"] >= rows["lottery_year"]].sort_values(["child", "year"], kind="stable")
    rows["attended"] = rows.groupby("child")["there"].cumsum()
    rows["since"] = rows["year"] - rows["lottery_year"] + 1
    rows = rows[(rows["since"] <= most) & rows["math"].notna()]
    return rows.merge(before, on="child", how="left").reset_index(drop=True)
