"""What it is worth that plans share their luck: how many unpaired seeds the same precision would have taken."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from results import tables
from results.tables import Ensemble

FEWEST = 5
"""Independent runs below which a ratio of variances is not told: it would be luck itself."""
NOTHING = 1e-16
"""SD squared; a variance that is only rounding."""


class Pairing(NamedTuple):
    """Paired beside unpaired: `ratio` is unpaired runs for each paired one at the same standard error of a mean
    difference, `runs` the paired runs that were made, `unpaired` how many of each plan would have been needed."""

    ratio: float
    runs: int
    unpaired: int


def pairing(ensemble: Ensemble, plan: str, subject: str, year: int, band: str = tables.HEADLINE_BAND) -> Pairing | None:
    """What pairing is worth for the gap difference of the city's own two groups in a year.

    It is worth most in early years and for plans that change little: the further the plans have led a district apart,
    the less luck they share.

    With P and B the gaps under plan and baseline, n unpaired runs of each have a mean difference of variance
    (var P + var B) / n, and n paired ones of var(P - B) / n, which is less the more P and B move together. So the ratio
    is (var P + var B) / var(P - B). Runs of one draw of the parameters share more than luck, so where parameters were
    drawn the variances are those of the draws' means. Both gaps are at a fixed mix of children, without test error.
    None for fewer than five seeds or draws, and where the plans do not differ by luck at all.
    """
    city = ensemble.plans[0].city
    cell = {"plan": plan, "subject": subject, "band": band, "year": year}
    rows = tables.choose(tables.paired_gap(ensemble), **cell, focal=city.focal_group, reference=city.reference_group)
    return pairing_of(rows, "plan_gap", "baseline_gap")


def pairing_of(rows: pd.DataFrame, plan: str, baseline: str) -> Pairing | None:
    """The same from rows, one a run with `draw` and `seed`, with the values of plan and baseline in two columns."""
    both = rows.dropna(subset=[plan, baseline])
    runs = len(both)
    if both["draw"].nunique() > 1:
        both = both.groupby("draw")[[plan, baseline]].mean()
    paired = float((both[plan] - both[baseline]).var(ddof=1))
    if len(both) < FEWEST or paired < NOTHING:
        return None
    ratio = float(both[plan].var(ddof=1) + both[baseline].var(ddof=1)) / paired
    return Pairing(ratio, runs, round(ratio * runs))
