"""What a district has to do with operators that decide for themselves: calls, records, books, and schools given up."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from sim.agents.operators import CENTS, Operator
from sim.agents.schools import School
from sim.levers.openings import Levers
from sim.luck import one_uniform
from sim.policies.policy import Decision
from sim.year.operator_accounts import Norm, SchoolYear, account, deficit_years, income_cents, withdraws
from sim.year.proposals import Call, Declined, Proposal, Standing, answer
from sim.year.ratings import Parts


class NetworkLevers(Levers):
    """The part of `District` that deals with operators."""

    # -- calls for proposals --------------------------------------------------------------------------------------

    def call_for_proposals(
        self,
        operators: tuple[str, ...],
        *,
        schools: int,
        opens: int,
        start_up_grant: float,
        leaders: int,
        empty_buildings: bool,
    ) -> tuple[list[Proposal], list[Declined]]:
        """Ask operators for so many new schools in the September before the spring of `opens`; who offers, and who
        does not.

        `start_up_grant` in dollars a school; `leaders` the district hands over; with `empty_buildings`, a building that
        stands empty counts as one offered.
        """
        terms = self.terms_offered()
        call = Call(
            self.year,
            schools,
            ("new start",),
            terms.revenue_share,
            terms.building or (empty_buildings and bool(self.vacant_sites(opens))),
            terms.autonomy,
            terms.risk,
            start_up_grant,
            leaders,
        )
        answers = [self._answer(self.operator(key), call, opens) for key in operators]
        return [a for a in answers if isinstance(a, Proposal)], [a for a in answers if isinstance(a, Declined)]

    def _answer(self, agent: Operator, call: Call, opens: int) -> Proposal | Declined:
        agent.train_leaders(self.year)
        opening = sum(school.new and school.operator == agent.key and school.opened == opens for school in self.schools)
        draw = one_uniform(self.seed_used, "appetite", agent.key, self.year)
        standing = Standing(agent.key, agent.cash, agent.leaders, opening)
        return answer(agent.file, standing, call, draw, self.plan.parameters["networks.appetite"])

    def take_on(self, operator: str, start_up_grant: float, given_leader: bool) -> None:
        """Let an operator start one more school: it pays the start-up, less the grant in dollars, and may be given a
        leader."""
        self.operator(operator).take_on(round(start_up_grant * CENTS), given_leader)

    def record_of(self, operator: str) -> tuple[float, str]:
        """An operator's record, points of 100, and in words: the mean of its schools' last ratings here, else what its
        published total would be rated at.

        A total is rated as the growth of a school with the opening year's mean status.
        """
        agent = self.operator(operator)
        if agent.record:
            points = agent.record[-1][1]
            return points, f"its schools here rated {points:.3g}"
        total = np.array([agent.total.mean()])
        parts = Parts(np.array([self.yardstick.status_mean]), total, np.array([np.nan]))
        index = self.yardstick.index(replace(self.yardstick_rule, adjusted=False), parts)
        points = self.yardstick.points(float(index[0]))
        return points, f"its published effect worth a rating of {points:.3g}"

    # -- books ----------------------------------------------------------------------------------------------------

    def operators_settle(self, year: int) -> None:
        """Close the books of every operator but the district for the June of `year`, let them train leaders, and have
        those with lasting deficits announce that they give up a school, which then teaches one more year.

        To be called at the start of a review, when the rolls are those of last June.
        """
        for agent in self.operators.values():
            agent.train_leaders(year + 1)
            if agent.file.sector != "district":
                self._settle(agent, year)

    def _settle(self, agent: Operator, year: int) -> None:
        p = self.plan.parameters
        schools = [
            SchoolYear(
                s.key,
                s.pupils,
                s.total_seats,
                self._norm(s, agent),
                growing=s.status == "open" and len(s.grades) < len(s.grades_at_full_size),
                may_go=self._stays(s),
            )
            for s in self.open_schools()
            if s.operator == agent.key
        ]
        closed = account(
            agent.key,
            year,
            schools,
            self._income(agent, self.terms_offered().revenue_share),
            round(agent.file.private_dollars_per_pupil.value * CENTS),
            agent.file.fee_share.value,
            p["networks.fixed_share"],
            agent.cash_cents,
            agent.grant_cents,
            agent.start_up_cents,
        )
        agent.close_books(
            closed.cash_after, deficit_years(agent.deficit_years, closed, p["networks.deficit_that_counts"])
        )
        self.operator_books.append(closed)
        for leaving in withdraws(agent.deficit_years, schools, closed):
            self._withdraw(agent, leaving.school, leaving.because, year + 1)

    def _income(self, agent: Operator, revenue_share: float) -> int:
        return income_cents(self.city.dollars_per_pupil, revenue_share, agent.file.private_dollars_per_pupil.value)

    def _norm(self, school: School, agent: Operator) -> Norm:
        """Where a school breaks even: one of the opening year, whoever ran it, as full as it was then on the terms of
        then; a new one as its operator's file says."""
        if school.new:
            return Norm(agent.file.fill_needed.value, self._income(agent, agent.file.needs.revenue_share.value))
        fill = float(self.codes.roll[:, school.index].sum()) / max(
            1, int(self.opening.frozen.seats[school.index].sum())
        )
        return Norm(fill, self._income(agent, self.plan.parameters["terms.revenue_share"]))

    def _withdraw(self, agent: Operator, school: str, because: str, last_june: int) -> None:
        """Write down and announce that an operator gives up a school after the June of `last_june`, unless a policy
        already holds the school."""
        decision = Decision(
            agent.key,
            "withdraw",
            school=school,
            year=self.year,
            effective=last_june + 1,
            because=because,
            enact=partial(_close, key=school, last_june=last_june),
            kind="structural",
        )
        taken = self.decided.take(decision, self)
        if taken is not None:
            agent.deficit_years = 0
            self.write_down(taken, "close")


def _close(district: Levers, key: str, last_june: int) -> None:
    district.close_school(key, after=last_june, grade_by_grade=False, zone_goes_to_better=False)
