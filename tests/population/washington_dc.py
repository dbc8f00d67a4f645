"""Records of Washington DC's opening year from its public files, by a loader for tests alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration.importers.dc_files import CODES, GRADES, GROUPS, OPENING_YEAR, Sources
from scenarios.records.columns import TABLES
from scenarios.records.records import DistrictRecords, no_rows
from sim.city import City
from tests.population.made_up import table_of

HIDDEN = (0.0, 9.0)
"""The files leave out counts below ten."""
OUTSIDE = {"PK3": "PK", "PK4": "PK", "UN": "UN", "grade AO": "UN"}


def dc_records(sources: Sources, imported: City) -> DistrictRecords:
    """Schools, and rolls of October 2008 as those of spring 2009; scores are those of the city imported by hand."""
    rolls = sources.rolls
    every = rolls[rolls["subgroup"] == "All"].assign(grade=rolls["grade"].map({**_grades(), **OUTSIDE, "All": "*"}))
    every = every.groupby(["school_code", "grade"], as_index=False)["n"].sum()
    rows = [_count(row.school_code, row.grade, "*", (row.n, row.n)) for row in every.itertuples()]
    shown = {(row.school_code, row.grade) for row in every.itertuples()}
    for school in sorted(set(every["school_code"])):
        absent = _served(sources.schools.loc[school, "grades"]) - {grade for one, grade in shown if one == school}
        rows += [_count(school, grade, "*", HIDDEN) for grade in absent]
    of_all = rolls[rolls["grade"] == "All"].pivot_table(index="school_code", columns="subgroup", values="n")
    for code, group in CODES.items():
        for school, pupils in of_all[code].items():
            rows.append(_count(school, "*", group, HIDDEN if np.isnan(pupils) else (pupils, pupils)))
    for school, pupils in of_all["SPED"].dropna().items():
        rows.append(_count(school, "*", "*", (pupils, pupils), "disability"))
    sectors = sources.sectors[sources.sectors["grade"] == "All"]
    for place, code in (("*district", "0001"), ("*charter", "0000")):
        counts = sectors[sectors["lea_code"] == code].set_index("subgroup")["n"]
        rows += [_count(place, "*", group, (counts[key], counts[key])) for key, group in CODES.items()]
        other = counts["All"] - sum(counts[key] for key in CODES)
        rows.append(_count(place, "*", "Other", (max(other, 0.0), max(other, 0.0))))
    known = sources.schools
    names = known.loc[sorted(set(every["school_code"]))]
    schools = [
        {
            "school": school,
            "name": " ".join(row["name"].split()),
            "operator": "",
            "sector": "charter" if row["charter"] else "district",
            **_offered(row["grades"]),
            "area": str(row["ward"]) if isinstance(row["ward"], str) else "",
        }
        for school, row in names.iterrows()
    ]
    tables = {
        "schools": table_of("schools", schools),
        "enrollment": table_of("enrollment", rows),
        "scores": scores_like(imported),
    }
    return DistrictRecords(
        name="washington_dc",
        title="Washington DC",
        opening_year=OPENING_YEAR,
        groups=GROUPS,
        reference_group="White",
        focal_group="Black",
        enrollment_system="unified",
        list_limit=6,
        dollars_per_pupil=18_000.0,
        about="Rolls of October 2008.",
        tables={name: tables.get(name, no_rows(name)) for name in TABLES},
        operators={"KIPP": "kipp"},
    )


def scores_like(city: City) -> pd.DataFrame:
    """The tested scores of a city as rows of scores.csv."""
    scores = city.scores[city.scores["pupils"] > 0]
    rows = [
        {
            "school": row.school,
            "year": city.opening_year,
            "grade": row.grade,
            "subject": row.subject,
            "group": row.group,
            "flag": "*",
            "test": "cas",
            "tested": float(row.pupils),
            "mean": row.mean,
            "sd": 1.0,
        }
        for row in scores.itertuples(index=False)
    ]
    grades = sorted({row["grade"] for row in rows})
    rows += [
        {**rows[0], "school": "*state", "grade": grade, "subject": subject, "group": "*", "mean": 0.0}
        for grade in grades
        for subject in ("math", "reading")
    ]
    return table_of("scores", rows)


def _served(text: object) -> set[str]:
    """Grades a school serves, in our words; the file writes them as `PK3|KG|01`."""
    words = {"PK3": "PK", "PK4": "PK", "KG": "0", "UN": "UN", "AO": "UN"}
    parts = str(text).split("|") if isinstance(text, str) else []
    return {words.get(part, str(int(part)) if part.isdecimal() else "") for part in parts} - {""}


def _offered(text: object) -> dict[str, object]:
    taught = [int(grade) for grade in _served(text) if grade.isdecimal()]
    return {"first_grade": float(min(taught)), "last_grade": float(max(taught))} if taught else {}


def _grades() -> dict[str, str]:
    return {name: str(grade) for name, grade in GRADES.items()}


def _count(school: object, grade: str, group: str, pupils: tuple[float, float], flag: str = "*") -> dict[str, object]:
    return {
        "school": str(school),
        "year": OPENING_YEAR,
        "grade": grade,
        "group": group,
        "flag": flag,
        "pupils": (float(pupils[0]), float(pupils[1])),
    }
