"""Chicago from its public files: the figures its publishers and readers give, found again in the records."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calibration.importers.city_sets import import_city, load_city_set
from calibration.importers.log import ImportLog
from scenarios.population.opening import open_city
from scenarios.records.checks import check_records
from scenarios.records.records import DistrictRecords
from sim.city import City
from tests.real_data import real_data

pytestmark = [pytest.mark.shared_data, pytest.mark.xdist_group("chicago")]  # imported once
SPARED = {"609907", "610128", "610369", "610048"}


@pytest.fixture(scope="module")
def imported() -> tuple[DistrictRecords, ImportLog]:
    log = ImportLog()
    return import_city(load_city_set("chicago"), real_data("chicago_cps"), log), log


@pytest.fixture(scope="module")
def records(imported: tuple[DistrictRecords, ImportLog]) -> DistrictRecords:
    return imported[0]


def totals(records: DistrictRecords, year: int) -> pd.DataFrame:
    """All pupils of every school in one spring."""
    rolls = records["enrollment"]
    rolls = rolls[rolls["pupils_low"] == rolls["pupils_high"]]
    rolls = rolls[(rolls["year"] == year) & (rolls["group"] == "*") & (rolls["flag"] == "*")]
    return rolls[~rolls["school"].str.startswith("*")]


def test_opening_spring_is_the_profile_of_2019_20(records: DistrictRecords) -> None:
    rows = totals(records, 2020)
    assert records.opening_year == 2020
    assert (len(rows), rows["pupils_low"].sum()) == (654, 353_387)
    assert (rows["pupils_low"] == rows["pupils_high"]).all()
    assert rows["grade"].value_counts().to_dict() == {"*": 651, "PK": 3}
    # where pre-kindergarten is offered beside other grades, anything up to all pupils may be in it
    rolls = records["enrollment"]
    young = rolls[(rolls["year"] == 2020) & (rolls["grade"] == "PK") & ~rolls["school"].str.startswith("*")]
    assert (young["pupils_low"] < young["pupils_high"]).sum() == 362
    schools = records["schools"].merge(rows[["school"]], on="school")
    assert schools["seats"].notna().sum() == 418
    assert schools["latitude"].notna().all()
    assert schools["sector"].value_counts().to_dict() == {"district": 527, "charter": 127}


def test_groups_and_flags_of_the_opening_spring(records: DistrictRecords) -> None:
    rolls = records["enrollment"]
    rolls = rolls[(rolls["year"] == 2020) & ~rolls["school"].str.startswith("*")]
    sums = rolls.groupby(["group", "flag"])["pupils_low"].sum()
    rolls = rolls[rolls["pupils_low"] == rolls["pupils_high"]]
    outside = rolls[rolls["grade"] == "PK"]["pupils_low"].sum()
    assert sum(sums[group, "*"] for group in records.groups) == 353_387 - outside
    assert sums["Black", "*"] / sums["*", "*"] == pytest.approx(0.360, abs=0.001)
    assert sums["Hispanic", "*"] / sums["*", "*"] == pytest.approx(0.467, abs=0.001)
    assert sums["*", "low_income"] == pytest.approx(277_953, abs=outside)
    assert sums["*", "english_learner"] == pytest.approx(68_216, abs=outside)


def test_label_of_the_year_disagrees_with_the_year_and_is_told(imported: tuple[DistrictRecords, ImportLog]) -> None:
    (told,) = [note for note in imported[1].of("doubtful") if note.column == "sy"]
    assert (told.value, told.detail) == ("1819", "2020 is used, this says 2019; 651 rows")


def test_start_of_the_system_is_no_opening(records: DistrictRecords) -> None:
    schools = records["schools"]
    assert not (schools["opened"] == 2005).sum() > 10
    assert (schools["opened"] == 2013).sum() >= 20
    closed = dict(zip(schools["school"], schools["closed"], strict=True))
    assert [closed[school] for school in ("400142", "609711", "400127")] == [2020, 2021, 2022]


def test_scores_of_spring_2019_and_the_test_of_each_year(records: DistrictRecords) -> None:
    scores = records["scores"]
    by_year = scores[~scores["school"].str.startswith("*")].groupby(["test", "year", "subject"]).size()
    assert by_year["iar", 2019, "math"] == 490
    assert by_year["parcc", 2018, "math"] == 492
    # one school's shares in reading are all empty
    assert by_year["iar", 2019, "reading"] == 489
    assert 2020 not in set(scores["year"])
    row = scores[(scores["school"] == "400077") & (scores["year"] == 2019)].iloc[0]
    assert (row["tested_low"], row["level_4_low"], row["level_5_low"]) == (19, 0.053, 0.053)


def test_closings_of_2013(records: DistrictRecords) -> None:
    actions = records["actions"]
    closings = actions[actions["action"] == "closing"]
    schools = {status: set(rows["school"]) for status, rows in closings.groupby("status")}
    assert len(schools["proposed"]) == 52
    assert len(schools["done"]) == 48
    assert schools["withdrawn"] == SPARED
    assert schools["proposed"] == schools["done"] | SPARED
    # those that were spared are the only ones of them that still report
    reports = records["measures"]
    reports = reports[(reports["measure"] == "reports_in_sy1516") & (reports["value_low"] == 1)]
    assert schools["proposed"] & set(reports["school"]) == SPARED
    assert closings["role"].value_counts().to_dict() == {"boundary": 73, "pupils": 59, "": 52}
    others = actions[actions["action"] != "closing"].groupby("action")["school"].nunique()
    assert others.to_dict() == {"co_location": 2, "phase_out": 1, "relocation": 14, "restart": 6}
    closed = records["schools"].set_index("school")["closed"]
    assert (closed[sorted(schools["done"])] == 2013).all()


def test_rolls_of_the_schools_that_were_there_in_2013(records: DistrictRecords) -> None:
    assert totals(records, 2000)["pupils_low"].sum() == 286_489
    last = totals(records, 2013)
    assert (len(last), last["pupils_low"].sum()) == (472, 261_490)
    years = [year for year in range(2000, 2014) if year != 2012]  # 2012 has the charters of the progress report too
    assert all(400 <= len(totals(records, year)) <= 472 for year in years)
    assert sum(len(totals(records, year)) for year in years) == 6_275 - 471
    panel = records["schools"][["school", "seats"]].dropna()
    assert len(panel) == 472


def test_most_high_school_pupils_attend_another_school_than_that_of_their_zone(records: DistrictRecords) -> None:
    pairs, measures = records["pairs"], records["measures"]
    flows = pairs[pairs["measure"] == "pupils_zoned_to_attended"]
    pooled = measures[measures["measure"].isin(["pupils_of_zones_with_fewer_than_ten", "pupils_of_no_zone"])]
    own = flows[flows["school"] == flows["other"]].groupby("year")["value_low"].sum()
    everyone = flows.groupby("year")["value_low"].sum() + pooled.groupby("year")["value_low"].sum()
    assert everyone.to_dict() == {2019: 110_355, 2020: 109_249, 2021: 108_893}
    assert (own / everyone).round(3).to_dict() == {2019: 0.21, 2020: 0.216, 2021: 0.221}


def test_distances_are_miles(records: DistrictRecords) -> None:
    miles = records["pairs"][records["pairs"]["measure"] == "miles"]
    assert len(miles) == 35_306
    assert miles["value_low"].max() == pytest.approx(3.0, abs=0.001)


def test_measures_are_of_the_spring_they_were_taken_in(records: DistrictRecords) -> None:
    measures = records["measures"]
    mobility = measures[measures["measure"] == "mobility_rate"].groupby("year")["value_low"].mean()
    assert mobility[2021] < 0.6 * mobility[2018]  # schools were closed in 2020-21
    growth = measures[measures["measure"] == "nwea_growth_percentile"]
    assert growth["year"].max() == 2018
    by_group = growth[growth["year"] == 2014].groupby(["group", "flag", "subject"]).size()
    assert by_group["Black", "*", "math"] == 290
    assert by_group["*", "disability", "reading"] == 283
    day = measures[(measures["measure"] == "school_day") & (measures["year"] == 2020)]
    hours = day.merge(records["schools"], on="school").groupby("sector")["value_low"].mean()
    assert hours["charter"] > hours["district"] > 400


def test_zeros_that_cannot_be_are_not_read(records: DistrictRecords) -> None:
    rows = records["measures"]
    learners = rows[(rows["measure"] == "english_learner_share") & (rows["year"] == 2013)]
    assert (learners["value_low"] > 0).all()
    assert len(learners) == 472 - 377


def test_records_hold(imported: tuple[DistrictRecords, ImportLog]) -> None:
    records, log = imported
    problems, doubts = check_records(records)
    assert not problems
    assert not doubts
    assert not [note for note in log.of("refused") if note.reason.startswith("two records of one key")]
    read = {file.file: file for file in log.files}
    assert len(read) == 12
    assert sum(file.refused for file in read.values()) == 0


@pytest.mark.slow
def test_opening_spring_of_the_simulation(records: DistrictRecords) -> None:
    """Two draws of the opening: rolls met, groups where the schools of nearly one group put them."""
    drawn = [open_city(records, draw) for draw in (0, 1)]
    rolls = totals(records, 2020).set_index("school")["pupils_low"]
    for city, report in drawn:
        pupils = city.enrollment["pupils"].sum()
        assert 353_387 - 20_000 < pupils < 353_387 - 15_000  # without pre-kindergarten
        assert len(city.schools) == 649
        assert city.tested_grades == (3, 4, 5, 6, 7, 8)
        assert report["pupils by school"].off.max() == 0
        assert (city.enrollment.groupby("school")["pupils"].sum() <= rolls.reindex(city.schools["school"]).values).all()
        by_grade = city.enrollment.groupby("grade")["pupils"].sum()
        assert by_grade[range(9, 13)].sum() == pytest.approx(105_867, rel=0.04)  # of the spring before
        math = city.scores[city.scores["subject"] == "math"].set_index(["school", "grade", "group"])["mean"]
        black = np.mean([math["*", str(grade), "Black"] for grade in (4, 8)])
        assert black == pytest.approx(nearly_all(city, "Black"), abs=0.15)
        assert np.mean([math["*", str(grade), "Hispanic"] for grade in (4, 8)]) > black + 0.1
    assert drawn[0][0].fingerprint != drawn[1][0].fingerprint


def nearly_all(city: City, group: str) -> float:
    """Mean of the schools nine in ten of whose pupils are of one group; they have two thirds of Black pupils."""
    by_group = city.enrollment.pivot_table(
        index="school", columns="group", values="pupils", aggfunc="sum", fill_value=0
    )
    share = by_group[group] / by_group.sum(axis=1)
    rows = city.scores[(city.scores["school"] != "*") & (city.scores["subject"] == "math")]
    rows = rows[rows["school"].map(share) >= 0.9]
    return float(np.average(rows["mean"], weights=rows["pupils"]))
