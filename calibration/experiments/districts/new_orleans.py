"""New Orleans 2005-14: nearly all schools handed over, weak ones closed, one list for all, beside cities left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from calibration.experiments.children import children, lived
from calibration.experiments.closings.phase_out import ended
from calibration.experiments.districts.closings_share import (
    FROM,
    TESTED,
    around,
    effect_on,
    share_of_effect,
    share_of_pupils,
)
from calibration.experiments.districts.made import as_large_as, made_city
from calibration.experiments.estimators.absorbing import absorbing
from calibration.experiments.estimators.estimate import Estimate
from calibration.experiments.experiment import Experiment
from calibration.experiments.figures.districts import PATH
from calibration.experiments.found import figure
from calibration.patterns.pattern import plan_with
from sim.city import City
from sim.district import District

OPENING, LAST = 2005, 2014
COMPARED_WITH = 3
TIMES_THE_CITY = 0.5
TOTALS: dict[str, Any] = {
    "opening_year": OPENING,
    "charter_share": 0.02,
    "groups__Black": 0.93,
    "groups__Hispanic": 0.01,
    "groups__White": 0.04,
    "groups__Asian": 0.01,
    "groups__Other": 0.01,
}
"""Makeup of New Orleans before the storm, recalled."""
HANDED_OVER_BY, HANDED_OVER_SHARE = 2012, 0.9
"""Share of the district's schools that are handed over, and by when; recalled."""
TAKERS: dict[str, float] = {"average_network": 0.5, "single_charter": 0.4, "kipp": 0.1}
"""Operators of the takeovers and of new schools, as a share of them; recalled."""
ONE_LIST_FROM = 2012
ENTRY_OF_HIGH, YEARS_OF_HIGH = 9, 3


STRONG = {"kipp": 1.0}


def reform(city: City, takers: Mapping[str, float]) -> dict[str, dict[str, Any]]:
    """What was done, in the words of a plan, with these operators as a share of the takeovers."""
    schools = int((city.schools["sector"] == "district").sum())
    years = HANDED_OVER_BY - OPENING
    asked: dict[str, dict[str, Any]] = {}
    for operator, share in takers.items():
        number = HANDED_OVER_SHARE * share * schools
        # the rarest takes its schools over in the first years
        asked[f"hand over to {operator}"] = {
            "use": "restart",
            "operators": [operator],
            "when": None,
            "per_year": max(1, round(number / years)),
            "lead_years": 0,
            "first": OPENING + 1,
            "last": OPENING + max(1, min(years, round(number))),
        }
    asked["close weak charters"] = {
        "use": "closure",
        "when": {"rating_below": 35, "years": 2},
        "sector": "restart",
        "per_year": 1,
        "only_if_better_seat_within": None,
        "first": OPENING + 4,
    }
    asked["open in their place"] = {
        "use": "replication",
        "operators": list(takers),
        "openings_per_year": 1,
        "grow": "whole",
        "first": OPENING + 4,
    }
    asked["one list"] = {"use": "enrollment_system", "system": "unified", "first": ONE_LIST_FROM}
    return asked


def until_then(asked: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The reform without the closings, takeovers and openings that were in force from FROM on."""
    early = {name: one for name, one in asked.items() if one["first"] < FROM}
    return {name: {**one, "last": min(one["last"], FROM - 1)} for name, one in early.items()} | {
        name: one for name, one in asked.items() if one["use"] == "enrollment_system"
    }


def new_orleans(city: City, seed: int, takers: Mapping[str, float], whole: bool = True) -> District:
    """New Orleans at the end of 2014; not `whole`: had nothing been closed or taken over from FROM on."""
    made = _made(city, seed, 0)
    asked = reform(made, takers)
    return lived(plan_with("2005-14", asked if whole else until_then(asked), years=LAST - OPENING, city=made), seed)


def left_alone(city: City, seed: int) -> list[District]:
    """The cities New Orleans is compared with."""
    made = [_made(city, seed, number) for number in range(1, COMPARED_WITH + 1)]
    return [lived(plan_with("2005-14", {}, years=LAST - OPENING, city=one), seed) for one in made]


def _made(city: City, seed: int, number: int) -> City:
    return made_city(f"New Orleans {number}", seed, pupils=as_large_as(city, TIMES_THE_CITY), **TOTALS)


def scores(reformed: District, others: Sequence[District]) -> pd.DataFrame:
    """Children of grades 3 to 8 in all cities, a row a child and June: city, school (of the city), cell, `both` (mean
    observed score), and `reformed_YEAR`, 1 for New Orleans in the year."""
    parts = []
    for name, district in enumerate((reformed, *others)):
        rows = children(district)
        rows = rows[rows["grade"].isin(TESTED)]
        parts.append(rows.assign(city=name, place=f"{name}/" + rows["school"].astype(str)))
    rows = pd.concat(parts, ignore_index=True)
    rows["both"] = (rows["math"] + rows["reading"]) / 2
    rows["cell"] = rows.groupby(["year", "grade", "group", "low_income"]).ngroup()
    here = rows["city"] == 0
    for year in range(OPENING + 1, LAST + 1):
        rows[f"reformed_{year}"] = (here & (rows["year"] == year)).astype(float)
    return rows


def graduation(reformed: District, others: Sequence[District]) -> pd.DataFrame:
    """Ninth-graders of all cities: city, year, cell, `graduates`, and `reformed` for New Orleans' last cohort that is
    through; the first is the one of the opening June."""
    parts = []
    for name, district in enumerate((reformed, *others)):
        junes = children(district, [OPENING, LAST - YEARS_OF_HIGH])
        rows = junes[junes["grade"] == ENTRY_OF_HIGH]
        rows = rows.assign(city=name, graduates=ended(district, rows), place=f"{name}/" + rows["school"].astype(str))
        parts.append(rows)
    rows = pd.concat(parts, ignore_index=True)
    rows["cell"] = rows.groupby(["year", "group", "low_income"]).ngroup()
    return rows.assign(reformed=((rows["city"] == 0) & (rows["year"] > OPENING)).astype(float))


def by_year(rows: pd.DataFrame) -> dict[int, Estimate]:
    """Difference in differences of every spring against the opening one and the other cities."""
    names = {year: f"reformed_{year}" for year in range(OPENING + 1, LAST + 1)}
    found = absorbing(rows, "both", list(names.values()), absorbed=["cell", "city"], cluster="place")
    return {year: found[name] for year, name in names.items()}


def whole_reform(rows: pd.DataFrame) -> Estimate:
    """The same of the last spring, the springs between left out."""
    name = f"reformed_{LAST}"
    ends = rows[rows["year"].isin((OPENING, LAST))]
    return absorbing(ends, "both", [name], absorbed=["cell", "city"], cluster="place")[name]


def measure(city: City, seed: int) -> Mapping[str, Estimate]:
    """One seed."""
    reformed, others = new_orleans(city, seed, TAKERS), left_alone(city, seed)
    rows, grown = scores(reformed, others), graduation(reformed, others)
    path = by_year(rows)
    sector = pd.Series({school.index: school.sector for school in reformed.schools})
    junes = children(reformed, [LAST])
    outside = float(junes["school"].map(sector).isin(("charter", "restart")).mean())
    strong = new_orleans(city, seed, STRONG)
    whole = whole_reform(scores(strong, others))
    without = whole_reform(scores(new_orleans(city, seed, STRONG, whole=False), others))
    effect, pupils = effect_on(around(strong, others)), share_of_pupils(strong, LAST)
    return {
        "whole reform": whole_reform(rows),
        **{f"by {year}": path[year] for year in PATH},
        "graduation": absorbing(grown, "graduates", ["reformed"], absorbed=["cell", "city"], cluster="place")[
            "reformed"
        ],
        "share not run by the district, 2014": Estimate(outside, units=len(junes)),
        "share due to closings and takeovers": share_of_effect(effect, pupils, whole),
        "whole reform, all taken over by a strong network": whole,
        "the same without closings and takeovers from 2008 on": without,
        "gain of pupils whose school was closed or taken over": effect,
        "share of pupils such schools have in 2014": Estimate(pupils, units=len(children(strong, [LAST]))),
    }


AVERAGE_TAKERS = (
    "the operators stand at national averages, .04 and 0 a year in math, while New Orleans' takeovers gained .21 "
    "(S06-001): with a strong network (KIPP's file) throughout the reform comes to .144 (.113 to .175). The rest is "
    "lost as takeovers grow many: they come .8 of the way, less with each, an operator loses .01 a year for every "
    "school beyond the one leader it trains a year, and those hired in a run on teachers are worse. In four cities "
    "where the strong network comes to .177 it is .241 with takeovers as faithful as their range allows and .326 "
    "without the other two as well; with average operators .031 becomes .066 at the most faithful. The money that "
    "came after the storm and the teachers who were drawn to the city are not imposed"
)

FEW_GAIN = (
    "what is lost as takeovers grow many (see the whole reform): with takeovers as faithful as their range allows "
    ".081, without the .01 an operator loses for every school beyond its leaders .078; and closings, whose displaced "
    "children lose .10: by takeovers alone .077 (eight cities, .043 as it is). KIPP's file adds .16 a year; New "
    "Orleans' .30 in two years asks for more than that"
)
DUE = (
    "the gain of these pupils two springs on is small (.043), though such schools have .71 of the pupils in 2014: by "
    "the same cities with nothing closed or taken over from 2008 on, .077 of the .144 would be left, so that .47 is "
    "due to it. How the study came from the gain of pupils to a share is not in the row: the gain times the share of "
    "pupils is an assumption"
)


EXPERIMENT = Experiment(
    name="new orleans",
    question="What did handing over nearly all schools of a city do in nine years?",
    setting="a made city of New Orleans' makeup opens in 2005; nine in ten district schools are handed over by 2012, "
    "half to an average network, four in ten to single charters, one in ten to a strong network; weak ones close and "
    "others open from 2009, one list for all from 2012; three like cities are left alone",
    estimand="mean score of grades 3 to 8 by spring, and on-time graduation of the ninth grade of 2011, against 2005 "
    "and the cities left alone; where all is handed over to a strong network, gain of the pupils of schools closed or "
    "taken over from 2008 on, times the share of pupils such schools have in 2014, over the whole effect",
    estimator="difference in differences on children, with fixed effects of cities and of cells of year, grade, "
    "group and income, errors clustered by school; for schools closed or taken over, scores two Junes on of children "
    "with the same scores and cell in the cities left alone",
    numbers={
        "whole reform": figure("S07-001"),
        **{f"by {year}": figure(f"S07-{5 + at:03d}") for at, year in enumerate(PATH)},
        "graduation": figure("S07-003"),
        "gain of pupils whose school was closed or taken over": figure("S05-022"),
        "share due to closings and takeovers": figure("S05-025"),
    },
    also={
        "share not run by the district, 2014": "share",
        "whole reform, all taken over by a strong network": "SD",
        "the same without closings and takeovers from 2008 on": "SD",
        "share of pupils such schools have in 2014": "share",
    },
    reasons={
        "whole reform": AVERAGE_TAKERS,
        **{f"by {year}": AVERAGE_TAKERS for year in PATH},
        "graduation": AVERAGE_TAKERS,
        "gain of pupils whose school was closed or taken over": FEW_GAIN,
        "share due to closings and takeovers": DUE,
    },
    measure=measure,
    slow=True,
)
