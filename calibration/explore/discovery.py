"""Scenario discovery: in which corner of settings and unknowns a plan fails, and whether that corner is an accident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.explore.levers import Lever, said
from calibration.explore.prim import Limits, peeled
from sim.parameters import declared

Bools = NDArray[np.bool_]
MOST_LIMITS = 3
"""Limits in a box that a person keeps in mind."""
MOST_COLUMNS = 8
"""Columns looked at, those whose ranks go most with failing: with few worlds and many unknowns, some unknown always
fits by chance."""
NEARLY_ALL = 0.95
"""Share of failures from which on no corner is looked for: it could hardly fail more often than everything."""
HALVES = 10
IS = " = "


@dataclass(frozen=True)
class Box:
    """A corner: `limits` by column. `coverage`: share of all failures in it; `density`: share of it that fails;
    `points` in it, of `of`; `rate`: share of everything that fails."""

    limits: Limits
    coverage: float
    density: float
    points: int
    of: int
    rate: float


@dataclass(frozen=True)
class Checked:
    """Boxes found on half the worlds and met by the other half, which the search never saw: mean `density` there, mean
    `rate` of failing there, in how many of `halves` the box failed more often than everything (`better`), and how
    often each column was among a box's limits."""

    halves: int
    density: float
    rate: float
    better: int
    limited: Mapping[str, int]

    @property
    def holds(self) -> bool:
        """Whether the corner is there in new worlds too: denser than everything in nine halves of ten."""
        return self.halves > 0 and self.better >= 0.9 * self.halves


def columns_of(settings: pd.DataFrame, levers: Sequence[Lever], unknowns: pd.DataFrame) -> pd.DataFrame:
    """Settings and unknowns as numbers: a lever of words becomes a column of 0 and 1 for each of its values."""
    found: dict[str, Any] = {}
    for lever in levers:
        if lever.is_number:
            found[lever.key] = settings[lever.key].to_numpy(float)
            continue
        for choice in lever.choices:
            here = [value == choice for value in settings[lever.key]]
            found[f"{lever.key}{IS}{said(choice)}"] = np.array(here, dtype=float)
    return pd.DataFrame(found | {name: unknowns[name].to_numpy(float) for name in unknowns})


def inside(x: pd.DataFrame, limits: Limits) -> Bools:
    """Which rows lie in a box, (n,)."""
    found = np.ones(len(x), dtype=bool)
    for name, (low, high) in limits.items():
        values = x[name].to_numpy(float)
        found &= (values >= low) & (values <= high)
    return found


def find_box(x: pd.DataFrame, fails: Bools, most: int = MOST_LIMITS) -> Box | None:
    """The corner of at most `most` limits that best combines coverage and density (their harmonic mean); None where
    nearly all fails, nothing does, or no corner fails more often than everything."""
    if fails.mean() >= NEARLY_ALL or not fails.any():
        return None
    seen = x[_that_go_with(x, fails)]
    best: Box | None = None
    for limits in peeled(seen, fails):
        if not 0 < len(limits) <= most:
            continue
        box = _measured(x, fails, limits)
        if box.density > box.rate and (best is None or _merit(box) > _merit(best) + 1e-12):
            best = box
    return _fewer_limits(x, fails, best) if best is not None else None


def check_box(x: pd.DataFrame, fails: Bools, worlds: NDArray[np.int64], halves: int = HALVES, seed: int = 1) -> Checked:
    """Find a box on half of the worlds, the whole search with it, and meet the other half; `halves` times.

    The halves are of worlds, not of rows: rows of one world share all their unknowns. Halves without a box, or without
    a row of the other half in it, count as not better.
    """
    luck, kinds = np.random.default_rng(seed), np.unique(worlds)
    densities, rates, better, limited = [], [], 0, dict[str, int]()
    for _ in range(halves):
        mine = np.isin(worlds, luck.choice(kinds, len(kinds) // 2, replace=False))
        box = find_box(x[mine], fails[mine])
        rates.append(float(fails[~mine].mean()))
        if box is None:
            continue
        for name in box.limits:
            limited[name] = limited.get(name, 0) + 1
        there = inside(x[~mine], box.limits)
        if there.any():
            densities.append(float(fails[~mine][there].mean()))
            better += densities[-1] > rates[-1]
    density = float(np.mean(densities)) if densities else float("nan")
    return Checked(halves, density, float(np.mean(rates)), better, limited)


def in_words(box: Box, x: pd.DataFrame) -> list[str]:
    """Each limit as a clause, in the words of the lever or of the parameter's card."""
    return [_clause(name, *ends, x[name].to_numpy(float)) for name, ends in box.limits.items()]


def _clause(name: str, low: float, high: float, values: NDArray[np.float64]) -> str:
    if IS in name:
        key, _, value = name.partition(IS)
        return f"{key} is {value}" if low > 0.5 else f"{key} is not {value}"
    parameter = declared().get(name)
    unit = f" {parameter.unit}" if parameter else ""
    at_bottom, at_top = low <= values.min(), high >= values.max()
    if at_bottom:
        limit = f"is {high:.3g}{unit} or less"
    elif at_top:
        limit = f"is {low:.3g}{unit} or more"
    else:
        limit = f"is between {low:.3g} and {high:.3g}{unit}" if low < high else f"is {low:.3g}{unit}"
    meaning = f" ({parameter.meaning[0].lower()}{parameter.meaning[1:]})" if parameter else ""
    return f"{name} {limit}{meaning}"


def _that_go_with(x: pd.DataFrame, fails: Bools) -> list[str]:
    ranks = x.rank().to_numpy(float)
    ranks = ranks - ranks.mean(axis=0)
    sized = np.sqrt((ranks**2).sum(axis=0))
    failing = fails - fails.mean()
    with np.errstate(invalid="ignore", divide="ignore"):
        going = np.abs(ranks.T @ failing) / (sized * np.sqrt((failing**2).sum()))
    order = np.argsort(-np.nan_to_num(going), kind="stable")
    return [str(x.columns[k]) for k in sorted(order[:MOST_COLUMNS]) if sized[k] > 0]


def _measured(x: pd.DataFrame, fails: Bools, limits: Limits) -> Box:
    here = inside(x, limits)
    hits = int((here & fails).sum())
    return Box(limits, hits / fails.sum(), hits / max(here.sum(), 1), int(here.sum()), len(x), float(fails.mean()))


def _merit(box: Box) -> float:
    both = box.coverage + box.density
    return 2 * box.coverage * box.density / both if both else 0.0


def _fewer_limits(x: pd.DataFrame, fails: Bools, box: Box) -> Box:
    """Without the limits that add next to nothing."""
    for name in list(box.limits):
        rest = {other: ends for other, ends in box.limits.items() if other != name}
        if rest and _merit(_measured(x, fails, rest)) >= _merit(box) - 0.01:
            box = _measured(x, fails, rest)
    return box
