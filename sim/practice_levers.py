"""What policies can do to how schools teach: time, practices, class size, who leads them."""

from __future__ import annotations

from sim.school_market import SchoolMarket


class PracticeLevers(SchoolMarket):
    """The part of `District` that changes what schools do."""

    def lengthen_day(self, key: str, extra_time: float) -> None:
        """Give a school a longer day: `extra_time` as a share of the usual one; the practice begins to ramp."""
        self.school(key).extra_time = extra_time
