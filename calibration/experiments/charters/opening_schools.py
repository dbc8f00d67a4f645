"""Settings in which a network opens schools, and lotteries of some of a city's schools."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from calibration.experiments.lotteries import years_after
from calibration.patterns.pattern import plan_with
from sim.city import City
from sim.district import District
from sim.plan import Plan

MATURE = 3
"""Year of life from which on a school is neither new nor growing into its ways."""
COVARIATES = ("group", "low_income", "math_before", "reading_before", "untested_before")


def network_plan(city: City, operator: str, schools: int, years: int, seats: int = 240) -> Plan:
    """A plan by which a network opens a school a year until it has some, each a grade a year from its lowest."""
    opening = {
        "use": "replication",
        "operators": [operator],
        "openings_per_year": 1,
        "at_most": schools,
        "seats": seats,
        "grow": "one grade a year",
    }
    return plan_with(operator, {"open": opening}, years=years, city=city)


def schools_of(district: District, operator: str) -> list[int]:
    """Its schools by index, in the order in which they opened."""
    return [school.index for school in district.schools if school.operator == operator and school.new]


def mature_lotteries(district: District, applicants: pd.DataFrame, schools: Collection[int]) -> pd.DataFrame:
    """Applications to some schools from their third year of life on."""
    opened = {school.index: school.opened for school in district.schools}
    mine = applicants[applicants["applied"].isin(schools)]
    return mine[mine["lottery_year"] >= mine["applied"].map(opened) + MATURE - 1]


def lottery_sample(
    district: District, applicants: pd.DataFrame, most: int, schools: Collection[int] | None = None
) -> pd.DataFrame:
    """Tested Junes of applicants, with `cell` (lottery and years since, within which outcomes are compared) and last
    scores as covariates, 0 where there were none. `schools`: in which years count as attended; all charters if None."""
    rows = years_after(district, applicants, most, schools)
    untested = rows["math_before"].isna()
    return rows.assign(
        cell=rows["lottery"].astype(str) + "/" + rows["since"].astype(str),
        untested_before=untested.astype(float),
        math_before=rows["math_before"].fillna(0.0),
        reading_before=rows["reading_before"].fillna(0.0),
    )
