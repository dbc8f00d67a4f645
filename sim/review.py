"""The annual review: policies decide, and what is decided is enacted, set aside or only supposed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from sim.levers.politics import PoliticalLevers
from sim.policies.policy import Decision, Policy


class Reviewing(PoliticalLevers):
    """The part of `District` that goes through the year's slate."""

    def review(self) -> None:
        """Policies decide, seen from last June, in the plan's order; each decision is enacted before the next, set
        aside when an earlier one holds the school (`sim.decisions`), or refused by politics."""
        self.in_review = 1
        self.promised_seats = {}
        self.rezoned_from = np.full_like(self.zone_school, -1)
        self.operators_settle(self.year - 1)
        for name, policy in self.plan.policies.items():
            self._review_one(name, policy)
        self.in_review = 0

    def _review_one(self, name: str, policy: Policy) -> None:
        passed, told = 0, False
        for decision in policy.decide(self, name):
            price = self.price(policy, decision)
            standing = self.decided.would_stand(decision, self)
            refused = self.refusal(policy, decision, price, passed) if standing else None
            if refused is not None:
                if not told:
                    self.write_down(refused, policy.slate_of(decision))
                told = True
                if policy.departs_from_contract():
                    continue  # others may need no leave
                return
            taken = self.decided.take(decision, self)
            if taken is None:
                continue
            paid = price if taken.changes_something else 0.0
            passed += taken.changes_something
            self.pay(paid)
            self.write_down(taken, policy.slate_of(decision), paid)

    def enacted(self, decision: Decision) -> bool:
        """Whether a structural decision was carried out, not set aside; always while it is only supposed."""
        held = self.decided.holders.get(decision.school)
        return self.supposed or (held is not None and held.is_one_with(decision))

    @contextmanager
    def supposing(self) -> Iterator[None]:
        """Go through a review as if every decision were carried out, without carrying out any."""
        self.supposed = True
        try:
            yield
        finally:
            self.supposed = False
