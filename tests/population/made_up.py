"""District records made up for tests: a city of four district schools, two charters and three groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from scenarios.records.columns import TABLES, memory_columns
from scenarios.records.records import DistrictRecords, no_rows

YEAR = 2015
GROUPS = ("Black", "Hispanic", "White")
SCHOOLS = (
    # school, sector, latitude, longitude, first, last, seats, pupils a grade by group
    ("0101", "district", 41.80, -87.60, 0, 8, 700.0, (30, 6, 3)),
    ("0102", "district", 41.82, -87.62, 0, 8, np.nan, (12, 25, 2)),
    ("0103", "district", 41.84, -87.60, 0, 8, 640.0, (4, 10, 22)),
    ("0104", "district", 41.82, -87.58, 9, 12, np.nan, (40, 30, 22)),
    ("0901", "charter", 41.81, -87.61, 0, 8, np.nan, (14, 9, 0)),
    ("0902", "charter", 41.83, -87.59, 9, 12, np.nan, (20, 18, 6)),
)
LEVEL = {"Black": -0.4, "Hispanic": -0.2, "White": 0.45}


def table_of(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """A table of records in memory; a column that a row does not name is empty, and a plain number is an interval."""
    if not rows:
        return no_rows(name)
    kinds = no_rows(name).dtypes
    declared = TABLES[name].columns
    out: dict[str, list[Any]] = {column: [] for column in memory_columns(name)}
    for row in rows:
        for column, meant in declared.items():
            if meant.is_interval:
                value = row.get(column, np.nan)
                low, high = value if isinstance(value, tuple) else (value, value)
                out[f"{column}_low"].append(low)
                out[f"{column}_high"].append(high)
            else:
                out[column].append(row.get(column, np.nan if kinds[column] == "float64" else ""))
    table = pd.DataFrame(out).astype(kinds.to_dict())
    return table.sort_values(list(TABLES[name].key), kind="stable").reset_index(drop=True)


def school_rows() -> list[dict[str, Any]]:
    """schools.csv."""
    return [
        {
            "school": school,
            "name": f"School {school}",
            "operator": "KIPP City" if school == "0901" else "",
            "sector": sector,
            "latitude": latitude,
            "longitude": longitude,
            "first_grade": first,
            "last_grade": last,
            "seats": seats,
        }
        for school, sector, latitude, longitude, first, last, seats, _ in SCHOOLS
    ]


def count(
    school: str, pupils: float | tuple[float, float], grade: object = "*", group: str = "*", flag: str = "*"
) -> dict[str, Any]:
    """A row of enrollment.csv in the opening year."""
    return {"school": school, "year": YEAR, "grade": str(grade), "group": group, "flag": flag, "pupils": pupils}


def enrollment_rows(hidden: bool = False) -> list[dict[str, Any]]:
    """Rolls by school and grade, by school and group, and low income by school; with `hidden`, Black and Hispanic
    pupils of two schools are known within nine."""
    rows = []
    for school, _, _, _, first, last, _, by_group in SCHOOLS:
        grades = range(first, last + 1)
        rows += [count(school, sum(by_group) + grade % 3, grade) for grade in grades]
        total = sum(sum(by_group) + grade % 3 for grade in grades)
        extra = total - len(grades) * sum(by_group)
        for at, (group, pupils) in enumerate(zip(GROUPS, by_group, strict=True)):
            number = pupils * len(grades) + (extra if at == 0 else 0)
            open_ = hidden and school in ("0103", "0902") and group != "White"
            rows.append(count(school, (number - 9.0, number + 9.0) if open_ else number, group=group))
        rows.append(count(school, total))
        rows.append(count(school, round(total * (0.9 - by_group[2] / sum(by_group))), flag="low_income"))
    return rows


def records_of(tables: Mapping[str, list[dict[str, Any]]], **head: Any) -> DistrictRecords:
    """Records with these rows, and the schools above where none are given."""
    every = {"schools": school_rows(), **tables}
    values: dict[str, Any] = {
        "name": "lakeside",
        "title": "Lakeside (made up)",
        "opening_year": YEAR,
        "groups": GROUPS,
        "reference_group": "White",
        "focal_group": "Black",
        "enrollment_system": "zoned",
        "list_limit": 4,
        "dollars_per_pupil": 15_000.0,
        "about": "Made up for tests.",
        "operators": {"KIPP": "kipp"},
    }
    return DistrictRecords(**{**values, **head}, tables={name: table_of(name, every.get(name, [])) for name in TABLES})


def score_rows(groups: tuple[str, ...] = GROUPS, schools: bool = True) -> list[dict[str, Any]]:
    """Means of the city's groups in grades 3 to 8 and of every school, both subjects, on a scale of mean 500, SD 100,
    referred to the state."""
    rows: list[dict[str, Any]] = []
    for subject in ("math", "reading"):

        def score(place: str, grade: object, group: str, level: float, tested: float, name: str = subject) -> None:
            fixed = {"year": YEAR, "flag": "*", "test": "state", "sd": 100.0}
            mean = 500 + 100 * level
            own = {"school": place, "grade": str(grade), "subject": name, "group": group}
            rows.append({**fixed, **own, "tested": tested, "mean": mean})

        for grade in (*range(3, 9), "*"):
            score("*state", grade, "*", 0.0, 9_000.0)
        for group in groups:
            for grade in range(3, 9):
                score("*", grade, group, LEVEL[group], 120.0)
        for school, *_, by_group in SCHOOLS if schools else ():
            score(school, "*", "*", float(np.average(list(LEVEL.values()), weights=by_group)), 200.0)
    return rows


TESTS: list[dict[str, Any]] = [{"test": "state", "title": "State test"}]


def lakeside(hidden: bool = False, **head: Any) -> DistrictRecords:
    """The whole made-up city; with `hidden`, its small groups are intervals."""
    return records_of({"enrollment": enrollment_rows(hidden), "scores": score_rows(), "tests": TESTS}, **head)
