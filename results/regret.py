"""Regret: how far each plan stays behind the best one, run by run, when the same luck and parameters meet them all."""

from __future__ import annotations

import math

import pandas as pd

from results import tables
from results.tables import Ensemble

GAP_CLOSED = "gap closed"
WORST_LEVEL = "level of the group that fares worst"
MEASURES = (GAP_CLOSED, WORST_LEVEL)
WORST = 0.1
"""The share of the runs that the worst tenth is."""
FEWEST = 30
"""Children in the band below which a group's level says more of a few families than of a plan."""


def outcomes(ensemble: Ensemble, subject: str, band: str = tables.HEADLINE_BAND) -> pd.DataFrame:
    """What every plan reaches at the horizon in every run: measure, plan, draw, seed, value in SD; more is better.

    `gap closed` is baseline less plan in the gap of the city's own two groups; the other measure is the least of all
    groups' level differences, plan less baseline. Both are 0 for the baseline, which is one of the plans.
    """
    city, run = ensemble.plans[0].city, list(tables.RUN)
    cell = {"subject": subject, "band": band, "year": tables.horizon(ensemble)}
    gaps = tables.choose(tables.paired_gap(ensemble), **cell, focal=city.focal_group, reference=city.reference_group)
    levels = tables.choose(tables.paired_level(ensemble), **cell)
    levels = levels[levels["group"].isin(city.groups)]
    many = levels.groupby("group")["pupils"].mean() >= FEWEST
    levels = levels[levels["group"].isin(many.index[many])]
    worst = levels.groupby(["plan", *run], sort=False)["difference"].min().reset_index()
    parts = []
    for measure, found, sign in ((GAP_CLOSED, gaps, -1.0), (WORST_LEVEL, worst, 1.0)):
        told = found[["plan", *run]].assign(measure=measure, value=sign * found["difference"])
        base = told[run].drop_duplicates().assign(plan=ensemble.baseline, measure=measure, value=0.0)
        parts += [base, told]
    return pd.concat(parts, ignore_index=True)[["measure", "plan", *run, "value"]].dropna()


def regret(ensemble: Ensemble, subject: str, band: str = tables.HEADLINE_BAND) -> pd.DataFrame:
    """One row for each measure and plan: expected, worst_tenth, best, runs.

    A plan's regret in a run is what the best plan of that run reaches less what it reaches itself, SD: never below 0,
    less is better. `expected` is its mean, `worst_tenth` the mean over the tenth of the runs (at least one) in which
    it is largest, `best` the share of the runs in which no plan does better. Runs that lack a plan are left out.
    Source: Savage 1951, JASA 46(253), for regret; Rockafellar & Uryasev 2000, J. Risk 2(3), for the mean of the tail.
    """
    wide = (
        outcomes(ensemble, subject, band).pivot(index=["measure", *tables.RUN], columns="plan", values="value").dropna()
    )
    lost = wide.max(axis=1).to_numpy()[:, None] - wide
    rows = []
    for measure in MEASURES:
        of_measure = lost[lost.index.get_level_values("measure") == measure]
        worst = max(1, math.ceil(WORST * len(of_measure) - 1e-9))
        for plan in (plan.name for plan in ensemble.plans if plan.name in lost and len(of_measure)):
            mine = of_measure[plan].sort_values(ascending=False)
            rows.append(
                {
                    **{"measure": measure, "plan": plan, "expected": float(mine.mean())},
                    "worst_tenth": float(mine.head(worst).mean()),
                    "best": float((mine == 0).mean()),
                    "runs": len(mine),
                }
            )
    return pd.DataFrame(rows, columns=["measure", "plan", "expected", "worst_tenth", "best", "runs"])
