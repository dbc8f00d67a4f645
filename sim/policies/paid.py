"""Who pays for a policy that costs money."""

from __future__ import annotations

from pydantic import Field

from sim.agents.payers import Payer
from sim.policies.policy import Policy


class PaidPolicy(Policy):
    """A policy with costs beyond what the district spends anyway."""

    paid_by: Payer = Field(
        "state", description="who pays what it costs; philanthropy does so for some years, then the district"
    )

    def payer_in_words(self) -> str:
        """Who pays, to stand at the end of the policy's words."""
        who = {"state": "the state", "philanthropy": "philanthropy at first", "district": "the district"}[self.paid_by]
        return f", paid for by {who}"
