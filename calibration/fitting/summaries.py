"""What the moments of a run tell of its parameters, learned from the pool and never from the rows it is used on."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from calibration.extras import module_of
from calibration.fitting.pool import Pool
from sim.parameters import Parameter

FIT = "fit"
Floats = NDArray[np.float64]
_AWAY = 1e-6
"""Share of the range that values are kept from its ends, where a logit would be endless."""
_PENALTIES = tuple(10.0**power for power in range(-2, 4))
_LEAST = 1e-4
"""Added to squared residuals before the logarithm, in squared SD of the prior."""


@dataclass(frozen=True)
class Scale:
    """Parameters on an unbounded scale with mean 0 and SD 1 over the pool: the logit of the place in their range."""

    low: Floats
    high: Floats
    mean: Floats
    sd: Floats

    @staticmethod
    def of(parameters: Sequence[Parameter], values: Floats) -> Scale:
        """The scale of a pool's values, (n, k)."""
        low, high = (np.array([getattr(p, end) for p in parameters]) for end in ("low", "high"))
        raw = _raw(values, low, high)
        return Scale(low, high, raw.mean(axis=0), raw.std(axis=0))

    def free(self, values: Floats) -> Floats:
        """Values, (n, k), on the unbounded scale."""
        return np.asarray((_raw(values, self.low, self.high) - self.mean) / self.sd)

    def back(self, free: Floats) -> Floats:
        """Points of the unbounded scale, (n, k), as values within their ranges."""
        return np.asarray(self.low + (self.high - self.low) * expit(free * self.sd + self.mean))


def _raw(values: Floats, low: Floats, high: Floats) -> Floats:
    return np.asarray(logit(np.clip((values - low) / (high - low), _AWAY, 1 - _AWAY)))


@dataclass(frozen=True)
class Part:
    """One part of the pool, with regressions that have never seen it: its rows' summaries (n, k), residuals (n, k) and
    the logarithm of the residuals' expected squares (n, k), all on the scale of the parameters; `slopes` (k,), 0 to 1,
    are how far differences of that logarithm are to be believed."""

    means: Any
    spreads: Any
    summaries: Floats
    residuals: Floats
    log_squares: Floats
    slopes: Floats


@dataclass(frozen=True)
class How:
    """How networks are learned: parts of the pool, networks that are averaged, neurons in each of two layers, luck."""

    parts: int = 5
    networks: int = 5
    neurons: int = 64
    luck: int = 1


def learn(pool: Pool, scale: Scale, how: How) -> list[Part]:
    """Learn summaries from the pool, part by part; all rows of a draw are in one part.

    The rows of a part and the city that is fitted meet the same regressions, and neither was learned from: residuals of
    rows that were learned from would be too small and the posterior too narrow. Raises ExtraMissing without
    scikit-learn. Source: Blum & Francois 2010 (regression adjustment with unequal spread); Fearnhead & Prangle 2012
    (the posterior mean as summary).
    """
    draws = np.unique(pool.draw)
    which = np.random.default_rng(how.luck).permutation(len(draws)) % how.parts
    part_of = which[np.searchsorted(draws, pool.draw)]
    free, seen = scale.free(pool.values), pool.statistics
    residuals, summaries = np.empty_like(free), np.empty_like(free)
    means = []
    for part in range(how.parts):
        mine = part_of == part
        means.append(_regressions(seen[~mine], free[~mine], how))
        summaries[mine] = means[part].predict(seen[mine])
        residuals[mine] = free[mine] - summaries[mine]
    log_squares = np.log(residuals**2 + _LEAST)
    spreads, expected = [], np.empty_like(free)
    for part in range(how.parts):
        mine = part_of == part
        spreads.append(_regressions(seen[~mine], log_squares[~mine], how))
        expected[mine] = spreads[part].predict(seen[mine])
    slopes = _slopes(expected, log_squares)
    return [
        Part(means[part], spreads[part], summaries[mine], residuals[mine], expected[mine], slopes)
        for part in range(how.parts)
        for mine in [part_of == part]
    ]


def _slopes(expected: Floats, found: Floats) -> Floats:
    """How much of a difference in what was expected is there in what was found, (k,), 0 to 1: of what is learned from
    few rows much is noise, and intervals that follow noise are too narrow."""
    away = expected - expected.mean(axis=0)
    covariance = (away * (found - found.mean(axis=0))).mean(axis=0)
    return np.asarray(np.clip(covariance / np.maximum((away**2).mean(axis=0), 1e-12), 0, 1))


class _Mean:
    """A straight line and several networks: the line counts as much as all networks together."""

    def __init__(self, line: Any, networks: Sequence[Any]) -> None:
        self.line, self.networks = line, networks

    def predict(self, seen: Floats) -> Floats:
        """The mean prediction, (n, k)."""
        line, *curved = (one.predict(seen).reshape(len(seen), -1) for one in (self.line, *self.networks))
        return np.asarray((line + np.mean(curved, axis=0)) / 2)


def _regressions(seen: Floats, wanted: Floats, how: How) -> _Mean:
    """A ridge regression, which learns from few rows, and networks, which need many and learn what is not straight."""
    linear, network, scaler, pipeline = (
        module_of(f"sklearn.{module}", FIT)
        for module in ("linear_model", "neural_network", "preprocessing", "pipeline")
    )
    limits = module_of("threadpoolctl", FIT).threadpool_limits
    models = [linear.RidgeCV(_PENALTIES)]
    models += [
        network.MLPRegressor(
            hidden_layer_sizes=(how.neurons, how.neurons),
            early_stopping=True,
            n_iter_no_change=15,
            max_iter=300,
            random_state=1000 * how.luck + number,
        )
        for number in range(how.networks)
    ]
    fitted = []
    for model in models:
        one = pipeline.make_pipeline(scaler.StandardScaler(), model)
        with limits(limits=1), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where the last round still gained a little
            fitted.append(one.fit(seen, wanted[:, 0] if wanted.shape[1] == 1 else wanted))
    return _Mean(fitted[0], fitted[1:])
