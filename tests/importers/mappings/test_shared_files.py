"""Every real file is read by the mapping that knows its name, and every row of it is accounted for."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from fnmatch import fnmatch

import pytest

from calibration.importers.engine import import_files
from calibration.importers.log import ImportLog
from calibration.importers.mapping.reading import list_mappings, load_mapping
from scenarios.problems import ProblemsFound
from tests.real_data import ROOT, real_data

pytestmark = pytest.mark.shared_data
REFUSED = {
    "dc_mid_year_mobility.csv": {"two records of one key"},
    "cps_school_profiles_sy1718_sy2223.csv.gz": {
        "not one span of clock times, such as 8:00 AM-3:15 PM",
        "the span of clock times ends before it begins",
    },
    "cps_progress_reports_sy1516_sy2223.csv.gz": {"outside the values possible for a percent, 0 to 100"},
    "njask_newark_camden_2004_2014.csv.gz": {"two records of one key"},
}
"""Files of which something is refused, and why: rows nothing tells apart, two cities' districts in one place, hours
told in words, shares above one."""


def listed() -> Iterator[str]:
    if (ROOT / "MANIFEST.csv").is_file():
        with (ROOT / "MANIFEST.csv").open(newline="") as stream:
            yield from (row["file"] for row in csv.DictReader(stream))


def knowing(name: str) -> list[str]:
    """The mappings that know a file by its name."""
    found = [(mapping, load_mapping(mapping).files) for mapping in list_mappings()]
    return [mapping for mapping, files in found if any(fnmatch(name, pattern) for pattern in files)]


FILES = list(listed())


def test_the_list_is_there() -> None:
    real_data("MANIFEST.csv")
    assert len(FILES) == 37


@pytest.mark.parametrize("file", FILES)
def test_file_is_read_by_the_one_mapping_that_knows_it(file: str) -> None:
    path = real_data(file)
    names = knowing(path.name)
    assert len(names) == 1, f"{names} know {path.name}"
    log = ImportLog()
    tables = import_files([path], load_mapping(names[0]), log).tables
    (read,) = log.files
    assert read.used > 0
    assert read.used + read.left_out + read.refused == read.rows
    assert sum(len(table) for table in tables.values()) == sum(read.records.values()) > 0
    reasons = {reason for what, reason, _ in log.counts if what == "refused"}
    assert reasons == REFUSED.get(path.name, set())


def test_a_file_given_to_the_wrong_mapping_is_refused_by_its_columns() -> None:
    path = real_data("nyc", "nyc_school_explorer_2016.csv")
    others = [name for name in list_mappings() if name != "nyc-explorer"]
    for name in others:
        with pytest.raises(ProblemsFound) as error:
            import_files([path], load_mapping(name), ImportLog())
        assert "is missing" in str(error.value) or "header" in str(error.value), name
