"""EDFacts assessments in their two layouts, on made-up files of their form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenarios.scores.standard import standard_means
from tests.importers.mappings.trial import shipped, text_of

WIDE = text_of("edfacts_wide_1819.csv")
LONG = text_of("edfacts_long_2122.csv")


def test_wide_file_of_one_subject(tmp_path: Path) -> None:
    records, _ = shipped(tmp_path, "edfacts-assessments", WIDE)
    scores = records["scores"].set_index(["school", "grade", "group", "flag"])
    figures = scores[["tested_low", "level_2_low", "level_2_high"]]
    assert set(zip(scores["test"], scores["year"], scores["subject"], strict=True)) == {("edfacts_2019", 2019, "math")}
    assert figures.loc["010000500870", "*", "*", "*"].tolist() == [322, 0.41, 0.41]
    assert figures.loc["010000500870", "*", "Black", "*"].tolist() == [40, 0.21, 0.24]
    assert figures.loc["010000500870", "3", "*", "low_income"].tolist() == [12, 0, 0.5]
    assert figures.loc["010000500871", "*", "*", "*"].tolist() == [60, 0.95, 1]
    assert figures.loc["010000500871", "3", "*", "low_income"].tolist() == [30, 0, 0.05]
    # of two pupils nothing is told but that there are two
    np.testing.assert_array_equal(figures.loc["010000500872", "*", "*", "*"], [2, np.nan, np.nan])
    assert len(scores) == 6
    assert records["schools"]["operator"].unique().tolist() == ["Ada District"]


def test_long_file_of_the_library(tmp_path: Path) -> None:
    records, _ = shipped(tmp_path, "edfacts-assessments", LONG, year=2022)
    scores = records["scores"].set_index(["subject", "grade", "group", "flag"])
    assert list(scores.index) == [
        ("math", "*", "*", "*"),
        ("math", "*", "Black", "*"),
        ("math", "3", "*", "low_income"),
    ]
    assert scores["level_2_low"].tolist() == pytest.approx([0.38, 0.20, 0.80])
    assert scores["level_2_high"].tolist() == pytest.approx([0.38, 0.24, 1.0])
    assert scores["test"].unique().tolist() == ["edfacts_2022"]


def test_shares_become_means_and_ranges_become_wide_ones(tmp_path: Path) -> None:
    records, _ = shipped(tmp_path, "edfacts-assessments", WIDE)
    means = standard_means(records).set_index(["school", "grade", "group"])
    high, low = means.loc[("010000500871", "*", "*")], means.loc[("010000500870", "*", "*")]
    assert high["mean"] > low["mean"]
    assert high["mean_high"] > high["mean_low"]
    assert low["mean_high"] == low["mean_low"]
