"""The annual review: policies decide, and what is decided is enacted, set aside or only supposed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from sim.levers.networks import NetworkLevers
from sim.policies.policy import Decision


class Reviewing(NetworkLevers):
    """The part of `District` that goes through the year's slate."""

    def review(self) -> None:
        """Policies decide, seen from last June, in the plan's order; each decision is enacted before the next, or set
        aside when an earlier one holds the school (`sim.decisions`)."""
        self.in_review = 1
        self.promised_seats = {}
        self.rezoned_from = np.full_like(self.zone_school, -1)
        for name, policy in self.plan.policies.items():
            for decision in policy.decide(self, name):
                taken = self.decided.take(decision, self)
                if taken is not None:
                    self.write_down(taken)
        self.in_review = 0

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
