"""New York from the School Explorer: schools, charters, ids, rounded percents."""

from __future__ import annotations

import pytest

from calibration.importers.log import ImportLog
from scenarios.records.checks import check_records
from scenarios.records.records import DistrictRecords
from tests.importers.cities.real_files import one, real_city, rows_of

pytestmark = [pytest.mark.shared_data, pytest.mark.xdist_group("cities")]  # each imported once


@pytest.fixture(scope="module")
def imported() -> tuple[DistrictRecords, ImportLog]:
    return real_city("new-york", "nyc")


@pytest.fixture(scope="module")
def records(imported: tuple[DistrictRecords, ImportLog]) -> DistrictRecords:
    return imported[0]


def test_schools_charters_places(records: DistrictRecords) -> None:
    schools = records["schools"]
    assert len(schools) == 1272
    assert schools["sector"].value_counts().to_dict() == {"district": 1110, "charter": 162}
    assert schools[["latitude", "longitude", "first_grade", "last_grade"]].notna().all().all()
    assert schools["area"].nunique() == 32


def test_destroyed_ids_are_not_read_and_that_is_told(imported: tuple[DistrictRecords, ImportLog]) -> None:
    (told,) = [note for note in imported[1].of("left out") if note.column == "SED Code"]
    assert "destroyed" in told.detail
    assert not imported[0]["schools"]["school"].str.contains("E").any()


def test_tested_counts_stand_for_rolls(records: DistrictRecords) -> None:
    rolls = records["enrollment"]
    tested = rows_of(rolls, grade=list("345678"))
    assert tested["pupils_low"].sum() == 426_478
    row = one(rolls, school="01M015", year=2016, grade="3")
    assert (row["pupils_low"], row["pupils_high"]) == (20, 20)
    second = one(rolls, school="01M015", year=2016, grade="2")
    assert (second["pupils_low"], second["pupils_high"]) == (19, 22)
    everyone = one(rolls, school="01M015", year=2016, grade="*")
    assert everyone["pupils_low"] == pytest.approx(51 + 3 * 19, abs=1)
    assert everyone["pupils_high"] == pytest.approx(51 + 3 * 22, abs=1)


def test_rounded_percents_are_intervals_of_pupils(records: DistrictRecords) -> None:
    rolls = rows_of(records["enrollment"], school="10X054", group="Black", grade="*")
    if rolls.empty:
        rolls = rows_of(records["enrollment"], school="01M015", group="Black", grade="*")
    row = rolls.iloc[0]
    everyone = one(records["enrollment"], school=row["school"], grade="*")
    assert row["pupils_low"] < row["pupils_high"] <= everyone["pupils_high"]


def test_means_and_shares_at_level_4(records: DistrictRecords) -> None:
    scores = records["scores"]
    given = scores["school"].str.startswith("*")
    assert given.sum() == 12  # from NAEP: of the city and of the nation
    scores = scores[~given]
    assert len(scores) == 2434
    assert scores["mean_low"].between(1, 4.5).all()
    row = one(records["measures"], school="01M019", grade="3", subject="math", measure="level_4_share")
    assert row["value_low"] == pytest.approx(6 / 33)


def test_zero_attendance_is_missing(records: DistrictRecords) -> None:
    measures = records["measures"]
    attendance = measures[measures["measure"] == "attendance"]
    assert len(attendance) == 1272 - 25 - 10
    assert attendance["value_low"].min() == 0.66
    absence = measures[measures["measure"] == "chronic_absence"]
    assert not (absence["value_low"] == 1).any()
    assert not check_records(records)[0]
