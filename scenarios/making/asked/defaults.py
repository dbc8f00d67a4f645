"""What is assumed of a city where nobody says otherwise: every value with its range and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from sim.city import EnrollmentSystem

ASSUMPTION = "assumption"
_CHICAGO = "Chicago's public school profiles, 2018-19"
_BATON_ROUGE = "Louisiana's public counts by site, February 2019: East Baton Rouge, 109 schools; range"
_CHARTERS = "share of charter pupils over share of all: Chicago 2018-19, Washington DC 2013, New York 2016 (grades 3-8)"


@dataclass(frozen=True)
class Default:
    """One assumed total: value, range, unit, meaning, and evidence id, public file or `assumption`."""

    value: float
    low: float
    high: float
    unit: str
    meaning: str
    source: str = ASSUMPTION


def _by_group(
    key: str, unit: str, meaning: str, values: dict[str, tuple[float, float, float]], source: str = ASSUMPTION
) -> dict[str, Default]:
    """One default a group; a group of another name takes those of Other, which are assumed whatever the source."""
    return {
        f"{key}.{group}": Default(*numbers, unit, meaning, ASSUMPTION if group == "Other" else source)
        for group, numbers in values.items()
    }


DEFAULTS: dict[str, Default] = {
    "pupils": Default(20_000, 5_000, 60_000, "pupils", "pupils in district and charter schools, kindergarten to 12"),
    **_by_group(
        "groups",
        "share",
        "share of the pupils",
        {
            "Black": (0.45, 0.15, 0.70),
            "Hispanic": (0.30, 0.10, 0.50),
            "White": (0.15, 0.08, 0.40),
            "Asian": (0.06, 0.02, 0.12),
            "Other": (0.04, 0.02, 0.06),
        },
    ),
    "charter_share": Default(0.22, 0.10, 0.31, "share", "share of the pupils in charter schools", "S03-081"),
    **_by_group(
        "charter_pull",
        "ratio",
        "share of the charters' pupils over share of all pupils",
        {
            "Black": (1.46, 1.07, 2.13),
            "Hispanic": (0.93, 0.89, 1.0),
            "White": (0.26, 0.15, 0.48),
            "Asian": (0.23, 0.16, 0.49),
            "Other": (0.8, 0.5, 1.2),
        },
        _CHARTERS,
    ),
    **_by_group(
        "low_income",
        "share",
        "share of the group that is low-income",
        {
            "Black": (0.80, 0.65, 0.90),
            "Hispanic": (0.81, 0.65, 0.90),
            "White": (0.28, 0.15, 0.50),
            "Asian": (0.45, 0.25, 0.60),
            "Other": (0.55, 0.35, 0.70),
        },
    ),
    **_by_group(
        "english_learner",
        "share",
        "share of the group that learns English",
        {
            "Black": (0.02, 0.01, 0.05),
            "Hispanic": (0.33, 0.20, 0.45),
            "White": (0.03, 0.01, 0.06),
            "Asian": (0.24, 0.10, 0.35),
            "Other": (0.05, 0.02, 0.10),
        },
    ),
    **_by_group(
        "disability",
        "share",
        "share of the group with a disability",
        {
            "Black": (0.18, 0.15, 0.21),
            "Hispanic": (0.16, 0.13, 0.18),
            "White": (0.14, 0.11, 0.16),
            "Asian": (0.08, 0.05, 0.10),
            "Other": (0.15, 0.12, 0.18),
        },
    ),
    **_by_group(
        "dissimilarity",
        "share",
        "share of the group that would have to change school for an even mix with all others",
        {
            "Black": (0.52, 0.29, 0.77),
            "Hispanic": (0.45, 0.21, 0.67),
            "White": (0.63, 0.28, 0.80),
            "Asian": (0.54, 0.31, 0.79),
            "Other": (0.25, 0.15, 0.40),
        },
        f"{_BATON_ROUGE}: the 23 systems over 8,000 pupils (tenth from below), Chicago 2018-19, Washington DC 2013",
    ),
    **_by_group(
        "gaps.math",
        "SD",
        "mean in math behind the White pupils, tested grades",
        {
            "Black": (0.94, 0.70, 1.10),
            "Hispanic": (0.69, 0.55, 0.90),
            "White": (0.0, 0.0, 0.0),
            "Asian": (-0.15, -0.35, 0.10),
            "Other": (0.32, 0.10, 0.55),
        },
        "S01-007, S01-008, S01-023, S01-024, S01-026, S01-027; Asian: assumption",
    ),
    **_by_group(
        "gaps.reading",
        "SD",
        "mean in reading behind the White pupils, tested grades",
        {
            "Black": (0.80, 0.65, 0.95),
            "Hispanic": (0.68, 0.50, 0.85),
            "White": (0.0, 0.0, 0.0),
            "Asian": (0.01, -0.20, 0.25),
            "Other": (0.26, 0.05, 0.50),
        },
        "S01-006, S01-014, S01-015, S01-017, S01-018; Asian: assumption",
    ),
    "white_level": Default(
        0.30, 0.10, 0.55, "SD", "White pupils above the nation's mean, every grade and both subjects"
    ),
    "icc": Default(
        0.15,
        0.09,
        0.24,
        "share",
        "share of the variance of scores that lies between schools",
        "public student-level files (egsingle, STAR, SGPdata): .09 to .24; S01-036, S01-037",
    ),
    "size_spread": Default(
        0.47, 0.35, 0.60, "SD of log", "how unequal schools of one kind are in size", f"{_CHICAGO}: 326 K-8 schools"
    ),
    "pupils_per_school.elementary": Default(430, 350, 550, "pupils", "kindergarten to grade 5 or 6"),
    "pupils_per_school.k8": Default(514, 430, 620, "pupils", "kindergarten to grade 8", _CHICAGO),
    "pupils_per_school.middle": Default(560, 400, 750, "pupils", "grades 6 to 8 or nearly"),
    "pupils_per_school.secondary": Default(620, 450, 900, "pupils", "grades 6 to 12 or nearly"),
    "pupils_per_school.high": Default(850, 600, 1_300, "pupils", "grades 9 to 12; Chicago 682, smaller cities more"),
    "pupils_per_school.all_grades": Default(700, 500, 900, "pupils", "kindergarten to grade 12"),
    "charter_size": Default(
        0.79,
        0.65,
        1.0,
        "ratio",
        "size of a charter school over a district school's",
        "Washington DC 2013: 335 over 425",
    ),
    "pupils_per_square_mile": Default(400, 150, 1_500, "pupils", "pupils on a square mile; Chicago 1,500"),
    "density_falls": Default(1.5, 0.8, 2.5, "log", "density in the centre over density at the edge"),
    "dollars_per_pupil": Default(15_500, 10_000, 25_000, "dollars", "yearly spending on a pupil, constant dollars"),
    "list_limit": Default(5, 3, 12, "schools", "schools a family may list", "S09-005"),
    **_by_group(
        "graduation",
        "share",
        "ninth-graders who graduate on time",
        {
            "Black": (0.76, 0.65, 0.85),
            "Hispanic": (0.77, 0.66, 0.86),
            "White": (0.87, 0.80, 0.93),
            "Asian": (0.91, 0.85, 0.96),
            "Other": (0.80, 0.70, 0.88),
        },
        "a little above S07-016, S07-043; by group: assumption",
    ),
    **_by_group(
        "dropout",
        "share a year",
        "pupils of grades 9 to 12 who drop out in a year",
        {
            "Black": (0.055, 0.03, 0.08),
            "Hispanic": (0.055, 0.03, 0.08),
            "White": (0.028, 0.015, 0.045),
            "Asian": (0.018, 0.01, 0.03),
            "Other": (0.045, 0.025, 0.07),
        },
    ),
    **_by_group(
        "leave_rate",
        "share a year",
        "pupils who leave the city's public schools in a year",
        {
            "Black": (0.065, 0.04, 0.09),
            "Hispanic": (0.060, 0.04, 0.09),
            "White": (0.055, 0.04, 0.09),
            "Asian": (0.050, 0.03, 0.08),
            "Other": (0.065, 0.04, 0.09),
        },
        "part of the moves of S10-004; the part is an assumption",
    ),
    **_by_group(
        "public_share",
        "share",
        "resident children who are in the public schools",
        {
            "Black": (0.88, 0.80, 0.94),
            "Hispanic": (0.88, 0.80, 0.94),
            "White": (0.70, 0.55, 0.85),
            "Asian": (0.82, 0.70, 0.90),
            "Other": (0.83, 0.70, 0.90),
        },
    ),
    "spare_seats.district": Default(0.15, 0.05, 0.30, "share", "seats beyond the pupils of district schools"),
    "spare_seats.charter": Default(0.015, 0.0, 0.06, "share", "seats beyond the pupils of charter schools"),
}
"""Total -> what is assumed of it. The maker reads no other number of a city."""

OTHER = "Other"
ASSUMED_GROUPS = tuple(key.removeprefix("groups.") for key in DEFAULTS if key.startswith("groups."))
GRADE_PATHS: dict[str, tuple[dict[str, float], ...]] = {
    "district": ({"K-5/6-8/9-12": 0.75, "K-8/9-12": 0.25}, {"K-8/9-12": 1.0}, {"K-12": 1.0}),
    "charter": ({"K-8/9-12": 0.5, "K-5/6-8/9-12": 0.3, "K-5/6-12": 0.2}, {"K-8/9-12": 1.0}, {"K-12": 1.0}),
}
"""Sector -> shares of the pupils by the schools they go through (assumption); later ones need fewer schools."""
ENROLLMENT_SYSTEM: EnrollmentSystem = "zoned"
TESTED_GRADES = (3, 4, 5, 6, 7, 8, 10)
OPENING_YEAR = 2026
SIZE_OF_GRADE = (1.09, 1.09, 1.07, 1.05, 1.03, 1.01, 0.98, 0.96, 0.94, 1.10, 0.97, 0.88, 0.83)
"""Pupils by grade, kindergarten first, over the mean grade: younger cohorts larger, repeaters in 9 (assumption)."""


def default_of(key: str, group: str = "") -> Default:
    """What is assumed of a total, of a group where it has them; a group of another name counts as Other."""
    if not group:
        return DEFAULTS[key]
    return DEFAULTS.get(f"{key}.{group}", DEFAULTS[f"{key}.{OTHER}"])
