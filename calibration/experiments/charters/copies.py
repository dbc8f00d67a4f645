"""Copies against parents: the lotteries of a network's later schools beside those of its first ones."""

from __future__ import annotations

import math

import pandas as pd

from calibration.experiments.charters.opening_schools import COVARIATES, lottery_sample, network_plan, schools_of
from calibration.experiments.children import pooled
from calibration.experiments.estimators.estimate import Estimate
from calibration.experiments.estimators.regressions import two_stage
from calibration.experiments.experiment import Experiment
from calibration.experiments.found import figure
from calibration.experiments.lotteries import with_lotteries
from sim.city import City
from sim.district import District

OPERATOR = "uncommon"
PARENTS, SCHOOLS, YEARS, FOLLOWED = 3, 6, 14, 3
SEATS = 160
"""Few enough that there are lotteries when six schools are there."""
LUCKS = 4
"""Cities that one sample pools, each with a luck of its own: a ratio of two small samples says nothing."""


def ratio(above: Estimate, below: Estimate) -> Estimate:
    """One estimate over another, independent of it, with the standard error of the delta method; nothing where the one
    below is not told apart from 0 (less than two standard errors)."""
    if not (above.shows and below.shows) or below.value < 2 * below.se:
        return Estimate.nothing()
    value = above.value / below.value
    se = math.hypot(above.se, value * below.se) / below.value
    return Estimate(value, se, above.units + below.units)


def samples(city: City, luck: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Applicants to the parents and to the copies, from the year on in which the first copy opens."""
    district, applicants = with_lotteries(District(network_plan(city, OPERATOR, SCHOOLS, YEARS, SEATS), luck))
    schools = schools_of(district, OPERATOR)
    copies = schools[PARENTS:]
    if not copies:
        return pd.DataFrame(), pd.DataFrame()
    first = min(district.schools[index].opened or 0 for index in copies)
    late = applicants[applicants["lottery_year"] >= first]
    parts = []
    for some in (schools[:PARENTS], copies):
        rows = lottery_sample(district, late[late["applied"].isin(some)], FOLLOWED, schools)
        parts.append(rows[rows["grade"] <= 8])
    return parts[0], parts[1]


def measure(city: City, seed: int) -> dict[str, Estimate]:
    """Copies over parents, math, and both by themselves."""
    both = [samples(city, seed * LUCKS + k) for k in range(LUCKS)]
    found = {}
    for name, parts in zip(("parents", "copies"), zip(*both, strict=True), strict=True):
        there = [rows for rows in parts if len(rows)]
        rows = pooled(there, ("cell", "child")) if there else pd.DataFrame()
        found[name] = (
            two_stage(rows, "math", "attended", "offered", strata="cell", covariates=COVARIATES, cluster="child")
            if len(rows)
            else Estimate.nothing()
        )
    return {"copies over parents": ratio(found["copies"], found["parents"]), **found}


EXPERIMENT = Experiment(
    name="copies and parents",
    question="Are a strong network's later schools as good as its first ones?",
    setting="Uncommon, by its file, opens six schools of grades 5 to 8, one a year: the first three are parents, the "
    "others copies, measured from their first year on; four cities pooled",
    estimand="ratio of the scores per year attended in math, complying applicants to copies and to parents in the same "
    "years, up to grade 8",
    estimator="two-stage least squares as in charter lotteries, for applicants to either; standard error of the ratio "
    "by the delta method",
    numbers={"copies over parents": figure("S03-079")},
    also={"parents": "SD a year attended, math", "copies": "SD a year attended, math"},
    measure=measure,
    slow=True,
)
