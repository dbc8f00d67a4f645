"""A small made-up city of records: three schools, two years, one test, one closing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from scenarios.records.columns import TABLES
from scenarios.records.records import DistrictRecords, no_rows
from scenarios.records.tidy import tidy

GROUPS = ("Black", "White")
SCHOOLS = {
    "school": ["0101", "0102", "0201"],
    "name": ["Elm, North", "Oak", 'The "New" School'],
    "operator": ["", "", "New Schools Inc."],
    "sector": ["district", "district", "charter"],
    "latitude": [38.9, 38.91, 38.92],
    "longitude": [-77.0, -77.01, -77.02],
    "first_grade": [3.0, 3.0, 3.0],
    "last_grade": [4.0, 4.0, 4.0],
    "closed": [float("nan"), 2012.0, float("nan")],
}
TESTS = {
    "test": ["cas"],
    "title": ["City test"],
    "levels": [3.0],
    "proficient": [3.0],
    "lowest": [300.0],
    "highest": [399.0],
    "first_year": [2012.0],
    "last_year": [2013.0],
}


def enrollment() -> pd.DataFrame:
    """Every school's pupils by grade and group, with totals; the White pupils of 0102 are hidden."""
    rows: list[dict[str, Any]] = []
    for school, years in {"0101": (2012, 2013), "0102": (2012,), "0201": (2012, 2013)}.items():
        for year in years:
            for grade in ("3", "4"):
                white = (0.0, 9.0) if school == "0102" else (20.0, 20.0)
                for group, (low, high) in {"Black": (30.0, 30.0), "White": white}.items():
                    rows.append(_count(school, year, grade, group, low, high))
                rows.append(_count(school, year, grade, "*", 30.0 + white[0], 30.0 + white[1]))
            rows.append(_count(school, year, "*", "*", 60.0 + 2 * white[0], 60.0 + 2 * white[1]))
    rows += [_count("*", 2013, "*", "*", 200.0, 200.0), _count("*district", 2013, "*", "*", 100.0, 100.0)]
    return tidy("enrollment", rows)


def _count(school: str, year: int, grade: str, group: str, low: float, high: float) -> dict[str, Any]:
    return {
        "school": school,
        "year": year,
        "grade": grade,
        "group": group,
        "flag": "*",
        "pupils_low": low,
        "pupils_high": high,
    }


def small_records(**changed: Any) -> DistrictRecords:
    """The city, with fields or tables changed."""
    tables = {table: no_rows(table) for table in TABLES}
    tables["schools"] = tidy("schools", SCHOOLS)
    tables["tests"] = tidy("tests", TESTS)
    tables["enrollment"] = enrollment()
    tables["scores"] = tidy(
        "scores",
        {
            "school": ["0101", "0101", "*"],
            "year": [2012, 2013, 2013],
            "grade": ["3", "*", "*"],
            "subject": "math",
            "group": ["Black", "*", "White"],
            "flag": "*",
            "test": "cas",
            "tested_low": [25.0, 80.0, 35.0],
            "tested_high": [29.0, 80.0, 35.0],
            "mean": [341.25, 350.0, 361.0],
            "level_1_low": [0.3, 0.2, float("nan")],
            "level_1_high": [0.3, 0.25, float("nan")],
            "level_2": [0.3, 0.3, float("nan")],
            "level_3_low": [0.4, 0.4, float("nan")],
            "level_3_high": [0.4, 0.5, float("nan")],
        },
    )
    tables["actions"] = tidy(
        "actions",
        {
            "school": ["0102"],
            "year": [2012],
            "action": "closing",
            "status": "done",
            "receiver": ["0101"],
            "role": ["pupils"],
        },
    )
    tables["measures"] = tidy(
        "measures",
        {
            "school": ["0101"],
            "year": [2013],
            "grade": "*",
            "subject": "math",
            "group": "*",
            "flag": "*",
            "measure": "growth_percentile",
            "unit": "percentile",
            "value": [47.5],
        },
    )
    records = DistrictRecords(
        name="small",
        title="Small City",
        opening_year=2013,
        groups=GROUPS,
        reference_group="White",
        focal_group="Black",
        enrollment_system="unified",
        list_limit=6,
        dollars_per_pupil=12_500.5,
        about="Three made-up schools.",
        tables=tables,
        operators={"New Schools": "average_network"},
        missing=("seats",),
        assumptions=("12,500.50 dollars a pupil",),
    )
    given = {table: changed.pop(table) for table in TABLES if table in changed}
    return replace(records, **changed, tables={**tables, **given})


def changed(records: DistrictRecords, table: str, row: int, **cells: Any) -> DistrictRecords:
    """The records with some cells of one row changed; rows count from 0 in the table's order."""
    frame = records[table].copy()
    for name, value in cells.items():
        frame.loc[row, name] = value
    return replace(records, tables={**records.tables, table: frame})
