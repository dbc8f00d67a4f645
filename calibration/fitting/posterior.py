"""The posterior of the parameters given what was seen of a city, and whether the pool is fit to tell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.fitting.pool import Pool
from calibration.fitting.summaries import How, Part, Scale, learn
from calibration.points.refused import NotPossible
from sim.parameters import Parameter

Floats = NDArray[np.float64]
SHELL = 0.99
"""Share of the pool that the shell holds within which a city must lie."""
NEAREST, NEAREST_OF_MANY, MANY = 0.2, 0.1, 5
"""Share of the pool that is taken as near: with up to MANY parameters, and with more."""
FEWEST_NEAR = 400
"""Rows that are taken as near at least, or all where there are fewer, so that the ends of intervals are no accident."""
FEWEST_ROWS = 150


@dataclass(frozen=True)
class Weighted:
    """Draws of the posterior, (n, k), each with its weight, (n,); the weights add up to 1."""

    values: Floats
    weights: Floats

    def mean(self) -> Floats:
        """The posterior mean, (k,)."""
        return np.asarray(self.weights @ self.values)

    def sd(self) -> Floats:
        """The posterior standard deviation, (k,)."""
        return np.asarray(np.sqrt(self.weights @ (self.values - self.mean()) ** 2))

    def correlation(self) -> Floats:
        """Correlations of the parameters in the posterior, (k, k)."""
        away = self.values - self.mean()
        return np.asarray((away * self.weights[:, None]).T @ away / np.outer(self.sd(), self.sd()))

    def quantiles(self, shares: Sequence[float]) -> Floats:
        """Quantiles by parameter, (len(shares), k)."""
        found = np.empty((len(shares), self.values.shape[1]))
        for column, values in enumerate(self.values.T):
            order = np.argsort(values)
            weights = self.weights[order]
            found[:, column] = np.interp(shares, np.cumsum(weights) - weights / 2, values[order])
        return found

    def rank_of(self, truth: Floats) -> Floats:
        """The share of the posterior below a value of each parameter, (k,); even over many runs if all is well."""
        return np.asarray(self.weights @ (self.values < truth))

    def resampled(self, count: int, luck: int) -> Floats:
        """Draws without weights, (count, k)."""
        rows = np.random.default_rng(luck).choice(len(self.weights), size=count, p=self.weights)
        return self.values[rows]


class Posteriors:
    """What a pool has taught, ready for any city of which the same moments were seen.

    `pool` holds the moments with the targets' errors on them. Raises NotPossible for fewer than FEWEST_ROWS rows.
    """

    def __init__(self, parameters: Sequence[Parameter], pool: Pool, how: How | None = None) -> None:
        if len(pool) < FEWEST_ROWS:
            raise NotPossible(f"{len(pool)} finished runs: at least {FEWEST_ROWS} to learn from")
        self.parameters, self.pool = tuple(parameters), pool
        self.scale = Scale.of(parameters, pool.values)
        self.parts = learn(pool, self.scale, how or How())
        share = NEAREST if len(self.parameters) <= MANY else NEAREST_OF_MANY
        self.share = min(1.0, max(share, FEWEST_NEAR / len(pool)))
        self._seen = _Shell(pool.statistics)
        self._summaries = [_Shell(part.summaries) for part in self.parts]

    def given(self, seen: Floats) -> list[Weighted]:
        """The posterior given each row of moments, (r, m)."""
        of_parts = [
            _adjusted(part, self.scale, part.means.predict(seen), part.spreads.predict(seen), self.share)
            for part in self.parts
        ]
        return [
            Weighted(
                np.concatenate([found[row].values for found in of_parts]),
                np.concatenate([found[row].weights for found in of_parts]) / len(of_parts),
            )
            for row in range(len(seen))
        ]

    def farther(self, seen: Floats) -> tuple[Floats, Floats]:
        """The share of the pool that lies farther out than each row of moments, (r, m): by what the moments tell of the
        parameters, (r,), and by the moments themselves, (r,)."""
        by_part = [
            shell.farther(part.means.predict(seen)) for shell, part in zip(self._summaries, self.parts, strict=True)
        ]
        return np.mean(by_part, axis=0), self._seen.farther(seen)

    def prior_sd(self) -> Floats:
        """Standard deviation of each parameter over the pool, (k,)."""
        return np.asarray(self.pool.values.std(axis=0))


class _Shell:
    """How far out points lie among others, by their Mahalanobis distance."""

    def __init__(self, points: Floats) -> None:
        self.mean = points.mean(axis=0)
        self.sd = np.maximum(points.std(axis=0), 1e-12)
        self.inverse = np.linalg.pinv(np.atleast_2d(np.cov(((points - self.mean) / self.sd).T)), hermitian=True)
        self.distances = np.sort(self._squared(points))

    def _squared(self, points: Floats) -> Floats:
        away = (points - self.mean) / self.sd
        return np.asarray(np.einsum("ni,ij,nj->n", away, self.inverse, away))

    def farther(self, points: Floats) -> Floats:
        """The share of the points it was made of that lie farther out than each of these, (n,)."""
        return np.asarray(1 - np.searchsorted(self.distances, self._squared(points)) / len(self.distances))


def _adjusted(part: Part, scale: Scale, summary: Floats, log_square: Floats, share: float) -> list[Weighted]:
    """The near rows of a part, moved to where their residuals would lie at what was seen."""
    count = max(2, round(share * len(part.summaries)))
    found = []
    for here, spread in zip(summary, log_square, strict=True):
        distance = np.linalg.norm(part.summaries - here, axis=1)
        near = np.argsort(distance, kind="stable")[:count]
        weights = 1 - (distance[near] / max(distance[near[-1]], 1e-12)) ** 2 + 1e-12
        free = here + part.residuals[near] * np.exp(part.slopes * (spread - part.log_squares[near]) / 2)
        found.append(Weighted(scale.back(free), weights / weights.sum()))
    return found
