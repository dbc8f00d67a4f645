"""In words: what the data cannot tell apart, and where the posterior does not fit what was seen."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.fitting.posterior import SHELL, Posteriors, Weighted
from calibration.fitting.targets import Targets
from calibration.points.refused import NotPossible

Floats = NDArray[np.float64]
NOTHING, LITTLE = 0.9, 0.75
"""Posterior SD over prior SD from which on the data are said to tell nothing of a parameter, or little."""
TOGETHER = 0.6
"""Correlation in the posterior from which on two parameters are said not to be told apart."""
FARTHEST = 3


def not_told(posteriors: Posteriors, found: Weighted) -> list[str]:
    """What the data cannot tell apart, a sentence each; none where every parameter is told by itself."""
    names = [p.name for p in posteriors.parameters]
    ratios = found.sd() / posteriors.prior_sd()
    nothing = [f"{name} ({ratio:.2f})" for name, ratio in zip(names, ratios, strict=True) if ratio >= NOTHING]
    little = [f"{name} ({ratio:.2f})" for name, ratio in zip(names, ratios, strict=True) if LITTLE <= ratio < NOTHING]
    lines = []
    if nothing:
        lines.append(
            f"The data say next to nothing about {_listed(nothing)}: the posterior is as wide as the prior (posterior "
            "SD over prior SD in brackets)."
        )
    if little:
        lines.append(f"They say little about {_listed(little)}.")
    correlation = found.correlation()
    for i, one in enumerate(names):
        for j in range(i + 1, len(names)):
            size = float(correlation[i, j])
            if abs(size) >= TOGETHER:
                way = "more of the one with more" if size > 0 else "more of the one with less"
                lines.append(
                    f"{one} and {names[j]} are not told apart (correlation {size:+.2f}): {way} of the other fits as "
                    "well."
                )
    return lines


def check_inside(posteriors: Posteriors, targets: Targets) -> tuple[float, float]:
    """The shares of the pool that lie farther out than the city, by what its moments tell and by the moments.

    Raises NotPossible where either is below 1 - SHELL: the posterior would be a guess beyond all runs.
    """
    told, seen = (float(share[0]) for share in posteriors.farther(targets.values[None]))
    if min(told, seen) >= 1 - SHELL:
        return told, seen
    pool = posteriors.pool.statistics
    away = (targets.values - pool.mean(axis=0)) / np.maximum(pool.std(axis=0), 1e-12)
    worst = [
        f"{targets.names[i]} is {targets.values[i]:.3g} where runs have {np.quantile(pool[:, i], 0.005):.3g} to "
        f"{np.quantile(pool[:, i], 0.995):.3g}"
        for i in np.argsort(-np.abs(away))[:FARTHEST]
    ]
    raise NotPossible(
        f"the city lies outside the runs of this model: {_share(min(told, seen))} of the pool lies as far out, less "
        f"than {1 - SHELL:.0%}, so no posterior is reported. Farthest: {'; '.join(worst)}. Is a target in another unit "
        "or its error too small, is a parameter missing from the fit, or is the model wrong here?"
    )


def _share(share: float) -> str:
    return "none" if share == 0 else f"{share:.1%}"


def misfit(targets: Targets, predicted: Floats) -> pd.DataFrame:
    """Posterior predictive check, one line a target, from moments with errors (r, m) of runs at posterior draws.

    Columns: target, seen, unit, low, mean, high (mean and 90% interval of the runs), below (share of runs below what
    was seen), fits (whether what was seen is inside), source.
    """
    # of few runs, the interval that another run lies in nine times in ten
    low, high = np.quantile(predicted, [0.05, 0.95], axis=0, method="weibull")
    return pd.DataFrame(
        {
            "target": targets.names,
            "seen": targets.values,
            "unit": [target.moment.unit for target in targets.all],
            "low": low,
            "mean": predicted.mean(axis=0),
            "high": high,
            "below": (predicted < targets.values).mean(axis=0),
            "fits": (low <= targets.values) & (targets.values <= high),
            "source": [target.source for target in targets.all],
        }
    )


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
