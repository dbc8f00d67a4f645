"""The same children under two plans: levels and gaps at one fixed mix of children.

Raw gaps move when the mix of children in the public schools moves. Here a group's level is the mean true score of
the children enrolled under both plans, cell by cell (grade, income), weighted as in the opening June.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.agents.columns import Columns
from sim.city import GRADES, SUBJECTS
from sim.measures.gaps import BANDS
from sim.record import Panel

Floats = NDArray[np.float64]


def opening_weights(students: Columns, opening: Panel, year: int, groups: int) -> Floats:
    """Opening pupils by grade, group and income, (13, G, 2)."""
    rows = opening.rows
    weights = np.zeros((len(GRADES), groups, 2))
    np.add.at(weights, (year - students.cohort[rows], students.group[rows], students.low_income[rows].astype(int)), 1.0)
    return weights


def common(plan: NDArray[Any], baseline: NDArray[Any], children: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the children of both stand in either: rows of the pool, in order and each once; children: its length."""
    here, there = np.zeros(children, dtype=bool), np.zeros(children, dtype=bool)
    here[plan], there[baseline] = True, True
    return np.nonzero(there[plan])[0], np.nonzero(here[baseline])[0]


def paired_levels(students: Columns, plan: Panel, baseline: Panel, year: int, weights: Floats) -> list[dict[str, Any]]:
    """Levels of every group number by band and subject under both plans in one June; groups without common
    children are left out."""
    at_plan, at_base = common(plan.rows, baseline.rows, len(students))
    rows = plan.rows[at_plan]
    grade = year - students.cohort[rows]
    group, income = students.group[rows], students.low_income[rows].astype(np.int64)
    groups = weights.shape[1]
    cell = (grade * groups + group) * 2 + income
    size = weights.size
    count = np.bincount(cell, minlength=size).astype(float)
    found = []
    for k, subject in enumerate(SUBJECTS):
        means = [
            np.bincount(cell, panel.truth[at, k].astype(np.float64), minlength=size) / np.maximum(count, 1)
            for panel, at in ((plan, at_plan), (baseline, at_base))
        ]
        for band, grades in BANDS.items():
            in_band = np.zeros(weights.shape, dtype=bool)
            in_band[grades.start : grades.stop] = True
            for number in range(groups):
                mine = in_band.copy()
                mine[:, :number] = mine[:, number + 1 :] = False
                use = mine.ravel() & (count > 0)
                weight = weights.ravel()[use]
                if not weight.sum() > 0:
                    continue
                level = [float((mean[use] * weight).sum() / weight.sum()) for mean in means]
                found.append(
                    {
                        "year": year,
                        "subject": subject,
                        "band": band,
                        "group": number,
                        "pupils": int(count[use].sum()),
                        "plan_mean": level[0],
                        "baseline_mean": level[1],
                        "difference": level[0] - level[1],
                    }
                )
    return found


def paired_gaps(levels: list[dict[str, Any]], pairs: list[tuple[int, int]]) -> list[dict[str, Any]]:
    """Fixed-composition gaps of (focal, reference) pairs from `paired_levels`; positive when the focal lies behind."""
    by_key = {(row["subject"], row["band"], row["group"]): row for row in levels}
    gaps = []
    for subject in SUBJECTS:
        for band in BANDS:
            for focal, reference in pairs:
                low, high = by_key.get((subject, band, focal)), by_key.get((subject, band, reference))
                if low is None or high is None:
                    continue
                plan = high["plan_mean"] - low["plan_mean"]
                baseline = high["baseline_mean"] - low["baseline_mean"]
                gaps.append(
                    {
                        "year": low["year"],
                        "subject": subject,
                        "band": band,
                        "focal": focal,
                        "reference": reference,
                        "plan_gap": plan,
                        "baseline_gap": baseline,
                        "difference": plan - baseline,
                    }
                )
    return gaps
