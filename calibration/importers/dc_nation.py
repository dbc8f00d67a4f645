"""Washington DC's test scale put on the nation's, by the groups of its district in NAEP."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.importers.dc_files import LEVELS, OPENING_YEAR, Sources
from calibration.importers.dc_rolls import ASSUMED
from calibration.importers.report import ImportReport
from scenarios.scores.ordered_probit import Levels, fit_mean

Floats = NDArray[np.float64]
NATION_SD = {("math", 4): 30.0, ("math", 8): 37.0, ("reading", 4): 36.0, ("reading", 8): 34.0}
"""SD of pupils in NAEP points, round figures."""
RELIABILITY = 0.9
"""Of one year's state test (S01-040). NAEP's SD is free of test error, a state test's is not."""
LINKED_BY = {
    "math": {"NSLP eligible": "Economy", "NSLP not eligible": "not Economy"},
    "reading": {"Black": "BL7", "Hispanic": "HI7", "White": "WH7"},
}
"""Subject -> NAEP's group -> the test file's, as far as NAEP 2009 is at hand for both."""
PUPILS_OF_NATION = {
    "White": 0.56,
    "Hispanic": 0.20,
    "Black": 0.16,
    "Asian/Pacific Islander": 0.05,
    "Two or more races": 0.02,
    "American Indian/Alaska Native": 0.01,
}
"""Shares of the nation's public grade 8, for the one mean that the files do not hold."""
WITHIN_GROUP_SD = 0.92
"""SD of observed scores within a group, the nation's pupils being 1 (S01-035)."""
CITY = "District of Columbia (DCPS)"


@dataclass(frozen=True)
class Line:
    """nation = level + slope x city, both in SD."""

    level: float
    slope: float


def link(sources: Sources, fits: dict[tuple[str, int], Levels], report: ImportReport) -> dict[tuple[str, int], Line]:
    """A line for every (subject, grade).

    One SD of pupils within a group is the same in the city as in the nation; the level is NAEP's for the
    groups of the district, in grades 4 and 8, by proportion between them and as the nearest beyond.
    """
    lines = {}
    for subject in LINKED_BY:
        level = {}
        for grade in (4, 8):
            points = _points(sources, subject, grade, fits[subject, grade])
            slope = _slope(fits[subject, grade])
            above = points["nation"] - slope * points["here"]
            level[grade] = float(np.average(above, weights=points["pupils"]))
            gap = np.ptp(points["here"]) * slope
            report.add(
                "Scale",
                f"{subject}, grade {grade}: all DC stands at {level[grade]:+.2f}, one SD of all DC is "
                f"{slope:.2f}; {' / '.join(points.index)}: {gap:.2f} apart on the city's test, "
                f"{np.ptp(points['nation']):.2f} in NAEP (the city's test is kept)",
            )
        for grade in (grade for name, grade in fits if name == subject):
            at = float(np.interp(grade, [4, 8], [level[4], level[8]]))
            lines[subject, grade] = Line(at, _slope(fits[subject, grade]))
    _tell(report)
    return lines


def _slope(fit: Levels) -> float:
    """The nation's SD in one SD of all DC: pupils within a group spread as much in both."""
    return float(WITHIN_GROUP_SD / np.sqrt(fit.pupils @ fit.sds**2 / fit.pupils.sum()))


def _points(sources: Sources, subject: str, grade: int, fit: Levels) -> pd.DataFrame:
    """Groups of the district with a mean in both: `here` in DC's SD, `nation` in its own, `pupils`."""
    tests = sources.tests
    name = "math" if subject == "math" else "read"
    rows = tests[(tests["level"] == "lea") & (tests["org_code"] == "0001") & (tests["subject"] == name)]
    counts = rows[rows["grade"] == f"grade {grade}"].set_index("subgroup")[LEVELS].astype(float)
    counts.loc["not Economy"] = counts.loc["All"] - counts.loc["Economy"]
    naep = sources.naep
    mine = naep[(naep["jurisdiction"] == CITY) & (naep["year"] == OPENING_YEAR)]
    mine = mine[(mine["subject"] == subject) & (mine["grade"] == grade)]
    score, mean = mine.set_index("group")["score"], nation_mean(sources, subject, grade)
    points = {}
    for naep_group, code in LINKED_BY[subject].items():
        if naep_group in score.index and code in counts.index and not counts.loc[code].isna().any():
            levels = counts.loc[code].to_numpy()
            away = (float(score[naep_group]) - mean) / NATION_SD[subject, grade]
            points[naep_group] = (fit_mean(levels, fit.cuts, 0.9), away * RELIABILITY**0.5, levels.sum())
    return pd.DataFrame.from_dict(points, orient="index", columns=["here", "nation", "pupils"])


def nation_mean(sources: Sources, subject: str, grade: int) -> float:
    """Mean of the nation's public schools in 2009, NAEP points."""
    naep = sources.naep
    public = naep[(naep["jurisdiction"] == "National public") & (naep["year"] == OPENING_YEAR)]
    public = public[public["subject"] == subject]

    def of(grade: int, group: str) -> float | None:
        cell = public[(public["grade"] == grade) & (public["group"] == group)]["score"]
        return float(cell.iloc[0]) if len(cell) else None

    everyone = of(grade, "All students")
    if everyone is not None:
        return everyone
    if subject == "math":  # all schools, public and private, less what private schools add in grade 4
        trend = sources.naep_nation
        trend = trend[(trend["year"] == OPENING_YEAR) & (trend["group"] == "All students")]
        score, public_four = trend.set_index("grade")["score"], of(4, "All students")
        return float(score[grade]) - (float(score[4]) - public_four if public_four is not None else 0.0)
    shares = pd.Series(PUPILS_OF_NATION)
    scores = pd.Series({group: of(grade, group) for group in shares.index}, dtype=float).dropna()
    return float((scores * shares[scores.index]).sum() / shares[scores.index].sum())


def _tell(report: ImportReport) -> None:
    report.add(
        ASSUMED,
        "NAEP's SD of the nation's pupils: 30 points in grade 4 and 37 in grade 8 math, 36 and 34 in "
        "reading; times the square root of .9, for a state test's SD holds test error and NAEP's does not",
    )
    report.add(
        ASSUMED,
        "NAEP 2009 leaves out most charters; so the city's test is put on the nation's level by groups of "
        "the district's own schools, weighted by their pupils, and charters, who took the same test, with "
        "it",
    )
    report.add(
        ASSUMED,
        f"pupils within a group spread by {WITHIN_GROUP_SD} of the nation's SD (S01-035); gaps are those of "
        "the city's test, narrower than NAEP's, so that the test's later history can be compared",
    )
    report.add(
        ASSUMED,
        "the nation's grade 8 means of public schools: math from all schools less the point between the "
        "two in grade 4, reading from its groups by their shares of pupils",
    )
    report.add(ASSUMED, "level of the nation: grade 3 as 4 and 10 as 8; grades between by proportion")
