"""Least squares with several sets of fixed effects, several treatments at once, and errors clustered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from calibration.experiments.estimators.estimate import Estimate
from calibration.extras import FIT, module_of

FEWEST = 20
"""Rows below which nothing is estimated."""
FEWEST_CLUSTERS = 2
ALIKE = 1e-9


def absorbing(
    rows: pd.DataFrame,
    outcome: str,
    treatments: Sequence[str],
    *,
    absorbed: Sequence[str],
    cluster: str,
    covariates: Sequence[str] = (),
    weights: str | None = None,
) -> dict[str, Estimate]:
    """What each treatment adds to `outcome` beside fixed effects of every column in `absorbed`, by least squares.

    Treatments and covariates are numbers; an estimate rests on as many rows as its treatment is not 0 in. Rows with
    anything missing are left out. With fewer than 20 rows or two clusters there is nothing to show of any, and nothing
    of a treatment that the fixed effects and the other columns make up. Raises ExtraMissing without linearmodels.

    Source: linearmodels (AbsorbingLS); errors clustered as its default has it, with its correction for few rows.
    """
    used = list(dict.fromkeys([outcome, *treatments, *covariates, *absorbed, cluster, *([weights] if weights else [])]))
    table = rows[used].dropna().reset_index(drop=True)
    nothing = {name: Estimate.nothing() for name in treatments}
    if len(table) < FEWEST or table[cluster].nunique() < FEWEST_CLUSTERS:
        return nothing
    x = table[[*treatments, *covariates]].astype(float)
    effects = table[list(absorbed)].astype("category")
    said = [name for name in treatments if _varies(x[name], effects)]
    if not said:
        return nothing
    x = x[[*said, *(name for name in covariates if np.ptp(x[name]) > ALIKE)]]
    absorbing_module = module_of("linearmodels.iv.absorbing", FIT)
    model = absorbing_module.AbsorbingLS(
        table[outcome].astype(float),
        x,
        absorb=effects,
        weights=table[weights].astype(float) if weights else None,
        drop_absorbed=True,
    )
    done = model.fit(cov_type="clustered", clusters=pd.Series(pd.factorize(table[cluster])[0]))
    return nothing | {
        name: Estimate(float(done.params[name]), float(done.std_errors[name]), int((x[name] != 0).sum()))
        for name in said
        if name in done.params
    }


def _varies(column: pd.Series, effects: pd.DataFrame) -> bool:
    """Whether a column differs within the groups of every set of fixed effects."""
    return all(
        bool((column.groupby(effects[name], observed=True).transform("max") - column).abs().max() > ALIKE)
        for name in effects.columns
    )
