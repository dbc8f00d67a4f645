"""How scores are spread: proficiency at any cut, gaps that need no cut, the best and the worst tenth of children."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.city import GRADES, SUBJECTS
from sim.measures.gaps import BANDS, EVERYBODY, FLAG_GROUPS, pairs
from sim.measures.kernels import pairs_won

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CUTS = (-1.0, -0.5, 0.0, 0.5, 1.0)
"""Cuts at which proficiency is always counted, SD: how a gap in percent proficient hangs on the cut."""
LADDER = ("tested", "over_minus_1", "over_minus_half", "over_0", "over_half", "over_1")
TENTH = 0.1


def v_gap(reference: Floats, focal: Floats) -> float:
    """Square root of 2 times the normal quantile of P(reference > focal), ties half; the mean difference in SD for two
    normals of one SD. Scores are observed ones; NaN without pupils, infinite where the groups do not overlap."""
    value = np.concatenate([reference, focal])
    order = np.argsort(value, kind="stable")
    label = (order >= len(reference)).astype(np.int64)[:, None]
    one_band = np.zeros(1, dtype=np.int64)
    won, _, count = pairs_won(value[order], np.zeros_like(order), label, ~np.eye(2, dtype=bool), one_band, one_band)
    return float(_v(won[0, 0, 1], count[0, 0] * count[0, 1]))


def v_gap_from_counts(reference: Ints, focal: Ints) -> Floats:
    """V gaps (n,) from counts alone. Counts (n, cuts + 1): all tested, then those at or above each cut, rising cuts.

    The normal quantiles of both shares are one straight line if both groups are normal in some common scale; it is
    fitted over the cuts (by least squares; with one usable cut its slope is 1). NaN where no cut divides both groups.
    """
    high, low = (count[:, 1:] / np.maximum(count[:, :1], 1) for count in (reference, focal))
    use = (high > 0) & (high < 1) & (low > 0) & (low < 1)
    y, x = (np.where(use, ndtri(np.where(use, share, 0.5)), 0.0) for share in (high, low))
    n = use.sum(axis=1)
    y_mean, x_mean = y.sum(axis=1) / np.maximum(n, 1), x.sum(axis=1) / np.maximum(n, 1)
    dx = np.where(use, x - x_mean[:, None], 0.0)
    spread = (dx * dx).sum(axis=1)
    slope = np.where(spread > 0, (dx * y).sum(axis=1) / np.where(spread > 0, spread, 1.0), 1.0)
    gap = 2**0.5 * (y_mean - slope * x_mean) / np.sqrt(1 + slope * slope)
    return np.where(n > 0, gap, np.nan)


def proficiency(
    grade: Ints, group: Ints, flags: dict[str, NDArray[np.bool_]], score: Floats, groups: tuple[str, ...], cut: float
) -> dict[str, Any]:
    """Counts of tested pupils at and above cuts, for every group and flag by band and subject, as a block of columns.

    Arrays over enrolled children; score (n, 2), NaN where not tested. Bands without tested pupils are left out.
    """
    order = np.argsort([*CUTS, cut], kind="stable")
    cuts = np.array([*CUTS, cut])[order]
    given = int(np.nonzero(order == len(CUTS))[0][0])
    tested = ~np.isnan(score[:, 0])
    kind = group[tested]
    for flag in FLAG_GROUPS:
        kind = kind * 2 + flags[flag][tested]
    shape = (len(GRADES), len(groups), 2, 2, 2, len(cuts) + 1)
    width = len(cuts) + 1
    cell = (grade[tested] * (len(groups) * 8) + kind) * width
    names = [EVERYBODY, *groups, *(name for yes, no in FLAG_GROUPS.values() for name in (no, yes))]
    blocks = []
    for k, subject in enumerate(SUBJECTS):
        bin_of = np.searchsorted(cuts, score[tested, k], side="right")
        counts = np.bincount(cell + bin_of, minlength=int(np.prod(shape))).reshape(shape)
        # how many lie at or above each cut: bins summed from the top
        above = np.flip(np.cumsum(np.flip(counts, axis=-1), axis=-1), axis=-1)
        for band, grades in BANDS.items():
            mine = above[grades.start : grades.stop].sum(axis=0)
            table = np.concatenate(
                [
                    mine.sum(axis=(0, 1, 2, 3))[None],
                    mine.sum(axis=(1, 2, 3)),
                    *(mine.sum(axis=tuple(a for a in range(4) if a != 1 + f)) for f in range(len(FLAG_GROUPS))),
                ]
            )
            if table[0, 0]:
                blocks.append((subject, band, table))
    whole = np.concatenate([table for _, _, table in blocks]) if blocks else np.zeros((0, width), dtype=np.int64)
    at = {cuts_at: 1 + int(np.nonzero(order == n)[0][0]) for n, cuts_at in enumerate(CUTS)}
    proficient = whole[:, 1 + given]
    return {
        "subject": [subject for subject, _, _ in blocks for _ in names],
        "band": [band for _, band, _ in blocks for _ in names],
        "group": names * len(blocks),
        "cut": cut,
        "tested": whole[:, 0],
        "proficient": proficient,
        "share": _share(proficient, whole[:, 0]),
        "over_minus_1": whole[:, at[-1.0]],
        "over_minus_half": whole[:, at[-0.5]],
        "over_0": whole[:, at[0.0]],
        "over_half": whole[:, at[0.5]],
        "over_1": whole[:, at[1.0]],
    }


def v_gaps(
    grade: Ints,
    group: Ints,
    flags: dict[str, NDArray[np.bool_]],
    score: Floats,
    groups: tuple[str, ...],
    reference: str,
    focal: str,
    counted: dict[str, Any],
) -> dict[str, Any]:
    """V gaps of every pair of `gaps.pairs` by band and subject, as a block of columns; arrays as in `proficiency`,
    whose block is `counted`. The standard error is that of two independent samples of pupils (by placements)."""
    tested = np.nonzero(~np.isnan(score[:, 0]))[0]
    names = [*groups, *(name for yes, no in FLAG_GROUPS.values() for name in (no, yes))]
    number = {name: i for i, name in enumerate(names)}
    wanted = [(number[behind], number[ahead]) for behind, ahead in pairs(reference, focal, groups)]
    against = np.zeros((len(names), len(names)), dtype=bool)
    for low, high in wanted:
        against[low, high] = against[high, low] = True
    label = np.empty((len(tested), 1 + len(FLAG_GROUPS)), dtype=np.int64)
    label[:, 0] = group[tested]
    for f, flag in enumerate(FLAG_GROUPS):
        label[:, 1 + f] = flags[flag][tested] + (len(groups) + 2 * f)
    measured = list(dict.fromkeys(zip(counted["subject"], counted["band"], strict=True)))
    bands = [band for band in BANDS if (SUBJECTS[0], band) in measured]
    lowest, highest = (np.array([end(BANDS[band]) for band in bands], dtype=np.int64) for end in (min, max))
    ladder = np.stack([counted[name] for name in LADDER], axis=1).reshape(len(SUBJECTS), len(bands), -1, len(LADDER))
    numbers, steps = [], []
    for k in range(len(SUBJECTS)):
        seen = score[tested, k]
        order = np.argsort(seen)
        won, squares, count = pairs_won(seen[order], grade[tested][order], label[order], against, lowest, highest)
        for b in range(len(bands)):
            for low, high in wanted:
                numbers.append(
                    (
                        *(count[b, low], count[b, high]),
                        *(won[b, high, low], squares[b, high, low], won[b, low, high], squares[b, low, high]),
                    )
                )
                # everybody comes first in the counts
                steps.append((ladder[k, b, 1 + high], ladder[k, b, 1 + low]))
    cells = [(subject, band, *pair) for subject in SUBJECTS for band in bands for pair in wanted]
    table, counts = np.array(numbers).reshape(-1, 6), np.array(steps).reshape(-1, 2, len(LADDER))
    n_low, n_high, won, square, lost, lost_square = table.T
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = won / (n_low * n_high)
        # variance of the chance by placements: spread of each side's own placements over its size
        ahead_spread = square / (n_high * n_low**2) - chance**2
        behind_spread = lost_square / (n_low * n_high**2) - (lost / (n_low * n_high)) ** 2
        error = np.sqrt(np.maximum(ahead_spread, 0) / (n_high - 1) + np.maximum(behind_spread, 0) / (n_low - 1))
        gap = _v(won, n_low * n_high)
        density = np.exp(-gap * gap / 4) / (2 * np.pi) ** 0.5
        se = 2**0.5 * error / density
    known = (chance > 0) & (chance < 1)
    return {
        "subject": [cell[0] for cell in cells],
        "band": [cell[1] for cell in cells],
        "focal": [names[cell[2]] for cell in cells],
        "reference": [names[cell[3]] for cell in cells],
        "focal_tested": n_low.astype(np.int64),
        "reference_tested": n_high.astype(np.int64),
        "reference_ahead": chance,
        "v_gap": np.where(known, gap, np.nan),
        "v_gap_se": np.where(known & (n_low > 1) & (n_high > 1), se, np.nan),
        "v_gap_from_counts": v_gap_from_counts(counts[:, 0], counts[:, 1]),
    }


def tails(grade: Ints, truth: Floats) -> dict[str, Any]:
    """Mean true score of the lowest and the highest tenth of the enrolled, by subject, bands 3-8 and high; truth
    (n, 2). A tenth is rounded up, so that there is somebody in it; NaN in a band without pupils."""
    columns: dict[str, list[Any]] = {name: [] for name in ("subject", "band", "tail", "pupils", "true_mean")}
    for band in ("3-8", "high"):
        inside = np.nonzero((grade >= BANDS[band].start) & (grade < BANDS[band].stop))[0]
        size, n = int(np.ceil(TENTH * len(inside))), len(inside)
        for k, subject in enumerate(SUBJECTS):
            ranked = truth[inside, k]
            if n > size:
                ranked.partition([size, n - size - 1])
            for tail, part in (("bottom tenth", ranked[:size]), ("top tenth", ranked[n - size :])):
                values = (subject, band, tail, size, float(part.mean()) if size else float("nan"))
                for name, value in zip(columns, values, strict=True):
                    columns[name].append(value)
    return columns


def _v(won: Any, of: Any) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):
        return 2**0.5 * ndtri(np.divide(won, of))


def _share(part: Ints, of: Ints) -> Floats:
    return np.where(of > 0, part / np.maximum(of, 1), np.nan)
