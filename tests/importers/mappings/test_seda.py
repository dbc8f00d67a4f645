"""Means of the Stanford Education Data Archive, on made-up files of their form."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.importers.mappings.trial import shipped, text_of

SCHOOLS = text_of("seda_schools_pooled.csv")
POOLED = text_of("seda_districts_pooled.csv")
LONG_4 = text_of("seda_districts_long_4.csv")
LONG_5 = text_of("seda_districts_long_5.csv")


def test_schools_pooled(tmp_path: Path) -> None:
    records, _ = shipped(tmp_path, "seda-means", SCHOOLS, year=2018)
    rows = records["measures"].set_index(["school", "measure"])["value_low"]
    assert rows.to_dict() == {
        ("010000500870", "seda_mean"): -0.31,
        ("010000500870", "seda_mean_se"): 0.04,
        ("010000500871", "seda_mean"): 0.42,
        ("010000500871", "seda_mean_se"): 0.11,
    }
    assert records["measures"]["year"].unique().tolist() == [2018]


def test_districts_pooled_are_targets_without_gaps(tmp_path: Path) -> None:
    records, _ = shipped(tmp_path, "seda-means", POOLED)
    rows = records["targets"]
    assert rows[["place", "group", "value_low", "se"]].values.tolist() == [
        ["0100005", "*", -0.21, 0.02],
        ["0100005", "Black", -0.51, 0.05],
    ]
    assert rows["year"].isna().all()


def test_districts_by_grade_in_the_columns_of_two_versions(tmp_path: Path) -> None:
    records, _ = shipped(tmp_path, "seda-means", LONG_4, LONG_5)
    rows = records["targets"].set_index(["place", "year", "grade", "subject", "group"])
    assert len(rows) == 5
    black = rows.loc["0100005", 2016, "4", "math", "Black"]
    assert (black["value_low"], black["se"], black["pupils"]) == (-0.55, 0.07, 120)
    white = rows.loc["0100006", 2019, "8", "reading", "White"]
    assert (white["value_low"], white["se"], white["pupils"]) == (0.33, 0.03, 300)
    assert np.isfinite(rows["se"]).all()
