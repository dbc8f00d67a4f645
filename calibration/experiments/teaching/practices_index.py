"""An index of practices and school effects across charters: how much of the differences it explains."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from calibration.experiments.children import children, lived, with_earlier
from calibration.experiments.districts.made import made_city
from calibration.experiments.estimators.estimate import Estimate
from calibration.experiments.estimators.explained import explained, school_effects
from calibration.experiments.experiment import Experiment
from calibration.experiments.found import figure
from calibration.patterns.pattern import plan_with
from sim.agents.operator_files import operator_files
from sim.agents.schools import PRACTICES, School
from sim.city import City
from sim.district import District

TIMES_THE_CITY = 2
SCHOOLS, A_YEAR = 39, 4
SEATS = 300
MATURE = 3
"""First year of a school's life that counts: the first two are a start."""
LAST_JUNES = 3


def index_of(school: School) -> float:
    """Sum of the four practices, each as a share of what the operator that does most of it does."""
    most = {name: max(file.usual_practices.get(name, 0.0) for file in operator_files().values()) for name in PRACTICES}
    return sum(school.levels[name] / most[name] for name in PRACTICES if most[name])


def effects(district: District, subject: str) -> pd.DataFrame:
    """Estimated yearly effects of the schools that opened, in their mature years: effect, pupils, index, true."""
    last = district.plan.years.last
    junes = children(district, range(last - LAST_JUNES, last + 1))
    now = junes[junes["year"] > last - LAST_JUNES]
    rows = with_earlier(now, junes, ["math", "reading"])
    rows["cell"] = rows.groupby(["year", "grade", "group", "low_income"]).ngroup()
    found = school_effects(rows, subject, covariates=["math_back1", "reading_back1"], cells="cell")
    new = {s.index: s for s in district.schools if s.new and s.opened is not None and s.opened + MATURE - 1 <= last - 2}
    found = found[found.index.isin(new)].copy()
    found["index"] = [index_of(new[at]) for at in found.index]
    at = ("math", "reading").index(subject)
    found["true"] = [float(new[one].quality[at]) for one in found.index]
    return found


def grown(city: City, seed: int) -> District:
    """A larger city in which 39 charters open, of all the operators there are files of, in turn."""
    charters = [name for name, file in operator_files().items() if file.sector == "charter"]
    opens = {
        "use": "replication",
        "operators": charters,
        "openings_per_year": A_YEAR,
        "at_most": SCHOOLS,
        "seats": SEATS,
        "grow": "whole",
    }
    years = -(-SCHOOLS // A_YEAR) + 1 + MATURE + 1
    large = made_city("practices", seed, pupils=TIMES_THE_CITY * int(city.enrollment["pupils"].sum()))
    return lived(plan_with("39 charters", {"open": opens}, years=years, city=large), seed)


def measure(city: City, seed: int) -> Mapping[str, Estimate]:
    """One seed."""
    district = grown(city, seed)
    math, reading = effects(district, "math"), effects(district, "reading")
    share, slope = explained(math, "effect", "index", "pupils")
    truth, _ = explained(math, "true", "index", "pupils")
    _, slope_reading = explained(reading, "effect", "index", "pupils")
    spread = float(math["true"].std()) if len(math) > 1 else np.nan
    return {
        "share explained": share,
        "a spread of the index, math": slope,
        "a spread of the index, reading": slope_reading,
        "share of true effects explained": truth,
        "spread of true effects, math": Estimate(spread, units=len(math)),
    }


EXPERIMENT = Experiment(
    name="practices index",
    question="How much of what tells charters apart goes with the practices they use?",
    setting="39 charters of 300 seats open over ten years in a large made city, run in turn by every operator there is a "
    "file of; their mature years count",
    estimand="share of the variance of yearly school effects that goes with an index of practices, and what one standard "
    "deviation of it goes with",
    estimator="school effects from scores given last ones, within cells of year, grade, group and income; weighted least "
    "squares of them on the sum of the practices, errors robust",
    numbers={
        "share explained": figure("S03-059"),
        "a spread of the index, math": figure("S03-060 math"),
        "a spread of the index, reading": figure("S03-060 reading"),
    },
    also={"share of true effects explained": "share", "spread of true effects, math": "SD a year"},
    measure=measure,
)
