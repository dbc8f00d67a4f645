"""The five practices in a district's own lowest schools: matched pairs, one of each takes them all up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from calibration.experiments.children import children, lived, school_years
from calibration.experiments.districts.made import as_large_as, made_city
from calibration.experiments.estimators.estimate import Estimate
from calibration.experiments.estimators.regressions import two_stage
from calibration.experiments.experiment import Experiment
from calibration.experiments.found import figure
from calibration.patterns.pattern import plan_with
from sim.city import City
from sim.district import District
from sim.luck import one_uniform

TIMES_THE_CITY = 3
"""Pupils of the made city, times those of the city given, so that twenty schools are few of its schools."""
PAIRS, SHARE_OF_SCHOOLS = 20, 1 / 3
LAST_ENTRY = 6
"""Highest entry grade of schools whose pupils have scores before and after."""
YEARS = 3
BUNDLE: dict[str, Any] = {
    "use": "practices",
    "culture_and_parents": 1.0,
    "extended_time": 0.21,
    "diagnostics_and_intervention": 0.3,
    "professional_development": 1.0,
}
"""A fifth more time, a grade in three or four tutored every day, and all of culture and of coaching."""
NEW_PEOPLE: dict[str, Any] = {"use": "restart", "operators": ["district"], "when": None, "lead_years": 0}
"""The leader and half the teachers are replaced, the district goes on running the school."""


def pairs(district: District, seed: int) -> tuple[list[str], dict[str, int]]:
    """The district's lowest schools in pairs of neighbours by mean score of the opening June, one of each drawn by lot:
    ids of those drawn, and the pair of every school in one."""
    schools = school_years(district)
    june = schools[schools["year"].eq(district.plan.years.opening) & schools["sector"].eq("district")]
    entry = june["school"].map(district.city.schools.set_index("school")["first_grade"])
    june = june[entry <= LAST_ENTRY].assign(mean=june["mean_math"] + june["mean_reading"])
    june = june.dropna(subset=["mean"]).sort_values("mean", kind="stable")
    number = min(PAIRS, int(len(june) * SHARE_OF_SCHOOLS))
    pair = {str(key): at // 2 for at, key in enumerate(june["school"].tolist()[: 2 * number])}
    drawn = []
    for one in range(number):
        two = [key for key, of in pair.items() if of == one]
        drawn.append(min(two, key=lambda key: one_uniform(seed, "takes up five practices", key)))
    return drawn, pair


FULL = {"practices__fidelity": 1.0, "practices__scale_schools": 120.0}
"""Fidelity, and how slowly it falls with the number of schools, at the top of their ranges."""


def treated_children(city: City, seed: int, new_people: bool, **parameters: float) -> pd.DataFrame:
    """Children who were in a school of a pair in the opening June, a row a child and later June: scores, those of the
    opening June, `drawn` (that school was), `years` spent since in schools that were, and `pair`."""
    left_alone = District(plan_with("as it is", {}, years=YEARS, city=city), seed)
    drawn, pair = pairs(left_alone, seed)
    if not drawn:
        return pd.DataFrame()
    asked = {"practices": {**BUNDLE, "where": {"schools": drawn}}}
    if new_people:
        people = {**NEW_PEOPLE, "schools": drawn, "per_year": len(drawn), "last": city.opening_year + 1}
        asked = {"people": people, **asked}
        # a school that is handed over counts as restarted from then on
        asked["practices"]["where"] = {"schools": drawn, "sector": "all"}
    district = lived(plan_with("five practices", asked, years=YEARS, city=city, **parameters), seed)
    junes = children(district)
    key = pd.Series({school.index: school.key for school in district.schools})
    opening = junes[junes["year"] == district.plan.years.opening].assign(key=junes["school"].map(key))
    began = opening[opening["key"].isin(pair)].set_index("child")
    rows = junes[junes["year"].gt(district.plan.years.opening) & junes["child"].isin(began.index)].copy()
    rows["pair"] = rows["child"].map(began["key"]).map(pair)
    rows["began_in"] = rows["child"].map(began["key"])
    rows["drawn"] = rows["began_in"].isin(drawn).astype(float)
    rows["in_it"] = rows["school"].map(key).isin(drawn).astype(float)
    rows = rows.sort_values(["child", "year"])
    rows["years"] = rows.groupby("child")["in_it"].cumsum()
    rows["since"] = rows["year"] - district.plan.years.opening
    for subject in ("math", "reading"):
        rows[f"{subject}_before"] = rows["child"].map(began[subject])
    rows["stratum"] = rows.groupby(["pair", "year", "grade"]).ngroup()
    return rows


def a_year_of_it(rows: pd.DataFrame, subject: str, last: int) -> Estimate:
    """Effect of a year, over the first `last` years."""
    if rows.empty:
        return Estimate.nothing()
    used = rows[rows["since"] <= last]
    covariates = ["math_before", "reading_before", "group", "low_income"]
    return two_stage(used, subject, "years", "drawn", strata="stratum", covariates=covariates, cluster="began_in")


def measure(city: City, seed: int) -> Mapping[str, Estimate]:
    """One seed."""
    houston = made_city("five practices", seed, pupils=as_large_as(city, TIMES_THE_CITY))
    whole = treated_children(houston, seed, new_people=True)
    alone = treated_children(houston, seed, new_people=False)
    faithful = treated_children(houston, seed, new_people=False, **FULL)
    return {
        "math, staff kept, most faithful": a_year_of_it(faithful, "math", YEARS),
        "math": a_year_of_it(whole, "math", YEARS),
        "reading": a_year_of_it(whole, "reading", YEARS),
        "math, first year": a_year_of_it(whole, "math", 1),
        "math, staff kept": a_year_of_it(alone, "math", YEARS),
        "math, staff kept, first year": a_year_of_it(alone, "math", 1),
        "reading, staff kept": a_year_of_it(alone, "reading", YEARS),
    }


AT_SCALE = (
    "the district is held to train one leader a year, so that of twenty schools turned round at once each aims at .01 "
    "a year less than the one before (networks.dilution): without that .063 in place of .019 (four seeds). Half the "
    "teachers are new, half of them beginners: with the mildest losses of both .081. And the bundle falls with its "
    "size: tutoring 3,200 pupils does 39 percent of what it does for 100; with the slowest falls that were seen .110. "
    "With the staff kept it is .083 a year, .106 in the first, and .118 and .146 with the slowest falls. Houston's "
    "twenty schools show none of these"
)


EXPERIMENT = Experiment(
    name="five practices",
    question="What does a year of all the practices do in a district's own lowest schools?",
    setting="the lowest 40 of the district's schools in pairs, one of each drawn by lot; in those drawn the leader "
    "and half the teachers are replaced, and all practices begin in the first year: a fifth more time, daily "
    "tutoring of 30 percent, coaching for all, culture",
    estimand="score for each year spent in a school that was drawn, over three years and after the first",
    estimator="two-stage least squares, the lot of the school of the opening June as the instrument, within pairs, "
    "years and grades, given scores before, group and income, errors clustered by school",
    numbers={"math": figure("S04-001"), "reading": figure("S04-002"), "math, first year": figure("S04-004")},
    also={
        "math, staff kept": "SD a year",
        "math, staff kept, first year": "SD, first year",
        "reading, staff kept": "SD a year",
        "math, staff kept, most faithful": "SD a year",
    },
    reasons={"math": AT_SCALE, "reading": AT_SCALE, "math, first year": AT_SCALE},
    measure=measure,
    slow=True,
)
