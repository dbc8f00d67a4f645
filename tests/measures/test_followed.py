"""Followed children, deciles and closed schools: three children by hand, then a run in which schools close."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from sim.district import District
from sim.measures.closings import percentile_of, truth_of_closed, twin_rows
from sim.measures.followed import (
    LOST_SHARE,
    Followed,
    decile_rows,
    displaced_children,
    followed_rows,
    left_behind_children,
    receiving_children,
)
from sim.measures.paired import common
from sim.pairing import pair
from sim.record import Displaced, Panel
from tests.cities import all_policies, finished, plan_of


def june(rows: list[int], truth: list[float], place: list[int] | None = None) -> Panel:
    """A panel with the same scores in both subjects, which are background too."""
    scores = np.repeat(np.array(truth, np.float32)[:, None], 2, axis=1)
    where = np.array(place or [0] * len(rows), np.int16)
    return Panel(np.array(rows, np.int32), where, scores, scores, scores, np.zeros_like(scores))


def test_followed_children_are_compared_with_themselves() -> None:
    displaced = {2030: Displaced(np.array([0, 2, 3]), np.array(["better", "better", "outside"]))}
    plan = {2030: june([0, 1, 2], [0.0, 9.0, 1.0]), 2031: june([0, 1], [0.5, 9.0])}
    base = {2030: june([0, 1, 2], [0.2, 9.0, 1.0]), 2031: june([0, 2], [0.1, 1.0])}
    rows = [row for row in followed_rows(displaced_children(displaced), plan, base, 4) if row["subject"] == "math"]
    found = [(row["landed"], row["since"], row["pupils"], row["compared"], row["difference"]) for row in rows]
    assert found[0] == ("better", 0, 2, 2, pytest.approx(-0.1))
    assert found[2] == ("better", 1, 2, 1, pytest.approx(0.4))
    assert [row[:4] for row in found if row[0] == "outside"] == [("outside", 0, 1, 0), ("outside", 1, 1, 0)]
    assert np.isnan(found[1][4])


def test_nobody_is_followed_longer_than_five_years() -> None:
    panels = {year: june([0], [0.0]) for year in range(2030, 2040)}
    rows = followed_rows([Followed("displaced", 2031, "equal", np.array([0]))], panels, panels, 1)
    assert sorted({row["since"] for row in rows}) == [0, 1, 2, 3, 4, 5]


def test_receiving_are_those_who_were_there_before_and_would_be_anyway() -> None:
    place = {2029: np.array([0, 0, 1, 2, -1]), 2030: np.array([0, 0, 0, 2, 0])}
    displaced = {2030: Displaced(np.array([2]), np.array(["better"]))}
    alone = {2030: np.array([0, 0, 1, 2, 0])}
    assert [one.rows.tolist() for one in receiving_children(place, alone, displaced, 3, 0.25)] == [[0, 1]]
    assert receiving_children(place, alone, displaced, 3, 0.3) == []
    elsewhere = {2030: np.array([0, 2, 1, 2, 0])}
    assert [one.rows.tolist() for one in receiving_children(place, elsewhere, displaced, 3, 0.25)] == [[0]]


def behind(lost: int, stay: int, run_by_district: bool = True, new: int = 2) -> list[tuple[int, list[int]]]:
    """A district school 0 that would have had all children; school `new` opens and has the first of them in 2030."""
    n = lost + stay
    here, gone = np.zeros(n, int), np.array([new] * lost + [0] * stay)
    plan = {2029: here, 2030: gone, 2031: gone, 2032: gone}
    opened = np.array([False, False, True])
    mine = np.array([run_by_district, False, False])
    found = left_behind_children(plan, dict.fromkeys(plan, here), mine, opened)
    return [(one.year, one.rows.tolist()) for one in found]


def test_left_behind_are_those_who_stay_when_a_tenth_has_gone() -> None:
    assert LOST_SHARE == 0.10
    # once, and not again in the years after
    assert behind(2, 18) == [(2030, list(range(2, 20)))]
    assert behind(1, 18) == []
    assert behind(2, 18, run_by_district=False) == []
    # lost to a school that was there before is not lost to a new one
    assert behind(2, 18, new=1) == []


def test_a_loss_over_more_than_two_years_leaves_nobody_behind() -> None:
    would = np.zeros(20, int)
    slow = {2030 + k: np.array([1] * lost + [0] * (20 - lost)) for k, lost in enumerate((0, 1, 1, 2))}
    both = np.array([True, False]), np.array([False, True])
    assert left_behind_children(slow, dict.fromkeys(slow, would), *both) == []
    fast = {**slow, 2032: slow[2033]}
    assert [one.year for one in left_behind_children(fast, dict.fromkeys(fast, would), *both)] == [2032]


def test_deciles_are_tenths_by_background() -> None:
    n = 25
    low = june(list(range(n)), [k / 10 for k in range(n)])
    high = Panel(low.rows, low.place, low.truth + np.float32(0.5), low.score, low.background, low.response)
    rows = decile_rows(high, low, np.ones(n, dtype=bool), 2030, n)
    math = [row for row in rows if row["subject"] == "math"]
    assert [row["decile"] for row in math] == list(range(1, 11))
    assert sum(row["pupils"] for row in math) == n
    assert {row["pupils"] for row in math} == {2, 3}
    assert all(row["difference"] == pytest.approx(0.5, abs=1e-6) for row in rows)
    assert (np.diff([row["baseline_mean"] for row in math]) > 0).all()
    assert decile_rows(high, low, np.arange(n) < 9, 2030, n) == []


def test_common_children_are_the_intersection() -> None:
    one, other = np.array([1, 4, 5, 9]), np.array([0, 4, 9])
    at_one, at_other = common(one, other, 10)
    assert one[at_one].tolist() == other[at_other].tolist() == [4, 9]


def test_truth_about_closed_schools() -> None:
    among = np.array([-0.1, 0.0, 0.0, 0.1])
    assert percentile_of(-0.1, among) == 12.5
    assert percentile_of(0.0, among) == 50.0
    assert truth_of_closed(0.1, among) == {"value_added": 0.1, "percentile": 87.5, "truly_below_median": 0}
    years = [
        {"year": year, "school": key, "pupils": 100, "value_added_math": v, "value_added_reading": v}
        for year in (2030, 2031)
        for key, v in (("a", 0.1), ("b", 0.3))
    ]
    closed = [{"year": 2030, "school": key} for key in ("a", "new")]
    first, second = twin_rows(closed, years)
    assert (first["twin_years"], second["twin_years"]) == (2, 0)
    assert first["twin_value_added"] == pytest.approx(0.1)
    assert first["twin_relative"] == pytest.approx(-0.1)
    assert np.isnan(second["twin_relative"])


@cache
def two() -> tuple[District, District]:
    """The tiny city left alone, and with every policy."""
    return finished(plan_of(name="alone")), finished(plan_of(all_policies(), name="acted_on"))


@cache
def paired() -> dict[str, pd.DataFrame]:
    """The second against the first."""
    alone, acted_on = two()
    weights = np.ones((13, len(alone.city.groups), 2))
    return pair(acted_on, "alone", alone.record, weights)


def test_every_displaced_child_is_followed() -> None:
    told = two()[1].record.tables()["displaced"]
    rows = paired()["followed_year"]
    first = rows[(rows["what"] == "displaced") & (rows["since"] == 0) & (rows["subject"] == "math")]
    assert len(told)
    for word in ("better", "equal", "worse", "outside"):
        assert first.loc[first["landed"] == word, "pupils"].sum() == told[word].sum(), word
    assert (rows["compared"] <= rows["pupils"]).all()
    assert {"displaced", "receiving"} <= set(rows["what"])


def test_closed_schools_are_looked_up_under_the_baseline() -> None:
    alone, acted_on = two()
    closed = acted_on.record.tables()["closed_school"]
    assert set(closed["school"]) == {s.key for s in acted_on.schools if s.closed is not None}
    assert closed["pupils"].gt(0).all()
    twin = paired()["closed_school_twin"]
    assert list(twin["school"]) == list(closed["school"])
    assert twin["twin_years"].gt(0).all()
    row = twin.iloc[0]
    years = alone.record.tables()["school_year"]
    later = years[(years["school"] == row["school"]) & (years["year"] >= row["year"])].head(5)
    added = later[["value_added_math", "value_added_reading"]].mean(axis=1)
    assert row["twin_value_added"] == pytest.approx(added.mean())
    assert alone.record.tables()["closed_school"].empty
    # the school closed, and so it is none of those with pupils in the year of the row
    assert not set(zip(closed["school"], closed["year"], strict=True)) & {
        (row["school"], row["year"]) for row in acted_on.record.rows["school_year"] if row["pupils"]
    }


def test_plan_beside_itself_differs_in_nothing() -> None:
    acted_on = two()[1]
    weights = np.ones((13, len(acted_on.city.groups), 2))
    tables = pair(acted_on, "itself", acted_on.record, weights)
    for name in ("followed_year", "paired_decile_year", "paired_level_year"):
        assert len(tables[name])
        assert (tables[name]["difference"].dropna() == 0).all(), name
