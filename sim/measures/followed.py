"""Children to whom something happened, followed for five years beside themselves under the baseline.

- *displaced*: their school closed this summer; by where they landed.
- *receiving*: pupils who stayed in a school in which displaced newcomers are at least the share of the roll from which
  on a school counts as receiving them (parameter disruption.receiving_share), and who would be in it under the baseline
  too: else the difference would be that between two schools.
- *left behind*: pupils who are in a district school of the opening year under the plan as under the baseline, when it
  has lost at least a tenth of its roll within two years to schools that opened during the plan. Its roll are the
  children who are in it under the baseline; lost are those of them who are in such a school under the plan. A school
  counts once, in the first such year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.city import SUBJECTS
from sim.measures.paired import common
from sim.record import Displaced, Panel

Ints = NDArray[np.int64]

YEARS_FOLLOWED = 5
LOST_SHARE = 0.10
LOST_WITHIN = 2
"""Years within which a school must lose that share of its roll to schools opened during the plan."""
LANDINGS = ("better", "equal", "worse", "outside")
STAYED = "stayed"
NOWHERE = -1


@dataclass(frozen=True)
class Followed:
    """Children to whom the same happened in the same year: rows of the pool."""

    what: str
    year: int
    landed: str
    rows: Ints


def places(panel: Panel, children: int) -> Ints:
    """School index of every child of the pool, `NOWHERE` for those not enrolled."""
    place = np.full(children, NOWHERE, dtype=np.int64)
    place[panel.rows] = panel.place
    return place


def displaced_children(displaced: Mapping[int, Displaced]) -> list[Followed]:
    """The displaced of every year by where they landed."""
    return [
        Followed("displaced", year, word, lost.rows[lost.landed == word])
        for year, lost in displaced.items()
        for word in LANDINGS
        if (lost.landed == word).any()
    ]


def receiving_children(
    place: Mapping[int, Ints],
    baseline: Mapping[int, Ints],
    displaced: Mapping[int, Displaced],
    schools: int,
    share: float,
) -> list[Followed]:
    """Pupils who were in a receiving school before its newcomers and would be there anyway; `places` by June under
    plan and baseline."""
    found = []
    for year, lost in displaced.items():
        now = place[year]
        came = now[lost.rows]
        newcomers = np.bincount(came[came >= 0], minlength=schools)
        roll = np.bincount(now[now >= 0], minlength=schools)
        receiving = (newcomers > 0) & (newcomers >= share * roll)
        rows = np.nonzero((now >= 0) & (now == place[year - 1]) & (now == baseline[year]) & receiving[now])[0]
        if len(rows):
            found.append(Followed("receiving", year, STAYED, rows))
    return found


def left_behind_children(
    plan: Mapping[int, Ints],
    baseline: Mapping[int, Ints],
    run_by_district: NDArray[np.bool_],
    opened_in_plan: NDArray[np.bool_],
) -> list[Followed]:
    """Pupils left behind, as the module says; `places` by June under both plans, run_by_district and opened_in_plan
    (S,) of the plan's schools, those of the opening year first."""
    found = []
    first = int((~opened_in_plan).sum())
    counted = ~run_by_district[:first]
    lost: dict[int, Ints] = {}
    for year in sorted(plan):
        now, would = plan[year], baseline[year]
        here = np.nonzero((would >= 0) & (would < first) & (now >= 0))[0]
        lost[year] = np.bincount(would[here][opened_in_plan[now[here]]], minlength=first)
        roll = np.bincount(would[(would >= 0) & (would < first)], minlength=first)
        within = lost[year] - lost.get(year - LOST_WITHIN, 0)
        hit = ~counted & (within > 0) & (within >= LOST_SHARE * roll)
        counted |= hit
        rows = here[(would[here] == now[here]) & hit[would[here]]]
        if len(rows):
            found.append(Followed("left behind", year, STAYED, rows))
    return found


def followed_rows(
    followed: list[Followed], plan: Mapping[int, Panel], baseline: Mapping[int, Panel], children: int
) -> list[dict[str, Any]]:
    """Mean true scores of the followed under both plans, by years since; of those enrolled under both that June."""
    rows = []
    for year in sorted(plan):
        mine = [one for one in followed if 0 <= year - one.year <= YEARS_FOLLOWED]
        if not mine:
            continue
        panels = plan[year], baseline[year]
        at = [_position(panel, children) for panel in panels]
        for one in mine:
            both = one.rows[(at[0][one.rows] >= 0) & (at[1][one.rows] >= 0)]
            truth = [panel.truth[where[both]].astype(np.float64) for panel, where in zip(panels, at, strict=True)]
            for k, subject in enumerate(SUBJECTS):
                mean = [float(scores[:, k].mean()) if len(both) else float("nan") for scores in truth]
                rows.append(
                    {
                        "year": year,
                        "subject": subject,
                        "what": one.what,
                        "event_year": one.year,
                        "since": year - one.year,
                        "landed": one.landed,
                        "pupils": len(one.rows),
                        "compared": len(both),
                        "plan_mean": mean[0],
                        "baseline_mean": mean[1],
                        "difference": mean[0] - mean[1],
                    }
                )
    return rows


def decile_rows(
    plan: Panel, baseline: Panel, in_band: NDArray[np.bool_], year: int, children: int
) -> list[dict[str, Any]]:
    """Levels under both plans of each tenth of the common children by background score, mean of the subjects.

    in_band (n,) of the plan's panel. Background scores are within a grade, as all scores are; tenths differ by at
    most one child. Nothing without ten children.
    """
    inside = np.nonzero(in_band)[0]
    at_plan, at_base = common(plan.rows[inside], baseline.rows, children)
    mine = inside[at_plan]
    n = len(mine)
    if n < 10:
        return []
    order = np.argsort(baseline.background[at_base].astype(np.float64).mean(axis=1), kind="stable")
    tenth = np.empty(n, dtype=np.int64)
    tenth[order] = np.arange(n) * 10 // n
    pupils = np.bincount(tenth, minlength=10)
    rows = []
    for k, subject in enumerate(SUBJECTS):
        level = [
            np.bincount(tenth, panel.truth[at, k].astype(np.float64), minlength=10) / pupils
            for panel, at in ((plan, mine), (baseline, at_base))
        ]
        rows += [
            {
                "year": year,
                "subject": subject,
                "band": "3-8",
                "decile": decile + 1,
                "pupils": int(pupils[decile]),
                "plan_mean": float(level[0][decile]),
                "baseline_mean": float(level[1][decile]),
                "difference": float(level[0][decile] - level[1][decile]),
            }
            for decile in range(10)
        ]
    return rows


def _position(panel: Panel, children: int) -> Ints:
    """Where each child of the pool stands in the panel, `NOWHERE` for those not enrolled."""
    at = np.full(children, NOWHERE, dtype=np.int64)
    at[panel.rows] = np.arange(len(panel.rows))
    return at
