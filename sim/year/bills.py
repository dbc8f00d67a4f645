"""What policies cost in a year: schools' practices, smaller classes, starts and restarts, and buses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sim.agents.payers import Payer, Payment
from sim.agents.schools import School
from sim.parameters import Parameters
from sim.year.money import Bill, Keeper, keeper_of
from sim.year.practices import practice_dollars

START_UP, RESTART, TRANSPORT = "start-up", "restart", "transport"


@dataclass
class Costs:
    """What policies cost in a year: dollars by item, and cents by item, payer and whose school it is."""

    dollars: dict[str, float] = field(default_factory=dict)
    cents: dict[tuple[str, Payer, Keeper], int] = field(default_factory=dict)

    def add(self, item: str, dollars: float, payer: Payer, spender: Keeper) -> None:
        """Another cost; payments are to the cent."""
        self.dollars[item] = self.dollars.get(item, 0.0) + dollars
        key = (item, payer, spender)
        self.cents[key] = self.cents.get(key, 0) + round(dollars * 100)

    def bills(self) -> list[Bill]:
        """One bill for each item, payer and spender that costs anything."""
        return [Bill(*key, cents) for key, cents in self.cents.items() if cents]


def school_dollars(school: School, year: int, dollars_per_pupil: float, parameters: Parameters) -> dict[str, float]:
    """What a school costs in a year beyond what it always did, dollars by item."""
    p = parameters
    starts = school.new and school.in_session and school.opened == year
    restarting = school.restarted is not None and year - school.restarted < p["money.restart_years"]
    return practice_dollars(school, dollars_per_pupil, p) | {
        START_UP: _start_up(school, p) if starts else 0.0,
        RESTART: school.pupils * p["money.restart"] if restarting else 0.0,
    }


def _start_up(school: School, parameters: Parameters) -> float:
    return parameters["money.start_up"] if school.start_up_dollars is None else school.start_up_dollars


def costs_of(
    schools: Iterable[School],
    year: int,
    dollars_per_pupil: float,
    on_buses: int,
    buses: Payment,
    parameters: Parameters,
) -> Costs:
    """What policies cost in a year. `on_buses`: pupils who ride free buses; `buses`: who pays for them.

    Where nobody has been named the state pays.
    """
    costs, years = Costs(), parameters["money.philanthropy_years"]
    for school in schools:
        for item, dollars in school_dollars(school, year, dollars_per_pupil, parameters).items():
            payer = school.payers[item].payer_in(year, years) if item in school.payers else "state"
            costs.add(item, dollars, payer, keeper_of(school))
    costs.add(TRANSPORT, on_buses * parameters["money.transport"], buses.payer_in(year, years), "district")
    return costs


def fewer_buildings(schools: Iterable[School], year: int) -> int:
    """How many schools the district has closed since last year, less those it has opened; one that was handed over
    keeps its building and counts as neither."""
    own = [school for school in schools if school.district_run]
    closed = sum(1 for school in own if school.status == "closed" and school.closed == year - 1)
    return closed - sum(1 for school in own if school.new and school.in_session and school.opened == year)
