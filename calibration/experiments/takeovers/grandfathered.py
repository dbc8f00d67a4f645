"""Takeovers by grandfathered enrolment: pupils of a school that is handed over have a seat without asking."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration.experiments.children import children, lived, with_earlier
from calibration.experiments.estimators.estimate import Estimate
from calibration.experiments.estimators.regressions import two_stage
from calibration.experiments.experiment import Experiment
from calibration.experiments.found import figure
from calibration.experiments.takeovers.weak_schools import plan_in, weakest
from calibration.patterns.pattern import plan_with
from sim.city import SUBJECTS, City
from sim.district import District

MIDDLE = (6, 7, 8)
TAKEN, BESIDE = 3, 3
FOLLOWED = 3
YEARS = FOLLOWED + 1
"""The year in which it is decided, and those after it."""
STRONG, AVERAGE = "kipp", "average_network"
TRUE = tuple(f"true_{subject}" for subject in SUBJECTS)
BASELINE = tuple(f"{subject}_{when}" for subject in SUBJECTS for when in ("before", "back1"))


def takeover(operator: str) -> dict[str, object]:
    """The policy by which an operator takes schools over, with trained people and new staff."""
    return {"use": "restart", "operators": [operator], "lead_years": 1}


def sample(district: District, taken: list[str], beside: list[str]) -> pd.DataFrame:
    """Tested Junes in middle grades after the takeover, of children who sat in one of the schools the June before it
    and could stay: scores, `legacy` (in a school that was taken over: the instrument), `attended` (years in taken-over
    schools since), `since`, two earlier Junes' scores, `school_before` and `cell` (grade then, years since)."""
    junes = children(district)
    index = {school.key: school for school in district.schools}
    last = district.plan.years.first
    there = junes[junes["year"] == last]
    in_school = there["school"].isin([index[key].index for key in (*taken, *beside)])
    stays = np.array(
        [
            grade + 1 in MIDDLE and grade + 1 in district.schools[school].grades_at_full_size
            for grade, school in zip(there["grade"], there["school"], strict=True)
        ]
    )
    start = with_earlier(there[in_school & stays], junes, list(SUBJECTS))
    legacy = [index[key].index for key in taken]
    start = start.assign(legacy=start["school"].isin(legacy).astype(float)).rename(
        columns={"school": "school_before", "grade": "grade_before", **{name: f"{name}_before" for name in SUBJECTS}}
    )
    kept = ["child", "legacy", "school_before", "grade_before", "group", "low_income", *BASELINE]
    after = junes[(junes["year"] > last) & junes["grade"].isin(MIDDLE)].sort_values(["child", "year"])
    rows = start[kept].merge(after[["child", "year", "grade", "school", *SUBJECTS, *TRUE]], on="child")
    rows["attended"] = rows["school"].isin(legacy).astype(float).groupby(rows["child"]).cumsum()
    rows["since"] = rows["year"] - last
    rows["cell"] = rows["grade_before"].astype(str) + "/" + rows["since"].astype(str)
    return rows


def estimate(rows: pd.DataFrame, subject: str) -> Estimate:
    """Per year attended, grandfathering as the instrument."""
    return two_stage(
        rows,
        subject,
        "attended",
        "legacy",
        strata="cell",
        covariates=("group", "low_income", *BASELINE),
        cluster="school_before",
    )


def true_gain(rows: pd.DataFrame, twin: pd.DataFrame, subject: str) -> Estimate:
    """What legacy children have more than the same children without the takeover, per year attended."""
    theirs = rows[rows["legacy"] == 1].merge(twin[["child", "year", f"true_{subject}"]], on=["child", "year"])
    gain = (theirs[f"true_{subject}_x"] - theirs[f"true_{subject}_y"]).mean()
    return Estimate(float(gain / theirs["attended"].mean()), units=len(theirs))


def measure(city: City, seed: int) -> dict[str, Estimate]:
    """A strong network's takeovers in both subjects, their first year alone, an average network's, and what the
    estimator says where nothing was taken over."""
    taken, beside = weakest(city, seed, MIDDLE, TAKEN, BESIDE)
    untouched = lived(plan_with("as it is", {}, years=YEARS, city=city), seed)
    twin, found = children(untouched), {}
    for operator in (STRONG, AVERAGE):
        rows = sample(lived(plan_in(city, taken, takeover(operator), YEARS), seed), taken, beside)
        for subject in SUBJECTS:
            found[subject if operator == STRONG else f"{subject}, average network"] = estimate(rows, subject)
        if operator == STRONG:
            found["math, first year"] = estimate(rows[rows["since"] == 1], "math")
            found["math, true"] = true_gain(rows, twin, "math")
    found["math, nothing taken over"] = estimate(sample(untouched, taken, beside), "math")
    return found


_WHY = (
    "a takeover by KIPP's file gains .10 a year beside itself and .09 in the first: it comes four fifths of the way "
    "to its operator's value added (all of the way for all of them: .117 in math), and half its teachers are new "
    "(with the mildest losses of beginners and no run on teachers: .092). The rest is the operator: by Uncommon's "
    "file the estimate is .129, and .174 all of the way, so that New Orleans' takeovers ask for an operator beyond "
    "any file's. The estimator is near the truth (it shows -.01 where nothing was taken over)"
)

EXPERIMENT = Experiment(
    name="grandfathered takeovers",
    question="What does a year in a school that was taken over do, for pupils who were in it already?",
    setting="the three district middle schools rated lowest go to a strong network (KIPP's file) with trained people "
    "and new staff; beside them the three rated next",
    estimand="score per year attended after the takeover, grades 6 to 8, complying grandfathered pupils, up to three "
    "years",
    estimator="two-stage least squares: years attended by having been in the school the June before, within grade then "
    "and years since; two earlier Junes' scores, group and income; errors clustered by the school before",
    numbers={"math": figure("S06-001"), "reading": figure("S06-002")},
    also={
        "math, true": "SD a year attended, legacy pupils beside themselves",
        "math, nothing taken over": "SD a year attended",
        "math, first year": "SD a year attended",
        "math, average network": "SD a year attended",
        "reading, average network": "SD a year attended",
    },
    reasons={"math": _WHY, "reading": _WHY},
    measure=measure,
)
