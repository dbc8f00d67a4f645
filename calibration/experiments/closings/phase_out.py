"""Phase-outs: those who would have entered a school that takes nobody any more, and the last who did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from calibration.experiments.children import children, lived, school_years, with_earlier
from calibration.experiments.estimators.absorbing import absorbing
from calibration.experiments.estimators.estimate import Estimate
from calibration.experiments.estimators.regressions import two_stage
from calibration.experiments.experiment import Experiment
from calibration.experiments.found import figure
from calibration.patterns.pattern import plan_with
from sim.city import City
from sim.district import District
from sim.opening.population import DROPPED_OUT, FINISHED, GRADUATED
from sim.plan import Plan

DECIDED = 4
"""Years from the plan's first to the decision: cohorts that were through before are seen as well."""
YEARS = 13
HIGH, MIDDLE = 9, 6
LAST_OF_HIGH, LAST_OF_MIDDLE = 12, 8
YEARS_OF_HIGH = LAST_OF_HIGH - HIGH
LOW_SCORES = 1 / 3
YEARS_BEFORE = 3
"""Springs before it begins with which growth in a shrinking school is compared."""


def of_entry(city: City, entry: int) -> list[str]:
    """The district's schools that begin with a grade, by id."""
    return [
        str(school)
        for school, sector, first in city.schools[["school", "sector", "first_grade"]].itertuples(index=False)
        if sector == "district" and first == entry
    ]


def phasing_out(city: City, among: Mapping[int, Sequence[str]]) -> Plan:
    """Of some high schools and some middle schools, named by entry grade, the weakest of each are phased out, and a
    school of an average network grows in each one's place; nothing where there is only one."""
    first = city.opening_year + 1 + DECIDED
    asked = {
        f"from grade {entry}": {
            "use": "phase_out",
            "when": None,
            "schools": list(keys),
            "sector": "district",
            "per_year": 1,
            "replaced_by": "average_network",
            "first": first,
            "last": first,
        }
        for entry, keys in among.items()
        if len(of_entry(city, entry)) > 1
    }
    return plan_with("phase-outs", asked, years=YEARS, city=city)


def adds_least(city: City, seed: int) -> str:
    """The district high school with the lowest lasting value added, mean of both subjects, by id."""
    opening = District(plan_with("as it is", {}, years=1, city=city), seed)
    keys = of_entry(city, HIGH)
    return min((s for s in opening.schools if s.key in keys), key=lambda s: float(s.quality.mean())).key


def phased_out(district: District, entry: int) -> tuple[set[int], int | None]:
    """Indices of the schools of an entry grade that are phased out, and the first spring without an entering grade."""
    decided = district.record.tables()["decision"]
    decided = decided[decided["action"] == "phase out"]
    index = {school.key: school for school in district.schools}
    mine = decided[[index[key].grades_at_full_size.start == entry for key in decided["school"]]]
    return {index[key].index for key in mine["school"]}, (int(mine["effective"].iloc[0]) if len(mine) else None)


def feeders(district: District, entry: int) -> pd.DataFrame:
    """Zone by zone (index), the district school that guaranteed its children a seat at the entry grade when the city
    opened: zone, zone_school (index)."""
    zones = {key: at for at, key in enumerate(district.city.zones["zone"])}
    index = {school.key: school.index for school in district.schools}
    table = district.city.zone_schools
    table = table[table["grade"] == entry]
    return pd.DataFrame({"zone": table["zone"].map(zones), "zone_school": table["school"].map(index)})


def entrants(district: District, entry: int) -> pd.DataFrame:
    """Children of the city's schools in the June before the entry grade and in it: child, enters (spring), group,
    low_income, zone_school, and scores of the June before as math and reading. `would_enter`: their zone's school is
    phased out; `entered`: they were in it in the entry grade, 1 or 0."""
    junes = children(district)
    rows = junes[junes["grade"] == entry - 1].copy()
    rows["enters"] = rows["year"] + 1
    there = junes.loc[junes["grade"] == entry].set_index("child")["school"]
    rows = rows[rows["child"].isin(there.index)]
    rows["zone"] = district.students.zone[rows["child"].to_numpy()]
    rows = rows.merge(feeders(district, entry), on="zone")
    ending, _ = phased_out(district, entry)
    rows["would_enter"] = rows["zone_school"].isin(ending)
    rows["entered"] = rows["child"].map(there).isin(ending).astype(float)
    return rows


def ended(district: District, rows: pd.DataFrame) -> pd.Series:
    """Whether each child graduated on time, 1 or 0, NaN for those still in school, gone or outside."""
    place = pd.Series(district.students.place[rows["child"].to_numpy()], index=rows.index)
    known = place.isin((GRADUATED, FINISHED, DROPPED_OUT))
    return (place == GRADUATED).astype(float).where(known)


def later_entrants(rows: pd.DataFrame, outcome: str, first: int | None, through: int) -> Estimate:
    """What being kept from a school that is phased out does to those who would have entered it: two-stage least squares
    of the outcome on not entering it, the instrument being a zone of the school and an entry from `first` on.

    The other children are those of the zones who were through (`through` years after entry) before it began, and those
    of other zones.
    """
    if first is None:
        return Estimate.nothing()
    used = rows[(rows["enters"] >= first) | (rows["enters"] + through < first)].copy()
    used["kept_out"] = 1.0 - used["entered"]
    used["after"] = (used["would_enter"] & (used["enters"] >= first)).astype(float)
    used["cell"] = used.groupby(["enters", "group", "low_income"]).ngroup()
    used["zone_school"] = used["zone_school"].astype(str)
    scores = [name for name in ("math", "reading") if used[name].notna().all()]
    covariates = ["zone_school", *scores]
    return two_stage(used, outcome, "kept_out", "after", strata="cell", covariates=covariates, cluster="zone")


def in_it_at_the_end(district: District) -> pd.DataFrame:
    """Pupils of district high schools below the last grade in the June before the phase-out begins, and in one whose
    pupils were through before it began: school, year, cell, `graduates`, and `last`, 1 for those in the school in the
    later June."""
    ending, first = phased_out(district, HIGH)
    if first is None:
        return pd.DataFrame()
    junes = children(district, [first - 1 - YEARS_OF_HIGH, first - 1])
    rows = junes[junes["grade"].isin(range(HIGH, LAST_OF_HIGH))]
    schools = school_years(district)
    own = schools.loc[(schools["year"] == first - 1) & (schools["sector"] == "district"), "index"]
    rows = rows[rows["school"].isin(own)].copy()
    rows["graduates"] = ended(district, rows)
    rows["last"] = (rows["school"].isin(ending) & (rows["year"] == first - 1)).astype(float)
    return rows.assign(cell=rows.groupby(["year", "grade", "group", "low_income"]).ngroup())


def last_pupils(rows: pd.DataFrame) -> Estimate:
    """On-time graduation of the last pupils beside those of the school who were through before it began, less the same
    of other district schools."""
    if rows.empty:
        return Estimate.nothing()
    return absorbing(rows, "graduates", ["last"], absorbed=["cell", "school"], cluster="school")["last"]


def lowest_third(district: District) -> pd.DataFrame:
    """Pupils of grades 7 and 8 who stay in their school, of the third with the lowest last scores in it.

    In the years in which the middle school shrinks and three before: `both` (mean score), last scores, school, cell,
    and `shrinks`, 1 for those in it while it does.
    """
    ending, first = phased_out(district, MIDDLE)
    if first is None:
        return pd.DataFrame()
    junes = children(district)
    rows = with_earlier(junes, junes, ["school", "math", "reading"])
    years = rows["year"].between(first - YEARS_BEFORE, first + LAST_OF_MIDDLE - MIDDLE - 1)
    rows = rows[years & rows["grade"].isin(range(MIDDLE + 1, LAST_OF_MIDDLE + 1))]
    rows = rows[rows["school"] == rows["school_back1"]]
    last = (rows["math_back1"] + rows["reading_back1"]) / 2
    rows = rows[last.groupby([rows["school"], rows["year"]]).rank(pct=True) <= LOW_SCORES].copy()
    rows["both"] = (rows["math"] + rows["reading"]) / 2
    rows["shrinks"] = (rows["school"].isin(ending) & (rows["year"] >= first)).astype(float)
    return rows.assign(cell=rows.groupby(["year", "grade", "group", "low_income"]).ngroup())


def low_scorers(rows: pd.DataFrame) -> Estimate:
    """Growth while the school shrinks beside the years before and other schools."""
    if rows.empty:
        return Estimate.nothing()
    given = ("math_back1", "reading_back1")
    found = absorbing(rows, "both", ["shrinks"], absorbed=["cell", "school"], cluster="school", covariates=given)
    return found["shrinks"]


def graduation(district: District) -> Estimate:
    """On-time graduation of children kept from the high school that is phased out."""
    rows = entrants(district, HIGH)
    rows["graduates"] = ended(district, rows)
    return later_entrants(rows, "graduates", phased_out(district, HIGH)[1], YEARS_OF_HIGH)


def value_beside(district: District) -> Estimate:
    """Lasting value added of the high school phased out less the mean of the district's others, mean of subjects."""
    ending, _ = phased_out(district, HIGH)
    keys = of_entry(district.city, HIGH)
    value = {s.index: float(s.opening_quality.mean()) for s in district.schools if s.key in keys}
    mine = [value.pop(index) for index in ending if index in value]
    if not mine or not value:
        return Estimate.nothing()
    return Estimate(mine[0] - sum(value.values()) / len(value), units=len(value) + 1)


def measure(city: City, seed: int) -> Mapping[str, Estimate]:
    """One seed."""
    high_schools = of_entry(city, HIGH)
    district = lived(phasing_out(city, {HIGH: high_schools, MIDDLE: of_entry(city, MIDDLE)}), seed)
    found = {
        "graduation, would have entered": graduation(district),
        "graduation, last pupils": last_pupils(in_it_at_the_end(district)),
        "value added of the school, less others'": value_beside(district),
    }
    first = phased_out(district, MIDDLE)[1]
    middle, junes = entrants(district, MIDDLE), children(district)
    at_end = junes[junes["grade"] == LAST_OF_MIDDLE].set_index("child")
    middle["score"] = middle["child"].map((at_end["math"] + at_end["reading"]) / 2)
    found["scores, would have entered"] = later_entrants(middle, "score", first, LAST_OF_MIDDLE - MIDDLE)
    found["scores, low scorers in it"] = low_scorers(lowest_third(district))
    name = "graduation, were it the school that adds least"
    least = [adds_least(city, seed)] if len(high_schools) > 1 else []
    found[name] = graduation(lived(phasing_out(city, {HIGH: least}), seed)) if least else Estimate.nothing()
    return found


NOT_THE_WORST = (
    "high schools are rated by status alone, since grade 9 is not tested, so the one that is phased out adds only "
    ".02 a year less than the others; were it the one that adds least, the same estimate is .061 (.044 to .078). "
    "That is short as well: a city's file has no graduation by school, so a high school is weak only by its value "
    "added, whose spread is .06 a year; and the school that takes its place loses .10 and .04 in its first years"
)
NO_HARM_BUILT = "nothing is lost in a school that shrinks, since none was seen in New York's high schools (S05-028)"


EXPERIMENT = Experiment(
    name="phase outs",
    question="What becomes of those who would have entered a school that is phased out, and of its last pupils?",
    setting="the weakest district high school and middle school take no new pupils from the sixth year on, and a "
    "school of an average network grows in each one's place",
    estimand="on-time graduation, and scores in grade 8, of children kept from a school that is phased out before "
    "they reach it; graduation of the pupils in it; growth of the lowest third in a middle school while it shrinks",
    estimator="two-stage least squares, the instrument being the school's zone after it began, with fixed effects of "
    "zone schools and of cells of cohort, group and income, given scores before entry; for those in the school, "
    "difference in differences with fixed effects of schools; errors clustered by zone or school",
    numbers={
        "graduation, would have entered": figure("S05-028 would have entered"),
        "graduation, last pupils": figure("S05-028 last pupils"),
        "scores, would have entered": figure("S05-027 would have entered"),
        "scores, low scorers in it": figure("S05-027 low scorers in it"),
    },
    also={
        "value added of the school, less others'": "SD a year",
        "graduation, were it the school that adds least": "share",
    },
    reasons={"graduation, would have entered": NOT_THE_WORST, "scores, low scorers in it": NO_HARM_BUILT},
    measure=measure,
    slow=True,
)
