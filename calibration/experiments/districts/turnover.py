"""Teacher turnover: how many leave in each sector, and what it does to scores."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from calibration.experiments.children import children, lived, school_years, with_earlier
from calibration.experiments.estimators.absorbing import absorbing
from calibration.experiments.estimators.estimate import Estimate
from calibration.experiments.experiment import Experiment
from calibration.experiments.found import figure
from calibration.patterns.pattern import plan_with
from sim.city import City
from sim.district import District

YEARS = 10
OPENS = {"use": "replication", "operators": ["single_charter"], "at_most": 3, "grow": "whole"}
LONGER = {"use": "extended_day", "extra_time": 0.5, "schools_per_year": 3, "paid_by": "state"}
UNPAID = {"use": "staffing_rules", "pay_longer_days": 0.0, "recruit_beyond_city": 0.0, "layoffs": "seniority"}
"""Longer days that nobody pays for wear teachers out; that time itself is set to add nothing."""
WORN_OUT = {"practices__extended_time": 0.0, "staff__wear": 0.06}
"""Wear at the top of its range, so that there is something to see."""
GRADES = (4, 5)
SECOND_YEAR = 2


def staffs(district: District) -> pd.DataFrame:
    """Staffs school by year: year, index, sector, turnover, teachers, age (year of a new school's life, else 0)."""
    table = district.record.tables()["staff_year"]
    schools = school_years(district)[["year", "school", "index", "sector", "status"]]
    rows = table.merge(schools, on=["year", "school"])
    opened = {s.index: s.opened for s in district.schools if s.new}
    age = rows["year"] - rows["index"].map(opened) + 1
    return rows.assign(age=age.fillna(0)).query("teachers > 0 and turnover == turnover")


def mean_turnover(rows: pd.DataFrame) -> Estimate:
    """Mean turnover by teachers, with an error over schools."""
    if rows.empty:
        return Estimate.nothing()
    mean = float(np.average(rows["turnover"], weights=rows["teachers"]))
    sums = ((rows["turnover"] - mean) * rows["teachers"]).groupby(rows["index"]).sum()
    return Estimate(mean, float((sums**2).sum() ** 0.5 / rows["teachers"].sum()), len(rows))


def taught(district: District) -> pd.DataFrame:
    """Children of grades 4 and 5 with last scores, a row a child and June: scores, and their school's `turnover`."""
    junes = children(district)
    rows = with_earlier(junes, junes, ["math", "reading"])
    rows = rows[rows["grade"].isin(GRADES)]
    staff = staffs(district)[["year", "index", "turnover"]].rename(columns={"index": "school"})
    rows = rows.merge(staff, on=["year", "school"])
    return rows.assign(cell=rows.groupby(["year", "grade", "group", "low_income"]).ngroup())


def effect_on_scores(rows: pd.DataFrame, subject: str) -> Estimate:
    """Scores given last ones, for all of the school's teachers being new against none."""
    given = ("math_back1", "reading_back1")
    found = absorbing(rows, subject, ["turnover"], absorbed=["cell", "school"], cluster="school", covariates=given)
    return found["turnover"]


def measure(city: City, seed: int) -> Mapping[str, Estimate]:
    """One seed."""
    left_alone = staffs(lived(plan_with("as it is", {}, years=2, city=city), seed))
    second = city.opening_year + 2
    asked = {
        "open": OPENS,
        "pay": UNPAID,
        "longer": {**LONGER, "first": second, "last": city.opening_year + YEARS // 2},
    }
    changing = lived(plan_with("worn out", asked, years=YEARS, city=city, **WORN_OUT), seed)
    rows, children_taught = staffs(changing), taught(changing)
    start_up = mean_turnover(rows[rows["age"] == SECOND_YEAR])
    charter = mean_turnover(left_alone[left_alone["sector"] == "charter"])
    own = rows[rows["sector"] == "district"]
    spread = float(own["turnover"].std())
    return {
        "leave, charters": charter,
        "leave, district": mean_turnover(left_alone[left_alone["sector"] == "district"]),
        "new charters over others": start_up.times(1 / charter.value) if charter.shows else Estimate.nothing(),
        "all new against none, math": effect_on_scores(children_taught, "math"),
        "all new against none, reading": effect_on_scores(children_taught, "reading"),
        "spread of turnover, district, left alone": Estimate(
            float(left_alone.loc[left_alone["sector"] == "district", "turnover"].std()), units=len(left_alone)
        ),
        "spread of turnover, district, worn out": Estimate(spread, units=len(own)),
    }


EXPERIMENT = Experiment(
    name="teacher turnover",
    question="How many teachers leave in each sector, and what does it do to scores?",
    setting="the city left alone for the rates, and three charters that open; for the effect, three more district "
    "schools a year ask for a day half as long again without pay, which drives teachers away (at the top of the "
    "range for it), while the time itself adds nothing",
    estimand="share of last year's teachers who are gone, by sector, and of new charters after their first year over "
    "that of others; scores of grades 4 and 5 where all teachers are new against none",
    estimator="means by teachers; least squares on the school's turnover given last scores, with fixed effects of "
    "schools and of cells of year, grade, group and income, errors clustered by school",
    numbers={
        "leave, charters": figure("S11-001"),
        "leave, district": figure("S11-002"),
        "new charters over others": figure("S11-004"),
        "all new against none, math": figure("S04-038"),
        "all new against none, reading": figure("S04-039"),
    },
    also={"spread of turnover, district, left alone": "share", "spread of turnover, district, worn out": "share"},
    measure=measure,
    slow=True,
)
