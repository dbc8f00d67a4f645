"""Sensitivity from runs that are there already, such as draws of a stored ensemble or a calibration's pool."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration.extras import EXPLORE, module_of
from calibration.points.refused import NotPossible

FEWEST = 50


def given_data(
    parameters: pd.DataFrame, outcome: pd.Series[float], *, resamples: int = 100, seed: int = 1
) -> pd.DataFrame:
    """How much each column of `parameters` moves `outcome`, from the same rows of both, whatever the design.

    Columns: name, delta (moment-independent importance, 0 to 1), delta_error (half the 90% interval), alone (share of
    the variance, first order), pawn (median distance between the distributions with and without the parameter known,
    0 to 1), pawn_chance (what pawn comes to, nine times in ten at most, for a column that has nothing to do with the
    outcome). Columns that do not vary are left out. Raises NotPossible for fewer than FEWEST rows, ExtraMissing without
    SALib. Source: Borgonovo 2007; Plischke et al. 2013; Pianosi & Wagener 2015.
    """
    delta, pawn = (module_of(f"SALib.analyze.{name}", EXPLORE).analyze for name in ("delta", "pawn"))
    fine = outcome.notna().to_numpy()
    y = outcome.to_numpy(float)[fine]
    if len(y) < FEWEST:
        raise NotPossible(f"{len(y)} rows with an outcome: at least {FEWEST}")
    names = [name for name in parameters if parameters[name].nunique() > 1]
    x = parameters[names].to_numpy(float)[fine]
    chance = np.random.default_rng(seed)
    stranger = np.column_stack([chance.permutation(len(y)).astype(float) for _ in range(20)])
    problem, strangers = (
        {"num_vars": table.shape[1], "names": labels, "bounds": list(zip(table.min(0), table.max(0), strict=True))}
        for table, labels in ((x, list(map(str, names))), (stranger, [str(k) for k in range(20)]))
    )
    measured = delta(problem, x, y, num_resamples=resamples, conf_level=0.9, seed=seed)
    return pd.DataFrame(
        {
            "name": list(map(str, names)),
            # SALib 1.6 has the key delta_balanced where 1.5 has delta
            "delta": measured["delta_balanced" if "delta_balanced" in measured else "delta"],
            "delta_error": measured["delta_balanced_conf" if "delta_balanced_conf" in measured else "delta_conf"],
            "alone": measured["S1"],
            "pawn": pawn(problem, x, y, S=10, seed=seed)["median"],
            "pawn_chance": float(np.quantile(pawn(strangers, stranger, y, S=10, seed=seed)["median"], 0.9)),
        }
    )
