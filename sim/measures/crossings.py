"""Groups crossed with flags: levels of low-income Black pupils, say, and gaps among pupils of the same flag."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.city import GRADES, SUBJECTS
from sim.measures.gaps import BANDS, FLAG_GROUPS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CROSSED_BANDS = ("3-8", "high")


def crossed_sums(
    grade: Ints, group: Ints, flags: dict[str, NDArray[np.bool_]], truth: Floats, score: Floats, groups: int
) -> Floats:
    """Sums by subject, band of `CROSSED_BANDS`, group, flag and whether it is set, (2, 2, G, 3, 2, 5): pupils, tested,
    then sums of truth, of score and of squared score. Arrays over enrolled children; truth and score (n, 2), score NaN
    where not tested."""
    tested = np.nonzero(~np.isnan(score[:, 0]))[0]
    shape = (len(GRADES), groups, *(2 for _ in FLAG_GROUPS))
    cell = grade * groups + group
    for flag in FLAG_GROUPS:
        cell = cell * 2 + flags[flag]
    size, of_tested = int(np.prod(shape)), cell[tested]
    pupils = np.bincount(cell, minlength=size)
    counted = np.bincount(of_tested, minlength=size)
    out = np.zeros((len(SUBJECTS), len(CROSSED_BANDS), groups, len(FLAG_GROUPS), 2, 5))
    for k in range(len(SUBJECTS)):
        seen = score[tested, k]
        columns = (
            pupils,
            counted,
            np.bincount(cell, truth[:, k], minlength=size),
            np.bincount(of_tested, seen, minlength=size),
            np.bincount(of_tested, seen * seen, minlength=size),
        )
        sums = np.stack(columns, axis=-1).reshape(*shape, len(columns))
        for b, band in enumerate(CROSSED_BANDS):
            mine = sums[BANDS[band].start : BANDS[band].stop].sum(axis=0)
            for f in range(len(FLAG_GROUPS)):
                out[k, b, :, f] = mine.sum(axis=tuple(1 + other for other in range(len(FLAG_GROUPS)) if other != f))
    return out


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
