"""How far a posterior can be trusted: runs of known parameters, kept apart from the pool, each fitted as if seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chisquare

from calibration.fitting.pool import Pool
from calibration.fitting.posterior import Posteriors
from sim.parameters import Parameter

Floats = NDArray[np.float64]
INTERVALS = (0.5, 0.9)
ALLOWED_90 = (0.85, 0.95)
"""Share of 90% intervals that may hold the truth for a parameter's posterior to be taken as it stands."""
MANY_BINS, FEW_BINS, MANY_RUNS = 20, 10, 300
"""Bars of a histogram of ranks: with MANY_RUNS and more, and with fewer."""


@dataclass(frozen=True)
class Recovered:
    """Runs of known parameters: truth, posterior mean and SD (r, k); rank of the truth (r, k); whether the 50% and the
    90% interval hold it (r, 2, k); share of the pool that lies farther out than the run (r, 2)."""

    parameters: tuple[Parameter, ...]
    truth: Floats
    mean: Floats
    sd: Floats
    ranks: Floats
    inside: NDArray[np.bool_]
    farther: Floats
    prior_sd: Floats

    @property
    def bins(self) -> int:
        """Bars of a histogram of ranks, so that each is expected to hold enough."""
        return MANY_BINS if len(self.ranks) >= MANY_RUNS else FEW_BINS

    def table(self) -> pd.DataFrame:
        """One line a parameter.

        Columns: name, unit, runs; inside_50, inside_90 (share of intervals that hold the truth) with error_90 (standard
        error of the share were it .9); bias (mean of posterior mean less truth) with bias_error, and bias_in_sd (in SD
        of the prior); told (squared correlation of posterior mean and truth); sd_ratio (mean posterior SD over the
        prior's); rank_mean (.5 if unbiased); rank_chance (chance of ranks this uneven); trusted.
        """
        lines = []
        for k, p in enumerate(self.parameters):
            miss = self.mean[:, k] - self.truth[:, k]
            n = len(miss)
            inside_90 = float(self.inside[:, 1, k].mean())
            counts = np.histogram(self.ranks[:, k], bins=self.bins, range=(0, 1))[0]
            varies = self.mean[:, k].std() > 0
            lines.append(
                {
                    "name": p.name,
                    "unit": p.unit,
                    "runs": n,
                    "inside_50": float(self.inside[:, 0, k].mean()),
                    "inside_90": inside_90,
                    "error_90": (0.9 * 0.1 / n) ** 0.5,
                    "bias": float(miss.mean()),
                    "bias_error": float(miss.std(ddof=1) / n**0.5),
                    "bias_in_sd": float(miss.mean() / self.prior_sd[k]),
                    "told": float(np.corrcoef(self.mean[:, k], self.truth[:, k])[0, 1] ** 2) if varies else 0.0,
                    "sd_ratio": float(self.sd[:, k].mean() / self.prior_sd[k]),
                    "rank_mean": float(self.ranks[:, k].mean()),
                    "rank_chance": float(chisquare(counts).pvalue),
                    "trusted": ALLOWED_90[0] <= inside_90 <= ALLOWED_90[1],
                }
            )
        return pd.DataFrame(lines)


def recover(posteriors: Posteriors, known: Pool) -> Recovered:
    """Fit every row of `known`, whose moments carry the targets' errors, as if it had been seen.

    The rows must not be in the pool the posteriors were learned from. Source: Cook, Gelman & Rubin 2006; Talts et al.
    2018 (simulation-based calibration).
    """
    found = posteriors.given(known.statistics)
    ends = [(1 - share) / 2 for share in INTERVALS]
    shares = [*ends, *(1 - end for end in ends)]
    inside, ranks = [], []
    for posterior, truth in zip(found, known.values, strict=True):
        quantiles = posterior.quantiles(shares)
        half = len(INTERVALS)
        inside.append([(quantiles[i] <= truth) & (truth <= quantiles[half + i]) for i in range(half)])
        ranks.append(posterior.rank_of(truth))
    return Recovered(
        posteriors.parameters,
        known.values,
        np.array([posterior.mean() for posterior in found]),
        np.array([posterior.sd() for posterior in found]),
        np.array(ranks),
        np.array(inside),
        np.column_stack(posteriors.farther(known.statistics)),
        posteriors.prior_sd(),
    )


def not_trusted(table: pd.DataFrame) -> Sequence[str]:
    """Parameters whose 90% intervals hold the truth too seldom or too often."""
    return list(table.loc[~table["trusted"], "name"])
