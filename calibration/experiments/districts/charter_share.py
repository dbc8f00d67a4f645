"""Charter share and a whole district's scores and graduation: panels of cities, some of which get charters."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from calibration.experiments.children import children, lived, school_years
from calibration.experiments.closings.phase_out import ended
from calibration.experiments.districts.made import as_large_as, made_city
from calibration.experiments.estimators.absorbing import absorbing
from calibration.experiments.estimators.estimate import Estimate
from calibration.experiments.experiment import Experiment
from calibration.experiments.found import figure
from calibration.patterns.pattern import plan_with
from sim.city import City
from sim.district import District

DISTRICTS = 10
TIMES_THE_CITY = 0.2
YEARS = 14
FEW_CHARTERS = 0.03
"""Charter share of the made cities when they open."""
OPENINGS = (0, 1, 2, 3, 4)
"""Charters that open in a city, in turn over the cities."""
OPERATORS = ("single_charter", "average_network")
SHARE_OF_PUPILS = 0.06
"""Seats of a new charter over the pupils of the city."""
HIGH_SCHOOL_SHARE = 0.03
"""Seats of a new charter high school over the pupils of the city: a tenth of those in grades 9 to 12."""
TEN_POINTS, MANY = 0.1, 0.1
TESTED, HIGH = range(3, 9), range(9, 13)


def _made(city: City, seed: int, number: int) -> City:
    pupils = as_large_as(city, TIMES_THE_CITY)
    return made_city(f"charter share {number}", seed, pupils=pupils, charter_share=FEW_CHARTERS)


def one_city(city: City, seed: int, number: int) -> District:
    """One made city at the end of its years."""
    made, pupils = _made(city, seed, number), as_large_as(city, TIMES_THE_CITY)
    opens = {
        "use": "replication",
        "operators": list(OPERATORS[number % 2 :] + OPERATORS[: number % 2]),
        "at_most": OPENINGS[number % len(OPENINGS)],
        "seats": max(30, round(SHARE_OF_PUPILS * pupils)),
        "grow": "two grades a year",
        "first": made.opening_year + 3,
    }
    return lived(plan_with("charters open", {"open": opens}, years=YEARS, city=made), seed)


def with_high_schools(city: City, seed: int, number: int) -> District:
    """The same made city, had its charters been high schools, one a year."""
    made, pupils = _made(city, seed, number), as_large_as(city, TIMES_THE_CITY)
    opens = {
        f"high school {at}": {
            "use": "new_school",
            "operator": OPERATORS[(number + at) % 2],
            "first_grade": HIGH.start,
            "last_grade": HIGH.stop - 1,
            "seats": max(40, round(HIGH_SCHOOL_SHARE * pupils)),
            "grow": "two grades a year",
            "first": made.opening_year + 3 + at,
        }
        for at in range(OPENINGS[number % len(OPENINGS)])
    }
    return lived(plan_with("charter high schools open", opens, years=YEARS, city=made), seed)


def district_years(district: District) -> pd.DataFrame:
    """Every June of a district: year, share of its pupils in charters (in tenths), more than a tenth or not, mean
    observed score of all pupils of grades 3 to 8 (both subjects), pupils."""
    schools = school_years(district)
    pupils = schools.groupby("year")["pupils"].sum()
    charters = schools[schools["sector"] == "charter"].groupby("year")["pupils"].sum()
    share = (charters / pupils).fillna(0.0)
    rows = children(district)
    rows = rows[rows["grade"].isin(TESTED)]
    mean = ((rows["math"] + rows["reading"]) / 2).groupby(rows["year"]).mean()
    found = pd.DataFrame({"tenths": share / TEN_POINTS, "many": (share > MANY).astype(float), "mean": mean})
    return found.assign(pupils=pupils).rename_axis("year").reset_index()


def graduation_years(district: District) -> pd.DataFrame:
    """Every cohort of ninth-graders that is through: year (spring of grade 12), share of the pupils of grades 9 to 12
    in charters in the cohort's four years (in tenths), share of the cohort who graduated on time, pupils; those who
    left the schools on the way are not counted, those who dropped out are."""
    charters = {school.index for school in district.schools if school.sector == "charter"}
    junes = children(district)
    junes = junes[junes["grade"].isin(HIGH)]
    met = junes["school"].isin(charters).groupby(junes["year"]).mean().rolling(len(HIGH)).mean()
    ninth = junes[junes["grade"] == HIGH.start].copy()
    ninth["graduates"] = ended(district, ninth)
    ninth["year"] += len(HIGH) - 1
    cohorts = ninth.dropna(subset=["graduates"]).groupby("year")["graduates"]
    found = pd.DataFrame({"tenths": met / TEN_POINTS, "graduates": cohorts.mean(), "pupils": cohorts.size()})
    return found.dropna().rename_axis("year").reset_index()


def panel(
    city: City,
    seed: int,
    lives: Callable[[City, int, int], District] = one_city,
    seen: Callable[[District], pd.DataFrame] = district_years,
) -> pd.DataFrame:
    """All cities, a row a city and June: what is seen of one that has lived through its years."""
    parts = [seen(lives(city, seed, number)).assign(district=number) for number in range(DISTRICTS)]
    return pd.concat(parts, ignore_index=True)


def effect_of(rows: pd.DataFrame, treatment: str, outcome: str = "mean") -> Estimate:
    """What a district's charter share goes with, beside other districts of the year and its own other years."""
    found = absorbing(rows, outcome, [treatment], absorbed=["district", "year"], cluster="district", weights="pupils")
    return found[treatment]


def measure(city: City, seed: int) -> Mapping[str, Estimate]:
    """One seed."""
    rows = panel(city, seed)
    found = {"for 10 points": effect_of(rows, "tenths"), "more than 10 percent": effect_of(rows, "many")}
    last = rows[rows["year"] == rows["year"].max()]
    found["charter share at the end"] = Estimate(float(last["tenths"].mean()) * TEN_POINTS, units=len(last))
    cohorts = panel(city, seed, with_high_schools, graduation_years)
    found["graduation, for 10 points"] = effect_of(cohorts, "tenths", "graduates")
    last = cohorts[cohorts["year"] == cohorts["year"].max()]
    found["high-school charter share of the last cohort"] = Estimate(
        float(last["tenths"].mean()) * TEN_POINTS, units=len(last)
    )
    return found


START_UP = (
    "the charters that open are average ones (0 and .04 a year) and lose .10 and .04 in their first years; what they "
    "do to district schools is set to nothing. The figure itself is ten times that for 10 points more in charters "
    "(S08-001)"
)

YOUNG_HIGH_SCHOOLS = (
    "the charter high schools that open are average ones (0 and .04 a year), and most are given up within a few "
    "years, so that those seen are young, lose .10 and .04 in their first years, and displace their pupils. A tenth "
    "more in schools that add V a year lets .14 V more graduate (slope 2, four years, .78 who do), so that .015 asks "
    "for .11 a year; by KIPP's file, .16 a year in math, it is .011 (six seeds)"
)


EXPERIMENT = Experiment(
    name="charter share",
    question="Do the scores and the graduation of a whole district rise with its charter share?",
    setting="ten made cities with few charters; none to four charters of 6 percent of the pupils open, two grades a "
    "year, run by single charters and an average network, and are seen for up to eleven years; for graduation, in the "
    "same cities, none to four charter high schools of a tenth of the pupils of grades 9 to 12",
    estimand="mean score of all pupils of grades 3 to 8, in charters or not, for 10 points more in charters; and "
    "once more than 10 percent are; share of a cohort that graduates on time, in charters or not, for 10 points more "
    "of grades 9 to 12 in charters in its four years",
    estimator="least squares with fixed effects of districts and years, weighted by pupils, errors clustered by "
    "district",
    numbers={
        "for 10 points": figure("S08-001"),
        "more than 10 percent": figure("S08-003"),
        "graduation, for 10 points": figure("S08-002"),
    },
    also={"charter share at the end": "share", "high-school charter share of the last cohort": "share"},
    reasons={
        "for 10 points": START_UP,
        "more than 10 percent": START_UP,
        "graduation, for 10 points": YOUNG_HIGH_SCHOOLS,
    },
    measure=measure,
    slow=True,
)
