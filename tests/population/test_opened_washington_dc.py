"""Washington DC's public files as records, opened, beside the city imported by hand."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.importers.dc_files import read_sources
from calibration.importers.washington_dc import import_washington_dc
from scenarios.population.opening import open_city
from scenarios.population.report import MarginReport
from sim.city import ANY, City
from tests.population.washington_dc import dc_records
from tests.real_data import real_data

Opened = tuple[City, City, MarginReport]


@pytest.fixture(scope="module")
def opened() -> Opened:
    """The imported city, the opened one and its report."""
    folder = real_data("washington_dc")
    imported = import_washington_dc(folder)[0]
    return imported, *open_city(dc_records(read_sources(folder), imported))


@pytest.mark.shared_data
def test_margins_of_the_files_are_met(opened: Opened) -> None:
    _, city, report = opened
    assert report["pupils by school"].off.max() == 0
    assert report["pupils by school and grade"].off.max() == 0
    assert report["pupils by school and group"].off.max() < 1
    assert (
        report["share disability by school"].off[report["share disability by school"].cells["how"] == "given"].max()
        < 1e-6
    )
    assert report["math by school"].off.max() < 1e-3
    assert (report["pupils by school and group"].cells["how"] == "filled").sum() > 300
    assert 53_400 < city.enrollment["pupils"].sum() < 53_700, "the imported 53,303 and some in grades the files hide"


@pytest.mark.shared_data
def test_it_is_the_imported_city_where_the_files_say_all(opened: Opened) -> None:
    imported, city, _ = opened
    mine, theirs = (one.enrollment.groupby(["school", "grade"])["pupils"].sum() for one in (city, imported))
    assert (mine.reindex(theirs.index) == theirs).mean() > 0.98
    hidden = mine.sub(theirs, fill_value=0)
    assert hidden.min() == 0
    assert hidden.max() <= 9
    groups = [one.enrollment.groupby("group")["pupils"].sum() for one in (city, imported)]
    assert np.abs(groups[0] - groups[1]).max() < 0.005 * groups[1].sum()
    schools = [
        one.scores[one.scores["school"] != ANY].set_index(["school", "subject"])["mean"] for one in (city, imported)
    ]
    assert np.abs(schools[0] - schools[1]).max() < 1e-3
    assert abs(len(city.zones) - len(imported.zones)) < 5
