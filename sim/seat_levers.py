"""What policies can do to seats: how many there are, who is guaranteed one, and where a school's pupils go."""

from __future__ import annotations

from sim.practice_levers import PracticeLevers


class SeatLevers(PracticeLevers):
    """The part of `District` that changes seats and zones."""
