"""Where a change of the gap comes from: an identity that adds up exactly, between any two Junes.

A true score is background + made + response: the background path of the child (its group, income, flags, grade and
ability), what schools and passing years have made, and the part of it that a needier child got more of from the same
schools (0 unless the parameter learning.responsiveness is above 1). For every group the change of the mean of

- *made* is split over schools with midpoint weights (Griliches and Regev): with s a school's share of the group, P the
  mean of its pupils of the group, M the group's mean, a bar for the mean of both Junes and d for the change,
  within = sum of s-bar dP and movement = sum of ds (P-bar - M-bar) over schools that had pupils in both Junes;
  entry = sum of s (P - M-bar) over schools new since; exit = less the same over schools gone since. A school with
  nobody of the group in one of the Junes is in movement, at the P it has.
- *background* is split over children in the same way: ageing (those in the band both times), comers, leavers.
- *response* is a term by itself.

The terms of the gap are those of the reference less those of the focal group, as the gap itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.city import SUBJECTS
from sim.record import Panel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TERMS = ("within", "movement", "entry", "exit", "comers", "leavers", "ageing", "response")


@dataclass(frozen=True)
class Mix:
    """The pupils of one band in one June: rows of the pool and group (n,), background (n, 2), whether each school has
    pupils at all (S,), pupils by school and group (S, G), sums of what was made (S, G, 2), sums of background and of
    response (G, 2)."""

    rows: Ints
    group: Ints
    background: Floats
    open: NDArray[np.bool_]
    pupils: Floats
    made: Floats
    base: Floats
    response: Floats


def mix_of(panel: Panel, grade: Ints, group: Ints, band: range, schools: int, groups: int) -> Mix:
    """One June's pupils of a band; grade and group (n,) of the panel's children."""
    inside = np.nonzero((grade >= band.start) & (grade < band.stop))[0]
    place, mine = panel.place[inside].astype(np.int64), group[inside]
    background = panel.background[inside].astype(np.float64)
    response = panel.response[inside].astype(np.float64)
    made = panel.truth[inside] - background - response
    cell = place * groups + mine
    size = schools * groups
    return Mix(
        panel.rows[inside].astype(np.int64),
        mine,
        background,
        np.bincount(panel.place, minlength=schools) > 0,
        np.bincount(cell, minlength=size).reshape(schools, groups).astype(np.float64),
        _sums(cell, made, size).reshape(schools, groups, 2),
        _sums(mine, background, groups),
        _sums(mine, response, groups) if response.any() else np.zeros((groups, 2)),
    )


def level_changes(before: Mix, after: Mix, children: int) -> dict[str, Floats]:
    """Terms of the change of every group's mean true score, (G, 2) each, and `total`; NaN for a group that has no
    pupils in one of the Junes. children: length of the pool."""
    here, there = np.zeros(children, dtype=bool), np.zeros(children, dtype=bool)
    here[before.rows], there[after.rows] = True, True
    n_before, n_after = before.pupils.sum(axis=0), after.pupils.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = [_mean(mix) for mix in (before, after)]
        terms = _over_schools(before, after)
        terms |= _over_children(before, after, there[before.rows], here[after.rows])
        terms["response"] = after.response / n_after[:, None] - before.response / n_before[:, None]
        terms["total"] = means[1] - means[0]
    empty = (n_before == 0) | (n_after == 0)
    return {name: np.where(empty[:, None], np.nan, term) for name, term in terms.items()}


def gap_changes(changes: dict[str, Floats], pairs: list[tuple[int, int]]) -> list[dict[str, Any]]:
    """Terms of the change of the gap of (focal, reference) pairs by subject, from `level_changes`; pairs of which one
    group has no pupils are left out."""
    return [
        {
            "subject": subject,
            "focal": focal,
            "reference": reference,
            **{name: float(term[reference, k] - term[focal, k]) for name, term in changes.items()},
        }
        for k, subject in enumerate(SUBJECTS)
        for focal, reference in pairs
        if not np.isnan(changes["total"][reference, k] - changes["total"][focal, k])
    ]


def _sums(cell: Ints, values: Floats, size: int) -> Floats:
    return np.stack([np.bincount(cell, values[:, k], minlength=size) for k in range(values.shape[1])], axis=-1)


def _mean(mix: Mix) -> Floats:
    return (mix.made.sum(axis=0) + mix.base + mix.response) / mix.pupils.sum(axis=0)[:, None]


def _over_schools(before: Mix, after: Mix) -> dict[str, Floats]:
    schools, groups = after.pupils.shape
    more = schools - len(before.pupils)
    pupils = np.concatenate([before.pupils, np.zeros((more, groups))]), after.pupils
    made = np.concatenate([before.made, np.zeros((more, groups, 2))]), after.made
    was_open = np.concatenate([before.open, np.zeros(more, dtype=bool)])
    share = [count / count.sum(axis=0) for count in pupils]
    mean = [
        np.where(count[:, :, None] > 0, total / np.maximum(count, 1)[:, :, None], np.nan)
        for count, total in zip(pupils, made, strict=True)
    ]
    overall = [total.sum(axis=0) / count.sum(axis=0)[:, None] for count, total in zip(pupils, made, strict=True)]
    middle = 0.5 * (overall[0] + overall[1])
    # a school without the group in one June is taken at the mean it has in the other
    first = np.where(np.isnan(mean[0]), mean[1], mean[0])
    second = np.where(np.isnan(mean[1]), mean[0], mean[1])
    nobody = np.isnan(first)
    first, second = np.where(nobody, 0.0, first), np.where(nobody, 0.0, second)
    shift, middle_share = (share[1] - share[0])[:, :, None], (0.5 * (share[0] + share[1]))[:, :, None]
    between = shift * (0.5 * (first + second) - middle)
    goes_on, new, gone = was_open & after.open, ~was_open & after.open, was_open & ~after.open
    return {
        "within": (middle_share * (second - first))[goes_on].sum(axis=0),
        "movement": between[goes_on].sum(axis=0),
        "entry": between[new].sum(axis=0),
        "exit": between[gone].sum(axis=0),
    }


def _over_children(before: Mix, after: Mix, stays: NDArray[np.bool_], stayed: NDArray[np.bool_]) -> dict[str, Floats]:
    groups = before.pupils.shape[1]
    n = [mix.pupils.sum(axis=0) for mix in (before, after)]
    both = [
        np.bincount(mix.group[same], minlength=groups).astype(np.float64)
        for mix, same in ((before, stays), (after, stayed))
    ]
    sums = [_sums(mix.group[same], mix.background[same], groups) for mix, same in ((before, stays), (after, stayed))]
    middle = 0.5 * (before.base / n[0][:, None] + after.base / n[1][:, None])
    share = [same / count for same, count in zip(both, n, strict=True)]
    same_mean = [np.where(c[:, None] > 0, total / c[:, None], middle) for c, total in zip(both, sums, strict=True)]
    shift, middle_share = (share[1] - share[0])[:, None], (0.5 * (share[0] + share[1]))[:, None]
    ageing = middle_share * (same_mean[1] - same_mean[0])
    ageing += shift * (0.5 * (same_mean[0] + same_mean[1]) - middle)
    left, came = before.base - sums[0], after.base - sums[1]
    return {
        "ageing": ageing,
        "comers": came / n[1][:, None] - (1 - share[1])[:, None] * middle,
        "leavers": (1 - share[0])[:, None] * middle - left / n[0][:, None],
    }
