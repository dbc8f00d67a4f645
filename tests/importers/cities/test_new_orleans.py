"""New Orleans from its sites and LEAP: counts and means of the readers of the files come out."""

from __future__ import annotations

import csv
import gzip

import pytest

from calibration.importers.engine import import_files
from calibration.importers.log import ImportLog
from calibration.importers.mapping.reading import load_mapping
from scenarios.records.checks import check_records
from scenarios.records.records import DistrictRecords
from tests.importers.cities.real_files import one, real_city, rows_of
from tests.real_data import real_data

pytestmark = [pytest.mark.shared_data, pytest.mark.xdist_group("cities")]  # each imported once
LEAP = "la_leap_mastery_g3_8_2018_2022.csv.gz"


@pytest.fixture(scope="module")
def records() -> DistrictRecords:
    return real_city("new-orleans", "new_orleans_la")[0]


@pytest.mark.parametrize(("year", "sites", "pupils"), [(2019, 86, 50_255), (2021, 84, 49_284), (2022, 84, 48_012)])
def test_sites_and_pupils(records: DistrictRecords, year: int, sites: int, pupils: int) -> None:
    rows = rows_of(records["enrollment"], year=year, grade="*")
    assert (len(rows), rows["pupils_low"].sum()) == (sites, pupils)
    groups = records["enrollment"].query("year == @year and grade == '*' and group != '*'")
    assert groups["pupils_low"].sum() == pupils
    grades = records["enrollment"].query("year == @year and grade != '*'")
    assert pupils - grades["pupils_low"].sum() <= 0.002 * pupils


@pytest.mark.parametrize(("year", "mean"), [(2018, 23.5), (2019, 23.8), (2021, 14.1), (2022, 16.5)])
def test_mean_mastery_over_the_rows_of_all_releases(year: int, mean: float) -> None:
    """The readers' figures count a spring once for each release that tells it; the records do not."""
    exact = []
    for release in (2019, 2021, 2022):
        keep = {"system_code": "R36", "source_file": f"{release}-leap.xlsx"}
        path = real_data("new_orleans_la", LEAP)
        scores = import_files([path], load_mapping("la-leap"), ImportLog(), keep).tables["scores"]
        rows = scores[(scores["year"] == year) & (scores["subject"] == "math")]
        exact += rows.loc[rows["level_2_low"] == rows["level_2_high"], "level_2_low"].tolist()
    assert 100 * sum(exact) / len(exact) == pytest.approx(mean, abs=0.05)


def test_mean_mastery_where_each_site_counts_once(records: DistrictRecords) -> None:
    rows = rows_of(records["scores"], subject="math")
    own = [school for school in rows["school"] if school[:3] not in ("331", "334", "344", "347", "348", "W18", "WBQ")]
    rows = rows[rows["school"].isin(own) & (rows["level_2_low"] == rows["level_2_high"])]
    means = 100 * rows.groupby("year")["level_2_low"].mean()
    assert means.round(1).to_dict() == {2018: 23.5, 2019: 23.2, 2021: 14.1, 2022: 16.5}


def test_the_later_release_counts_and_stands_below(records: DistrictRecords) -> None:
    with gzip.open(real_data("new_orleans_la", LEAP), "rt", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    releases = [row["source_file"] for row in rows]
    assert releases == sorted(releases)
    told = {
        (row["site_code"], row["subject_sheet"]): row["pct_mastery_plus_g3_8"].strip()
        for row in rows
        if row["spring_year"] == "2021" and row["system_code"] == "R36"
    }
    scores = rows_of(records["scores"], year=2021, subject="math").set_index("school")
    changed = [school for school, sheet in told if sheet == "Math" and told[school, sheet].isdigit()]
    for school in changed:
        assert 100 * scores.loc[school, "level_2_low"] == pytest.approx(float(told[school, "Math"]))


def test_capped_cells_are_intervals(records: DistrictRecords) -> None:
    scores = records["scores"]
    open_ = scores[scores["level_2_low"] < scores["level_2_high"]]
    ends = {(round(row.level_2_low, 2), round(row.level_2_high, 2)) for row in open_.itertuples()}
    assert ends <= {(0.0, 0.05), (0.0, 0.01), (0.95, 1.0), (0.99, 1.0)}
    assert (0.0, 0.05) in ends
    assert scores["tested_low"].isna().all()
    assert set(scores["subject"]) == {"math", "reading"}
    assert 2020 not in set(scores["year"])


def test_sectors_operators_and_flags(records: DistrictRecords) -> None:
    rows = rows_of(records["enrollment"], year=2019, grade="*")[["school", "pupils_low"]]
    schools = records["schools"].merge(rows, on="school")
    assert schools["sector"].value_counts().to_dict()["charter"] >= 80
    assert (schools["operator"].str.strip() == schools["operator"]).all()
    assert (schools["operator"] == "KIPP New Orleans, Inc.").sum() >= 7
    poor = one(records["enrollment"], school="036011", year=2019, grade="*", flag="low_income")
    assert (poor["pupils_low"], poor["pupils_high"]) == (563, 563)
    assert not check_records(records)[0]
