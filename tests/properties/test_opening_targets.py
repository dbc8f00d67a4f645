"""The opening year is the file: every group in every grade has the file's mean, and only test error beside it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from scenarios.district_files import load_city
from sim.agents.students import release
from sim.city import City
from sim.district import District
from sim.opening.codes import CityCodes
from sim.plan import Plan, Years
from tests.cities import city as tiny

CITIES: dict[str, Callable[[], City]] = {"tiny_city": tiny, "harbor_city": lambda: load_city("harbor_city")}


@pytest.fixture(scope="module", params=[("tiny_city", 1), ("tiny_city", 2), ("harbor_city", 1)], ids=str)
def opening(request: pytest.FixtureRequest) -> District:
    """A district in its opening June."""
    name, seed = request.param
    city = CITIES[name]()
    district = District(Plan("opening", city, Years(city.opening_year + 1, city.opening_year + 2)), seed)
    release(district)
    return district


def cells(district: District) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows, grades and groups of the children in school in June, before the high schools let theirs go."""
    rows = district.record.panel[district.year].rows.astype(np.int64)
    return rows, district.year - district.students.cohort[rows], district.students.group[rows]


def test_true_mean_of_every_cell_is_the_files(opening: District) -> None:
    rows, grade, group = cells(opening)
    truth, target = opening.students.truth[rows], CityCodes(opening.city).target
    seen = 0
    for g, k in {(int(a), int(b)) for a, b in zip(grade, group, strict=True)}:
        mine = (grade == g) & (group == k)
        np.testing.assert_allclose(truth[mine].mean(axis=0), target[g, k], rtol=0, atol=1e-9)
        seen += 1
    assert seen == 13 * len(opening.city.groups)


def test_observed_means_differ_by_test_error_alone(opening: District) -> None:
    """Within four standard errors in each cell, and not less than chance over all of them."""
    rows, grade, group = cells(opening)
    error = opening.students.score[rows] - opening.students.truth[rows]
    sd = opening.plan.parameters["learning.error_sd"]
    z = []
    for g in opening.city.tested_grades:
        for k in range(len(opening.city.groups)):
            mine = (grade == g) & (group == k)
            z.append(error[mine].mean(axis=0) * mine.sum() ** 0.5 / sd)
    far = np.array(z)
    assert np.abs(far).max() < 4
    assert 0.5 < (far**2).mean() < 1.7
    tested = np.isin(grade, opening.city.tested_grades)
    assert np.isnan(error[~tested]).all()
    assert abs(error[tested].std() / sd - 1) < 0.05


def test_every_child_sits_where_the_file_says(opening: District) -> None:
    """Totals of every school by group and of every grade by group are the file's; only grades within a school move."""
    codes = CityCodes(opening.city)
    _, grade, group = cells(opening)
    place = opening.record.panel[opening.year].place.astype(np.int64)
    counted = np.zeros_like(codes.roll)
    np.add.at(counted, (grade, place, group), 1)
    assert (counted.sum(axis=0) == codes.roll.sum(axis=0)).all()
    assert (counted.sum(axis=1) == codes.roll.sum(axis=1)).all()


def test_seats_hold_the_opening_roll_and_never_shrink_upwards(opening: District) -> None:
    for school in opening.schools:
        offered = [int(school.seats[grade]) for grade in school.grades]
        assert offered == sorted(offered), school.key
        assert (school.roll <= school.seats).all(), school.key
        assert sum(offered) >= int(opening.city.schools["seats"].iloc[school.index]) - len(offered), school.key


def test_within_group_spread_is_the_declared_one(opening: District) -> None:
    """Spread of true scores within group and grade, tested grades together."""
    rows, grade, group = cells(opening)
    truth, target = opening.students.truth[rows], CityCodes(opening.city).target
    off = (truth - target[grade, group])[np.isin(grade, opening.city.tested_grades)]
    np.testing.assert_allclose(off.std(axis=0), opening.plan.parameters["learning.latent_sd"], atol=0.05)
