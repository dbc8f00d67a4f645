"""The teachers of one school, in numbers: how many there are, how new they are, and how good beside the usual."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Staff:
    """The teachers of a school in one school year, and what the summer before it did.

    Numbers of teachers are full-time ones and need not be whole; shares are of this year's teachers.
    """

    teachers: float = 0.0
    first_year: float = 0.0
    """Share of the teachers in their first year of teaching."""
    second_year: float = 0.0
    """Share of the teachers in their second year of teaching."""
    turnover: float = 0.0
    """Share of last year's teachers who are not here any more; the usual share where there were none."""
    effectiveness: float = 0.0
    """How far the teachers' lasting effect in math lies from the norm, SD per school year."""
    hired: float = 0.0
    """Teachers hired from outside last summer."""
    laid_off: float = 0.0
    moved_in: float = 0.0
    """Teachers taken over last summer from other schools the district runs."""
    moved_out: float = 0.0
    """Teachers handed over last summer to other schools the district runs."""
    sized_for: float = 0.0
    """Pupils for whom the school has teachers: its roll when that last changed by more than a school bears."""
    wear: float = 0.0
    """Share of the teachers who will leave next summer because of longer days this year."""
