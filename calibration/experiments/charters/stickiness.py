"""Whether a new charter's first year tells what it will be: fifths of measured growth, first year and fifth."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from calibration.experiments.children import children, lived, with_earlier
from calibration.experiments.estimators.estimate import Estimate
from calibration.experiments.experiment import Experiment
from calibration.experiments.found import figure
from calibration.patterns.pattern import plan_with
from sim.city import SUBJECTS, City

OPENING = {
    "use": "replication",
    "operators": ["single_charter", "average_network"],
    "openings_per_year": 4,
    "at_most": 16,
    "seats": 300,
    "grow": "whole",
    "site": "spread",
}
YEARS, LATER = 10, 4
"""Years of the plan, and years between a school's first measured year and the one in which it is looked at again."""
FEWEST_TESTED = 20


def measured_growth(junes: pd.DataFrame) -> pd.DataFrame:
    """Growth of schools by year: mean residual of both subjects' scores on last year's, group and income, within year
    and grade, as comparisons with matched pupils take it. Columns: year, school, growth; schools with fewer than 20
    children tested twice are left out."""
    rows = with_earlier(junes, junes, list(SUBJECTS)).dropna(subset=[*SUBJECTS, "math_back1", "reading_back1"])
    x = np.column_stack(
        [rows["math_back1"], rows["reading_back1"], rows["low_income"], pd.get_dummies(rows["group"], dtype=float)]
    )
    cell = rows.groupby(["year", "grade"]).ngroup()
    y = rows[list(SUBJECTS)].mean(axis=1)
    x = x - pd.DataFrame(x, index=rows.index).groupby(cell).transform("mean").to_numpy()
    y = y - y.groupby(cell).transform("mean")
    left = y - x @ np.linalg.lstsq(x, y.to_numpy(), rcond=None)[0]
    by_school = left.groupby([rows["year"], rows["school"]]).agg(["mean", "size"])
    by_school = by_school[by_school["size"] >= FEWEST_TESTED]
    return by_school["mean"].rename("growth").reset_index()


def first_and_later(growth: pd.DataFrame, opened: pd.Series, later: int = LATER) -> pd.DataFrame:
    """New schools' growth in the first measured year and `later` years on, with the fifth (0 lowest to 4) each had then
    among all schools of the table in that year. `opened`: first spring of new schools by index."""
    growth = growth.assign(fifth=(growth.groupby("year")["growth"].rank(pct=True, method="first") * 5 - 1e-9) // 1)
    new = growth[growth["school"].isin(opened.index)].sort_values("year")
    first = new.drop_duplicates("school")
    after = first.assign(year=first["year"] + later)[["school", "year"]].merge(growth, on=["school", "year"])
    return first.merge(after, on="school", suffixes=("_first", "_later"))


def share(true: pd.Series) -> Estimate:
    """A share of schools, with its binomial error; nothing without schools."""
    n = len(true)
    p = float(true.mean()) if n else math.nan
    # of few schools all or none may do a thing: the error is that of one more on either side
    se = math.sqrt((n * p + 1) * (n * (1 - p) + 1) / (n + 2) ** 3) if n else math.nan
    return Estimate(p, se, n)


def measure(city: City, seed: int) -> dict[str, Estimate]:
    """Shares that stay low and high, and the correlation of first and later growth."""
    district = lived(plan_with("new charters", {"open": OPENING}, years=YEARS, city=city), seed)
    junes = children(district)
    growth = measured_growth(junes)
    charters = {school.index for school in district.schools if school.sector == "charter"}
    opened = pd.Series({s.index: s.opened for s in district.schools if s.new and s.index in charters}, dtype=float)
    both = first_and_later(growth[growth["school"].isin(charters)], opened)
    n = len(both)
    r = float(both["growth_first"].corr(both["growth_later"])) if n >= 4 else math.nan
    quality = np.array([school.quality.mean() for school in district.schools])
    true = float(both["growth_first"].corr(pd.Series(quality[both["school"]]))) if n >= 4 else math.nan
    low, high = both[both["fifth_first"] == 0], both[both["fifth_first"] == 4]
    return {
        "low stays low": share(low["fifth_later"] <= 1),
        "high stays high": share(high["fifth_later"] == 4),
        "low stays lowest": share(low["fifth_later"] == 0),
        "first and fifth year": Estimate(r, (1 - r * r) / math.sqrt(max(n - 2, 1)), n),
        "first year and lasting quality": Estimate(true, (1 - true * true) / math.sqrt(max(n - 2, 1)), n),
    }


_WHY = (
    "one year of a school's growth holds the luck of the year (.04 SD), who is tested, and a first year's loss beside "
    "a lasting spread of .10: first and fifth year correlate .64, first year and lasting quality .73. A fifth of some "
    "28 schools is five or six, and is left easily; the published share asks for growth that hardly varies from year "
    "to year"
)

EXPERIMENT = Experiment(
    name="first year sticks",
    question="Does a new charter that begins low stay low, and one that begins high stay high?",
    setting="sixteen new charters, single ones and an average network's in turn, four a year, beside the city's own",
    estimand="share of the new charters in the lowest fifth of all charters in their first measured year that are in "
    "the lower two four years later; of those in the highest fifth, share that are in it again",
    estimator="growth as mean residual of scores on last year's, group and income, within grade and year; fifths among "
    "the city's charters",
    numbers={"low stays low": figure("S03-082"), "high stays high": figure("S03-083")},
    also={
        "low stays lowest": "share",
        "first and fifth year": "correlation of measured growth",
        "first year and lasting quality": "correlation",
    },
    reasons={"low stays low": _WHY, "high stays high": _WHY},
    measure=measure,
    slow=True,
)
