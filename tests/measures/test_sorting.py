"""Segregation, markets, access and turnover on schools small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures.access import access, entry_matches, good_school_cuts, matches
from sim.measures.sorting import market, segregation, segregation_rows
from sim.measures.turnover import turnover, turnover_rows
from sim.opening.population import DROPPED_OUT, LEFT

counts = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=12
).filter(lambda schools: sum(s[0] for s in schools) > 0 and sum(s[1] for s in schools) > 0)


@given(counts, st.randoms())
def test_segregation_is_a_share_and_knows_no_names(schools: list[tuple[int, int, int]], random: object) -> None:
    table = np.array(schools, dtype=float)
    one, other, pupils = table[:, 0], table[:, 1], table.sum(axis=1)
    found = segregation(one, other, pupils)
    for name, value in found.items():
        assert np.isnan(value) or -1e-12 <= value <= 1 + 1e-12, name
    order = list(range(len(schools)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert segregation(one[order], other[order], pupils[order]) == pytest.approx(found, nan_ok=True)
    assert segregation(other, one, pupils)["dissimilarity"] == pytest.approx(found["dissimilarity"])
    # every school twice as large sits as unevenly
    assert segregation(2 * one, 2 * other, 2 * pupils) == pytest.approx(found, nan_ok=True)


def test_segregation_at_its_ends() -> None:
    apart = segregation(np.array([4.0, 0.0]), np.array([0.0, 4.0]), np.array([4.0, 4.0]))
    assert apart == {"dissimilarity": 1.0, "isolation": 1.0, "exposure": 0.0, "variance_ratio": 1.0}
    even = segregation(np.array([2.0, 2.0]), np.array([2.0, 2.0]), np.array([4.0, 4.0]))
    assert even == {"dissimilarity": 0.0, "isolation": 0.5, "exposure": 0.5, "variance_ratio": 0.0}
    assert np.isnan(list(segregation(np.zeros(2), np.ones(2), np.ones(2)).values())).all()


def test_segregation_rows_count_groups_and_flags() -> None:
    flags = {flag: np.array([True, False, False]) for flag in ("low_income", "english_learner", "disability")}
    rows = segregation_rows(np.array([0, 0, 1]), np.array([0, 1, 1]), flags, 3, ("Black", "White"), "White", "Black")
    found = {row["focal"]: row for row in rows}
    assert found["Black"]["focal_pupils"] == 1
    assert found["Black"]["reference_pupils"] == 2
    assert found["Black"]["exposure"] == 0.5
    assert found["low income"]["isolation"] == 0.5


def test_market_shares_add_up() -> None:
    rows = market(["district", "charter", "charter"], ["district", "kipp", "kipp"], np.array([6, 2, 0]), np.full(3, 9))
    assert rows == [
        {"sector": "charter", "operator": "kipp", "schools": 1, "pupils": 2, "seats": 9, "share": 0.25},
        {"sector": "district", "operator": "district", "schools": 1, "pupils": 6, "seats": 9, "share": 0.75},
    ]


def test_good_school_cuts_halve_and_quarter_the_pupils() -> None:
    assert good_school_cuts(np.array([0.3, 0.1, 0.2, 0.0]), np.full(4, 10)) == (0.2, 0.3)


def test_access_of_three_children() -> None:
    block = access(
        np.array([0, 1, 1]),
        np.array([0, 0, 1]),
        np.array([1.0, 3.0, 2.0]),
        np.array([0.05, -0.05]),
        np.array([80.0, np.nan]),
        (0.0, 0.1),
        ("Black", "White", "Asian"),
    )
    assert block["group"] == ["*", "Black", "White", "Asian"]
    assert block["pupils"].tolist() == [3, 2, 1, 0]
    assert block["top_half"].tolist() == [1, 1, 0, 0]
    assert block["top_quarter"].tolist() == [0, 0, 0, 0]
    assert block["rated"].tolist() == [1, 1, 0, 0]
    assert block["rated_75"].tolist() == [1, 1, 0, 0]
    assert block["top_half_share"][:3] == pytest.approx([1 / 3, 0.5, 0.0])
    assert np.isnan(block["rated_50_share"][2])
    assert block["miles"][:3] == pytest.approx([2.0, 2.0, 2.0])
    assert block["miles_p90"][:3].tolist() == [3.0, 3.0, 2.0]
    assert np.isnan(block["miles"][3])


def test_matches_count_lists() -> None:
    # no list, first, third, none of the list
    block = matches(np.array([0, 1, 3, -1]), np.array([0, 0, 0, 1]), ("Black", "White"))
    assert block["choosers"].tolist() == [3, 2, 1]
    assert block["first_choice"].tolist() == [1, 1, 0]
    assert block["on_list"].tolist() == [2, 2, 0]
    assert block["first_choice_share"] == pytest.approx([1 / 3, 0.5, 0.0])


@given(st.lists(st.tuples(st.integers(-1, 12), st.integers(0, 12), st.integers(0, 1)), max_size=60))
def test_matches_by_entry_grade_are_those_of_the_children(children: list[tuple[int, int, int]]) -> None:
    columns = [np.array(column, dtype=np.int64) for column in zip(*children, strict=True)] if children else []
    got, grade, group = columns or [np.zeros(0, dtype=np.int64)] * 3
    block = entry_matches(got, grade, group, ("Black", "White"), (0, 6, 9))
    whole = matches(got, group, ("Black", "White"))
    for name in ("choosers", "first_choice", "on_list"):
        assert (block[name].reshape(4, 3).sum(axis=0) == whole[name]).all(), name
    rows = zip(block["grade"], block["group"], strict=True)
    for row, (which, who) in enumerate(rows):
        mine = [
            place
            for place, at, label in children
            if which == {0: "K", 6: "6", 9: "9"}.get(at, "other") and who in ("*", ("Black", "White")[label])
        ]
        assert block["choosers"][row] == sum(place != 0 for place in mine)
        assert block["first_choice"][row] == sum(place == 1 for place in mine)
        assert block["first_three"][row] == sum(1 <= place <= 3 for place in mine)
        assert block["on_list"][row] == sum(place >= 1 for place in mine)


def test_turnover_of_eight_children() -> None:
    low, high, charter = np.array([0, 0, 6]), np.array([6, 6, 9]), np.array([False, True, False])
    nowhere = -99
    before = np.array([0, 0, 0, 0, 0, nowhere, nowhere, 1])
    now = np.array([0, 1, LEFT, DROPPED_OUT, 2, 0, 1, 0])
    grade = np.array([3, 3, 3, 3, 6, 0, 4, 4])
    found = turnover(before, now, grade, low, high, charter)
    # the fifth child has finished the first school and could not stay
    assert {name: count.tolist() for name, count in found.items()} == {
        "could_stay": [4, 1, 0],
        "stayed": [1, 0, 0],
        "left": [3, 1, 0],
        "to_district": [0, 1, 0],
        "to_charter": [1, 0, 0],
        "out_of_public": [1, 0, 0],
        "dropped_out": [1, 0, 0],
        "entered_first_grade": [1, 0, 1],
        "entered_later": [1, 2, 0],
    }
    block = turnover_rows(found, ["a", "b", "c"], ["district", "charter", "district"])
    assert block["school"] == ["a", "b", "c", "*", "*"]
    assert block["sector"][3:] == ["charter", "district"]
    assert block["left"].tolist() == [3, 1, 0, 1, 3]
    assert block["attrition"][:2].tolist() == [0.75, 1.0]
    assert np.isnan(block["attrition"][2])
    assert block["backfill"][0] == pytest.approx(1 / 3)


@given(st.integers(0, 10**6))
def test_turnover_adds_up(seed: int) -> None:
    luck = np.random.default_rng(seed)
    n, schools = 60, 4
    before, now = luck.integers(-3, schools, n), luck.integers(-6, schools, n)
    before[before < 0] = -99
    charter = luck.random(schools) < 0.5
    found = turnover(before, now, luck.integers(0, 13, n), np.zeros(schools, int), np.full(schools, 9), charter)
    assert (found["stayed"] + found["left"] == found["could_stay"]).all()
    gone = found["to_district"] + found["to_charter"] + found["out_of_public"] + found["dropped_out"]
    assert (gone == found["left"]).all()
    new = np.bincount(now[(now >= 0) & (now != before)], minlength=schools)
    assert (found["entered_first_grade"] + found["entered_later"] == new).all()
