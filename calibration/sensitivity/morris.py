"""Morris screening: one parameter at a time moved across its range from many starting points.

Source: Morris 1991 (elementary effects), Campolongo et al. 2007 (mu*); the design and its measures are SALib's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.extras import EXPLORE, module_of
from calibration.points.refused import NotPossible

Floats = NDArray[np.float64]
LEVELS = 4
STEP = LEVELS / (2 * (LEVELS - 1))
"""How far a parameter is moved, as a share of its range."""
CONFIDENCE = 0.9
MOST_TRIED = 40
"""Trajectories drawn for each that is wanted, where a city rules some out."""
HALF_NORMAL = float(np.sqrt(2 / np.pi))
"""Mean size of a normal number of SD 1."""


@dataclass(frozen=True)
class Trajectories:
    """A design, (t * (g + 1), k) from 0 to 1: in each of t trajectories one of g parameters, or all those of a group,
    moves at each step."""

    points: Floats
    names: tuple[str, ...]
    groups: tuple[str, ...] | None
    seed: int

    @property
    def moved(self) -> tuple[str, ...]:
        """What moves at the steps: parameters, or groups of them."""
        return self.names if self.groups is None else tuple(dict.fromkeys(self.groups))

    @property
    def count(self) -> int:
        """Trajectories."""
        return len(self.points) // (len(self.moved) + 1)

    def problem(self) -> dict[str, Any]:
        """The design in SALib's words."""
        names = list(self.names)
        found: dict[str, Any] = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
        return found if self.groups is None else found | {"groups": list(self.groups)}


def trajectories(
    names: Sequence[str],
    count: int,
    *,
    groups: Sequence[str] | None = None,
    allowed: Callable[[Floats], NDArray[np.bool_]] | None = None,
    seed: int = 1,
) -> Trajectories:
    """`count` random trajectories; with `allowed` (which of the points (n, k) may be run) only whole ones that may.

    Raises NotPossible when too few of those that were drawn may be run, and ExtraMissing without SALib.
    """
    sample = module_of("SALib.sample.morris", EXPLORE).sample
    whole = Trajectories(np.empty((0, len(names))), tuple(names), None if groups is None else tuple(groups), seed)
    drawn = count * (MOST_TRIED if allowed else 1)
    points = sample(whole.problem(), drawn, num_levels=LEVELS, seed=seed)
    blocks = points.reshape(drawn, -1, len(names))
    kept = []
    for block in blocks:
        if allowed is None or allowed(block).all():
            kept.append(block)
            if len(kept) == count:
                return Trajectories(np.concatenate(kept), whole.names, whole.groups, seed)
    raise NotPossible(f"only {len(kept)} of {drawn} trajectories are possible in this city; {count} were asked for")


def screened(design: Trajectories, values: Floats) -> pd.DataFrame:
    """Morris measures of one outcome from its `values` (points, seeds), the same seeds at every point.

    Columns: name, mu (mean effect of crossing the whole range), mu_star (mean size of it), error (half the 90% interval
    of mu_star), sigma (SD of the effect between starting points), luck (the mu_star that luck alone would show with so
    many seeds; NaN with one), net (mu_star without it). Of a group of parameters mu and sigma are NaN, as they move
    different ways.
    """
    analyze = module_of("SALib.analyze.morris", EXPLORE).analyze
    measured = analyze(
        design.problem(),
        design.points,
        values.mean(axis=1),
        num_levels=LEVELS,
        num_resamples=200,
        conf_level=CONFIDENCE,
        seed=design.seed,
    )
    rows = pd.DataFrame({key: np.asarray(measured[key], float) for key in ("mu", "mu_star", "mu_star_conf", "sigma")})
    rows.insert(0, "name", [str(name) for name in measured["names"]])
    if design.groups is not None:
        rows[["mu", "sigma"]] = np.nan
    rows = rows.rename(columns={"mu_star_conf": "error"})
    luck = luck_alone(design, values)
    rows["luck"] = [luck[name] for name in rows["name"]]
    rows["net"] = np.sqrt(np.maximum(rows["mu_star"] ** 2 - rows["luck"].fillna(0.0) ** 2, 0.0))
    return rows


def luck_alone(design: Trajectories, values: Floats) -> dict[str, float]:
    """The mu_star that would be seen of something without effect, from how far its effects differ between seeds."""
    seeds = values.shape[1]
    if seeds < 2:
        return dict.fromkeys(design.moved, float("nan"))
    moves = np.diff(values.reshape(design.count, -1, seeds), axis=1) / STEP
    spread = np.sqrt(moves.var(axis=2, ddof=1) / seeds)
    which = np.abs(np.diff(design.points.reshape(design.count, -1, len(design.names)), axis=1)).argmax(axis=2)
    of_column = np.array(design.names if design.groups is None else design.groups)
    return {name: HALF_NORMAL * float(spread[of_column[which] == name].mean()) for name in design.moved}


def that_matter(rows: pd.DataFrame, explained: float = 0.8, most: int = 8) -> list[str]:
    """The fewest names that make up the share `explained` of the sum of `net`, at most `most`."""
    ordered = rows[rows["net"] > 0].sort_values(["net", "name"], ascending=[False, True])
    if ordered.empty:
        return []
    reached = ordered["net"].cumsum() / ordered["net"].sum()
    return list(ordered["name"].iloc[: min(most, int((reached < explained - 1e-12).sum()) + 1)])
