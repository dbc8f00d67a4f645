"""What is written down of every operator in June: its schools, its leaders, its cash, its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.district import District


def take_operators(district: District) -> None:
    """Add every operator that runs schools, has some planned, or has run some, in the order of their names."""
    for key in sorted(district.operators):
        agent = district.operators[key]
        mine = [school for school in district.schools if school.operator == key and school.pupils]
        rated = [school for school in mine if school.rating >= 0]
        weights = np.array([school.pupils for school in rated], dtype=float)
        rating = float(np.average([school.rating for school in rated], weights=weights)) if rated else np.nan
        district.record.add(
            "operator_year",
            year=district.year,
            operator=key,
            schools=len(mine),
            pupils=sum(school.pupils for school in mine),
            seats=sum(school.seats_in_use for school in mine),
            rating=rating,
            openings=agent.openings,
            takeovers=agent.takeovers,
            leaders=float(agent.leaders),
            leaders_given=int(agent.leaders_given),
            cash=agent.cash,
            deficit_years=agent.deficit_years,
        )
