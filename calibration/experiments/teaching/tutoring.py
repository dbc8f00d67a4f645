"""Tutoring by size of programme: schools drawn by lot, scores a year later, for each pupil tutored."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from calibration.experiments.children import children, lived, opened, pooled, with_earlier
from calibration.experiments.estimators.estimate import Estimate
from calibration.experiments.estimators.regressions import least_squares
from calibration.experiments.experiment import Experiment
from calibration.experiments.found import figure
from calibration.patterns.pattern import plan_with
from sim.city import SUBJECTS, City
from sim.district import District
from sim.luck import one_uniform

YEARS = 2
LUCKS = 4
"""Cities that one sample pools, each with a luck of its own: few schools alone say little."""


@dataclass(frozen=True)
class Programme:
    """So many pupils tutored, spread over so many schools, at most all pupils of a school."""

    pupils: int
    schools: int
    evidence: str


PROGRAMMES = {
    "under 100": Programme(80, 1, "S04-008"),
    "100 to 399": Programme(250, 2, "S04-009"),
    "400 to 999": Programme(700, 4, "S04-010"),
    "1,000 or more": Programme(2000, 12, "S04-011"),
}


def by_lot(district: District, number: int, seed: int) -> list[str]:
    """Ids of district schools that teach grade 4 or 7, drawn by lot; at most half of them."""
    own = [s for s in district.schools if s.sector == "district" and {4, 7} & set(s.grades_at_full_size)]
    own = sorted(own, key=lambda school: one_uniform(seed, "tutoring by lot", school.key))
    return [school.key for school in own[: max(1, min(number, len(own) // 2))]]


def share_tutored(district: District, keys: list[str], pupils: int) -> float:
    """Share of the schools' pupils that makes a programme of the size."""
    roll = sum(district.school(key).pupils for key in keys)
    return min(1.0, pupils / max(roll, 1))


def sample(district: District, keys: list[str], share: float, year: int) -> pd.DataFrame:
    """Children of grades 4, 5, 7 and 8 in district schools in `year`, who had a score in the opening June and were in
    district schools then: scores, the opening June's (`_before`), and `tutored`, the share of pupils tutored in the
    school they were in then."""
    junes = children(district)
    district_run = {school.index for school in district.schools if school.sector == "district"}
    treated = {district.school(key).index for key in keys}
    opening = district.plan.years.opening
    now = junes[(junes["year"] == year) & junes["grade"].isin((4, 5, 7, 8))]
    rows = with_earlier(now, junes, [*SUBJECTS, "school"], back=year - opening).rename(
        columns=lambda name: name.replace(f"_back{year - opening}", "_before")
    )
    rows = rows[rows["school_before"].isin(district_run)]
    return rows.assign(tutored=rows["school_before"].isin(treated) * share, grade=rows["grade"].astype(str))


def estimate(rows: pd.DataFrame) -> Estimate:
    """Math for each pupil tutored: the effect of the lot over the share of pupils it reached."""
    return least_squares(
        rows,
        "math",
        "tutored",
        strata="grade",
        covariates=("math_before", "reading_before", "group", "low_income"),
        cluster="school_before",
    )


def samples(city: City, luck: int) -> dict[tuple[str, int], pd.DataFrame]:
    """The sample of every size of programme one year and two after the lots, with the true score in math without any
    programme (`true_math_twin`)."""
    plan = plan_with("as it is", {}, years=YEARS, city=city)
    untouched = opened(plan, luck)
    twin = children(lived(plan, luck))[["child", "year", "true_math"]]
    found = {}
    for size, one in PROGRAMMES.items():
        keys = by_lot(untouched, one.schools, luck)
        share = share_tutored(untouched, keys, one.pupils)
        policy = {
            "use": "practices",
            "diagnostics_and_intervention": share,
            "where": {"schools": keys},
            "first": city.opening_year + 1,
        }
        district = lived(plan_with("tutoring", {"tutor": policy}, years=YEARS, city=city), luck)
        for since in (1, YEARS):
            rows = sample(district, keys, share, city.opening_year + since)
            found[size, since] = rows.merge(twin, on=["child", "year"], suffixes=("", "_twin"))
    return found


def measure(city: City, seed: int) -> dict[str, Estimate]:
    """Math after one year by size of programme, and the schools beside themselves after one year and two."""
    cities = [samples(city, seed * LUCKS + k) for k in range(LUCKS)]
    found = {}
    for size in PROGRAMMES:
        for since in (1, YEARS):
            rows = pooled([one[size, since] for one in cities], ("grade", "school_before"))
            if since == 1:
                found[size] = estimate(rows)
            theirs = rows[rows["tutored"] > 0]
            gain = (theirs["true_math"] - theirs["true_math_twin"]) / theirs["tutored"]
            found[f"{size}, true, year {since}"] = Estimate(float(gain.mean()), units=len(theirs))
    return found


_WHY = (
    "the card holds the published size (.36 where a hundred are tutored, falling with the number as published), and "
    "pupils tutored gain .33, .23, .17 and .14 in the first year beside themselves. The estimate for one small "
    "programme rests on one school in each of four cities (spread .18), and the children who have left it by the test "
    "are counted with it"
)


EXPERIMENT = Experiment(
    name="tutoring by size",
    question="What does tutoring do for a tutored pupil, in small programmes and in large ones?",
    setting="district schools drawn by lot tutor a share of their pupils that makes a programme of 80, 250, 700 or "
    "2,000 pupils in the city; four cities pooled",
    estimand="math score of a tutored pupil after one year, SD",
    estimator="regression on the share of pupils tutored in the school a child was in when lots were drawn, last "
    "scores, group and income, within grade; errors clustered by school. Schools and not pupils are drawn, since the "
    "model gives a school's tutoring to all its pupils alike",
    numbers={size: figure(one.evidence) for size, one in PROGRAMMES.items()},
    also={
        f"{size}, true, year {since}": "SD a tutored pupil, beside themselves"
        for size in PROGRAMMES
        for since in (1, YEARS)
    },
    reasons=dict.fromkeys(PROGRAMMES, _WHY),
    measure=measure,
)
