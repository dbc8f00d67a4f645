"""How much of the differences between schools one index of them explains."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration.experiments.estimators.estimate import Estimate
from calibration.extras import FIT, module_of

FEWEST_SCHOOLS = 5


def school_effects(
    children: pd.DataFrame, outcome: str, *, covariates: list[str], cells: str, school: str = "school"
) -> pd.DataFrame:
    """Each school's mean of what is left of `outcome` after covariates and cells, both taken within schools so that a
    school's effect is not put down to its pupils: index school; effect (SD), pupils.

    Rows with anything missing are left out. Raises ExtraMissing without linearmodels.
    """
    used = children[[outcome, *covariates, cells, school]].dropna().reset_index(drop=True)
    if used.empty:
        return pd.DataFrame({"effect": [], "pupils": []}, dtype=float)
    absorbing_module = module_of("linearmodels.iv.absorbing", FIT)
    fixed = used[[cells, school]].astype("category")
    model = absorbing_module.AbsorbingLS(
        used[outcome].astype(float), used[covariates].astype(float), absorb=fixed, drop_absorbed=True
    )
    slopes = model.fit(cov_type="unadjusted").params
    rest = used[outcome] - used[list(slopes.index)].to_numpy(float) @ slopes.to_numpy(float)
    rest = rest - rest.groupby(used[cells]).transform("mean")
    grouped = rest.groupby(used[school])
    return pd.DataFrame({"effect": grouped.mean(), "pupils": grouped.size().astype(float)})


def explained(schools: pd.DataFrame, effect: str, index: str, weights: str) -> tuple[Estimate, Estimate]:
    """Share of the variance of school effects that an index explains, and what a standard deviation of it goes with.

    schools: a row a school; weighted least squares of effect on the index in its own (weighted) standard deviations.
    The share's standard error is that of a squared correlation in a normal sample. With fewer than five schools, or an
    index that is the same in all, there is nothing to show.
    """
    used = schools[[effect, index, weights]].dropna()
    n = len(used)
    if n < FEWEST_SCHOOLS or np.ptp(used[index]) == 0 or np.ptp(used[effect]) == 0:
        return Estimate.nothing(), Estimate.nothing()
    weight = used[weights].to_numpy(float)
    mean = np.average(used[index], weights=weight)
    spread = float(np.average((used[index] - mean) ** 2, weights=weight) ** 0.5)
    sm = module_of("statsmodels.api", FIT)
    x = sm.add_constant(((used[index] - mean) / spread).to_numpy(float))
    done = sm.WLS(used[effect].to_numpy(float), x, weights=weight).fit(cov_type="HC1")
    share = float(done.rsquared)
    error = 2 * share**0.5 * (1 - share) / (n - 1) ** 0.5
    return Estimate(share, error, n), Estimate(float(done.params[1]), float(done.bse[1]), n)
