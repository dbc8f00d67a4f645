"""The shipped cities opened: every margin met, what is assumed told, three flat years without policies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import scenarios
from calibration.importers.bringing_together import without_places
from scenarios.district_files import save_city
from scenarios.population.opening import open_city
from sim.city import City
from sim.district import District
from tests.importers.cities.real_files import real_city

pytestmark = [pytest.mark.shared_data, pytest.mark.xdist_group("cities")]  # each imported once
FOLDERS = {
    "new-orleans": "new_orleans_la",
    "washington-dc": "washington_dc",
    "newark": "newark_camden_nj",
    "camden": "newark_camden_nj",
    "new-york": "nyc",
}
SIZES = {
    "new-orleans": (85, 47_958),
    "washington-dc": (171, 53_434),
    "newark": (67, 31_947),
    "camden": (29, 10_700),
    "new-york": (1270, 659_800),
}
LARGE = [pytest.param(name, marks=pytest.mark.slow) for name in ("newark", "camden", "new-york")]
CITIES = ["new-orleans", "washington-dc", *LARGE]


@pytest.fixture(scope="module")
def opened() -> dict[str, City]:
    return {}


def city_of(name: str, opened: dict[str, City]) -> City:
    if name not in opened:
        opened[name], _ = open_city(without_places(real_city(name, FOLDERS[name])[0]))
    return opened[name]


@pytest.mark.parametrize("name", CITIES)
def test_every_margin_is_met(name: str, opened: dict[str, City]) -> None:
    city, report = open_city(without_places(real_city(name, FOLDERS[name])[0]))
    opened[name] = city
    schools, pupils = SIZES[name]
    assert (len(city.schools), city.enrollment["pupils"].sum()) == (schools, pytest.approx(pupils, rel=0.01))
    assert report["pupils by school"].off.max() < 1
    assert report["pupils by school and group"].off.max() < 1
    for flag in ("low_income", "english_learner", "disability"):
        off = report[f"share {flag} by school"].off
        assert np.isnan(off).all() or np.nanmax(off) < 0.001, flag
    assert set(real_city(name, FOLDERS[name])[0].missing) <= set(city.assumptions)


@pytest.mark.parametrize("name", CITIES[:-1])
def test_an_untouched_city_stays_flat(name: str, opened: dict[str, City], tmp_path: Path) -> None:
    city = city_of(name, opened)
    save_city(city, tmp_path / "city")
    first = city.opening_year
    changes = {"district": str(tmp_path / "city"), "years.first": first + 1, "years.last": first + 3}
    district = District(scenarios.load("status_quo", changes), seed=3)
    for _ in range(3):
        district.step()
    levels = pd.DataFrame(district.record.rows["level_year"])
    rows = levels[(levels["band"] == "3-8") & (levels["group"] == "*")]
    value = rows.pivot_table(index="year", columns="subject", values="mean")
    assert np.ptp(value.to_numpy(), axis=0).max() < 0.05
    pupils = pd.DataFrame(district.record.rows["school_year"]).groupby("year")["pupils"].sum()
    assert np.ptp(pupils / pupils.iloc[0]) < 0.02
