"""The pupils a simulation makes, held to the city's tables."""

from __future__ import annotations

import numpy as np
import pytest

from scenarios.population.match import parted, pupils_match
from scenarios.population.opening import open_city
from scenarios.population.report import MarginReport, margin
from tests.population.made_up import lakeside


@pytest.fixture(scope="module")
def report() -> MarginReport:
    return pupils_match(open_city(lakeside(hidden=True), 2)[0], seed=3)


def test_counts_are_exact(report: MarginReport) -> None:
    table = report.frame.set_index("margin")
    for name in ("by school", "by school and grade", "by school and group", "by school, grade and group"):
        assert table.loc[f"pupils {name}", "largest_difference"] == 0
    assert table.loc["mean score by grade and group", "largest_difference"] < 1e-6


def test_shares_homes_and_families_are_near(report: MarginReport) -> None:
    for flag in ("low_income", "english_learner", "disability"):
        assert report[f"share {flag} by school"].off.max() < 0.05
        assert report[f"share {flag} by group"].off.max() < 0.03
    assert report["homes by zone and group"].off.max() < 0.05
    assert report["who is with whom"].off.max() < 0.02
    assert report["new kindergartners with an older sibling"].off.max() < 0.1


def test_grades_are_pooled_as_plans_have_them_unless_momentum_is_kept() -> None:
    pooled = pupils_match(open_city(lakeside())[0], momentum=False)
    assert "grades pooled" in pooled.title
    assert pooled["pupils by school and group"].off.max() == 0
    assert pooled["pupils by grade and group"].off.max() == 0


def test_segregation_is_none_when_even_and_one_when_parted() -> None:
    assert parted(np.array([[10.0, 20.0], [20.0, 40.0]])) == pytest.approx(0)
    assert parted(np.array([[10.0, 0.0], [0.0, 40.0]])) == pytest.approx(1)
    assert parted(np.array([[30.0, 10.0], [10.0, 30.0]])) == pytest.approx(0.25)


def test_a_margin_measures_its_distance_to_the_bounds() -> None:
    cells = ["in", "above", "below", "not asked"]
    low, high = np.array([1.0, 1, 4, np.nan]), np.array([3.0, 2, 4, np.nan])
    one = margin("test", "pupils", cells, low, high, np.array([2.0, 5, 1, 8]), ["filled", "filled", "given", "assumed"])
    assert one.off[:3].tolist() == [0, 3, 3]
    assert np.isnan(one.off[3])
    facts = one.facts
    assert [facts[key] for key in ("largest_difference", "mean_difference", "where")] == [3, 2, "above"]
    assert [facts[key] for key in ("given", "filled", "assumed", "mean_width")] == [1, 2, 1, 1.5]
    text = str(MarginReport("Title", (one,), ("a guess",)))
    assert "largest difference 3.0 pupils (above)" in text
    assert "- a guess" in text
    with pytest.raises(KeyError, match="there are test"):
        MarginReport("Title", (one,))["tests"]
