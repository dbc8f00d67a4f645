"""Attrition and backfill: who could have stayed in a school and did not, and who came in their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.opening.population import DROPPED_OUT

Ints = NDArray[np.int64]

WHOLE_SECTOR = "*"


def turnover(
    before: Ints, now: Ints, grade: Ints, low: Ints, high: Ints, charter: NDArray[np.bool_]
) -> dict[str, Ints]:
    """Counts by school (S,) of who could stay, stayed, left, and came, from last June to this.

    before, now (n,): the place of everyone in a school in either June, last June and this, negative outside (below the
    schools' indices); grade (n,): this June's; low, high (S,): lowest and one past the highest grade a school teaches.
    Graduates and pupils of a school that closed could not stay. In a school's first year all its pupils entered at
    the entrance.
    """
    schools = len(charter)

    def by_school(place: Ints) -> Ints:
        return np.bincount(place, minlength=schools)

    was = before >= 0
    at, g, to = before[was], grade[was], now[was]
    could = (g >= low[at]) & (g < high[at])
    gone = could & (to != at)
    elsewhere = gone & (to >= 0)
    to_charter = elsewhere & charter[np.maximum(to, 0)]
    dropped = gone & (to == DROPPED_OUT)
    new = (now >= 0) & (before != now)
    place = now[new]
    first_year = by_school(at) == 0
    at_entrance = (grade[new] == low[place]) | first_year[place]
    return {
        "could_stay": by_school(at[could]),
        "stayed": by_school(at[could & (to == at)]),
        "left": by_school(at[gone]),
        "to_district": by_school(at[elsewhere & ~to_charter]),
        "to_charter": by_school(at[to_charter]),
        "out_of_public": by_school(at[gone & (to < 0) & ~dropped]),
        "dropped_out": by_school(at[dropped]),
        "entered_first_grade": by_school(place[at_entrance]),
        "entered_later": by_school(place[~at_entrance]),
    }


def turnover_rows(counts: dict[str, Ints], schools: Sequence[str], sector: Sequence[str]) -> dict[str, Any]:
    """The counts of `turnover` as a block of columns: schools with any pupils, then whole sectors; with the share that
    left and the pupils who came later for each one who left, NaN where nobody could stay or nobody left."""
    sectors = sorted(set(sector))
    member = np.array([[name == one for name in sector] for one in sectors], dtype=np.int64)
    used = np.nonzero(counts["could_stay"] + counts["entered_first_grade"] + counts["entered_later"])[0].tolist()
    block: dict[str, Any] = {
        "school": [schools[s] for s in used] + [WHOLE_SECTOR] * len(sectors),
        "sector": [sector[s] for s in used] + sectors,
        **{name: np.concatenate([count[used], member @ count]) for name, count in counts.items()},
    }
    left, could = block["left"], block["could_stay"]
    block["attrition"] = np.where(could > 0, left / np.maximum(could, 1), np.nan)
    block["backfill"] = np.where(left > 0, block["entered_later"] / np.maximum(left, 1), np.nan)
    return block
