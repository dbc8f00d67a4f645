"""What policies can do to the district's money: who pays, and on which terms charters are paid."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sim.agents.payers import Payer, Payment
from sim.agents.schools import School
from sim.city import FLAGS
from sim.opening.codes import Floats
from sim.rated_schools import RatedSchools
from sim.year.bills import Costs, costs_of, fewer_buildings
from sim.year.money import KEEPERS, MILLION, Accounts, Keeper, Pupils, keeper_of, money_value, weigh
from sim.year.staffing import staff_dollars


class AccountLevers(RatedSchools):
    """The part of `District` that keeps the books."""

    def pay_for(self, school: School, item: str, paid_by: Payer) -> None:
        """Have somebody pay for one thing in a school from this year on."""
        school.payers[item] = Payment(paid_by, self.year)

    def pay_for_buses(self, paid_by: Payer) -> None:
        """Have somebody pay for free buses from this year on."""
        self.buses = Payment(paid_by, self.year)

    def will_dollars(self) -> dict[str, float]:
        """What work on political will costs this year, dollars by item; nothing where none is done."""
        office, pupils = self.office, sum(school.pupils for school in self.schools)
        cost = self.plan.parameters["politics.will_cost"] * pupils
        parts = {"engagement": office.engagement, "information": office.information, "coalition": office.coalition}
        return {item: share * cost for item, share in parts.items() if share}

    def share_revenue(self, share: float) -> None:
        """Give charters this share of what their pupils bring, from this year on. Raises ValueError outside 0 to 1."""
        if not 0.0 <= share <= 1.0:
            raise ValueError(f"a share of {share:g} is not between 0 and 1")
        self.accounts.revenue_share = round(share * MILLION)

    # -- the year -------------------------------------------------------------------------------------------------

    def pupils_by_keeper(self) -> dict[Keeper, Pupils]:
        """The pupils each account is paid for this year, with their weight."""
        return {keeper: self._weighed(s.index for s in self.schools if keeper_of(s) == keeper) for keeper in KEEPERS}

    def _weighed(self, schools: Iterable[int]) -> Pupils:
        """The pupils of some schools, by index, with their weight."""
        students, window = self.students, self.window
        mine = np.isin(students.place[window], list(schools))
        flagged = {flag: int(getattr(students, flag)[window][mine].sum()) for flag in FLAGS}
        return weigh(int(mine.sum()), flagged, self.plan.parameters)

    def pupils_on_buses(self) -> int:
        """Pupils outside the school that guarantees their zone a seat, where buses are free; nobody where not."""
        if self.rules.transport == "off":
            return 0
        place, zone = self.students.place[self.window], self.students.zone[self.window]
        inside = place >= 0
        return int((self.zone_school[zone[inside], self.grades[inside]] != place[inside]).sum())

    def open_accounts(self) -> None:
        """Open the books in the opening June."""
        self.buses = self.will_paid = self.staffing_paid = Payment("state", self.year)
        pupils = self.pupils_by_keeper()
        self.accounts = Accounts(self.year, pupils, self.city.dollars_per_pupil, self.plan.parameters)

    def _count_handed_over(self) -> None:
        self.accounts.handed_over = self._weighed(self.handed_over)

    def money_value(self) -> Floats:
        """What money beyond the opening year's terms adds this year, SD (S, 2)."""
        self._count_handed_over()
        pupils = self.pupils_by_keeper()
        change = self.accounts.change(pupils)
        dollars: dict[Keeper, float] = {
            keeper: change[keeper] / (100 * pupils[keeper].number) if pupils[keeper].number else 0.0
            for keeper in KEEPERS
        }
        return money_value(self.schools, dollars, self.plan.parameters)

    def settle_accounts(self) -> Costs:
        """Close the year's books; the opening year's are closed already. Returns what policies cost."""
        p, year = self.plan.parameters, self.year
        costs = costs_of(self.schools, year, self.city.dollars_per_pupil, self.pupils_on_buses(), self.buses, p)
        pay = staff_dollars(self.schools, self.city.dollars_per_pupil, self.staff_rules, self.usual_hires, p)
        for wide, payment in ((self.will_dollars(), self.will_paid), (pay, self.staffing_paid)):
            for item, dollars in wide.items():
                costs.add(item, dollars, payment.payer_in(year, p["money.philanthropy_years"]), "district")
        self.accounts.handed = self._weighed(i for i in self.handed_over if self.schools[i].restarted == year)
        self._count_handed_over()
        if year > self.plan.years.opening:
            self.accounts.settle(year, self.pupils_by_keeper(), fewer_buildings(self.schools, year), costs.bills())
        return costs
