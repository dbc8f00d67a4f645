"""Tables of one run agree with each other: the same children are counted in all of them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from tests.cities import all_policies, finished, plan_of

LEVEL = ["year", "subject", "band", "group"]


@cache
def tables() -> dict[str, pd.DataFrame]:
    """Five years of the tiny city with every policy."""
    return finished(plan_of(all_policies())).record.tables()


def beside(name: str, keys: list[str], other: str = "level_year") -> pd.DataFrame:
    """Rows of two tables with the same keys, side by side; every row of the first has one."""
    both = tables()[name].merge(tables()[other], on=keys, suffixes=("", "_other"), validate="one_to_one")
    assert len(both) == len(tables()[name]) > 0
    return both


def test_proficiency_counts_the_tested() -> None:
    both = beside("proficiency_year", LEVEL)
    assert (both["tested"] == both["tested_other"]).all()
    ladder = both[["over_minus_1", "over_minus_half", "over_0", "over_half", "over_1"]].to_numpy()
    assert (np.diff(ladder, axis=1) <= 0).all()
    assert both["proficient"].between(both["over_half"], both["over_0"]).all()
    known = both[both["tested"] > 0]
    np.testing.assert_allclose(known["share"], known["proficient"] / known["tested"])


def test_v_gaps_go_with_gaps() -> None:
    both = beside("v_gap_year", ["year", "subject", "band", "focal", "reference"], "gap_year")
    large = both[(both["focal_tested"] > 60) & (both["reference_tested"] > 60)]
    assert len(large) > 100
    # scores are spread by nearly an SD in every group, so that the two are nearly proportional
    assert np.corrcoef(large["v_gap"], large["gap"])[0, 1] > 0.97
    assert (large["v_gap"] - large["v_gap_from_counts"]).abs().mean() < 0.08
    # scores differ by less than an SD within a group, and the V gap is in those
    assert (large["v_gap_se"] / large["se"]).between(0.8, 1.6).all()


def test_crossings_add_up_to_groups() -> None:
    crossed = tables()["crossing_level_year"]
    levels = tables()["level_year"].set_index(LEVEL)
    for flag in ("low_income", "english_learner", "disability"):
        mine = crossed[crossed["flag"] == flag].groupby(LEVEL)[["pupils", "tested"]].sum()
        assert len(mine)
        pd.testing.assert_frame_equal(mine, levels.loc[mine.index, ["pupils", "tested"]])
    part = crossed[(crossed["flag"] == "low_income") & crossed["true_mean"].notna()]
    total = (part["true_mean"] * part["pupils"]).groupby([part[name] for name in LEVEL]).sum()
    same = levels.loc[total.index]
    np.testing.assert_allclose(total, same["true_mean"] * same["pupils"], atol=1e-9)


def test_crossed_gaps_are_differences_of_crossed_levels() -> None:
    keys = ["year", "subject", "band", "group", "flag", "flagged"]
    levels = tables()["crossing_level_year"].set_index(keys)
    gaps = tables()["crossing_gap_year"]
    assert len(gaps)
    for row in gaps.sample(60, random_state=1).itertuples():
        cell = (row.year, row.subject, row.band)
        ahead, behind = (levels.loc[(*cell, group, row.flag, row.flagged)] for group in (row.reference, row.focal))
        assert row.gap == pytest.approx(ahead["mean"] - behind["mean"], nan_ok=True)
        assert row.true_gap == pytest.approx(ahead["true_mean"] - behind["true_mean"], nan_ok=True)
        assert row.se == pytest.approx((ahead["se"] ** 2 + behind["se"] ** 2) ** 0.5, nan_ok=True)


def test_gap_change_is_the_change_of_the_true_gap() -> None:
    changes = tables()["gap_change_year"]
    gaps = tables()["gap_year"].set_index(["year", "subject", "band", "focal", "reference"])["true_gap"]
    cell = ["subject", "band", "focal", "reference"]
    now = gaps.loc[pd.MultiIndex.from_frame(changes[["year", *cell]])].to_numpy()
    then = gaps.loc[pd.MultiIndex.from_frame(changes[["since", *cell]])].to_numpy()
    # the panel keeps scores in single precision
    np.testing.assert_allclose(changes["total"], now - then, atol=1e-6)
    terms = ["within", "movement", "entry", "exit", "comers", "leavers", "ageing", "response"]
    np.testing.assert_allclose(changes[terms].sum(axis=1), changes["total"], rtol=0, atol=1e-9)
    assert (changes["entry"] != 0).any()
    assert (changes["exit"] != 0).any()


def test_everybody_is_in_the_market_and_has_access() -> None:
    enrolled = tables()["place_year"].query("place == 'enrolled'").groupby("year")["pupils"].sum()
    market = tables()["market_year"].groupby("year")[["pupils", "share"]].sum()
    assert (market["pupils"] == enrolled).all()
    np.testing.assert_allclose(market["share"], 1.0)
    access = tables()["access_year"]
    everybody = access[access["group"] == "*"].set_index("year")
    assert (everybody["pupils"] == enrolled).all()
    parts = access[access["group"] != "*"].groupby("year")[["pupils", "top_half", "top_quarter", "rated_50"]].sum()
    assert (parts == everybody[parts.columns]).all(axis=None)
    # the cuts are those of the opening June, when a half and a quarter are there or a school's worth more
    first = everybody.iloc[0]
    assert 0.5 <= first["top_half_share"] < 0.8
    assert 0.25 <= first["top_quarter_share"] < 0.5


def test_matches_add_up_to_the_summer() -> None:
    everybody = tables()["match_year"].query("group == '*'").set_index("year")
    summer = tables()["choice_year"].set_index("year")
    by_grade = tables()["entry_match_year"]
    over_grades = by_grade[by_grade["group"] == "*"].groupby("year").sum(numeric_only=True)
    for name in ("choosers", "first_choice", "on_list"):
        assert (everybody[name] == summer[name]).all(), name
        assert (over_grades[name] == summer[name]).all(), name
    assert (over_grades["first_three"] >= over_grades["first_choice"]).all()
    assert (over_grades["first_three"] <= over_grades["on_list"]).all()
    assert by_grade.query("grade != 'other'")["choosers"].sum() > 0


def test_turnover_explains_every_roll() -> None:
    turnover = tables()["turnover_year"]
    schools = turnover[turnover["school"] != "*"]
    rolls = tables()["school_year"].set_index(["year", "school"])["pupils"]
    now = schools["stayed"] + schools["entered_first_grade"] + schools["entered_later"]
    assert (now.to_numpy() == rolls.loc[pd.MultiIndex.from_frame(schools[["year", "school"]])].to_numpy()).all()
    counts = ["could_stay", "stayed", "left", "entered_later"]
    sectors = turnover[turnover["school"] == "*"].set_index(["year", "sector"])[counts]
    pd.testing.assert_frame_equal(schools.groupby(["year", "sector"])[counts].sum(), sectors.sort_index())


def test_tails_lie_around_the_mean() -> None:
    both = tables()["tail_year"].merge(
        tables()["level_year"].query("group == '*'"), on=["year", "subject", "band"], suffixes=("", "_all")
    )
    low = both["tail"] == "bottom tenth"
    assert (both.loc[low, "true_mean"] < both.loc[low, "true_mean_all"] - 1).all()
    assert (both.loc[~low, "true_mean"] > both.loc[~low, "true_mean_all"] + 1).all()
    assert (both["pupils"] == np.ceil(0.1 * both["pupils_all"])).all()
