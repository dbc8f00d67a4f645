"""Explores a plan: candidates by draws of the parameters, what each comes to, where it fails, which are robust."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.explore.candidates import Candidate
from calibration.explore.discovery import Box, Checked, check_box, columns_of, find_box
from calibration.explore.levers import Lever
from calibration.explore.robust import to_pick_from
from calibration.extras import EXPLORE, module_of
from calibration.points.evaluating import How, evaluate
from calibration.points.outcomes import CAPITAL, DISPLACED, DOLLARS, GAP, chosen
from calibration.points.refused import NotPossible
from sim.draws import Draw
from sim.plan import Plan

Floats = NDArray[np.float64]
BAD = 0.9
"""The share of the draws in which regret is no larger, and what is closed no smaller, than what is told."""


@dataclass(frozen=True)
class Wanted:
    """When a plan fails (the gap closes by less than `closes`, or a group's level falls by more than `falls`, SD), and
    what may be spent: `budget` dollars of recorded cost and `capital` points over all years, means over the draws."""

    closes: float = 0.02
    falls: float = 0.0
    budget: float | None = None
    capital: float | None = None
    subject: str = "math"


@dataclass(frozen=True)
class Explored:
    """What was found. `table`: candidate, draw and outcomes, mean over seeds; `plans`: one row a candidate, see
    `summed_up`; `picks`: those to pick from; `box` and `checked`: where they fail, None where there is no such corner.
    `columns`: settings and unknowns of the table's rows, as numbers."""

    year: int
    baseline: str
    wanted: Wanted
    levers: tuple[Lever, ...]
    candidates: tuple[Candidate, ...]
    groups: tuple[str, ...]
    table: pd.DataFrame
    fails: NDArray[np.bool_]
    plans: pd.DataFrame
    picks: pd.DataFrame
    columns: pd.DataFrame
    box: Box | None
    checked: Checked | None
    draws: int
    seeds: int
    failed: int

    def candidate(self, name: str) -> Candidate:
        """One of the candidates."""
        return next(one for one in self.candidates if one.name == name)


def explore(
    found: Sequence[Candidate],
    baseline: Plan,
    levers: Sequence[Lever],
    draws: Sequence[Draw],
    seeds: int,
    wanted: Wanted,
    unknowns: Sequence[str] | None = None,
    how: How | None = None,
) -> Explored:
    """Run every candidate beside the baseline at every draw and seed, and look where they fail and which are robust.

    `unknowns` are the parameters that a corner may be told by, all that are drawn if None. Raises NotPossible where a
    capital limit is asked for without politics and where nothing was finished, ExtraMissing without EMA Workbench.
    """
    plans = [one.plan for one in found]
    check_asked(wanted, plans[0])
    done = evaluate(plans, draws, range(seeds), baseline=baseline, how=how)
    if done.table.empty:
        raise NotPossible(f"no run was finished: {done.failed[0].reason}")
    table = done.table.drop(columns="seed").groupby(["plan", "draw"], sort=False).mean().reset_index()
    outcomes = chosen(table, plans[0].city.groups, wanted.subject)
    outcomes = [name for name in outcomes if table[name].notna().all()]
    groups = tuple(name for name in outcomes if name not in (DISPLACED, f"{GAP} {wanted.subject}"))
    if f"{GAP} {wanted.subject}" not in outcomes:
        raise NotPossible(f"there is no gap in {wanted.subject} to look at: no tested pupils in both groups")
    table = table.assign(closes=-table[f"{GAP} {wanted.subject}"], worst_level=table[list(groups)].min(axis=1))
    fails = failing(table, wanted)
    by_number = {draw.number: draw.changes for draw in draws}
    settings = pd.DataFrame([dict(next(c for c in found if c.name == name).settings) for name in table["plan"]])
    values = pd.DataFrame([dict(by_number[number]) for number in table["draw"]])
    if unknowns is not None:
        values = values[[name for name in values if name in unknowns]]
    columns = columns_of(settings, levers, values)
    worlds = table["draw"].to_numpy(np.int64)
    box = find_box(columns, fails)
    checked = check_box(columns, fails, worlds) if box is not None and len(np.unique(worlds)) >= 4 else None
    summed = summed_up(table, fails, wanted)
    within = summed[summed["within"]]
    return Explored(
        plans[0].years.last,
        baseline.name,
        wanted,
        tuple(levers),
        tuple(found),
        groups,
        table,
        fails,
        summed,
        to_pick_from(within) if len(within) else within,
        columns,
        box,
        checked,
        len(draws),
        seeds,
        len(done.failed),
    )


def failing(table: pd.DataFrame, wanted: Wanted) -> NDArray[np.bool_]:
    """Which rows (a candidate at a draw) fail, (n,)."""
    fails: NDArray[np.bool_] = ((table["closes"] < wanted.closes) | (table["worst_level"] < -wanted.falls)).to_numpy(
        bool
    )
    return fails


def summed_up(table: pd.DataFrame, fails: NDArray[np.bool_], wanted: Wanted) -> pd.DataFrame:
    """One row a candidate over the draws.

    Columns: plan; closes, worst_level (of the group that fares worst), dollars, displaced, capital (means); closes_bad
    (at least this in nine draws of ten); regret_bad (how far what it closes falls short of the best candidate within
    the limits, or of doing nothing, at the same draw; exceeded in one draw of ten); satisfies (share of draws without
    failure); within (budget and capital).
    """
    names = list(dict.fromkeys(table["plan"]))
    by_plan = table.assign(fails=fails)
    closes = by_plan.pivot(index="draw", columns="plan", values="closes")[names]
    fine = closes.dropna().index
    numbers = closes.loc[fine].to_numpy(float)
    well = ~by_plan.pivot(index="draw", columns="plan", values="fails").loc[fine, names].to_numpy(bool)
    kept = by_plan[by_plan["draw"].isin(fine)].groupby("plan", sort=False)
    mean = kept[["worst_level", DOLLARS, DISPLACED, CAPITAL]].mean().loc[names]
    within = np.ones(len(names), dtype=bool)
    if wanted.budget is not None:
        within &= (mean[DOLLARS] <= wanted.budget).to_numpy(bool)
    if wanted.capital is not None:
        within &= (mean[CAPITAL] <= wanted.capital).to_numpy(bool)
    # what nobody may spend is no plan to regret; doing nothing always is
    best = np.maximum(numbers[:, within].max(axis=1, initial=0.0), 0.0)
    found = pd.DataFrame(
        {
            "plan": names,
            "closes": numbers.mean(axis=0),
            "closes_bad": np.quantile(numbers, 1 - BAD, axis=0),
            "worst_level": mean["worst_level"].to_numpy(float),
            "regret_bad": np.quantile(np.maximum(best[:, None] - numbers, 0.0), BAD, axis=0),
            "satisfies": well.mean(axis=0),
            DOLLARS: mean[DOLLARS].to_numpy(float),
            DISPLACED: mean[DISPLACED].to_numpy(float),
            CAPITAL: mean[CAPITAL].to_numpy(float),
            "within": within,
        }
    )
    return found


def check_asked(wanted: Wanted, plan: Plan) -> None:
    """See to it, before anything runs, that what is asked for can be had. Raises NotPossible and ExtraMissing."""
    if wanted.capital is not None and plan.politics == "off":
        raise NotPossible("--capital needs politics: add --set politics=fixed, or on; nothing was run")
    module_of("ema_workbench.analysis.prim", EXPLORE)
