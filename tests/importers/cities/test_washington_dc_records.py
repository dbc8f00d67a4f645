"""Washington DC from its public files: what its publisher says comes out, and each trap is met."""

from __future__ import annotations

import pytest

from calibration.importers.log import ImportLog
from scenarios.records.checks import check_records
from scenarios.records.records import DistrictRecords
from tests.importers.cities.real_files import one, real_city, refused, rows_of

pytestmark = [pytest.mark.shared_data, pytest.mark.xdist_group("cities")]  # each imported once
LEVELS = [f"level_{level}_low" for level in range(1, 5)]


@pytest.fixture(scope="module")
def imported() -> tuple[DistrictRecords, ImportLog]:
    return real_city("washington-dc", "washington_dc")


@pytest.fixture(scope="module")
def records(imported: tuple[DistrictRecords, ImportLog]) -> DistrictRecords:
    return imported[0]


@pytest.mark.parametrize(
    ("place", "group", "before", "after"),
    [
        ("*", "Black", 0.413, 0.483),
        ("*", "White", 0.872, 0.934),
        ("*charter", "Black", 0.473, 0.575),
        ("*district", "Black", 0.377, 0.411),
    ],
)
def test_share_proficient_in_math(
    records: DistrictRecords, place: str, group: str, before: float, after: float
) -> None:
    for year, share in ((2009, before), (2014, after)):
        row = one(records["scores"], school=place, year=year, grade="*", subject="math", group=group, test="dc-cas")
        assert row["level_3_low"] + row["level_4_low"] == pytest.approx(share, abs=0.0006)


def test_rolls_are_of_the_spring_after_october(records: DistrictRecords) -> None:
    rolls = records["enrollment"]
    found = {
        (place, year): one(rolls, school=place, year=year, grade="*")["pupils_low"]
        for place, year in (("*charter", 2005), ("*charter", 2015), ("*district", 2005), ("*district", 2010))
    }
    assert found == {
        ("*charter", 2005): 15_342,
        ("*charter", 2015): 37_684,
        ("*district", 2005): 58_394,
        ("*district", 2010): 44_562,
    }
    assert one(rolls, school="*district", year=2015, grade="*")["pupils_low"] == 47_548
    assert set(rolls["year"]) == set(range(2005, 2016))
    scores = records["scores"].groupby("test")["year"].agg(["min", "max"])
    assert scores.loc["dc-cas"].tolist() == [2009, 2014]
    assert scores.loc["dc-parcc"].tolist() == [2015, 2016]


def test_schools_that_closed_early_are_missing_from_the_total(records: DistrictRecords) -> None:
    rolls = rows_of(records["enrollment"], grade="*")
    of_schools = rolls[~rolls["school"].str.startswith("*")].groupby("year")["pupils_low"].sum()
    city = rolls[rolls["school"] == "*"].set_index("year")["pupils_low"]
    assert (of_schools[2005], city[2005]) == (56_431, 73_736)
    assert (of_schools[2015], city[2015]) == (85_398, 85_403)


def test_a_hidden_group_is_an_interval_and_a_hidden_other_three(records: DistrictRecords) -> None:
    rolls = records["enrollment"]
    mine = rolls[(rolls["school"] == "0102") & (rolls["year"] == 2009) & (rolls["grade"] == "*")]
    groups = mine[(mine["flag"] == "*") & (mine["group"] != "*")].set_index("group")
    assert set(groups.index) == set(records.groups)
    hidden = groups[groups["pupils_low"] < groups["pupils_high"]]
    assert set(hidden["pupils_high"] - hidden["pupils_low"]) <= {9, 18, 27}
    assert groups.loc["Other", "pupils_high"] >= 27
    grades = rolls[~rolls["grade"].isin(["*"])]
    some = grades[grades["pupils_low"] < grades["pupils_high"]]
    assert len(some) < 60
    assert set(zip(some["pupils_low"], some["pupils_high"], strict=True)) == {(0, 9)}


def test_flags_of_broken_years_are_not_read(records: DistrictRecords) -> None:
    rolls = records["enrollment"]
    schools = rolls[~rolls["school"].str.startswith("*")]
    learners = schools[schools["flag"] == "english_learner"]
    assert sorted(learners["year"].unique()) == [2006, 2007, 2008, *range(2010, 2016)]
    low = rolls[rolls["flag"] == "low_income"]
    assert (low["pupils_low"] == low["pupils_high"]).all()
    sector = low["school"].map(dict(zip(records["schools"]["school"], records["schools"]["sector"], strict=True)))
    assert sorted(low[sector == "charter"]["year"].unique()) == list(range(2011, 2016))
    assert sorted(low[sector == "district"]["year"].unique()) == [2006, *range(2010, 2016)]
    assert sorted(low[low["school"] == "*"]["year"]) == list(range(2011, 2016))


def test_levels_come_to_one_and_tested_is_known(records: DistrictRecords) -> None:
    cas = records["scores"][records["scores"]["test"] == "dc-cas"]
    whole = cas[cas["level_4_low"].notna()]
    assert len(cas) - len(whole) == 16
    assert (whole[LEVELS].sum(axis=1) - 1).abs().max() < 1e-9
    assert cas["tested_low"].min() >= 10


def test_rounded_shares_are_intervals(records: DistrictRecords) -> None:
    row = one(records["scores"], school="*", year=2015, grade="*", subject="math", test="dc-parcc")
    assert row["level_3_high"] - row["level_3_low"] == pytest.approx(0.01)
    assert not {"*charter"} & set(records["scores"].query("test == 'dc-parcc'")["school"])


def test_what_is_refused(imported: tuple[DistrictRecords, ImportLog]) -> None:
    records, log = imported
    found = refused(log)
    assert found["two records of one key", "dc_mid_year_mobility.csv"] == 72
    assert set(found) == {
        ("two records of one key", "dc_mid_year_mobility.csv"),
        ("a total that its schools cannot come to", "dc_lea_state_enrollment_2004_2014.csv.gz"),
        ("groups of one school and year that cannot add up to their total", "dc_lea_state_enrollment_2004_2014.csv.gz"),
        ("groups of one school and year that cannot add up to their total", "dc_school_enrollment_2004_2014.csv.gz"),
        ("grades of one school and year that cannot add up to their total", "dc_school_enrollment_2004_2014.csv.gz"),
    }
    assert not check_records(records)[0]


def test_directory(records: DistrictRecords) -> None:
    schools = records["schools"].set_index("school")
    assert len(schools) == 257
    assert all(len(school) == 4 for school in schools.index)
    assert schools["sector"].value_counts().to_dict() == {"charter": 136, "district": 121}
    assert schools["latitude"].notna().sum() == 2
    assert (schools["area"] == "").sum() == 3
    assert schools["opened"].min() == 2006
    assert schools["closed"].dropna().between(2013, 2014).all()
    assert schools.loc["0101", ["first_grade", "last_grade"]].tolist() == [9, 12]


def test_figures_beside_rolls_and_scores(records: DistrictRecords) -> None:
    measures = records["measures"]
    assert one(measures, school="*", year=2014, measure="graduation_rate")["value_low"] == pytest.approx(0.61, abs=0.02)
    growth = rows_of(measures, measure="growth_percentile", school="0101", year=2014, subject="math")
    assert growth["value_low"].tolist() == [30.0]
    assert measures.query("measure == 'accountability_score'")["value_low"].agg(["min", "max"]).tolist() == [
        11.95,
        101.93,
    ]
    ratings = measures[measures["measure"].str.startswith("pmf_score")]
    assert len(ratings) == 254
