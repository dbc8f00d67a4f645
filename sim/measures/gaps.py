"""Levels and gaps, always together. Pure functions on arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.city import GRADES, SUBJECTS
from sim.measures.kernels import sums_by_cell

Floats = NDArray[np.float64]

BANDS: dict[str, range] = {
    "K-2": range(0, 3),
    "3-5": range(3, 6),
    "6-8": range(6, 9),
    "3-8": range(3, 9),
    "high": range(9, 13),
}
FLAG_GROUPS = {
    "low_income": ("low income", "not low income"),
    "english_learner": ("English learners", "not English learners"),
    "disability": ("with a disability", "without a disability"),
}
EVERYBODY = "*"


def level_rows(
    grade: NDArray[np.int64],
    group: NDArray[np.int64],
    flags: dict[str, NDArray[np.bool_]],
    truth: Floats,
    score: Floats,
    groups: tuple[str, ...],
) -> list[dict[str, Any]]:
    """Levels of every group and flag by band and subject.

    Arrays over enrolled children; truth and score (n, 2) in SD, score NaN where not tested. A mean is NaN without
    pupils, a standard error NaN with fewer than two tested.
    """
    labels = [(np.zeros(len(grade), dtype=np.int64), [EVERYBODY]), (group, list(groups))]
    labels += [(flags[flag].astype(np.int64), [no, yes]) for flag, (yes, no) in FLAG_GROUPS.items()]
    cell = np.empty((len(grade), len(labels)), dtype=np.int64)
    first = np.cumsum([0, *(len(GRADES) * len(names) for _, names in labels)])
    for way, (label, names) in enumerate(labels):
        cell[:, way] = first[way] + grade * len(names) + label
    every = sums_by_cell(cell, truth, score, first[-1])
    rows = []
    for way, (_, names) in enumerate(labels):
        sums = every[first[way] : first[way + 1]].reshape(len(GRADES), len(names), -1)
        for k, subject in enumerate(SUBJECTS):
            for band, grades in BANDS.items():
                in_band = sums[grades.start : grades.stop].sum(axis=0)
                for number, name in enumerate(names):
                    rows.append({"subject": subject, "band": band, "group": name, **_level(in_band[number], k)})
    return rows


def _level(sums: Floats, subject: int) -> dict[str, Any]:
    pupils, n = int(sums[0]), int(sums[1])
    true_total, total, squares = (float(value) for value in sums[2 + 3 * subject : 5 + 3 * subject])
    mean = total / n if n else float("nan")
    sd = float(np.sqrt(max(squares - n * mean * mean, 0.0) / (n - 1))) if n > 1 else float("nan")
    return {
        "pupils": pupils,
        "tested": n,
        "mean": mean,
        "true_mean": true_total / pupils if pupils else float("nan"),
        "sd": sd,
        "se": sd / n**0.5 if n > 1 else float("nan"),
    }


def pairs(reference: str, focal: str, groups: tuple[str, ...]) -> list[tuple[str, str]]:
    """(focal, reference) pairs that are reported: every group against the reference, and every flag."""
    order = [focal] + [group for group in groups if group not in (focal, reference)]
    return [(group, reference) for group in order if group != reference] + list(FLAG_GROUPS.values())


def numbered_pairs(reference: str, focal: str, groups: tuple[str, ...]) -> list[tuple[int, int]]:
    """The pairs of groups that are reported, flags left out, as places in `groups`."""
    number = {group: i for i, group in enumerate(groups)}
    return [(number[one], number[other]) for one, other in pairs(reference, focal, groups) if one in number]


def gap_rows(levels: list[dict[str, Any]], reference: str, focal: str, groups: tuple[str, ...]) -> list[dict[str, Any]]:
    """Gaps from levels: mean of the reference less mean of the focal group, positive when the focal lies behind."""
    by_key = {(row["subject"], row["band"], row["group"]): row for row in levels}
    rows = []
    for subject in SUBJECTS:
        for band in BANDS:
            for behind, ahead in pairs(reference, focal, groups):
                low, high = by_key[subject, band, behind], by_key[subject, band, ahead]
                rows.append(
                    {
                        "subject": subject,
                        "band": band,
                        "focal": behind,
                        "reference": ahead,
                        "gap": high["mean"] - low["mean"],
                        "true_gap": high["true_mean"] - low["true_mean"],
                        "se": float(np.sqrt(high["se"] ** 2 + low["se"] ** 2)),
                    }
                )
    return rows
