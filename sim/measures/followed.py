"""Children to whom something happened, followed for five years beside themselves under the baseline.

- *displaced*: their school closed this summer; by where they landed.
- *receiving*: pupils who stayed in a school in which displaced newcomers are at least the share of the roll from which
  on a school counts as receiving them (parameter disruption.receiving_share).
- *left behind*: pupils who were in a district school two Junes ago and are in it still, when it has lost at least a
  tenth of the roll of that June to schools that opened during the plan. Lost are children who could have stayed (the
  school still teaches their grade) and are in such a school now. A school counts once, in the first such year.
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

Floats = NDArray[np.float64]
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
    place: Mapping[int, Ints], displaced: Mapping[int, Displaced], schools: int, share: float
) -> list[Followed]:
    """Pupils who were in a receiving school before its newcomers; place: `places` by June."""
    found = []
    for year, lost in displaced.items():
        now = place[year]
        came = now[lost.rows]
        newcomers = np.bincount(came[came >= 0], minlength=schools)
        roll = np.bincount(now[now >= 0], minlength=schools)
        receiving = (newcomers > 0) & (newcomers >= share * roll)
        rows = np.nonzero((now >= 0) & (now == place[year - 1]) & receiving[now])[0]
        if len(rows):
            found.append(Followed("receiving", year, STAYED, rows))
    return found


def left_behind_children(
    place: Mapping[int, Ints],
    cohort: Ints,
    teaches: NDArray[np.bool_],
    run_by_district: NDArray[np.bool_],
    opened_in_plan: NDArray[np.bool_],
) -> list[Followed]:
    """Pupils left behind, as the module says. teaches (S, 13): grades of each school at full size;
    run_by_district, opened_in_plan (S,)."""
    found = []
    schools = len(run_by_district)
    counted = np.zeros(schools, dtype=bool)
    for year in sorted(place):
        if year - LOST_WITHIN not in place:
            continue
        now, then = place[year], place[year - LOST_WITHIN]
        was = np.nonzero((then >= 0) & (now >= 0))[0]
        at, to, grade = then[was], now[was], year - cohort[was]
        lost = opened_in_plan[to] & ~opened_in_plan[at] & teaches[at, grade]
        roll = np.bincount(then[then >= 0], minlength=schools)
        hit = np.bincount(at[lost], minlength=schools) >= LOST_SHARE * np.maximum(roll, 1)
        hit &= run_by_district & ~counted
        counted |= hit
        rows = was[(at == to) & hit[at]]
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
        truth = [_truth(panels[year], children) for panels in (plan, baseline)]
        for one in mine:
            both = [scores[one.rows] for scores in truth]
            use = ~np.isnan(both[0][:, 0] + both[1][:, 0])
            n = int(use.sum())
            for k, subject in enumerate(SUBJECTS):
                mean = [float(scores[use, k].mean()) if n else float("nan") for scores in both]
                rows.append(
                    {
                        "year": year,
                        "subject": subject,
                        "what": one.what,
                        "event_year": one.year,
                        "since": year - one.year,
                        "landed": one.landed,
                        "pupils": len(one.rows),
                        "compared": n,
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


def _truth(panel: Panel, children: int) -> Floats:
    truth = np.full((children, 2), np.nan)
    truth[panel.rows] = panel.truth
    return truth
