"""Any totals: a city that keeps them and passes every check, or a refusal that says why."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scenarios.district_files import load_city, save_city
from scenarios.making.making import Made, make_district
from scenarios.making.measured import measures
from scenarios.problems import ProblemsFound
from sim.city import TABLES

NAMES = ("Black", "Hispanic", "White", "Asian", "Other", "Navajo")
share = st.floats(0.02, 0.98).map(lambda value: round(value, 3))


@st.composite
def totals(draw: st.DrawFn) -> dict[str, Any]:
    """Totals that are each allowed; together they may not be."""
    groups = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True))
    weights = np.array([draw(st.floats(0.01, 1)) for _ in groups])
    asked: dict[str, Any] = {"pupils": draw(st.integers(2_000, 20_000)), "seed": draw(st.integers(0, 9))}
    if draw(st.booleans()):
        asked["groups"] = {g: float(w) for g, w in zip(groups, np.round(weights / weights.sum(), 4), strict=True)}
    else:
        groups = list(NAMES[:5])
    maybe: dict[str, st.SearchStrategy[Any]] = {
        "charter_share": st.floats(0, 0.9).map(lambda value: round(value, 2)),
        "schools": st.one_of(
            st.integers(1, 60),
            st.fixed_dictionaries({"district": st.integers(1, 60)}, optional={"charter": st.integers(0, 30)}),
        ),
        "pupils_per_school": st.integers(100, 1_500),
        "low_income": st.one_of(share, st.dictionaries(st.sampled_from(groups), share, min_size=1)),
        "dissimilarity": st.one_of(share, st.dictionaries(st.sampled_from(groups), share, min_size=1)),
        "isolation": st.dictionaries(st.sampled_from(groups), share, min_size=1),
        "scores": st.fixed_dictionaries({}, optional={"math": st.floats(-1, 1), "reading": st.floats(-1, 1)}),
        "icc": st.floats(0.03, 0.4),
        "tested_grades": st.lists(st.integers(0, 12), min_size=1, max_size=5, unique=True),
        "grade_paths": st.sampled_from([{"K-12": 1}, {"K-6/7-12": 0.5, "K-4/5-8/9-12": 0.5}, {"K-8/9-12": 1}]),
        "size_spread": st.floats(0, 1),
        "spare_seats": st.floats(0, 1),
        "miles_across": st.floats(1, 80),
        "opening_year": st.integers(1960, 2100),
    }
    for key in draw(st.sets(st.sampled_from(sorted(maybe)), max_size=5)):
        asked[key] = draw(maybe[key])
    return asked


def made(asked: dict[str, Any]) -> Made | None:
    try:
        return make_district(None, asked)
    except ProblemsFound as found:
        silent = [one for one in found.problems if not (one.key and one.message)]
    assert not silent
    return None


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(totals())
@example({"pupils": 2_000, "groups": {"White": 1}, "charter_share": 0, "schools": 2})
@example({"pupils": 2_500, "schools": {"district": 1, "charter": 1}, "charter_share": 0.9})
def test_a_city_that_keeps_its_totals_or_a_refusal(asked: dict[str, Any]) -> None:
    result = made(asked)
    if result is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        city = load_city(save_city(result.city, Path(folder) / "made"))
    found = measures(city)
    assert found["pupils"] == asked["pupils"]
    wanted = asked.get("groups", {})
    for group, part in wanted.items():
        expected = asked["pupils"] * part / sum(wanted.values())
        assert abs(found[f"groups.{group}"] * asked["pupils"] - expected) <= 1 + 1e-6
    for line in result.report.missed:
        assert line.key.startswith(("dissimilarity", "isolation", "icc", "charter_groups")), (line, asked)
        assert any(note.startswith(f"{line.key}: ") for note in result.report.notes), line
    schools = asked.get("schools")
    if isinstance(schools, int):
        assert len(city.schools) == schools


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(totals())
def test_the_same_totals_give_the_same_city(asked: dict[str, Any]) -> None:
    one, two = made(asked), made(asked)
    if one is None or two is None:
        assert one is two
        return
    for table in TABLES:
        assert getattr(one.city, table).equals(getattr(two.city, table)), table
    assert one.city.assumptions == two.city.assumptions


@pytest.mark.parametrize("seed", [1, 2])
def test_another_seed_is_another_city_with_the_same_totals(seed: int) -> None:
    one = make_district(None, {"seed": seed, "pupils": 8_000})
    two = make_district(None, {"seed": seed + 10, "pupils": 8_000})
    assert not one.city.schools.equals(two.city.schools)
    assert measures(one.city)["pupils"] == measures(two.city)["pupils"] == 8_000
