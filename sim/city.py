"""A city as the files tell it: the tables a district folder holds, and nothing computed from them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

import pandas as pd

SUBJECTS = ("math", "reading")
FLAGS = ("low_income", "english_learner", "disability")
GRADES = tuple(range(13))
"""Grades 0 (kindergarten) to 12."""
ANY = "*"
"""In a table: the whole city, every grade or every group."""
EnrollmentSystem = Literal["zoned", "separate_lotteries", "unified"]
SYSTEMS: tuple[EnrollmentSystem, ...] = get_args(EnrollmentSystem)
"""Ways to give seats."""

TABLES: dict[str, dict[str, str]] = {
    "schools": {
        "school": "id, text",
        "name": "name",
        "operator": "operator (a file in sim/networks)",
        "sector": "district or charter",
        "x_miles": "miles east of the city's origin",
        "y_miles": "miles north of the city's origin",
        "first_grade": "lowest grade offered in the opening year, 0 to 12",
        "last_grade": "highest grade offered in the opening year, 0 to 12",
        "seats": "seats in the building, all grades together",
        "opened": "year of the first spring with pupils; empty when it is older than the file",
    },
    "enrollment": {
        "school": "id",
        "grade": "0 to 12",
        "group": "group",
        "pupils": "pupils on the roll, a whole number",
    },
    "flags": {
        "school": "id, or * for every school not named",
        "group": "group, or * for every group not named",
        "flag": "low_income, english_learner or disability",
        "share": "share of the pupils with the flag, 0 to 1",
    },
    "scores": {
        "school": "id, or * for the city",
        "grade": "grade, or * for all tested grades together",
        "group": "group, or * for all groups together",
        "subject": "math or reading",
        "mean": "mean score in SD of the reference population",
        "pupils": "tested pupils behind the mean; 0 when the mean is assumed",
    },
    "zones": {
        "zone": "id, text",
        "name": "name",
        "x_miles": "centre, miles east",
        "y_miles": "centre, miles north",
        "radius_miles": "homes lie within this distance of the centre",
    },
    "zone_schools": {
        "zone": "id",
        "grade": "0 to 12",
        "school": "the district school that guarantees the zone's children a seat in that grade",
    },
    "residents": {
        "zone": "id",
        "group": "group",
        "share": "share of the group's public-school pupils who live in the zone, 0 to 1",
    },
    "ratings": {
        "school": "id",
        "year": "spring",
        "subject": "math or reading",
        "status": "observed mean score, SD",
        "growth": "observed mean residual of score on last year's score, SD; may be empty",
    },
    "outcomes": {
        "group": "group",
        "graduation_rate": "share of ninth-graders who graduate on time",
        "dropout_rate": "share of pupils in grades 9 to 12 who drop out in a year",
    },
    "mobility": {
        "group": "group, or * for every group not named",
        "leave_rate": "share of pupils who leave the city's public schools in a year",
        "public_share": "share of the city's resident children who are in its public schools",
    },
}
"""Table -> column -> meaning. The district folder has one CSV file a table."""


@dataclass(frozen=True, eq=False)
class City:
    """One city in its opening year. Tables are as in `TABLES`; `grade` in scores is text, since it may be `*`."""

    name: str
    title: str
    opening_year: int
    groups: tuple[str, ...]
    reference_group: str
    focal_group: str
    tested_grades: tuple[int, ...]
    enrollment_system: EnrollmentSystem
    list_limit: int
    dollars_per_pupil: float
    scale: str
    about: str
    schools: pd.DataFrame
    enrollment: pd.DataFrame
    flags: pd.DataFrame
    scores: pd.DataFrame
    zones: pd.DataFrame
    zone_schools: pd.DataFrame
    residents: pd.DataFrame
    ratings: pd.DataFrame
    outcomes: pd.DataFrame
    mobility: pd.DataFrame
    assumptions: tuple[str, ...] = field(default=())
    sources: tuple[str, ...] = field(default=())

    def at(self, seed: int) -> City:
        """The city as one seed of the luck has it: this one, unless its files left some counts open."""
        return self

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits that differ where a value of the city differs; a changed city is another object."""
        return self.own_fingerprint

    @cached_property
    def own_fingerprint(self) -> str:
        """The same of the city's tables alone, whatever else it knows."""
        digest = hashlib.sha256()
        for key in (
            "name",
            "opening_year",
            "groups",
            "reference_group",
            "focal_group",
            "tested_grades",
            "enrollment_system",
            "list_limit",
            "dollars_per_pupil",
        ):
            digest.update(f"{key}={getattr(self, key)!r}\n".encode())
        for table, columns in TABLES.items():
            frame: pd.DataFrame = getattr(self, table)
            digest.update(frame[list(columns)].to_csv(index=False, float_format="%.12g").encode())
        return digest.hexdigest()[:16]
