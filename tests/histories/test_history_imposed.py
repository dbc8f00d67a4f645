"""What was done is done again: a closed school is closed in its year, its pupils are elsewhere, a new one is there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.histories.imposed import FILL, Opened, closings, one_of, openings, springs, vanishing
from sim.district import District
from tests.cities import city, finished, plan_of

OPENING = city().opening_year
NEW = Opened(
    "x1",
    "River Academy",
    "single_charter",
    OPENING + 2,
    {OPENING + 2: (0, 1, 2), OPENING + 3: (0, 1, 2, 3)},
    19.0,
    "elm",
)


@pytest.fixture(scope="module")
def imposed() -> District:
    """Ash Street teaches for the last time in the second spring; River Academy opens in the second."""
    policies = {**closings({"ash": OPENING + 1, "elm": OPENING + 9}, OPENING, OPENING + 4), **openings([NEW])}
    return finished(plan_of(policies, years=4))


def test_a_closed_school_teaches_until_its_last_spring_and_its_roll_is_elsewhere(imposed: District) -> None:
    table = imposed.record.tables()["school_year"]
    roll = table.pivot_table(index="school", columns="year", values="pupils").loc["ash"]
    assert (roll[[OPENING, OPENING + 1]] > 100).all()
    assert (roll[[OPENING + 2, OPENING + 3]].fillna(0) == 0).all()
    moved = imposed.record.tables()["displaced"]
    mine = moved[moved["school"] == "ash"]
    assert set(mine["year"]) == {OPENING + 2}
    assert mine["pupils"].sum() > 50
    stayed = mine[["better", "equal", "worse"]].sum().sum()
    assert stayed + mine["outside"].sum() == mine["pupils"].sum()
    assert stayed > 0.8 * mine["pupils"].sum()
    pupils = table.groupby("year")["pupils"].sum()
    assert pupils[OPENING + 2] > 0.9 * pupils[OPENING + 1]


def test_a_school_whose_last_spring_lies_beyond_is_left_open(imposed: District) -> None:
    assert imposed.school("elm").status == "open"
    assert imposed.school("ash").status == "closed"


def test_a_new_school_opens_in_its_first_spring_with_its_seats(imposed: District) -> None:
    (new,) = [school for school in imposed.schools if school.new]
    assert (new.name, new.opened) == ("River Academy", OPENING + 2)
    assert new.total_seats == 4 * int(np.ceil(19.0 / FILL))
    assert new.pupils > 0


def test_closings_are_decided_in_the_year_after_the_last_spring() -> None:
    found = closings({"a": 2010, "b": 2010, "c": 2012}, 2009, 2012)
    assert {name: (policy.schools_named(), policy.first, policy.last) for name, policy in found.items()} == {
        "closed 2010": (("a", "b"), 2011, 2011)
    }


@given(st.lists(st.floats(-50, 5000), min_size=2, max_size=8))
def test_a_vanished_roll_is_shared_out_once(left: list[float]) -> None:
    years = {2009 + k: pupils for k, pupils in enumerate(left)}
    found = vanishing(years, 2009 + len(left) - 1)
    if left[0] <= 0:
        assert found == {}
        return
    assert sum(found.values()) == pytest.approx(1.0)
    assert all(0 < share <= 1 + 1e-12 for share in found.values())
    still = {year: 1 - sum(share for gone, share in found.items() if gone < year) for year in years}
    least = np.minimum.accumulate(np.maximum(left, 0.0)) / left[0]
    assert [still[year] for year in years] == pytest.approx(least.tolist(), abs=1e-9)


def test_years_after_the_last_do_not_count() -> None:
    assert vanishing({2009: 100.0, 2010: 60.0, 2011: 0.0}, 2010) == {2009: pytest.approx(0.4), 2010: pytest.approx(0.6)}


def test_springs_and_the_school_it_stands_near() -> None:
    rolls = pd.DataFrame({"school": ["a", "a", "b"], "year": [2010, 2012, 2011]})
    assert springs(rolls).to_dict("index") == {"a": {"first": 2010, "last": 2012}, "b": {"first": 2011, "last": 2011}}
    assert one_of("x", ["b", "a"]) == one_of("x", ["a", "b"])
    assert one_of("x", []) is None
