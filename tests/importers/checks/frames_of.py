"""Tables of district records from short rows, and small loaders of real files for the checks alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from calibration.importers.checks.common.finding import Finding
from calibration.importers.checks.common.registry import run_checks
from scenarios.records.columns import TABLES, memory_columns
from scenarios.records.records import no_rows
from tests.real_data import real_data

DC_GROUPS = {
    "All": "*",
    "BL7": "Black",
    "HI7": "Hispanic",
    "WH7": "White",
    "AS7": "Asian",
    "AM7": "American Indian",
    "PI7": "Pacific Islander",
    "MU7": "Two or more",
}

Tables = dict[str, pd.DataFrame]


def table(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """A whole table from some of its columns; an interval may be given by its plain name when it is exact, a grade,
    group, flag or subject that is not given is `*`."""
    full = no_rows(name).reindex(range(len(rows)))
    for column, declared in TABLES[name].columns.items():
        if declared.is_interval and column in rows:
            full[f"{column}_low"] = full[f"{column}_high"] = rows[column].to_numpy(dtype=np.float64)
    for column in memory_columns(name):
        if column in rows:
            full[column] = rows[column].to_numpy()
        elif column in ("grade", "group", "flag", "subject"):
            full[column] = "*"
        elif full[column].dtype != np.float64:
            full[column] = ""
    place = {"file": rows.get("file", f"{name}.csv"), "line": np.arange(len(rows)) + 2}
    return full.assign(**place)


def read(path: Path, ids: tuple[str, ...]) -> pd.DataFrame:
    """A real file with its ids as text and the line of every row."""
    frame = pd.read_csv(path, dtype=dict.fromkeys(ids, str), low_memory=False, keep_default_na=True)
    return frame.assign(line=np.arange(len(frame)) + 2)


def washington(fall: int = 1) -> dict[str, pd.DataFrame]:
    """Schools, rolls by group and poverty, and the test of 2009 to 2014; `fall` is added to the years of the rolls."""
    folder = real_data("washington_dc")
    schools = read(folder / "dc_schools.csv", ("school_code",))
    sector = np.where(schools["charter"], "charter", "district")
    own = read(folder / "dc_school_enrollment_2004_2014.csv.gz", ("school_code",)).rename(
        columns={"school_code": "school"}
    )
    city = read(folder / "dc_lea_state_enrollment_2004_2014.csv.gz", ("lea_code",))
    places = {"0000": "*charter", "0001": "*district"}
    city = city.assign(school=city["lea_code"].map(places)).dropna(subset=["school"])
    both = city[city["grade"] == "All"].groupby(["year", "subgroup"], as_index=False)["n"].sum()
    rolls = pd.concat([own, city, both.assign(school="*", grade="All")], ignore_index=True)
    poverty = rolls["subgroup"] == "Economy"
    rolls = rolls[poverty | rolls["subgroup"].isin(DC_GROUPS)]
    grade = rolls["grade"].replace({"All": "*", "KG": "0"}).str.replace("grade ", "")
    rolls = rolls.assign(
        flag=np.where(rolls["subgroup"] == "Economy", "low_income", "*"),
        group=rolls["subgroup"].map(DC_GROUPS).fillna("*"),
        grade=grade,
        pupils=rolls["n"],
        year=rolls["year"] + fall,
    )
    rolls = rolls[rolls["grade"].isin(["*", *map(str, range(13))])]
    tests = read(folder / "dc_cas_2009_2014.csv.gz", ("org_code",))
    tests = tests[(tests["enrollment_status"] == "all") & tests["subgroup"].isin(DC_GROUPS)]
    tests = tests[(tests["level"] == "school") & tests["subject"].isin(["math", "reading"])]
    levels = ("below_basic", "basic", "proficient", "advanced")
    tests = tests.assign(
        school=tests["org_code"],
        group=tests["subgroup"].map(DC_GROUPS),
        grade=tests["grade"].replace({"all": "*"}).str.replace("grade ", ""),
        test="cas",
        tested=tests["n_test_takers"],
        **{f"level_{n + 1}": tests[name] / tests["n_test_takers"] for n, name in enumerate(levels)},
    )
    listed = pd.DataFrame({"school": schools["school_code"], "name": schools["name"], "sector": sector})
    return {
        "schools": table("schools", listed),
        "enrollment": table("enrollment", rolls),
        "scores": table("scores", tests),
    }


def new_jersey() -> dict[str, pd.DataFrame]:
    """Scores of all pupils of the schools of Newark and Camden and of the state."""
    rows = read(real_data("newark_camden_nj") / "njask_newark_camden_2004_2014.csv.gz", ("cds",))
    rows = rows[(rows["subgroup"] == "total") & ((rows["level"] == "school") | (rows["cds"] == "ST"))]
    rows = rows.assign(
        school=rows["cds"].replace({"ST": "*state"}),
        subject=rows["subject"].replace({"ela": "reading"}),
        grade=rows["grade"].astype(str),
        test="njask",
        tested=rows["n_valid"],
        mean=rows["mean_scale"],
        level_1=rows["pct_partial"] / 100,
        level_2=rows["pct_proficient"] / 100,
        level_3=rows["pct_advanced"] / 100,
    )
    return {"scores": table("scores", rows)}


def chicago() -> dict[str, pd.DataFrame]:
    """Pupils of four years, all and of low income, and where the schools lie; a label `1718` is the spring of 2018."""
    name = "cps_school_profiles_sy1718_sy2223.csv.gz"
    rows = read(real_data("chicago_cps") / name, ("School_ID", "sy")).rename(columns={"School_ID": "school"})
    rows = rows.assign(year=2000 + rows["sy"].str[2:].astype(int))
    everyone = rows.assign(pupils=rows["Student_Count_Total"])
    poor = rows.assign(pupils=rows["Student_Count_Low_Income"], flag="low_income")
    last = rows.drop_duplicates("school", keep="last")
    columns = {"Long_Name": "name", "School_Latitude": "latitude", "School_Longitude": "longitude"}
    rolls = pd.concat([everyone.assign(flag="*"), poor], ignore_index=True).dropna(subset=["pupils"])
    return {"schools": table("schools", last.rename(columns=columns)), "enrollment": table("enrollment", rolls)}


def found(tables: Tables, kind: str, *words: str) -> list[Finding]:
    """What the checks find of a kind that says all of some words."""
    return [one for one in run_checks(tables) if one.kind == kind and all(word in one.text for word in words)]
