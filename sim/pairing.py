"""One plan beside its baseline at the same seed, child by child."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.district import District
from sim.measures.closings import twin_rows
from sim.measures.followed import (
    decile_rows,
    displaced_children,
    followed_rows,
    left_behind_children,
    places,
    receiving_children,
)
from sim.measures.gaps import numbered_pairs
from sim.measures.paired import Floats, paired_gaps, paired_levels
from sim.record import PAIR_TABLES, Record, frame

Rows = list[dict[str, Any]]


def pair(
    district: District, baseline: str, base: Record, weights: Floats, draw: int = 0, seed: int | None = None
) -> dict[str, pd.DataFrame]:
    """All paired tables of a finished district against the record of the baseline's in the same cell; `weights` from
    `measures.paired.opening_weights`. The seed is the district's luck unless given."""
    city, panel = district.city, district.record.panel
    groups = city.groups
    wanted = numbered_pairs(city.reference_group, city.focal_group, groups)
    levels: Rows = []
    gaps: Rows = []
    deciles: Rows = []
    for year in panel:
        rows = paired_levels(district.students, panel[year], base.panel[year], year, weights)
        levels += [{**row, "group": groups[row["group"]]} for row in rows]
        gaps += [
            {**row, "focal": groups[row["focal"]], "reference": groups[row["reference"]]}
            for row in paired_gaps(rows, wanted)
        ]
        grade = year - district.students.cohort[panel[year].rows]
        deciles += decile_rows(panel[year], base.panel[year], (grade >= 3) & (grade <= 8), year, len(district.students))
    found: dict[str, Rows] = {
        "paired_level_year": levels,
        "paired_gap_year": gaps,
        "paired_decile_year": deciles,
        "followed_year": _followed(district, base),
        "closed_school_twin": twin_rows(district.record.rows["closed_school"], base.rows["school_year"]),
    }
    head: dict[str, Any] = {"plan": district.plan.name, "baseline": baseline, "draw": draw}
    head["seed"] = district.seed_used if seed is None else seed
    return {table: frame(table, [{**head, **row} for row in rows], PAIR_TABLES) for table, rows in found.items()}


def _followed(district: District, base: Record) -> Rows:
    record, schools, children = district.record, district.schools, len(district.students)
    opened = np.array([school.new for school in schools])
    if not record.displaced and not opened.any():
        return []
    place = {year: places(panel, children) for year, panel in record.panel.items()}
    followed = displaced_children(record.displaced)
    share = district.plan.parameters["disruption.receiving_share"]
    at_base = {year: places(panel, children) for year, panel in base.panel.items()}
    followed += receiving_children(place, at_base, record.displaced, len(schools), share)
    if opened.any():
        followed += left_behind_children(place, at_base, np.array([school.district_run for school in schools]), opened)
    return followed_rows(followed, record.panel, base.panel, children)
