"""Groups crossed with flags: levels of low-income Black pupils, say, and gaps among pupils of the same flag."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.city import GRADES, SUBJECTS
from sim.measures.gaps import BANDS, FLAG_GROUPS
from sim.measures.kernels import sums_by_cell

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CROSSED_BANDS = ("3-8", "high")


def crossed_sums(
    grade: Ints, group: Ints, flags: dict[str, NDArray[np.bool_]], truth: Floats, score: Floats, groups: int
) -> Floats:
    """Sums by subject, band of `CROSSED_BANDS`, group, flag and whether it is set, (2, 2, G, 3, 2, 5): pupils, tested,
    then sums of truth, of score and of squared score. Arrays over enrolled children; truth and score (n, 2), score NaN
    where not tested."""
    width = groups * 2
    cell = np.empty((len(grade), len(FLAG_GROUPS)), dtype=np.int64)
    for f, flag in enumerate(FLAG_GROUPS):
        cell[:, f] = (f * len(GRADES) + grade) * width + group * 2 + flags[flag]
    sums = sums_by_cell(cell, truth, score, len(FLAG_GROUPS) * len(GRADES) * width)
    sums = sums.reshape(len(FLAG_GROUPS), len(GRADES), groups, 2, -1)
    of_subject = [[0, 1, 2 + 3 * k, 3 + 3 * k, 4 + 3 * k] for k in range(len(SUBJECTS))]
    in_band = [sums[:, BANDS[band].start : BANDS[band].stop].sum(axis=1) for band in CROSSED_BANDS]
    return np.array([[band.swapaxes(0, 1)[..., columns] for band in in_band] for columns in of_subject])


def crossed_levels(sums: Floats, groups: tuple[str, ...]) -> dict[str, Any]:
    """Levels as a block of columns, from `crossed_sums`; NaN for a mean without pupils, for a standard error of fewer
    than two."""
    flat = sums.reshape(-1, sums.shape[-1])
    pupils, tested, true_total, total, squares = flat.T
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / tested
        sd = np.sqrt(np.maximum(squares - tested * mean * mean, 0.0) / (tested - 1))
        sd = np.where(tested > 1, sd, np.nan)
        return {
            **_names(list(groups), "group"),
            "pupils": pupils.astype(np.int64),
            "tested": tested.astype(np.int64),
            "mean": mean,
            "true_mean": true_total / pupils,
            "sd": sd,
            "se": sd / np.sqrt(tested),
        }


def crossed_gaps(levels: dict[str, Any], groups: tuple[str, ...], reference: str) -> dict[str, Any]:
    """Gaps of every other group to the reference among pupils who have, or have not, a flag, from `crossed_levels`."""
    shape = (len(SUBJECTS), len(CROSSED_BANDS), len(groups), len(FLAG_GROUPS), 2)
    mean, true_mean, se = (levels[name].reshape(shape) for name in ("mean", "true_mean", "se"))
    ahead = groups.index(reference)
    behind = [i for i in range(len(groups)) if i != ahead]
    top = slice(ahead, ahead + 1)
    return {
        **_names([groups[i] for i in behind], "focal"),
        "reference": reference,
        "gap": (mean[:, :, top] - mean[:, :, behind]).ravel(),
        "true_gap": (true_mean[:, :, top] - true_mean[:, :, behind]).ravel(),
        "se": np.sqrt(se[:, :, top] ** 2 + se[:, :, behind] ** 2).ravel(),
    }


def _names(groups: list[str], column: str) -> dict[str, list[str]]:
    """Labels of the cells in the order of `crossed_sums`."""
    cells = [
        (subject, band, group, flag, name)
        for subject in SUBJECTS
        for band in CROSSED_BANDS
        for group in groups
        for flag, (yes, no) in FLAG_GROUPS.items()
        for name in (no, yes)
    ]
    columns = ("subject", "band", column, "flag", "flagged")
    return {name: [cell[i] for cell in cells] for i, name in enumerate(columns)}
