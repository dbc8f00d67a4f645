"""The office: a superintendent who manages the portfolio, the board behind it, and the labor contract it works under.

In a run a Mesa agent; the year's politics are computed in `sim.year.politics` and carried out by `sim.levers.politics`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.district import District
    from sim.plan import Politics
    from sim.policies.levers import Mandate

CONSTITUENCIES = ("families", "teachers", "voters")
SEATS_ON_BOARD = 7
ELECTION_YEARS, MAYOR_YEARS, BARGAINING_YEARS = 2, 4, 3
"""Years from one election of half the board, of a mayor, and from one bargaining of the contract, to the next."""


class Office(mesa.Agent):
    """The superintendent's office of one district in one run.

    `capital` is in points; `mood` (3,) is how far each constituency's backing lies from its quiet year, share;
    `opposition` (Z,) by zone, share of its families; `board` (7,) who backs the strategy; `flexibility` the share of
    district schools that the labor contract lets depart from it.
    """

    def __init__(self, district: District, zones: int) -> None:
        super().__init__(district)
        p = district.plan.parameters
        self.politics: Politics = district.plan.politics
        self.capital = p["politics.capital_opening"]
        self.mood = np.zeros(len(CONSTITUENCIES))
        self.opposition: NDArray[np.float64] = np.zeros(zones)
        self.board = np.arange(SEATS_ON_BOARD) < round(SEATS_ON_BOARD * p["politics.board_for"])
        self.superintendent = 1
        """The how-manyth since the plan began."""
        self.since = district.plan.years.first
        self.pursues = True
        """Whether the superintendent pursues the strategy; a successor may not."""
        self.flexibility = p["politics.flexibility_opening"]
        self.mandate: Mandate = "none"
        self.gap_acknowledged = False
        self.engagement, self.information, self.coalition = 0.0, 0.0, 0.0
        """Work on political will, each a share of the whole of it."""
        self.revenue_share, self.autonomy, self.buildings = p["terms.revenue_share"], p["terms.autonomy"], False
        """Terms for whoever runs schools for the district: share of its revenue per pupil, freedom, a building."""
        self.proven_at_opening = 0.0
        """Share of pupils in proven seats that are none of the district's, in the opening June: no news to anybody."""
        self.spent = 0.0
        """Capital spent in this year's review."""
        self.seen: list[tuple[float, float]] = []
        """June by June: the mean observed score of the tested and the gap the public looks at, SD."""
        self.displaced_shares: list[float] = []
        """Year by year: share of the city's pupils who lost their school."""

    @property
    def majority(self) -> bool:
        """Whether the board backs the strategy."""
        return bool(self.board.sum() * 2 > len(self.board))

    def step(self) -> None:
        """The office acts through the district's school year, not by itself."""
