"""A city small enough for one object a child, with seats so tight that lotteries and priorities decide."""

from __future__ import annotations

import math

import pandas as pd

from sim.city import ANY, SUBJECTS, City

GROUPS = ("Black", "Hispanic", "White")
COHORTS = (170, 155, 165, 150, 140, 160, 150, 135, 145, 165, 150, 135, 120)
"""Children by grade: unequal on purpose."""
SHARES = {"Black": 0.45, "Hispanic": 0.30, "White": 0.25}
SCHOOLS = (
    # school, name, operator, sector, x, y, first, last, share of each cohort by group, spare seats, points of SD
    ("ash", "Ash Street", "district", "district", 0.5, 0.5, 0, 8, (0.26, 0.22, 0.06), 4, -0.55),
    ("birch", "Birch Park", "district", "district", 2.5, 0.5, 0, 8, (0.22, 0.26, 0.12), 3, -0.35),
    ("cedar", "Cedar Hill", "district", "district", 0.5, 2.5, 0, 8, (0.20, 0.18, 0.26), 2, 0.05),
    ("elm", "Elm Grove", "district", "district", 2.5, 2.5, 0, 8, (0.12, 0.16, 0.46), 2, 0.45),
    ("first", "First Charter", "single_charter", "charter", 1.5, 1.0, 0, 8, (0.12, 0.10, 0.06), 0, 0.00),
    ("grow", "Grow Charter", "average_network", "charter", 1.2, 2.0, 0, 5, (0.08, 0.08, 0.04), 0, 0.05),
    ("north", "North High", "district", "district", 1.0, 2.8, 9, 12, (0.36, 0.34, 0.62), 4, 0.10),
    ("south", "South High", "district", "district", 1.8, 0.2, 9, 12, (0.46, 0.50, 0.30), 0, -0.35),
    ("union", "Union Charter High", "single_charter", "charter", 1.5, 1.5, 9, 12, (0.18, 0.16, 0.08), 0, -0.05),
)
ZONES = (
    # zone, x, y, K-8 school, high school, share of residents by group
    ("1", 0.6, 0.6, "ash", "south", (0.28, 0.24, 0.06)),
    ("2", 2.4, 0.6, "birch", "north", (0.26, 0.28, 0.14)),
    ("3", 0.6, 2.4, "cedar", "north", (0.24, 0.20, 0.22)),
    ("4", 2.4, 2.4, "elm", "north", (0.14, 0.18, 0.40)),
    ("5", 1.5, 1.5, "cedar", "south", (0.08, 0.10, 0.18)),
)
LEVEL = {"Black": -0.45, "Hispanic": -0.30, "White": 0.35}


def tiny_city(opening_year: int = 2026) -> City:
    """About 1,950 pupils in nine schools, five zones and three groups."""
    schools, enrollment = [], []
    for key, name, operator, sector, x, y, first, last, shares, spare, _ in SCHOOLS:
        grades = range(first, last + 1)
        rolls = {
            (grade, group): round(COHORTS[grade] * SHARES[group] * share / _taught(grade, at))
            for grade in grades
            for at, (group, share) in enumerate(zip(GROUPS, shares, strict=True))
        }
        enrollment += [(key, grade, group, pupils) for (grade, group), pupils in rolls.items()]
        seats = sum(rolls.values()) + spare * len(grades)
        schools.append((key, name, operator, sector, x, y, first, last, seats, 2020.0 if key == "grow" else None))
    return City(
        name="tiny_city",
        title="Tiny City (invented)",
        opening_year=opening_year,
        groups=GROUPS,
        reference_group="White",
        focal_group="Black",
        tested_grades=(3, 4, 5, 6, 7, 8, 10),
        enrollment_system="zoned",
        list_limit=4,
        dollars_per_pupil=15000.0,
        scale="SD of an invented population",
        about="An invented city for tests; no figure is that of a real place.",
        schools=_table(
            schools, "school name operator sector x_miles y_miles first_grade last_grade seats opened", opened="float64"
        ),
        enrollment=_table(enrollment, "school grade group pupils"),
        flags=_table(
            [
                (ANY, group, flag, share)
                for flag, by_group in (
                    ("low_income", (0.8, 0.75, 0.3)),
                    ("english_learner", (0.02, 0.35, 0.02)),
                    ("disability", (0.16, 0.14, 0.12)),
                )
                for group, share in zip(GROUPS, by_group, strict=True)
            ],
            "school group flag share",
        ),
        scores=_table(
            [
                (ANY, str(grade), group, subject, LEVEL[group] * (0.7 + 0.03 * grade), 0)
                for grade in range(13)
                for group in GROUPS
                for subject in SUBJECTS
            ]
            + [(row[0], ANY, ANY, subject, row[-1], 200) for row in SCHOOLS for subject in SUBJECTS],
            "school grade group subject mean pupils",
        ),
        zones=_table(
            [(zone, f"Zone {zone}", x, y, 0.7) for zone, x, y, *_ in ZONES], "zone name x_miles y_miles radius_miles"
        ),
        zone_schools=_table(
            [
                (zone, grade, high if grade >= 9 else primary)
                for zone, _, _, primary, high, _ in ZONES
                for grade in range(13)
            ],
            "zone grade school",
        ),
        residents=_table(
            [(zone, group, share) for zone, *_, shares in ZONES for group, share in zip(GROUPS, shares, strict=True)],
            "zone group share",
        ),
        ratings=_table(
            [
                (row[0], year, subject, row[-1], round(0.1 * row[-1], 3))
                for row in SCHOOLS
                for year in (opening_year - 1, opening_year)
                for subject in SUBJECTS
            ],
            "school year subject status growth",
        ),
        outcomes=_table(
            [("Black", 0.72, 0.06), ("Hispanic", 0.75, 0.05), ("White", 0.88, 0.025)],
            "group graduation_rate dropout_rate",
        ),
        mobility=_table(
            [("Black", 0.07, 0.88), ("Hispanic", 0.06, 0.90), ("White", 0.05, 0.72)], "group leave_rate public_share"
        ),
    )


def _taught(grade: int, group: int) -> float:
    """What the shares of the schools with the grade come to."""
    # exact: the built-in sum rounds otherwise from Python 3.12 on
    return math.fsum(shares[group] for *_, first, last, shares, _, _ in SCHOOLS if first <= grade <= last)


def _table(rows: list[tuple[object, ...]], columns: str, **types: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split()).astype(types)
