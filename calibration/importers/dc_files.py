"""The public files of Washington DC's schools, and what their codes mean."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

OPENING_YEAR = 2009
"""Spring of the tests; the rolls are those of October before."""
GROUPS = ("Black", "Hispanic", "White", "Asian", "Other")
CODES = {"BL7": "Black", "HI7": "Hispanic", "WH7": "White", "AS7": "Asian"}
LEVELS = ["below_basic", "basic", "proficient", "advanced"]
TESTED_GRADES = (3, 4, 5, 6, 7, 8, 10)
SUBJECTS = {"math": "math", "read": "reading"}
LEFT_OUT = ("PK3", "PK4", "UN", "grade AO")
"""Grades of the file outside kindergarten to 12: pre-kindergarten, ungraded, adults."""
GRADES = {"KG": 0, **{f"grade {grade}": grade for grade in range(1, 13)}}
FILES = {
    "schools": "dc_schools.csv",
    "rolls": "dc_school_enrollment_2004_2014.csv.gz",
    "sectors": "dc_lea_state_enrollment_2004_2014.csv.gz",
    "tests": "dc_cas_2009_2014.csv.gz",
    "graduation": "dc_graduation_2011_2017.csv",
}
NAEP_FILES = {"districts": "naep_tuda_scores_selected.csv", "nation": "naep_national_math_trend_1990_2022.csv"}


@dataclass(frozen=True)
class Sources:
    """The files as tables, only the years used; codes are text."""

    schools: pd.DataFrame
    rolls: pd.DataFrame
    sectors: pd.DataFrame
    tests: pd.DataFrame
    graduation: pd.DataFrame
    naep: pd.DataFrame
    naep_nation: pd.DataFrame


def default_source() -> Path:
    """The folder of the public files: PORTFOLIO_SHARED_DATA, or shared/data beside the checkout."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    return Path(os.environ.get("PORTFOLIO_SHARED_DATA", beside)) / "washington_dc"


def read_sources(source: Path) -> Sources:
    """Read the files of `source` and of its neighbour naep_tuda; FileNotFoundError names all missing."""
    naep = source.parent / "naep_tuda"
    paths = {key: source / name for key, name in FILES.items()}
    paths |= {key: naep / name for key, name in NAEP_FILES.items()}
    missing = [str(path) for path in paths.values() if not path.is_file()]
    if missing:
        raise FileNotFoundError("missing: " + ", ".join(missing))
    text = {"school_code": str, "lea_code": str, "org_code": str, "ward": str, "zip": str}
    read = {key: pd.read_csv(path, dtype=text) for key, path in paths.items()}
    fall = OPENING_YEAR - 1
    rolls, sectors, tests = read["rolls"], read["sectors"], read["tests"]
    graduation = read["graduation"]
    first = graduation["year"].min()
    return Sources(
        schools=read["schools"].set_index("school_code"),
        rolls=rolls[rolls["year"] == fall],
        sectors=sectors[sectors["year"] == fall],
        tests=tests[(tests["year"] == OPENING_YEAR) & (tests["enrollment_status"] == "all")],
        graduation=graduation[(graduation["year"] == first) & (graduation["type"] == "Four Year ACGR")],
        naep=read["districts"],
        naep_nation=read["nation"],
    )
