"""Small records of scores for tests, and the real files read in the simplest way."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.records.columns import MOST_LEVELS, TABLES, memory_columns
from scenarios.records.records import DistrictRecords, no_rows
from sim.city import ANY
from tests.real_data import real_data

GROUPS = ("Black", "Hispanic", "White", "Asian")


def records_of(
    scores: pd.DataFrame, tests: list[dict[str, object]] | None = None, sectors: dict[str, str] | None = None
) -> DistrictRecords:
    """Records with these scores: exact columns `tested`, `mean`, `level_k` become both ends of an interval."""
    filled = scores.copy()
    for name, column in TABLES["scores"].columns.items():
        if column.is_interval and name in filled:
            filled[f"{name}_low"] = filled[f"{name}_high"] = filled.pop(name).astype(float)
    for name, usual in {"grade": "4", "subject": "math", "group": ANY, "flag": ANY, "test": "T"}.items():
        filled[name] = filled[name].fillna(usual) if name in filled else usual
    filled["year"] = (filled["year"] if "year" in filled else pd.Series(2010, filled.index)).astype(float)
    table = filled.reindex(columns=memory_columns("scores"))
    described = tests or [{"test": name, "title": name} for name in sorted(set(table["test"]))]
    schools = pd.DataFrame(
        [{"school": school, "sector": sector} for school, sector in (sectors or {}).items()],
        columns=["school", "sector"],
    )
    tables = {name: no_rows(name) for name in TABLES}
    tables |= {
        "scores": table,
        "tests": pd.DataFrame(described).reindex(columns=memory_columns("tests")).astype(_numbers("tests")),
        "schools": schools.reindex(columns=memory_columns("schools")),
    }
    return DistrictRecords(
        name="town",
        title="Town",
        opening_year=2010,
        groups=GROUPS,
        reference_group="White",
        focal_group="Black",
        enrollment_system="zoned",
        list_limit=6,
        dollars_per_pupil=15_000.0,
        about="Made up for a test.",
        tables=tables,
    )


def _numbers(table: str) -> dict[str, str]:
    numbers = ("year", "number")
    return {name: "float64" for name, column in TABLES[table].columns.items() if column.kind in numbers}


def level_columns(shares: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> pd.DataFrame:
    """Shares (rows, levels) as the columns level_1 and so on."""
    assert shares.shape[1] <= MOST_LEVELS
    return pd.DataFrame(shares, columns=[f"level_{number}" for number in range(1, shares.shape[1] + 1)])


def washington_dc() -> DistrictRecords:
    """All tests of Washington DC, 2009 to 2014: the city, its sectors, its schools."""
    raw = pd.read_csv(real_data("washington_dc", "dc_cas_2009_2014.csv.gz"), dtype={"org_code": str})
    raw = raw[raw["enrollment_status"] == "all"].reset_index(drop=True)
    groups = {"BL7": "Black", "HI7": "Hispanic", "WH7": "White", "AS7": "Asian", "All": ANY}
    flags = {"Economy": "low_income", "LEP": "english_learner", "SPED": "disability"}
    raw = raw[raw["subgroup"].isin([*groups, *flags])].reset_index(drop=True)
    counts = raw[["below_basic", "basic", "proficient", "advanced"]].to_numpy(dtype=float)
    sector = raw["org_code"].map({"0001": "*district", "0000": "*charter"})
    place = raw["org_code"].where(raw["level"] == "school", sector.where(raw["level"] == "lea", ANY))
    tested = counts.sum(axis=1)
    scores = level_columns(counts / np.where(tested > 0, tested, np.nan)[:, None]).assign(
        school=place.astype(object),
        year=raw["year"],
        grade=raw["grade"].str.replace("grade ", "").replace("all", ANY),
        subject=raw["subject"].replace("read", "reading"),
        group=raw["subgroup"].map(groups).fillna(ANY),
        flag=raw["subgroup"].map(flags).fillna(ANY),
        test="CAS",
        tested=tested,
    )
    charter = pd.read_csv(real_data("washington_dc", "dc_schools.csv"), dtype={"school_code": str})
    sectors = charter["charter"].astype(bool).map({True: "charter", False: "district"})
    return records_of(
        scores.drop_duplicates(["school", "year", "grade", "subject", "group", "flag"]),
        [{"test": "CAS", "title": "DC CAS", "levels": 4, "proficient": 3, "first_year": 2009, "last_year": 2014}],
        dict(zip(charter["school_code"], sectors, strict=True)),
    )


def newark(scale: bool = True, levels: bool = True) -> DistrictRecords:
    """Newark's district, its schools and the state, 2009 to 2014; with mean scores, shares by level, or both."""
    path = real_data("newark_camden_nj", "njask_newark_camden_2004_2014.csv.gz")
    text = {"cds": str, "district_code": str, "school_code": str}
    raw = pd.read_csv(path, dtype=text)
    raw = raw[raw["year"] >= 2009]
    state = (raw["level"] == "aggregate") & (raw["cds"] == "ST")
    city = (raw["level"] == "district") & (raw["district_code"] == "3570")
    school = (raw["level"] == "school") & (raw["district_code"] == "3570")
    groups = {"black": "Black", "hispanic": "Hispanic", "white": "White", "asian": "Asian", "total": ANY}
    raw["place"] = np.select([state, city, school], ["*state", ANY, raw["school_code"].fillna("")], "")
    raw = raw[(raw["place"] != "") & raw["subgroup"].isin(groups)].reset_index(drop=True)
    scores = raw[["year", "n_valid"]].rename(columns={"n_valid": "tested"})
    scores = scores.assign(
        school=raw["place"].astype(object),
        grade=raw["grade"].astype(str),
        subject=raw["subject"].replace("ela", "reading"),
        group=raw["subgroup"].map(groups),
        test="NJASK",
    )
    if scale:
        scores["mean"] = raw["mean_scale"]
    if levels:
        shares = raw[["pct_partial", "pct_proficient", "pct_advanced"]].to_numpy(dtype=float) / 100
        scores = pd.concat([scores, level_columns(shares)], axis=1)
    return records_of(
        scores,
        [
            {"test": "NJASK", "title": "NJ ASK", "levels": 3, "proficient": 2, "cut_2": 200.0, "cut_3": 250.0}
            | {"lowest": 100.0, "highest": 300.0}
        ],
    )
