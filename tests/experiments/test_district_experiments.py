"""What the experiments on whole districts and on practices together set up and count."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from calibration.experiments.children import lived
from calibration.experiments.districts import charter_share
from calibration.experiments.districts.charter_share import (
    HIGH,
    OPENINGS,
    district_years,
    effect_of,
    graduation_years,
    with_high_schools,
)
from calibration.experiments.districts.made import FEWEST, as_large_as, made_city
from calibration.experiments.districts.match_rates import (
    ENTRY,
    matched,
    one_list_for_all,
    rounds,
    rounds_and_seats,
    seats_filled,
    taking_part,
)
from calibration.experiments.districts.new_orleans import TAKERS, by_year, reform, until_then, whole_reform
from calibration.experiments.districts.turnover import (
    LONGER,
    UNPAID,
    WORN_OUT,
    effect_on_scores,
    mean_turnover,
    staffs,
    taught,
)
from calibration.experiments.teaching.five_practices import a_year_of_it, pairs, treated_children
from calibration.experiments.teaching.practices_index import index_of, run_by_all
from calibration.patterns.pattern import plan_with
from sim.agents.operator_files import operator_files
from sim.district import District
from sim.opening.population import DROPPED_OUT, GRADUATED
from tests.cities import city


def test_made_cities_are_the_same_for_the_same_and_another_by_seed() -> None:
    one, same, other = (made_city("x", seed, pupils=FEWEST, charter_share=0.3) for seed in (1, 1, 2))
    assert one.fingerprint == same.fingerprint != other.fingerprint
    assert as_large_as(city()) == FEWEST
    assert as_large_as(city(), 2) == 2 * city().enrollment["pupils"].sum()


def test_rounds_count_what_the_record_counts() -> None:
    plan = one_list_for_all(city(), 5)
    rows = rounds(plan, 1)
    choice = District(plan, 1).run_to_end().record.tables()["choice_year"].set_index("year")
    for year, mine in rows.groupby("year"):
        assert (mine["got"] == 1).sum() == choice.loc[year, "first_choice"]
        assert (mine["got"] > 0).sum() == choice.loc[year, "on_list"]
    assert len(rows.groupby("year")) == len(choice) - 1


def test_match_rates_are_of_those_who_made_a_list() -> None:
    rows = pd.DataFrame({"grade": [0, 0, 0, 9, 9, 5], "got": [1, 3, 0, -1, 4, 0]})
    assert taking_part(rows).value == pytest.approx(4 / 6)
    assert taking_part(rows, [0]).value == pytest.approx(2 / 3)
    assert (matched(rows, 1).value, matched(rows, 1).units) == (25, 4)
    assert matched(rows, 3).value == 50
    assert matched(rows, None).value == 75
    assert matched(rows, 3, [9]).value == 0
    assert not matched(rows, 1, [5]).shows


def test_seats_are_those_of_entry_grades_and_no_more_than_all_are_filled() -> None:
    plan = one_list_for_all(city(), 5)
    children_seen, seats = rounds_and_seats(plan, 1)
    assert set(seats["year"]) == set(children_seen["year"])
    assert set(seats["grade"]) <= set(ENTRY)
    assert (seats["filled"] <= seats["seats"]).all()
    seated = children_seen[children_seen["grade"].isin(ENTRY)]
    assert 0.8 * len(seated) < seats["filled"].sum() <= len(seated)
    assert len(seats.drop_duplicates(["year", "school", "grade"])) == len(seats)


def test_seats_filled_are_of_the_tiers_asked_for() -> None:
    rows = [(1, "meets", 100, 100), (1, "meets", 50, 20), (2, "distinguished", 50, 40), (3, "failing", 100, 61)]
    seats = pd.DataFrame(rows, columns=["school", "tier", "seats", "filled"])
    high = seats_filled(seats, ("meets", "distinguished"))
    assert (high.value, high.units) == (pytest.approx(80), 200)
    # no school differs from the mean of both: all the error there could be is between schools
    assert high.se == pytest.approx(0)
    low = seats_filled(seats, ("watch", "failing"))
    assert low.value == pytest.approx(61)
    assert np.isnan(low.se)
    assert not seats_filled(seats, ("not rated",)).shows


def test_turnover_is_weighted_by_teachers() -> None:
    rows = pd.DataFrame({"index": [1, 1, 2], "turnover": [0.1, 0.2, 0.4], "teachers": [10.0, 10.0, 20.0]})
    assert mean_turnover(rows).value == pytest.approx(0.275)
    assert not mean_turnover(rows[:0]).shows
    left_alone = staffs(lived(plan_with("as it is", {}, years=2, city=city()), 1))
    assert (left_alone["age"] == 0).all()
    assert set(left_alone["sector"]) == {"district", "charter"}


def test_a_district_year_holds_all_its_pupils() -> None:
    district = lived(plan_with("as it is", {}, years=2, city=city()), 1)
    rows = district_years(district)
    assert rows["year"].tolist() == [2026, 2027, 2028]
    panel = district.record.panel[2027]
    charter = np.array([school.sector == "charter" for school in district.schools])[panel.place]
    assert rows.loc[1, "pupils"] == len(panel.rows)
    assert rows.loc[1, "tenths"] == pytest.approx(10 * charter.mean())
    grade = 2027 - district.students.cohort[panel.rows]
    assert rows.loc[1, "mean"] == pytest.approx(panel.score[(grade >= 3) & (grade <= 8)].mean(), abs=1e-5)


def test_cohorts_are_ninth_graders_and_all_who_dropped_out_count() -> None:
    district = lived(plan_with("as it is", {}, years=6, city=city()), 1)
    rows = graduation_years(district).set_index("year")
    first = city().opening_year
    assert rows.index.tolist() == list(range(first + len(HIGH) - 1, first + 7))
    panel = district.record.panel[first]
    ninth = panel.rows[first - district.students.cohort[panel.rows] == HIGH.start]
    assert 0.5 * len(ninth) < rows.loc[first + 3, "pupils"] <= len(ninth)
    place = district.students.place[ninth]
    assert rows.loc[first + 3, "graduates"] * rows.loc[first + 3, "pupils"] == pytest.approx((place == GRADUATED).sum())
    assert (place == DROPPED_OUT).any()


def test_charter_high_schools_open_where_they_should(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(charter_share, "lived", lambda plan, seed: seen.append(plan))
    for number in range(len(OPENINGS)):
        with_high_schools(city(), 1, number)
    assert [len(plan.policies) for plan in seen] == list(OPENINGS)
    one = seen[4].policies["high school 3"]
    assert (one.first_grade, one.last_grade, one.first) == (9, 12, seen[4].city.opening_year + 6)


def test_without_what_came_later_only_the_beginning_of_the_reform_is_left() -> None:
    asked = reform(city(), TAKERS)
    early = until_then(asked)
    handed = [one for one in early.values() if one["use"] == "restart"]
    assert all(one["first"] == 2006 and one["last"] <= 2007 for one in handed)
    assert max(one["last"] for one in asked.values() if one["use"] == "restart") > 2007
    assert {one["use"] for one in asked.values()} - {one["use"] for one in early.values()} == {"closure", "replication"}


def test_new_orleans_hands_over_most_of_its_schools() -> None:
    asked = reform(city(), TAKERS)
    handed = [one for one in asked.values() if one["use"] == "restart"]
    assert {one["operators"][0] for one in handed} == set(TAKERS)
    assert all(one["first"] == 2006 and one["last"] <= 2012 for one in handed)
    assert sum(TAKERS.values()) == pytest.approx(1)


def test_one_school_of_every_pair_takes_up_the_practices() -> None:
    district = District(plan_with("as it is", {}, years=1, city=city()), 1)
    drawn, pair = pairs(district, 1)
    assert drawn
    assert Counter(pair.values()) == dict.fromkeys(range(len(drawn)), 2)
    assert sorted(pair[key] for key in drawn) == list(range(len(drawn)))
    rows = treated_children(city(), 1, new_people=False)
    assert (rows.loc[rows["in_it"] == 1, "years"] >= 1).all()
    assert (rows["years"] <= rows["since"]).all()
    first = rows[rows["since"] == 1]
    assert first.loc[first["drawn"] == 1, "years"].mean() > 0.5 > first.loc[first["drawn"] == 0, "years"].mean()


def test_charters_are_shared_out_among_all_operators() -> None:
    made = run_by_all(made_city("practices", 1, pupils=4000, charter_share=0.9), 1)
    schools = made.schools
    assert set(schools.loc[schools["sector"] == "district", "operator"]) == {"district"}
    each = Counter(schools.loc[schools["sector"] == "charter", "operator"])
    assert max(each.values()) - min(each.values()) <= 1
    assert len(each) == min(len(schools[schools["sector"] == "charter"]), len(operator_files()) - 1)
    district = District(plan_with("as it is", {}, years=1, city=made), 1)
    index = {school.operator: index_of(school) for school in district.schools}
    assert index["district"] == 0
    assert max(index.values()) <= 4


def test_what_practices_add_is_found_by_the_lot() -> None:
    rows = treated_children(city(), 1, new_people=False)
    before = a_year_of_it(rows, "math", 3)
    more = rows.assign(math=rows["math"] + 0.2 * rows["years"])
    assert a_year_of_it(more, "math", 3).value == pytest.approx(before.value + 0.2)
    assert a_year_of_it(more, "reading", 3).value == pytest.approx(a_year_of_it(rows, "reading", 3).value)
    first = a_year_of_it(rows, "math", 1)
    assert (
        first.units
        == (rows["since"] == 1).sum() - rows.loc[rows["since"] == 1, ["math", "math_before"]].isna().any(axis=1).sum()
    )
    assert not a_year_of_it(rows[:0], "math", 3).shows


def test_what_turnover_costs_is_found_within_schools() -> None:
    district = lived(plan_with("worn out", {"pay": UNPAID, "longer": LONGER}, years=5, city=city(), **WORN_OUT), 1)
    rows = taught(district)
    assert rows["grade"].isin((4, 5)).all()
    assert rows["turnover"].std() > 0.05
    before = effect_on_scores(rows, "math")
    worse = rows.assign(math=rows["math"] - 0.3 * rows["turnover"] + 0.1 * rows["school"])
    assert effect_on_scores(worse, "math").value == pytest.approx(before.value - 0.3)


@pytest.mark.parametrize("seed", range(3))
def test_a_share_of_charters_is_held_to_the_districts_own_past(seed: int) -> None:
    rng = np.random.default_rng(seed)
    district, year = (at.ravel() for at in np.meshgrid(np.arange(20), np.arange(2027, 2037)))
    tenths = np.clip(0.2 * (district % 5) * (year - 2029), 0, None)
    level = -0.1 * (district % 5) + rng.normal(0, 0.2, 20)[district]
    mean = level + 0.03 * tenths + 0.02 * (year - 2027) + rng.normal(0, 0.02, len(year))
    rows = pd.DataFrame({"district": district, "year": year, "tenths": tenths, "mean": mean, "pupils": 4000})
    found = effect_of(rows, "tenths")
    assert abs(found.value - 0.03) < 3 * found.se
    assert found.se < 0.01
    assert np.polyfit(tenths, mean, 1)[0] < 0.02


def test_a_reform_is_found_spring_by_spring() -> None:
    rng = np.random.default_rng(3)
    number = 20_000
    where, year = rng.integers(0, 4, number), rng.integers(2005, 2015, number)
    path = 0.04 * (year - 2005)
    score = 0.1 * where - 0.3 * (where == 0) + 0.02 * (year - 2005) + path * (where == 0) + rng.normal(0, 0.8, number)
    rows = pd.DataFrame(
        {"city": where, "year": year, "both": score, "cell": year, "place": rng.integers(0, 40, number)}
    )
    for spring in range(2006, 2015):
        rows[f"reformed_{spring}"] = ((where == 0) & (year == spring)).astype(float)
    for spring, found in by_year(rows).items():
        assert abs(found.value - 0.04 * (spring - 2005)) < 4 * found.se, spring
    assert abs(whole_reform(rows).value - 0.36) < 4 * whole_reform(rows).se
