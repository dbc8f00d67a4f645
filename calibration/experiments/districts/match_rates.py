"""Choice rounds in a city with one list for all schools: who takes part, and who gets what was asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from calibration.experiments.districts.made import as_large_as, made_city
from calibration.experiments.estimators.estimate import Estimate
from calibration.experiments.experiment import Experiment
from calibration.experiments.found import figure
from calibration.patterns.pattern import plan_with
from sim.city import City
from sim.district import District
from sim.plan import Plan
from sim.year.yardstick import tier_of

YEARS = 3
ENTRY = (0, 6, 9)
KINDERGARTEN_AND_NINE = (0, 9)
FIRST_THREE = 3
DENVER_LISTS, ORLEANS_LISTS_2014, ORLEANS_LISTS_2019 = 5, 8, 12
"""Schools a family may list; the eight of 2014 are recalled."""
ORLEANS = {
    "charter_share": 0.9,
    "groups__Black": 0.85,
    "groups__Hispanic": 0.05,
    "groups__White": 0.07,
    "groups__Asian": 0.02,
    "groups__Other": 0.01,
}
"""Makeup of New Orleans about 2014, recalled: as many pupils in charters as a made city may have."""


HIGH_RATED, LOW_RATED = ("distinguished", "meets"), ("watch", "failing")


def rounds(plan: Plan, seed: int) -> pd.DataFrame:
    """Every child that is in a school after a summer of the plan, or made a list, from the second summer on: year,
    grade, and `got`, which school of its list it got (1 is the first, -1 none, 0 for no list)."""
    return rounds_and_seats(plan, seed)[0]


def rounds_and_seats(plan: Plan, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The children of `rounds`, and the seats of every open school's entry grades after the same summers: year, school
    (index), grade, tier (of the June before, by which families chose), seats and filled (of them)."""
    district = District(plan, seed)
    parts, seats = [], []
    while district.running:
        tiers = {school.index: tier_of(school.rating, plan.parameters) for school in district.schools}
        district.step()
        seats.append(_entry_seats(district, tiers))
        students, window = district.students, district.window
        got = students.list_place[window]
        # those who leave in June have left by now, and those without a seat are in no school
        counted = got != 0
        counted[district.record.panel[district.year].rows - window.start] = True
        parts.append(pd.DataFrame({"year": district.year, "grade": district.grades[counted], "got": got[counted]}))
    return pd.concat(parts[1:], ignore_index=True), pd.concat(seats[1:], ignore_index=True)


def _entry_seats(district: District, tiers: Mapping[int, str]) -> pd.DataFrame:
    grades = district.grades
    place = district.students.place[district.window]
    rows = []
    for grade in ENTRY:
        pupils = np.bincount(place[(grades == grade) & (place >= 0)], minlength=len(district.schools))
        for school in district.schools:
            if school.in_session and grade in school.grades:
                seats = int(school.seats[grade])
                tier, filled = tiers.get(school.index, "not rated"), min(seats, int(pupils[school.index]))
                rows.append((district.year, school.index, grade, tier, seats, filled))
    return pd.DataFrame(rows, columns=["year", "school", "grade", "tier", "seats", "filled"])


def seats_filled(seats: pd.DataFrame, tiers: Collection[str]) -> Estimate:
    """Percent of the seats in schools of some tiers that are filled, with an error clustered by school."""
    mine = seats[seats["tier"].isin(tiers)]
    every, schools = int(mine["seats"].sum()), mine["school"].nunique()
    if not every:
        return Estimate.nothing()
    share = float(mine["filled"].sum()) / every
    off = (mine["filled"] - share * mine["seats"]).groupby(mine["school"]).sum()
    se = float((schools / (schools - 1) * (off**2).sum()) ** 0.5 / every) if schools > 1 else np.nan
    return Estimate(share, se, every).times(100)


def taking_part(rows: pd.DataFrame, grades: Collection[int] | None = None) -> Estimate:
    """Share who made a list."""
    return _share(_of(rows, grades)["got"] != 0)


def matched(rows: pd.DataFrame, through: int | None, grades: Collection[int] | None = None) -> Estimate:
    """Percent of those who made a list who got one of the first `through` schools on it, or any."""
    asked = _of(rows, grades)
    got = asked.loc[asked["got"] != 0, "got"]
    return _share((got >= 1) & (got <= (np.inf if through is None else through))).times(100)


def _of(rows: pd.DataFrame, grades: Collection[int] | None) -> pd.DataFrame:
    return rows if grades is None else rows[rows["grade"].isin(grades)]


def _share(flags: pd.Series) -> Estimate:
    if flags.empty:
        return Estimate.nothing()
    mean = float(flags.mean())
    return Estimate(mean, (mean * (1 - mean) / len(flags)) ** 0.5, len(flags))


def one_list_for_all(city: City, limit: int) -> Plan:
    """The city left alone, with one list for all schools from the beginning."""
    plan = plan_with("one list", {}, years=YEARS, city=replace(city, list_limit=limit))
    return replace(plan, enrollment_system="unified")


def measure(city: City, seed: int) -> Mapping[str, Estimate]:
    """One seed."""
    denver, seats = rounds_and_seats(one_list_for_all(city, DENVER_LISTS), seed)
    orleans = made_city("match rates", seed, pupils=as_large_as(city), **ORLEANS)
    few, many = (rounds(one_list_for_all(orleans, limit), seed) for limit in (ORLEANS_LISTS_2014, ORLEANS_LISTS_2019))
    return {
        "take part, kindergarten": taking_part(denver, [0]),
        "take part, grade 6": taking_part(denver, [6]),
        "take part, grade 9": taking_part(denver, [9]),
        "take part, all grades": taking_part(denver),
        "first choice, entry grades": matched(denver, 1, ENTRY),
        "first choice, all": matched(denver, 1),
        "seats filled, high-rated": seats_filled(seats, HIGH_RATED),
        "seats filled, low-rated": seats_filled(seats, LOW_RATED),
        "New Orleans 2014, any": matched(few, None),
        "New Orleans 2014, first three, entry": matched(few, FIRST_THREE, KINDERGARTEN_AND_NINE),
        "New Orleans 2019, first three": matched(many, FIRST_THREE),
        "New Orleans 2019, any": matched(many, None),
        "New Orleans 2019, first three, entry": matched(many, FIRST_THREE, KINDERGARTEN_AND_NINE),
        "any listed, Denver": matched(denver, None),
        "take part, New Orleans": taking_part(few),
    }


NO_QUEUES = (
    "hardly any school has a waiting list: the constants of demand are fitted to the rolls, and a full school is "
    "wanted by no more children than fill it on average, chance included. How many were turned away is not in a "
    "city's files"
)
SEATS_OF_THE_FILE = (
    "the city's file has as many empty seats where ratings are low as where they are high (87 and 86 of 100 are filled "
    "in the opening June), demand is fitted to its rolls, and families who look at ratings move too few in three years "
    "to empty any (87 and 87). Harbor City is invented; a file of a city like Denver would begin with what Denver saw"
)
MAY_STAY = (
    "28 percent of the sixth-graders are in schools that go on and need not choose; of those who must, as many take "
    "part as in Denver"
)


EXPERIMENT = Experiment(
    name="match rates",
    question="Who takes part in a choice round, who gets the school asked for, and which seats are filled?",
    setting="the city with one list for all schools, five at most, for Denver; a made city with 90 percent of its "
    "pupils in charters, lists of eight and of twelve, for New Orleans; two rounds each",
    estimand="share of the pupils who make a list; percent of those who make one who get the first, one of the first "
    "three, or any school on it; percent of the seats in kindergarten and grades 6 and 9 that are filled, in schools "
    "of the two upper tiers of the June before and of the two lower ones",
    estimator="shares of children, errors as if each were drawn by itself; of seats, errors clustered by school",
    numbers={
        "take part, kindergarten": figure("S09-001"),
        "take part, grade 6": figure("S09-002"),
        "take part, grade 9": figure("S09-003"),
        "take part, all grades": figure("S09-004"),
        "first choice, entry grades": figure("S09-005 entry grades"),
        "first choice, all": figure("S09-005 all grades"),
        "seats filled, high-rated": figure("S09-006 high-rated"),
        "seats filled, low-rated": figure("S09-006 low-rated"),
        "New Orleans 2014, any": figure("S09-008 any"),
        "New Orleans 2014, first three, entry": figure("S09-008 entry"),
        "New Orleans 2019, first three": figure("S09-009 first three"),
        "New Orleans 2019, any": figure("S09-009 any"),
        "New Orleans 2019, first three, entry": figure("S09-009 entry"),
    },
    also={"any listed, Denver": "percent", "take part, New Orleans": "share"},
    reasons={
        "take part, grade 6": MAY_STAY,
        "take part, all grades": MAY_STAY,
        "seats filled, high-rated": SEATS_OF_THE_FILE,
        "seats filled, low-rated": SEATS_OF_THE_FILE,
        **dict.fromkeys(
            (
                *("first choice, entry grades", "first choice, all"),
                *("New Orleans 2014, any", "New Orleans 2014, first three, entry"),
                *("New Orleans 2019, any", "New Orleans 2019, first three", "New Orleans 2019, first three, entry"),
            ),
            NO_QUEUES,
        ),
    },
    measure=measure,
    slow=True,
)
