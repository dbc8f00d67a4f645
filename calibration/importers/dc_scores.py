"""Scores of groups and schools in spring 2009, from counts of pupils by level of the city's test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.importers.dc_files import CODES, GROUPS, LEVELS, SUBJECTS, TESTED_GRADES, Sources
from calibration.importers.dc_nation import Line, link
from calibration.importers.dc_rolls import ASSUMED, MATCHED, REFUSED
from calibration.importers.report import ImportReport
from scenarios.scores.ordered_probit import Effects, Levels, fit_effects, fit_levels
from sim.city import ANY

Floats = NDArray[np.float64]
AT_ENTRY = {"math": 0.73, "reading": 0.52}
"""Gap at kindergarten entry as a share of the gap in grade 3: S01-001 by S01-006, S01-002 by S01-007."""
STEADY = 40
"""Pupils at which a group's mean in a grade counts as much as its mean over all grades."""
LEAST_LEFT = 5
"""A school's pupils in grades the file hides make a cell of their own from this many."""
DESK = "Fit"


@dataclass(frozen=True)
class Cells:
    """Counts by level of each school and grade; grade -1 stands for the grades the file hides."""

    school: list[str]
    grade: list[int]
    counts: Floats


def make_scores(sources: Sources, rolls: pd.DataFrame, report: ImportReport) -> pd.DataFrame:
    """The city's table of scores: targets by grade and group, and the mean of every school with tests."""
    fits = {
        (subject, grade): fit_levels(_city_counts(sources, name, grade))
        for name, subject in SUBJECTS.items()
        for grade in TESTED_GRADES
    }
    lines = link(sources, fits, report)
    frames = []
    for name, subject in SUBJECTS.items():
        frames.append(_targets(sources, name, subject, fits, lines))
        frames.append(_schools(sources, name, subject, fits, lines, rolls, report))
    _check_numbers(sources, report)
    _tell(report)
    scores = pd.concat(frames, ignore_index=True)
    for subject, mine in scores[scores["pupils"] > 0].groupby("subject"):
        of_city = mine["school"] == ANY
        parts = mine[of_city], mine[~of_city]
        everyone, kept = (np.average(part["mean"], weights=part["pupils"]) for part in parts)
        report.add(
            DESK,
            f"{subject}: mean of tested pupils by group {everyone:+.3f}, of the schools {kept:+.3f}; "
            "the groups' counts include pupils of schools closed since, the schools' do not",
        )
    return scores


def _city_counts(sources: Sources, name: str, grade: int) -> Floats:
    """Pupils by group (four rows) and level, whole city, one grade."""
    tests = sources.tests
    rows = tests[(tests["level"] == "state") & (tests["subject"] == name)]
    rows = rows[rows["grade"] == f"grade {grade}"]
    counts: Floats = rows.set_index("subgroup").loc[list(CODES), LEVELS].to_numpy(dtype=np.float64)
    return counts


def _targets(
    sources: Sources, name: str, subject: str, fits: dict[tuple[str, int], Levels], lines: dict[tuple[str, int], Line]
) -> pd.DataFrame:
    """City means by grade and group on the nation's scale; a small cell leans on the group's other grades."""
    pupils = np.array([_city_counts(sources, name, g).sum(axis=1) for g in TESTED_GRADES])
    means = np.array(
        [lines[subject, g].level + lines[subject, g].slope * fits[subject, g].means for g in TESTED_GRADES]
    )
    everyone = (pupils * means).sum(axis=1) / pupils.sum(axis=1)
    usual = ((means - everyone[:, None]) * pupils).sum(axis=0) / pupils.sum(axis=0)
    trust = pupils / (pupils + STEADY)
    means = everyone[:, None] + trust * (means - everyone[:, None]) + (1 - trust) * usual
    means, pupils = np.column_stack([means, everyone]), np.column_stack([pupils, 0 * everyone])
    rows = []
    for grade in range(13):
        for k, group in enumerate(GROUPS):
            mean, tested = _any_grade(grade, means[:, k], subject), 0
            if grade in TESTED_GRADES:
                tested = int(pupils[TESTED_GRADES.index(grade), k])
            rows.append((ANY, str(grade), group, subject, round(mean, 4), tested))
    return pd.DataFrame(rows, columns=["school", "grade", "group", "subject", "mean", "pupils"])


def _any_grade(grade: int, means: Floats, subject: str) -> float:
    """A group's mean in a grade: tested, between two tested grades, or carried on to grades beyond."""
    if grade < TESTED_GRADES[0]:
        share = AT_ENTRY[subject] + (1 - AT_ENTRY[subject]) * grade / TESTED_GRADES[0]
        return float(share * means[0])
    return float(np.interp(grade, TESTED_GRADES, means))


def _cells(sources: Sources, name: str, schools: list[str]) -> Cells:
    """Counts by school and grade, and one more cell for what the file's hidden grades add to its total."""
    tests = sources.tests
    rows = tests[(tests["level"] == "school") & (tests["subject"] == name) & (tests["subgroup"] == "All")]
    rows = rows[rows["org_code"].isin(schools)]
    cells = Cells([], [], np.zeros((0, len(LEVELS))))
    counts = []
    for school, mine in rows.groupby("org_code"):
        left = np.zeros(len(LEVELS))
        for row in mine.itertuples(index=False):
            levels = np.array([getattr(row, level) for level in LEVELS], dtype=float)
            if row.grade == "all":
                left += levels
                continue
            left -= levels
            cells.school.append(str(school))
            cells.grade.append(int(str(row.grade).split()[1]))
            counts.append(levels)
        if left.min() >= 0 and left.sum() >= LEAST_LEFT:
            cells.school.append(str(school))
            cells.grade.append(-1)
            counts.append(left)
    return Cells(cells.school, cells.grade, np.array(counts))


@dataclass(frozen=True)
class Prediction:
    """What grade and groups predict for every cell, in DC's SD, and the line to the nation."""

    mean: Floats
    variance: Floats
    cuts: Floats
    level: Floats
    slope: Floats


def _predict(cells: Cells, rolls: pd.DataFrame, fits: list[Levels], lines: list[Line]) -> Prediction:
    """Mix the groups of each school and grade; a cell of hidden grades mixes those without counts."""
    known = rolls[(rolls["group"] != "Other") & rolls["grade"].isin(TESTED_GRADES)]
    codes = sorted(rolls["school"].unique())
    mix = np.zeros((len(codes), len(TESTED_GRADES), len(GROUPS) - 1))
    ways = {"school": codes.index, "grade": TESTED_GRADES.index, "group": GROUPS.index}
    where = tuple(known[column].map(find).to_numpy(dtype=np.int64) for column, find in ways.items())
    np.add.at(mix, where, known["pupils"].to_numpy())
    shown = set(zip(cells.school, cells.grade, strict=True))
    weights = np.zeros((len(cells.school), len(TESTED_GRADES), len(GROUPS) - 1))
    for place, (school, grade) in enumerate(zip(cells.school, cells.grade, strict=True)):
        mine = mix[codes.index(school)]
        here = [g == grade if grade >= 0 else (school, g) not in shown for g in TESTED_GRADES]
        chosen = mine * np.array(here)[:, None]
        if not chosen.sum():  # tested in a grade where October counted nobody: the mix of the whole school
            chosen = np.array(here)[:, None] * (mine.sum(axis=0) + 1e-9)
        weights[place] = chosen / chosen.sum()
    means, sds = np.array([fit.means for fit in fits]), np.array([fit.sds for fit in fits])
    mean = np.einsum("cgk,gk->c", weights, means)
    by_grade = weights.sum(axis=2)
    return Prediction(
        mean,
        np.einsum("cgk,gk->c", weights, sds**2 + means**2) - mean**2,
        by_grade @ np.array([fit.cuts for fit in fits]),
        by_grade @ np.array([line.level for line in lines]),
        by_grade @ np.array([line.slope for line in lines]),
    )


def _schools(
    sources: Sources,
    name: str,
    subject: str,
    fits: dict[tuple[str, int], Levels],
    lines: dict[tuple[str, int], Line],
    rolls: pd.DataFrame,
    report: ImportReport,
) -> pd.DataFrame:
    """School means: what groups and grades predict, plus one effect a school that its counts bear out."""
    schools = sorted(rolls["school"].unique())
    cells = _cells(sources, name, schools)
    of_subject = [(subject, grade) for grade in TESTED_GRADES]
    predicted = _predict(cells, rolls, [fits[key] for key in of_subject], [lines[key] for key in of_subject])
    codes = sorted(set(cells.school))
    place = np.array([codes.index(school) for school in cells.school])
    between = 0.3
    for _ in range(3):  # the spread within a group over the city holds the schools' own, so take it out
        within = np.sqrt(np.maximum(predicted.variance - between**2, 0.25))
        effects = fit_effects(cells.counts, place, predicted.mean, within, predicted.cuts)
        between = effects.between_sd
    pupils = cells.counts.sum(axis=1)
    here = predicted.level + predicted.slope * (predicted.mean + effects.mean[place])
    tested: Floats = np.bincount(place, pupils).astype(np.float64)
    mean = np.bincount(place, pupils * here) / tested
    _tell_schools(sources, subject, [s for s in schools if s not in codes], tested, mean, effects, report)
    rows = [
        (school, ANY, ANY, subject, round(float(m), 4), int(n))
        for school, m, n in zip(codes, mean, tested, strict=True)
    ]
    return pd.DataFrame(rows, columns=["school", "grade", "group", "subject", "mean", "pupils"])


def _tell_schools(
    sources: Sources,
    subject: str,
    without: list[str],
    tested: Floats,
    mean: Floats,
    effects: Effects,
    report: ImportReport,
) -> None:
    names = "; ".join(sources.schools.loc[without, "name"].str.split().str.join(" "))
    report.add(MATCHED, f"{subject}: {int(tested.sum()):,} pupils with a level in {len(tested)} schools")
    report.add(REFUSED, f"{subject}: {len(without)} schools without level counts have no mean: {names}")
    centre = float(tested @ mean / tested.sum())
    spread = float(np.sqrt(tested @ (mean - centre) ** 2 / tested.sum()))
    report.add(
        DESK,
        f"{subject}: SD of schools beyond grade and group {effects.between_sd:.2f} of DC's SD; typical "
        f"uncertainty of one school {float(np.median(effects.sd)):.2f}, largest {effects.sd.max():.2f}",
    )
    line = f"{subject}: school means have mean {centre:+.2f} and SD {spread:.2f} on the nation's scale"
    report.add(DESK, line)


def _check_numbers(sources: Sources, report: ImportReport) -> None:
    for code, group, published in (("BL7", "Black", 0.413), ("WH7", "White", 0.872)):
        share = proficient_share(sources, code)
        line = f"all DC, math, proficient or above 2009, {group}: {share:.3f} (published {published})"
        report.add("Check numbers", line)


def proficient_share(sources: Sources, code: str) -> float:
    """Share of a subgroup's pupils of the whole city at proficient or above in math."""
    tests = sources.tests
    row = tests[(tests["level"] == "state") & (tests["subject"] == "math") & (tests["grade"] == "all")]
    row = row[row["subgroup"] == code]
    return float(row["proficient_or_advanced"].iloc[0] / row["n_test_takers"].iloc[0])


def _tell(report: ImportReport) -> None:
    report.add(
        MATCHED,
        "levels of the 2009 test by grade and group, whole city: ordered probit with cut points common to "
        "a grade and subject, a mean and an SD for each group; scale: all pupils of the grade",
    )
    report.add(
        ASSUMED,
        "a school's mean is what its grades and groups predict plus one effect for all its grades, by "
        "ordered probit with the city's cut points and the groups' SDs, shrunk by what its counts leave "
        "open",
    )
    report.add(
        ASSUMED,
        "test error has mean zero, so means of observed scores are means of true ones; SDs are of observed "
        "scores (reliability .9), as in a state test",
    )
    report.add(
        ASSUMED,
        f"a group's mean in a grade leans on its other grades as if by {STEADY} pupils more; Other, without "
        "counts, stands at the mean of all",
    )
    report.add(
        ASSUMED,
        "kindergarten to 2: distance from the nation grows from .73 (math) and .52 (reading) of grade 3's "
        "at entry; grade 9 between 8 and 10; 11 and 12 as 10",
    )
