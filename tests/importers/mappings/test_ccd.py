"""The Common Core of Data in its two layouts, on made-up files of their form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenarios.problems import ProblemsFound
from tests.importers.mappings.trial import shipped, text_of

DIRECTORY = text_of("ccd_directory_2018.csv")
WIDE = text_of("ccd_wide_2011.csv")
MEMBERS = text_of("ccd_membership_2018.csv")


def test_directory_since_2016(tmp_path: Path) -> None:
    records, _ = shipped(tmp_path, "ccd-directory", DIRECTORY)
    schools = records["schools"].set_index("school")
    assert list(schools.index) == ["010000500870", "010000500872", "010000500873", "010000600871"]
    assert schools["sector"].tolist() == ["district", "district", "district", "charter"]
    assert schools["area"].tolist() == ["00501", "35950", "35950", "35951"]
    np.testing.assert_array_equal(schools["first_grade"], [0, 9, np.nan, 0])
    np.testing.assert_array_equal(schools["last_grade"], [5, 12, np.nan, 8])
    np.testing.assert_array_equal(schools["opened"], [np.nan, np.nan, np.nan, 2019])
    np.testing.assert_array_equal(schools["closed"], [np.nan, 2018, np.nan, np.nan])


def test_wide_directory(tmp_path: Path) -> None:
    records, _ = shipped(tmp_path, "ccd-directory", WIDE)
    schools = records["schools"]
    assert schools["sector"].tolist() == ["district", "charter", "district"]
    np.testing.assert_array_equal(schools["latitude"], [34.26, np.nan, 34.2])
    np.testing.assert_array_equal(schools["last_grade"], [1, 12, 12])
    np.testing.assert_array_equal(schools["opened"], [np.nan, 2012, np.nan])
    np.testing.assert_array_equal(schools["closed"], [np.nan, np.nan, 2011])


def test_membership_since_2016(tmp_path: Path) -> None:
    records, log = shipped(tmp_path, "ccd-membership", MEMBERS)
    rolls = records["enrollment"].set_index(["grade", "group"])["pupils_low"]
    assert rolls.to_dict() == {
        ("*", "*"): 31,
        ("*", "Black"): 10,
        ("0", "*"): 15,
        ("PK", "*"): 3,
        ("1", "Black"): 10,
        ("1", "Other"): 3,
    }
    assert records["enrollment"]["year"].unique().tolist() == [2019]
    # half of a count is not the count
    assert any(note.reason == "a part of the sum is refused" and note.line == 6 for note in log.of("refused"))


def test_wide_membership(tmp_path: Path) -> None:
    records, _ = shipped(tmp_path, "ccd-membership", WIDE, year=2012)
    rolls = records["enrollment"]
    first = rolls[rolls["school"] == "010000500870"].set_index(["grade", "group", "flag"])["pupils_low"].to_dict()
    assert first["*", "*", "*"] == 100
    assert first["*", "Other", "*"] == 6
    assert first["*", "*", "low_income"] == 60
    assert [first[grade, "*", "*"] for grade in ("PK", "0", "1", "UN")] == [10, 40, 50, 0]
    second = rolls[rolls["school"] == "010000500871"].set_index(["grade", "group", "flag"])["pupils_low"].to_dict()
    # nothing is known of one part of Other; the grade not offered has no row
    assert ("*", "Other", "*") not in second
    assert [grade for grade, group, _ in second if group == "*"] == ["*", "1", "12"]
    assert "010000500872" not in set(rolls["school"])


def test_lost_zeros_come_back_and_lost_digits_do_not(tmp_path: Path) -> None:
    records, log = shipped(tmp_path, "ccd-directory", DIRECTORY.replace("010000500870", "1.00E+10"))
    assert "010000600871" in set(records["schools"]["school"])
    assert [note.reason for note in log.of("refused")] == ["scientific notation: the digits of the id are lost"]


def test_another_layout_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as found:
        shipped(tmp_path, "ccd-membership", MEMBERS.replace("TOTAL_INDICATOR", "TOTAL_INDICATORS"))
    assert any("TOTAL_INDICATOR" in str(one) and one.nearest == "TOTAL_INDICATORS" for one in found.value.problems)
