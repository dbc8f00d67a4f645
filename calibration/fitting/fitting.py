"""Fits a city and tests the fit: pool, posterior, coverage, and runs at posterior draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.extras import module_of
from calibration.fitting.coverage import Recovered, recover
from calibration.fitting.fit_files import Fit
from calibration.fitting.pool import Filled, Pool, Where, draws_for, fill
from calibration.fitting.posterior import Posteriors, Weighted
from calibration.fitting.summaries import FIT
from calibration.fitting.summaries import How as Learning
from calibration.fitting.telling import check_inside, misfit, not_told
from calibration.points.refused import NotPossible
from calibration.sensitivity.inputs import possible
from sim.draws import Draw, prior_draw

Floats = NDArray[np.float64]
ERRORS, RESAMPLED, PREDICTED = 11, 12, 13
"""Luck of the targets' errors in the pool, of the draws that are given, of the errors at posterior draws."""
FIRST_PREDICTED = 10_000_000
"""Number of the first posterior draw that is run, so that it shares no luck with the pool."""


@dataclass(frozen=True)
class Tested:
    """What a pool has taught, and how known values kept apart from it were found again."""

    posteriors: Posteriors
    recovered: Recovered
    filled: Filled

    @property
    def coverage(self) -> pd.DataFrame:
        """The table of `Recovered`."""
        return self.recovered.table()


@dataclass(frozen=True)
class Fitted:
    """A posterior with its coverage table, its misfit by target, and what the data cannot tell apart."""

    fit: Fit
    tested: Tested
    posterior: Weighted
    draws: tuple[Mapping[str, float], ...]
    """Draws without weights that the city allows, by name of the parameter."""
    farther: tuple[float, float]
    """Shares of the pool that lie farther out than the city: by what its moments tell, and by the moments."""
    misfit: pd.DataFrame
    """Posterior predictive check by target; without rows where no posterior draw was run."""
    not_told: tuple[str, ...]

    def table(self) -> pd.DataFrame:
        """The posterior, one line a parameter: name, unit, declared value, prior_sd, mean, sd, quantiles, sd_ratio."""
        found, quantiles = self.posterior, self.posterior.quantiles([0.05, 0.25, 0.5, 0.75, 0.95])
        prior = self.tested.posteriors.prior_sd()
        return pd.DataFrame(
            {
                "name": self.fit.names,
                "unit": [p.unit for p in self.fit.parameters],
                "declared": [p.value for p in self.fit.parameters],
                "prior_sd": prior,
                "mean": found.mean(),
                "sd": found.sd(),
                **dict(zip(("q05", "q25", "q50", "q75", "q95"), quantiles, strict=True)),
                "sd_ratio": found.sd() / prior,
            }
        )

    def about(self) -> dict[str, Any]:
        """What is kept beside the draws, as plain values."""
        return {
            "plan": self.fit.plan.name,
            "city": self.fit.plan.city.name,
            "plan_fingerprint": self.fit.plan.fingerprint,
            "others": self.fit.others,
            "pool_runs": len(self.tested.posteriors.pool),
            "farther": list(self.farther),
            "posterior": self.table().to_dict("records"),
            "coverage": self.tested.coverage.to_dict("records"),
            "misfit": self.misfit.to_dict("records"),
            "not_told": list(self.not_told),
        }


def known_again(fit: Fit, where: Where, learning: Learning | None = None) -> Tested:
    """Fill the pool, learn from the draws that are not held out, and fit every held-out run as if it had been seen.

    A held-out draw counts once, at its first seed. Raises NotPossible, ExtraMissing, StoreProblem and ClusterProblem.
    """
    for library in ("sklearn.neural_network", "threadpoolctl"):
        module_of(library, FIT)  # before anything is run
    draws = draws_for(fit, fit.draws + fit.held_out)
    filled = fill(fit, draws, where)
    seen = replace(filled.pool, statistics=fit.targets.with_error(filled.pool.statistics, ERRORS))
    kept_apart = np.isin(seen.draw, [draw.number for draw in draws[fit.draws :]])
    known = seen.only(kept_apart & (seen.seed == 0))
    if not len(known):
        raise NotPossible("no held-out run was finished")
    posteriors = Posteriors(fit.parameters, seen.only(~kept_apart), learning)
    return Tested(posteriors, recover(posteriors, known), filled)


def fit_city(fit: Fit, where: Where, learning: Learning | None = None) -> Fitted:
    """Fit the parameters to the targets, test the fit and run some of its draws.

    Raises NotPossible where the city lies outside the runs, after the pool is filled and kept; and as `known_again`.
    """
    tested = known_again(fit, where, learning)
    farther = check_inside(tested.posteriors, fit.targets)
    (found,) = tested.posteriors.given(fit.targets.values[None])
    draws = _possible_draws(fit, found)
    check = misfit(fit.targets, _predicted(fit, draws, where)) if fit.predictive else _no_check()
    return Fitted(fit, tested, found, tuple(draws), farther, check, tuple(not_told(tested.posteriors, found)))


def _no_check() -> pd.DataFrame:
    return pd.DataFrame(columns=["target", "seen", "unit", "low", "mean", "high", "below", "fits", "source"])


def _possible_draws(fit: Fit, found: Weighted) -> list[dict[str, float]]:
    """Posterior draws that the city allows, the others at their declared values."""
    values = found.resampled(2 * fit.posterior, RESAMPLED)
    draws = [dict(zip(fit.names, map(float, row), strict=True)) for row in values]
    fine = [draw for draw, allowed in zip(draws, possible(fit.plan, draws), strict=True) if allowed]
    if len(fine) < fit.posterior:
        raise NotPossible(f"the city rules out {len(draws) - len(fine)} of {len(draws)} posterior draws")
    return fine[: fit.posterior]


def _predicted(fit: Fit, draws: list[dict[str, float]], where: Where) -> Floats:
    """Moments with errors of runs at posterior draws, (r, m); the other parameters as in the pool."""
    made = []
    for number, draw in enumerate(draws):
        others = prior_draw(FIRST_PREDICTED + number).changes if fit.others == "priors" else {}
        changes = {**{k: v for k, v in others.items() if k not in fit.plan.parameters.changes}, **draw}
        if possible(fit.plan, [changes])[0]:
            made.append(Draw(FIRST_PREDICTED + number, changes))
        if len(made) == fit.predictive:
            break
    one_seed = replace(fit, seeds=1)
    pool: Pool = fill(one_seed, made, where).pool
    if not len(pool):
        raise NotPossible(f"none of {len(made)} runs at posterior draws shows all targets (at least one is needed)")
    return fit.targets.with_error(pool.statistics, PREDICTED)
