"""A pretended city and the plans of the library for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.city import TABLES, City
from sim.parameters import Parameters
from sim.plan import Plan, Years
from sim.policies.closure import Closure
from sim.policies.policy import When
from sim.policies.replication import Replication
from sim.policies.teaching.extended_day import ExtendedDay

FIRST, LAST = 2027, 2037
GROUPS = {"Black": (-0.52, 5200), "Hispanic": (-0.38, 6900), "White": (0.41, 5100), "Asian": (0.46, 1500)}
YEARLY = {"status_quo": 0.0, "close_weakest": 0.0012, "replicate": 0.0030, "full_portfolio": 0.0052}
"""What a plan adds to a Black pupil's level in a year, SD."""


def make_city(**changes: Any) -> City:
    """A two-sector city of 26 schools in six zones."""
    luck = np.random.default_rng(1)
    zones = pd.DataFrame(
        {
            "zone": [f"z{k}" for k in range(6)],
            "name": ["Harbor", "Old Town", "Mill Hill", "Northside", "Riverbend", "South Bay"],
            "x_miles": [2.0, 4.5, 7.5, 4.0, 7.0, 3.0],
            "y_miles": [2.0, 4.0, 5.0, 7.5, 1.8, 5.5],
            "radius_miles": [1.6, 1.3, 1.7, 1.6, 1.4, 1.2],
        }
    )
    rows = []
    for k in range(26):
        zone = zones.iloc[k % 6]
        angle, far = luck.uniform(0, 2 * np.pi), zone["radius_miles"] * np.sqrt(luck.uniform())
        charter, high = k % 3 == 2, k % 7 == 6
        rows.append(
            {
                "school": f"s{k:02}",
                "name": f"{zone['name']} {'Academy' if charter else 'School'} {k + 1}",
                "operator": "single_charter" if charter else "district",
                "sector": "charter" if charter else "district",
                "x_miles": zone["x_miles"] + far * np.cos(angle),
                "y_miles": zone["y_miles"] + far * np.sin(angle),
                "first_grade": 9 if high else 0,
                "last_grade": 12 if high else 8,
                "seats": int(luck.integers(300, 1400)),
                "opened": None,
                "zone": zone["zone"],
            }
        )
    tables = {name: pd.DataFrame({column: [] for column in columns}) for name, columns in TABLES.items()}
    fields: dict[str, Any] = {
        **tables,
        "zones": zones,
        "schools": pd.DataFrame(rows),
        "name": "harbor_city",
        "title": "Harbor City",
        "opening_year": FIRST - 1,
        "groups": tuple(GROUPS),
        "reference_group": "White",
        "focal_group": "Black",
        "tested_grades": (3, 4, 5, 6, 7, 8, 10),
        "enrollment_system": "zoned",
        "list_limit": 6,
        "dollars_per_pupil": 14_000.0,
        "scale": "the state's pupils in each grade and year, SD",
        "about": "A made-up two-sector city of about 20,000 pupils.",
        "assumptions": ("Homes are spread evenly over each zone.", "Seats are the largest roll of five years."),
        "sources": ("State report cards 2026, enrolment by school, grade and group", "Census blocks 2020"),
    }
    return City(**{**fields, **changes})


def make_plans(city: City, names: tuple[str, ...] = tuple(YEARLY)) -> list[Plan]:
    """The plans of the library, as far as they are pretended."""
    close = Closure(when=When(rating_below=30, years=2), first=2028)
    copy = Replication(operators=("kipp", "uncommon"), first=2028, openings_per_year=1, at_most=6)
    longer = ExtendedDay(first=2027)
    policies: dict[str, dict[str, Any]] = {
        "status_quo": {},
        "close_weakest": {"weakest_schools": close},
        "replicate": {"strong_networks": copy},
        "full_portfolio": {"weakest_schools": close, "strong_networks": copy, "longer_day": longer},
    }
    titles = {
        "status_quo": "Leave things as they are",
        "close_weakest": "Close the weakest schools",
        "replicate": "Replicate strong networks",
        "full_portfolio": "Replicate strong networks, lengthen the day, close the weakest",
    }
    question = "How much of the grade 3-8 Black-White gap closes by 2037, at what cost, and who moves?"
    return [
        Plan(
            name,
            city,
            Years(FIRST, LAST),
            policies[name],
            Parameters({"learning.peer_effect": 0.08}),
            titles[name],
            question,
        )
        for name in names
    ]
