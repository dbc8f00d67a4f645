"""Scores and ratings of the opening city from standard means of the records."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scenarios.population.draws import luck_of
from scenarios.population.figures import SCORE_WIDTH, TESTED
from scenarios.population.fitting import Ints
from scenarios.population.report import Margin, margin
from scenarios.population.targets import Targets, make_targets
from scenarios.records.columns import STATE
from scenarios.records.records import DistrictRecords
from scenarios.scores.standard import StandardScores
from sim.city import ANY, GRADES, SUBJECTS

YEARS_BACK = 3
"""Springs before the opening year whose scores may stand in for its own, and whose ratings are kept."""
_COLUMNS = ("school", "year", "grade", "subject", "group", "flag", "test", "mean", "mean_low", "mean_high", "pupils")


@dataclass(frozen=True, eq=False)
class Scores:
    """The city's tables of scores and ratings, its tested grades, their scale, margins, and what was assumed."""

    scores: pd.DataFrame
    ratings: pd.DataFrame
    tested_grades: tuple[int, ...]
    scale: str
    margins: tuple[Margin, ...]
    assumptions: tuple[str, ...]
    varies: bool


def near_opening(records: DistrictRecords) -> DistrictRecords:
    """The records with the scores of the springs that opening reads and no others, which are many in long records."""
    scores = records["scores"]
    near = scores["year"].between(records.opening_year - YEARS_BACK, records.opening_year)
    return replace(records, tables={**records.tables, "scores": scores[near].reset_index(drop=True)})


def make_scores(
    standard: StandardScores, schools: tuple[str, ...], groups: tuple[str, ...], pupils: Ints, year: int, draw: int
) -> Scores:
    """Scores of the opening June `year` from standard means of all years; pupils (S, 13, G)."""
    by_grade = pupils.sum(axis=0)
    usable = _usable(standard.means)
    chosen = _spring(usable, year)
    mine = usable[usable["year"] == chosen]
    of_schools = mine[mine["school"].isin(schools)]
    main_of = {
        subject: _main_test(of_schools[of_schools["subject"] == subject], mine[mine["subject"] == subject])
        for subject in SUBJECTS
    }
    measured = mine[mine["test"] == mine["subject"].map(main_of)]
    told = sorted({int(g) for g in measured[measured["school"] != "*state"]["grade"] if g.isdecimal()})
    there = [grade for grade in GRADES if by_grade[grade].any()]
    tested = tuple(g for g in told if g in there) or tuple(g for g in TESTED if g in there) or tuple(there)
    told_nothing = not len(mine)
    assumptions = [] if told_nothing else _told(chosen, year, bool(told))
    tables, ratings, margins, varies = [], [], [], False
    for subject in SUBJECTS:
        rows = mine[mine["subject"] == subject]
        main = main_of[subject]
        own = _of_schools(usable[(usable["subject"] == subject) & (usable["test"] == main)], schools, draw)
        here = own[own["year"] == chosen]
        overall = _overall(rows[(rows["test"] == main) & (rows["school"] == ANY)], here)
        city = rows[rows["school"] == ANY]
        targets = make_targets(city, main, subject, groups, by_grade, overall, draw)
        tables += [_city_rows(targets, subject, groups), _school_rows(here, subject, schools, pupils, tested)]
        status = own[own["year"].between(year - YEARS_BACK, year)]
        ratings.append(status.assign(subject=subject, status=status["mean"].round(4), growth=np.nan))
        margins += _margins(targets, here, subject, groups, by_grade)
        varies |= bool((targets.source == 2).any() or (targets.high > targets.low).any())
        varies |= bool((own["high"] > own["low"]).any())
        assumptions += _assumed(targets, subject, groups, schools, here, told_nothing)
    columns = ["school", "year", "subject", "status", "growth"]
    table = pd.concat(ratings, ignore_index=True)[columns].astype({"year": "int64"})
    scale = _scale(measured)
    assumptions.append("growth of schools is not known to the ratings")
    scores = pd.concat(tables, ignore_index=True)
    return Scores(scores, table, tested, scale, tuple(margins), tuple(assumptions), varies)


def _usable(means: pd.DataFrame) -> pd.DataFrame:
    """Rows of all pupils whatever their flags that have a mean, with bounds everywhere."""
    rows = means[[*_COLUMNS, "reference"]].rename(columns={"mean_low": "low", "mean_high": "high", "pupils": "tested"})
    rows = rows[(rows["flag"] == ANY) & rows["mean"].notna()].astype({"grade": "str", "year": "int64"})
    low, high = rows["low"].fillna(rows["mean"]), rows["high"].fillna(rows["mean"])
    return rows.assign(low=np.minimum(low, rows["mean"]), high=np.maximum(high, rows["mean"]))


def _spring(rows: pd.DataFrame, year: int) -> int:
    years = rows["year"][rows["year"].between(year - YEARS_BACK, year)]
    return int(years.max()) if len(years) else year


def _main_test(of_schools: pd.DataFrame, rows: pd.DataFrame) -> str:
    """The test with most rows of schools, of the city where schools have none."""
    tests = (of_schools if len(of_schools) else rows)["test"].value_counts()
    return str(min(tests[tests == tests.max()].index)) if len(tests) else ""


def _of_schools(rows: pd.DataFrame, schools: tuple[str, ...], draw: int) -> pd.DataFrame:
    """One mean a school and spring over grades and groups: school, year, mean, low, high, tested."""
    rows = rows[rows["school"].isin(schools)]
    everyone = rows[rows["group"] == ANY]
    # a school without a row of all pupils: its groups together
    keys = ["school", "year"]
    without = rows.set_index(keys).index.difference(everyone.set_index(keys).index)
    rows = pd.concat([everyone, rows.set_index(keys).loc[lambda r: r.index.isin(without)].reset_index()])
    pooled = rows[rows["grade"] == ANY].set_index(keys).index
    rows = rows[(rows["grade"] == ANY) | ~rows.set_index(keys).index.isin(pooled)]
    weight = rows["tested"].fillna(1.0).clip(lower=1e-9)
    sums = rows.assign(
        weight=weight, mean=rows["mean"] * weight, low=rows["low"] * weight, high=rows["high"] * weight
    ).groupby(keys)
    table = sums[["mean", "low", "high"]].sum().div(sums["weight"].sum(), axis=0).reset_index()
    table["tested"] = sums["tested"].sum(min_count=1).to_numpy()
    luck = luck_of(draw, "score of school", table["school"].tolist())
    open_ = table["high"] - table["low"] > 1e-12
    table["mean"] = table["mean"].where(~open_, table["low"] + luck * (table["high"] - table["low"]))
    return table


def _overall(city: pd.DataFrame, here: pd.DataFrame) -> float:
    """Mean of all tested pupils: the city's rows of all groups, else its schools'; NaN if neither tells."""
    everyone = city[city["group"] == ANY]
    if (everyone["grade"] == ANY).any():
        everyone = everyone[everyone["grade"] == ANY]
    rows = everyone if len(everyone) else here
    if not len(rows):
        return float("nan")
    return float(np.average(rows["mean"], weights=rows["tested"].fillna(1.0).clip(lower=1e-9)))


def _city_rows(targets: Targets, subject: str, groups: tuple[str, ...]) -> pd.DataFrame:
    given = targets.source == 0
    rows = [
        (
            ANY,
            str(grade),
            group,
            subject,
            round(float(targets.mean[grade, k]), 4),
            int(targets.tested[grade, k]) if given[k] else 0,
        )
        for grade in GRADES
        for k, group in enumerate(groups)
    ]
    return pd.DataFrame(rows, columns=["school", "grade", "group", "subject", "mean", "pupils"])


def _school_rows(
    here: pd.DataFrame, subject: str, schools: tuple[str, ...], pupils: Ints, tested: tuple[int, ...]
) -> pd.DataFrame:
    enrolled = dict(zip(schools, pupils[:, list(tested)].sum(axis=(1, 2)).tolist(), strict=True))
    count = here["tested"].fillna(here["school"].map(enrolled)).astype("int64")
    return pd.DataFrame(
        {
            "school": here["school"],
            "grade": ANY,
            "group": ANY,
            "subject": subject,
            "mean": here["mean"].round(4),
            "pupils": count,
        }
    )


def _margins(
    targets: Targets, here: pd.DataFrame, subject: str, groups: tuple[str, ...], by_grade: Ints
) -> list[Margin]:
    cells = [(grade, k) for grade in GRADES for k in range(len(groups)) if by_grade[grade, k]]
    at = tuple(np.array(cells).T)
    open_ = targets.high[at] - targets.low[at] > 1e-12
    how = np.where(np.isnan(targets.low[at]), "assumed", np.where(open_, "filled", "given"))
    names = [f"grade {grade}, {groups[k]}" for grade, k in cells]
    wanted = targets.low[at], targets.high[at]
    city = margin(f"{subject} by grade and group", "SD", names, *wanted, targets.mean[at], how)
    low, high, got = (here[name].to_numpy(dtype=np.float64) for name in ("low", "high", "mean"))
    ways = np.where(high - low > 1e-12, "filled", "given")
    return [city, margin(f"{subject} by school", "SD", here["school"].tolist(), low, high, got, ways)]


def _scale(rows: pd.DataFrame) -> str:
    if not len(rows):
        return "SD of the nation's pupils, assumed: the records have no scores."
    state = (rows["reference"] == STATE).mean()
    whose = {0: "the city's own pupils", 1: "the state's pupils"}.get(state, "the state's pupils, else the city's own,")
    return f"SD of {whose} tested in the same year, grade and subject; 0 is their mean."


def _told(chosen: int, year: int, grades: bool) -> list[str]:
    lines = [
        "scores: grades without a test are taken to stand as the nearest tested grade; a mean of few pupils leans on "
        "its group's other grades"
    ]
    if chosen != year:
        lines.append(f"scores are of spring {chosen}: the records have none of {year}")
    if not grades:
        lines.append("tested grades: the scores do not tell their grades; 3 to 8 where they have pupils")
    return lines


def _assumed(
    targets: Targets, subject: str, groups: tuple[str, ...], schools: tuple[str, ...], here: pd.DataFrame, nothing: bool
) -> list[str]:
    lines = []
    moved = [group for group, source in zip(groups, targets.source, strict=True) if source == 1]
    absent = [group for group, source in zip(groups, targets.source, strict=True) if source == 2]
    if moved:
        lines.append(f"{subject}: {', '.join(moved)} from another test, moved to the level of the schools' test")
    if absent:
        beside = "the nation's usual mean" if nothing else "its usual distance from the others"
        lines.append(
            f"{subject}: no score of {', '.join(absent)}; each is put at {beside} (S01-009, S01-014, S01-015, "
            f"S01-017, S01-018, S01-023, S01-024, S01-026, S01-027; Asian and other assumed), drawn within "
            f"{SCORE_WIDTH} SD to either side, the same in every grade"
        )
    if len(here) < len(schools):
        lines.append(f"{subject}: {len(schools) - len(here)} of {len(schools)} schools have no score of their own")
    return lines
