"""Politics: what decisions cost, who backs them, and what a plan makes of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.parameters import Parameters, declared
from sim.plan import Politics
from sim.policies.office.build_political_will import BuildPoliticalWill
from sim.policies.office.reform_mandate import ReformMandate
from sim.policies.policy import REFUSED
from sim.policies.teaching.innovation_status import InnovationStatus
from sim.run import Run, run
from sim.year import politics
from tests.cities import all_policies, plan_of

P = Parameters()
share = st.floats(0, 1)
YEARS = 9


@cache
def ran(mode: Politics, seed: int = 1, proof: bool = True, will: bool = False, mandate: str = "") -> Run:
    policies = dict(all_policies())
    if will:
        policies = {"will": BuildPoliticalWill(), **policies}
    if mandate:
        policies = {"mandate": ReformMandate.model_validate({"given_by": mandate}), **policies}
    policies["freedom"] = InnovationStatus.model_validate({"per_year": 1})
    plan = plan_of(policies, years=YEARS, politics=mode, proof_points=proof)
    return run(plan.with_parameters({"politics.capital_opening": 10.0}), seed)


def year(mode: Politics, **more: object) -> pd.DataFrame:
    return ran(mode, **more).tables["politics_year"]  # type: ignore[arg-type]


# -- what a decision costs --------------------------------------------------------------------------------------------


@given(item=st.sampled_from(politics.PRICED), pupils=share, opposition=share, engagement=share)
def test_prices_are_never_negative_and_grow_with_opposition(
    item: str, pupils: float, opposition: float, engagement: float
) -> None:
    price = politics.price_of(item, pupils, opposition, engagement, P)
    assert price > 0
    assert politics.price_of(item, pupils, min(1.0, opposition + 0.1), engagement, P) >= price
    assert politics.price_of(item, pupils, opposition, min(1.0, engagement + 0.1), P) <= price


def test_price_of_a_closing_by_hand() -> None:
    """Two percent of the pupils, half of the zone's families angry, no engagement: (3 + 2 x 2) x 1.5."""
    assert politics.price_of("close", 0.02, 0.5, 0.0, P) == pytest.approx(10.5)
    assert politics.price_of("close", 0.02, 0.5, 1.0, P) == pytest.approx(10.5 * 0.6)
    assert politics.price_of("close", 0.5, 0.0, 0.0, P) == P["politics.price_most"]
    assert politics.price_of("practice", 0.5, 0.5, 0.0, P) == 0


# -- what people see and feel -----------------------------------------------------------------------------------------


def test_visible_gain_by_hand() -> None:
    seen = [(0.0, 0.8), (0.01, 0.8), (0.03, 0.76)]
    assert politics.visible_gain(seen, False, P) == pytest.approx(0.015)
    assert politics.visible_gain(seen, True, P) == pytest.approx(0.015 + 0.5 * 0.02)
    assert politics.visible_gain(seen[:1], True, P) == 0
    assert politics.visible_gain([(0.0, 0.8), (np.nan, 0.8)], False, P) == 0


@given(displaced=share, more=share, growth=st.floats(-1, 1), gain=st.floats(-0.2, 0.2), engagement=share)
def test_displacing_more_children_pleases_nobody(
    displaced: float, more: float, growth: float, gain: float, engagement: float
) -> None:
    mood = np.zeros(3)
    few = politics.next_mood(mood, displaced, growth, gain, engagement, P)
    many = politics.next_mood(mood, min(1.0, displaced + more), growth, gain, engagement, P)
    assert (many <= few + 1e-12).all()
    backing = politics.backing(many, 0.0, P)
    assert ((backing >= 0) & (backing <= 1)).all()


@given(mood=st.floats(-1, 1), coalition=share)
def test_votes_are_a_share(mood: float, coalition: float) -> None:
    votes = politics.support(politics.backing(np.full(3, mood), coalition, P), P)
    assert 0 <= votes <= 1


def test_opposition_fades_and_never_exceeds_all() -> None:
    now = politics.next_opposition(
        np.array([0.8, 0.4, 0.0]), np.array([90.0, 0.0, 5.0]), np.array([100.0, 50.0, 0.0]), P
    )
    assert now == pytest.approx([1.0, 0.2, 0.0])


# -- careers, boards, contracts ---------------------------------------------------------------------------------------


def test_a_quiet_year_is_the_published_tenure() -> None:
    assert politics.chance_of_leaving(0.0, 0.0, True, False, P) == pytest.approx(0.20)


def test_displacement_raises_the_odds_by_half_for_each_five_percent() -> None:
    odds = [c / (1 - c) for c in (politics.chance_of_leaving(d, 0.0, True, False, P) for d in (0.0, 0.05, 0.10))]
    assert odds[1] / odds[0] == pytest.approx(1.5, abs=0.01)
    assert odds[2] / odds[1] == pytest.approx(1.5, abs=0.01)


def test_a_gain_and_the_state_protect() -> None:
    turned = politics.chance_of_leaving(0.0, 0.0, False, False, P)
    assert turned > politics.chance_of_leaving(0.0, 0.0, True, False, P)
    assert politics.chance_of_leaving(0.0, 0.0, False, True, P) == pytest.approx(0.20)
    assert politics.chance_of_leaving(0.0, 0.05, True, False, P) < 0.20


@given(flexibility=st.floats(0, 0.8), proof=share, coalition=share)
def test_proof_and_coalition_never_cost_flexibility(flexibility: float, proof: float, coalition: float) -> None:
    plain = politics.bargained(flexibility, 0.0, 0.0, P)
    assert 0 <= plain <= politics.bargained(flexibility, proof, coalition, P) <= P["politics.flexibility_most"]


def test_an_election_touches_only_the_seats_that_are_up() -> None:
    board = np.array([True] * 5 + [False] * 2)
    after = politics.elect(board, np.array([0, 1, 2, 3]), 0.5, np.array([0.4, 0.6, 0.4, 0.6]), 8.0)
    assert after.tolist() == [True, False, True, False, True, False, False]


# -- in a run ---------------------------------------------------------------------------------------------------------


def test_without_politics_nothing_is_refused_and_nothing_costs() -> None:
    tables = ran("off").tables
    assert tables["politics_year"].empty
    assert tables["opposition_year"].empty
    assert not set(tables["decision"]["action"]) & set(REFUSED)
    assert (tables["decision"]["capital"] == 0).all()


@pytest.mark.parametrize("mode", ["fixed", "on"])
def test_capital_adds_up_year_by_year(mode: Politics) -> None:
    """What is left of last year's, less what was spent, plus what came in; never negative, never above the most."""
    table, p = year(mode), P
    assert (table["capital"] >= 0).all()
    assert (table["capital"] <= p["politics.capital_most"]).all()
    spent = ran(mode).tables["decision"].groupby("year")["capital"].sum()
    for row in table.itertuples():
        assert row.capital_spent == pytest.approx(spent.get(row.year, 0.0))
    if mode == "fixed":
        left = 10.0
        for row in table.itertuples():
            left = min(left - row.capital_spent + p["politics.capital_a_year"], p["politics.capital_most"])
            assert row.capital == pytest.approx(left)


@pytest.mark.parametrize("mode", ["fixed", "on"])
def test_every_refused_decision_says_why(mode: Politics) -> None:
    decided = ran(mode).tables["decision"]
    refused = decided[decided["action"].isin(REFUSED)]
    assert len(refused)
    for row in refused.itertuples():
        assert row.because.startswith("not to ")
        assert any(word in row.because for word in ("capital", "contract", "board", "superintendent", "mayor"))
        assert row.capital == 0


def test_fixed_politics_holds_no_luck() -> None:
    table = year("fixed")
    assert (table["superintendent"] == 1).all()
    assert (table[["left", "election"]] == 0).all(axis=None)
    assert (table["board_for"] == 5).all()
    assert table["bargaining"].tolist() == [0, 0, 1, 0, 0, 1, 0, 0, 1]


def test_boards_are_elected_every_second_year_and_superintendents_leave() -> None:
    assert year("on")["election"].tolist() == [0, 1, 0, 1, 0, 1, 0, 1, 0]
    left = pd.concat([year("on", seed=seed) for seed in range(1, 9)])
    assert 0.08 < left["left"].mean() < 0.45
    for seed in range(1, 9):
        table = year("on", seed=seed)
        assert table["superintendent"].tolist() == [1 + n for n in table["left"].cumsum().shift(fill_value=0)]


def test_a_successor_against_the_strategy_blocks_the_slate() -> None:
    """Over seeds: in years after one who does not pursue it took over, nothing that costs capital passes."""
    seen = 0
    for seed in range(1, 13):
        table = year("on", seed=seed)
        against = set(table.loc[table["pursues"] == 0, "year"])
        decided = ran("on", seed=seed).tables["decision"]
        passed = decided[decided["year"].isin(against) & (decided["capital"] > 0)]
        seen += len(against)
        assert passed.empty
    assert seen


def test_departures_stay_within_the_contract() -> None:
    for mode in ("fixed", "on"):
        table = year(mode)  # type: ignore[arg-type]
        before = table["departures_allowed"].shift(fill_value=10**6)
        grew = table["departures"].diff().fillna(0) > 0
        assert (table["departures"][grew] <= before[grew]).all()


def test_the_loop_from_proof_to_contract_can_be_cut() -> None:
    """With it the contract is at least as flexible in every year; cutting it changes nothing but by the contract."""
    with_loop, without = year("fixed"), year("fixed", proof=False)
    assert (with_loop["flexibility"] >= without["flexibility"] - 1e-12).all()
    lost = declared()["politics.flexibility_lost"].value
    assert without["flexibility"].iloc[2] == pytest.approx(P["politics.flexibility_opening"] - lost)


def test_will_makes_the_same_closings_cheaper() -> None:
    """The first closing is of the same school in the same year, since engagement moves no child."""
    first = []
    for engagement in (0.0, 1.0):
        will = BuildPoliticalWill.model_validate({"engagement": engagement, "information": 0.0, "coalition": 0.0})
        plan = plan_of({"will": will, "weakest": all_policies()["weakest"]}, years=4, politics="fixed")
        tables = run(plan.with_parameters({"politics.capital_opening": 40.0}), 1).tables
        decided = tables["decision"]
        first.append(decided[decided["action"] == "close"].iloc[0])
        assert set(tables["cost_year"]["item"]) & {"engagement", "information", "coalition"} == (
            {"engagement"} if engagement else set()
        )
    assert (first[0]["year"], first[0]["school"]) == (first[1]["year"], first[1]["school"])
    assert first[1]["capital"] < first[0]["capital"]


def test_under_the_state_there_are_no_elections_and_a_mayor_has_one_in_four_years() -> None:
    assert year("on", mandate="state")["election"].sum() == 0
    assert year("on", mandate="mayor")["election"].tolist() == [0, 0, 0, 1, 0, 0, 0, 1, 0]
    assert set(year("on", mandate="mayor")["board_for"].iloc[3:]) <= {0, 7}


def test_politics_changes_nobodys_luck() -> None:
    """Without a policy there is nothing to refuse: the children's tables are the same bit for bit."""
    plain = run(plan_of(years=4), 1).tables
    for mode in ("fixed", "on"):
        other = run(replace(plan_of(years=4), politics=mode), 1).tables
        for name, table in plain.items():
            assert name in ("politics_year", "opposition_year") or table.equals(other[name]), name
