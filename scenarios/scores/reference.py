"""The pupils a sitting's scores are referred to, and the rows that make them up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from scenarios.records.columns import SECTORS, STATE
from scenarios.scores.rows import Flags, Places, ScoreRows
from sim.city import ANY

Made = Literal["groups", "schools", "sectors", "all"]
"""What the units are: the place's groups, its schools, its sectors, or all its pupils as one."""
LEAST_COVERED = {"groups": 0.9, "schools": 0.8, "sectors": 0.9}
"""Share of the place's pupils its units must hold to stand for it."""
MOST_COVERED = 1.01
"""Units that hold more overlap: pupils are counted in two of them."""


@dataclass(frozen=True)
class Units:
    """Rows that together are the reference population: of the state (`*state`) or the city's own pupils (`*`).

    `whole` is the row of the same pupils as one, if there is one.
    """

    place: str
    made: Made
    rows: Places
    whole: int | None


def choose_units(rows: ScoreRows, members: Places, usable: Flags, hidden: Flags) -> Units | None:
    """The best units of one sitting, or none.

    The state comes before the city; groups before schools before the whole place as one before sectors. Units must
    cover the place and not overlap, and none of them be `hidden` where the whole is not.
    """
    for place in (STATE, ANY):
        own = members[(rows.place[members] == place) & usable[members]]
        whole = own[rows.whole[own]]
        one = int(whole[0]) if len(whole) else None
        exact = one is not None and not hidden[one]
        parts: list[tuple[Made, Places]] = [("groups", own[rows.one_group[own]])]
        if place == ANY:
            inside = members[rows.whole[members] & usable[members]]
            schools = inside[rows.in_school[inside]]
            parts.append(("schools", schools[~hidden[schools]] if exact else schools))
        for made, units in parts:
            if len(units) >= 2 and not (exact and hidden[units].any()) and _covers(rows, made, units, one):
                return Units(place, made, units, one)
        if one is not None:
            return Units(place, "all", whole[:1], one)
        if place == ANY:
            sectors = inside[np.isin(rows.place[inside], [f"*{sector}" for sector in SECTORS])]
            if len(sectors):
                return Units(place, "sectors", sectors, None)
    return None


def _covers(rows: ScoreRows, made: Made, units: Places, whole: int | None) -> bool:
    """Whether the units hold nearly all the place's pupils once; taken to where their numbers are not known."""
    if whole is None or np.isnan(rows.pupils[whole]) or np.isnan(rows.pupils[units]).any():
        return True
    share = rows.pupils[units].sum() / rows.weight[whole]
    return bool(LEAST_COVERED[made] <= share <= MOST_COVERED)
