"""What may be compared: shares within one test, means of one reference; the rest is refused with the reason."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from scenarios.scores.agreement import grades_and_together, places_and_schools
from scenarios.scores.comparing import (
    NotComparable,
    ScoreOf,
    gaps,
    proficient_change,
    proficient_share,
    standing_change,
)
from scenarios.scores.standard import standard_means
from tests.scores.score_files import level_columns, records_of

TESTS = [
    {"test": "OLD", "title": "Old", "levels": 2, "proficient": 2, "first_year": 2009, "last_year": 2012},
    {"test": "NEW", "title": "New", "levels": 2, "proficient": 2, "first_year": 2013, "last_year": 2015},
]
FIRST = ScoreOf("*", 2009, "math", "OLD", grade="4", group="Black")


def two_tests() -> pd.DataFrame:
    """A city whose standing does not change while a harder test comes."""
    rows = []
    for year, test, shares in ((2009, "OLD", (0.4, 0.8)), (2012, "OLD", (0.5, 0.9)), (2013, "NEW", (0.1, 0.4))):
        for group, share in zip(("Black", "White"), shares, strict=True):
            rows.append({"year": year, "test": test, "group": group, "level_1": 1 - share, "level_2": share})
    return pd.DataFrame(rows).assign(school="*", tested=1_000.0)


def test_shares_within_one_test() -> None:
    records = records_of(two_tests(), TESTS)
    assert proficient_share(records, FIRST) == pytest.approx((0.4, 0.4))
    change = proficient_change(records, FIRST, replace(FIRST, year=2012))
    assert (change.value, change.low, change.high) == pytest.approx((0.1, 0.1, 0.1))


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (replace(FIRST, year=2013, test="NEW"), "different demands.*compare means in SD"),
        (replace(FIRST, grade="8"), "grade 4 and in grade 8"),
        (replace(FIRST, subject="reading"), "different demands"),
        (replace(FIRST, year=2014), "2009 to 2012 by tests.csv"),
    ],
)
def test_other_tests_are_refused_with_the_reason(other: ScoreOf, reason: str) -> None:
    with pytest.raises(NotComparable, match=reason):
        proficient_change(records_of(two_tests(), TESTS), FIRST, other)


def test_standing_goes_from_test_to_test() -> None:
    means = standard_means(records_of(two_tests(), TESTS))
    change = standing_change(means, FIRST, replace(FIRST, year=2013, test="NEW"))
    assert abs(change.value) < 0.05
    assert change.low < 0 < change.high
    with pytest.raises(NotComparable, match="no common scale"):
        standing_change(means, FIRST, replace(FIRST, subject="reading"))
    with pytest.raises(KeyError, match="2011"):
        standing_change(means, FIRST, replace(FIRST, year=2011))
    means.loc[means["year"] == 2013, "reference"] = "*state"
    with pytest.raises(NotComparable, match="different pupils"):
        standing_change(means, FIRST, replace(FIRST, year=2013, test="NEW"))


def test_hidden_shares_bound_the_proficient() -> None:
    rows = pd.DataFrame(
        {"school": ["*"], "level_1_low": [0.0], "level_1_high": [0.2], "level_2_low": [0.1], "level_2_high": [0.3]}
    )
    records = records_of(rows, [{"test": "T", "title": "T", "levels": 3, "proficient": 3}])
    assert proficient_share(records, ScoreOf("*", 2010, "math", "T", grade="4")) == pytest.approx((0.5, 0.9))
    without = records_of(rows, [{"test": "T", "title": "T", "levels": 3}])
    with pytest.raises(NotComparable, match="proficient"):
        proficient_share(without, ScoreOf("*", 2010, "math", "T", grade="4"))


def test_gaps_in_sd_of_the_reference_and_within_groups() -> None:
    found = gaps(standard_means(records_of(two_tests(), TESTS)), "White", "Black")
    first = found[found["year"] == 2009].iloc[0]
    assert first["v"] == pytest.approx(0.8416 + 0.2533, abs=2e-3)
    assert first["gap"] < first["v"]
    assert first["se"] > 0


def test_places_beside_their_schools_and_grades_beside_all() -> None:
    share = np.array([0.3, 0.6, 0.46])
    rows = level_columns(np.column_stack([1 - share, share])).assign(school=["a", "b", "*"], tested=[700, 800, 1_500])
    every = pd.concat([rows.assign(grade=grade) for grade in ("4", "5", "*")])
    two = [{"test": "T", "title": "T", "levels": 2, "proficient": 2}]
    records = records_of(every, two, {"a": "charter", "b": "district"})
    means = standard_means(records)
    beside = places_and_schools(records, means)
    assert beside["school"].tolist() == ["*"] * 3
    assert beside["covered"].tolist() == [1.0] * 3
    assert beside["parts"].tolist() == [2] * 3
    assert (beside["difference"].abs() < 0.01).all()
    together = grades_and_together(means)
    assert set(together["school"]) == {"a", "b", "*"}
    assert (together["difference"].abs() < 1e-6).all()
    assert (together["covered"] == 2).all()
