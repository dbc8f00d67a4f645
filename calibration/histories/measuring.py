"""A simulated district measured as its real one was: the same series, June by June."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.histories.history import GAP, LEVEL, PUPILS, SERIES
from sim.city import ANY, SUBJECTS
from sim.district import District

SECTORS = (ANY, "district", "charter")


def measured(district: District, scored: range, counted: range, reference: str) -> pd.DataFrame:
    """Levels of every group and gaps to the reference group, by sector, and pupils by sector, in every June there is.

    Columns of SERIES, year, value: SD of observed scores in the grades `scored` together, and pupils in the grades
    `counted`. A level is NaN where nobody was tested. Schools handed to others count as charter if their operator's
    are.
    """
    students = district.students
    groups = district.city.groups
    charter = np.array([not school.district_run for school in district.schools])
    rows: list[dict[str, Any]] = []
    for year, panel in district.record.panel.items():
        grade = year - students.cohort[panel.rows]
        in_charter = charter[panel.place]
        group = students.group[panel.rows]
        in_grades = (grade >= scored.start) & (grade < scored.stop)
        for sector in SECTORS:
            here = np.ones(len(grade), dtype=bool) if sector == ANY else in_charter == (sector == "charter")
            taught = here & (grade >= counted.start) & (grade < counted.stop)
            rows.append(_row(PUPILS, sector, ANY, "", "", year, float(taught.sum())))
            levels = list(_levels(panel.score, here & in_grades, group, len(groups)))
            for subject, means in zip(SUBJECTS, levels, strict=True):
                by_group = dict(zip((ANY, *groups), means, strict=True))
                rows += [_row(LEVEL, sector, name, "", subject, year, mean) for name, mean in by_group.items()]
                rows += [
                    _row(GAP, sector, name, reference, subject, year, by_group[reference] - mean)
                    for name, mean in by_group.items()
                    if name not in (ANY, reference)
                ]
    return pd.DataFrame(rows)


def _row(what: str, sector: str, group: str, reference: str, subject: str, year: int, value: float) -> dict[str, Any]:
    return dict(zip((*SERIES, "year", "value"), (what, sector, group, reference, subject, year, value), strict=True))


def _levels(
    score: NDArray[np.float32], chosen: NDArray[np.bool_], group: NDArray[Any], groups: int
) -> Iterator[list[float]]:
    """For each subject the mean of everybody, then of each group, NaN where nobody was tested."""
    for k in range(score.shape[1]):
        tested = chosen & ~np.isnan(score[:, k])
        values, of = score[tested, k].astype(np.float64), group[tested]
        sums, counts = np.bincount(of, values, minlength=groups), np.bincount(of, minlength=groups)
        with np.errstate(invalid="ignore", divide="ignore"):
            yield [float(sums.sum() / counts.sum()), *(sums / counts).tolist()]
