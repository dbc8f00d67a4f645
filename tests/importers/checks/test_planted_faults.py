"""Faults planted in a made-up city: each is found, with its file and line, and a city without a fault is left alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.importers.checks.common.finding import MOST_SINGLE, Finding, first_of
from calibration.importers.checks.common.frames import complete
from calibration.importers.checks.common.registry import list_checks, run_checks
from scenarios.records.records import no_rows
from tests.importers.checks.frames_of import Tables, found, table
from tests.importers.checks.made_city import clean, made_city, raised


def rows(frame: pd.DataFrame, **wanted: object) -> pd.Series[bool]:
    """The rows with these values; grade, group and flag are `*` unless said."""
    chosen = pd.Series(True, frame.index)
    for column, value in ({"grade": "*", "group": "*", "flag": "*"} | wanted).items():
        chosen &= frame[column] == value
    assert chosen.any()
    return chosen


def multiply(frame: pd.DataFrame, chosen: pd.Series[bool], value: str, by: float) -> None:
    for end in ("low", "high"):
        frame.loc[chosen, f"{value}_{end}"] = np.round(frame.loc[chosen, f"{value}_{end}"] * by)


@pytest.mark.parametrize("seed", range(4))
def test_a_city_without_a_fault_is_left_alone(seed: int) -> None:
    """Noise with heavy tails, schools that open and close: in 20 such cities nothing doubtful was told."""
    assert [str(one) for one in run_checks(clean(seed)) if one.severity != "to know"] == []


def test_every_check_takes_tables_without_rows() -> None:
    assert {"breaks", "ids", "jumps", "totals", "years"} <= {
        one.replace("year_rules", "years") for one in list_checks()
    }
    assert run_checks({}) == []
    assert run_checks({"schools": no_rows("schools")}) == []


def test_tables_are_not_changed(city: Tables) -> None:
    before = {name: frame.copy() for name, frame in city.items()}
    run_checks(city)
    for name, frame in city.items():
        pd.testing.assert_frame_equal(frame, before[name])


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 59), st.integers(2009, 2015), st.sampled_from([0.01, 0.1, 10.0, 100.0]))
def test_a_value_off_by_ten_or_hundred_is_found_where_it_stands(number: int, year: int, by: float) -> None:
    tables = {"schools": clean()["schools"], "enrollment": clean()["enrollment"].copy()}
    frame = tables["enrollment"]
    alone = frame[(frame["grade"] == "*") & (frame["group"] == "*") & (frame["flag"] == "*")]
    series = alone[alone["school"] == f"{1001 + number}"]
    if not {year - 1, year, year + 1} <= set(series["year"]):
        return
    chosen = rows(frame, school=f"{1001 + number}", year=year)
    multiply(frame, chosen, "pupils", by)
    hits = [one for one in list_checks()["jumps"](complete(tables)) if one.severity != "to know"]
    line = int(frame.loc[chosen, "line"].iloc[0])
    assert [(one.place, one.file, one.lines) for one in hits] == [(f"{1001 + number}", "enrollment.csv", (line,))]
    assert "pupils: " in hits[0].text
    if frame.loc[chosen, "pupils_low"].iloc[0] >= 5:  # rounded to fewer pupils it is no tenth or hundredth any more
        assert ("times more" if by > 1 else "times less") in hits[0].text
        assert hits[0].severity == "serious"


def test_a_wrong_value_at_the_end_of_a_series_is_doubtful(city: Tables) -> None:
    multiply(city["enrollment"], rows(city["enrollment"], school="1002", year=2016), "pupils", 10)
    hits = found(city, "jump", "10 times more")
    assert [(one.severity, one.place) for one in hits] == [("doubtful", "1002")]


def test_a_share_read_as_percent_is_found_among_measures() -> None:
    rng = np.random.default_rng(1)
    values = [
        {"school": f"{s:03}", "year": y, "measure": "attendance", "unit": "share", "value": v}
        for s in range(40)
        for y, v in zip(range(2010, 2016), 0.93 + 0.01 * rng.standard_normal(6), strict=True)
    ]
    frame = table("measures", pd.DataFrame(values))
    assert found({"measures": frame}, "jump") == []
    wrong = (frame["school"] == "007") & (frame["year"] == 2012)
    frame.loc[wrong, ["value_low", "value_high"]] *= 100
    hits = found({"measures": frame}, "jump", "about 100 times more")
    assert [(one.severity, one.place, one.lines) for one in hits] == [
        ("serious", "007", (int(frame["line"][wrong].iloc[0]),))
    ]


def test_a_change_of_definition_is_told_once(city: Tables) -> None:
    frame = city["enrollment"]
    late = (frame["flag"] == "low_income") & (frame["year"] >= 2013)
    multiply(frame, late, "pupils", 1.3)
    hits = found(city, "change of definition")
    assert [(one.numbers["before"], one.numbers["year"]) for one in hits] == [(2012, 2013)]
    assert hits[0].numbers["times"] == pytest.approx(1.3, abs=0.05)
    assert found(city, "jump", "low income") == []


def test_a_change_of_one_sector_is_found(city: Tables) -> None:
    frame = city["enrollment"]
    charter = set(city["schools"]["school"][city["schools"]["sector"] == "charter"])
    late = (frame["flag"] == "low_income") & (frame["year"] >= 2012) & frame["school"].isin(charter)
    multiply(frame, late, "pupils", 0.4)
    hits = found(city, "change of definition")
    assert [(one.numbers["year"], "charter" in one.text) for one in hits] == [(2012, True)]


def test_missing_schools_are_found_by_the_totals(city: Tables) -> None:
    frame = city["enrollment"]
    gone = frame["school"].isin([f"{number}" for number in range(1001, 1016)]) & (frame["year"] < 2011)
    city["enrollment"] = frame[~gone]
    hits = {one.place: one for one in found(city, "totals", "schools are missing")}
    assert set(hits) == {"*", "*charter", "*district"}
    everyone = frame[(frame["grade"] == "*") & (frame["group"] == "*") & (frame["flag"] == "*")]
    of_2009 = everyone[(everyone["year"] == 2009) & ~everyone["school"].str.startswith("*")]
    left = of_2009.loc[~gone[of_2009.index], "pupils_low"].sum() / of_2009["pupils_low"].sum()
    assert hits["*"].numbers["2009"] == pytest.approx(left)
    assert "short in 2008 to 2010, complete in 2011 to 2016" in hits["*"].text
    assert hits["*"].severity == "serious"


def test_hidden_cells_that_can_make_up_the_total_are_no_fault(city: Tables) -> None:
    frame = city["enrollment"]
    small = (frame["group"] == "Asian") & ~frame["school"].str.startswith("*")
    frame.loc[small, "pupils_low"] = 0.0
    frame.loc[small, "pupils_high"] = np.maximum(frame.loc[small, "pupils_high"], 60)
    assert found(city, "totals") == []
    hits = found(city, "suppressed", "Asian")
    assert hits[0].numbers["share"] > 0.9
    assert hits[0].severity == "doubtful"


def test_hidden_cells_of_a_flag_are_not_laid_on_all_pupils(city: Tables) -> None:
    frame = city["enrollment"]
    frame.loc[(frame["flag"] == "low_income") & (frame["year"] < 2011), "pupils_low"] = 0.0
    hits = found(city, "suppressed")
    assert [one.text.split(":")[0] for one in hits] == ["low income"]
    assert 0 < hits[0].numbers["hidden"] < hits[0].numbers["cells"]


def test_parts_that_exceed_their_total_are_found(city: Tables) -> None:
    frame = city["enrollment"]
    chosen = rows(frame, school="1005", year=2010, group="Black")
    multiply(frame, chosen, "pupils", 3)
    hits = found(city, "totals", "exceed all together")
    assert [(one.severity, one.place) for one in hits] == [("serious", "1005")]


def test_more_with_a_flag_than_there_are_is_found(city: Tables) -> None:
    frame = city["enrollment"]
    multiply(frame, rows(frame, school="1006", year=2010, flag="low_income"), "pupils", 30)
    assert [one.place for one in found(city, "totals", "pupils with a flag")] == ["1006"]


def test_more_tested_than_enrolled_is_found(city: Tables) -> None:
    scores = city["scores"]
    chosen = (scores["school"] == "1007") & (scores["year"] == 2011) & (scores["grade"] == "4")
    multiply(scores, chosen, "tested", 3)
    assert [one.place for one in found(city, "within a year", "tested as enrolled")] == ["1007"]


def test_level_shares_read_as_percent_are_found(city: Tables) -> None:
    scores = city["scores"]
    chosen = scores["year"] == 2012
    scores.loc[chosen, [f"level_{n}_{end}" for n in range(1, 5) for end in ("low", "high")]] /= 100
    hits = found(city, "within a year", "level shares do not come to 1")
    assert hits[0].numbers["off"] == chosen.sum()


def test_a_lone_level_far_below_all_schools_is_found_without_any_series(city: Tables) -> None:
    scores = city["scores"]
    scores = scores[(scores["year"] == 2012) & (scores["grade"] == "4") & (scores["subject"] == "math")].copy()
    scores.loc[:, [f"level_{n}_{end}" for n in (1, 2, 3) for end in ("low", "high")]] = np.nan
    share = np.random.default_rng(4).uniform(0.4, 0.9, len(scores)).round(2)
    scores["level_4_low"] = scores["level_4_high"] = share
    city["scores"] = scores
    assert found(city, "within a year", "at level 4") == []
    chosen = scores["school"] == "1011"
    scores.loc[chosen, ["level_4_low", "level_4_high"]] /= 100
    (hit,) = found(city, "within a year", "at level 4 in math, grade 4 of 2012")
    assert hit.place == "1011"


def test_a_single_grade_out_of_line_is_found_without_any_series(city: Tables) -> None:
    frame = city["enrollment"]
    city["enrollment"] = frame[frame["year"] == 2010].copy()
    multiply(city["enrollment"], rows(city["enrollment"], school="1008", year=2010, grade="3"), "pupils", 10)
    assert [one.place for one in found(city, "within a year", "grade 3 of 2010")] == ["1008"]


@settings(max_examples=6, deadline=None)
@given(st.integers(2010, 2015), st.sampled_from([("3", "4"), ("5", "6", "7")]), st.sampled_from([0.6, 0.9, -0.7]))
def test_a_scale_set_anew_is_found_with_its_grades(year: int, grades: tuple[str, ...], by: float) -> None:
    tables = {"scores": clean()["scores"].copy()}
    raised(tables, tuple(range(year, 2017)), grades, by)
    hits = found(tables, "break", "the scale was set anew")
    assert [one.place for one in hits] == [f"state_test {year}"]
    named = {name.split()[1] for name, size in hits[0].numbers.items() if size >= 4}
    assert named == set(grades)


def test_a_new_test_is_told(city: Tables) -> None:
    scores = city["scores"]
    scores.loc[scores["year"] >= 2014, "test"] = "new_test"
    hits = found(city, "break", "never compared")
    assert [(one.place, one.numbers["first_year"], one.severity) for one in hits] == 2 * [("new_test", 2014, "to know")]


@pytest.mark.parametrize("lag", [-1, 1])
def test_years_off_by_one_are_found(city: Tables, lag: int) -> None:
    city["enrollment"]["year"] += lag
    hits = found(city, "years")
    assert [(one.numbers["lag"], one.severity) for one in hits] == [(lag, "serious")]


def test_a_file_of_survivors_is_found() -> None:
    """In a city large enough that some of its schools would have closed."""
    city = made_city(3, schools=120)
    frame = city["enrollment"]
    last = frame.groupby("school")["year"].transform("max")
    city["enrollment"] = frame[(last == 2016) | frame["school"].str.startswith("*")]
    city["scores"] = city["scores"][city["scores"]["school"].isin(city["enrollment"]["school"])]
    city["schools"] = city["schools"][city["schools"]["school"].isin(city["enrollment"]["school"])]
    hits = found(city, "openings", "survivors")
    assert {one.table for one in hits} == {"enrollment", "scores"}


def test_many_findings_of_a_kind_are_counted() -> None:
    many = [Finding("jump", "doubtful", "money", str(n), "x") for n in range(MOST_SINGLE + 5)]
    kept = first_of(many)
    assert len(kept) == MOST_SINGLE + 1
    assert kept[-1].numbers["more"] == 5
