"""Regressions and two-stage least squares within strata, with errors clustered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from calibration.experiments.estimators.estimate import Estimate
from calibration.extras import FIT, module_of

FEWEST = 20
"""Children below which nothing is estimated."""


def least_squares(
    children: pd.DataFrame,
    outcome: str,
    treatment: str,
    *,
    strata: str | None = None,
    covariates: Sequence[str] = (),
    cluster: str | None = None,
    weights: str | None = None,
) -> Estimate:
    """What `treatment` adds to `outcome`, by least squares within strata.

    Covariates are numbers, or words that become dummies. Errors are clustered where a cluster is named, else robust to
    unequal variances. Rows with anything missing are left out; with fewer than 20, or a treatment that does not vary
    within strata, there is nothing to show. Raises ExtraMissing without statsmodels.
    """
    rows = _complete(children, [outcome, treatment, *covariates], strata, cluster, weights)
    if len(rows) < FEWEST:
        return Estimate.nothing()
    x = _design(rows, covariates)
    x.insert(0, treatment, rows[treatment].astype(float))
    weight = rows[weights].to_numpy(float) if weights else np.ones(len(rows))
    groups = rows[strata] if strata else pd.Series(0, index=rows.index)
    y, x = _within(rows[outcome].astype(float).to_frame(), groups, weight), _within(x, groups, weight)
    if _flat(x[treatment]):
        return Estimate.nothing()
    x = _without_flat(x)
    sm = module_of("statsmodels.api", FIT)
    fitted = sm.WLS(y.iloc[:, 0], x, weights=weight)
    if cluster is not None:
        if rows[cluster].nunique() < 2:
            return Estimate.nothing()
        done = fitted.fit(cov_type="cluster", cov_kwds={"groups": pd.factorize(rows[cluster])[0]})
    else:
        done = fitted.fit(cov_type="HC1")
    return Estimate(float(done.params[treatment]), float(done.bse[treatment]), len(rows))


def two_stage(
    children: pd.DataFrame,
    outcome: str,
    treatment: str,
    instrument: str,
    *,
    strata: str | None = None,
    covariates: Sequence[str] = (),
    cluster: str | None = None,
) -> Estimate:
    """What `treatment` adds to `outcome`, by two-stage least squares with one instrument, within strata.

    As `least_squares`; also nothing to show where the instrument does not vary within strata. Raises ExtraMissing
    without linearmodels.

    Source: Abdulkadiroglu et al. 2011 (offers within lotteries as the instrument, years attended as the treatment).
    """
    rows = _complete(children, [outcome, treatment, instrument, *covariates], strata, cluster, None)
    if len(rows) < FEWEST:
        return Estimate.nothing()
    groups = rows[strata] if strata else pd.Series(0, index=rows.index)
    ones = np.ones(len(rows))
    y, x, z = (_within(rows[[name]].astype(float), groups, ones) for name in (outcome, treatment, instrument))
    if _flat(z[instrument]) or _flat(x[treatment]) or (cluster is not None and rows[cluster].nunique() < 2):
        return Estimate.nothing()
    exogenous = _without_flat(_within(_design(rows, covariates), groups, ones)) if covariates else None
    iv = module_of("linearmodels.iv", FIT)
    model = iv.IV2SLS(y, exogenous, x, z)
    if cluster is None:
        done = model.fit(cov_type="robust")
    else:
        done = model.fit(cov_type="clustered", clusters=pd.factorize(rows[cluster])[0])
    return Estimate(float(done.params[treatment]), float(done.std_errors[treatment]), len(rows))


def _complete(
    children: pd.DataFrame, names: Sequence[str], strata: str | None, cluster: str | None, weights: str | None
) -> pd.DataFrame:
    wanted = list(dict.fromkeys([*names, *(name for name in (strata, cluster, weights) if name)]))
    return children[wanted].dropna().reset_index(drop=True)


def _design(rows: pd.DataFrame, covariates: Sequence[str]) -> pd.DataFrame:
    parts = []
    for name in covariates:
        column = rows[name]
        if pd.api.types.is_numeric_dtype(column):
            parts.append(column.astype(float).to_frame())
        else:
            parts.append(pd.get_dummies(column, prefix=name, drop_first=True, dtype=float))
    return pd.concat(parts, axis=1) if parts else pd.DataFrame(index=rows.index)


def _within(columns: pd.DataFrame, groups: pd.Series, weight: np.ndarray) -> pd.DataFrame:
    """Columns less their weighted means in each stratum."""
    if columns.empty:
        return columns
    total = pd.Series(weight, index=columns.index).groupby(groups).transform("sum")
    means = columns.mul(weight, axis=0).groupby(groups).transform("sum").div(total, axis=0)
    return columns - means


def _flat(column: pd.Series) -> bool:
    return bool(np.ptp(column.to_numpy(float)) < 1e-9)


def _without_flat(x: pd.DataFrame) -> pd.DataFrame:
    """Columns that say something: each that the ones before it do not already make up."""
    kept: list[str] = []
    basis: list[np.ndarray] = []
    for name in x.columns:
        column = x[name].to_numpy(float)
        size = float(np.linalg.norm(column))
        rest = column.copy()
        for one in basis:
            rest = rest - one * float(one @ rest)
        if size > 1e-9 and float(np.linalg.norm(rest)) > 1e-7 * size:
            kept.append(name)
            basis.append(rest / np.linalg.norm(rest))
    return x[kept]
