"""Receiving schools: what displaced newcomers cost the pupils who are there already."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from calibration.experiments.children import children, school_years, with_earlier
from calibration.experiments.closings.closed_schools import closed_and_untouched, true_mean
from calibration.experiments.estimators.absorbing import absorbing
from calibration.experiments.estimators.estimate import Estimate
from calibration.experiments.experiment import Experiment
from calibration.experiments.found import figure
from sim.city import City
from sim.district import District

RECEIVES = 0.05
"""Displaced newcomers on the roll from which on a school counts as receiving them, share; an assumption."""
TEN_POINTS = 0.1
BEFORE = ("math_back1", "reading_back1")


def stayers(district: District) -> pd.DataFrame:
    """Pupils who are where they were the June before, in schools that go on, a row a child and June: their scores and
    last ones, `newcomers` (displaced ones on the school's roll, tenths) and `receives` (1 from a twentieth on)."""
    junes = children(district)
    rows = with_earlier(junes, junes, ["school", "math", "reading"])
    rows = rows[rows["school"] == rows["school_back1"]]
    schools = school_years(district)
    schools = schools[(schools["pupils"] > 0) & (schools["status"] == "open")]
    came = (schools["displaced_in"] / schools["pupils"] / TEN_POINTS).rename("newcomers")
    of_school = pd.concat([schools["year"], schools["index"].rename("school"), came], axis=1)
    rows = rows.merge(of_school, on=["year", "school"])
    rows["receives"] = (rows["newcomers"] >= RECEIVES / TEN_POINTS).astype(float)
    rows["both"] = (rows["math"] + rows["reading"]) / 2
    rows["cell"] = rows.groupby(["year", "grade", "group", "low_income"]).ngroup()
    return rows


def effect_of(rows: pd.DataFrame, treatment: str) -> Estimate:
    """Growth of stayers in years with newcomers beside the same school's other years and other schools' same year."""
    return absorbing(rows, "both", [treatment], absorbed=["cell", "school"], cluster="school", covariates=BEFORE)[
        treatment
    ]


def beside_themselves(rows: pd.DataFrame, left_alone: District) -> Estimate:
    """True scores of stayers in receiving schools who would be there anyway, less their own had nothing closed."""
    twin = children(left_alone)
    twin = twin.assign(twin=true_mean(twin))[["child", "year", "school", "twin"]]
    mine = rows[rows["receives"] == 1].merge(twin, on=["child", "year", "school"])
    gain = true_mean(mine) - mine["twin"]
    return Estimate(float(gain.mean()), units=len(gain)) if len(gain) else Estimate.nothing()


def measure(city: City, seed: int) -> Mapping[str, Estimate]:
    """One seed."""
    closed, left_alone = closed_and_untouched(city, seed)
    rows = stayers(closed)
    roll = rows.loc[rows["receives"] == 1, "newcomers"]
    mean = float(roll.mean()) * TEN_POINTS if len(roll) else np.nan
    return {
        "pupils of receiving schools": effect_of(rows, "receives"),
        "for 10 points of newcomers": effect_of(rows, "newcomers"),
        "newcomers in receiving schools": Estimate(mean, units=len(roll)),
        "beside themselves": beside_themselves(rows, left_alone),
    }


EXPERIMENT = Experiment(
    name="receiving schools",
    question="What do displaced newcomers cost the pupils of the schools that take them?",
    setting="a third of the elementary and middle schools in the state's lowest fifth close by lot over four years",
    estimand="growth on last scores of pupils who stay, in the year in which displaced newcomers are at least 5 "
    "percent of the roll, beside other years of the school and other schools of the year; and for 10 points of "
    "newcomers",
    estimator="least squares with fixed effects of schools and of cells of year, grade, group and income, errors "
    "clustered by school",
    numbers={"pupils of receiving schools": figure("S05-013"), "for 10 points of newcomers": figure("S10-007")},
    also={"newcomers in receiving schools": "share", "beside themselves": "SD"},
    measure=measure,
    slow=True,
)
