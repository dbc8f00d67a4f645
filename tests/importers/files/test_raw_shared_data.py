"""The real files: every one is read whole, and as many rows and columns come out as their list says."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from calibration.importers.files import peek, read_tables
from calibration.importers.log import ImportLog
from calibration.importers.mapping.schema import Reading
from tests.real_data import real_data

pytestmark = pytest.mark.shared_data
HEADER_ROWS = {"chicago_cps/cps_sqrp_sy1415_elementary_rawheader.csv": 4}
"""The list counts these rows of the header as rows."""


@pytest.fixture(scope="module")
def shared() -> Path:
    return real_data("MANIFEST.csv").parent


def test_every_file_is_read_whole(shared: Path) -> None:
    with (shared / "MANIFEST.csv").open(newline="") as stream:
        listed = list(csv.DictReader(stream))
    assert len(listed) == 37
    for entry in listed:
        count, log = HEADER_ROWS.get(entry["file"], 1), ImportLog()
        (table,) = read_tables(shared / entry["file"], Reading(header_rows=count), [], log)
        rows = int(entry["rows"]) - (count if count > 1 else 0)
        assert table.rows.shape == (rows, int(entry["columns"])), entry["file"]
        assert (table.left_out, table.refused, table.encoding, table.delimiter) == (0, 0, "utf-8", ","), entry["file"]
        assert table.lines.tolist() == list(range(count + 1, count + 1 + rows))
        assert not log.notes, entry["file"]


def test_peek_finds_every_header(shared: Path) -> None:
    for path in sorted(shared.glob("*/*.csv*")):
        (table,) = peek(path)
        expected = HEADER_ROWS.get(f"{path.parent.name}/{path.name}", 1)
        assert (table.header_line, table.header_rows) == (1, expected), path.name


def test_four_rows_of_merged_headers(shared: Path) -> None:
    path = shared / "chicago_cps" / "cps_sqrp_sy1415_elementary_rawheader.csv"
    growth = "NWEA MAP Growth Indicators - Priority Groups / African-American Growth Percentile - Reading / Score"
    name = f"2014-2015 SQRP Individual Indicator Scores (Based on SY 2013-2014 Data) / {growth}"
    (table,) = read_tables(path, Reading(header_rows=4), [["School ID", name]], ImportLog())
    first = table.rows.iloc[0]
    assert (first["School ID"], first["School Name"], first[name]) == ("609772", "ADDAMS", "")
    second = table.rows.iloc[1]
    assert (second["School ID"], second[name]) == ("609773", "93")


def test_cells_stand_as_in_the_file(shared: Path) -> None:
    (sites,) = read_tables(shared / "nyc" / "nyc_school_explorer_2016.csv", Reading(), [["Location Code"]], ImportLog())
    assert sites.rows["Grades"].iloc[0].startswith("PK,0K,01")
    (leap,) = read_tables(
        shared / "new_orleans_la" / "la_leap_mastery_g3_8_2018_2022.csv.gz", Reading(), [["site_code"]], ImportLog()
    )
    assert {"NR", "< 5", "≤ 1", "≥ 99"} <= set(leap.rows["pct_mastery_plus_g3_8"])
    assert leap.rows["site_code"].iloc[0] == "001001"
    (report,) = peek(shared / "chicago_cps" / "cps_progress_report_2011_12.csv")
    assert report.rows["Street Address"].iloc[0].endswith(" ")
