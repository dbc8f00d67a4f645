"""Columns that tell the same in two ways, dates that rolls belie, and figures equal but for their last digit."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibration.importers.mapping.reading import load_mapping
from scenarios.problems import ProblemsFound
from tests.importers.made_up import HEAD, imported, recorded, told, written

ROLLS = (
    HEAD
    + """layouts:
  - name: rolls
    needs: [code, year, n]
    common:
      school: {column: code, digits: 4}
      year: year
    rows:
      - table: enrollment
        set: {grade: "*", flag: "*", group: "*"}
        take: {pupils: n}
        compare: {year: {column: label, rule: fall}}
      - table: schools
        twice: last
        take: {opened: opened, closed: closed}
"""
)


def test_another_column_is_compared_and_not_used(tmp_path: Path) -> None:
    file = "code,year,n,label\n0101,2009,5,2008\n0102,2010,6,2008\n0103,2010,7,2008\n0104,2010,8,\n"
    tables, log = imported(tmp_path, ROLLS, file)
    assert tables.tables["enrollment"]["year"].tolist() == [2009, 2010, 2010, 2010]
    assert [line for line in told(log, "doubtful") if "different way" in line] == [
        "a.csv:3: label: another column tells year in a different way; it is not used "
        "(got '2008'; 2010 is used, this says 2009; 2 rows)"
    ]


def test_a_file_without_the_other_column_is_read(tmp_path: Path) -> None:
    tables, _ = imported(tmp_path, ROLLS, "code,year,n\n0101,2009,5\n")
    assert len(tables.tables["enrollment"]) == 1


def test_comparisons_of_unknown_fields_are_mistakes_of_the_mapping(tmp_path: Path) -> None:
    wrong = ROLLS.replace(
        "compare: {year: {column: label, rule: fall}}", "compare: {yaer: label, pupils: {column: n, read_as: id}}"
    )
    with pytest.raises(ProblemsFound) as found:
        load_mapping(written(tmp_path, "mapping.yaml", wrong))
    messages = [(one.key, one.nearest) for one in found.value.problems]
    assert ("layouts[1].rows[1].compare.yaer", "year") in messages
    assert any("pupils" in key for key, _ in messages)


def test_openings_and_closings_that_rolls_belie_are_not_used(tmp_path: Path) -> None:
    file = (
        "code,year,n,opened,closed\n"
        "0101,2009,5,2010,2010\n0101,2010,5,2010,2010\n"  # pupils before it opened
        "0102,2009,5,2009,2010\n0102,2011,5,2009,2010\n"  # pupils after it closed
        "0103,2009,5,2009,2009\n0103,2012,0,2009,2009\n"  # no pupil after it closed
    )
    records, log = recorded(tmp_path, ROLLS, file)
    schools = records["schools"].set_index("school")
    assert schools["opened"].isna().tolist() == [True, False, False]
    assert schools["closed"].isna().tolist() == [False, True, False]
    assert told(log, "refused") == [
        "a.csv:3: opened: a first spring after the school's first pupils; it is not used "
        "(got '2010'; school 0101 has pupils in 2009)",
        "a.csv:5: closed: a last spring before the school's last pupils; it is not used "
        "(got '2010'; school 0102 has pupils in 2011)",
    ]


def test_figures_that_differ_in_their_last_digit_are_one(tmp_path: Path) -> None:
    mapping = (
        HEAD
        + """layouts:
  - name: shares
    needs: [code, percent, hundredth]
    rows:
      - table: measures
        set: {grade: "*", subject: "*", group: "*", flag: "*", measure: share, unit: share, year: "2009"}
        take: {school: code, value: {column: percent, read_as: percent}}
      - table: measures
        set: {grade: "*", subject: "*", group: "*", flag: "*", measure: share, unit: share, year: "2009"}
        take: {school: code, value: {column: hundredth, times: 0.01}}
"""
    )
    assert 80.56 / 100 != 80.56 * 0.01
    records, log = recorded(
        tmp_path, mapping, "code,percent,hundredth\n1,80.56,80.56\n2,80.56,80.57\n", opening_year=2009
    )
    assert records["measures"]["value_low"].tolist() == [0.8056]
    assert len(told(log, "refused")) == 2
