"""A made city is one a district would believe: its map, who sits where, its scores, and it stays as it is."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenarios.district_files import save_city
from scenarios.making.making import Made, make_district
from scenarios.making.measured import measures
from sim.city import ANY, City
from sim.plan import Plan, Years
from sim.run import ensemble

LARGEST_DRIFT = 0.01


@cache
def default() -> Made:
    """A city of which nothing is said."""
    return make_district()


def rolls(city: City) -> pd.DataFrame:
    table = city.enrollment.pivot_table(index="school", columns="group", values="pupils", aggfunc="sum", fill_value=0)
    return table.loc[city.schools["school"]]


def test_a_city_of_which_nothing_is_said_keeps_all_that_is_assumed() -> None:
    assert not default().report.missed
    assert not default().report.notes
    found = measures(default().city)
    assert found["dissimilarity.Black"] == pytest.approx(0.52, abs=0.03)
    assert found["charter_groups.White"] < 0.5 * found["groups.White"]


@pytest.mark.parametrize("asked", [0.2, 0.35, 0.5, 0.65, 0.8])
def test_dissimilarity_is_as_asked(asked: float) -> None:
    made = make_district(None, {"dissimilarity.Black": asked, "pupils": 30_000})
    assert measures(made.city)["dissimilarity.Black"] == pytest.approx(asked, abs=0.03)


def test_people_live_densest_in_the_centre() -> None:
    zones = default().city.zones
    out = np.hypot(zones["x_miles"], zones["y_miles"])
    assert np.corrcoef(out, zones["radius_miles"])[0, 1] > 0.5  # zones hold about as many people each


def test_a_city_is_as_large_as_asked() -> None:
    city = make_district(None, {"square_miles": 200, "pupils": 60_000}).city
    out = np.hypot(city.zones["x_miles"], city.zones["y_miles"])
    assert 0.7 < out.max() / (200 / np.pi) ** 0.5 < 1.25


def test_school_sizes_are_log_normal() -> None:
    city = make_district(None, {"pupils": 80_000, "grade_paths": {"K-8/9-12": 1}, "charter_share": 0}).city
    size = np.log(rolls(city).sum(axis=1).to_numpy()[(city.schools["last_grade"] == 8).to_numpy()])
    assert np.std(size) == pytest.approx(0.47, abs=0.08)
    assert abs(np.mean((size - size.mean()) ** 3) / np.std(size) ** 3) < 0.6


def test_low_income_goes_with_place_and_group() -> None:
    city, table = default().city, rolls(default().city)
    low = city.flags[city.flags["flag"] == "low_income"].pivot(index="school", columns="group", values="share")
    white = (table["White"] / table.sum(axis=1)).loc[low.index]
    for group in ("Black", "Hispanic"):
        known = low[group].notna()
        assert np.corrcoef(low.loc[known, group], white[known])[0, 1] < -0.3
        assert low[group].std() > 0.03


def test_schools_differ_in_scores_as_schools_do() -> None:
    for subject, icc in (("math", 0.15), ("reading", 0.15)):
        rows = default().city.scores
        schools = rows[(rows["subject"] == subject) & (rows["school"] != ANY)]
        away = schools["mean"] - np.average(schools["mean"], weights=schools["pupils"])
        variance = np.average(away**2, weights=schools["pupils"])
        assert variance / (variance + 0.87**2) == pytest.approx(icc, abs=0.01)
        groups = rows[(rows["subject"] == subject) & (rows["school"] == ANY) & (rows["pupils"] > 0)]
        together = np.average(groups["mean"], weights=groups["pupils"])
        assert np.average(schools["mean"], weights=schools["pupils"]) == pytest.approx(together, abs=0.002)
    growth = default().city.ratings.dropna()
    white = (rolls(default().city)["White"] / rolls(default().city).sum(axis=1)).loc[growth["school"]]
    assert abs(np.corrcoef(growth["growth"], white)[0, 1]) < 0.4  # what schools add is drawn without regard to it


def test_groups_are_in_every_part_of_their_share() -> None:
    """A small group is spread by whole pupils over grades, not heaped into the same school every year."""
    city = make_district(None, {"pupils": 6_000, "groups": {"Black": 0.6, "White": 0.38, "Other": 0.02}}).city
    other = rolls(city)["Other"]
    assert (other > 0).mean() > 0.7


def test_ids_and_names_are_each_of_one_school() -> None:
    city = make_district(None, {"pupils": 150_000}).city
    for table, columns in ((city.schools, ("school", "name")), (city.zones, ("zone", "name"))):
        for column in columns:
            assert table[column].is_unique, column


def test_the_same_bytes_each_time(tmp_path: Any) -> None:
    folders = [save_city(make_district(None, {"pupils": 4_000}).city, tmp_path / name) for name in ("one", "two")]
    for path in folders[0].iterdir():
        assert path.read_bytes() == (folders[1] / path.name).read_bytes(), path.name


def drifts(city: City, years: int, seeds: int) -> pd.DataFrame:
    """Change of the true mean by subject, band and group without any policy: mean over seeds and standard error."""
    plan = Plan("status_quo", city, Years(city.opening_year + 1, city.opening_year + years))
    quiet = plan.with_parameters({"learning.school_year_sd": 0.0})
    levels = ensemble([quiet], range(seeds), workers=1).tables["level_year"]
    levels = levels[levels["group"].isin(city.groups)]
    wide = levels.pivot_table(index=["subject", "band", "group"], columns=["year", "seed"], values="true_mean")
    change = wide[city.opening_year + years] - wide[city.opening_year]
    return pd.DataFrame({"drift": change.mean(axis=1), "se": change.std(axis=1) / seeds**0.5})


@pytest.mark.parametrize(
    ("asked", "cells"),
    [({}, 50), ({"pupils": 6_000, "groups": {"Black": 1}, "charter_share": 0}, 12)],
    ids=["usual", "one group"],
)
def test_a_made_city_left_alone_stays_as_it_is(asked: dict[str, Any], cells: int) -> None:
    """Three years, six seeds: the mark of the bundled city."""
    table = drifts(make_district(None, asked).city, 3, 6)
    assert len(table) == cells
    far = table[table["drift"].abs() > LARGEST_DRIFT + 3 * table["se"]]
    assert far.empty, far
    big = table.loc[table["se"] < 0.006, "drift"]
    assert len(big) >= 5
    assert np.sqrt((big**2).mean()) < LARGEST_DRIFT


@pytest.mark.slow
def test_a_million_pupils_within_a_minute() -> None:
    start = time.perf_counter()
    made = make_district(None, {"pupils": 1_000_000})
    assert time.perf_counter() - start < 60
    assert measures(made.city)["pupils"] == 1_000_000
    assert not made.report.missed
