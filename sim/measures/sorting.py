"""Who sits beside whom, and who has which share of the pupils: segregation and the market of schools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.measures.gaps import FLAG_GROUPS, pairs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def segregation(focal: Floats, reference: Floats, pupils: Floats) -> dict[str, float]:
    """Segregation of one group from another over schools; focal, reference and all pupils by school, each (S,).

    Dissimilarity: half the sum of differences of the groups' shares over schools. Isolation and exposure: share of
    the focal, and of the reference group in the school of the mean focal pupil. Variance ratio: isolation less the
    focal share, over one less that share. NaN where a group has no pupils.
    """
    n, m, everybody = focal.sum(), reference.sum(), pupils.sum()
    of_school = np.maximum(pupils, 1)
    share = n / everybody if everybody else 0.0
    isolation = float((focal * focal / of_school).sum() / n) if n else float("nan")
    return {
        "dissimilarity": float(0.5 * np.abs(focal / n - reference / m).sum()) if n and m else float("nan"),
        "isolation": isolation,
        "exposure": float((focal * reference / of_school).sum() / n) if n and m else float("nan"),
        "variance_ratio": float((isolation - share) / (1 - share)) if n and share < 1 else float("nan"),
    }


def segregation_rows(
    place: Ints,
    group: Ints,
    flags: dict[str, NDArray[np.bool_]],
    schools: int,
    groups: tuple[str, ...],
    reference: str,
    focal: str,
) -> list[dict[str, Any]]:
    """Segregation of every pair that gaps are reported of, all grades together; arrays over enrolled children."""
    by_group = np.bincount(place * len(groups) + group, minlength=schools * len(groups)).reshape(schools, len(groups))
    pupils = by_group.sum(axis=1)
    counts = {name: by_group[:, i] for i, name in enumerate(groups)}
    for flag, (yes, no) in FLAG_GROUPS.items():
        counts[yes] = np.bincount(place[flags[flag]], minlength=schools)
        counts[no] = pupils - counts[yes]
    return [
        {
            "focal": one,
            "reference": other,
            "focal_pupils": int(counts[one].sum()),
            "reference_pupils": int(counts[other].sum()),
            **segregation(counts[one].astype(float), counts[other].astype(float), pupils.astype(float)),
        }
        for one, other in pairs(reference, focal, groups)
    ]


def market(sector: Sequence[str], operator: Sequence[str], pupils: Ints, seats: Ints) -> list[dict[str, Any]]:
    """Schools with pupils, pupils, seats and share of all pupils by sector and operator; arrays over schools (S,)."""
    total = int(pupils.sum())
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for s in np.nonzero(pupils)[0].tolist():
        row = rows.setdefault((sector[s], operator[s]), {"schools": 0, "pupils": 0, "seats": 0})
        row["schools"] += 1
        row["pupils"] += int(pupils[s])
        row["seats"] += int(seats[s])
    return [
        {"sector": key[0], "operator": key[1], **row, "share": row["pupils"] / total if total else float("nan")}
        for key, row in sorted(rows.items())
    ]
