"""The district's accounts, in whole cents: what pupils bring, what schools cost, and what is left.

Revenue follows the pupil; cost follows more slowly. Money acts on learning only as a deviation from the opening year's
terms, so a city that nobody changes gets none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

import numpy as np

from sim.agents.payers import Payer
from sim.agents.schools import School
from sim.city import FLAGS, SUBJECTS
from sim.effects import yearly_value
from sim.opening.codes import Floats
from sim.parameters import Parameters

Keeper = Literal["district", "charters"]
KEEPERS: tuple[Keeper, ...] = ("district", "charters")
"""Whose balance is kept: the district, and all who run schools in its place together."""
Account = Literal["district", "charters", "state", "philanthropy", "world"]
"""The state and philanthropy only pay; what is spent goes to the world."""

MILLION = 1_000_000
FULL_WEIGHT = 1000
"""Weight of a pupil without any flag: weights are whole thousandths, so that sums are exact."""
YEARS_STUDIED = 4
"""Years over which the published effect of spending was reached."""


class Pupils(NamedTuple):
    """The pupils one account is paid for: how many, and what they weigh in thousandths of one without flags."""

    number: int
    weight: int


class Bill(NamedTuple):
    """What one kind of policy costs in the schools of one keeper in a year, and who pays it."""

    item: str
    payer: Payer
    spender: Keeper
    cents: int


class Entry(NamedTuple):
    """One payment. A saving is a negative cost."""

    year: int
    item: str
    payer: Account
    payee: Account
    cents: int


class Balance(NamedTuple):
    """One account's year, cents. `in_schools`: what its own schools spent beside what policies bought and what was
    left behind by lost pupils; `change`: how much of it lies above the opening year's terms."""

    year: int
    keeper: Keeper
    before: int
    income: int
    spending: int
    after: int
    pupils: int
    in_schools: int
    change: int
    stranded: int


def keeper_of(school: School) -> Keeper:
    """Whose account a school is paid from: a restarted school's is that of the operators."""
    return "district" if school.district_run else "charters"


def weigh(number: int, flagged: Mapping[str, int], parameters: Parameters) -> Pupils:
    """Pupils with their weight; `flagged`: how many of them have each flag."""
    weight = number * FULL_WEIGHT
    for flag in FLAGS:
        weight += flagged[flag] * round(parameters[f"money.{flag}_weight"] * FULL_WEIGHT)
    return Pupils(number, weight)


def ratio(part: int, whole: int) -> int:
    """A quotient as a whole number, halves upwards, exact at any size."""
    return (2 * part + whole) // (2 * whole)


def share_of(cents: int, millionths: int) -> int:
    """A share of an amount, to the cent."""
    return ratio(cents * millionths, MILLION)


def _millionths(share: float) -> int:
    return round(share * MILLION)


class Accounts:
    """The books of one run. They balance in the opening June by construction; `settle` closes a year.

    `revenue_share` is what charters get of what their pupils bring, millionths. `planned` is by how much the district's
    schools spend more (or less) in the coming year than opening terms would have it, cents: what the district owes is
    cut, what lies above the most it keeps in reserve is spent. What is owed beyond the most that can be cut the state
    covers.
    """

    def __init__(
        self, year: int, pupils: Mapping[Keeper, Pupils], dollars_per_pupil: float, parameters: Parameters
    ) -> None:
        p = parameters
        self.shed, self.fades = _millionths(p["money.shed_first_year"]), _millionths(p["money.stranded_fades"])
        self.handed_left, self.cut_most = _millionths(p["money.handed_over_left"]), _millionths(p["money.cut_most"])
        self.handed = self.handed_over = Pupils(0, 0)
        """Pupils in schools that the district has handed over this year, and at any time."""
        self.unit = (0, 0)
        self.closing_saves = round(p["money.closing_saves"] * 100)
        self.most_kept = _millionths(p["money.reserve"]) + _millionths(p["money.reserve_swing"])
        self.revenue_share = self.usual_share = _millionths(p["terms.revenue_share"])
        self.stranded = self.saved = self.planned = 0
        self.entries: list[Entry] = []
        self.balances: list[Balance] = []
        self.opening_weight = sum(pupils[keeper].weight for keeper in KEEPERS)
        self.opening_revenue = round(dollars_per_pupil * 100) * sum(pupils[keeper].number for keeper in KEEPERS)
        self.last = dict(pupils)
        own, others = pupils["district"], pupils["charters"]
        kept = self.revenue(others) - self.passed_on(others)
        # a district without schools of its own spends what it keeps of the charters' money on its office
        self.office = kept if not own.weight else 0
        self.unit = (
            (self.revenue(own) + kept, own.weight) if own.weight else (self.opening_revenue, self.opening_weight)
        )
        self.balance: dict[Keeper, int] = {
            "district": share_of(self.revenue(own) + kept, _millionths(p["money.reserve"])),
            "charters": 0,
        }
        self.settle(year, pupils, 0, ())

    # -- what pupils bring and cost -------------------------------------------------------------------------------

    def revenue(self, pupils: Pupils) -> int:
        """What pupils bring in a year, cents; the opening city's mean pupil brings exactly the file's dollars."""
        return ratio(self.opening_revenue * pupils.weight, self.opening_weight) if self.opening_weight else 0

    def passed_on(self, pupils: Pupils, share: int | None = None) -> int:
        """What charters get of what their pupils bring, cents, at the terms in force or another share in millionths; a
        school that was handed over gets what the district spent on it."""
        started = Pupils(pupils.number - self.handed_over.number, pupils.weight - self.handed_over.weight)
        terms = self.revenue_share if share is None else share
        return share_of(self.revenue(started), terms) + self.cost(self.handed_over)

    def cost(self, pupils: Pupils) -> int:
        """What the district's schools spend on pupils at opening terms, cents."""
        cents, weight = self.unit
        return ratio(cents * pupils.weight, weight) if weight else 0

    def change(self, pupils: Mapping[Keeper, Pupils]) -> dict[Keeper, int]:
        """By how much the schools of each keeper spend more this year than at opening terms, cents; a district cannot
        cut more than there is, nor spend on nobody."""
        own, others = pupils["district"], pupils["charters"]
        usual = self.passed_on(others, self.usual_share)
        return {
            "district": max(self.planned, -self.cost(own)) if own.number else 0,
            "charters": self.passed_on(others) - usual,
        }

    # -- the end of a year ----------------------------------------------------------------------------------------

    def settle(self, year: int, pupils: Mapping[Keeper, Pupils], fewer_buildings: int, bills: Iterable[Bill]) -> None:
        """Close a year: enter every payment and plan the next. `fewer_buildings`: by how many schools the district
        runs fewer than last year because they closed; negative where it has opened some."""
        own, others = pupils["district"], pupils["charters"]
        self._leave_behind(own, fewer_buildings * self.closing_saves)
        change, first = self.change(pupils), len(self.entries)
        in_schools: dict[Keeper, int] = {"district": self.cost(own) + change["district"]}
        in_schools["charters"] = self.passed_on(others)
        paid: list[tuple[str, Account, Account, int]] = [
            ("district pupils", "state", "district", self.revenue(own)),
            ("charter pupils", "state", "district", self.revenue(others)),
            ("charter pupils", "district", "charters", self.passed_on(others)),
            *(("schools", keeper, "world", in_schools[keeper]) for keeper in KEEPERS),
            ("left behind by lost pupils", "district", "world", self.stranded),
            ("closed buildings", "district", "world", -min(self.saved, in_schools["district"])),
            ("office", "district", "world", self.office),
        ]
        for bill in bills:
            if bill.payer != bill.spender:
                paid.append((bill.item, bill.payer, bill.spender, bill.cents))
            paid.append((bill.item, bill.spender, "world", bill.cents))
        most_owed = share_of(self.cost(own), self.cut_most)
        owed = sum(cents for _, payer, _, cents in paid if payer == "district") - self.balance["district"]
        owed -= sum(cents for _, _, payee, cents in paid if payee == "district")
        paid.append(("deficit covered", "state", "district", max(0, owed - most_owed)))
        self.entries += [Entry(year, *payment) for payment in paid if payment[-1]]
        for keeper in KEEPERS:
            income = sum(entry.cents for entry in self.entries[first:] if entry.payee == keeper)
            spending = sum(entry.cents for entry in self.entries[first:] if entry.payer == keeper)
            before = self.balance[keeper]
            self.balance[keeper] = after = before + income - spending
            self.balances.append(
                Balance(
                    *(year, keeper, before, income, spending, after, pupils[keeper].number),
                    *(in_schools[keeper], change[keeper], self.stranded if keeper == "district" else 0),
                )
            )
        left = self.balance["district"]
        most = share_of(self.revenue(own) + self.revenue(others) - self.passed_on(others), self.most_kept)
        # in between, the reserve takes up what comes and goes by itself
        self.planned = left if left < 0 else max(0, left - most)
        self.last = dict(pupils)

    def _leave_behind(self, own: Pupils, saving: int) -> None:
        """Bring the cost that lost pupils leave behind up to date: old cost fades, newly lost pupils add to it, new
        ones take it up, and a closed building's saving is part of it before it is real.

        What is left behind may be negative: pupils beyond those there was cost for cost as little at first as lost
        ones save. So a roll that only swings costs nothing in the long run, and money answers to lasting change.
        """
        self.stranded -= share_of(self.stranded, self.fades)
        lost = self.cost(self.last["district"]) - self.cost(own)
        # a school that is handed over takes its building and staff along
        handed = max(0, min(lost, self.cost(self.handed)))
        self.handed = Pupils(0, 0)
        self.stranded += (lost - handed) - share_of(lost - handed, self.shed) + share_of(handed, self.handed_left)
        # a building that opens is part of what more pupils come to cost, as one that closes of what fewer do
        counted = max(0, min(self.stranded, saving)) if saving > 0 else min(0, max(self.stranded, saving))
        self.stranded -= counted
        self.saved += saving - counted


def money_value(schools: list[School], change: Mapping[Keeper, float], parameters: Parameters) -> Floats:
    """What money beyond the opening year's terms adds this year, SD (S, 2). `change`: dollars for a pupil, by whose
    schools they are. What practices bought costs is not in it: they have effects of their own."""
    yearly = np.array(
        [
            yearly_value(parameters["money.effect"], retention, "cumulative", YEARS_STUDIED)
            for retention in parameters.by_subject("learning.retention")
        ]
    )
    thousands = np.array([change[keeper_of(school)] / 1000.0 for school in schools])
    value: Floats = thousands.reshape(len(schools), 1) * yearly.reshape(1, len(SUBJECTS))
    return value
