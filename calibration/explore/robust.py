"""Which plans are worth a choice: not outdone in everything by another, within what may be spent, and few."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

AIMS: Mapping[str, tuple[str, float]] = {
    "closes": ("more", 0.002),
    "worst_level": ("more", 0.002),
    "regret_bad": ("less", 0.002),
    "dollars": ("less", 250_000.0),
    "displaced": ("less", 20.0),
}
"""What a plan is judged by, which way is better, and the step below which two plans count as alike (SD, dollars,
pupils): assumed, finer than what two seeds tell apart."""
MOST_SHOWN = 7


def costs(table: pd.DataFrame) -> Floats:
    """The aims as numbers of which less is better, in steps, (plans, aims)."""
    return np.column_stack(
        [
            np.round((1 if way == "less" else -1) * table[name].to_numpy(float) / step)
            for name, (way, step) in AIMS.items()
        ]
    )


def not_outdone(values: Floats) -> NDArray[np.bool_]:
    """Which rows no other row is at least as good as in everything and better in something; less is better, (n,)."""
    no_worse = np.all(values[None, :, :] <= values[:, None, :], axis=2)
    better = np.any(values[None, :, :] < values[:, None, :], axis=2)
    return np.asarray(~np.any(no_worse & better, axis=1))


def to_pick_from(table: pd.DataFrame, most: int = MOST_SHOWN) -> pd.DataFrame:
    """Of the plans that are not outdone: the best by each aim first, then those most unlike the ones taken; at most
    `most`, in the order of what they close. `table` has the columns of AIMS."""
    values = costs(table)
    kept = np.nonzero(not_outdone(values))[0]
    span = np.maximum(np.ptp(values[kept], axis=0), 1e-12)
    scaled = (values[kept] - values[kept].min(axis=0)) / span
    taken: list[int] = []
    for aim in range(values.shape[1]):
        # among equals the one that does best by all other aims
        best = int(np.lexsort((scaled.sum(axis=1), values[kept][:, aim]))[0])
        if best not in taken and len(taken) < most:
            taken.append(best)
    while len(taken) < min(most, len(kept)):
        away = np.abs(scaled[:, None, :] - scaled[None, taken, :]).sum(axis=2).min(axis=1)
        if away.max() == 0:
            break
        taken.append(int(away.argmax()))
    return table.iloc[kept[taken]].sort_values("closes", ascending=False).reset_index(drop=True)
