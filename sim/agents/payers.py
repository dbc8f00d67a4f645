"""Who pays for what a policy costs. Light on purpose: policies name payers, and load nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Payer = Literal["state", "philanthropy", "district"]


@dataclass(frozen=True)
class Payment:
    """Somebody has promised to pay for one thing in one school since a year (spring)."""

    payer: Payer
    since: int

    def payer_in(self, year: int, philanthropy_years: float) -> Payer:
        """Who pays in `year`: philanthropy goes after so many years, and the district pays then."""
        gone = self.payer == "philanthropy" and year >= self.since + philanthropy_years
        return "district" if gone else self.payer
