"""How scores are spread: proficiency at any cut, gaps that need no cut, the best and the worst tenth of children."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.city import SUBJECTS
from sim.measures.gaps import BANDS, EVERYBODY, FLAG_GROUPS, pairs
from sim.measures.kernels import walk_up

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CUTS = {"over_minus_1": -1.0, "over_minus_half": -0.5, "over_0": 0.0, "over_half": 0.5, "over_1": 1.0}
"""Cuts at which proficiency is always counted, SD: how a gap in percent proficient hangs on the cut."""
TENTH = 0.1


def v_gap(reference: Floats, focal: Floats) -> float:
    """Square root of 2 times the normal quantile of P(reference > focal), ties half; the mean difference in SD for two
    normals of one SD. Scores are observed ones; NaN without pupils, infinite where the groups do not overlap."""
    value = np.concatenate([reference, focal])
    order = np.argsort(value)
    label = (order >= len(reference)).astype(np.int64)[:, None]
    one_band = np.zeros(1, dtype=np.int64)
    against = ~np.eye(2, dtype=bool)
    won, _, count, _ = walk_up(value[order], np.zeros_like(order), label, against, one_band, one_band, np.zeros(0))
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


@dataclass(frozen=True)
class Spread:
    """The tested pupils of one June, by subject and band with tested pupils (cells, C) and by name (everybody, groups,
    flags; N): for pairs of names the sum over the first of how many of the second score below, ties half, and of its
    square, (C, N, N); tested (C, N); at or above each of `cuts` (C, cuts, N)."""

    names: list[str]
    cells: list[tuple[str, str]]
    pairs: list[tuple[int, int]]
    cuts: list[float]
    won: Floats
    squares: Floats
    tested: Floats
    over: Floats


def spread_of(
    grade: Ints,
    group: Ints,
    flags: dict[str, NDArray[np.bool_]],
    score: Floats,
    groups: tuple[str, ...],
    reference: str,
    focal: str,
    cut: float,
) -> Spread:
    """Put the observed scores in order and count; arrays over enrolled children, score (n, 2), NaN where not tested.

    `cut` is the one of proficiency; the pairs are those of `gaps.pairs`, as numbers of (focal, reference) names.
    """
    tested = np.nonzero(~np.isnan(score[:, 0]))[0]
    names = [EVERYBODY, *groups, *(name for yes, no in FLAG_GROUPS.values() for name in (no, yes))]
    number = {name: i for i, name in enumerate(names)}
    wanted = [(number[behind], number[ahead]) for behind, ahead in pairs(reference, focal, groups)]
    against = np.zeros((len(names), len(names)), dtype=bool)
    for low, high in wanted:
        against[low, high] = against[high, low] = True
    label = np.zeros((len(tested), 2 + len(FLAG_GROUPS)), dtype=np.int64)
    label[:, 1] = group[tested] + 1
    for f, flag in enumerate(FLAG_GROUPS):
        label[:, 2 + f] = flags[flag][tested] + (1 + len(groups) + 2 * f)
    at = grade[tested]
    there = np.bincount(at, minlength=13)
    bands = [band for band, grades in BANDS.items() if there[grades.start : grades.stop].any()]
    lowest, highest = (np.array([end(BANDS[band]) for band in bands], dtype=np.int64) for end in (min, max))
    cuts = sorted({*CUTS.values(), cut})
    found = []
    for k in range(len(SUBJECTS)):
        seen = score[tested, k]
        order = np.argsort(seen)
        found.append(walk_up(seen[order], at[order], label[order], against, lowest, highest, np.array(cuts)))
    won, squares, count, under = (np.concatenate(parts) for parts in zip(*found, strict=True))
    cells = [(subject, band) for subject in SUBJECTS for band in bands]
    return Spread(names, cells, wanted, cuts, won, squares, count, count[:, None, :] - under)


def proficiency(spread: Spread, cut: float) -> dict[str, Any]:
    """Counts of tested pupils at and above cuts, for every group and flag by subject and band, as a block of columns;
    the share is NaN without tested pupils."""
    tested = spread.tested.ravel().astype(np.int64)
    over = {name: _over(spread, at) for name, at in CUTS.items()}
    proficient = _over(spread, cut)
    return {
        "subject": [subject for subject, _ in spread.cells for _ in spread.names],
        "band": [band for _, band in spread.cells for _ in spread.names],
        "group": spread.names * len(spread.cells),
        "cut": cut,
        "tested": tested,
        "proficient": proficient,
        "share": np.where(tested > 0, proficient / np.maximum(tested, 1), np.nan),
        **over,
    }


def v_gaps(spread: Spread) -> dict[str, Any]:
    """V gaps of every pair by subject and band, as a block of columns; NaN where a group has no tested pupils or the
    two do not overlap. The standard error is that of two independent samples of pupils, by placements (DeLong)."""
    low, high = np.array(spread.pairs).T
    n_low, n_high = spread.tested[:, low].ravel(), spread.tested[:, high].ravel()
    won, square = spread.won[:, high, low].ravel(), spread.squares[:, high, low].ravel()
    lost, lost_square = spread.won[:, low, high].ravel(), spread.squares[:, low, high].ravel()
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = won / (n_low * n_high)
        # how much the placements of each side's pupils among the other side's differ
        ahead = square / (n_high * n_low**2) - chance**2
        behind = lost_square / (n_low * n_high**2) - (lost / (n_low * n_high)) ** 2
        error = np.sqrt(np.maximum(ahead, 0) / (n_high - 1) + np.maximum(behind, 0) / (n_low - 1))
        gap = _v(won, n_low * n_high)
        density = np.exp(-gap * gap / 4) / (2 * np.pi) ** 0.5
        se = 2**0.5 * error / density
    known = (chance > 0) & (chance < 1)
    steps = [spread.tested, *(spread.over[:, spread.cuts.index(cut)] for cut in CUTS.values())]
    ladder = np.stack(steps, axis=-1)
    return {
        "subject": [subject for subject, _ in spread.cells for _ in spread.pairs],
        "band": [band for _, band in spread.cells for _ in spread.pairs],
        "focal": [spread.names[pair[0]] for pair in spread.pairs] * len(spread.cells),
        "reference": [spread.names[pair[1]] for pair in spread.pairs] * len(spread.cells),
        "focal_tested": n_low.astype(np.int64),
        "reference_tested": n_high.astype(np.int64),
        "reference_ahead": chance,
        "v_gap": np.where(known, gap, np.nan),
        "v_gap_se": np.where(known & (n_low > 1) & (n_high > 1), se, np.nan),
        "v_gap_from_counts": v_gap_from_counts(
            ladder[:, high].reshape(-1, len(steps)), ladder[:, low].reshape(-1, len(steps))
        ),
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


def _over(spread: Spread, cut: float) -> Ints:
    return spread.over[:, spread.cuts.index(cut)].ravel().astype(np.int64)


def _v(won: Any, of: Any) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):
        return 2**0.5 * ndtri(np.divide(won, of))
