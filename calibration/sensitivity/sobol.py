"""Sobol indices: how the variance of an outcome is shared among the parameters.

Source: Sobol 2001, Saltelli et al. 2010; the design and its estimators are SALib's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.extras import EXPLORE, module_of
from calibration.points.refused import NotPossible
from calibration.sensitivity.morris import CONFIDENCE

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Saltelli:
    """A design, (n * (k + 2), k) from 0 to 1, in blocks of k + 2 points; `ruled_out` blocks were left out of it."""

    points: Floats
    names: tuple[str, ...]
    ruled_out: int
    seed: int

    def problem(self) -> dict[str, Any]:
        """The design in SALib's words."""
        names = list(self.names)
        return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def saltelli(
    names: Sequence[str], samples: int, *, allowed: Callable[[Floats], NDArray[np.bool_]] | None = None, seed: int = 1
) -> Saltelli:
    """`samples` blocks (a power of 2), less those with a point that may not be run.

    Raises NotPossible for another number and where fewer than half the blocks are left, ExtraMissing without SALib.
    """
    if samples < 2 or samples & (samples - 1):
        raise NotPossible(f"{samples} samples: a power of 2, such as 64 or 128")
    sample = module_of("SALib.sample.sobol", EXPLORE).sample
    whole = Saltelli(np.empty((0, len(names))), tuple(names), 0, seed)
    points = sample(whole.problem(), samples, calc_second_order=False, seed=seed)
    blocks = points.reshape(samples, -1, len(names))
    if allowed is not None:
        fine = allowed(points).reshape(samples, -1).all(axis=1)
        blocks = blocks[fine]
    if len(blocks) < samples / 2:
        raise NotPossible(f"only {len(blocks)} of {samples} samples are possible in this city")
    return Saltelli(blocks.reshape(-1, len(names)), whole.names, samples - len(blocks), seed)


def shared(design: Saltelli, values: Floats) -> pd.DataFrame:
    """How the variance of one outcome, `values` (points,), is shared.

    Columns: name, alone (first-order index: the share that goes when the parameter is known), alone_error, total (the
    share that is left when all others are known), total_error; errors are half the 90% interval. All NaN where the
    outcome does not vary.
    """
    columns = ("alone", "alone_error", "total", "total_error")
    if not np.ptp(values) > 0:
        return pd.DataFrame({"name": list(design.names), **dict.fromkeys(columns, np.nan)})
    analyze = module_of("SALib.analyze.sobol", EXPLORE).analyze
    measured = analyze(
        design.problem(), values, calc_second_order=False, num_resamples=200, conf_level=CONFIDENCE, seed=design.seed
    )
    parts = (np.asarray(measured[key], float) for key in ("S1", "S1_conf", "ST", "ST_conf"))
    return pd.DataFrame({"name": list(design.names), **dict(zip(columns, parts, strict=True))})
