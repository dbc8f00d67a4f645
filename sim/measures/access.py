"""Who sits in good schools, how far away they are, and who got what was asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.city import GRADES
from sim.measures.gaps import EVERYBODY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RATED = (50.0, 75.0)
"""Points from which on a school counts as one of the upper half and quarter of the opening year's schools."""
NINE_IN_TEN = 0.9
OTHER_GRADES = "other"
"""Stands for all grades that are no entry grade."""


def good_school_cuts(value_added: Floats, pupils: Ints) -> tuple[float, float]:
    """Lasting value added that the upper half, and the upper quarter, of the pupils have at least in their schools;
    value_added and pupils (S,)."""
    order = np.argsort(value_added, kind="stable")
    share = np.cumsum(pupils[order]) / max(int(pupils.sum()), 1)
    half, quarter = (int(np.searchsorted(share, below, side="right")) for below in (0.5, 0.75))
    last = len(order) - 1
    return float(value_added[order[min(half, last)]]), float(value_added[order[min(quarter, last)]])


def access(
    place: Ints,
    group: Ints,
    miles: Floats,
    value_added: Floats,
    rating: Floats,
    cuts: tuple[float, float],
    groups: tuple[str, ...],
) -> dict[str, Any]:
    """Pupils in good schools and miles from home by group, as a block of columns.

    place, group, miles (n,) of the enrolled; value_added, rating (S,): rating NaN where there is none; cuts: from
    `good_school_cuts`. An entry's share is NaN without pupils.
    """
    of_school = {
        "top_half": value_added >= cuts[0],
        "top_quarter": value_added >= cuts[1],
        "rated": ~np.isnan(rating),
        "rated_50": rating >= RATED[0],
        "rated_75": rating >= RATED[1],
    }
    schools, n = len(value_added), len(groups)
    by_school = np.bincount(group * schools + place, minlength=n * schools).reshape(n, schools)
    counts = {"pupils": _with_all(by_school.sum(axis=1))}
    counts |= {name: _with_all(by_school @ good.astype(np.int64)) for name, good in of_school.items()}
    far = np.full(n, np.nan)
    for number in range(n):
        mine = miles[group == number]
        if len(mine):
            far[number] = _quantile(mine)
    total = np.bincount(group, miles, minlength=n)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.concatenate([[miles.sum()], total]) / counts["pupils"]
        everybody = _quantile(miles) if len(miles) else np.nan
        return {
            "group": [EVERYBODY, *groups],
            **counts,
            "top_half_share": counts["top_half"] / counts["pupils"],
            "top_quarter_share": counts["top_quarter"] / counts["pupils"],
            "rated_50_share": counts["rated_50"] / counts["rated"],
            "rated_75_share": counts["rated_75"] / counts["rated"],
            "miles": mean,
            "miles_p90": np.concatenate([[everybody], far]),
        }


def matches(list_place: Ints, group: Ints, groups: tuple[str, ...]) -> dict[str, Any]:
    """Match rates by group, as a block of columns. list_place (n,): which school of its list a child got, 1 the first;
    -1 none of them, 0 no list."""
    n = len(groups)
    # none of the list, no list, the first, a later one
    got = np.bincount(group * 4 + np.clip(list_place, -1, 2) + 1, minlength=4 * n).reshape(n, 4)
    counts = {
        "choosers": _with_all(got[:, 0] + got[:, 2] + got[:, 3]),
        "first_choice": _with_all(got[:, 2]),
        "on_list": _with_all(got[:, 2] + got[:, 3]),
    }
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "group": [EVERYBODY, *groups],
            **counts,
            "first_choice_share": counts["first_choice"] / counts["choosers"],
            "on_list_share": counts["on_list"] / counts["choosers"],
        }


def entry_matches(
    list_place: Ints, grade: Ints, group: Ints, groups: tuple[str, ...], entry_grades: tuple[int, ...]
) -> dict[str, Any]:
    """Match rates by entry grade and group, as a block of columns that add up over the grades; list_place (n,) as for
    `matches`, grade and group (n,)."""
    n, kinds = len(groups), len(entry_grades) + 1
    at = np.full(len(GRADES), kinds - 1)
    at[list(entry_grades)] = range(kinds - 1)
    # none of the list, no list, the first, the second, the third, a later one
    got = np.bincount((at[grade] * n + group) * 6 + np.clip(list_place, -1, 4) + 1, minlength=6 * kinds * n)
    got = got.reshape(kinds, n, 6)
    got = np.concatenate([got.sum(axis=1, keepdims=True), got], axis=1).reshape(-1, 6)
    names = ["K" if entry == 0 else str(entry) for entry in entry_grades]
    return {
        "grade": [name for name in (*names, OTHER_GRADES) for _ in range(n + 1)],
        "group": [EVERYBODY, *groups] * kinds,
        "choosers": got.sum(axis=1) - got[:, 1],
        "first_choice": got[:, 2],
        "first_three": got[:, 2:5].sum(axis=1),
        "on_list": got[:, 2:].sum(axis=1),
    }


def _with_all(count: Ints) -> Ints:
    return np.concatenate([[count.sum()], count])


def _quantile(values: Floats) -> float:
    """The smallest value that nine in ten do not exceed."""
    at = min(int(np.ceil(NINE_IN_TEN * len(values))), len(values)) - 1
    return float(np.partition(values, at)[at])
