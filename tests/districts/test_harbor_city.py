"""Harbor City: its script gives the bundled folder, and its tables are ones a district would believe."""

from __future__ import annotations

import filecmp
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenarios.district_files import BUNDLED, load_city, save_city
from scenarios.districts.make_harbor_city import make_harbor_city
from sim.city import ANY, TABLES, City


@pytest.fixture(scope="module")
def city() -> City:
    return load_city("harbor_city")


def test_the_script_gives_the_bundled_folder(tmp_path: Path) -> None:
    fresh = save_city(make_harbor_city(), tmp_path / "harbor_city")
    files = ["district.yaml", *(f"{table}.csv" for table in TABLES)]
    same, other, failed = filecmp.cmpfiles(fresh, BUNDLED / "harbor_city", files, shallow=False)
    assert (sorted(same), other, failed) == (sorted(files), [], [])


def test_size_and_sectors(city: City) -> None:
    roll = city.enrollment.groupby("school")["pupils"].sum()
    schools = city.schools.set_index("school").assign(roll=roll)
    charter = schools["sector"] == "charter"
    assert len(schools) == 45
    assert 19_000 < roll.sum() < 21_000
    assert 0.20 < schools.loc[charter, "roll"].sum() / roll.sum() < 0.25
    spare = schools["seats"] / schools["roll"] - 1
    assert spare[~charter].between(0.05, 0.28).all()
    assert spare[charter].between(0, 0.05).all()
    assert set(schools["operator"]) == {"district", "single_charter", "average_network"}


def test_groups_and_income(city: City) -> None:
    share = city.enrollment.groupby("group")["pupils"].sum() / city.enrollment["pupils"].sum()
    for group, near in {"Black": 0.45, "Hispanic": 0.30, "White": 0.15, "Asian": 0.06, "Other": 0.04}.items():
        assert share[group] == pytest.approx(near, abs=0.003)
    rolls = city.enrollment.groupby(["school", "group"])["pupils"].sum()
    poor = city.flags[city.flags["flag"] == "low_income"].set_index(["school", "group"])["share"]
    assert (rolls * poor).sum() / rolls.sum() == pytest.approx(0.70, abs=0.02)


def test_a_school_keeps_its_share_of_every_cohort(city: City) -> None:
    grades = city.enrollment.pivot_table(index="school", columns="grade", values="pupils", aggfunc="sum")
    share = grades / grades.sum()
    for low, high in ((0, 5), (6, 8), (9, 12)):
        band = share.loc[:, low:high].dropna()
        assert ((band.sub(band.mean(axis=1), axis=0)).abs().max(axis=1) / band.mean(axis=1)).max() < 0.15
    k8 = share[(share[0].notna()) & (share[8].notna())]
    kept = k8.loc[:, 6:8].mean(axis=1) / k8.loc[:, 0:5].mean(axis=1)
    assert kept.between(0.75, 1.3).all()
    cohorts = grades.sum()
    assert cohorts[0] > cohorts[8] < cohorts[9] > cohorts[10]


def test_gaps_are_of_the_published_size(city: City) -> None:
    targets = city.scores[city.scores["school"] == ANY].set_index(["subject", "grade", "group"])["mean"]
    gap = targets.xs("White", level="group") - targets.xs("Black", level="group")
    assert 0.5 < gap["math", "0"] < 0.75
    assert 0.75 < gap["math", "3"] < 0.95
    assert 0.7 < gap["reading", "4"] < 0.93
    assert 0.8 < gap["math", "8"] < 1.14
    assert gap["math", "8"] > gap["reading", "8"]


def test_school_means_vary_as_schools_do_and_agree_with_the_groups(city: City) -> None:
    for subject in ("math", "reading"):
        rows = city.scores[city.scores["subject"] == subject]
        schools = rows[rows["school"] != ANY]
        mean = np.average(schools["mean"], weights=schools["pupils"])
        variance = np.average((schools["mean"] - mean) ** 2, weights=schools["pupils"])
        assert 0.09 < variance / (variance + 0.87**2 + 0.03) < 0.26  # inside one city, below the nation's .22
        groups = rows[(rows["school"] == ANY) & (rows["pupils"] > 0)]
        assert mean == pytest.approx(np.average(groups["mean"], weights=groups["pupils"]), abs=0.002)


def school_means(city: City) -> pd.Series:
    rows = city.scores[(city.scores["subject"] == "math") & (city.scores["school"] != ANY)]
    return rows.set_index("school")["mean"]


def test_schools_are_not_merely_their_composition(city: City) -> None:
    rolls = city.enrollment.groupby(["school", "group"])["pupils"].sum().unstack(fill_value=0)
    share = rolls.div(rolls.sum(axis=1), axis=0)
    growth = city.ratings[city.ratings["subject"] == "math"].groupby("school")["growth"].mean().dropna()
    assert abs(np.corrcoef(growth, share.loc[growth.index, "White"])[0, 1]) < 0.4
    means = school_means(city)
    inputs = np.column_stack([np.ones(len(means)), share.loc[means.index, ["Black", "Hispanic", "Asian"]]])
    fit = np.linalg.lstsq(inputs, means.to_numpy(), rcond=None)[0]
    assert 0.18 < np.std(means.to_numpy() - inputs @ fit) < 0.36  # beyond groups: income and quality


def test_ratings_of_two_springs(city: City) -> None:
    assert set(city.ratings["year"]) == {2025, 2026}
    wide = city.ratings[city.ratings["subject"] == "math"].pivot(index="school", columns="year")
    assert wide["status"].corr().iloc[0, 1] > 0.9
    growth = wide["growth"].dropna()
    assert 0.4 < growth.corr().iloc[0, 1] < 0.9
    pd.testing.assert_series_equal(wide["status"][2026], school_means(city), check_names=False)
    high = city.schools[city.schools["first_grade"] == 9]["school"]
    assert wide.loc[high, "growth"].isna().all().all()
