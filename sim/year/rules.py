"""The rules of one year: by which system and on what terms seats are given, and how schools are staffed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.city import GRADES, EnrollmentSystem
from sim.opening.codes import Floats, Ints


@dataclass(frozen=True)
class EnrollmentRules:
    """How a district gives its seats. The defaults are those of a district that has not changed its ways.

    system: `zoned` and `unified` are one match for all schools, in `zoned` with a cost of asking for a district school
    outside the zone; `separate_lotteries` is as `zoned`, but every school offers its seats by itself.
    """

    system: EnrollmentSystem
    list_limit: int
    """Schools a family may name."""
    rounds: int = 20
    """Rounds of offers in separate lotteries. A city that opens with them works through its waiting lists: the rolls of
    the file are those reached in the end."""
    lotteries_of: Literal["all", "charter"] = "all"
    """Schools that hold separate lotteries; others then take only their own pupils and guaranteed ones."""
    one_lottery: bool = False
    """Whether a child has one lottery ticket for all schools, or another at each."""
    displaced_first: bool = True
    """Whether children of closed schools go before siblings, the zone's children and others."""
    set_aside: float = 0.0
    """Share of the seats given in a grade that go first to the children below."""
    set_aside_for: Literal["low_income", "english_learner", "displaced"] = "low_income"
    backfill_through: int = GRADES[-1]
    """Highest grade in which the schools below take newcomers after their entry grade."""
    backfill_of: Literal["charter", "all"] = "charter"
    transport: Literal["off", "cheaper miles", "capped miles"] = "off"
    transport_miles: float = 2.0
    """Miles that families feel at most where miles are capped."""

    @property
    def separate(self) -> bool:
        """Whether schools give their seats each by itself."""
        return self.system == "separate_lotteries"

    @property
    def applications_cost(self) -> bool:
        """Whether a family has to ask for a charter, or for a district school outside its zone, by itself."""
        return self.system != "unified"

    def seats_set_aside(self, room: Ints) -> Ints:
        """How many of the seats are set aside, to the nearest whole one, in the shape of `room`."""
        return np.floor(self.set_aside * np.maximum(room, 0) + 0.5).astype(np.int64)

    def miles_felt(self, miles: Floats, relief: float) -> Floats:
        """Miles as they weigh on families; `relief` is the share of a mile's cost that a bus takes away."""
        if self.transport == "cheaper miles":
            return miles * (1.0 - relief)
        if self.transport == "capped miles":
            return np.minimum(miles, self.transport_miles)
        return miles

    def backfills(self, charter: np.ndarray, zone_school: Ints) -> np.ndarray:
        """Whether each school takes newcomers in each grade that is not an entry grade, (S, 13).

        charter (S,), zone_school (Z, 13): who guarantees a zone its seats in a grade takes newcomers there.
        """
        free = np.zeros((len(charter), len(GRADES)), dtype=bool)
        free[:, : self.backfill_through + 1] = True
        if self.backfill_of == "charter":
            free[~charter] = True
        zone, grade = np.nonzero(zone_school >= 0)
        free[zone_school[zone, grade], grade] = True
        return free


@dataclass(frozen=True)
class StaffRules:
    """How the schools the district runs staff themselves, and what is done for the teachers of the whole city. The
    defaults are those of a district that has not changed its ways."""

    layoffs_by_effectiveness: float = 0.0
    """Share of the layoffs of schools the district runs that go by effectiveness, the others by seniority."""
    extra_time_paid: float | None = None
    """Share of longer days that teachers are paid for; that of `staff.extra_time_paid` if none is given."""
    pool_extra: float = 0.0
    """Teachers recruited to the city beyond those it usually hires in a summer, share of these."""
