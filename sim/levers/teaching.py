"""What policies can do to how schools teach: practices, class size, staffing, status, and who runs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from sim.agents.payers import Payer, Payment
from sim.agents.schools import Restart, School
from sim.levers.accounts import AccountLevers
from sim.year.bills import RESTART
from sim.year.practices import ITEMS, SMALLER_CLASSES, practice_value


class PracticeLevers(AccountLevers):
    """The part of `District` that changes what schools do."""

    def take_up(self, key: str, levels: Mapping[str, float], paid_by: Payer = "state") -> None:
        """Have a school bring practices to these levels; none is lowered, and what it does already it goes on doing.
        Who raises a practice pays for all of it."""
        school = self.school(key)
        for name, level in levels.items():
            if level > school.levels[name]:
                school.levels[name] = level
                self.pay_for(school, ITEMS[name], paid_by)

    def make_classes_smaller(self, key: str, by: float, paid_by: Payer = "state") -> None:
        """Hire teachers until a school's classes are smaller by a share of what they were."""
        school = self.school(key)
        school.smaller_classes = by
        self.pay_for(school, SMALLER_CLASSES, paid_by)

    def change_staffing(self, paid_by: Payer = "state", **rules: Any) -> None:
        """Staff schools by other rules from this year on; `rules` are fields of `StaffRules`. Raises TypeError for any
        other name."""
        self.staffing_paid = Payment(paid_by, self.year)
        self.staff_rules = replace(self.staff_rules, **rules)

    def free_of_rules(self, key: str) -> None:
        """Give a district school innovation status: it stays in its zones and chooses how it works."""
        self.school(key).sector = "innovation"

    def plan_restart(
        self,
        key: str,
        operator: str,
        year: int,
        *,
        talent: bool,
        new_staff: bool,
        keep_ratings: bool,
        paid_by: Payer = "state",
    ) -> None:
        """Decide that a school is handed to an operator in the summer before `year`; pupils, building, zones stay."""
        self.restarts[self.school(key).index] = Restart(year, operator, talent, new_staff, keep_ratings, paid_by)

    def will_restart(self, school: School) -> bool:
        """Whether a takeover is decided and has not happened yet."""
        return school.index in self.restarts

    def takeovers_decided(self, operators: tuple[str, ...]) -> int:
        """Takeovers by these operators so far, those still to happen with them: whose turn it is."""
        waiting = sum(1 for one in self.restarts.values() if one.operator in operators)
        return waiting + sum(self.operators[key].takeovers for key in operators if key in self.operators)

    def carry_out_restarts(self) -> None:
        """The takeovers of this summer, in the order of the schools."""
        for index in sorted(index for index, restart in self.restarts.items() if restart.year == self.year):
            restart = self.restarts.pop(index)
            if self.schools[index].status == "open":
                self._restart(self.schools[index], restart)

    def _restart(self, school: School, restart: Restart) -> None:
        """Hand a school over. Its quality moves towards its new operator's as far as fidelity lets it."""
        p, operator = self.plan.parameters, self.operator(restart.operator)
        so_far = sum(1 for other in self.schools if other.restarted is not None)
        reach = p["restart.fidelity"] * float(np.exp(-so_far / p["practices.scale_schools"]))
        if not restart.talent:
            reach = min(reach, p["restart.without_talent"])
        # what the operator does anyway is part of its total, as far as the school comes to it; what the school gained
        # from practices of its own until now is not lost by counting them so
        gained = practice_value(self.schools, p)[school.index]
        for name, usual in operator.file.usual_practices.items():
            school.usual[name] = max(school.usual[name], reach * usual)
            school.levels[name] = max(school.levels[name], school.usual[name])
        school.quality = school.quality + gained - practice_value(self.schools, p)[school.index]
        school.quality_goal = school.quality + reach * (operator.takeover_quality(self.year) - school.quality)
        school.talent, school.new_staff, school.restarted = restart.talent, restart.new_staff, self.year
        school.operator = restart.operator
        self.pay_for(school, RESTART, restart.paid_by)
        # a new operator stands under a contract of its own
        self.contracts.pop(school.key, None)
        school.frozen = False
        if operator.file.sector == "charter":
            if school.district_run:
                self.handed_over.add(school.index)
            school.sector = "restart"
        if not restart.keep_ratings:
            school.forget_ratings()
