"""What policies can do to seats: how many there are, who is guaranteed one, and where a school's pupils go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sim.practice_levers import PracticeLevers


class SeatLevers(PracticeLevers):
    """The part of `District` that changes seats and zones."""

    def change_enrollment(self, **rules: Any) -> None:
        """Give seats by other rules from this year on; `rules` are fields of `EnrollmentRules`. Raises TypeError for
        any other name."""
        self.rules = replace(self.rules, **rules)
