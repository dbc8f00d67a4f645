"""An index of practices and school effects across charters: how much of the differences it explains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from calibration.experiments.children import children, lived, with_earlier
from calibration.experiments.districts.made import as_large_as, made_city
from calibration.experiments.estimators.estimate import Estimate
from calibration.experiments.estimators.explained import explained, school_effects
from calibration.experiments.experiment import Experiment
from calibration.experiments.found import figure
from calibration.patterns.pattern import plan_with
from sim.agents.operator_files import operator_files
from sim.agents.schools import PRACTICES, School
from sim.city import City
from sim.district import District
from sim.luck import one_uniform

SCHOOLS = 39
CHARTER_SHARE = 0.9
"""Share of the made city's pupils in charters, so that there are enough of them."""
YEARS = 10
GIVEN = ("math_back1", "reading_back1", "math_back2", "reading_back2")
"""Scores of two years: with one alone, its error leaves part of who came in a school's effect."""
LAST_ENTRY = 6
"""Highest entry grade of schools whose pupils have scores of two years."""


def index_of(school: School) -> float:
    """Sum of the four practices, each as a share of what the operator that does most of it does."""
    most = {name: max(file.usual_practices.get(name, 0.0) for file in operator_files().values()) for name in PRACTICES}
    return sum(school.levels[name] / most[name] for name in PRACTICES if most[name])


def run_by_all(city: City, seed: int) -> City:
    """The city with its charters run by every charter operator there is a file of, as many each as can be, by lot."""
    operators = [name for name, file in operator_files().items() if file.sector == "charter"]
    charters = city.schools.loc[city.schools["sector"] == "charter", "school"]
    lot = sorted(charters, key=lambda key: one_uniform(seed, "who runs a charter", str(key)))
    whose = {key: operators[at % len(operators)] for at, key in enumerate(lot)}
    return replace(city, schools=city.schools.assign(operator=city.schools["school"].map(whose).fillna("district")))


def effects(district: District, subject: str) -> pd.DataFrame:
    """Estimated yearly effects of the charters: index school; effect (SD), pupils, practices, and true, their lasting
    value added, SD a year."""
    junes = children(district)
    rows = with_earlier(with_earlier(junes, junes, ["math", "reading", "school"]), junes, ["math", "reading"], back=2)
    # the last scores of those who were there before hold most of what the school adds
    rows = rows[rows["school"] != rows["school_back1"]].copy()
    rows["cell"] = rows.groupby(["year", "grade", "group", "low_income"]).ngroup()
    found = school_effects(rows, subject, covariates=list(GIVEN), cells="cell")
    charters = [s for s in district.schools if s.sector == "charter" and s.grades_at_full_size.start <= LAST_ENTRY]
    mine = {s.index: s for s in charters[:SCHOOLS]}
    found = found[found.index.isin(mine)]
    which = ("math", "reading").index(subject)
    return found.assign(
        practices=[index_of(mine[at]) for at in found.index],
        true=[float(mine[at].quality[which]) for at in found.index],
    )


def measure(city: City, seed: int) -> Mapping[str, Estimate]:
    """One seed."""
    totals = {"pupils": as_large_as(city), "charter_share": CHARTER_SHARE}
    made = run_by_all(made_city("practices", seed, **totals), seed)
    district = lived(plan_with("as it is", {}, years=YEARS, city=made), seed)
    math, reading = effects(district, "math"), effects(district, "reading")
    share, slope = explained(math, "effect", "practices", "pupils")
    truth, true_slope = explained(math, "true", "practices", "pupils")
    _, slope_reading = explained(reading, "effect", "practices", "pupils")
    spread = float(math["true"].std()) if len(math) > 1 else np.nan
    return {
        "share explained": share,
        "a spread of the index, math": slope,
        "a spread of the index, reading": slope_reading,
        "share of true effects explained": truth,
        "a spread of the index, true effects, math": true_slope,
        "spread of true effects, math": Estimate(spread, units=len(math)),
    }


DRAWN_APART = (
    "an operator's schools all have the same practices and differ by a draw of their own (.10 a year), and six of "
    "the nine operators have the same whole bundle with totals of .06 to .20: of the true differences .24 goes with "
    "the index; that the rest of the share is lost is noise in the effects of schools with few new pupils"
)


EXPERIMENT = Experiment(
    name="practices index",
    question="How much of what tells charters apart goes with the practices they use?",
    setting="39 established charters of a made city, run in equal numbers by every charter operator there is a file "
    "of, left alone for ten years",
    estimand="share of the variance of yearly school effects that goes with an index of practices, and what one "
    "standard deviation of it goes with",
    estimator="school effects from the first scores of pupils new to a school, given those of the two years before "
    "they came, within cells of year, grade, group and income; weighted least squares of them on the sum of the "
    "practices, errors robust",
    numbers={
        "share explained": figure("S03-059"),
        "a spread of the index, math": figure("S03-060 math"),
        "a spread of the index, reading": figure("S03-060 reading"),
    },
    also={
        "share of true effects explained": "share",
        "a spread of the index, true effects, math": "SD a year",
        "spread of true effects, math": "SD a year",
    },
    reasons={"share explained": DRAWN_APART},
    measure=measure,
    slow=True,
)
